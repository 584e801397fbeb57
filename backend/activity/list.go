package activity

import (
	"context"
	"slices"

	"keydesk/backend/access"
)

// ListInput searches the trail, newest first unless OldestFirst. Text is
// matched as a substring of actor, operation, object and details in any case;
// Before is the number of the last entry of the page before, 0 for the first
// page.
type ListInput struct {
	Text    string `json:"text" validate:"max=200"`
	ActorID string `json:"actor_id" validate:"max=64"`
	Kind    string `json:"kind" validate:"max=64"`
	Outcome string `json:"outcome" validate:"omitempty,oneof=done refused"`
	// ObjectID limits to one thing's history.
	ObjectID    string `json:"object_id" validate:"max=64"`
	FromMs      int64  `json:"from_ms"`
	UntilMs     int64  `json:"until_ms"`
	OldestFirst bool   `json:"oldest_first"`
	Before      int64  `json:"before"`
	Limit       int    `json:"limit" validate:"max=200"`
}

// FormerKind returns the name that a kind had before, or an empty string.
// Entries keep the name of their day.
func FormerKind(kind string) string {
	if kind == "organisation" {
		return "office"
	}
	return ""
}

// Page is one page of the trail. Count is the number of all matching entries
// and is set on the first page only; Capped says that there are more than
// 1,000.
type Page struct {
	Entries []Entry `json:"entries"`
	More    bool    `json:"more"`
	Count   int     `json:"count"`
	Capped  bool    `json:"capped"`
}

// Actor is somebody who appears in the trail.
type Actor struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Filters are the choices the screen offers.
type Filters struct {
	Actors []Actor           `json:"actors"`
	Kinds  []access.KindInfo `json:"kinds"`
}

// Operations of the trail.
var (
	OpList    = access.Op[ListInput, Page]{Name: "activity.list", Does: "looked at the activity", Mode: access.Read, Needs: []access.Permission{access.ViewActivity}}
	OpFilters = access.Op[struct{}, Filters]{Name: "activity.filters", Does: "looked at the activity", Mode: access.Read, Needs: []access.Permission{access.ViewActivity}}
)

// List returns a page. Damaged entries are marked.
func (s *Log) List(ctx context.Context, in ListInput) (Page, error) {
	s.Flush(ctx)
	if in.Limit <= 0 {
		in.Limit = 50
	}
	page, err := s.store.ActivityPage(ctx, in)
	if page.Entries == nil {
		page.Entries = []Entry{}
	}
	if err != nil {
		return page, err
	}
	return page, s.mark(ctx, page.Entries)
}

// Filters returns the people and kinds to filter by.
func (s *Log) Filters(ctx context.Context, _ struct{}) (Filters, error) {
	actors, err := s.store.ActivityActors(ctx)
	if actors == nil {
		actors = []Actor{}
	}
	kinds := append(slices.Clone(access.Kinds), access.Refusal)
	return Filters{Actors: actors, Kinds: kinds}, err
}
