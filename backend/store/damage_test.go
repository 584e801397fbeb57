package store

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"testing"
)

// After a kill a damaged file is refused, and nothing is written into it: neither
// the log, which stays for whoever repairs the file, nor anything else.
func TestADamagedFileKeepsItsLog(t *testing.T) {
	s, folder := saved(t)
	if err := checkpoint(s.write); err != nil {
		t.Fatal(err)
	}
	if err := putFile(t, s, "in the log only"); err != nil {
		t.Fatal(err)
	}
	killed := t.TempDir()
	for _, name := range []string{FileName, FileName + "-wal", FileName + ".open"} {
		if err := copyFile(filepath.Join(folder, name), filepath.Join(killed, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	spoil(t, filepath.Join(killed, FileName), 3)
	before := contents(t, killed)
	if len(before["/"+FileName+"-wal"]) == 0 {
		t.Fatal("the log is empty")
	}
	for range 2 {
		if err := New(killed).Open(t.Context()); !errors.Is(err, ErrCorrupt) {
			t.Errorf("opened with %v", err)
		}
		after := contents(t, killed)
		delete(after, "/"+FileName+"-shm")
		if !maps.Equal(after, before) {
			t.Fatal("the folder was changed")
		}
	}
}

// spoil overwrites the header of a page, counted from 1, and all after it.
func spoil(t *testing.T, path string, from int) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for page := from - 1; page < len(data)/4096; page++ {
		for i := range 8 {
			data[page*4096+i] ^= 0x5a
		}
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// The copy that is kept before a migration is read through: damage that the
// migration itself would not meet, as in an index, is found while the old file is
// still there, and nothing is migrated.
func TestTheCopyBeforeAMigrationIsWhole(t *testing.T) {
	folder, _ := released(t)
	path := filepath.Join(folder, FileName)
	s := New(folder)
	db := s.openWriter(path)
	var root int
	err := db.QueryRow("SELECT rootpage FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'place' AND sql IS NOT NULL").Scan(&root)
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	data[root*4096-3] ^= 0x01 // inside the value of an entry
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.Open(t.Context()); !errors.Is(err, ErrCorrupt) {
		t.Fatalf("opened with %v", err)
	}
	if now, err := os.ReadFile(path); err != nil || string(now) != string(data) {
		t.Errorf("the file was changed, %v", err)
	}
	if copies, err := Copies(folder); err != nil || len(copies) != 0 {
		t.Errorf("kept are %v, %v", copies, err)
	}
}
