package call

import (
	"context"
	"time"

	"keydesk/backend/fault"
	"keydesk/backend/provider"
	"keydesk/backend/request"
	"keydesk/backend/setup"
)

// stale is the age at which a waiting setup is read again, so that what goes out
// is what is saved, with the current time, however slow the answers before it
// were.
const stale = time.Second

// errOff is why a setup that was on when the run began is left out.
var errOff = fault.New(fault.Conflict, "call.switched_off", "It was switched off meanwhile.")

// prefetched is a setup of the list made ready to be fired, or why it is left out.
type prefetched struct {
	// setup is as it was read, or only its id if it could not be read.
	setup   setup.Setup
	attempt *attempt
	err     error
	// at is when its reading began.
	at time.Time
}

// notFired says why it is left out; "" when it is not.
func (a prefetched) notFired() string {
	switch {
	case a.err != nil:
		return fault.From(a.err).Message
	case a.attempt.simulator == "" && !isLoopback(a.attempt.host):
		return "It goes to " + a.attempt.host + ", and Test all fires only at the simulator and at this computer."
	}
	if spec := a.attempt.ready.Draft.Request; spec.Auth.Type == request.OAuth2 && spec.Auth.FetchToken {
		if _, host, _, err := request.TokenTarget(spec); err == nil && !isLoopback(host) {
			return "Its token comes from " + host + ", and Test all asks only this computer."
		}
	}
	return ""
}

// prefetch reads targets together and renders each.
func (s *Service) prefetch(ctx context.Context, targets []string, runID string) []prefetched {
	at := s.now()
	ready := make([]prefetched, len(targets))
	for i, prepared := range s.setups.PrepareAll(ctx, targets) {
		ready[i] = s.prefetchOne(ctx, prepared, runID)
		ready[i].at = at
	}
	return ready
}

func (s *Service) prefetchOne(ctx context.Context, prepared setup.Prepared, runID string) prefetched {
	one := prefetched{setup: prepared.Ready.Setup, err: prepared.Err}
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
	record, err := s.cleanTest(ctx, prepared.Ready, nil)
	if one.err = err; err == nil {
		one.attempt, one.err = s.prepare(ctx, prepared.Ready, record, Test, runID, outcome)
	}
	return one
}
