package provider

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"keydesk/backend/limit"
	"keydesk/backend/request"
	"keydesk/backend/secret"
)

// Recognised is a request that was recognised as a provider's.
type Recognised struct {
	Provider *Provider
	Input    Input
	// LeftOut names the headers and parameters that the provider's request does
	// not have and that would not be carried over.
	LeftOut []string
}

// Recognise finds the provider to whose address a request goes, such as one pasted
// from a help page, and reads the values of its fields from it. If several fit,
// the one that takes over the most wins. ok is false when none fits, also where the
// request is too large to be compared with every provider.
func (c *Catalogue) Recognise(ctx context.Context, spec request.Spec) (best Recognised, ok bool) {
	budget := limit.New(ctx)
	params := flat(budget, spec)
	for _, p := range c.List() {
		one, fits := p.recognise(budget, spec, params)
		if budget.Err() != nil {
			return Recognised{}, false
		}
		if fits && (!ok || len(one.LeftOut) < len(best.LeftOut)) {
			best, ok = one, true
		}
	}
	return best, ok
}

func (p *Provider) recognise(budget *limit.Budget, spec request.Spec, params []request.Param) (Recognised, bool) {
	r := &recogniser{p: p, budget: budget, in: Input{Channel: p.Channels[0], Values: map[string]request.Value{}, Rows: map[string][]Row{}}}
	address, _, _ := strings.Cut(spec.URL, "?")
	template, _, _ := strings.Cut(p.Request.URL, "?")
	if spec.Method != p.Request.Method || !r.take(strings.TrimSuffix(template, "/"), request.Value{Plain: strings.TrimSuffix(address, "/")}) {
		return Recognised{}, false
	}
	out := Recognised{Provider: p, LeftOut: []string{}}
	auth, own := spec.Auth, p.Request.Auth
	switch {
	case auth.Type == request.NoAuth || auth.Type == "":
	case own.header() != "" && r.take(own.header(), authorization(auth)):
	case string(auth.Type) != own.Type:
		out.LeftOut = append(out.LeftOut, "Authentication")
	case auth.Type == request.APIKey && !strings.EqualFold(auth.KeyName, own.Name):
		out.LeftOut = append(out.LeftOut, auth.KeyName)
	default:
		key, token := r.take(own.Value, auth.KeyValue), r.take(own.Token, auth.Token)
		user, password := r.take(own.Username, request.Value{Plain: auth.Username}), r.take(own.Password, auth.Password)
		if !key || !token || !user || !password {
			out.LeftOut = append(out.LeftOut, "Authentication")
		}
	}
	for _, h := range spec.Headers {
		if strings.EqualFold(own.Name, h.Name) && own.AddTo == string(request.InHeader) && r.take(own.Value, h.Value) {
			continue
		}
		known := slices.ContainsFunc(p.Request.Headers, func(t Header) bool { return strings.EqualFold(t.Name, h.Name) && r.take(t.Value, h.Value) })
		if !known && !ordinary[strings.ToLower(h.Name)] {
			out.LeftOut = append(out.LeftOut, h.Name)
		}
	}
	out.LeftOut = append(out.LeftOut, r.params(params)...)
	out.Input = r.in
	return out, true
}

// ordinary headers are on every help page and mean nothing for a provider.
var ordinary = map[string]bool{"accept": true, "content-type": true, "cache-control": true}

// params gives the names of parameters that no part of the provider takes.
// Choices are tried first, since what is sent may depend on them.
func (r *recogniser) params(sent []request.Param) (left []string) {
	for _, q := range sent {
		if !r.budget.Work(int64(50 * (1 + len(r.p.Request.Params) + len(r.p.Rows)))) {
			break
		}
		taken := false
		if own := r.p.Request.Auth; own.Name == q.Name && own.AddTo != "" && own.AddTo != string(request.InHeader) {
			taken = r.take(own.Value, q.Value)
		}
		for _, t := range r.p.Request.Params {
			if taken {
				break
			}
			if t.Name == q.Name {
				taken = r.take(t.Value, q.Value)
				r.chooses(t, taken)
			}
		}
		if !taken && !r.row(q) {
			left = append(left, q.Name)
		}
	}
	return left
}

// chooses fills the choice that a parameter depends on, such as kind=template.
func (r *recogniser) chooses(t Param, taken bool) {
	name, value, found := strings.Cut(t.When, "=")
	if !taken || !found || strings.Contains(value, "|") {
		return
	}
	if name == "channel" {
		r.in.Channel = value
	} else if _, set := r.in.Values[name]; !set {
		r.in.Values[name] = request.Value{Plain: value}
	}
}

// row takes a parameter as a line of a table of named rows.
func (r *recogniser) row(q request.Param) bool {
	for _, rows := range r.p.Rows {
		if rows.Kind != Named || len(rows.Each) != 1 || q.Value.Secret {
			continue
		}
		front, back, found := strings.Cut(rows.Each[0].Name, "{{row.name}}")
		name, ahead := strings.CutPrefix(q.Name, front)
		name, behind := strings.CutSuffix(name, back)
		if !found || !ahead || !behind || rows.Each[0].Value != "{{row.value}}" {
			continue
		}
		if rows.NamePattern != "" && !r.p.patterns["rows."+rows.ID].Match(r.budget, name) {
			continue
		}
		r.in.Rows[rows.ID] = append(r.in.Rows[rows.ID], Row{Name: name, Value: q.Value.Plain})
		return true
	}
	return false
}

// phones are the formats of numbers (R1); phoneLike fits a number as it is written.
var (
	phones    = map[string]bool{"e164": true, "digits": true, "national": true}
	phoneLike = regexp.MustCompile(`^\+?[0-9][0-9 ().-]*$`)
)

