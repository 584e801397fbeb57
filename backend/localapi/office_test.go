package localapi

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3filter"

	"keydesk/backend"
	"keydesk/backend/access"
	"keydesk/backend/apikey"
	"keydesk/backend/fault"
	"keydesk/backend/gate"
	"keydesk/backend/host"
	"keydesk/backend/organisation"
	"keydesk/backend/process"
	catalogue "keydesk/backend/provider"
	"keydesk/backend/request"
	"keydesk/backend/secret"
	"keydesk/backend/setup"
	"keydesk/backend/user"
	"keydesk/backend/verdict"
)

const (
	adminPassword = "correct-horse-battery-9"
	passphrase    = "six words that only tests know"
	providerToken = "tokEn-7Q2x-only-here"
)

var desk = access.Source{Kind: access.Window, ID: "the window of this test"}

// realOffice is an office as the programs run it: a host with a real database, its
// door on real ports, and a provider that is a real HTTP server.
type realOffice struct {
	t        *testing.T
	folder   string
	host     *host.Host
	backend  *backend.Backend
	door     *Door
	log      *syncBuffer
	provider *provider
	port     int
	setupID  string
	// moved counts what the door told of itself.
	moved chan struct{}
	// followed, if set, is called after the door has followed a change.
	followed func(kinds []string)

	mu   sync.Mutex
	keys []string
	late time.Duration // how far the clock is ahead
}

// provider keeps what it was sent.
type provider struct {
	*httptest.Server
	mu   sync.Mutex
	got  []string
	auth []string
	// hold, if set, is waited for before an answer.
	hold func(body string)
	// id, if set, is the message id that it answers, as JSON has it.
	id string
}

func newProvider(t *testing.T) *provider {
	p := &provider{}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		p.mu.Lock()
		p.got, p.auth = append(p.got, string(body)), append(p.auth, r.Header.Get("Authorization"))
		hold, id := p.hold, cmp.Or(p.id, fmt.Sprintf("m%d", len(p.got)))
		p.mu.Unlock()
		if hold != nil {
			hold(string(body))
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusCreated)
		_, _ = fmt.Fprintf(w, `{"id":"%s"}`, id)
	}))
	t.Cleanup(p.Close)
	return p
}

func (p *provider) sent() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string{}, p.got...)
}

func (p *provider) holding(hold func(body string)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.hold = hold
}

// newRealOffice makes an office with a setup at Orders / Delivery, stage Shipped,
// and the local API on. When the test is over no key that it made is anywhere on
// the disk.
func newRealOffice(t *testing.T, change ...func(*realOffice)) *realOffice {
	t.Helper()
	o := &realOffice{t: t, folder: filepath.Join(t.TempDir(), "data"), log: &syncBuffer{}, provider: newProvider(t), port: freePort(t), moved: make(chan struct{}, 100)}
	logFile := host.NewLogFile(o.log)
	options := backend.Options{
		Folder: o.folder, Version: "test", Log: logFile.Logger(), Now: o.now,
		Hash: user.Params{MemoryKiB: 64, Time: 1, Threads: 1},
		Changed: func(kinds []string) {
			o.door.Changed(kinds)
			if o.followed != nil {
				o.followed(kinds)
			}
		},
		LocalAPI: func() organisation.Listening { return o.door.Listening() },
	}
	o.host = host.New(host.Options{Folder: o.folder, Version: "test", Log: logFile, Make: func() host.Backend {
		o.backend = backend.New(options)
		return o.backend
	}})
	o.door = ForHost(o.host, logFile.Logger(), func() { o.moved <- struct{}{} })
	for _, f := range change {
		f(o)
	}
	o.host.Start()
	t.Cleanup(func() {
		o.noneOnDisk() // with its WAL
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		o.door.Close(ctx)
		if err := o.host.Close(ctx); err != nil {
			t.Error(err)
		}
		o.noneOnDisk()
	})
	o.must(o.host.Opened(t.Context()))
	o.must(o.door.Apply(t.Context()))
	o.firstRun()
	o.listen(func(*organisation.LocalAPI) {})
	return o
}

func (o *realOffice) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

func (o *realOffice) now() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return time.Now().Add(o.late)
}

func (o *realOffice) wait(d time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.late += d
}

func (o *realOffice) atWindow() context.Context { return access.WithSource(o.t.Context(), desk) }

// run runs an operation as the Org Admin at the window, who signs in again where a
// test has moved the clock.
func run[In, Out any](o *realOffice, operation func(context.Context, In) (Out, error), in In) Out {
	o.t.Helper()
	out, err := operation(o.atWindow(), in)
	if err != nil && fault.From(err).Kind == fault.Unauthenticated {
		_, err = o.host.Ops.User.SignIn(o.atWindow(), user.SignInInput{Name: "admin", Password: secret.New(adminPassword)})
		o.must(err)
		out, err = operation(o.atWindow(), in)
	}
	o.must(err)
	return out
}

