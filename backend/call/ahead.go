package call

import (
	"context"
	"time"

	"keydesk/backend/fault"
	"keydesk/backend/provider"
	"keydesk/backend/request"
	"keydesk/backend/setup"
)

// stale is the age at which a setup that waits is read again, so that what goes
// out is what is saved, with the time of today, however slow the answers before
// it were.
const stale = time.Second

// errOff is why a setup is left out that was on when the run began.
var errOff = fault.New(fault.Conflict, "call.switched_off", "It was switched off meanwhile.")

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
	if spec := a.shot.ready.Draft.Request; spec.Auth.Type == request.OAuth2 && spec.Auth.FetchToken {
		if _, host, _, err := request.TokenTarget(spec); err == nil && !isLoopback(host) {
			return "Its token comes from " + host + ", and Test all asks only this computer."
		}
	}
	return ""
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
	if one.err == nil && !one.setup.Draft.Enabled {
		one.err = errOff
	}
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
