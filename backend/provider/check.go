package provider

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"keydesk/backend/fault"
	"keydesk/backend/limit"
	"keydesk/backend/request"
	"keydesk/backend/typed"
	"keydesk/backend/verdict"
)

// FormatVersion is the format that this program reads (FORMAT.md).
const FormatVersion = 1

// The kinds of repeating rows.
const (
	Named   = "named"
	Ordered = "ordered"
)

// Channels a provider can serve, as setups name them.
var channels = []string{"sms", "whatsapp_business", "email"}

var (
	providerID = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	fieldID    = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	country    = regexp.MustCompile(`^[A-Z]{2}$`)
	hostPart   = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$`)
)

// Bounds of what a form can show.
const (
	maxFields = 40
	maxText   = 2000
	maxErrors = 200
	// maxChoices is for all fields together: each is tried when the file is read.
	maxChoices = 200
)

// check compares a decoded file with the format. What it accepts can be drafted,
// judged and simulated.
func (l *loader) check(p *Provider) {
	l.about(p)
	l.fields(p)
	l.rowParts(p)
	l.whens(p)
	if len(l.faults) > 0 {
		return // the rest would repeat it
	}
	l.rules(p)
	l.errors(p)
	l.outcomes(p)
	if len(l.faults) > 0 {
		return
	}
	l.drafts(p)
	l.answers(p)
}

func (l *loader) about(p *Provider) {
	p.Name, p.Service = typed.Name(p.Name), typed.Name(p.Service)
	if p.Format != FormatVersion {
		l.at([]any{"format"}, "The format must be %d; this program reads no other.", FormatVersion)
	}
	if !providerID.MatchString(p.ID) || len(p.ID) > 64 {
		l.at([]any{"id"}, "The id must have 1 to 64 small letters, digits and single hyphens, such as acme-sms.")
	}
	if p.Version < 1 {
		l.at([]any{"version"}, "The version must be a number, 1 or more.")
	}
	for _, text := range []struct{ key, value string }{{"name", p.Name}, {"service", p.Service}, {"account", p.Account}, {"help", p.Help}} {
		if strings.TrimSpace(text.value) == "" {
			l.at([]any{text.key}, "The key %q is missing or empty.", text.key)
		}
		if len(text.value) > maxText {
			l.at([]any{text.key}, "This text is longer than %d bytes.", maxText)
		}
	}
	if len(p.Name) > 80 || len(p.Service) > 40 || strings.ContainsAny(p.Name+p.Service, "\r\n") {
		l.at([]any{"name"}, "name can have 80 bytes and service 40, in one line each.")
	}
	if len(p.Channels) == 0 {
		l.at([]any{"channels"}, "Say which channels it serves: %s.", strings.Join(channels, ", "))
	}
	for i, c := range p.Channels {
		if !slices.Contains(channels, c) {
			l.at([]any{"channels", i}, "The channel %q is not one of %s.", short(c), strings.Join(channels, ", "))
		}
	}
	l.page("page", p.Page, true)
	l.page("delivery", p.Delivery, false)
	for _, m := range []struct {
		key  string
		mark Mark
	}{{"badge", p.Marks.Badge}, {"request", p.Marks.Request}, {"success", p.Marks.Success}, {"errors", p.Marks.Errors}} {
		switch m.mark {
		case Verified, InClient, Unverified:
		case NotDocumented:
			if m.key == "success" || m.key == "errors" {
				continue
			}
			fallthrough
		default:
			l.at([]any{"marks", m.key}, "%s must be V, C or U (success and errors also: not documented).", m.key)
		}
	}
}

func (l *loader) page(key, text string, needed bool) {
	if text == "" && !needed {
		return
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil {
		l.at([]any{key}, "%s must be a full address that begins with https://.", key)
	}
}

func (l *loader) fields(p *Provider) {
	p.patterns, p.standIns = map[string]*limit.Pattern{}, map[string]string{}
	seen := map[string]bool{"channel": true, "row": true}
	choices := 0
	if len(p.Fields) > maxFields {
		l.at([]any{"fields"}, "There are %d fields; %d can be shown.", len(p.Fields), maxFields)
		return
	}
	for i := range p.Fields {
		f := &p.Fields[i]
		at := func(key, format string, args ...any) { l.at([]any{"fields", i, key}, format, args...) }
		if !fieldID.MatchString(f.ID) || len(f.ID) > 40 || seen[f.ID] {
			at("id", "A field's id has small letters, digits and _, begins with a letter, and is used once. %q does not fit.", short(f.ID))
		}
		seen[f.ID] = true
		f.Label = typed.Name(f.Label)
		if f.Label == "" || len(f.Label) > 60 {
			at("label", "Give the field a label of at most 60 bytes.")
		}
		if f.Belongs != OfAccount && f.Belongs != OfMessage {
			at("belongs", "Say whether the field belongs to the account or to the message.")
		}
		if f.Secret && f.Belongs != OfAccount {
			at("secret", "Only a field of the account can be secret.")
		}
		if f.Secret && f.Default != "" {
			at("default", "A secret cannot have a default.")
		}
		l.kind(f, at)
		if choices += len(f.Choices); choices > maxChoices {
			at("choices", "There are more than %d choices; a form shows no more.", maxChoices)
			return
		}
		if f.Pattern != "" {
			l.pattern(p, f, at)
		} else if p.inHost(f.ID) && f.Kind != Choice {
			at("pattern", "%s is part of the host, so it needs a pattern.", f.ID)
		}
		if p.inHost(f.ID) && (f.Secret || f.Belongs != OfAccount) {
			at("belongs", "Only account fields that are not secret can be in scheme, host and port.")
		}
		if f.Secret {
			if p.standIns[f.ID] = p.makeStandIn(*f); p.standIns[f.ID] == "" {
				at("pattern", "No stand-in can be made from this pattern; give one as stand_in.")
			}
		}
		if slices.ContainsFunc(f.NeededIn, func(c string) bool { return !country.MatchString(c) }) || len(f.NeededIn) > 0 && !f.Optional {
			at("needed_in", "needed_in lists countries by two capital letters, such as [IN], and belongs to an optional field.")
		}
		if f.StandInValue != "" && f.Pattern != "" && p.patterns[f.ID] != nil && !p.patterns[f.ID].Match(l.budget, f.StandInValue) {
			at("stand_in", "The stand-in does not fit the pattern.")
		}
	}
	l.recipient(p)
	for i, group := range p.OneOf {
		for _, id := range group {
			if _, found := p.Field(id); !found || len(group) < 2 {
				l.at([]any{"one_of", i}, "one_of lists groups of two or more field ids; %q is not one.", short(id))
			}
		}
	}
}

// recipient refuses a receiver that is a secret or is made of one: it is shown
// before a message is sent, and recorded.
func (l *loader) recipient(p *Provider) {
	at := slices.IndexFunc(p.Fields, func(f Field) bool { return f.ID == p.Recipient })
	if at < 0 {
		l.at([]any{"recipient"}, "recipient must be the id of the field that says who receives the message.")
		return
	}
	f := p.Fields[at]
	if f.Secret {
		l.at([]any{"recipient"}, "A secret cannot be the recipient; %q is one.", short(f.ID))
	}
	for _, text := range append([]string{f.Default, f.Example}, f.Choices...) {
		for _, name := range request.Names(text) {
			if named, _ := p.Field(name); named.Secret {
				l.at([]any{"fields", at}, "A secret cannot be the recipient, and %q is one.", short(name))
				return
			}
		}
	}
}

func (l *loader) kind(f *Field, at func(key, format string, args ...any)) {
	switch f.Kind {
	case "":
		f.Kind = TextField
	case TextField, LongField, PhoneField, EmailField:
	case Choice:
		if len(f.Choices) < 2 || f.Default != "" && !slices.Contains(f.Choices, f.Default) {
			at("choices", "A choice needs two or more choices, and its default must be one of them.")
		}
	default:
		at("kind", "The kind must be text, long_text, phone, email or choice.")
	}
}

// pattern compiles a field's pattern and checks example, default and choices with
// it.
func (l *loader) pattern(p *Provider, f *Field, at func(key, format string, args ...any)) {
	whole, err := wholePattern(f.Pattern)
	if err != nil || len(f.Pattern) > 300 {
		at("pattern", "This is not a regular expression of at most 300 bytes.")
		return
	}
	p.patterns[f.ID] = whole
	for _, text := range []string{f.Example, f.Default} {
		if text != "" && !token.MatchString(text) && !whole.Match(l.budget, text) {
			at("pattern", "The pattern does not fit the example or default %q.", short(text))
		}
	}
	if p.inHost(f.ID) {
		for _, bad := range []string{"a/b", "a@b", "a:1", "a#b", "a?b", `a\b`, "evil.example/"} {
			if whole.Match(l.budget, bad) {
				at("pattern", "%s is part of the host, so its pattern may fit letters, digits, dots and hyphens only; it fits %q.", f.ID, bad)
				return
			}
		}
	}
}

// inHost tells whether a field is in scheme, host or port of the request or the
// probe.
func (p *Provider) inHost(id string) bool {
	if slices.Contains(names(hostOf(p.Request.URL)), id) {
		return true
	}
	return p.Probe != nil && slices.Contains(names(hostOf(p.Probe.Request.URL)), id)
}

// hostOf is a URL template up to its path.
func hostOf(template string) string {
	scheme, rest, found := strings.Cut(template, "://")
	if !found {
		return template
	}
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		rest = rest[:end]
	}
	return scheme + "://" + rest
}

func (l *loader) rowParts(p *Provider) {
	seen := map[string]bool{}
	for i := range p.Rows {
		r := &p.Rows[i]
		at := func(key, format string, args ...any) { l.at([]any{"rows", i, key}, format, args...) }
		_, taken := p.Field(r.ID)
		if !fieldID.MatchString(r.ID) || len(r.ID) > 40 || taken || seen[r.ID] {
			at("id", "The id of rows has small letters, digits and _, and is used by nothing else.")
		}
		seen[r.ID] = true
		r.Label, r.NameLabel, r.ValueLabel = typed.Name(r.Label), typed.Name(r.NameLabel), typed.Name(r.ValueLabel)
		if r.Label == "" || r.ValueLabel == "" || r.Kind == Named && r.NameLabel == "" {
			at("label", "Give the table a label and its columns labels (value_label, for named rows also name_label).")
		}
		switch r.Kind {
		case Named:
			if r.NameExample == "" {
				at("name_example", "Named rows need an example of a name.")
			}
		case Ordered:
			if r.NamePattern != "" || strings.Contains(fmt.Sprint(r.Each), "row.name") {
				at("kind", "Ordered rows have no name.")
			}
		default:
			at("kind", "The kind of rows is named or ordered.")
		}
		if r.NamePattern != "" {
			whole, err := wholePattern(r.NamePattern)
			if err != nil || len(r.NamePattern) > 300 || !whole.Match(l.budget, r.NameExample) {
				at("name_pattern", "This is not a regular expression that fits the example.")
			} else {
				p.patterns["rows."+r.ID] = whole
			}
		}
		ways := 0
		for _, has := range []bool{len(r.Each) > 0, r.JSON != nil, r.Append != nil} {
			if has {
				ways++
			}
		}
		if ways != 1 {
			at("each", "Say how rows are sent in exactly one way: each, json or append.")
		}
		if r.Append != nil && !slices.ContainsFunc(p.Request.Params, func(q Param) bool { return q.Name == r.Append.Param }) {
			at("append", "append names a parameter of the request.")
		}
		if r.JSON != nil && r.JSON.Shape != "object" && r.JSON.Shape != "list" {
			at("json", "The shape is object or list.")
		}
		if r.Max < 0 || r.Max > request.MaxRows {
			at("max", "max is a number up to %d.", request.MaxRows)
		}
		if r.Max == 0 {
			r.Max = 60
		}
	}
}

// whens checks that every when names a choice field or the channel.
func (l *loader) whens(p *Provider) {
	test := func(when string, path ...any) {
		if when == "" {
			return
		}
		name, want, found := strings.Cut(when, "=")
		known := p.Channels
		if name != "channel" {
			f, _ := p.Field(name)
			known = f.Choices
			if f.Kind != Choice || f.When != "" {
				found = false
			}
		}
		for _, value := range strings.Split(want, "|") {
			found = found && slices.Contains(known, value)
		}
		if !found {
			l.at(path, "when must name a choice field or channel and one of its values, such as kind=template.")
		}
	}
	for i, f := range p.Fields {
		test(f.When, "fields", i, "when")
	}
	for i, param := range p.Request.Params {
		test(param.When, "request", "params", i, "when")
	}
	for i, r := range p.Rows {
		test(r.When, "rows", i, "when")
	}
}

func (l *loader) rules(p *Provider) {
	switch {
	case p.Success == nil && p.Refused != nil:
		l.at([]any{"refused"}, "refused belongs beside success: say what counts as accepted as well.")
	case p.Success == nil && p.Marks.Success != NotDocumented:
		l.at([]any{"success"}, "Say what counts as accepted, or mark success as not documented.")
	case p.Success != nil:
		rule := p.Success.verdict()
		rule.Refused = p.Refused.verdict()
		p.rule = &rule
		for _, f := range verdict.CheckProviderRule(rule) {
			l.at(rulePath("success", f.Name), "%s", f.Message)
		}
	}
	if p.Probe != nil {
		rule := p.Probe.Success.verdict()
		for _, f := range verdict.CheckProviderRule(rule) {
			path := rulePath("success", f.Name)
			l.at(append([]any{"probe"}, path...), "%s", f.Message)
		}
		if rule.IsEmpty() {
			l.at([]any{"probe", "success"}, "Say which answer proves the credential.")
		}
		if p.Probe.Mark == "" || p.Probe.Says == "" {
			l.at([]any{"probe"}, "Say what the probe does (says) and how well it is known (mark).")
		}
	}
	if (p.Probe == nil) != slices.Contains(p.NotDocumented, "probe") {
		l.at([]any{"not_documented"}, "Give a probe, or list probe under not_documented.")
	}
}

// rulePath turns "rule.conditions[1].path" into a path in the file.
func rulePath(key, name string) []any {
	path := []any{key}
	rest := strings.TrimPrefix(name, "rule.")
	if own, is := strings.CutPrefix(rest, "refused."); is {
		path, rest = []any{"refused"}, own // beside success, not in it
	}
	for _, part := range strings.Split(rest, ".") {
		base, index, indexed := strings.Cut(strings.TrimSuffix(part, "]"), "[")
		path = append(path, base)
		if indexed {
			n := 0
			_, _ = fmt.Sscan(index, &n)
			path = append(path, n)
		}
	}
	return path
}

func (l *loader) errors(p *Provider) {
	p.texts = map[int]*limit.Pattern{}
	if len(p.Errors) > maxErrors {
		l.at([]any{"errors"}, "The table has %d lines; it can have %d.", len(p.Errors), maxErrors)
		return
	}
	for i, e := range p.Errors {
		at := func(key, format string, args ...any) { l.at([]any{"errors", i, key}, format, args...) }
		if e.Code == "" && e.Status == 0 && e.Text == "" {
			at("code", "Say what the line is for: a code, a status or a text.")
		}
		if e.Status != 0 && (e.Status < 200 || e.Status > 599) {
			at("status", "The status is a number from 200 to 599.")
		}
		if strings.TrimSpace(e.Words) == "" || strings.ContainsAny(e.Words, "\r\n") {
			at("words", "Say in one line what it means.")
		}
		if _, found := p.Field(e.Field); !found && e.Field != "" {
			at("field", "There is no field %q.", short(e.Field))
		}
		switch e.Mark {
		case Verified, InClient, Unverified:
		default:
			at("mark", "The mark must be V, C or U.")
		}
		if e.Text != "" {
			pattern, err := limit.Compile(e.Text)
			if err != nil || len(e.Text) > 300 {
				at("text", "This is not a regular expression of at most 300 bytes.")
				continue
			}
			p.texts[i] = pattern
		}
	}
}

func (l *loader) outcomes(p *Provider) {
	for i, name := range p.NotDocumented {
		if name != "probe" && !slices.Contains(Outcomes, Outcome(name)) {
			l.at([]any{"not_documented", i}, "There is no outcome %q.", short(name))
		}
	}
	for _, o := range Outcomes {
		_, described := p.Simulator[o]
		if described == slices.Contains(p.NotDocumented, string(o)) {
			l.at([]any{"simulator"}, "Give the answer for %s under simulator, or list it under not_documented.", o)
		}
	}
	for o, a := range p.Simulator {
		if a.Like != "" {
			other, found := p.Simulator[a.Like]
			if !found || other.Like != "" || a.Status != 0 || a.Body != "" || a.Headers != nil {
				l.at([]any{"simulator", string(o)}, "like must name an outcome that has an answer here; it replaces status, headers and body.")
				continue
			}
			a.Status, a.Headers, a.Body = other.Status, other.Headers, other.Body
			p.Simulator[o] = a
		}
		path := []any{"simulator", string(o)}
		if !slices.Contains(Outcomes, o) && o != Partial {
			l.at(path, "There is no outcome %q.", short(string(o)))
		}
		if a.Status < 200 || a.Status > 599 {
			l.at(path, "The answer needs a status from 200 to 599.")
		}
		if a.DelayMs < 0 || a.DelayMs > 60_000 {
			l.at(path, "delay_ms is at most 60000.")
		}
		for name, value := range a.Headers {
			if strings.ContainsAny(name+value, "\r\n") || strings.ContainsAny(name, " :") || name == "" {
				l.at(path, "A header's name or value cannot be sent.")
			}
		}
	}
}

// drafts makes the request with few and with all fields filled, for each channel
// and choice, and checks it by the rules for every setup.
func (l *loader) drafts(p *Provider) {
	for _, in := range samples(p) {
		spec, err := p.Draft(in)
		if err != nil {
			f := fault.From(err)
			l.at([]any{"fields"}, "With the examples filled in: %s (%s)", f.Fields[0].Message, f.Fields[0].Name)
			return
		}
		if !l.builds(spec, "request") {
			return
		}
	}
	if p.Probe != nil {
		in := samples(p)[0]
		spec, _, _ := p.ProbeRequest(in.Values)
		if !l.builds(spec, "request", "probe") {
			return
		}
	}
}

func (l *loader) builds(spec request.Spec, path ...string) bool {
	rendered := request.Build(spec, nil, request.Env{Country: "IN", Now: time.Unix(1700000000, 0), Location: time.UTC, UUID: "u", Boundary: "b", Definitions: "fields"})
	err := rendered.Err()
	if err == nil {
		return true
	}
	at := []any{}
	for i := len(path) - 1; i >= 0; i-- {
		at = append(at, path[i])
	}
	f := fault.From(err)
	for _, field := range f.Fields {
		l.at(append(slices.Clone(at), templatePath(field.Name)...), "The request cannot be made: %s", field.Message)
	}
	if len(f.Fields) == 0 {
		l.at(at, "The request cannot be made: %s", f.Message)
	}
	return false
}

// templatePath turns an input's name in a spec into the key of the template.
// Rows and left-out parameters shift positions, so a list is named as a whole.
func templatePath(name string) []any {
	base, _, _ := strings.Cut(name, "[")
	base, _, _ = strings.Cut(base, ".")
	return []any{base}
}

// samples are inputs a person might give: for every channel and value of a
// choice, once with what is needed and once with everything.
func samples(p *Provider) []Input {
	var out []Input
	choices := [][2]string{{"", ""}}
	for _, f := range p.Fields {
		if f.Kind == Choice {
			for _, c := range f.Choices {
				choices = append(choices, [2]string{f.ID, c})
			}
		}
	}
	for _, channel := range p.Channels {
		for _, choice := range choices {
			for _, all := range []bool{false, true} {
				out = append(out, Sample(p, channel, choice[0], choice[1], all))
			}
		}
	}
	return out
}

// Sample is an input made of examples and stand-ins. choice names a field that is
// set to chosen; all fills optional fields and rows too.
func Sample(p *Provider, channel, choice, chosen string, all bool) Input {
	in := Input{Channel: channel, Values: map[string]request.Value{}, Rows: map[string][]Row{}}
	oneOf := map[string]bool{}
	for _, group := range p.OneOf {
		d := newDraft(p, Input{Channel: channel, Values: map[string]request.Value{choice: {Plain: chosen}}})
		for _, id := range group {
			if f, _ := p.Field(id); d.holds(f.When) {
				oneOf[id] = true
				break
			}
		}
	}
	for _, f := range p.Fields {
		if f.Optional && !all && !oneOf[f.ID] {
			continue
		}
		text := f.Example
		switch {
		case f.ID == choice:
			text = chosen
		case f.Kind == Choice && f.Default != "":
			text = f.Default
		case f.Kind == Choice:
			text = f.Choices[0]
		case f.Secret:
			text = p.StandIn(f)
		case text == "":
			text = p.StandIn(f)
		}
		in.Values[f.ID] = request.Value{Plain: text}
	}
	if !all {
		return in
	}
	for _, r := range p.Rows {
		rows := []Row{{Name: r.NameExample, Value: r.Example}}
		if rows[0].Value == "" {
			rows[0].Value = "example"
		}
		if r.Kind == Ordered && r.Max != 1 {
			rows = append(rows, rows[0])
		}
		in.Rows[r.ID] = rows
	}
	return in
}

// answers judges the simulator's answers by the rule: an answer that should be
// refused and would be accepted is a fault of the file.
func (l *loader) answers(p *Provider) {
	want := map[Outcome][]verdict.Verdict{
		Accepted:         {verdict.Accepted},
		Slow:             {verdict.Accepted},
		WrongCredentials: {verdict.Refused},
		BadNumber:        {verdict.Refused},
		NoBalance:        {verdict.Refused, verdict.Throttled},
		Throttled:        {verdict.Throttled, verdict.Refused},
		Broken:           {verdict.Unclear},
		Partial:          {verdict.Unclear},
	}
	for _, o := range append(slices.Clone(Outcomes), Partial) {
		a, found := p.Simulator[o]
		if !found {
			continue
		}
		outcome := a.outcome()
		got := verdict.Evaluate(context.Background(), nil, p.rule, p.Service, outcome)
		if !slices.Contains(want[o], got.Verdict) {
			l.at([]any{"simulator", string(o)}, "By the rule under success this answer is %s: %s", got.Verdict, got.Reason)
		}
	}
}

// outcome is an answer as package verdict judges it.
func (a Answer) outcome() verdict.Outcome {
	a = a.Fill(1)
	o := verdict.Outcome{Sent: true, Status: a.Status, Body: []byte(a.Body)}
	for name, value := range a.Headers {
		o.Headers = append(o.Headers, verdict.Header{Name: name, Value: value})
	}
	return o
}