func (o *realOffice) firstRun() {
	o.t.Helper()
	ops := &o.host.Ops
	begun := run(o, ops.Organisation.Begin, organisation.BeginInput{
		Organisation: "Acme", Country: "IN", TimeZone: "Asia/Kolkata", UserName: "admin", FullName: "Ada Admin",
		Password: secret.New(adminPassword), Passphrase: secret.New(passphrase),
	})
	run(o, ops.Organisation.Confirm, organisation.ConfirmInput{StartID: begun.StartID, LastFour: begun.RecoveryCode[len(begun.RecoveryCode)-4:]})
	orders := run(o, ops.Process.CreatePlace, process.CreatePlaceInput{Name: "Orders"})
	delivery := run(o, ops.Process.CreatePlace, process.CreatePlaceInput{ParentID: orders.ID, Name: "Delivery"})
	stage := run(o, ops.Process.CreateStage, process.CreateStageInput{PlaceID: delivery.ID, Name: "Shipped"})
	run(o, ops.Process.CreateStage, process.CreateStageInput{PlaceID: delivery.ID, Name: "Returned"})
	run(o, ops.Process.CreateField, process.CreateFieldInput{StageID: stage.ID, Name: "Mobile", Type: process.Phone, Required: true, Sample: "+919812345678"})
	run(o, ops.Process.CreateField, process.CreateFieldInput{StageID: stage.ID, Name: "Customer name", Type: process.Text, Required: true, Sample: "Asha"})
	saved := run(o, ops.Setup.Create, setup.CreateInput{Draft: setup.Draft{
		PlaceID: delivery.ID, StageID: stage.ID, Channel: setup.SMS, Enabled: true, Name: "Order shipped",
		Request: request.Spec{
			Method: "POST", URL: o.provider.URL + "/send", BodyFormat: request.JSONBody,
			Auth:        request.Auth{Type: request.Bearer, Token: request.Value{Secret: true, Typed: secret.New(providerToken)}},
			Params:      []request.Param{{Name: "to", Value: request.Value{Plain: "{{mobile}}"}}, {Name: "text", Value: request.Value{Plain: "Dear {{name}}"}}},
			StageParams: []request.StageParam{{Variable: "mobile", Field: "Mobile"}, {Variable: "name", Field: "Customer name"}},
		},
		Rule: &verdict.Rule{Status: "201", MessageID: verdict.Extractor{From: verdict.FromJSON, Path: "$.id"}},
	}})
	o.setupID = saved.Setups[0].ID
	confirmed := run(o, ops.Process.CreateStage, process.CreateStageInput{PlaceID: delivery.ID, Name: "Confirmed"})
	run(o, ops.Process.CreateField, process.CreateFieldInput{StageID: confirmed.ID, Name: "Mobile", Type: process.Phone, Required: true, Sample: "+919812345678"})
	run(o, ops.Setup.Create, setup.CreateInput{Draft: o.twilio(delivery.ID, confirmed.ID)})
}

// twilio is a setup with a provider, which the simulator can play.
func (o *realOffice) twilio(placeID, stageID string) setup.Draft {
	o.t.Helper()
	draft := run(o, o.host.Ops.Setup.Apply, setup.ApplyInput{Provider: "twilio-sms", Draft: setup.Draft{
		PlaceID: placeID, StageID: stageID, Channel: setup.SMS, Enabled: true, Name: "Order confirmed",
		Request: request.Spec{StageParams: []request.StageParam{{Variable: "mobile", Field: "Mobile"}}},
	}}).Draft
	entered := draft.Entered.Clone()
	for id, value := range map[string]request.Value{
		"account_sid": {Plain: "AC0123456789abcdef0123456789abcdef"}, "auth_token": {Secret: true, Typed: secret.New(providerToken)},
		"recipient": {Plain: "{{mobile}}"}, "sender": {Plain: "+14155550100"}, "message": {Plain: "Confirmed"},
	} {
		entered.Values = slices.DeleteFunc(entered.Values, func(one catalogue.FieldValue) bool { return one.ID == id })
		entered.Values = append(entered.Values, catalogue.FieldValue{ID: id, Value: value})
	}
	draft.Entered = &entered
	return draft
}

// listen saves settings of the local API: on, at the office's port, and what change
// makes of them.
func (o *realOffice) listen(change func(*organisation.LocalAPI)) organisation.LocalAPIState {
	o.t.Helper()
	state := run(o, o.host.Ops.Organisation.LocalAPI, organisation.Nothing{})
	settings := state.Settings
	settings.On, settings.Port, settings.PerMinute = true, o.port, 100_000
	change(&settings)
	run(o, o.host.Ops.Organisation.SaveLocalAPI, organisation.SaveLocalAPIInput{Settings: settings, Version: state.Version})
	return run(o, o.host.Ops.Organisation.LocalAPI, organisation.Nothing{})
}

