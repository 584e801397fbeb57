package user_test

import (
	"context"
	"os"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"keydesk/backend/access"
	"keydesk/backend/fault"
	"keydesk/backend/secret"
	"keydesk/backend/store"
	"keydesk/backend/user"
)

// A06
func TestSignInNeedsTheRightPassword(t *testing.T) {
	o := newOffice(t)
	w := o.another(cheap)

	_, err := w.signIn(ctx, wrong("ada"))
	refusedAs(t, err, "user.wrong_sign_in")
	if session, err := w.session(ctx, user.Nothing{}); err != nil || session.SignedIn {
		t.Fatalf("a wrong password signed in: %+v %v", session, err)
	}

	session := w.enter(t, " ADA ", adaPassword)
	if !session.SignedIn || session.Locked || session.MustChange || session.Name != "ada" || session.FullName != "Ada Lovelace" || !session.IsOrgAdmin {
		t.Fatalf("session %+v", session)
	}
	if !reflect.DeepEqual(session.Roles, []string{"Org Admin"}) || len(session.Permissions) == 0 {
		t.Fatalf("session %+v", session)
	}
	if got := o.record(session.UserID).LastSignInMs; got != o.clock.Now().UnixMilli() {
		t.Fatalf("last sign-in %d", got)
	}
	if last := w.trail.last(t); last.Op != "user.sign_in" || last.Actor != "ada" {
		t.Fatalf("recorded %+v", last)
	}
}

// A06
func TestEveryOperationNeedsASession(t *testing.T) {
	o := newOffice(t)
	w := o.another(cheap)
	calls := map[string]error{}
	_, calls["user.sign_out"] = w.signOut(ctx, user.Nothing{})
	_, calls["user.lock"] = w.lock(ctx, user.Nothing{})
	_, calls["user.change_password"] = w.change(ctx, user.ChangePasswordInput{})
	_, calls["user.confirm_password"] = w.confirm(ctx, user.PasswordInput{})
	_, calls["user.list"] = w.list(ctx, user.ListInput{})
	_, calls["user.create"] = w.create(ctx, user.CreateInput{})
	_, calls["user.update"] = w.update(ctx, user.UpdateInput{})
	_, calls["user.delete"] = w.remove(ctx, user.DeleteInput{})
	_, calls["user.reset_password"] = w.reset(ctx, user.ResetPasswordInput{})
	_, calls["user.roles"] = w.roles(ctx, user.Nothing{})
	_, calls["user.create_role"] = w.createRole(ctx, user.CreateRoleInput{})
	_, calls["user.update_role"] = w.updateRole(ctx, user.UpdateRoleInput{})
	_, calls["user.delete_role"] = w.deleteRole(ctx, user.DeleteInput{})
	_, calls["user.permissions"] = w.allPermissions(ctx, user.Nothing{})
	for name, op := range w.gate.Ops() {
		if op.Public || strings.HasPrefix(name, "test.") {
			continue
		}
		err, called := calls[name]
		if !called {
			t.Errorf("%s is not called here", name)
			continue
		}
		refusedAs(t, err, "access.signed_out")
	}
	_, err := w.unlock(ctx, user.PasswordInput{Password: secret.New(adaPassword)})
	refusedAs(t, err, "access.signed_out")
}

// A06: the message never tells which part was wrong.
func TestAWrongSignInNeverTellsWhichPart(t *testing.T) {
	o := newOffice(t)
	off := o.add("off", user.Viewer)
	off.Active = false
	_, err := o.update(ctx, user.UpdateInput{ID: off.ID, Version: 1, Name: "off", RoleIDs: []string{user.Viewer}})
	must(t, err)

	w := o.another(cheap)
	_, wrongPart := w.signIn(ctx, wrong("ada"))
	recorded := 1
	for name, password := range map[string]string{"nobody": adaPassword, "off": otherPassword} {
		_, err := w.signIn(ctx, user.SignInInput{Name: name, Password: secret.New(password)})
		if !reflect.DeepEqual(fault.From(err), fault.From(wrongPart)) {
			t.Errorf("%s: %+v differs from %+v", name, err, wrongPart)
		}
		if recorded++; len(w.trail.refusals) != recorded {
			t.Errorf("%s: the refusal is not recorded", name)
		}
		if fault.From(err).Message != "User name or password is wrong." {
			t.Errorf("said %q", fault.From(err).Message)
		}
	}
}

