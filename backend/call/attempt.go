package call

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"keydesk/backend/access"
	"keydesk/backend/fault"
	"keydesk/backend/httpclient"
	"keydesk/backend/process"
	"keydesk/backend/provider"
	"keydesk/backend/request"
	"keydesk/backend/secret"
	"keydesk/backend/setup"
	"keydesk/backend/simulate"
	"keydesk/backend/verdict"
)

// attempt is one call made ready: everything decided, nothing sent yet.
type attempt struct {
	ready  setup.Ready
	record process.Record
	mode   Mode
	runID  string
	// plan is the batch of its run in which it was planned.
	plan     int
	rendered *request.Rendered
	// host is where the URL leads, address with its port.
	host, address string
	// simulator is the address where the outcome is played; "" for the address
	// of the URL.
	simulator string
	recipient string
	detail    Detail
	// answer and sent are set once it was fired: what came back, and what went
	// out, with a fetched token where the setup asks for one. tokens are those that
	// were fetched for it, and what else fetching them sent in secret.
	answer httpclient.Answer
	sent   *request.Rendered
	tokens []secret.Text
}

// clean is the one way of a record into a call: it cleans and checks the values
// by the types of their stage fields. Faults: call.fields.
func (s *Service) clean(ctx context.Context, ready setup.Ready, record map[string]string) (process.Record, error) {
	env, err := s.env(ctx)
	if err != nil {
		return process.Record{}, err
	}
	return process.CleanRecord(ready.Fields, record, env.Country, "call.fields")
}

// cleanTest is clean for a test, for which nil means the sample values.
func (s *Service) cleanTest(ctx context.Context, ready setup.Ready, record map[string]string) (process.Record, error) {
	if record == nil {
		record = process.Samples(ready.Fields)
	}
	return s.clean(ctx, ready, record)
}

// prepare renders the request and finds who would receive it. A faulty draft or a
// name without a value stops here, before anything is sent, with every missing
// name listed (R1).
func (s *Service) prepare(ctx context.Context, ready setup.Ready, cleaned process.Record, mode Mode, runID string, outcome provider.Outcome) (*attempt, error) {
	env, err := s.envOf(ctx, ready.Provider)
	if err != nil {
		return nil, err
	}
	record := cleaned.Values()
	rows, faults := setup.CleanDefaults(ready.Draft.Request.StageParams, ready.Fields, record, env.Country)
	faults = append(faults, setup.SecretRecipient(ready.Draft.Request, ready.Provider)...)
	if err := faults.Err("setup.invalid"); err != nil {
		return nil, err
	}
	ready.Draft.Request.StageParams = rows
	a := &attempt{ready: ready, record: cleaned, mode: mode, runID: runID}
	a.rendered = request.Build(ready.Draft.Request, record, env)
	if err := fit(ready.Draft.Request, a.rendered, record, env); err != nil {
		return nil, inDraft(err)
	}
	_, host, port := a.rendered.Host()
	a.host, a.address = host, net.JoinHostPort(host, port)
	if outcome != "" {
		if a.simulator, err = s.simulator.Play(ready.Provider, outcome); err != nil {
			return nil, err
		}
	}
	a.recipient = recipient(ready, record, env, host)
	service := host
	if ready.Provider != nil {
		service = ready.Provider.Service
	}
	a.detail = Detail{
		Call: Call{
			ID: uuid.Must(uuid.NewV7()).String(), Mode: mode, RunID: runID,
			SetupID: ready.Setup.ID, SetupVersion: ready.Setup.Version, Draft: ready.IsDraft, Title: ready.Setup.Title,
			Channel: ready.Draft.Channel, Service: service, Simulated: string(outcome), Actor: actorOf(access.From(ctx).Caller),
			Recipient: a.recipient, State: Sending, Delivery: "none",
		},
		Record: record,
	}
	if a.detail.Call.Title == "" {
		a.detail.Call.Title = "Unsaved setup, " + setup.ChannelLabels[ready.Draft.Channel]
	}
	return a, nil
}

