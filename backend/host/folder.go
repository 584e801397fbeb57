package host

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"keydesk/backend/activity"
	"keydesk/backend/fault"
	"keydesk/backend/store"
)

// ErrInUse is returned when another Keydesk owns the data folder.
var ErrInUse = fault.New(fault.Unavailable, "keydesk.in_use", "Keydesk is already open with this data.").
	WithHint("Go to the window that is open, or close it first. If it is keydeskd, end that.")

// lockName is the file whose lock says who owns the data folder.
const lockName = "keydesk.lock"

// lockRetry is how often Resume checks whether the folder is free.
const lockRetry = 50 * time.Millisecond

// DefaultFolder is the default data folder under a name (XDG Base Directory
// Specification).
func DefaultFolder(name string) string {
	if home := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(home) {
		return filepath.Join(home, name)
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return name
	}
	return filepath.Join(home, ".local", "share", name)
}

// folder is the data folder with its lock and its log file.
type folder struct {
	path string
	log  *LogFile
	lock *flock.Flock // nil while we do not hold it
	// answer answers a connection to control.sock; nil makes none.
	answer  func(*net.UnixConn)
	control *net.UnixListener // nil while there is none
	socket  os.FileInfo       // of control.sock
}

// take makes the folder, takes its lock and opens the log file. Whatever modes
// folder and files came with, afterwards their owner alone can read them. It may
// wait for the lock until ctx ends. With the lock held, and before anything else
// is written, it runs first.
//
// Faults: keydesk.in_use, store.unreachable, store.read_only, ErrNotYours,
// ErrLinked, ErrNotPrivate, those of first.
func (f *folder) take(ctx context.Context, wait bool, first func() error) error {
	if err := os.MkdirAll(f.path, 0o700); err != nil {
		return store.ErrUnreachable.WithMessage("The data folder %s cannot be made.", f.path).WithCause(err)
	}
	closed, err := closeFolder(f.path)
	if err != nil {
		return err
	}
	if err := f.takeLock(ctx, wait); err != nil {
		return err
	}
	f.listen()
	files, err := closeFiles(f.path)
	if err == nil {
		err = first()
	}
	if err == nil {
		if err := f.log.open(f.path); err != nil {
			f.log.Logger().Warn("the log goes to the terminal only", "why", err)
		}
		f.sweep()
	}
	for _, one := range append(closed, files...) {
		f.log.Logger().Warn("other users could read this; now only its owner can", "path", one.path, "mode", fmt.Sprintf("%#o", one.was))
	}
	if err != nil {
		return errors.Join(err, f.free())
	}
	return nil
}

// check refuses a folder whose database is not the one that belongs there. It
// comes before the log file is opened: what is found may help to find out what
// happened, so nothing of it is written to.
func (f *folder) check() error { return store.Check(f.path) }

// leftovers are files that are renamed or removed as soon as they are written,
// by their patterns in the data folder. One that is there at an opening was left
// by a kill. Earlier versions wrote provider files through providers/.new-*.
var leftovers = []string{
	".keydesk-*", activity.HeadFile + ".new", filepath.Join("providers", ".new-*"),
	store.FileName + ".migrating*", store.FileName + ".restoring*", store.FileName + ".room",
}

// sweep removes what a kill left over. The lock is held, so nothing of it is in
// use.
func (f *folder) sweep() {
	for _, pattern := range leftovers {
		paths, _ := filepath.Glob(filepath.Join(quoteGlob(f.path), pattern)) // the pattern is right
		for _, path := range paths {
			if info, err := os.Lstat(path); err != nil || !info.Mode().IsRegular() {
				continue
			}
			if err := os.Remove(path); err != nil {
				f.log.Logger().Warn("a file that was left over cannot be removed", "path", path, "why", err)
			}
		}
	}
}

// quoteGlob keeps the characters of a path from being read as a pattern.
func quoteGlob(path string) string {
	return strings.NewReplacer(`*`, `[*]`, `?`, `[?]`, `[`, `[[]`).Replace(path)
}

func (f *folder) takeLock(ctx context.Context, wait bool) error {
	path := filepath.Join(f.path, lockName)
	if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() {
		return ErrLinked.WithMessage("%s is a link or no plain file.", inWords(f.path, path))
	}
	lock := flock.New(path, flock.SetPermissions(0o600))
	got, err := lock.TryLock()
	if err == nil && !got && wait {
		got, err = lock.TryLockContext(ctx, lockRetry)
		if err != nil && ctx.Err() != nil {
			return ErrInUse.WithCause(err)
		}
	}
	switch {
	case err != nil:
		return store.ErrReadOnly.WithCause(err)
	case !got:
		return ErrInUse
	}
	f.lock = lock
	return nil
}

// free removes control.sock, closes the log file and releases the lock.
func (f *folder) free() error {
	err := errors.Join(f.stopListening(), f.log.close())
	if unlock := f.lock.Unlock(); unlock != nil {
		err = errors.Join(err, fmt.Errorf("lock: %w", unlock))
	}
	f.lock = nil
	return err
}
