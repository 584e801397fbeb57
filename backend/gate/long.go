package gate

import (
	"context"
	"sync"
	"time"
)

// LongInput is what a Long operation's input has: the id the page made before
// calling, so that Cancel cannot lose a race with the call itself.
type LongInput interface{ Operation() string }

// keepRuns is how long progress and cancel of an operation are kept.
const keepRuns = 10 * time.Minute

type operation struct {
	at        time.Time
	session   string
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

type runs struct {
	mu    sync.Mutex
	now   func() time.Time
	known map[string]*operation
}

// find gives the operation of an id, made when new; what is old is forgotten.
func (r *runs) find(id string) *operation {
	for old, op := range r.known {
		if r.now().Sub(op.at) > keepRuns {
			delete(r.known, old)
		}
	}
	op := r.known[id]
	if op == nil {
		op = &operation{at: r.now()}
		r.known[id] = op
	}
	return op
}

// Cancel ends a running Long operation, or one about to start, by its id.
func (g *Gate) Cancel(id string) {
	g.runs.mu.Lock()
	defer g.runs.mu.Unlock()
	op := g.runs.find(id)
	op.cancelled = true
	if op.cancel != nil {
		op.cancel(ErrCancelled)
	}
}

// Progress tells how far an operation is.
func (g *Gate) Progress(id string) Progress {
	g.runs.mu.Lock()
	defer g.runs.mu.Unlock()
	return g.runs.find(id).progress
}

type progressKey struct{}

// Report notes how far the running Long operation is.
func Report(ctx context.Context, done, total int, text string) {
	if note, ok := ctx.Value(progressKey{}).(func(Progress)); ok {
		note(Progress{Done: done, Total: total, Text: text})
	}
}

// long runs a use case that can be cancelled by its operation id.
func long[In, Out any](ctx context.Context, g *Gate, in In, use func(ctx context.Context, in In) (Out, error)) (Out, error) {
	named, ok := any(in).(LongInput)
	if !ok || named.Operation() == "" {
		return use(ctx, in)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	g.runs.mu.Lock()
	op := g.runs.find(named.Operation())
	op.cancel = cancel
	if op.cancelled {
		cancel(ErrCancelled)
	}
	g.runs.mu.Unlock()
	ctx = context.WithValue(ctx, progressKey{}, func(p Progress) {
		g.runs.mu.Lock()
		defer g.runs.mu.Unlock()
		op.progress = p
	})
	return use(ctx, in)
}
