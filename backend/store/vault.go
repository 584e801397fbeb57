package store

import (
	"context"
	"slices"

	"keydesk/backend/vault"
)

// PutSecret inserts or replaces a sealed secret by owner and slot.
func (s *Store) PutSecret(ctx context.Context, row vault.Row) error {
	_, err := s.exec(ctx, `INSERT INTO secret (owner_kind, owner_id, slot, version, sealed, about) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (owner_kind, owner_id, slot) DO UPDATE SET version = excluded.version, sealed = excluded.sealed, about = excluded.about`,
		row.OwnerKind, row.OwnerID, row.Slot, row.Version, row.Sealed, row.About)
	return err
}

const secretColumns = "SELECT owner_kind, owner_id, slot, version, sealed, about FROM secret"

// Secret gives one sealed secret; false when there is none.
func (s *Store) Secret(ctx context.Context, ownerKind, ownerID, slot string) (vault.Row, bool, error) {
	rows, err := s.secrets(ctx, secretColumns+" WHERE owner_kind = ? AND owner_id = ? AND slot = ?", ownerKind, ownerID, slot)
	if err != nil || len(rows) == 0 {
		return vault.Row{}, false, err
	}
	return rows[0], true, nil
}

// OwnerSecrets gives every sealed secret of one owner.
func (s *Store) OwnerSecrets(ctx context.Context, ownerKind, ownerID string) ([]vault.Row, error) {
	return s.secrets(ctx, secretColumns+" WHERE owner_kind = ? AND owner_id = ? ORDER BY slot", ownerKind, ownerID)
}

// SecretsOf gives every sealed secret of these owners.
func (s *Store) SecretsOf(ctx context.Context, ownerKind string, ownerIDs []string) ([]vault.Row, error) {
	var all []vault.Row
	for some := range slices.Chunk(ownerIDs, inOneRead) {
		rows, err := s.secrets(ctx, secretColumns+" WHERE owner_kind = ? AND owner_id IN "+anyOf, append([]any{ownerKind}, alike(some)...)...)
		if err != nil {
			return nil, err
		}
		all = append(all, rows...)
	}
	return all, nil
}

// AllSecrets gives every sealed secret, for re-sealing.
func (s *Store) AllSecrets(ctx context.Context) ([]vault.Row, error) {
	return s.secrets(ctx, secretColumns+" ORDER BY owner_kind, owner_id, slot")
}

func (s *Store) secrets(ctx context.Context, query string, args ...any) ([]vault.Row, error) {
	var rows []vault.Row
	err := s.each(ctx, func(scan func(into ...any) error) error {
		var row vault.Row
		err := scan(&row.OwnerKind, &row.OwnerID, &row.Slot, &row.Version, &row.Sealed, &row.About)
		rows = append(rows, row)
		return err
	}, query, args...)
	return rows, err
}

// DeleteSecret removes one sealed secret; secure_delete wipes its page.
func (s *Store) DeleteSecret(ctx context.Context, ownerKind, ownerID, slot string) error {
	_, err := s.exec(ctx, "DELETE FROM secret WHERE owner_kind = ? AND owner_id = ? AND slot = ?", ownerKind, ownerID, slot)
	return err
}

// Wrappings gives the data key's wrappings and verifier. They decide which key is
// in force, so while a commit is in doubt there is no answer.
func (s *Store) Wrappings(ctx context.Context) ([]vault.Wrapping, error) {
	if err := s.settle(); err != nil {
		return nil, ErrInDoubt.WithCause(err)
	}
	var wrappings []vault.Wrapping
	err := s.each(ctx, func(scan func(into ...any) error) error {
		var w vault.Wrapping
		err := scan(&w.Kind, &w.Data)
		wrappings = append(wrappings, w)
		return err
	}, "SELECT kind, data FROM wrapping ORDER BY kind")
	return wrappings, err
}

// PutWrapping inserts or replaces a wrapping by kind.
func (s *Store) PutWrapping(ctx context.Context, w vault.Wrapping) error {
	_, err := s.exec(ctx, "INSERT INTO wrapping (kind, data) VALUES (?, ?) ON CONFLICT (kind) DO UPDATE SET data = excluded.data", w.Kind, w.Data)
	return err
}

// DeleteWrapping removes a wrapping.
func (s *Store) DeleteWrapping(ctx context.Context, kind string) error {
	_, err := s.exec(ctx, "DELETE FROM wrapping WHERE kind = ?", kind)
	return err
}

// NoteItem notes an item that is about to be written to the keyring, in the
// context's transaction or in one of its own.
func (s *Store) NoteItem(ctx context.Context, item vault.NotedItem) error {
	return s.InTx(ctx, func(ctx context.Context) error {
		_, err := s.exec(ctx, "INSERT INTO keyring_note (item, backend) VALUES (?, ?) ON CONFLICT (item) DO UPDATE SET backend = excluded.backend", item.Item, item.Backend)
		return err
	})
}

// NotedItems gives what was noted and not dropped since.
func (s *Store) NotedItems(ctx context.Context) ([]vault.NotedItem, error) {
	var items []vault.NotedItem
	err := s.each(ctx, func(scan func(into ...any) error) error {
		var item vault.NotedItem
		err := scan(&item.Item, &item.Backend)
		items = append(items, item)
		return err
	}, "SELECT item, backend FROM keyring_note ORDER BY item")
	return items, err
}

// DropItemNote forgets a noted item.
func (s *Store) DropItemNote(ctx context.Context, item string) error {
	return s.InTx(ctx, func(ctx context.Context) error {
		_, err := s.exec(ctx, "DELETE FROM keyring_note WHERE item = ?", item)
		return err
	})
}
