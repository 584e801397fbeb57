package user

import (
	"context"
	"encoding/base64"
	"errors"
	"time"

	"keydesk/backend/access"
)

// session is one person's session at one door, held in memory only.
type session struct {
	source access.Source
	id     string // 256 random bits, new at sign-in and role change
	userID string
	// hashes are those the password may have: the one the session was opened
	// with and, while its own user changes the password, also the next. Any
	// other means that somebody else set it, and the session ends.
	hashes     []string
	passwordAt time.Time
	inputAt    time.Time
	locked     bool
	// who is the user as read at generation; it is read again when users or
	// roles have changed since.
	who        Record
	generation uint64
}

func newSessionID() string { return base64.RawURLEncoding.EncodeToString(randomBytes(32)) }

// Operations on the session itself.
var (
	OpSession = access.Op[Nothing, Session]{Name: "user.session", Does: "looked at the session", Mode: access.Read, Public: true}
	OpTouch   = access.Op[Nothing, Session]{Name: "user.touch", Does: "worked on", Mode: access.Read, Public: true}
	OpLock    = access.Op[Nothing, Session]{Name: "user.lock", Does: "locked Keydesk", Mode: access.Read, Needs: []access.Permission{access.SignedIn}}
	OpSignOut = access.Op[Nothing, Session]{Name: "user.sign_out", Does: "signed out", Mode: access.Long, Needs: []access.Permission{access.SignedIn}, WhileReading: true}
)

// Caller returns to the gate who calls from a door that keeps sessions, with
// the rights held now. A user who was deactivated, deleted or given another
// password is signed out; one who must change the password holds no permission
// until then. Faults: access.signed_out; access.locked, with the caller.
func (s *Service) Caller(ctx context.Context, source access.Source) (access.Caller, error) {
	held, who, err := s.current(ctx, source)
	if err != nil {
		return access.Caller{Source: source.Kind}, err
	}
	caller := callerOf(who, source)
	caller.SessionID, caller.PasswordAt = held.id, held.passwordAt
	if held.locked {
		caller.Permissions, caller.IsOrgAdmin = access.Set{}, false
		return caller, access.ErrLocked
	}
	return caller, nil
}

func callerOf(who Record, source access.Source) access.Caller {
	caller := access.Caller{
		Kind: access.Person, ID: who.ID, Name: who.Name, Roles: roleNames(who.Roles), Source: source.Kind,
		IsOrgAdmin: who.IsOrgAdmin(), Permissions: who.Permissions,
	}
	if who.MustChange {
		caller.IsOrgAdmin, caller.Permissions = false, access.Set{}
	}
	return caller
}

// sourceOf is where the call of this context comes from.
func sourceOf(ctx context.Context) access.Source {
	source, _ := access.SourceOf(ctx)
	return source
}

func roleNames(roles []RoleRef) []string {
	names := make([]string, len(roles))
	for i, role := range roles {
		names[i] = role.Name
	}
	return names
}

// current returns the source's session with its user as stored now, locked if
// it has been idle for too long, or access.ErrSignedOut when there is none any
// more.
func (s *Service) current(ctx context.Context, source access.Source) (session, Record, error) {
	held, ok := s.held(source)
	if !ok {
		return session{}, Record{}, access.ErrSignedOut
	}
	generation := s.generation.Load()
	if held.generation == generation {
		return held, held.who, nil
	}
	who, err := s.store.UserByID(ctx, held.userID)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return session{}, Record{}, err
	}
	if err != nil || !who.Active || !held.opensWith(who.PasswordHash) {
		s.end(held)
		return session{}, Record{}, access.ErrSignedOut
	}
	s.change(held, func(open *session) { open.who, open.generation = who, generation })
	return held, who, nil
}

// Forget makes every session read its user again. It is called when a user or
// role has changed.
//
// One writer: only this process changes users, so it knows of every change.
// With two writers the generation would have to come from the database.
func (s *Service) Forget() { s.generation.Add(1) }

func (h session) opensWith(hash string) bool {
	for _, one := range h.hashes {
		if one == hash {
			return true
		}
	}
	return false
}

