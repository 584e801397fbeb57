package user_test

import (
	"context"
	"testing"
	"time"

	"keydesk/backend/access"
	"keydesk/backend/secret"
	"keydesk/backend/user"
)

func (w *window) caller(t testing.TB) access.Caller {
	t.Helper()
	caller, err := w.svc.Caller(ctx, source)
	must(t, err)
	return caller
}

// A07
func TestSignOutEndsTheSession(t *testing.T) {
	o := newOffice(t)
	session, err := o.signOut(ctx, user.Nothing{})
	must(t, err)
	if session.SignedIn || session.Name != "" || session.Roles == nil || session.Permissions == nil {
		t.Fatalf("session %+v", session)
	}
	_, err = o.list(ctx, user.ListInput{})
	refusedAs(t, err, "access.signed_out")
	if last := o.trail.last(t); last.Op != "user.sign_out" || last.Actor != "ada" {
		t.Fatalf("recorded %+v", last)
	}
}

// A07: signing out works even if its activity row cannot be written.
func TestSignOutWorksWithoutTheDisk(t *testing.T) {
	o := newOffice(t)
	_, _ = o.svc.Caller(ctx, source)
	invocation := &access.Invocation{Caller: o.caller(t)}
	_, err := o.svc.SignOut(access.With(ctx, invocation), user.Nothing{})
	if err == nil {
		t.Fatal("without a gate nothing is recorded, and that is an error")
	}
	if session, err := o.session(ctx, user.Nothing{}); err != nil || session.SignedIn {
		t.Fatalf("still signed in: %+v %v", session, err)
	}
}

// A07: 256 random bits, new at every sign-in.
func TestTheSessionIdRotatesAtSignIn(t *testing.T) {
	o := newOffice(t)
	first := o.caller(t).SessionID
	o.enter(t, "ada", adaPassword)
	second := o.caller(t).SessionID
	if first == second || len(first) != 43 || len(second) != 43 {
		t.Fatalf("ids %q and %q", first, second)
	}
}

// A07: the window locks after 15 minutes without input; only the page's report
// counts as input.
func TestIdleLocks(t *testing.T) {
	o := newOffice(t)
	o.clock.pass(14 * time.Minute)
	_, err := o.touch(ctx, user.Nothing{})
	must(t, err)
	o.clock.pass(14 * time.Minute)
	session, err := o.session(ctx, user.Nothing{})
	must(t, err)
	if session.Locked {
		t.Fatal("locked though there was input 14 minutes ago")
	}
	// Neither reading nor working counts as input.
	_, err = o.list(ctx, user.ListInput{})
	must(t, err)
	o.clock.pass(time.Minute)
	_, err = o.list(ctx, user.ListInput{})
	refusedAs(t, err, "access.locked")
	if got := o.trail.lastRefusal(t); got.Code != "access.locked" || got.Actor != "ada" {
		t.Fatalf("recorded %+v", got)
	}
	session, err = o.touch(ctx, user.Nothing{})
	must(t, err)
	if !session.SignedIn || !session.Locked || session.Name != "ada" {
		t.Fatalf("a touch opened it: %+v", session)
	}
	_, err = o.list(ctx, user.ListInput{})
	refusedAs(t, err, "access.locked")
}

// A07: the limit is a setting.
func TestTheIdleLimitIsASetting(t *testing.T) {
	o := newOffice(t)
	o.idle = time.Minute
	o.clock.pass(59 * time.Second)
	if session, _ := o.session(ctx, user.Nothing{}); session.Locked {
		t.Fatal("locked early")
	}
	o.clock.pass(time.Second)
	if session, _ := o.session(ctx, user.Nothing{}); !session.Locked {
		t.Fatal("did not lock")
	}
}

