package transfer

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"keydesk/backend/access"
	"keydesk/backend/fault"
	"keydesk/backend/process"
	"keydesk/backend/secret"
	"keydesk/backend/setup"
)

// plan is what a file would do here: its setups, each with the setup that is at
// its place now.
type plan struct {
	rows   []*row
	growth *process.Growth
}

// row is one setup of the file.
type row struct {
	entry
	number, line int
	// outline is what the setup needs of the tree, lacks the part of it that is
	// missing here.
	outline []process.OutlineNode
	lacks   []process.Lack
	// over is the setup that is there now; nil if there is none.
	over *setup.Setup
	// same says that over equals the setup of the file.
	same bool
	// masked says that the file has a mask where a value belongs.
	masked   bool
	notes    []string
	problems []string
	// forbidden is what a caller is told who may not import this row.
	forbidden *fault.Error
}

func (r *row) title() string {
	return shortened(setup.Title(r.Setup.Name, r.Place, r.Stage, r.Setup.Channel))
}

// require notes a permission that this row needs and the caller lacks. What an
// import needs depends on its file.
func (r *row) require(ctx context.Context, what string, needed access.Permission) {
	err := access.From(ctx).Require(what, needed)
	if err == nil {
		return
	}
	refused := fault.From(err)
	r.problems = append(r.problems, refused.Message)
	if r.forbidden == nil {
		r.forbidden = refused
	}
}

func (s *Service) plan(ctx context.Context, text string) (*plan, error) {
	doc, lines, err := read(text)
	if err != nil {
		return nil, err
	}
	p := &plan{}
	if p.growth, err = s.Process.Growth(ctx); err != nil {
		return nil, err
	}
	branches := branchesOf(doc.Places)
	needs := 0
	for i, one := range doc.Setups {
		one.Setup = s.Setups.CarriedOver(one.Setup)
		r := &row{entry: one, number: i + 1, line: lines[i]}
		p.rows = append(p.rows, r)
		s.describe(r, p.growth, branches)
		if needs += len(r.lacks); needs > maxNeeds {
			return nil, ErrTooMuch
		}
	}
	if err := s.pair(ctx, p); err != nil {
		return nil, err
	}
	for _, r := range p.rows {
		if r.over != nil {
			r.require(ctx, "Replacing a setup", access.EditSetup)
		}
		if len(r.lacks) > 0 {
			r.require(ctx, fmt.Sprintf("Making the %s “%s”", r.lacks[0].What, r.lacks[0].Path), access.CreateProcess)
		}
	}
	return p, nil
}

// branches find the places of a file: by their key and by the keys of the places
// above them, and those with a single stage by place and stage.
type branches struct {
	below  map[string][]process.OutlineNode
	staged map[string]process.OutlineNode
	wanted map[string]*wanted
}

func branchesOf(places []process.OutlineNode) branches {
	all := branches{below: map[string][]process.OutlineNode{}, staged: map[string]process.OutlineNode{}, wanted: map[string]*wanted{}}
	for _, one := range places {
		for n := range one.Place {
			key := process.Key(one.Place[:n+1]...)
			all.below[key] = append(all.below[key], one)
		}
		for _, stage := range one.Stages {
			all.staged[stageKey(one.Place, stage.Name)] = process.OutlineNode{Place: one.Place, Stages: []process.OutlineStage{stage}}
		}
	}
	return all
}

func stageKey(place []string, stage string) string {
	return process.Key(place...) + "\x1e" + process.Key(stage)
}

// wanted is what a setup at a place and stage needs of the tree, and what is
// missing of it here.
type wanted struct {
	outline []process.OutlineNode
	lacks   []process.Lack
}

// of gives what a setup there needs: its stage with the fields or, for every
// stage, all that the file has at and below the place (R2). It is computed once
// for each place and stage.
func (b branches) of(place []string, stage string, growth *process.Growth) (*wanted, string) {
	key := stageKey(place, stage)
	if known := b.wanted[key]; known != nil {
		return known, ""
	}
	own := process.OutlineNode{Place: place}
	if stage != "" {
		own.Stages = []process.OutlineStage{{Name: stage}}
	}
	own, problem := own.Clean()
	if problem != "" {
		return nil, problem
	}
	found := &wanted{outline: []process.OutlineNode{own}}
	if staged, known := b.staged[key]; known {
		found.outline = []process.OutlineNode{staged}
	} else if stage == "" {
		found.outline = append(found.outline, b.below[process.Key(place...)]...)
	}
	seen := map[process.Lack]bool{}
	for _, one := range found.outline {
		for _, lack := range growth.Lacks(one) {
			if !seen[lack] {
				seen[lack] = true
				found.lacks = append(found.lacks, lack)
			}
		}
	}
	b.wanted[key] = found
	return found, ""
}

