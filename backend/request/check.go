package request

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"keydesk/backend/fault"
)

// Check finds everything about a spec that can be refused before it is saved,
// each at the JSON path of its input. Fields are the names of the stage fields
// at the place; with none given, stage field names are not checked. Secrets
// that are only stored count as present, and messages never hold a value.
func Check(spec Spec, fields []string) fault.Fields {
	c := newChecker(spec, fields)
	c.method()
	c.url()
	c.auth()
	c.headers()
	c.params()
	c.stageParams()
	c.fixed()
	c.definitions()
	c.body()
	return c.faults
}

type checker struct {
	spec   Spec
	fields []string
	names  *scope
	format BodyFormat
	used   map[string]bool
	faults fault.Fields
}

func newChecker(spec Spec, fields []string) *checker {
	return &checker{spec: spec, fields: fields, names: newScope(spec, nil, Env{}),
		format: bodyFormat(spec), used: mentioned(spec)}
}

func (c *checker) add(at, format string, args ...any) { c.faults.Add(at, format, args...) }

// refused tells whether something was already said at an input.
func (c *checker) refused(at string) bool {
	return slices.ContainsFunc(c.faults, func(f fault.Field) bool { return f.Name == at })
}

func (c *checker) method() {
	if !knownMethod(c.spec.Method) {
		c.add("method", "Choose a method: GET, POST, PUT, DELETE, PATCH, HEAD or OPTIONS.")
	}
	switch c.spec.BodyFormat {
	case DefaultBody, NoBody, JSONBody, FormBody, MultipartBody, RawJSON, RawXML, RawText:
	default:
		c.add("body_format", "Choose a body format.")
	}
}

func (c *checker) url() {
	if strings.TrimSpace(c.spec.URL) == "" {
		c.add("url", "Enter the API URL.")
		return
	}
	c.address("url", c.spec.URL)
	if a := c.spec.Auth; a.Type == APIKey && a.AddTo == InQuery && a.KeyName != "" {
		for _, tok := range splitURL(c.spec.URL, c.names).query {
			for _, pair := range strings.Split(tok.literal, "&") {
				if name, _, _ := strings.Cut(pair, "="); name == a.KeyName {
					c.add("url", "The query already holds %s, which Authentication adds. Keep one of them.", short(name))
				}
			}
		}
	}
}

// address checks a URL: what it leads to, and every template in it.
func (c *checker) address(at, text string) {
	if !c.length(at, text) {
		return
	}
	if strings.ContainsFunc(strings.TrimSpace(text), func(r rune) bool { return r < 0x20 || r == 0x7f }) {
		c.add(at, "The URL holds a line break or another control character.")
		return
	}
	u := splitURL(text, c.names)
	for _, f := range u.faults {
		c.add(at, "%s", f)
	}
	c.template(at, text)
	if c.refused(at) {
		return
	}
	if _, complaint := u.destination(); complaint != "" {
		c.add(at, "%s", complaint)
	}
}

// template checks the syntax and the names of one input. All the names nothing
// defines are told at once.
func (c *checker) template(at, text string) {
	tokens, faults := scan(text)
	for _, f := range faults {
		if !slices.Contains(c.faults, fault.Field{Name: at, Message: f}) {
			c.add(at, "%s", f)
		}
	}
	var unknown []string
	for _, tok := range tokens {
		if _, known := c.names.find(tok.name); tok.name != "" && !known && !slices.Contains(unknown, short(tok.name)) {
			unknown = append(unknown, short(tok.name))
		}
	}
	if len(unknown) == 0 {
		return
	}
	hint := "Add " + them(unknown) + " to the Stage Parameter List."
	if len(unknown) == 1 && slices.ContainsFunc(c.spec.Params, func(p Param) bool { return p.Name == unknown[0] }) {
		hint = "The Custom Parameter of that name can be used once its In is Nowhere."
	}
	c.add(at, "Nothing defines %s. %s", list(unknown), hint)
}

func them(names []string) string {
	if len(names) == 1 {
		return "it"
	}
	return "them"
}

// length refuses what is too long to be meant; it tells whether it fits.
func (c *checker) length(at, text string) bool {
	if len(text) > MaxValue {
		c.add(at, "This is %s bytes long; a value can have %s.", thousands(len(text)), thousands(MaxValue))
		return false
	}
	return true
}

