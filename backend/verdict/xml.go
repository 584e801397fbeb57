package verdict

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/antchfx/xmlquery"
	"github.com/antchfx/xpath"
	"golang.org/x/net/html/charset"
)

// xmlPath checks an XPath and refuses what could make a small rule work for
// minutes on a large answer: several descents, axes, steps back, and all but a
// few functions.
func xmlPath(path string) (checked string, err error) {
	defer func() {
		if recover() != nil {
			checked, err = "", errors.New("not an XPath to elements or attributes")
		}
	}()
	path = strings.TrimSpace(path)
	switch {
	case path == "":
		return "", errors.New("the path is empty")
	case len(path) > maxPath:
		return "", fmt.Errorf("the path is longer than %d characters", maxPath)
	}
	bare := quoted.ReplaceAllString(path, "''")
	if strings.Count(bare, "//") > 1 || strings.Contains(bare, "::") || strings.Contains(bare, "..") || strings.Count(bare, "[") > 3 || strings.Contains(bare, "|") {
		return "", errors.New("the path is too complex: one // and three [ ] at most, no axes")
	}
	for _, call := range calls.FindAllStringSubmatch(bare, -1) {
		if !allowedCalls[call[1]] {
			return "", fmt.Errorf("the function %s is not supported", call[1])
		}
	}
	sample, err := xmlquery.Parse(strings.NewReader("<a b='1'><c>2</c></a>"))
	if err != nil {
		return "", err
	}
	compiled, err := xpath.Compile(path)
	if err != nil {
		return "", err
	}
	if _, ok := compiled.Evaluate(xmlquery.CreateXPathNavigator(sample)).(*xpath.NodeIterator); !ok {
		return "", errors.New("it leads to no element or attribute")
	}
	return path, nil
}

var (
	quoted       = regexp.MustCompile(`"[^"]*"|'[^']*'`)
	calls        = regexp.MustCompile(`([\pL_][\pL\pN_.-]*)\s*\(`)
	allowedCalls = map[string]bool{
		"text": true, "contains": true, "starts-with": true, "normalize-space": true,
		"not": true, "local-name": true, "name": true, "string": true, "and": true, "or": true,
	}
)

// readXML parses the body once. The parser refuses entities beyond XML's five
// and fetches none.
func (d *document) readXML() {
	if d.triedXML {
		return
	}
	d.triedXML = true
	body := bytes.TrimSpace(d.outcome.Body)
	if len(body) == 0 {
		return
	}
	if d.outcome.Truncated {
		d.badXML = "its body was cut and cannot be read as XML"
		return
	}
	if bytes.Count(body, []byte("<")) > maxTags || bytes.Count(body, []byte("=")) > maxTags {
		d.badXML = "its body has too many parts to be read"
		return
	}
	defer func() {
		if recover() != nil {
			d.xml, d.badXML = nil, "its body is not XML"
		}
	}()
	if !shallow(body) {
		d.badXML = "its body is not XML"
		return
	}
	root, err := xmlquery.Parse(bytes.NewReader(body))
	if err != nil {
		d.badXML = "its body is not XML"
		return
	}
	d.xml = root
}

// shallow reports whether a body is well-formed XML of bounded depth.
func shallow(body []byte) bool {
	decoder := xml.NewDecoder(bytes.NewReader(body))
	decoder.CharsetReader = charset.NewReaderLabel
	depth, elements := 0, 0
	for {
		token, err := decoder.RawToken()
		if errors.Is(err, io.EOF) {
			return depth == 0 && elements > 0
		}
		if err != nil {
			return false
		}
		switch token.(type) {
		case xml.StartElement:
			depth++
			elements++
		case xml.EndElement:
			depth--
		}
		if depth < 0 || depth > maxXMLDepth {
			return false
		}
	}
}

func (d *document) findXML(path string) ([]string, bool) {
	d.readXML()
	if d.badXML != "" {
		return nil, false
	}
	if d.xml == nil {
		return nil, true // an empty body holds nothing
	}
	checked, err := xmlPath(path)
	if err != nil {
		return nil, false
	}
	nodes, err := xmlquery.QueryAll(d.xml, checked)
	if err != nil {
		return nil, false
	}
	var values []string
	size := 0
	for _, node := range nodes {
		text := strings.TrimSpace(node.InnerText())
		if size += len(text); size > maxText {
			return nil, false
		}
		if text != "" {
			values = append(values, text)
		}
	}
	return values, true
}
