// Package gate is the one place every call of every door passes, once. Wails
// has no middleware, HTTP has its own; so the middle is this function.
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
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"keydesk/backend/access"
	"keydesk/backend/fault"
)

// Handler runs one bound operation.
type Handler[In, Out any] func(ctx context.Context, in In) (Out, error)

// Sessions tells who calls. Permissions are read at call time, so that a
// revoked right acts on the next call. Faults: access.signed_out,
// access.locked.
type Sessions interface {
	Caller(ctx context.Context) (access.Caller, error)
}

// Transactions runs fn in one transaction that travels in the context.
type Transactions interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
}

// ActivityLog writes activity. Record joins the context's transaction; RecordRefusal
// keeps its own small one.
type ActivityLog interface {
	Record(ctx context.Context, invocation *access.Invocation, changes []access.Change) error
	RecordRefusal(ctx context.Context, invocation *access.Invocation, reason *fault.Error)
}

// Parts are what a gate is made of.
type Parts struct {
	Sessions     Sessions
	Transactions Transactions
	Activity     ActivityLog
	// DataKeyOpen tells whether secrets and the trail can be used; while it is
	// closed only public operations run.
	DataKeyOpen func() bool
	Log         *slog.Logger
	Now         func() time.Time
	// Changed is told the kinds of things that changed, after the commit.
	Changed func(kinds []string)
}

// Gate runs bound operations.
type Gate struct {
	Parts
	mu   sync.Mutex
	ops  map[string]Bound
	runs runs
}

// Faults of the gate.
var (
	ErrSignedOut = fault.New(fault.Unauthenticated, "access.signed_out", "You are signed out.").WithHint("Sign in to go on.")
	ErrForbidden = fault.New(fault.Forbidden, "access.forbidden", "You may not do this.")
	ErrPassword  = fault.New(fault.Forbidden, "access.password_needed", "Enter your password once more for this.")
	ErrLocked    = fault.New(fault.Unavailable, "vault.locked", "The secrets are locked.").WithHint("Unlock them first.")
	ErrCancelled = fault.New(fault.Conflict, "keydesk.cancelled", "Cancelled.")
	ErrTimeout   = fault.New(fault.Unavailable, "keydesk.timeout", "This took too long and was undone.").WithHint("Try again in a moment.")
)

// Time limits: a Write's transaction, and how long an entered password counts
// as fresh (security.md 8).
const (
	writeLimit = 20 * time.Second
	freshFor   = 5 * time.Minute
)

// New makes a gate; it does no I/O.
func New(parts Parts) *Gate {
	if parts.Now == nil {
		parts.Now = time.Now
	}
	if parts.Changed == nil {
		parts.Changed = func([]string) {}
	}
	return &Gate{Parts: parts, ops: map[string]Bound{}, runs: runs{now: parts.Now, known: map[string]*operation{}}}
}

// Bind pairs an operation with its use case and notes it in the registry. It
// panics, at start and in every test, on an operation without name, words, mode
// or permission, or bound twice: such a program must not run.
func Bind[In, Out any](g *Gate, op access.Op[In, Out], use func(ctx context.Context, in In) (Out, error)) Handler[In, Out] {
	info := op.Info()
	if problem := Problem(info); problem != "" {
		panic("gate: operation " + info.Name + ": " + problem)
	}
	g.mu.Lock()
	if _, twice := g.ops[info.Name]; twice {
		g.mu.Unlock()
		panic("gate: operation " + info.Name + " is bound twice")
	}
	handler := guard(g, info, use)
	g.ops[info.Name] = Bound{Info: info, In: reflect.TypeFor[In](), Out: reflect.TypeFor[Out](), handler: handler}
	g.mu.Unlock()
	return handler
}

