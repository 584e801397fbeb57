package setup

import (
	"context"

	"keydesk/backend/secret"
	"keydesk/backend/slot"
)

// Source names what a draft keeps its secrets from: the setup that it edits or
// copies, or an example that was pasted. With an empty Source it keeps none.
type Source struct {
	SetupID string `json:"setup_id" validate:"max=64"`
	PasteID string `json:"paste_id" validate:"max=64"`
}

// base is what a source names, with what is known of its secrets by slot. A
// pasted example has no id.
type base struct {
	setup Setup
	held  map[string]slot.Held
	// texts opens the secrets, by slot; those that do not open are left out.
	texts func(ctx context.Context) (map[string]secret.Text, error)
}

// unchecked tells whether the TLS check is off there already; a nil base has none.
func (b *base) unchecked() bool { return b != nil && b.setup.Draft.Options.SkipTLSCheck }

// source reads what a draft keeps its secrets from, nil for none.
func (s *Service) source(ctx context.Context, from Source) (*base, error) {
	switch {
	case from.PasteID != "":
		return s.fromPaste(ctx, from.PasteID)
	case from.SetupID == "":
		return nil, nil
	}
	one, err := s.read(ctx, from.SetupID)
	if err != nil {
		return nil, err
	}
	if one.DeletedMs > 0 {
		return nil, ErrDeleted
	}
	return s.stored(ctx, one)
}

// stored is a saved setup as a base.
func (s *Service) stored(ctx context.Context, one Setup) (*base, error) {
	held, err := s.secrets.Held(ctx, Kind, one.ID)
	return &base{setup: one, held: slot.HeldOf(held), texts: func(ctx context.Context) (map[string]secret.Text, error) {
		return s.secrets.All(ctx, Kind, one.ID)
	}}, err
}

// read gives a saved setup. What was entered in its provider's form is filled in
// if an earlier version of Keydesk did not keep it. Faults: ErrNotFound,
// ErrDamaged.
func (s *Service) read(ctx context.Context, id string) (Setup, error) {
	one, err := s.store.Setup(ctx, id)
	if err == nil {
		one.Draft = s.CarriedOver(one.Draft)
	}
	return one, err
}
