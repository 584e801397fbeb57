package backend_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"keydesk/backend"
	"keydesk/backend/access"
	"keydesk/backend/activity"
	"keydesk/backend/call"
	"keydesk/backend/gate"
	"keydesk/backend/organisation"
	"keydesk/backend/process"
	"keydesk/backend/secret"
	"keydesk/backend/setup"
	"keydesk/backend/transfer"
	"keydesk/backend/user"
)

// from is the context of a call from a source other than the window.
func from(t testing.TB, kind access.SourceKind, id string) context.Context {
	return access.WithSource(t.Context(), access.Source{Kind: kind, ID: id})
}

// G8: while a person is signed in at the window, a second door with another source
// is refused everything that needs a session, and so is a call without a door. A
// door cannot use the source of the program itself.
func TestASecondDoorIsNobody(t *testing.T) {
	d := newDesk(t)
	doors := map[string]context.Context{
		"an HTTP door":             from(t, access.API, window.ID),
		"another window":           from(t, access.Window, "another"),
		"a window without an id":   from(t, access.Window, ""),
		"no door":                  t.Context(),
		"the program, by its name": from(t, access.Program, window.ID),
	}
	tried := 0
	for _, op := range operations(t, d.Backend) {
		if op.info.Public || op.info.System {
			continue
		}
		for name, ctx := range doors {
			want := "access.signed_out"
			if source, _ := access.SourceOf(ctx); source.Kind == access.API {
				want = "apikey.unknown" // the id of a window is no key
			}
			if code := op.try(ctx); code != want && (op.info.Door == "" || code != "access.signed_out") {
				t.Errorf("%s from %s gave %s", op.name, name, code)
			}
			tried++
		}
	}
	if tried < 200 {
		t.Errorf("only %d calls were tried", tried)
	}
	// Signing in needs a place to keep the session.
	in := user.SignInInput{Name: adminName, Password: secret.New(adminPassword)}
	for _, name := range []string{"no door", "a window without an id"} {
		if _, err := d.Ops.User.SignIn(doors[name], in); codeOf(err) != "access.signed_out" {
			t.Errorf("signing in from %s gave %v", name, err)
		}
	}
	if who, err := d.Ops.User.Session(atWindow(t), user.Nothing{}); err != nil || !who.SignedIn || who.Name != adminName {
		t.Errorf("afterwards the window has %+v, %v", who, err)
	}
}

