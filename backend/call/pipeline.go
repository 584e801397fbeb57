package call

import (
	"context"
	"fmt"
	"sync"
	"time"

	"keydesk/backend/access"
	"keydesk/backend/fault"
)

const (
	// readTogether is how many setups are read and rendered at once.
	readTogether = 32
	// waiting is how many of them may wait to be fired: as many as are fired
	// while a batch of history is written.
	waiting = 64
	// unread is how many answers may wait to be redacted, each of at most
	// keptAnswer bytes.
	unread = 64
	// History is written in batches, so that a run costs few commits.
	batchSize = 64
	batchWait = 100 * time.Millisecond
)

// pipeline does the work of a run around its firing: it reads and renders the
// setups that come next, and redacts and writes what came back. One goroutine
// does all of it. With one for each task, every handover between them would wake
// a thread while a call is out, and the call would take longer (measured). Only
// the commit of a batch, which waits for the disk, has a separate goroutine.
type pipeline struct {
	s     *Service
	runID string
	stop  context.CancelCauseFunc
	// targets are the setups not read yet.
	targets []string
	// ready are the next to be fired; it is closed after the last of them.
	ready chan prefetched
	// fired takes what was fired; the goroutine that fires closes it.
	fired chan answered
	batch []Detail
	// planned counts the batches that were read, and reached is that of the newest
	// result. plans says that some of their calls were recorded before.
	planned, reached int
	plans            bool
	// written counts the calls of earlier batches.
	written int
	// committed tells how the commit of the last batch ended; nil when none is
	// under way.
	committed chan error
	done      chan struct{}
	ended     sync.Once

	verdicts Verdicts
	// err is the first failure. Nothing is written after it.
	err error
}

// answered is an attempt with its answer; read says that the answer was read, or
// could not be.
type answered struct {
	*attempt
	read bool
	err  error
}

// startPipeline begins the work around a run, which ends with ctx. If the work
// fails it calls stop.
func (s *Service) startPipeline(ctx context.Context, stop context.CancelCauseFunc, targets []string, runID string) *pipeline {
	b := &pipeline{
		s: s, runID: runID, stop: stop, targets: targets, ready: make(chan prefetched, waiting),
		fired: make(chan answered, unread), done: make(chan struct{}),
	}
	go b.work(ctx)
	return b
}

func (b *pipeline) work(ctx context.Context) {
	defer close(b.done)
	tick := time.NewTicker(batchWait)
	defer tick.Stop()
	var next []prefetched
	// A few at first, so that the firing begins at once.
	count := readTogether / 8
	stopped, ready := ctx.Done(), b.ready
	for {
		if some := b.targets[:min(count, len(b.targets))]; len(next) == 0 && len(some) > 0 {
			b.targets, count = b.targets[len(some):], min(2*count, readTogether)
			b.note(guarded(func() (err error) {
				next, err = b.plan(ctx, b.s.prefetch(ctx, some, b.runID))
				return err
			}))
		}
		// A nil channel is not chosen.
		var out chan<- prefetched
		var first prefetched
		switch {
		case len(next) > 0:
			out, first = ready, next[0]
		case ready != nil && len(b.targets) == 0:
			close(ready)
			ready = nil
		}
		select {
		case out <- first:
			next = next[1:]
		case one, open := <-b.fired:
			if !open {
				b.write(ctx)
				b.commit()
				if b.err == nil && b.plans {
					b.note(guarded(func() error { return b.dropPlans(ctx) }))
				}
				return
			}
			b.keep(ctx, one)
			if len(b.batch) >= batchSize {
				b.write(ctx)
			}
		case <-tick.C:
			b.write(ctx)
		case err := <-b.committed:
			b.committed = nil
			b.note(err)
		case <-stopped:
			stopped, next, b.targets = nil, nil, nil
		}
	}
}

// plan records, before they are fired, the calls of a batch that leave this
// computer: what goes out is known afterwards, whatever happens in between. If it
// cannot be recorded none of them is fired.
func (b *pipeline) plan(ctx context.Context, batch []prefetched) ([]prefetched, error) {
	b.planned++
	var calls []Call
	for i := range batch {
		batch[i].plan = b.planned
		if one := batch[i]; one.notFired() == "" && one.attempt.simulator == "" {
			one.attempt.detail.Call.AtMs = b.s.now().UnixMilli()
			calls = append(calls, one.attempt.detail.Call)
		}
		if batch[i].attempt != nil {
			batch[i].attempt.plan = b.planned
		}
	}
	if len(calls) == 0 {
		return batch, nil
	}
	err := b.s.store.InTx(ctx, func(ctx context.Context) error { return b.s.store.PlanCalls(ctx, b.runID, b.planned, calls) })
	if err != nil {
		return nil, err
	}
	b.plans = true
	return batch, nil
}

