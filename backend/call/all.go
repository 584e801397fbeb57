package call

import (
	"context"

	"github.com/google/uuid"

	"keydesk/backend/access"
	"keydesk/backend/setup"
)

// AllInput fires every enabled setup that a list shows, with sample values, at
// the simulator or at loopback addresses only.
type AllInput struct {
	OperationID string          `json:"operation_id" validate:"max=64"`
	Filter      setup.ListInput `json:"filter"`
}

// Operation names the run for Cancel.
func (in AllInput) Operation() string { return in.OperationID }

// NotFired is a setup that was left out, and why.
type NotFired struct {
	SetupID string `json:"setup_id"`
	Title   string `json:"title"`
	Why     string `json:"why"`
}

// Verdicts counts results.
type Verdicts struct {
	Accepted  int `json:"accepted"`
	Refused   int `json:"refused"`
	Throttled int `json:"throttled"`
	Unclear   int `json:"unclear"`
	Failed    int `json:"failed"`
}

// AllResult sums a run up; its calls are found by RunID.
type AllResult struct {
	RunID string `json:"run_id"`
	Fired int    `json:"fired"`
	// Simulated counts those of Fired that the simulator answered.
	Simulated int        `json:"simulated"`
	Verdicts  Verdicts   `json:"verdicts"`
	NotFired  []NotFired `json:"not_fired"`
	TotalMs   float64    `json:"total_ms"`
	Cancelled bool       `json:"cancelled"`
}

// OpTestAll fires what a list shows.
var OpTestAll = access.Op[AllInput, AllResult]{Name: "call.test_all", Does: "tested all API Key Setups of a list", Mode: access.Long, Needs: []access.Permission{access.TestSetup, access.ViewSetup}}

// TestAll fires one setup after the other, in the list's order. Meanwhile the
// next setups are read and rendered, and what was fired is redacted and kept. A
// cancelled run keeps what it has fired; a run whose history cannot be written
// fires no more.
func (s *Service) TestAll(ctx context.Context, in AllInput) (AllResult, error) {
	start := s.now()
	result := AllResult{RunID: uuid.Must(uuid.NewV7()).String(), NotFired: []NotFired{}}
	targets, err := s.setups.Enabled(ctx, in.Filter)
	if err != nil {
		return AllResult{}, err
	}
	running, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	pipe := s.startPipeline(running, stop, targets, result.RunID)
	defer func() { _, _ = pipe.close() }() // also where the firing panics
	for next := range pipe.ready {
		if running.Err() != nil {
			continue // until it is closed
		}
		if s.now().Sub(next.at) > stale {
			next = s.again(ctx, next, result.RunID)
		}
		access.From(ctx).Report(result.Fired+len(result.NotFired), len(targets), next.setup.Draft.Request.URL)
		if why := next.notFired(); why != "" {
			result.NotFired = append(result.NotFired, NotFired{SetupID: next.setup.ID, Title: next.setup.Title, Why: why})
			continue
		}
		s.fire(ctx, next.attempt)
		result.Fired++
		if next.attempt.simulator != "" {
			result.Simulated++
		}
		pipe.add(ctx, next.attempt)
	}
	if result.Verdicts, err = pipe.close(); err == nil && ctx.Err() == nil {
		err = context.Cause(running)
	}
	if err != nil {
		return AllResult{}, err
	}
	result.Cancelled = ctx.Err() != nil && result.Fired+len(result.NotFired) < len(targets)
	result.TotalMs = float64(s.now().Sub(start).Microseconds()) / 1000
	return result, nil
}

func (v *Verdicts) add(verdict string) {
	switch verdict {
	case "accepted":
		v.Accepted++
	case "refused":
		v.Refused++
	case "throttled":
		v.Throttled++
	case "unclear":
		v.Unclear++
	case "failed":
		v.Failed++
	}
}
