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
	if err := isFile(s.path, s.files.database); err != nil {
		return err
	}
	return isFile(s.path+"-wal", s.files.log)
}

// isFile gives ErrMoved unless a name still means the file that it did; nil means
// none yet.
func isFile(name string, was os.FileInfo) error {
	if was == nil {
		return nil
	}
	same, err := sameFile(name, was)
	switch {
	case err != nil:
		return ErrMoved.WithCause(err)
	case !same:
		return ErrMoved
	}
	return nil
}
