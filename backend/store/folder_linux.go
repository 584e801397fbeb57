package store

import (
	"errors"
	"os"
	"syscall"
)

// Magic numbers of statfs(2) for network file systems, where the shared memory
// of WAL does not work (RULES.md, Failures).
var networkFolders = map[int64]bool{
	0x6969:     true, // NFS
	0xFF534D42: true, // CIFS
	0xFE534D42: true, // SMB2
	0x517B:     true, // SMB
	0x564C:     true, // NCP
	0x5346414F: true, // AFS
	0x01021997: true, // 9P
}

func refuseNetworkFolder(folder string) error {
	var info syscall.Statfs_t
	if err := syscall.Statfs(folder, &info); err != nil {
		return ErrUnreachable.WithCause(err)
	}
	if networkFolders[int64(info.Type)] { //nolint:unconvert // an int32 on some processors
		return ErrNetworkFolder
	}
	return nil
}

// syncFolder waits until the names in a folder are on the disk.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
