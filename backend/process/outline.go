package process

import (
	"context"
	"fmt"
	"strings"

	"keydesk/backend/access"
)

// OutlineNode is a place described by names alone, as a file carries it from
// one office to another: the names from the root down, and its stages in their
// order.
type OutlineNode struct {
	Place  []string       `json:"place"`
	Stages []OutlineStage `json:"stages"`
}

// OutlineStage is a stage described by names alone, with its fields in their
// order.
type OutlineStage struct {
	Name   string         `json:"name"`
	Fields []OutlineField `json:"fields"`
}

// OutlineField is a stage field described by its name alone. Sample is as in
// Field.
type OutlineField struct {
	Name     string    `json:"name"`
	Type     FieldType `json:"type"`
	Required bool      `json:"required"`
	Sample   string    `json:"sample"`
}

// Key makes paths comparable in the same way as siblings: two paths have the
// same key when each name of one would be refused as a sibling of the other's.
func Key(names ...string) string {
	folded := make([]string, len(names))
	for i, name := range names {
		folded[i] = fold(name)
	}
	return strings.Join(folded, "\x1f")
}

// Clean returns an outline with its names and samples as they are kept, or the
// sentence that says what is wrong with it.
func (o OutlineNode) Clean() (clean OutlineNode, problem string) {
	clean = OutlineNode{Place: make([]string, len(o.Place)), Stages: make([]OutlineStage, len(o.Stages))}
	if len(o.Place) == 0 || len(o.Place) > 3 {
		return clean, "A place has one to three names: Process, Sub Process, Sub Sub Process."
	}
	for i, typed := range o.Place {
		name, problem := cleanName(typed)
		if problem != "" {
			return clean, columnNames[i] + ": " + problem
		}
		clean.Place[i] = name
	}
	stages := map[string]bool{}
	for i, stage := range o.Stages {
		name, problem := cleanName(stage.Name)
		switch {
		case problem != "":
			return clean, "Stage: " + problem
		case stages[fold(name)]:
			return clean, fmt.Sprintf("The stage “%s” is here twice.", name)
		}
		stages[fold(name)] = true
		clean.Stages[i] = OutlineStage{Name: name, Fields: make([]OutlineField, len(stage.Fields))}
		fields := map[string]bool{}
		for j, field := range stage.Fields {
			field, problem := field.clean()
			if problem == "" && fields[fold(field.Name)] {
				problem = fmt.Sprintf("The stage field “%s” is here twice.", field.Name)
			}
			if problem != "" {
				return clean, name + ": " + problem
			}
			fields[fold(field.Name)] = true
			clean.Stages[i].Fields[j] = field
		}
	}
	return clean, ""
}

func (o OutlineField) clean() (OutlineField, string) {
	name, problem := cleanName(o.Name)
	if problem != "" {
		return o, "Stage Field: " + problem
	}
	if o.Type == "" {
		o.Type = Text
	}
	if !o.Type.known() {
		return o, fmt.Sprintf("“%s” has no type of a stage field: text, number, phone, email, date or boolean.", name)
	}
	sample, problem := cleanSample(o.Type, o.Sample)
	if problem != "" {
		return o, fmt.Sprintf("Sample Value of “%s”: %s", name, problem)
	}
	o.Name, o.Sample = name, sample
	return o, ""
}

// Lack is a part of an outline that is not in the tree.
type Lack struct {
	// What is its kind as people read it: Process, Sub Process, Sub Sub
	// Process, Stage or Stage Field.
	What string `json:"what"`
	// Path reads as "Orders / Delivery / Shipped / Mobile".
	Path string `json:"path"`
}

// Growth is the tree with what outlines add to it, in memory: nothing is
// written before Grow. What is there is found by name, in any case, and is
// left as it is.
type Growth struct{ plan *plan }

// Growth reads the tree as it is now.
func (s *Service) Growth(ctx context.Context) (*Growth, error) {
	p, err := s.newPlan(ctx)
	return &Growth{plan: p}, err
}

// Find returns the place and stage with these names, existing or planned by
// Add; without a stage name it returns the place alone.
func (g *Growth) Find(place []string, stage string) (Node, Stage, bool) {
	var at Node
	for _, name := range place {
		next, found := under(g.plan.places, at.ID).named(name)
		if !found {
			return Node{}, Stage{}, false
		}
		at = next
	}
	if stage == "" {
		return at, Stage{}, len(place) > 0
	}
	step, found := under(g.plan.stages, at.ID).named(stage)
	return at, step, found
}

// Lacks lists the parts of a clean outline that are not there, parents first.
func (g *Growth) Lacks(one OutlineNode) []Lack {
	var lacks []Lack
	add := func(what string, names ...string) {
		lacks = append(lacks, Lack{What: what, Path: strings.Join(names, " / ")})
	}
	at, there := Node{}, true
	for i, name := range one.Place {
		if there {
			at, there = under(g.plan.places, at.ID).named(name)
		}
		if !there {
			add(columnNames[i], one.Place[:i+1]...)
		}
	}
	for _, stage := range one.Stages {
		path := append(append([]string{}, one.Place...), stage.Name)
		step, known := Stage{}, false
		if there {
			step, known = under(g.plan.stages, at.ID).named(stage.Name)
		}
		if !known {
			add(columnNames[colStage], path...)
		}
		for _, field := range stage.Fields {
			if known {
				if _, has := under(g.plan.fields, step.ID).named(field.Name); has {
					continue
				}
			}
			add(columnNames[colField], append(path, field.Name)...)
		}
	}
	return lacks
}

// Add plans the parts of a clean outline that are not there.
func (g *Growth) Add(one OutlineNode) {
	at := Node{}
	for _, name := range one.Place {
		next, there := under(g.plan.places, at.ID).named(name)
		if !there {
			next = g.plan.newPlace(at, name)
		}
		at = next
	}
	for _, stage := range one.Stages {
		step, there := under(g.plan.stages, at.ID).named(stage.Name)
		if !there {
			step = g.plan.newStage(at, stage.Name)
		}
		for _, field := range stage.Fields {
			if _, there := under(g.plan.fields, step.ID).named(field.Name); !there {
				g.plan.newField(step, Field{Name: field.Name, Type: field.Type, Required: field.Required, Sample: field.Sample})
			}
		}
	}
}

// Grow writes what was planned and returns how much it was. name is what
// activity calls it. If nothing is planned it reports no change.
func (s *Service) Grow(ctx context.Context, g *Growth, name string) (Imported, error) {
	made := Imported{Places: len(g.plan.newPlaces), Stages: len(g.plan.newStages), Fields: len(g.plan.newFields)}
	if g.plan.isEmpty() {
		return made, nil
	}
	if err := s.carryOut(ctx, g.plan); err != nil {
		return Imported{}, err
	}
	access.From(ctx).Changed("place", "", name, nil, g.plan.record())
	return made, nil
}
