package store

import (
	"errors"
	"maps"
	"path/filepath"
	"strings"
	"testing"
)

// RULES.md, Failures: a store for reading makes and changes no file, neither the
// database and its log nor a marker, a reserve or a copy. It reads what is in the
// log, and it refuses to write.
func TestAStoreForReadingWritesNothing(t *testing.T) {
	s, folder := saved(t)
	if err := putFile(t, s, "in the log only"); err != nil {
		t.Fatal(err)
	}
	killed := t.TempDir()
	for _, name := range []string{FileName, FileName + "-wal"} {
		if err := copyFile(filepath.Join(folder, name), filepath.Join(killed, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	before := contents(t, killed)
	reading := New(killed, ForReading())
	if err := reading.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	if files, err := reading.ProviderFiles(t.Context()); err != nil || files["acme"] != "in the log only" {
		t.Errorf("read %v, %v", files, err)
	}
	if err := putFile(t, reading, "after"); !errors.Is(err, ErrReadingOnly) || !errors.Is(reading.Writable(), ErrReadingOnly) {
		t.Errorf("writing gave %v", err)
	}
	// And SQLite itself writes nothing, whoever asks.
	if _, err := reading.read.Exec("CREATE TABLE other (id INTEGER)"); err == nil {
		t.Error("a table was made")
	}
	if _, err := reading.read.Exec("PRAGMA wal_checkpoint(TRUNCATE)"); err == nil {
		t.Error("the log was folded into the file")
	}
	for range 2 {
		if err := reading.Close(); err != nil {
			t.Error(err)
		}
	}
	after := contents(t, killed)
	delete(after, "/"+FileName+"-shm")
	if !maps.Equal(after, before) {
		t.Error("the folder was changed")
	}
}

// A file of an older schema cannot be read by this program and is not migrated.
func TestAnOlderFileIsNotOpenedForReading(t *testing.T) {
	folder, _ := released(t)
	before := contents(t, folder)
	err := New(folder, ForReading()).Open(t.Context())
	if !errors.Is(err, ErrUnreadable) || !strings.Contains(err.Error(), "before an update") {
		t.Errorf("opened with %v", err)
	}
	if !maps.Equal(contents(t, folder), before) {
		t.Error("the folder was changed")
	}
}
