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
	// unread is how many answers may wait to be redacted, each of at most
	// keptAnswer bytes.
	unread = 32
)

// kept is the history of a run, written beside its firing: one goroutine reads
// and redacts the answers, another commits a batch meanwhile.
type kept struct {
	s        *Service
	turn     *beside
	stop     context.CancelCauseFunc
	fired    chan answered
	batches  chan []Detail
	done     chan struct{}
	verdicts Verdicts
	// unreadable and unwritten are each one goroutine's first failure.
	unreadable, unwritten error
}

// answered is a shot with its answer; read tells that the answer was read, or
// could not be.
type answered struct {
	*shot
	read bool
	err  error
}

// keepHistory begins the history of a run. Where it fails it tells stop, and
// the rest is not written either.
func (s *Service) keepHistory(ctx context.Context, runID string, stop context.CancelCauseFunc, turn *beside) *kept {
	k := &kept{s: s, turn: turn, stop: stop, fired: make(chan answered, unread), batches: make(chan []Detail, 1), done: make(chan struct{})}
	ctx = context.WithoutCancel(ctx) // what is out is kept, also when the person has cancelled
	go k.gather()
	go func() {
		defer close(k.done)
		for batch := range k.batches {
			if k.unwritten != nil {
				continue
			}
			if k.unwritten = k.record(ctx, runID, batch); k.unwritten != nil {
				stop(k.unwritten)
			}
		}
	}()
	return k
}

// gather reads each answer and passes batches on, when they are full and every
// batchWait.
func (k *kept) gather() {
	defer close(k.batches)
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
		case one, open := <-k.fired:
			if !open {
				return
			}
			if !one.read {
				k.read(&one)
			}
			if one.err != nil {
				k.unreadable = one.err
				k.stop(one.err)
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

func (k *kept) read(one *answered) {
	one.read, one.err = true, k.turn.step(func() { k.s.read(one.shot) })
}

// add gives the history a shot that was fired. A large answer is read at once,
// so that few bytes wait, and so is one that finds the others still waiting.
func (k *kept) add(fired *shot) {
	one := answered{shot: fired}
	if len(fired.answer.Body) <= keptAnswer {
		select {
		case k.fired <- one:
			return
		default:
		}
	}
	k.read(&one)
	k.fired <- one
}

// close waits until all is written, counts the results and says what failed.
func (k *kept) close() (Verdicts, error) {
	close(k.fired)
	<-k.done
	return k.verdicts, errors.Join(k.unwritten, k.unreadable)
}

// record writes calls, their setups' last results and one activity row in one
// transaction.
func (k *kept) record(ctx context.Context, runID string, batch []Detail) error {
	run := access.From(ctx)
	return run.Commit(ctx, func(ctx context.Context) error {
		var counts Verdicts
		ids := make([]string, len(batch))
		for i, detail := range batch {
			counts.add(detail.Call.Verdict)
			ids[i] = detail.Call.SetupID
			var err error
			if broken := k.turn.step(func() { err = k.s.insert(ctx, detail) }); broken != nil || err != nil {
				return errors.Join(broken, err)
			}
		}
		if err := k.s.store.PruneTests(ctx, ids, keptTests); err != nil {
			return err
		}
		run.Changed(Kind, runID, fmt.Sprintf("Test all: %d calls", len(batch)), nil, counts)
		return nil
	})
}

// insert writes a test that is done, and what the list of setups shows of it.
func (s *Service) insert(ctx context.Context, detail Detail) error {
	if err := s.store.InsertCall(ctx, detail); err != nil {
		return err
	}
	return s.setups.SetLastResult(ctx, detail.Call.SetupID, detail.Call.last())
}
