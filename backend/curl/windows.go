package curl

import "strings"

// splitWindows cuts a command line as Windows programs do (Microsoft C
// runtime, "Parsing C command-line arguments"): 2n backslashes before a quote
// are n and the quote is syntax, 2n+1 are n and a literal quote; two quotes
// inside quotes are one. open is true if a quote is still open at the end.
func splitWindows(line string) (words []word, open bool) {
	var b strings.Builder
	started, quoted, bare := false, false, true
	for i := 0; i < len(line); {
		slashes := 0
		for i < len(line) && line[i] == '\\' {
			slashes++
			i++
		}
		if slashes > 0 {
			started = true
			if i >= len(line) || line[i] != '"' {
				b.WriteString(strings.Repeat(`\`, slashes))
				continue
			}
			b.WriteString(strings.Repeat(`\`, slashes/2))
			if slashes%2 == 1 {
				b.WriteByte('"')
				i++
				continue
			}
		}
		c := line[i]
		switch {
		case c == '"' && quoted && i+1 < len(line) && line[i+1] == '"':
			b.WriteByte('"')
			i++
		case c == '"':
			if !started {
				bare = false
			}
			quoted, started = !quoted, true
		case (c == ' ' || c == '\t' || c == '\n' || c == '\r') && !quoted:
			if started {
				words = append(words, word{text: b.String(), bare: bare})
				b.Reset()
				started, bare = false, true
			}
		default:
			b.WriteByte(c)
			started = true
		}
		i++
	}
	if started {
		words = append(words, word{text: b.String(), bare: bare})
	}
	return words, quoted
}