// authorization is what a bearer or OAuth 2.0 token, or a key in the header
// Authorization, is sent as; empty for anything else.
func authorization(a request.Auth) request.Value {
	text := a.Token.Reveal()
	switch {
	case text != "" && a.Type == request.Bearer:
		text = "Bearer " + text
	case text != "" && a.Type == request.OAuth2:
		text = strings.TrimSpace(strings.TrimSpace(a.HeaderPrefix) + " " + text)
	case a.Type == request.APIKey && a.AddTo == request.InHeader && strings.EqualFold(a.KeyName, "Authorization"):
		text = a.KeyValue.Reveal()
	default:
		return request.Value{}
	}
	return request.Value{Secret: true, Typed: secret.New(text)}
}

// header is the template of the header Authorization; "" if it is not used.
func (a Auth) header() string { return authorization(a.spec()).Reveal() }

// flat gives the parameters of a request one by one, including those of a JSON
// body written by hand, named as R5 nests them. A value that names a row which is
// sent nowhere gets the value of that row.
func flat(budget *limit.Budget, spec request.Spec) []request.Param {
	var list []request.Param
	held := map[string]request.Value{}
	for _, q := range spec.Params {
		if q.In == request.ParamNowhere {
			held["{{"+q.Name+"}}"] = q.Value
		} else {
			list = append(list, q)
		}
	}
	known := func(text string) request.Value {
		if v, is := held[text]; is {
			return v
		}
		return request.Value{Plain: text}
	}
	if form, err := url.ParseQuery(spec.RawBody); spec.BodyFormat == request.RawText && err == nil {
		for _, name := range slices.Sorted(maps.Keys(form)) {
			list = append(list, request.Param{Name: name, Value: known(form.Get(name))})
		}
		return list
	}
	if spec.BodyFormat != request.RawJSON {
		return list
	}
	var document any
	decoder := json.NewDecoder(budget.Reader(strings.NewReader(spec.RawBody)))
	decoder.UseNumber()
	if decoder.Decode(&document) != nil {
		return append(list, request.Param{Name: "Raw body"})
	}
	var walk func(name string, value any)
	walk = func(name string, value any) {
		switch value := value.(type) {
		case map[string]any:
			for _, key := range slices.Sorted(maps.Keys(value)) {
				if !named(budget, name, key) {
					return
				}
				below := nameInPath.Replace(key)
				if name != "" {
					below = name + "." + below
				}
				walk(below, value[key])
			}
		case []any:
			for i, one := range value {
				if !named(budget, name, "") {
					return
				}
				walk(name+"["+strconv.Itoa(i)+"]", one)
			}
		case nil:
		default:
			list = append(list, request.Param{Name: name, Value: known(fmt.Sprint(value))})
		}
	}
	walk("", document)
	return list
}

// named charges the name of a member. It repeats those above it, so the names of a
// small body can be large.
func named(budget *limit.Budget, above, key string) bool {
	return budget.Work(20) && budget.Keep(int64(100+len(above)+2*len(key)))
}

type recogniser struct {
	p      *Provider
	budget *limit.Budget
	in     Input
}

// take reads the fields of a template from a value that was made with it; false
// when it was not. A value that a field already has must be the same.
func (r *recogniser) take(template string, from request.Value) bool {
	if template == "" {
		return from.IsEmpty()
	}
	if !r.budget.Work(int64(1000 + 100*len(template))) { // to compile its pattern
		return false
	}
	text := from.Reveal()
	pattern, fields, formats := "", []string{}, []string{}
	rest := template
	for _, m := range token.FindAllStringSubmatchIndex(template, -1) {
		pattern += regexp.QuoteMeta(template[len(template)-len(rest):m[0]]) + `(.*?)`
		fields = append(fields, template[m[2]:m[3]])
		format := ""
		if m[4] >= 0 {
			format = template[m[4]:m[5]]
		}
		formats = append(formats, format)
		rest = template[m[1]:]
	}
	whole, err := limit.Compile(`(?s)^` + pattern + regexp.QuoteMeta(rest) + `$`)
	if err != nil {
		return false
	}
	found := whole.Find(r.budget, text)
	if found == nil {
		return false
	}
	for i, id := range fields {
		f, known := r.p.Field(id)
		if !known || f.Kind == Choice && !slices.Contains(f.Choices, found[i+1]) {
			return false
		}
		if phones[formats[i]] && !phoneLike.MatchString(found[i+1]) {
			return false
		}
		if strings.Contains(template, "://") && strings.ContainsAny(found[i+1], "/?#@") {
			return false // a field is one part of an address
		}
		if r.p.inHost(id) && !r.p.patternFits(r.budget, f, found[i+1]) {
			return false
		}
		if old, set := r.in.Values[id]; set && old.Reveal() != found[i+1] && !(phones[formats[i]] && bare(old.Reveal()) == bare(found[i+1])) {
			return false
		}
	}
	for i, id := range fields {
		f, _ := r.p.Field(id)
		value := request.Value{Plain: found[i+1]}
		if f.Secret {
			value = request.Value{Secret: true, Typed: secret.New(found[i+1])}
		}
		if _, set := r.in.Values[id]; !set {
			r.in.Values[id] = value
		}
	}
	return true
}

// bare is a number without plus, blanks, dots, hyphens and brackets.
func bare(number string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, number)
}

func (p *Provider) patternFits(budget *limit.Budget, f Field, text string) bool {
	if f.Kind == Choice {
		return slices.Contains(f.Choices, text)
	}
	return hostPart.MatchString(text) && (p.patterns[f.ID] == nil || p.patterns[f.ID].Match(budget, text))
}
