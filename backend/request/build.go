package request

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"keydesk/backend/fault"
	"keydesk/backend/secret"
)

// headerLine is one header as it goes out.
type headerLine struct {
	name  string
	value pieces
}

// missingName is a variable without a value, and the input that needs it.
// Where nothing defines it, Check has already said so at that input.
type missingName struct {
	name, at  string
	undefined bool
}

// Rendered is one call as exact bytes, with the origin of each. Preview, Wire,
// HTTPRequest and Curl are views of the same pieces, so they cannot differ.
// It prints as nothing but its method and host: the pieces hold plain secrets.
type Rendered struct {
	method    string
	dest      destination
	front     pieces // scheme, host and port
	target    pieces // path and query
	userAgent pieces
	hasLength bool
	headers   []headerLine // all but Host, User-Agent and Content-Length, in wire order
	body      pieces
	boundary  string

	basicUser, basicPassword pieces // for curl -u
	parts                    []formPart

	notes    []string
	missing  []missingName
	problems fault.Fields
	withheld []string // inputs whose value exists but was not given
	secrets  []secret.Text
	known    map[string]bool
}

// formPart is one field of a multipart body, for shells that cannot carry the
// body itself.
type formPart struct{ name, value pieces }

// Format keeps the pieces out of logs.
func (r *Rendered) Format(f fmt.State, _ rune) {
	_, _ = f.Write([]byte("request to " + r.dest.authority()))
}

// builder renders one spec.
type builder struct {
	spec   Spec
	env    Env
	names  *scope
	format BodyFormat
	used   map[string]bool // names some template mentions
	// refused are the inputs Check has spoken about; its word is enough.
	refused map[string]bool
	out     *Rendered
}

// Build renders a call for one record (values by stage field name). It never
// fails: what cannot be rendered stands as it was written and is told by Err,
// which also holds everything Check refuses, so that nothing unchecked is ever
// sent. Equal arguments give equal bytes.
func Build(spec Spec, record map[string]string, env Env) *Rendered {
	b := &builder{
		spec: spec, env: env, names: newScope(spec, record, env), format: bodyFormat(spec),
		used: mentioned(spec), refused: map[string]bool{},
		out: &Rendered{method: spec.Method, known: map[string]bool{}},
	}
	b.out.problems = Check(spec, nil)
	for _, f := range b.out.problems {
		b.refused[f.Name] = true
	}
	b.buildTarget()
	b.buildBody()
	b.buildHeaders()
	return b.out
}

func (b *builder) problem(at, message string) {
	if b.refused[at] || slices.Contains(b.out.problems, fault.Field{Name: at, Message: message}) {
		return
	}
	b.out.problems.Add(at, "%s", message)
}

func (b *builder) note(format string, args ...any) {
	b.out.notes = append(b.out.notes, fmt.Sprintf(format, args...))
}

// keep remembers a secret, in each form it takes in the request.
func (b *builder) keep(texts ...string) {
	for _, text := range texts {
		if text != "" && !b.out.known[text] {
			b.out.known[text] = true
			b.out.secrets = append(b.out.secrets, secret.New(text))
		}
	}
}

// as says whose value is rendered: its input, its origin, the word that stands
// for it when secret.
type as struct {
	at, origin, label string
	secret            bool
}

// expand renders a template for one place. The missing names are returned, not
// noted, since an optional row is then left out.
func (b *builder) expand(text string, who as, esc escaper) (out pieces, missing []string) {
	tokens, _ := scan(text) // Check tells the faults
	return b.fill(tokens, who, esc)
}

func (b *builder) fill(tokens []token, who as, esc escaper) (out pieces, missing []string) {
	var whole strings.Builder // the value before escaping
	for _, tok := range tokens {
		if tok.name == "" {
			escaped := esc.literal(tok.literal)
			if who.secret && len(tok.literal) >= minSecretPart {
				b.keep(tok.literal, escaped)
			}
			whole.WriteString(tok.literal)
			out.add(piece{text: escaped, origin: who.origin, label: who.label, secret: who.secret})
			continue
		}
		v, known := b.names.find(tok.name)
		if v.withheld {
			b.out.withheld = append(b.out.withheld, who.at)
			out.add(piece{origin: v.origin, label: v.label, secret: true, withheld: true})
			continue
		}
		if !known || v.value == "" {
			missing = append(missing, tok.name)
			out.add(piece{text: tok.written, origin: who.origin, missing: true})
			continue
		}
		source := v.value
		if tok.name == "$timestamp" && strings.HasPrefix(tok.format, "date:") {
			source = b.env.Now.Format(time.RFC3339)
		}
		value, complaint := applyFormat(tok.format, source, b.env)
		if complaint != "" {
			b.problem(who.at, short(tok.name)+" "+complaint)
		}
		escaped, complaint := esc.value(value)
		if complaint != "" {
			b.problem(who.at, short(tok.name)+" "+complaint)
		}
		next := piece{text: escaped, origin: v.origin, label: v.label, secret: v.secret || who.secret}
		if next.label == "" {
			next.label = who.label
		}
		if v.secret {
			b.keep(v.value, value, escaped)
		}
		whole.WriteString(value)
		out.add(next)
	}
	if who.secret && len(missing) == 0 {
		// A header is sent without the blanks around its value.
		b.keep(whole.String(), strings.TrimSpace(whole.String()), out.text(), strings.TrimSpace(out.text()))
	}
	return out, missing
}

