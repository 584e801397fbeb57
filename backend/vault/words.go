package vault

import (
	"unicode"
	"unicode/utf8"

	"keydesk/backend/fault"
)

// predicates are what the faults of the keyring say of it, by code: the
// sentence without its subject.
var predicates = map[string]string{}

// ofKeyring makes a fault whose message is a sentence about the keyring. The
// predicate begins with a blank or a comma.
func ofKeyring(kind fault.Kind, code, predicate string) *fault.Error {
	predicates[code] = predicate
	return fault.New(kind, code, "The keyring"+predicate)
}

// named gives a fault of the keyring the keyring's own name as its subject, if
// the name is known. Other faults stay as they are.
func named(err *fault.Error, name string) *fault.Error {
	predicate, ofKeyring := predicates[err.Code]
	if name == "" || !ofKeyring {
		return err
	}
	return err.WithMessage("%s%s", upperFirst(name), predicate)
}

func upperFirst(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}
