package access

import "context"

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
	// Caller is who calls. Sign-in, a forgotten password and the first run begin
	// without a caller and set it to the person they proved, so that their
	// entries belong to that person.
	Caller Caller
	Op     Info
	CallID string
	// Fresh is true when the password was entered in the last 5 minutes.
	Fresh bool

	// Commit runs fn in one short transaction that also writes the activity
	// rows of what fn reported through Changed. Only Long operations use it;
	// inside a Write the gate's own transaction is already open.
	Commit func(ctx context.Context, fn func(ctx context.Context) error) error

	// Progress, if set, is called with how far a Long operation is.
	Progress func(done, total int, text string)

	changes   []Change
	events    []Event
	after     []func()
	refusedAs *Caller
}

// Report says how far a Long operation is; total 0 means not known.
func (i *Invocation) Report(done, total int, text string) {
	if i.Progress != nil {
		i.Progress(done, total, text)
	}
}

// Changed reports a change for the activity log. The kind is one of Kinds.
func (i *Invocation) Changed(kind, id, name string, before, after any) {
	i.changes = append(i.changes, Change{Kind: kind, ID: id, Name: name, Before: before, After: after})
}

// TakeChanges returns what was reported since the last call and forgets it. For
// the gate.
func (i *Invocation) TakeChanges() []Change {
	taken := i.changes
	i.changes = nil
	return taken
}

// Emit reports an event to everything that listens to this office. The name is
// one of Events. Data becomes JSON and holds ids, names, verdicts and text,
// never a secret. The gate keeps it in the transaction of the change.
func (i *Invocation) Emit(name EventName, objectID string, data any) {
	i.events = append(i.events, Event{Name: name, ObjectID: objectID, Data: data})
}

// TakeEvents returns what was emitted since the last call and forgets it. For
// the gate.
func (i *Invocation) TakeEvents() []Event {
	taken := i.events
	i.events = nil
	return taken
}

// AfterCommit makes fn run when the transaction is committed and before its
// caller has the answer, so that what is kept in memory is never behind. It does
// not run when nothing is committed.
func (i *Invocation) AfterCommit(fn func()) { i.after = append(i.after, fn) }

// TakeAfter returns what AfterCommit was given since the last call and forgets
// it. For the gate.
func (i *Invocation) TakeAfter() []func() {
	taken := i.after
	i.after = nil
	return taken
}

type invocationKey struct{}

// With puts the invocation into the context. For the gate and for tests of services.
func With(ctx context.Context, invocation *Invocation) context.Context {
	return context.WithValue(ctx, invocationKey{}, invocation)
}

// From returns the invocation of this context. Outside an operation it is an
// empty one by nobody, so that code that forgot the gate can do nothing.
func From(ctx context.Context) *Invocation {
	if invocation, ok := ctx.Value(invocationKey{}).(*Invocation); ok {
		return invocation
	}
	return &Invocation{}
}
