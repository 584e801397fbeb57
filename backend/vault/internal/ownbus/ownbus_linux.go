// Package ownbus gives each call of the keyring library a connection to the
// session bus of its own.
//
// The library takes the one connection that its D-Bus package shares in the
// whole process. It cannot be cancelled: a question that nobody answers blocks
// a call for ever. If such a call has its own connection, closing that ends the
// call, takes its question off the screen, and disturbs no other.
//
// The D-Bus package has no way to put another connection in the place of the
// shared one, so this package sets its variable. A version of it that names the
// variable differently does not link.
package ownbus

import (
	"sync"
	_ "unsafe" // for go:linkname

	"github.com/godbus/dbus" // the version that the library uses
)

//go:linkname shared github.com/godbus/dbus.sessionBus
var shared *dbus.Conn

//go:linkname lock github.com/godbus/dbus.sessionBusLck
var lock sync.Mutex

var first sync.Once

// Connect makes a connection that the library takes at its next call, and
// returns a function that closes it.
func Connect() (end func(), err error) {
	lock.Lock()
	before := shared
	shared = nil
	lock.Unlock()
	// The library connects while the program starts, and nothing uses that.
	first.Do(func() {
		if before != nil {
			_ = before.Close()
		}
	})
	conn, err := dbus.SessionBus()
	if err != nil {
		return nil, err
	}
	return func() { _ = conn.Close() }, nil
}
