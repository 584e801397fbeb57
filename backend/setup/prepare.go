package setup

import (
	"context"
	"maps"
	"slices"

	"keydesk/backend/fault"
	"keydesk/backend/process"
	"keydesk/backend/provider"
	"keydesk/backend/request"
	"keydesk/backend/secret"
	"keydesk/backend/slot"
)

// Purpose is what a setup is made ready for.
type Purpose int

// The purposes.
const (
	// Firing sends to the address itself, with the stored secrets.
	Firing Purpose = iota
	// Simulator replaces each secret by a stand-in; none is opened.
	Simulator
	// Credential asks only for what belongs to the provider's account: the
	// message may still be empty.
	Credential
)

// Ask says what is to be made ready: the saved setup that Source names or, with
// Draft, what the form holds. A draft keeps its secrets from Source.
type Ask struct {
	Source Source
	Draft  *Draft
	For    Purpose
}

// Ready is a setup or draft with its secrets at hand, checked, for firing.
type Ready struct {
	// Setup is the saved one; its id is empty if nothing was saved.
	Setup  Setup
	Draft  Draft
	Fields []process.Field
	// Provider is the setup's provider, nil without one or if its file is gone.
	Provider *provider.Provider
	// IsDraft says that it differs from what is saved.
	IsDraft bool
	// Secrets are all that the setup and the draft have, also those that the
	// request does not send: an answer may repeat any of them (R9).
	Secrets []secret.Text
}

// ErrNoSimulator is given where there is no file to play.
var ErrNoSimulator = fault.New(fault.Invalid, "setup.no_simulator", "The simulator plays providers, and this setup has none.").
	WithHint("Choose a provider under Communication Settings, or test at the address itself.")

// Prepare makes a setup or draft ready. Package call uses it, and its operation
// has checked the caller's permission. A draft keeps stored secrets only while
// scheme, host and port are unchanged. Faults: ErrNotFound, ErrDeleted,
// ErrNoSimulator, setup.retype and setup.invalid.
func (s *Service) Prepare(ctx context.Context, ask Ask) (Ready, error) {
	switch {
	case ask.For == Simulator:
		return s.prepareSimulated(ctx, ask)
	case ask.Draft != nil:
		return s.prepareDraft(ctx, ask)
	}
	one, err := s.Saved(ctx, ask.Source.SetupID)
	if err != nil {
		return Ready{}, err
	}
	texts, err := s.secrets.All(ctx, Kind, one.ID)
	if err != nil {
		return Ready{}, err
	}
	ready := Ready{Setup: one, Draft: one.Draft, Provider: s.provider(one.Draft), Secrets: slices.Collect(maps.Values(texts))}
	normalise(&ready.Draft)
	if err := slot.Fill(slots(&ready.Draft), texts); err != nil {
		return Ready{}, err
	}
	spot, err := s.places.At(ctx, one.Draft.PlaceID, one.Draft.StageID)
	ready.Fields = spot.Fields
	return ready, err
}

// Saved reads a saved setup, without its secrets. Faults: ErrNotFound, also for a
// deleted one.
func (s *Service) Saved(ctx context.Context, id string) (Setup, error) {
	one, err := s.read(ctx, id)
	if err == nil && one.DeletedMs > 0 {
		err = ErrNotFound
	}
	return one, err
}

// knownAtOnce is how many setups' secrets are read together.
const knownAtOnce = 500

// Redactor knows every secret of these setups, so that a file of them can be
// searched for plain copies. Nothing but the redactor leaves; a secret that does
// not open is left out.
func (s *Service) Redactor(ctx context.Context, ids []string) (*secret.Redactor, error) {
	known := secret.NewRedactor()
	for some := range slices.Chunk(ids, knownAtOnce) {
		all, err := s.secrets.Each(ctx, Kind, some)
		if err != nil {
			return nil, err
		}
		for _, texts := range all {
			known.Add(slices.Collect(maps.Values(texts))...)
		}
	}
	return known, nil
}

func (s *Service) prepareDraft(ctx context.Context, ask Ask) (Ready, error) {
	base, err := s.source(ctx, ask.Source)
	if err != nil {
		return Ready{}, err
	}
	m, err := s.merge(base, *ask.Draft, false)
	if err != nil {
		return Ready{}, err
	}
	var fields []process.Field
	if ask.For == Credential {
		err = s.checkTLS(ctx, m.draft, base.keepsUnchecked(m.draft))
		if err == nil {
			err = s.missingAccount(m.draft).Err("setup.invalid")
		}
	} else {
		var spot place
		spot, err = s.check(ctx, m.draft, base.keepsUnchecked(m.draft))
		fields = spot.fields
	}
	if err != nil {
		return Ready{}, err
	}
	secrets, err := m.open(ctx)
	if err != nil {
		return Ready{}, err
	}
	ready := Ready{Draft: m.draft, IsDraft: true, Provider: s.provider(m.draft), Fields: fields, Secrets: secrets}
	if base != nil && base.setup.ID != "" {
		ready.Setup = base.setup
	}
	return ready, nil
}

// missingAccount is what is wrong with the fields of a provider's account.
func (s *Service) missingAccount(draft Draft) fault.Fields {
	p := s.provider(draft)
	if p == nil {
		return nil
	}
	var missing fault.Fields
	for _, f := range s.checkProvider(draft) {
		for _, field := range p.Fields {
			if field.Belongs == provider.OfAccount && f.Name == "draft.request."+provider.FieldPath(draft.Request, field.ID) {
				missing = append(missing, f)
			}
		}
	}
	return missing
}

func (s *Service) prepareSimulated(ctx context.Context, ask Ask) (Ready, error) {
	ready := Ready{IsDraft: ask.Draft != nil}
	if id := ask.Source.SetupID; id != "" || ask.Draft == nil {
		one, err := s.Saved(ctx, id)
		if err != nil {
			return Ready{}, err
		}
		ready.Setup, ready.Draft = one, one.Draft
	}
	if ask.Draft != nil {
		if err := tooLong(*ask.Draft); err != nil {
			return Ready{}, err
		}
		ready.Draft = s.complete(*ask.Draft)
	}
	if err := s.simulated(&ready); err != nil {
		return Ready{}, err
	}
	if ask.Draft == nil {
		spot, err := s.places.At(ctx, ready.Draft.PlaceID, ready.Draft.StageID)
		ready.Fields = spot.Fields
		return ready, err
	}
	spot, err := s.check(ctx, ready.Draft, true)
	ready.Fields = spot.fields
	return ready, err
}

// simulated replaces the secrets of a setup by stand-ins.
func (s *Service) simulated(ready *Ready) error {
	normalise(&ready.Draft)
	ready.Provider = s.provider(ready.Draft)
	if ready.Provider == nil {
		return ErrNoSimulator
	}
	ready.Draft.Request = ready.Provider.WithStandIns(ready.Draft.Request)
	ready.Draft.mirror()
	auth := &ready.Draft.Request.Auth
	if auth.Type == request.OAuth2 && auth.FetchToken {
		// No token is fetched: it is a stand-in too.
		*auth = request.Auth{Type: request.OAuth2, HeaderPrefix: auth.HeaderPrefix, Token: auth.ClientSecret}
	}
	return nil
}
