package store

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// RULES.md, Failures: on a full disk a first opening is refused at once; an
// office opens for reading and for a sign-in, also after a kill, and goes on once
// there is room. It needs a disk of its own: a mount in a namespace.
func TestOpenOnAFullDisk(t *testing.T) {
	if disk := os.Getenv("KEYDESK_FULL"); disk != "" {
		free, err := strconv.ParseInt(os.Getenv("KEYDESK_FREE"), 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		openFull(t, disk, os.Getenv("KEYDESK_STATE"), free)
		return
	}
	disk := t.TempDir()
	for _, state := range []string{"new", "closed", "killed"} {
		for _, free := range []int64{0, 12 << 10, 32 << 10, 300_000} {
			t.Run(fmt.Sprintf("%s, %d bytes free", state, free), func(t *testing.T) {
				script := fmt.Sprintf("mount -t tmpfs -o size=5m tmpfs %[1]s && KEYDESK_FULL=%[1]s KEYDESK_STATE=%[2]s KEYDESK_FREE=%[3]d exec %[4]s -test.run=^TestOpenOnAFullDisk$ -test.count=1", disk, state, free, os.Args[0])
				if out, err := exec.Command("unshare", "-rm", "sh", "-c", script).CombinedOutput(); err != nil {
					t.Fatalf("%v\n%s", err, out)
				}
			})
		}
	}
}

// openFull puts an office in a state onto a disk, fills the disk but for some
// bytes, and opens the office.
func openFull(t *testing.T, disk, state string, free int64) {
	folder := filepath.Join(disk, "office")
	s := New(folder)
	if state != "new" {
		if err := s.Open(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := putFile(t, s, "before"); err != nil {
			t.Fatal(err)
		}
		names := []string{FileName, FileName + "-wal", FileName + ".open", FileName + ".reserve"}
		for _, name := range names {
			if err := copyFile(filepath.Join(folder, name), filepath.Join(disk, name)); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			var err error
			if state == "killed" {
				err = os.Rename(filepath.Join(disk, name), filepath.Join(folder, name))
			} else {
				err = os.Remove(filepath.Join(disk, name))
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	} else if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	filler := filepath.Join(disk, "filler")
	file, err := os.Create(filler)
	if err != nil {
		t.Fatal(err)
	}
	size := int64(0)
	for page := make([]byte, 4096); err == nil; size += 4096 {
		_, err = file.Write(page)
	}
	if err := errors.Join(file.Truncate(max(0, size-4096-free)), file.Close()); err != nil {
		t.Fatal(err)
	}

	began := time.Now()
	s = New(folder)
	err = s.Open(t.Context())
	if took := time.Since(began); took > time.Second {
		t.Errorf("it took %v", took)
	}
	if state == "new" {
		if !errors.Is(err, ErrDiskFull) {
			t.Errorf("a first opening gave %v", err)
		}
		if err := os.Remove(filler); err != nil {
			t.Fatal(err)
		}
		if err := s.Open(t.Context()); err != nil {
			t.Errorf("with room: %v", err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		return
	}
	if err != nil {
		t.Fatalf("opening gave %v", err)
	}
	if files, err := s.ProviderFiles(t.Context()); err != nil || files["acme"] != "before" {
		t.Errorf("it reads %v, %v", files, err)
	}
	if err := putFile(t, s, "as small as a sign-in"); err != nil {
		t.Errorf("a small save gave %v", err)
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	if err := putFile(t, s, "after"); err != nil {
		t.Errorf("with room: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if text := kept(t, folder); text != "after" {
		t.Errorf("kept is %q", text)
	}
	if info, err := os.Stat(filepath.Join(folder, FileName+".reserve")); err != nil || info.Size() != reserveBytes || info.Mode().Perm() != 0o600 {
		t.Errorf("the reserve is %v, %v", info, err)
	}
}
