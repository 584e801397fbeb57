package request

import (
	"net/url"
	"slices"
)

// pair is one parameter, its value escaped for where it goes.
type pair struct {
	name   string
	at     string
	origin string
	value  pieces
}

// fields returns the parameters that go in one place, in the order of the form:
// the API key, custom parameters, and stage parameters that no template
// mentions.
func (b *builder) fields(where ParamIn) []pair {
	var out []pair
	if a := b.spec.Auth; a.Type == APIKey && a.KeyName != "" {
		if where == ParamQuery && a.AddTo == InQuery || where == ParamBody && a.AddTo == InBody && b.format.hasFields() {
			who := as{at: "auth.key_value", origin: originAuth, label: "KEY", secret: true}
			value, missing := b.value(a.KeyValue, who, b.escaper(where, TextParam))
			b.noteMissing(who.at, missing)
			out = append(out, pair{a.KeyName, "auth.key_name", originAuth, b.quoted(where, TextParam, value, originAuth)})
		}
	}
	for i, p := range b.spec.Params {
		if p.Name == "" || place(p.In, b.spec.Method, b.format) != where {
			continue
		}
		origin := originParam(p.Name)
		who := as{at: row("params", i, "value"), origin: origin, label: p.Name}
		problems := len(b.out.problems)
		value, missing := b.param(p, who, where)
		if p.Optional && (len(missing) > 0 || value.isEmpty()) {
			b.out.problems = b.out.problems[:problems]
			// A name that nothing defines is a mistake, not a value left
			// empty.
			b.noteMissing(who.at, slices.DeleteFunc(missing, func(name string) bool { _, known := b.names.find(name); return known }))
			continue
		}
		b.noteMissing(who.at, missing)
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
			b.problem(at, b.env.call(p.Variable)+" "+complaint)
		}
		value := pieces{{text: escaped, origin: v.origin}}
		out = append(out, pair{p.Variable, at, v.origin, b.quoted(where, TextParam, value, v.origin)})
		if where == ParamQuery && !bodyless(b.spec.Method) {
			b.queryNote(p.Variable)
		}
	}
	return out
}

// queryNote reports what a person would not expect: a POST parameter in the
// URL.
func (b *builder) queryNote(name string) {
	if b.format.isRaw() {
		b.note("%s is sent in the query, since the body is written by hand.", short(name))
		return
	}
	b.note("%s is sent in the query, since the request has no body.", short(name))
}

// escaper returns the escaper for a parameter's value in a place (R4).
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

// param renders a custom parameter's value and checks a typed one against its
// type.
func (b *builder) param(p Param, who as, where ParamIn) (pieces, []string) {
	esc := b.escaper(where, p.Type)
	value, missing := b.value(p.Value, who, esc)
	if p.Type == TextParam || len(missing) > 0 {
		return value, missing
	}
	if value.withheld() {
		if complaint := b.sealedType(p); complaint != "" {
			b.problem(who.at, complaint)
		}
		return value, nil
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

// sealedType checks a parameter that is a secret and nothing else against its
// type, by what is known of the secret.
func (b *builder) sealedType(p Param) string {
	traits := p.Value.traits()
	if !p.Value.IsSealed() {
		tokens, _ := scan(p.Value.Reveal())
		if len(tokens) != 1 {
			return ""
		}
		v, _ := b.names.find(tokens[0].name)
		traits = v.traits
	}
	return traits.typeFault(p.Type)
}
