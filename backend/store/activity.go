package store

import (
	"context"
	"slices"
	"strings"

	"keydesk/backend/activity"
)

// LastActivity gives the newest entry's number and MAC.
func (s *Store) LastActivity(ctx context.Context) (seq int64, mac []byte, err error) {
	err = s.one(ctx, nil, []any{&seq, &mac}, "SELECT seq, mac FROM activity ORDER BY seq DESC LIMIT 1")
	return seq, mac, err
}

// InsertActivity adds an entry in the context's transaction.
func (s *Store) InsertActivity(ctx context.Context, e activity.Entry) error {
	search := fold(e.Actor + "\n" + e.Op + "\n" + e.Kind + "\n" + e.Object + "\n" + e.After)
	_, err := s.exec(ctx, `INSERT INTO activity (seq, at_ms, mono_ms, actor_id, actor, roles, source, op, outcome, kind, object_id, object, count, before, after, search, prev_mac, mac)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		e.Seq, e.AtMs, e.MonoMs, e.ActorID, e.Actor, e.Roles, e.Source, e.Op, e.Outcome, e.Kind, e.ObjectID, e.Object, e.Count, e.Before, e.After, search, e.PrevMAC, e.MAC)
	return err
}

// ActivityPage gives a page of the trail by keyset.
func (s *Store) ActivityPage(ctx context.Context, in activity.ListInput) (activity.Page, error) {
	var where clause
	where.when(in.ActorID != "", "actor_id = ?", in.ActorID)
	where.when(in.Kind != "", "kind = ?", in.Kind)
	where.when(in.Outcome != "", "outcome = ?", in.Outcome)
	where.when(in.ObjectID != "", "object_id = ?", in.ObjectID)
	where.when(in.FromMs > 0, "at_ms >= ?", in.FromMs)
	where.when(in.UntilMs > 0, "at_ms < ?", in.UntilMs)
	where.like("search", in.Text)
	page := activity.Page{Entries: []activity.Entry{}}
	var err error
	if in.Before == 0 {
		if page.Count, page.Capped, err = s.capped(ctx, "activity", where, activity.CountLimit); err != nil {
			return activity.Page{}, err
		}
	}
	compare, direction := "seq < ?", "DESC"
	if in.OldestFirst {
		compare, direction = "seq > ?", "ASC"
	}
	where.when(in.Before > 0, compare, in.Before)
	err = s.each(ctx, func(scan func(into ...any) error) error {
		var e activity.Entry
		err := scan(&e.Seq, &e.AtMs, &e.MonoMs, &e.ActorID, &e.Actor, &e.Roles, &e.Source, &e.Op, &e.Outcome, &e.Kind, &e.ObjectID, &e.Object, &e.Count, &e.Before, &e.After, &e.PrevMAC, &e.MAC)
		page.Entries = append(page.Entries, e)
		return err
	}, `SELECT seq, at_ms, mono_ms, actor_id, actor, roles, source, op, outcome, kind, object_id, object, count, before, after, prev_mac, mac
		FROM activity`+where.sql()+` ORDER BY seq `+direction+` LIMIT ?`, append(where.args, in.Limit+1)...)
	if err != nil {
		return activity.Page{}, err
	}
	if len(page.Entries) > in.Limit {
		page.Entries, page.More = page.Entries[:in.Limit], true
	}
	return page, nil
}

// ActivityActors lists who appears in the trail, by the name of their newest
// entry: the 500 who did something last. Who was deleted is among them.
func (s *Store) ActivityActors(ctx context.Context) ([]activity.Actor, error) {
	actors := []activity.Actor{}
	err := s.each(ctx, func(scan func(into ...any) error) error {
		var a activity.Actor
		err := scan(&a.ID, &a.Name)
		actors = append(actors, a)
		return err
	}, `SELECT a.actor_id, a.actor FROM activity a
		JOIN (SELECT actor_id, MAX(seq) AS seq FROM activity WHERE actor_id <> '' GROUP BY actor_id) AS newest ON newest.seq = a.seq
		ORDER BY a.seq DESC LIMIT 500`)
	slices.SortFunc(actors, func(a, b activity.Actor) int { return strings.Compare(fold(a.Name), fold(b.Name)) })
	return actors, err
}
