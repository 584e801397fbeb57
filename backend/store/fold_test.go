package store

import (
	"strings"
	"testing"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

// The quick way for ASCII gives the same as the full folding, for every text.
func TestFold(t *testing.T) {
	long := func(text string) string { return norm.NFC.String(cases.Fold().String(norm.NFC.String(text))) }
	var every strings.Builder
	for c := range rune(128) {
		every.WriteRune(c)
	}
	for _, text := range []string{every.String(), "", "Ähre", "A\u030Angstrom", "STRASSE straße", "Кириллица", "Iİı", "K\u212A"} {
		if fold(text) != long(text) {
			t.Errorf("%q folds to %q, want %q", text, fold(text), long(text))
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		if text := rapid.String().Draw(rt, "text"); fold(text) != long(text) {
			rt.Fatalf("%q folds to %q, want %q", text, fold(text), long(text))
		}
	})
}
