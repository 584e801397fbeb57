package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"keydesk/backend/apikey"
)

const apiKeyColumns = `id, title, mask, foreign_form, grants, full_access, created_ms, creator_id, creator_name, expires_ms, disabled_ms, revoked_ms, deleted_ms,
	ended_by, replaced_by, last_used_ms, calls, version`

// apiKeyFields are what apiKeyColumns is read into; ready must be called after.
func apiKeyFields(k *apikey.Key) (into []any, ready func()) {
	var grants string
	into = []any{&k.ID, &k.Title, &k.Mask, &k.TakenOver, &grants, &k.FullAccess, &k.CreatedMs, &k.CreatorID, &k.Creator, &k.ExpiresMs, &k.DisabledMs, &k.RevokedMs, &k.DeletedMs,
		&k.EndedBy, &k.ReplacedBy, &k.LastUsedMs, &k.Calls, &k.Version}
	return into, func() {
		// Text that is no grants grants nothing, and does not fit the row's MAC.
		if json.Unmarshal([]byte(grants), &k.Grants) != nil {
			k.Grants = apikey.Grants{}
		}
	}
}

func (s *Store) apiKeys(ctx context.Context, rest string, args ...any) ([]apikey.Record, error) {
	var list []apikey.Record
	err := s.each(ctx, func(scan func(into ...any) error) error {
		var r apikey.Record
		into, ready := apiKeyFields(&r.Key)
		err := scan(append(into, &r.Verifier, &r.RowMAC, &r.RequestID)...)
		ready()
		list = append(list, r)
		return err
	}, "SELECT "+apiKeyColumns+", verifier, row_mac, request_id FROM api_key"+rest, args...)
	return list, err
}

// KeyRecords lists every key that is not deleted.
func (s *Store) KeyRecords(ctx context.Context) ([]apikey.Record, error) {
	return s.apiKeys(ctx, " WHERE deleted_ms = 0")
}

// APIKey reads one key, also a deleted one.
func (s *Store) APIKey(ctx context.Context, id string) (apikey.Record, error) {
	list, err := s.apiKeys(ctx, " WHERE id = ?", id)
	if err != nil || len(list) > 0 {
		return firstOf(list), err
	}
	return apikey.Record{}, apikey.ErrNotFound
}

// APIKeyByVerifier finds any key, also a deleted one.
func (s *Store) APIKeyByVerifier(ctx context.Context, verifier []byte) (apikey.Record, bool, error) {
	list, err := s.apiKeys(ctx, " WHERE verifier = ?", verifier)
	return firstOf(list), len(list) > 0, err
}

func firstOf[T any](list []T) (first T) {
	if len(list) > 0 {
		first = list[0]
	}
	return first
}

// InsertAPIKey adds a key.
func (s *Store) InsertAPIKey(ctx context.Context, r apikey.Record) error {
	grants, err := json.Marshal(r.Grants)
	if err != nil {
		return fmt.Errorf("api key: %w", err)
	}
	var again int
	if r.RequestID != "" { // said again for SQLite, whose index has no empty ones
		if err := s.one(ctx, nil, []any{&again}, "SELECT COUNT(*) FROM api_key WHERE request_id = ? AND request_id <> ''", r.RequestID); err != nil {
			return err
		}
	}
	if again > 0 {
		return apikey.ErrMadeAlready
	}
	_, err = s.exec(ctx, `INSERT INTO api_key (id, title, title_key, mask, foreign_form, verifier, row_mac, grants, full_access, created_ms, creator_id, creator_name,
		expires_ms, disabled_ms, revoked_ms, deleted_ms, ended_by, replaced_by, last_used_ms, calls, request_id, version)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?)`,
		r.ID, r.Title, fold(r.Title), r.Mask, r.TakenOver, r.Verifier, r.RowMAC, string(grants), r.FullAccess, r.CreatedMs, r.CreatorID, r.Creator,
		r.ExpiresMs, r.DisabledMs, r.RevokedMs, r.DeletedMs, r.EndedBy, r.ReplacedBy, r.RequestID, r.Version)
	if isUnique(err) {
		return apikey.ErrKnown.WithCause(err)
	}
	return err
}

