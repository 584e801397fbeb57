package curl

import (
	"strings"
	"unicode/utf8"
)

// powershell reads arguments as PowerShell does (about_Quoting_Rules,
// about_Parsing) and passes them on as it does to a program
// (about_Preference_Variables, PSNativeCommandArgumentPassing).
type powershell struct {
	script
	text string
	i    int
	now  command
}

func readPowerShell(text string) (script, error) {
	p := &powershell{text: text}
	for p.i < len(p.text) {
		if err := p.step(); err != nil {
			return script{}, err
		}
	}
	p.finish("")
	legacy := false
	for i, c := range p.commands {
		if len(c.words) > 0 && c.words[0].text == "$PSNativeCommandArgumentPassing" {
			legacy = true
			p.commands[i].words = nil
		}
	}
	for i := range p.commands {
		words, chosen := passOn(p.commands[i].words, legacy)
		p.commands[i].words = words
		if chosen {
			p.made = addItem(p.made, Item{What: `Quotes written as \"`, Why: "They are read as plain quotes, as Windows PowerShell passes them on. PowerShell 7.3 and newer would keep the backslashes."})
		}
	}
	return p.script, nil
}

func (p *powershell) finish(end string) {
	if len(p.now.words) > 0 || len(p.now.aside) > 0 {
		p.now.end = end
		p.commands = append(p.commands, p.now)
	}
	p.now = command{}
}

func (p *powershell) step() error {
	if n := blankAt(p.text, p.i); n > 0 {
		p.i += n
		return nil
	}
	if n := breakAt(p.text, p.i); n > 0 {
		p.i += n
		p.finish("\n")
		return nil
	}
	switch c := p.text[p.i]; {
	case c == '#':
		for p.i < len(p.text) && breakAt(p.text, p.i) == 0 {
			p.i++
		}
		return nil
	case c == '`':
		if n := continuation(p.text, p.i); n > 0 {
			p.i += n
			return nil
		}
	case c == '<' && placeholder(p.text[p.i:]) > 0:
	case strings.IndexByte(";|&()<>", c) >= 0:
		end := string(c)
		if c == '<' || c == '>' {
			from := p.i
			for p.i < len(p.text) && strings.IndexByte("<>&", p.text[p.i]) >= 0 {
				p.i++
			}
			p.now.aside = append(p.now.aside, p.text[from:p.i])
			for p.i < len(p.text) && blankAt(p.text, p.i) > 0 {
				p.i += blankAt(p.text, p.i)
			}
			if p.i < len(p.text) && breakAt(p.text, p.i) == 0 && strings.IndexByte(";|&()<>", p.text[p.i]) < 0 {
				_, err := p.word()
				return err
			}
			return nil
		}
		p.i++
		if c == '&' && len(p.now.words) == 0 { // the call operator
			return nil
		}
		p.finish(end)
		return nil
	}
	w, err := p.word()
	if err != nil {
		return err
	}
	if w.bare && w.text == "--%" { // stop-parsing: the rest of the line as it is
		from := p.i
		for p.i < len(p.text) && breakAt(p.text, p.i) == 0 {
			p.i++
		}
		words, open := splitWindows(p.text[from:p.i])
		if open {
			return ErrUnclosed
		}
		p.now.words = append(p.now.words, words...)
		return nil
	}
	p.now.words = append(p.now.words, w)
	return nil
}

// word reads one argument; one that begins with a quote ends with it. It always
// advances.
func (p *powershell) word() (word, error) {
	var b strings.Builder
	w := word{bare: true}
	for p.i < len(p.text) {
		if blankAt(p.text, p.i) > 0 || breakAt(p.text, p.i) > 0 {
			break
		}
		r, size := utf8.DecodeRuneInString(p.text[p.i:])
		switch {
		case strings.HasPrefix(p.text[p.i:], "@'") || strings.HasPrefix(p.text[p.i:], `@"`):
			if breakAt(p.text, min(p.i+2, len(p.text))) == 0 || b.Len() > 0 {
				b.WriteByte('@')
				p.i++
				continue
			}
			w.bare = false
			return w, p.hereString(&w)
		case r == '\'' || strings.ContainsRune(smartSingle, r):
			whole := b.Len() == 0
			if err := p.single(&b); err != nil {
				return w, err
			}
			if whole {
				w.bare, w.text = false, b.String()
				return w, nil
			}
		case r == '"' || strings.ContainsRune("\u201c\u201d\u201e", r):
			whole := b.Len() == 0
			if err := p.double(&b, &w); err != nil {
				return w, err
			}
			if whole {
				w.bare, w.text = false, b.String()
				return w, nil
			}
		case r == '`':
			if continuation(p.text, p.i) > 0 {
				w.text = b.String()
				return w, nil
			}
			p.escape(&b)
		case r == '$':
			if err := p.dollar(&b, &w); err != nil {
				return w, err
			}
		case r == '<' && placeholder(p.text[p.i:]) > 0:
			n := placeholder(p.text[p.i:])
			b.WriteString(p.text[p.i : p.i+n])
			p.i += n
		case strings.ContainsRune(";|&()<>", r):
			w.text = b.String()
			return w, nil
		default:
			b.WriteString(p.text[p.i : p.i+size])
			p.i += size
		}
	}
	w.text = b.String()
	return w, nil
}

