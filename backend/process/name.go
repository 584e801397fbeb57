package process

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"keydesk/backend/fault"
	"keydesk/backend/typed"
)

// Limits of what a person types here, in characters.
const (
	maxName   = 100
	maxSample = 1000
	maxCode   = 60
)

// fold makes names comparable in the same way as the store's unique indexes:
// composed, then case-folded, in any script.
func fold(text string) string {
	return norm.NFC.String(cases.Fold().String(norm.NFC.String(text)))
}

// cleanName returns a name as it is kept (typed.Name), or the sentence that says
// what is wrong with it.
func cleanName(text string) (name, problem string) {
	if !utf8.ValidString(text) {
		return "", "This has characters that cannot be read."
	}
	name = typed.Name(text)
	if count := utf8.RuneCountInString(name); count > maxName {
		return "", fmt.Sprintf("This is longer than %d characters.", maxName)
	}
	visible := false
	for _, r := range name {
		if unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp) {
			return "", "Remove line breaks and control characters."
		}
		visible = visible || unicode.IsGraphic(r) && !unicode.IsSpace(r)
	}
	if !visible {
		return "", "Fill this in."
	}
	return name, ""
}

// nameOrFault is cleanName for a use case: the problem is at the field name.
func nameOrFault(typed string) (string, error) {
	name, problem := cleanName(typed)
	var fields fault.Fields
	if problem != "" {
		fields.Add("name", "%s", problem)
	}
	return name, fields.Err("process.invalid")
}

// slug makes a code of a name: ASCII lower-case words joined by underscores,
// accents dropped. It is fallback when nothing ASCII remains.
func slug(name, fallback string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFKD.String(strings.ToLower(name)) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			if gap && b.Len() > 0 {
				b.WriteByte('_')
			}
			gap = false
			b.WriteRune(r)
		case !unicode.Is(unicode.Mn, r):
			gap = true
		}
		if b.Len() >= maxCode {
			break
		}
	}
	if b.Len() == 0 {
		return fallback
	}
	return b.String()
}

// freeCode is slug with the first suffix (_2, _3, ...) that no sibling has.
func freeCode(name, fallback string, taken func(code string) bool) string {
	base := slug(name, fallback)
	code := base
	for n := 2; taken(code); n++ {
		code = fmt.Sprintf("%s_%d", base, n)
	}
	return code
}
