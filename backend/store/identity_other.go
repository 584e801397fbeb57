//go:build !linux

package store

import "os"

// sameFile reports whether a name means the file of info.
func sameFile(name string, info os.FileInfo) (bool, error) {
	now, err := os.Stat(name)
	return err == nil && os.SameFile(info, now), err
}
