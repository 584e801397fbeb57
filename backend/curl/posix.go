package curl

import (
	"strings"
	"unicode/utf8"
)

// posix reads shell words (POSIX Shell Command Language 2.2 and 2.3, with
// $'...' of issue 8). It expands nothing and keeps no stack, so no text can
// make it recurse deeply. A parser of the whole language would refuse what
// people paste: <PLACEHOLDERS>, lost backslashes, quotes that a document made
// typographic.
type posix struct {
	script
	text   string
	i      int
	now    command
	here   []string // delimiters of here-documents that begin at the next break
	prompt bool     // the text came with prompts, so lines may begin with "> "
}

func readPOSIX(text string, prompt bool) (script, error) {
	p := &posix{text: text, prompt: prompt}
	for p.i < len(p.text) {
		if err := p.step(); err != nil {
			return script{}, err
		}
	}
	p.finish("")
	return p.script, nil
}

// finish ends a command at a separator that was just read.
func (p *posix) finish(end string) {
	if len(p.now.words) > 0 || len(p.now.aside) > 0 {
		p.now.end = end
		p.commands = append(p.commands, p.now)
	}
	p.now = command{}
}

// step reads what is between words, or one word.
func (p *posix) step() error {
	rest := p.text[p.i:]
	if n := blankAt(p.text, p.i); n > 0 {
		p.i += n
		return nil
	}
	if n := breakAt(p.text, p.i); n > 0 {
		p.i += n
		p.skipHere()
		p.finish("\n")
		return nil
	}
	switch rest[0] {
	case '#':
		p.toBreak()
		return nil
	case '\\':
		if n := continuation(p.text, p.i); n > 0 {
			p.i += n
			p.skipPrompt()
			return nil
		}
	case ';', '|', '&', '(', ')':
		if strings.HasPrefix(rest, "&>") {
			return p.redirect()
		}
		end := rest[:1]
		for _, long := range []string{"&&", "||", "|&", ";;"} {
			if strings.HasPrefix(rest, long) {
				end = long
			}
		}
		p.i += len(end)
		p.finish(end)
		return nil
	case '<', '>':
		if placeholder(rest) == 0 {
			return p.redirect()
		}
	}
	w, err := p.word()
	if err != nil {
		return err
	}
	if p.i < len(p.text) && (p.text[p.i] == '<' || p.text[p.i] == '>') && w.bare && isDigits(w.text) {
		return p.redirect() // the word was the number of a stream
	}
	p.now.words = append(p.now.words, w)
	return nil
}

func (p *posix) toBreak() {
	for p.i < len(p.text) && breakAt(p.text, p.i) == 0 {
		p.i++
	}
}

// skipPrompt skips the "> " a shell shows on the lines after the first.
func (p *posix) skipPrompt() {
	if rest := strings.TrimLeft(p.text[p.i:], " \t"); p.prompt && strings.HasPrefix(rest, "> ") {
		p.i = len(p.text) - len(rest) + 2
	}
}

// redirect reads an operator and its target, which is not opened.
func (p *posix) redirect() error {
	from := p.i
	for p.i < len(p.text) && strings.IndexByte("<>&|-", p.text[p.i]) >= 0 {
		p.i++
	}
	operator := p.text[from:p.i]
	if p.i < len(p.text) && p.text[p.i] == '(' { // process substitution
		end, err := balanced(p.text, p.i)
		if err != nil {
			return err
		}
		p.i = end
		p.now.aside = append(p.now.aside, operator)
		return nil
	}
	for p.i < len(p.text) && blankAt(p.text, p.i) > 0 {
		p.i += blankAt(p.text, p.i)
	}
	target := word{}
	if p.i < len(p.text) && breakAt(p.text, p.i) == 0 && strings.IndexByte(";|&()<>", p.text[p.i]) < 0 {
		var err error
		if target, err = p.word(); err != nil {
			return err
		}
	}
	if operator == "<<" || operator == "<<-" {
		p.here = append(p.here, target.text)
		target.text = ""
	}
	if operator == "<<<" {
		target.text = ""
	}
	p.now.aside = append(p.now.aside, strings.TrimSpace(operator+" "+short(target.text)))
	return nil
}

// skipHere skips the here-documents that begin at this line.
func (p *posix) skipHere() {
	for _, delimiter := range p.here {
		for p.i < len(p.text) {
			from := p.i
			p.toBreak()
			line := p.text[from:p.i]
			if p.i < len(p.text) {
				p.i += breakAt(p.text, p.i)
			}
			if strings.TrimLeft(line, "\t") == delimiter {
				break
			}
		}
	}
	p.here = nil
}

