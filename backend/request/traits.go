package request

import (
	"encoding/json"
	"slices"
	"strings"

	"keydesk/backend/secret"
)

// Traits are what has to be known of a secret to check and show a request
// without opening it. They are read once, when the secret is typed, and kept
// beside it. They hold nothing of the secret but the variables it names. The
// zero value is a secret of which nothing is known; nothing is refused then.
type Traits struct {
	// Short says that it has fewer than 6 characters, so that an answer cannot
	// be searched for it (R9).
	Short bool `json:"short,omitempty"`
	// Control says that it holds a line break or another control character,
	// NUL that it holds a NUL character.
	Control bool `json:"control,omitempty"`
	NUL     bool `json:"nul,omitempty"`
	// Blanks says that there are blanks around it.
	Blanks bool `json:"blanks,omitempty"`
	// NotNumber, NotBoolean, NotJSON and NotScalar say what it cannot be used
	// as in JSON. With variables in it this is known only for JSON.
	NotNumber  bool `json:"not_number,omitempty"`
	NotBoolean bool `json:"not_boolean,omitempty"`
	NotJSON    bool `json:"not_json,omitempty"`
	NotScalar  bool `json:"not_scalar,omitempty"`
	// Scheme is the auth scheme it begins with, one of schemes; "" for none.
	Scheme string `json:"scheme,omitempty"`
	// Names are the variables that it names, each once.
	Names []string `json:"names,omitempty"`
}

// schemes are the words that people paste in front of a token.
var schemes = []string{"bearer", "basic", "token", "key"}

// TraitsOf reads the traits of a secret.
func TraitsOf(text secret.Text) Traits {
	plain := text.Reveal()
	t := Traits{
		Short: secret.TooShort(text), Control: headerValueFault(plain) != "", NUL: strings.ContainsRune(plain, 0),
		Blanks:  hasBlanksAround(plain),
		NotJSON: !json.Valid([]byte(neutral(plain))),
	}
	if word, _, found := strings.Cut(plain, " "); found && slices.Contains(schemes, strings.ToLower(word)) {
		t.Scheme = strings.ToLower(word)
	}
	for _, name := range Names(plain) {
		if !slices.Contains(t.Names, name) {
			t.Names = append(t.Names, name)
		}
	}
	if len(t.Names) == 0 {
		_, number := typedValue(NumberParam, plain)
		_, boolean := typedValue(BooleanParam, plain)
		t.NotNumber, t.NotBoolean, t.NotScalar = number != "", boolean != "", !isJSONScalar(plain)
	}
	return t
}

// typeFault says why such a secret cannot be the value of a parameter of a type;
// "" if it can, or if that is not known.
func (t Traits) typeFault(kind ParamType) string {
	switch {
	case kind == NumberParam && t.NotNumber:
		return notNumber
	case kind == BooleanParam && t.NotBoolean:
		return notBoolean
	case kind == JSONParam && t.NotJSON:
		return notJSON
	}
	return ""
}

// IsSealed reports whether the value is a secret that is stored and not here.
func (v Value) IsSealed() bool { return v.Secret && v.Stored && v.Typed.IsEmpty() }

// traits are those of a sealed value.
func (v Value) traits() Traits {
	if v.Traits == nil {
		return Traits{}
	}
	return *v.Traits
}

// template is the value as a template: of a sealed one, the variables it names.
func (v Value) template() string {
	if !v.IsSealed() {
		return v.Reveal()
	}
	var names strings.Builder
	for _, name := range v.traits().Names {
		names.WriteString("{{" + name + "}}")
	}
	return names.String()
}

// sealed is the value without its text; known reads its traits.
func (v Value) sealed(known func(secret.Text) Traits) Value {
	if v.Secret && !v.Typed.IsEmpty() {
		traits := known(v.Typed)
		return Value{Secret: true, Stored: true, Traits: &traits}
	}
	return v
}

// namesOf are the traits that a rendering needs which is not checked.
func namesOf(text secret.Text) Traits {
	if plain := text.Reveal(); strings.Contains(plain, "{{") {
		return Traits{Names: Names(plain)}
	}
	return Traits{}
}

// Sealed returns a request without the text of any secret: a rendering of it
// has a mark at the place of each. What only shows a request is made from it
// (R6).
func Sealed(spec Spec) Spec { return sealed(spec, TraitsOf) }

func sealed(spec Spec, known func(secret.Text) Traits) Spec {
	auth := &spec.Auth
	auth.KeyValue, auth.Token = auth.KeyValue.sealed(known), auth.Token.sealed(known)
	auth.Password, auth.ClientSecret = auth.Password.sealed(known), auth.ClientSecret.sealed(known)
	spec.Headers, spec.Params, spec.Fixed = slices.Clone(spec.Headers), slices.Clone(spec.Params), slices.Clone(spec.Fixed)
	for i := range spec.Headers {
		spec.Headers[i].Value = spec.Headers[i].Value.sealed(known)
	}
	for i := range spec.Params {
		spec.Params[i].Value = spec.Params[i].Value.sealed(known)
	}
	for i := range spec.Fixed {
		spec.Fixed[i].Value = spec.Fixed[i].Value.sealed(known)
	}
	return spec
}

// isSealed reports whether a request holds the text of no secret.
func isSealed(spec Spec) bool {
	open := func(v Value) bool { return v.Secret && !v.Typed.IsEmpty() }
	a := spec.Auth
	return !open(a.KeyValue) && !open(a.Token) && !open(a.Password) && !open(a.ClientSecret) &&
		!slices.ContainsFunc(spec.Headers, func(h Header) bool { return open(h.Value) }) &&
		!slices.ContainsFunc(spec.Params, func(p Param) bool { return open(p.Value) }) &&
		!slices.ContainsFunc(spec.Fixed, func(f Field) bool { return open(f.Value) })
}