// fit tells whether a rendering may be sent. A missing token does not count if it
// is fetched when the call is fired (R6).
func fit(spec request.Spec, rendered *request.Rendered, record map[string]string, env request.Env) error {
	if spec.Auth.Type == request.OAuth2 && spec.Auth.FetchToken {
		spec.Auth.Token = request.Value{Secret: true, Typed: secret.New("fetched when fired")}
		rendered = request.Build(spec, record, env)
	}
	return rendered.Err()
}

// fire sends the attempt. It never fails: what went wrong is part of the answer.
func (s *Service) fire(ctx context.Context, a *attempt) {
	a.detail.Call.AtMs = s.now().UnixMilli()
	a.answer, a.sent = s.attempt(ctx, a)
}

// read redacts the answer, judges what is left of it, and makes it ready for
// display and history. Nothing reads the answer before it is redacted: a rule's
// pattern could pick a secret apart.
func (s *Service) read(ctx context.Context, a *attempt) {
	ctx, cancel := context.WithTimeout(ctx, limits(a.ready.Draft.Options).Left(a.answer))
	defer cancel()
	hide := secret.NewRedactor(a.sent.Secrets()...)
	hide.Add(a.ready.Secrets...)
	hide.Add(a.tokens...)
	findings := simulate.Findings(a.answer.Headers)
	answer := redacted(a.answer, hide)
	result, fix := judge(ctx, a.ready, a.detail.Call.Service, answer.Outcome())
	a.detail.Request = sent(a.sent, hide)
	showHops(answer.Hops, a.detail.Request.URL)
	a.detail.Reply = reply(answer, result, shownAnswer)
	a.detail.Reply.Fix = fix
	switch {
	case a.simulator != "":
		for _, one := range findings {
			a.detail.Reply.Findings = append(a.detail.Reply.Findings, hide.Text(one))
		}
	case a.ready.Provider != nil:
		a.detail.Reply.Delivery = a.ready.Provider.Delivery
	}
	one := &a.detail.Call
	one.State, one.Verdict, one.Status, one.TotalMs = Done, string(result.Verdict), answer.Status, answer.Timings.TotalMs
	one.Reason, one.MessageID, one.ErrorCode = result.Reason, result.MessageID, result.ErrorCode
}

// attempt fetches a token where the setup asks for one and does the round trip. A
// fetched token is renewed once after a 401 (R6).
func (s *Service) attempt(ctx context.Context, a *attempt) (httpclient.Answer, *request.Rendered) {
	options := a.ready.Draft.Options
	limits := limits(options)
	auth := a.ready.Draft.Request.Auth
	if auth.Type != request.OAuth2 || !auth.FetchToken {
		return s.send(ctx, a.rendered, limits, a.simulator), a.rendered
	}
	rendered := a.rendered
	grant, err := request.TokenGrant(a.ready.Draft.Request)
	if err != nil {
		return noToken(err), rendered
	}
	env, err := s.env(ctx)
	if err != nil {
		return noToken(err), rendered
	}
	client := httpclient.ClientCredentials{
		TokenURL: grant.TokenURL, ID: grant.ClientID, Secret: grant.ClientSecret,
		Scopes: strings.Join(grant.Scopes, " "), SkipTLSCheck: options.SkipTLSCheck, Secrets: append(grant.Secrets, a.ready.Secrets...),
		In: httpclient.CredentialsIn(auth.ClientIn), UserAgent: env.UserAgent,
	}
	a.tokens = append(a.tokens, client.Secrets...)
	answer, err := s.tokens.Do(ctx, client, limits, func(token secret.Text) (*http.Request, error) {
		a.tokens = append(a.tokens, token)
		spec := a.ready.Draft.Request
		spec.Auth.Token = request.Value{Secret: true, Typed: token}
		rendered = request.Build(spec, a.record.Values(), env)
		return rendered.HTTPRequest(ctx)
	})
	if err != nil {
		return noToken(err), rendered
	}
	return answer, rendered
}

// limits are those of a setup's calls.
func limits(options setup.Options) httpclient.Limits {
	return httpclient.Limits{
		Timeout:   time.Duration(options.TimeoutSeconds) * time.Second,
		Redirects: options.Redirects, SkipTLSCheck: options.SkipTLSCheck,
	}
}

// noToken is the answer when nothing was sent because there was no token.
func noToken(err error) httpclient.Answer {
	why := fault.From(err)
	return httpclient.Answer{Failure: &verdict.Failure{Phase: verdict.PhaseToken, Text: why.Message, Hint: why.Hint}}
}

