package localapi

import (
	"errors"
	"syscall"

	"golang.org/x/sys/windows"
)

// exclusive keeps other programs off the port: on Windows they could listen on it
// as well, even when we listen already.
func exclusive(_, _ string, socket syscall.RawConn) error {
	var set error
	// SO_EXCLUSIVEADDRUSE is the complement of SO_REUSEADDR.
	err := socket.Control(func(handle uintptr) {
		set = windows.SetsockoptInt(windows.Handle(handle), windows.SOL_SOCKET, ^windows.SO_REUSEADDR, 1)
	})
	if err != nil {
		return err
	}
	return set
}

// portTaken reports whether another program has the port.
func portTaken(err error) bool { return errors.Is(err, windows.WSAEADDRINUSE) }
