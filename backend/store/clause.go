package store

import (
	"context"
	"strings"
)

// inOneRead is how many ids one query asks for.
const inOneRead = 32

// anyOf follows IN. It always has the same number of parameters, so that one
// prepared statement also serves fewer ids.
var anyOf = "(?" + strings.Repeat(", ?", inOneRead-1) + ")"

// alike gives the parameters of anyOf; the last id fills the rest.
func alike(ids []string) []any {
	args := make([]any, inOneRead)
	for i := range args {
		args[i] = ids[min(i, len(ids)-1)]
	}
	return args
}

// yes is the condition that a yes/no column is true. Such columns are written and
// read as Go booleans. No statement compares them with a number, because only
// SQLite stores them as 0 and 1.
func yes(column string) string { return column + " = TRUE" }

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

// like asks that a folded column contains every word that was typed.
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

// countLimit is where counting the rows of a list stops (UI.md, Lists).
const countLimit = 1000

// capped counts the rows of a table that match, and stops after countLimit, which
// a list shows as "1,000+".
func (s *Store) capped(ctx context.Context, table string, where clause) (count int, more bool, err error) {
	err = s.one(ctx, nil, []any{&count}, "SELECT COUNT(*) FROM (SELECT 1 FROM "+table+where.sql()+" LIMIT ?) AS found", append(append([]any{}, where.args...), countLimit+1)...)
	if count > countLimit {
		return countLimit, true, err
	}
	return count, false, err
}
