package provider

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"keydesk/backend/fault"
	"keydesk/backend/limit"
	"keydesk/backend/request"
)

// Row is a line of a repeating part. Name is empty in ordered ones.
type Row struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Input is what the provider's form holds: values by field id, rows by the id
// of their part.
type Input struct {
	Channel string                   `json:"channel"`
	Values  map[string]request.Value `json:"values"`
	Rows    map[string][]Row         `json:"rows"`
	// Credential says that an App Credential gives the account's fields, so
	// that none of them has to be entered.
	Credential bool `json:"credential"`
}

// ErrDraft is given with a message at each input, named like
// "values.auth_token" or "rows.variables[0].name".
var ErrDraft = fault.New(fault.Invalid, "provider.bad_input", "The provider's fields need a change.")

// Draft makes the request that a setup copies. Fields become the spec's fixed
// fields, named by their ids: the account's are literal, the message's are
// templates. Rows are expanded into parameters; their values are fixed fields
// too. Stage parameter rows are left to the setup. The spec is complete even if
// the error, ErrDraft, is not nil.
func (p *Provider) Draft(in Input) (request.Spec, error) {
	d := newDraft(p, in)
	spec := d.build()
	if len(d.faults) > 0 {
		err := ErrDraft.WithMessage("%s", d.faults[0].Message)
		if len(d.faults) > 1 {
			err = ErrDraft.WithMessage("%d things need a change.", len(d.faults))
		}
		err.Fields = d.faults
		return spec, err
	}
	return spec, nil
}

// draft fills in a provider's form. Its patterns are those of the file, and what
// they are asked of was entered, pasted or taken from a file of setups.
type draft struct {
	p      *Provider
	in     Input
	budget *limit.Budget // for matching what was entered
	faults fault.Fields
}

func newDraft(p *Provider, in Input) *draft {
	return &draft{p: p, in: in, budget: limit.New(context.Background())}
}

func (d *draft) build() request.Spec {
	t := d.p.Request
	if !slices.Contains(d.p.Channels, d.in.Channel) {
		d.faults.Add("channel", "%s does not send that way.", d.p.Name)
	}
	spec := t.spec()
	for _, f := range d.p.Fields {
		if d.holds(f.When) {
			spec.Fixed = append(spec.Fixed, d.field(f))
		}
	}
	d.needs()
	for i, param := range t.Params {
		if d.holds(param.When) {
			spec.Params = append(spec.Params, param.row("param."+strconv.Itoa(i+1)))
		}
	}
	for _, rows := range d.p.Rows {
		if d.holds(rows.When) {
			d.rows(rows, &spec)
		}
	}
	return spec
}

// spec is a template without fields and parameters.
func (t Template) spec() request.Spec {
	spec := request.Spec{Method: t.Method, URL: t.URL, BodyFormat: request.BodyFormat(t.Body), RawBody: t.RawBody,
		Auth: t.Auth.spec(), Headers: []request.Header{}, Params: []request.Param{}, StageParams: []request.StageParam{}, Fixed: []request.Field{}}
	for i, h := range t.Headers {
		spec.Headers = append(spec.Headers, request.Header{ID: "header." + strconv.Itoa(i+1), Name: h.Name, Value: request.Value{Plain: h.Value}})
	}
	return spec
}

// spec gives templates that name a secret and are not secret themselves.
func (a Auth) spec() request.Auth {
	plain := func(text string) request.Value { return request.Value{Plain: text} }
	out := request.Auth{Type: request.AuthType(a.Type)}
	switch out.Type {
	case request.APIKey:
		out.KeyName, out.KeyValue, out.AddTo = a.Name, plain(a.Value), request.KeyLocation(a.AddTo)
	case request.Bearer:
		out.Token = plain(a.Token)
	case request.Basic:
		out.Username, out.Password = a.Username, plain(a.Password)
	case request.OAuth2:
		out.HeaderPrefix, out.Token = a.Prefix, plain(a.Token)
	}
	return out
}

