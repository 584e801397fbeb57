//go:build !linux

package vault

import (
	"runtime"

	"github.com/99designs/keyring"

	"keydesk/backend/fault"
)

var systemBackends = map[string][]string{
	"windows": {string(keyring.WinCredBackend)},
	"darwin":  {string(keyring.KeychainBackend)},
}[runtime.GOOS]

// hintNoKeyring says what to do where no keyring was ever used and none answers:
// these systems have one, so it is not installed but reached.
const hintNoKeyring = "Sign in to the computer again, then open Keydesk again."

func systemName(string) string {
	switch runtime.GOOS {
	case "windows":
		return "Windows Credential Manager"
	case "darwin":
		return "macOS Keychain"
	default:
		return "the system keyring"
	}
}

// withMany: these systems hold one item of a name.
func withMany(_ string, l library) Backend { return l }

// classifySystem: these systems ask in their own windows and return numbers
// that differ between versions; what is not "missing" is a refusal.
func classifySystem(error) *fault.Error { return ErrKeyringDenied }
