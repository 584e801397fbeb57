package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"time"
)

// Names of databases that are kept beside the one in use: copies made before
// migrations, and the folders of those that a restored copy took the place of.
var (
	copyName     = regexp.MustCompile(`^` + regexp.QuoteMeta(FileName+before) + `\d+$`)
	replacedName = regexp.MustCompile(`^` + regexp.QuoteMeta(FileName) + `\.replaced-\d{8}-\d{6}$`)
)

// RemoveCopies removes every other database of the data folder and counts them.
// They hold what was erased or sealed again in the one in use.
func (s *Store) RemoveCopies() (int, error) {
	return s.removeKept(func(entry os.DirEntry) (bool, error) {
		return copyName.MatchString(entry.Name()) || replacedName.MatchString(entry.Name()), nil
	})
}

// RemoveOldCopies removes the copies that were made before a moment, ahead of a
// migration, and counts them.
func (s *Store) RemoveOldCopies(made time.Time) (int, error) {
	return s.removeKept(func(entry os.DirEntry) (bool, error) {
		if !copyName.MatchString(entry.Name()) {
			return false, nil
		}
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return false, nil
		}
		return err == nil && info.ModTime().Before(made), err
	})
}

func (s *Store) removeKept(goes func(entry os.DirEntry) (bool, error)) (int, error) {
	folder := filepath.Dir(s.path)
	entries, err := os.ReadDir(folder)
	if err != nil {
		return 0, err
	}
	count := 0
	for _, entry := range entries {
		remove, err := goes(entry)
		if err != nil {
			return count, err
		}
		if !remove {
			continue
		}
		path := filepath.Join(folder, entry.Name())
		if replacedName.MatchString(entry.Name()) {
			err = os.RemoveAll(path)
		} else {
			removeDatabase(path)
		}
		if _, left := os.Lstat(path); err != nil || !errors.Is(left, fs.ErrNotExist) {
			return count, fmt.Errorf("%s could not be removed: %w", entry.Name(), errors.Join(err, left))
		}
		count++
	}
	if count == 0 {
		return 0, nil
	}
	return count, syncFolder(folder)
}
