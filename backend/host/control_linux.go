package host

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync/atomic"

	"golang.org/x/sys/unix"
)

// socketPath is how many bytes the address of a socket has room for (unix(7)),
// without the zero that ends it.
const socketPath = 107

// controlAddress returns an address of control.sock in a folder, and what to call
// once it was used. A path that is too long is reached through the open folder.
func controlAddress(folder string) (address string, done func(), err error) {
	path := filepath.Join(folder, controlName)
	if len(path) <= socketPath {
		return path, func() {}, nil
	}
	opened, err := os.OpenFile(folder, unix.O_PATH|unix.O_DIRECTORY, 0)
	if err != nil {
		return "", nil, err
	}
	through := fmt.Sprintf("/proc/self/fd/%d", opened.Fd())
	if _, err := os.Stat(through); err != nil {
		return "", nil, errors.Join(ErrTooLong.WithCause(err), opened.Close())
	}
	return filepath.Join(through, controlName), func() { _ = opened.Close() }, nil
}

// otherUser is 0, but in a test of a program of another user, while connections are
// answered.
var otherUser atomic.Int32

// isSamePeer tells whether the program at the other end belongs to the same user.
func isSamePeer(conn *net.UnixConn) bool {
	raw, err := conn.SyscallConn()
	if err != nil {
		return false
	}
	same := false
	err = raw.Control(func(fd uintptr) {
		peer, err := unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED)
		same = err == nil && int(peer.Uid) == os.Geteuid()+int(otherUser.Load())
	})
	return err == nil && same
}
