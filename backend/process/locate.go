package process

import (
	"context"
	"strings"

	"keydesk/backend/fault"
)

// Address names a place and one of its stages for callers outside, by codes or
// names: {"orders", "Home delivery"}, "shipped". Ids mean nothing outside, and
// codes stay when something is renamed.
type Address struct {
	// Path is the process and the levels below it.
	Path []string
	// Stage is "" for every stage there.
	Stage string
}

// Faults of an address. Their messages name the part that was not found, and their
// hints where it was looked for.
var (
	ErrUnknownPlace = fault.New(fault.NotFound, "process.unknown_place", "There is no such process.").
			WithHint("Write the code or the name of each level as the screen Processes shows it, from the process down.")
	ErrUnknownStage = fault.New(fault.NotFound, "process.unknown_stage", "There is no such stage here.").
			WithHint("Write the stage's code or its name.")
)

// Locate finds a place and stage by codes or names; the stage's id is "" if the
// address names none. Among siblings a code wins over a name, so that a renamed
// place never gets the calls of another. Faults: ErrUnknownPlace, and
// ErrUnknownStage with the id of the place.
func (s *Service) Locate(ctx context.Context, at Address) (placeID, stageID string, err error) {
	if len(at.Path) == 0 {
		return "", "", ErrUnknownPlace.WithMessage("Name a process.")
	}
	nodes, err := s.store.Nodes(ctx)
	if err != nil {
		return "", "", err
	}
	var above []string
	for _, part := range at.Path {
		siblings := below(nodes, placeID)
		if placeID = find(siblings, part); placeID == "" {
			return "", "", ErrUnknownPlace.WithMessage("There is no process called “%s” here.", part).WithHint("%s", lookedAt(above, "process", siblings))
		}
		above = append(above, nameOf(siblings, placeID))
	}
	if at.Stage == "" {
		return placeID, "", nil
	}
	stages, err := s.store.StagesAt(ctx, placeID)
	if err != nil {
		return "", "", err
	}
	var siblings []called
	for _, stage := range stages {
		siblings = append(siblings, called{stage.ID, stage.Code, stage.Name})
	}
	if stageID = find(siblings, at.Stage); stageID == "" {
		hint := lookedAt(above, "stage", siblings)
		if places := below(nodes, placeID); len(siblings) == 0 && len(places) > 0 {
			// The address is probably a level short.
			hint += " Below it there are, by code: " + codes(places)
		}
		return placeID, "", ErrUnknownStage.WithMessage("There is no stage called “%s” here.", at.Stage).WithHint("%s", hint)
	}
	return placeID, stageID, nil
}

// mostNamed is how many names a hint lists.
const mostNamed = 20

// lookedAt says where a process or stage was looked for, and what is there.
func lookedAt(above []string, what string, there []called) string {
	where := "At the top level"
	if len(above) > 0 {
		where = "At " + strings.Join(above, " / ")
	}
	if len(there) == 0 {
		return where + " there is no " + what + "."
	}
	return where + " there are, by code: " + codes(there)
}

// codes lists the first codes: "placed, packed, shipped."
func codes(there []called) string {
	names := make([]string, 0, mostNamed)
	for _, one := range there[:min(len(there), mostNamed)] {
		names = append(names, one.code)
	}
	more := ""
	if len(there) > mostNamed {
		more = " and more"
	}
	return strings.Join(names, ", ") + more + "."
}

// below returns the places directly below one, or those at the top for "".
func below(nodes []Node, id string) (places []called) {
	for _, node := range nodes {
		if node.ParentID == id {
			places = append(places, called{node.ID, node.Code, node.Name})
		}
	}
	return places
}

func nameOf(siblings []called, id string) string {
	for _, one := range siblings {
		if one.id == id {
			return one.name
		}
	}
	return id
}

// called is how a place or stage can be named among its siblings.
type called struct{ id, code, name string }

// find returns the id of the sibling with this code, otherwise of the one with
// this name; "" when there is neither. Case does not count.
func find(siblings []called, text string) string {
	key, byName := fold(text), ""
	for _, one := range siblings {
		switch key {
		case one.code:
			return one.id
		case fold(one.name):
			byName = one.id
		}
	}
	return byName
}
