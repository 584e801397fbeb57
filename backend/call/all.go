package call

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"keydesk/backend/access"
	"keydesk/backend/fault"
	"keydesk/backend/provider"
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
var OpTestAll = access.Op[AllInput, AllResult]{Name: "call.test_all", Mode: access.Long, Needs: []access.Permission{access.TestSetup, access.ViewSetup}}

// History is written in batches, so that a run costs few commits
// (performance.md 4, item 14).
const (
	batchSize = 64
	batchWait = 100 * time.Millisecond
)

// TestAll fires one after the other. A cancelled run keeps what it has fired.
func (s *Service) TestAll(ctx context.Context, in AllInput) (AllResult, error) {
	start := s.now()
	result := AllResult{RunID: uuid.Must(uuid.NewV7()).String(), NotFired: []NotFired{}}
	targets, err := s.targets(ctx, in.Filter)
	if err != nil {
		return AllResult{}, err
	}
	history := s.newBatches(ctx, result.RunID)
	for i, target := range targets {
		if ctx.Err() != nil {
			result.Cancelled = true
			break
		}
		access.From(ctx).Report(i, len(targets), target.URL)
		skip := func(why string) {
			result.NotFired = append(result.NotFired, NotFired{SetupID: target.ID, Title: rowTitle(target), Why: why})
		}
		ready, outcome, err := s.aimAll(ctx, target)
		if err != nil {
			skip(fault.From(err).Message)
			continue
		}
		a, err := s.aim(ctx, ready, nil, Test, result.RunID, outcome)
		if err != nil {
			skip(fault.From(err).Message)
			continue
		}
		if a.simulator == "" && !isLoopback(a.host) {
			skip("It goes to " + a.host + ", and Test all fires only at the simulator and at this computer.")
			continue
		}
		s.fire(ctx, a)
		result.Fired++
		if a.simulator != "" {
			result.Simulated++
		}
		result.Verdicts.add(a.detail.Call.Verdict)
		history.add(a.detail.kept())
	}
	if err := history.close(); err != nil {
		return AllResult{}, err
	}
	result.TotalMs = float64(s.now().Sub(start).Microseconds()) / 1000
	return result, nil
}

// aimAll takes the simulator for a setup with a provider, and the address
// itself for any other.
func (s *Service) aimAll(ctx context.Context, target setup.Row) (setup.Ready, provider.Outcome, error) {
	if target.Provider != "" {
		ready, err := s.setups.PrepareSimulated(ctx, target.ID, nil)
		if !errors.Is(err, setup.ErrNoSimulator) {
			return ready, provider.Accepted, err
		}
	}
	ready, err := s.setups.Prepare(ctx, target.ID)
	return ready, "", err
}

// targets gives every enabled setup of the filtered list.
func (s *Service) targets(ctx context.Context, filter setup.ListInput) ([]setup.Row, error) {
	filter.After, filter.Limit, filter.Deleted, filter.EnabledOnly = "", 200, false, true
	var rows []setup.Row
	for {
		page, err := s.setups.List(ctx, filter)
		if err != nil {
			return nil, err
		}
		rows = append(rows, page.Rows...)
		if page.Next == "" {
			return rows, nil
		}
		filter.After = page.Next
	}
}

func rowTitle(row setup.Row) string {
	if row.Name != "" {
		return row.Name
	}
	title := row.Process
	for _, part := range []string{row.SubProcess, row.SubSubProcess, row.Stage} {
		if part != "" {
			title += " / " + part
		}
	}
	return title + ", " + setup.ChannelLabels[row.Channel]
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

// batches writes the history of a run beside the firing.
type batches struct {
	in   chan Detail
	done chan error
}

func (s *Service) newBatches(ctx context.Context, runID string) *batches {
	b := &batches{in: make(chan Detail, 2*batchSize), done: make(chan error, 1)}
	go func() {
		var failed error
		var batch []Detail
		write := func() {
			if len(batch) > 0 && failed == nil {
				failed = s.recordBatch(context.WithoutCancel(ctx), runID, batch)
			}
			batch = batch[:0]
		}
		tick := time.NewTicker(batchWait)
		defer tick.Stop()
		for {
			select {
			case detail, open := <-b.in:
				if !open {
					write()
					b.done <- failed
					return
				}
				if batch = append(batch, detail); len(batch) >= batchSize {
					write()
				}
			case <-tick.C:
				write()
			}
		}
	}()
	return b
}

func (b *batches) add(detail Detail) { b.in <- detail }

func (b *batches) close() error {
	close(b.in)
	return <-b.done
}

func (s *Service) recordBatch(ctx context.Context, runID string, batch []Detail) error {
	run := access.From(ctx)
	return run.Commit(ctx, func(ctx context.Context) error {
		var counts Verdicts
		pruned := map[string]bool{}
		for _, detail := range batch {
			if err := s.store.InsertCall(ctx, detail); err != nil {
				return err
			}
			one := detail.Call
			counts.add(one.Verdict)
			if err := s.setups.SetLastResult(ctx, one.SetupID, one.last()); err != nil {
				return err
			}
			if !pruned[one.SetupID] {
				pruned[one.SetupID] = true
				if err := s.store.PruneTests(ctx, one.SetupID, keptTests); err != nil {
					return err
				}
			}
		}
		run.Changed(Kind, runID, fmt.Sprintf("Test all: %d calls", len(batch)), nil, counts)
		return nil
	})
}
