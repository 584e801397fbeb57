package gate

import (
	"context"
	"sync"
	"time"

	"keydesk/backend/access"
)

// CancelInput names a running operation by the id the page made.
type CancelInput struct {
	ID string `json:"id" validate:"required,max=64"`
}

// Operations on running operations.
var (
	OpCancel   = access.Op[CancelInput, Progress]{Name: "operation.cancel", Does: "cancelled something running", Mode: access.Read, Needs: []access.Permission{access.SignedIn}}
	OpProgress = access.Op[CancelInput, Progress]{Name: "operation.progress", Does: "looked at the progress", Mode: access.Read, Needs: []access.Permission{access.SignedIn}}
)

// LongInput is what a Long operation's input has: the id the page made before
// calling, so that Cancel cannot lose a race with the call itself.
type LongInput interface{ Operation() string }

// keepRuns is how long the progress and cancel of an operation are kept before it
// begins and after it has ended.
const keepRuns = 10 * time.Minute

type operation struct {
	// at is when it was first named, or when it ended.
	at        time.Time
	running   bool
	cancel    context.CancelCauseFunc
	cancelled bool
	progress  Progress
}

// Progress is how far a Long operation is. Total 0 means not known.
type Progress struct {
	Done  int    `json:"done"`
	Total int    `json:"total"`
	Text  string `json:"text"`
}

// runKey names a running operation by its caller and the id the caller made, so
// that nobody else finds it.
type runKey struct {
	kind   access.CallerKind
	id     string
	source access.Source
	run    string
}

func keyOf(ctx context.Context, run string) runKey {
	caller := access.From(ctx).Caller
	source, _ := access.SourceOf(ctx)
	return runKey{caller.Kind, caller.ID, source, run}
}

type runs struct {
	mu    sync.Mutex
	now   func() time.Time
	known map[runKey]*operation
}

// find returns the caller's operation with an id and makes it if it is new. It
// forgets what is old.
func (r *runs) find(key runKey) *operation {
	for old, op := range r.known {
		if !op.running && r.now().Sub(op.at) > keepRuns {
			delete(r.known, old)
		}
	}
	op := r.known[key]
	if op == nil {
		op = &operation{at: r.now()}
		r.known[key] = op
	}
	return op
}

// Cancel ends a running Long operation, or one about to start, by its id.
func (g *Gate) Cancel(ctx context.Context, in CancelInput) (Progress, error) {
	g.runs.mu.Lock()
	defer g.runs.mu.Unlock()
	op := g.runs.find(keyOf(ctx, in.ID))
	op.cancelled = true
	if op.cancel != nil {
		op.cancel(ErrCancelled)
	}
	return op.progress, nil
}

// Progress returns how far an operation is.
func (g *Gate) Progress(ctx context.Context, in CancelInput) (Progress, error) {
	g.runs.mu.Lock()
	defer g.runs.mu.Unlock()
	return g.runs.find(keyOf(ctx, in.ID)).progress, nil
}

// long runs a use case that can be cancelled by its operation id.
func (g *Gate) long(ctx context.Context, in any, use func(ctx context.Context) error) error {
	named, ok := in.(LongInput)
	if !ok || named.Operation() == "" {
		return use(ctx)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	g.runs.mu.Lock()
	op := g.runs.find(keyOf(ctx, named.Operation()))
	op.running, op.cancel = true, cancel
	if op.cancelled {
		cancel(ErrCancelled)
	}
	g.runs.mu.Unlock()
	defer func() {
		g.runs.mu.Lock()
		defer g.runs.mu.Unlock()
		op.running, op.at = false, g.runs.now()
	}()
	access.From(ctx).Progress = func(done, total int, text string) {
		g.runs.mu.Lock()
		defer g.runs.mu.Unlock()
		op.progress = Progress{Done: done, Total: total, Text: text}
	}
	return use(ctx)
}
