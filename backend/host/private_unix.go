//go:build unix

package host

import (
	"errors"
	"io/fs"
	"os"
	"syscall"

	"keydesk/backend/store"
)

// chmod is replaced by a test of a disk that keeps no permissions.
var chmod = os.Chmod

// closeFolder makes the data folder private. It is done before the lock is
// taken and anything in the folder is looked at: afterwards no other user can
// change what is in it, so what is looked at next stays what it is. The folder
// itself may be a link.
//
// Faults: ErrNotYours, ErrNotPrivate, store.ErrReadOnly.
func closeFolder(folder string) ([]widened, error) {
	info, err := os.Stat(folder)
	if err != nil {
		return nil, store.ErrUnreachable.WithCause(err)
	}
	return makePrivate(folder, folder, info)
}

// closeFiles makes Keydesk's files in the data folder private. The lock is held.
// A link among them is refused and not followed: while the folder was open,
// another user could have made it, and its target is not guarded by the folder.
// A second name of a file (a hard link) is not refused, since a kill during a
// migration leaves one; the mode belongs to the file, so it holds for each name.
//
// Faults: those of closeFolder, ErrLinked.
func closeFiles(folder string) ([]widened, error) {
	paths, err := ourFiles(folder)
	if err != nil {
		return nil, store.ErrUnreachable.WithCause(err)
	}
	var all []widened
	for _, path := range paths {
		info, err := os.Lstat(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return all, store.ErrUnreachable.WithCause(err)
		}
		if !info.Mode().IsRegular() && !info.IsDir() {
			return all, ErrLinked.WithMessage("%s is a link or no plain file.", inWords(folder, path))
		}
		changed, err := makePrivate(folder, path, info)
		all = append(all, changed...)
		if err != nil {
			return all, err
		}
	}
	return all, nil
}

// makePrivate takes every right of others away: 0700 for a folder, 0600 for a
// file. Group bits of a file with an access list are the mask of that list, so
// they close it too.
func makePrivate(folder, path string, info fs.FileInfo) ([]widened, error) {
	if owner, ok := info.Sys().(*syscall.Stat_t); ok && int(owner.Uid) != os.Geteuid() {
		return nil, ErrNotYours.WithMessage("%s belongs to another user of this computer.", inWords(folder, path))
	}
	was := info.Mode().Perm()
	if was&0o077 == 0 {
		return nil, nil
	}
	private := fs.FileMode(0o600)
	if info.IsDir() {
		private = 0o700
	}
	refused := ErrNotPrivate.WithMessage("%s can be read by other users of this computer, and Keydesk cannot change that.", inWords(folder, path))
	if err := chmod(path, private); err != nil {
		if errors.Is(err, syscall.EROFS) {
			return nil, store.ErrReadOnly.WithCause(err)
		}
		return nil, refused.WithCause(err)
	}
	// Some disks take the call and keep no permissions.
	now, err := os.Lstat(path)
	if info.IsDir() {
		now, err = os.Stat(path)
	}
	if err != nil {
		return nil, store.ErrUnreachable.WithCause(err)
	}
	if now.Mode().Perm()&0o077 != 0 {
		return nil, refused
	}
	return []widened{{path, was}}, nil
}

// exposed says why a file or folder is not for us alone; empty if it is.
func exposed(info fs.FileInfo) string {
	owner, ok := info.Sys().(*syscall.Stat_t)
	switch {
	case !info.Mode().IsRegular() && !info.IsDir():
		return "is a link or no plain file"
	case ok && int(owner.Uid) != os.Geteuid():
		return "belongs to another user of this computer"
	case info.Mode().Perm()&0o077 != 0:
		return "can be read by other users of this computer"
	}
	return ""
}
