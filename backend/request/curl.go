package request

import (
	"fmt"
	"strings"
)

// Shell is the shell a curl line is copied for.
type Shell string

// The three shells of Copy as curl.
const (
	POSIX      Shell = "sh"
	PowerShell Shell = "powershell"
	Cmd        Shell = "cmd"
)

// Curl returns a line that sends the same request with curl. A secret is
// replaced by a word in angle brackets, such as <TOKEN> or <PASSWORD>. Inside
// the quotes of all three shells that is inert, so a line that is run before
// the words are replaced fails at the server and nowhere else. In a URL or form
// the secret must be typed as it is escaped there.
//
// cmd cannot carry a carriage return: there a multipart body is written as
// --form-string, for which curl makes its own boundary, and other carriage
// returns are left out.
func (r *Rendered) Curl(shell Shell) string {
	words := &placeholders{taken: map[string]string{}, texts: map[string]string{}}
	return quoteLine(shell, r.twin(false).curlArgs(shell, words))
}

// curlArgs are curl's arguments, an option and its value together.
func (r *Rendered) curlArgs(shell Shell, words *placeholders) [][]string {
	target := words.write(r.front) + words.write(r.target)
	args := [][]string{{target}}
	option := func(parts ...string) { args = append(args, parts) }
	size := r.body.size()
	hasBody := !r.body.isEmpty() || r.hasLength
	switch {
	case r.method == "HEAD" && !hasBody:
		option("--head")
	case r.method == "GET" && !hasBody, r.method == "POST":
	default:
		option("--request", r.method)
	}
	if r.dest.scheme == "https" {
		option("--http1.1")
	}
	if strings.ContainsAny(target, "[]{}") {
		option("--globoff")
	}
	if strings.Contains(r.target.text(), "/.") {
		option("--path-as-is")
	}
	sent := map[string]bool{}
	for _, line := range r.head()[1:] {
		lower := strings.ToLower(line.name)
		sent[lower] = true
		switch {
		case lower == "content-length":
			continue
		case lower == "authorization" && r.basicPassword != nil:
			option("--user", words.write(r.basicUser)+":"+words.write(r.basicPassword))
			continue
		case lower == "content-type" && shell == Cmd && len(r.parts) > 0:
			continue
		case lower == "accept-encoding":
			option("--compressed")
		}
		if text := words.write(line.value); text != "" {
			option("--header", line.name+": "+text)
		} else {
			option("--header", line.name+";")
		}
	}
	for _, name := range []string{"User-Agent", "Accept"} {
		if !sent[strings.ToLower(name)] {
			option("--header", name+":")
		}
	}
	if !hasBody {
		return args
	}
	if shell == Cmd && len(r.parts) > 0 {
		for _, part := range r.parts {
			option("--form-string", words.write(part.name)+"="+words.write(part.value))
		}
		return args
	}
	if !sent["content-type"] {
		option("--header", "Content-Type:")
	}
	if size > 1024 {
		// Older curls wait for 100 Continue before a body this long.
		option("--header", "Expect:")
	}
	body := words.write(r.body)
	if shell == Cmd {
		body = strings.ReplaceAll(body, "\r", "")
	}
	option("--data-raw", body)
	return args
}

// placeholders assigns each secret of a line its word.
type placeholders struct {
	taken map[string]string // word to the secret it replaces
	texts map[string]string // what each word replaces, as it is written in the line
}

func (w *placeholders) write(from pieces) string {
	var b strings.Builder
	for i := 0; i < len(from); i++ {
		p := from[i]
		if !p.secret {
			b.WriteString(p.text)
			continue
		}
		text := p.identity()
		for i+1 < len(from) && from[i+1].secret && from[i+1].label == p.label {
			i++
			text += from[i].identity()
		}
		b.WriteString(w.word(p.label, text))
	}
	return b.String()
}

func (w *placeholders) word(label, text string) string {
	name := strings.Map(func(r rune) rune {
		switch {
		case r < 0x80 && isAlnum(byte(r)):
			return r
		default:
			return '_'
		}
	}, strings.ToUpper(label))
	if strings.Trim(name, "_") == "" {
		name = "SECRET"
	}
	word := "<" + name + ">"
	for n := 2; ; n++ {
		if other, taken := w.taken[word]; !taken || other == text {
			break
		}
		word = fmt.Sprintf("<%s_%d>", name, n)
	}
	w.taken[word], w.texts[word] = text, text
	return word
}
