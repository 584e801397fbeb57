package call

import (
	"context"
	"strings"
	"testing"
)

// A panic beside the operation's goroutine would end the program, since the
// gate cannot see it there: it becomes an error and stops the run, and the run
// still ends.
func TestPanicBesideTheOperation(t *testing.T) {
	ctx, stop := context.WithCancelCause(t.Context())
	defer stop(nil)
	// A service without parts: reading an answer with it panics.
	k := &kept{s: &Service{}, turn: &beside{}, stop: stop, fired: make(chan answered, 1), batches: make(chan []Detail, 10), done: make(chan struct{})}
	go k.gather()
	good := &shot{detail: Detail{Call: Call{Verdict: "accepted"}}}
	k.fired <- answered{shot: good, read: true}
	k.add(&shot{})
	k.fired <- answered{shot: good, read: true}
	go func() {
		written := 0
		for batch := range k.batches {
			written += len(batch)
		}
		if written != 2 {
			t.Errorf("%d are written", written)
		}
		close(k.done)
	}()
	verdicts, err := k.close()
	if err == nil || !strings.Contains(err.Error(), "panic: ") || context.Cause(ctx) == nil {
		t.Errorf("it ended with %v, stopped by %v", err, context.Cause(ctx))
	}
	if verdicts != (Verdicts{Accepted: 2}) {
		t.Errorf("counted %+v", verdicts)
	}
}

// Only one step runs at a time, also after one that panicked.
func TestStepsTakeTurns(t *testing.T) {
	turn, running, most := &beside{}, 0, 0
	done := make(chan struct{})
	for i := range 50 {
		go func() {
			_ = turn.step(func() {
				running++
				most = max(most, running)
				running--
				if i%5 == 0 {
					panic("one of them")
				}
			})
			done <- struct{}{}
		}()
	}
	for range 50 {
		<-done
	}
	if most != 1 || running != 0 {
		t.Errorf("%d ran at once, %d never ended", most, running)
	}
}