// UpdateAPIKey writes what can change of a key, if the version is still the stored
// one.
func (s *Store) UpdateAPIKey(ctx context.Context, r apikey.Record) error {
	titleKey := fold(r.Title)
	if r.DeletedMs > 0 {
		titleKey = "" // nobody searches for it any more
	}
	touched, err := s.exec(ctx, `UPDATE api_key SET title = ?, title_key = ?, row_mac = ?, expires_ms = ?, disabled_ms = ?, revoked_ms = ?, deleted_ms = ?,
		ended_by = ?, replaced_by = ?, version = version + 1 WHERE id = ? AND version = ?`,
		r.Title, titleKey, r.RowMAC, r.ExpiresMs, r.DisabledMs, r.RevokedMs, r.DeletedMs, r.EndedBy, r.ReplacedBy, r.ID, r.Version)
	return must(touched, err, ErrStale)
}

// KeyTitles counts keys with this title.
func (s *Store) KeyTitles(ctx context.Context, title string) (int, error) {
	var n int
	err := s.one(ctx, nil, []any{&n}, "SELECT COUNT(*) FROM api_key WHERE deleted_ms = 0 AND title_key = ?", fold(title))
	return n, err
}

// KeyCreators lists the people who made the keys of the list, by their newest name.
func (s *Store) KeyCreators(ctx context.Context) ([]apikey.Creator, error) {
	var list []apikey.Creator
	err := s.each(ctx, func(scan func(into ...any) error) error {
		var c apikey.Creator
		err := scan(&c.ID, &c.Name)
		list = append(list, c)
		return err
	}, `SELECT k.creator_id, k.creator_name FROM api_key k JOIN
		(SELECT creator_id, MAX(id) AS newest FROM api_key WHERE deleted_ms = 0 GROUP BY creator_id) AS n ON n.newest = k.id ORDER BY k.creator_name`)
	return list, err
}

// usable is the condition of a key that a good request could still come with.
const usable = "revoked_ms = 0 AND disabled_ms = 0 AND (expires_ms = 0 OR expires_ms > ?)"

// keyStatus adds the condition of a status; its order is that of Key.statusAt.
func keyStatus(where *clause, status apikey.Status, nowMs, expiringMs int64) {
	switch status {
	case apikey.Revoked:
		where.when(true, "revoked_ms > 0")
	case apikey.Expired:
		where.when(true, "revoked_ms = 0 AND expires_ms > 0 AND expires_ms <= ?", nowMs)
	case apikey.Disabled:
		where.when(true, "revoked_ms = 0 AND disabled_ms > 0 AND (expires_ms = 0 OR expires_ms > ?)", nowMs)
	case apikey.Expiring:
		where.when(true, usable+" AND expires_ms > 0 AND expires_ms <= ?", nowMs, expiringMs)
	case apikey.Active:
		where.when(true, usable+" AND (expires_ms = 0 OR expires_ms > ?)", nowMs, expiringMs)
	}
}

const dayMs = 24 * 60 * 60 * 1000

func keysListed(in apikey.ListInput, nowMs, expiringMs int64) clause {
	where := clause{}
	where.when(true, "deleted_ms = 0")
	where.like("title_key", in.Search)
	keyStatus(&where, apikey.Status(in.Status), nowMs, expiringMs)
	where.when(in.Creator != "", "creator_id = ?", in.Creator)
	unused := "(last_used_ms < ? AND created_ms < ?)"
	before := nowMs - int64(in.UnusedDays)*dayMs
	where.when(in.UnusedDays > 0, unused, before, before)
	where.when(in.ExpiringDays > 0, usable+" AND expires_ms > 0 AND expires_ms <= ?", nowMs, nowMs+int64(in.ExpiringDays)*dayMs)
	if in.Review {
		idle := nowMs - int64(in.ReviewDays)*dayMs
		where.when(true, usable, nowMs)
		where.when(true, "(expires_ms = 0 OR full_access = TRUE OR "+unused+")", idle, idle)
	}
	return where
}

