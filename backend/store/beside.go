package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/pressly/goose/v3"
)

// Inspection is what OpenBeside found.
type Inspection struct {
	// Schema is the number of the newest migration of the file, Known that of
	// this program.
	Schema, Known int64
	// LogBytes is the size of the write-ahead log.
	LogBytes int64
}

// ErrNone says that a data folder holds no database, and no trace of one.
var ErrNone = errors.New("store: there is no database")

// OpenBeside opens a database for reading, also while another program has it open,
// looks through it for damage and reads its version. It needs no lock of the
// folder and changes nothing. After a nil error the store can be read if Schema is
// Known, and has to be closed.
//
// Faults: ErrNone, those of Check, store.corrupt, store.newer, store.busy.
func OpenBeside(ctx context.Context, folder string) (*Store, Inspection, error) {
	s := New(folder, ForReading())
	found, err := s.openBeside(ctx)
	if err != nil {
		_ = s.closeConnections()
		return nil, found, translate(err)
	}
	return s, found, nil
}

func (s *Store) openBeside(ctx context.Context) (Inspection, error) {
	var found Inspection
	if err := Check(filepath.Dir(s.path)); err != nil {
		return found, err
	}
	if info, err := os.Stat(s.path); errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		return found, ErrNone
	}
	if info, err := os.Stat(s.path + "-wal"); err == nil {
		found.LogBytes = info.Size()
	}
	// Where no program has it open, nothing is made beside the file either. One
	// that has it open could change a page while it is read without a lock.
	_, err := os.Stat(s.running())
	s.openReaders(connector{path: s.path, readOnly: true, untouched: err != nil && found.LogBytes == 0})
	if err := quickCheck(ctx, s.read); err != nil {
		return found, err
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, s.read, migrations())
	if err != nil {
		return found, fmt.Errorf("migrations: %w", err)
	}
	if found.Schema, found.Known, err = provider.GetVersions(ctx); err != nil {
		return found, fmt.Errorf("schema version: %w", err)
	}
	if found.Schema > found.Known {
		return found, ErrNewer
	}
	return found, nil
}
