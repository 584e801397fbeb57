//go:build unix

package host_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"keydesk/backend"
	"keydesk/backend/fault"
	"keydesk/backend/host"
	"keydesk/backend/store"
)

// openHost opens a host on a folder, closes it again, and gives what it logged
// and how the opening ended.
func openHost(t *testing.T, folder string) (log string, failure error) {
	t.Helper()
	var told bytes.Buffer
	h := host.New(host.Options{Folder: folder, Version: "test", Log: host.NewLogFile(&told),
		Make: func() host.Backend { return backend.New(backend.Options{Folder: folder, Version: "test", Hash: cheap}) }})
	h.Start()
	failure = h.Opened(t.Context())
	if err := h.Close(t.Context()); err != nil {
		t.Error(err)
	}
	return told.String(), failure
}

// everyFile lists a folder and what is in it.
func everyFile(t *testing.T, folder string) []string {
	t.Helper()
	var paths []string
	err := filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
		paths = append(paths, path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

// RULES.md, Storage: whatever modes the data folder and Keydesk's files in it
// came with, once it is open its owner alone can read them, and the log says
// what was open to others. Other files stay as they are.
func TestWiderModesArePutRight(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "came with a copy")
	if _, err := openHost(t, folder); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"keydesk.db.before-3", "keydesk.db.open", "log/keydesk.log.1", "activity.head", "activity.head.other", "window.json", "keydesk.db-shm"} {
		if err := os.WriteFile(filepath.Join(folder, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	others := filepath.Join(folder, "logbook of the person.txt")
	if err := os.WriteFile(others, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	was := map[string]fs.FileMode{}
	for _, path := range everyFile(t, folder) {
		mode := fs.FileMode(0o644)
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			mode = 0o755
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		was[path] = mode
	}
	var told bytes.Buffer
	h := host.New(host.Options{Folder: folder, Version: "test", Log: host.NewLogFile(&told),
		Make: func() host.Backend { return backend.New(backend.Options{Folder: folder, Version: "test", Hash: cheap}) }})
	h.Start()
	if err := h.Opened(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := h.Close(t.Context()); err != nil {
			t.Error(err)
		}
	}()
	kept, err := os.ReadFile(filepath.Join(folder, "log", "keydesk.log"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range everyFile(t, folder) {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		want := fs.FileMode(0o600)
		switch {
		case path == others:
			want = 0o644
		case info.IsDir():
			want = 0o700
		}
		if info.Mode().Perm() != want {
			t.Errorf("%s is %v, want %v", path, info.Mode(), want)
		}
		line := fmt.Sprintf(`path="%s" mode=%#o`, path, was[path])
		if open, said := was[path] != 0 && path != others, strings.Contains(string(kept), line); open != said {
			t.Errorf("%s was open to others: %v; the log says so: %v", path, open, said)
		}
	}
}

// A folder through which another name leads is opened, and what it leads to is
// made private.
func TestALinkedFolderIsMadePrivateToo(t *testing.T) {
	real := filepath.Join(t.TempDir(), "real")
	if err := os.Mkdir(real, 0o777); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(real, link); err != nil {
		t.Fatal(err)
	}
	if _, err := openHost(t, link); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(real); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

// While a folder was open to others, somebody could have put a link in place of
// a file. It is refused, and what it leads to is neither written nor changed.
func TestALinkInPlaceOfAFileIsRefused(t *testing.T) {
	for _, name := range []string{"keydesk.db", "keydesk.db-wal", "keydesk.lock", "log", "log/keydesk.log", "activity.head.new"} {
		folder, target := t.TempDir(), filepath.Join(t.TempDir(), "somebody's file")
		if err := os.WriteFile(target, []byte("theirs"), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(filepath.Dir(filepath.Join(folder, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(target, filepath.Join(folder, name)); err != nil {
			t.Fatal(err)
		}
		_, err := openHost(t, folder)
		if known := fault.From(err); known.Code != "keydesk.linked" || !strings.Contains(known.Message, name) || known.Hint == "" {
			t.Errorf("%s: %v", name, err)
		}
		info, err := os.Stat(target)
		if text, _ := os.ReadFile(target); err != nil || info.Mode().Perm() != 0o644 || string(text) != "theirs" {
			t.Errorf("%s: the target is %v and holds %q", name, info.Mode(), text)
		}
	}
}

// What belongs to another user is refused in words: its owner could open it
// again. The superuser can make such a file, another user has the system's.
func TestAnotherUsersFolderIsRefused(t *testing.T) {
	refused := func(folder, says string) {
		t.Helper()
		before, err := os.ReadDir(folder)
		if err != nil {
			t.Fatal(err)
		}
		_, err = openHost(t, folder)
		if known := fault.From(err); known.Code != "keydesk.not_yours" || !strings.HasPrefix(known.Message, says) || known.Hint == "" {
			t.Errorf("%s: %v", folder, err)
		}
		after, err := os.ReadDir(folder)
		if err != nil || len(after) > len(before)+1 { // the lock
			t.Errorf("%s holds %v, %v", folder, after, err)
		}
	}
	if os.Geteuid() != 0 {
		refused("/usr", "The data folder ")
		return
	}
	folder, inside := t.TempDir(), t.TempDir()
	if err := os.Chown(folder, 12345, 12345); err != nil {
		t.Fatal(err)
	}
	refused(folder, "The data folder ")
	path := filepath.Join(inside, store.FileName)
	if err := errors.Join(os.WriteFile(path, []byte("x"), 0o600), os.Chown(path, 12345, 12345)); err != nil {
		t.Fatal(err)
	}
	refused(inside, "The file keydesk.db ")
}

// On a read-only disk the modes cannot be put right, and the refusal says that.
// (A mount, since the superuser may write everywhere else.)
func TestWiderModesOnAReadOnlyDisk(t *testing.T) {
	if folder := os.Getenv("KEYDESK_READONLY"); folder != "" {
		h := host.New(host.Options{Folder: folder, Log: host.NewLogFile(io.Discard),
			Make: func() host.Backend { return backend.New(backend.Options{Folder: folder, Hash: cheap}) }})
		h.Start()
		if err := h.Opened(t.Context()); codeOf(err) != "store.read_only" {
			t.Errorf("a read-only folder gave %v", err)
		}
		return
	}
	disk := t.TempDir()
	script := fmt.Sprintf("mount -t tmpfs -o size=1m,mode=755 tmpfs %[1]s && mount -o remount,ro %[1]s && KEYDESK_READONLY=%[1]s exec %[2]s -test.run=^TestWiderModesOnAReadOnlyDisk$ -test.count=1", disk, os.Args[0])
	if out, err := exec.Command("unshare", "-rm", "sh", "-c", script).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}
