// Package nolaunch keeps the keyring library from starting a session bus.
//
// The library connects to the session bus in its package init. If the
// environment names none it runs dbus-launch, which leaves a bus daemon behind
// at every start of the program, and a bus of our own has no keyring on it
// anyway. This package runs first and names a bus: the one systemd keeps at its
// fixed place if it is there, otherwise an address where nobody answers. The
// same address replaces a bus that accepts connections and never answers, for
// which the library would wait for ever.
//
// It runs first because Go initialises, of all packages whose imports are
// ready, the one whose path sorts first (Go 1.21 and later). This one imports
// only os and syscall, while the library needs net, which sorts after
// "keydesk". A test starts a process with a dbus-launch that reports when it is
// called.
package nolaunch

import "os"

// Nobody is an address at which no bus answers.
const Nobody = "unix:path=/nonexistent/keydesk-no-session-bus"

const variable = "DBUS_SESSION_BUS_ADDRESS"

func init() {
	bus := os.Getenv(variable)
	if bus == "" || bus == "autolaunch:" {
		bus = userBus(os.Getenv("XDG_RUNTIME_DIR"))
	}
	if !answers(bus) {
		bus = Nobody
	}
	_ = os.Setenv(variable, bus)
}

// userBus returns the bus that systemd keeps for a signed-in user.
func userBus(runtimeDir string) string {
	if runtimeDir == "" {
		return Nobody
	}
	socket := runtimeDir + "/bus"
	if info, err := os.Stat(socket); err != nil || info.Mode()&os.ModeSocket == 0 {
		return Nobody
	}
	return "unix:path=" + socket
}