// keySorts are the columns of the list's orders. The keys of a cursor are texts,
// which number columns are compared with as numbers.
var keySorts = map[string]string{"title": "title_key", "created": "created_ms", "expires": "expires_ms", "used": "last_used_ms"}

// APIKeyPage gives a page of the list by keyset.
func (s *Store) APIKeyPage(ctx context.Context, in apikey.ListInput, nowMs, expiringMs int64) (apikey.Page, error) {
	where := keysListed(in, nowMs, expiringMs)
	page := apikey.Page{Rows: []apikey.Key{}}
	var err error
	if in.After == "" {
		if page.Count, page.Capped, err = s.capped(ctx, "api_key", where); err != nil {
			return apikey.Page{}, err
		}
	}
	column, compare, direction := keySorts[in.Sort], ">", "ASC"
	if in.Descending {
		compare, direction = "<", "DESC"
	}
	if in.After != "" {
		key, id, err := readCursor(in.After)
		if err != nil {
			return apikey.Page{}, err
		}
		var at any = key
		if in.Sort != "title" {
			if at, err = strconv.ParseInt(key, 10, 64); err != nil {
				return apikey.Page{}, errCursor
			}
		}
		where.when(true, "("+column+", id) "+compare+" (?, ?)", at, id)
	}
	var last string
	err = s.each(ctx, func(scan func(into ...any) error) error {
		var k apikey.Key
		var key string
		into, ready := apiKeyFields(&k)
		err := scan(append(into, &key)...)
		ready()
		if len(page.Rows) < in.Limit {
			last = cursor(key, k.ID)
			page.Rows = append(page.Rows, k)
		} else {
			page.Next = last
		}
		return err
	}, "SELECT "+apiKeyColumns+", "+column+" FROM api_key"+where.sql()+" ORDER BY "+column+" "+direction+", id "+direction+" LIMIT ?", append(where.args, in.Limit+1)...)
	return page, err
}

// accessAtOnce is how many access rows one statement inserts.
const accessAtOnce = 50

var insertAccess = "INSERT INTO api_access (at_ms, key_id, method, route, status, code, source, took_ms, requests) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"

var insertAccesses = insertAccess + strings.Repeat(", (?, ?, ?, ?, ?, ?, ?, ?, ?)", accessAtOnce-1)

// KeepAccess adds access rows and what they make of the keys' counters.
func (s *Store) KeepAccess(ctx context.Context, rows []apikey.AccessRow, uses []apikey.DayUse) error {
	args := make([]any, 0, 9*accessAtOnce)
	for len(rows) > 0 {
		n, query := 1, insertAccess
		if len(rows) >= accessAtOnce {
			n, query = accessAtOnce, insertAccesses
		}
		args = args[:0]
		for _, r := range rows[:n] {
			args = append(args, r.AtMs, r.KeyID, r.Method, r.Route, r.Status, r.Code, r.Source, r.TookMs, r.Requests)
		}
		if _, err := s.exec(ctx, query, args...); err != nil {
			return err
		}
		rows = rows[n:]
	}
	calls, last := map[string]int64{}, map[string]int64{}
	for _, one := range uses {
		if _, err := s.exec(ctx, `INSERT INTO key_day (key_id, day, accepted, refused, limited, failed) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (key_id, day) DO UPDATE SET accepted = key_day.accepted + excluded.accepted, refused = key_day.refused + excluded.refused,
			limited = key_day.limited + excluded.limited, failed = key_day.failed + excluded.failed`,
			one.KeyID, one.Day, one.Accepted, one.Refused, one.Limited, one.Failed); err != nil {
			return err
		}
		calls[one.KeyID] += one.Requests()
		last[one.KeyID] = max(last[one.KeyID], one.LastMs)
	}
	for id, n := range calls {
		if _, err := s.exec(ctx, "UPDATE api_key SET calls = calls + ?, last_used_ms = CASE WHEN last_used_ms > ? THEN last_used_ms ELSE ? END WHERE id = ?", n, last[id], last[id], id); err != nil {
			return err
		}
	}
	return nil
}

