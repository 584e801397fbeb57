package provider

import (
	"context"
	"fmt"
	"slices"

	"keydesk/backend/limit"
	"keydesk/backend/request"
	"keydesk/backend/verdict"
)

// Validity is what is known of a credential.
type Validity string

// The five validities. Valid is never given without a request that proved it
// (RULES.md, Testing and sending).
const (
	Valid       Validity = "valid"
	Invalid     Validity = "invalid"
	Expired     Validity = "expired"
	Unreachable Validity = "unreachable"
	NotTestable Validity = "not_testable"
)

// Check is a validity with its reason in words.
type Check struct {
	Validity Validity `json:"validity"`
	Reason   string   `json:"reason"`
	// Field is the provider's field to change, "" when none is known.
	Field string `json:"field"`
}

// ProbeRequest gives the request that proves a credential and what counts as
// proof. ok is false if the provider documents none: then it is not testable.
func (p *Provider) ProbeRequest(values map[string]request.Value) (spec request.Spec, rule verdict.Rule, ok bool) {
	if p.Probe == nil {
		return request.Spec{}, verdict.Rule{}, false
	}
	d := newDraft(p, Input{Values: values})
	spec = p.Probe.Request.spec()
	for _, f := range p.Fields {
		if f.Belongs == OfAccount {
			spec.Fixed = append(spec.Fixed, d.field(f))
		}
	}
	for i, param := range p.Probe.Request.Params {
		spec.Params = append(spec.Params, param.row(fmt.Sprintf("param.%d", i+1)))
	}
	return spec, p.Probe.Success.verdict().Rule, true
}

// ProbeAs gives the probe the authentication that a setup really sends if it was
// changed by hand, for example to the SID of an API key instead of the account's.
// ok is false if the probe authenticates in another way than messages do.
func (p *Provider) ProbeAs(spec request.Spec, auth request.Auth) (as request.Spec, ok bool) {
	if auth == p.Request.Auth.spec() {
		return spec, true
	}
	spec.Auth = auth
	return spec, p.Probe.Request.Auth == p.Request.Auth
}

// Untestable is the check of a provider without a probe.
func (p *Provider) Untestable() Check {
	return Check{NotTestable, p.Service + " describes no request that proves a credential without sending a message. A test sent to yourself proves it.", ""}
}

// ReadProbe says what a probe's answer proves.
func (p *Provider) ReadProbe(ctx context.Context, outcome verdict.Outcome) Check {
	if p.Probe == nil {
		return p.Untestable()
	}
	rule := p.Probe.Success.verdict()
	result := verdict.Evaluate(ctx, nil, &rule, p.Service, outcome)
	status := outcome.Status
	switch {
	case outcome.Failure != nil || !outcome.Sent:
		reason := "Nothing was sent."
		if outcome.Failure != nil {
			reason = outcome.Failure.Text
		}
		return Check{Unreachable, reason, ""}
	case result.Verdict == verdict.Accepted:
		return Check{Valid, p.Service + " accepted the credential.", ""}
	case result.ErrorCode != "" && slices.Contains(p.Probe.Expired, result.ErrorCode):
		return Check{Expired, fmt.Sprintf("%s says that this credential has expired (code %s).", p.Service, result.ErrorCode), ""}
	case result.ErrorCode != "" && slices.Contains(p.Probe.Unproven, result.ErrorCode):
		return Check{NotTestable, fmt.Sprintf("%s does not allow this credential the request that would prove it (%s).", p.Service, result.ErrorCode), ""}
	case result.Verdict == verdict.Throttled || status/100 == 5 || status/100 == 3:
		return Check{Unreachable, fmt.Sprintf("%s did not look at the credential (status %d). Try again later.", p.Service, status), ""}
	case status == 403 && (result.Verdict != verdict.Refused || p.entry(limit.New(ctx), result, status) == nil):
		return Check{Invalid, fmt.Sprintf("%s knows this credential but does not let it do this (status 403).", p.Service), ""}
	case result.Verdict == verdict.Refused && (status == 401 || status == 403 || status/100 == 2 || p.knows(ctx, result, status)):
		reason, _, field := p.Words(ctx, result, status)
		return Check{Invalid, reason, field}
	}
	return Check{NotTestable, fmt.Sprintf("%s gave an answer that proves nothing (status %d).", p.Service, status), ""}
}

func (p *Provider) knows(ctx context.Context, result verdict.Result, status int) bool {
	e := p.entry(limit.New(ctx), result, status)
	return e != nil && e.Field != ""
}
