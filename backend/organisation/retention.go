package organisation

import (
	"context"
	"errors"
	"fmt"
	"time"

	"keydesk/backend/access"
)

// Retention is how long things are kept, in days.
type Retention struct {
	Calls  int `json:"calls" validate:"min=1,max=3650"`
	Access int `json:"access" validate:"min=1,max=3650"`
}

// RetentionState is the retention with its version.
type RetentionState struct {
	Retention Retention `json:"retention"`
	Version   int       `json:"version"`
}

// Operations of the retention.
var (
	OpRetention     = access.Op[Nothing, RetentionState]{Name: "organisation.retention", Does: "looked at the retention", Mode: access.Read, Needs: []access.Permission{access.ManageSettings}}
	OpSaveRetention = access.Op[RetentionState, RetentionState]{Name: "organisation.save_retention", Does: "changed the retention", Mode: access.Write, Needs: []access.Permission{access.ManageSettings}}
)

// mostKept is how many days things are kept at most.
const mostKept = 3650

// Kept returns for how long calls and access rows are kept. It fails for what nobody
// could have saved: then nothing must be removed.
func (s *Service) Kept(ctx context.Context) (calls, accessRows time.Duration, err error) {
	kept, err := remembered(ctx, s, func(d *documents) **Retention { return &d.retention }, func(ctx context.Context) (Retention, error) {
		kept, _, err := s.readRetention(ctx)
		if err == nil && (min(kept.Calls, kept.Access) < 1 || max(kept.Calls, kept.Access) > mostKept) {
			err = fmt.Errorf("%w: %s is out of range", errUnreadable, retentionSetting)
		}
		return kept, err
	})
	const day = 24 * time.Hour
	return time.Duration(kept.Calls) * day, time.Duration(kept.Access) * day, err
}

// Retention returns how long things are kept.
func (s *Service) Retention(ctx context.Context, _ Nothing) (RetentionState, error) {
	kept, version, err := s.readRetention(ctx)
	if errors.Is(err, errUnreadable) {
		kept, err = usualRetention, nil
	}
	return RetentionState{Retention: kept, Version: version}, err
}

// usualRetention is what is in force until another is saved.
var usualRetention = Retention{Calls: 90, Access: 90}

func (s *Service) readRetention(ctx context.Context) (Retention, int, error) {
	kept := usualRetention
	version, err := s.document(ctx, retentionSetting, &kept)
	return kept, version, err
}

// SaveRetention changes how long things are kept. What is older goes within a day.
// Faults: organisation.stale.
func (s *Service) SaveRetention(ctx context.Context, in RetentionState) (RetentionState, error) {
	before, err := s.Retention(ctx, Nothing{})
	if err != nil {
		return RetentionState{}, err
	}
	if in.Version != before.Version {
		return RetentionState{}, ErrStale
	}
	if err := s.keepDocument(ctx, retentionSetting, in.Version, in.Retention); err != nil {
		return RetentionState{}, err
	}
	access.From(ctx).Changed("organisation", "1", "Retention", before.Retention, in.Retention)
	in.Version++
	return in, nil
}