// A07, G15: an unknown name costs the hashes and the disk that a wrong
// password costs.
func TestAnUnknownNameCostsTheSame(t *testing.T) {
	o := newOffice(t)
	off := o.add("off", user.Viewer)
	_, err := o.update(ctx, user.UpdateInput{ID: off.ID, Version: 1, Name: "off", RoleIDs: []string{user.Viewer}})
	must(t, err)
	w := o.another(cheap)
	wal := func() int64 {
		info, err := os.Stat(o.store.Path() + "-wal")
		must(t, err)
		return info.Size()
	}
	cost := func(in user.SignInInput) ([]user.Params, int64) {
		before := wal()
		hashes := w.hashed(func() {
			_, err := w.signIn(ctx, in)
			refusedAs(t, err, "user.wrong_sign_in")
		})
		return hashes, wal() - before
	}
	hashes, bytes := cost(wrong("ada"))
	if len(hashes) != 1 || bytes == 0 {
		t.Fatalf("a wrong password cost %d hashes and %d bytes", len(hashes), bytes)
	}
	for _, in := range []user.SignInInput{wrong("nobody"), wrong("off"), {Name: "off", Password: secret.New(otherPassword)}} {
		h, b := cost(in)
		if !reflect.DeepEqual(h, hashes) || b != bytes {
			t.Errorf("%s cost %v and %d bytes, a wrong password %v and %d", in.Name, h, b, hashes, bytes)
		}
	}
}

// guess types wrong passwords until one is not checked, and returns how many
// were.
func guess(t *testing.T, w *window, name string) int {
	t.Helper()
	for n := 0; ; n++ {
		_, err := w.signIn(ctx, wrong(name))
		if fault.From(err).Kind == fault.Limited {
			return n
		}
		refusedAs(t, err, "user.wrong_sign_in")
		if n > 200 {
			t.Fatal("nothing slows down")
		}
	}
}

// A07: 5 tries are free, then 2, 4, 8 ... 300 s; names nobody has are slowed as
// well.
func TestWrongPasswordsSlowDown(t *testing.T) {
	for _, name := range []string{"ada", "nobody"} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			w := o.another(cheap)
			if free := guess(t, w, name); free != 5 {
				t.Fatalf("%d tries were free", free)
			}
			for _, seconds := range []int{2, 4, 8, 16, 32, 64, 128, 256, 300, 300} {
				wait := time.Duration(seconds) * time.Second
				o.clock.pass(wait - time.Millisecond)
				hashes := w.hashed(func() {
					_, err := w.signIn(ctx, wrong(name))
					told := refusedAs(t, err, "user.wait")
					if !strings.Contains(told.Message, "1 second.") {
						t.Errorf("said %q", told.Message)
					}
				})
				if len(hashes) > 0 {
					t.Fatalf("a try within the %d s was checked", seconds)
				}
				o.clock.pass(time.Millisecond)
				_, err := w.signIn(ctx, wrong(name))
				refusedAs(t, err, "user.wrong_sign_in")
			}
		})
	}
}

// A07: the right password does not open within the wait, and opens after it.
func TestTheWaitHoldsForTheRightPasswordToo(t *testing.T) {
	o := newOffice(t)
	w := o.another(cheap)
	guess(t, w, "ada")
	_, err := w.signIn(ctx, user.SignInInput{Name: "ada", Password: secret.New(adaPassword)})
	refusedAs(t, err, "user.wait")
	o.clock.pass(2 * time.Second)
	w.enter(t, "ada", adaPassword)
	if r := o.record(o.ada().ID); r.Failures != 0 || r.WaitUntilMs != 0 {
		t.Fatalf("still %d failures, wait until %d", r.Failures, r.WaitUntilMs)
	}
	if free := guess(t, w, "ada"); free != 5 {
		t.Fatalf("%d tries were free after the right password", free)
	}
}

// A07: one user's failures never slow another down.
func TestTheSlowDownIsPerUser(t *testing.T) {
	o := newOffice(t)
	o.add("bob", user.Viewer)
	w := o.another(cheap)
	guess(t, w, "ada")
	guess(t, w, "nobody")
	w.enter(t, "bob", otherPassword)
}

// A07, G15: a restart keeps the wait, also that of a name nobody has: otherwise
// the two could be told apart after it. The name itself is not kept.
func TestARestartKeepsTheWait(t *testing.T) {
	o := newOffice(t)
	w := o.another(cheap)
	guess(t, w, "ada")
	guess(t, w, "Nobody-Typed-This")
	folder := strings.TrimSuffix(o.store.Path(), "/"+store.FileName)
	must(t, o.store.Close())
	data, err := os.ReadFile(folder + "/" + store.FileName)
	must(t, err)
	if strings.Contains(strings.ToLower(string(data)), "nobody-typed-this") {
		t.Error("what was typed as a name is on the disk")
	}
	o.store = store.New(folder)
	must(t, o.store.Open(ctx))
	w = o.another(cheap)
	for _, name := range []string{"nobody-typed-this", "ada"} {
		_, err := w.signIn(ctx, user.SignInInput{Name: name, Password: secret.New(adaPassword)})
		refusedAs(t, err, "user.wait")
	}
	_, err = w.signIn(ctx, wrong("another that nobody has"))
	refusedAs(t, err, "user.wrong_sign_in")
	o.clock.pass(2 * time.Second)
	_, err = w.signIn(ctx, wrong("Nobody-typed-this"))
	refusedAs(t, err, "user.wrong_sign_in")
	w.enter(t, "ada", adaPassword)
}

