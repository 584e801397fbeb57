package store

import (
	"database/sql"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"keydesk/backend/fault"
)

// contents gives every file of a folder with its bytes.
func contents(t *testing.T, folder string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		all[strings.TrimPrefix(path, folder)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// put writes files into a new folder.
func put(t *testing.T, files map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	for name, text := range files {
		path := filepath.Join(folder, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// RULES.md, Failures: where the database is missing or empty and an office was
// here, opening is refused, says what was found, and changes no byte. Where no
// office was, a first run begins.
func TestAMissingDatabaseIsNoFirstRun(t *testing.T) {
	const gone = "-"
	for name, c := range map[string]struct {
		database string
		beside   map[string]string
		found    string
	}{
		"beside its log":                         {gone, map[string]string{"keydesk.db-wal": "frames", "keydesk.db-shm": "index", "log/keydesk.log": "lines"}, "keydesk.db-wal"},
		"beside an emptied log":                  {gone, map[string]string{"keydesk.db-wal": ""}, "keydesk.db-wal"},
		"beside a journal":                       {gone, map[string]string{"keydesk.db-journal": "pages"}, "keydesk.db-journal"},
		"while it was open":                      {gone, map[string]string{"keydesk.db.open": ""}, "keydesk.db.open"},
		"after a clean stop":                     {gone, map[string]string{"activity.head": "{}", "log/keydesk.log": "lines"}, "activity.head"},
		"with a copy":                            {gone, map[string]string{"keydesk.db.before-5": "copy"}, "keydesk.db.before-5"},
		"in the middle of restoring":             {gone, map[string]string{"keydesk.db.restoring": "copy"}, "keydesk.db.restoring"},
		"emptied beside its log":                 {"", map[string]string{"keydesk.db-wal": "frames", "keydesk.db.open": ""}, "keydesk.db-wal"},
		"emptied after a clean stop":             {"", map[string]string{"activity.head": "{}"}, "activity.head"},
		"emptied with a copy":                    {"", map[string]string{"keydesk.db.before-5": "copy"}, "keydesk.db.before-5"},
		"a new folder":                           {gone, nil, ""},
		"a first start that made only a log":     {gone, map[string]string{"log/keydesk.log": "lines", "window.json": "{}", "keydesk.lock": ""}, ""},
		"a first start that was killed":          {"", map[string]string{"keydesk.db.open": "", "log/keydesk.log": "lines"}, ""},
		"a first start killed at its first page": {"", map[string]string{"keydesk.db.open": "", "keydesk.db-journal": ""}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			files := map[string]string{}
			maps.Copy(files, c.beside)
			if c.database != gone {
				files["keydesk.db"] = c.database
			}
			folder := put(t, files)
			before := contents(t, folder)
			s := New(folder)
			err := s.Open(t.Context())
			if c.found == "" {
				if err != nil {
					t.Fatal(err)
				}
				if err := s.Close(); err != nil {
					t.Error(err)
				}
				return
			}
			if known := fault.From(err); !errors.Is(err, ErrLost) || !strings.Contains(known.Message, c.found) || strings.Contains(known.Message, "log/") || known.Hint == "" {
				t.Errorf("refused with %v", err)
			}
			if after := contents(t, folder); !maps.Equal(after, before) {
				t.Errorf("the folder was\n%v\nand is\n%v", before, after)
			}
		})
	}
}

// A file that is no database is refused, and the log beside it stays: it may hold
// what the file lost.
func TestTheLogOfADamagedDatabaseStays(t *testing.T) {
	for _, text := range []string{"S", "SQLite format 2", strings.Repeat("\x00", 8192)} {
		folder := put(t, map[string]string{"keydesk.db": text, "keydesk.db-wal": "frames", "keydesk.db.open": ""})
		before := contents(t, folder)
		if err := New(folder).Open(t.Context()); !errors.Is(err, ErrCorrupt) {
			t.Errorf("%.20q: %v", text, err)
		}
		if after := contents(t, folder); !maps.Equal(after, before) {
			t.Errorf("%.20q: the folder was\n%v\nand is\n%v", text, before, after)
		}
	}
}

// A database of another program is refused and not changed: not by a table of
// ours, nor by the mode of its journal.
func TestADatabaseOfAnotherProgramIsRefused(t *testing.T) {
	for what, made := range map[string]string{
		"any program":                        "CREATE TABLE notes (text TEXT)",
		"a program with the same migrations": "CREATE TABLE goose_db_version (id INTEGER PRIMARY KEY, version_id INTEGER, is_applied INTEGER, tstamp TEXT); INSERT INTO goose_db_version VALUES (1, 3, 1, ''); CREATE TABLE place (id TEXT)",
	} {
		folder := t.TempDir()
		db, err := sql.Open("sqlite3", filepath.Join(folder, FileName))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec(made); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		before := contents(t, folder)
		if err := New(folder).Open(t.Context()); !errors.Is(err, ErrForeign) {
			t.Errorf("%s: %v", what, err)
		}
		if after := contents(t, folder); !maps.Equal(after, before) {
			t.Errorf("%s: its file was changed", what)
		}
	}
}

// A copy made before a migration is put in place of a database that is missing or
// damaged. The copy stays, and what lay there is kept byte for byte.
func TestRestoreCopy(t *testing.T) {
	folder, rows := released(t)
	s := New(folder)
	if err := s.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	copies, err := Copies(folder)
	if err != nil || len(copies) != 1 {
		t.Fatalf("%v, %v", copies, err)
	}
	copied, err := os.ReadFile(filepath.Join(folder, copies[0].Name))
	if err != nil {
		t.Fatal(err)
	}
	lying := map[string]string{FileName: "damaged", FileName + "-wal": "its log", FileName + ".open": ""}
	for name, text := range lying {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	aside, err := RestoreCopy(t.Context(), folder, copies[0].Name, time.Unix(1_800_000_000, 0))
	if err != nil {
		t.Fatal(err)
	}
	after := contents(t, folder)
	for name, text := range lying {
		if after["/"+aside+"/"+name] != text {
			t.Errorf("%s was not kept", name)
		}
	}
	if after["/"+FileName] != string(copied) || after["/"+copies[0].Name] != string(copied) {
		t.Error("the copy is not in place, or is gone")
	}
	if info, err := os.Stat(filepath.Join(folder, FileName)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	db := s.openWriter(filepath.Join(folder, FileName))
	if again := everything(t, db); !reflect.DeepEqual(again, rows) {
		t.Error("the restored database has other rows")
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	s = New(folder)
	if err := s.Open(t.Context()); err != nil {
		t.Errorf("the restored database does not open: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// What is no copy, or a damaged one, is refused and nothing is changed.
func TestACopyThatCannotBeUsed(t *testing.T) {
	folder, _ := released(t)
	damaged, err := os.ReadFile(filepath.Join(folder, FileName))
	if err != nil {
		t.Fatal(err)
	}
	for i := 4096; i < len(damaged); i += 4096 {
		damaged[i] ^= 0x5a
	}
	for name, text := range map[string]string{
		"keydesk.db.before-4": string(damaged), "keydesk.db.before-3": "no database", "keydesk.db.before-2": "",
		"keydesk.db.before-x": "copy", "other.db": "other", "keydesk.db-wal": "its log",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Remove(filepath.Join(folder, FileName)); err != nil {
		t.Fatal(err)
	}
	before := contents(t, folder)
	copies, err := Copies(folder)
	if err != nil || len(copies) != 2 || copies[0].Name != "keydesk.db.before-4" {
		t.Errorf("%v, %v", copies, err)
	}
	for _, name := range []string{"keydesk.db.before-4", "keydesk.db.before-3", "keydesk.db.before-2", "keydesk.db.before-9", "keydesk.db.before-x", "other.db", "../other.db", "keydesk.db", ""} {
		if _, err := RestoreCopy(t.Context(), folder, name, time.Now()); !errors.Is(err, ErrCopy) {
			t.Errorf("%q: %v", name, err)
		}
	}
	if after := contents(t, folder); !maps.Equal(after, before) {
		t.Error("the folder was changed")
	}
}
