package setup

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"keydesk/backend/access"
	"keydesk/backend/fault"
	"keydesk/backend/provider"
	"keydesk/backend/request"
)

// Providers gives a provider by id, and finds the one a request goes to.
type Providers interface {
	Get(id string) (*provider.Provider, error)
	Recognise(spec request.Spec) (provider.Recognised, bool)
}

// ApplyInput asks for the request of a provider. Draft is what the form holds, the
// values of the provider's fields among its fixed fields. Provider is the one
// to draw: another than the draft's is chosen anew, "" gives the request into
// the person's own hands. What others hang on comes beside the draft as it was
// drawn, so that it can be told from what was changed by hand: Channel ("" keeps
// it), Values of choices, and Rows of the small tables (nil keeps them). With
// Reset what was changed by hand gives way.
type ApplyInput struct {
	Draft    Draft                     `json:"draft" validate:"-"`
	Provider string                    `json:"provider" validate:"max=64"`
	Channel  Channel                   `json:"channel" validate:"max=64"`
	Values   map[string]string         `json:"values"`
	Rows     map[string][]provider.Row `json:"rows"`
	Reset    bool                      `json:"reset"`
}

// Change is one difference between a request and what the provider's file
// draws today. Secrets never stand in it.
type Change struct {
	What string `json:"what"`
	From string `json:"from"`
	To   string `json:"to"`
}

// Applied is a draft with the provider's request. Typed secrets are not in it:
// the page keeps its own by the name of the fixed field.
type Applied struct {
	Draft Draft                     `json:"draft"`
	Rows  map[string][]provider.Row `json:"rows"`
	// Faults stand at "draft.request.fixed[2].value" or
	// "draft.rows.variables[0].name".
	Faults []fault.Field `json:"faults"`
	// ByHand names the sections that differ from what the file draws: "auth",
	// "api", "headers", "params".
	ByHand []string `json:"by_hand"`
	// Newer tells that the file is newer than the request (product.md 7).
	Newer   bool     `json:"newer"`
	Changes []Change `json:"changes"`
}

// OpDraw draws a provider's request.
var OpDraw = access.Op[ApplyInput, Applied]{Name: "setup.apply", Mode: access.Read, Any: []access.Permission{access.CreateSetup, access.EditSetup, access.ViewSetup}}

// Apply copies a provider's request into a draft (product.md 7). What the
// person changed by hand stays, row by row.
func (s *Service) Apply(_ context.Context, in ApplyInput) (Applied, error) {
	out := Applied{Draft: in.Draft, Rows: map[string][]provider.Row{}, Faults: []fault.Field{}, ByHand: []string{}, Changes: []Change{}}
	now := in.Draft.Request
	if in.Provider == "" {
		out.Draft.Provider, out.Draft.ProviderVersion = "", 0
		out.Draft.Request = detached(now)
		return out, nil
	}
	p, err := s.providers.Get(in.Provider)
	if err != nil {
		return Applied{}, err
	}
	out.Draft.Channel = channelOf(p, in.Draft.Channel)
	if in.Channel != "" {
		out.Draft.Channel = channelOf(p, in.Channel)
	}
	had := p.Read(string(in.Draft.Channel), now)
	chosen := in.Draft.Provider != in.Provider
	if old := s.provider(in.Draft); chosen && (old == nil || old.Account != p.Account) {
		// One account's credentials are never carried over to another's.
		for _, f := range p.Fields {
			if f.Belongs == provider.OfAccount {
				delete(had.Values, f.ID)
			}
		}
	}
	want := had
	want.Channel = string(out.Draft.Channel)
	want.Values = maps.Clone(had.Values)
	for id, text := range in.Values {
		want.Values[id] = request.Value{Plain: text}
	}
	if in.Rows != nil {
		want.Rows = in.Rows
	}
	drawn, err := p.Draft(want)
	out.Faults = at(drawn, err)
	drawn.StageParams = now.StageParams
	if !chosen {
		// Drawn from the same file: what differs was changed by hand.
		before, _ := p.Draft(had)
		before.StageParams = now.StageParams
		out.ByHand = byHand(before, now)
		out.Changes = differences(now, before)
		out.Newer = in.Draft.ProviderVersion < p.Version
		if !in.Reset {
			drawn = kept(before, now, drawn)
		}
	}
	out.Draft.Provider = p.ID
	if chosen || in.Reset {
		out.Draft.ProviderVersion = p.Version
	}
	if in.Reset {
		out.Newer, out.ByHand = false, []string{}
	}
	out.Draft.Request = drawn
	for _, rows := range p.Rows {
		out.Rows[rows.ID] = append([]provider.Row{}, want.Rows[rows.ID]...)
	}
	for _, one := range slots(&out.Draft.Request) {
		one.Value.Typed = request.Value{}.Typed
	}
	return out, nil
}

// channelOf keeps the channel if the provider serves it.
func channelOf(p *provider.Provider, now Channel) Channel {
	if slices.Contains(p.Channels, string(now)) {
		return now
	}
	return Channel(p.Channels[0])
}

// at puts the faults of a provider's form where the setup's form has them.
func at(spec request.Spec, err error) []fault.Field {
	list := []fault.Field{}
	known := fault.From(err)
	if err == nil || known == nil {
		return list
	}
	for _, f := range known.Fields {
		name := "draft." + f.Name
		if id, value := strings.CutPrefix(f.Name, "values."); value {
			name = "draft.provider"
			if path := provider.FieldPath(spec, id); path != "" {
				name = "draft.request." + path
			}
		}
		list = append(list, fault.Field{Name: name, Message: f.Message})
	}
	return list
}

