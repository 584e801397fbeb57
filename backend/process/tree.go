package process

import (
	"context"

	"keydesk/backend/access"
)

// TreeInput asks for the whole tree.
type TreeInput struct{}

// OpTree reads the tree of places and stages.
var OpTree = access.Op[TreeInput, Tree]{Name: "process.tree", Does: "looked at the processes", Any: readers, Mode: access.Read}

// Tree returns every place with its count of setups, and every stage.
func (s *Service) Tree(ctx context.Context, _ TreeInput) (Tree, error) {
	places, err := s.store.Nodes(ctx)
	if err != nil {
		return Tree{}, err
	}
	stages, err := s.store.Stages(ctx)
	if err != nil {
		return Tree{}, err
	}
	counts, err := s.store.SetupCounts(ctx)
	if err != nil {
		return Tree{}, err
	}
	for i := range places {
		places[i].Setups = counts[places[i].ID]
	}
	// Children come after their parents, so going backwards sums upwards.
	at := make(map[string]int, len(places))
	for i, place := range places {
		at[place.ID] = i
	}
	for i := len(places) - 1; i >= 0; i-- {
		if parent, ok := at[places[i].ParentID]; ok {
			places[parent].Setups += places[i].Setups
		}
	}
	return Tree{Places: places, Stages: stages}, nil
}

// StagesInput names a place.
type StagesInput struct {
	PlaceID string `json:"place_id" validate:"required"`
}

// OpStages reads the stages of a place with their fields.
var OpStages = access.Op[StagesInput, []Stage]{Name: "process.stages", Does: "looked at the stages", Any: readers, Mode: access.Read}

// Stages returns a place's stages in their order, each with its fields (A11,
// A12). Faults: ErrPlaceGone.
func (s *Service) Stages(ctx context.Context, in StagesInput) ([]Stage, error) {
	if _, err := s.store.NodeByID(ctx, in.PlaceID); err != nil {
		return nil, err
	}
	return s.store.StagesAt(ctx, in.PlaceID)
}

// FieldsInput names a place, and one of its stages or none for every stage
// here.
type FieldsInput struct {
	PlaceID string `json:"place_id" validate:"required"`
	StageID string `json:"stage_id"`
}

// OpFieldsAt reads the stage fields that a setup at a place and stage can use.
var OpFieldsAt = access.Op[FieldsInput, []Field]{Name: "process.fields_at", Does: "looked at the Stage Fields", Any: readers, Mode: access.Read}

// FieldsAt is Fields for the page.
func (s *Service) FieldsAt(ctx context.Context, in FieldsInput) ([]Field, error) {
	return s.Fields(ctx, in.PlaceID, in.StageID)
}

// Fields returns the fields a setup can use, as At does.
func (s *Service) Fields(ctx context.Context, placeID, stageID string) ([]Field, error) {
	spot, err := s.At(ctx, placeID, stageID)
	return spot.Fields, err
}

// At returns a place and stage with the fields a setup there can use: those of
// the stage, or without a stage the union of the fields at and below the
// place, by folded name, where the first wins (R2, A12). Faults: ErrPlaceGone,
// ErrStageGone, ErrOtherBranch (A24).
func (s *Service) At(ctx context.Context, placeID, stageID string) (Scope, error) {
	spot, err := s.store.ScopeAt(ctx, placeID, stageID)
	if err != nil || stageID != "" {
		return spot, err
	}
	all, err := s.store.FieldsAtOrBelow(ctx, placeID)
	if err != nil {
		return Scope{}, err
	}
	seen := map[string]bool{}
	for _, field := range all {
		if key := fold(field.Name); !seen[key] {
			seen[key] = true
			spot.Fields = append(spot.Fields, field)
		}
	}
	return spot, nil
}

// Path returns a place with its parents, root first. Faults: ErrPlaceGone.
func (s *Service) Path(ctx context.Context, placeID string) ([]Node, error) {
	path := []Node{}
	for id := placeID; ; {
		place, err := s.store.NodeByID(ctx, id)
		if err != nil {
			return nil, err
		}
		path = append([]Node{place}, path...)
		if place.ParentID == "" {
			return path, nil
		}
		id = place.ParentID
	}
}
