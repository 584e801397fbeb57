package curl

import (
	"math"
	"regexp"
	"strings"
)

// secretNames are words in the name of a secret, without separators.
var secretNames = []string{"apikey", "authkey", "accesskey", "secret", "token", "password", "passwd", "pwd", "authorization",
	"bearer", "credential", "privatekey", "signature", "sessionid", "passphrase", "jwt", "cookie"}

// plainNames look like the names of secrets but are not.
var plainNames = []string{"tokens", "tokentype", "publickey", "publishablekey", "idempotencykey", "partitionkey", "primarykey", "sortkey"}

var separators = strings.NewReplacer("-", "", "_", "", ".", "", " ", "", ":", "")

// secretName reports whether a header, parameter or member of that name holds a
// secret.
func secretName(name string) bool {
	plain := separators.Replace(strings.ToLower(name))
	for _, not := range plainNames {
		if strings.Contains(plain, not) {
			return false
		}
	}
	for _, part := range secretNames {
		if strings.Contains(plain, part) {
			return true
		}
	}
	return strings.HasSuffix(plain, "key") || plain == "auth" || plain == "pass" || plain == "sig" || plain == "xauth"
}

// knownSecret has the forms in which providers write their keys.
var knownSecret = regexp.MustCompile(`^(?:Bearer |Basic |App |Key |Token )?(?:` + strings.Join([]string{
	`[sr]k_(?:live|test)_\w{8,}`, `SG\.[\w-]{10,}\.[\w-]{10,}`, `key-[0-9a-z]{16,}`, `xkeysib-[\w-]{16,}`, `re_\w{16,}`,
	`xox[abeoprs]-[\w-]{10,}`, `gh[oprsu]_\w{20,}`, `github_pat_\w{20,}`, `glpat-[\w-]{16,}`, `A(?:KIA|SIA)[0-9A-Z]{16}`,
	`AIza[\w-]{30,}`, `eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*`, `EAA[0-9A-Za-z]{30,}`, `kd_\w{16,}`, `whsec_\S{16,}`,
	`sk-[\w-]{20,}`, `bot\d{6,}:[\w-]{20,}`,
}, "|") + `)$`)

// identifier has the forms of names that look random and are not secret.
var identifier = regexp.MustCompile(`^(?:[A-Z]{2}[0-9a-f]{32}|[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}|wamid\..*)$`)

var oneWord = regexp.MustCompile(`^[\w+/=.~-]+$`)

// secretValue reports whether a value looks secret by itself: a known form, or
// a long word of random-looking characters.
func secretValue(value string) bool {
	if knownSecret.MatchString(value) {
		return true
	}
	if len(value) < 24 || len(value) > 512 || identifier.MatchString(value) || !oneWord.MatchString(value) {
		return false
	}
	letters, digits, hex := false, false, true
	for i := 0; i < len(value); i++ {
		letters = letters || isLetter(value[i])
		digits = digits || isDigit(value[i])
		hex = hex && isHex(value[i])
	}
	if !letters || !digits || hex && len(value) < 32 {
		return false
	}
	if hex {
		return entropy(value) > 3
	}
	return entropy(value) > 3.7
}

// entropy is Shannon's, in bits per character.
func entropy(text string) float64 {
	var counts [256]float64
	for i := 0; i < len(text); i++ {
		counts[text[i]]++
	}
	bits := 0.0
	for _, n := range counts {
		if n > 0 {
			share := n / float64(len(text))
			bits -= share * math.Log2(share)
		}
	}
	return bits
}
