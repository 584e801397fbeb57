package user_test

import (
	"testing"

	"keydesk/backend/secret"
	"keydesk/backend/user"
)

func changeTo(old, next string) user.ChangePasswordInput {
	return user.ChangePasswordInput{OldPassword: secret.New(old), NewPassword: secret.New(next)}
}

// A07
func TestChangePassword(t *testing.T) {
	o := newOffice(t)
	elsewhere := o.another(cheap)
	elsewhere.enter(t, "ada", adaPassword)
	before := o.caller(t).SessionID
	hash := o.record(o.ada().ID).PasswordHash

	_, err := o.change(ctx, changeTo(wrongPassword, newPassword))
	atField(t, refusedAs(t, err, "user.wrong_password"), "old_password")
	_, err = o.change(ctx, changeTo(adaPassword, "short"))
	atField(t, refusedAs(t, err, "user.weak_password"), "new_password")
	_, err = o.change(ctx, changeTo(adaPassword, adaPassword))
	atField(t, refusedAs(t, err, "user.same_password"), "new_password")
	if o.record(o.ada().ID).PasswordHash != hash {
		t.Fatal("a refused change changed the password")
	}

	session, err := o.change(ctx, changeTo(adaPassword, newPassword))
	must(t, err)
	if !session.SignedIn || o.caller(t).SessionID == before {
		t.Fatalf("session %+v, id rotated: %v", session, o.caller(t).SessionID != before)
	}
	if got := o.trail.last(t); got.Op != "user.change_password" || got.Change.Name != "ada" {
		t.Fatalf("recorded %+v", got)
	}
	_, err = elsewhere.svc.Caller(ctx, source)
	refusedAs(t, err, "access.signed_out")
	_, err = elsewhere.signIn(ctx, user.SignInInput{Name: "ada", Password: secret.New(adaPassword)})
	refusedAs(t, err, "user.wrong_sign_in")
	elsewhere.enter(t, "ada", newPassword)
}

// A07
func TestAnAdminResetsAPassword(t *testing.T) {
	o := newOffice(t)
	bob := o.add("bob", user.Viewer)
	got, err := o.reset(ctx, user.ResetPasswordInput{ID: bob.ID, Password: secret.New(newPassword)})
	must(t, err)
	if !got.MustChange {
		t.Fatalf("user %+v", got)
	}
	w := o.another(cheap)
	_, err = w.signIn(ctx, user.SignInInput{Name: "bob", Password: secret.New(otherPassword)})
	refusedAs(t, err, "user.wrong_sign_in")
	if session := w.enter(t, "bob", newPassword); !session.MustChange {
		t.Fatalf("session %+v", session)
	}
	_, err = o.reset(ctx, user.ResetPasswordInput{ID: bob.ID, Password: secret.New("bob bob bob bob")})
	atField(t, refusedAs(t, err, "user.weak_password"), "password")
	_, err = o.reset(ctx, user.ResetPasswordInput{ID: "none", Password: secret.New(newPassword)})
	refusedAs(t, err, "user.not_found")
	// Your own password can only be changed with the old one, or anybody at an
	// unlocked window could take over the account.
	_, err = o.reset(ctx, user.ResetPasswordInput{ID: o.ada().ID, Password: secret.New(newPassword)})
	refusedAs(t, err, "user.self")
}

func forgotten(name, code, password string) user.ForgotPasswordInput {
	return user.ForgotPasswordInput{Name: name, Code: secret.New(code), NewPassword: secret.New(password)}
}

// A07: the recovery code lets an active Org Admin in who forgot the password.
func TestForgotPassword(t *testing.T) {
	o := newOffice(t)
	o.add("bob", user.Manager)
	grace := o.add("grace", user.OrgAdmin)
	_, err := o.update(ctx, user.UpdateInput{ID: grace.ID, Version: 1, Name: "grace", RoleIDs: []string{user.OrgAdmin}})
	must(t, err)
	w := o.another(cheap)
	guess(t, w, "ada")
	hash := o.record(o.ada().ID).PasswordHash

	_, err = w.forgot(ctx, forgotten("ada", "another code", newPassword))
	refusedAs(t, err, "vault.wrong_code")
	if got := w.trail.lastRefusal(t); got.Op != "user.forgot_password" {
		t.Fatalf("recorded %+v", got)
	}
	// Without the code the answer says nothing about the name.
	_, unknown := w.forgot(ctx, forgotten("nobody", "another code", newPassword))
	if err.Error() != unknown.Error() {
		t.Fatalf("%v differs from %v", unknown, err)
	}
	for _, name := range []string{"bob", "grace", "nobody"} {
		_, err = w.forgot(ctx, forgotten(name, recoveryCode, newPassword))
		atField(t, refusedAs(t, err, "user.not_org_admin"), "name")
	}
	_, err = w.forgot(ctx, forgotten("ada", recoveryCode, "password1234"))
	atField(t, refusedAs(t, err, "user.weak_password"), "new_password")
	if o.record(o.ada().ID).PasswordHash != hash {
		t.Fatal("a refused try changed the password")
	}
	if session, _ := w.session(ctx, user.Nothing{}); session.SignedIn {
		t.Fatal("a refused try signed in")
	}

	session, err := w.forgot(ctx, forgotten("Ada", recoveryCode, newPassword))
	must(t, err)
	if !session.SignedIn || session.Name != "ada" || session.MustChange || !session.IsOrgAdmin {
		t.Fatalf("session %+v", session)
	}
	if got := w.trail.last(t); got.Op != "user.forgot_password" || got.Actor != "ada" {
		t.Fatalf("recorded %+v", got)
	}
	if r := o.record(session.UserID); r.Failures != 0 || r.WaitUntilMs != 0 {
		t.Fatalf("%d failures left", r.Failures)
	}
	_, err = o.svc.Caller(ctx, source)
	refusedAs(t, err, "access.signed_out")
	o.enter(t, "ada", newPassword)
}
