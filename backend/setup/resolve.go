package setup

import (
	"context"
	"errors"

	"keydesk/backend/access"
	"keydesk/backend/process"
)

// Candidate is what R10 chooses from.
type Candidate struct {
	ID      string
	PlaceID string
	// StageID is empty for a setup of every stage.
	StageID string
	Enabled bool
	Name    string
}

// Step is one place that was looked at, in order, and what was found there.
type Step struct {
	Place string `json:"place"`
	// Stage is empty where setups of every stage were looked for.
	Stage   string `json:"stage"`
	SetupID string `json:"setup_id"`
	// Found is "won", "disabled" or "none".
	Found string `json:"found"`
}

// Resolution says which setup applies and why.
type Resolution struct {
	SetupID string `json:"setup_id"`
	Steps   []Step `json:"steps"`
}

// resolve is R10: the exact stage first, then the whole place, then the places
// above with their whole-place setup. Disabled ones are passed over. places is
// the path, root first.
func resolve(places []string, stageID string, candidates []Candidate) (winner string, steps []Step) {
	look := func(placeID, stageID string) bool {
		step := Step{Place: placeID, Stage: stageID, Found: "none"}
		for _, c := range candidates {
			if c.PlaceID != placeID || c.StageID != stageID {
				continue
			}
			if c.Enabled {
				step.SetupID, step.Found = c.ID, "won"
				break
			}
			step.SetupID, step.Found = c.ID, "disabled"
		}
		steps = append(steps, step)
		winner = step.SetupID
		return step.Found == "won"
	}
	last := len(places) - 1
	if last >= 0 && stageID != "" && look(places[last], stageID) {
		return winner, steps
	}
	for i := last; i >= 0; i-- {
		if look(places[i], "") {
			return winner, steps
		}
	}
	return "", steps
}

// ResolveInput asks which setup applies.
type ResolveInput struct {
	PlaceID string  `json:"place_id" validate:"required,max=64"`
	StageID string  `json:"stage_id" validate:"max=64"`
	Channel Channel `json:"channel" validate:"required,oneof=sms whatsapp_business email"`
}

// OpResolve explains which setup applies (R10).
var OpResolve = access.Op[ResolveInput, Resolution]{Name: "setup.resolve", Does: "looked at which API Key Setup applies", Mode: access.Read, Any: []access.Permission{access.ViewSetup, access.SendCall}}

// Resolve applies R10 and names the places it looked at.
func (s *Service) Resolve(ctx context.Context, in ResolveInput) (Resolution, error) {
	at, err := s.places.At(ctx, in.PlaceID, in.StageID)
	if errors.Is(err, process.ErrOtherBranch) {
		err = errForeignStage
	}
	if err != nil {
		return Resolution{}, err
	}
	names, ids := map[string]string{}, make([]string, len(at.Path))
	for i, place := range at.Path {
		ids[i], names[place.ID] = place.ID, place.Name
	}
	candidates, err := s.store.Candidates(ctx, ids, in.Channel)
	if err != nil {
		return Resolution{}, err
	}
	winner, steps := resolve(ids, in.StageID, candidates)
	for i := range steps {
		steps[i].Place = names[steps[i].Place]
		if steps[i].Stage != "" {
			steps[i].Stage = at.Stage
		}
	}
	return Resolution{SetupID: winner, Steps: steps}, nil
}
