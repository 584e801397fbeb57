package provider

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	"keydesk/backend/request"
	"keydesk/backend/secret"
)

// Entered is what a person entered in the provider's form. It is kept together
// with the request made from it.
type Entered struct {
	// Values are the values of the fields, also of fields that a choice hides:
	// they are there again when the choice is changed back.
	Values []FieldValue `json:"values" validate:"max=200"`
	Tables []Table      `json:"tables" validate:"max=200"`
}

// FieldValue is the value of one field. A field without one has its default.
type FieldValue struct {
	ID    string        `json:"id"`
	Value request.Value `json:"value"`
}

// Table holds the rows of one repeating part.
type Table struct {
	ID   string `json:"id"`
	Rows []Row  `json:"rows"`
}

// Applied is a provider's request as a draft has it.
type Applied struct {
	Channel string
	// Version is the version of the file that Spec was made from.
	Version int
	// Entered is what Spec was made from.
	Entered Entered
	Spec    request.Spec
	// ByHand names the sections that a person changed since: "auth", "api",
	// "headers", "params".
	ByHand []string
}

// Next asks Apply for the request with this channel and these values. With Fresh
// it is the request of the present file, and nothing that was changed by hand
// stays.
type Next struct {
	Channel string
	Entered Entered
	Fresh   bool
}

// Input is what was entered, in the form that Draft takes.
func (e Entered) Input(channel string) Input {
	in := Input{Channel: channel, Values: map[string]request.Value{}, Rows: map[string][]Row{}}
	for _, one := range e.Values {
		in.Values[one.ID] = one.Value
	}
	for _, table := range e.Tables {
		in.Rows[table.ID] = table.Rows
	}
	return in
}

// Clone shares nothing with e.
func (e Entered) Clone() Entered {
	out := Entered{Values: append([]FieldValue{}, e.Values...), Tables: append([]Table{}, e.Tables...)}
	for i, table := range out.Tables {
		out.Tables[i].Rows = append([]Row{}, table.Rows...)
	}
	return out
}

// Start gives the request for what was entered, with nothing changed by hand.
// What the provider does not ask for is left out. The error is that of Draft; the
// request is complete even then.
func (p *Provider) Start(channel string, in Input) (Applied, error) {
	in.Channel = channel
	in.Values, in.Rows = maps.Clone(in.Values), maps.Clone(in.Rows)
	maps.DeleteFunc(in.Values, func(id string, _ request.Value) bool { _, known := p.Field(id); return !known })
	maps.DeleteFunc(in.Rows, func(id string, _ []Row) bool { return !p.hasRows(id) })
	spec, err := p.Draft(in)
	return Applied{Channel: channel, Version: p.Version, Entered: p.entered(in, spec), Spec: spec, ByHand: []string{}}, err
}

// Apply makes the request that next asks for. What was changed by hand stays, row
// by row. If next asks for nothing new it completes the request, so that saving
// and applying merge in the same way. The error is that of Draft.
func (p *Provider) Apply(now Applied, next Next) (Applied, error) {
	in := next.Entered.Input(next.Channel)
	spec, err := p.Draft(in)
	spec.StageParams = now.Spec.StageParams
	out := Applied{Channel: next.Channel, Version: p.Version, Spec: spec, ByHand: []string{}}
	if !next.Fresh {
		before := p.before(now)
		out.Version, out.ByHand = now.Version, p.byHand(now, before)
		out.Spec = kept(before, now.Spec, spec)
	}
	out.Entered = p.entered(in, out.Spec)
	return out, err
}

// Changes lists in words how the request that the file makes today differs from
// the present request.
func (p *Provider) Changes(now Applied) []Change {
	return differences(now.Spec, p.before(now))
}

// before is the request as the file makes it from what was entered.
func (p *Provider) before(now Applied) request.Spec {
	spec, _ := p.Draft(now.Entered.Input(now.Channel))
	spec.StageParams = now.Spec.StageParams
	return spec
}

// byHand names the sections that were changed by hand. With a newer file these
// changes cannot be told from those of the file, so what was known stays.
func (p *Provider) byHand(now Applied, before request.Spec) []string {
	if now.Version < p.Version && now.ByHand != nil {
		return now.ByHand
	}
	return byHand(before, now.Spec)
}

// CarryOver gives the input of a request of an earlier version of Keydesk, which
// did not keep it: it is read back from the request, once.
func (p *Provider) CarryOver(channel string, version int, spec request.Spec) Applied {
	in := p.Read(channel, spec)
	out := Applied{Channel: channel, Version: version, Spec: spec}
	out.Entered = p.entered(in, spec)
	out.ByHand = p.byHand(out, p.before(out))
	return out
}