// Two people at two windows do not affect each other: signing in, locking and
// signing out at one window does not change the other, and removing a permission
// affects only the next call of its owner.
func TestTwoWindows(t *testing.T) {
	d := newDesk(t)
	other := from(t, access.Window, "another")
	roleUser(t, d.Backend, "viewer-person", user.Viewer)
	if _, err := d.Ops.User.SignIn(other, user.SignInInput{Name: "viewer-person", Password: secret.New("a-long-enough-viewer-person")}); err != nil {
		t.Fatal(err)
	}
	who := func(ctx context.Context) user.Session {
		session, err := d.Ops.User.Session(ctx, user.Nothing{})
		if err != nil {
			t.Fatal(err)
		}
		return session
	}
	if here, there := who(atWindow(t)), who(other); here.Name != adminName || there.Name != "viewer-person" {
		t.Fatalf("the windows have %s and %s", here.Name, there.Name)
	}
	if _, err := d.Ops.User.Lock(other, user.Nothing{}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Ops.Setup.List(other, setup.ListInput{}); codeOf(err) != "access.locked" {
		t.Errorf("the locked window's list gave %v", err)
	}
	if _, err := d.Ops.Setup.List(atWindow(t), setup.ListInput{}); err != nil || who(atWindow(t)).Locked {
		t.Errorf("the other window was locked too: %v", err)
	}
	if _, err := d.Ops.User.Unlock(other, user.PasswordInput{Password: secret.New("a-long-enough-viewer-person")}); err != nil {
		t.Fatal(err)
	}
	// What was read about the viewer is not used again once the role has changed.
	roles, err := d.Ops.User.Roles(atWindow(t), user.Nothing{})
	if err != nil {
		t.Fatal(err)
	}
	viewer := roles[slices.IndexFunc(roles, func(r user.Role) bool { return r.ID == user.Viewer })]
	if _, err := d.Ops.User.UpdateRole(atWindow(t), user.UpdateRoleInput{ID: viewer.ID, Version: viewer.Version, Name: viewer.Name}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Ops.Setup.List(other, setup.ListInput{}); codeOf(err) != "access.forbidden" {
		t.Errorf("after the right was taken away: %v", err)
	}
	if _, err := d.Ops.User.SignOut(other, user.Nothing{}); err != nil {
		t.Fatal(err)
	}
	if there, here := who(other), who(atWindow(t)); there.SignedIn || !here.SignedIn || here.Name != adminName {
		t.Errorf("after one signed out: %+v and %+v", there, here)
	}
}

// A running operation belongs to its caller: another window, signed in as another
// or the same person, neither sees nor cancels it, and cannot cancel it before it
// begins.
func TestARunBelongsToItsCaller(t *testing.T) {
	d := newDesk(t)
	arrived, leave := make(chan struct{}), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		arrived <- struct{}{}
		<-leave
		w.WriteHeader(201)
	}))
	defer server.Close()
	one := d.create(t, draft(d.place, d.stage, server.URL))
	other := from(t, access.Window, "another")
	if _, err := d.Ops.User.SignIn(other, user.SignInInput{Name: adminName, Password: secret.New(adminPassword)}); err != nil {
		t.Fatal(err)
	}
	run := gate.CancelInput{ID: "the page made this"}
	for _, ctx := range []context.Context{other, from(t, access.API, window.ID), t.Context()} {
		_, _ = d.Ops.Operation.Cancel(ctx, run)
	}
	ended := make(chan error, 1)
	go func() {
		_, err := d.Ops.Call.Test(atWindow(t), call.TestInput{OperationID: run.ID, SetupID: one.ID})
		ended <- err
	}()
	<-arrived
	_, _ = d.Ops.Operation.Cancel(other, run)
	select {
	case err := <-ended:
		t.Fatalf("another window ended the test: %v", err)
	case <-time.After(100 * time.Millisecond):
	}
	if _, err := d.Ops.Operation.Cancel(atWindow(t), run); err != nil {
		t.Fatal(err)
	}
	// The call was sent, so it is recorded; what counts is that it has ended.
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	close(leave)
	page, err := d.Ops.Call.List(atWindow(t), call.ListInput{})
	if err != nil || len(page.Calls) != 1 || !strings.Contains(strings.ToLower(page.Calls[0].Reason), "cancel") {
		t.Errorf("the history has %+v, %v", page.Calls, err)
	}
}

