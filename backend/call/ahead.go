package call

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"keydesk/backend/fault"
	"keydesk/backend/provider"
	"keydesk/backend/setup"
)

const (
	// readTogether is how many setups are read and rendered at once, while the
	// ones before them are fired.
	readTogether = 32
	// stale is the age at which a setup that waits is read again, so that what
	// goes out is what is saved, with the time of today, however slow the
	// answers before it were.
	stale = time.Second
)

// aimed is a setup of the list made ready to be fired, or why it is left out.
type aimed struct {
	// setup is as it was read; only its id where it could not be.
	setup setup.Setup
	shot  *shot
	err   error
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
func (s *Service) aimAhead(ctx context.Context, stop context.CancelCauseFunc, targets []string, runID string) <-chan []aimed {
	out := make(chan []aimed, 1)
	go func() {
		defer close(out)
		// Few at first, so that the firing begins at once.
		for count := readTogether / 8; len(targets) > 0; count = min(2*count, readTogether) {
			some := targets[:min(count, len(targets))]
			targets = targets[len(some):]
			var ready []aimed
			if err := caught(func() error { ready = s.aimAll(ctx, some, runID); return nil }); err != nil {
				stop(err)
				return
			}
			select {
			case out <- ready:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

// aimAll reads targets together and renders each.
func (s *Service) aimAll(ctx context.Context, targets []string, runID string) []aimed {
	at := s.now()
	ready := make([]aimed, len(targets))
	for i, prepared := range s.setups.PrepareAll(ctx, targets) {
		ready[i] = s.aimPrepared(ctx, prepared, runID)
		ready[i].at = at
	}
	return ready
}

func (s *Service) aimPrepared(ctx context.Context, prepared setup.Prepared, runID string) aimed {
	one := aimed{setup: prepared.Ready.Setup, err: prepared.Err}
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
