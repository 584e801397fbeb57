//go:build !windows

package localapi

import (
	"errors"
	"syscall"
)

// exclusive has nothing to do here: a port on which a program listens cannot be
// listened on again unless both ask for it (SO_REUSEPORT), and Go does not.
func exclusive(_, _ string, _ syscall.RawConn) error { return nil }

// portTaken reports whether another program has the port.
func portTaken(err error) bool { return errors.Is(err, syscall.EADDRINUSE) }
