package curl

import (
	"regexp"
	"strings"
)

// percentName matches a variable of cmd. %20 in a URL is not one: a name that
// begins with two hexadecimal digits is far rarer than an escape.
var percentName = regexp.MustCompile(`%[A-Za-z_][A-Za-z0-9_]{1,60}%`)

// readCmd reads a line as cmd.exe does: carets escape outside quotes, a caret
// at a line's end joins the next line and makes its first character literal,
// quotes toggle. The program itself splits what is left into arguments.
func readCmd(text string) (script, error) {
	var s script
	var line strings.Builder
	quoted := false
	// A name with a caret inside is not a variable, so the text as typed
	// decides.
	named := map[string]bool{}
	for _, name := range percentName.FindAllString(text, -1) {
		named[name] = true
	}
	flush := func(end string) error {
		words, open := splitWindows(line.String())
		line.Reset()
		quoted = false
		if open {
			return ErrUnclosed
		}
		if len(words) == 0 {
			return nil
		}
		for i := range words {
			for _, name := range percentName.FindAllString(words[i].text, -1) {
				if named[name] && !isEscape(name) {
					words[i].unread = append(words[i].unread, name)
				}
			}
		}
		if n := len(s.commands); n > 0 && s.commands[n-1].end == ">" {
			before := &s.commands[n-1]
			before.aside = append(before.aside, "> "+short(words[0].text))
			before.words, before.end = append(before.words, words[1:]...), end
			return nil
		}
		s.commands = append(s.commands, command{words: words, end: end})
		return nil
	}
	for i := 0; i < len(text); {
		c := text[i]
		if n := breakAt(text, i); n > 0 {
			// For cmd the line ends here, whether or not a quote is open.
			if err := flush("\n"); err != nil {
				return s, err
			}
			i += n
			continue
		}
		switch {
		case c == '"':
			quoted = !quoted
		case c == '^' && !quoted:
			if n := continuation(text, i); n > 0 {
				i += n
				// The break is gone; what follows is taken as it is, even
				// another break.
				if i < len(text) {
					if n := breakAt(text, i); n > 0 {
						line.WriteByte('\n')
						i += n
					}
				}
				continue
			}
			i++
			if i < len(text) {
				line.WriteByte(text[i])
				i++
			}
			continue
		case !quoted && c == '<' && placeholder(text[i:]) > 0:
			n := placeholder(text[i:])
			line.WriteString(text[i : i+n])
			i += n
			continue
		case strings.IndexByte("&|<>()", c) >= 0 && !quoted:
			end := string(c)
			if c == '<' {
				end = ">"
			}
			i++
			if err := flush(end); err != nil {
				return s, err
			}
			continue
		}
		line.WriteByte(c)
		i++
	}
	return s, flush("")
}

// isEscape tells %20PATH% in a URL from a name.
func isEscape(name string) bool { return isHex(name[1]) && isHex(name[2]) }

func isHex(c byte) bool {
	return isDigit(c) || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}
