package store

import (
	"context"
	"errors"
	"os"
)

// identity is which files the connections have open. Their names can come to
// mean other files: a folder is moved, or a copy put in its place. SQLite does
// not notice and goes on writing to files that nobody will find again.
type identity struct {
	database, log os.FileInfo
}

// identify notes the files of an open store. A query makes sure that a connection
// is open; while one is, the log exists.
func (s *Store) identify(ctx context.Context) error {
	db := s.write
	if s.reading {
		db = s.read
	}
	if err := db.PingContext(ctx); err != nil {
		return err
	}
	var err error
	if s.files.database, err = os.Stat(s.path); err != nil {
		return ErrUnreachable.WithCause(err)
	}
	// A disk on which SQLite keeps no such log is no reason to refuse.
	if s.files.log, err = os.Stat(s.path + "-wal"); err != nil && !errors.Is(err, os.ErrNotExist) {
		return ErrUnreachable.WithCause(err)
	}
	return nil
}

// inPlace gives ErrMoved unless database and log still lie where they were
// opened. An office whose folder was put back goes on.
func (s *Store) inPlace() error {
	for name, was := range map[string]os.FileInfo{s.path: s.files.database, s.path + "-wal": s.files.log} {
		if was == nil {
			continue // not open yet
		}
		now, err := os.Stat(name)
		if err != nil {
			return ErrMoved.WithCause(err)
		}
		if !os.SameFile(was, now) {
			return ErrMoved
		}
	}
	return nil
}
