package secret

import (
	"html"
	"sort"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// view is a text as a reader would see it after undoing one kind of escaping,
// with the way back to the view it was read from; the original text has no such
// view.
type view struct {
	text  string
	from  *view
	jumps []jump
}

// jump says that the bytes from byte text of a view on, up to the next jump,
// match one to one those from byte source of the previous view.
type jump struct{ text, source int }

// at returns the place in the original text.
func (v *view) at(i int) int {
	if v.from == nil {
		return i
	}
	next := sort.Search(len(v.jumps), func(j int) bool { return v.jumps[j].text > i })
	last := v.jumps[next-1]
	return v.from.at(min(last.source+i-last.text, len(v.from.text)))
}

// unescape reads one escaped character at the start of s: what it means and how
// many bytes it takes; 0 bytes when there is none.
type unescape func(s string) (meaning string, size int)

// decoded lists the views that differ from v. plusIsBlank also reads '+' as a
// blank, as forms write it.
func (v *view) decoded(plusIsBlank bool) []*view {
	var views []*view
	add := func(marks string, read unescape) {
		at := func(i int) (string, int) { return read(v.text[i:]) }
		if next := v.decode(marks, at); len(next.jumps) > 1 {
			views = append(views, next)
		}
	}
	add("%", percent)
	if plusIsBlank && strings.Contains(v.text, "+") {
		add("%+", percentOrPlus)
	}
	add(`\`, backslash)
	add("&", entity)
	return views
}

// mostRoom is for how many jumps room is made before they are found.
const mostRoom = 1 << 13

// decode reads what begins with one of the marks; read gets its place. It has one
// jump if nothing was escaped.
func (v *view) decode(marks string, read func(i int) (meaning string, size int)) *view {
	first := strings.IndexAny(v.text, marks)
	if first < 0 {
		return &view{from: v, jumps: []jump{{}}}
	}
	// Room for two jumps a mark, within reason.
	room := min(2*strings.Count(v.text, v.text[first:first+1])+1, mostRoom)
	next := &view{from: v, jumps: append(make([]jump, 0, room), jump{})}
	var text strings.Builder
	text.Grow(len(v.text))
	done := 0
	for i := first; i < len(v.text); {
		step := strings.IndexAny(v.text[i:], marks)
		if step < 0 {
			break
		}
		i += step
		meaning, size := read(i)
		if size == 0 {
			i++
			continue
		}
		text.WriteString(v.text[done:i])
		next.jumps = append(next.jumps, jump{text.Len(), i})
		text.WriteString(meaning)
		i += size
		done = i
		next.jumps = append(next.jumps, jump{text.Len(), i})
	}
	if done > 0 {
		text.WriteString(v.text[done:])
		next.text = text.String()
	}
	return next
}

// mixedHex gives the stretches of hex digits that have one in upper case, in lower
// case, with the place where each begins. Stretches too short for a secret are
// passed over.
func (v *view) mixedHex(give func(lower string, at int)) {
	const least = 2 * prefixLen
	text := v.text
	// A stretch of the least length has a digit at one of these places.
	for i := least - 1; i < len(text); i += least {
		if !isHex(text[i]) {
			continue
		}
		start, end := i, i+1
		for start > 0 && isHex(text[start-1]) {
			start--
		}
		for end < len(text) && isHex(text[end]) {
			end++
		}
		if run := text[start:end]; len(run) >= least {
			if lower := strings.ToLower(run); lower != run {
				give(lower, start)
			}
		}
		i += (end - 1 - i) / least * least
	}
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

// joined is the view without the line ends, and the blanks after them, that break
// base64 into lines; nil where there are none.
func (v *view) joined() *view {
	text := v.text
	if strings.IndexByte(text, '\n') < 0 && strings.IndexByte(text, '\r') < 0 {
		return nil
	}
	next := v.decode("\r\n", func(i int) (string, int) {
		// A line end after another one is none of base64, and would be read again.
		if i == 0 || !isBase64(text[i-1]) {
			return "", 0
		}
		end := i
		for end < len(text) && (text[end] == '\r' || text[end] == '\n') {
			end++
		}
		for end < len(text) && (text[end] == ' ' || text[end] == '\t') {
			end++
		}
		if end == len(text) || !isBase64(text[end]) {
			return "", 0
		}
		return "", end - i
	})
	if len(next.jumps) < 2 {
		return nil
	}
	return next
}

// percent reads %41 (RFC 3986 section 2.1), either case.
func percent(s string) (string, int) {
	if len(s) < 3 {
		return "", 0
	}
	value, err := strconv.ParseUint(s[1:3], 16, 8)
	if err != nil {
		return "", 0
	}
	return string([]byte{byte(value)}), 3
}

func percentOrPlus(s string) (string, int) {
	if s[0] == '+' {
		return " ", 1
	}
	return percent(s)
}

// backslash reads the escapes of JSON strings (RFC 8259 section 7), and \'
// \x41 \U0001f642 of JavaScript and Go.
func backslash(s string) (string, int) {
	if len(s) < 2 {
		return "", 0
	}
	switch c := s[1]; c {
	case '"', '\\', '/', '\'':
		return string(c), 2
	case 'b':
		return "\b", 2
	case 'f':
		return "\f", 2
	case 'n':
		return "\n", 2
	case 'r':
		return "\r", 2
	case 't':
		return "\t", 2
	case 'x':
		if value, ok := hexAt(s, 2, 2); ok {
			return string([]byte{byte(value)}), 4
		}
	case 'u':
		return unicodeEscape(s)
	case 'U':
		if value, ok := hexAt(s, 2, 8); ok && value <= utf8.MaxRune {
			return string(rune(value)), 10
		}
	}
	return "", 0
}

// unicodeEscape reads \u00e9, and two of them where they are a surrogate pair.
func unicodeEscape(s string) (string, int) {
	value, ok := hexAt(s, 2, 4)
	if !ok {
		return "", 0
	}
	r := rune(value)
	if !utf16.IsSurrogate(r) {
		return string(r), 6
	}
	if low, ok := hexAt(s, 8, 4); ok && s[6] == '\\' && s[7] == 'u' {
		if both := utf16.DecodeRune(r, rune(low)); both != utf8.RuneError {
			return string(both), 12
		}
	}
	return "", 0
}

// maxEntity is the longest entity looked at: &#0001114111; and every named one
// that an encoder writes are shorter.
const maxEntity = 14

// entity reads &amp; &#39; and &#x27; of XML and HTML.
func entity(s string) (string, int) {
	end := strings.IndexByte(s[:min(len(s), maxEntity)], ';')
	if end < 0 {
		return "", 0
	}
	whole := s[:end+1]
	meaning := html.UnescapeString(whole)
	if meaning == whole {
		return "", 0
	}
	return meaning, end + 1
}

func hexAt(s string, from, digits int) (uint64, bool) {
	if len(s) < from+digits {
		return 0, false
	}
	value, err := strconv.ParseUint(s[from:from+digits], 16, 32)
	return value, err == nil
}
