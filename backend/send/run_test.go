package send

import (
	"context"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"keydesk/backend/fault"
	"keydesk/backend/secret"
)

// api plays the local API: it remembers Idempotency-Keys, and answers as the test
// says. The real one is used in backend/cmd/keydeskd.
type api struct {
	*httptest.Server
	t *testing.T
	// answers is asked for each request; nil or false accepts the message.
	answers func(w http.ResponseWriter, mobile string, times int) bool

	mu    sync.Mutex
	times map[string]int  // requests by mobile
	keys  map[string]bool // the keys that were seen
	sent  map[string]int  // messages by mobile
}

const goodKey = "kd_12345678_good"

func newAPI(t *testing.T) *api {
	t.Helper()
	a := &api{t: t, times: map[string]int{}, keys: map[string]bool{}, sent: map[string]int{}}
	a.Server = httptest.NewServer(http.HandlerFunc(a.serve))
	t.Cleanup(a.Close)
	return a
}

func (a *api) serve(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "x-api-key "+goodKey {
		a.t.Errorf("the key is %q", r.Header.Get("Authorization"))
	}
	if r.URL.Path == "/v1/key" {
		_, _ = io.WriteString(w, `{"id":"key-1","title":"CRM","scopes":["calls:send"],"requests_a_minute":600}`)
		return
	}
	var in struct {
		Fields  map[string]string
		Mode    string
		Channel string
	}
	body, err := io.ReadAll(r.Body)
	if err == nil {
		err = json.Unmarshal(body, &in)
	}
	if err != nil || in.Channel == "" {
		a.t.Errorf("%s: %v", body, err)
	}
	mobile, key := in.Fields["Mobile"], r.Header.Get("Idempotency-Key")
	if key == "" && in.Mode != "preview" {
		a.t.Errorf("%s has no Idempotency-Key", mobile)
	}
	a.mu.Lock()
	a.times[mobile]++
	times := a.times[mobile]
	a.mu.Unlock()
	if a.answers != nil && a.answers(w, mobile, times) {
		return
	}
	a.deliver(mobile, key)
	w.Header().Set("RateLimit", `"key";r=599;t=60`)
	_, _ = io.WriteString(w, `{"call_id":"c1","verdict":"accepted","words":"Accepted.","ignored_fields":["Note"]}`)
}

// deliver sends a message, unless it was sent under the same key.
func (a *api) deliver(mobile, key string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.keys[key] {
		a.keys[key] = true
		a.sent[mobile]++
	}
}

// refuse answers with a problem document.
func refuse(w http.ResponseWriter, status int, code string, retryAfter int) bool {
	got := refusal(status, code, retryAfter, "")
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_, _ = w.Write(got.body)
	return true
}

// cut ends the connection without an answer.
func cut(w http.ResponseWriter) bool {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err == nil {
		_ = conn.Close()
	}
	return true
}

func (a *api) client() *Client {
	a.t.Helper()
	c, err := NewClient(a.URL, nil, secret.New(goodKey), 4)
	if err != nil {
		a.t.Fatal(err)
	}
	a.t.Cleanup(c.Close)
	return c
}

// run makes a run of a table.
func (a *api) run(table *Table, p *Progress) *Run {
	return &Run{Table: table, Client: a.client(), Progress: p, Key: Key{ID: "key-1", RequestsAMinute: 600}, Parallel: 4}
}

func (a *api) exactlyOnce(table *Table) {
	a.t.Helper()
	for _, row := range table.Rows {
		if times := a.sent[row.Fields["Mobile"]]; times != 1 {
			a.t.Errorf("row %d was sent %d times", row.Number, times)
		}
	}
}

