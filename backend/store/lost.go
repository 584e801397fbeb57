package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"keydesk/backend/activity"
	"keydesk/backend/fault"
)

// Faults of a data folder whose database is not the one that belongs there.
var (
	ErrLost = fault.New(fault.Unavailable, "store.lost", "The data file keydesk.db is missing, but an office was here.").
		WithHint("Nothing was changed. Put keydesk.db back and try again. For a new office choose another folder with --data.")
	ErrForeign = fault.New(fault.Unavailable, "store.foreign", "The file keydesk.db in the data folder is the database of another program.").
			WithHint("Nothing was changed. Move that file away, or choose another folder with --data.")
	ErrCopy = fault.New(fault.Invalid, "store.bad_copy", "This copy cannot be used.").
		WithHint("Nothing was changed. Choose another copy, or put keydesk.db back.")
)

// before is what the name of a kept copy has after that of the database; the
// number of the migration follows.
const before = ".before-"

// Copy is a copy of the database that was kept before a migration.
type Copy struct {
	// Name is the file's name in the data folder.
	Name string
	// Changed is when the copy was made.
	Changed time.Time
	// Migration is the number of the schema that it was made for.
	Migration int
}

// Check refuses a data folder whose database is missing or empty while what
// belongs to it is there, and one whose database is another program's or none. It
// changes nothing: SQLite itself would delete a log that lies beside such a file,
// and a first run would write over what could still help.
//
// A log file of the program is no trace of an office: a first start that failed
// leaves one. Nor is an item in the keyring, since nothing here says which
// installation it belongs to; a first run makes an item of its own beside it.
//
// Faults: ErrLost, ErrForeign, ErrCorrupt, store.unreachable.
func Check(folder string) error {
	if info, err := os.Stat(folder); err == nil && !info.IsDir() {
		return ErrUnreachable.WithMessage("%s is not a folder.", folder).WithHint("Choose the data folder with --data.")
	}
	path := filepath.Join(folder, FileName)
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return lost(folder, "is missing", func(string, fs.FileInfo) bool { return true })
	case err != nil:
		return ErrUnreachable.WithCause(err)
	case info.Size() > 0:
		return checkHead(path)
	}
	// A first start that was killed leaves an empty file with its marker and, for
	// the very first page, a journal.
	return lost(folder, "is empty", func(name string, info fs.FileInfo) bool {
		return name != FileName+".open" && name != FileName+"-journal" && info.Size() > 0
	})
}

// magic is how every file of SQLite begins.
const magic = "SQLite format 3\x00"

// checkHead refuses a file that is no database, or another program's.
func checkHead(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return unwritten(err)
	}
	defer func() { _ = file.Close() }()
	head := make([]byte, len(magic))
	if _, err := io.ReadFull(file, head); err != nil || string(head) != magic {
		return ErrCorrupt.WithCause(errors.Join(err, errors.New("the file does not begin as a database does")))
	}
	if isForeign(path) {
		return ErrForeign
	}
	return nil
}

// lost gives ErrLost with what was found if a file in the folder is the trace of
// an office.
func lost(folder, what string, counts func(name string, info fs.FileInfo) bool) error {
	names, err := traces(folder)
	if err != nil {
		return ErrUnreachable.WithCause(err)
	}
	found := []string{}
	for _, name := range names {
		if info, err := os.Lstat(filepath.Join(folder, name)); err == nil && counts(name, info) {
			found = append(found, name)
		}
	}
	if len(found) == 0 {
		return nil
	}
	refused := ErrLost.WithMessage("The data file keydesk.db %s, but an office was here: %s.", what, strings.Join(found, ", "))
	copies, err := Copies(folder)
	if err != nil || len(copies) == 0 {
		return refused
	}
	return refused.WithHint("Nothing was changed. Put keydesk.db back and try again, or restore the copy %s, which was made before an update: what was entered since is not in it. For a new office choose another folder with --data.", copies[0].Name)
}

