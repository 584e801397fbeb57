package curl

import (
	"math"
	"net/url"
	"strconv"
	"strings"
)

// gathered is what a line asks for, before it is a spec.
type gathered struct {
	address  word
	method   string // -X; meaningful with hasX
	hasX     bool
	head     bool
	get      bool
	upload   bool
	data     strings.Builder
	hasData  bool
	json     bool
	parts    []part
	hasForm  bool
	queries  []string // --url-query
	headers  []string
	user     *string
	bearer   *string
	otherWay bool // a way to sign in that is not carried over
	agent    *string
	referer  *string
	cookies  []string
	ranges   *string
	globOff  bool
	asIs     bool
	scheme   string
	location bool
	maxRedir int
	limit    int

	made, not []Item
}

// part is one -F.
type part struct{ name, value string }

func (g *gathered) omit(what, why string) { g.not = addItem(g.not, Item{What: what, Why: why}) }

// gather walks the options in their order.
func gather(words []word) (*gathered, error) {
	uses, urls, said, err := arguments(words)
	if err != nil {
		return nil, err
	}
	g := &gathered{scheme: "http", maxRedir: 5}
	g.not = said
	for _, u := range uses {
		if u.why != "" {
			if u.long == "digest" || u.why == whyAuth {
				g.otherWay = g.otherWay || !u.off
			}
			if !u.off {
				g.omit(u.typed, u.why)
			}
			continue
		}
		if u.quiet {
			continue
		}
		if u.long == "url" {
			urls = append(urls, u.value)
			continue
		}
		for _, name := range u.value.unread {
			g.unread(name)
		}
		if err := g.use(u); err != nil {
			return nil, err
		}
	}
	switch {
	case len(urls) == 0:
		return nil, ErrNoURL
	case len(urls) > 1:
		return nil, ErrSeveral.WithMessage("The line has %d addresses, and a setup calls one.", len(urls)).
			WithHint("Paste the line with one address. Put quotes around text that holds blanks.")
	}
	g.address = urls[0]
	for _, name := range g.address.unread {
		g.unread(name)
	}
	return g, g.clash()
}

func (g *gathered) unread(name string) {
	why := "The shell fills this in, and Keydesk runs no shell. It is kept as text; type the value in its place."
	what := name
	switch {
	case strings.HasPrefix(name, "$("), strings.HasPrefix(name, "`"):
		why = "The shell runs this command, and Keydesk runs no shell. It is kept as text; type what it would print."
		// The command's first word only: the rest may hold a secret.
		open := name[:len(name)-len(strings.TrimLeft(name, "$(`"))]
		first, _, more := strings.Cut(strings.TrimSpace(name[len(open):]), " ")
		if what = open + first; more {
			what += " ..."
		}
	case strings.HasPrefix(name, "${"):
		end := 2
		for end < len(name) && (isAlnum(name[end]) || name[end] == '_') {
			end++
		}
		what = name[:end] + "}"
	}
	g.omit(short(what), why)
}

// clash refuses what curl itself refuses.
func (g *gathered) clash() error {
	body := g.hasData && !g.get
	kinds := 0
	for _, one := range []bool{body, g.hasForm, g.head && !(g.get && g.hasData), g.upload} {
		if one {
			kinds++
		}
	}
	if kinds > 1 {
		return ErrOption.WithMessage("The line asks for two kinds of body at once, which curl refuses.")
	}
	return nil
}

func (g *gathered) use(u use) error {
	value := u.value.text
	switch u.long {
	case "next":
		return ErrSeveral.WithMessage("%s begins a second call, and a setup makes one.", u.typed)
	case "data", "data-ascii", "data-binary", "data-raw", "json", "data-urlencode":
		g.addData(u)
	case "form", "form-string":
		g.hasForm = true
		return g.addForm(u)
	case "form-escape":
		g.omit(u.typed, "Keydesk writes field names as browsers do.")
	case "get":
		g.get = !u.off
	case "head":
		g.head = !u.off
	case "header":
		if strings.HasPrefix(value, "@") {
			g.omit(u.typed+" "+short(value), whyFile)
			break
		}
		g.headers = append(g.headers, value)
	case "user":
		g.user = &value
	case "request":
		g.method, g.hasX = value, true
	case "insecure":
		if !u.off {
			g.omit(u.typed, "TLS checks stay on; an imported line cannot switch them off. If you may do so, switch them off under Options.")
		}
	case "location", "location-trusted":
		g.location = !u.off
		if u.long == "location-trusted" && !u.off {
			g.omit(u.typed, "Secrets are never sent to another host.")
		}
	case "max-redirs":
		n, err := strconv.Atoi(strings.TrimSpace(value))
		if err != nil {
			return ErrOption.WithMessage("%s needs a whole number.", u.typed)
		}
		if n < 0 || n > 5 {
			n = 5
		}
		g.maxRedir = n
	case "url-query":
		if raw, plain := strings.CutPrefix(value, "+"); plain {
			g.queries = append(g.queries, raw)
		} else if text, file := urlEncode(value); file {
			g.omit(u.typed+" "+short(value), whyFile)
		} else {
			g.queries = append(g.queries, text)
		}
	case "oauth2-bearer":
		g.bearer = &value
	case "basic": // what -u means anyway; with another way curl sends neither at first
	case "compressed":
		g.made = addItem(g.made, Item{What: u.typed, Why: "Keydesk accepts compressed answers anyway."})
	case "user-agent":
		g.agent = &value
	case "referer":
		value = strings.TrimSuffix(value, ";auto")
		g.referer = &value
	case "cookie":
		if !strings.Contains(value, "=") || strings.HasPrefix(value, "@") {
			g.omit(u.typed+" "+short(value), whyFile)
			break
		}
		g.cookies = append(g.cookies, value)
	case "max-time":
		return g.timeLimit(u)
	case "range":
		g.ranges = &value
	case "globoff":
		g.globOff = !u.off
	case "path-as-is":
		g.asIs = !u.off
	case "proto-default":
		g.scheme = strings.ToLower(value)
	case "upload-file":
		g.upload = true
		g.omit(u.typed+" "+short(value), whyFile+" Paste its text as the body.")
	}
	return nil
}

