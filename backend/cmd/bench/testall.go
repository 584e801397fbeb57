package main

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"keydesk/backend"
	"keydesk/backend/call"
	"keydesk/backend/process"
	"keydesk/backend/provider"
	"keydesk/backend/request"
	"keydesk/backend/setup"
	"keydesk/backend/simulate"
)

const simulated = 500

// The providers whose setups are fired, by channel: forms, JSON, a key in the
// header, a token and Basic.
var firedProviders = []struct {
	channel setup.Channel
	ids     []string
}{
	{setup.SMS, []string{"twilio-sms", "msg91-flow", "vonage-sms"}},
	{setup.WhatsApp, []string{"meta-whatsapp"}},
	{setup.Email, []string{"sendgrid-email"}},
}

// measureTestAll: one Test all over 500 setups of five providers, fired at the
// simulator with their history kept, against the same 500 requests sent to a
// separate simulator by plain net/http, one after the other on both sides.
func measureTestAll(b *bench) error {
	one, err := b.newOffice("test-all")
	if err != nil {
		return err
	}
	defer func() { _ = one.Close() }()
	server := &simulate.Server{}
	if err := server.Start(); err != nil {
		return err
	}
	defer func() { _ = server.Close() }()
	calls, err := providedSetups(b.ctx, one, server)
	if err != nil {
		return err
	}
	plain := &http.Transport{DisableCompression: true}
	defer plain.CloseIdleConnections()
	ours := func() error {
		result, err := one.Ops.Call.TestAll(b.ctx, call.AllInput{})
		if err == nil && result.Verdicts.Accepted != simulated {
			err = fmt.Errorf("%d accepted: %+v", result.Verdicts.Accepted, result)
		}
		return err
	}
	reference := func() error {
		for _, theirs := range calls {
			if status, body, err := theirs.send(b.ctx, plain); err != nil || status/100 != 2 {
				return fmt.Errorf("%s answered %d %s: %w", theirs.host, status, body, err)
			}
		}
		return nil
	}
	if err := b.profile("test_all", ours); err != nil {
		return err
	}
	rounds, err := inTurn(b.rounds, ours, reference)
	if err != nil {
		return err
	}
	b.print(ratioFigure("test_all", rounds, 1, 1.5))
	return nil
}

// providedSetups makes 500 enabled setups of providers, filled with the
// examples of their files, and returns what each sends to a simulator.
func providedSetups(ctx context.Context, one *backend.Backend, server *simulate.Server) ([]plainCall, error) {
	orders, err := one.Ops.Process.CreatePlace(ctx, process.CreatePlaceInput{Name: "Orders"})
	if err != nil {
		return nil, err
	}
	place, stages, err := stagesOf(ctx, one, orders.ID, "Delivery", 167)
	if err != nil {
		return nil, err
	}
	calls := []plainCall{}
	for n, stageID := range stages {
		for _, fired := range firedProviders {
			if len(calls) == simulated {
				break
			}
			p, err := one.Providers.Catalogue.Get(fired.ids[n%len(fired.ids)])
			if err != nil {
				return nil, err
			}
			spec, err := p.Draft(provider.Sample(p, string(fired.channel), "", "", false))
			if err != nil {
				return nil, err
			}
			draft := setup.Draft{PlaceID: place.ID, StageID: stageID, Channel: fired.channel, Provider: p.ID, ProviderVersion: p.Version, Enabled: true, Request: spec}
			if _, err := one.Ops.Setup.Create(ctx, setup.CreateInput{Draft: draft}); err != nil {
				return nil, err
			}
			sent, err := asSent(ctx, p, spec, server)
			if err != nil {
				return nil, err
			}
			calls = append(calls, sent)
		}
	}
	return calls, nil
}

// asSent is what a setup of a provider sends to its simulator.
func asSent(ctx context.Context, p *provider.Provider, spec request.Spec, server *simulate.Server) (plainCall, error) {
	address, err := server.Play(p, provider.Accepted)
	if err != nil {
		return plainCall{}, err
	}
	env := request.Env{Country: "IN", Now: time.Now(), Location: time.UTC, UUID: "u", Boundary: "b", UserAgent: "Keydesk/bench"}
	rendered := request.Build(p.WithStandIns(spec), nil, env)
	req, err := rendered.HTTPRequest(ctx)
	if err != nil {
		return plainCall{}, err
	}
	simulate.Direct(req, address)
	return plainCall{method: req.Method, url: req.URL.String(), host: req.Host, body: string(rendered.Body()), headers: req.Header}, nil
}
