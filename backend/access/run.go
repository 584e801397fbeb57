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

// Run is one running operation: who calls and what it has changed so far.
type Run struct {
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
func (r *Run) Report(done, total int, text string) {
	if r.Progress != nil {
		r.Progress(done, total, text)
	}
}

// Changed reports a change for the activity trail (kind is a feature word).
func (r *Run) Changed(kind, id, name string, before, after any) {
	r.changes = append(r.changes, Change{Kind: kind, ID: id, Name: name, Before: before, After: after})
}

// TakeChanges gives what was reported since the last time and forgets it. For
// the gate.
func (r *Run) TakeChanges() []Change {
	taken := r.changes
	r.changes = nil
	return taken
}

type runKey struct{}

// With puts the run into the context. For the gate and for tests of services.
func With(ctx context.Context, run *Run) context.Context {
	return context.WithValue(ctx, runKey{}, run)
}

// From gives the run of this context. Outside an operation it is an empty run
// by nobody, so that a forgotten gate can do nothing.
func From(ctx context.Context) *Run {
	if run, ok := ctx.Value(runKey{}).(*Run); ok {
		return run
	}
	return &Run{}
}
