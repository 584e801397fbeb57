package main

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"keydesk/backend"
	"keydesk/backend/host"
	"keydesk/backend/organisation"
	"keydesk/backend/store"
)

// check examines a folder in this process, with another clock and disk.
func check(t *testing.T, folder string, change func(*doctor)) report {
	t.Helper()
	d := &doctor{folder: folder, now: time.Now(), free: func(string) (uint64, error) { return 1 << 40, nil }}
	if change != nil {
		change(d)
	}
	d.examine(t.Context())
	return d.report
}

// tree lists a folder with what a change of a file would change.
func tree(t *testing.T, folder string) (list []string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		list = append(list, fmt.Sprint(path, info.Mode(), info.Size(), info.ModTime().UnixNano()))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// RULES.md, Without a window: doctor finds nothing wrong with an office that is
// well, names every check, and changes nothing, also beside keydeskd that has the
// data open.
func TestDoctorOfAHealthyOffice(t *testing.T) {
	t.Parallel()
	folder := makeOffice(t, passphrase)
	before := tree(t, folder)
	found, code := examine(t, folder)
	if after := tree(t, folder); !slices.Equal(before, after) {
		t.Errorf("it changed the folder:\n%s\n%s", before, after)
	}
	names := []string{}
	for _, one := range found.Checks {
		names = append(names, one.Name)
		if one.Result != isOK || one.Message == "" || one.Hint != "" {
			t.Errorf("%+v", one)
		}
		if titles[one.Name] == "" {
			t.Errorf("%s has no title", one.Name)
		}
	}
	if want := []string{"folder", "owner", "database", "schema", "log", "data_key", "local_api", "disk", "clock"}; !slices.Equal(names, want) {
		t.Errorf("%v", names)
	}
	if code != exitOK || found.DataFolder != folder || found.Version != "1.2.3" || found.Owner != nil || found.Problems+found.Warnings != 0 {
		t.Errorf("%d %+v", code, found)
	}
	p := serve(t, folder)
	p.waitFor("READY=1")
	found, code = examine(t, folder)
	if code != exitOK || found.Owner == nil || found.Owner.PID != p.cmd.Process.Pid || found.Owner.Program != host.Keydeskd {
		t.Errorf("%d %+v", code, found)
	}
	if p.stop() != exitOK {
		t.Errorf("doctor disturbed it:\n%s", p.out)
	}
}

// What doctor finds wrong, it says with what to do, and a problem is an exit code.
func TestDoctorFinds(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		harm   func(folder string) error
		change func(*doctor)
		check  string
		want   result
		says   string
	}{
		"a folder for others": {func(folder string) error { return os.Chmod(folder, 0o755) }, nil, "folder", isProblem, "can be read by other users"},
		"a file in place of the folder": {func(folder string) error {
			return errors.Join(os.RemoveAll(folder), os.WriteFile(folder, nil, 0o600))
		}, nil, "folder", isProblem, "is not a folder"},
		"no office":                 {func(folder string) error { return errors.Join(os.RemoveAll(folder), os.Mkdir(folder, 0o700)) }, nil, "database", isProblem, "no office"},
		"an office that is missing": {func(folder string) error { return os.Remove(filepath.Join(folder, store.FileName)) }, nil, "database", isProblem, "is missing, but an office was here"},
		"a newer version": {func(folder string) error {
			db, err := sql.Open("sqlite3", filepath.Join(folder, store.FileName))
			if err != nil {
				return err
			}
			_, err = db.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)")
			return errors.Join(err, db.Close())
		}, nil, "schema", isProblem, "newer"},
		"a full disk":            {nil, func(d *doctor) { d.free = func(string) (uint64, error) { return 10 << 20, nil } }, "disk", isProblem, "Only 10 MB"},
		"a narrow disk":          {nil, func(d *doctor) { d.free = func(string) (uint64, error) { return 100 << 20, nil } }, "disk", isWarning, "Only 100 MB"},
		"a disk without an end":  {nil, func(d *doctor) { d.free = func(string) (uint64, error) { return 0, errors.New("no") } }, "disk", isSkipped, "cannot be read"},
		"a clock of long ago":    {nil, func(d *doctor) { d.now = time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC) }, "clock", isProblem, "before this program was made"},
		"a clock that went back": {nil, func(d *doctor) { d.now = d.now.Add(-time.Hour) }, "clock", isProblem, "last wrote"},
		"a large log": {func(folder string) error {
			file, err := os.Create(filepath.Join(folder, store.FileName+"-wal"))
			if err != nil {
				return err
			}
			return errors.Join(file.Truncate(largeLog+1), file.Chmod(0o600), file.Close())
		}, nil, "log", isWarning, "has grown to 256 MB"},
	} {
		t.Run(name, func(t *testing.T) {
			folder := makeOffice(t, passphrase)
			if c.harm != nil {
				if err := c.harm(folder); err != nil {
					t.Fatal(err)
				}
			}
			found := check(t, folder, c.change)
			one := found.of(t, c.check)
			if one.Result != c.want || !strings.Contains(one.Message, c.says) || (one.Hint == "") != (c.want == isSkipped) {
				t.Errorf("%+v", one)
			}
			if (found.Problems > 0) != (c.want == isProblem) {
				t.Errorf("%d problems: %+v", found.Problems, found)
			}
		})
	}
}