// name checks what all names share. It tells whether the name may be looked at
// further.
func (c *checker) name(at, name, empty string) bool {
	if strings.TrimSpace(name) == "" {
		c.add(at, "%s", empty)
		return false
	}
	if n := utf8.RuneCountInString(name); n > MaxName {
		c.add(at, "This name has %s characters; it can have %d.", thousands(n), MaxName)
		return false
	}
	if !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) {
		c.add(at, "A name cannot hold a line break or another control character.")
		return false
	}
	return true
}

// thousands writes 10000 as "10,000".
func thousands(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

func (c *checker) rows(list string, n int) {
	if n > MaxRows {
		c.add(list, "There are %s rows; a list can have %d.", thousands(n), MaxRows)
	}
}

func (c *checker) auth() {
	a := c.spec.Auth
	switch a.Type {
	case NoAuth, "":
	case APIKey:
		c.apiKey()
	case Bearer:
		c.token("Bearer")
	case Basic:
		c.basic()
	case OAuth2:
		if headerValueFault(a.HeaderPrefix) != "" {
			c.add("auth.header_prefix", "The prefix %s", headerValueFault(a.HeaderPrefix))
		}
		if strings.Contains(a.HeaderPrefix, "{{") {
			c.add("auth.header_prefix", "Variables can stand in the token, not in its prefix.")
		}
		c.length("auth.header_prefix", a.HeaderPrefix)
		if a.FetchToken {
			c.tokenSource()
		} else {
			c.token(strings.TrimSpace(a.HeaderPrefix))
		}
	default:
		c.add("auth.type", "Choose an auth type.")
	}
}

func (c *checker) apiKey() {
	a := c.spec.Auth
	named := c.name("auth.key_name", a.KeyName, "Enter the key's name, such as X-API-Key.")
	c.secretValue("auth.key_value", a.KeyValue, "Enter the key's value.", a.AddTo == InHeader)
	switch a.AddTo {
	case InHeader:
		if !named {
			return
		}
		if complaint := headerNameFault(a.KeyName); complaint != "" {
			c.add("auth.key_name", "%s", complaint)
		} else if strings.EqualFold(a.KeyName, "Content-Type") {
			c.add("auth.key_name", "Content-Type names the body format and cannot carry a key.")
		}
	case InQuery:
		c.noVariable("auth.key_name", a.KeyName)
	case InBody:
		c.noVariable("auth.key_name", a.KeyName)
		switch {
		case bodyless(c.spec.Method):
			c.add("auth.add_to", "Method %s cannot carry a key in the body. Choose Header or Query Params.", c.spec.Method)
		case c.format.isRaw():
			c.add("auth.add_to", "A raw body cannot carry a key in the body. Choose Header or Query Params.")
		case !c.format.hasFields():
			c.add("auth.add_to", "A request without a body cannot carry a key in the body. Choose Header or Query Params.")
		}
	default:
		c.add("auth.add_to", "Choose where the key goes: Header, Query Params or Body.")
	}
}

// noVariable refuses a template in a name: a name decides what collides and
// must be known on save.
func (c *checker) noVariable(at, name string) {
	if strings.Contains(name, "{{") {
		c.add(at, "Variables can stand in the value, not in the name.")
	}
}

func (c *checker) token(prefix string) {
	v := c.spec.Auth.Token
	c.secretValue("auth.token", v, "Enter the token.", true)
	text := v.Reveal()
	if prefix != "" && len(text) > len(prefix) && strings.EqualFold(text[:len(prefix)], prefix) && text[len(prefix)] == ' ' {
		c.add("auth.token", "Leave out the word %s; Keydesk sends it before the token.", short(prefix))
	}
}

func (c *checker) basic() {
	a := c.spec.Auth
	if a.Username == "" {
		c.add("auth.username", "Enter the user name.")
	}
	if strings.Contains(literals(a.Username), ":") {
		c.add("auth.username", colonInUser)
	}
	c.length("auth.username", a.Username)
	c.template("auth.username", a.Username)
	c.secretValue("auth.password", a.Password, "Enter the password.", false)
}

// literals is a template's own text without its variables.
func literals(text string) string {
	tokens, _ := scan(text)
	out := ""
	for _, tok := range tokens {
		out += tok.literal
	}
	return out
}

// tokenSource checks what fetches a token. Only values that never come with a
// call may stand there: the token serves every call.
func (c *checker) tokenSource() {
	a := c.spec.Auth
	if strings.TrimSpace(a.TokenURL) == "" {
		c.add("auth.token_url", "Enter the token URL.")
	} else {
		c.address("auth.token_url", a.TokenURL)
	}
	if a.ClientID == "" {
		c.add("auth.client_id", "Enter the client id.")
	}
	c.length("auth.client_id", a.ClientID)
	c.length("auth.scopes", a.Scopes)
	c.template("auth.client_id", a.ClientID)
	c.template("auth.scopes", a.Scopes)
	c.secretValue("auth.client_secret", a.ClientSecret, "Enter the client secret.", false)
	for _, in := range []input{{"auth.token_url", a.TokenURL}, {"auth.client_id", a.ClientID},
		{"auth.client_secret", a.ClientSecret.Reveal()}, {"auth.scopes", a.Scopes}} {
		tokens, _ := scan(in.text)
		for _, tok := range tokens {
			if v, known := c.names.find(tok.name); known && !v.fixed && !c.refused(in.at) {
				c.add(in.at, "Only fixed fields can stand here, and %s is not one.", short(tok.name))
			}
		}
	}
}

// secretValue checks a value that must be there; inHeader holds it to what a
// header can carry.
func (c *checker) secretValue(at string, v Value, empty string, inHeader bool) {
	if v.IsEmpty() {
		c.add(at, "%s", empty)
		return
	}
	text := v.Reveal()
	if !c.length(at, text) {
		return
	}
	if complaint := headerValueFault(text); inHeader && complaint != "" {
		c.add(at, "This value %s", complaint)
	}
	c.template(at, text)
}

func (c *checker) headers() {
	c.rows("headers", len(c.spec.Headers))
	seen := map[string]bool{}
	for i, h := range c.spec.Headers {
		at := row("headers", i, "name")
		if c.name(at, h.Name, "Enter the header name, or delete the row.") {
			if complaint := headerNameFault(h.Name); complaint != "" {
				c.add(at, "%s", complaint)
			} else {
				c.headerClash(at, h, seen)
			}
		}
		at = row("headers", i, "value")
		text := h.Value.Reveal()
		if !c.length(at, text) {
			continue
		}
		if complaint := headerValueFault(text); complaint != "" {
			c.add(at, "This value %s", complaint)
		}
		c.template(at, text)
	}
}

// headerClash refuses a row that fights the auth type or another row.
func (c *checker) headerClash(at string, h Header, seen map[string]bool) {
	a := c.spec.Auth
	lower := strings.ToLower(h.Name)
	switch {
	case lower == "authorization" && (a.Type == Bearer || a.Type == Basic || a.Type == OAuth2):
		c.add(at, "Authentication already sends %s. Delete this row, or choose NoAuth.", h.Name)
	case a.Type == APIKey && a.AddTo == InHeader && strings.EqualFold(h.Name, a.KeyName):
		c.add(at, "Authentication already sends %s. Delete this row, or choose NoAuth.", h.Name)
	case (lower == "content-type" || lower == "user-agent") && seen[lower]:
		c.add(at, "%s can be sent only once.", h.Name)
	case lower == "content-type":
		c.contentType(strings.TrimSuffix(at, "name")+"value", h.Value)
	}
	seen[lower] = true
}

// contentType refuses a Content-Type row that says something else than the
// body is (R5).
func (c *checker) contentType(at string, v Value) {
	text := strings.TrimSpace(v.Reveal())
	switch {
	case v.Secret:
		c.add(at, "Content-Type cannot be secret, since it decides how the body is written.")
		return
	case strings.Contains(text, "{{"):
		c.add(at, "Content-Type cannot hold a variable, since it decides how the body is written.")
		return
	case text == "":
		return
	}
	media, params := mediaType(text)
	if contradicts(c.format, media, c.spec.Method) {
		c.add(at, "The body is %s, and %s is not that. Change the Body format or this row.", formatWords[c.format], short(media))
		return
	}
	if charset := params["charset"]; charset != "" && !strings.EqualFold(charset, "utf-8") && !strings.EqualFold(charset, "utf8") {
		c.add(at, "Keydesk sends UTF-8, not %s.", short(charset))
	}
	if boundary, typed := params["boundary"]; typed && c.format == MultipartBody && !validBoundary(boundary) {
		c.add(at, "A boundary has 1 to 70 letters, digits and - _ . only.")
	}
}

// validBoundary is the rule of RFC 2046 section 5.1.1 without the characters
// that would need quotes.
func validBoundary(text string) bool {
	for i := 0; i < len(text); i++ {
		if c := text[i]; !isAlnum(c) && c != '-' && c != '_' && c != '.' {
			return false
		}
	}
	return len(text) >= 1 && len(text) <= 70
}

var formatWords = map[BodyFormat]string{
	NoBody: "empty", JSONBody: "JSON", FormBody: "a form", MultipartBody: "multipart",
	RawJSON: "raw JSON", RawXML: "raw XML", RawText: "raw text",
}

func (c *checker) params() {
	c.rows("params", len(c.spec.Params))
	a := c.spec.Auth
	for i, p := range c.spec.Params {
		at := row("params", i, "name")
		where := place(p.In, c.spec.Method, c.format)
		if c.name(at, p.Name, "Enter the field name, or delete the row.") {
			switch {
			case p.In == ParamNowhere:
				if !validVariable(p.Name) {
					c.add(at, "A value that is sent nowhere serves as a variable, so its name can hold only letters, digits, _ . and -.")
				}
			case a.Type == APIKey && p.Name == a.KeyName &&
				(a.AddTo == InQuery && where == ParamQuery || a.AddTo == InBody && where == ParamBody):
				c.add(at, "Authentication already sends %s. Delete this row, or choose NoAuth.", short(p.Name))
			default:
				c.noVariable(at, p.Name)
			}
		}
		c.paramIn(i, p)
		c.paramValue(i, p, where)
	}
}

func (c *checker) paramIn(i int, p Param) {
	at := row("params", i, "in")
	switch p.In {
	case ParamAuto, ParamQuery, ParamNowhere:
	case ParamBody:
		if c.format.isRaw() {
			c.add(at, "The body is written by hand. Choose Query or Nowhere.")
		} else if !c.format.hasFields() {
			c.add(at, "This request has no body. Choose Query, or choose a Body format.")
		}
	default:
		c.add(at, "Choose where the parameter goes: Query, Body or Nowhere.")
	}
}

func (c *checker) paramValue(i int, p Param, where ParamIn) {
	at := row("params", i, "value")
	text := p.Value.Reveal()
	if !c.length(at, text) {
		return
	}
	if p.In == ParamNowhere {
		if tokens, faults := scan(text); len(faults) > 0 || slices.ContainsFunc(tokens, func(t token) bool { return t.name != "" }) {
			c.add(at, "A value that is sent nowhere cannot hold a variable.")
		}
		return
	}
	c.template(at, text)
	if strings.ContainsRune(text, 0) {
		c.add(at, "This value holds a NUL character, which cannot be sent.")
	}
	stored := p.Value.Secret && p.Value.Typed.IsEmpty() && p.Value.Stored
	if c.refused(at) || stored || p.Optional && text == "" {
		return
	}
	switch p.Type {
	case TextParam:
	case NumberParam, BooleanParam:
		if tokens, _ := scan(text); slices.ContainsFunc(tokens, func(t token) bool { return t.name != "" }) {
			return
		}
		if _, complaint := typedValue(p.Type, literals(text)); complaint != "" {
			c.add(at, "%s", complaint)
		}
	case JSONParam:
		if !json.Valid([]byte(neutral(text))) {
			c.add(at, "This is not valid JSON. Put quotes around text and around variables that hold text.")
		}
	default:
		c.add(row("params", i, "type"), "Choose a type: text, number, yes/no or JSON.")
	}
}

// typedValue holds a value to its row's type and writes it as JSON has it.
func typedValue(kind ParamType, text string) (fixed, complaint string) {
	trimmed := strings.TrimSpace(text)
	switch kind {
	case NumberParam:
		if !isJSONNumber(trimmed) {
			return text, "This is not a number. Write it with digits and a dot, as 12.5."
		}
		return trimmed, ""
	case BooleanParam:
		switch strings.ToLower(trimmed) {
		case "true", "yes":
			return "true", ""
		case "false", "no":
			return "false", ""
		}
		return text, "This is neither true nor false."
	case JSONParam:
		if !json.Valid([]byte(text)) {
			return text, "This is not valid JSON once its variables are filled in."
		}
	}
	return text, ""
}

// neutral fills a JSON template with values that fit wherever they stand.
func neutral(text string) string {
	var b strings.Builder
	j := &jsonText{}
	tokens, _ := scan(text)
	for _, tok := range tokens {
		switch {
		case tok.name == "":
			b.WriteString(j.literal(tok.literal))
		case j.quoted:
			b.WriteString("x")
		default:
			b.WriteString("0")
		}
	}
	return b.String()
}

func (c *checker) stageParams() {
	c.rows("stage_params", len(c.spec.StageParams))
	for i, p := range c.spec.StageParams {
		at := row("stage_params", i, "variable")
		if c.name(at, p.Variable, "Enter the variable name, or delete the row.") && !validVariable(p.Variable) {
			c.add(at, "A variable name can hold only letters, digits, _ . and -.")
		}
		c.length(row("stage_params", i, "default"), p.Default)
		at = row("stage_params", i, "field")
		switch {
		case p.Field == "" && p.Default == "":
			c.add(at, "Choose the stage field, or give a Default Value.")
		case p.Field != "" && len(c.fields) > 0 && !slices.Contains(c.fields, p.Field):
			c.add(at, "The stage has no field %s.", fmt.Sprintf("%q", short(p.Field)))
		}
	}
}

func (c *checker) fixed() {
	c.rows("fixed", len(c.spec.Fixed))
	for i, f := range c.spec.Fixed {
		at := row("fixed", i, "name")
		if c.name(at, f.Name, "Enter the field's name.") && !validVariable(f.Name) {
			c.add(at, "A field name can hold only letters, digits, _ . and -.")
		}
		c.length(row("fixed", i, "value"), f.Value.Reveal())
	}
}

// definitions refuses a name that two rows define.
func (c *checker) definitions() {
	define := func(name, at string) {
		if v, known := c.names.find(name); known && v.at != at && v.at != "" {
			c.add(at, "The variable %s is already defined.", short(name))
		}
	}
	for i, f := range c.spec.Fixed {
		define(f.Name, row("fixed", i, "name"))
	}
	for i, p := range c.spec.Params {
		if p.In == ParamNowhere {
			define(p.Name, row("params", i, "name"))
		}
	}
	for i, p := range c.spec.StageParams {
		define(p.Variable, row("stage_params", i, "variable"))
	}
}

func (c *checker) body() {
	switch c.format {
	case RawJSON, RawXML, RawText:
		c.rawBody()
	case JSONBody:
		c.jsonNames()
	}
}

func (c *checker) rawBody() {
	text := c.spec.RawBody
	if len(text) > MaxRawBody {
		c.add("raw_body", "This is %s bytes long; a body can have %s.", thousands(len(text)), thousands(MaxRawBody))
		return
	}
	c.template("raw_body", text)
	if strings.ContainsRune(text, 0) {
		c.add("raw_body", "This body holds a NUL character, which cannot be sent.")
	}
	if c.format == RawJSON && strings.TrimSpace(text) != "" && !c.refused("raw_body") && !json.Valid([]byte(neutral(text))) {
		c.add("raw_body", "This is not valid JSON. Put quotes around text and around variables that hold text.")
	}
}

// jsonNames builds the tree of a JSON body without its values, with the same
// code that builds the body.
func (c *checker) jsonNames() {
	root := &node{kind: objectNode}
	put := func(name, at string) {
		if name == "" || c.refused(at) {
			return
		}
		path, complaint := parsePath(name)
		if complaint == "" {
			complaint = root.put(path, nil, at)
		}
		if complaint != "" {
			c.add(at, "%s", complaint)
		}
	}
	if a := c.spec.Auth; a.Type == APIKey && a.AddTo == InBody {
		put(a.KeyName, "auth.key_name")
	}
	for i, p := range c.spec.Params {
		if place(p.In, c.spec.Method, c.format) == ParamBody {
			put(p.Name, row("params", i, "name"))
		}
	}
	if place(ParamAuto, c.spec.Method, c.format) == ParamBody {
		for i, p := range c.spec.StageParams {
			if !c.used[p.Variable] {
				put(p.Variable, row("stage_params", i, "variable"))
			}
		}
	}
	root.gaps(func(at, complaint string) { c.add(at, "%s", complaint) })
}
