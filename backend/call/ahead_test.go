package call

import (
	"context"
	"errors"
	"strings"
	"testing"
)

// A panic beside the operation's goroutine would end the program, since the
// gate cannot see it there: it becomes an error and stops the run, and the run
// still ends.
func TestPanicBesideTheOperation(t *testing.T) {
	ctx, stop := context.WithCancelCause(t.Context())
	defer stop(nil)
	k := &kept{shots: make(chan *shot, unread), batches: make(chan []Detail, 10)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		k.gather(func(one *shot) error {
			return caught(func() error {
				if one.mode == Live {
					panic("an answer nobody thought of")
				}
				one.detail.Call.Verdict = "accepted"
				return nil
			})
		}, stop)
		close(k.batches)
	}()
	for _, mode := range []Mode{Test, Live, Test} {
		k.add(&shot{mode: mode})
	}
	close(k.shots)
	<-done
	if cause := context.Cause(ctx); cause == nil || !strings.Contains(cause.Error(), "an answer nobody thought of") || !errors.Is(k.unreadable, cause) {
		t.Errorf("the run was stopped by %v", context.Cause(ctx))
	}
	written := 0
	for batch := range k.batches {
		written += len(batch)
	}
	if written != 2 || k.verdicts != (Verdicts{Accepted: 2}) {
		t.Errorf("%d are kept, counted %+v", written, k.verdicts)
	}
}