// single reads '...', where a doubled quote is one.
func (p *powershell) single(b *strings.Builder) error {
	isQuote := func(i int) int {
		r, size := utf8.DecodeRuneInString(p.text[i:])
		if r == '\'' || strings.ContainsRune(smartSingle, r) {
			return size
		}
		return 0
	}
	for p.i += isQuote(p.i); p.i < len(p.text); {
		n := isQuote(p.i)
		if n == 0 {
			b.WriteByte(p.text[p.i])
			p.i++
			continue
		}
		p.i += n
		if p.i >= len(p.text) || isQuote(p.i) == 0 {
			return nil
		}
		n = isQuote(p.i)
		b.WriteString(p.text[p.i : p.i+n])
		p.i += n
	}
	return ErrUnclosed
}

// double reads "...", with backtick escapes and doubled quotes.
func (p *powershell) double(b *strings.Builder, w *word) error {
	isQuote := func(i int) int {
		r, size := utf8.DecodeRuneInString(p.text[i:])
		if r == '"' || strings.ContainsRune("\u201c\u201d\u201e", r) {
			return size
		}
		return 0
	}
	for p.i += isQuote(p.i); p.i < len(p.text); {
		if n := isQuote(p.i); n > 0 {
			p.i += n
			if p.i >= len(p.text) || isQuote(p.i) == 0 {
				return nil
			}
			n = isQuote(p.i)
			b.WriteString(p.text[p.i : p.i+n])
			p.i += n
			continue
		}
		switch p.text[p.i] {
		case '`':
			p.escape(b)
		case '$':
			if err := p.dollar(b, w); err != nil {
				return err
			}
		default:
			b.WriteByte(p.text[p.i])
			p.i++
		}
	}
	return ErrUnclosed
}

// escape reads a backtick and the character after it.
func (p *powershell) escape(b *strings.Builder) {
	p.i++
	if p.i >= len(p.text) {
		b.WriteByte('`')
		return
	}
	special := map[byte]byte{'n': '\n', 't': '\t', 'r': '\r', 'a': 7, 'b': 8, 'e': 27, 'f': 12, 'v': 11}
	if c := special[p.text[p.i]]; c != 0 {
		b.WriteByte(c)
		p.i++
		return
	}
	_, size := utf8.DecodeRuneInString(p.text[p.i:])
	b.WriteString(p.text[p.i : p.i+size])
	p.i += size
}

// dollar keeps a variable as written.
func (p *powershell) dollar(b *strings.Builder, w *word) error {
	rest := p.text[p.i:]
	size := 1
	if strings.HasPrefix(rest, "$(") || strings.HasPrefix(rest, "${") {
		end, err := balanced(p.text, p.i+1)
		if err != nil {
			return err
		}
		size = end - p.i
	} else {
		for size < len(rest) && (isAlnum(rest[size]) || rest[size] == '_' ||
			rest[size] == ':' && size > 1 && size+1 < len(rest) && isLetter(rest[size+1])) {
			size++
		}
	}
	if size > 1 {
		w.unread = append(w.unread, rest[:size])
	}
	b.WriteString(rest[:size])
	p.i += size
	return nil
}

// hereString reads @' to '@, each at its line's edge.
func (p *powershell) hereString(w *word) error {
	quote := p.text[p.i+1 : p.i+2]
	from := p.i + 2
	from += breakAt(p.text, from)
	end := strings.Index(p.text[from:], "\n"+quote+"@")
	if end < 0 {
		return ErrUnclosed
	}
	w.text = strings.TrimSuffix(p.text[from:from+end], "\r")
	p.i = from + end + 3
	return nil
}

// passOn passes arguments to the program. Up to PowerShell 7.2, and where the
// line says Legacy, they are joined into one command line, so examples write \"
// for a quote; later versions pass them as they are. An example does one or the
// other throughout, so the two can be told apart. chosen is true where that was
// needed: the line itself does not say which version it is for.
func passOn(words []word, legacy bool) (out []word, chosen bool) {
	escaped, plain := false, false
	for _, w := range words {
		for i := 0; i < len(w.text); i++ {
			if w.text[i] != '"' {
				continue
			}
			if i > 0 && w.text[i-1] == '\\' {
				escaped = true
			} else {
				plain = true
			}
		}
	}
	if !legacy && (!escaped || plain) {
		return words, false
	}
	out = make([]word, 0, len(words))
	for _, w := range words {
		line := w.text
		if strings.ContainsAny(line, " \t\r\n\v\f\u0085\u00a0") || line == "" && !legacy {
			line = `"` + line + `"`
		}
		cuts, _ := splitWindows(line)
		for _, cut := range cuts {
			cut.bare, cut.unread = w.bare, w.unread
			out = append(out, cut)
		}
	}
	return out, !legacy
}