// guard puts admission, validation, recording and settling around a use case.
func guard[In, Out any](g *Gate, info access.Info, use func(ctx context.Context, in In) (Out, error)) Handler[In, Out] {
	return func(ctx context.Context, in In) (out Out, err error) {
		invocation := &access.Invocation{Op: info, CallID: uuid.Must(uuid.NewV7()).String()}
		defer func() {
			if caught := recover(); caught != nil {
				err = g.settle(invocation, fmt.Errorf("panic: %v\n%s", caught, debug.Stack()))
			}
			if err != nil {
				var none Out
				out = none
			}
		}()
		invocation.Caller, err = g.admit(ctx, invocation)
		if err != nil {
			return out, err
		}
		if err := Validate(in); err != nil {
			return out, err
		}
		ctx = access.With(ctx, invocation)
		switch info.Mode {
		case access.Write:
			err = g.write(ctx, invocation, func(ctx context.Context) (err error) { out, err = use(ctx, in); return err })
		case access.Long:
			invocation.Commit = func(ctx context.Context, fn func(ctx context.Context) error) error {
				return g.commit(ctx, invocation, fn)
			}
			out, err = long(ctx, g, in, use)
		default:
			out, err = use(ctx, in)
		}
		return out, g.settle(invocation, err)
	}
}

// Problem says what an operation's declaration lacks, or nothing. The guard
// test asks it of every operation.
func Problem(info access.Info) string {
	switch {
	case !strings.Contains(info.Name, "."):
		return "its name is not feature.verb"
	case info.Does == "":
		return "it has no words for activity"
	case info.Mode != access.Read && info.Mode != access.Write && info.Mode != access.Long:
		return "it has no mode"
	case info.Public && len(info.Needs)+len(info.Any) > 0:
		return "public operations name no permission"
	case !info.Public && len(info.Needs)+len(info.Any) == 0:
		return "it names no permission"
	}
	for _, p := range append(append([]access.Permission{}, info.Needs...), info.Any...) {
		if p != access.SignedIn && !p.Known() {
			return "unknown permission " + string(p)
		}
	}
	return ""
}

// admit finds the caller and refuses who may not.
func (g *Gate) admit(ctx context.Context, invocation *access.Invocation) (access.Caller, error) {
	if invocation.Op.Public {
		caller, err := g.Sessions.Caller(ctx)
		if err != nil {
			return access.Caller{Source: caller.Source}, nil
		}
		return caller, nil
	}
	if !g.DataKeyOpen() {
		return access.Caller{}, ErrLocked
	}
	caller, err := g.Sessions.Caller(ctx)
	if err != nil {
		invocation.Caller = caller
		if refusal := fault.From(err); refusal.Code == "access.locked" {
			g.Activity.RecordRefusal(ctx, invocation, refusal)
		}
		return caller, err
	}
	invocation.Caller = caller
	if missing := missing(invocation.Op, caller); missing != "" {
		refusal := ErrForbidden.WithMessage("You need the permission %s.", missing).
			WithHint("Someone with Can Edit Users & Roles can give it to you.")
		g.Activity.RecordRefusal(ctx, invocation, refusal)
		return caller, refusal
	}
	if invocation.Op.Fresh && g.Now().Sub(caller.PasswordAt) > freshFor {
		return caller, ErrPassword
	}
	return caller, nil
}

// missing names in words the permission that the caller lacks, or nothing.
func missing(op access.Info, caller access.Caller) string {
	for _, p := range op.Needs {
		if p != access.SignedIn && !caller.Can(p) {
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

var errNoChange = errors.New("a write reported no change")

// write runs a use case and its activity rows in one transaction.
func (g *Gate) write(ctx context.Context, invocation *access.Invocation, use func(ctx context.Context) error) error {
	ctx, stop := context.WithTimeoutCause(ctx, writeLimit, ErrTimeout)
	defer stop()
	return g.commit(ctx, invocation, use)
}

// commit is one transaction with the activity rows of what it reports.
func (g *Gate) commit(ctx context.Context, invocation *access.Invocation, fn func(ctx context.Context) error) error {
	invocation.TakeChanges()
	var kinds []string
	err := g.Transactions.InTx(ctx, func(ctx context.Context) error {
		if err := fn(ctx); err != nil {
			return err
		}
		changes := invocation.TakeChanges()
		if len(changes) == 0 {
			return errNoChange
		}
		for _, change := range changes {
			kinds = append(kinds, change.Kind)
		}
		return g.Activity.Record(ctx, invocation, changes)
	})
	if err == nil {
		g.Changed(kinds)
	}
	return err
}

// settle turns what is not a fault into an internal one and logs it once, with
// operation and call id, never the input.
func (g *Gate) settle(invocation *access.Invocation, err error) error {
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
	return known
}
