package verdict

import (
	"bytes"
	"strings"

	"github.com/antchfx/xmlquery"
)

// Limits of what is read of an answer, so that a hostile one costs little (R8).
// A messaging provider's answer is a few kilobytes.
const (
	maxNodes    = 500_000 // members and elements of a JSON body
	maxTags     = 50_000  // tags, and equals signs for attributes, of an XML body
	maxXMLDepth = 200
	maxText     = 256 << 10 // bytes a text pattern searches
	maxParts    = 10_000
)

// document is an answer's body, or one part of it. It is parsed as JSON or XML
// when needed, each at most once.
type document struct {
	outcome Outcome

	triedJSON bool
	json      any
	badJSON   string // why not, to continue "but ..."

	triedXML bool
	xml      *xmlquery.Node
	badXML   string
}

func read(outcome Outcome) *document {
	outcome.Body = bytes.TrimPrefix(outcome.Body, []byte("\uFEFF"))
	return &document{outcome: outcome}
}

// part is a member of a list; it shares headers and text with the whole.
func (d *document) part(value any) *document {
	return &document{outcome: d.outcome, triedJSON: true, json: value, triedXML: true, xml: d.xml, badXML: d.badXML}
}

// find returns the values at a path. readable is false when the body cannot be
// read that way; an empty body can, and holds nothing.
func (d *document) find(from Source, path string) (values []string, readable bool) {
	defer func() {
		// The path libraries panic on a few odd expressions.
		if recover() != nil {
			values, readable = nil, false
		}
	}()
	switch from {
	case FromHeader:
		return filled(d.outcome.values(strings.TrimSpace(path))), true
	case FromText:
		return d.findText(path)
	case FromJSON:
		return d.findJSON(path)
	case FromXML:
		return d.findXML(path)
	}
	return nil, false
}

// filled leaves out empty values: an empty message id is none.
func filled(values []string) []string {
	kept := values[:0:0]
	for _, value := range values {
		if value != "" {
			kept = append(kept, value)
		}
	}
	return kept
}

// findText returns the first match of a pattern: its group 1, otherwise all of
// it. What is beyond maxText is not searched, so for a longer text a pattern
// that was not found may still be there.
func (d *document) findText(path string) ([]string, bool) {
	pattern, err := compile(path)
	if err != nil {
		return nil, false
	}
	body := d.outcome.Body
	whole := len(body) <= maxText && !d.outcome.Truncated
	match := pattern.FindSubmatch(body[:min(len(body), maxText)])
	switch {
	case match == nil:
		return nil, whole
	case len(match) > 1:
		return filled([]string{string(match[1])}), true
	}
	return filled([]string{string(match[0])}), true
}

// extract returns the first value at an extractor's path. With a part, a path
// that starts with @ is relative to it; any other is tried from the top first.
func (d *document) extract(e Extractor, part *document) string {
	path := strings.TrimSpace(e.Path)
	if path == "" {
		return ""
	}
	if !strings.HasPrefix(path, "@") || part == nil {
		if values, _ := d.find(e.From, path); len(values) > 0 {
			return values[0]
		}
	}
	if part != nil {
		if values, _ := part.find(e.From, path); len(values) > 0 {
			return values[0]
		}
	}
	return ""
}

// broken returns why a body that is called JSON is not JSON. Even if no rule
// reads it, nothing can be said of such an answer (R8: an unreadable 2xx).
func (d *document) broken() string {
	for _, kind := range d.outcome.values("Content-Type") {
		kind, _, _ = strings.Cut(strings.ToLower(kind), ";")
		if kind = strings.TrimSpace(kind); kind == "application/json" || strings.HasSuffix(kind, "+json") {
			d.readJSON()
			return d.badJSON
		}
	}
	return ""
}

// unreadable returns why the body cannot be read as a rule needs it, or an
// empty string.
func (d *document) unreadable(r Rule) string {
	sources := map[Source]bool{}
	if r.Each != "" {
		sources[FromJSON] = true
	}
	for _, condition := range r.Conditions {
		sources[condition.From] = true
	}
	if sources[FromJSON] {
		if d.readJSON(); d.badJSON != "" {
			return d.badJSON
		}
	}
	if sources[FromXML] {
		if d.readXML(); d.badXML != "" {
			return d.badXML
		}
	}
	return ""
}
