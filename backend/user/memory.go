package user

import (
	"context"
	"sync"
)

// Memory is a Store for a database that can only be read. What proving a
// password writes is kept in memory until the program ends, and everything else
// is the store's, which refuses to write it.
type Memory struct {
	Store

	// turn is held by a transaction, so that tries at the same time do not read
	// the same count.
	turn sync.Mutex

	mu   sync.Mutex
	kept map[string]keptUser
}

// keptUser is what is known of a user beyond the database.
type keptUser struct {
	slowdown *slowdown
	hash     string // "" is the stored one
}

// NewMemory makes a store that keeps in memory what a sign-in writes.
func NewMemory(store Store) *Memory { return &Memory{Store: store, kept: map[string]keptUser{}} }

type turnKey struct{}

// InTx runs fn in one reading transaction, and one at a time.
func (m *Memory) InTx(ctx context.Context, fn func(ctx context.Context) error) error {
	if ctx.Value(turnKey{}) == m {
		return fn(ctx)
	}
	m.turn.Lock()
	defer m.turn.Unlock()
	return m.Store.InTx(context.WithValue(ctx, turnKey{}, m), fn)
}

// UserByID is part of Store.
func (m *Memory) UserByID(ctx context.Context, id string) (Record, error) {
	u, err := m.Store.UserByID(ctx, id)
	return m.now(u), err
}

// UserByName is part of Store.
func (m *Memory) UserByName(ctx context.Context, name string) (Record, error) {
	u, err := m.Store.UserByName(ctx, name)
	return m.now(u), err
}

// now returns a stored user as it is with what memory knows.
func (m *Memory) now(u Record) Record {
	m.mu.Lock()
	defer m.mu.Unlock()
	known := m.kept[u.ID]
	if known.slowdown != nil {
		u.Failures, u.WaitUntilMs = known.slowdown.failures, known.slowdown.waitUntilMs
	}
	if known.hash != "" {
		u.PasswordHash = known.hash
	}
	return u
}

func (m *Memory) keep(id string, change func(known *keptUser)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	known := m.kept[id]
	change(&known)
	m.kept[id] = known
}

// SetUserFailures keeps a count of failures.
func (m *Memory) SetUserFailures(_ context.Context, id string, failures int, waitUntilMs int64) error {
	m.keep(id, func(known *keptUser) { known.slowdown = &slowdown{failures, waitUntilMs} })
	return nil
}

// SetUserPassword keeps the hash of the same password, which a sign-in made
// stronger. Nothing else sets a password while nothing can be written.
func (m *Memory) SetUserPassword(_ context.Context, id, hash string, _ bool) error {
	m.keep(id, func(known *keptUser) { known.hash = hash })
	return nil
}

// SetUserSignedIn keeps nothing: the log has the time.
func (m *Memory) SetUserSignedIn(context.Context, string, int64) error { return nil }

// PadUserWrite costs as much as SetUserFailures: nothing.
func (m *Memory) PadUserWrite(context.Context) error { return nil }

// PutUnknownName keeps nothing: the service has the slowdown in memory.
func (m *Memory) PutUnknownName(context.Context, UnknownName) error { return nil }