// A07: unlocking takes the same user's password and returns the same session,
// so that the page still has its unsaved form.
func TestUnlockGivesTheSessionBack(t *testing.T) {
	o := newOffice(t)
	before := o.caller(t)
	session, err := o.lock(ctx, user.Nothing{})
	must(t, err)
	if !session.Locked {
		t.Fatal("did not lock")
	}
	_, err = o.list(ctx, user.ListInput{})
	refusedAs(t, err, "access.locked")

	o.add2(t, "bob")
	for _, password := range []string{wrongPassword, otherPassword} {
		_, err = o.unlock(ctx, user.PasswordInput{Password: secret.New(password)})
		atField(t, refusedAs(t, err, "user.wrong_password"), "password")
	}
	if got := o.trail.lastRefusal(t); got.Op != "user.unlock" || got.Actor != "ada" {
		t.Fatalf("recorded %+v", got)
	}
	o.clock.pass(time.Hour)
	session, err = o.unlock(ctx, user.PasswordInput{Password: secret.New(adaPassword)})
	must(t, err)
	after := o.caller(t)
	if session.Locked || after.SessionID != before.SessionID || !after.PasswordAt.Equal(o.clock.Now()) {
		t.Fatalf("session %+v, caller %+v", session, after)
	}
	if got := o.trail.last(t); got.Op != "user.unlock" || got.Actor != "ada" {
		t.Fatalf("recorded %+v", got)
	}
	if failures := o.record(after.ID).Failures; failures != 0 {
		t.Fatalf("%d failures left", failures)
	}
}

// add2 makes bob from a second window, since the first one is locked.
func (o *office) add2(t *testing.T, name string) {
	t.Helper()
	w := o.another(cheap)
	w.enter(t, "ada", adaPassword)
	_, err := w.ready(ctx, user.CreateInput{Name: name, Password: secret.New(otherPassword), RoleIDs: []string{user.Viewer}})
	must(t, err)
}

// A07: unlock, confirm and change count wrong passwords as sign-in does.
func TestWrongPasswordsCountEverywhere(t *testing.T) {
	o := newOffice(t)
	tries := []func() error{
		func() error {
			_, err := o.confirm(ctx, user.PasswordInput{Password: secret.New(wrongPassword)})
			return err
		},
		func() error {
			_, err := o.unlock(ctx, user.PasswordInput{Password: secret.New(wrongPassword)})
			return err
		},
		func() error {
			_, err := o.change(ctx, user.ChangePasswordInput{OldPassword: secret.New(wrongPassword), NewPassword: secret.New(newPassword)})
			return err
		},
	}
	for n := range 5 {
		refusedAs(t, tries[n%3](), "user.wrong_password")
	}
	for _, try := range tries {
		refusedAs(t, try(), "user.wait")
	}
	_, err := o.another(cheap).signIn(ctx, user.SignInInput{Name: "ada", Password: secret.New(adaPassword)})
	refusedAs(t, err, "user.wait")
}

// A07: changing roles needs a password entered in the last 5 minutes.
func TestRoleChangesAskForAFreshPassword(t *testing.T) {
	o := newOffice(t)
	bob := o.add("bob", user.Viewer)
	o.clock.pass(5*time.Minute + time.Second)
	_, err := o.createRole(ctx, user.CreateRoleInput{Name: "Clerk"})
	refusedAs(t, err, "access.password_needed")
	_, err = o.update(ctx, user.UpdateInput{ID: bob.ID, Version: 1, Name: "bob", RoleIDs: []string{user.OrgAdmin}, Active: true})
	refusedAs(t, err, "access.password_needed")
	_, err = o.create(ctx, user.CreateInput{Name: "eve", Password: secret.New(otherPassword), RoleIDs: []string{user.OrgAdmin}})
	refusedAs(t, err, "access.password_needed")
	_, err = o.reset(ctx, user.ResetPasswordInput{ID: bob.ID, Password: secret.New(newPassword)})
	refusedAs(t, err, "access.password_needed")
	// A change that gives no right does not need one.
	_, err = o.update(ctx, user.UpdateInput{ID: bob.ID, Version: 1, Name: "bob", FullName: "Bob", RoleIDs: []string{user.Viewer}, Active: true})
	must(t, err)

	_, err = o.confirm(ctx, user.PasswordInput{Password: secret.New(wrongPassword)})
	atField(t, refusedAs(t, err, "user.wrong_password"), "password")
	_, err = o.createRole(ctx, user.CreateRoleInput{Name: "Clerk"})
	refusedAs(t, err, "access.password_needed")

	_, err = o.confirm(ctx, user.PasswordInput{Password: secret.New(adaPassword)})
	must(t, err)
	_, err = o.createRole(ctx, user.CreateRoleInput{Name: "Clerk"})
	must(t, err)
	if failures := o.record(o.ada().ID).Failures; failures != 0 {
		t.Fatalf("%d failures left after the right password", failures)
	}
}