// Rows that fail stop no others, and each is told once.
func TestRun(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	a.answers = func(w http.ResponseWriter, mobile string, _ int) bool {
		return strings.HasSuffix(mobile, "7") && refuse(w, 422, "call.fields", 0)
	}
	table := tableOf(t, 100)
	table.Rows[2].Fault = because("", "Faulty.")
	p, path := create(t, table, Live)
	r := a.run(table, p)
	warned := 0
	r.Warn = func(field string) {
		if warned++; field != "Note" {
			t.Errorf("it warns of %q", field)
		}
	}
	report := r.Do(t.Context(), t.Context())
	if report.Rows != 100 || report.Accepted != 89 || len(report.Failed) != 11 || report.Left != 0 || len(report.Unclear) != 0 || report.Stopped != nil || warned != 1 || fmt.Sprint(report.Ignored) != "[Note]" {
		t.Errorf("%+v, %d warnings", report, warned)
	}
	if first := report.Failed[0]; first.Line != 4 || first.Number != 3 || first.Message != "Faulty." || report.Failed[1].Line != 8 || report.Failed[1].Code != "call.fields" {
		t.Errorf("%+v", report.Failed[:2])
	}
	for _, row := range table.Rows {
		if times := a.times[row.Fields["Mobile"]]; times != 1 && row.Fault == nil || times != 0 && row.Fault != nil {
			t.Errorf("row %d was asked for %d times", row.Number, times)
		}
	}
	must(t, p.Close())
	if done := load(t, path).Finished; done == nil || done.Accepted != 89 || done.Failed != 11 {
		t.Errorf("%+v", done)
	}
	if s := r.State(); s.Accepted != 89 || s.Failed != 11 || s.Rows != 100 {
		t.Errorf("%+v", s)
	}
}

// What breaks in the middle is asked again under the same key: a connection that is
// cut after the message went out, one that is refused, an answer that is cut, a
// request that still runs, and a Keydesk that hands its data over.
func TestRunTriesAgain(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	a.answers = func(w http.ResponseWriter, mobile string, times int) bool {
		switch last := mobile[len(mobile)-1]; {
		case times > 2 || last == '0':
			return false
		case last == '1':
			return cut(w)
		case last == '2':
			return refuse(w, 503, "keydesk.released", 0)
		case last == '3':
			return refuse(w, 409, "call.key_running", 0)
		case last == '4':
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, `{"call_id"`)
			return true
		case last == '5':
			return refuse(w, 429, "localapi.rate_limited", 1)
		case last == '6':
			return refuse(w, 500, "keydesk.internal", 0)
		default:
			return false
		}
	}
	table := tableOf(t, 20)
	report := a.run(table, InMemory(table, Live)).Do(t.Context(), t.Context())
	if report.Accepted != 20 || report.Stopped != nil {
		t.Errorf("%+v", report)
	}
	a.exactlyOnce(table)
}

// One row for which Keydesk makes a mistake again and again is unclear, and stops no
// others.
func TestRunWithAMistake(t *testing.T) {
	t.Parallel()
	for mode, want := range map[string]Result{Live: Unclear, Simulate: Failed} {
		a := newAPI(t)
		a.answers = func(w http.ResponseWriter, mobile string, _ int) bool {
			return strings.HasSuffix(mobile, "3") && refuse(w, 500, "keydesk.internal", 0)
		}
		table := tableOf(t, 6)
		p := InMemory(table, mode)
		report := a.run(table, p).Do(t.Context(), t.Context())
		if report.Accepted != 5 || p.results[3].Result != want || a.times[table.Rows[2].Fields["Mobile"]] != brokenTries {
			t.Errorf("%s: %+v", mode, report)
		}
	}
}

