package simulate

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"keydesk/backend/limit"
	"keydesk/backend/provider"
)

// finding is a sentence about one fault of a request. It never repeats a value.
type finding struct {
	kind kind
	text string
}

type kind int

const (
	other kind = iota
	credentials
	number
)

// refusal is the outcome with which the provider would answer it.
func (f finding) refusal() provider.Outcome {
	switch f.kind {
	case credentials:
		return provider.WrongCredentials
	case number:
		return provider.BadNumber
	}
	return malformed
}

// inspect compares a request with the provider's template, credentials first. A
// request that is too much to be compared has one finding, and no success.
func inspect(p *provider.Provider, r *http.Request, body []byte) []finding {
	i := &inspector{p: p, r: r, budget: limit.New(r.Context())}
	i.read(body)
	i.address()
	i.auth()
	i.headers()
	if len(i.sent.broken) > 0 {
		i.add(other, "%s", i.sent.broken)
	} else {
		i.params()
	}
	if i.budget.Err() != nil {
		return []finding{{other, "The request is too large for the simulator to compare it with what " + p.Service + " expects."}}
	}
	slices.SortStableFunc(i.found, func(a, b finding) int { return rank(a.kind) - rank(b.kind) })
	const most = 10
	return i.found[:min(len(i.found), most)]
}

func rank(k kind) int { return map[kind]int{credentials: 0, other: 1, number: 2}[k] }

type inspector struct {
	p      *provider.Provider
	r      *http.Request
	budget *limit.Budget
	sent   sent
	query  url.Values
	found  []finding
}

func (i *inspector) add(k kind, format string, args ...any) {
	i.found = append(i.found, finding{k, fmt.Sprintf(format, args...)})
}

func (i *inspector) address() {
	t := i.p.Request
	if i.r.Method != t.Method {
		i.add(other, "The method is %s; %s takes %s.", i.r.Method, i.p.Service, t.Method)
	}
	_, rest, _ := strings.Cut(t.URL, "://")
	host, path := rest, "/"
	if end := strings.IndexAny(rest, "/?"); end >= 0 {
		host, path = rest[:end], rest[end:]
	}
	if !i.fits(i.expression(host, plain), i.r.Host) {
		i.add(other, "The host is not one of %s's.", i.p.Service)
	}
	path, query, _ := strings.Cut(path, "?")
	if !i.fits(i.expression(path, segment), i.r.URL.EscapedPath()) {
		i.add(other, "The path is not %s.", path)
	}
	for _, pair := range strings.Split(query, "&") {
		if name, value, found := strings.Cut(pair, "="); found {
			i.one(i.query[name], name, value, "query")
		}
	}
}

func (i *inspector) auth() {
	a := i.p.Request.Auth
	authorization := i.r.Header.Get("Authorization")
	switch a.Type {
	case "api_key":
		switch a.AddTo {
		case "header":
			i.credential(i.r.Header.Values(a.Name), "header "+a.Name, a.Value)
		case "query":
			i.credential(i.query[a.Name], "query parameter "+a.Name, a.Value)
		default:
			i.credential(i.sent.values(a.Name), "body field "+a.Name, a.Value)
		}
	case "bearer":
		i.credential(i.r.Header.Values("Authorization"), "header Authorization", "Bearer "+a.Token)
	case "oauth2":
		i.credential(i.r.Header.Values("Authorization"), "header Authorization", strings.TrimSpace(a.Prefix+" "+a.Token))
	case "basic":
		encoded, found := strings.CutPrefix(authorization, "Basic ")
		pair, err := base64.StdEncoding.DecodeString(encoded)
		if !found || err != nil {
			i.add(credentials, "The header Authorization does not hold Basic and a user name with a password.")
			return
		}
		i.credential([]string{string(pair)}, "header Authorization", a.Username+":"+a.Password)
	}
}

func (i *inspector) credential(got []string, where, template string) {
	switch {
	case len(got) == 0:
		i.add(credentials, "The %s is missing.", where)
	case len(got) > 1:
		i.add(credentials, "The %s is there %d times.", where, len(got))
	case !i.fits(i.expression(template, plain), got[0]):
		i.add(credentials, "The %s does not hold what %s expects.", where, i.p.Service)
	}
}

