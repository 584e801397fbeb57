package store

import "context"

// ProviderFiles gives the text of every provider file that a user added, by the id
// of its provider.
func (s *Store) ProviderFiles(ctx context.Context) (map[string]string, error) {
	files := map[string]string{}
	err := s.each(ctx, func(scan func(into ...any) error) error {
		var id, text string
		err := scan(&id, &text)
		files[id] = text
		return err
	}, "SELECT id, data FROM provider_file")
	return files, err
}

// PutProviderFile keeps a provider's file and replaces the one before.
func (s *Store) PutProviderFile(ctx context.Context, id, text string, version int, updatedMs int64) error {
	_, err := s.exec(ctx, `INSERT INTO provider_file (id, data, version, updated_ms) VALUES (?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET data = excluded.data, version = excluded.version, updated_ms = excluded.updated_ms`, id, text, version, updatedMs)
	return err
}

// DeleteProviderFile removes a provider's file; false when there is none.
func (s *Store) DeleteProviderFile(ctx context.Context, id string) (bool, error) {
	touched, err := s.exec(ctx, "DELETE FROM provider_file WHERE id = ?", id)
	return touched > 0, err
}
