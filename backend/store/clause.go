package store

import "strings"

// clause gathers conditions that all must hold, with their bind parameters.
type clause struct {
	parts []string
	args  []any
}

// when adds a condition if it applies.
func (c *clause) when(applies bool, condition string, args ...any) {
	if applies {
		c.parts = append(c.parts, condition)
		c.args = append(c.args, args...)
	}
}

// like asks a folded column for every word typed.
func (c *clause) like(column, term string) {
	for _, pattern := range likePatterns(term) {
		c.when(true, column+` LIKE ? ESCAPE '\'`, pattern)
	}
}

func (c *clause) sql() string {
	if len(c.parts) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(c.parts, " AND ")
}
