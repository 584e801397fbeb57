package alert

import (
	"context"

	"keydesk/backend/access"
)

// ListInput asks for alerts, the newest first. Before is the number of the last one of
// the previous page, 0 for the first.
type ListInput struct {
	Before int64 `json:"before" validate:"min=0"`
	Limit  int   `json:"limit" validate:"min=0,max=200"`
}

// Page is one page of alerts. Unseen counts those that the caller has not read.
type Page struct {
	Alerts []Alert `json:"alerts"`
	More   bool    `json:"more"`
	Unseen int     `json:"unseen"`
	// SeenSeq is the number up to which the caller has read them.
	SeenSeq int64 `json:"seen_seq"`
}

// SeenInput says up to which number the caller has read the alerts.
type SeenInput struct {
	Seq int64 `json:"seq" validate:"min=1"`
}

// Operations of the bell. Alerts are about API keys, and whoever may see these may
// read them.
var (
	OpList = access.Op[ListInput, Page]{Name: "alert.list", Does: "looked at the alerts", Mode: access.Read, Needs: []access.Permission{access.ViewKey}}
	OpSeen = access.Op[SeenInput, Nothing]{Name: "alert.seen", Does: "read the alerts", Mode: access.Write, Needs: []access.Permission{access.ViewKey}}
)

// List gives a page.
func (s *Service) List(ctx context.Context, in ListInput) (Page, error) {
	if in.Limit == 0 {
		in.Limit = 20
	}
	found, err := s.Store.Alerts(ctx, in.Before, in.Limit+1)
	if err != nil {
		return Page{}, err
	}
	page := Page{Alerts: append([]Alert{}, found[:min(in.Limit, len(found))]...), More: len(found) > in.Limit}
	zone, err := s.Office.Zone(ctx)
	if err != nil {
		return Page{}, err
	}
	for i := range page.Alerts {
		page.Alerts[i].setDays(zone)
	}
	caller := access.From(ctx).Caller.ID
	if page.SeenSeq, err = s.Store.Seen(ctx, caller); err != nil {
		return Page{}, err
	}
	page.Unseen, err = s.Store.Unseen(ctx, caller)
	return page, err
}

// Seen notes how far the caller has read. What was read already stays so.
func (s *Service) Seen(ctx context.Context, in SeenInput) (Nothing, error) {
	caller := access.From(ctx).Caller
	before, err := s.Store.Unseen(ctx, caller.ID)
	if err != nil {
		return Nothing{}, err
	}
	// No further than there is anything to read: numbers go on from what was read.
	newest, err := s.Store.Alerts(ctx, 0, 1)
	if err != nil {
		return Nothing{}, err
	}
	upTo := int64(0)
	if len(newest) > 0 {
		upTo = min(in.Seq, newest[0].Seq)
	}
	if err := s.Store.KeepSeen(ctx, caller.ID, upTo); err != nil {
		return Nothing{}, err
	}
	left, err := s.Store.Unseen(ctx, caller.ID)
	access.From(ctx).Changed(Kind, "", "Alerts", nil, map[string]int{"read": before - left})
	return Nothing{}, err
}
