//go:build linux || darwin

package main

import "golang.org/x/sys/unix"

// freeBytes returns how many bytes we can still write on the disk of a folder.
func freeBytes(folder string) (uint64, error) {
	var info unix.Statfs_t
	if err := unix.Statfs(folder, &info); err != nil {
		return 0, err
	}
	return info.Bavail * uint64(info.Bsize), nil
}
