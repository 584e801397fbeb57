package store

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// fold is how names are compared and searched: composed, then case-folded, in
// any script (SQLite's own LIKE does not fold Ä).
func fold(text string) string {
	if isASCII(text) { // most names are, and then folding is this simple
		return strings.ToLower(text)
	}
	return norm.NFC.String(cases.Fold().String(norm.NFC.String(text)))
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
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
