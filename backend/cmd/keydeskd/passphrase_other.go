//go:build !unix

package main

import (
	"io/fs"
	"os"
)

func openFile(path string) (*os.File, error) { return os.Open(path) }

// notPrivate says why a file is not for us alone. On Windows a file has no mode:
// who may read it is in an access list that its folder gives it.
func notPrivate(info fs.FileInfo) string {
	if !info.Mode().IsRegular() {
		return "is not a plain file"
	}
	return ""
}

func isInherited(int) bool { return true }
