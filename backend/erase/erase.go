// Package erase takes a text out of the past: out of activity, the history of
// calls, the events that wait, and the bytes of the data file. It is for a value
// that was saved as plain text and should have been a secret (RULES.md, Erasing).
//
// Only the past is erased. A text that is still in use, such as a value of a
// setup, has to be changed first, since it would be written again by the next
// save; Erase says where it is.
package erase

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"keydesk/backend/access"
	"keydesk/backend/activity"
	"keydesk/backend/fault"
	"keydesk/backend/secret"
)

// Input is the text to erase. It goes nowhere but into the search.
type Input struct {
	OperationID string      `json:"operation_id" validate:"max=64"`
	Text        secret.Text `json:"text" ts_type:"string" validate:"required"`
}

// Operation is the id by which this can be cancelled.
func (in Input) Operation() string { return in.OperationID }

// Erased counts what held the text. It is also what activity records.
type Erased struct {
	// Entries of activity lost the texts that held it.
	Entries int `json:"entries"`
	// Calls of the history have a mask in its place, and so have Events that
	// waited and results of a Credential check.
	Calls  int `json:"calls"`
	Events int `json:"events"`
	Checks int `json:"checks"`
	// Keys are deleted API keys whose title held it.
	Keys int `json:"keys"`
	// Alerts named something that held it.
	Alerts int `json:"alerts"`
	// Setups that were deleted before and still held it cannot be restored any
	// more.
	Setups int `json:"setups"`
	// Copies of the data file, made before an update, were removed.
	Copies int `json:"copies"`
}

// OpText erases a text.
var OpText = access.Op[Input, Erased]{Name: "erase.text", Does: "erased a text from the history", Mode: access.Long, Needs: []access.Permission{access.ManageSettings, access.OrgAdminOnly}, Fresh: true}

// Kind is the word of erasures in activity.
const Kind = "erasure"

// maxText is the longest text in bytes: that of a value.
const maxText = 64 << 10

// Part is a part of the data whose rows hold texts.
type Part string

// The parts of the past that are masked, and Deleted, whose setups are removed.
const (
	Calls   Part = "calls"
	Planned Part = "planned" // calls of Test all that are about to leave
	Events  Part = "events"
	Checks  Part = "checks"
	Deleted Part = "deleted"
	Keys    Part = "keys" // deleted API keys
	Alerts  Part = "alerts"
)

// Use is a thing of today that holds the text. Kind is as in fault.Link.
type Use struct{ Kind, ID, Name string }

// Store finds texts, masks them, and makes the data file anew.
type Store interface {
	// InTx runs fn in one transaction, or in the context's.
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
	// InUse lists things of today in which a text holds what is looked for, and
	// stops after limit.
	InUse(ctx context.Context, limit int, holds func(text string) bool) ([]Use, error)
	// Holding reads a page of a part's rows after an id and returns the ids of
	// those that hold what is looked for, and the id to go on from: "" when there
	// are no more.
	Holding(ctx context.Context, part Part, after string, holds func(text string) bool) (ids []string, last string, err error)
	// Mask writes the texts of these rows again; it needs a transaction.
	Mask(ctx context.Context, part Part, ids []string, mask func(text string) string) error
	// HistorySize is how many entries of activity and calls there are.
	HistorySize(ctx context.Context) (entries, calls int, err error)
	// Rewrite makes the data file anew from what is in it, so that no byte of
	// what was deleted or replaced is left in it or in its log.
	Rewrite(ctx context.Context) error
	// FileHolds says whether the bytes of the data file or its log hold a text.
	FileHolds(text string) (bool, error)
	// Elsewhere names other files of the data folder that hold what is looked for.
	Elsewhere(ctx context.Context, holds func(text string) bool) ([]string, error)
	// RemoveCopies removes the copies of the data file made before updates, and
	// counts them.
	RemoveCopies() (int, error)
}

// Trail erases texts of activity.
type Trail interface {
	Holding(ctx context.Context, after int64, holds func(text string) bool) (found []activity.Holding, last int64, err error)
	Erase(ctx context.Context, found []activity.Holding) error
}

