package backend_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"keydesk/backend"
	"keydesk/backend/access"
	"keydesk/backend/alert"
	"keydesk/backend/apikey"
	"keydesk/backend/call"
	"keydesk/backend/desktop"
	"keydesk/backend/organisation"
	"keydesk/backend/process"
	"keydesk/backend/request"
	"keydesk/backend/secret"
	"keydesk/backend/user"
)

// shownOnDesktop is a desktop that remembers its notifications.
type shownOnDesktop struct {
	mu    sync.Mutex
	texts []string
	err   error
}

func (d *shownOnDesktop) Show(_ context.Context, notice desktop.Notice) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.texts = append(d.texts, notice.Title+": "+notice.Body)
	return d.err
}

func (d *shownOnDesktop) take() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	texts := d.texts
	d.texts = nil
	return texts
}

// alertDesk is a desk with a desktop, whose clock does nothing by itself.
func alertDesk(t testing.TB) (*desk, *shownOnDesktop) {
	t.Helper()
	d, desktop := &desk{folder: t.TempDir(), now: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}, &shownOnDesktop{}
	d.Backend = opened(t, d.folder, d.withDesktop(desktop))
	firstRun(t, d.Backend)
	d.StopClock()
	d.place, d.stage = shipped(t, d.Backend)
	return d, desktop
}

func (d *desk) withDesktop(desktop *shownOnDesktop) func(*backend.Options) {
	return func(o *backend.Options) {
		o.Now, o.Desktop = func() time.Time { return d.now }, desktop
	}
}