// minSecretPart is how long, in bytes, a literal part of a secret must be to
// be taken out of answers by itself: a shorter one would take out what is not
// secret.
const minSecretPart = 8

// value renders a value that may be secret and may be only stored.
func (b *builder) value(v Value, who as, esc escaper) (pieces, []string) {
	who.secret = who.secret || v.Secret
	if v.Secret && v.Typed.IsEmpty() && v.Stored {
		b.out.withheld = append(b.out.withheld, who.at)
		return pieces{{origin: who.origin, label: who.label, secret: true, withheld: true}}, nil
	}
	return b.expand(v.Reveal(), who, esc)
}

func (b *builder) lack(at string, names []string) {
	for _, name := range names {
		_, known := b.names.find(name)
		b.out.missing = append(b.out.missing, missingName{name, at, !known})
	}
}

func (b *builder) buildTarget() {
	u := splitURL(b.spec.URL, b.names)
	b.lack("url", u.blank)
	for _, p := range u.pieces {
		if name := strings.TrimSuffix(strings.TrimPrefix(p.text, "{{"), "}}"); p.missing {
			if _, known := b.names.find(name); !known {
				b.lack("url", []string{name})
			}
		}
	}
	b.out.front = u.pieces
	if d, complaint := u.destination(); complaint == "" {
		b.out.dest = d
		if sent := d.scheme + "://" + d.authority(); sent != u.pieces.text() {
			b.out.front = pieces{{text: sent, origin: originURL}}
		}
	}
	who := as{at: "url", origin: originURL}
	path, missing := b.fill(u.path, who, pathText{})
	b.lack("url", missing)
	b.refuseDots(u.path, path)
	if path.size() == 0 {
		path = pieces{{text: "/", origin: originURL}}
	}
	query, missing := b.fill(u.query, who, urlQueryText{})
	b.lack("url", missing)
	b.out.target = path
	first := !u.hasQuery
	if u.hasQuery {
		b.out.target.add(piece{text: "?", origin: originURL})
		b.out.target.addAll(query)
	}
	bare := query.size() == 0 || strings.HasSuffix(query.text(), "&")
	for _, pair := range b.fields(ParamQuery) {
		switch {
		case first:
			b.out.target.add(piece{text: "?"})
		case !bare:
			b.out.target.add(piece{text: "&"})
		}
		first, bare = false, false
		b.out.target.add(piece{text: url.QueryEscape(plainName(pair.name)) + "=", origin: pair.origin})
		b.out.target.addAll(pair.value)
	}
}

// refuseDots keeps a value from climbing the path: a segment made of values
// that reads "." or ".." would be resolved away (RFC 3986 section 5.2.4).
func (b *builder) refuseDots(tokens []token, path pieces) {
	variable := false
	for _, tok := range tokens {
		variable = variable || tok.name != ""
	}
	if !variable {
		return
	}
	typed := ""
	for _, tok := range tokens {
		typed += tok.literal + tok.written
	}
	written := strings.Split(typed, "/")
	for i, segment := range strings.Split(path.text(), "/") {
		if (segment == "." || segment == "..") && (i >= len(written) || written[i] != segment) {
			b.problem("url", "A value in the path reads "+segment+", which would change where the call goes.")
		}
	}
}

// pair is one parameter, its value escaped for where it goes.
type pair struct {
	name   string
	at     string
	origin string
	value  pieces
}