// What concerns every row stops the run. Rows that certainly were not sent can be
// asked for at any time, those that may have been only under their key.
func TestRunStops(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer func(w http.ResponseWriter) bool
		code   string
		maybe  bool
	}{
		"a revoked key":   {func(w http.ResponseWriter) bool { return refuse(w, 401, "apikey.unknown", 0) }, ErrKey.Code, false},
		"paused":          {func(w http.ResponseWriter) bool { return refuse(w, 503, "organisation.paused", 60) }, "organisation.paused", false},
		"locked":          {func(w http.ResponseWriter) bool { return refuse(w, 503, "vault.locked", 1) }, "vault.locked", false},
		"the day's limit": {func(w http.ResponseWriter) bool { return refuse(w, 429, "call.daily_limit", 9999) }, "call.daily_limit", false},
		"no setup":        {func(w http.ResponseWriter) bool { return refuse(w, 404, "call.no_setup", 0) }, "call.no_setup", false},
		"always too fast": {func(w http.ResponseWriter) bool { return refuse(w, 429, "localapi.rate_limited", 1) }, "localapi.rate_limited", false},
		"cut off":         {cut, ErrUnreachable.Code, true},
		"another program": {func(w http.ResponseWriter) bool { _, _ = io.WriteString(w, "<html>"); return true }, ErrNotKeydesk.Code, true},
		"somewhere else": {func(w http.ResponseWriter) bool {
			w.Header().Set("Location", "http://192.0.2.1/")
			w.WriteHeader(302)
			return true
		}, ErrNotKeydesk.Code, true},
		"closing, forever": {func(w http.ResponseWriter) bool { return refuse(w, 503, "keydesk.closed", 1) }, "keydesk.closed", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAPI(t)
			a.answers = func(w http.ResponseWriter, mobile string, _ int) bool {
				return !strings.HasSuffix(mobile, "001") && c.answer(w)
			}
			table := tableOf(t, 40)
			p, path := create(t, table, Live)
			r := a.run(table, p)
			r.Parallel, r.Patience, r.limited = 1, 600*time.Millisecond, 2*time.Second
			report := r.Do(t.Context(), t.Context())
			if report.Stopped == nil || report.Stopped.Code != c.code || report.Accepted != 1 || report.Left != 39 || len(report.Failed)+len(report.Unclear) != 0 {
				t.Errorf("%+v", report)
			}
			must(t, p.Close())
			again := load(t, path)
			_, open := again.open[2]
			if open != c.maybe || len(again.open) > 1 || again.Finished != nil {
				t.Errorf("row 2 may have been sent: %v, want %v; %v", open, c.maybe, again.open)
			}
			if _, lost := again.pending(table, "key-1", time.Now().Add(25*time.Hour)); (len(lost) == 1) != c.maybe {
				t.Errorf("a day later %v are lost", lost)
			}
		})
	}
}

// A setup that has sent all it may today keeps only its own rows back: those of other
// setups go out.
func TestRunHoldsATargetBack(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	a.answers = func(w http.ResponseWriter, mobile string, _ int) bool {
		return strings.HasPrefix(mobile, "spent") && refuse(w, 429, "call.daily_limit", 9999)
	}
	text := "stage,Mobile\n"
	for n := range 60 {
		text += fmt.Sprintf("A,spent%d\nB,free%d\n", n, n)
	}
	table, err := Read([]byte(text), CSV, orders)
	must(t, err)
	p := InMemory(table, Live)
	report := a.run(table, p).Do(t.Context(), t.Context())
	if report.Accepted != 60 || report.Left != 60 || report.Stopped == nil || report.Stopped.Code != "call.daily_limit" || len(report.Failed) != 0 || len(p.open) != 0 {
		t.Errorf("%+v, open %v", report, p.open)
	}
	if asked := len(a.times) - 60; asked > 4 {
		t.Errorf("%d rows were asked for although their setup is spent", asked)
	}
	a.answers = nil
	if report := a.run(table, p).Do(t.Context(), t.Context()); report.Accepted != 120 || report.Stopped != nil || p.Finished == nil {
		t.Errorf("the next day: %+v", report)
	}
	a.exactlyOnce(table)
}

