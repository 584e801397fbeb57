package transfer

import (
	"context"
	"slices"
	"strings"

	"keydesk/backend/process"
)

// tree is the organisation's tree, and the part of it that setups need.
type tree struct {
	service *process.Service
	places  map[string]process.Node
	below   map[string][]string
	// position is the position of each stage among those of its place.
	position map[string]int
	stages   map[string][]process.Stage // of the places asked for
	// needed holds the needed stages of each needed place.
	needed map[string]map[string]bool
}

func (s *Service) readTree(ctx context.Context) (*tree, error) {
	all, err := s.Process.Tree(ctx, process.TreeInput{})
	if err != nil {
		return nil, err
	}
	t := &tree{service: s.Process, places: map[string]process.Node{}, below: map[string][]string{}, position: map[string]int{},
		stages: map[string][]process.Stage{}, needed: map[string]map[string]bool{}}
	for _, place := range all.Places {
		t.places[place.ID] = place
		t.below[place.ParentID] = append(t.below[place.ParentID], place.ID)
	}
	for i, stage := range all.Stages {
		t.position[stage.ID] = i + 1
	}
	return t, nil
}

// need notes what a setup needs: its stage with the fields or, for every stage
// here, all stages at and below its place (R2).
func (t *tree) need(ctx context.Context, placeID, stageID string) error {
	if t.needed[placeID] == nil {
		t.needed[placeID] = map[string]bool{}
	}
	if t.stages[placeID] == nil {
		stages, err := t.service.Stages(ctx, process.StagesInput{PlaceID: placeID})
		if err != nil {
			return err
		}
		t.stages[placeID] = stages
	}
	if stageID != "" {
		t.needed[placeID][stageID] = true
		return nil
	}
	for _, stage := range t.stages[placeID] {
		t.needed[placeID][stage.ID] = true
	}
	for _, child := range t.below[placeID] {
		if err := t.need(ctx, child, ""); err != nil {
			return err
		}
	}
	return nil
}

// outline gives what was needed, in names, with places in the order of their
// paths.
func (t *tree) outline() []process.OutlineNode {
	list := []process.OutlineNode{}
	for id, stages := range t.needed {
		one := process.OutlineNode{Place: t.path(id)}
		for _, stage := range t.stages[id] {
			if stages[stage.ID] {
				one.Stages = append(one.Stages, outlineStage(stage))
			}
		}
		list = append(list, one)
	}
	slices.SortFunc(list, func(a, b process.OutlineNode) int {
		return strings.Compare(process.Key(a.Place...), process.Key(b.Place...))
	})
	return list
}

func (t *tree) path(id string) []string {
	names := []string{}
	for place, found := t.places[id]; found; place, found = t.places[place.ParentID] {
		names = append([]string{place.Name}, names...)
	}
	return names
}

func outlineStage(stage process.Stage) process.OutlineStage {
	one := process.OutlineStage{Name: stage.Name}
	for _, field := range stage.Fields {
		one.Fields = append(one.Fields, process.OutlineField{Name: field.Name, Type: field.Type, Required: field.Required, Sample: field.Sample})
	}
	return one
}
