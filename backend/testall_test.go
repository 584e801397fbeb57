package backend_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"keydesk/backend"
	"keydesk/backend/activity"
	"keydesk/backend/call"
	"keydesk/backend/gate"
	"keydesk/backend/organisation"
	"keydesk/backend/process"
	"keydesk/backend/provider"
	"keydesk/backend/request"
	"keydesk/backend/secret"
	"keydesk/backend/setup"
	"keydesk/backend/user"
)

// many is a desk with a stage for each of n setups, each with a different path and
// token.
type many struct {
	*desk
	stages []process.Stage
	setups []setup.Setup
}

func newMany(t *testing.T, n int, url string) *many {
	t.Helper()
	m := &many{desk: newDesk(t)}
	for i := range n {
		stage, err := m.Ops.Process.CreateStage(atWindow(t), process.CreateStageInput{PlaceID: m.place.ID, Name: fmt.Sprintf("Step %03d", i)})
		if err != nil {
			t.Fatal(err)
		}
		field := process.CreateFieldInput{StageID: stage.ID, Name: "Mobile", Type: process.Phone, Sample: fmt.Sprintf("+9198123%05d", i)}
		if _, err := m.Ops.Process.CreateField(atWindow(t), field); err != nil {
			t.Fatal(err)
		}
		one := draft(m.place, stage, fmt.Sprintf("%s/%d", url, i))
		one.Name, one.Request.Auth.Token = "", hidden(fmt.Sprintf("cNry-tokEn-of-%05d", i))
		m.stages, m.setups = append(m.stages, stage), append(m.setups, m.create(t, one))
	}
	return m
}

// unlockAndSignIn opens an organisation that was closed.
func unlockAndSignIn(t *testing.T, b *backend.Backend) {
	t.Helper()
	if _, err := b.Ops.Organisation.Unlock(atWindow(t), organisation.UnlockInput{Passphrase: secret.New(passphrase)}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Ops.User.SignIn(atWindow(t), user.SignInInput{Name: adminName, Password: secret.New(adminPassword)}); err != nil {
		t.Fatal(err)
	}
}

// kept is the whole history of a run, oldest first.
func (m *many) kept(t *testing.T, runID string) []call.Call {
	t.Helper()
	calls, before := []call.Call{}, ""
	for {
		page, err := m.Ops.Call.List(atWindow(t), call.ListInput{RunID: runID, Before: before, Limit: 200})
		if err != nil {
			t.Fatal(err)
		}
		calls = append(calls, page.Calls...)
		if !page.More {
			slices.Reverse(calls)
			return calls
		}
		before = page.Calls[len(page.Calls)-1].ID
	}
}

// sink answers and notes what it received, in order.
type sink struct {
	*httptest.Server
	mu   sync.Mutex
	seen []string // "path token to"
}

// newSink starts a sink. Before each answer it runs then with the number of calls.
func newSink(t *testing.T, then func(n int)) *sink {
	s := &sink{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body struct {
			To string `json:"to"`
		}
		data, _ := io.ReadAll(r.Body)
		_ = json.Unmarshal(data, &body)
		s.mu.Lock()
		s.seen = append(s.seen, r.URL.Path+" "+r.Header.Get("Authorization")+" "+body.To)
		n := len(s.seen)
		s.mu.Unlock()
		if then != nil {
			then(n)
		}
		w.WriteHeader(http.StatusCreated)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *sink) all() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.seen)
}

