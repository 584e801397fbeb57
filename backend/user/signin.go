package user

import (
	"context"
	"errors"
	"strings"

	"keydesk/backend/access"
	"keydesk/backend/fault"
	"keydesk/backend/secret"
)

// Faults of a wrong password. ErrWrongSignIn never tells which part was wrong.
var (
	ErrWrongSignIn   = fault.New(fault.Unauthenticated, "user.wrong_sign_in", "User name or password is wrong.")
	ErrWrongPassword = fault.New(fault.Invalid, "user.wrong_password", "The password is wrong.")
)

// Operations that prove a password.
var (
	OpSignIn          = access.Op[SignInInput, Session]{Name: "user.sign_in", Does: "signed in", Mode: access.Long, Public: true, WhileReading: true}
	OpUnlock          = access.Op[PasswordInput, Session]{Name: "user.unlock", Does: "unlocked Keydesk", Mode: access.Long, Public: true, WhileReading: true}
	OpConfirmPassword = access.Op[PasswordInput, Session]{Name: "user.confirm_password", Does: "confirmed their password", Mode: access.Long, Needs: []access.Permission{access.SignedIn}, WhileReading: true}
)

// SignIn opens a session with user name and password, in place of any other.
// Faults: user.wrong_sign_in, user.wait, user.blocked.
func (s *Service) SignIn(ctx context.Context, in SignInInput) (Session, error) {
	if sourceOf(ctx).ID == "" { // nowhere to keep the session
		return Session{}, access.ErrSignedOut
	}
	name := cleanName(in.Name)
	find := func(ctx context.Context) (Record, error) { return s.byName(ctx, in.Name) }
	who, err := s.prove(ctx, find, name, in.Password, ErrWrongSignIn)
	if err != nil {
		return Session{}, err
	}
	upgradedHash := ""
	if s.hasher.isWeak(who.PasswordHash) {
		if upgradedHash, err = s.hasher.hash(ctx, in.Password); err != nil {
			return Session{}, err
		}
	}
	access.From(ctx).Caller = callerOf(who, sourceOf(ctx))
	err = commit(ctx, func(ctx context.Context) error {
		if err := s.unchanged(ctx, who, ErrWrongSignIn); err != nil {
			return err
		}
		if upgradedHash != "" {
			if err := s.store.SetUserPassword(ctx, who.ID, upgradedHash, who.MustChange); err != nil {
				return err
			}
			who.PasswordHash = upgradedHash
		}
		return s.markSignedIn(ctx, who)
	})
	if err != nil {
		return Session{}, err
	}
	if err := s.open(sourceOf(ctx), who); err != nil {
		return Session{}, err
	}
	return s.Session(ctx, Nothing{})
}

// byName finds a user by a name as it was typed. A name that was kept before names
// were cleaned is found as it is.
func (s *Service) byName(ctx context.Context, name string) (Record, error) {
	who, err := s.store.UserByName(ctx, cleanName(name))
	if before := strings.TrimSpace(name); errors.Is(err, ErrNotFound) && before != cleanName(name) {
		return s.store.UserByName(ctx, before)
	}
	return who, err
}

// markSignedIn clears the failures and notes the time.
func (s *Service) markSignedIn(ctx context.Context, who Record) error {
	if err := s.store.SetUserFailures(ctx, who.ID, 0, 0); err != nil {
		return err
	}
	access.From(ctx).Changed("user", who.ID, who.Name, nil, note{"signed_in": true})
	return s.store.SetUserSignedIn(ctx, who.ID, s.now().UnixMilli())
}

// unchanged refuses when the user was switched off or given another password
// between the proof and the transaction.
func (s *Service) unchanged(ctx context.Context, who Record, wrong *fault.Error) error {
	again, err := s.store.UserByID(ctx, who.ID)
	if errors.Is(err, ErrNotFound) {
		return wrong
	}
	if err != nil {
		return err
	}
	if !again.Active || again.PasswordHash != who.PasswordHash {
		return wrong
	}
	return nil
}

