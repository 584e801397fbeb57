package store

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// fold gives a text as it is compared and searched: composed, then case-folded,
// in any script (LIKE of SQLite does not fold Ä).
func fold(text string) string {
	if isASCII(text) { // most names are, and this is quick
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

// likePatterns makes one LIKE pattern (ESCAPE '\') of each word that was typed;
// all of them must match.
func likePatterns(term string) []string {
	words := strings.Fields(fold(term))
	patterns := make([]string, len(words))
	for i, word := range words {
		patterns[i] = "%" + likeEscapes.Replace(word) + "%"
	}
	return patterns
}
