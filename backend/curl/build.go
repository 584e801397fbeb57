package curl

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"keydesk/backend/request"
	"keydesk/backend/secret"
)

// read takes the text apart and builds the spec.
func read(text string) (Import, error) {
	text, dialect, prompt := prepare(text)
	var s script
	var err error
	switch dialect {
	case Cmd:
		s, err = readCmd(text)
	case PowerShell:
		s, err = readPowerShell(text)
	default:
		s, err = readPOSIX(text, prompt)
	}
	if err != nil {
		return Import{}, err
	}
	words, said, err := pick(s)
	if err != nil {
		return Import{}, err
	}
	g, err := gather(words)
	if err != nil {
		return Import{}, err
	}
	where, err := g.readAddress()
	if err != nil {
		return Import{}, err
	}
	b := &build{g: g, address: where, vars: map[string]int{}}
	b.in.Dialect = dialect
	b.spec = &b.in.Spec
	b.all()
	b.in.NotCarried = append(append(append([]Item{}, said...), g.not...), b.not...)
	b.in.Made = append(append(append([]Item{}, b.made...), s.made...), g.made...)
	b.findings()
	if b.in.Secrets == nil {
		b.in.Secrets = []string{}
	}
	return b.in, nil
}

// build turns what was gathered into a spec.
type build struct {
	g       *gathered
	address address
	in      Import
	spec    *request.Spec
	rows    []headerRow
	made    []Item
	not     []Item
	vars    map[string]int // names in use, with the last number added to each
}

func (b *build) omit(what, at, why string) { b.not = append(b.not, Item{What: what, At: at, Why: why}) }
func (b *build) note(what, at, why string) {
	b.made = append(b.made, Item{What: what, At: at, Why: why})
}

func (b *build) all() {
	b.spec.Headers, b.spec.Params = []request.Header{}, []request.Param{}
	b.spec.StageParams, b.spec.Fixed = []request.StageParam{}, []request.Field{}
	b.spec.Auth.Type = request.NoAuth
	b.method()
	b.readHeaders()
	b.url()
	b.auth()
	b.body()
	b.writeHeaders()
	b.keyAuth()
	b.options()
	b.summarize()
}

func (b *build) method() {
	g := b.g
	method := "GET"
	switch {
	case g.hasX:
		method = g.method
	case g.head:
		method = "HEAD"
	case g.hasForm, g.hasData && !g.get:
		method = "POST"
	case g.upload:
		method = "PUT"
	}
	upper := strings.ToUpper(method)
	switch {
	case !knownMethod(upper):
		b.omit("Method "+short(method), "method", "Keydesk knows GET, POST, PUT, DELETE, PATCH, HEAD and OPTIONS. Choose one of them.")
		upper = ""
	case upper != method:
		b.omit("Method "+short(method), "method", "Keydesk writes methods in capitals, as servers know them: "+upper+".")
	}
	b.spec.Method = upper
}

func knownMethod(method string) bool {
	switch method {
	case "GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS":
		return true
	}
	return false
}

func bodyless(method string) bool {
	return method == "GET" || method == "HEAD" || method == "DELETE" || method == "OPTIONS"
}

// value makes a template that renders to this text.
func value(text string, hide bool) request.Value {
	if hide {
		return request.Value{Secret: true, Typed: secret.New(request.Escape(text))}
	}
	return request.Value{Plain: request.Escape(text)}
}

// url writes the address, its query as rows if those give the same bytes.
func (b *build) url() {
	a := b.address
	front := a.scheme + "://" + a.host
	b.in.URL = front + a.path
	path := b.hidePath(a.path)
	query := a.query
	if a.added != "" {
		if query != "" && !strings.HasSuffix(query, "&") {
			query += "&"
		}
		query += a.added
		a.hasQuery = true
	}
	switch {
	case !a.hasQuery:
	case b.queryRows(query):
	default:
		if path == "" {
			path = "/"
		}
		path += "?" + b.hidePairs(query)
	}
	b.spec.URL = request.Escape(front) + path
}

// queryRows turns a query into parameter rows, all or none.
func (b *build) queryRows(query string) bool {
	in := request.ParamQuery
	if bodyless(b.spec.Method) {
		in = request.ParamAuto
	}
	rows, ok := pairRows(query, in, true)
	if ok {
		b.spec.Params = append(b.spec.Params, rows...)
	}
	return ok
}