func (p Param) row(id string) request.Param {
	return request.Param{ID: id, Name: p.Name, Value: request.Value{Plain: p.Value},
		Type: request.ParamType(p.Type), In: request.ParamIn(p.In), Optional: p.Optional}
}

// value is what a field has in the form, or its default if nothing was entered.
func (d *draft) value(f Field) request.Value {
	v, entered := d.in.Values[f.ID]
	v = of(f, v)
	if !f.Secret && !entered {
		v.Plain = f.Default
	}
	return v
}

// holds tests a When: "" or "field=value" or "field=a|b".
func (d *draft) holds(when string) bool {
	name, want, found := strings.Cut(when, "=")
	if !found {
		return true
	}
	got := d.in.Channel
	if name != "channel" {
		f, _ := d.p.Field(name)
		got = d.value(f).Plain
	}
	return slices.Contains(strings.Split(want, "|"), got)
}

func (d *draft) field(f Field) request.Field {
	v, at := d.value(f), "values."+f.ID
	out := request.Field{ID: f.ID, Name: f.ID, Value: v, Template: f.Belongs == OfMessage && !f.Secret}
	fromCredential := d.in.Credential && f.Belongs == OfAccount
	text := v.Reveal()
	switch {
	case v.IsEmpty():
		if !f.Optional && !fromCredential {
			d.faults.Add(at, "Enter %s.", f.Label)
		}
	case v.Secret && v.Typed.IsEmpty(), out.Template && token.MatchString(text):
		// stored and not opened, or known only with a record
	case f.Kind == Choice && !slices.Contains(f.Choices, text):
		d.faults.Add(at, "Choose %s.", f.Label)
	case d.p.inHost(f.ID) && !hostPart.MatchString(text):
		d.faults.Add(at, "%s becomes part of the address, so it can hold only letters, digits, dots and hyphens.", f.Label)
	case f.Secret && strings.Trim(text, " \t\u00A0") != text:
		d.faults.Add(at, "%s has blanks around it. Enter it without them.", f.Label)
	case f.Pattern != "" && !d.p.patterns[f.ID].Match(d.budget, text):
		message := f.Label + " does not look right."
		if f.Example != "" {
			message = f.Label + " looks like " + f.Example + "."
		}
		d.faults.Add(at, "%s", message)
	}
	return out
}

// needs refuses groups of fields if no field of the group is filled.
func (d *draft) needs() {
	for _, group := range d.p.OneOf {
		filled, asked := false, false
		var labels []string
		for _, id := range group {
			f, _ := d.p.Field(id)
			if d.holds(f.When) {
				asked = true
				labels = append(labels, f.Label)
				filled = filled || !d.value(f).IsEmpty() || d.in.Credential && f.Belongs == OfAccount
			}
		}
		if asked && !filled {
			d.faults.Add("values."+group[0], "Fill one of these: %s.", strings.Join(labels, ", "))
		}
	}
}

