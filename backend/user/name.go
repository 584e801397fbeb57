package user

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"keydesk/backend/fault"
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

// checkName returns the name without blanks around it and notes what is wrong
// with it.
func checkName(fields *fault.Fields, field, name string) string {
	name = strings.TrimSpace(name)
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
	name = strings.TrimSpace(name)
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

// isHidden reports control characters, and those that change the direction of
// text, with which one name can be made to look like another.
func isHidden(r rune) bool {
	return unicode.IsControl(r) || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069
}