// AccessPage gives a page of the access log, newest first.
func (s *Store) AccessPage(ctx context.Context, in apikey.AccessInput) (apikey.AccessPage, error) {
	var where clause
	where.when(in.KeyID != "", "a.key_id = ?", in.KeyID)
	where.when(in.Refused, "a.code <> ''")
	where.when(in.FromMs > 0, "a.at_ms >= ?", in.FromMs)
	where.when(in.ToMs > 0, "a.at_ms < ?", in.ToMs)
	where.when(in.Before > 0, "a.id < ?", in.Before)
	page := apikey.AccessPage{Rows: []apikey.AccessRow{}}
	err := s.each(ctx, func(scan func(into ...any) error) error {
		var r apikey.AccessRow
		err := scan(&r.ID, &r.AtMs, &r.KeyID, &r.Title, &r.Method, &r.Route, &r.Status, &r.Code, &r.Source, &r.TookMs, &r.Requests)
		if len(page.Rows) < in.Limit {
			page.Rows = append(page.Rows, r)
		} else {
			page.More = true
		}
		return err
	}, `SELECT a.id, a.at_ms, a.key_id, COALESCE(k.title, ''), a.method, a.route, a.status, a.code, a.source, a.took_ms, a.requests
		FROM api_access a LEFT JOIN api_key k ON k.id = a.key_id`+where.sql()+" ORDER BY a.id DESC LIMIT ?", append(where.args, in.Limit+1)...)
	return page, err
}

// UsesOfKeys gives the days since one on which these keys were used, in order.
func (s *Store) UsesOfKeys(ctx context.Context, ids []string, from string) ([]apikey.DayUse, error) {
	var list []apikey.DayUse
	for some := range slices.Chunk(ids, inOneRead) {
		found, err := s.uses(ctx, "key_id IN "+anyOf+" AND day >= ?", append(alike(some), from)...)
		if err != nil {
			return nil, err
		}
		list = append(list, found...)
	}
	return list, nil
}

// UsesOfDays gives the use of all keys from one day to another, in order.
func (s *Store) UsesOfDays(ctx context.Context, from, to string) ([]apikey.DayUse, error) {
	return s.uses(ctx, "day >= ? AND day <= ?", from, to)
}

func (s *Store) uses(ctx context.Context, where string, args ...any) ([]apikey.DayUse, error) {
	var list []apikey.DayUse
	err := s.each(ctx, func(scan func(into ...any) error) error {
		var u apikey.DayUse
		err := scan(&u.KeyID, &u.Day, &u.Accepted, &u.Refused, &u.Limited, &u.Failed)
		list = append(list, u)
		return err
	}, "SELECT key_id, day, accepted, refused, limited, failed FROM key_day WHERE "+where+" ORDER BY day, key_id", args...)
	return list, err
}

// DeleteAccessBefore removes access rows older than a moment, and the use of earlier
// days.
func (s *Store) DeleteAccessBefore(ctx context.Context, beforeMs int64, day string, limit int) (int, error) {
	count, err := s.exec(ctx, "DELETE FROM api_access WHERE id IN (SELECT id FROM api_access WHERE at_ms < ? ORDER BY at_ms LIMIT ?)", beforeMs, limit)
	if err != nil {
		return 0, err
	}
	_, err = s.exec(ctx, "DELETE FROM key_day WHERE day < ?", day)
	return int(count), err
}
