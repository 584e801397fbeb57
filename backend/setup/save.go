package setup

import (
	"context"
	"errors"
	"strings"
	"unicode"

	"github.com/google/uuid"

	"keydesk/backend/access"
	"keydesk/backend/fault"
	"keydesk/backend/process"
	"keydesk/backend/request"
	"keydesk/backend/verdict"
)

// CreateInput makes one setup, or one for each of StageIDs ("Apply to these
// stages"). CopyOf is what the draft keeps its secrets from (Duplicate, or a
// pasted example).
type CreateInput struct {
	Draft    Draft    `json:"draft"`
	StageIDs []string `json:"stage_ids" validate:"max=200"`
	CopyOf   Source   `json:"copy_of"`
}

// UpdateInput changes one setup; Version is the one that was read.
type UpdateInput struct {
	ID      string `json:"id" validate:"required,max=64"`
	Version int    `json:"version"`
	Draft   Draft  `json:"draft"`
}

// SavedSetups lists what was saved.
type SavedSetups struct {
	Setups []Setup `json:"setups"`
}

// tlsOff is the permission that switching a TLS check off needs in addition.
var tlsOff = []access.Permission{access.ManageSettings}

// Operations that save.
var (
	OpCreate = access.Op[CreateInput, SavedSetups]{Name: "setup.create", Does: "created the API Key Setup", Mode: access.Write, Needs: []access.Permission{access.CreateSetup}, Asks: tlsOff, AsksFresh: true}
	OpUpdate = access.Op[UpdateInput, Setup]{Name: "setup.update", Does: "changed the API Key Setup", Mode: access.Write, Needs: []access.Permission{access.EditSetup}, Asks: tlsOff, AsksFresh: true}
)

var (
	errForeignStage = fault.New(fault.Invalid, "setup.foreign_stage", "This stage belongs to another process.").
		WithField("draft.stage_id", "This stage belongs to another process. Choose one of the offered stages.")
)

// Create saves a new setup and seals its secrets, both or neither.
func (s *Service) Create(ctx context.Context, in CreateInput) (SavedSetups, error) {
	base, err := s.source(ctx, in.CopyOf)
	if err != nil {
		return SavedSetups{}, err
	}
	stages := in.StageIDs
	if len(stages) == 0 {
		stages = []string{in.Draft.StageID}
	}
	saved := SavedSetups{Setups: []Setup{}}
	for _, stageID := range stages {
		draft := in.Draft
		draft.StageID = stageID
		one, err := s.insert(ctx, base, draft)
		if err != nil {
			return SavedSetups{}, err
		}
		saved.Setups = append(saved.Setups, one)
	}
	return saved, nil
}

func (s *Service) insert(ctx context.Context, base *base, draft Draft) (Setup, error) {
	m, err := s.merge(base, draft, true)
	if err != nil {
		return Setup{}, err
	}
	if err := s.refuseExposed(ctx, base, m); err != nil {
		return Setup{}, err
	}
	return s.insertMerged(ctx, m, base.keepsUnchecked(m.draft))
}

func (s *Service) insertMerged(ctx context.Context, m merged, keepsUnchecked bool) (Setup, error) {
	at, err := s.check(ctx, m.checked(), keepsUnchecked)
	if err != nil {
		return Setup{}, err
	}
	m.draft.Request.StageParams = at.stageParams
	now := s.now().UnixMilli()
	one := at.named(Setup{ID: uuid.Must(uuid.NewV7()).String(), Draft: m.shown(), Version: 1, CreatedMs: now, UpdatedMs: now})
	if err := s.checkUnique(ctx, one); err != nil {
		return Setup{}, err
	}
	if err := s.store.InsertSetup(ctx, one); err != nil {
		return Setup{}, err
	}
	if err := s.seal(ctx, m, one.ID); err != nil {
		return Setup{}, err
	}
	note(ctx, access.SetupCreated, one, nil, one.Draft.recorded())
	return one, nil
}

// Update saves a change; untouched secrets stay as they are (A56).
func (s *Service) Update(ctx context.Context, in UpdateInput) (Setup, error) {
	before, err := s.read(ctx, in.ID)
	if err != nil {
		return Setup{}, err
	}
	if before.DeletedMs > 0 {
		return Setup{}, ErrDeleted
	}
	if before.Version != in.Version {
		return Setup{}, ErrStale
	}
	base, err := s.stored(ctx, before)
	if err != nil {
		return Setup{}, err
	}
	m, err := s.merge(base, in.Draft, false)
	if err != nil {
		return Setup{}, err
	}
	if err := s.refuseExposed(ctx, base, m); err != nil {
		return Setup{}, err
	}
	return s.updateMerged(ctx, before, m)
}

func (s *Service) updateMerged(ctx context.Context, before Setup, m merged) (Setup, error) {
	at, err := s.check(ctx, m.checked(), m.base.keepsUnchecked(m.draft))
	if err != nil {
		return Setup{}, err
	}
	m.draft.Request.StageParams = at.stageParams
	after := before
	after.Draft, after.UpdatedMs = m.shown(), s.now().UnixMilli()
	after = at.named(after)
	if !sameSlot(before, after) {
		if err := s.checkUnique(ctx, after); err != nil {
			return Setup{}, err
		}
	}
	if len(m.Write)+len(m.Carry)+len(m.missing) > 0 || bounds(before.Draft).Address != bounds(m.draft).Address || before.Draft.Provider != after.Draft.Provider ||
		s.provider(before.Draft).Identity(before.Draft.Request) != s.provider(after.Draft).Identity(after.Draft.Request) {
		after.Check = nil // the credential or its address may be another
	}
	if err := s.store.UpdateSetup(ctx, after); err != nil {
		return Setup{}, err
	}
	if err := s.seal(ctx, m, after.ID); err != nil {
		return Setup{}, err
	}
	after.Version++
	note(ctx, access.SetupUpdated, after, before.Draft.recorded(), after.Draft.recorded())
	return after, nil
}