// RULES.md, Sending a table: rows of an unknown outcome are asked for again under
// their key, and are unclear once the API may have forgotten it.
func TestRunGoesOn(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		age     time.Duration
		key     string
		unclear int
	}{
		"soon": {time.Hour, "key-1", 0}, "too late": {25 * time.Hour, "key-1", 3}, "another key": {time.Hour, "key-0", 3},
	} {
		a := newAPI(t)
		table := tableOf(t, 10)
		p, path := create(t, table, Live)
		// The first three were asked for: two went out, and nothing was kept of it.
		must(t, p.ask([]int{1, 2, 3}, c.key, time.Now().Add(-c.age)))
		for _, row := range table.Rows[:2] {
			key, err := row.key(p.Run, Live)
			must(t, err)
			a.deliver(row.Fields["Mobile"], key)
		}
		must(t, p.Close())
		p = load(t, path)
		must(t, p.Continue(path))
		report := a.run(table, p).Do(t.Context(), t.Context())
		if report.Accepted != 10-c.unclear || len(report.Unclear) != c.unclear || report.Stopped != nil || report.Left != 0 {
			t.Errorf("%s: %+v", name, report)
		}
		for _, row := range table.Rows {
			asked, sent := a.times[row.Fields["Mobile"]], a.sent[row.Fields["Mobile"]]
			switch {
			case row.Number <= c.unclear && asked != 0:
				t.Errorf("%s: row %d was asked for again", name, row.Number)
			case row.Number > c.unclear && sent != 1:
				t.Errorf("%s: row %d was sent %d times", name, row.Number, sent)
			}
		}
		if c.unclear > 0 && !strings.Contains(report.Unclear[0].Message, "Keydesk no longer knows the request") {
			t.Errorf("%s: %+v", name, report.Unclear[0])
		}
	}
}

