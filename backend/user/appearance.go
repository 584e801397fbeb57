package user

import (
	"context"
	"slices"

	"keydesk/backend/access"
)

// Appearance is how Keydesk looks for one person.
type Appearance struct {
	// Scheme is system, light or dark.
	Scheme string `json:"scheme" validate:"oneof=system light dark"`
	// TextSize is the size of all text in percent: 90, 100, 112 or 125.
	TextSize int `json:"text_size" validate:"oneof=90 100 112 125"`
}

// UsualAppearance is how Keydesk looks until a person chooses otherwise.
var UsualAppearance = Appearance{Scheme: "system", TextSize: 100}

// Known is the appearance, with what is usual where nothing was chosen, and where
// another program or a damaged file left something else.
func (a Appearance) Known() Appearance {
	if !slices.Contains([]string{"system", "light", "dark"}, a.Scheme) {
		a.Scheme = UsualAppearance.Scheme
	}
	if !slices.Contains([]int{90, 100, 112, 125}, a.TextSize) {
		a.TextSize = UsualAppearance.TextSize
	}
	return a
}

// OpSetAppearance changes how Keydesk looks for the caller. Everybody may.
var OpSetAppearance = access.Op[Appearance, Appearance]{Name: "user.set_appearance", Does: "changed how Keydesk looks for", Mode: access.Write, Needs: []access.Permission{access.SignedIn}}

// SetAppearance keeps how Keydesk looks for the caller.
func (s *Service) SetAppearance(ctx context.Context, in Appearance) (Appearance, error) {
	who, err := s.store.UserByID(ctx, access.From(ctx).Caller.ID)
	if err != nil {
		return Appearance{}, err
	}
	access.From(ctx).Changed("user", who.ID, who.Name, who.Appearance.Known(), in)
	return in, s.store.SetUserAppearance(ctx, who.ID, in)
}
