package transfer

import (
	"context"
	"fmt"
	"strings"

	"keydesk/backend/fault"
)

// ImportInput is a file and what to do with its setups. A row that is not
// chosen is skipped.
type ImportInput struct {
	Text string   `json:"text" validate:"required"`
	Rows []Choice `json:"rows" validate:"max=5000,dive"`
}

// Choice imports one row of the file: as a new setup, or in place of the one that
// the preview showed at its place, in the version that was shown.
type Choice struct {
	Row         int    `json:"row" validate:"min=1"`
	Over        string `json:"over" validate:"max=64"`
	OverVersion int    `json:"over_version"`
}

// Imported is what an import made.
type Imported struct {
	Added    int `json:"added"`
	Replaced int `json:"replaced"`
	Places   int `json:"places"`
	Stages   int `json:"stages"`
	Fields   int `json:"fields"`
	// Unfinished are the setups that need something typed before they can be
	// switched on.
	Unfinished []Unfinished `json:"unfinished"`
}

// Unfinished is an imported setup that cannot send yet.
type Unfinished struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	// Retype names its secrets that are missing.
	Retype []string `json:"retype"`
	// WasPlain names those of them that were plain text here before, so that the
	// old value is in the history.
	WasPlain []string `json:"was_plain"`
}

// Import imports the chosen rows, all or none. What was chosen has to be what the
// preview showed. Faults: those of a file, ErrNoChoice, ErrMoved, ErrRefused with
// a message at each row.
func (s *Service) Import(ctx context.Context, in ImportInput) (Imported, error) {
	p, err := s.plan(ctx, in.Text)
	if err != nil {
		return Imported{}, err
	}
	rows, err := p.chosen(in.Rows)
	if err != nil {
		return Imported{}, err
	}
	tree, err := s.grow(ctx, p, rows)
	if err != nil {
		return Imported{}, err
	}
	out := Imported{Places: tree.Places, Stages: tree.Stages, Fields: tree.Fields, Unfinished: []Unfinished{}}
	var refused fault.Fields
	for i, r := range rows {
		arrived, err := s.save(ctx, p, r)
		if err != nil {
			problems, err := s.problemsOf(r.Setup, err)
			if err != nil {
				return Imported{}, err
			}
			refused.Add(fmt.Sprintf("rows[%d]", i), "%s: %s", r.title(), strings.Join(problems, " "))
			continue
		}
		if r.over == nil {
			out.Added++
		} else {
			out.Replaced++
		}
		if len(arrived.Missing) > 0 || r.masked {
			out.Unfinished = append(out.Unfinished, Unfinished{
				ID: arrived.Setup.ID, Title: arrived.Setup.Title, Retype: s.labelsOf(r.Setup, arrived.Missing),
				WasPlain: s.labelsOf(r.Setup, arrived.WasPlain),
			})
		}
	}
	if len(refused) > 0 {
		return Imported{}, refusal(refused)
	}
	return out, nil
}

// chosen gives the rows that were chosen, in that order, if they are still what
// the preview showed and the caller may do what they ask for.
func (p *plan) chosen(choices []Choice) ([]*row, error) {
	if len(choices) == 0 {
		return nil, ErrNoChoice
	}
	rows := make([]*row, 0, len(choices))
	taken := map[int]bool{}
	var refused fault.Fields
	for i, choice := range choices {
		if choice.Row > len(p.rows) || taken[choice.Row] {
			return nil, ErrMoved
		}
		taken[choice.Row] = true
		r := p.rows[choice.Row-1]
		seen := Choice{Row: r.number}
		if r.over != nil {
			seen.Over, seen.OverVersion = r.over.ID, r.over.Version
		}
		switch {
		case r.forbidden != nil:
			return nil, r.forbidden
		case len(r.problems) > 0:
			refused.Add(fmt.Sprintf("rows[%d]", i), "%s: %s", r.title(), strings.Join(r.problems, " "))
		case choice != seen:
			return nil, ErrMoved
		}
		rows = append(rows, r)
	}
	if len(refused) > 0 {
		return nil, refusal(refused)
	}
	return rows, nil
}

// refusal is one fault for the rows that cannot be imported.
func refusal(fields fault.Fields) error {
	e := ErrRefused.WithMessage("%s", fields[0].Message).WithHint("Nothing was imported. Skip this setup, or correct the file.")
	if len(fields) > 1 {
		e = ErrRefused.WithMessage("%d setups of this file cannot be imported.", len(fields)).WithHint("Nothing was imported. Skip them, or correct the file.")
	}
	e.Fields = fields
	return e
}
