package store

import (
	"context"

	"keydesk/backend/process"
)

const placeColumns = "SELECT id, COALESCE(parent_id, ''), level, name, code, version FROM place"

// everyPlaceBelow selects the ids of a place and of all places below it; the tree
// has three levels. It takes the place's id three times.
const everyPlaceBelow = `(SELECT a.id FROM place a LEFT JOIN place b ON b.id = a.parent_id WHERE a.id = ? OR b.id = ? OR b.parent_id = ?)`

// Nodes gives every place, parents before children, siblings by folded name.
func (s *Store) Nodes(ctx context.Context) ([]process.Node, error) {
	children := map[string][]process.Node{}
	err := s.each(ctx, func(scan func(into ...any) error) error {
		var p process.Node
		err := scan(&p.ID, &p.ParentID, &p.Level, &p.Name, &p.Code, &p.Version)
		children[p.ParentID] = append(children[p.ParentID], p)
		return err
	}, placeColumns+" ORDER BY name_key")
	return descend(children, "", []process.Node{}), err
}

// descend appends the places under a parent, each followed by its own.
func descend(children map[string][]process.Node, parentID string, places []process.Node) []process.Node {
	for _, place := range children[parentID] {
		places = descend(children, place.ID, append(places, place))
	}
	return places
}

// NodeByID gives one place.
func (s *Store) NodeByID(ctx context.Context, id string) (process.Node, error) {
	var p process.Node
	err := s.one(ctx, process.ErrPlaceGone, []any{&p.ID, &p.ParentID, &p.Level, &p.Name, &p.Code, &p.Version}, placeColumns+" WHERE id = ?", id)
	return p, err
}

// NodesAtOrBelow gives a place and what is below it, in the order of Nodes.
func (s *Store) NodesAtOrBelow(ctx context.Context, id string) ([]process.Node, error) {
	top, err := s.NodeByID(ctx, id)
	if err != nil {
		return nil, err
	}
	children := map[string][]process.Node{}
	err = s.each(ctx, func(scan func(into ...any) error) error {
		var p process.Node
		err := scan(&p.ID, &p.ParentID, &p.Level, &p.Name, &p.Code, &p.Version)
		children[p.ParentID] = append(children[p.ParentID], p)
		return err
	}, placeColumns+" WHERE id IN "+everyPlaceBelow+" ORDER BY name_key", id, id, id)
	return descend(children, id, []process.Node{top}), err
}

// InsertNode adds a place.
func (s *Store) InsertNode(ctx context.Context, p process.Node) error {
	_, err := s.exec(ctx, "INSERT INTO place (id, parent_id, level, name, name_key, code, version) VALUES (?, ?, ?, ?, ?, ?, ?)",
		p.ID, orNull(p.ParentID), p.Level, p.Name, fold(p.Name), p.Code, p.Version)
	return nameTaken(err)
}

// RenameNode renames a place if its version is still this one, and rewrites the
// keys and search text of every setup at or below it.
func (s *Store) RenameNode(ctx context.Context, id, name string, version int) error {
	touched, err := s.exec(ctx, "UPDATE place SET name = ?, name_key = ?, version = version + 1 WHERE id = ? AND version = ?", name, fold(name), id, version)
	if err := must(touched, nameTaken(err), process.ErrStale); err != nil {
		return err
	}
	below, err := s.ids(ctx, "SELECT id FROM place WHERE id IN "+everyPlaceBelow, id, id, id)
	if err != nil {
		return err
	}
	return s.rewriteSetups(ctx, below)
}

