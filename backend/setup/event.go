package setup

import (
	"context"

	"keydesk/backend/access"
)

// Told is what the events of a setup tell outside.
type Told struct {
	ID      string  `json:"id"`
	Title   string  `json:"title"`
	PlaceID string  `json:"place_id"`
	StageID string  `json:"stage_id"`
	Channel Channel `json:"channel"`
	Enabled bool    `json:"enabled"`
	Version int     `json:"version"`
}

// note reports a change of a setup to activity and to the listeners.
func note(ctx context.Context, event access.EventName, one Setup, before, after any) {
	invocation := access.From(ctx)
	invocation.Changed(Kind, one.ID, one.Title, before, after)
	invocation.Emit(event, one.ID, Told{
		ID: one.ID, Title: one.Title, PlaceID: one.Draft.PlaceID, StageID: one.Draft.StageID, Channel: one.Draft.Channel,
		Enabled: one.Draft.Enabled, Version: one.Version,
	})
}
