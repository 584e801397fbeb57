package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"keydesk/backend/call"
)

// PlanCalls keeps calls that are about to leave; it needs a transaction.
func (s *Store) PlanCalls(ctx context.Context, runID string, batch int, calls []call.Call) error {
	data, err := json.Marshal(calls)
	if err != nil {
		return fmt.Errorf("planned calls: %w", err)
	}
	_, err = s.exec(ctx, `INSERT INTO planned_call (id, run_id, batch, calls) VALUES (?, ?, ?, ?)`, uuid.Must(uuid.NewV7()).String(), runID, batch, string(data))
	return err
}

// DropPlans removes the plans of a run that are older than a batch; it needs a
// transaction.
func (s *Store) DropPlans(ctx context.Context, runID string, before int) error {
	_, err := s.exec(ctx, `DELETE FROM planned_call WHERE run_id = ? AND batch < ?`, runID, before)
	return err
}

// TakePlans removes every plan and gives those of its calls that the history does
// not have; it needs a transaction.
func (s *Store) TakePlans(ctx context.Context) ([]call.Call, error) {
	var planned []call.Call
	err := s.each(ctx, func(scan func(into ...any) error) error {
		var data string
		if err := scan(&data); err != nil {
			return err
		}
		var calls []call.Call
		if err := json.Unmarshal([]byte(data), &calls); err != nil {
			return fmt.Errorf("planned calls: %w", err)
		}
		planned = append(planned, calls...)
		return nil
	}, `SELECT calls FROM planned_call ORDER BY id`)
	if err != nil || len(planned) == 0 {
		return nil, err
	}
	missing := planned[:0]
	for _, one := range planned {
		kept := false
		if err := s.each(ctx, func(scan func(into ...any) error) error {
			var id string
			kept = true
			return scan(&id)
		}, `SELECT id FROM call WHERE id = ?`, one.ID); err != nil {
			return nil, err
		}
		if !kept {
			missing = append(missing, one)
		}
	}
	_, err = s.exec(ctx, `DELETE FROM planned_call`)
	return missing, err
}
