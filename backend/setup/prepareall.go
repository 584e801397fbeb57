package setup

import (
	"context"
	"errors"
	"maps"
	"slices"

	"keydesk/backend/process"
	"keydesk/backend/secret"
	"keydesk/backend/slot"
)

// Prepared is one of many setups made ready, or why it cannot be.
type Prepared struct {
	// Ready has the setup even if there is an error, or only its id if it could
	// not be read.
	Ready Ready
	// Simulated says that it goes to the simulator, with stand-ins for its
	// secrets.
	Simulated bool
	Err       error
}

// Enabled gives the ids of the enabled setups of a whole list, in its order.
func (s *Service) Enabled(ctx context.Context, in ListInput) ([]string, error) {
	in.EnabledOnly, in.Deleted = true, false
	return s.store.SetupIDs(ctx, in)
}

// PrepareAll makes saved setups ready for Test all, in the order of ids: those
// with a provider for the simulator, any other for its address. It reads them
// together. If one of them cannot be read they are read one by one, so that only
// that one is left out.
func (s *Service) PrepareAll(ctx context.Context, ids []string) []Prepared {
	all := make([]Prepared, len(ids))
	saved, texts, err := s.readTogether(ctx, ids)
	spots := map[[2]string]process.Scope{}
	for i, id := range ids {
		all[i].Ready.Setup.ID = id
		if err != nil {
			s.prepareOne(ctx, &all[i])
			continue
		}
		one, found := saved[id]
		if !found || one.DeletedMs > 0 {
			all[i].Ready.Setup.Title, all[i].Err = "A deleted setup", ErrNotFound
			continue
		}
		ready := &all[i].Ready
		ready.Setup, ready.Draft = one, one.Draft
		if all[i].Err = one.refuseDamaged(); all[i].Err != nil {
			continue
		}
		ready.Draft.Entered = nil // the request is all that is fired
		if s.simulated(ready) == nil {
			all[i].Simulated = true
		} else if all[i].Err = slot.Fill(slots(&ready.Draft), texts[id]); all[i].Err != nil {
			continue
		} else {
			ready.Secrets = slices.Collect(maps.Values(texts[id]))
		}
		// In a list, setups of one place and stage are next to each other.
		key := [2]string{one.Draft.PlaceID, one.Draft.StageID}
		spot, known := spots[key]
		if !known {
			if spot, all[i].Err = s.places.At(ctx, key[0], key[1]); all[i].Err != nil {
				continue
			}
			spots[key] = spot
		}
		ready.Fields = spot.Fields
	}
	return all
}

// readTogether reads setups, and the secrets of those that the simulator does
// not play.
func (s *Service) readTogether(ctx context.Context, ids []string) (map[string]Setup, map[string]map[string]secret.Text, error) {
	found, err := s.store.SetupsByID(ctx, ids)
	if err != nil {
		return nil, nil, err
	}
	saved := make(map[string]Setup, len(found))
	open := make([]string, 0, len(found))
	for _, one := range found {
		saved[one.ID] = one
		if s.provider(one.Draft) == nil {
			open = append(open, one.ID)
		}
	}
	if len(open) == 0 {
		return saved, nil, nil
	}
	texts, err := s.secrets.Each(ctx, Kind, open)
	return saved, texts, err
}

func (s *Service) prepareOne(ctx context.Context, one *Prepared) {
	id := one.Ready.Setup.ID
	ready, err := s.Prepare(ctx, Ask{Source: Source{SetupID: id}, For: Simulator})
	if one.Simulated = !errors.Is(err, ErrNoSimulator); !one.Simulated {
		ready, err = s.Prepare(ctx, Ask{Source: Source{SetupID: id}})
	}
	if one.Err = err; err == nil {
		one.Ready = ready
	} else if known, err := s.store.Setup(ctx, id); err == nil {
		one.Ready.Setup = known
	} else {
		one.Ready.Setup.Title = "A setup that cannot be read"
	}
}
