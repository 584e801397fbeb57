// Package limit bounds the work on what other people send: answers, files,
// pasted lines. Whatever reads, searches or judges such text takes a Budget and
// charges it before it works, so that neither the text nor the rule decides how
// long that takes and how much memory it needs (RULES.md, Bounds).
//
// Everything that can become slow is reached only with a Budget: a regular
// expression that is not part of the program is a Pattern, which matches with a
// Budget alone, and a Reader charges what is read through it. A test keeps other
// packages from compiling expressions themselves.
package limit

import (
	"context"
	"io"

	"keydesk/backend/fault"
)

// A step is what takes about 10 ns on a slow computer, so Steps is about one
// second of work. Bytes is the memory that may be produced in all, in addition to
// the text itself; most of it is garbage soon.
const (
	Steps = 100_000_000
	Bytes = 64 << 20
	// poll is how many steps pass between two looks at the context: about 10 ms
	// of work. Less work than that is always finished, so that an ordinary answer
	// is judged even though the person has cancelled by now.
	poll = 1_000_000
)

// ErrTooMuch is the error of a budget that is used up.
var ErrTooMuch = fault.New(fault.Invalid, "limit.too_much", "This is too large or too deep to be worked through.").
	WithHint("Use a smaller text or a simpler rule.")

// Budget is what one piece of work may cost. It belongs to one goroutine.
type Budget struct {
	ctx         context.Context
	steps, left int64 // until the budget ends; until the context is asked
	bytes       int64
	err         error
}

// New gives the usual budget, which also ends with the context: the deadline of a
// call, or its Cancel.
func New(ctx context.Context) *Budget { return Of(ctx, Steps, Bytes) }

// Of gives a budget of so many steps and bytes.
func Of(ctx context.Context, steps, bytes int64) *Budget {
	return &Budget{ctx: ctx, steps: steps, left: poll, bytes: bytes}
}

// Work charges steps. False means that the budget has ended and the work has to
// stop; it is false from then on.
func (b *Budget) Work(steps int64) bool {
	if b.err != nil {
		return false
	}
	if b.steps -= steps; b.steps < 0 || steps < 0 {
		b.err = ErrTooMuch
		return false
	}
	if b.left -= steps; b.left < 0 {
		b.left = poll
		if b.ctx.Err() != nil {
			b.err = context.Cause(b.ctx)
		}
	}
	return b.err == nil
}

// Keep charges memory, before it is produced.
func (b *Budget) Keep(bytes int64) bool {
	if b.err != nil {
		return false
	}
	if b.bytes -= bytes; b.bytes < 0 || bytes < 0 {
		b.err = ErrTooMuch
	}
	return b.err == nil
}

// Err says why the budget has ended: ErrTooMuch, or the context's cause. It is nil
// while there is some left.
func (b *Budget) Err() error { return b.err }

// Reader charges a step for each byte that is read through it, and fails when the
// budget has ended.
func (b *Budget) Reader(from io.Reader) io.Reader { return &reader{b, from} }

type reader struct {
	budget *Budget
	from   io.Reader
}

func (r *reader) Read(into []byte) (int, error) {
	n, err := r.from.Read(into)
	if !r.budget.Work(int64(n)) {
		return 0, r.budget.Err()
	}
	return n, err
}
