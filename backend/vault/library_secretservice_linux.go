package vault

import (
	"encoding/json"

	"github.com/99designs/keyring"
	libsecret "github.com/gsterjov/go-libsecret" // the one that the library uses
)

// collectionPath is where the library keeps its items.
const collectionPath = libsecret.DBusPath + "/collection/login"

// secretService is the library's backend of that name, which knows only the
// first of several items with one name. Another program that copies a keyring
// can make a second one, and which comes first is not ours to say.
type secretService struct{ library }

// withMany gives a backend of the library what it lacks on this system.
func withMany(backend string, l library) Backend {
	if backend == string(keyring.SecretServiceBackend) {
		return secretService{l}
	}
	return l
}

// Each calls read with the content of every item of a name. Where there is one,
// it is the library that reads it.
func (s secretService) Each(name string, read func(content []byte, remove func() error)) error {
	first, err := s.Get(name)
	items, session, listed := s.items(name)
	if listed != nil || len(items) < 2 {
		if err != nil {
			return err
		}
		read(first, func() error { return s.Remove(name) })
		return nil
	}
	for _, item := range items {
		secret, err := item.GetSecret(session)
		if err != nil {
			return err
		}
		var wrapped keyring.Item
		if json.Unmarshal(secret.Value, &wrapped) == nil { // another program's, otherwise
			read(wrapped.Data, item.Delete)
		}
	}
	return nil
}

// items finds every item of a name, unlocked by the library before.
func (s secretService) items(name string) ([]libsecret.Item, *libsecret.Session, error) {
	service, err := libsecret.NewService()
	if err != nil {
		return nil, nil, err
	}
	session, err := service.Open()
	if err != nil {
		return nil, nil, err
	}
	collections, err := service.Collections()
	if err != nil {
		return nil, nil, err
	}
	for _, collection := range collections {
		if collection.Path() == collectionPath {
			items, err := collection.SearchItems(name)
			return items, session, err
		}
	}
	return nil, nil, nil
}