// pairRows reads name=value&... into rows that are written the same. In a query
// the case of escapes does not matter (RFC 3986 section 6.2.2.1), and curl
// itself changes it.
func pairRows(text string, in request.ParamIn, query bool) ([]request.Param, bool) {
	if text == "" || strings.Count(text, "&") >= request.MaxRows/2 {
		return nil, false
	}
	var rows []request.Param
	for _, pair := range strings.Split(text, "&") {
		rawName, rawValue, found := strings.Cut(pair, "=")
		name, err1 := url.QueryUnescape(rawName)
		plain, err2 := url.QueryUnescape(rawValue)
		if !found || err1 != nil || err2 != nil || !rowName(name) || !rowText(plain) ||
			!sameEscapes(url.QueryEscape(name), rawName, query) || !sameEscapes(url.QueryEscape(plain), rawValue, query) {
			return nil, false
		}
		hide := plain != "" && (secretName(name) || secretValue(plain))
		rows = append(rows, request.Param{Name: strings.ReplaceAll(name, `\`, `\\`), Value: value(plain, hide), In: in})
	}
	return rows, true
}

func sameEscapes(made, typed string, anyCase bool) bool {
	if made == typed || !anyCase || len(made) != len(typed) {
		return made == typed
	}
	for i := 0; i < len(made); i++ {
		if made[i] == '%' && typed[i] == '%' && i+2 < len(made) {
			if !strings.EqualFold(made[i:i+3], typed[i:i+3]) {
				return false
			}
			i += 2
		} else if made[i] != typed[i] {
			return false
		}
	}
	return true
}

func (b *build) options() {
	if b.g.location {
		b.in.Options.Redirects = b.g.maxRedir
		why := "Only to the same scheme, host and port; any other redirect is shown, not followed."
		b.note("Redirects: up to "+strconv.Itoa(b.g.maxRedir), "options.redirects", why)
	}
	if b.in.Options.TimeLimit = b.g.limit; b.g.limit > 0 {
		b.note("Time limit: "+strconv.Itoa(b.g.limit)+" s", "options.time_limit", "")
	}
}

// summarize lists what is made and where secrets are, in the form's order.
func (b *build) summarize() {
	s := b.spec
	var list []Item
	add := func(what, at string, v request.Value) {
		why := ""
		if v.Secret {
			why = "It looks secret, so it is kept as one."
			b.in.Secrets = append(b.in.Secrets, at)
		}
		list = append(list, Item{What: what, At: at, Why: why})
	}
	if s.Method != "" {
		add("Method "+s.Method, "method", request.Value{})
	}
	add("API URL "+short(b.in.URL), "url", request.Value{})
	switch a := s.Auth; a.Type {
	case request.Basic:
		add("Basic Auth, user "+short(a.Username), "auth.username", request.Value{})
		if a.Password.Secret {
			add("Basic Auth, password", "auth.password", a.Password)
		}
	case request.Bearer:
		add("Bearer Token", "auth.token", a.Token)
	case request.APIKey:
		add("API Key "+short(a.KeyName), "auth.key_value", a.KeyValue)
	}
	for i, h := range s.Headers {
		add("Header "+short(h.Name), row("headers", i), h.Value)
	}
	for i, p := range s.Params {
		what := "Parameter " + short(p.Name)
		if p.In == request.ParamNowhere {
			what = "Value {{" + short(p.Name) + "}}"
		}
		add(what, row("params", i), p.Value)
	}
	if s.RawBody != "" {
		list = append(list, Item{What: fmt.Sprintf("Body, %s, %d bytes", formatWords[s.BodyFormat], b.g.data.Len()), At: "raw_body"})
	}
	b.made = append(list, b.made...)
}

var formatWords = map[request.BodyFormat]string{request.RawJSON: "raw JSON", request.RawXML: "raw XML", request.RawText: "raw text"}

func row(list string, i int) string { return list + "[" + strconv.Itoa(i) + "].value" }

// findings lists what request.Check refuses and nothing above has reported, so
// that nothing is a surprise when the form is saved.
func (b *build) findings() {
	told := map[string]bool{}
	for _, item := range b.in.NotCarried {
		told[item.At] = item.At != ""
	}
	for _, f := range request.Check(*b.spec, nil) {
		if !told[f.Name] {
			told[f.Name] = true
			b.in.NotCarried = append(b.in.NotCarried, Item{What: "To be changed", At: f.Name, Why: f.Message})
		}
	}
}
