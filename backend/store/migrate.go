package store

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"os"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migrate brings the schema up to date. Before an existing file is changed a
// copy is made beside it (keydesk.db.before-N) and kept until the next one.
func (s *Store) migrate(ctx context.Context) error {
	files, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, s.write, files)
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	current, target, err := provider.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("schema version: %w", err)
	}
	if current > target {
		return ErrNewer
	}
	if current == target {
		return nil
	}
	if current > 0 {
		copyPath := fmt.Sprintf("%s.before-%d", s.path, target)
		_ = os.Remove(copyPath)
		if _, err := s.write.ExecContext(ctx, "VACUUM INTO ?", copyPath); err != nil {
			return fmt.Errorf("copy before migration: %w", err)
		}
		if err := os.Chmod(copyPath, 0o600); err != nil {
			return fmt.Errorf("copy before migration: %w", err)
		}
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}
