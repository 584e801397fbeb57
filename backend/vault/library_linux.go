package vault

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/99designs/keyring"
	"github.com/godbus/dbus" // the version that the library uses

	"keydesk/backend/fault"
)

var systemBackends = []string{string(keyring.SecretServiceBackend), string(keyring.KWalletBackend)}

// hintNoKeyring says what to do where no keyring was ever used and none answers.
const hintNoKeyring = "Install and start a keyring, such as GNOME Keyring or KWallet, then open Keydesk again."

// secretServices are the programs that implement the Secret Service, by the
// name the system shows for their process (at most 15 characters).
var secretServices = map[string]string{
	"gnome-keyring-d": "GNOME Keyring",
	"keepassxc":       "KeePassXC",
	"ksecretd":        "KWallet",
	"kwalletd6":       "KWallet",
	"kwalletd5":       "KWallet",
}

// systemName asks the bus which program answers. It is called only after the
// backend opened, so that there is a bus.
func systemName(backend string) string {
	if backend == string(keyring.KWalletBackend) {
		return "KWallet"
	}
	const unknown = "the system keyring"
	bus, err := dbus.SessionBus()
	if err != nil {
		return unknown
	}
	var pid uint32
	if err := bus.BusObject().Call("org.freedesktop.DBus.GetConnectionUnixProcessID", 0, "org.freedesktop.secrets").Store(&pid); err != nil {
		return unknown
	}
	program, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid))
	if err != nil {
		return unknown
	}
	if name, ok := secretServices[strings.TrimSpace(string(program))]; ok {
		return name
	}
	return unknown
}

// classifySystem uses the names of D-Bus errors: those of the Secret Service
// API (freedesktop.org, "Errors") and of the bus itself.
func classifySystem(err error) *fault.Error {
	var told dbus.Error
	if !errors.As(err, &told) {
		return ErrKeyringUnavailable
	}
	switch told.Name {
	case "org.freedesktop.Secret.Error.IsLocked":
		return ErrKeyringLocked
	case "org.freedesktop.Secret.Error.NoSuchObject":
		return ErrKeyringMissing
	case "org.freedesktop.DBus.Error.AccessDenied", "org.freedesktop.DBus.Error.AuthFailed",
		"org.freedesktop.DBus.Error.InteractiveAuthorizationRequired":
		return ErrKeyringDenied
	case "org.freedesktop.DBus.Error.UnknownMethod", "org.freedesktop.DBus.Error.UnknownObject":
		// When the question for a new keyring's password is cancelled, GNOME
		// Keyring answers with a path at which there is nothing, and the
		// library uses it.
		return ErrKeyringDenied
	default:
		return ErrKeyringUnavailable
	}
}
