package vault

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"keydesk/backend/fault"
)

// named puts the keyring's own name into a message if it is known.
func named(err *fault.Error, name string) *fault.Error {
	if name == "" {
		return err
	}
	return err.WithMessage("%s", upperFirst(strings.Replace(err.Message, "The keyring", name, 1)))
}

func upperFirst(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}
