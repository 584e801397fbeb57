package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migrations are the steps that this program knows; a test uses others.
func migrations() fs.FS {
	files, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		panic(err) // the folder is compiled into the program
	}
	return files
}

// migrate brings the schema up to date. An older file is not changed: a copy is
// migrated and then replaces it, so that a step that fails, or a stop at any
// moment, leaves the old file as it was. Afterwards the old file is kept next to
// the new one as keydesk.db.before-N.
func (s *Store) migrate(ctx context.Context, steps fs.FS) error {
	provider, err := goose.NewProvider(goose.DialectSQLite3, s.write, steps)
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	current, target, err := provider.GetVersions(ctx)
	switch {
	case err != nil:
		return fmt.Errorf("schema version: %w", err)
	case current > target:
		return ErrNewer
	case current == target:
		return nil
	case current == 0:
		if _, err := provider.Up(ctx); err != nil {
			return fmt.Errorf("migrate: %w", err)
		}
		return nil
	}
	next := s.migrating()
	removeDatabase(next)
	defer removeDatabase(next)
	if err := copyInto(ctx, s.write, next); err != nil {
		return fmt.Errorf("copy to migrate: %w", err)
	}
	if err := s.migrateFile(ctx, next, steps); err != nil {
		return err
	}
	return s.takeOver(ctx, next, fmt.Sprintf("%s%s%d", s.path, before, target))
}

// migrating is the name of the copy that is migrated.
func (s *Store) migrating() string { return s.path + ".migrating" }

// migrateFile brings the database in a file up to date and syncs it to disk.
func (s *Store) migrateFile(ctx context.Context, path string, steps fs.FS) error {
	db := s.openWriter(path)
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, steps)
	if err == nil {
		_, err = provider.Up(ctx)
	}
	if err == nil {
		err = checkpoint(db)
	}
	if err = errors.Join(err, db.Close()); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return syncFile(path)
}

// takeOver replaces the open file by a migrated one. The old file is kept under
// another name.
func (s *Store) takeOver(ctx context.Context, next, kept string) error {
	removeDatabase(kept)
	if err := checkpoint(s.write); err != nil {
		return err
	}
	if os.Link(s.path, kept) != nil { // some file systems have no links
		if err := copyInto(ctx, s.write, kept); err != nil {
			return fmt.Errorf("copy before migration: %w", err)
		}
		if err := syncFile(kept); err != nil {
			return err
		}
	}
	// Its age is counted from now on, and not from the last change before.
	now := time.Now()
	if err := os.Chtimes(kept, now, now); err != nil {
		return err
	}
	// What is kept has to be of use on the day it is needed.
	if err := readThrough(ctx, kept); err != nil {
		_ = os.Remove(kept)
		return ErrCorrupt.WithCause(fmt.Errorf("copy before migration: %w", err))
	}
	if err := s.write.Close(); err != nil {
		return err
	}
	err := os.Rename(next, s.path)
	s.write = s.openWriter(s.path)
	if err != nil {
		return fmt.Errorf("migrated file: %w", err)
	}
	return syncFolder(filepath.Dir(s.path))
}

// openWriter opens the one connection that writes.
func (s *Store) openWriter(path string) *sql.DB {
	db := sql.OpenDB(connector{path: path, maxPages: s.maxPage, inPlace: s.inPlace})
	db.SetMaxOpenConns(1)
	return db
}

// syncFile waits until a file is on the disk.
func syncFile(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}

// removeDatabase removes a database file and the files of SQLite that belong to it.
func removeDatabase(path string) {
	for _, suffix := range []string{"", "-wal", "-shm", "-journal"} {
		_ = os.Remove(path + suffix)
	}
}
