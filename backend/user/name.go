package user

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"keydesk/backend/fault"
	"keydesk/backend/typed"
)

// The most characters a user's or role's name and a full name may have.
const (
	mostName     = 100
	mostFullName = 200
)

// fold is how names are compared here; the store folds the same way.
func fold(text string) string {
	return norm.NFC.String(cases.Fold().String(norm.NFC.String(text)))
}

// checkName returns the name as it is kept (typed.Name) and notes what is wrong
// with it.
func checkName(fields *fault.Fields, field, name string) string {
	name = cleanName(name)
	if name == "" {
		fields.Add(field, "Fill this in.")
	}
	checkText(fields, field, name, mostName)
	return name
}

// CheckName returns nil if a user may have this name, otherwise user.invalid at
// the given field. It is for forms that ask for the name under another label.
func CheckName(field, name string) error {
	var fields fault.Fields
	checkName(&fields, field, name)
	return fields.Err("user.invalid")
}

func checkFullName(fields *fault.Fields, field, name string) string {
	name = cleanName(name)
	checkText(fields, field, name, mostFullName)
	return name
}

func checkText(fields *fault.Fields, field, text string, most int) {
	switch {
	case utf8.RuneCountInString(text) > most:
		fields.Add(field, "This is longer than %d characters.", most)
	case !utf8.ValidString(text) || strings.ContainsFunc(text, isHidden):
		fields.Add(field, "This holds a character that cannot be seen.")
	}
}

// cleanName leaves a text as it is that checkText refuses: one that is not UTF-8,
// and one that turns the direction of text.
func cleanName(name string) string {
	if !utf8.ValidString(name) || strings.ContainsFunc(name, typed.IsTurn) {
		return strings.TrimSpace(name)
	}
	return typed.Name(name)
}

func isHidden(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp) || typed.IsTurn(r)
}