// Setups removes deleted setups permanently.
type Setups interface {
	// Destroy removes a deleted setup with its secrets in the context's
	// transaction. name is what activity calls it.
	Destroy(ctx context.Context, id string, name func(title string) string) error
}

// Faults of erasing.
var (
	ErrShort   = fault.New(fault.Invalid, "erase.short", "A text to erase has at least 6 characters.").WithHint("Shorter ones are part of ordinary words and numbers.")
	ErrLong    = fault.New(fault.Invalid, "erase.long", "This text is longer than any value.")
	ErrInUse   = fault.New(fault.Conflict, "erase.in_use", "This text is still in use, so nothing was erased.")
	ErrFiles   = fault.New(fault.Conflict, "erase.in_files", "This text is in files of the data folder that Keydesk does not change, so nothing was erased.").WithHint("Delete these files if nobody needs them, then erase the text.")
	ErrRunning = fault.New(fault.Conflict, "erase.running", "A text is being erased already.").WithHint("Try again when that is done.")
	ErrLeft    = fault.New(fault.Conflict, "erase.left", "Something wrote this text again while it was being erased.").WithHint("Erase it once more.")
)

// Service holds the use case.
type Service struct {
	store  Store
	trail  Trail
	setups Setups
	one    sync.Mutex
}

// New makes the service; it does no I/O.
func New(store Store, trail Trail, setups Setups) *Service {
	return &Service{store: store, trail: trail, setups: setups}
}

// Text erases a text everywhere in the past. It first records that it begins,
// works in short transactions, each of which leaves everything whole, and records
// at the end what it found. One that was stopped in the middle is run again.
//
// Faults: ErrShort, ErrLong, ErrInUse with a link to each thing, ErrFiles with the
// names of the files, ErrRunning, ErrLeft, and those of the store.
func (s *Service) Text(ctx context.Context, in Input) (Erased, error) {
	text := in.Text.Reveal()
	switch {
	case secret.TooShort(in.Text) || strings.TrimSpace(text) == "":
		return Erased{}, ErrShort.WithField("text", "Enter at least 6 characters.")
	case len(text) > maxText:
		return Erased{}, ErrLong.WithField("text", "This is longer than any value.")
	case !s.one.TryLock():
		return Erased{}, ErrRunning
	}
	defer s.one.Unlock()
	mask := newMask(text)
	if err := s.refuseInUse(ctx, mask); err != nil {
		return Erased{}, err
	}
	run, err := s.begin(ctx, mask)
	if err != nil {
		return Erased{}, err
	}
	for _, step := range []func(ctx context.Context) error{run.activity, run.deleted, run.masked} {
		if err := step(ctx); err != nil {
			return Erased{}, err
		}
	}
	return s.finish(ctx, run, text)
}

// refuseInUse names what holds the text today.
func (s *Service) refuseInUse(ctx context.Context, mask mask) error {
	const links = 20
	uses, err := s.store.InUse(ctx, links, mask.holds)
	if err != nil {
		return err
	}
	if len(uses) == 0 {
		return s.refuseInFiles(ctx, mask)
	}
	refusal := ErrInUse.WithHint("Change it first where it is, so that no later save writes it again: mark a value of a setup as secret and enter a new one.")
	for _, use := range uses {
		refusal = refusal.WithLink(use.Kind, use.ID, mask.text(use.Name))
	}
	return refusal
}

// refuseInFiles names the files beside the data file that hold the text: what was
// put aside there belongs to the person.
func (s *Service) refuseInFiles(ctx context.Context, mask mask) error {
	files, err := s.store.Elsewhere(ctx, func(text string) bool { return mask.redactor.Text(text) != text })
	if err != nil {
		return fmt.Errorf("erase: files: %w", err)
	}
	if len(files) == 0 {
		return nil
	}
	const named = 5
	list := strings.Join(files[:min(len(files), named)], ", ")
	if more := len(files) - named; more > 0 {
		list += fmt.Sprintf(" and %d more", more)
	}
	return ErrFiles.WithMessage("This text is in files of the data folder that Keydesk does not change, so nothing was erased: %s.", mask.text(list))
}

// run is one erasure under way.
type run struct {
	*Service
	mask   mask
	erased Erased
	// done and total are rows that were looked at.
	done, total int
}

