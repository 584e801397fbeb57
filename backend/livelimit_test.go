package backend_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"keydesk/backend/access"
	"keydesk/backend/activity"
	"keydesk/backend/call"
	"keydesk/backend/fault"
	"keydesk/backend/organisation"
	"keydesk/backend/setup"
	"keydesk/backend/transfer"
)

func aDay(n int) *int { return &n }

// sender is a desk with one setup, the server it calls, and how many messages arrived.
type sender struct {
	*desk
	one setup.Setup
	got atomic.Int32
	in  call.SendInput
}

func newSender(t *testing.T, limit *int) *sender {
	t.Helper()
	s := &sender{desk: newDesk(t)}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { s.got.Add(1); w.WriteHeader(201) }))
	t.Cleanup(server.Close)
	one := draft(s.place, s.stage, server.URL)
	one.Options.LivePerDay = limit
	s.one = s.create(t, one)
	s.in = call.SendInput{PlaceID: s.place.ID, StageID: s.stage.ID, Channel: setup.SMS, Record: map[string]string{"Mobile": "+14155550100"}, Confirmed: true}
	return s
}

// submit sends through the local API.
func (s *sender) submit(t *testing.T, key, way string) error {
	t.Helper()
	_, err := s.Ops.Call.Submit(withKey(t, key), call.SubmitInput{Process: "Orders", SubProcess: s.place.Name, Stage: s.stage.Name, Channel: setup.SMS, Mode: way, Fields: s.in.Record})
	return err
}

// inZone gives the organisation another time zone.
func (d *desk) inZone(t *testing.T, country, zone string) *time.Location {
	t.Helper()
	now, err := d.Organisation.Current(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Ops.Organisation.SaveSettings(atWindow(t), organisation.SettingsInput{Name: now.Name, Country: country, TimeZone: zone, IdleMinutes: 15, Version: now.Version}); err != nil {
		t.Fatal(err)
	}
	place, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	return place
}

// RULES.md, Testing and sending: a setup's own limit of live messages holds at every
// door. The refusal says how many were sent, when the next can be, and where the
// limit is. Tests do not count, and are not refused.
func TestALimitOfItsOwn(t *testing.T) {
	s := newSender(t, aDay(4))
	key := issued(t, s.Backend, access.SendCalls)
	for n := range 2 {
		detail, err := s.Ops.Call.Send(atWindow(t), s.in)
		if err != nil || detail.Note != "" {
			t.Errorf("message %d: %q, %v", n+1, detail.Note, err)
		}
	}
	if err := s.submit(t, key, call.WayLive); err != nil {
		t.Error(err)
	}
	if _, err := s.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: s.one.ID, Confirmed: true}); err != nil {
		t.Error(err)
	}
	// From 80 % on it is said.
	if detail, err := s.Ops.Call.Send(atWindow(t), s.in); err != nil || detail.Note != "This setup has sent 4 of the 4 messages it may send today." {
		t.Errorf("message 4: %q, %v", detail.Note, err)
	}
	if got := s.got.Swap(0); got != 5 {
		t.Fatalf("%d arrived, 4 messages and a test", got)
	}

	_, atTheWindow := s.Ops.Call.Send(atWindow(t), s.in)
	for door, err := range map[string]error{"window": atTheWindow, "local API": s.submit(t, key, call.WayLive)} {
		f := fault.From(err)
		if codeOf(err) != "call.daily_limit" || f.Message != "This setup has sent the 4 messages it may send today." {
			t.Errorf("%s: %v", door, err)
			continue
		}
		// It is 14:30 in Kolkata.
		if f.Hint != "It can send again from 00:00 on 2 March, by the clock of the office. The limit is under Options of the setup." || f.RetryAfterMs != (9*60+30)*60_000 {
			t.Errorf("%s: the hint is %q, again in %d ms", door, f.Hint, f.RetryAfterMs)
		}
		if len(f.Links) != 1 || f.Links[0].Kind != setup.Kind || f.Links[0].ID != s.one.ID {
			t.Errorf("%s: it links to %+v", door, f.Links)
		}
	}
	if _, err := s.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: s.one.ID, Confirmed: true}); err != nil {
		t.Errorf("a test after the limit: %v", err)
	}
	if all, err := s.Ops.Call.TestAll(atWindow(t), call.AllInput{}); err != nil || all.Fired != 1 {
		t.Errorf("Test all after the limit: %+v, %v", all, err)
	}
	if got := s.got.Load(); got != 2 {
		t.Errorf("%d arrived after the limit, a test and Test all", got)
	}
}

