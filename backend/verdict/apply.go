package verdict

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"keydesk/backend/limit"
)

// finding is what a rule makes of an answer.
type finding struct {
	met bool
	// inSet says that the rule's statuses hold the answer's. unjudged says it of
	// an answer that was too much to be judged: the rule might have been met.
	inSet, unjudged bool
	// For a rule with Each: accepted of total parts met the conditions.
	accepted, total             int
	firstAccepted, firstRefused *document // parts
	// refused says that the answer refuses in the provider's own words.
	refused bool
	// page says that the body is a web page. doubt is why an answer is not accepted
	// by its status alone, as a sentence.
	page  bool
	doubt string
	// unreadable says why the body could not be read as the rule needs it;
	// missed names the first condition that did not hold. Both continue "The
	// server answered 200, but ...".
	unreadable, missed string
}

// apply tests an answer against a rule. An answer with a status outside the
// rule's set never meets it, whatever the body says.
func (r Rule) apply(answer *document, outcome Outcome) finding {
	var f finding
	set, err := parseStatus(r.Status)
	f.inSet = err == nil && set.holds(outcome.Status)
	f.unreadable = answer.unreadable(r)
	if r.Each == "" {
		holds, missed := r.holds(answer)
		f.met, f.missed = f.inSet && holds, missed
		return f
	}
	parts := answer.parts(r.Each)
	f.total = len(parts)
	for _, part := range parts {
		if !answer.budget.Work(10) {
			break
		}
		holds, missed := r.holds(part)
		if holds {
			f.accepted++
			if f.firstAccepted == nil {
				f.firstAccepted = part
			}
			continue
		}
		if f.firstRefused == nil {
			f.firstRefused, f.missed = part, missed
		}
	}
	if f.total == 0 {
		f.missed = "it lists nothing at " + r.Each
	}
	f.met = f.inSet && f.total > 0 && f.accepted == f.total
	return f
}

// holds tells whether an answer refuses in the provider's own words.
func (r *Refusal) holds(answer *document, outcome Outcome) bool {
	if r == nil {
		return false
	}
	set, err := parseStatus(r.Status)
	if err != nil || !set.holds(outcome.Status) {
		return false
	}
	holds, _ := hold(r.Conditions, r.AnyOf, answer)
	return holds
}

// provesNothing tells whether an empty 200 met a rule only because it is empty: then
// no condition but "absent" holds. Any other status was chosen by the server, as
// SendGrid's 202; a 200 is what every server answers when it knows nothing.
func (d *document) provesNothing(r Rule) bool {
	if len(r.Conditions) == 0 || r.Each != "" || d.outcome.Status != http.StatusOK || len(bytes.TrimSpace(d.outcome.Body)) > 0 {
		return false
	}
	return !slices.ContainsFunc(r.Conditions, func(c Condition) bool { return c.Test != Absent && c.holds(d) })
}

func (r Rule) holds(answer *document) (holds bool, missed string) {
	return hold(r.Conditions, r.AnyOf, answer)
}

// hold tests conditions: all of them, or any with anyOf; an empty list holds.
// missed names the first that did not hold.
func hold(conditions []Condition, anyOf bool, answer *document) (holds bool, missed string) {
	for _, condition := range conditions {
		ok := condition.holds(answer)
		if ok && anyOf {
			return true, ""
		}
		if !ok && missed == "" {
			missed = "not with " + condition.Text()
		}
	}
	return missed == "" && (!anyOf || len(conditions) == 0), missed
}

// holds tests one condition. If several values are found, every one must pass:
// a path that matches many parts must not be satisfied by one of them. A
// missing value and JSON null pass only "absent"; a source that cannot be read
// does not pass even that. An XML element without text is there if it says
// something in attributes, as <ERROR CODE="28682"/> does.
func (c Condition) holds(answer *document) bool {
	found, passed := false, true
	readable := answer.visit(c.From, c.Path, func(one value) bool {
		found = true
		passed = c.passes(answer, one)
		return passed
	})
	if !found && readable && c.From == FromXML && (c.Test == Present || c.Test == Absent) {
		found, readable = answer.carries(c.Path)
	}
	switch {
	case !readable || answer.spent() != "":
		return false
	case c.Test == Absent:
		return !found
	}
	return found && passed
}

// passes tests one value.
func (c Condition) passes(answer *document, one value) bool {
	if c.Test == Present || c.Test == Absent {
		return c.Test == Present
	}
	if !answer.budget.Work(int64(10 + 4*len(c.Value))) {
		return false
	}
	text := one.text(answer.budget)
	switch c.Test {
	case Equals:
		return text == c.Value
	case NotEquals:
		return text != c.Value
	case OneOf:
		for listed := range strings.SplitSeq(c.Value, ",") {
			if strings.TrimSpace(listed) == text {
				return true
			}
		}
	case Matches:
		pattern := answer.pattern(c.Value)
		return pattern != nil && len(text) <= maxText && pattern.Match(answer.budget, text)
	}
	return false
}

// maxPattern limits a regular expression's length.
const maxPattern = 500

func compile(pattern string) (*limit.Pattern, error) {
	if len(pattern) > maxPattern {
		return nil, fmt.Errorf("verdict: pattern longer than %d characters", maxPattern)
	}
	return limit.Compile(pattern)
}

// checkPattern tells whether a pattern can be compiled.
func checkPattern(pattern string) error {
	if len(pattern) > maxPattern {
		return fmt.Errorf("verdict: pattern longer than %d characters", maxPattern)
	}
	return limit.Check(pattern)
}
