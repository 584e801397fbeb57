package request

import (
	"fmt"
	"slices"

	"keydesk/backend/fault"
	"keydesk/backend/secret"
)

// headerLine is one header as it is sent.
type headerLine struct {
	name  string
	value pieces
}

// missingName is a variable without a value, and the input that needs it.
// If nothing defines it, Check has already said so at that input.
type missingName struct {
	name, at  string
	undefined bool
}

// Rendered is one call as exact bytes, with the origin of each. Wire and
// HTTPRequest are views of the same pieces, so they cannot differ. What only
// shows the call (Preview, Curl, Shown) is a view of its sealed
// twin, which is built from the same setup by the same code and holds the text
// of no secret. It prints only its host: the pieces hold plain secrets.
type Rendered struct {
	// call is what a message calls the thing with a name.
	call      func(name string) string
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
	withheld []string // inputs whose value exists but was not passed in
	secrets  []secret.Text
	known    map[string]bool
	// short says that a secret in it is too short to be found in an answer.
	short bool
	// twin builds this call without the text of any secret.
	twin func(checked bool) *Rendered
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
	used   map[string]bool // names that some template mentions
	// refused are the inputs that Check has already refused; one message is
	// enough.
	refused map[string]bool
	lacking map[missingName]bool
	marks   map[string]int32 // the number of each secret that is not here
	out     *Rendered
}

// Build renders a call for one record (values by stage field name). It never
// fails: what cannot be rendered stays as it was written and is reported by
// Err, which also holds everything Check refuses, so that nothing unchecked is
// ever sent. Equal arguments give equal bytes.
func Build(spec Spec, record map[string]string, env Env) *Rendered {
	return build(spec, record, env, nil)
}

// build is Build. The twin of a request that was checked does without being
// checked, and takes over what is the same.
func build(spec Spec, record map[string]string, env Env, original *checker) *Rendered {
	names := newScope(spec, record, env)
	c := original
	if c == nil {
		c = newChecker(spec, nil, names)
	}
	b := &builder{
		spec: spec, env: env, names: names, format: c.format,
		used: c.used, refused: map[string]bool{}, lacking: map[missingName]bool{},
		out: &Rendered{method: spec.Method, known: map[string]bool{}, call: env.call},
	}
	if original == nil {
		b.out.problems = c.check()
	}
	for _, f := range b.out.problems {
		b.refused[f.Name] = true
	}
	b.buildTarget()
	b.buildBody()
	b.buildHeaders()
	b.out.twin = func(checked bool) *Rendered {
		switch {
		case isSealed(spec):
			return b.out
		case checked:
			return Build(Sealed(spec), record, env)
		}
		return build(sealed(spec, namesOf), record, env, c)
	}
	return b.out
}

// problem notes what is wrong with a value at an input, once.
func (b *builder) problem(at, message string) {
	if b.refused[at] || slices.Contains(b.out.problems, fault.Field{Name: at, Message: message}) {
		return
	}
	b.out.problems.Add(at, "%s", message)
}

func (b *builder) note(format string, args ...any) {
	b.out.notes = append(b.out.notes, fmt.Sprintf(format, args...))
}

// noteMissing notes names without a value at an input, each once.
func (b *builder) noteMissing(at string, names []string) {
	for _, name := range names {
		_, known := b.names.find(name)
		lacking := missingName{name, at, !known}
		if !b.lacking[lacking] {
			b.lacking[lacking] = true
			b.out.missing = append(b.out.missing, lacking)
		}
	}
}
