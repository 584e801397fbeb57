package process

import (
	"context"
	"fmt"
)

// plan is what an import or a starter tree would add, worked out on a copy of
// the tree in memory: the same steps serve the preview and the import.
type plan struct {
	places map[string]*branch[Node]  // by parent
	stages map[string]*branch[Stage] // by place
	fields map[string]*branch[Field] // by stage

	newPlaces []Node
	newStages []Stage
	newFields []Field
	changed   []changedField
}

// branch is the siblings under one parent. They are found by code or folded
// name without a search through all of them: a file may have 10,000.
type branch[T any] struct {
	items  []T
	byCode map[string]int
	byName map[string]int
	suffix map[string]int
}

// under returns the branch of a parent.
func under[T any](branches map[string]*branch[T], parentID string) *branch[T] {
	if branches[parentID] == nil {
		branches[parentID] = &branch[T]{byCode: map[string]int{}, byName: map[string]int{}, suffix: map[string]int{}}
	}
	return branches[parentID]
}

func (b *branch[T]) add(item T, code, name string) {
	b.byCode[code], b.byName[fold(name)] = len(b.items), len(b.items)
	b.items = append(b.items, item)
}

// find returns the index of the sibling that a code or name means, or -1. Codes
// win over names.
func (b *branch[T]) find(typed string) int {
	if i, ok := b.byCode[typed]; ok {
		return i
	}
	if i, ok := b.byName[fold(typed)]; ok {
		return i
	}
	return -1
}

// named returns the sibling with a name and ignores codes: a file of setups has
// names, and in it an old name that is still a code means another place.
func (b *branch[T]) named(name string) (item T, found bool) {
	i, found := b.byName[fold(name)]
	if found {
		item = b.items[i]
	}
	return item, found
}

// freeCode is the package's freeCode, but continues from the last suffix it
// returned.
func (b *branch[T]) freeCode(name, fallback string) string {
	base := slug(name, fallback)
	code := base
	for n := max(2, b.suffix[base]); ; n++ {
		if _, taken := b.byCode[code]; !taken {
			return code
		}
		code, b.suffix[base] = fmt.Sprintf("%s_%d", base, n), n
	}
}

// changedField is a field with a new sample or type.
type changedField struct {
	path          string
	before, after Field
}

// newPlan reads the tree as it is now.
func (s *Service) newPlan(ctx context.Context) (*plan, error) {
	p := &plan{places: map[string]*branch[Node]{}, stages: map[string]*branch[Stage]{}, fields: map[string]*branch[Field]{}}
	places, err := s.store.Nodes(ctx)
	if err != nil {
		return nil, err
	}
	for _, place := range places {
		under(p.places, place.ParentID).add(place, place.Code, place.Name)
	}
	stages, err := s.store.Stages(ctx)
	if err != nil {
		return nil, err
	}
	for _, stage := range stages {
		under(p.stages, stage.PlaceID).add(stage, stage.Code, stage.Name)
	}
	fields, err := s.store.AllFields(ctx)
	if err != nil {
		return nil, err
	}
	for _, field := range fields {
		under(p.fields, field.StageID).add(field, field.Code, field.Name)
	}
	return p, nil
}

// place returns the place that a code or name means under a parent (the zero
// Node at level 1), and plans one if there is none.
func (p *plan) place(parent Node, name string) (place Node, made bool) {
	siblings := under(p.places, parent.ID)
	if i := siblings.find(name); i >= 0 {
		return siblings.items[i], false
	}
	return p.newPlace(parent, name), true
}

// newPlace plans a place under a parent.
func (p *plan) newPlace(parent Node, name string) Node {
	siblings := under(p.places, parent.ID)
	place := Node{ID: newID(), ParentID: parent.ID, Level: parent.Level + 1, Name: name, Version: 1, Code: siblings.freeCode(name, "place")}
	siblings.add(place, place.Code, place.Name)
	p.newPlaces = append(p.newPlaces, place)
	return place
}

