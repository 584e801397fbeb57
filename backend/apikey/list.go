package apikey

import (
	"context"
	"errors"

	"keydesk/backend/access"
	"keydesk/backend/fault"
)

// ListInput searches, filters and sorts the list of keys. Search is matched as a
// substring of the title, in any case and script. After is the cursor of the
// previous page.
type ListInput struct {
	Search  string `json:"search" validate:"max=200"`
	Status  string `json:"status" validate:"omitempty,oneof=active expiring expired disabled revoked"`
	Creator string `json:"creator" validate:"max=64"`
	// UnusedDays finds keys that were not used for so many days, ExpiringDays those
	// that expire within so many.
	UnusedDays   int `json:"unused_days" validate:"min=0,max=3650"`
	ExpiringDays int `json:"expiring_days" validate:"min=0,max=3650"`
	// Review finds keys that can still be used and never expire, have full access,
	// or were not used for ReviewDays.
	Review     bool   `json:"review"`
	ReviewDays int    `json:"review_days" validate:"min=0,max=3650"`
	Sort       string `json:"sort" validate:"omitempty,oneof=title created expires used"`
	Descending bool   `json:"descending"`
	After      string `json:"after" validate:"max=4000"`
	Limit      int    `json:"limit" validate:"min=0,max=200"`
}

// Page is one page of the list. Count is given with the first page only and stops
// at 1,000.
type Page struct {
	Rows []Key `json:"rows"`
	// Recent are the requests of each row's key on the last 30 days, oldest first.
	Recent [][]int64 `json:"recent"`
	Next   string    `json:"next"`
	Count  int       `json:"count"`
	Capped bool      `json:"capped"`
}

// Creator is somebody who made a key, by the newest name.
type Creator struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Filters are what the list can be filtered by.
type Filters struct {
	Creators []Creator `json:"creators"`
}

// Nothing is an input without members.
type Nothing struct{}

// Seen is a key as another system sees it.
type Seen struct {
	Key Key `json:"key"`
	// PerMinute is how many requests it may make a minute: its own limit, or the
	// office's.
	PerMinute int `json:"per_minute"`
	// Places are the names of Grants.Places, each with those above it.
	Places []string `json:"places"`
}

// Operations that read keys.
var (
	OpList    = access.Op[ListInput, Page]{Name: "apikey.list", Does: "looked at the API keys", Mode: access.Read, Needs: []access.Permission{access.ViewKey}}
	OpGet     = access.Op[IDInput, Key]{Name: "apikey.get", Does: "looked at the API key", Mode: access.Read, Needs: []access.Permission{access.ViewKey}}
	OpFilters = access.Op[Nothing, Filters]{Name: "apikey.filters", Does: "looked at who made API keys", Mode: access.Read, Needs: []access.Permission{access.ViewKey}}
	OpScopes  = access.Op[Nothing, []access.ScopeInfo]{Name: "apikey.scopes", Does: "looked at the scopes", Mode: access.Read, Needs: []access.Permission{access.SignedIn}}
	OpSelf    = access.Op[Nothing, Seen]{Name: "apikey.self", Does: "asked about itself", Mode: access.Read, Needs: []access.Permission{access.SignedIn}, Scope: access.AnyScope(), Door: access.API}
)

// List gives a page.
func (s *Service) List(ctx context.Context, in ListInput) (Page, error) {
	if in.Limit == 0 {
		in.Limit = 50
	}
	if in.Sort == "" {
		in.Sort, in.Descending = "created", true
	}
	now := s.now()
	page, err := s.store.APIKeyPage(ctx, in, now.UnixMilli(), now.AddDate(0, 0, expiringDays).UnixMilli())
	if page.Rows == nil {
		page.Rows = []Key{}
	}
	for i := range page.Rows {
		s.fill(&page.Rows[i])
	}
	if err == nil {
		page.Recent, err = s.recent(ctx, page.Rows)
	}
	return page, err
}

// Get gives one key that is not deleted.
func (s *Service) Get(ctx context.Context, in IDInput) (Key, error) {
	record, err := s.stored(ctx, in.ID)
	if err != nil {
		return Key{}, err
	}
	s.fill(&record.Key)
	return record.Key, nil
}

// Filters gives the people who made keys that are in the list.
func (s *Service) Filters(ctx context.Context, _ Nothing) (Filters, error) {
	creators, err := s.store.KeyCreators(ctx)
	if creators == nil {
		creators = []Creator{}
	}
	return Filters{Creators: creators}, err
}

// Scopes lists the scopes in the order of the form.
func (s *Service) Scopes(context.Context, Nothing) ([]access.ScopeInfo, error) {
	return append([]access.ScopeInfo{}, access.Scopes...), nil
}

// Self tells a key what it may do and until when.
func (s *Service) Self(ctx context.Context, _ Nothing) (Seen, error) {
	record, found := s.inMemory(access.From(ctx).Caller.ID)
	if !found {
		return Seen{}, ErrUnknown
	}
	s.fill(&record.Key)
	return s.seen(ctx, record.Key)
}

// seen adds to a key what is written elsewhere. A place that is gone keeps its id:
// a key that could send there can send nowhere else.
func (s *Service) seen(ctx context.Context, k Key) (Seen, error) {
	seen := Seen{Key: k, PerMinute: s.perMinute(ctx, k.Grants), Places: []string{}}
	for _, id := range k.Grants.Places {
		name, err := s.places.NameOf(ctx, id)
		var known *fault.Error
		switch {
		case errors.As(err, &known) && known.Kind == fault.NotFound:
			name = id
		case err != nil:
			return Seen{}, err
		}
		seen.Places = append(seen.Places, name)
	}
	return seen, nil
}

// perMinute is the limit in force.
func (s *Service) perMinute(ctx context.Context, grants Grants) int {
	if grants.PerMinute > 0 {
		return grants.PerMinute
	}
	return s.limits.PerMinute(ctx)
}

// fill adds what only the moment and the memory know.
func (s *Service) fill(k *Key) {
	k.Status = k.statusAt(s.now())
	if record, found := s.inMemory(k.ID); found {
		k.Damaged = record.Damaged
	}
}
