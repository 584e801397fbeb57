//go:build unix

package main

import (
	"io/fs"
	"os"
	"syscall"
)

// openFile opens a file for reading and does not wait for the other end of a pipe.
func openFile(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
}

// notPrivate says why a file is not for us alone; empty if it is.
func notPrivate(info fs.FileInfo) string {
	owner, ok := info.Sys().(*syscall.Stat_t)
	switch {
	case !info.Mode().IsRegular():
		return "is not a plain file"
	case !ok || int(owner.Uid) != os.Geteuid():
		return "belongs to another user"
	case info.Mode().Perm()&0o077 != 0:
		return "can be read by other users"
	}
	return ""
}

// isInherited tells whether a descriptor is a file, pipe, socket or terminal. What is
// none of them is our own: Go waits for connections by one, and closing that would end
// the program in the middle.
func isInherited(fd int) bool {
	var info syscall.Stat_t
	return syscall.Fstat(fd, &info) == nil && info.Mode&syscall.S_IFMT != 0
}