// Unlock opens the locked session again with the same user's password. The
// session keeps its id, so that the page finds everything as it was.
func (s *Service) Unlock(ctx context.Context, in PasswordInput) (Session, error) {
	held, who, err := s.proveOwn(ctx, in.Password, "password")
	if err != nil {
		return Session{}, err
	}
	caller := callerOf(who, sourceOf(ctx))
	caller.SessionID = held.id
	access.From(ctx).Caller = caller
	err = commit(ctx, func(ctx context.Context) error {
		access.From(ctx).Changed("user", who.ID, who.Name, note{"locked": true}, note{"locked": false})
		return s.store.SetUserFailures(ctx, who.ID, 0, 0)
	})
	if err != nil {
		return Session{}, err
	}
	now := s.now()
	s.change(held, func(open *session) { open.locked, open.inputAt, open.passwordAt = false, now, now })
	return s.Session(ctx, Nothing{})
}

// ConfirmPassword makes the password fresh for operations that ask for it.
// Wrong ones count as at sign-in.
func (s *Service) ConfirmPassword(ctx context.Context, in PasswordInput) (Session, error) {
	held, who, err := s.proveOwn(ctx, in.Password, "password")
	if err != nil {
		return Session{}, err
	}
	err = s.store.InTx(ctx, func(ctx context.Context) error { return s.store.SetUserFailures(ctx, who.ID, 0, 0) })
	if err != nil {
		return Session{}, err
	}
	now := s.now()
	s.change(held, func(open *session) { open.passwordAt = now })
	return s.Session(ctx, Nothing{})
}

// proveOwn checks the password of the session's own user, typed in a field.
func (s *Service) proveOwn(ctx context.Context, password secret.Text, field string) (session, Record, error) {
	held, who, err := s.current(ctx, sourceOf(ctx))
	if err != nil {
		return held, who, err
	}
	find := func(ctx context.Context) (Record, error) { return s.store.UserByID(ctx, held.userID) }
	who, err = s.prove(ctx, find, who.Name, password, ErrWrongPassword.WithField(field, "%s", ErrWrongPassword.Message))
	return held, who, err
}

// prove counts a try, then checks the password. An unknown or switched-off name
// costs as much as a wrong password and gets the same answer (G15). After a
// right password the caller's transaction clears the count; if that fails, the
// next try does not count it (see proven).
//
// One writer: with several, tries at the same time would read the same count
// and be counted as one.
func (s *Service) prove(ctx context.Context, find func(context.Context) (Record, error), name string, password secret.Text, wrong *fault.Error) (Record, error) {
	var who Record
	var refusal *fault.Error
	var try, last provenTry
	known, hash := false, ""
	err := s.store.InTx(ctx, func(ctx context.Context) (err error) {
		who, err = find(ctx)
		if errors.Is(err, ErrNotFound) {
			refusal, err = s.tryUnknown(ctx, name)
			return err
		}
		if err != nil {
			return err
		}
		hash = who.PasswordHash
		stored := slowdown{who.Failures, who.WaitUntilMs}
		try.before = stored
		if last, known = s.proven.take(who.ID); known && last.after == stored {
			try.before = last.before
		}
		if try.after, refusal = try.before.try(s.now()); try.after == stored {
			return nil
		}
		return s.store.SetUserFailures(ctx, who.ID, try.after.failures, try.after.waitUntilMs)
	})
	if err != nil {
		if known {
			s.proven.keep(who.ID, last)
		}
		return Record{}, err
	}
	if refusal != nil {
		return Record{}, s.refuse(ctx, who, refusal)
	}
	if hash == "" {
		hash = s.hasher.decoy()
	}
	right, err := s.hasher.verify(ctx, hash, password)
	if err != nil {
		return Record{}, err
	}
	if !right || !who.Active {
		return Record{}, s.refuse(ctx, who, wrong)
	}
	s.proven.keep(who.ID, try)
	return who, nil
}

// refuse records a failed sign-in under the user it was tried for. What was
// typed for an unknown name is never recorded: it may be a password.
func (s *Service) refuse(ctx context.Context, who Record, reason *fault.Error) error {
	invocation := access.From(ctx)
	caller := invocation.Caller
	if who.ID != "" {
		caller = callerOf(who, sourceOf(ctx))
	}
	invocation.RefusedAs(caller)
	return reason
}
