package apikey

import (
	"context"
	"encoding/hex"
	"math"
	"strings"
	"unicode"

	"keydesk/backend/access"
	"keydesk/backend/fault"
	"keydesk/backend/secret"
)

// TakeOverInput takes over a key that was made elsewhere: by Value, or by the
// SHA-256 of it in hexadecimal.
type TakeOverInput struct {
	New    CreateInput `json:"new"`
	Value  secret.Text `json:"value" ts_type:"string" validate:"max=500"`
	SHA256 string      `json:"sha256" validate:"max=200"`
	// Random says that the key is long and random, which Keydesk cannot see of a
	// hash and doubts of a short one.
	Random bool `json:"random"`
}

// OpTakeOver takes over a key that was made elsewhere.
var OpTakeOver = access.Op[TakeOverInput, Issued]{Name: "apikey.take_over", Does: "took over the API key", Mode: access.Write, Needs: []access.Permission{access.CreateKey}, AsksHeld: true}

// Limits of a key from elsewhere that is given by its value.
const (
	leastChars = 20
	mostChars  = 500
	enoughBits = 128
)

// TakeOver keeps a key that was made elsewhere; Issued.Secret is empty. Faults:
// apikey.invalid, apikey.weak until Random says otherwise, apikey.known,
// user.beyond_you.
func (s *Service) TakeOver(ctx context.Context, in TakeOverInput) (Issued, error) {
	record, err := s.draft(ctx, in.New)
	if err != nil {
		return Issued{}, err
	}
	digest, err := foreignDigest(in)
	if err != nil {
		return Issued{}, err
	}
	record.TakenOver, record.Mask = true, secret.Mask
	issued, err := s.insert(ctx, record, digest)
	if err != nil {
		return Issued{}, err
	}
	access.From(ctx).Changed(Kind, record.ID, record.Title, nil, shown(issued.Key))
	access.From(ctx).Emit(access.KeyCreated, record.ID, event(issued.Key))
	return issued, nil
}

// ErrWeak asks whether a short key is random after all.
var ErrWeak = fault.New(fault.Conflict, "apikey.weak", "This key looks easy to guess.").
	WithHint("Take it over only if it was made at random; a key made here has 256 bits.")

// foreignDigest returns the SHA-256 of a key from elsewhere.
func foreignDigest(in TakeOverInput) (digest [32]byte, err error) {
	var fields fault.Fields
	value := secret.New(strings.TrimSpace(in.Value.Reveal()))
	switch {
	case in.SHA256 == "" && value.IsEmpty():
		fields.Add("value", "Enter the key, or the SHA-256 of it.")
	case in.SHA256 != "" && !value.IsEmpty():
		fields.Add("sha256", "Enter either the key or its SHA-256.")
	case in.SHA256 != "" && !in.Random:
		fields.Add("random", "Confirm that the key behind this SHA-256 is long and random.")
	case in.SHA256 != "":
		sum, err := hex.DecodeString(strings.TrimSpace(in.SHA256))
		if err == nil && len(sum) == len(digest) {
			copy(digest[:], sum)
			return digest, nil
		}
		fields.Add("sha256", "A SHA-256 has 64 hexadecimal characters: 0 to 9 and a to f.")
	case strings.ContainsFunc(value.Reveal(), func(r rune) bool { return r > unicode.MaxASCII || r <= ' ' || r == 0x7f }):
		fields.Add("value", "A key has only letters, digits and signs, without blanks: it travels in a header.")
	case len(value.Reveal()) < leastChars:
		fields.Add("value", "A key needs at least %d characters.", leastChars)
	case formOf(value.Reveal()) == mistyped:
		fields.Add("value", "This looks like a key of Keydesk with a typing error. Copy it again.")
	}
	if err := fields.Err("apikey.invalid"); err != nil {
		return digest, err
	}
	if bits := entropy(value.Reveal()); bits < enoughBits && !in.Random {
		return digest, ErrWeak.WithMessage("This key looks easy to guess: about %d bits, where %d are enough.", bits, enoughBits)
	}
	return digestOf(value), nil
}

// entropy estimates the bits of a text from the characters it draws from and how
// often each appears, whichever is less.
func entropy(text string) int {
	counts := map[byte]int{}
	var lower, upper, digit, sign, hexOnly = false, false, false, false, true
	for i := range len(text) {
		c := text[i]
		counts[c]++
		switch {
		case c >= 'a' && c <= 'z':
			lower = true
			hexOnly = hexOnly && c <= 'f'
		case c >= 'A' && c <= 'Z':
			upper = true
			hexOnly = hexOnly && c <= 'F'
		case c >= '0' && c <= '9':
			digit = true
		default:
			sign, hexOnly = true, false
		}
	}
	alphabet := 0
	for _, has := range []struct {
		is bool
		n  int
	}{{lower, 26}, {upper, 26}, {digit, 10}, {sign, 32}} {
		if has.is {
			alphabet += has.n
		}
	}
	if hexOnly {
		alphabet = 16
	}
	shannon := 0.0
	for _, n := range counts {
		p := float64(n) / float64(len(text))
		shannon -= p * math.Log2(p)
	}
	perChar := math.Log2(float64(max(alphabet, 1)))
	// A short random text never uses all characters equally often, so the second
	// estimate counts only where it is far lower.
	if shannon < perChar*0.75 {
		perChar = shannon
	}
	return int(perChar * float64(len(text)))
}
