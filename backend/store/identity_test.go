package store

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"testing"
)

// saved opens a store in a new folder and saves something.
func saved(t *testing.T) (*Store, string) {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "office")
	s := New(folder)
	if err := s.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := putFile(t, s, "before"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.ProviderFiles(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s, folder
}

func putFile(t *testing.T, s *Store, text string) error {
	t.Helper()
	return s.InTx(t.Context(), func(ctx context.Context) error {
		return s.PutProviderFile(ctx, "acme", text, 1, 1)
	})
}

// kept opens the folder again and gives what is saved in it.
func kept(t *testing.T, folder string) string {
	t.Helper()
	s := New(folder)
	if err := s.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	files, err := s.ProviderFiles(t.Context())
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	return files["acme"]
}

// RULES.md, Failures: while the database is not in its place nothing is saved,
// and that is said. Once it is back, saving goes on; every save that was
// acknowledged is there.
func TestADatabaseThatIsMovedAwayAndBack(t *testing.T) {
	for what, parts := range map[string][]string{
		"the folder":          {""},
		"the database":        {"/keydesk.db"},
		"the log":             {"/keydesk.db-wal"},
		"all files of SQLite": {"/keydesk.db", "/keydesk.db-wal", "/keydesk.db-shm"},
	} {
		t.Run(what, func(t *testing.T) {
			s, folder := saved(t)
			away := t.TempDir()
			move := func(from, to string) {
				for _, part := range parts {
					if err := os.Rename(from+part, to+part); err != nil {
						t.Fatal(err)
					}
				}
			}
			to := away
			if parts[0] == "" {
				to = filepath.Join(away, "office")
			}
			move(folder, to)
			if err := putFile(t, s, "lost"); !errors.Is(err, ErrMoved) {
				t.Errorf("a save gave %v", err)
			}
			if reads, err := s.ProviderFiles(t.Context()); err != nil || reads["acme"] != "before" {
				t.Errorf("a connection that is open reads %v, %v", reads, err)
			}
			s.read.SetMaxIdleConns(0) // the next read opens another connection
			if reads, err := s.ProviderFiles(t.Context()); !errors.Is(err, ErrMoved) {
				t.Errorf("a new connection reads %v, %v", reads, err)
			}
			move(to, folder)
			if err := putFile(t, s, "after"); err != nil {
				t.Errorf("once it is back: %v", err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			if text := kept(t, folder); text != "after" {
				t.Errorf("kept is %q", text)
			}
		})
	}
}

// Another database in its place is neither written to nor closed over: what lies
// there stays as it is, its log included.
func TestADatabaseThatIsReplaced(t *testing.T) {
	other, source := saved(t)
	if err := putFile(t, other, "of the other"); err != nil {
		t.Fatal(err)
	}
	for what, names := range map[string][]string{
		"the database":             {FileName},
		"the database and its log": {FileName, FileName + "-wal"},
	} {
		s, folder := saved(t)
		for _, name := range names {
			if err := copyFile(filepath.Join(source, name), filepath.Join(folder, "new")); err != nil {
				t.Fatal(err)
			}
			if err := os.Rename(filepath.Join(folder, "new"), filepath.Join(folder, name)); err != nil {
				t.Fatal(err)
			}
		}
		before := contents(t, folder)
		if err := putFile(t, s, "lost"); !errors.Is(err, ErrMoved) {
			t.Errorf("%s: a save gave %v", what, err)
		}
		if err := s.Close(); !errors.Is(err, ErrMoved) {
			t.Errorf("%s: closing gave %v", what, err)
		}
		after := contents(t, folder)
		delete(before, "/"+FileName+"-shm")
		delete(after, "/"+FileName+"-shm")
		if !maps.Equal(after, before) {
			t.Errorf("%s: what lay there was changed", what)
		}
	}
	if err := other.Close(); err != nil {
		t.Error(err)
	}
}

// A deleted database is said too; nothing makes a new one in its place.
func TestADatabaseThatIsDeleted(t *testing.T) {
	s, folder := saved(t)
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	if err := putFile(t, s, "lost"); !errors.Is(err, ErrMoved) {
		t.Errorf("a save gave %v", err)
	}
	if err := s.Close(); !errors.Is(err, ErrMoved) {
		t.Errorf("closing gave %v", err)
	}
	if _, err := os.Stat(folder); !os.IsNotExist(err) {
		t.Errorf("the folder is there again: %v", err)
	}
}
