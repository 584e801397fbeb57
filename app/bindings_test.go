package app

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// RULES.md, Doors: what the page calls is generated, committed and up to date.
// Generating runs main, needs no display and opens nothing.
func TestTheCommittedBindingsAreUpToDate(t *testing.T) {
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	work := t.TempDir()
	generator := filepath.Join(work, "generator")
	build := exec.Command("go", "build", "-tags", "bindings", "-o", generator, ".")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	project, err := os.ReadFile(filepath.Join(root, "wails.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(work, "wails.json"), project, 0o600); err != nil {
		t.Fatal(err)
	}
	generate := exec.Command(generator)
	generate.Dir = work
	generate.Env = []string{"HOME=" + filepath.Join(work, "home"), "DBUS_SESSION_BUS_ADDRESS=unix:path=/nowhere"}
	if out, err := generate.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if _, err := os.Stat(filepath.Join(work, "home")); err == nil {
		t.Error("generating opened a data folder")
	}
	fresh, committed := files(t, filepath.Join(work, "frontend/wailsjs")), files(t, filepath.Join(root, "frontend/wailsjs"))
	for name, content := range fresh {
		if committed[name] != content {
			t.Errorf("frontend/wailsjs/%s is not up to date; run: make generate", name)
		}
	}
	for name := range committed {
		if _, ok := fresh[name]; !ok {
			t.Errorf("frontend/wailsjs/%s is no longer generated; run: make generate", name)
		}
	}
	if len(fresh) == 0 {
		t.Error("nothing was generated")
	}
}

func files(t *testing.T, root string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		found[name] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