// S5, A18: a missing permission that depends on the data is refused in words and
// recorded for the caller, like a refusal of the gate.
func TestConditionalRefusalsAreRecorded(t *testing.T) {
	d := newDesk(t)
	d.importAll(t, plainFile(1))
	admin := d.adminID(t)
	saved := d.create(t, draft(d.place, d.stage, "https://127.0.0.1:1/"))
	role, err := d.Ops.User.CreateRole(atWindow(t), user.CreateRoleInput{Name: "Some rights", Permissions: []access.Permission{
		access.TestSetup, access.ViewSetup, access.ViewProcess, access.ImportData, access.CreateSetup, access.EditUser, access.ViewUser, access.DeleteUser,
	}})
	if err != nil {
		t.Fatal(err)
	}
	tester, err := d.Ops.User.CreateRole(atWindow(t), user.CreateRoleInput{Name: "Tester", Permissions: []access.Permission{access.TestSetup}})
	if err != nil {
		t.Fatal(err)
	}
	some := roleUser(t, d.Backend, "some-person", role.ID)
	onlyTests := roleUser(t, d.Backend, "tester-person", tester.ID)
	off := draft(d.place, d.stage, "https://127.0.0.1:1/")
	off.Channel, off.Options.SkipTLSCheck = setup.Email, true
	for _, c := range []struct {
		op, person, code string
		ask              func() error
	}{
		{"call.test", onlyTests, "access.forbidden", func() error {
			changed := saved.Draft
			_, err := d.Ops.Call.Test(atWindow(t), call.TestInput{Draft: &changed, Simulate: ""})
			return err
		}},
		{"setup.create", some, "access.forbidden", func() error {
			_, err := d.Ops.Setup.Create(atWindow(t), setup.CreateInput{Draft: off})
			return err
		}},
		{"transfer.import", some, "access.forbidden", func() error {
			text := plainFile(1)
			_, err := d.Ops.Transfer.Import(atWindow(t), transfer.ImportInput{Text: text, Rows: everyRow(d.look(t, text))})
			return err
		}},
		{"user.delete", some, "user.beyond_you", func() error {
			_, err := d.Ops.User.Delete(atWindow(t), user.DeleteInput{ID: admin, Version: 1})
			return err
		}},
	} {
		t.Run(c.op, func(t *testing.T) {
			begin(t, d.Backend, c.person)
			if err := c.ask(); codeOf(err) != c.code {
				t.Fatalf("gave %v", err)
			}
			begin(t, d.Backend, admin)
			page, err := d.Ops.Activity.List(atWindow(t), activity.ListInput{Outcome: "refused", ActorID: c.person})
			if err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(page.Entries, func(e activity.Entry) bool { return e.Op == c.op && e.Source == "window" && e.Object != "" }) {
				t.Errorf("not recorded; there are %+v", page.Entries)
			}
		})
	}
	// A question for the password is not a refusal.
	d.now = d.now.Add(10 * time.Minute)
	if _, err := d.Ops.Setup.Create(atWindow(t), setup.CreateInput{Draft: off}); codeOf(err) != "access.password_needed" {
		t.Fatalf("without a fresh password: %v", err)
	}
	page, err := d.Ops.Activity.List(atWindow(t), activity.ListInput{Outcome: "refused", ActorID: admin})
	if err != nil || len(page.Entries) != 0 {
		t.Errorf("the question was recorded: %+v, %v", page.Entries, err)
	}
}

// events counts the events of each name in the outbox.
func events(t *testing.T, folder string) map[string]int {
	t.Helper()
	rows, err := openRaw(t, folder).Query("SELECT name, data FROM outbox")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	counts := map[string]int{}
	for rows.Next() {
		var name, data string
		if err := rows.Scan(&name, &data); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(data, canary) {
			t.Errorf("the event %s holds a secret: %s", name, data)
		}
		counts[name]++
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return counts
}

// Events are saved in the transaction of the change: with it or not at all. They
// report changes of setups and live calls, and hold no secret.
func TestEventsFollowTheTransaction(t *testing.T) {
	d := newDesk(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(201) }))
	defer server.Close()
	one := d.create(t, draft(d.place, d.stage, server.URL))
	want := map[string]int{"setup.created": 1}
	check := func(when string) {
		t.Helper()
		got := events(t, d.folder)
		for name, n := range want {
			if got[name] != n {
				t.Errorf("%s: %d of %s", when, got[name], name)
			}
			delete(got, name)
		}
		if len(got) != 0 {
			t.Errorf("%s there are also %v", when, got)
		}
	}
	check("after a save")
	// Refused after the setup was written: another enabled one is at the second
	// stage already, so all of it is undone.
	second, err := d.Ops.Process.CreateStage(atWindow(t), process.CreateStageInput{PlaceID: d.place.ID, Name: "Arrived"})
	if err != nil {
		t.Fatal(err)
	}
	d.create(t, draft(d.place, second, server.URL))
	want["setup.created"] = 2
	email := draft(d.place, d.stage, server.URL)
	email.Channel = setup.Email
	moved := one.Draft
	moved.StageID = second.ID
	if _, err := d.Ops.Setup.Update(atWindow(t), setup.UpdateInput{ID: one.ID, Version: one.Version, Draft: moved}); err == nil {
		t.Fatal("two enabled setups at one stage were saved")
	}
	if _, err := d.Ops.Setup.Create(atWindow(t), setup.CreateInput{Draft: email, StageIDs: []string{d.stage.ID, "gone"}}); err == nil {
		t.Fatal("a setup at a stage that is gone was saved")
	}
	check("after two refused saves")
	if _, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: one.ID}); err != nil {
		t.Fatal(err)
	}
	check("after a test")
	in := call.SendInput{PlaceID: d.place.ID, StageID: d.stage.ID, Channel: setup.SMS, Record: map[string]string{"Mobile": "+14155550100"}, Confirmed: true}
	if _, err := d.Ops.Call.Send(atWindow(t), in); err != nil {
		t.Fatal(err)
	}
	want["call.accepted"] = 1
	check("after a live call")
	if _, err := d.Ops.Setup.Delete(atWindow(t), setup.IDInput{ID: one.ID}); err != nil {
		t.Fatal(err)
	}
	want["setup.deleted"] = 1
	check("after deleting")
}