func (g *gathered) timeLimit(u use) error {
	seconds, err := strconv.ParseFloat(strings.TrimSpace(u.value.text), 64)
	if err != nil || math.IsNaN(seconds) || seconds < 0 {
		return ErrOption.WithMessage("%s needs a number of seconds.", u.typed)
	}
	g.limit = int(math.Ceil(min(seconds, 301)))
	if g.limit > 300 {
		g.limit = 300
		g.omit(u.typed, "A call can take 300 seconds at most, so that is its limit.")
	}
	return nil
}

// addData joins data with &, except for --json, whose pieces are one text.
func (g *gathered) addData(u use) {
	text, file := u.value.text, false
	switch u.long {
	case "data-raw":
	case "data-urlencode":
		text, file = urlEncode(text)
	default:
		file = strings.HasPrefix(text, "@")
	}
	if g.hasData && u.long != "json" {
		g.data.WriteByte('&')
	}
	g.hasData, g.json = true, g.json || u.long == "json"
	if file {
		what := u.typed + " " + short(u.value.text)
		why := whyFile + " Paste its text as the body."
		if strings.HasSuffix(u.value.text, "@-") {
			why = "The text would come from another command or be typed in. Paste it as the body."
		}
		g.omit(what, why)
		return
	}
	g.data.WriteString(text)
}

// urlEncode reads the forms of --data-urlencode: content, =content,
// name=content, and with @ a file.
func urlEncode(text string) (encoded string, file bool) {
	at := strings.IndexByte(text, '=')
	if at < 0 {
		if strings.Contains(text, "@") {
			return "", true
		}
		return url.QueryEscape(text), false
	}
	name, content := text[:at], url.QueryEscape(text[at+1:])
	if name == "" {
		return content, false
	}
	return name + "=" + content, false
}

// addForm reads -F name=content;type=... (curl's formparse).
func (g *gathered) addForm(u use) error {
	name, content, found := strings.Cut(u.value.text, "=")
	if !found {
		return ErrOption.WithMessage("%s needs a field as name=value.", u.typed)
	}
	what := u.typed + " " + short(name)
	if name == "" {
		g.omit(u.typed, "A form field needs a name.")
		return nil
	}
	if u.long == "form-string" {
		g.parts = append(g.parts, part{name, content})
		return nil
	}
	switch {
	case strings.HasPrefix(content, "@"), strings.HasPrefix(content, "<"):
		g.omit(what, whyFile+" Fields of a form are text.")
		return nil
	case strings.HasPrefix(content, "("):
		g.omit(what, "Keydesk sends form fields as a flat list, not nested.")
		return nil
	}
	value, rest := formWord(content)
	for _, extra := range strings.Split(rest, ";") {
		kind, _, _ := strings.Cut(strings.TrimSpace(extra), "=")
		switch strings.ToLower(strings.TrimSpace(kind)) {
		case "type", "filename", "headers", "encoder":
			g.omit(what+" "+strings.ToLower(kind), "Keydesk sends the field's value without it.")
		}
	}
	g.parts = append(g.parts, part{name, value})
	return nil
}

// formWord separates a field's value from what describes it, and trims blanks
// around it. A value may be in quotes, in which a backslash keeps a quote or a
// backslash; what is between the closing quote and the next ; is ignored.
func formWord(text string) (value, rest string) {
	text = strings.TrimLeft(text, " \t\r\n\v\f")
	if strings.HasPrefix(text, `"`) {
		var b strings.Builder
		for i := 1; i < len(text); i++ {
			switch c := text[i]; {
			case c == '\\' && i+1 < len(text) && (text[i+1] == '\\' || text[i+1] == '"'):
				i++
				b.WriteByte(text[i])
			case c == '"':
				_, rest, _ = strings.Cut(text[i+1:], ";")
				return b.String(), rest
			default:
				b.WriteByte(c)
			}
		}
	}
	value, rest, _ = strings.Cut(text, ";")
	return strings.TrimRight(value, " \t\r\n\v\f"), rest
}