// A limit that is raised holds for the next message, and so does one that is lowered
// below what was sent.
func TestALimitIsChangedDuringTheDay(t *testing.T) {
	s := newSender(t, aDay(1))
	send := func(want string) {
		t.Helper()
		if _, err := s.Ops.Call.Send(atWindow(t), s.in); codeOf(err) != want {
			t.Errorf("sent: %v, want %q", err, want)
		}
	}
	limit := func(n *int) {
		t.Helper()
		if err := s.update(t, s.one.ID, func(draft *setup.Draft) { draft.Options.LivePerDay = n }); err != nil {
			t.Error(err)
		}
	}
	send("")
	send("call.daily_limit")
	limit(aDay(2))
	send("")
	send("call.daily_limit")
	limit(nil) // 1,000
	send("")
	limit(aDay(2))
	_, err := s.Ops.Call.Send(atWindow(t), s.in)
	if f := fault.From(err); codeOf(err) != "call.daily_limit" || f.Message != "This setup has sent 3 messages today. It may send 2 a day." {
		t.Errorf("after it was lowered: %v", err)
	}
	if s.got.Load() != 3 {
		t.Errorf("%d arrived", s.got.Load())
	}
}

// A burst through two doors at once does not exceed the limit.
func TestABurstStaysWithinTheLimit(t *testing.T) {
	s := newSender(t, aDay(7))
	key := issued(t, s.Backend, access.SendCalls)
	var sent atomic.Int32
	var all sync.WaitGroup
	for n := range 30 {
		all.Go(func() {
			var err error
			if n%2 == 0 {
				_, err = s.Ops.Call.Send(atWindow(t), s.in)
			} else {
				err = s.submit(t, key, call.WayLive)
			}
			if err == nil {
				sent.Add(1)
			} else if codeOf(err) != "call.daily_limit" {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if sent.Load() != 7 || s.got.Load() != 7 {
		t.Errorf("%d were sent and %d arrived", sent.Load(), s.got.Load())
	}
}

// From the save of a lower limit on no message begins that exceeds it, also none that
// was on its way when it was saved.
func TestALoweredLimitHoldsFromItsSave(t *testing.T) {
	s := newSender(t, aDay(setup.MaxLivePerDay))
	var stop atomic.Bool
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for !stop.Load() {
				if _, err := s.Ops.Call.Send(atWindow(t), s.in); err != nil {
					if codeOf(err) != "call.daily_limit" {
						t.Error(err)
					}
					return
				}
			}
		})
	}
	for deadline := time.Now().Add(20 * time.Second); s.got.Load() < 40; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			stop.Store(true)
			t.Fatal("the senders are too slow")
		}
	}
	if err := s.update(t, s.one.ID, func(draft *setup.Draft) { draft.Options.LivePerDay = aDay(1) }); err != nil {
		t.Fatal(err)
	}
	begun, err := s.Store.LiveSince(atWindow(t), s.one.ID, 0)
	if err != nil {
		t.Fatal(err)
	}
	all.Wait()
	if after, err := s.Store.LiveSince(atWindow(t), s.one.ID, 0); err != nil || after != begun {
		t.Errorf("%d messages had begun when the limit was saved, and %d in the end, %v", begun, after, err)
	}
}

