package vault

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"keydesk/backend/fault"
	"keydesk/backend/vault/internal/ownbus"
)

// How long a keyring call may take: when no person is asked, and when one may
// be typing a password.
const (
	DefaultLimit       = 5 * time.Second
	DefaultTypingLimit = 60 * time.Second
)

// Backend is one opened keyring. Errors that are not faults of this package are
// classified by the library's own types.
type Backend interface {
	// Get returns ErrKeyringMissing if there is no such item.
	Get(item string) ([]byte, error)
	Set(item string, data []byte) error
	// Remove returns no error if there is no such item.
	Remove(item string) error
}

// manyBackend is a backend that can hold several items of one name, of which
// Get and Remove know only the first.
type manyBackend interface {
	// Each calls read with the content of every item of a name, and with what
	// removes it. It returns ErrKeyringMissing if there is none.
	Each(item string, read func(content []byte, remove func() error)) error
}

// each is Each for every backend.
func each(b Backend, item string, read func(content []byte, remove func() error)) error {
	if many, ok := b.(manyBackend); ok {
		return many.Each(item, read)
	}
	content, err := b.Get(item)
	if err == nil {
		read(content, func() error { return b.Remove(item) })
	}
	return err
}

// KeyringOptions are what a Keyring is made with. The zero value means the real
// keyring.
type KeyringOptions struct {
	// Limit and TypingLimit are DefaultLimit and DefaultTypingLimit when 0.
	Limit, TypingLimit time.Duration
	// Backends are the names that may be chosen, in order; nil means those of
	// this system. Never keyctl, pass or file: the first does not survive a
	// restart, the others are not keyrings.
	Backends []string
	// Open opens a backend by name, and Name returns what a person calls it;
	// nil means the library's.
	Open func(backend string) (Backend, error)
	Name func(backend string) string
	// Connect makes the connection that the next Open uses, so that a call that
	// hangs can be ended by closing it, and disturbs no other. nil means the
	// library's, or none if Open is given.
	Connect func() (end func(), err error)
}

// Keyring is the system keyring behind a wrapper: one call at a time, a limit
// on each, at most maxAbandoned left behind, panics caught, and every failure one of the seven faults (RULES.md,
// Keyring). It never chooses another backend than the one it is asked for.
type Keyring struct {
	options KeyringOptions
	worker  *worker
}

// NewKeyring makes the wrapper. No I/O.
func NewKeyring(options KeyringOptions) *Keyring {
	if options.Limit == 0 {
		options.Limit = DefaultLimit
	}
	if options.TypingLimit == 0 {
		options.TypingLimit = DefaultTypingLimit
	}
	if options.Backends == nil {
		options.Backends = systemBackends
	}
	if options.Connect == nil {
		options.Connect = func() (func(), error) { return func() {}, nil }
		if options.Open == nil {
			options.Connect = ownbus.Connect
		}
	}
	if options.Open == nil {
		options.Open = openSystem
	}
	if options.Name == nil {
		options.Name = systemName
	}
	return &Keyring{options: options, worker: newWorker(options.Connect)}
}

// ProbeResult is the result of trying the keyring, in words for a person.
type ProbeResult struct {
	Status Status `json:"status"`
	// Backend is what is stored; Name is what a person calls it.
	Backend string `json:"backend"`
	Name    string `json:"name"`
	Message string `json:"message"`
	Hint    string `json:"hint"`
}

// Try chooses the backend, writes a temporary item, reads it back, compares and
// removes it. It may take the typing limit: a person may have to unlock the
// keyring. It changes nothing else.
func (k *Keyring) Try(ctx context.Context) ProbeResult {
	backend, name, err := k.choose(ctx)
	if err == nil {
		err = k.try(ctx, backend)
	}
	probe := ProbeResult{Status: statusOf(err), Backend: backend, Name: name}
	if err != nil {
		told := named(fault.From(err), name)
		probe.Message, probe.Hint = told.Message, told.Hint
		return probe
	}
	probe.Message = "Secrets are kept in " + name + ". Tried, works."
	return probe
}

