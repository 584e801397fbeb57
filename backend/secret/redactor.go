package secret

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"hash/maphash"
	"slices"
	"strings"
	"sync"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// minRunes is the shortest secret that is looked for anywhere (R9). Anything
// shorter would mask ordinary words and numbers; the code that knows its places
// masks them.
const minRunes = 6

// TooShort reports whether a secret has fewer than 6 characters, so that
// Redactor leaves it alone and the form warns (R9). The empty secret is not too
// short.
func TooShort(t Text) bool {
	return t.value != "" && utf8.RuneCountInString(t.value) < minRunes
}

// Redactor replaces known secrets with Mask in anything that leaves: preview,
// history, logs, activity, exports, error texts and copied curl (R9).
//
// It finds a secret as it is and in the other normal forms of Unicode, in UTF-16,
// in hex of any case, and in base64 (both alphabets, at any offset inside a longer
// encoded text, also broken into lines), each of them also escaped for a URL, JSON
// or XML, up to three such layers. What is derived in other ways (base64 of
// user:password cut elsewhere, fetched tokens) has to be added with Add.
//
// It reads the text through decoders instead of guessing how an encoder writes,
// so it finds every choice of escaped characters and of hex case.
//
// The zero value and nil know no secret. Safe for use by many goroutines.
type Redactor struct {
	mu       sync.RWMutex
	known    map[string]struct{}
	byPrefix map[[prefixLen]byte][]pattern
	first    [firsts / 64]uint64 // which pairs of first bytes occur at all
	spaces   bool                // some pattern has a blank, so '+' may mean one
}

// firsts is how many kinds of pairs of first bytes are distinguished: enough
// that few places of a text are looked at twice, and cheap to make for each
// call.
const firsts = 1 << 12

// prefixLen bytes pick the patterns to compare; every pattern is longer.
const prefixLen = 6

// pattern is one spelling of a secret. Base64 that does not begin or end on a
// character's edge also covers the neighbouring character that carries some of
// its bits.
type pattern struct {
	text       string
	head, tail bool
}

// NewRedactor makes a redactor that knows these secrets.
func NewRedactor(secrets ...Text) *Redactor {
	r := &Redactor{}
	r.Add(secrets...)
	return r
}

// Add makes secrets, and what is derived from them, known from now on. It
// ignores empty and too short ones (R9).
func (r *Redactor) Add(secrets ...Text) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, t := range secrets {
		if t.value == "" || TooShort(t) {
			continue
		}
		if _, ok := r.known[t.value]; ok {
			continue
		}
		if r.known == nil {
			r.known = map[string]struct{}{}
			r.byPrefix = make(map[[prefixLen]byte][]pattern, 10*len(secrets))
		}
		r.known[t.value] = struct{}{}
		r.spaces = r.spaces || strings.ContainsRune(t.value, ' ')
		var all []pattern
		for _, form := range forms(t.value) {
			all = append(all, spellings(form)...)
		}
		for i, p := range all {
			prefix := [prefixLen]byte([]byte(p.text[:prefixLen]))
			if others := r.byPrefix[prefix]; len(others) > 0 {
				r.byPrefix[prefix] = append(others, p)
			} else {
				r.byPrefix[prefix] = all[i : i+1 : i+1]
			}
			r.first[pair(p.text)/64] |= 1 << (pair(p.text) % 64)
		}
	}
}

