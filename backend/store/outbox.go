package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"keydesk/backend/access"
)

// InsertEvents adds events to the outbox; it needs a transaction.
func (s *Store) InsertEvents(ctx context.Context, events []access.Event, atMs int64) error {
	for _, event := range events {
		data, err := json.Marshal(event.Data)
		if err != nil {
			return fmt.Errorf("event %s: %w", event.Name, err)
		}
		if _, err := s.exec(ctx, `INSERT INTO outbox (id, at_ms, name, object_id, data) VALUES (?, ?, ?, ?, ?)`,
			uuid.Must(uuid.NewV7()).String(), atMs, string(event.Name), event.ObjectID, string(data)); err != nil {
			return err
		}
	}
	return nil
}

// DeleteEventsBefore removes events older than a moment and counts them.
func (s *Store) DeleteEventsBefore(ctx context.Context, beforeMs int64) (int, error) {
	count, err := s.exec(ctx, `DELETE FROM outbox WHERE at_ms < ?`, beforeMs)
	return int(count), err
}
