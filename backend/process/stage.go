package process

import (
	"context"

	"keydesk/backend/access"
)

// CreateStageInput adds a stage as the last of its place.
type CreateStageInput struct {
	PlaceID string `json:"place_id" validate:"required"`
	Name    string `json:"name" validate:"required"`
}

// Operations on stages.
var (
	OpCreateStage = access.Op[CreateStageInput, Stage]{Name: "process.create_stage", Does: "added the stage", Needs: []access.Permission{access.CreateProcess}, Mode: access.Write}
	OpRenameStage = access.Op[RenameInput, Stage]{Name: "process.rename_stage", Does: "renamed the stage", Needs: []access.Permission{access.EditProcess}, Mode: access.Write}
	OpMoveStage   = access.Op[MoveInput, []Stage]{Name: "process.move_stage", Does: "moved the stage", Needs: []access.Permission{access.EditProcess}, Mode: access.Write}
	OpDeleteStage = access.Op[DeleteInput, Deleted]{Name: "process.delete_stage", Does: "deleted the stage", Needs: []access.Permission{access.DeleteProcess}, Mode: access.Write}
)

// stageRecord is what activity shows of a stage.
type stageRecord struct {
	Path     string   `json:"path"`
	Code     string   `json:"code"`
	Position int      `json:"position"`
	Fields   []string `json:"fields"`
}

// record returns what activity shows of a stage; path is the place's path.
func (stage Stage) record(path string) stageRecord {
	fields := make([]string, len(stage.Fields))
	for i, field := range stage.Fields {
		fields[i] = field.Name
	}
	return stageRecord{Path: path + " / " + stage.Name, Code: stage.Code, Position: stage.Position, Fields: fields}
}

// CreateStage adds a stage after the others (A08, A11). Faults:
// process.invalid, ErrNameTaken, ErrPlaceGone.
func (s *Service) CreateStage(ctx context.Context, in CreateStageInput) (Stage, error) {
	name, err := nameOrFault(in.Name)
	if err != nil {
		return Stage{}, err
	}
	path, err := s.pathName(ctx, in.PlaceID)
	if err != nil {
		return Stage{}, err
	}
	others, err := s.store.StagesAt(ctx, in.PlaceID)
	if err != nil {
		return Stage{}, err
	}
	stage := Stage{ID: newID(), PlaceID: in.PlaceID, Name: name, Position: 1, Version: 1, Fields: []Field{}}
	codes := map[string]bool{}
	for _, other := range others {
		codes[other.Code] = true
		stage.Position = other.Position + 1
	}
	stage.Code = freeCode(name, "stage", func(code string) bool { return codes[code] })
	if err := s.store.InsertStage(ctx, stage); err != nil {
		return Stage{}, err
	}
	after := stage.record(path)
	access.From(ctx).Changed("stage", stage.ID, after.Path, nil, after)
	return stage, nil
}

// RenameStage renames a stage; its code stays, and the setups there are found
// by the new name at once. Faults: process.invalid, ErrNameTaken,
// ErrStageGone, ErrStale.
func (s *Service) RenameStage(ctx context.Context, in RenameInput) (Stage, error) {
	name, err := nameOrFault(in.Name)
	if err != nil {
		return Stage{}, err
	}
	stage, path, err := s.stageAndPath(ctx, in.ID)
	if err != nil {
		return Stage{}, err
	}
	before := stage.record(path)
	if err := s.store.RenameStage(ctx, stage.ID, name, in.Version); err != nil {
		return Stage{}, err
	}
	stage.Name, stage.Version = name, in.Version+1
	after := stage.record(path)
	access.From(ctx).Changed("stage", stage.ID, after.Path, before, after)
	return stage, nil
}

// MoveStage swaps a stage with its neighbour and returns the place's stages in
// their new order (A11). Versions stay, since nothing changes that another
// person may be editing. Faults: ErrStageGone, ErrAtEdge.
func (s *Service) MoveStage(ctx context.Context, in MoveInput) ([]Stage, error) {
	stage, path, err := s.stageAndPath(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	stages, err := s.store.StagesAt(ctx, stage.PlaceID)
	if err != nil {
		return nil, err
	}
	at, to, err := neighbours(len(stages), func(i int) bool { return stages[i].ID == stage.ID }, in.Direction)
	if err != nil {
		return nil, err
	}
	stages[at], stages[to] = stages[to], stages[at]
	for i := range stages {
		if stages[i].Position == i+1 {
			continue
		}
		stages[i].Position = i + 1
		if err := s.store.PlaceStage(ctx, stages[i].ID, i+1); err != nil {
			return nil, err
		}
	}
	before, after := stage.record(path), stages[to].record(path)
	access.From(ctx).Changed("stage", stage.ID, after.Path, before, after)
	return stages, nil
}

// DeleteStage removes a stage with its fields, unless a setup uses either.
// Faults: ErrStageGone, ErrStale, ErrInUse with links to the setups.
func (s *Service) DeleteStage(ctx context.Context, in DeleteInput) (Deleted, error) {
	stage, path, err := s.stageAndPath(ctx, in.ID)
	if err != nil {
		return Deleted{}, err
	}
	if stage.Version != in.Version {
		return Deleted{}, ErrStale
	}
	users, err := s.store.SetupsAtStage(ctx, stage.ID)
	if err != nil {
		return Deleted{}, err
	}
	above, err := s.usersOfLost(ctx, stage.PlaceID, stage.Fields)
	if err != nil {
		return Deleted{}, err
	}
	if err := refuseInUse(stage.Name, append(users, above...)); err != nil {
		return Deleted{}, err
	}
	if err := s.store.DeleteStage(ctx, stage.ID); err != nil {
		return Deleted{}, err
	}
	before := stage.record(path)
	access.From(ctx).Changed("stage", stage.ID, before.Path, before, nil)
	return Deleted{Stages: 1, Fields: len(stage.Fields)}, nil
}

// stageAndPath returns a stage and the path of its place.
func (s *Service) stageAndPath(ctx context.Context, stageID string) (Stage, string, error) {
	stage, err := s.store.StageByID(ctx, stageID)
	if err != nil {
		return Stage{}, "", err
	}
	path, err := s.pathName(ctx, stage.PlaceID)
	return stage, path, err
}

// neighbours returns the index of what moves, among count things, and the index
// it moves to.
func neighbours(count int, is func(i int) bool, direction Direction) (at, to int, err error) {
	for at < count && !is(at) {
		at++
	}
	to = at + 1
	if direction == Up {
		to = at - 1
	}
	if to < 0 || to >= count {
		return 0, 0, ErrAtEdge
	}
	return at, to, nil
}
