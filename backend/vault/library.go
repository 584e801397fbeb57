package vault

import (
	"encoding/json"
	"errors"

	"github.com/99designs/keyring"

	"keydesk/backend/fault"
	_ "keydesk/backend/vault/internal/nolaunch" // initialised before the library, see there
)

// library is a backend of github.com/99designs/keyring. Only this file and its
// siblings for each system use the library.
type library struct{ ring keyring.Keyring }

// openSystem opens one named backend. If none is named the library tries every
// backend it knows and silently picks the kernel keyring, which does not
// survive a restart; so one is always named (RULES.md, Keyring).
func openSystem(backend string) (Backend, error) {
	if !known(backend) {
		return nil, ErrKeyringUnavailable.WithCause(errors.New("backend " + backend + " is not one of this system"))
	}
	ring, err := keyring.Open(keyring.Config{
		AllowedBackends:                []keyring.BackendType{keyring.BackendType(backend)},
		ServiceName:                    serviceName(backend),
		LibSecretCollectionName:        "login",
		KWalletAppID:                   "Keydesk",
		KWalletFolder:                  "Keydesk",
		WinCredPrefix:                  "Keydesk",
		KeychainTrustApplication:       true,
		KeychainAccessibleWhenUnlocked: true,
	})
	if err != nil {
		return nil, err
	}
	return withMany(backend, library{ring}), nil
}

func known(backend string) bool {
	for _, one := range systemBackends {
		if one == backend {
			return true
		}
	}
	return false
}

// serviceName is the wallet in KWallet, where only "kdewallet" is opened at
// sign-in, and the service everywhere else.
func serviceName(backend string) string {
	if backend == string(keyring.KWalletBackend) {
		return "kdewallet"
	}
	return "keydesk"
}

func (l library) Get(item string) ([]byte, error) {
	got, err := l.ring.Get(item)
	return got.Data, err
}

func (l library) Set(item string, data []byte) error {
	return l.ring.Set(keyring.Item{
		Key: item, Data: data, Label: item,
		Description:               "The key that opens the secrets of Keydesk",
		KeychainNotSynchronizable: true,
	})
}

func (l library) Remove(item string) error { return l.ring.Remove(item) }

// classify turns the library's errors into faults by type.
func classify(err error) *fault.Error {
	var syntax *json.SyntaxError
	var shape *json.UnmarshalTypeError
	switch {
	case errors.Is(err, keyring.ErrKeyNotFound):
		return ErrKeyringMissing
	case errors.Is(err, keyring.ErrNoAvailImpl):
		return ErrKeyringUnavailable
	case errors.As(err, &syntax), errors.As(err, &shape):
		return ErrKeyringCorrupt
	default:
		return classifySystem(err)
	}
}
