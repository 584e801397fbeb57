package process

import (
	"context"

	"keydesk/backend/access"
	"keydesk/backend/fault"
)

// CreateFieldInput adds a field as the last of its stage.
type CreateFieldInput struct {
	StageID  string    `json:"stage_id" validate:"required"`
	Name     string    `json:"name" validate:"required"`
	Type     FieldType `json:"type" validate:"oneof=text number phone email date boolean"`
	Required bool      `json:"required"`
	Sample   string    `json:"sample"`
}

// UpdateFieldInput changes a field. Version is the one the caller saw.
type UpdateFieldInput struct {
	ID       string    `json:"id" validate:"required"`
	Version  int       `json:"version" validate:"min=1"`
	Name     string    `json:"name" validate:"required"`
	Type     FieldType `json:"type" validate:"oneof=text number phone email date boolean"`
	Required bool      `json:"required"`
	Sample   string    `json:"sample"`
}

// Operations on stage fields.
var (
	OpCreateField = access.Op[CreateFieldInput, Field]{Name: "process.create_field", Does: "added the Stage Field", Needs: []access.Permission{access.CreateProcess}, Mode: access.Write}
	OpUpdateField = access.Op[UpdateFieldInput, Field]{Name: "process.update_field", Does: "changed the Stage Field", Needs: []access.Permission{access.EditProcess}, Mode: access.Write}
	OpMoveField   = access.Op[MoveInput, []Field]{Name: "process.move_field", Does: "moved the Stage Field", Needs: []access.Permission{access.EditProcess}, Mode: access.Write}
	OpDeleteField = access.Op[DeleteInput, Deleted]{Name: "process.delete_field", Does: "deleted the Stage Field", Needs: []access.Permission{access.DeleteProcess}, Mode: access.Write}
)

// fieldRecord is what activity shows of a stage field.
type fieldRecord struct {
	Path     string    `json:"path"`
	Code     string    `json:"code"`
	Type     FieldType `json:"type"`
	Required bool      `json:"required"`
	Sample   string    `json:"sample"`
	Position int       `json:"position"`
}

// record returns what activity shows of a field; path is the stage's path.
func (field Field) record(path string) fieldRecord {
	return fieldRecord{Path: path + " / " + field.Name, Code: field.Code, Type: field.Type,
		Required: field.Required, Sample: field.Sample, Position: field.Position}
}

// cleanField checks what a person typed for a field and returns it as it is
// kept.
func cleanField(field Field) (Field, error) {
	var fields fault.Fields
	name, problem := cleanName(field.Name)
	if problem != "" {
		fields.Add("name", "%s", problem)
	}
	if !field.Type.known() {
		fields.Add("type", "Choose one of the offered values.")
	} else if sample, problem := cleanSample(field.Type, field.Sample); problem != "" {
		fields.Add("sample", "%s", problem)
	} else {
		field.Sample = sample
	}
	field.Name = name
	return field, fields.Err("process.invalid")
}

// CreateField adds a field after the others (A08, A12). Faults:
// process.invalid, ErrNameTaken, ErrStageGone.
func (s *Service) CreateField(ctx context.Context, in CreateFieldInput) (Field, error) {
	field, err := cleanField(Field{ID: newID(), StageID: in.StageID, Name: in.Name, Type: in.Type,
		Required: in.Required, Sample: in.Sample, Position: 1, Version: 1})
	if err != nil {
		return Field{}, err
	}
	stage, path, err := s.stageAndPath(ctx, in.StageID)
	if err != nil {
		return Field{}, err
	}
	codes := map[string]bool{}
	for _, other := range stage.Fields {
		codes[other.Code] = true
		field.Position = other.Position + 1
	}
	field.Code = freeCode(field.Name, "field", func(code string) bool { return codes[code] })
	if err := s.store.InsertField(ctx, field); err != nil {
		return Field{}, err
	}
	after := field.record(path + " / " + stage.Name)
	access.From(ctx).Changed("stage_field", field.ID, after.Path, nil, after)
	return field, nil
}

// UpdateField changes a field; its code stays, and a new name reaches the
// stage parameter rows that take it (R2). Faults: process.invalid,
// ErrNameTaken, ErrFieldGone, ErrStale.
func (s *Service) UpdateField(ctx context.Context, in UpdateFieldInput) (Field, error) {
	old, err := s.store.FieldByID(ctx, in.ID)
	if err != nil {
		return Field{}, err
	}
	field := old
	field.Name, field.Type, field.Required, field.Sample, field.Version = in.Name, in.Type, in.Required, in.Sample, in.Version
	if field, err = cleanField(field); err != nil {
		return Field{}, err
	}
	stage, path, err := s.stageAndPath(ctx, field.StageID)
	if err != nil {
		return Field{}, err
	}
	users, err := s.usersOfField(ctx, old, stage.PlaceID)
	if err != nil {
		return Field{}, err
	}
	if err := s.store.UpdateField(ctx, field); err != nil {
		return Field{}, err
	}
	field.Version++
	if field.Name != old.Name {
		ids := make([]string, len(users))
		for i, user := range users {
			ids[i] = user.ID
		}
		if err := s.store.RenameFieldInSetups(ctx, ids, old.Name, field.Name); err != nil {
			return Field{}, err
		}
	}
	path += " / " + stage.Name
	before, after := old.record(path), field.record(path)
	access.From(ctx).Changed("stage_field", field.ID, after.Path, before, after)
	return field, nil
}

// MoveField swaps a field with its neighbour and returns the stage's fields in
// their new order. Versions stay. Faults: ErrFieldGone, ErrAtEdge.
func (s *Service) MoveField(ctx context.Context, in MoveInput) ([]Field, error) {
	field, err := s.store.FieldByID(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	stage, path, err := s.stageAndPath(ctx, field.StageID)
	if err != nil {
		return nil, err
	}
	fields := stage.Fields
	at, to, err := neighbours(len(fields), func(i int) bool { return fields[i].ID == field.ID }, in.Direction)
	if err != nil {
		return nil, err
	}
	fields[at], fields[to] = fields[to], fields[at]
	for i := range fields {
		if fields[i].Position == i+1 {
			continue
		}
		fields[i].Position = i + 1
		if err := s.store.PlaceField(ctx, fields[i].ID, i+1); err != nil {
			return nil, err
		}
	}
	path += " / " + stage.Name
	before, after := field.record(path), fields[to].record(path)
	access.From(ctx).Changed("stage_field", field.ID, after.Path, before, after)
	return fields, nil
}

// DeleteField removes a field unless a setup takes it. Faults: ErrFieldGone,
// ErrStale, ErrInUse with links to the setups.
func (s *Service) DeleteField(ctx context.Context, in DeleteInput) (Deleted, error) {
	field, err := s.store.FieldByID(ctx, in.ID)
	if err != nil {
		return Deleted{}, err
	}
	if field.Version != in.Version {
		return Deleted{}, ErrStale
	}
	stage, path, err := s.stageAndPath(ctx, field.StageID)
	if err != nil {
		return Deleted{}, err
	}
	users, err := s.usersOfField(ctx, field, stage.PlaceID)
	if err != nil {
		return Deleted{}, err
	}
	if err := refuseInUse(field.Name, users); err != nil {
		return Deleted{}, err
	}
	if err := s.store.DeleteField(ctx, field.ID); err != nil {
		return Deleted{}, err
	}
	before := field.record(path + " / " + stage.Name)
	access.From(ctx).Changed("stage_field", field.ID, before.Path, before, nil)
	return Deleted{Fields: 1}, nil
}