// A backend that stays open for days prunes too: calls after 90 days, deleted
// setups after 30, events after 7. What is newer stays.
func TestTheClockPrunesWhileOpen(t *testing.T) {
	var now atomic.Pointer[time.Time]
	at := func(when time.Time) { now.Store(&when) }
	start := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	at(start)
	folder := t.TempDir()
	b := opened(t, folder, func(o *backend.Options) {
		o.Now = func() time.Time { return *now.Load() }
		o.Look = 5 * time.Millisecond
	})
	firstRun(t, b)
	place, stage := shipped(t, b)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(201) }))
	defer server.Close()
	saved, err := b.Ops.Setup.Create(atWindow(t), setup.CreateInput{Draft: draft(place, stage, server.URL)})
	if err != nil {
		t.Fatal(err)
	}
	in := call.SendInput{PlaceID: place.ID, StageID: stage.ID, Channel: setup.SMS, Record: map[string]string{"Mobile": "+14155550100"}, Confirmed: true}
	if _, err := b.Ops.Call.Send(atWindow(t), in); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Ops.Setup.Delete(atWindow(t), setup.IDInput{ID: saved.Setups[0].ID}); err != nil {
		t.Fatal(err)
	}
	raw := openRaw(t, folder)
	count := func(table string) (n int) {
		t.Helper()
		if err := raw.QueryRow("SELECT COUNT(*) FROM " + table).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	for _, step := range []struct {
		days                  int
		events, setups, calls int
	}{{6, 3, 1, 1}, {8, 0, 1, 1}, {29, 0, 1, 1}, {31, 0, 0, 1}, {89, 0, 0, 1}, {92, 0, 0, 0}} {
		at(start.Add(time.Duration(step.days) * 24 * time.Hour))
		reached := func() bool {
			return count("outbox") == step.events && count("setup") == step.setups && count("call") == step.calls
		}
		deadline := time.Now().Add(10 * time.Second)
		for !reached() && time.Now().Before(deadline) {
			time.Sleep(5 * time.Millisecond)
		}
		time.Sleep(20 * time.Millisecond)
		if !reached() {
			t.Errorf("on day %d: %d events, %d setups, %d calls", step.days, count("outbox"), count("setup"), count("call"))
		}
	}
	begin(t, b, mustAdmin(t, b))
	page, err := b.Ops.Activity.List(atWindow(t), activity.ListInput{Text: "90 days"})
	if err != nil || len(page.Entries) != 1 || page.Entries[0].Actor != "Keydesk" || page.Entries[0].Op != "call.prune" || page.Entries[0].Source != "keydesk" {
		t.Errorf("Activity says %+v, %v", page.Entries, err)
	}
}