// A07: a clock set back never makes the wait longer than its interval.
func TestAClockSetBackDoesNotStretchTheWait(t *testing.T) {
	for _, name := range []string{"ada", "nobody"} {
		o := newOffice(t)
		w := o.another(cheap)
		guess(t, w, name)
		o.clock.pass(-10 * 365 * 24 * time.Hour)
		_, err := w.signIn(ctx, wrong(name))
		if told := refusedAs(t, err, "user.wait"); !strings.Contains(told.Message, "2 seconds.") {
			t.Fatalf("said %q", told.Message)
		}
		o.clock.pass(2 * time.Second)
		_, err = w.signIn(ctx, wrong(name))
		refusedAs(t, err, "user.wrong_sign_in")
	}
}

// A07: a clock set ahead frees the wait but forgets no failure.
func TestAClockSetAheadForgetsNoFailure(t *testing.T) {
	o := newOffice(t)
	w := o.another(cheap)
	guess(t, w, "ada")
	o.clock.pass(10 * 365 * 24 * time.Hour)
	_, err := w.signIn(ctx, wrong("ada"))
	refusedAs(t, err, "user.wrong_sign_in")
	o.clock.pass(3 * time.Second)
	_, err = w.signIn(ctx, wrong("ada"))
	refusedAs(t, err, "user.wait")
}

// A07: 100 in a row need an admin or the recovery code, whatever the time.
func TestAHundredWrongPasswordsBlock(t *testing.T) {
	o := newOffice(t)
	bob := o.add("bob", user.Viewer)
	for _, name := range []string{"bob", "ada", "nobody"} {
		w := o.another(cheap)
		tries := 0
		for ; tries < 150; tries++ {
			_, err := w.signIn(ctx, wrong(name))
			if fault.From(err).Code == "user.blocked" {
				break
			}
			refusedAs(t, err, "user.wrong_sign_in")
			o.clock.pass(5 * time.Minute)
		}
		if tries != 100 {
			t.Fatalf("%s: blocked after %d", name, tries)
		}
		o.clock.pass(24 * time.Hour)
		_, err := w.signIn(ctx, user.SignInInput{Name: name, Password: secret.New(otherPassword)})
		refusedAs(t, err, "user.blocked")
	}

	// The admin's reset lets bob in again; the recovery code lets in the last
	// admin, who is never locked out for good.
	_, err := o.forgot(ctx, user.ForgotPasswordInput{Name: "ada", Code: secret.New(recoveryCode), NewPassword: secret.New(newPassword)})
	must(t, err)
	_, err = o.reset(ctx, user.ResetPasswordInput{ID: bob.ID, Password: secret.New(newPassword)})
	must(t, err)
	w := o.another(cheap)
	w.enter(t, "bob", newPassword)
	w.enter(t, "ada", newPassword)
}

// A07: a try is counted before it is checked, so many at once do not avoid the
// limit, and no more than two hashes run at a time.
func TestManyTriesAtOnceAreCounted(t *testing.T) {
	o := newOffice(t)
	w := o.another(user.Params{MemoryKiB: 4096, Time: 2, Threads: 1})
	hashes := w.hashed(func() {
		var all sync.WaitGroup
		for range 30 {
			all.Go(func() { _, _ = w.signIn(ctx, wrong("ada")) })
		}
		for i := range 20 {
			all.Go(func() { _, _ = w.signIn(ctx, wrong("nobody"+string(rune('a'+i)))) })
		}
		all.Wait()
	})
	if len(hashes) != 5+20 {
		t.Fatalf("%d tries were checked, want 5 of ada's and 20 of 20 names'", len(hashes))
	}
	if w.most != 2 {
		t.Fatalf("%d hashes at once, want 2", w.most)
	}
}

// A07: names nobody has take bounded memory, and the newest stay slowed.
func TestUnknownNamesAreBounded(t *testing.T) {
	o := newOffice(t)
	if kept := user.UnknownNamesKept(10_500, o.clock.Now()); kept != 10_000 {
		t.Fatalf("%d names are kept", kept)
	}
}

