package localapi

import (
	"net/http"
	"strings"

	"keydesk/backend/secret"
)

// maxCredential is the longest credential that is looked at. Our own keys have 61
// characters; one taken over from elsewhere can be a long token.
const maxCredential = 4096

// credential reads the key from the one header that carries it (C01 to C03):
// Authorization with the scheme x-api-key or Bearer, in any case, or X-API-Key.
// Blanks around the key are tolerated. Faults: ErrTwoCredentials, ErrNoKey,
// ErrKeyMalformed.
func credential(header http.Header) (secret.Text, error) {
	authorization, plain := header.Values("Authorization"), header.Values("X-API-Key")
	if len(authorization)+len(plain) > 1 {
		return secret.Text{}, ErrTwoCredentials
	}
	if len(plain) == 1 {
		return key(plain[0])
	}
	if len(authorization) == 0 {
		return secret.Text{}, ErrNoKey
	}
	value := strings.Trim(authorization[0], " \t")
	scheme, rest, two := strings.Cut(strings.ReplaceAll(value, "\t", " "), " ")
	switch {
	case value == "":
		return secret.Text{}, ErrNoKey
	case strings.EqualFold(scheme, "x-api-key"), strings.EqualFold(scheme, "bearer"):
		return key(rest)
	case !two:
		return secret.Text{}, ErrKeyMalformed.WithMessage("The header Authorization names no scheme.")
	default:
		return secret.Text{}, ErrKeyMalformed.WithMessage("The header Authorization has a scheme that the local API does not take.")
	}
}

// key takes blanks off and refuses what cannot be one key.
func key(value string) (secret.Text, error) {
	value = strings.Trim(value, " \t")
	switch {
	case value == "":
		return secret.Text{}, ErrNoKey.WithMessage("The header with the API key is empty.")
	case len(value) > maxCredential:
		return secret.Text{}, ErrKeyMalformed.WithMessage("The header with the API key is too long.")
	case strings.ContainsAny(value, " \t"):
		return secret.Text{}, ErrKeyMalformed.WithMessage("There is a blank inside the API key.")
	}
	for _, b := range []byte(value) {
		if b <= ' ' || b >= 0x7f {
			return secret.Text{}, ErrKeyMalformed.WithMessage("The API key holds a character that no key has.")
		}
	}
	return secret.New(value), nil
}