// entered is what is kept of the input for a request: the values as they are in
// the request, and those of fields that the request does not have now.
func (p *Provider) entered(in Input, spec request.Spec) Entered {
	out := Entered{Values: []FieldValue{}, Tables: []Table{}}
	keep := func(id string) {
		at := slices.IndexFunc(spec.Fixed, func(f request.Field) bool { return f.Name == id })
		if at >= 0 {
			out.Values = append(out.Values, FieldValue{ID: id, Value: spec.Fixed[at].Value})
			return
		}
		value, entered := in.Values[id]
		field, known := p.Field(id)
		if known {
			value = of(field, value)
		}
		if entered && (value.Secret || value.Plain != "" || field.Default != "") {
			out.Values = append(out.Values, FieldValue{ID: id, Value: value})
		}
	}
	for _, f := range p.Fields {
		keep(f.ID)
	}
	// A file of another version may have had fields that this one does not.
	for _, id := range slices.Sorted(maps.Keys(in.Values)) {
		if _, known := p.Field(id); !known {
			keep(id)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(in.Rows)) {
		if rows := in.Rows[id]; len(rows) > 0 {
			out.Tables = append(out.Tables, Table{ID: id, Rows: append([]Row{}, rows...)})
		}
	}
	return out
}

func (p *Provider) hasRows(id string) bool {
	return slices.ContainsFunc(p.Rows, func(r Rows) bool { return r.ID == id })
}

// of makes a value secret or plain, as its field is.
func of(f Field, v request.Value) request.Value {
	v.Secret = f.Secret
	if !f.Secret {
		return request.Value{Plain: v.Plain}
	}
	if v.Typed.IsEmpty() && v.Plain != "" {
		v.Typed = secret.New(v.Plain)
	}
	v.Plain = ""
	return v
}

// byHand names the sections that differ from the request as it was drafted.
func byHand(before, now request.Spec) []string {
	list := []string{}
	add := func(name string, a, b any) {
		if !same(a, b) {
			list = append(list, name)
		}
	}
	add("auth", before.Auth, now.Auth)
	add("api", api(before), api(now))
	add("headers", before.Headers, now.Headers)
	add("params", before.Params, now.Params)
	return list
}

// same compares as JSON: a nil list and an empty one are the same, and typed
// secrets are not looked at.
func same(a, b any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	none := func(text []byte) bool { return string(text) == "null" || string(text) == "[]" }
	return errX == nil && errY == nil && (bytes.Equal(x, y) || none(x) && none(y))
}

// kept is the next draft with every change that was made by hand since the one
// before. It is the only merge, row by row: a section that the file makes as
// before stays as the person has it.
func kept(before, now, next request.Spec) request.Spec {
	if !same(before.Auth, now.Auth) {
		next.Auth = now.Auth
	}
	if !same(api(before), api(now)) {
		next.Method, next.URL, next.BodyFormat, next.RawBody = now.Method, now.URL, now.BodyFormat, now.RawBody
	}
	next.Headers = keptRows(before.Headers, now.Headers, next.Headers, func(h request.Header) string { return h.ID })
	next.Params = keptRows(before.Params, now.Params, next.Params, func(p request.Param) string { return p.ID })
	next.Fixed = keptFixed(before, now, next)
	return next
}

// keptFixed are the fields of the next draft. A newer file may no longer have a
// field that the request still names: the field stays. A field keeps its id,
// which names its secret.
func keptFixed(before, now, next request.Spec) []request.Field {
	fixed := next.Fixed
	named := Mentioned(next)
	for _, old := range now.Fixed {
		is := func(other request.Field) bool { return other.Name == old.Name }
		if at := slices.IndexFunc(fixed, is); at >= 0 {
			if old.ID != "" {
				fixed[at].ID = old.ID
			}
		} else if named[old.Name] && !slices.ContainsFunc(before.Fixed, is) {
			fixed = append(fixed, old)
		}
	}
	return fixed
}

func api(spec request.Spec) []any {
	return []any{spec.Method, spec.URL, spec.BodyFormat, spec.RawBody}
}

// Mentioned are the variables that a request's templates name.
func Mentioned(spec request.Spec) map[string]bool {
	a := spec.Auth
	texts := []string{spec.URL, spec.RawBody, a.KeyValue.Plain, a.Token.Plain, a.Username, a.Password.Plain,
		a.TokenURL, a.ClientID, a.ClientSecret.Plain, a.Scopes}
	for _, h := range spec.Headers {
		texts = append(texts, h.Value.Plain)
	}
	for _, q := range spec.Params {
		texts = append(texts, q.Value.Plain)
	}
	for _, f := range spec.Fixed {
		if f.Template {
			texts = append(texts, f.Value.Plain)
		}
	}
	found := map[string]bool{}
	for _, text := range texts {
		for _, name := range request.Names(text) {
			found[name] = true
		}
	}
	return found
}

// keptRows merges one list three ways, by the rows' ids.
func keptRows[Row any](before, now, next []Row, id func(Row) string) []Row {
	if same(before, next) {
		return now
	}
	was, is := map[string]Row{}, map[string]Row{}
	for _, row := range before {
		was[id(row)] = row
	}
	for _, row := range now {
		is[id(row)] = row
	}
	out := []Row{}
	for _, row := range next {
		old, madeBefore := was[id(row)]
		current, there := is[id(row)]
		switch {
		case !madeBefore, there && same(old, current):
			out = append(out, row)
		case there:
			out = append(out, current)
		}
	}
	for _, row := range now {
		if _, made := was[id(row)]; !made {
			out = append(out, row)
		}
	}
	return out
}
