package vault

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"slices"
	"strings"

	"keydesk/backend/secret"
)

// The recovery code: 128 random bits and 12 bits of check, as 28 characters of
// Crockford's base 32 in 7 groups of 4. It is shown once and never stored.
const (
	codeBytes = 16
	codeChars = 28
	codeGroup = 4
)

// codeLetters writes the 18 bytes as 29 letters. The last of them is zeroLetter
// for every code, so it is not shown.
var codeLetters = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

const zeroLetter = "0"

// recoveryCode is the random part.
type recoveryCode [codeBytes]byte

func newRecoveryCode() recoveryCode {
	var c recoveryCode
	rand.Read(c[:])
	return c
}

// text writes the code as a person sees it.
func (c recoveryCode) text() secret.Text {
	bits := c.withCheck()
	letters := codeLetters.EncodeToString(bits[:])[:codeChars]
	groups := make([]string, 0, codeChars/codeGroup)
	for group := range slices.Chunk([]byte(letters), codeGroup) {
		groups = append(groups, string(group))
	}
	return secret.New(strings.Join(groups, "-"))
}

// withCheck returns the code and the first 12 bits of its hash: 140 bits, so
// the last 4 bits of the 18 bytes are zero. The check finds typing mistakes and
// proves nothing else.
func (c recoveryCode) withCheck() [codeBytes + 2]byte {
	check := sha256.Sum256(append([]byte("keydesk recovery code"), c[:]...))
	var bits [codeBytes + 2]byte
	copy(bits[:], c[:])
	bits[codeBytes], bits[codeBytes+1] = check[0], check[1]&0xf0
	return bits
}

// readCode reads a code as people type it: any case, blanks and dashes
// anywhere, O for 0, I and L for 1. vault.code_mistyped when length, letters or
// check are wrong.
func readCode(text secret.Text) (recoveryCode, error) {
	mistyped := ErrCodeMistyped.WithField("code", "%s", ErrCodeMistyped.Message)
	typed := plainCode(text.Reveal())
	if len(typed) != codeChars {
		return recoveryCode{}, mistyped
	}
	bits, err := codeLetters.DecodeString(typed + zeroLetter)
	if err != nil {
		return recoveryCode{}, mistyped
	}
	c := recoveryCode(bits[:codeBytes])
	if check := c.withCheck(); !bytes.Equal(check[:], bits) {
		return recoveryCode{}, mistyped
	}
	return c, nil
}

// plainCode undoes what people and printers do to a code.
func plainCode(typed string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == 'o' || r == 'O':
			return '0'
		case r == 'i' || r == 'I' || r == 'l' || r == 'L':
			return '1'
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		case strings.ContainsRune(" \t\r\n\u00a0-\u2010\u2011\u2012\u2013\u2014\u2212", r):
			return -1
		default:
			return r
		}
	}, typed)
}