// dropPlans forgets the plans of a run whose results are all kept. Those of one
// that failed stay: the next start tells what may have been sent.
func (b *pipeline) dropPlans(ctx context.Context) error {
	return b.s.store.InTx(context.WithoutCancel(ctx), func(ctx context.Context) error {
		return b.s.store.DropPlans(ctx, b.runID, b.planned+1)
	})
}

// note remembers the first failure and stops the run.
func (b *pipeline) note(err error) {
	if err != nil && b.err == nil {
		b.err = err
		b.stop(err)
	}
}

// guarded does one piece of work. The gate catches a panic only in the goroutine
// of the operation, so here it becomes an error.
func guarded(do func() error) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fault.Panicked(cause)
		}
	}()
	return do()
}

func (b *pipeline) read(ctx context.Context, one *answered) {
	one.read, one.err = true, guarded(func() error { b.s.read(ctx, one.attempt); return nil })
}

// add hands a fired attempt to the history. A large answer is read at once, so
// that few bytes wait, and so is one that finds the others still waiting.
func (b *pipeline) add(ctx context.Context, fired *attempt) {
	one := answered{attempt: fired}
	if len(fired.answer.Body) <= keptAnswer {
		select {
		case b.fired <- one:
			return
		default:
		}
	}
	b.read(ctx, &one)
	b.fired <- one
}

func (b *pipeline) keep(ctx context.Context, one answered) {
	if !one.read {
		b.read(ctx, &one)
	}
	b.reached = one.plan
	if b.note(one.err); one.err == nil {
		b.verdicts.add(one.detail.Call.Verdict)
		b.batch = append(b.batch, one.detail.kept())
	}
}

// close waits until everything is written, counts the results and returns the
// first failure. Nothing may be added after it.
func (b *pipeline) close() (Verdicts, error) {
	b.ended.Do(func() { close(b.fired) })
	<-b.done
	return b.verdicts, b.err
}

// write inserts the batch and returns while it is being committed. What was sent
// is kept, even if the person has cancelled.
func (b *pipeline) write(ctx context.Context) {
	if len(b.batch) == 0 {
		return
	}
	b.commit()
	batch, first, reached := b.batch, b.written+1, b.reached
	if !b.plans {
		reached = 0
	}
	b.batch, b.written = nil, b.written+len(b.batch)
	if b.err != nil {
		return
	}
	inserted, committed := make(chan struct{}), make(chan error, 1)
	b.committed = committed
	go func() {
		once := sync.OnceFunc(func() { close(inserted) })
		defer once()
		committed <- guarded(func() error { return b.record(context.WithoutCancel(ctx), batch, first, reached, once) })
	}()
	<-inserted
}

// commit waits for the batch that is being committed.
func (b *pipeline) commit() {
	if b.committed != nil {
		b.note(<-b.committed)
		b.committed = nil
	}
}

// record writes calls, their setups' last results and one activity row in one
// transaction. first is the number of the first of these calls in the run,
// reached the batch in which the last of them was planned, 0 for none. It calls inserted when
// only the commit is left.
func (b *pipeline) record(ctx context.Context, batch []Detail, first, reached int, inserted func()) error {
	invocation := access.From(ctx)
	return invocation.Commit(ctx, func(ctx context.Context) error {
		var counts Verdicts
		ids, done := make([]string, len(batch)), make([]Call, len(batch))
		for i, detail := range batch {
			counts.add(detail.Call.Verdict)
			ids[i], done[i] = detail.Call.SetupID, detail.Call
			if err := b.s.insert(ctx, detail); err != nil {
				return err
			}
		}
		if err := b.s.count(ctx, done...); err != nil {
			return err
		}
		if reached > 0 {
			if err := b.s.store.DropPlans(ctx, b.runID, reached); err != nil {
				return err
			}
		}
		if err := b.s.store.PruneTests(ctx, ids, keptTests); err != nil {
			return err
		}
		name := fmt.Sprintf("Test all: call %d", first)
		if len(batch) > 1 {
			name = fmt.Sprintf("Test all: calls %d to %d", first, first+len(batch)-1)
		}
		invocation.Changed(Kind, b.runID, name, nil, counts)
		inserted()
		return nil
	})
}