// describe finds out what a setup needs of the tree, and notes what a person
// should know about it.
func (s *Service) describe(r *row, growth *process.Growth, all branches) {
	wanted, problem := all.of(r.Place, r.Stage, growth)
	if problem != "" {
		r.problems = append(r.problems, problem)
		return
	}
	r.outline, r.lacks = wanted.outline, wanted.lacks
	eachText(&r.Setup, func(text *string) { r.masked = r.masked || strings.Contains(*text, secret.Mask) })
	if r.masked {
		r.notes = append(r.notes, "A value was hidden in the file, since it held a secret. Enter it again.")
	}
	if id := r.Setup.Provider; id != "" {
		if _, err := s.Providers.Get(id); err != nil {
			r.notes = append(r.notes, fmt.Sprintf("The provider “%s” is not known here. The request is complete without it, but errors are not explained in the provider's words.", shortened(id)))
		}
	}
}

// pair finds for each row the setup at its place, stage and channel.
func (s *Service) pair(ctx context.Context, p *plan) error {
	byKey := map[string][]*row{}
	keys := []string{}
	for _, r := range p.rows {
		if len(r.problems) > 0 {
			continue
		}
		key := r.key()
		if byKey[key] == nil {
			keys = append(keys, key)
		}
		byKey[key] = append(byKey[key], r)
	}
	type spot struct {
		placeID string
		channel setup.Channel
	}
	read := map[spot]map[string][]setup.Candidate{} // by stage
	for _, key := range keys {
		rows := byKey[key]
		place, stage, there := p.growth.Find(rows[0].Place, rows[0].Stage)
		if !there {
			continue
		}
		at := spot{place.ID, rows[0].Setup.Channel}
		if read[at] == nil {
			all, err := s.Setups.AtPlace(ctx, at.placeID, at.channel)
			if err != nil {
				return err
			}
			read[at] = map[string][]setup.Candidate{}
			for _, one := range all {
				read[at][one.StageID] = append(read[at][one.StageID], one)
			}
		}
		here := read[at][stage.ID]
		entries := make([]entry, len(rows))
		for i, r := range rows {
			entries[i] = r.entry
		}
		for i, at := range match(entries, here) {
			if at < 0 {
				continue
			}
			if err := s.compare(ctx, rows[i], here[at].ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// compare notes at a row which setup is there and whether the two are equal.
func (s *Service) compare(ctx context.Context, r *row, id string) error {
	there, known, damaged, err := s.read(ctx, []string{id})
	if err != nil {
		return err
	}
	if len(damaged) > 0 {
		r.problems = append(r.problems, fmt.Sprintf("The setup here, “%s”, is damaged and cannot be replaced. Delete it first.", damaged[0]))
		return nil
	}
	other, _ := entryOf(there[0], known)
	r.over = &other.setup
	// The TLS check is no difference, since importing does not change it.
	read, here := r.Setup, other.entry.Setup
	read.Options.SkipTLSCheck, here.Options.SkipTLSCheck = false, false
	mine, err := write(document{Setups: []entry{{Setup: read}}})
	if err != nil {
		return err
	}
	theirs, err := write(document{Setups: []entry{{Setup: here}}})
	r.same = mine == theirs && len(r.lacks) == 0
	return err
}

// grow makes what these rows need of the tree.
func (s *Service) grow(ctx context.Context, p *plan, rows []*row) (process.Imported, error) {
	added := map[string]bool{}
	for _, r := range rows {
		if key := stageKey(r.Place, r.Stage); !added[key] {
			added[key] = true
			for _, one := range r.outline {
				p.growth.Add(one)
			}
		}
	}
	return s.Process.Grow(ctx, p.growth, "Import of setups")
}

// save saves one row whose places, stages and fields are there.
func (s *Service) save(ctx context.Context, p *plan, r *row) (setup.Imported, error) {
	draft := r.Setup
	place, stage, there := p.growth.Find(r.Place, r.Stage)
	if !there {
		return setup.Imported{}, fmt.Errorf("transfer: the place of row %d was not made", r.number)
	}
	draft.PlaceID, draft.StageID = place.ID, stage.ID
	draft.Enabled = draft.Enabled && !r.masked
	if err := s.Validate(draft); err != nil {
		return setup.Imported{}, err
	}
	if err := s.spell(ctx, &draft); err != nil {
		return setup.Imported{}, err
	}
	in := setup.ImportInput{Draft: draft}
	if r.over != nil {
		in.Over, in.Version = r.over.ID, r.over.Version
	}
	return s.Setups.ImportDraft(ctx, in)
}

// spell gives the stage fields of rows the spelling they have here: they are
// found in any case, but a row takes a field by its exact name (R2).
func (s *Service) spell(ctx context.Context, draft *setup.Draft) error {
	if len(draft.Request.StageParams) == 0 {
		return nil
	}
	fields, err := s.Process.Fields(ctx, draft.PlaceID, draft.StageID)
	if err != nil {
		return err
	}
	names := map[string]string{}
	for _, field := range fields {
		names[process.Key(field.Name)] = field.Name
	}
	draft.Request.StageParams = slices.Clone(draft.Request.StageParams)
	for i, row := range draft.Request.StageParams {
		if here, found := names[process.Key(row.Field)]; found {
			draft.Request.StageParams[i].Field = here
		}
	}
	return nil
}