func (d *desk) lookForAlerts(t testing.TB) {
	t.Helper()
	if err := d.LookForAlerts(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// alerts lists every alert, the oldest first.
func (d *desk) alerts(t testing.TB) []alert.Alert {
	t.Helper()
	var all []alert.Alert
	for before := int64(0); ; {
		page, err := d.Ops.Alert.List(atWindow(t), alert.ListInput{Before: before, Limit: 200})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, page.Alerts...)
		if !page.More {
			slices.Reverse(all)
			return all
		}
		before = page.Alerts[len(page.Alerts)-1].Seq
	}
}

// C29: over 400 days, with Keydesk asleep for random stretches and started again and
// again, each key's end is told at 14, 3 and 0 days and when it has come, once each,
// at the first moment at which Keydesk runs; a lead that was slept through is not told
// any more, and one longer than half of a key's life never is.
func TestEachLeadTimeOnce(t *testing.T) {
	d, desktop := alertDesk(t)
	zone := d.zone(t, "Europe/Berlin")
	admin := d.adminID(t)
	random := rand.New(rand.NewPCG(14, 3))
	d.now = time.Date(2026, 1, 1, 7, 0, 0, 0, zone)
	start := d.now
	begin(t, d.Backend, admin)
	// Keys of every length, so that some end at night, at the change of a clock, and in
	// the morning before alerts go out.
	keys := map[string]apikey.Key{}
	for n := range 60 {
		days := 1 + random.IntN(380)
		if n < 20 {
			days = 1 + n*2
		}
		d.now = start.Add(time.Duration(random.IntN(24*60)) * time.Minute)
		begin(t, d.Backend, admin)
		one := made(t, d.Backend, func(in *apikey.CreateInput) {
			in.Title, in.Expires = fmt.Sprint("Key ", n), apikey.Term{Days: days}
			if n%3 == 0 {
				in.Expires = apikey.Term{Date: start.AddDate(0, 0, days).Format(time.DateOnly)}
			}
		})
		keys[one.Key.ID] = one.Key
	}
	// What is told, by its own rule: the calendar of the office.
	due := func(k apikey.Key, lead int) time.Time {
		end := time.UnixMilli(k.ExpiresMs).In(zone)
		if lead < 0 {
			return end
		}
		last := end.Add(-time.Nanosecond)
		at := time.Date(last.Year(), last.Month(), last.Day()-lead, 8, 0, 0, 0, zone)
		if !at.Before(end) {
			at = time.Date(last.Year(), last.Month(), last.Day(), 0, 0, 0, 0, zone)
		}
		return at
	}
	want, done := []string{}, map[string]int{}
	expect := func(now time.Time) {
		for id, k := range keys {
			for rank, lead := range []int{-1, 0, 3, 14} {
				if lead > 0 && time.Duration(2*lead)*24*time.Hour > time.UnixMilli(k.ExpiresMs).Sub(time.UnixMilli(k.CreatedMs)) {
					continue
				}
				if now.Before(due(k, lead)) {
					continue
				}
				if told, known := done[id]; known && told <= rank {
					break
				}
				if done[id] = rank; lead >= 0 || now.Sub(due(k, -1)) < 14*24*time.Hour {
					want = append(want, fmt.Sprint(now.In(zone).Format(time.DateTime), " ", k.Title, " ", lead))
				}
				break
			}
		}
	}
	shown, restarts := 0, 0
	for d.now = start.Add(24 * time.Hour); d.now.Before(start.AddDate(0, 0, 400)); d.now = d.now.Add(20 * time.Minute) {
		switch random.IntN(400) {
		case 0:
			d.now = d.now.Add(time.Duration(random.IntN(20*24)) * time.Hour) // asleep, some days or weeks
		case 1, 2:
			if err := d.Close(); err != nil {
				t.Fatal(err)
			}
			d.Backend = opened(t, d.folder, d.withDesktop(desktop))
			if _, err := d.Ops.Organisation.Unlock(atWindow(t), organisation.UnlockInput{Passphrase: secret.New(passphrase)}); err != nil {
				t.Fatal(err)
			}
			d.StopClock()
			restarts++
		}
		expect(d.now)
		d.lookForAlerts(t)
		shown += len(desktop.take())
	}
	begin(t, d.Backend, admin)
	var got []string
	leads, quiet := map[int]int{}, 0
	told := d.alerts(t)
	for _, one := range told {
		got = append(got, fmt.Sprint(time.UnixMilli(one.AtMs).In(zone).Format(time.DateTime), " ", one.Object, " ", one.LeadDays))
		leads[one.LeadDays]++
		if one.LeadDays == -1 && slices.ContainsFunc(told, func(before alert.Alert) bool { return before.ObjectID == one.ObjectID && before.LeadDays == 0 }) {
			quiet++
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("told were\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if leads[14] < 20 || leads[3] < 20 || leads[0] < 20 || leads[-1] < 20 || restarts < 20 {
		t.Errorf("too little happened to prove anything: %v, %d restarts", leads, restarts)
	}
	if shown < 50 || shown > len(got)-quiet { // some are shown as one, and none that is old
		t.Errorf("shown are %d of %d, of which %d are quiet", shown, len(got), quiet)
	}
}

// C29: a clock that is set back tells nothing twice, and one that was ahead for a
// while costs no warning afterwards. What it told is unread again.
func TestAlertsSurviveTheClock(t *testing.T) {
	d, _ := alertDesk(t)
	admin := d.adminID(t)
	one := made(t, d.Backend, func(in *apikey.CreateInput) { in.Expires = apikey.Term{Days: 90} })
	end := time.UnixMilli(one.Key.ExpiresMs)
	at := func(days int) []alert.Alert {
		d.now = end.AddDate(0, 0, -days)
		begin(t, d.Backend, admin)
		d.lookForAlerts(t)
		return d.alerts(t)
	}
	read := func(list []alert.Alert) {
		if _, err := d.Ops.Alert.Seen(atWindow(t), alert.SeenInput{Seq: list[len(list)-1].Seq}); err != nil {
			t.Fatal(err)
		}
	}
	unread := func() int {
		page, err := d.Ops.Alert.List(atWindow(t), alert.ListInput{})
		if err != nil {
			t.Fatal(err)
		}
		return page.Unseen
	}
	if got := at(20); len(got) != 0 {
		t.Errorf("20 days before it %v is told", got)
	}
	if got := at(13); len(got) != 1 || got[0].LeadDays != 14 || got[0].DaysLeft != 13 || got[0].Object != "CRM" && got[0].Object != one.Key.Title {
		t.Errorf("13 days before it %+v is told", got)
	}
	read(d.alerts(t))
	// Nobody can read ahead, and so keep later alerts from everybody.
	if _, err := d.Ops.Alert.Seen(atWindow(t), alert.SeenInput{Seq: 1<<63 - 1}); err != nil {
		t.Error(err)
	}
	for _, days := range []int{15, 14, 13, 12, 40, 13} { // set back and forth
		if got := at(days); len(got) != 1 || unread() != 0 {
			t.Errorf("%d days before it %d are told, %d unread", days, len(got), unread())
		}
	}
	// A year ahead by mistake, and right again.
	d.now = end.AddDate(0, 0, 5)
	begin(t, d.Backend, admin)
	d.lookForAlerts(t)
	if got := d.alerts(t); len(got) != 2 || got[1].LeadDays != -1 {
		t.Fatalf("after its end %+v are told", got)
	}
	read(d.alerts(t))
	if got := at(3); len(got) != 2 || got[1].LeadDays != 3 || unread() != 1 {
		t.Errorf("3 days before it %+v are told, %d unread", got, unread())
	}
	if counts := events(t, d.folder); counts["key.expiring"] != 2 || counts["key.expired"] != 1 {
		t.Errorf("the events are %v", counts)
	}
	// A new end is a new warning; no warning is left of one that was put off.
	d.now = end.AddDate(0, 0, -2)
	begin(t, d.Backend, admin)
	key, err := d.Ops.Apikey.Get(atWindow(t), apikey.IDInput{ID: one.Key.ID})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Ops.Apikey.Edit(atWindow(t), apikey.EditInput{ID: key.ID, Title: key.Title, Version: key.Version, Expires: &apikey.Term{Days: 60}}); err != nil {
		t.Fatal(err)
	}
	d.lookForAlerts(t)
	if got := d.alerts(t); len(got) != 2 {
		t.Errorf("after it was put off %+v are told", got)
	}
	d.now = d.now.AddDate(0, 0, 58)
	begin(t, d.Backend, admin)
	d.lookForAlerts(t)
	if got := d.alerts(t); len(got) != 3 || got[2].LeadDays != 3 {
		t.Errorf("before its new end %+v are told", got)
	}
	// A key that is revoked needs no warning, nor does one that is disabled.
	gone := made(t, d.Backend, func(in *apikey.CreateInput) { in.Title, in.Expires = "Gone", apikey.Term{Days: 1} })
	if _, err := d.Ops.Apikey.Revoke(atWindow(t), apikey.IDInput{ID: gone.Key.ID}); err != nil {
		t.Fatal(err)
	}
	off := made(t, d.Backend, func(in *apikey.CreateInput) { in.Title, in.Expires = "Off", apikey.Term{Days: 1} })
	if _, err := d.Ops.Apikey.Disable(atWindow(t), apikey.IDInput{ID: off.Key.ID}); err != nil {
		t.Fatal(err)
	}
	d.now = d.now.AddDate(0, 0, 1)
	begin(t, d.Backend, admin)
	d.lookForAlerts(t)
	for _, one := range d.alerts(t) {
		if one.Object == "Gone" || one.Object == "Off" {
			t.Errorf("%+v is told", one)
		}
	}
}

// The desktop shows an alert once, several as one, and none that is old; without a
// desktop, and where it fails, the list has them all the same. The settings switch it
// off.
func TestAlertsOnTheDesktop(t *testing.T) {
	d, desktop := alertDesk(t)
	admin := d.adminID(t)
	later := func(days int) {
		d.now = d.now.AddDate(0, 0, days)
		begin(t, d.Backend, admin)
	}
	made(t, d.Backend, func(in *apikey.CreateInput) { in.Title, in.Expires = `A <b>"key"</b>`, apikey.Term{Days: 8} })
	later(5)
	d.lookForAlerts(t)
	d.lookForAlerts(t)
	if got, want := desktop.take(), []string{`An API key expires soon: The API key “A <b>"key"</b>” expires in 3 days, on 9 March 2026.`}; !slices.Equal(got, want) {
		t.Errorf("shown are %q, want %q", got, want)
	}
	for n := range 5 {
		made(t, d.Backend, func(in *apikey.CreateInput) { in.Title, in.Expires = fmt.Sprint("Key ", n), apikey.Term{Days: 7} })
	}
	later(4)
	desktop.err = errors.New("no daemon")
	d.lookForAlerts(t)
	d.lookForAlerts(t)
	if got := desktop.take(); len(got) != 1 || !strings.HasPrefix(got[0], "6 API keys expire soon or have expired: ") {
		t.Errorf("shown are %q", got)
	}
	if got := d.alerts(t); len(got) != 7 {
		t.Errorf("%d are listed, want 7", len(got))
	}
	state, err := d.Ops.Alert.Settings(atWindow(t), alert.Nothing{})
	if err != nil {
		t.Fatal(err)
	}
	state.Settings.Desktop = false
	if _, err := d.Ops.Alert.SaveSettings(atWindow(t), state); err != nil {
		t.Fatal(err)
	}
	later(3)
	d.lookForAlerts(t)
	if got := desktop.take(); len(got) != 0 || len(d.alerts(t)) != 12 {
		t.Errorf("switched off, %q are shown; %d are listed", got, len(d.alerts(t)))
	}
	if _, err := d.Ops.Alert.SaveSettings(atWindow(t), state); codeOf(err) != "alert.stale" {
		t.Errorf("an old version: %v", err)
	}
}

// alertServer receives messages, and can be out of order.
type alertServer struct {
	*httptest.Server
	mu     sync.Mutex
	bodies []string
	status int
}

func newAlertServer(t *testing.T) *alertServer {
	s := &alertServer{status: 201}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.bodies = append(s.bodies, string(body))
		w.WriteHeader(s.status)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *alertServer) answers(status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status = status
}

func (s *alertServer) take() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	bodies := s.bodies
	s.bodies = nil
	return bodies
}

// tellBy makes a setup for messages about alerts and chooses it.
func (d *desk) tellBy(t *testing.T, url string) {
	t.Helper()
	one := draft(d.place, d.stage, url)
	one.Request.Params[1].Value.Plain = "{{text}}"
	one.Request.StageParams = append(one.Request.StageParams, request.StageParam{Variable: "text", Field: "Text"})
	if _, err := d.Ops.Process.CreateField(atWindow(t), process.CreateFieldInput{StageID: d.stage.ID, Name: "Text", Type: process.Text}); err != nil {
		t.Fatal(err)
	}
	saved := d.create(t, one)
	state, err := d.Ops.Alert.Settings(atWindow(t), alert.Nothing{})
	if err != nil {
		t.Fatal(err)
	}
	state.Settings.Message = alert.Recipient{On: true, SetupID: saved.ID, Fields: map[string]string{"Mobile": "+14155550100", "Text": "Acme: {{alert}} ({{name}}, {{days}}, {{date}})"}}
	if _, err := d.Ops.Alert.SaveSettings(atWindow(t), state); err != nil {
		t.Fatal(err)
	}
}

// C29: where the office chose a setup, a person gets each alert once as a message: also
// when the first tries fail, while sending is paused, and after a crash.
func TestAlertsAsMessages(t *testing.T) {
	d, _ := alertDesk(t)
	server := newAlertServer(t)
	d.tellBy(t, server.URL)
	admin := d.adminID(t)
	later := func(wait time.Duration) {
		d.now = d.now.Add(wait)
		begin(t, d.Backend, admin)
		d.lookForAlerts(t)
	}
	last := func() (found alert.Alert) {
		for _, one := range d.alerts(t) {
			if one.LeadDays >= 0 {
				found = one
			}
		}
		return found
	}
	const day = 24 * time.Hour
	d.key(t, "Shop", 30)
	later(27 * day)
	want := `{"to":"+14155550100","text":"Acme: The API key “Shop” expires in 3 days, on 31 March 2026. (Shop, 3, 31 March 2026)"}`
	if got := server.take(); len(got) != 1 || got[0] != want || last().Message != "accepted" {
		t.Errorf("sent is %q, want %q; the alert says %q", got, want, last().Message)
	}
	kept, err := d.Ops.Call.Get(atWindow(t), call.IDInput{ID: last().CallID})
	if err != nil || kept.Call.Mode != call.Live || kept.Call.Actor.Kind != "system" || kept.Call.Actor.Name != "Keydesk" {
		t.Errorf("its call is %+v, %v", kept.Call, err)
	}
	later(time.Hour)
	if got := server.take(); len(got) != 0 {
		t.Errorf("sent again: %q", got)
	}
	// The provider has a bad hour.
	server.answers(429)
	later(3*day - 2*time.Hour) // 8 in the morning of the last day is past
	for wait := range 4 {
		if got := server.take(); len(got) != 1 || last().Message != alert.Waiting {
			t.Fatalf("try %d: %d sent, the alert says %q", wait+1, len(got), last().Message)
		}
		if later(30 * time.Second); len(server.take()) != 0 {
			t.Errorf("after try %d it is sent again at once", wait+1)
		}
		if wait == 3 {
			server.answers(201)
		}
		later([]time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour}[wait])
	}
	if got := server.take(); len(got) != 1 || last().Message != "accepted" {
		t.Errorf("the last try: %d sent, the alert says %q", len(got), last().Message)
	}
	// What may have arrived is never sent again.
	server.answers(201)
	d.key(t, "Web", 2)
	if _, err := d.Ops.Organisation.Pause(atWindow(t), organisation.PauseInput{Paused: true}); err != nil {
		t.Fatal(err)
	}
	later(2*day - 2*time.Hour)
	if got := server.take(); len(got) != 0 || last().Message != alert.Waiting || last().Object != "Web" {
		t.Errorf("paused: %q sent, the alert says %+v", got, last())
	}
	if _, err := d.Ops.Organisation.Pause(atWindow(t), organisation.PauseInput{}); err != nil {
		t.Fatal(err)
	}
	later(2 * time.Minute)
	if got := server.take(); len(got) != 1 || last().Message != "accepted" {
		t.Errorf("after the pause: %d sent, the alert says %q", len(got), last().Message)
	}
	// A crash after the message and before it was noted: its result is found by its key.
	put := func(query string) {
		if _, err := openRaw(t, d.folder).Exec(query, last().ID); err != nil {
			t.Fatal(err)
		}
	}
	put("UPDATE alert SET message = 'sending', tries = 1, call_id = '' WHERE id = ?")
	later(time.Minute)
	if got := server.take(); len(got) != 0 || last().Message != "accepted" || last().CallID == "" {
		t.Errorf("after a crash: %q sent, the alert says %+v", got, last())
	}
	// A day later nobody can know.
	put("UPDATE alert SET message = 'sending', tries = 1, call_id = '' WHERE id = ?")
	later(25 * time.Hour)
	if got := server.take(); len(got) != 0 || last().Message != "unclear" {
		t.Errorf("a day after a crash: %q sent, the alert says %q", got, last().Message)
	}
}

// Bad settings are refused at their fields and change nothing; a message needs the
// right to send, and a test of one asks first.
func TestSettingsOfAlerts(t *testing.T) {
	d, _ := alertDesk(t)
	server := newAlertServer(t)
	d.tellBy(t, server.URL)
	state, err := d.Ops.Alert.Settings(atWindow(t), alert.Nothing{})
	if err != nil {
		t.Fatal(err)
	}
	off := draft(d.place, d.stage, server.URL)
	off.Enabled = false
	disabled := d.create(t, off)
	for name, test := range map[string]struct {
		change func(r *alert.Recipient)
		field  string
	}{
		"no recipient":   {func(r *alert.Recipient) { r.Fields = map[string]string{"Text": "x"} }, "message.fields.Mobile"},
		"no number":      {func(r *alert.Recipient) { r.Fields = map[string]string{"Mobile": "Ada", "Text": "x"} }, "message.fields.Mobile"},
		"unknown setup":  {func(r *alert.Recipient) { r.SetupID = "gone" }, "message.setup_id"},
		"no setup":       {func(r *alert.Recipient) { r.SetupID = "" }, "message.setup_id"},
		"disabled setup": {func(r *alert.Recipient) { r.SetupID = disabled.ID }, "message.setup_id"},
	} {
		bad := state
		bad.Settings.Message.Fields = map[string]string{"Mobile": "+14155550100", "Text": "x"}
		test.change(&bad.Settings.Message)
		_, err := d.Ops.Alert.SaveSettings(atWindow(t), bad)
		if fields := fieldNames(err); !slices.Contains(fields, test.field) {
			t.Errorf("%s: %v at %q, want %q", name, err, fields, test.field)
		}
		if _, err := d.Ops.Alert.Try(atWindow(t), alert.TryInput{Message: bad.Settings.Message, Confirmed: true}); !slices.Contains(fieldNames(err), test.field) {
			t.Errorf("%s, tried: %v", name, err)
		}
	}
	if now, err := d.Ops.Alert.Settings(atWindow(t), alert.Nothing{}); err != nil || now.Version != state.Version {
		t.Errorf("a refused change is saved: %+v, %v", now, err)
	}
	try := alert.TryInput{Message: state.Settings.Message}
	if _, err := d.Ops.Alert.Try(atWindow(t), try); codeOf(err) != "call.confirm" || len(server.take()) != 0 {
		t.Errorf("a test that nobody confirmed: %v", err)
	}
	try.Confirmed = true
	if sent, err := d.Ops.Alert.Try(atWindow(t), try); err != nil || sent.Call.Verdict != "accepted" || len(server.take()) != 1 {
		t.Errorf("a test: %+v, %v", sent.Call, err)
	}
	// A manager of settings who may not send can switch the message off and not on.
	role, err := d.Ops.User.CreateRole(atWindow(t), user.CreateRoleInput{Name: "Keeper", Permissions: []access.Permission{access.ManageSettings, access.ViewSetup}})
	if err != nil {
		t.Fatal(err)
	}
	keeper := from(t, access.Window, d.asRole(t, role.ID))
	state.Settings.Message.On = false
	saved, err := d.Ops.Alert.SaveSettings(keeper, state)
	if err != nil {
		t.Fatal(err)
	}
	saved.Settings.Message.On = true
	if _, err := d.Ops.Alert.SaveSettings(keeper, saved); codeOf(err) != "access.forbidden" {
		t.Errorf("switched on without the right to send: %v", err)
	}
}
