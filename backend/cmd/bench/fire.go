package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"os"
	"path/filepath"
	"runtime/pprof"
	"strings"
	"time"

	"keydesk/backend"
	"keydesk/backend/call"
	"keydesk/backend/process"
	"keydesk/backend/request"
	"keydesk/backend/secret"
	"keydesk/backend/setup"
	"keydesk/backend/verdict"
)

const fired = 1000

// measureFire: one Test all over 1,000 setups, each with a bearer token from
// the vault, variables, a rule and its history kept, against plain net/http
// that sends the same bytes and reads the same answers, with a trace for the
// timings and the status checked.
func measureFire(b *bench) error {
	address, stop, err := startSink()
	if err != nil {
		return err
	}
	defer stop()
	one, err := b.newOffice("fire")
	if err != nil {
		return err
	}
	defer func() { _ = one.Close() }()
	if err := setupsAt(b.ctx, one, address); err != nil {
		return err
	}
	plain := &http.Transport{DisableCompression: true}
	defer plain.CloseIdleConnections()
	ours := func() error {
		result, err := one.Ops.Call.TestAll(b.ctx, call.AllInput{})
		if err == nil && result.Verdicts.Accepted != fired {
			err = fmt.Errorf("%d accepted: %+v", result.Verdicts.Accepted, result)
		}
		return err
	}
	theirs := plainCall{method: http.MethodPost, url: address + "/v1/messages", body: fireBody,
		headers: http.Header{"Authorization": {"Bearer " + fireToken}, "Content-Type": {"application/json"}}}
	reference := func() error {
		for range fired {
			status, body, err := theirs.send(b.ctx, plain)
			if err != nil || status != http.StatusCreated || body != answer {
				return fmt.Errorf("answered %d %s: %w", status, body, err)
			}
		}
		return nil
	}
	if err := b.profile("fire", ours); err != nil {
		return err
	}
	rounds, err := inTurn(b.rounds, ours, reference)
	if err != nil {
		return err
	}
	b.print(ratioFigure("fire_1000", rounds, 1, 1.5))
	return nil
}

const (
	fireToken = "cNry-tokEn-7Q2x-0123456789abcdef"
	fireBody  = `{"to":"+919812345678","text":"Your order is on its way"}`
)

// setupsAt makes 1,000 enabled setups: two places, 167 stages in each, three
// channels.
func setupsAt(ctx context.Context, one *backend.Backend, address string) error {
	orders, err := one.Ops.Process.CreatePlace(ctx, process.CreatePlaceInput{Name: "Orders"})
	if err != nil {
		return err
	}
	left := fired
	for _, name := range []string{"Delivery", "Returns"} {
		place, stages, err := stagesOf(ctx, one, orders.ID, name, 167)
		if err != nil {
			return err
		}
		for _, channel := range []setup.Channel{setup.SMS, setup.WhatsApp, setup.Email} {
			draft := fireDraft(place.ID, channel, address)
			in := setup.CreateInput{Draft: draft, StageIDs: stages[:min(left, len(stages))]}
			if _, err := one.Ops.Setup.Create(ctx, in); err != nil {
				return err
			}
			left -= len(in.StageIDs)
		}
	}
	return nil
}

func fireDraft(placeID string, channel setup.Channel, address string) setup.Draft {
	return setup.Draft{
		PlaceID: placeID, Channel: channel, Enabled: true, Name: "Order on its way",
		Request: request.Spec{
			Method: "POST", URL: address + "/v1/messages", BodyFormat: request.JSONBody,
			Auth:        request.Auth{Type: request.Bearer, Token: request.Value{Secret: true, Typed: secret.New(fireToken)}},
			Params:      []request.Param{{Name: "to", Value: request.Value{Plain: "{{mobile}}"}}, {Name: "text", Value: request.Value{Plain: "Your order is on its way"}}},
			StageParams: []request.StageParam{{Variable: "mobile", Field: "Mobile"}},
		},
		Rule: &verdict.Rule{
			Status:     "201",
			Conditions: []verdict.Condition{{From: verdict.FromJSON, Path: "$.id", Test: verdict.Present}},
			MessageID:  verdict.Extractor{From: verdict.FromJSON, Path: "$.id"},
		},
	}
}

// plainCall is a request with nothing left to decide. host is the Host header;
// empty means the URL's host.
type plainCall struct {
	method, url, host, body string
	headers                 http.Header
}

// send makes one call with as little as net/http needs (RULES.md, Speed).
func (p plainCall) send(ctx context.Context, transport *http.Transport) (status int, body string, err error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	var got, first time.Time
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn:              func(httptrace.GotConnInfo) { got = time.Now() },
		GotFirstResponseByte: func() { first = time.Now() },
	})
	req, err := http.NewRequestWithContext(ctx, p.method, p.url, strings.NewReader(p.body))
	if err != nil {
		return 0, "", err
	}
	req.Host, req.Header = p.host, p.headers.Clone()
	response, err := transport.RoundTrip(req)
	if err != nil {
		return 0, "", err
	}
	read, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	if err == nil && first.Before(got) {
		err = errors.New("a call without timings")
	}
	return response.StatusCode, string(read), err
}

// profile writes a CPU profile of one side if BENCH_PROFILE names a folder.
func (b *bench) profile(name string, do func() error) error {
	folder := os.Getenv("BENCH_PROFILE")
	if folder == "" {
		return nil
	}
	file, err := os.Create(filepath.Join(folder, name+".pprof"))
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	if err := pprof.StartCPUProfile(file); err != nil {
		return err
	}
	defer pprof.StopCPUProfile()
	for range 5 {
		if err := do(); err != nil {
			return err
		}
	}
	return nil
}
