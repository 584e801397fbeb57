package setup

import (
	"context"
	"slices"

	"keydesk/backend/access"
)

// ListInput searches, filters and sorts the list. Search is matched as a
// substring in any case and script in every column but Last result, and in
// name and URL; several words must all be found. Verdict is that of the last call, or
// "never", or "failing": enabled, and refused or failed at the address itself. After is
// the cursor of the previous page.
type ListInput struct {
	Search     string `json:"search" validate:"max=200"`
	Channel    string `json:"channel" validate:"max=64"`
	AuthType   string `json:"auth_type" validate:"max=64"`
	Provider   string `json:"provider" validate:"max=64"`
	Verdict    string `json:"verdict" validate:"omitempty,oneof=accepted refused throttled unclear failed never failing"`
	PlaceID    string `json:"place_id" validate:"max=64"`
	Deleted    bool   `json:"deleted"`
	Sort       string `json:"sort" validate:"omitempty,oneof=process sub_process sub_sub_process stage auth_type channel provider verdict"`
	Descending bool   `json:"descending"`
	After      string `json:"after" validate:"max=4000"`
	Limit      int    `json:"limit" validate:"min=0,max=200"`
	// EnabledOnly leaves disabled ones out (Test all).
	EnabledOnly bool `json:"enabled_only"`
}

// Page is one page of the list. Count is given with the first page only and
// stops at 1,000.
type Page struct {
	Rows   []Row  `json:"rows"`
	Next   string `json:"next"`
	Count  int    `json:"count"`
	Capped bool   `json:"capped"`
}

// OpList lists setups.
var OpList = access.Op[ListInput, Page]{Name: "setup.list", Does: "looked at the API Key Setups", Mode: access.Read, Needs: []access.Permission{access.ViewSetup}, Scope: []access.Scope{access.ReadSetups}}

// List gives a page.
func (s *Service) List(ctx context.Context, in ListInput) (Page, error) {
	if in.Limit == 0 {
		in.Limit = 50
	}
	page, err := s.store.SetupPage(ctx, in)
	damaged := s.secrets.Damaged(Kind)
	for i := range page.Rows {
		page.Rows[i].Unreadable = len(damaged[page.Rows[i].ID]) > 0
	}
	return page, err
}

// LivePerDay gives how many live messages a setup may send a day.
func (s *Service) LivePerDay(ctx context.Context, setupID string) (int, error) {
	limit, err := s.store.LivePerDay(ctx, setupID)
	if limit == 0 {
		limit = UsualLivePerDay
	}
	return limit, err
}

// IDInput names a setup.
type IDInput struct {
	ID string `json:"id" validate:"required,max=64"`
}

// OpGet reads one setup.
var OpGet = access.Op[IDInput, Setup]{Name: "setup.get", Does: "looked at the API Key Setup", Mode: access.Read, Any: []access.Permission{access.ViewSetup, access.EditSetup}, Scope: []access.Scope{access.ReadSetups}}

// Get gives one setup, without secrets. Those that were found not to open are
// marked.
func (s *Service) Get(ctx context.Context, in IDInput) (Setup, error) {
	one, err := s.read(ctx, in.ID)
	if damaged := s.secrets.Damaged(Kind)[in.ID]; err == nil && len(damaged) > 0 {
		normalise(&one.Draft) // it copies what is marked
		for _, at := range slots(&one.Draft) {
			at.Value.Unreadable = at.Value.IsSealed() && slices.Contains(damaged, at.ID)
		}
		one.Draft.mirror()
	}
	return one, err
}
