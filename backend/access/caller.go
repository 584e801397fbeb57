package access

import (
	"context"
	"time"
)

// CallerKind says what sort of caller it is.
type CallerKind string

// The kinds of callers. Nobody has none.
const (
	Person CallerKind = "person" // a user with a session
	Key    CallerKind = "key"    // another program, by an issued API key
	System CallerKind = "system" // Keydesk itself
)

// SourceKind names a door: where a call comes from.
type SourceKind string

// The doors. Activity and the history of calls show them.
const (
	Window      SourceKind = "window"
	API         SourceKind = "api"
	Receiver    SourceKind = "receiver"
	CommandLine SourceKind = "cli"
	// Program is Keydesk itself. Only gate.RunSystem calls from there.
	Program SourceKind = "keydesk"
)

// Source is where a call comes from and what identifies the caller there: the
// window's session, an API key's id. A door puts it into the context of every
// call; a call without one is made by nobody.
type Source struct {
	Kind SourceKind
	ID   string
}

type sourceKey struct{}

// WithSource puts a call's source into its context. For doors.
func WithSource(ctx context.Context, source Source) context.Context {
	return context.WithValue(ctx, sourceKey{}, source)
}

// SourceOf returns the source of a call, and false where no door set one.
func SourceOf(ctx context.Context) (Source, bool) {
	source, given := ctx.Value(sourceKey{}).(Source)
	return source, given
}

// Caller is who makes the call; nobody when Kind is empty.
type Caller struct {
	Kind CallerKind
	// ID is the user's or key's; empty for Keydesk itself.
	ID          string
	Name        string
	Roles       []string
	IsOrgAdmin  bool
	Permissions Set
	// Scopes and Reach are a key's; a person has none and needs none.
	Scopes []Scope
	Reach  Reach
	// Source is the door the call came through.
	Source SourceKind
	// PasswordAt is when the password was last entered, for Fresh operations.
	PasswordAt time.Time
	// SessionID changes with every sign-in; confirmations hold for one session.
	SessionID string
}

// Can reports whether the caller holds a permission.
func (c Caller) Can(p Permission) bool { return c.Permissions[p] }