// A18: revoking a right takes effect on the next call.
func TestARevokedRightActsAtOnce(t *testing.T) {
	o := newOffice(t)
	clerk := o.addRole("Clerk", access.ViewUser)
	bob := o.add("bob", clerk.ID)
	w := o.as("bob")
	_, err := w.list(ctx, user.ListInput{})
	must(t, err)

	_, err = o.updateRole(ctx, user.UpdateRoleInput{ID: clerk.ID, Version: 1, Name: "Clerk", Permissions: []access.Permission{access.ViewSetup}})
	must(t, err)
	_, err = w.list(ctx, user.ListInput{})
	refusedAs(t, err, "access.forbidden")
	if got := w.caller(t).Permissions.List(); len(got) != 1 || got[0] != access.ViewSetup {
		t.Fatalf("holds %v", got)
	}

	_, err = o.update(ctx, user.UpdateInput{ID: bob.ID, Version: 1, Name: "bob", RoleIDs: []string{clerk.ID, user.OrgAdmin}, Active: true})
	must(t, err)
	if !w.caller(t).IsOrgAdmin {
		t.Fatal("a new role does not act at once")
	}
}

// A18: the session's id is rotated when its user's roles change.
func TestTheSessionIdRotatesAtRoleChange(t *testing.T) {
	o := newOffice(t)
	clerk := o.addRole("Clerk", access.ViewUser)
	other := o.addRole("Other", access.ViewUser)
	ids := map[string]bool{o.caller(t).SessionID: true}
	ada := o.ada()
	_, err := o.update(ctx, user.UpdateInput{ID: ada.ID, Version: ada.Version, Name: "ada", RoleIDs: []string{user.OrgAdmin, clerk.ID}, Active: true})
	must(t, err)
	ids[o.caller(t).SessionID] = true
	_, err = o.updateRole(ctx, user.UpdateRoleInput{ID: clerk.ID, Version: 1, Name: "Clerk", Permissions: []access.Permission{access.ViewSetup}})
	must(t, err)
	ids[o.caller(t).SessionID] = true
	if len(ids) != 3 {
		t.Fatalf("%d ids, want 3", len(ids))
	}
	_, err = o.updateRole(ctx, user.UpdateRoleInput{ID: other.ID, Version: 1, Name: "Other", Permissions: []access.Permission{access.ViewSetup}})
	must(t, err)
	if !ids[o.caller(t).SessionID] {
		t.Fatal("a role ada does not have rotated her session")
	}
}

// A18: a changed role rotates the sessions of everybody who has it, at every
// window.
func TestARoleRotatesTheSessionsOfItsUsers(t *testing.T) {
	o := newOffice(t)
	clerk := o.addRole("Clerk", access.ViewUser)
	o.add("bob", clerk.ID)
	there := access.WithSource(context.Background(), access.Source{Kind: access.Window, ID: "another window"})
	_, err := o.signIn(there, user.SignInInput{Name: "bob", Password: secret.New(otherPassword)})
	must(t, err)
	bob := func() string {
		caller, err := o.svc.Caller(there, access.Source{Kind: access.Window, ID: "another window"})
		must(t, err)
		return caller.SessionID
	}
	ada, before := o.caller(t).SessionID, bob()
	_, err = o.updateRole(ctx, user.UpdateRoleInput{ID: clerk.ID, Version: 1, Name: "Clerk", Permissions: []access.Permission{access.ViewSetup}})
	must(t, err)
	if bob() == before {
		t.Error("bob's rights changed, and his session kept its id")
	}
	if o.caller(t).SessionID != ada {
		t.Error("ada does not have the role, and her session was rotated")
	}
}

