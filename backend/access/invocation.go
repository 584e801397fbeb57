package access

import (
	"context"
	"time"
)

// Caller is who calls: a signed-in user, or nobody when UserID is empty.
type Caller struct {
	UserID      string
	Name        string
	Roles       []string
	IsOrgAdmin  bool
	Permissions Set
	// Source is where the call came from: "window", later "api" or "cli".
	Source string
	// PasswordAt is when the password was last entered, for Fresh operations.
	PasswordAt time.Time
	// SessionID changes with every sign-in; confirmations hold for one session.
	SessionID string
}

// Can tells whether the caller holds a permission.
func (c Caller) Can(p Permission) bool { return c.Permissions[p] }

// Change is one thing an operation did. Before and After are what activity
// shows, already free of secrets; nil means there was or is nothing.
type Change struct {
	Kind   string
	ID     string
	Name   string
	Before any
	After  any
}

// Invocation is one running operation: who calls and what it has changed so far.
type Invocation struct {
	Caller Caller
	Op     Info
	CallID string

	// Commit runs fn in one short transaction that also writes the activity
	// rows of what fn reported through Changed. Only Long operations use it;
	// inside a Write the gate's own transaction is already open.
	Commit func(ctx context.Context, fn func(ctx context.Context) error) error

	// Progress, where set, is told how far a Long operation is.
	Progress func(done, total int, text string)

	changes []Change
}

// Report tells how far a Long operation is; total 0 means not known.
func (i *Invocation) Report(done, total int, text string) {
	if i.Progress != nil {
		i.Progress(done, total, text)
	}
}

// Changed reports a change for the activity trail (kind is a feature word).
func (i *Invocation) Changed(kind, id, name string, before, after any) {
	i.changes = append(i.changes, Change{Kind: kind, ID: id, Name: name, Before: before, After: after})
}

// TakeChanges gives what was reported since the last time and forgets it. For
// the gate.
func (i *Invocation) TakeChanges() []Change {
	taken := i.changes
	i.changes = nil
	return taken
}

type invocationKey struct{}

// With puts the invocation into the context. For the gate and for tests of services.
func With(ctx context.Context, invocation *Invocation) context.Context {
	return context.WithValue(ctx, invocationKey{}, invocation)
}

// From gives the invocation of this context. Outside an operation it is an empty one
// by nobody, so that a forgotten gate can do nothing.
func From(ctx context.Context) *Invocation {
	if invocation, ok := ctx.Value(invocationKey{}).(*Invocation); ok {
		return invocation
	}
	return &Invocation{}
}
