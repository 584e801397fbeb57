package store

import (
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// fold is how names are compared and searched: composed, then case-folded, in
// any script (SQLite's own LIKE does not fold Ä).
func fold(text string) string {
	return norm.NFC.String(cases.Fold().String(norm.NFC.String(text)))
}

var likeEscapes = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// likePatterns makes one LIKE pattern (ESCAPE '\') of each word that was
// typed; all of them must be found.
func likePatterns(term string) []string {
	words := strings.Fields(fold(term))
	patterns := make([]string, len(words))
	for i, word := range words {
		patterns[i] = "%" + likeEscapes.Replace(word) + "%"
	}
	return patterns
}