// traces lists what lies beside a database of an office: the files of SQLite, the
// copies made before migrations, the marker of an open store and the signed head
// of activity.
func traces(folder string) ([]string, error) {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	names := []string{}
	for _, entry := range entries {
		name := entry.Name()
		if strings.HasPrefix(name, FileName) && name != FileName && name != FileName+".reserve" || name == activity.HeadFile {
			names = append(names, name)
		}
	}
	return names, nil
}

// Copies lists the copies that were kept before migrations, the newest first.
func Copies(folder string) ([]Copy, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, ErrUnreachable.WithCause(err)
	}
	copies := []Copy{}
	for _, entry := range entries {
		number, isCopy := strings.CutPrefix(entry.Name(), FileName+before)
		migration, err := strconv.Atoi(number)
		if !isCopy || err != nil || !entry.Type().IsRegular() {
			continue
		}
		info, err := entry.Info()
		if err != nil || info.Size() == 0 {
			continue
		}
		copies = append(copies, Copy{Name: entry.Name(), Changed: info.ModTime(), Migration: migration})
	}
	slices.SortFunc(copies, func(a, b Copy) int { return cmp.Compare(b.Migration, a.Migration) })
	return copies, nil
}

// RestoreCopy puts a copy of Copies in place of the database. The copy is read
// through first, and stays. What lay there (the database, if there is one, and
// its log) is not removed but moved into a new folder, whose name is returned.
// No store may be open on the folder. At a stop in the middle the database is
// missing and Check says so; the copy is still there.
//
// Faults: ErrCopy, store.disk_full, store.unreachable.
func RestoreCopy(ctx context.Context, folder, name string, now time.Time) (aside string, err error) {
	copies, err := Copies(folder)
	if err != nil {
		return "", err
	}
	if !slices.ContainsFunc(copies, func(one Copy) bool { return one.Name == name }) {
		return "", ErrCopy.WithMessage("There is no copy %s.", name)
	}
	path, next := filepath.Join(folder, FileName), filepath.Join(folder, FileName+".restoring")
	removeDatabase(next) // left by a stop in the middle
	defer removeDatabase(next)
	if err := copyFile(filepath.Join(folder, name), next); err != nil {
		return "", unwritten(err)
	}
	if err := readThrough(ctx, next); err != nil {
		return "", ErrCopy.WithMessage("The copy %s is damaged.", name).WithCause(err)
	}
	aside, err = moveAside(folder, now)
	if err != nil {
		return "", unwritten(err)
	}
	if err := os.Rename(next, path); err != nil {
		return "", unwritten(err)
	}
	return aside, unwritten(syncFolder(folder))
}

// moveAside moves the database and the files of SQLite into a new folder.
func moveAside(folder string, now time.Time) (string, error) {
	aside := fmt.Sprintf("%s.replaced-%s", FileName, now.UTC().Format("20060102-150405"))
	if err := os.Mkdir(filepath.Join(folder, aside), 0o700); err != nil {
		return "", err
	}
	// The log goes first: it must not lie beside another database than its own.
	for _, suffix := range []string{"-wal", "-shm", "-journal", ".open", ""} {
		err := os.Rename(filepath.Join(folder, FileName+suffix), filepath.Join(folder, aside, FileName+suffix))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
	}
	return aside, errors.Join(syncFolder(filepath.Join(folder, aside)), syncFolder(folder))
}

// copyFile copies a file to a new one that its owner alone can read, and waits
// until it is on the disk.
func copyFile(from, to string) error {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = source.Close() }()
	file, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, source)
	return errors.Join(err, file.Sync(), file.Close())
}

// unwritten turns an error of the file system into a fault.
func unwritten(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return ErrDiskFull.WithCause(err)
	case isReadOnlyFolder(err):
		return ErrReadOnly.WithCause(err)
	}
	return ErrUnreachable.WithCause(err)
}
