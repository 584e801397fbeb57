package app

import (
	"context"

	"keydesk/backend"
	"keydesk/backend/access"
	"keydesk/backend/demo"
	"keydesk/backend/organisation"
	"keydesk/backend/user"
)

// Session tells the page the window's phase, such as first run, signed out or
// ready, and who is signed in. It puts the answer together from two operations,
// so that a start needs only one call.
type Session struct {
	door         *Door
	organisation backend.OrganisationOps
	users        backend.UserOps
	demo         bool
	frame        *frame
}

// SessionFailure says why opening failed; empty otherwise.
type SessionFailure struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Hint    string `json:"hint"`
	// Copies and Readable are those of WindowState.
	Copies   []WindowCopy `json:"copies"`
	Readable bool         `json:"readable"`
}

// SessionUser is the user who is signed in, or whose screen is locked.
type SessionUser struct {
	ID         string   `json:"id"`
	Name       string   `json:"name"`
	FullName   string   `json:"full_name"`
	Roles      []string `json:"roles"`
	IsOrgAdmin bool     `json:"is_org_admin"`
}

// SessionPhase says how far the window is between start and work.
type SessionPhase string

// The phases. The page sets opening and failed itself, because the backend
// cannot be asked then.
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
	// IdleMinutes is how many minutes without input lock the window.
	IdleMinutes int                 `json:"idle_minutes"`
	Permissions []access.Permission `json:"permissions"`
	// Appearance is that of the user, before a sign-in that of who used Keydesk last.
	Appearance user.Appearance      `json:"appearance"`
	Secrets    organisation.Secrets `json:"secrets"`
	// ReadingOnly tells that the data is damaged and nothing can be written to it.
	ReadingOnly bool `json:"reading_only"`
	// DemoUsers are those who can sign in to the demo office; empty in a real
	// one.
	DemoUsers []demo.User `json:"demo_users"`
}

// State returns the window's phase and what the page needs in it.
func (d *Session) State() (SessionState, error) {
	return call(d.door, d.state, struct{}{})
}

func (d *Session) state(ctx context.Context, _ struct{}) (SessionState, error) {
	current, err := d.organisation.State(ctx, organisation.Nothing{})
	if err != nil {
		return SessionState{}, err
	}
	state := SessionState{Organisation: current.Organisation.Name, Country: current.Organisation.Country, TimeZone: current.Organisation.TimeZone, IdleMinutes: current.Organisation.IdleMinutes, Secrets: current.Secrets, ReadingOnly: d.door.host.ReadingOnly()}
	state.Appearance = d.frame.look()
	if d.demo {
		state.DemoUsers = demo.Users
	}
	if current.Phase != organisation.Open {
		state.State = SessionPhase(current.Phase)
		return state, nil
	}
	who, err := d.users.Session(ctx, user.Nothing{})
	if err != nil {
		return SessionState{}, err
	}
	state.User = SessionUser{ID: who.UserID, Name: who.Name, FullName: who.FullName, Roles: who.Roles, IsOrgAdmin: who.IsOrgAdmin}
	if who.SignedIn {
		state.Appearance = who.Appearance
		d.frame.setLook(who.Appearance)
	}
	switch {
	case !who.SignedIn:
		state.State = SessionSignedOut
	case who.Locked:
		// The page keeps the permissions, so that the screen under the lock does
		// not change. The backend refuses what they allow until the password is
		// entered.
		state.State, state.Permissions = SessionLocked, who.Permissions
	case who.MustChange:
		state.State = SessionMustChange
	default:
		state.State, state.Permissions = SessionReady, who.Permissions
	}
	return state, nil
}
