// Package gate is the one place that every call of every door passes, once.
// Wails has no middleware and HTTP has a different one, so this package is the
// middleware of both.
//
// In this order it admits (permission, before anything else), validates,
// runs, records and settles. Nothing else does any of these. The wiring binds
// each operation to its use case once, with Bind; doors hold only the
// resulting Handlers, so an operation cannot be paired with another's use case.
package gate

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"keydesk/backend/access"
	"keydesk/backend/fault"
)

// Handler runs one bound operation.
type Handler[In, Out any] func(ctx context.Context, in In) (Out, error)

// Resolver finds who calls from one source. Permissions are read at each call,
// so that a revoked right takes effect on the next one. The caller is returned
// with the fault access.locked too, so that the refusal can be recorded.
// Faults: access.signed_out, access.locked.
type Resolver interface {
	Caller(ctx context.Context, source access.Source) (access.Caller, error)
}

// Outbox keeps events until they are sent or too old. Both methods join the
// context's transaction.
type Outbox interface {
	InsertEvents(ctx context.Context, events []access.Event, atMs int64) error
	// DeleteEventsBefore removes events older than a time and returns how
	// many.
	DeleteEventsBefore(ctx context.Context, beforeMs int64) (int, error)
}

// Transactions runs fn in one transaction that travels in the context.
type Transactions interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
}

// ActivityLog writes activity. Record joins the context's transaction;
// RecordRefusal uses its own small one.
type ActivityLog interface {
	Record(ctx context.Context, invocation *access.Invocation, changes []access.Change) error
	RecordRefusal(ctx context.Context, invocation *access.Invocation, reason *fault.Error)
}

// Parts are what a gate is made of.
type Parts struct {
	// Resolvers find who calls, one for each source that has a door. A call
	// from any other source is made by nobody.
	Resolvers    map[access.SourceKind]Resolver
	Transactions Transactions
	Outbox       Outbox
	Activity     ActivityLog
	// Writable returns nil, or why nothing can be written now; then whatever
	// writes is refused with it. nil is always writable.
	Writable func() error
	// DataKeyOpen reports whether secrets and the trail can be used. While the
	// data key is closed only public operations run.
	DataKeyOpen func() bool
	Log         *slog.Logger
	Now         func() time.Time
	// Changed is called with the kinds of things that changed, after the
	// commit.
	Changed func(kinds []string)
}

// Gate runs bound operations.
type Gate struct {
	Parts
	mu   sync.Mutex
	ops  map[string]Bound
	runs runs
}

// Faults of the gate, in addition to those of package access.
var (
	ErrLocked    = fault.New(fault.Unavailable, "vault.locked", "The secrets are locked.").WithHint("Unlock them first.")
	ErrCancelled = fault.New(fault.Conflict, "keydesk.cancelled", "Cancelled.")
	ErrTimeout   = fault.New(fault.Unavailable, "keydesk.timeout", "This took too long and was undone.").WithHint("Try again in a moment.")
)

// Time limits: a Write's transaction, and how long an entered password counts
// as fresh.
const (
	writeLimit = 20 * time.Second
	freshFor   = 5 * time.Minute
)

// New makes a gate; it does no I/O.
func New(parts Parts) *Gate {
	if parts.Now == nil {
		parts.Now = time.Now
	}
	if parts.Writable == nil {
		parts.Writable = func() error { return nil }
	}
	if parts.Changed == nil {
		parts.Changed = func([]string) {}
	}
	return &Gate{Parts: parts, ops: map[string]Bound{}, runs: runs{now: parts.Now, known: map[runKey]*operation{}}}
}

// Bind pairs an operation with its use case and notes it in the registry. It
// panics, at start and in every test, on an operation without name, words, mode
// or permission, or bound twice: such a program must not run.
func Bind[In, Out any](g *Gate, op access.Op[In, Out], use func(ctx context.Context, in In) (Out, error)) Handler[In, Out] {
	info := access.Info(op)
	handler := guard(g, &info, use)
	g.bind(&info, reflect.TypeFor[In](), reflect.TypeFor[Out](), handler)
	return handler
}