// begin records that a text is about to be erased, before anything is: whatever is
// missing later, activity says who did it and when.
func (s *Service) begin(ctx context.Context, mask mask) (*run, error) {
	entries, calls, err := s.store.HistorySize(ctx)
	if err != nil {
		return nil, err
	}
	r := &run{Service: s, mask: mask, total: entries + calls}
	invocation := access.From(ctx)
	return r, invocation.Commit(ctx, func(context.Context) error {
		invocation.Changed(Kind, invocation.CallID, "Begun", nil, nil)
		return nil
	})
}

func (r *run) report(ctx context.Context, rows int, what string) {
	r.done = min(r.done+rows, r.total)
	access.From(ctx).Report(r.done, r.total, what)
}

// activity erases the texts of entries. What it has to change is looked for
// outside of transactions, so that others can save meanwhile.
func (r *run) activity(ctx context.Context) error {
	for after := int64(0); ; {
		if err := ctx.Err(); err != nil {
			return err
		}
		found, last, err := r.trail.Holding(ctx, after, r.mask.holds)
		if err != nil {
			return err
		}
		if len(found) > 0 {
			if err := r.store.InTx(ctx, func(ctx context.Context) error { return r.trail.Erase(ctx, found) }); err != nil {
				return err
			}
			r.erased.Entries += len(found)
		}
		if last == 0 {
			return nil
		}
		r.report(ctx, int(last-after), "Activity")
		after = last
	}
}

// deleted removes setups that were deleted and could still be restored. Their
// text cannot be masked: what would be restored would be another setup.
func (r *run) deleted(ctx context.Context) error {
	invocation := access.From(ctx)
	return r.pages(ctx, Deleted, func(ids []string) error {
		r.erased.Setups += len(ids)
		return invocation.Commit(ctx, func(ctx context.Context) error {
			for _, id := range ids {
				if err := r.setups.Destroy(ctx, id, r.mask.text); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// masked puts the mask into everything else.
func (r *run) masked(ctx context.Context) error {
	for _, part := range []struct {
		name  Part
		count *int
	}{{Calls, &r.erased.Calls}, {Planned, &r.erased.Calls}, {Events, &r.erased.Events}, {Checks, &r.erased.Checks}, {Keys, &r.erased.Keys}, {Alerts, &r.erased.Alerts}} {
		err := r.pages(ctx, part.name, func(ids []string) error {
			*part.count += len(ids)
			return r.store.InTx(ctx, func(ctx context.Context) error { return r.store.Mask(ctx, part.name, ids, r.mask.text) })
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// pages walks the rows of a part and hands over the ids of those that hold the
// text.
func (r *run) pages(ctx context.Context, part Part, found func(ids []string) error) error {
	for after := ""; ; {
		if err := ctx.Err(); err != nil {
			return err
		}
		ids, last, err := r.store.Holding(ctx, part, after, r.mask.holds)
		if err != nil {
			return err
		}
		if len(ids) > 0 {
			if err := found(ids); err != nil {
				return err
			}
		}
		if last == "" {
			return nil
		}
		if part == Calls {
			r.report(ctx, PageSize, "Calls")
		}
		after = last
	}
}

// PageSize is how many rows Holding reads at once.
const PageSize = 200

// finish cleans the files and records what was found. Until here the text is gone
// from what is stored, but not from the bytes of the file: what SQLite deletes or
// moves can stay in the room that it leaves.
func (s *Service) finish(ctx context.Context, r *run, text string) (Erased, error) {
	access.From(ctx).Report(r.total, r.total, "The data file")
	var err error
	if r.erased.Copies, err = s.store.RemoveCopies(); err != nil {
		return Erased{}, fmt.Errorf("erase: copies: %w", err)
	}
	if err := s.store.Rewrite(ctx); err != nil {
		return Erased{}, err
	}
	left, err := s.store.FileHolds(text)
	if err != nil {
		return Erased{}, fmt.Errorf("erase: %w", err)
	}
	if left {
		return Erased{}, ErrLeft
	}
	invocation := access.From(ctx)
	err = invocation.Commit(ctx, func(context.Context) error {
		invocation.Changed(Kind, invocation.CallID, "Finished", nil, r.erased)
		return nil
	})
	return r.erased, err
}
