package store

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// sameFile reports whether a name means the file of info. It asks for nothing but
// the inode: whoever asks for the times of a file has Linux write a finer time with
// its next change, which made the commit after it slower by a tenth (measured).
func sameFile(name string, info os.FileInfo) (bool, error) {
	var now unix.Statx_t
	if err := unix.Statx(unix.AT_FDCWD, name, 0, unix.STATX_INO, &now); err != nil {
		return false, &os.PathError{Op: "statx", Path: name, Err: err}
	}
	then, known := info.Sys().(*syscall.Stat_t)
	return known && now.Ino == then.Ino && unix.Mkdev(now.Dev_major, now.Dev_minor) == then.Dev, nil
}