// The port of the local API: off, free, taken by another program, open in the
// program that has the data, and not open there although it should be.
func TestDoctorOfTheLocalAPI(t *testing.T) {
	t.Parallel()
	folder := makeOffice(t, passphrase)
	says := func(want result, text string) {
		t.Helper()
		found, code := examine(t, folder)
		one := found.of(t, "local_api")
		if one.Result != want || !strings.Contains(one.Message, text) || (code == exitProblems) != (want == isProblem) || (one.Hint == "") != (want == isOK) {
			t.Errorf("%d %+v", code, one)
		}
	}
	says(isOK, "It is off.")
	other, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	port := other.Addr().(*net.TCPAddr).Port
	signedIn(t, folder, func(ops backend.Ops) {
		_, err := ops.Organisation.SaveLocalAPI(atWindow(t.Context()), organisation.SaveLocalAPIInput{
			Settings: organisation.LocalAPI{On: true, Port: port, PerMinute: 600},
		})
		if err != nil {
			t.Fatal(err)
		}
	})
	says(isProblem, fmt.Sprintf("(process %d) uses port %d.", os.Getpid(), port))
	other.Close()
	says(isOK, fmt.Sprintf("Port %d is free.", port))
	// It is free afterwards too.
	again, err := net.Listen("tcp", other.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	_ = again.Close()
	// This program has the data open, and no door.
	window := launch(t, []string{partVariable + "=window"}, nil, os.Args[0], folder)
	window.waitFor("has the data")
	says(isWarning, fmt.Sprintf("Port %d is free, but Keydesk's window should answer there.", port))
	if code := window.stop(); code != 0 {
		t.Errorf("%d\n%s", code, window.out)
	}
	socket := filepath.Join(t.TempDir(), "door")
	daemon := launch(t, []string{partVariable + "=door", doorVariable + "=" + socket, passphraseVariable + "=" + passphrase}, nil,
		os.Args[0], "serve", "--data", folder, "--passphrase-from-env")
	daemon.waitFor("READY=1")
	says(isOK, "keydeskd answers at "+doorSays)
	if code := daemon.stop(); code != exitOK {
		t.Errorf("%d\n%s", code, daemon.out)
	}
}

// For a person doctor prints a line for each check, its hint below, and the sum.
func TestDoctorIsReadable(t *testing.T) {
	t.Parallel()
	folder := makeOffice(t, passphrase)
	if err := os.Chmod(filepath.Join(folder, store.FileName), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(built, "doctor", "--data", folder)
	var out bytes.Buffer
	cmd.Stdout = &out
	if err := cmd.Run(); cmd.ProcessState.ExitCode() != exitProblems {
		t.Fatal(err)
	}
	for _, line := range []string{folder + "\n", "\nproblem  Data folder  ", "\n                      Others may have read", "\nok       Data key     It is kept under a passphrase", "\nProblems: 1. Warnings: 0.\n"} {
		if !strings.Contains(out.String(), line) {
			t.Errorf("no %q in\n%s", line, &out)
		}
	}
}