func (s *Service) send(ctx context.Context, rendered *request.Rendered, limits httpclient.Limits, simulator string) httpclient.Answer {
	req, err := rendered.HTTPRequest(ctx)
	if err != nil {
		return httpclient.Answer{Failure: &verdict.Failure{Phase: verdict.PhaseSend, Text: "The request could not be made.", Detail: err.Error()}}
	}
	if simulator != "" {
		simulate.Direct(req, simulator)
	}
	return s.client.Do(ctx, req, limits)
}

// sent keeps the request as it went out. Each secret is masked at its place, and
// wherever else its text is, for instance in a stage field.
func sent(rendered *request.Rendered, hide *secret.Redactor) Sent {
	shown := rendered.Shown()
	out := Sent{Method: rendered.Method(), URL: hide.Text(shown.URL)}
	out.Wire, out.Cut = clip(hide.Text(shown.Wire), keptAnswer)
	return out
}

// redacted is an answer without the secrets that the server repeated (R9). Of its
// body only the text is left.
func redacted(answer httpclient.Answer, hide *secret.Redactor) httpclient.Answer {
	text := answer.Text
	clean := hide.Text(text)
	if answer.Truncated {
		clean = hide.Cut(text)
	}
	if clean != text {
		clean = validAgain(text, clean, hide)
	}
	answer.Body, answer.Text = nil, clean
	answer.StatusText, answer.UnknownCoding = hide.Text(answer.StatusText), hide.Text(answer.UnknownCoding)
	headers := make([]verdict.Header, len(answer.Headers))
	for i, header := range answer.Headers {
		headers[i] = verdict.Header{Name: hide.Text(header.Name), Value: hide.Text(header.Value)}
	}
	answer.Headers = headers
	hops := make([]httpclient.Hop, len(answer.Hops))
	for i, hop := range answer.Hops {
		hop.URL, hop.Location = hide.Text(hop.URL), hide.Text(hop.Location)
		hops[i] = hop
	}
	answer.Hops = hops
	if answer.Failure != nil {
		failure := *answer.Failure
		failure.Text, failure.Hint, failure.Detail = hide.Text(failure.Text), hide.Text(failure.Hint), hide.Text(failure.Detail)
		answer.Failure = &failure
	}
	return answer
}

// showHops gives each redirect the address that it answers as it may be shown:
// the request's with its secrets masked at their places, however short they are,
// and after it the one that the answer before wrote. What that one is relative to
// can hold a secret too.
func showHops(hops []httpclient.Hop, request string) {
	for i := range hops {
		hops[i].URL = request
		request = hops[i].Location
	}
}

// maxAgain is the most values and names of JSON that are redacted one by one.
const maxAgain = 100_000

// validAgain redacts JSON value by value where a mask made it unreadable: a
// number has no room for one. An answer of too many values stays unreadable.
func validAgain(text, clean string, hide *secret.Redactor) string {
	if strings.Count(text, ",")+strings.Count(text, "[")+2*strings.Count(text, "{") > maxAgain {
		return clean
	}
	if json.Valid([]byte(clean)) || !json.Valid([]byte(text)) {
		return clean
	}
	reader := json.NewDecoder(strings.NewReader(text))
	reader.UseNumber()
	var value any
	if reader.Decode(&value) != nil {
		return clean
	}
	again, err := json.Marshal(hide.Value(numbersAsText(value, hide)))
	if err != nil || hide.Text(string(again)) != string(again) {
		return clean
	}
	return string(again)
}

// numbersAsText replaces the numbers that hold a secret by their text.
func numbersAsText(value any, hide *secret.Redactor) any {
	switch value := value.(type) {
	case json.Number:
		if hide.Text(value.String()) != value.String() {
			return value.String()
		}
	case []any:
		for i := range value {
			value[i] = numbersAsText(value[i], hide)
		}
	case map[string]any:
		for name := range value {
			value[name] = numbersAsText(value[name], hide)
		}
	}
	return value
}