// bind notes an operation in the registry, or panics.
func (g *Gate) bind(info *access.Info, in, out reflect.Type, handler any) {
	if problem := Problem(*info); problem != "" {
		panic("gate: operation " + info.Name + ": " + problem)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if _, twice := g.ops[info.Name]; twice {
		panic("gate: operation " + info.Name + " is bound twice")
	}
	g.ops[info.Name] = Bound{Info: *info, In: in, Out: out, handler: handler}
}

// guard puts the gate around a use case. Only what needs the types is here: this
// code is in the program once for every operation.
//
//go:noinline
func guard[In, Out any](g *Gate, info *access.Info, use func(ctx context.Context, in In) (Out, error)) Handler[In, Out] {
	return func(ctx context.Context, in In) (Out, error) {
		var out Out
		err := g.run(ctx, info, in, func(ctx context.Context) (err error) { out, err = use(ctx, in); return err })
		if err != nil {
			var none Out
			out = none
		}
		return out, err
	}
}

// run puts admission, validation, recording and settling around a use case.
func (g *Gate) run(ctx context.Context, info *access.Info, in any, use func(ctx context.Context) error) (err error) {
	invocation := &access.Invocation{Op: *info, CallID: uuid.Must(uuid.NewV7()).String()}
	defer func() {
		if caught := recover(); caught != nil {
			err = g.settle(ctx, invocation, fault.Panicked(caught))
		}
	}()
	if err := g.admit(ctx, invocation); err != nil {
		return err
	}
	if err := Validate(in); err != nil {
		return err
	}
	ctx = access.With(ctx, invocation)
	switch info.Mode {
	case access.Write:
		err = g.write(ctx, invocation, use)
	case access.Long:
		invocation.Commit = func(ctx context.Context, fn func(ctx context.Context) error) error {
			return g.commit(ctx, invocation, fn)
		}
		err = g.long(ctx, in, use)
	default:
		err = use(ctx)
	}
	return g.settle(ctx, invocation, err)
}

// Problem returns what an operation's declaration lacks, or an empty string.
// The guard test calls it for every operation.
func Problem(info access.Info) string {
	switch {
	case !strings.Contains(info.Name, "."):
		return "its name is not feature.verb"
	case info.Does == "":
		return "it has no words for activity"
	case info.Mode != access.Read && info.Mode != access.Write && info.Mode != access.Long:
		return "it has no mode"
	case info.WhileReading && info.Mode != access.Long:
		return "only a Long operation can run while nothing can be written"
	case (info.Public || info.System) && len(info.Needs)+len(info.Any) > 0:
		return "public and system operations name no permission"
	case info.Public && info.System:
		return "it is both public and for Keydesk alone"
	case !info.Public && !info.System && len(info.Needs)+len(info.Any) == 0:
		return "it names no permission"
	}
	for _, one := range info.Scope {
		if !one.Known() {
			return "unknown scope " + string(one)
		}
	}
	for _, p := range slices.Concat(info.Needs, info.Any, info.Asks) {
		if p != access.SignedIn && p != access.OrgAdminOnly && !p.Known() {
			return "unknown permission " + string(p)
		}
	}
	return ""
}

// admit refuses a caller without the right, what writes where nothing can be
// written, and a password that is not fresh.
func (g *Gate) admit(ctx context.Context, invocation *access.Invocation) error {
	if err := g.permit(ctx, invocation); err != nil {
		return err
	}
	if err := g.Writable(); err != nil && invocation.Op.Writes() {
		return err
	}
	if invocation.Op.Fresh && !invocation.Fresh {
		return access.ErrPassword
	}
	return nil
}

// permit finds the caller and refuses one without the right.
func (g *Gate) permit(ctx context.Context, invocation *access.Invocation) error {
	caller, err := g.caller(ctx)
	invocation.Caller = caller
	switch {
	case invocation.Op.Door != "" && invocation.Op.Door != caller.Source:
		return access.ErrSignedOut
	case invocation.Op.Public:
		if err != nil {
			invocation.Caller = access.Caller{Source: caller.Source} // it also runs for nobody
		}
		return nil
	case invocation.Op.System != (caller.Kind == access.System):
		return access.ErrSignedOut
	case !g.DataKeyOpen():
		return ErrLocked
	case err != nil:
		if refusal := fault.From(err); refusal.Code == access.ErrLocked.Code {
			g.Activity.RecordRefusal(ctx, invocation, refusal)
		}
		return err
	}
	if slices.Contains(invocation.Op.Needs, access.OrgAdminOnly) && !caller.IsOrgAdmin {
		refusal := access.ErrForbidden.WithMessage("Only an Org Admin may do this.").WithHint("Ask an Org Admin to do it.")
		g.Activity.RecordRefusal(ctx, invocation, refusal)
		return refusal
	}
	if caller.Kind == access.Key && !slices.ContainsFunc(invocation.Op.Scope, func(one access.Scope) bool { return slices.Contains(caller.Scopes, one) }) {
		refusal := scopeRefusal(invocation.Op.Scope)
		g.Activity.RecordRefusal(ctx, invocation, refusal)
		return refusal
	}
	if missing := missing(invocation.Op, caller); missing != "" {
		refusal := access.ErrForbidden.WithMessage("You need the permission %s.", missing)
		g.Activity.RecordRefusal(ctx, invocation, refusal)
		return refusal
	}
	invocation.Fresh = g.Now().Sub(caller.PasswordAt) <= freshFor
	return nil
}

// caller asks the resolver of the context's source. Without a source, or with
// one that has no resolver, the caller is nobody.
func (g *Gate) caller(ctx context.Context) (access.Caller, error) {
	source, given := access.SourceOf(ctx)
	if source == program {
		return access.Caller{
			Kind: access.System, Name: "Keydesk", Permissions: access.All(), IsOrgAdmin: true,
			Source: access.Program, PasswordAt: g.Now(),
		}, nil
	}
	resolver := g.Resolvers[source.Kind]
	if !given || resolver == nil {
		return access.Caller{Source: source.Kind}, access.ErrSignedOut
	}
	return resolver.Caller(ctx, source)
}

// missing returns the label of the permission that the caller lacks, or an
// empty string.
func missing(op access.Info, caller access.Caller) string {
	for _, p := range op.Needs {
		if p.Known() && !caller.Can(p) {
			return p.Label()
		}
	}
	if len(op.Any) == 0 {
		return ""
	}
	labels := make([]string, len(op.Any))
	for i, p := range op.Any {
		if caller.Can(p) {
			return ""
		}
		labels[i] = p.Label()
	}
	return strings.Join(labels, " or ")
}

// scopeRefusal says which scope a key lacks.
func scopeRefusal(needed []access.Scope) *fault.Error {
	if len(needed) == 0 {
		return access.ErrScope.WithMessage("No API key may do that.").WithHint("It is done at the window.")
	}
	names := make([]string, len(needed))
	for i, one := range needed {
		names[i] = string(one)
	}
	return access.ErrScope.WithMessage("This API key may not do that. It needs the scope %s.", strings.Join(names, " or "))
}

var errNoChange = errors.New("a write reported no change")

// write runs a use case and its activity rows in one transaction.
func (g *Gate) write(ctx context.Context, invocation *access.Invocation, use func(ctx context.Context) error) error {
	ctx, stop := context.WithTimeoutCause(ctx, writeLimit, ErrTimeout)
	defer stop()
	return g.commit(ctx, invocation, use)
}

// commit runs one transaction and writes the activity rows and events of what
// it reports. Keydesk's own work may find nothing to do; any other write that
// changed nothing is our mistake.
func (g *Gate) commit(ctx context.Context, invocation *access.Invocation, fn func(ctx context.Context) error) error {
	invocation.TakeChanges()
	invocation.TakeEvents()
	invocation.TakeAfter()
	var kinds []string
	err := g.Transactions.InTx(ctx, func(ctx context.Context) error {
		if err := fn(ctx); err != nil {
			return err
		}
		changes, events := invocation.TakeChanges(), invocation.TakeEvents()
		if len(changes) == 0 && !invocation.Op.System {
			return errNoChange
		}
		for _, change := range changes {
			if access.ScopeOf(change.Kind) == "" {
				return fmt.Errorf("kind %q is not in access.Kinds", change.Kind)
			}
			kinds = append(kinds, change.Kind)
		}
		if err := g.keepEvents(ctx, events); err != nil || len(changes) == 0 {
			return err
		}
		return g.Activity.Record(ctx, invocation, changes)
	})
	if err != nil {
		return err
	}
	for _, fn := range invocation.TakeAfter() {
		fn()
	}
	if len(kinds) > 0 {
		g.Changed(kinds)
	}
	return nil
}

func (g *Gate) keepEvents(ctx context.Context, events []access.Event) error {
	if len(events) == 0 {
		return nil
	}
	for _, event := range events {
		if !event.Name.Known() {
			return fmt.Errorf("event %q is not in access.Events", event.Name)
		}
	}
	return g.Outbox.InsertEvents(ctx, events, g.Now().UnixMilli())
}

// settle records a refusal that a use case returned, turns an error that is not
// a fault into an internal one, and logs that once, with operation and call id,
// never the input.
func (g *Gate) settle(ctx context.Context, invocation *access.Invocation, err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return ErrTimeout.WithCause(err)
	}
	if errors.Is(err, context.Canceled) {
		return ErrCancelled.WithCause(err)
	}
	known := fault.From(err)
	if known.Kind == fault.Internal {
		g.Log.Error("operation failed", "op", invocation.Op.Name, "call", invocation.CallID, "error", known.Cause())
	}
	if caller, refused := invocation.Refusal(known); refused {
		recorded := *invocation
		recorded.Caller = caller
		g.Activity.RecordRefusal(ctx, &recorded, known)
	}
	return known
}
