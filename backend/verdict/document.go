package verdict

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/antchfx/xmlquery"
	"github.com/antchfx/xpath"
	"github.com/ohler55/ojg/jp"

	"keydesk/backend/limit"
)

// Limits of what is read of an answer besides its budget (R8). A messaging
// provider's answer is a few kilobytes.
const (
	maxNodes     = 500_000 // members and elements of a JSON body
	maxJSONDepth = 1000
	maxTags      = 50_000 // tags, and equals signs for attributes, of an XML body
	maxXMLDepth  = 200
	maxText      = 256 << 10 // bytes a text pattern searches
	maxParts     = 10_000
)

// answer is a whole answer. Its body is parsed as JSON or XML when needed, each at
// most once, and so is each path and pattern of the rule. All work on it is
// charged to one budget.
type answer struct {
	outcome Outcome
	budget  *limit.Budget

	triedJSON bool
	json      any
	badJSON   string // why not, to continue "but ..."

	triedXML bool
	xml      *xmlquery.Node
	badXML   string

	// Compiled, by their text; nil for what cannot be compiled.
	jsonPaths map[string]jp.Expr
	xmlPaths  map[string]*xpath.Expr
	patterns  map[string]*limit.Pattern
}

// document is an answer, or one part of it, which shares headers and text with the
// whole.
type document struct {
	*answer
	isPart bool
	value  any // of a part
}

func read(budget *limit.Budget, outcome Outcome) *document {
	outcome.Body = bytes.TrimPrefix(outcome.Body, []byte("\uFEFF"))
	return &document{answer: &answer{
		outcome: outcome, budget: budget,
		jsonPaths: map[string]jp.Expr{}, xmlPaths: map[string]*xpath.Expr{}, patterns: map[string]*limit.Pattern{},
	}}
}

// part is a member of a list.
func (d *document) part(value any) *document {
	return &document{answer: d.answer, isPart: true, value: value}
}

// spent says why the work on the answer was ended, to continue "but ...". It is
// empty while there is budget left.
func (a *answer) spent() string {
	switch err := a.budget.Err(); {
	case err == nil:
		return ""
	case errors.Is(err, limit.ErrTooMuch):
		return "the answer is too large or too deep to be judged by this rule"
	case errors.Is(err, context.DeadlineExceeded):
		return "judging the answer took longer than the call may take"
	}
	return "judging the answer was cancelled"
}

// visit calls see for each value at a path, until it returns false. readable is
// false when the body cannot be read that way; an empty body can, and holds
// nothing. Where the budget ends the values are not all seen: ask spent.
func (d *document) visit(from Source, path string, see func(found value) bool) (readable bool) {
	defer func() {
		// The path libraries panic on a few odd expressions, and a navigator does
		// where the budget ends.
		if recover() != nil {
			readable = false
		}
	}()
	switch from {
	case FromHeader:
		for _, text := range d.outcome.values(strings.TrimSpace(path)) {
			if text != "" && !see(textValue(text)) {
				break
			}
		}
		return true
	case FromText:
		return d.visitText(path, see)
	case FromJSON:
		return d.visitJSON(path, see)
	case FromXML:
		return d.visitXML(path, see)
	}
	return false
}

// value is something found in an answer. It is never empty: an empty message id
// is none. What it says is written only when it is asked for.
type value interface{ text(*limit.Budget) string }

type textValue string

func (v textValue) text(*limit.Budget) string { return string(v) }

// pattern gives a rule's pattern, compiled once for the answer.
func (a *answer) pattern(text string) *limit.Pattern {
	pattern, known := a.patterns[text]
	if !known {
		pattern, _ = compile(text)
		a.patterns[text] = pattern
	}
	return pattern
}

// visitText finds the first match of a pattern: its group 1, otherwise all of it.
// What is beyond maxText is not searched, so for a longer text a pattern that was
// not found may still be there.
func (d *document) visitText(path string, see func(value) bool) bool {
	pattern := d.pattern(path)
	if pattern == nil {
		return false
	}
	body := d.outcome.Body
	whole := len(body) <= maxText && !d.outcome.Truncated
	match := pattern.Find(d.budget, string(body[:min(len(body), maxText)]))
	if match == nil {
		return whole
	}
	found := match[0]
	if len(match) > 1 {
		found = match[1]
	}
	if found != "" {
		see(textValue(found))
	}
	return true
}

// extractFirst returns what the first of several extractors finds.
func (d *document) extractFirst(first Extractor, more []Extractor, part *document) string {
	text := d.extract(first, part)
	for i := 0; text == "" && i < len(more); i++ {
		text = d.extract(more[i], part)
	}
	return text
}

// extract returns the first value at an extractor's path. With a part, a path
// that starts with @ is relative to it; any other is tried from the top first.
func (d *document) extract(e Extractor, part *document) string {
	path := strings.TrimSpace(e.Path)
	if path == "" {
		return ""
	}
	if !strings.HasPrefix(path, "@") || part == nil {
		if text := d.first(e.From, path); text != "" {
			return text
		}
	}
	if part != nil {
		return part.first(e.From, path)
	}
	return ""
}

func (d *document) first(from Source, path string) (text string) {
	d.visit(from, path, func(found value) bool {
		text = found.text(d.budget)
		return false
	})
	return text
}

// doubt says why an answer is not to be accepted by its status alone; "" if it is
// (R8, T2).
func (d *document) doubt() string {
	status := d.outcome.Status
	switch broken := d.broken(); {
	case broken != "":
		return fmt.Sprintf(noReadable, status, broken)
	case d.isPage():
		return webPage
	case d.speaksOfError():
		return fmt.Sprintf("The server answered %d but the body speaks of an error. Did the message arrive?", status)
	}
	return ""
}

// broken returns why a body that is called JSON is not JSON. Even if no rule
// reads it, nothing can be said of such an answer (R8: an unreadable 2xx).
func (d *document) broken() string {
	for _, kind := range d.outcome.values("Content-Type") {
		kind, _, _ = strings.Cut(strings.ToLower(kind), ";")
		switch kind = strings.TrimSpace(kind); {
		case kind == "application/json", kind == "application/x-ndjson", kind == "application/jsonl", strings.HasSuffix(kind, "+json"):
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
