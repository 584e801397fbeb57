package transfer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"keydesk/backend/process"
	"keydesk/backend/setup"
)

// PreviewInput is the text of a file.
type PreviewInput struct {
	Text string `json:"text" validate:"required"`
}

// Preview is what a file would do.
type Preview struct {
	Rows []Row `json:"rows"`
	// Makes lists what would be made in the tree if every row were imported; a
	// row's Needs are indexes of it.
	Makes []process.Lack `json:"makes"`
	// Notes are about the file as a whole.
	Notes []string `json:"notes"`
}

// What is at a row's place now: nothing, another setup, or the same one.
const (
	isNew  = "new"
	isHere = "here"
	isSame = "same"
)

// Row says what one setup of the file would do.
type Row struct {
	// Row counts from 1 in the order of the file; Line is where it begins.
	Row   int    `json:"row"`
	Line  int    `json:"line"`
	Title string `json:"title"`
	// Place reads as "Orders / Delivery"; Stage is empty for every stage here.
	Place   string        `json:"place"`
	Stage   string        `json:"stage"`
	Channel setup.Channel `json:"channel"`
	// State is new, here (there is a setup at this place, stage and channel) or
	// same (that setup equals the one of the file).
	State string `json:"state"`
	// Over is the setup that is there now, in the version that was looked at.
	Over        string `json:"over"`
	OverVersion int    `json:"over_version"`
	OverTitle   string `json:"over_title"`
	// OverOn says that it is switched on.
	OverOn bool `json:"over_on"`
	// Needs are indexes of Makes.
	Needs []int `json:"needs"`
	// Kept, Retype and Dropped name secrets: those that stay stored, those to be
	// typed afterwards, and stored ones that a replacement destroys.
	Kept    []string `json:"kept"`
	Retype  []string `json:"retype"`
	Dropped []string `json:"gone"`
	// Off says that it would come in switched off although it is on in the file.
	Off bool `json:"off"`
	// TLSOff says that the TLS check is off afterwards (R7), as it is now in the
	// setup that is there. A file cannot switch it off (S5).
	TLSOff bool     `json:"tls_off"`
	Notes  []string `json:"notes"`
	// Problems say why it cannot be imported or replaced. If there are any it can
	// only be skipped.
	Problems []string `json:"problems"`
}

// errUndone ends a preview's transaction.
var errUndone = errors.New("transfer: the preview is undone")

// Preview says row by row what an import would do and changes nothing: it is
// the import of every row, undone. Faults: those of a file.
func (s *Service) Preview(ctx context.Context, in PreviewInput) (Preview, error) {
	p, err := s.plan(ctx, in.Text)
	if err != nil {
		return Preview{}, err
	}
	out := Preview{Rows: make([]Row, len(p.rows)), Makes: []process.Lack{}, Notes: []string{}}
	index := map[process.Lack]int{}
	for i, r := range p.rows {
		out.Rows[i] = r.shown()
		for _, lack := range r.lacks {
			at, known := index[lack]
			if !known {
				at, index[lack] = len(out.Makes), len(out.Makes)
				out.Makes = append(out.Makes, lack)
			}
			out.Rows[i].Needs = append(out.Rows[i].Needs, at)
		}
	}
	err = s.Transactions.InTx(ctx, func(ctx context.Context) error {
		if err := s.try(ctx, p, out.Rows); err != nil {
			return err
		}
		return errUndone
	})
	if !errors.Is(err, errUndone) {
		return Preview{}, err
	}
	if off := p.switchedOff(out.Rows); off > 0 {
		setups := "1 setup"
		if off > 1 {
			setups = fmt.Sprintf("%d setups", off)
		}
		out.Notes = append(out.Notes, fmt.Sprintf("The file switches the TLS check off for %s. It stays on; switch it off in the setup if you must.", setups))
	}
	return out, nil
}

// switchedOff counts the setups whose TLS check the file switches off although
// it is on afterwards.
func (p *plan) switchedOff(shown []Row) (off int) {
	for i, r := range p.rows {
		if r.Setup.Options.SkipTLSCheck && !shown[i].TLSOff {
			off++
		}
	}
	return off
}

// try imports every row that can be imported and notes the result.
func (s *Service) try(ctx context.Context, p *plan, shown []Row) error {
	tried := slices.DeleteFunc(slices.Clone(p.rows), func(r *row) bool { return len(r.problems) > 0 || r.same })
	if _, err := s.grow(ctx, p, tried); err != nil {
		return err
	}
	for _, r := range tried {
		out := &shown[r.number-1]
		arrived, err := s.save(ctx, p, r)
		if err != nil {
			problems, err := s.problemsOf(r.Setup, err)
			if err != nil {
				return err
			}
			out.Problems = append(out.Problems, problems...)
			continue
		}
		out.Kept, out.Retype = s.labelsOf(r.Setup, arrived.Kept), s.labelsOf(r.Setup, arrived.Missing)
		if r.over != nil {
			out.Dropped = s.labelsOf(r.over.Draft, arrived.Dropped)
		}
		out.Off = r.Setup.Enabled && !arrived.Setup.Draft.Enabled
		out.TLSOff = arrived.Setup.Draft.Options.SkipTLSCheck
		before := setup.UsualLivePerDay
		if r.over != nil {
			before = r.over.Draft.Options.LiveLimit()
		}
		if now := arrived.Setup.Draft.Options.LiveLimit(); now > before {
			out.Notes = append(out.Notes, fmt.Sprintf("It may send %d live messages a day afterwards, not %d.", now, before))
		}
	}
	return nil
}

// shown is a row as it is displayed before it was tried.
func (r *row) shown() Row {
	out := Row{
		Row: r.number, Line: r.line, Title: r.title(),
		Place: shortened(strings.Join(r.Place, " / ")), Stage: shortened(r.Stage), Channel: r.Setup.Channel, State: isNew,
		Needs: []int{}, Kept: []string{}, Retype: []string{}, Dropped: []string{},
		Notes: append([]string{}, r.notes...), Problems: append([]string{}, r.problems...),
	}
	if r.over != nil {
		out.State, out.Over, out.OverVersion, out.OverTitle, out.OverOn = isHere, r.over.ID, r.over.Version, r.over.Title, r.over.Draft.Enabled
	}
	if r.same {
		out.State, out.TLSOff = isSame, r.over.Draft.Options.SkipTLSCheck
	}
	return out
}
