package curl

import (
	"strconv"
	"strings"
)

// ansi reads $'...' at the start of a text and returns its length.
func ansi(text string) (string, int, error) {
	var b strings.Builder
	simple := map[byte]byte{'n': '\n', 't': '\t', 'r': '\r', 'a': 7, 'b': 8, 'e': 27, 'E': 27, 'f': 12, 'v': 11,
		'\\': '\\', '\'': '\'', '"': '"', '?': '?'}
	number := func(digits string, base, bits int) uint64 {
		v, _ := strconv.ParseUint(digits, base, bits) // run has checked the digits
		return v
	}
	run := func(from, most int, in string) string {
		n := from
		for n < len(text) && n-from < most && strings.IndexByte(in, text[n]) >= 0 {
			n++
		}
		return text[from:n]
	}
	for i := 2; i < len(text); {
		c := text[i]
		if c == '\'' {
			return b.String(), i + 1, nil
		}
		if c != '\\' || i+1 >= len(text) {
			b.WriteByte(c)
			i++
			continue
		}
		c = text[i+1]
		const hex = "0123456789abcdefABCDEF"
		switch {
		case simple[c] != 0:
			b.WriteByte(simple[c])
			i += 2
		case c >= '0' && c <= '7':
			digits := run(i+1, 3, "01234567")
			v := number(digits, 8, 16)
			b.WriteByte(byte(v))
			i += 1 + len(digits)
		case c == 'x' && run(i+2, 2, hex) != "":
			digits := run(i+2, 2, hex)
			v := number(digits, 16, 8)
			b.WriteByte(byte(v))
			i += 2 + len(digits)
		case (c == 'u' || c == 'U') && run(i+2, 8, hex) != "":
			most := 4
			if c == 'U' {
				most = 8
			}
			digits := run(i+2, most, hex)
			v := number(digits, 16, 32)
			b.WriteRune(rune(v))
			i += 2 + len(digits)
		case c == 'c' && i+2 < len(text):
			b.WriteByte(text[i+2] & 0x1f)
			i += 3
		default:
			b.WriteByte('\\')
			i++
		}
	}
	return "", 0, ErrUnclosed
}
