package store

import (
	"context"

	"keydesk/backend/alert"
)

const alertColumns = "id, seq, at_ms, kind, object_id, object, ends_ms, lead_days, shown_ms, message, tries, next_ms, call_id"

func (s *Store) alerts(ctx context.Context, where string, args ...any) ([]alert.Alert, error) {
	var list []alert.Alert
	err := s.each(ctx, func(scan func(into ...any) error) error {
		var a alert.Alert
		err := scan(&a.ID, &a.Seq, &a.AtMs, &a.Kind, &a.ObjectID, &a.Object, &a.EndsMs, &a.LeadDays, &a.ShownMs, &a.Message, &a.Tries, &a.NextMs, &a.CallID)
		list = append(list, a)
		return err
	}, "SELECT "+alertColumns+" FROM alert"+where, args...)
	return list, err
}

// Alerts gives a page, the newest first, before a number; 0 is the newest.
func (s *Store) Alerts(ctx context.Context, before int64, limit int) ([]alert.Alert, error) {
	var where clause
	where.when(before > 0, "seq < ?", before)
	return s.alerts(ctx, where.sql()+" ORDER BY seq DESC LIMIT ?", append(where.args, limit)...)
}

// AlertsOf gives those about a kind of things that end after a moment.
func (s *Store) AlertsOf(ctx context.Context, kind string, endsAfterMs int64) ([]alert.Alert, error) {
	return s.alerts(ctx, " WHERE kind = ? AND ends_ms > ?", kind, endsAfterMs)
}

// AlertsToShow gives those that the desktop has not shown, the oldest first.
func (s *Store) AlertsToShow(ctx context.Context) ([]alert.Alert, error) {
	return s.alerts(ctx, " WHERE shown_ms = 0 ORDER BY seq")
}

// AlertsToSend gives those whose message is due or was cut short, the oldest first.
func (s *Store) AlertsToSend(ctx context.Context, nowMs int64) ([]alert.Alert, error) {
	return s.alerts(ctx, " WHERE message = 'sending' OR (message = 'waiting' AND next_ms <= ?) ORDER BY seq", nowMs)
}

// InsertAlert adds an alert with the next number, which is higher than any that was
// read.
func (s *Store) InsertAlert(ctx context.Context, a alert.Alert) error {
	_, err := s.exec(ctx, "INSERT INTO alert ("+alertColumns+`) VALUES (?,
		(SELECT COALESCE(MAX(n), 0) + 1 FROM (SELECT MAX(seq) AS n FROM alert UNION ALL SELECT MAX(seen_seq) AS n FROM alert_seen) AS numbers),
		?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		a.ID, a.AtMs, a.Kind, a.ObjectID, a.Object, a.EndsMs, a.LeadDays, a.ShownMs, a.Message, a.Tries, a.NextMs, a.CallID)
	return err
}

// UpdateAlert writes what became of an alert. One that is gone is no fault.
func (s *Store) UpdateAlert(ctx context.Context, a alert.Alert) error {
	_, err := s.exec(ctx, "UPDATE alert SET shown_ms = ?, message = ?, tries = ?, next_ms = ?, call_id = ? WHERE id = ?",
		a.ShownMs, a.Message, a.Tries, a.NextMs, a.CallID, a.ID)
	return err
}

// DeleteAlert removes an alert.
func (s *Store) DeleteAlert(ctx context.Context, id string) error {
	_, err := s.exec(ctx, "DELETE FROM alert WHERE id = ?", id)
	return err
}

// DeleteAlertsBefore removes old alerts and counts them.
func (s *Store) DeleteAlertsBefore(ctx context.Context, atMs int64) (int, error) {
	count, err := s.exec(ctx, "DELETE FROM alert WHERE at_ms < ?", atMs)
	return int(count), err
}

// Seen is the number up to which a person has read the alerts.
func (s *Store) Seen(ctx context.Context, userID string) (seq int64, err error) {
	err = s.one(ctx, nil, []any{&seq}, "SELECT seen_seq FROM alert_seen WHERE user_id = ?", userID)
	return seq, err
}

// Unseen counts the newer ones.
func (s *Store) Unseen(ctx context.Context, userID string) (count int, err error) {
	err = s.one(ctx, nil, []any{&count}, "SELECT COUNT(*) FROM alert WHERE seq > COALESCE((SELECT seen_seq FROM alert_seen WHERE user_id = ?), 0)", userID)
	return count, err
}

// KeepSeen notes how far a person has read.
func (s *Store) KeepSeen(ctx context.Context, userID string, seq int64) error {
	_, err := s.exec(ctx, `INSERT INTO alert_seen (user_id, seen_seq) VALUES (?, ?)
		ON CONFLICT (user_id) DO UPDATE SET seen_seq = CASE WHEN alert_seen.seen_seq > excluded.seen_seq THEN alert_seen.seen_seq ELSE excluded.seen_seq END`, userID, seq)
	return err
}