// Test all fires each setup once, in the order of the list, with the setup's
// secret and the sample values of its stage, although many are read together. The
// history is complete, redacted and in the same order, and every setup shows its
// result.
func TestAllFiresEachAsItself(t *testing.T) {
	server := newSink(t, nil)
	m := newMany(t, 150, server.URL)
	whole := draft(m.place, process.Stage{}, server.URL+"/whole")
	whole.Name = ""
	m.create(t, whole)
	result, err := m.Ops.Call.TestAll(atWindow(t), call.AllInput{})
	if err != nil || result.Fired != 151 || result.Verdicts != (call.Verdicts{Accepted: 151}) || len(result.NotFired) != 0 || result.Cancelled {
		t.Fatalf("%+v, %v", result, err)
	}
	want := []string{"/whole Bearer " + canary + " +919812345678"}
	for i := range m.setups {
		want = append(want, fmt.Sprintf("/%d Bearer cNry-tokEn-of-%05d +9198123%05d", i, i, i))
	}
	// Every stage has the field. A setup for every stage uses the first sample.
	if got := server.all(); !slices.Equal(got, want) {
		t.Errorf("sent %d\n%s\nwant %d\n%s", len(got), strings.Join(got[:3], "\n"), len(want), strings.Join(want[:3], "\n"))
	}
	calls := m.kept(t, result.RunID)
	for i, one := range calls[1:] {
		if one.SetupID != m.setups[i].ID || one.Title != m.setups[i].Title || one.Recipient != fmt.Sprintf("+9198123%05d", i) {
			t.Fatalf("call %d is %+v", i, one)
		}
	}
	if len(calls) != 151 {
		t.Errorf("%d calls are kept", len(calls))
	}
	detail, err := m.Ops.Call.Get(atWindow(t), call.IDInput{ID: calls[90].ID})
	if text, _ := json.Marshal(detail); err != nil || strings.Contains(string(text), "cNry-tokEn") || !strings.Contains(detail.Request.Wire, "POST /89 HTTP/1.1") {
		t.Errorf("kept: %+v, %v", detail.Request, err)
	}
	page, err := m.Ops.Setup.List(atWindow(t), setup.ListInput{Verdict: "accepted", Limit: 200})
	if err != nil || page.Count != 151 {
		t.Errorf("%d setups show a result, %v", page.Count, err)
	}
	noneOnDisk(t, m.folder, "cNry-tokEn-of-00007", "cNry-tokEn-of-00149")
	trail, err := m.Ops.Activity.List(atWindow(t), activity.ListInput{ObjectID: result.RunID, OldestFirst: true, Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	next := 1
	for _, entry := range trail.Entries {
		first, last := next, 0
		if _, err := fmt.Sscanf(entry.Object, "Test all: calls %d to %d", &first, &last); err != nil {
			_, err = fmt.Sscanf(entry.Object, "Test all: call %d", &first)
			if last = first; err != nil {
				t.Fatalf("activity says %q", entry.Object)
			}
		}
		if first != next || last < first {
			t.Fatalf("call %d comes next, activity says %q", next, entry.Object)
		}
		next = last + 1
	}
	if next != 152 {
		t.Errorf("activity counts %d calls", next-1)
	}
}

// A cancelled run keeps what it has fired, and fires no more.
func TestAllCancelledKeepsWhatItFired(t *testing.T) {
	var m *many
	server := newSink(t, func(n int) {
		if n == 40 {
			if _, err := m.Ops.Operation.Cancel(atWindow(t), gate.CancelInput{ID: "run"}); err != nil {
				t.Error(err)
			}
		}
	})
	m = newMany(t, 100, server.URL)
	result, err := m.Ops.Call.TestAll(atWindow(t), call.AllInput{OperationID: "run"})
	if err != nil || !result.Cancelled || result.Fired != 40 {
		t.Fatalf("%+v, %v", result, err)
	}
	if sent, calls := len(server.all()), m.kept(t, result.RunID); sent != 40 || len(calls) != 40 {
		t.Errorf("%d were sent and %d are kept", sent, len(calls))
	}
	time.Sleep(50 * time.Millisecond)
	if sent := len(server.all()); sent != 40 {
		t.Errorf("it went on to %d", sent)
	}
}

// A run whose history cannot be written stops. What was committed before is
// complete: each call with the result of its setup and an activity row that counts
// it.
func TestAllStopsWhereItsHistoryFails(t *testing.T) {
	server := newSink(t, func(int) { time.Sleep(2 * time.Millisecond) })
	m := newMany(t, 400, server.URL)
	raw := openRaw(t, m.folder)
	if _, err := raw.Exec(`CREATE TRIGGER full BEFORE INSERT ON call WHEN (SELECT COUNT(*) FROM call) >= 130 BEGIN SELECT RAISE(ABORT, 'full'); END`); err != nil {
		t.Fatal(err)
	}
	if result, err := m.Ops.Call.TestAll(atWindow(t), call.AllInput{}); err == nil {
		t.Fatalf("it gave %+v", result)
	}
	if sent := len(server.all()); sent == 400 {
		t.Error("it fired to the end")
	}
	count := func(query string) (n int) {
		if err := raw.QueryRow(query).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	calls := count("SELECT COUNT(*) FROM call")
	results := count("SELECT COUNT(*) FROM setup WHERE last_verdict = 'accepted' AND id IN (SELECT setup_id FROM call)")
	told := count("SELECT COALESCE(SUM(json_extract(after, '$.accepted')), 0) FROM activity WHERE op = 'call.test_all'")
	if calls == 0 || calls > 130 || results != calls || told != calls || count("SELECT COUNT(*) FROM setup WHERE last_verdict <> ''") != calls {
		t.Errorf("%d calls, %d setups with their result, %d told in the activity", calls, results, told)
	}
}

// What goes out is what is saved: a setup that was changed, deleted, switched off
// or renamed while it waited for others is read again before it is fired.
func TestAllReadsAgainWhatWaited(t *testing.T) {
	var m *many
	var later atomic.Int64
	server := newSink(t, func(n int) {
		if n != 1 {
			return
		}
		one := m.setups[3]
		one.Draft.Request.URL += "/changed"
		one.Draft.Request.Auth.Token = hidden("cNry-tokEn-changed")
		if _, err := m.Ops.Setup.Update(atWindow(t), setup.UpdateInput{ID: one.ID, Version: one.Version, Draft: one.Draft}); err != nil {
			t.Error(err)
		}
		if _, err := m.Ops.Setup.Delete(atWindow(t), setup.IDInput{ID: m.setups[2].ID}); err != nil {
			t.Error(err)
		}
		if _, err := m.Ops.Process.RenameStage(atWindow(t), process.RenameInput{ID: m.stages[1].ID, Name: "Renamed", Version: 1}); err != nil {
			t.Error(err)
		}
		off := m.setups[4]
		off.Draft.Enabled = false
		if _, err := m.Ops.Setup.Update(atWindow(t), setup.UpdateInput{ID: off.ID, Version: off.Version, Draft: off.Draft}); err != nil {
			t.Error(err)
		}
		later.Store(int64(2 * time.Second))
	})
	m = newMany(t, 5, server.URL)
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	m.Backend = opened(t, m.folder, func(o *backend.Options) {
		o.Now = func() time.Time { return m.now.Add(time.Duration(later.Load())) }
	})
	unlockAndSignIn(t, m.Backend)
	result, err := m.Ops.Call.TestAll(atWindow(t), call.AllInput{})
	if err != nil || result.Fired != 3 || len(result.NotFired) != 2 || result.NotFired[0].SetupID != m.setups[2].ID || result.NotFired[1].SetupID != m.setups[4].ID {
		t.Fatalf("%+v, %v", result, err)
	}
	want := []string{"/0 Bearer cNry-tokEn-of-00000 +919812300000", "/1 Bearer cNry-tokEn-of-00001 +919812300001", "/3/changed Bearer cNry-tokEn-changed +919812300003"}
	if got := server.all(); !slices.Equal(got, want) {
		t.Errorf("sent %q", got)
	}
	calls := m.kept(t, result.RunID)
	if calls[2].SetupVersion != 2 || calls[1].Title != "Orders / Delivery / Renamed, SMS" {
		t.Errorf("kept %+v", calls)
	}
}

// A setup with a damaged secret is left out, with its name; the others are fired.
func TestAllLeavesOutWhatCannotBeOpened(t *testing.T) {
	server := newSink(t, nil)
	m := newMany(t, 5, server.URL)
	raw := openRaw(t, m.folder)
	// The secret of another setup does not open here.
	if _, err := raw.Exec("UPDATE secret SET sealed = (SELECT sealed FROM secret WHERE owner_id = ?) WHERE owner_id = ?", m.setups[1].ID, m.setups[2].ID); err != nil {
		t.Fatal(err)
	}
	result, err := m.Ops.Call.TestAll(atWindow(t), call.AllInput{})
	if err != nil || result.Verdicts.Accepted != 4 || len(result.NotFired) != 1 {
		t.Fatalf("%+v, %v", result, err)
	}
	if left := result.NotFired[0]; left.SetupID != m.setups[2].ID || left.Title != m.setups[2].Title || left.Why == "" {
		t.Errorf("left out: %+v", left)
	}
	for _, seen := range server.all() {
		if strings.HasPrefix(seen, "/2 ") {
			t.Errorf("it was sent: %s", seen)
		}
	}
}

// A rename that is undone changes nothing for later runs: names and fields are
// read as they are committed.
func TestAllAfterAnUndoneRename(t *testing.T) {
	server := newSink(t, nil)
	m := newMany(t, 2, server.URL)
	if _, err := m.Ops.Process.RenameStage(atWindow(t), process.RenameInput{ID: m.stages[0].ID, Name: "Step 001", Version: 1}); codeOf(err) != "process.name_taken" {
		t.Fatalf("a taken name gave %v", err)
	}
	if _, err := m.Ops.Process.RenamePlace(atWindow(t), process.RenameInput{ID: m.place.ID, Name: "Versand", Version: 1}); err != nil {
		t.Fatal(err)
	}
	result, err := m.Ops.Call.TestAll(atWindow(t), call.AllInput{})
	if err != nil {
		t.Fatal(err)
	}
	if calls := m.kept(t, result.RunID); calls[0].Title != "Orders / Versand / Step 000, SMS" || calls[1].Title != "Orders / Versand / Step 001, SMS" {
		t.Errorf("titles %q and %q", calls[0].Title, calls[1].Title)
	}
}

// No provider file is read at start, at sign-in or for the list, although setups
// use one; asking for providers reads them (RULES.md, Speed).
func TestProvidersAreNotReadAtStart(t *testing.T) {
	d := newDesk(t)
	one, _ := d.provided(t, "twilio-sms", nil)
	d.create(t, one)
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	b := opened(t, d.folder, func(o *backend.Options) { o.Now = func() time.Time { return d.now } })
	unlockAndSignIn(t, b)
	page, err := b.Ops.Setup.List(atWindow(t), setup.ListInput{})
	if err != nil || len(page.Rows) != 1 || page.Rows[0].ProviderName != "Twilio SMS" {
		t.Fatalf("the list gave %+v, %v", page.Rows, err)
	}
	if b.Providers.Loaded() {
		t.Error("provider files were read before one was asked for")
	}
	if list, err := b.Ops.Provider.List(atWindow(t), provider.ListInput{}); err != nil || len(list.Providers) == 0 || !b.Providers.Loaded() {
		t.Errorf("asked for, they are %+v, %v", list, err)
	}
}

// Test all leaves out a setup on this computer whose token comes from elsewhere.
func TestAllFetchesNoTokenElsewhere(t *testing.T) {
	d := newDesk(t)
	one := draft(d.place, d.stage, "http://127.0.0.1:1/send")
	one.Request.Auth = request.Auth{Type: request.OAuth2, FetchToken: true, TokenURL: "https://login.invalid/token", ClientID: "desk", ClientSecret: hidden("client-Qw72-secret")}
	d.create(t, one)
	result, err := d.Ops.Call.TestAll(atWindow(t), call.AllInput{})
	if err != nil || result.Fired != 0 || len(result.NotFired) != 1 || !strings.Contains(result.NotFired[0].Why, "login.invalid") {
		t.Errorf("%+v %v", result, err)
	}
}
