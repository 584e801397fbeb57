package apikey

import (
	"crypto/rand"
	"crypto/sha256"
	"hash/crc32"
	"regexp"
	"strings"

	"keydesk/backend/secret"
)

// The form of an issued key: kd_, 8 characters of public id, _, 43 characters
// that are secret (256 bits) and 6 of a checksum, all base 62. A double click
// takes the whole of it. The checksum protects nothing: it tells a typing error
// from an unknown key, and a key from any other text.
const (
	prefix      = "kd_"
	publicChars = 8
	secretChars = 43
	checkChars  = 6
	keyChars    = len(prefix) + publicChars + 1 + secretChars + checkChars
)

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// Pattern finds keys of ours in a text, as scanners for leaked keys do.
var Pattern = regexp.MustCompile(`kd_[0-9A-Za-z]{8}_[0-9A-Za-z]{49}`)

// generate makes a key and its public id from the system's random generator.
func generate() (key secret.Text, publicID string) {
	publicID = random(publicChars)
	body := prefix + publicID + "_" + random(secretChars)
	return secret.New(body + checksum(body)), publicID
}

// random returns n characters of base 62. A byte that would make some characters
// likelier than others is drawn again.
func random(n int) string {
	text := make([]byte, 0, n)
	var drawn [64]byte
	for len(text) < n {
		_, _ = rand.Read(drawn[:]) // never fails: the program ends instead
		for _, b := range drawn {
			if len(text) < n && b < 4*62 {
				text = append(text, base62[b%62])
			}
		}
	}
	return string(text)
}

// checksum is CRC-32 (IEEE) of what comes before it, in base 62.
func checksum(body string) string {
	sum := crc32.ChecksumIEEE([]byte(body))
	var text [checkChars]byte
	for i := checkChars - 1; i >= 0; i-- {
		text[i] = base62[sum%62]
		sum /= 62
	}
	return string(text[:])
}

// form says what a text looks like.
type form int

const (
	otherForm form = iota // no key of ours; it may be one that was taken over
	mistyped              // meant as a key of ours, and not one
	ownForm               // has the form and checksum of a key of ours
)

// formOf tells a key of ours from a mistyped one and from anything else.
func formOf(text string) form {
	switch {
	case !strings.HasPrefix(strings.ToLower(text), prefix):
		return otherForm
	case len(text) != keyChars || Pattern.FindString(text) != text || checksum(text[:keyChars-checkChars]) != text[keyChars-checkChars:]:
		return mistyped
	default:
		return ownForm
	}
}

// digestOf is the SHA-256 of a key, which is what the pepper is applied to.
func digestOf(key secret.Text) [sha256.Size]byte { return sha256.Sum256([]byte(key.Reveal())) }

// maskOf shows of a key of ours its prefix and public id.
func maskOf(publicID string) string { return prefix + publicID + "_" + secret.Mask }