// held returns a copy of the source's session after the idle rule was applied.
func (s *Service) held(source access.Source) (session, bool) {
	limit := s.idleLimit()
	s.mu.Lock()
	defer s.mu.Unlock()
	held := s.sessions[source]
	if held == nil {
		return session{}, false
	}
	if idle(held.inputAt, s.now()) >= limit {
		held.locked = true
	}
	return *held, true
}

// idle is the longer of monotonic and wall time: the first stops while the
// machine sleeps, the second is too short when the clock is set back.
func idle(since, now time.Time) time.Duration {
	return max(now.Sub(since), now.Round(0).Sub(since.Round(0)))
}

// open begins the session of a user who has just proven the password, in place
// of any other of this source. A call without a source opens none.
func (s *Service) open(source access.Source, who Record) error {
	if source.ID == "" {
		return access.ErrSignedOut
	}
	now := s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sessions[source] = &session{
		source: source, id: newSessionID(), userID: who.ID, hashes: []string{who.PasswordHash}, passwordAt: now, inputAt: now,
	}
	return nil
}

// end signs out a session, if its user still has it. Its id may have changed
// meanwhile, since somebody else can change the user's role at any moment.
func (s *Service) end(held session) {
	s.change(held, func(*session) { delete(s.sessions, held.source) })
}

// change works on a session, if its user still has it.
func (s *Service) change(held session, fn func(*session)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if open := s.sessions[held.source]; open != nil && open.userID == held.userID {
		fn(open)
	}
}

// rotate gives this user's sessions new ids when the user's rights change.
func (s *Service) rotate(userID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, open := range s.sessions {
		if open.userID == userID {
			open.id = newSessionID()
		}
	}
}

// Begin opens a session for a user without a password: after the first run,
// and for the demo office's Org Admin.
func (s *Service) Begin(ctx context.Context, userID string) (Session, error) {
	who, err := s.store.UserByID(ctx, userID)
	if err != nil {
		return Session{}, err
	}
	if !who.Active {
		return Session{}, ErrNotFound
	}
	if err := s.open(sourceOf(ctx), who); err != nil {
		return Session{}, err
	}
	return s.Session(ctx, Nothing{})
}

// Session tells the page who is signed in, if anybody. It does not count as
// activity, so it does not keep the session from locking.
func (s *Service) Session(ctx context.Context, _ Nothing) (Session, error) {
	source := sourceOf(ctx)
	held, who, err := s.current(ctx, source)
	if errors.Is(err, access.ErrSignedOut) {
		return Session{Roles: []string{}, Permissions: []access.Permission{}, Appearance: UsualAppearance}, nil
	}
	if err != nil {
		return Session{}, err
	}
	caller := callerOf(who, source)
	return Session{
		SignedIn: true, Locked: held.locked, MustChange: who.MustChange,
		UserID: who.ID, Name: who.Name, FullName: who.FullName,
		Roles: caller.Roles, Permissions: caller.Permissions.List(), IsOrgAdmin: caller.IsOrgAdmin,
		Appearance: who.Appearance.Known(),
	}, nil
}

// Touch is the page's report of a key press or pointer movement; nothing else
// counts as activity. It does not unlock a locked session.
func (s *Service) Touch(ctx context.Context, _ Nothing) (Session, error) {
	if held, ok := s.held(sourceOf(ctx)); ok && !held.locked {
		now := s.now()
		s.change(held, func(open *session) { open.inputAt = now })
	}
	return s.Session(ctx, Nothing{})
}

// Lock makes the session ask for the password again, as idleness does. It uses
// no data, so it works when nothing can be written.
func (s *Service) Lock(ctx context.Context, _ Nothing) (Session, error) {
	if held, ok := s.held(sourceOf(ctx)); ok {
		s.change(held, func(open *session) { open.locked = true })
	}
	return s.Session(ctx, Nothing{})
}

// SignOut ends the session, even if its activity row cannot be written.
func (s *Service) SignOut(ctx context.Context, _ Nothing) (Session, error) {
	caller := access.From(ctx).Caller
	if held, ok := s.held(sourceOf(ctx)); ok {
		s.end(held)
	}
	err := commit(ctx, func(ctx context.Context) error {
		access.From(ctx).Changed("user", caller.ID, caller.Name, nil, note{"signed_in": false})
		return nil
	})
	if err != nil {
		return Session{}, err
	}
	return s.Session(ctx, Nothing{})
}

// note is what activity shows of an event that changes no field of a form.
type note map[string]bool
