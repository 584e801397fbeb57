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
	longest  int                 // bytes of the longest pattern
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
			r.longest = max(r.longest, len(p.text))
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

// Cut is Text for a text that broke off: it also masks what may be the beginning
// of a secret at its end.
func (r *Redactor) Cut(s string) string {
	if r == nil {
		return s
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	if len(r.known) == 0 {
		return s
	}
	return mask(s, append(r.spans(s), r.begun(s)...))
}

// fewest is how many bytes of a secret at the end of a text are masked at least:
// fewer say nothing of it.
const fewest = 3

// begun finds the longest beginning of a pattern at the end of a text, also before
// an escape that is not complete.
func (r *Redactor) begun(s string) []span {
	start := len(s)
	tail := max(0, len(s)-r.reach())
	ends := []string{s[tail:]}
	if last := strings.LastIndexAny(s, `%\&`); last >= max(tail, len(s)-maxEntity) {
		ends = append(ends, s[tail:last])
	}
	for _, text := range ends {
		r.eachView(text, func(v *view) {
			for _, patterns := range r.byPrefix {
				for _, p := range patterns {
					for n := min(len(p.text)-1, len(v.text)); n >= fewest; n-- {
						if strings.HasSuffix(v.text, p.text[:n]) {
							start = min(start, tail+v.at(len(v.text)-n))
							break
						}
					}
				}
			}
		})
	}
	if start == len(s) {
		return nil
	}
	return []span{{start, len(s)}}
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

// atOnce is how much of a long text is decoded at a time: its views can take many
// times the memory of their text.
const atOnce = 256 << 10

// maxReach bounds reach: a secret that is longer than the rest of a piece is
// still found unless it is escaped in several layers.
const maxReach = 4 << 20

// reach is how many bytes an occurrence takes, with its layers of escapes of up to
// 6 bytes for each.
func (r *Redactor) reach() int { return min(216*r.longest, maxReach) + maxEntity }

// spans finds every occurrence in s and in its decoded views, as stretches of
// s itself in order. A long text is searched piece by piece. Each piece begins so
// far before the end of the last one that what lies across is in one of them.
func (r *Redactor) spans(s string) []span {
	step := max(atOnce, 4*r.reach())
	if len(s) <= step {
		return r.spansOf(s)
	}
	var found []span
	for end := step; ; end += step {
		from := max(0, end-step-r.reach())
		if from > 0 && (from-len(strings.TrimRight(s[:from], `\`)))%2 == 1 {
			from-- // in the middle of a pair
		}
		to := min(end, len(s))
		for _, one := range joined(r.spansOf(s[from:to])) {
			found = append(found, span{from + one.start, from + one.end})
		}
		if to == len(s) {
			return found
		}
	}
}

func (r *Redactor) spansOf(s string) []span {
	var found []span
	r.eachView(s, func(v *view) { found = r.search(found, v) })
	return found
}

// eachView visits a text and its decoded views. Most views are reached in several
// orders of decoding and visited once, from the outermost layer on.
func (r *Redactor) eachView(s string, visit func(*view)) {
	last := []*view{{text: s}}
	visit(last[0])
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
				visit(inner)
				if layer < layers {
					next = append(next, inner)
				}
			}
		}
		last = next
	}
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
	var out strings.Builder
	done := 0
	for _, one := range joined(spans) {
		out.WriteString(s[done:one.start])
		out.WriteString(Mask)
		done = one.end
	}
	out.WriteString(s[done:])
	return out.String()
}

// joined sorts stretches and makes one of those that overlap.
func joined(spans []span) []span {
	slices.SortFunc(spans, func(a, b span) int { return a.start - b.start })
	out := spans[:0]
	for _, next := range spans {
		if n := len(out); n > 0 && next.start < out[n-1].end {
			out[n-1].end = max(out[n-1].end, next.end)
		} else {
			out = append(out, next)
		}
	}
	return out
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
