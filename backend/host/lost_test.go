package host_test

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"keydesk/backend/fault"
	"keydesk/backend/host"
	"keydesk/backend/organisation"
	"keydesk/backend/store"
)

// bytesOf gives what is in the files of a folder.
func bytesOf(t *testing.T, folder string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		all[strings.TrimPrefix(path, folder+"/")] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// killed makes an office and gives a folder as a kill leaves it: the newest
// changes are in the log of the database only.
func killed(t *testing.T) string {
	t.Helper()
	folder, copied := t.TempDir(), t.TempDir()
	h, _ := owner(t, folder)
	h.Start()
	if err := h.Opened(t.Context()); err != nil {
		t.Fatal(err)
	}
	firstRun(t, h)
	for name, text := range bytesOf(t, folder) {
		path := filepath.Join(copied, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	return copied
}

// RULES.md, Failures: with keydesk.db gone, its log and the program's log stay
// byte for byte, however often a person tries. Once the file is back the office
// opens with everything in it.
func TestTheTracesOfAMissingDatabaseStay(t *testing.T) {
	folder := killed(t)
	database, away := filepath.Join(folder, store.FileName), filepath.Join(t.TempDir(), "moved by mistake")
	if err := os.Rename(database, away); err != nil {
		t.Fatal(err)
	}
	before := bytesOf(t, folder)
	if before["keydesk.db-wal"] == "" || before["log/keydesk.log"] == "" {
		t.Fatalf("a kill leaves %v", before)
	}
	h, told := owner(t, folder)
	for range 2 {
		h.Start()
		if err := h.Opened(t.Context()); codeOf(err) != "store.lost" || !strings.Contains(fault.From(err).Message, "keydesk.db-wal") {
			t.Errorf("a missing database gave %v", err)
		}
		if err := h.Resume(t.Context()); codeOf(err) != "store.lost" {
			t.Errorf("a missing database gave %v", err)
		}
		if after := bytesOf(t, folder); !maps.Equal(after, before) {
			t.Fatal("the traces were changed")
		}
	}
	if copies := h.Copies(); len(copies) != 0 {
		t.Errorf("copies %v are offered", copies)
	}
	if err := h.Restore(t.Context(), "keydesk.db.before-6"); !errors.Is(err, host.ErrNotLost) {
		t.Errorf("restoring nothing gave %v", err)
	}
	if err := os.Rename(away, database); err != nil {
		t.Fatal(err)
	}
	h.Start()
	if err := h.Opened(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.Start() // does nothing now
	state, err := h.Ops.Organisation.State(atWindow(t), organisation.Nothing{})
	if err != nil || state.Organisation.Name != "Acme" {
		t.Errorf("%+v, %v", state, err)
	}
	tries := slices.Repeat([]host.Phase{host.Opening, host.Failed}, 4)
	told.are(t, append(tries, host.Opening, host.Open)...)
}

// A person who has nothing better restores the copy that was kept before an
// update. It is offered for a missing and for a damaged database, and what lay
// there is kept.
func TestACopyIsOfferedAndRestored(t *testing.T) {
	for what, spoil := range map[string]func(path string) error{
		"missing": os.Remove,
		"damaged": func(path string) error {
			return os.WriteFile(path, []byte(strings.Repeat("no database ", 1000)), 0o600)
		},
	} {
		t.Run(what, func(t *testing.T) {
			folder := t.TempDir()
			h, _ := owner(t, folder)
			h.Start()
			if err := h.Opened(t.Context()); err != nil {
				t.Fatal(err)
			}
			firstRun(t, h)
			if copies := h.Copies(); len(copies) != 0 {
				t.Errorf("an open office offers %v", copies)
			}
			if err := h.Release(t.Context()); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(folder, store.FileName)
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			kept := []byte("the newest changes")
			err = errors.Join(os.WriteFile(path+".before-6", data, 0o600), os.WriteFile(path+".before-5", []byte("cut"), 0o600),
				spoil(path), os.WriteFile(path+"-wal", kept, 0o600))
			if err != nil {
				t.Fatal(err)
			}
			if err := h.Resume(t.Context()); codeOf(err) != "store.lost" && codeOf(err) != "store.corrupt" {
				t.Fatalf("a %s database gave %v", what, err)
			}
			copies := h.Copies()
			if len(copies) != 2 || copies[0].Name != "keydesk.db.before-6" || copies[0].Changed.IsZero() {
				t.Fatalf("offered %v", copies)
			}
			if err := h.Restore(t.Context(), "keydesk.db.before-5"); codeOf(err) != "store.bad_copy" {
				t.Errorf("a cut copy gave %v", err)
			}
			if phase, _ := h.State(); phase != host.Failed {
				t.Errorf("then the phase is %s", phase)
			}
			if err := h.Restore(t.Context(), copies[0].Name); err != nil {
				t.Fatal(err)
			}
			state, err := h.Ops.Organisation.State(atWindow(t), organisation.Nothing{})
			if err != nil || state.Organisation.Name != "Acme" {
				t.Errorf("%+v, %v", state, err)
			}
			aside, _ := filepath.Glob(filepath.Join(folder, "keydesk.db.replaced-*", "keydesk.db-wal"))
			if len(aside) != 1 {
				t.Fatalf("kept are %v", aside)
			}
			if text, err := os.ReadFile(aside[0]); err != nil || string(text) != string(kept) {
				t.Errorf("the log was kept as %q, %v", text, err)
			}
		})
	}
}
