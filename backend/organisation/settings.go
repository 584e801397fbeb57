package organisation

import (
	"context"
	"strings"
	"time"
	"unicode"

	"keydesk/backend/access"
	"keydesk/backend/fault"
	"keydesk/backend/secret"
	"keydesk/backend/typed"
)

// SettingsInput changes the organisation's settings.
type SettingsInput struct {
	Name        string `json:"name" validate:"required,max=200"`
	Country     string `json:"country" validate:"required,iso3166_1_alpha2"`
	TimeZone    string `json:"time_zone" validate:"required,timezone"`
	IdleMinutes int    `json:"idle_minutes" validate:"min=1,max=120"`
	Version     int    `json:"version"`
}

// ChangeKeyInput begins a change of the data key; an empty passphrase keeps it
// in the system keyring.
type ChangeKeyInput struct {
	Passphrase secret.Text `json:"passphrase" ts_type:"string"`
}

// Step is one of the getting-started steps. It is done when what it asks for
// exists.
type Step struct {
	// Name is place, setup or test.
	Name string `json:"name"`
	Done bool   `json:"done"`
}

// orgAdmin is who may change the data key: the new recovery code opens the
// secrets and lets an Org Admin in.
var orgAdmin = []access.Permission{access.ManageSettings, access.OrgAdminOnly}

// Operations of settings.
var (
	OpSettings      = access.Op[Nothing, State]{Name: "organisation.settings", Does: "looked at the settings", Mode: access.Read, Needs: []access.Permission{access.ManageSettings}}
	OpSaveSettings  = access.Op[SettingsInput, Settings]{Name: "organisation.save_settings", Does: "changed the settings", Mode: access.Write, Needs: []access.Permission{access.ManageSettings}}
	OpChangeKey     = access.Op[ChangeKeyInput, Begun]{Name: "organisation.change_key", Does: "began to change the data key", Mode: access.Long, Needs: orgAdmin, Fresh: true}
	OpConfirmChange = access.Op[ConfirmInput, State]{Name: "organisation.confirm_change", Does: "changed the data key", Mode: access.Long, Needs: orgAdmin}
	OpSteps         = access.Op[Nothing, []Step]{Name: "organisation.steps", Does: "looked at the first steps", Mode: access.Read, Needs: []access.Permission{access.SignedIn}}
)

// Settings returns the office and where its secrets are kept.
func (s *Service) Settings(ctx context.Context, in Nothing) (State, error) { return s.State(ctx, in) }

// SaveSettings changes name, country, time zone and idle lock.
func (s *Service) SaveSettings(ctx context.Context, in SettingsInput) (Settings, error) {
	before, made, err := s.store.Office(ctx)
	if err != nil {
		return Settings{}, err
	}
	if !made {
		return Settings{}, ErrNotMade
	}
	if before.Version != in.Version {
		return Settings{}, ErrStale
	}
	name, err := cleanName("name", in.Name)
	if err != nil {
		return Settings{}, err
	}
	after := before
	after.Name, after.Country, after.TimeZone, after.IdleMinutes = name, in.Country, in.TimeZone, in.IdleMinutes
	if err := s.store.UpdateOffice(ctx, after); err != nil {
		return Settings{}, err
	}
	after.Version++
	access.From(ctx).Changed("organisation", "1", after.Name, before, after)
	return after, nil
}

// cleanName returns the organisation's name as it is kept. Faults:
// organisation.invalid at the field.
func cleanName(field, text string) (string, error) {
	var fields fault.Fields
	name := typed.Name(text)
	switch {
	case name == "":
		fields.Add(field, "Fill this in.")
	case strings.ContainsFunc(name, func(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp) }):
		fields.Add(field, "Remove line breaks and control characters.")
	}
	return name, fields.Err("organisation.invalid")
}

// ChangeKey makes a new data key and recovery code, in memory.
func (s *Service) ChangeKey(ctx context.Context, in ChangeKeyInput) (Begun, error) {
	key, err := s.keys.PrepareChange(ctx, in.Passphrase)
	if err != nil {
		return Begun{}, err
	}
	return s.note(begun{key: key}), nil
}

// ConfirmChange seals everything again under the new key, in one transaction. A
// failure leaves the old key in force, and the same confirmation can be tried
// again.
func (s *Service) ConfirmChange(ctx context.Context, in ConfirmInput) (State, error) {
	begun, err := s.confirmed(in, false)
	if err != nil {
		return State{}, err
	}
	// Copies are sealed with the old key, and the old recovery code opens them.
	copies, err := s.store.RemoveCopies()
	if err != nil {
		return State{}, ErrCopies.WithCause(err)
	}
	defer s.forgetEnded()
	invocation := access.From(ctx)
	err = begun.key.Keep(ctx, func(commit func(ctx context.Context) error) error {
		return invocation.Commit(ctx, func(ctx context.Context) error {
			if err := commit(ctx); err != nil {
				return err
			}
			invocation.Changed("organisation", "1", "Data key changed", nil, keyChanged(begun.key.Unreadable(), copies))
			return nil
		})
	})
	if err != nil {
		return State{}, err
	}
	return s.State(ctx, Nothing{})
}

// keyChanged is what activity says of a change of the data key, or nothing.
func keyChanged(unreadable, copies int) any {
	if unreadable == 0 && copies == 0 {
		return nil
	}
	return struct {
		Unreadable int `json:"secrets_to_enter_again,omitempty"`
		Copies     int `json:"copies_removed,omitempty"`
	}{unreadable, copies}
}

// keepCopies is how long a copy of the data file that was made before an update
// is kept: as long as a deleted setup, whose secrets are in it.
const keepCopies = 30 * 24 * time.Hour

// Pruned says how many copies were removed.
type Pruned struct {
	Count int `json:"count"`
}

// OpPruneCopies is run by the program itself.
var OpPruneCopies = access.Op[struct{}, Pruned]{Name: "organisation.prune_copies", Does: "removed copies of the data file from before an update", Mode: access.Write, System: true}

// PruneCopies removes the copies of the data file that were made before updates
// more than 30 days ago: they hold what was deleted or sealed again since.
func (s *Service) PruneCopies(ctx context.Context, _ struct{}) (Pruned, error) {
	count, err := s.store.RemoveOldCopies(s.now().Add(-keepCopies))
	if count > 0 {
		access.From(ctx).Changed("organisation", "1", "Copies of the data file", map[string]int{"copies": count}, nil)
	}
	return Pruned{Count: count}, err
}

// Steps returns which getting-started steps are done.
func (s *Service) Steps(ctx context.Context, _ Nothing) ([]Step, error) {
	places, setups, calls, err := s.store.Counts(ctx)
	if err != nil {
		return nil, err
	}
	return []Step{{"place", places > 0}, {"setup", setups > 0}, {"test", calls > 0}}, nil
}
