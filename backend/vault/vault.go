// Package vault holds the data key and seals every secret with it.
//
// One 32-byte data key is made at first run. It is kept in the system keyring
// (or, only if a person says so, under a passphrase), and a recovery code wraps
// it as well, so that losing the keyring loses nothing. Secrets are sealed with
// XChaCha20-Poly1305 into rows that the store keeps next to their owners and
// writes in the owner's transaction: both or neither, after any crash. Each row
// is bound to its place (owner, slot, version), so a sealed secret that is
// moved to another row does not open.
//
// A sealed verifier proves a key before anything is sealed with it: a write
// under a wrong key is impossible. Random named keys (the activity MAC key) are
// sealed like secrets, so that changing the data key breaks nothing they
// signed.
//
// New does no I/O; Open and its siblings do; Close wipes the keys. The rest of
// Keydesk sees Put, Get and MAC, and vault.locked while the key is closed. This
// package is the only one with the keyring (RULES.md, Secrets; Keyring).
package vault

import (
	"context"
	"sync"

	"keydesk/backend/pending"
	"keydesk/backend/secret"
)

// Row is one sealed secret. Slot is the stable id of the owner's field or row,
// never a position. Version is the format of Sealed.
type Row struct {
	OwnerKind, OwnerID, Slot string
	Version                  int
	Sealed                   []byte
	// About is what its owner has to know of the secret without opening it, as
	// text that only the owner reads; "" if nothing is known.
	About string
}

// Wrapping is one way to the data key, or the verifier that proves it. Data is
// JSON with its parameters and holds no plain key.
type Wrapping struct {
	Kind string
	Data []byte
}

// The kinds of wrapping; at most one row of each.
const (
	KindKeyring    = "keyring"    // names the backend and the item; the key itself is there
	KindRecovery   = "recovery"   // the data key under the recovery code
	KindPassphrase = "passphrase" // the data key under a passphrase, instead of keyring
	KindVerifier   = "verifier"   // a known text under the data key
)

// Rows is what the vault needs of the store. The context carries the
// transaction if there is one.
type Rows interface {
	// PutSecret inserts, or replaces by (OwnerKind, OwnerID, Slot).
	PutSecret(ctx context.Context, row Row) error
	// Secret returns false if there is none.
	Secret(ctx context.Context, ownerKind, ownerID, slot string) (Row, bool, error)
	OwnerSecrets(ctx context.Context, ownerKind, ownerID string) ([]Row, error)
	// SecretsOf returns every row of these owners, in no order.
	SecretsOf(ctx context.Context, ownerKind string, ownerIDs []string) ([]Row, error)
	// DeleteSecret returns no error if there is none.
	DeleteSecret(ctx context.Context, ownerKind, ownerID, slot string) error
	AllSecrets(ctx context.Context) ([]Row, error)
	Wrappings(ctx context.Context) ([]Wrapping, error)
	// PutWrapping inserts, or replaces by Kind.
	PutWrapping(ctx context.Context, w Wrapping) error
	// DeleteWrapping returns no error if there is none.
	DeleteWrapping(ctx context.Context, kind string) error
}

// Options are what a vault is made with.
type Options struct {
	// InstallationID returns the id that names the keyring item. It is called
	// when needed. It must return a new id at every attempt at first run until
	// Commit has kept one: an item that is there already is never overwritten.
	InstallationID func() string
	// Notes remember what a first run writes to the keyring; nil remembers nothing.
	Notes Notes
	// Closed is called at each Close, for what else has to be forgotten then; nil
	// is nothing.
	Closed func()
	// Keyring is the system keyring; nil means one with the usual limits.
	Keyring *Keyring
}

// Vault seals and opens secrets while its data key is open. Safe for use by
// many goroutines.
type Vault struct {
	rows    Rows
	keyring *Keyring
	id      func() string
	notes   Notes
	closed  func()

	pending *pending.Owner[*Pending] // the new key that waits for its confirmation

	mu       sync.RWMutex
	current  *dataKey                 // nil while locked
	next     *nextKey                 // from the transaction of a pending key to its end
	doubtful *Pending                 // the pending key of which the database could not say
	named    map[string][]byte        // named keys, cached while open
	fresh    map[string]bool          // named keys whose making may still be undone, not cached
	damaged  map[secret.Location]bool // rows that were found not to open
	state    State
}

func (r Row) location() secret.Location {
	return secret.Location{OwnerKind: r.OwnerKind, OwnerID: r.OwnerID, Slot: r.Slot}
}

// New makes a locked vault. It does no I/O.
func New(rows Rows, options Options) *Vault {
	if options.Keyring == nil {
		options.Keyring = NewKeyring(KeyringOptions{})
	}
	if options.Closed == nil {
		options.Closed = func() {}
	}
	return &Vault{
		rows: rows, keyring: options.Keyring, id: options.InstallationID, notes: options.Notes, closed: options.Closed,
		pending: pending.New(func(ctx context.Context, p *Pending) { p.abort(ctx) }),
		named:   map[string][]byte{}, fresh: map[string]bool{}, damaged: map[secret.Location]bool{},
		state: State{Reason: Closed, Message: "The secrets are not open yet."},
	}
}

// Close wipes the keys and gives up a new key that waits for its confirmation.
// Put, Get and MAC return vault.locked afterwards. A confirmation that runs goes
// on to its end, and leaves the vault closed.
func (v *Vault) Close() {
	defer v.closed()
	v.pending.DropAll(context.Background())
	v.mu.Lock()
	defer v.mu.Unlock()
	v.current.wipe()
	v.current = nil
	if v.next != nil {
		v.next.alone = false
	}
	v.forgetNamed()
	clear(v.damaged)
	v.state = State{
		Made: v.state.Made, Protection: v.state.Protection, Keyring: v.state.Keyring,
		Reason: Closed, Message: "The secrets are closed.",
	}
}

func (v *Vault) forgetNamed() {
	for name, key := range v.named {
		clear(key)
		delete(v.named, name)
	}
}
