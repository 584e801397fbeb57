package user_test

import (
	"strings"
	"testing"

	"keydesk/backend/secret"
	"keydesk/backend/user"
)

// A07: first run makes the roles and the first Org Admin, once.
func TestTheFirstUser(t *testing.T) {
	o := emptyOffice(t, cheap)
	o.svc.Calibrate() // a cost that was set stays
	_, err := o.first(ctx, user.FirstInput{Name: " ", Password: secret.New("short")})
	told := refusedAs(t, err, "user.invalid")
	atField(t, told, "name")
	atField(t, told, "password")
	if roles, err := o.store.Roles(ctx); err != nil || len(roles) != 0 {
		t.Fatalf("a refused first run left %d roles (%v)", len(roles), err)
	}

	ada, err := o.first(ctx, user.FirstInput{Name: "ada", FullName: "Ada", Password: secret.New(adaPassword)})
	must(t, err)
	if ada.MustChange || !ada.Active || len(ada.Roles) != 1 || ada.Roles[0].ID != user.OrgAdmin {
		t.Fatalf("made %+v", ada)
	}
	if hash := o.record(ada.ID).PasswordHash; !strings.Contains(hash, "$m=64,t=1,p=1$") {
		t.Fatalf("hash %s", hash)
	}
	if len(o.trail.done) != 5 {
		t.Fatalf("recorded %+v", o.trail.done)
	}
	if session, _ := o.session(ctx, user.Nothing{}); session.SignedIn {
		t.Fatal("signed in before it was begun")
	}
	session, err := o.svc.Begin(ctx, ada.ID)
	must(t, err)
	if !session.SignedIn || session.Locked || !session.IsOrgAdmin || session.UserID != ada.ID {
		t.Fatalf("session %+v", session)
	}
	_, err = o.list(ctx, user.ListInput{})
	must(t, err)

	_, err = o.first(ctx, user.FirstInput{Name: "eve", Password: secret.New(otherPassword)})
	refusedAs(t, err, "user.not_first")
	_, err = o.svc.Begin(ctx, "none")
	refusedAs(t, err, "user.not_found")
}

// A06: nobody begins a session for a user who is switched off.
func TestNoSessionBeginsForASwitchedOffUser(t *testing.T) {
	o := newOffice(t)
	bob := o.add("bob", user.Viewer)
	in := updateOf(bob)
	in.Active = false
	_, err := o.update(ctx, in)
	must(t, err)
	_, err = o.svc.Begin(ctx, bob.ID)
	refusedAs(t, err, "user.not_found")
	if o.caller(t).Name != "ada" {
		t.Fatal("the session was replaced")
	}
}
