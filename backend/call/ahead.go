package call

import (
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"keydesk/backend/fault"
	"keydesk/backend/provider"
	"keydesk/backend/setup"
)

const (
	// readTogether is how many setups are read at once, and how many may wait
	// to be fired.
	readTogether = 32
	// stale is the age at which a setup that waits is read again, so that what
	// goes out is what is saved, with the time of today, however slow the
	// answers before it were.
	stale = 250 * time.Millisecond
)

// aimed is a setup of the list made ready to be fired, or why it is left out.
type aimed struct {
	target setup.Row
	shot   *shot
	err    error
	// at is when its reading began.
	at time.Time
}

// notFired says why it is left out; "" when it is not.
func (a aimed) notFired() string {
	switch {
	case a.err != nil:
		return fault.From(a.err).Message
	case a.shot.simulator == "" && !isLoopback(a.shot.host):
		return "It goes to " + a.shot.host + ", and Test all fires only at the simulator and at this computer."
	}
	return ""
}

// aimAhead reads and renders the targets in their order while others are
// fired, until ctx ends. What it cannot go on after it gives to stop.
func (s *Service) aimAhead(ctx context.Context, stop context.CancelCauseFunc, targets []setup.Row, runID string) <-chan aimed {
	out := make(chan aimed, readTogether)
	give := func(one aimed) bool {
		select {
		case out <- one:
			return true
		case <-ctx.Done():
			return false
		}
	}
	go func() {
		defer close(out)
		for some := range slices.Chunk(targets, readTogether) {
			going := false
			err := caught(func() error {
				going = s.aimSome(ctx, some, runID, give)
				return nil
			})
			if err != nil {
				stop(err)
			}
			if !going {
				return
			}
		}
	}()
	return out
}

// aimSome reads targets together and gives each as soon as it is rendered, as
// long as give says so.
func (s *Service) aimSome(ctx context.Context, targets []setup.Row, runID string, give func(aimed) bool) bool {
	ids := make([]string, len(targets))
	for i, target := range targets {
		ids[i] = target.ID
	}
	at := s.now()
	for i, prepared := range s.setups.PrepareAll(ctx, ids) {
		if !give(s.aimPrepared(ctx, targets[i], prepared, runID, at)) {
			return false
		}
	}
	return true
}

// aimNow reads and renders one by itself.
func (s *Service) aimNow(ctx context.Context, target setup.Row, runID string) (one aimed) {
	s.aimSome(ctx, []setup.Row{target}, runID, func(only aimed) bool {
		one = only
		return true
	})
	return one
}

func (s *Service) aimPrepared(ctx context.Context, target setup.Row, prepared setup.Prepared, runID string, at time.Time) aimed {
	one := aimed{target: target, err: prepared.Err, at: at}
	if one.err != nil {
		return one
	}
	outcome := provider.Outcome("")
	if prepared.Simulated {
		outcome = provider.Accepted
	}
	one.shot, one.err = s.aim(ctx, prepared.Ready, nil, Test, runID, outcome)
	return one
}

// caught runs a step beside the operation's own goroutine, which is the only
// one where the gate sees a panic: here it becomes the step's error.
func caught(step func() error) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("panic: %v\n%s", cause, debug.Stack())
		}
	}()
	return step()
}