// byHand names the sections that are not as they were drawn.
func byHand(drawn, now request.Spec) []string {
	list := []string{}
	add := func(name string, a, b any) {
		if !same(a, b) {
			list = append(list, name)
		}
	}
	add("auth", drawn.Auth, now.Auth)
	add("api", []any{drawn.Method, drawn.URL, drawn.BodyFormat, drawn.RawBody}, []any{now.Method, now.URL, now.BodyFormat, now.RawBody})
	add("headers", drawn.Headers, now.Headers)
	add("params", drawn.Params, now.Params)
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

// kept is what is newly drawn, with everything that was changed by hand since
// it was last drawn left as it is.
func kept(before, now, next request.Spec) request.Spec {
	if !same(before.Auth, now.Auth) {
		next.Auth = now.Auth
	}
	if !same([]any{before.Method, before.URL, before.BodyFormat, before.RawBody}, []any{now.Method, now.URL, now.BodyFormat, now.RawBody}) {
		next.Method, next.URL, next.BodyFormat, next.RawBody = now.Method, now.URL, now.BodyFormat, now.RawBody
	}
	next.Headers = keptRows(before.Headers, now.Headers, next.Headers, func(h request.Header) string { return h.ID })
	next.Params = keptRows(before.Params, now.Params, next.Params, func(p request.Param) string { return p.ID })
	// A newer file may not have a field any more that the request still names.
	named := names(next)
	for _, f := range now.Fixed {
		is := func(other request.Field) bool { return other.Name == f.Name }
		if named[f.Name] && !slices.ContainsFunc(before.Fixed, is) && !slices.ContainsFunc(next.Fixed, is) {
			next.Fixed = append(next.Fixed, f)
		}
	}
	return next
}

// names are the variables that a request's templates name.
func names(spec request.Spec) map[string]bool {
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
	was, is := map[string]Row{}, map[string]Row{}
	for _, row := range before {
		was[id(row)] = row
	}
	for _, row := range now {
		is[id(row)] = row
	}
	out := []Row{}
	for _, row := range next {
		old, drawnBefore := was[id(row)]
		current, there := is[id(row)]
		switch {
		case !drawnBefore:
			out = append(out, row)
		case there && same(old, current):
			out = append(out, row)
		case there:
			out = append(out, current)
		}
	}
	for _, row := range now {
		if _, drawn := was[id(row)]; !drawn {
			out = append(out, row)
		}
	}
	return out
}

// differences lists in words what the file draws otherwise than the request
// is.
func differences(now, file request.Spec) []Change {
	list := []Change{}
	add := func(what, from, to string) {
		if from != to {
			list = append(list, Change{what, from, to})
		}
	}
	shown := func(v request.Value) string {
		if v.Secret {
			return "(secret)"
		}
		return v.Plain
	}
	auth := func(a request.Auth) string {
		words := []string{string(a.Type)}
		for _, text := range []string{a.KeyName, shown(a.KeyValue), string(a.AddTo), a.HeaderPrefix, shown(a.Token), a.Username, shown(a.Password)} {
			if text != "" {
				words = append(words, text)
			}
		}
		return strings.Join(words, " ")
	}
	add("Method Type", now.Method, file.Method)
	add("API URL", now.URL, file.URL)
	add("Body format", string(now.BodyFormat), string(file.BodyFormat))
	add("Body", now.RawBody, file.RawBody)
	add("Authentication", auth(now.Auth), auth(file.Auth))
	compare := func(what string, a, b map[string]string, order []string) {
		for _, name := range order {
			add(what+" "+name, a[name], b[name])
		}
	}
	headers := func(list []request.Header) (map[string]string, []string) {
		out, order := map[string]string{}, []string{}
		for _, h := range list {
			out[h.Name] += shown(h.Value)
			order = append(order, h.Name)
		}
		return out, order
	}
	params := func(list []request.Param) (map[string]string, []string) {
		out, order := map[string]string{}, []string{}
		for _, q := range list {
			out[q.Name] += shown(q.Value)
			order = append(order, q.Name)
		}
		return out, order
	}
	a, orderA := headers(now.Headers)
	b, orderB := headers(file.Headers)
	compare("Header", a, b, once(orderA, orderB))
	c, orderC := params(now.Params)
	d, orderD := params(file.Params)
	compare("Parameter", c, d, once(orderC, orderD))
	return list
}

func once(lists ...[]string) []string {
	out := []string{}
	for _, list := range lists {
		for _, name := range list {
			if !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	return out
}

// checkProvider holds the provider's fields to its file. Without the file
// (removed since) there is nothing to hold them to; of a file newer than the
// request only what the request names.
func (s *Service) checkProvider(draft Draft) []fault.Field {
	p := s.provider(draft)
	if p == nil {
		return nil
	}
	spec, err := p.Draft(p.Read(string(draft.Channel), draft.Request))
	if err == nil {
		return nil
	}
	found, named := []fault.Field{}, names(draft.Request)
	for _, f := range at(spec, err) {
		// A message names the row of what was drawn; here it is the draft's.
		for _, field := range spec.Fixed {
			if f.Name != "draft.request."+provider.FieldPath(spec, field.Name) {
				continue
			}
			f.Name = "draft.provider"
			if path := provider.FieldPath(draft.Request, field.Name); path != "" {
				f.Name = "draft.request." + path
			}
			if draft.ProviderVersion < p.Version && !named[field.Name] {
				f.Name = "" // the older request does without it
			}
			break
		}
		if f.Name != "" {
			found = append(found, f)
		}
	}
	return found
}

// provider is the draft's, nil where it has none or its file is gone.
func (s *Service) provider(draft Draft) *provider.Provider {
	if draft.Provider == "" {
		return nil
	}
	p, err := s.providers.Get(draft.Provider)
	if err != nil {
		return nil
	}
	return p
}
