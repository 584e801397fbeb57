package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/gofrs/flock"

	"keydesk/backend/fault"
	"keydesk/backend/send"
)

var errList = fault.New(fault.Unavailable, "send.list", "The list of rows cannot be written.").
	WithHint("Choose another place with --failed and --unclear, and run the same command again: it writes the lists and sends nothing.")

// files are where a run keeps what it does; "" for what is not kept.
type files struct{ progress, failed, unclear string }

// filesOf names the files: beside the input, or in the folder in which the command
// runs, where it came through a pipe and has no name.
func (s *sending) filesOf() (files, error) {
	if len(s.Field) > 0 {
		return files{progress: s.Progress}, nil
	}
	name := "keydesk-send-" + s.table.Digest[:8]
	if info, err := os.Stat(s.File); s.fromFile() && err == nil && info.Mode().IsRegular() { // a pipe has no place of its own
		name = s.File
	}
	stem := strings.TrimSuffix(name, filepath.Ext(name)) + "." + s.mode
	named := files{progress: name + "." + s.mode + ".progress", failed: stem + ".failed" + s.table.Extension(), unclear: stem + ".unclear" + s.table.Extension()}
	for _, one := range []struct {
		into  *string
		given string
	}{{&named.progress, s.Progress}, {&named.failed, s.Failed}, {&named.unclear, s.Unclear}} {
		if one.given != "" {
			*one.into = one.given
		}
	}
	seen := map[string]bool{filepath.Clean(s.File): s.fromFile()}
	for _, path := range []string{named.progress, named.failed, named.unclear} {
		if seen[filepath.Clean(path)] {
			return files{}, errInput.WithMessage("%s is named for two things.", path)
		}
		seen[filepath.Clean(path)] = true
	}
	return named, nil
}

// lock keeps a second run from the same progress. The system gives the lock back
// when a program is killed.
func (f files) lock() (unlock func(), err error) {
	if f.progress == "" {
		return func() {}, nil
	}
	path := f.progress + ".lock"
	lock := flock.New(path, flock.SetPermissions(0o600))
	held, err := lock.TryLock()
	if err != nil {
		return nil, send.ErrProgress.WithMessage("%s cannot be made: %s.", path, causeOf(err)).WithCause(err)
	}
	// Another run may have removed the file between the opening and the lock.
	mine, _ := lock.Stat()
	if there, err := os.Stat(path); !held || err != nil || !os.SameFile(mine, there) {
		_ = lock.Close()
		return nil, errBusy
	}
	return func() {
		_ = os.Remove(path)
		_ = lock.Unlock()
	}, nil
}

// write writes some rows as a file that can be sent by itself, and returns its path.
// A file that is there and that this run did not write may have been corrected by a
// person, so it stays, and the new one gets a number.
func (f files) write(progress *send.Progress, path string, table *send.Table, rows []send.Trouble) (string, error) {
	if path == "" || len(rows) == 0 {
		return "", nil
	}
	numbers := make([]int, len(rows))
	for i, row := range rows {
		numbers[i] = row.Number
	}
	content := table.Only(numbers)
	first := path
	for n := 2; ; n++ {
		there, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			break
		}
		if err == nil && (progress.Wrote(path, digest(there)) || digest(there) == digest(content)) {
			break
		}
		extension := filepath.Ext(first)
		path = fmt.Sprintf("%s-%d%s", strings.TrimSuffix(first, extension), n, extension)
	}
	if err := replaceFile(path, content); err != nil {
		return "", errList.WithMessage("%s cannot be written: %s.", path, causeOf(err)).WithCause(err)
	}
	return path, progress.NoteFile(path, digest(content))
}

func digest(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// replaceFile writes a file whole or not at all. It holds data of persons, so it is
// for its owner alone.
func replaceFile(path string, content []byte) error {
	file, err := os.CreateTemp(filepath.Dir(path), ".keydesk-send-*") // 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(file.Name()) }()
	_, err = file.Write(content)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}