// A06: a user who is switched off, deleted or given another password is signed
// out.
func TestASessionEndsWithItsUser(t *testing.T) {
	for what, do := range map[string]func(o *office, bob user.User) error{
		"switched off": func(o *office, bob user.User) error {
			_, err := o.update(ctx, user.UpdateInput{ID: bob.ID, Version: 1, Name: "bob", RoleIDs: []string{user.Viewer}})
			return err
		},
		"deleted": func(o *office, bob user.User) error {
			_, err := o.remove(ctx, user.DeleteInput{ID: bob.ID, Version: 1})
			return err
		},
		"reset": func(o *office, bob user.User) error {
			_, err := o.reset(ctx, user.ResetPasswordInput{ID: bob.ID, Password: secret.New(newPassword)})
			return err
		},
	} {
		t.Run(what, func(t *testing.T) {
			o := newOffice(t)
			bob := o.add("bob", user.Viewer)
			w := o.as("bob")
			w.caller(t)
			must(t, do(o, bob))
			_, err := w.svc.Caller(ctx, source)
			refusedAs(t, err, "access.signed_out")
			session, err := w.session(ctx, user.Nothing{})
			must(t, err)
			if session.SignedIn {
				t.Fatalf("still signed in: %+v", session)
			}
			_, err = w.unlock(ctx, user.PasswordInput{Password: secret.New(otherPassword)})
			refusedAs(t, err, "access.signed_out")
		})
	}
}

// A07: a user who must change the password can do that and nothing else.
func TestMustChangeAllowsNothingElse(t *testing.T) {
	o := newOffice(t)
	made, err := o.create(ctx, user.CreateInput{Name: "bob", Password: secret.New(otherPassword), RoleIDs: []string{user.OrgAdmin}})
	must(t, err)
	if !made.MustChange {
		t.Fatal("the password an admin gave need not be changed")
	}
	w := o.another(cheap)
	session := w.enter(t, "bob", otherPassword)
	if !session.MustChange || session.IsOrgAdmin || len(session.Permissions) != 0 {
		t.Fatalf("session %+v", session)
	}
	_, err = w.list(ctx, user.ListInput{})
	refusedAs(t, err, "access.forbidden")
	if caller := w.caller(t); caller.IsOrgAdmin || len(caller.Permissions) != 0 {
		t.Fatalf("caller %+v", caller)
	}

	session, err = w.change(ctx, user.ChangePasswordInput{OldPassword: secret.New(otherPassword), NewPassword: secret.New(newPassword)})
	must(t, err)
	if session.MustChange || !session.IsOrgAdmin {
		t.Fatalf("session %+v", session)
	}
	_, err = w.list(ctx, user.ListInput{})
	must(t, err)
}

// A07: locking and signing out reach the session though its id was changed
// after the call was admitted, as when somebody else changes the role.
func TestLockAndSignOutReachARotatedSession(t *testing.T) {
	o := newOffice(t)
	before := o.caller(t)
	invocation := &access.Invocation{Caller: before}
	invocation.Caller.SessionID = "the id before it was changed"
	locked, err := o.svc.Lock(access.With(ctx, invocation), user.Nothing{})
	must(t, err)
	if !locked.Locked {
		t.Error("the window is not locked")
	}
	if _, err := o.svc.SignOut(access.With(ctx, invocation), user.Nothing{}); err == nil {
		t.Error("without a gate nothing is recorded, and that is said")
	}
	session, err := o.session(ctx, user.Nothing{})
	must(t, err)
	if session.SignedIn {
		t.Error("the session is still there")
	}
}
