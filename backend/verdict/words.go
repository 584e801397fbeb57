package verdict

import "strings"

// Text returns the rule as one line: "status 201 and $.sid present".
func (r Rule) Text() string {
	status := strings.TrimSpace(r.Status)
	if status == "" {
		status = "200-299"
	}
	line := "status " + status
	if len(r.Conditions) == 0 && r.Each == "" {
		return line
	}
	joint := " and "
	if r.AnyOf {
		joint = " or "
	}
	conditions := make([]string, 0, len(r.Conditions))
	for _, condition := range r.Conditions {
		conditions = append(conditions, condition.Text())
	}
	text := strings.Join(conditions, joint)
	if r.Each != "" {
		if text == "" {
			return line + " and something at " + r.Each
		}
		return line + " and for each of " + r.Each + ": " + text
	}
	if r.AnyOf && len(conditions) > 1 {
		text = "(" + text + ")"
	}
	return line + " and " + text
}

// Text returns the condition in words: "$.status is 0".
func (c Condition) Text() string {
	where := c.Path
	switch c.From {
	case FromHeader:
		where = "header " + c.Path
	case FromText:
		where = `text "` + c.Path + `"`
	}
	switch c.Test {
	case Present:
		return where + " present"
	case Absent:
		return where + " absent"
	case Equals:
		return where + " is " + quoteEmpty(c.Value)
	case NotEquals:
		return where + " is not " + quoteEmpty(c.Value)
	case OneOf:
		return where + " is one of " + quoteEmpty(c.Value)
	case Matches:
		return where + " matches " + quoteEmpty(c.Value)
	}
	return where
}

func quoteEmpty(value string) string {
	if value == "" {
		return `""`
	}
	return value
}