// rows expands a repeating part.
func (d *draft) rows(r Rows, spec *request.Spec) {
	rows := d.in.Rows[r.ID]
	if len(rows) == 0 {
		return
	}
	if r.Max > 0 && len(rows) > r.Max {
		d.faults.Add("rows."+r.ID, "%s can have %d rows.", r.Label, r.Max)
		rows = rows[:r.Max]
	}
	for i, param := range r.With {
		spec.Params = append(spec.Params, param.row(r.ID+".with."+strconv.Itoa(i+1)))
	}
	seen := map[string]bool{}
	var members []string
	for i, row := range rows {
		number := strconv.Itoa(i + 1)
		id, at := r.ID+"."+number, "rows."+r.ID+"["+strconv.Itoa(i)+"]"
		d.row(r, row, at, seen)
		spec.Fixed = append(spec.Fixed, request.Field{ID: id, Name: id, Value: request.Value{Plain: row.Value}, Template: true})
		key := number
		if r.Kind == Named {
			key = row.Name
			spec.Fixed = append(spec.Fixed, request.Field{ID: id + ".name", Name: id + ".name", Value: request.Value{Plain: row.Name}})
		}
		for k, param := range r.Each {
			param.Name = rowText(param.Name, nameInPath.Replace(row.Name), id, i)
			param.Value = rowText(param.Value, "{{"+id+".name}}", id, i)
			if r.Kind == Named && slices.ContainsFunc(spec.Params, func(q request.Param) bool { return q.Name == param.Name }) {
				d.faults.Add(at+".name", "%s is sent already.", short(row.Name))
			}
			spec.Params = append(spec.Params, param.row(id+"."+strconv.Itoa(k+1)))
		}
		if r.Append != nil {
			for k := range spec.Params {
				if spec.Params[k].Name == r.Append.Param {
					spec.Params[k].Value.Plain += rowText(r.Append.Text, "{{"+id+".name}}", id, i)
				}
			}
		}
		member := `"{{` + id + `}}"`
		if r.JSON != nil && r.JSON.Shape == "object" {
			name, _ := json.Marshal(key)
			member = request.Escape(string(name)) + ":" + member
		}
		members = append(members, member)
	}
	if r.JSON != nil {
		open, end := "{", "}"
		if r.JSON.Shape == "list" {
			open, end = "[", "]"
		}
		param := Param{Name: r.JSON.Param, In: r.JSON.In, Type: string(request.JSONParam), Value: open + strings.Join(members, ",") + end}
		spec.Params = append(spec.Params, param.row(r.ID+".json"))
	}
}

// nameInPath escapes a row's name, so that it is one member of a JSON path (R5).
var nameInPath = strings.NewReplacer(`\`, `\\`, ".", `\.`, "[", `\[`, "]", `\]`)

// rowText fills in the variables of a row.
func rowText(text, name, id string, i int) string {
	return strings.NewReplacer("{{row.name}}", name, "{{row.number}}", strconv.Itoa(i+1),
		"{{row.index}}", strconv.Itoa(i), "{{row.value", "{{"+id).Replace(text)
}

func (d *draft) row(r Rows, row Row, at string, seen map[string]bool) {
	if row.Value == "" {
		d.faults.Add(at+".value", "Enter a value, or delete the row.")
	}
	if r.Kind != Named {
		return
	}
	switch {
	case row.Name == "":
		d.faults.Add(at+".name", "Enter a name, or delete the row.")
	case seen[row.Name]:
		d.faults.Add(at+".name", "%s is here twice.", short(row.Name))
	case r.NamePattern != "" && !d.p.patterns["rows."+r.ID].Match(d.budget, row.Name):
		d.faults.Add(at+".name", "A name here looks like %s.", r.NameExample)
	}
	seen[row.Name] = true
}

// Read gives the input from which Draft made a spec, for requests whose input was
// not kept (CarryOver). Secrets are as they are in the spec, stored or typed.
func (p *Provider) Read(channel string, spec request.Spec) Input {
	in := Input{Channel: channel, Values: map[string]request.Value{}, Rows: map[string][]Row{}}
	fixed := map[string]request.Value{}
	for _, f := range spec.Fixed {
		fixed[f.Name] = f.Value
	}
	for _, f := range p.Fields {
		if v, found := fixed[f.ID]; found {
			in.Values[f.ID] = v
		}
	}
	for _, r := range p.Rows {
		for n := 1; ; n++ {
			id := r.ID + "." + strconv.Itoa(n)
			v, found := fixed[id]
			if !found {
				break
			}
			in.Rows[r.ID] = append(in.Rows[r.ID], Row{Name: fixed[id+".name"].Plain, Value: v.Plain})
		}
	}
	return in
}

// FieldPath is where the value of a field is in a spec, such as "fixed[2].value";
// "" when it is not there.
func FieldPath(spec request.Spec, id string) string {
	for i, f := range spec.Fixed {
		if f.Name == id {
			return "fixed[" + strconv.Itoa(i) + "].value"
		}
	}
	return ""
}