// The day is the organisation's, also where its clock changes: a day of 25 hours is
// one day, and where the clock skips midnight the day begins when it goes forward.
func TestALimitOnADayOfAnotherLength(t *testing.T) {
	for _, c := range []struct {
		country, zone string
		steps         []string // when a message is sent; "-" before one that is refused
		again         string   // when it says that it can send again
	}{
		{"DE", "Europe/Berlin", []string{"2026-10-25T00:00:00+02:00", "2026-10-25T02:30:00+02:00", "-2026-10-25T02:30:00+01:00", "-2026-10-25T23:59:00+01:00", "2026-10-26T00:00:00+01:00"}, "2026-10-26T00:00:00+01:00"},
		{"DE", "Europe/Berlin", []string{"2026-03-29T00:30:00+01:00", "2026-03-29T03:00:00+02:00", "-2026-03-29T23:59:00+02:00", "2026-03-30T00:00:00+02:00"}, "2026-03-30T00:00:00+02:00"},
		{"CL", "America/Santiago", []string{"2026-09-05T23:00:00-04:00", "2026-09-05T23:30:00-04:00", "-2026-09-05T23:59:59-04:00", "2026-09-06T01:00:00-03:00"}, "2026-09-06T01:00:00-03:00"},
	} {
		s := newSender(t, aDay(2))
		place := s.inZone(t, c.country, c.zone)
		admin := s.adminID(t)
		for _, step := range c.steps {
			moment, refused := strings.CutPrefix(step, "-")
			at, err := time.Parse(time.RFC3339, moment)
			if err != nil {
				t.Fatal(err)
			}
			s.now = at.UTC()
			begin(t, s.Backend, admin)
			_, err = s.Ops.Call.Send(atWindow(t), s.in)
			if refused != (codeOf(err) == "call.daily_limit") || !refused && err != nil {
				t.Errorf("%s at %s: %v", c.zone, step, err)
			}
			if !refused {
				continue
			}
			f := fault.From(err)
			again := at.Add(time.Duration(f.RetryAfterMs) * time.Millisecond)
			if again.Format(time.RFC3339) != mustTime(t, c.again).In(again.Location()).Format(time.RFC3339) || !strings.Contains(f.Hint, "from "+again.In(place).Format("15:04 on 2 January")) {
				t.Errorf("%s at %s: again at %s, %q", c.zone, step, again, f.Hint)
			}
		}
	}
}

