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

// errChanged is why a setup is left out that can be fired only since the run began.
var errChanged = fault.New(fault.Conflict, "call.changed", "It was changed meanwhile. Test it again.")

// prefetched is a setup of the list made ready to be fired, or why it is left out.
type prefetched struct {
	// setup is as it was read, or only its id if it could not be read.
	setup   setup.Setup
	attempt *attempt
	err     error
	// at is when its reading began.
	at time.Time
	// plan is the batch in which it was planned (pipeline.plan).
	plan int
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

// again reads a setup that waited too long once more. Its call keeps the id that
// was planned. What could not be fired when it was planned is not fired now.
func (s *Service) again(ctx context.Context, old prefetched, runID string) prefetched {
	next := s.prefetch(ctx, []string{old.setup.ID}, runID)[0]
	next.plan = old.plan
	if next.attempt == nil {
		return next
	}
	if old.attempt == nil || old.notFired() != "" || old.attempt.simulator != "" && next.attempt.simulator == "" {
		next.attempt, next.err = nil, errChanged
		return next
	}
	next.attempt.plan, next.attempt.detail.Call.ID = old.plan, old.attempt.detail.Call.ID
	return next
}
