package vault_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// RULES.md, Packages: the vault is the only package with the keyring, and
// inside it only the files named after the library import it.
func TestOnlyTheVaultKnowsTheKeyring(t *testing.T) {
	seen := 0
	err := filepath.WalkDir("../..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return nil // a temporary file of another test
		}
		if name := entry.Name(); entry.IsDir() && (name == "node_modules" || name == "frontend" || strings.HasPrefix(name, ".") && len(name) > 2) {
			return fs.SkipDir
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return nil
		}
		if !strings.Contains(string(source), "\"github.com/99designs/"+"keyring\"") {
			return nil
		}
		seen++
		if dir, file := filepath.Split(path); filepath.ToSlash(filepath.Clean(dir)) != "../../backend/vault" || !strings.HasPrefix(file, "library") {
			t.Errorf("%s imports the keyring library", path)
		}
		return nil
	})
	if err != nil || seen == 0 {
		t.Fatal("found nothing; is the library still used?", err)
	}
}