func mustTime(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// A limit is a whole number from 1 to 100,000, or none, which is 1,000. What is
// refused changes nothing.
func TestWhichLimitsAreTaken(t *testing.T) {
	s := newSender(t, nil)
	if s.one.Draft.Options.LiveLimit() != 1000 {
		t.Errorf("without one it is %d", s.one.Draft.Options.LiveLimit())
	}
	for _, n := range []int{0, -1, 100_001, 1 << 40} {
		err := s.update(t, s.one.ID, func(draft *setup.Draft) { draft.Options.LivePerDay = aDay(n) })
		if codeOf(err) != "setup.invalid" || !slices.Equal(fieldNames(err), []string{"draft.options.live_per_day"}) {
			t.Errorf("%d: %v, %v", n, err, fieldNames(err))
		}
	}
	if kept := s.saved(t, s.one.ID); kept.Version != 1 || kept.Draft.Options.LivePerDay != nil {
		t.Errorf("there is %+v", kept.Draft.Options)
	}
	for _, n := range []int{1, 100_000} {
		if err := s.update(t, s.one.ID, func(draft *setup.Draft) { draft.Options.LivePerDay = aDay(n) }); err != nil {
			t.Errorf("%d: %v", n, err)
		}
		if kept := s.saved(t, s.one.ID); kept.Draft.Options.LiveLimit() != n {
			t.Errorf("%d is kept as %d", n, kept.Draft.Options.LiveLimit())
		}
	}
}

// Changing the limit is an edit of the setup: who may send, and may not edit, is
// refused. Activity has what it was and what it is.
func TestWhoChangesTheLimit(t *testing.T) {
	s := newSender(t, aDay(1))
	operator := from(t, access.Window, s.asRole(t, "operator"))
	if _, err := s.Ops.Call.Send(operator, s.in); err != nil {
		t.Fatal(err)
	}
	raised := s.one.Draft
	raised.Options.LivePerDay = aDay(500)
	if _, err := s.Ops.Setup.Update(operator, setup.UpdateInput{ID: s.one.ID, Version: 1, Draft: raised}); codeOf(err) != "access.forbidden" {
		t.Errorf("an Operator changed it: %v", err)
	}
	if _, err := s.Ops.Call.Send(operator, s.in); codeOf(err) != "call.daily_limit" {
		t.Errorf("sent all the same: %v", err)
	}
	if err := s.update(t, s.one.ID, func(draft *setup.Draft) { draft.Options.LivePerDay = aDay(2) }); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Ops.Call.Send(operator, s.in); err != nil {
		t.Error(err)
	}
	page, err := s.Ops.Activity.List(atWindow(t), activity.ListInput{})
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(page.Entries, func(e activity.Entry) bool { return e.Op == "setup.update" && e.Outcome == "done" })
	if at < 0 || !strings.Contains(page.Entries[at].Before, `"live_per_day":1`) || !strings.Contains(page.Entries[at].After, `"live_per_day":2`) {
		t.Errorf("activity has %+v", page.Entries)
	}
}

// transfer/FORMAT.md: the limit travels. The preview says where a setup may send more
// afterwards, and a limit out of range is refused at its row.
func TestALimitTravels(t *testing.T) {
	s := newSender(t, aDay(20))
	text := s.export(t)
	if !strings.Contains(text, `"live_per_day": 20`) || !strings.Contains(text, `"format": 3`) {
		t.Fatalf("the file is %s", text)
	}
	other := newDesk(t)
	if row := other.look(t, text).Rows[0]; len(row.Notes) != 0 || len(row.Problems) != 0 {
		t.Errorf("a new setup with less than usual: %+v", row)
	}
	other.importAll(t, text)
	arrived := other.all(t)[0]
	if arrived.Draft.Options.LiveLimit() != 20 {
		t.Errorf("it arrived with %d", arrived.Draft.Options.LiveLimit())
	}
	if limit, err := other.Store.LivePerDay(atWindow(t), arrived.ID); err != nil || limit != 20 {
		t.Errorf("what is asked before each message is %d, %v", limit, err)
	}
	for to, note := range map[string]string{
		`"live_per_day": 30`: "It may send 30 live messages a day afterwards, not 20.",
		`"live_per_day": 19`: "",
		`"redirects": 1`:     "It may send 1000 live messages a day afterwards, not 20.",
	} {
		row := other.look(t, strings.Replace(text, `"live_per_day": 20`, to, 1)).Rows[0]
		if row.State != "here" || len(row.Problems) != 0 || strings.Join(row.Notes, "") != note {
			t.Errorf("%s: %s, %v, %v", to, row.State, row.Notes, row.Problems)
		}
	}
	if row := emptyDesk(t).look(t, strings.Replace(text, `"live_per_day": 20`, `"live_per_day": 2000`, 1)).Rows[0]; strings.Join(row.Notes, "") != "It may send 2000 live messages a day afterwards, not 1000." {
		t.Errorf("a new setup with more than usual: %+v", row)
	}
	for _, bad := range []string{"0", "-3", "100001"} {
		out := strings.Replace(text, `"live_per_day": 20`, `"live_per_day": `+bad, 1)
		row := other.look(t, out).Rows[0]
		if len(row.Problems) != 1 || !strings.HasPrefix(row.Problems[0], "Live messages a day, at most: ") {
			t.Errorf("%s: %v", bad, row.Problems)
		}
		if _, err := other.Ops.Transfer.Import(atWindow(t), transfer.ImportInput{Text: out, Rows: everyRow(other.look(t, out))}); codeOf(err) != "transfer.refused" {
			t.Errorf("%s was imported: %v", bad, err)
		}
	}
	for _, wrong := range []string{"1.5", `"20"`, "1e3"} {
		if _, err := other.Ops.Transfer.Preview(atWindow(t), transfer.PreviewInput{Text: strings.Replace(text, `"live_per_day": 20`, `"live_per_day": `+wrong, 1)}); !strings.Contains(fmt.Sprint(err), "whole number") {
			t.Errorf("%s gave %v", wrong, err)
		}
	}
}