// Text returns s with every known secret replaced by Mask.
func (r *Redactor) Text(s string) string {
	if r == nil || len(s) < prefixLen {
		return s
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	if len(r.known) == 0 {
		return s
	}
	return mask(s, r.spans(s))
}

// Value is Text for every string inside a JSON-like value (maps, slices,
// strings), names included; other values are returned as they are.
func (r *Redactor) Value(v any) any {
	switch v := v.(type) {
	case string:
		return r.Text(v)
	case []string:
		clean := make([]string, len(v))
		for i, s := range v {
			clean[i] = r.Text(s)
		}
		return clean
	case []any:
		clean := make([]any, len(v))
		for i, inner := range v {
			clean[i] = r.Value(inner)
		}
		return clean
	case map[string]string:
		clean := make(map[string]string, len(v))
		for name, s := range v {
			clean[r.Text(name)] = r.Text(s)
		}
		return clean
	case map[string]any:
		clean := make(map[string]any, len(v))
		for name, inner := range v {
			clean[r.Text(name)] = r.Value(inner)
		}
		return clean
	default:
		return v
	}
}

// span is a stretch of the text to be masked, end excluded.
type span struct{ start, end int }

// layers is how many layers of escaping are undone: JSON in JSON in a URL.
const layers = 3

// spans finds every occurrence in s and in its decoded views, as stretches of
// s itself. Most views are reached in several orders of decoding and looked at
// once, from the outermost layer on.
func (r *Redactor) spans(s string) []span {
	last := []*view{{text: s}}
	found := r.search(nil, last[0])
	seen := map[uint64]bool{}
	for layer := 1; layer <= layers; layer++ {
		var next []*view
		for _, outer := range last {
			for _, inner := range outer.decoded(r.spaces) {
				hash := maphash.String(seed, inner.text)
				if seen[hash] {
					continue
				}
				seen[hash] = true
				found = r.search(found, inner)
				if layer < layers {
					next = append(next, inner)
				}
			}
		}
		last = next
	}
	return found
}

var seed = maphash.MakeSeed()

// search adds where the patterns are in one view, with its base64 put together
// and its hex in lower case.
func (r *Redactor) search(found []span, v *view) []span {
	found = r.match(found, v, v.text, 0)
	v.mixedHex(func(lower string, at int) { found = r.match(found, v, lower, at) })
	if joined := v.joined(); joined != nil {
		found = r.match(found, joined, joined.text, 0)
	}
	return found
}

// match adds where the patterns are in a text that begins at a place of a view.
// Overlapping hits are all kept: skipping past the first would leave the end of
// the second.
func (r *Redactor) match(found []span, v *view, text string, from int) []span {
	for i := 0; i+prefixLen <= len(text); i++ {
		if p := pair(text[i:]); r.first[p/64]&(1<<(p%64)) == 0 {
			continue
		}
		for _, p := range r.byPrefix[[prefixLen]byte([]byte(text[i:i+prefixLen]))] {
			if !strings.HasPrefix(text[i:], p.text) {
				continue
			}
			start, end := i, i+len(p.text)
			if p.head && start > 0 && isBase64(text[start-1]) {
				start--
			}
			if p.tail && end < len(text) && isBase64(text[end]) {
				end++
			}
			found = append(found, span{v.at(from + start), v.at(from + end)})
		}
	}
	return found
}

// mask replaces the stretches, overlapping ones as one.
func mask(s string, spans []span) string {
	if len(spans) == 0 {
		return s
	}
	slices.SortFunc(spans, func(a, b span) int { return a.start - b.start })
	var out strings.Builder
	done := 0
	for i := 0; i < len(spans); {
		joined := spans[i]
		for i++; i < len(spans) && spans[i].start < joined.end; i++ {
			joined.end = max(joined.end, spans[i].end)
		}
		out.WriteString(s[done:joined.start])
		out.WriteString(Mask)
		done = joined.end
	}
	out.WriteString(s[done:])
	return out.String()
}

// forms lists a secret with its other normal forms (Unicode, annex 15): a server
// may normalise what it repeats.
func forms(value string) []string {
	all := []string{value}
	if strings.IndexFunc(value, func(r rune) bool { return r >= utf8.RuneSelf }) < 0 {
		return all
	}
	for _, form := range []norm.Form{norm.NFC, norm.NFD, norm.NFKC, norm.NFKD} {
		// A shorter form could be too short to be looked for.
		if other := form.String(value); !slices.Contains(all, other) && !TooShort(New(other)) {
			all = append(all, other)
		}
	}
	return all
}

// wide writes a text in UTF-16, and as it is shown where nothing says so: bytes that
// are not UTF-8 become U+FFFD. What has too little left then is not looked for.
func wide(value string, order binary.AppendByteOrder) []string {
	if !utf8.ValidString(value) {
		return nil
	}
	var bytes []byte
	for _, unit := range utf16.Encode([]rune(value)) {
		bytes = order.AppendUint16(bytes, unit)
	}
	shown := strings.ToValidUTF8(string(bytes), "\uFFFD")
	if utf8.RuneCountInString(strings.ReplaceAll(shown, "\uFFFD", "")) < minRunes {
		return []string{string(bytes)}
	}
	return []string{string(bytes), shown}
}

// spellings lists how a secret may be written before any escaping. Hex is in lower
// case (mixedHex).
func spellings(value string) []pattern {
	all := make([]pattern, 0, 12)
	add := func(p pattern) {
		if !slices.Contains(all, p) {
			all = append(all, p)
		}
	}
	add(pattern{text: value})
	add(pattern{text: hex.EncodeToString([]byte(value))})
	for _, text := range append(wide(value, binary.LittleEndian), wide(value, binary.BigEndian)...) {
		add(pattern{text: text})
	}
	for offset := range 3 {
		add(base64At(base64.RawStdEncoding, value, offset))
		add(base64At(base64.RawURLEncoding, value, offset))
	}
	return all
}

// base64At returns the characters of value's base64 that are the same whatever
// comes before and after it, when offset bytes (mod 3) come before it.
func base64At(alphabet *base64.Encoding, value string, offset int) pattern {
	encoded := alphabet.EncodeToString([]byte(strings.Repeat("\x00", offset) + value))
	from := (offset*8 + 5) / 6
	to := (offset + len(value)) * 8 / 6
	return pattern{text: encoded[from:to], head: offset > 0, tail: (offset+len(value))%3 != 0}
}

func isBase64(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' ||
		c == '+' || c == '/' || c == '-' || c == '_'
}

// pair is the kind of a text's first two bytes, below firsts: their number
// multiplied and folded, so that similar bytes are far apart.
func pair(s string) int { return int(uint16(s[0])<<8|uint16(s[1])) * 40503 >> 4 & (firsts - 1) }
