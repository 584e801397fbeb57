//go:build unix

package host

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// Some disks take a change of mode and keep none. Then the folder is refused.
func TestADiskThatKeepsNoModes(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "stick")
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	real := chmod
	defer func() { chmod = real }()
	for what, does := range map[string]error{"without a word": nil, "with an error": os.ErrPermission} {
		chmod = func(string, os.FileMode) error { return does }
		if changed, err := closeFolder(folder); !errors.Is(err, ErrNotPrivate) || len(changed) != 0 {
			t.Errorf("%s: %v, %v", what, changed, err)
		}
	}
}