// However many calls are past their time, each transaction that removes them is
// small: one that met the time limit of a write would be undone, and would have
// even more to do the next time.
func TestManyOldCallsAreRemovedInParts(t *testing.T) {
	var now atomic.Pointer[time.Time]
	start := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	now.Store(&start)
	b := opened(t, t.TempDir(), func(o *backend.Options) {
		o.Now = func() time.Time { return *now.Load() }
		o.Look = 5 * time.Millisecond
	})
	firstRun(t, b)
	const old = 12_000
	err := b.Store.InTx(t.Context(), func(ctx context.Context) error {
		for i := range old {
			one := call.Detail{Call: call.Call{ID: fmt.Sprintf("call-%06d", i), AtMs: start.UnixMilli(), Mode: call.Live, State: call.Done, Verdict: "accepted"}}
			if err := b.Store.InsertCall(ctx, one); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	later := start.Add(91 * 24 * time.Hour)
	now.Store(&later)
	left := old
	for deadline := time.Now().Add(20 * time.Second); left > 0 && time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if err := b.Store.InTx(t.Context(), func(ctx context.Context) (err error) {
			left, err = b.Store.LiveSince(ctx, "", 0)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	begin(t, b, mustAdmin(t, b))
	page, err := b.Ops.Activity.List(atWindow(t), activity.ListInput{Text: "90 days"})
	if err != nil {
		t.Fatal(err)
	}
	removed := 0
	for _, entry := range page.Entries {
		var n int
		if _, err := fmt.Sscanf(entry.Object, "%d calls", &n); err != nil || n > 5_000 {
			t.Errorf("one transaction removed %q", entry.Object)
		}
		removed += n
	}
	if left != 0 || removed != old {
		t.Errorf("%d are left, and Activity tells of %d that were removed", left, removed)
	}
}

func mustAdmin(t *testing.T, b *backend.Backend) string {
	t.Helper()
	users, err := b.Store.Users(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return users[slices.IndexFunc(users, func(u user.Record) bool { return u.IsOrgAdmin() })].ID
}

// Can Manage Settings alone is not enough to change the data key: the recovery
// code that it makes lets an Org Admin in (G8). The refusal is recorded.
func TestOnlyOrgAdminsChangeTheDataKey(t *testing.T) {
	d := newDesk(t)
	admin := d.adminID(t)
	role, err := d.Ops.User.CreateRole(atWindow(t), user.CreateRoleInput{Name: "Every right", Permissions: access.All().List()})
	if err != nil {
		t.Fatal(err)
	}
	person := roleUser(t, d.Backend, "settings-person", role.ID)
	begin(t, d.Backend, person)
	begun, err := d.Ops.Organisation.ChangeKey(atWindow(t), organisation.ChangeKeyInput{Passphrase: secret.New("another passphrase that tests know")})
	if codeOf(err) != "access.forbidden" || begun.RecoveryCode != "" {
		t.Errorf("changing gave %+v, %v", begun, err)
	}
	if _, err := d.Ops.Organisation.ConfirmChange(atWindow(t), organisation.ConfirmInput{StartID: "x", LastFour: "ABCD"}); codeOf(err) != "access.forbidden" {
		t.Errorf("confirming gave %v", err)
	}
	begin(t, d.Backend, admin)
	page, err := d.Ops.Activity.List(atWindow(t), activity.ListInput{Outcome: "refused", ActorID: person})
	if err != nil || len(page.Entries) != 2 {
		t.Errorf("Activity has %+v, %v", page.Entries, err)
	}
	// An Org Admin is asked no more than before.
	begun, err = d.Ops.Organisation.ChangeKey(atWindow(t), organisation.ChangeKeyInput{Passphrase: secret.New("another passphrase that tests know")})
	if err != nil || begun.RecoveryCode == "" {
		t.Errorf("an Org Admin got %v", err)
	}
}