// stage returns the stage that a code or name means at a place, and plans it as
// the last one if there is none.
func (p *plan) stage(place Node, name string) (stage Stage, made bool) {
	siblings := under(p.stages, place.ID)
	if i := siblings.find(name); i >= 0 {
		return siblings.items[i], false
	}
	return p.newStage(place, name), true
}

// newStage plans a stage as the last of its place.
func (p *plan) newStage(place Node, name string) Stage {
	siblings := under(p.stages, place.ID)
	stage := Stage{ID: newID(), PlaceID: place.ID, Name: name, Position: 1, Version: 1, Code: siblings.freeCode(name, "stage"), Fields: []Field{}}
	if last := len(siblings.items) - 1; last >= 0 {
		stage.Position = siblings.items[last].Position + 1
	}
	siblings.add(stage, stage.Code, stage.Name)
	p.newStages = append(p.newStages, stage)
	return stage
}

// field returns the field that a code or name means at a stage, and plans it
// from wanted as the last one if there is none.
func (p *plan) field(stage Stage, wanted Field) Field {
	siblings := under(p.fields, stage.ID)
	if i := siblings.find(wanted.Name); i >= 0 {
		return siblings.items[i]
	}
	return p.newField(stage, wanted)
}

// newField plans a field as the last of its stage.
func (p *plan) newField(stage Stage, wanted Field) Field {
	siblings := under(p.fields, stage.ID)
	wanted.ID, wanted.StageID, wanted.Position, wanted.Version = newID(), stage.ID, 1, 1
	wanted.Code = siblings.freeCode(wanted.Name, "field")
	if last := len(siblings.items) - 1; last >= 0 {
		wanted.Position = siblings.items[last].Position + 1
	}
	siblings.add(wanted, wanted.Code, wanted.Name)
	p.newFields = append(p.newFields, wanted)
	return wanted
}

// change notes a new type and sample of a field that exists.
func (p *plan) change(path string, before, after Field) {
	p.changed = append(p.changed, changedField{path: path, before: before, after: after})
	siblings := under(p.fields, before.StageID)
	siblings.items[siblings.find(before.Code)] = after
}

// isEmpty reports whether there is nothing to do.
func (p *plan) isEmpty() bool {
	return len(p.newPlaces)+len(p.newStages)+len(p.newFields)+len(p.changed) == 0
}

// carryOut writes the plan in the context's transaction.
func (s *Service) carryOut(ctx context.Context, p *plan) error {
	for _, place := range p.newPlaces {
		if err := s.store.InsertNode(ctx, place); err != nil {
			return err
		}
	}
	for _, stage := range p.newStages {
		if err := s.store.InsertStage(ctx, stage); err != nil {
			return err
		}
	}
	for _, field := range p.newFields {
		if err := s.store.InsertField(ctx, field); err != nil {
			return err
		}
	}
	for _, one := range p.changed {
		if err := s.store.UpdateField(ctx, one.after); err != nil {
			return err
		}
	}
	return nil
}

// planRecord is what activity shows of an import or a starter tree.
type planRecord struct {
	Places  []string      `json:"places"`
	Stages  []string      `json:"stages"`
	Fields  int           `json:"fields"`
	Changed []fieldChange `json:"changed"`
}

// fieldChange is what activity shows of one changed field.
type fieldChange struct {
	Path   string    `json:"path"`
	Type   FieldType `json:"type"`
	Sample string    `json:"sample"`
	// What it was before.
	OldType   FieldType `json:"old_type"`
	OldSample string    `json:"old_sample"`
}

func (p *plan) record() planRecord {
	record := planRecord{Places: []string{}, Stages: []string{}, Fields: len(p.newFields), Changed: []fieldChange{}}
	for _, place := range p.newPlaces {
		record.Places = append(record.Places, place.Name)
	}
	for _, stage := range p.newStages {
		record.Stages = append(record.Stages, stage.Name)
	}
	for _, one := range p.changed {
		record.Changed = append(record.Changed, fieldChange{Path: one.path, Type: one.after.Type, Sample: one.after.Sample,
			OldType: one.before.Type, OldSample: one.before.Sample})
	}
	return record
}
