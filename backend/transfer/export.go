package transfer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"keydesk/backend/process"
	"keydesk/backend/request"
	"keydesk/backend/secret"
	"keydesk/backend/setup"
)

// ExportInput names the setups: those of IDs, else all that Filter finds, as
// the list shows them. Its page and order do not matter.
type ExportInput struct {
	Filter setup.ListInput `json:"filter"`
	IDs    []string        `json:"ids" validate:"max=5000,dive,max=64"`
}

// File is a text file to be saved.
type File struct {
	Name string `json:"name"`
	Text string `json:"text"`
	// Setups counts what is in it.
	Setups int `json:"setups"`
	// Hidden names the setups and stage fields that also held a secret of any of
	// these setups in plain text. It is masked there (R9) and has to be typed
	// again after an import; a sample value is left out.
	Hidden []string `json:"hidden"`
	// Damaged names setups that cannot be read and are not in it.
	Damaged []string `json:"damaged"`
}

// Export gives setups with their places, stages and fields as a file. Faults:
// ErrNothing, ErrDeleted, ErrTooMany, setup.ErrNotFound.
func (s *Service) Export(ctx context.Context, in ExportInput) (File, error) {
	ids, err := s.chosen(ctx, in)
	if err != nil {
		return File{}, err
	}
	out := File{Name: "setups.json", Hidden: []string{}}
	tree, err := s.readTree(ctx)
	if err != nil {
		return File{}, err
	}
	doc := document{Keydesk: kind, Format: format}
	order := map[string]int{}
	setups, known, damaged, err := s.read(ctx, ids)
	if err != nil {
		return File{}, err
	}
	out.Setups, out.Damaged = len(setups), damaged
	for _, saved := range setups {
		one, hidden := entryOf(saved, known)
		if hidden {
			out.Hidden = append(out.Hidden, one.setup.Title)
		}
		if err := tree.need(ctx, one.setup.Draft.PlaceID, one.setup.Draft.StageID); err != nil {
			return File{}, err
		}
		order[one.entry.key()] = tree.position[one.setup.Draft.StageID]
		doc.Setups = append(doc.Setups, one.entry)
	}
	doc.Places = tree.outline()
	out.Hidden = append(out.Hidden, hideSamples(doc.Places, known)...)
	if err := sortEntries(doc.Setups, order); err != nil {
		return File{}, err
	}
	slices.Sort(out.Hidden)
	if out.Text, err = write(doc); err != nil {
		return File{}, err
	}
	if len(out.Text) > maxBytes {
		return File{}, ErrTooMany
	}
	return out, nil
}

// chosen lists the ids to export.
func (s *Service) chosen(ctx context.Context, in ExportInput) ([]string, error) {
	if in.Filter.Deleted {
		return nil, ErrDeleted
	}
	ids := slices.Clone(in.IDs)
	filter := in.Filter
	filter.Sort, filter.Descending, filter.After, filter.Limit = "", false, "", 200
	for more := len(ids) == 0; more && len(ids) <= maxSetups; more = filter.After != "" {
		page, err := s.Setups.List(ctx, filter)
		if err != nil {
			return nil, err
		}
		for _, row := range page.Rows {
			ids = append(ids, row.ID)
		}
		filter.After = page.Next
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	switch {
	case len(ids) == 0:
		return nil, ErrNothing
	case len(ids) > maxSetups:
		return nil, ErrTooMany
	}
	return ids, nil
}

type exported struct {
	setup setup.Setup
	entry entry
}

// read gives setups, and a redactor that knows the secrets of all of them. Those
// that are damaged are left out and named.
func (s *Service) read(ctx context.Context, ids []string) (setups []setup.Setup, known *secret.Redactor, damaged []string, err error) {
	damaged = []string{}
	whole := make([]string, 0, len(ids))
	for _, id := range ids {
		one, err := s.Setups.Saved(ctx, id)
		if errors.Is(err, setup.ErrDamaged) {
			damaged = append(damaged, s.Setups.TitleOf(ctx, id))
			continue
		}
		if err != nil {
			return nil, nil, nil, err
		}
		setups, whole = append(setups, one), append(whole, id)
	}
	known, err = s.Setups.Redactor(ctx, whole)
	return setups, known, damaged, err
}

// entryOf gives a setup as the file has it, without its secrets. A known secret
// that is also there in plain text is masked; hidden says so.
func entryOf(one setup.Setup, known *secret.Redactor) (out exported, hidden bool) {
	out.setup = one
	draft := one.Draft
	// The rows can be changed: they were read for this file alone.
	eachText(&draft, func(text *string) {
		if masked := known.Text(*text); masked != *text {
			*text, hidden = masked, true
		}
	})
	eachValue(&draft, func(value *request.Value) {
		if value.Secret {
			*value = request.Value{Secret: true}
		}
	})
	eachRowID(&draft, func(id *string) {
		if !travels(*id) {
			*id = ""
		}
	})
	out.entry = entry{Place: one.Places, Stage: one.Stage, Setup: draft}
	return out, hidden
}

// hideSamples leaves out the sample values that hold a known secret, and names
// their fields.
func hideSamples(places []process.OutlineNode, known *secret.Redactor) []string {
	hidden := []string{}
	for _, place := range places {
		for _, stage := range place.Stages {
			for i := range stage.Fields {
				field := &stage.Fields[i]
				if known.Text(field.Sample) != field.Sample {
					field.Sample = ""
					hidden = append(hidden, strings.Join(append(slices.Clone(place.Place), stage.Name, field.Name), " / "))
				}
			}
		}
	}
	return hidden
}

// sortEntries orders by place, stage in the order of its place, channel, enabled
// ones first, name, and finally the whole text, never by an id.
func sortEntries(entries []entry, order map[string]int) error {
	type keyed struct {
		entry entry
		key   string
	}
	list := make([]keyed, len(entries))
	for i, one := range entries {
		text, err := write(document{Setups: []entry{one}})
		if err != nil {
			return err
		}
		off := 1
		if one.Setup.Enabled {
			off = 0
		}
		list[i] = keyed{one, fmt.Sprintf("%s\x00%06d\x00%s\x00%d\x00%s\x00%s",
			process.Key(one.Place...), order[one.key()], one.Setup.Channel, off, one.Setup.Name, text)}
	}
	slices.SortFunc(list, func(a, b keyed) int { return strings.Compare(a.key, b.key) })
	for i := range list {
		entries[i] = list[i].entry
	}
	return nil
}
