package process

import "context"

// StageAt gives one stage with its fields. Faults: ErrStageGone.
func (s *Service) StageAt(ctx context.Context, stageID string) (Stage, error) {
	return s.store.StageByID(ctx, stageID)
}
