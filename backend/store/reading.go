package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/pressly/goose/v3"

	"keydesk/backend/fault"
)

// Faults of a store that is open for reading only.
var (
	ErrReadingOnly = fault.New(fault.Unavailable, "store.reading_only", "The data file is damaged, so Keydesk opened it for reading only.").
			WithHint("Nothing was changed. Copy what you need, then close Keydesk, start it again and restore a copy.")
	ErrUnreadable = fault.New(fault.Unavailable, "store.unreadable", "Keydesk's data file is too damaged to be opened for reading.").
			WithHint("Nothing was changed. Keep a copy of the data folder before you do anything else, then restore an older copy.")
)

// ForReading makes a store that opens a damaged database as it is and never
// writes to it or to its log: no migration, no checkpoint, no marker. What
// cannot be read gives ErrCorrupt where it is asked for.
func ForReading() Option { return func(s *Store) { s.reading = true } }

// Writable returns nil, or why nothing can be written to this store.
func (s *Store) Writable() error {
	if s.reading {
		return ErrReadingOnly
	}
	return nil
}

// openForReading opens only the connections that read. SQLite keeps the index of
// a log in keydesk.db-shm, which belongs to neither; without a log nothing at
// all is written beside the database.
func (s *Store) openForReading(ctx context.Context) error {
	if err := Check(filepath.Dir(s.path)); err != nil {
		return err
	}
	readers := connector{path: s.path, readOnly: true, inPlace: s.inPlace}
	if info, err := os.Stat(s.path + "-wal"); err != nil || info.Size() == 0 {
		readers.untouched = true
	}
	s.openReaders(readers)
	err := s.canBeRead(ctx)
	if err == nil {
		err = s.identify(ctx)
	}
	if err != nil {
		_ = s.closeConnections()
	}
	return translate(err)
}

// canBeRead refuses a database with other tables than this program reads.
func (s *Store) canBeRead(ctx context.Context) error {
	provider, err := goose.NewProvider(goose.DialectSQLite3, s.read, migrations())
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	switch current, target, err := provider.GetVersions(ctx); {
	case err != nil:
		return fmt.Errorf("schema version: %w", err)
	case current > target:
		return ErrNewer
	case current < target:
		return ErrUnreadable.WithMessage("Keydesk's data file is damaged and from before an update, so it cannot be opened for reading.").
			WithCause(errors.New("the migrations would have to be run first"))
	}
	return nil
}