// word reads one word. It always advances.
func (p *posix) word() (word, error) {
	var b strings.Builder
	w := word{bare: strings.IndexByte(`'"$`, p.text[p.i]) < 0}
	for p.i < len(p.text) {
		c := p.text[p.i]
		if blankAt(p.text, p.i) > 0 || breakAt(p.text, p.i) > 0 || strings.IndexByte(";|&()", c) >= 0 {
			break
		}
		switch c {
		case '<', '>':
			n := placeholder(p.text[p.i:])
			if n == 0 {
				w.text = b.String()
				return w, nil
			}
			p.say("Unquoted "+p.text[p.i:p.i+n], "A shell would read the angle brackets as files; here they are text to be replaced.")
			b.WriteString(p.text[p.i : p.i+n])
			p.i += n
		case '\\':
			if n := continuation(p.text, p.i); n > 0 {
				p.i += n
				p.skipPrompt()
				continue
			}
			p.i++
			if p.i < len(p.text) {
				_, size := utf8.DecodeRuneInString(p.text[p.i:])
				b.WriteString(p.text[p.i : p.i+size])
				p.i += size
			} else {
				b.WriteByte('\\')
			}
		case '\'':
			end := strings.IndexByte(p.text[p.i+1:], '\'')
			if end < 0 {
				return w, ErrUnclosed
			}
			b.WriteString(p.text[p.i+1 : p.i+1+end])
			p.i += end + 2
		case '"':
			if err := p.double(&b, &w); err != nil {
				return w, err
			}
		case '$', '`':
			if err := p.dollar(&b, &w, false); err != nil {
				return w, err
			}
		default:
			r, size := utf8.DecodeRuneInString(p.text[p.i:])
			if strings.ContainsRune("\u201c\u201e\u2018\u201a", r) || b.Len() == 0 && strings.ContainsRune(smartDouble+smartSingle, r) {
				if b.Len() == 0 {
					w.bare = false
				}
				if err := p.smart(&b, r, size); err != nil {
					return w, err
				}
				continue
			}
			b.WriteString(p.text[p.i : p.i+size])
			p.i += size
		}
	}
	w.text = b.String()
	return w, nil
}

// double reads a double-quoted part.
func (p *posix) double(b *strings.Builder, w *word) error {
	for p.i++; p.i < len(p.text); {
		switch c := p.text[p.i]; c {
		case '"':
			p.i++
			return nil
		case '\\':
			p.i++
			if n := breakAt(p.text, p.i); p.i < len(p.text) && n > 0 {
				p.i += n
				continue
			}
			if p.i < len(p.text) && strings.IndexByte("$`\"\\", p.text[p.i]) >= 0 {
				b.WriteByte(p.text[p.i])
				p.i++
				continue
			}
			b.WriteByte('\\')
		case '$', '`':
			if err := p.dollar(b, w, true); err != nil {
				return err
			}
		default:
			b.WriteByte(c)
			p.i++
		}
	}
	return ErrUnclosed
}

// dollar reads what a shell would fill in. It stays as written, except for
// $'...' and $"...", which are quotes.
func (p *posix) dollar(b *strings.Builder, w *word, quoted bool) error {
	rest := p.text[p.i:]
	size := 1
	switch {
	case rest[0] == '`':
		end := 1
		for end < len(rest) && rest[end] != '`' {
			if rest[end] == '\\' {
				end++
			}
			end++
		}
		if end >= len(rest) {
			return ErrUnclosed
		}
		size = end + 1
	case !quoted && strings.HasPrefix(rest, "$'"):
		text, n, err := ansi(rest)
		if err != nil {
			return err
		}
		b.WriteString(text)
		p.i += n
		return nil
	case !quoted && strings.HasPrefix(rest, `$"`):
		p.i++
		return nil
	case strings.HasPrefix(rest, "$("), strings.HasPrefix(rest, "${"):
		end, err := balanced(p.text, p.i+1)
		if err != nil {
			return err
		}
		size = end - p.i
	default:
		for size < len(rest) && (isAlnum(rest[size]) || rest[size] == '_') {
			if size == 1 && rest[1] >= '0' && rest[1] <= '9' {
				size++
				break
			}
			size++
		}
		if size == 1 && len(rest) > 1 && strings.IndexByte("@*#?$!-", rest[1]) >= 0 {
			size = 2
		}
	}
	if size > 1 {
		w.unread = append(w.unread, rest[:size])
	}
	b.WriteString(rest[:size])
	p.i += size
	return nil
}

// balanced finds the end of (...) or {...} that opens at i.
func balanced(text string, i int) (end int, err error) {
	open, shut := text[i], byte(')')
	if open == '{' {
		shut = '}'
	}
	depth := 0
	var quote byte
	for ; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && quote != '\'':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == open:
			depth++
		case c == shut:
			if depth--; depth == 0 {
				return i + 1, nil
			}
		}
	}
	return 0, ErrUnclosed
}

// smart reads a part between typographic quotes. Its end is a quote of the same
// kind at the end of a word, since an apostrophe looks the same.
func (p *posix) smart(b *strings.Builder, open rune, size int) error {
	kind := smartDouble + `"`
	if strings.ContainsRune(smartSingle, open) {
		kind = smartSingle + "'"
	}
	inside := p.text[p.i+size:]
	for j, r := range inside {
		if !strings.ContainsRune(kind, r) || j > 0 && inside[j-1] == '\\' {
			continue
		}
		after := p.i + size + j + utf8.RuneLen(r)
		if after < len(p.text) && blankAt(p.text, after) == 0 && breakAt(p.text, after) == 0 && strings.IndexByte(";|&)\\", p.text[after]) < 0 {
			continue
		}
		text := straight.Replace(inside[:j])
		if kind[len(kind)-1] == '"' {
			text = strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(text)
		}
		b.WriteString(text)
		p.i = after
		p.say("Typographic quotes", "A document had changed the quotes; they are read as straight ones.")
		return nil
	}
	return ErrUnclosed
}

// placeholder returns the size of <NAME> at the start of a text, 0 if there is
// none. A shell would read a file of that name; nobody who pastes an example
// means that.
func placeholder(text string) int {
	if text[0] != '<' || len(text) < 3 || !isLetter(text[1]) {
		return 0
	}
	for i := 1; i < len(text); i++ {
		c := text[i]
		if c == '>' {
			return i + 1
		}
		if !isAlnum(c) && c != '_' && c != '-' && c != '.' {
			return 0
		}
	}
	return 0
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
func isAlnum(c byte) bool  { return isLetter(c) || isDigit(c) }

func isDigits(text string) bool {
	for i := 0; i < len(text); i++ {
		if !isDigit(text[i]) {
			return false
		}
	}
	return text != ""
}
