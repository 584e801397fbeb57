package call

import (
	"context"
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
func (s *Service) aimAhead(ctx context.Context, stop context.CancelCauseFunc, turn *beside, targets []string, runID string) <-chan []aimed {
	out := make(chan []aimed, 1)
	go func() {
		defer close(out)
		// Few at first, so that the firing begins at once.
		for count := readTogether / 8; len(targets) > 0; count = min(2*count, readTogether) {
			some := targets[:min(count, len(targets))]
			targets = targets[len(some):]
			ready, err := s.aimAll(ctx, turn, some, runID)
			if err != nil {
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
func (s *Service) aimAll(ctx context.Context, turn *beside, targets []string, runID string) ([]aimed, error) {
	at := s.now()
	ready := make([]aimed, len(targets))
	var all []setup.Prepared
	err := turn.step(func() { all = s.setups.PrepareAll(ctx, targets) })
	for i := 0; err == nil && i < len(all); i++ {
		err = turn.step(func() { ready[i] = s.aimPrepared(ctx, all[i], runID) })
		ready[i].at = at
	}
	return ready, err
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