// reply is a redacted answer as it is shown, with at most limit bytes of its text.
func reply(answer httpclient.Answer, result verdict.Result, limit int) Reply {
	out := Reply{Answer: answer, Result: result, Findings: []string{}}
	out.Text, out.TextCut = clip(answer.Text, limit)
	return out
}

// clip cuts a text between two runes.
func clip(text string, limit int) (string, bool) {
	if len(text) <= limit {
		return text, false
	}
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return text[:limit], true
}

// kept is the detail as it goes into the history, with 64 KiB of the answer.
func (d Detail) kept() Detail {
	text, cut := clip(d.Reply.Text, keptAnswer)
	d.Reply.Text, d.Reply.TextCut = text, d.Reply.TextCut || cut
	return d
}

// judge gives the verdict on an answer, by the setup's rule, the provider's or
// the status (R8), and the input to change where the provider's table names one.
func judge(ctx context.Context, ready setup.Ready, service string, outcome verdict.Outcome) (verdict.Result, *Fix) {
	p := ready.Provider
	if p == nil {
		return verdict.Evaluate(ctx, ready.Draft.Rule, nil, service, outcome), nil
	}
	reading := p.Judge(ctx, ready.Draft.Rule, outcome)
	f, known := p.Field(reading.Field)
	path := provider.FieldPath(ready.Draft.Request, reading.Field)
	if !known || path == "" {
		return reading.Result, nil
	}
	return reading.Result, &Fix{Path: "draft.request." + path, Label: f.Label}
}

// recipient is the receiver that the provider's file names, else the first used
// field of type phone or e-mail, else the host. It is shown in the question
// before a call and kept in the history and in Activity, so none of its sources
// gives a secret: not FieldText, nor a record, nor a Default Value, nor a host
// (R1, R6a).
func recipient(ready setup.Ready, record map[string]string, env request.Env, host string) string {
	if p := ready.Provider; p != nil {
		if text, ok := request.FieldText(ready.Draft.Request, p.Recipient, record, env); ok && text != "" {
			if e164, is := request.PhoneText(text, env.Country); is {
				return e164
			}
			return text
		}
	}
	used := map[string]bool{}
	for _, name := range request.Mentions(ready.Draft.Request) {
		used[name] = true
	}
	for _, field := range ready.Fields {
		if used[field.Name] && (field.Type == "phone" || field.Type == "email") {
			if value := record[field.Name]; value != "" {
				return value
			}
		}
	}
	for _, row := range ready.Draft.Request.StageParams {
		for _, field := range ready.Fields {
			if used[row.Field] && row.Field == field.Name && (field.Type == "phone" || field.Type == "email") && row.Default != "" {
				return row.Default
			}
		}
	}
	return host
}

// defaultRecipient is the stage field that names the recipient, if the record
// leaves it empty and the setup's Default Value would be used. It is "" when the
// record fills the field, or when the setup names a fixed recipient.
func defaultRecipient(ready setup.Ready, record map[string]string) string {
	for _, row := range recipientRows(ready) {
		if row.Field != "" && row.Default != "" && strings.TrimSpace(record[row.Field]) == "" {
			return row.Field
		}
	}
	return ""
}

// recipientRows are the Stage Parameter rows that the recipient is read from:
// those that the provider's recipient field names, else those of the first used
// field of type phone or e-mail.
func recipientRows(ready setup.Ready) []request.StageParam {
	rows := ready.Draft.Request.StageParams
	takes := func(row request.StageParam) bool { return false }
	if p := ready.Provider; p != nil {
		for _, fixed := range ready.Draft.Request.Fixed {
			if fixed.Name == p.Recipient {
				names := request.Names(fixed.Value.Plain)
				takes = func(row request.StageParam) bool { return slices.Contains(names, row.Variable) }
			}
		}
	} else {
		used := request.Mentions(ready.Draft.Request)
		for _, field := range ready.Fields {
			if slices.Contains(used, field.Name) && (field.Type == "phone" || field.Type == "email") {
				takes = func(row request.StageParam) bool { return row.Field == field.Name }
				break
			}
		}
	}
	var out []request.StageParam
	for _, row := range rows {
		if takes(row) {
			out = append(out, row)
		}
	}
	return out
}

// isLoopback tells whether a host as written in the URL is this computer.
func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	address, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && address.IsLoopback()
}