// DeleteNode removes a place with the places, stages and fields below it.
func (s *Store) DeleteNode(ctx context.Context, id string) error {
	places, err := s.NodesAtOrBelow(ctx, id)
	if err != nil {
		return err
	}
	// Children are after their parents and have to be deleted first.
	for i := len(places) - 1; i >= 0; i-- {
		for _, remove := range []string{
			"DELETE FROM stage_field WHERE stage_id IN (SELECT id FROM stage WHERE place_id = ?)",
			"DELETE FROM stage WHERE place_id = ?",
			"DELETE FROM place WHERE id = ?",
		} {
			if _, err := s.exec(ctx, remove, places[i].ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// ScopeAt gives a place with those above it, and one of its stages with its
// fields, in one read.
func (s *Store) ScopeAt(ctx context.Context, placeID, stageID string) (process.Scope, error) {
	spot := process.Scope{Path: []process.Node{}, Fields: []process.Field{}}
	stageIn := ""
	err := s.each(ctx, func(scan func(into ...any) error) error {
		var top, above, own process.Node
		var f process.Field
		err := scan(&top.ID, &top.Name, &above.ID, &above.Name, &own.ID, &own.Name, &stageIn, &spot.Stage,
			&f.ID, &f.StageID, &f.Name, &f.Code, &f.Type, &f.Required, &f.Sample, &f.Position, &f.Version)
		spot.Path = spot.Path[:0]
		for _, place := range []process.Node{top, above, own} {
			if place.ID != "" {
				spot.Path = append(spot.Path, place)
			}
		}
		if f.ID != "" {
			spot.Fields = append(spot.Fields, f)
		}
		return err
	}, `SELECT COALESCE(r.id, ''), COALESCE(r.name, ''), COALESCE(q.id, ''), COALESCE(q.name, ''), p.id, p.name, COALESCE(t.place_id, ''), COALESCE(t.name, ''),
			COALESCE(f.id, ''), COALESCE(f.stage_id, ''), COALESCE(f.name, ''), COALESCE(f.code, ''), COALESCE(f.type, ''), COALESCE(f.required, FALSE),
			COALESCE(f.sample, ''), COALESCE(f.position, 0), COALESCE(f.version, 0)
		FROM place p
		LEFT JOIN place q ON q.id = p.parent_id
		LEFT JOIN place r ON r.id = q.parent_id
		LEFT JOIN stage t ON t.id = ?
		LEFT JOIN stage_field f ON f.stage_id = t.id
		WHERE p.id = ? ORDER BY f.position, f.id`, stageID, placeID)
	switch {
	case err != nil:
	case len(spot.Path) == 0:
		err = process.ErrPlaceGone
	case stageID != "" && stageIn == "":
		err = process.ErrStageGone
	case stageIn != "" && stageIn != placeID:
		err = process.ErrOtherBranch
	default:
		return spot, nil
	}
	return process.Scope{}, err
}

const stageColumns = "SELECT id, place_id, name, code, position, version FROM stage"

// stages scans stages without fields.
func (s *Store) stages(ctx context.Context, query string, args ...any) ([]process.Stage, error) {
	stages := []process.Stage{}
	err := s.each(ctx, func(scan func(into ...any) error) error {
		st := process.Stage{Fields: []process.Field{}}
		err := scan(&st.ID, &st.PlaceID, &st.Name, &st.Code, &st.Position, &st.Version)
		stages = append(stages, st)
		return err
	}, query, args...)
	return stages, err
}

// withFields puts fields into their stages and keeps their order.
func withFields(stages []process.Stage, fields []process.Field) []process.Stage {
	at := map[string]int{}
	for i, stage := range stages {
		at[stage.ID] = i
	}
	for _, field := range fields {
		if i, ok := at[field.StageID]; ok {
			stages[i].Fields = append(stages[i].Fields, field)
		}
	}
	return stages
}

// Stages gives every stage without fields, by place and position.
func (s *Store) Stages(ctx context.Context) ([]process.Stage, error) {
	return s.stages(ctx, stageColumns+" ORDER BY place_id, position, id")
}

// StagesAt gives the stages of a place with their fields, in order.
func (s *Store) StagesAt(ctx context.Context, placeID string) ([]process.Stage, error) {
	stages, err := s.stages(ctx, stageColumns+" WHERE place_id = ? ORDER BY position, id", placeID)
	if err != nil {
		return nil, err
	}
	fields, err := s.fields(ctx, fieldColumns+" WHERE stage_id IN (SELECT id FROM stage WHERE place_id = ?) ORDER BY position, id", placeID)
	return withFields(stages, fields), err
}

// StageByID gives one stage with its fields.
func (s *Store) StageByID(ctx context.Context, id string) (process.Stage, error) {
	stages, err := s.stages(ctx, stageColumns+" WHERE id = ?", id)
	if err != nil {
		return process.Stage{}, err
	}
	if len(stages) == 0 {
		return process.Stage{}, process.ErrStageGone
	}
	fields, err := s.fields(ctx, fieldColumns+" WHERE stage_id = ? ORDER BY position, id", id)
	return withFields(stages, fields)[0], err
}

// InsertStage adds a stage.
func (s *Store) InsertStage(ctx context.Context, st process.Stage) error {
	_, err := s.exec(ctx, "INSERT INTO stage (id, place_id, name, name_key, code, position, version) VALUES (?, ?, ?, ?, ?, ?, ?)",
		st.ID, st.PlaceID, st.Name, fold(st.Name), st.Code, st.Position, st.Version)
	return nameTaken(err)
}

// RenameStage renames a stage if its version is still this one, and rewrites the
// keys and search text of the setups there.
func (s *Store) RenameStage(ctx context.Context, id, name string, version int) error {
	touched, err := s.exec(ctx, "UPDATE stage SET name = ?, name_key = ?, version = version + 1 WHERE id = ? AND version = ?", name, fold(name), id, version)
	if err := must(touched, nameTaken(err), process.ErrStale); err != nil {
		return err
	}
	places, err := s.ids(ctx, "SELECT place_id FROM stage WHERE id = ?", id)
	if err != nil {
		return err
	}
	return s.rewriteSetups(ctx, places)
}

// PlaceStage gives a stage its position.
func (s *Store) PlaceStage(ctx context.Context, id string, position int) error {
	touched, err := s.exec(ctx, "UPDATE stage SET position = ? WHERE id = ?", position, id)
	return must(touched, err, process.ErrStageGone)
}

// DeleteStage removes a stage with its fields.
func (s *Store) DeleteStage(ctx context.Context, id string) error {
	if _, err := s.exec(ctx, "DELETE FROM stage_field WHERE stage_id = ?", id); err != nil {
		return err
	}
	touched, err := s.exec(ctx, "DELETE FROM stage WHERE id = ?", id)
	return must(touched, err, process.ErrStageGone)
}

const fieldColumns = "SELECT id, stage_id, name, code, type, required, sample, position, version FROM stage_field"

func (s *Store) fields(ctx context.Context, query string, args ...any) ([]process.Field, error) {
	fields := []process.Field{}
	err := s.each(ctx, func(scan func(into ...any) error) error {
		var f process.Field
		err := scan(&f.ID, &f.StageID, &f.Name, &f.Code, &f.Type, &f.Required, &f.Sample, &f.Position, &f.Version)
		fields = append(fields, f)
		return err
	}, query, args...)
	return fields, err
}

// AllFields gives every field, by stage and position.
func (s *Store) AllFields(ctx context.Context) ([]process.Field, error) {
	return s.fields(ctx, fieldColumns+" ORDER BY stage_id, position, id")
}

// FieldsAtOrBelow gives the fields of every stage at or below a place: by
// place in tree order, then stage position, then field position.
func (s *Store) FieldsAtOrBelow(ctx context.Context, placeID string) ([]process.Field, error) {
	places, err := s.NodesAtOrBelow(ctx, placeID)
	if err != nil {
		return nil, err
	}
	stages, err := s.stages(ctx, stageColumns+" WHERE place_id IN "+everyPlaceBelow+" ORDER BY position, id", placeID, placeID, placeID)
	if err != nil {
		return nil, err
	}
	fields, err := s.fields(ctx, fieldColumns+" WHERE stage_id IN (SELECT id FROM stage WHERE place_id IN "+everyPlaceBelow+") ORDER BY position, id", placeID, placeID, placeID)
	if err != nil {
		return nil, err
	}
	at := map[string][]process.Stage{}
	for _, stage := range withFields(stages, fields) {
		at[stage.PlaceID] = append(at[stage.PlaceID], stage)
	}
	ordered := []process.Field{}
	for _, place := range places {
		for _, stage := range at[place.ID] {
			ordered = append(ordered, stage.Fields...)
		}
	}
	return ordered, nil
}

// FieldByID gives one field.
func (s *Store) FieldByID(ctx context.Context, id string) (process.Field, error) {
	fields, err := s.fields(ctx, fieldColumns+" WHERE id = ?", id)
	if err != nil {
		return process.Field{}, err
	}
	if len(fields) == 0 {
		return process.Field{}, process.ErrFieldGone
	}
	return fields[0], nil
}

// InsertField adds a field.
func (s *Store) InsertField(ctx context.Context, f process.Field) error {
	_, err := s.exec(ctx, "INSERT INTO stage_field (id, stage_id, name, name_key, code, type, required, sample, position, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		f.ID, f.StageID, f.Name, fold(f.Name), f.Code, f.Type, f.Required, f.Sample, f.Position, f.Version)
	return nameTaken(err)
}

// UpdateField writes a field if its version is still f.Version.
func (s *Store) UpdateField(ctx context.Context, f process.Field) error {
	touched, err := s.exec(ctx, "UPDATE stage_field SET name = ?, name_key = ?, type = ?, required = ?, sample = ?, version = version + 1 WHERE id = ? AND version = ?",
		f.Name, fold(f.Name), f.Type, f.Required, f.Sample, f.ID, f.Version)
	return must(touched, nameTaken(err), process.ErrStale)
}

// PlaceField gives a field its position.
func (s *Store) PlaceField(ctx context.Context, id string, position int) error {
	touched, err := s.exec(ctx, "UPDATE stage_field SET position = ? WHERE id = ?", position, id)
	return must(touched, err, process.ErrFieldGone)
}

// DeleteField removes a field.
func (s *Store) DeleteField(ctx context.Context, id string) error {
	touched, err := s.exec(ctx, "DELETE FROM stage_field WHERE id = ?", id)
	return must(touched, err, process.ErrFieldGone)
}

// nameTaken turns a violated unique index into the fault at the name.
func nameTaken(err error) error {
	if isUnique(err) {
		return process.ErrNameTaken.WithCause(err)
	}
	return err
}