// A computer that slept for a day in the middle asks no more for what it was sending:
// the API may have forgotten the key.
func TestRunSleeps(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	table := tableOf(t, 3)
	r := a.run(table, InMemory(table, Live))
	a.answers = func(w http.ResponseWriter, mobile string, _ int) bool {
		if !strings.HasSuffix(mobile, "2") {
			return false
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		one := r.Progress.open[2]
		if one.at != one.at.Round(0) {
			t.Error("the time of the request does not count while a computer sleeps")
		}
		one.at = one.at.Add(-25 * time.Hour)
		r.Progress.open[2] = one
		return cut(w)
	}
	report := r.Do(t.Context(), t.Context())
	if report.Accepted != 2 || len(report.Unclear) != 1 || report.Unclear[0].Number != 2 || a.times[table.Rows[1].Fields["Mobile"]] != 1 {
		t.Errorf("%+v, asked %v", report, a.times)
	}
}

// A stop lets what is on its way have its answer; a second one does not wait, and
// what was on its way may have been sent.
func TestRunIsStopped(t *testing.T) {
	t.Parallel()
	for _, twice := range []bool{false, true} {
		a := newAPI(t)
		arrived, let := make(chan bool, 100), make(chan bool)
		a.answers = func(http.ResponseWriter, string, int) bool {
			arrived <- true
			<-let
			return false
		}
		table := tableOf(t, 50)
		p := InMemory(table, Live)
		soft, stop := context.WithCancel(t.Context())
		hard, abort := context.WithCancel(t.Context())
		reports := make(chan Report)
		go func() { reports <- a.run(table, p).Do(soft, hard) }()
		for range 4 {
			<-arrived
		}
		stop()
		if twice {
			abort()
		} else {
			close(let)
		}
		report := <-reports
		if twice {
			close(let)
		}
		want := 4
		if twice {
			want = 0
		}
		if report.Accepted != want || report.Left != 50-want || report.Stopped == nil || report.Stopped.Code != ErrStopped.Code || len(p.open) != 4-want {
			t.Errorf("%v: %+v, open %v", twice, report, p.open)
		}
		abort()
	}
}

// Nothing is sent of which the progress cannot be kept.
func TestRunWithoutRoom(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	table := tableOf(t, 5)
	p := InMemory(table, Live)
	p.broken = ErrProgress
	report := a.run(table, p).Do(t.Context(), t.Context())
	if report.Stopped == nil || report.Stopped.Code != ErrProgress.Code || report.Left != 5 || len(a.times) != 0 {
		t.Errorf("%+v, asked %v", report, a.times)
	}
}

// The key goes to the address that was named, over TLS beyond this computer, and
// only to a server whose certificate the given authority made.
func TestClient(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"", "127.0.0.1:7373", "ftp://127.0.0.1", "http://192.0.2.1:7373", "http://example.com", "http://u:p@127.0.0.1:1", "http://127.0.0.1:1/v1", "http://127.0.0.1:1?x=1"} {
		if _, err := NewClient(address, nil, secret.New(goodKey), 1); fault.From(err) == nil || fault.From(err).Code != ErrAddress.Code {
			t.Errorf("%q: %v", address, err)
		}
	}
	for _, address := range []string{"http://127.0.0.1:7373", "http://localhost:7373/", "http://[::1]:7373", "https://192.0.2.1:7373"} {
		if _, err := NewClient(address, nil, secret.New(goodKey), 1); err != nil {
			t.Errorf("%q: %v", address, err)
		}
	}
	for _, key := range []string{"two words", "a\nb", "ключ"} {
		if _, err := NewClient("http://127.0.0.1:1", nil, secret.New(key), 1); fault.From(err) == nil || fault.From(err).Code != ErrKey.Code || strings.Contains(err.Error(), key) {
			t.Errorf("%q: %v", key, err)
		}
	}
	a := newAPI(t)
	secured := httptest.NewUnstartedServer(http.HandlerFunc(a.serve))
	secured.Config.ErrorLog = log.New(io.Discard, "", 0) // refused handshakes
	secured.StartTLS()
	defer secured.Close()
	root := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: secured.Certificate().Raw})
	self := func(address string, authority []byte) error {
		c, err := NewClient(address, authority, secret.New(goodKey), 1)
		must(t, err)
		defer c.Close()
		key, err := c.Self(t.Context())
		if err == nil && (key.ID != "key-1" || key.RequestsAMinute != 600 || key.Title != "CRM") {
			t.Errorf("%+v", key)
		}
		return err
	}
	if err := self(secured.URL, root); err != nil {
		t.Errorf("with its certificate: %v", err)
	}
	if err := self(secured.URL, nil); err == nil || !strings.Contains(err.Error(), "not from an authority that is trusted here") {
		t.Errorf("without it: %v", err)
	}
	if err := self(strings.Replace(secured.URL, "127.0.0.1", "localhost", 1), root); err == nil || !strings.Contains(err.Error(), "not good for this address") {
		t.Errorf("by another name: %v", err)
	}
	if err := self(strings.Replace(a.URL, "http:", "https:", 1), root); err == nil || !strings.Contains(err.Error(), "does not speak TLS") {
		t.Errorf("without TLS: %v", err)
	}
	if _, err := NewClient(secured.URL, []byte("no PEM"), secret.New(goodKey), 1); fault.From(err).Code != ErrAuthority.Code {
		t.Errorf("%v", err)
	}
}