// issue makes a key with these scopes, or with all.
func (o *realOffice) issue(change func(*apikey.CreateInput), scopes ...access.Scope) apikey.Issued {
	o.t.Helper()
	if len(scopes) == 0 {
		scopes = access.AnyScope()
	}
	in := apikey.CreateInput{RequestID: rand.Text(), Title: "CRM", Expires: apikey.Term{Days: 90}, Grants: apikey.Grants{Scopes: scopes}}
	if change != nil {
		change(&in)
	}
	made := run(o, o.host.Ops.Apikey.Create, in)
	o.mu.Lock()
	defer o.mu.Unlock()
	o.keys = append(o.keys, made.Secret)
	return made
}

// ask sends a request with a key and holds it and its answer to the document.
func (o *realOffice) ask(key, method, path, body string, change ...func(*http.Request)) answer {
	o.t.Helper()
	req, err := http.NewRequest(method, fmt.Sprintf("http://127.0.0.1:%d%s", o.port, path), strings.NewReader(body))
	o.must(err)
	if key != "" {
		req.Header.Set("Authorization", "x-api-key "+key)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for _, f := range change {
		f(req)
	}
	a := send(o.t, http.DefaultClient, req)
	if a.status == http.StatusOK {
		holdRequestToDocument(o.t, req, body)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, secretText := range append([]string{providerToken}, o.keys...) {
		if strings.Contains(a.body, secretText) {
			o.t.Errorf("%s %s: the answer holds a secret: %s", method, path, a.body)
		}
	}
	return a
}

// holdRequestToDocument checks that a request that was accepted is one that the
// document allows.
func holdRequestToDocument(t *testing.T, req *http.Request, body string) {
	t.Helper()
	router, err := theDocument()
	if err != nil {
		t.Fatal(err)
	}
	asked := req.Clone(context.Background())
	asked.URL.Scheme, asked.URL.Host, asked.Host = "", "", ""
	asked.Body = io.NopCloser(strings.NewReader(body))
	found, params, err := router.FindRoute(asked)
	if err != nil {
		t.Errorf("%s %s was accepted and is not in the document: %v", req.Method, req.URL.Path, err)
		return
	}
	err = openapi3filter.ValidateRequest(context.Background(), &openapi3filter.RequestValidationInput{
		Request: asked, PathParams: params, Route: found,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc},
	})
	if err != nil {
		t.Errorf("%s %s was accepted and does not fit the document: %v", req.Method, req.URL.Path, err)
	}
}

// into reads an answer that has to be 200.
func into[T any](t *testing.T, a answer) (out T) {
	t.Helper()
	if a.status != http.StatusOK {
		t.Fatalf("got %d %s", a.status, a.body)
	}
	decoder := json.NewDecoder(strings.NewReader(a.body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&out); err != nil {
		t.Fatal(err)
	}
	return out
}

// trial is a call that the simulator can play.
func trial(in map[string]any) {
	in["stage"], in["fields"] = "Confirmed", map[string]any{"Mobile": "+919812345678"}
}

// message is a call to Orders / Delivery, stage Shipped.
func message(mode string, change ...func(map[string]any)) string {
	in := map[string]any{
		"process": "Orders", "sub_process": "Delivery", "stage": "Shipped", "channel": "sms", "mode": mode,
		"fields": map[string]any{"Mobile": "+919812345678", "Customer name": "Asha"},
	}
	for _, f := range change {
		f(in)
	}
	text, err := json.Marshal(in)
	if err != nil {
		panic(err) // texts can always be marshalled
	}
	return string(text)
}

// accesses are the rows of the access log, the newest first, with those that wait to
// be written.
func (o *realOffice) accesses() []apikey.AccessRow {
	o.t.Helper()
	_, err := gate.RunSystem(o.t.Context(), gate.HandlerOf(o.backend.Gate, apikey.OpKeepAccess), apikey.KeepAccessInput{})
	o.must(err)
	return run(o, o.host.Ops.Apikey.Access, apikey.AccessInput{Limit: 200}).Rows
}

// noneOnDisk searches every file of the office, and what it printed, for the keys
// that were made: as they were shown, and their secret parts alone.
func (o *realOffice) noneOnDisk() {
	o.t.Helper()
	files := 0
	err := filepath.WalkDir(o.folder, func(path string, entry os.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		files++
		content, err := os.ReadFile(path)
		for _, key := range o.keys {
			if bytes.Contains(content, []byte(key[len("kd_12345678_"):])) {
				o.t.Errorf("%s holds a key", filepath.Base(path))
			}
		}
		return err
	})
	if err != nil || files == 0 {
		o.t.Errorf("%d files were searched: %v", files, err)
	}
	for _, key := range o.keys {
		if strings.Contains(o.log.String(), key[len("kd_12345678_"):]) {
			o.t.Error("the log holds a key")
		}
	}
}