// place is the names of where a setup belongs, and the fields in reach there.
type place struct {
	places []string // root first
	stage  string
	// provider is its name, "" without one.
	provider string
	fields   []process.Field
	// stageParams are the draft's rows with their Default Values cleaned.
	stageParams []request.StageParam
}

func (at place) named(one Setup) Setup {
	one.Places, one.Stage = at.places, at.stage
	one.ProviderName = at.provider
	one.Title = Title(one.Draft.Name, at.places, at.stage, one.Draft.Channel)
	return one
}

// check refuses a draft that could not be sent, with every reason at its
// field, and gives the place where the draft belongs.
func (s *Service) check(ctx context.Context, draft Draft, keepsUnchecked bool) (place, error) {
	if err := s.checkTLS(ctx, draft, keepsUnchecked); err != nil {
		return place{}, err
	}
	found, err := s.places.At(ctx, draft.PlaceID, draft.StageID)
	switch {
	case errors.Is(err, process.ErrPlaceGone):
		e := ErrPlace.WithField("draft.place_id", "Choose a process.")
		for _, one := range s.faults(draft, nil) {
			e = e.WithField(one.Name, "%s", one.Message)
		}
		return place{}, e
	case errors.Is(err, process.ErrStageGone), errors.Is(err, process.ErrOtherBranch):
		return place{}, errForeignStage
	case err != nil:
		return place{}, err
	}
	at := place{stage: found.Stage, provider: draft.Provider, fields: found.Fields}
	if p := s.provider(draft); p != nil {
		at.provider = p.Name
	}
	for _, place := range found.Path {
		at.places = append(at.places, place.Name)
	}
	env, err := s.env(ctx)
	if err != nil {
		return place{}, err
	}
	var unfit fault.Fields
	at.stageParams, unfit = CleanDefaults(draft.Request.StageParams, at.fields, nil, env.Country)
	draft.Request.StageParams = at.stageParams
	available := make([]string, len(at.fields))
	for i, field := range at.fields {
		available[i] = field.Name
	}
	return at, append(s.faults(draft, available), unfit...).Err("setup.invalid")
}

// faults is everything that is wrong with a draft except its place. available
// are the stage fields there; if there are none, their names are not checked.
func (s *Service) faults(draft Draft, available []string) fault.Fields {
	var fields fault.Fields
	for _, one := range request.Check(draft.Request, available) {
		fields.Add("draft.request."+one.Name, "%s", one.Message)
	}
	fields = append(fields, s.checkProvider(draft)...)
	fields = append(fields, SecretRecipient(draft.Request, s.provider(draft))...)
	if draft.Rule != nil {
		for _, one := range verdict.CheckRule(*draft.Rule) {
			fields.Add("draft."+one.Name, "%s", one.Message)
		}
	}
	if n := draft.Options.LiveLimit(); n < 1 || n > MaxLivePerDay {
		fields.Add("draft.options.live_per_day", "Enter a whole number from 1 to 100,000, or nothing for 1,000.")
	}
	if strings.ContainsFunc(draft.Name, func(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp) }) {
		fields.Add("draft.name", "A name is one line of text.")
	}
	return fields
}

// checkTLS asks for the permission and the password if a draft switches its TLS
// check off, or takes what was switched off for one destination to another.
func (s *Service) checkTLS(ctx context.Context, draft Draft, keepsUnchecked bool) error {
	if !draft.Options.SkipTLSCheck || keepsUnchecked {
		return nil
	}
	invocation := access.From(ctx)
	if err := invocation.Require("Switching the TLS check off", access.ManageSettings); err != nil {
		return fault.From(err).WithField("draft.options.skip_tls_check", "This also needs Can Manage Settings.").
			WithHint("Leave the check on, or ask someone with that permission.")
	}
	return invocation.RequireFresh("Enter your password once more to switch the TLS check off.")
}

// sameSlot tells whether a setup was already the enabled one at this place, stage
// and channel: then no other can be.
func sameSlot(before, after Setup) bool {
	b, a := before.Draft, after.Draft
	return before.DeletedMs == 0 && b.Enabled && b.PlaceID == a.PlaceID && b.StageID == a.StageID && b.Channel == a.Channel
}

// checkUnique refuses a second enabled setup for one place, stage and channel (R10).
func (s *Service) checkUnique(ctx context.Context, one Setup) error {
	if !one.Draft.Enabled {
		return nil
	}
	other, found, err := s.store.SetupAt(ctx, one.Draft.PlaceID, one.Draft.StageID, one.Draft.Channel)
	if err != nil || !found || other == one.ID {
		return err
	}
	first, err := s.store.Setup(ctx, other)
	if err != nil {
		return err
	}
	return ErrTaken.WithField("draft.stage_id", "There is already an enabled setup for this place, stage and channel.").
		WithLink(Kind, first.ID, first.Title)
}
