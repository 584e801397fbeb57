package host

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheLogFileIsItsOwnersAndIsSetAsideWhenFull(t *testing.T) {
	dir := t.TempDir()
	var stderr bytes.Buffer
	l := NewLogFile(&stderr)
	l.limit = 100
	if _, err := l.Write([]byte("before\n")); err != nil {
		t.Fatal(err)
	}
	if err := l.open(dir); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		_, _ = l.Write([]byte(strings.Repeat("x", 59) + "\n"))
	}
	if err := l.close(); err != nil {
		t.Fatal(err)
	}
	_, _ = l.Write([]byte("after\n"))
	for _, name := range []string{"keydesk.log", "keydesk.log.1"} {
		info, err := os.Stat(filepath.Join(dir, "log", name))
		if err != nil {
			t.Fatal(err)
		}
		if info.Size() > 100 || info.Size() == 0 {
			t.Errorf("%s has %d bytes", name, info.Size())
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", name, info.Mode())
		}
	}
	if got := stderr.String(); !strings.HasPrefix(got, "before\n") || !strings.HasSuffix(got, "after\n") {
		t.Errorf("stderr got %q", got)
	}
	info, err := os.Stat(filepath.Join(dir, "log"))
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("log folder: %v, %v", info.Mode(), err)
	}
}

func TestALogThatCannotBeOpenedIsSaidAndDoesNotStopWriting(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "log"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	l := NewLogFile(&stderr)
	if err := l.open(dir); err == nil {
		t.Error("a file in the folder's place went unnoticed")
	}
	if _, err := l.Write([]byte("line\n")); err != nil || stderr.String() != "line\n" {
		t.Errorf("%v %q", err, &stderr)
	}
}
