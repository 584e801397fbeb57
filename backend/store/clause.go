package store

import "strings"

// inOneRead is how many ids one read asks for.
const inOneRead = 32

// anyOf stands after IN. It has always the same number of parameters, so that
// one prepared statement serves for fewer ids too.
var anyOf = "(?" + strings.Repeat(", ?", inOneRead-1) + ")"

// alike gives the parameters of anyOf; the last id fills up what is left.
func alike(ids []string) []any {
	args := make([]any, inOneRead)
	for i := range args {
		args[i] = ids[min(i, len(ids)-1)]
	}
	return args
}

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
