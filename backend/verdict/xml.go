package verdict

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/antchfx/xmlquery"
	"github.com/antchfx/xpath"

	"keydesk/backend/limit"
)

// xmlPath checks an XPath and refuses what no rule needs and only costs: several
// descents, axes, steps back, and all but a few functions.
func xmlPath(path string) (expr *xpath.Expr, err error) {
	defer func() {
		if recover() != nil {
			expr, err = nil, errors.New("not an XPath to elements or attributes")
		}
	}()
	path = strings.TrimSpace(path)
	switch {
	case path == "":
		return nil, errors.New("the path is empty")
	case len(path) > maxPath:
		return nil, fmt.Errorf("the path is longer than %d characters", maxPath)
	}
	bare := quoted.ReplaceAllString(path, "''")
	if strings.Count(bare, "//") > 1 || strings.Contains(bare, "::") || strings.Contains(bare, "..") || strings.Count(bare, "[") > 3 || strings.Contains(bare, "|") {
		return nil, errors.New("the path is too complex: one // and three [ ] at most, no axes")
	}
	for _, call := range calls.FindAllStringSubmatch(bare, -1) {
		if !allowedCalls[call[1]] {
			return nil, fmt.Errorf("the function %s is not supported", call[1])
		}
	}
	sample, err := xmlquery.Parse(strings.NewReader("<a b='1'><c>2</c></a>"))
	if err != nil {
		return nil, err
	}
	expr, err = xpath.Compile(path)
	if err != nil {
		return nil, err
	}
	if _, ok := expr.Evaluate(navigate(limit.New(context.Background()), sample)).(*xpath.NodeIterator); !ok {
		return nil, errors.New("it leads to no element or attribute")
	}
	return expr, nil
}

var (
	quoted       = regexp.MustCompile(`"[^"]*"|'[^']*'`)
	calls        = regexp.MustCompile(`([\pL_][\pL\pN_.-]*)\s*\(`)
	allowedCalls = map[string]bool{
		"text": true, "contains": true, "starts-with": true, "normalize-space": true,
		"not": true, "local-name": true, "name": true, "string": true, "and": true, "or": true,
	}
)

// xmlPath gives a rule's path, compiled once for the answer; nil if it is none.
func (a *answer) xmlPath(path string) *xpath.Expr {
	expr, known := a.xmlPaths[path]
	if !known {
		expr, _ = xmlPath(path)
		a.xmlPaths[path] = expr
	}
	return expr
}

// readXML parses the body once. The parser refuses entities beyond XML's five
// and fetches none.
func (a *answer) readXML() {
	if a.triedXML {
		return
	}
	a.triedXML = true
	body := undeclared(bytes.TrimSpace(a.outcome.Body))
	if len(body) == 0 {
		return
	}
	if a.outcome.Truncated {
		a.badXML = "its body was cut and cannot be read as XML"
		return
	}
	tags, attributes := bytes.Count(body, []byte("<")), bytes.Count(body, []byte("="))
	if tags > maxTags || attributes > maxTags {
		a.badXML = "its body has too many parts to be read"
		return
	}
	defer func() {
		if recover() != nil {
			a.xml, a.badXML = nil, "its body is not XML"
		}
		if a.budget.Err() != nil {
			a.xml, a.badXML = nil, a.spent()
		}
	}()
	// A tag becomes a node and a text, an attribute an entry of its node.
	const perTag, perAttribute = 600, 150
	if !a.budget.Keep(int64(2*len(body) + perTag*tags + perAttribute*attributes)) {
		return
	}
	if a.badXML = shallow(a.budget.Reader(bytes.NewReader(body))); a.badXML != "" {
		return
	}
	root, err := xmlquery.Parse(a.budget.Reader(bytes.NewReader(body)))
	if err != nil {
		a.badXML = "its body is not XML"
		return
	}
	a.xml = root
}

// undeclared cuts off the XML declaration. It names the alphabet that the answer had
// before it became text, and the parser would decode it a second time.
func undeclared(body []byte) []byte {
	if bytes.HasPrefix(body, []byte("<?xml")) && len(body) > 5 && strings.ContainsRune(" \t\r\n", rune(body[5])) {
		if end := bytes.Index(body, []byte("?>")); end > 0 {
			return body[end+2:]
		}
	}
	return body
}

// shallow says why a body is no well-formed XML of bounded depth; "" if it is.
func shallow(body io.Reader) (bad string) {
	const none = "its body is not XML"
	decoder := xml.NewDecoder(body)
	depth, elements := 0, 0
	for {
		token, err := decoder.RawToken()
		switch {
		case errors.Is(err, io.EOF) && depth == 0 && elements > 0:
			return ""
		case err != nil:
			return none
		}
		switch token.(type) {
		case xml.StartElement:
			depth++
			elements++
		case xml.EndElement:
			depth--
		}
		switch {
		case depth < 0:
			return none
		case depth > maxXMLDepth:
			return "its body is nested too deeply to be read"
		}
	}
}

func (d *document) visitXML(path string, see func(value) bool) bool {
	d.readXML()
	if d.badXML != "" {
		return false
	}
	if d.xml == nil {
		return true // an empty body holds nothing
	}
	expr := d.xmlPath(path)
	if expr == nil {
		return false
	}
	for found := expr.Select(navigate(d.budget, d.xml)); found.MoveNext(); {
		text := strings.TrimSpace(found.Current().Value())
		if text != "" && !see(textValue(text)) {
			break
		}
	}
	return true
}

// carries tells whether an element at a path says something without any text: in
// attributes, its own or those of elements inside. An element that is marked as nil
// says nothing, and the name of a namespace is no content.
func (d *document) carries(path string) (something, readable bool) {
	defer func() {
		if recover() != nil {
			something, readable = false, false
		}
	}()
	expr := d.xmlPath(path)
	if d.xml == nil || expr == nil {
		return false, expr != nil
	}
	for found := expr.Select(navigate(d.budget, d.xml)); found.MoveNext(); {
		if at, ok := found.Current().(*navigator); ok && at.attribute < 0 && at.carries(at.node) {
			return true, true
		}
	}
	return false, true
}

func (n *navigator) carries(node *xmlquery.Node) bool {
	n.pay(perMove+len(node.Attr), 0)
	something := false
	for _, one := range node.Attr {
		switch {
		case one.Name.Local == "nil" && one.Name.Space != "":
			return false
		case one.Name.Space != "xmlns" && one.Name.Local != "xmlns" && strings.TrimSpace(one.Value) != "":
			something = true
		}
	}
	for child := node.FirstChild; child != nil && !something; child = child.NextSibling {
		something = n.carries(child)
	}
	return something
}
