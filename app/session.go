package app

import (
	"context"

	"keydesk/backend"
	"keydesk/backend/access"
	"keydesk/backend/demo"
	"keydesk/backend/organisation"
	"keydesk/backend/user"
)

// Session tells the page how far the window is (first run, unlock, sign-in,
// locked or ready) and who is there, put together from two operations, so that
// a start needs one answer.
type Session struct {
	door   *Door
	office backend.OrganisationOps
	users  backend.UserOps
	demo   bool
}

// SessionFailure says why opening failed; empty otherwise.
type SessionFailure struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Hint    string `json:"hint"`
}

// SessionUser is who is signed in; while locked, whose screen is kept.
type SessionUser struct {
	ID         string   `json:"id"`
	Name       string   `json:"name"`
	FullName   string   `json:"full_name"`
	Roles      []string `json:"roles"`
	IsOrgAdmin bool     `json:"is_org_admin"`
}

// SessionPhase is where the window is between starting and working.
type SessionPhase string

// The phases. The page itself puts opening and failed, since there is no
// backend to ask then.
const (
	SessionOpening    SessionPhase = "opening"
	SessionFailed     SessionPhase = "failed"
	SessionFirstRun   SessionPhase = "first_run"
	SessionUnlock     SessionPhase = "unlock"
	SessionSignedOut  SessionPhase = "signed_out"
	SessionLocked     SessionPhase = "locked"
	SessionMustChange SessionPhase = "must_change"
	SessionReady      SessionPhase = "ready"
)

// SessionState is all the page needs before it asks for anything else.
type SessionState struct {
	State        SessionPhase   `json:"state"`
	Failure      SessionFailure `json:"failure"`
	User         SessionUser    `json:"user"`
	Organisation string         `json:"organisation"`
	Country      string         `json:"country"`
	TimeZone     string         `json:"time_zone"`
	// IdleMinutes is how long without input until the window locks.
	IdleMinutes int                  `json:"idle_minutes"`
	Permissions []access.Permission  `json:"permissions"`
	Secrets     organisation.Secrets `json:"secrets"`
	// DemoUsers can sign in to the demo office; empty in a real one.
	DemoUsers []demo.User `json:"demo_users"`
}

// State tells how far the window is and who is there.
func (d *Session) State() (SessionState, error) {
	return call(d.door, d.state, struct{}{})
}

func (d *Session) state(ctx context.Context, _ struct{}) (SessionState, error) {
	place, err := d.office.State(ctx, organisation.Nothing{})
	if err != nil {
		return SessionState{}, err
	}
	state := SessionState{Organisation: place.Organisation.Name, Country: place.Organisation.Country, TimeZone: place.Organisation.TimeZone, IdleMinutes: place.Organisation.IdleMinutes, Secrets: place.Secrets}
	if d.demo {
		state.DemoUsers = demo.Users
	}
	if place.Phase != organisation.Open {
		state.State = SessionPhase(place.Phase)
		return state, nil
	}
	who, err := d.users.Session(ctx, user.Nothing{})
	if err != nil {
		return SessionState{}, err
	}
	state.User = SessionUser{ID: who.UserID, Name: who.Name, FullName: who.FullName, Roles: who.Roles, IsOrgAdmin: who.IsOrgAdmin}
	switch {
	case !who.SignedIn:
		state.State = SessionSignedOut
	case who.Locked:
		// The rights stay known, so that the screen beneath the lock stays as it
		// is; what they allow is refused until the password was entered.
		state.State, state.Permissions = SessionLocked, who.Permissions
	case who.MustChange:
		state.State = SessionMustChange
	default:
		state.State, state.Permissions = SessionReady, who.Permissions
	}
	return state, nil
}
