package call

import (
	"context"
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
	"keydesk/backend/provider"
	"keydesk/backend/request"
	"keydesk/backend/secret"
	"keydesk/backend/setup"
	"keydesk/backend/simulate"
	"keydesk/backend/verdict"
)

// attempt is one call made ready: everything decided, nothing sent yet.
type attempt struct {
	ready    setup.Ready
	record   map[string]string
	mode     Mode
	runID    string
	rendered *request.Rendered
	// host is where the URL leads, address with its port.
	host, address string
	// simulator is the address where the outcome is played; "" for the address
	// of the URL.
	simulator string
	recipient string
	detail    Detail
	// answer and sent are set once it was fired: what came back, and what went
	// out, with a fetched token where the setup asks for one.
	answer httpclient.Answer
	sent   *request.Rendered
}

// prepare renders the request and finds who would receive it. A faulty draft or a
// name without a value stops here, before anything is sent, with every missing
// name listed (R1).
func (s *Service) prepare(ctx context.Context, ready setup.Ready, record map[string]string, mode Mode, runID string, outcome provider.Outcome) (*attempt, error) {
	env, err := s.envOf(ctx, ready.Provider)
	if err != nil {
		return nil, err
	}
	if record == nil {
		record = map[string]string{}
		for _, field := range ready.Fields {
			record[field.Name] = field.Sample
		}
	}
	a := &attempt{ready: ready, record: record, mode: mode, runID: runID}
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

// read judges the answer and redacts it for display and history.
func (s *Service) read(a *attempt) {
	answer, rendered := a.answer, a.sent
	result, fix := judge(a.ready, a.detail.Call.Service, answer.Outcome())
	hide := secret.NewRedactor(rendered.Secrets()...)
	a.detail.Request = sent(rendered, hide)
	a.detail.Reply = reply(answer, result, hide, shownAnswer)
	a.detail.Reply.Fix = fix
	switch {
	case a.simulator != "":
		a.detail.Reply.Findings = simulate.Findings(answer.Headers)
	case a.ready.Provider != nil:
		a.detail.Reply.Delivery = a.ready.Provider.Delivery
	}
	one := &a.detail.Call
	one.State, one.Verdict, one.Status, one.TotalMs = Done, string(result.Verdict), answer.Status, answer.Timings.TotalMs
	one.Reason, one.MessageID, one.ErrorCode = a.detail.Reply.Result.Reason, a.detail.Reply.Result.MessageID, a.detail.Reply.Result.ErrorCode
}

// attempt fetches a token where the setup asks for one and does the round trip. A
// fetched token is renewed once after a 401 (R6).
func (s *Service) attempt(ctx context.Context, a *attempt) (httpclient.Answer, *request.Rendered) {
	options := a.ready.Draft.Options
	limits := httpclient.Limits{
		Timeout:   time.Duration(options.TimeoutSeconds) * time.Second,
		Redirects: options.Redirects, SkipTLSCheck: options.SkipTLSCheck,
	}
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
		Scopes: strings.Join(grant.Scopes, " "), SkipTLSCheck: options.SkipTLSCheck,
		In: httpclient.CredentialsIn(auth.ClientIn), UserAgent: env.UserAgent,
	}
	answer, err := s.tokens.Do(ctx, client, limits, func(token secret.Text) (*http.Request, error) {
		spec := a.ready.Draft.Request
		spec.Auth.Token = request.Value{Secret: true, Typed: token}
		rendered = request.Build(spec, a.record, env)
		return rendered.HTTPRequest(ctx)
	})
	if err != nil {
		return noToken(err), rendered
	}
	return answer, rendered
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

// sent keeps the request as it went out, redacted.
func sent(rendered *request.Rendered, hide *secret.Redactor) Sent {
	wire := hide.Text(strings.ToValidUTF8(string(rendered.Wire()), "\uFFFD"))
	out := Sent{Method: rendered.Method(), URL: hide.Text(rendered.ShownURL())}
	out.Wire, out.Cut = clip(wire, keptAnswer)
	return out
}

// reply redacts an answer: a server may echo what it was sent (R9).
func reply(answer httpclient.Answer, result verdict.Result, hide *secret.Redactor, limit int) Reply {
	text, broken := httpclient.Text(answer.Body, answer.ContentType())
	answer.BrokenText, answer.StatusText = broken, hide.Text(answer.StatusText)
	answer.UnknownCoding = hide.Text(answer.UnknownCoding)
	answer.Body = nil
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
		failure.Text, failure.Detail = hide.Text(failure.Text), hide.Text(failure.Detail)
		answer.Failure = &failure
	}
	result.Reason, result.ErrorText = hide.Text(result.Reason), hide.Text(result.ErrorText)
	result.MessageID, result.ErrorCode = hide.Text(result.MessageID), hide.Text(result.ErrorCode)
	out := Reply{Answer: answer, Result: result, Findings: []string{}}
	// A little more than is kept is searched, so that a secret across the cut is
	// still found. The same amount is dropped again afterwards, since masks may
	// have made the text shorter than what is kept.
	const more = 16 << 10
	head, cut := clip(text, limit+more)
	clean := hide.Text(head)
	if cut {
		clean, _ = clip(clean, max(0, len(clean)-more))
	}
	out.Text, out.TextCut = clip(clean, limit)
	out.TextCut = out.TextCut || cut
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
func judge(ready setup.Ready, service string, outcome verdict.Outcome) (verdict.Result, *Fix) {
	p := ready.Provider
	if p == nil {
		return verdict.Evaluate(ready.Draft.Rule, nil, service, outcome), nil
	}
	reading := p.Judge(ready.Draft.Rule, outcome)
	f, known := p.Field(reading.Field)
	path := provider.FieldPath(ready.Draft.Request, reading.Field)
	if !known || path == "" {
		return reading.Result, nil
	}
	return reading.Result, &Fix{Path: "draft.request." + path, Label: f.Label}
}

// recipient is the receiver that the provider's file names, else the first used
// field of type phone or e-mail, else the host.
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