func (k *Keyring) try(ctx context.Context, backend string) error {
	want := make([]byte, keySize)
	rand.Read(want)
	item := "Keydesk probe " + base64.RawURLEncoding.EncodeToString(want[:9])
	limit := k.options.TypingLimit
	if err := k.set(ctx, limit, backend, item, want); err != nil {
		return err
	}
	got, err := k.get(ctx, limit, backend, item)
	if removed := k.remove(ctx, limit, backend, item); err == nil {
		err = removed
	}
	if err == nil && !bytes.Equal(got, want) {
		err = ErrKeyringCorrupt
	}
	return err
}

// choose returns the first backend of this system that opens, and its name.
// Only first run and a change of protection choose; everything else uses the
// backend that was stored then.
func (k *Keyring) choose(ctx context.Context) (backend, name string, err error) {
	type choice struct{ backend, name string }
	chosen, err := call(ctx, k.worker, k.options.TypingLimit, func() (choice, error) {
		err := error(ErrKeyringUnavailable)
		for _, backend := range k.options.Backends {
			if _, err = k.options.Open(backend); err == nil {
				return choice{backend, k.options.Name(backend)}, nil
			}
		}
		return choice{}, err
	})
	if errors.Is(faultOf(err), ErrKeyringUnavailable) {
		err = fault.From(faultOf(err)).WithHint(hintNoKeyring)
	}
	if err != nil {
		return "", "", faultOf(err)
	}
	return chosen.backend, chosen.name, nil
}

// maxItem is larger than any item of ours, in bytes.
const maxItem = 4096

func (k *Keyring) get(ctx context.Context, limit time.Duration, backend, item string) ([]byte, error) {
	all, err := k.all(ctx, limit, backend, item)
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

// all returns the content of every item of a name, at least one.
func (k *Keyring) all(ctx context.Context, limit time.Duration, backend, item string) ([][]byte, error) {
	all, err := call(ctx, k.worker, limit, func() ([][]byte, error) {
		b, err := k.options.Open(backend)
		if err != nil {
			return nil, err
		}
		var all [][]byte
		err = each(b, item, func(content []byte, _ func() error) {
			if len(content) <= maxItem {
				all = append(all, content)
			}
		})
		return all, err
	})
	if err == nil && len(all) == 0 {
		err = ErrKeyringCorrupt.WithCause(errors.New("no item of ours"))
	}
	if err != nil {
		return nil, faultOf(err)
	}
	return all, nil
}

// removeIf removes the items of a name whose content drop wants.
func (k *Keyring) removeIf(ctx context.Context, limit time.Duration, backend, item string, drop func(content []byte) bool) error {
	_, err := call(ctx, k.worker, limit, func() (struct{}, error) {
		b, err := k.options.Open(backend)
		if err != nil {
			return struct{}{}, err
		}
		var failed error
		err = each(b, item, func(content []byte, remove func() error) {
			if drop(content) {
				failed = errors.Join(failed, remove())
			}
		})
		return struct{}{}, cmp.Or(err, failed)
	})
	err = faultOf(err)
	if errors.Is(err, ErrKeyringMissing) {
		return nil
	}
	return err
}

func (k *Keyring) set(ctx context.Context, limit time.Duration, backend, item string, data []byte) error {
	_, err := call(ctx, k.worker, limit, func() (struct{}, error) {
		b, err := k.options.Open(backend)
		if err != nil {
			return struct{}{}, err
		}
		err = settingPanics(func() error { return b.Set(item, data) })
		return struct{}{}, err
	})
	return faultOf(err)
}

func (k *Keyring) remove(ctx context.Context, limit time.Duration, backend, item string) error {
	_, err := call(ctx, k.worker, limit, func() (struct{}, error) {
		b, err := k.options.Open(backend)
		if err != nil {
			return struct{}{}, err
		}
		return struct{}{}, b.Remove(item)
	})
	if errors.Is(err, ErrKeyringMissing) {
		return nil
	}
	return faultOf(err)
}

// settingPanics turns a panic of the library while it writes into a refusal: it
// mistakes a cancelled question for an answer and panics (RULES.md, Keyring). A
// panic while it reads means that it cannot handle the content: corrupt.
func settingPanics(set func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = ErrKeyringDenied.WithCause(fmt.Errorf("the keyring library panicked: %w", fault.Panicked(p)))
		}
	}()
	return set()
}

// faultOf returns the fault for an error: the faults of a keyring call as they
// are, the library's errors by their type.
func faultOf(err error) error {
	if err == nil {
		return nil
	}
	var known *fault.Error
	if errors.As(err, &known) {
		return known
	}
	return classify(err).WithCause(err)
}
