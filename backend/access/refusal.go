package access

import (
	"slices"
	"strings"

	"keydesk/backend/fault"
)

// Refusals that the gate and use cases share.
var (
	ErrSignedOut = fault.New(fault.Unauthenticated, "access.signed_out", "You are signed out.").WithHint("Sign in to go on.")
	ErrLocked    = fault.New(fault.Unauthenticated, "access.locked", "Keydesk is locked.").WithHint("Enter your password to go on.")
	ErrForbidden = fault.New(fault.Forbidden, "access.forbidden", "You may not do this.").
			WithHint("Someone with Can Edit Users & Roles can give it to you.")
	ErrScope = fault.New(fault.Forbidden, "access.scope", "This API key may not do that.").
			WithHint("Scopes never change. Make a key that holds the scope.")
	ErrPassword  = fault.New(fault.Forbidden, "access.password_needed", "Enter your password once more for this.")
	ErrBeyondYou = fault.New(fault.Forbidden, "user.beyond_you", "This holds a permission that you do not have.").
			WithHint("Ask an Org Admin to do it.")
)

// Require refuses when the caller holds none of these permissions; one is
// enough. It is for a right that depends on the data. what is the subject of
// the refusal's sentence ("Switching the TLS check off"). The operation
// declares each permission in Asks, so that the list of operations shows it.
// Faults: access.forbidden, and access.scope for an API key.
func (i *Invocation) Require(what string, anyOf ...Permission) error {
	labels := make([]string, len(anyOf))
	for n, p := range anyOf {
		if !i.Op.declares(p) {
			return undeclared(i.Op, "asks for "+string(p))
		}
		if i.Caller.Can(p) {
			return nil
		}
		labels[n] = p.Label()
	}
	if i.Caller.Kind == Key {
		return ErrScope.WithMessage("%s needs the scope %s.", what, strings.Join(scopesFor(i.Op.Scope, anyOf), " or "))
	}
	return ErrForbidden.WithMessage("%s needs the permission %s.", what, strings.Join(labels, " or "))
}

// scopesFor are the scopes of an operation that mean one of these permissions.
func scopesFor(scopes []Scope, anyOf []Permission) []string {
	var names []string
	for _, info := range Scopes {
		if slices.Contains(scopes, info.Scope) && slices.Contains(anyOf, info.Permission) {
			names = append(names, string(info.Scope))
		}
	}
	return names
}

// RequireFresh refuses when the password was not entered in the last 5
// minutes. The operation declares AsksFresh. Faults: access.password_needed.
func (i *Invocation) RequireFresh(why string) error {
	if i.Op.Name != "" && !i.Op.AsksFresh && !i.Op.Fresh {
		return undeclared(i.Op, "asks for a fresh password")
	}
	if i.Fresh {
		return nil
	}
	return ErrPassword.WithMessage("%s", why)
}

// RequireHeld refuses when somebody or something holds a right the caller
// lacks: nobody may give, reset, edit, replace or take over more than they
// hold. Org Admin counts as a separate right, since only Org Admins back up and
// restore. what is the subject of a sentence ("The role Manager"). The
// operation declares AsksHeld. Faults: user.beyond_you.
func (i *Invocation) RequireHeld(what string, holds Set, orgAdmin bool) error {
	if i.Op.Name != "" && !i.Op.AsksHeld {
		return undeclared(i.Op, "compares rights")
	}
	if orgAdmin && !i.Caller.IsOrgAdmin {
		return ErrBeyondYou.WithMessage("%s is Org Admin, and you are not.", what)
	}
	for _, info := range Permissions {
		if holds[info.Permission] && !i.Caller.Can(info.Permission) {
			return ErrBeyondYou.WithMessage("%s holds the permission %s, which you do not have.", what, info.Label)
		}
	}
	if !i.Caller.Permissions.Covers(holds) {
		return ErrBeyondYou
	}
	return nil
}

// RefusedAs makes the gate record the fault that the use case returns as a
// refusal of this caller: a failed sign-in is recorded under the user it was
// tried for. Faults of kind forbidden are recorded without it.
func (i *Invocation) RefusedAs(caller Caller) { i.refusedAs = &caller }

// Refusal returns the user that the gate records a refusal for, and false for
// an error that is no refusal. A missing fresh password is a question, not a
// refusal. For the gate.
func (i *Invocation) Refusal(err *fault.Error) (Caller, bool) {
	switch {
	case i.refusedAs != nil:
		return *i.refusedAs, true
	case err.Kind == fault.Forbidden && err.Code != ErrPassword.Code:
		return i.Caller, true
	}
	return Caller{}, false
}

func undeclared(op Info, does string) error {
	return fault.ErrInternal.WithCause(fault.New(fault.Internal, "access.undeclared", op.Name+" "+does+" and does not declare it"))
}
