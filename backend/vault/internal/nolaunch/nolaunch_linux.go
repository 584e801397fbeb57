// Package nolaunch keeps the keyring library from starting a session bus.
//
// The library connects to the session bus in its package init. Where none is
// named in the environment it runs dbus-launch, which leaves a bus daemon
// behind at every start of the program, and a bus of our own has no keyring on
// it anyway. This package runs first and names a bus: the one systemd keeps at
// its fixed place if it is there, else an address that nobody answers. The same
// address replaces a bus that takes connections and never says a word, for
// which the library would wait without end.
//
// It runs first because Go initialises, of all packages whose imports are
// ready, the one whose path sorts first (Go 1.21 and later), and this one
// imports os and syscall alone, while the library needs net, which sorts behind "keydesk".
// A test starts a process with a dbus-launch that tells on it.
package nolaunch

import "os"

// Nobody is an address at which no bus answers.
const Nobody = "unix:path=/nonexistent/keydesk-no-session-bus"

const variable = "DBUS_SESSION_BUS_ADDRESS"

func init() {
	bus := os.Getenv(variable)
	if bus == "" || bus == "autolaunch:" {
		bus = standing(os.Getenv("XDG_RUNTIME_DIR"))
	}
	if !answers(bus) {
		bus = Nobody
	}
	_ = os.Setenv(variable, bus)
}

// standing gives the bus that systemd keeps for a signed-in user.
func standing(runtimeDir string) string {
	if runtimeDir == "" {
		return Nobody
	}
	socket := runtimeDir + "/bus"
	if info, err := os.Stat(socket); err != nil || info.Mode()&os.ModeSocket == 0 {
		return Nobody
	}
	return "unix:path=" + socket
}
