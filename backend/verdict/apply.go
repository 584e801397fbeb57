package verdict

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// finding is what a rule makes of an answer.
type finding struct {
	met bool
	// For a rule with Each: accepted of total parts met the conditions.
	accepted, total             int
	firstAccepted, firstRefused *document // parts
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
	inSet := err == nil && set.holds(outcome.Status)
	f.unreadable = answer.unreadable(r)
	if r.Each == "" {
		holds, missed := r.holds(answer)
		f.met, f.missed = inSet && holds, missed
		return f
	}
	parts := answer.parts(r.Each)
	f.total = len(parts)
	for _, part := range parts {
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
	f.met = inSet && f.total > 0 && f.accepted == f.total
	return f
}

// holds tests the conditions: all of them, or any with AnyOf; an empty list
// holds. missed names the first that did not hold.
func (r Rule) holds(answer *document) (holds bool, missed string) {
	for _, condition := range r.Conditions {
		ok := condition.holds(answer)
		if ok && r.AnyOf {
			return true, ""
		}
		if !ok && missed == "" {
			missed = "not with " + condition.Text()
		}
	}
	return missed == "" && (!r.AnyOf || len(r.Conditions) == 0), missed
}

// holds tests one condition. If several values are found, every one must pass:
// a path that matches many parts must not be satisfied by one of them. A
// missing value and JSON null pass only "absent"; a source that cannot be read
// does not pass even that.
func (c Condition) holds(answer *document) bool {
	values, readable := answer.find(c.From, c.Path)
	if !readable {
		return false
	}
	switch c.Test {
	case Present:
		return len(values) > 0
	case Absent:
		return len(values) == 0
	case Equals:
		return every(values, func(v string) bool { return v == c.Value })
	case NotEquals:
		return every(values, func(v string) bool { return v != c.Value })
	case OneOf:
		list := splitList(c.Value)
		return every(values, func(v string) bool { return slices.Contains(list, v) })
	case Matches:
		pattern, err := compile(c.Value)
		return err == nil && every(values, func(v string) bool {
			return len(v) <= maxText && pattern.MatchString(v)
		})
	}
	return false
}

func every(values []string, passes func(string) bool) bool {
	return len(values) > 0 && !slices.ContainsFunc(values, func(v string) bool { return !passes(v) })
}

func splitList(list string) []string {
	parts := strings.Split(list, ",")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}

// maxPattern limits a regular expression's length.
const maxPattern = 500

func compile(pattern string) (*regexp.Regexp, error) {
	if len(pattern) > maxPattern {
		return nil, fmt.Errorf("verdict: pattern longer than %d characters", maxPattern)
	}
	return regexp.Compile(pattern)
}
