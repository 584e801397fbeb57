package store

import (
	"context"
	"slices"

	"keydesk/backend/call"
	"keydesk/backend/dashboard"
	"keydesk/backend/setup"
)

// CallDays gives the figures of the days since one, in order.
func (s *Store) CallDays(ctx context.Context, from string) ([]call.DayCount, error) {
	var list []call.DayCount
	err := s.each(ctx, func(scan func(into ...any) error) error {
		var d call.DayCount
		err := scan(&d.Day, &d.Mode, &d.Accepted, &d.Refused, &d.Throttled, &d.Unclear, &d.Failed)
		list = append(list, d)
		return err
	}, "SELECT day, mode, accepted, refused, throttled, unclear, failed FROM call_day WHERE day >= ? ORDER BY day, mode", from)
	return list, err
}

// BusiestStages gives the stages with most live calls of a month. What is gone since is
// left out.
func (s *Store) BusiestStages(ctx context.Context, month string, limit int) ([]dashboard.Stage, error) {
	var list []dashboard.Stage
	err := s.each(ctx, func(scan func(into ...any) error) error {
		var one dashboard.Stage
		var own, above, top string
		err := scan(&one.PlaceID, &one.Calls, &own, &above, &top, &one.Stage)
		one.Places = rootFirst(own, above, top)
		list = append(list, one)
		return err
	}, `SELECT b.place_id, b.calls, p.name, COALESCE(q.name, ''), COALESCE(r.name, ''), COALESCE(t.name, '') FROM stage_month b
		JOIN place p ON p.id = b.place_id
		LEFT JOIN place q ON q.id = p.parent_id
		LEFT JOIN place r ON r.id = q.parent_id
		LEFT JOIN stage t ON t.id = b.stage_id
		WHERE b.month = ? AND (b.stage_id = '' OR t.id IS NOT NULL)
		ORDER BY b.calls DESC LIMIT ?`, month, limit)
	return list, err
}

// FailingSetups gives enabled setups whose last call to the address itself was refused
// or failed, the latest first, and how many there are.
func (s *Store) FailingSetups(ctx context.Context, limit int) ([]dashboard.Item, int, error) {
	count, _, err := s.capped(ctx, failing, clause{})
	if err != nil || count == 0 {
		return nil, 0, err
	}
	list, err := s.setupItems(ctx, " WHERE s.id IN (SELECT id FROM "+failing+" ORDER BY last_at_ms DESC, id DESC LIMIT ?) ORDER BY s.last_at_ms DESC, s.id DESC", limit)
	return list, count, err
}

// failing are the setups in the index setup_failing, whose condition this is.
var failing = "setup WHERE deleted_ms = 0 AND " + yes("enabled") + " AND last_simulated = FALSE AND last_verdict IN ('refused', 'failed')"

// SetupNames gives the names of these setups that are not deleted.
func (s *Store) SetupNames(ctx context.Context, ids []string) ([]dashboard.Item, error) {
	var all []dashboard.Item
	for some := range slices.Chunk(ids, inOneRead) {
		found, err := s.setupItems(ctx, " WHERE s.deleted_ms = 0 AND s.id IN "+anyOf, alike(some)...)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

func (s *Store) setupItems(ctx context.Context, where string, args ...any) ([]dashboard.Item, error) {
	var list []dashboard.Item
	err := s.each(ctx, func(scan func(into ...any) error) error {
		var one dashboard.Item
		var name, own, above, top, stage string
		var channel setup.Channel
		err := scan(&one.ID, &one.Verdict, &one.AtMs, &name, &channel, &own, &above, &top, &stage)
		one.Name = setup.Title(name, rootFirst(own, above, top), stage, channel)
		list = append(list, one)
		return err
	}, "SELECT s.id, s.last_verdict, s.last_at_ms, s.name, s.channel, "+placeNames+fromPlaces+where, args...)
	return list, err
}
