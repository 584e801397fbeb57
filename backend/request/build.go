package request

import (
	"fmt"
	"slices"

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
	lacking map[missingName]bool
	out     *Rendered
}

// Build renders a call for one record (values by stage field name). It never
// fails: what cannot be rendered stands as it was written and is told by Err,
// which also holds everything Check refuses, so that nothing unchecked is ever
// sent. Equal arguments give equal bytes.
func Build(spec Spec, record map[string]string, env Env) *Rendered {
	b := &builder{
		spec: spec, env: env, names: newScope(spec, record, env), format: bodyFormat(spec),
		used: mentioned(spec), refused: map[string]bool{}, lacking: map[missingName]bool{},
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
// as says whose value is rendered: its input, its origin, the word that stands
// for it when secret.
// expand renders a template for one place. The missing names are returned, not
// noted, since an optional row is then left out.
// minSecretPart is how long, in bytes, a literal part of a secret must be to
// be taken out of answers by itself: a shorter one would take out what is not
// secret.
// value renders a value that may be secret and may be only stored.
func (b *builder) lack(at string, names []string) {
	for _, name := range names {
		_, known := b.names.find(name)
		lacking := missingName{name, at, !known}
		if !b.lacking[lacking] {
			b.lacking[lacking] = true
			b.out.missing = append(b.out.missing, lacking)
		}
	}
}

// refuseDots keeps a value from climbing the path: a segment made of values
// that reads "." or ".." would be resolved away (RFC 3986 section 5.2.4).
// pair is one parameter, its value escaped for where it goes.
// fields gives the parameters that travel in one place, in the order of the
// form: the API key, custom parameters, stage parameters no template mentions.
// queryNote says what a person would not expect: a POST parameter in the URL.
// escaper is the one for a parameter's value in a place (R4).
// quoted puts the quotes around text in a JSON body.
// param renders a custom parameter's value and holds a typed one to its type.
// basic renders RFC 7617: UTF-8, one colon, base64.