// What is known before a live run: how many rows go where, and how many SMS the
// longest message is. Rows with a result are left out.
func TestParts(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	asked := []string{}
	a.answers = func(w http.ResponseWriter, mobile string, _ int) bool {
		a.mu.Lock()
		defer a.mu.Unlock()
		asked = append(asked, mobile)
		if mobile == "gone" {
			return refuse(w, 404, "process.unknown_stage", 0)
		}
		_, _ = io.WriteString(w, `{"provider":"Twilio","setup":{"name":"Shipped"},"request":{"sms_segments":2}}`)
		return true
	}
	table, err := Read([]byte("stage,Mobile\nA,1\nA,+919812345678 and a text that is long\nA,+91 and ä and \U0001F600 "+strings.Repeat("x", 70)+"\nB,gone\nA,"+strings.Repeat("y", 100)+"\n"), CSV, orders)
	must(t, err)
	p := InMemory(table, Live)
	must(t, p.settle(table.Rows[0], Outcome{Result: Accepted}))
	parts, err := a.run(table, p).Parts(t.Context())
	must(t, err)
	if len(parts) != 2 || parts[0].Rows != 3 || parts[0].Segments != 2 || parts[0].Line != 4 || parts[0].Provider != "Twilio" || parts[0].Setup != "Shipped" || parts[1].Rows != 1 || parts[1].Segments != 0 {
		t.Errorf("%+v", parts)
	}
	if len(asked) != 2 || !strings.Contains(asked[0], "ä") {
		t.Errorf("asked for %q", asked)
	}
	if len(a.sent) != 0 {
		t.Errorf("sent %v", a.sent)
	}
	table, err = Read([]byte("Mobile\ngone\n"), CSV, orders)
	must(t, err)
	if _, err := a.run(table, InMemory(table, Live)).Parts(t.Context()); fault.From(err) == nil || fault.From(err).Code != "process.unknown_stage" {
		t.Errorf("the only target: %v", err)
	}
}

// What an earlier run may have sent stays so, although this run is turned away.
func TestRunLeavesWhatMayBeSent(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	a.answers = func(w http.ResponseWriter, _ string, _ int) bool { return refuse(w, 401, "apikey.unknown", 0) }
	table := tableOf(t, 3)
	p := InMemory(table, Live)
	must(t, p.ask([]int{2}, "key-1", time.Now().Add(-time.Hour)))
	r := a.run(table, p)
	r.Parallel = 1
	if report := r.Do(t.Context(), t.Context()); report.Left != 3 {
		t.Errorf("%+v", report)
	}
	if _, open := p.open[2]; !open || len(p.open) != 1 {
		t.Errorf("open: %v", p.open)
	}
}

// Keydesk may be away more than once: the patience is for each time.
func TestRunIsPatientEachTime(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	var mu sync.Mutex
	since := map[string]time.Time{}
	a.answers = func(w http.ResponseWriter, mobile string, times int) bool {
		mu.Lock()
		defer mu.Unlock()
		if times == 1 {
			since[mobile] = time.Now()
		}
		return time.Since(since[mobile]) < 700*time.Millisecond && refuse(w, 503, "keydesk.released", 0)
	}
	table := tableOf(t, 4)
	r := a.run(table, InMemory(table, Live))
	r.Parallel, r.Patience = 1, 1500*time.Millisecond
	if report := r.Do(t.Context(), t.Context()); report.Accepted != 4 {
		t.Errorf("%+v", report)
	}
}

// A request is made once: net/http would repeat one with an Idempotency-Key by itself.
func TestClientAsksOnce(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	a.answers = func(w http.ResponseWriter, mobile string, _ int) bool { return mobile == "cut" && cut(w) }
	c := a.client()
	ask := func(mobile string) error {
		body, err := Row{Target: orders, Fields: values{"Mobile": mobile}}.body(Live)
		must(t, err)
		_, arrived, err := c.ask(t.Context(), http.MethodPost, "/v1/calls", "key-of-"+mobile, body)
		if !arrived {
			t.Errorf("%s: it is said not to have arrived", mobile)
		}
		return err
	}
	must(t, ask("one")) // the connection is kept, which is when it would be repeated
	if err := ask("cut"); err == nil || a.times["cut"] != 1 {
		t.Errorf("%v, %d times", err, a.times["cut"])
	}
	closed := httptest.NewServer(nil)
	closed.Close()
	nobody, err := NewClient(closed.URL, nil, secret.New(goodKey), 1)
	must(t, err)
	if _, arrived, err := nobody.ask(t.Context(), http.MethodGet, "/", "", nil); err == nil || arrived {
		t.Errorf("nobody listens: arrived %v, %v", arrived, err)
	}
}
