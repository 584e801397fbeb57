package store

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// keptFiles puts files and folders that were kept, and some that only look like
// them, beside a database. The copies 3 and 12 are a week and two months old.
func keptFiles(t *testing.T, now time.Time) *Store {
	t.Helper()
	folder := t.TempDir()
	for _, name := range []string{
		"keydesk.db", "keydesk.db.before-3", "keydesk.db.before-3-wal", "keydesk.db.before-12", "keydesk.db.before-my-trip",
		"my-keydesk.db.before-3", "keydesk.db.before-3.old", "keydesk.db.replaced-20260301-090000/keydesk.db", "keydesk.db.replaced-by-me/keydesk.db",
	} {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("kept"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, now, now.AddDate(-1, 0, 0)); err != nil {
			t.Fatal(err)
		}
	}
	for number, age := range map[string]int{"3": -7, "12": -60} {
		if err := os.Chtimes(filepath.Join(folder, "keydesk.db.before-"+number), now, now.AddDate(0, 0, age)); err != nil {
			t.Fatal(err)
		}
	}
	return New(folder)
}

func (s *Store) besides(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(s.path))
	if err != nil {
		t.Fatal(err)
	}
	names := []string{}
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

// Where other databases must go, all that Keydesk made are removed with their
// logs, and what only looks like them is left alone.
func TestEveryOtherDatabaseIsRemoved(t *testing.T) {
	s := keptFiles(t, time.Now())
	count, err := s.RemoveCopies()
	if err != nil || count != 3 {
		t.Errorf("%d removed, %v", count, err)
	}
	if left := s.besides(t); !slices.Equal(left, []string{"keydesk.db", "keydesk.db.before-3.old", "keydesk.db.before-my-trip", "keydesk.db.replaced-by-me", "my-keydesk.db.before-3"}) {
		t.Errorf("left: %v", left)
	}
	if count, err := s.RemoveCopies(); err != nil || count != 0 {
		t.Errorf("again: %d, %v", count, err)
	}
}

// By age only copies of migrations go.
func TestOldCopiesAreRemoved(t *testing.T) {
	now := time.Now()
	s := keptFiles(t, now)
	before := s.besides(t)
	count, err := s.RemoveOldCopies(now.AddDate(0, 0, -30))
	if err != nil || count != 1 {
		t.Errorf("%d removed, %v", count, err)
	}
	want := slices.DeleteFunc(slices.Clone(before), func(name string) bool { return name == "keydesk.db.before-12" })
	if left := s.besides(t); !slices.Equal(left, want) {
		t.Errorf("left: %v", left)
	}
}

// What cannot be removed is an error: it must not be taken for gone.
func TestCopyThatCannotBeRemoved(t *testing.T) {
	s := keptFiles(t, time.Now())
	stuck := filepath.Join(filepath.Dir(s.path), "keydesk.db.before-7", "not empty")
	if err := os.MkdirAll(stuck, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := s.RemoveCopies(); err == nil {
		t.Error("it says nothing")
	}
}
