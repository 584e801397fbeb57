package organisation

import (
	"context"
	"errors"
	"time"

	"keydesk/backend/access"
	"keydesk/backend/fault"
)

// Pause stops all sending but by a person at the window.
type Pause struct {
	Paused  bool   `json:"paused"`
	SinceMs int64  `json:"since_ms"`
	By      string `json:"by"`
}

// PauseInput pauses or goes on.
type PauseInput struct {
	Paused bool `json:"paused"`
}

// OpPause pauses sending, or lets it go on.
var OpPause = access.Op[PauseInput, Pause]{Name: "organisation.pause", Does: "paused or resumed sending", Mode: access.Write, Needs: []access.Permission{access.ManageSettings, access.OrgAdminOnly}}

// ErrPaused is returned for what a program sends while sending is paused.
var ErrPaused = fault.New(fault.Unavailable, "organisation.paused", "Sending is paused in this office.").
	WithHint("An Org Admin can go on under Settings, Local API.")

// pausedRetry is how long a program is told to wait while sending is paused. Nobody
// knows when it goes on.
const pausedRetry = time.Minute

func (s *Service) paused(ctx context.Context) (Pause, error) {
	return remembered(ctx, s, func(d *documents) **Pause { return &d.pause }, func(ctx context.Context) (pause Pause, err error) {
		pause, _, err = s.readPause(ctx)
		return pause, err
	})
}

func (s *Service) readPause(ctx context.Context) (pause Pause, version int, err error) {
	version, err = s.document(ctx, pauseSetting, &pause)
	if errors.Is(err, errUnreadable) {
		return Pause{Paused: true}, version, nil
	}
	return pause, version, err
}

// MaySend refuses what anybody but a person sends while sending is paused.
// Faults: organisation.paused.
func (s *Service) MaySend(ctx context.Context) error {
	if access.From(ctx).Caller.Kind == access.Person {
		return nil
	}
	// Not from memory, which learns of a pause after its commit: a message that is
	// written in a transaction after that must see it.
	pause, _, err := s.readPause(ctx)
	if err == nil && pause.Paused {
		err = ErrPaused.WithRetryAfter(pausedRetry)
	}
	return err
}

// Pause pauses all sending by other systems and by the clock, or goes on.
func (s *Service) Pause(ctx context.Context, in PauseInput) (Pause, error) {
	before, version, err := s.readPause(ctx)
	if err != nil {
		return Pause{}, err
	}
	after := Pause{}
	if in.Paused {
		after = Pause{Paused: true, SinceMs: s.now().UnixMilli(), By: access.From(ctx).Caller.Name}
	}
	if err := s.keepDocument(ctx, pauseSetting, version, after); err != nil {
		return Pause{}, err
	}
	name := "Sending goes on"
	if in.Paused {
		name = "Sending paused"
	}
	access.From(ctx).Changed("organisation", "1", name, map[string]bool{"paused": before.Paused}, map[string]bool{"paused": after.Paused})
	return after, nil
}