// fields gives the parameters that travel in one place, in the order of the
// form: the API key, custom parameters, stage parameters no template mentions.
func (b *builder) fields(where ParamIn) []pair {
	var out []pair
	if a := b.spec.Auth; a.Type == APIKey && a.KeyName != "" {
		if where == ParamQuery && a.AddTo == InQuery || where == ParamBody && a.AddTo == InBody && b.format.hasFields() {
			who := as{at: "auth.key_value", origin: originAuth, label: "KEY", secret: true}
			value, missing := b.value(a.KeyValue, who, b.escaper(where, TextParam))
			b.lack(who.at, missing)
			out = append(out, pair{a.KeyName, "auth.key_name", originAuth, b.quoted(where, TextParam, value, originAuth)})
		}
	}
	for i, p := range b.spec.Params {
		if p.Name == "" || place(p.In, b.spec.Method, b.format) != where {
			continue
		}
		origin := originParam(p.Name)
		who := as{at: row("params", i, "value"), origin: origin, label: p.Name}
		problems, withheld := len(b.out.problems), len(b.out.withheld)
		value, missing := b.param(p, who, where)
		if p.Optional && (len(missing) > 0 || value.size() == 0 && len(b.out.withheld) == withheld) {
			b.out.problems = b.out.problems[:problems]
			continue
		}
		b.lack(who.at, missing)
		out = append(out, pair{p.Name, row("params", i, "name"), origin, b.quoted(where, p.Type, value, origin)})
		if p.In == ParamAuto && where == ParamQuery && !bodyless(b.spec.Method) {
			b.queryNote(p.Name)
		}
	}
	for i, p := range b.spec.StageParams {
		if p.Variable == "" || b.used[p.Variable] || place(ParamAuto, b.spec.Method, b.format) != where {
			continue
		}
		v, _ := b.names.find(p.Variable)
		if v.value == "" {
			continue
		}
		at := row("stage_params", i, "variable")
		escaped, complaint := b.escaper(where, TextParam).value(v.value)
		if complaint != "" {
			b.problem(at, short(p.Variable)+" "+complaint)
		}
		value := pieces{{text: escaped, origin: v.origin}}
		out = append(out, pair{p.Variable, at, v.origin, b.quoted(where, TextParam, value, v.origin)})
		if where == ParamQuery && !bodyless(b.spec.Method) {
			b.queryNote(p.Variable)
		}
	}
	return out
}

// queryNote says what a person would not expect: a POST parameter in the URL.
func (b *builder) queryNote(name string) {
	if b.format.isRaw() {
		b.note("%s is sent in the query, since the body is written by hand.", short(name))
		return
	}
	b.note("%s is sent in the query, since the request has no body.", short(name))
}

// escaper is the one for a parameter's value in a place (R4).
func (b *builder) escaper(where ParamIn, kind ParamType) escaper {
	inJSON := where == ParamBody && b.format == JSONBody
	switch {
	case inJSON && kind == JSONParam:
		return &jsonText{}
	case inJSON:
		return jsonString{}
	case where == ParamBody && b.format == MultipartBody && kind == JSONParam:
		return &jsonText{}
	case where == ParamBody && b.format == MultipartBody:
		return plainText{}
	case kind == JSONParam:
		return thenQuery{&jsonText{}}
	}
	return queryText{}
}

// quoted puts the quotes around text in a JSON body.
func (b *builder) quoted(where ParamIn, kind ParamType, value pieces, origin string) pieces {
	if where != ParamBody || b.format != JSONBody || kind != TextParam {
		return value
	}
	out := pieces{{text: `"`, origin: origin}}
	out.addAll(value)
	out.add(piece{text: `"`, origin: origin})
	return out
}

// param renders a custom parameter's value and holds a typed one to its type.
func (b *builder) param(p Param, who as, where ParamIn) (pieces, []string) {
	esc := b.escaper(where, p.Type)
	value, missing := b.value(p.Value, who, esc)
	if p.Type == TextParam || len(missing) > 0 {
		return value, missing
	}
	for _, v := range value {
		if v.withheld {
			return value, nil
		}
	}
	text := value.text()
	switch p.Type {
	case NumberParam, BooleanParam:
		// Both are plain ASCII, so they need no escaping once they are right.
		plain, _ := b.value(p.Value, who, plainText{})
		fixed, complaint := typedValue(p.Type, plain.text())
		if complaint != "" {
			b.problem(who.at, complaint)
			break
		}
		if escaped, _ := esc.value(fixed); escaped != text {
			only := piece{origin: who.origin, label: who.label}
			if len(value) > 0 {
				only = value[0]
			}
			only.text = escaped
			return pieces{only}, nil
		}
	case JSONParam:
		plain := text
		if _, escaped := esc.(thenQuery); escaped {
			plain, _ = url.QueryUnescape(text)
		}
		if _, complaint := typedValue(p.Type, plain); complaint != "" {
			b.problem(who.at, complaint)
		}
	}
	return value, nil
}

// basic renders RFC 7617: UTF-8, one colon, base64.
func (b *builder) basic() pieces {
	a := b.spec.Auth
	user, missing := b.expand(a.Username, as{at: "auth.username", origin: originAuth}, plainText{})
	b.lack("auth.username", missing)
	if strings.Contains(user.text(), ":") {
		b.problem("auth.username", colonInUser)
	}
	password, more := b.value(a.Password, as{at: "auth.password", origin: originAuth, label: "PASSWORD", secret: true}, plainText{})
	b.lack("auth.password", more)
	b.out.basicUser, b.out.basicPassword = user, password
	derived := piece{origin: originAuth, label: "BASIC", secret: true}
	for _, p := range append(append(pieces{}, user...), password...) {
		derived.withheld = derived.withheld || p.withheld
	}
	pair := user.text() + ":" + password.text()
	derived.text = base64.StdEncoding.EncodeToString([]byte(pair))
	if derived.withheld {
		derived.text = ""
	} else {
		b.keep(pair, derived.text)
	}
	out := pieces{{text: "Basic ", origin: originAuth}}
	return append(out, derived)
}
