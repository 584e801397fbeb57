package store

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"slices"
	"strings"

	"keydesk/backend/activity"
	"keydesk/backend/setup"
)

// LastActivity gives the newest entry's number and hash.
func (s *Store) LastActivity(ctx context.Context) (seq int64, hash []byte, err error) {
	err = s.one(ctx, nil, []any{&seq, &hash}, "SELECT seq, hash FROM activity ORDER BY seq DESC LIMIT 1")
	return seq, hash, err
}

// Columns of an entry, and of its link.
const (
	entryColumns = "seq, at_ms, mono_ms, actor_kind, actor_id, actor, roles, source, op, outcome, kind, object_id, object, count, before, after"
	linkColumns  = "prev_hash, hash, mac, actor_salt, object_salt, before_salt, after_salt, actor_digest, object_digest, before_digest, after_digest"
)

func intoEntry(e *activity.Entry) []any {
	return []any{&e.Seq, &e.AtMs, &e.MonoMs, &e.ActorKind, &e.ActorID, &e.Actor, &e.Roles, &e.Source, &e.Op, &e.Outcome, &e.Kind, &e.ObjectID, &e.Object, &e.Count, &e.Before, &e.After}
}

func intoLink(l *activity.Link) []any {
	into := []any{&l.PrevHash, &l.Hash, &l.MAC}
	for i := range l.Salts {
		into = append(into, &l.Salts[i])
	}
	for i := range l.Digests {
		into = append(into, &l.Digests[i])
	}
	return into
}

func linkValues(l activity.Link) []any {
	values := []any{blob(l.PrevHash), blob(l.Hash), blob(l.MAC)}
	for _, salt := range l.Salts {
		values = append(values, blob(salt))
	}
	for _, digest := range l.Digests {
		values = append(values, blob(digest))
	}
	return values
}