func (i *inspector) headers() {
	for _, h := range i.p.Request.Headers {
		got := i.r.Header.Values(h.Name)
		if len(got) == 0 {
			i.add(other, "The header %s is missing.", h.Name)
		} else if !i.fits(i.expression(h.Value, plain), got[0]) {
			i.add(other, "The header %s does not hold what %s expects.", h.Name, i.p.Service)
		}
	}
}

// Ways in which a value is written where a pattern is matched.
type written int

const (
	plain written = iota
	segment
)

var token = regexp.MustCompile(`\{\{\s*([^|{}\s]+)\s*(?:\|\s*([^{}]*?)\s*)?\}\}`)

// fits tells whether a text is what an expression allows.
func (i *inspector) fits(expression, text string) bool {
	if !i.budget.Work(int64(1000 + 100*len(expression))) { // to compile it
		return false
	}
	pattern, err := limit.Compile(`(?s)^` + expression + `$`)
	if err != nil {
		i.add(other, "The file's template is too large for the simulator to compare a request with it.")
		return true
	}
	return pattern.Match(i.budget, text)
}

// expression turns a template into one that fits what may be sent for it.
func (i *inspector) expression(template string, how written) string {
	var b strings.Builder
	from := 0
	for _, m := range token.FindAllStringSubmatchIndex(template, -1) {
		b.WriteString(regexp.QuoteMeta(unescaped.Replace(template[from:m[0]])))
		format := ""
		if m[4] >= 0 {
			format = template[m[4]:m[5]]
		}
		b.WriteString("(?:" + i.value(template[m[2]:m[3]], format, how) + ")")
		from = m[1]
	}
	b.WriteString(regexp.QuoteMeta(unescaped.Replace(template[from:])))
	return b.String()
}

var unescaped = strings.NewReplacer(`\{{`, "{{")

// value is the pattern of a field's value in a format.
func (i *inspector) value(name, format string, how written) string {
	anything := `.+`
	if how == segment {
		anything = `[^/]+`
	}
	switch format {
	case "e164":
		return `\+[1-9][0-9]{6,14}`
	case "digits":
		return `[1-9][0-9]{6,14}`
	case "national":
		return `[0-9]{4,14}`
	case "country":
		return `[1-9][0-9]{0,2}`
	}
	f, found := i.p.Field(name)
	switch {
	case !found || format != "":
		return anything
	case f.Secret:
		text := i.p.StandIn(f)
		if how == segment {
			text = strings.ReplaceAll(url.QueryEscape(text), "+", "%20")
		}
		return regexp.QuoteMeta(text)
	case f.Kind == provider.Choice:
		quoted := make([]string, len(f.Choices))
		for k, choice := range f.Choices {
			quoted[k] = regexp.QuoteMeta(choice)
		}
		return strings.Join(quoted, "|")
	case f.Pattern != "" && f.Belongs == provider.OfAccount:
		return f.Pattern
	case f.Kind == provider.EmailField && how == plain:
		return address + `(?:\s*,\s*` + address + `)*`
	}
	return anything
}

// address is an e-mail address, alone or in angle brackets after a name (RFC
// 5322, 3.4). It allows everything that the strictest provider accepts. No
// provider accepts a domain without a dot.
const address = `(?:[^<>@,]*<[^\s<>@,;]+@[^\s<>@,;]+\.[^\s<>@,;.]+>|[^\s<>@,;]+@[^\s<>@,;]+\.[^\s<>@,;.]+)`

// isAddress tells whether a template is a single field of kind email.
func (i *inspector) isAddress(template string) bool {
	m := token.FindStringSubmatch(template)
	if m == nil || m[0] != template {
		return false
	}
	f, found := i.p.Field(m[1])
	return found && f.Kind == provider.EmailField
}

// isNumber tells whether a template makes a phone number.
func isNumber(template string) bool {
	for _, m := range token.FindAllStringSubmatch(template, -1) {
		switch m[2] {
		case "e164", "digits", "national", "country":
			return true
		}
	}
	return false
}
