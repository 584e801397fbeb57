package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"keydesk/backend/call"
)

// callDocuments are the parts of a call that are kept as JSON.
func callDocuments(d call.Detail) (record, request, reply string, err error) {
	parts := make([]string, 3)
	for i, part := range []any{d.Record, d.Request, d.Reply} {
		data, err := json.Marshal(part)
		if err != nil {
			return "", "", "", fmt.Errorf("call: %w", err)
		}
		parts[i] = string(data)
	}
	return parts[0], parts[1], parts[2], nil
}

// InsertCall adds a call to the history.
func (s *Store) InsertCall(ctx context.Context, d call.Detail) error {
	record, request, reply, err := callDocuments(d)
	if err != nil {
		return err
	}
	c := d.Call
	_, err = s.exec(ctx, `INSERT INTO call (id, at_ms, mode, run_id, setup_id, setup_version, draft, simulated, place_names, channel, service, actor_kind, actor_id, actor_name, source,
		recipient, recipient_key, state, verdict, delivery, status, total_ms, reason, message_id, error_code, record, request, answer, idempotency_key, idempotency_digest)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		c.ID, c.AtMs, c.Mode, c.RunID, c.SetupID, c.SetupVersion, c.Draft, c.Simulated, c.Title, c.Channel, c.Service, c.Actor.Kind, c.Actor.ID, c.Actor.Name, c.Actor.Source,
		c.Recipient, fold(c.Recipient), c.State, c.Verdict, c.Delivery, c.Status, c.TotalMs, c.Reason, c.MessageID, c.ErrorCode, record, request, reply, c.IdempotencyKey, c.IdempotencyDigest)
	if c.IdempotencyKey != "" && isUnique(err) {
		return call.ErrKeyTaken.WithCause(err)
	}
	return err
}

// FinishCall writes the outcome of a call that was inserted as sending.
func (s *Store) FinishCall(ctx context.Context, d call.Detail) error {
	record, request, reply, err := callDocuments(d)
	if err != nil {
		return err
	}
	c := d.Call
	touched, err := s.exec(ctx, `UPDATE call SET at_ms = ?, state = ?, verdict = ?, status = ?, total_ms = ?, reason = ?, message_id = ?, error_code = ?,
		record = ?, request = ?, answer = ? WHERE id = ?`,
		c.AtMs, c.State, c.Verdict, c.Status, c.TotalMs, c.Reason, c.MessageID, c.ErrorCode, record, request, reply, c.ID)
	return must(touched, err, call.ErrNotFound)
}

const callColumns = `id, at_ms, mode, run_id, setup_id, setup_version, draft, simulated, place_names, channel, service, actor_kind, actor_id, actor_name, source,
	recipient, state, verdict, delivery, status, total_ms, reason, message_id, error_code, idempotency_key, idempotency_digest`

func callFields(c *call.Call) []any {
	return []any{&c.ID, &c.AtMs, &c.Mode, &c.RunID, &c.SetupID, &c.SetupVersion, &c.Draft, &c.Simulated, &c.Title, &c.Channel, &c.Service, &c.Actor.Kind, &c.Actor.ID, &c.Actor.Name, &c.Actor.Source,
		&c.Recipient, &c.State, &c.Verdict, &c.Delivery, &c.Status, &c.TotalMs, &c.Reason, &c.MessageID, &c.ErrorCode, &c.IdempotencyKey, &c.IdempotencyDigest}
}

// Call gives one call with its request and answer.
func (s *Store) Call(ctx context.Context, id string) (call.Detail, error) {
	list, err := s.callDetails(ctx, " WHERE id = ?", id)
	if err != nil {
		return call.Detail{}, err
	}
	if len(list) == 0 {
		return call.Detail{}, call.ErrNotFound
	}
	return list[0], nil
}

// CallByKey gives the call that an actor asked for under an idempotency key;
// false when there is none.
func (s *Store) CallByKey(ctx context.Context, actor call.Actor, key string) (call.Detail, bool, error) {
	list, err := s.callDetails(ctx, " WHERE actor_kind = ? AND actor_id = ? AND idempotency_key = ? AND idempotency_key <> ''", actor.Kind, actor.ID, key)
	if err != nil || len(list) == 0 {
		return call.Detail{}, false, err
	}
	return list[0], true, nil
}

func (s *Store) callDetails(ctx context.Context, where string, args ...any) ([]call.Detail, error) {
	var list []call.Detail
	err := s.each(ctx, func(scan func(into ...any) error) error {
		var d call.Detail
		var record, request, reply string
		if err := scan(append(callFields(&d.Call), &record, &request, &reply)...); err != nil {
			return err
		}
		for _, part := range []struct {
			text string
			into any
		}{{record, &d.Record}, {request, &d.Request}, {reply, &d.Reply}} {
			if json.Unmarshal([]byte(part.text), part.into) != nil {
				// Whatever else is known of the call stays of use.
				d.Note = "A part of this entry is damaged in the data file."
			}
		}
		if d.Record == nil {
			d.Record = map[string]string{}
		}
		if d.Reply.Findings == nil { // written by a version without the simulator
			d.Reply.Findings = []string{}
		}
		list = append(list, d)
		return nil
	}, "SELECT "+callColumns+", record, request, answer FROM call"+where, args...)
	return list, err
}

// CallPage gives a page of the history by keyset: ids are UUIDv7, so their
// order is that of time.
func (s *Store) CallPage(ctx context.Context, in call.ListInput) (call.Page, error) {
	var where clause
	where.when(in.SetupID != "", "setup_id = ?", in.SetupID)
	where.when(in.RunID != "", "run_id = ?", in.RunID)
	where.when(in.Mode != "", "mode = ?", in.Mode)
	where.when(in.Verdict != "", "verdict = ?", in.Verdict)
	where.when(in.Target == "address", "simulated = ''")
	where.when(in.Target == "simulator", "simulated <> ''")
	where.like("recipient_key", in.Recipient)
	page := call.Page{Calls: []call.Call{}}
	var err error
	if in.Before == "" {
		if page.Count, page.Capped, err = s.capped(ctx, "call", where); err != nil {
			return call.Page{}, err
		}
	}
	compare, direction := "id < ?", "DESC"
	if in.OldestFirst {
		compare, direction = "id > ?", "ASC"
	}
	where.when(in.Before != "", compare, in.Before)
	err = s.each(ctx, func(scan func(into ...any) error) error {
		var c call.Call
		err := scan(callFields(&c)...)
		page.Calls = append(page.Calls, c)
		return err
	}, "SELECT "+callColumns+" FROM call"+where.sql()+" ORDER BY id "+direction+" LIMIT ?", append(where.args, in.Limit+1)...)
	if err != nil {
		return call.Page{}, err
	}
	if len(page.Calls) > in.Limit {
		page.Calls, page.More = page.Calls[:in.Limit], true
	}
	return page, nil
}

// PruneTests keeps the newest tests of each of these setups.
func (s *Store) PruneTests(ctx context.Context, setupIDs []string, keep int) error {
	var over []string
	for some := range slices.Chunk(setupIDs, inOneRead) {
		// The index alone answers this. It counts live calls too, so it may find too
		// many setups.
		found, err := s.ids(ctx, "SELECT setup_id FROM call WHERE setup_id IN "+anyOf+" GROUP BY setup_id HAVING COUNT(*) > ?", append(alike(some), keep)...)
		if err != nil {
			return err
		}
		over = append(over, found...)
	}
	for _, id := range over {
		if err := s.pruneTests(ctx, id, keep); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) pruneTests(ctx context.Context, setupID string, keep int) error {
	var have int
	if err := s.one(ctx, nil, []any{&have}, "SELECT COUNT(*) FROM call WHERE setup_id = ? AND mode = 'test'", setupID); err != nil || have <= keep {
		return err
	}
	_, err := s.exec(ctx, "DELETE FROM call WHERE id IN (SELECT id FROM call WHERE setup_id = ? AND mode = 'test' ORDER BY id LIMIT ?)", setupID, have-keep)
	return err
}

// PruneLive removes live calls, and tests of what was never saved, that are
// older than a moment, the oldest first and at most limit, and counts them.
func (s *Store) PruneLive(ctx context.Context, beforeMs int64, limit int) (int, error) {
	count, err := s.exec(ctx, `DELETE FROM call WHERE id IN
		(SELECT id FROM call WHERE at_ms < ? AND (mode = 'live' OR setup_id = '') ORDER BY id LIMIT ?)`, beforeMs, limit)
	return int(count), err
}

// LiveSince counts live calls of a setup since a moment.
func (s *Store) LiveSince(ctx context.Context, setupID string, sinceMs int64) (int, error) {
	var n int
	err := s.one(ctx, nil, []any{&n}, "SELECT COUNT(*) FROM call WHERE setup_id = ? AND mode = 'live' AND at_ms >= ?", setupID, sinceMs)
	return n, err
}

// CountDay adds to the figures of a day.
func (s *Store) CountDay(ctx context.Context, more call.DayCount) error {
	_, err := s.exec(ctx, `INSERT INTO call_day (day, mode, accepted, refused, throttled, unclear, failed) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (day, mode) DO UPDATE SET accepted = call_day.accepted + excluded.accepted, refused = call_day.refused + excluded.refused,
		throttled = call_day.throttled + excluded.throttled, unclear = call_day.unclear + excluded.unclear, failed = call_day.failed + excluded.failed`,
		more.Day, more.Mode, more.Accepted, more.Refused, more.Throttled, more.Unclear, more.Failed)
	return err
}

// CountStage adds a live call to the figures of its setup's stage in a month.
func (s *Store) CountStage(ctx context.Context, month, setupID string) error {
	_, err := s.exec(ctx, `INSERT INTO stage_month (month, place_id, stage_id, calls) SELECT ?, place_id, COALESCE(stage_id, ''), 1 FROM setup WHERE id = ?
		ON CONFLICT (month, place_id, stage_id) DO UPDATE SET calls = stage_month.calls + 1`, month, setupID)
	return err
}

// CallsSending lists calls that were never finished.
func (s *Store) CallsSending(ctx context.Context) ([]call.Detail, error) {
	return s.callDetails(ctx, " WHERE state <> 'done'")
}

// LiveByKeySince counts live calls of an API key since a moment.
func (s *Store) LiveByKeySince(ctx context.Context, keyID string, sinceMs int64) (int, error) {
	var n int
	err := s.one(ctx, nil, []any{&n}, "SELECT COUNT(*) FROM call WHERE actor_id = ? AND at_ms >= ? AND mode = 'live' AND actor_kind = 'key'", keyID, sinceMs)
	return n, err
}

// ForgetKeysBefore forgets the idempotency keys of calls older than a moment.
func (s *Store) ForgetKeysBefore(ctx context.Context, beforeMs int64) (int, error) {
	count, err := s.exec(ctx, "UPDATE call SET idempotency_key = '', idempotency_digest = '' WHERE idempotency_key <> '' AND at_ms < ?", beforeMs)
	return int(count), err
}