// blob keeps an empty value from becoming NULL.
func blob(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// searchText is what the list of activity searches in.
func searchText(e activity.Entry) string {
	return fold(e.Actor + "\n" + e.Op + "\n" + e.Kind + "\n" + e.Object + "\n" + e.After)
}

// EraseActivity empties texts of an entry with their salts, which changes no hash,
// and takes them out of the text that is searched.
func (s *Store) EraseActivity(ctx context.Context, seq int64, texts []string) error {
	var e activity.Entry
	err := s.one(ctx, fmt.Errorf("store: activity entry %d is gone", seq), intoEntry(&e), "SELECT "+entryColumns+" FROM activity WHERE seq = ?", seq)
	if err != nil {
		return err
	}
	set, args := "", []any{}
	for name, text := range map[string]*string{"actor": &e.Actor, "object": &e.Object, "before": &e.Before, "after": &e.After} {
		if slices.Contains(texts, name) {
			*text = ""
			set += name + " = '', " + name + "_salt = ?, "
			args = append(args, []byte{})
		}
	}
	_, err = s.exec(ctx, "UPDATE activity SET "+set+"search = ? WHERE seq = ?", append(args, searchText(e), seq)...)
	return err
}

// InsertActivity adds an entry in the context's transaction.
func (s *Store) InsertActivity(ctx context.Context, e activity.ChainedEntry) error {
	search := searchText(e.Entry)
	values := append([]any{
		e.Seq, e.AtMs, e.MonoMs, e.ActorKind, e.ActorID, e.Actor, e.Roles, e.Source, e.Op, e.Outcome, e.Kind, e.ObjectID, e.Object, e.Count, e.Before, e.After, search,
	}, linkValues(e.Link)...)
	_, err := s.exec(ctx, "INSERT INTO activity ("+entryColumns+", search, "+linkColumns+`)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, values...)
	return err
}

// ActivityChain gives entries after a number, in order, with their links.
func (s *Store) ActivityChain(ctx context.Context, after int64, limit int) ([]activity.ChainedEntry, error) {
	var entries []activity.ChainedEntry
	err := s.each(ctx, func(scan func(into ...any) error) error {
		var e activity.ChainedEntry
		err := scan(append(intoEntry(&e.Entry), intoLink(&e.Link)...)...)
		entries = append(entries, e)
		return err
	}, "SELECT "+entryColumns+", "+linkColumns+" FROM activity WHERE seq > ? ORDER BY seq LIMIT ?", after, limit)
	return entries, err
}

// ActivityLinks gives those of these entries that exist, in order, with their
// links.
func (s *Store) ActivityLinks(ctx context.Context, numbers []int64) ([]activity.ChainedEntry, error) {
	numbers = slices.Sorted(slices.Values(numbers))
	var entries []activity.ChainedEntry
	for some := range slices.Chunk(numbers, inOneRead) {
		args := make([]any, inOneRead)
		for i := range args {
			args[i] = some[min(i, len(some)-1)]
		}
		err := s.each(ctx, func(scan func(into ...any) error) error {
			var e activity.ChainedEntry
			err := scan(append(intoEntry(&e.Entry), intoLink(&e.Link)...)...)
			entries = append(entries, e)
			return err
		}, "SELECT "+entryColumns+", "+linkColumns+" FROM activity WHERE seq IN "+anyOf+" ORDER BY seq", args...)
		if err != nil {
			return nil, err
		}
	}
	return entries, nil
}

// OldActivity gives entries of the old format after a number, in order. An entry
// whose MAC was not kept comes without one.
func (s *Store) OldActivity(ctx context.Context, after int64, limit int) ([]activity.OldEntry, error) {
	var entries []activity.OldEntry
	err := s.each(ctx, func(scan func(into ...any) error) error {
		var e activity.OldEntry
		err := scan(append(intoEntry(&e.Entry), &e.PrevMAC, &e.MAC)...)
		entries = append(entries, e)
		return err
	}, "SELECT a."+strings.ReplaceAll(entryColumns, ", ", ", a.")+`, o.prev_mac, o.mac
		FROM activity a LEFT JOIN activity_old_mac o ON o.seq = a.seq
		WHERE a.seq > ? ORDER BY a.seq LIMIT ?`, after, limit)
	return entries, err
}

// ChainActivity fills in the kind of actor and the link of an old entry.
func (s *Store) ChainActivity(ctx context.Context, e activity.ChainedEntry) error {
	values := append(append([]any{e.ActorKind}, linkValues(e.Link)...), e.Seq)
	n, err := s.exec(ctx, "UPDATE activity SET actor_kind = ?, "+strings.ReplaceAll(linkColumns, ",", " = ?,")+" = ? WHERE seq = ?", values...)
	if err == nil && n != 1 {
		return fmt.Errorf("store: activity entry %d is gone", e.Seq)
	}
	return err
}

// DropOldMACs deletes the MACs of the old format and returns the last number that
// had one.
func (s *Store) DropOldMACs(ctx context.Context) (last int64, err error) {
	if err := s.one(ctx, nil, []any{&last}, "SELECT COALESCE(MAX(seq), 0) FROM activity_old_mac"); err != nil {
		return 0, err
	}
	_, err = s.exec(ctx, "DELETE FROM activity_old_mac")
	return last, err
}

// ActivityKeys gives the public keys, the one in force last.
func (s *Store) ActivityKeys(ctx context.Context) ([]ed25519.PublicKey, error) {
	var keys []ed25519.PublicKey
	err := s.each(ctx, func(scan func(into ...any) error) error {
		var public []byte
		err := scan(&public)
		keys = append(keys, public)
		return err
	}, "SELECT public_key FROM activity_key ORDER BY from_seq, at_ms")
	return keys, err
}

// InsertActivityKey keeps a public key and the first entry that it signs.
func (s *Store) InsertActivityKey(ctx context.Context, public []byte, fromSeq, atMs int64) error {
	_, err := s.exec(ctx, "INSERT INTO activity_key (public_key, at_ms, from_seq) VALUES (?, ?, ?)", public, atMs, fromSeq)
	return err
}

// ActivityHead gives the head signed for this entry, if there is one.
func (s *Store) ActivityHead(ctx context.Context, seq int64, hash []byte) (head activity.Head, found bool, err error) {
	err = s.each(ctx, func(scan func(into ...any) error) error {
		found = true
		return scan(&head.Seq, &head.Hash, &head.AtMs, &head.Signature)
	}, "SELECT seq, hash, at_ms, signature FROM activity_head WHERE seq = ? AND hash = ?", seq, blob(hash))
	return head, found, err
}

// ActivityHeads gives every signed head, oldest first.
func (s *Store) ActivityHeads(ctx context.Context) ([]activity.Head, error) {
	var heads []activity.Head
	err := s.each(ctx, func(scan func(into ...any) error) error {
		var h activity.Head
		err := scan(&h.Seq, &h.Hash, &h.AtMs, &h.Signature)
		heads = append(heads, h)
		return err
	}, "SELECT seq, hash, at_ms, signature FROM activity_head ORDER BY seq, at_ms")
	return heads, err
}

// InsertActivityHead keeps a signed head.
func (s *Store) InsertActivityHead(ctx context.Context, h activity.Head) error {
	_, err := s.exec(ctx, "INSERT INTO activity_head (seq, hash, at_ms, signature) VALUES (?, ?, ?, ?)", h.Seq, blob(h.Hash), h.AtMs, h.Signature)
	return err
}

const checkpointColumns = "reason, first_seq, last_seq, count, first_ms, last_ms, hash, broken_seq, problem, at_ms, signature"

// ActivityCheckpoints gives every signed checkpoint, in order.
func (s *Store) ActivityCheckpoints(ctx context.Context) ([]activity.Checkpoint, error) {
	var checkpoints []activity.Checkpoint
	err := s.each(ctx, func(scan func(into ...any) error) error {
		var c activity.Checkpoint
		err := scan(&c.Reason, &c.FirstSeq, &c.LastSeq, &c.Count, &c.FirstMs, &c.LastMs, &c.Hash, &c.BrokenSeq, &c.Problem, &c.AtMs, &c.Signature)
		checkpoints = append(checkpoints, c)
		return err
	}, "SELECT "+checkpointColumns+" FROM activity_checkpoint ORDER BY last_seq, at_ms")
	return checkpoints, err
}

// InsertActivityCheckpoint keeps a signed checkpoint.
func (s *Store) InsertActivityCheckpoint(ctx context.Context, c activity.Checkpoint) error {
	_, err := s.exec(ctx, "INSERT INTO activity_checkpoint ("+checkpointColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		c.Reason, c.FirstSeq, c.LastSeq, c.Count, c.FirstMs, c.LastMs, blob(c.Hash), c.BrokenSeq, c.Problem, c.AtMs, c.Signature)
	return err
}

// ActivityPage gives a page of the trail by keyset.
func (s *Store) ActivityPage(ctx context.Context, in activity.ListInput) (activity.Page, error) {
	var where clause
	where.when(in.ActorID != "", "actor_id = ?", in.ActorID)
	former := activity.FormerKind(in.Kind)
	where.when(in.Kind != "" && former == "", "kind = ?", in.Kind)
	where.when(former != "", "kind IN (?, ?)", in.Kind, former)
	where.when(in.Outcome != "", "outcome = ?", in.Outcome)
	where.when(in.ObjectID != "", "object_id = ?", in.ObjectID)
	where.when(in.FromMs > 0, "at_ms >= ?", in.FromMs)
	where.when(in.UntilMs > 0, "at_ms < ?", in.UntilMs)
	where.like("search", in.Text)
	page := activity.Page{Entries: []activity.Entry{}}
	var err error
	if in.Before == 0 {
		if page.Count, page.Capped, err = s.capped(ctx, "activity", where); err != nil {
			return activity.Page{}, err
		}
	}
	compare, direction := "seq < ?", "DESC"
	if in.OldestFirst {
		compare, direction = "seq > ?", "ASC"
	}
	where.when(in.Before > 0, compare, in.Before)
	err = s.each(ctx, func(scan func(into ...any) error) error {
		var e activity.ChainedEntry
		err := scan(append(intoEntry(&e.Entry), intoLink(&e.Link)...)...)
		page.Entries = append(page.Entries, e.Shown())
		return err
	}, "SELECT "+entryColumns+", "+linkColumns+" FROM activity"+where.sql()+" ORDER BY seq "+direction+" LIMIT ?", append(where.args, in.Limit+1)...)
	if err != nil {
		return activity.Page{}, err
	}
	if len(page.Entries) > in.Limit {
		page.Entries, page.More = page.Entries[:in.Limit], true
	}
	return page, nil
}

// RecordedSetups visits every state of a setup that the trail holds, one that stays
// from one entry to the next once.
func (s *Store) RecordedSetups(ctx context.Context, id string, visit func(state string)) error {
	last := ""
	return s.each(ctx, func(scan func(into ...any) error) error {
		var before, after string
		err := scan(&before, &after)
		for _, state := range []string{before, after} {
			if state != "" && state != last {
				visit(state)
			}
			last = state
		}
		return err
	}, "SELECT before, after FROM activity WHERE object_id = ? AND kind = ? ORDER BY seq", id, setup.Kind)
}

// ActivityActors lists who appears in the trail, by the name of their newest
// entry: the 500 who did something last, deleted users included.
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
