package vault

import (
	"crypto/rand"
	"crypto/sha256"
	"strings"

	"keydesk/backend/secret"
)

// The recovery code: 128 random bits and 12 bits of check, as 28 characters of
// Crockford's base 32 in 7 groups of 4. It is shown once and never stored.
const (
	codeBytes = 16
	codeChars = 28
	codeGroup = 4
	alphabet  = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
)

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
	var out strings.Builder
	for i := range codeChars {
		if i > 0 && i%codeGroup == 0 {
			out.WriteByte('-')
		}
		var value byte
		for bit := i * 5; bit < i*5+5; bit++ {
			value = value<<1 | bits[bit/8]>>(7-bit%8)&1
		}
		out.WriteByte(alphabet[value])
	}
	return secret.New(out.String())
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
	var bits [codeBytes + 2]byte
	for i := range codeChars {
		value := strings.IndexByte(alphabet, typed[i])
		if value < 0 {
			return recoveryCode{}, mistyped
		}
		for j := range 5 {
			bit := i*5 + j
			bits[bit/8] |= byte(value>>(4-j)&1) << (7 - bit%8)
		}
	}
	c := recoveryCode(bits[:codeBytes])
	if c.withCheck() != bits {
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
