package call

import (
	"context"
	"errors"
	"fmt"
	"time"

	"keydesk/backend/access"
)

// History is written in batches, so that a run costs few commits
// (performance.md 4, item 14).
const (
	batchSize = 128
	batchWait = 100 * time.Millisecond
	// unread is how many answers may wait to be redacted. They are whole, up to
	// 10 MiB each, so there are few.
	unread = 4
)

// kept is the history of a run, written beside its firing: one goroutine reads
// and redacts the answers, another commits a batch meanwhile.
type kept struct {
	shots    chan *shot
	batches  chan []Detail
	done     chan struct{}
	verdicts Verdicts
	// unreadable and unwritten are each one goroutine's first failure.
	unreadable, unwritten error
}

// keepHistory begins the history of a run. Where it fails it tells stop, and
// the rest is not written either.
func (s *Service) keepHistory(ctx context.Context, runID string, stop context.CancelCauseFunc) *kept {
	k := &kept{shots: make(chan *shot, unread), batches: make(chan []Detail, 1), done: make(chan struct{})}
	ctx = context.WithoutCancel(ctx) // what is out is kept, also when the person has cancelled
	go func() {
		defer close(k.batches)
		k.gather(func(one *shot) error { return caught(func() error { s.read(one); return nil }) }, stop)
	}()
	go func() {
		defer close(k.done)
		for batch := range k.batches {
			if k.unwritten != nil {
				continue
			}
			if k.unwritten = caught(func() error { return s.recordBatch(ctx, runID, batch) }); k.unwritten != nil {
				stop(k.unwritten)
			}
		}
	}()
	return k
}

// gather reads each shot's answer and passes batches on, when they are full
// and every batchWait.
func (k *kept) gather(read func(*shot) error, stop context.CancelCauseFunc) {
	var batch []Detail
	pass := func() {
		if len(batch) > 0 {
			k.batches <- batch
			batch = nil
		}
	}
	defer pass()
	tick := time.NewTicker(batchWait)
	defer tick.Stop()
	for {
		select {
		case one, open := <-k.shots:
			if !open {
				return
			}
			if err := read(one); err != nil {
				k.unreadable = err
				stop(err)
				continue
			}
			k.verdicts.add(one.detail.Call.Verdict)
			if batch = append(batch, one.detail.kept()); len(batch) >= batchSize {
				pass()
			}
		case <-tick.C:
			pass()
		}
	}
}

// add gives the history a shot that was fired.
func (k *kept) add(one *shot) { k.shots <- one }

// close waits until all is written, counts the results and says what failed.
func (k *kept) close() (Verdicts, error) {
	close(k.shots)
	<-k.done
	return k.verdicts, errors.Join(k.unwritten, k.unreadable)
}

// recordBatch writes calls, their setups' last results and one activity row in
// one transaction.
func (s *Service) recordBatch(ctx context.Context, runID string, batch []Detail) error {
	run := access.From(ctx)
	return run.Commit(ctx, func(ctx context.Context) error {
		var counts Verdicts
		ids := make([]string, 0, len(batch))
		for _, detail := range batch {
			if err := s.store.InsertCall(ctx, detail); err != nil {
				return err
			}
			one := detail.Call
			counts.add(one.Verdict)
			if err := s.setups.SetLastResult(ctx, one.SetupID, one.last()); err != nil {
				return err
			}
			ids = append(ids, one.SetupID)
		}
		if err := s.store.PruneTests(ctx, ids, keptTests); err != nil {
			return err
		}
		run.Changed(Kind, runID, fmt.Sprintf("Test all: %d calls", len(batch)), nil, counts)
		return nil
	})
}
