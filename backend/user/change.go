package user

import (
	"context"
	"errors"

	"keydesk/backend/access"
	"keydesk/backend/fault"
)

// Faults of changing passwords.
var (
	ErrSamePassword = fault.New(fault.Invalid, "user.same_password", "The new password is the old one.")
	ErrNotOrgAdmin  = fault.New(fault.Invalid, "user.not_org_admin", "The recovery code lets only an active Org Admin in.").
			WithHint("Type the user name of an Org Admin. Others have their password reset by someone with Can Edit Users & Roles.")
)

// Operations that set a password.
var (
	OpForgotPassword = access.Op[ForgotPasswordInput, Session]{Name: "user.forgot_password", Does: "set a new password with the recovery code", Mode: access.Long, Public: true}
	OpChangePassword = access.Op[ChangePasswordInput, Session]{Name: "user.change_password", Does: "changed their own password", Mode: access.Long, Needs: []access.Permission{access.SignedIn}}
	OpResetPassword  = access.Op[ResetPasswordInput, User]{Name: "user.reset_password", Does: "reset the password of", Mode: access.Long, Needs: []access.Permission{access.EditUser}, Fresh: true, AsksHeld: true}
)

// ForgotPassword lets an active Org Admin in by the recovery code, with a new
// password, however many wrong ones there were. The code is proven first:
// without it the answer says nothing about the user name. Faults: those of
// Recovery, user.not_org_admin, user.weak_password.
func (s *Service) ForgotPassword(ctx context.Context, in ForgotPasswordInput) (Session, error) {
	if sourceOf(ctx).ID == "" { // nowhere to keep the session
		return Session{}, access.ErrSignedOut
	}
	name := cleanName(in.Name)
	if err := checkPassword("new_password", in.NewPassword, name, s.organisation()); err != nil {
		return Session{}, err
	}
	if err := s.recovery.ProveRecovery(ctx, in.Code); err != nil {
		if kind := fault.From(err).Kind; kind != fault.Unavailable && kind != fault.Internal {
			access.From(ctx).RefusedAs(access.From(ctx).Caller)
		}
		return Session{}, err
	}
	hash, err := s.hasher.hash(ctx, in.NewPassword)
	if err != nil {
		return Session{}, err
	}
	var who Record
	err = commit(ctx, func(ctx context.Context) (err error) {
		if who, err = s.byName(ctx, in.Name); err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		if err != nil || !who.Active || !who.IsOrgAdmin() {
			return ErrNotOrgAdmin.WithField("name", "%s", ErrNotOrgAdmin.Message)
		}
		who.PasswordHash, who.MustChange = hash, false
		access.From(ctx).Caller = callerOf(who, sourceOf(ctx))
		access.From(ctx).Changed("user", who.ID, who.Name, nil, note{"password_changed": true})
		if err := s.store.SetUserPassword(ctx, who.ID, hash, false); err != nil {
			return err
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

// ChangePassword replaces the caller's password. The session continues under a
// new id; any other session of this user ends.
func (s *Service) ChangePassword(ctx context.Context, in ChangePasswordInput) (Session, error) {
	name := access.From(ctx).Caller.Name
	if err := checkPassword("new_password", in.NewPassword, name, s.organisation()); err != nil {
		return Session{}, err
	}
	if in.NewPassword.Reveal() == in.OldPassword.Reveal() {
		return Session{}, ErrSamePassword.WithField("new_password", "%s", ErrSamePassword.Message)
	}
	held, who, err := s.proveOwn(ctx, in.OldPassword, "old_password")
	if err != nil {
		return Session{}, err
	}
	hash, err := s.hasher.hash(ctx, in.NewPassword)
	if err != nil {
		return Session{}, err
	}
	s.change(held, func(open *session) { open.hashes = []string{who.PasswordHash, hash} })
	err = commit(ctx, func(ctx context.Context) error {
		if err := s.unchanged(ctx, who, access.ErrSignedOut); err != nil {
			return err
		}
		access.From(ctx).Changed("user", who.ID, who.Name, nil, note{"password_changed": true})
		return s.store.SetUserPassword(ctx, who.ID, hash, false)
	})
	if err != nil {
		return Session{}, err
	}
	now := s.now()
	s.change(held, func(open *session) {
		open.id, open.hashes, open.passwordAt = newSessionID(), []string{hash}, now
	})
	return s.Session(ctx, Nothing{})
}

// ResetPassword returns another user a password that must be changed at the next
// sign-in, and forgets that user's failures. Faults: user.beyond_you,
// user.self, user.weak_password.
func (s *Service) ResetPassword(ctx context.Context, in ResetPasswordInput) (User, error) {
	who, err := s.store.UserByID(ctx, in.ID)
	if err != nil {
		return User{}, err
	}
	if who.ID == access.From(ctx).Caller.ID {
		return User{}, ErrSelf.WithMessage("You cannot reset your own password.").WithHint("Change it instead, with the old one.")
	}
	if err := beyond(ctx, who); err != nil {
		return User{}, err
	}
	if err := checkPassword("password", in.Password, who.Name, s.organisation()); err != nil {
		return User{}, err
	}
	hash, err := s.hasher.hash(ctx, in.Password)
	if err != nil {
		return User{}, err
	}
	err = commit(ctx, func(ctx context.Context) error {
		if who, err = s.store.UserByID(ctx, in.ID); err != nil {
			return err
		}
		if err := beyond(ctx, who); err != nil {
			return err
		}
		access.From(ctx).Changed("user", who.ID, who.Name, note{"must_change": who.MustChange}, note{"must_change": true, "password_reset": true})
		if err := s.store.SetUserPassword(ctx, who.ID, hash, true); err != nil {
			return err
		}
		who, err = s.store.UserByID(ctx, who.ID)
		return err
	})
	return who.User, err
}