// Activity: refusals are recorded under the user they were tried for; what was
// typed for an unknown name is not, since it may be a password.
func TestFailedSignInsAreRecorded(t *testing.T) {
	o := newOffice(t)
	w := o.another(cheap)
	_, err := w.signIn(ctx, wrong("ada"))
	refusedAs(t, err, "user.wrong_sign_in")
	if got := w.trail.lastRefusal(t); got != (entry{Op: "user.sign_in", Actor: "ada", Code: "user.wrong_sign_in"}) {
		t.Fatalf("recorded %+v", got)
	}
	_, err = w.signIn(ctx, user.SignInInput{Name: adaPassword, Password: secret.New("x")})
	refusedAs(t, err, "user.wrong_sign_in")
	if got := w.trail.lastRefusal(t); got.Actor != "" || strings.Contains(w.trail.all(t), adaPassword) {
		t.Fatalf("recorded %+v", got)
	}
	if len(w.trail.done) != 0 {
		t.Fatalf("a refusal was recorded as done: %+v", w.trail.done)
	}
}

// A07: what happens to the user while the password is being checked counts.
func TestAChangeDuringTheCheckCounts(t *testing.T) {
	for what, do := range map[string]func(o *office, bob user.User) error{
		"reset": func(o *office, bob user.User) error {
			_, err := o.reset(ctx, user.ResetPasswordInput{ID: bob.ID, Password: secret.New(newPassword)})
			return err
		},
		"switched off": func(o *office, bob user.User) error {
			_, err := o.update(ctx, user.UpdateInput{ID: bob.ID, Version: 1, Name: "bob", RoleIDs: []string{user.Viewer}})
			return err
		},
		"deleted": func(o *office, bob user.User) error {
			_, err := o.remove(ctx, user.DeleteInput{ID: bob.ID, Version: 1})
			return err
		},
	} {
		o := newOffice(t)
		bob := o.add("bob", user.Viewer)
		w := o.another(cheap)
		w.during = func() { must(t, do(o, bob)) }
		if _, err := w.signIn(ctx, user.SignInInput{Name: "bob", Password: secret.New(otherPassword)}); err == nil {
			t.Errorf("%s: signed in anyway", what)
		}
		if len(w.trail.done) != 0 {
			t.Errorf("%s: recorded %+v", what, w.trail.done)
		}
	}
	o := newOffice(t)
	bob := o.add("bob", user.Viewer)
	w := o.as("bob")
	w.during = func() {
		_, err := o.reset(ctx, user.ResetPasswordInput{ID: bob.ID, Password: secret.New(newPassword)})
		must(t, err)
	}
	_, err := w.change(ctx, changeTo(otherPassword, "four tall birches"))
	refusedAs(t, err, "access.signed_out")
	o.another(cheap).enter(t, "bob", newPassword)
}

// A07: a hash that is too cheap is made again at the next sign-in; a cost is
// never lowered.
func TestARaisedCostReachesStoredHashes(t *testing.T) {
	o := newOffice(t)
	costly := user.Params{MemoryKiB: 128, Time: 2, Threads: 1}
	id := o.ada().ID
	before := o.record(id).PasswordHash

	w := o.another(costly)
	w.enter(t, "ada", adaPassword)
	raised := o.record(id).PasswordHash
	if raised == before || !strings.HasPrefix(raised, "$argon2id$v=19$m=128,t=2,p=1$") {
		t.Fatalf("kept %s", raised)
	}
	if session, err := w.session(ctx, user.Nothing{}); err != nil || !session.SignedIn {
		t.Fatal("the new hash ended its own session")
	}

	cheaper := o.another(cheap)
	cheaper.enter(t, "ada", adaPassword)
	if o.record(id).PasswordHash != raised {
		t.Fatal("a more expensive hash was replaced by a cheaper one")
	}

	// After a restart the office's raised cost is known, for new users and for
	// unknown names.
	must(t, cheaper.svc.Open(ctx))
	hashes := cheaper.hashed(func() { _, _ = cheaper.signIn(ctx, wrong("nobody")) })
	if len(hashes) != 1 || hashes[0] != costly {
		t.Fatalf("an unknown name cost %v, want %v", hashes, costly)
	}
}

// A call without a place for a session proves no password, changes none, and is
// not recorded as a sign-in.
func TestNoSignInWithoutASource(t *testing.T) {
	o := newOffice(t)
	recorded := len(o.trail.done)
	for name, nowhere := range map[string]context.Context{
		"no source": context.Background(), "a source without an id": access.WithSource(context.Background(), access.Source{Kind: access.Window}),
	} {
		_, err := o.signIn(nowhere, user.SignInInput{Name: "ada", Password: secret.New(adaPassword)})
		refusedAs(t, err, "access.signed_out")
		_, err = o.forgot(nowhere, user.ForgotPasswordInput{Name: "ada", Code: secret.New(recoveryCode), NewPassword: secret.New(newPassword)})
		refusedAs(t, err, "access.signed_out")
		if len(o.trail.done) != recorded {
			t.Errorf("%s: recorded %+v", name, o.trail.done[recorded:])
		}
	}
	o.enter(t, "ada", adaPassword)
}
