//go:build !linux

package host

import (
	"net"
	"path/filepath"
)

// socketPath is how many bytes the address of a socket has room for on macOS,
// without the zero that ends it; Windows has four more.
const socketPath = 103

// controlAddress returns the address of control.sock in a folder, and what to call
// once it was used.
func controlAddress(folder string) (address string, done func(), err error) {
	path := filepath.Join(folder, controlName)
	if len(path) > socketPath {
		return "", nil, ErrTooLong
	}
	return path, func() {}, nil
}

// isSamePeer cannot ask who is at the other end here: the data folder, which
// nobody else can open, is what keeps others away.
func isSamePeer(*net.UnixConn) bool { return true }
