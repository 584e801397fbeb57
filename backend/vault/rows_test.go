package vault_test

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"keydesk/backend/fault"
	"keydesk/backend/secret"
	"keydesk/backend/vault"
)

// memoryRows keeps what the store keeps, with transactions that can fail. The
// real store is tested with the vault in its own package.
type memoryRows struct {
	mu        sync.Mutex
	secrets   map[string]vault.Row
	wrappings map[string]vault.Wrapping
	writes    int
	failAt    int   // the write that fails, counted from 1; 0 none
	unread    error // returned in place of the wrappings if set
}

var errDiskFull = errors.New("disk full")

func newRows() *memoryRows {
	return &memoryRows{secrets: map[string]vault.Row{}, wrappings: map[string]vault.Wrapping{}}
}

func place(kind, id, slot string) string { return strings.Join([]string{kind, id, slot}, "\x00") }

func (m *memoryRows) write(change func()) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.writes++; m.writes == m.failAt {
		return errDiskFull
	}
	change()
	return nil
}

func (m *memoryRows) PutSecret(_ context.Context, row vault.Row) error {
	row.Sealed = slices.Clone(row.Sealed)
	return m.write(func() { m.secrets[place(row.OwnerKind, row.OwnerID, row.Slot)] = row })
}

func (m *memoryRows) Secret(_ context.Context, kind, id, slot string) (vault.Row, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	row, ok := m.secrets[place(kind, id, slot)]
	return row, ok, nil
}

func (m *memoryRows) OwnerSecrets(_ context.Context, kind, id string) ([]vault.Row, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var rows []vault.Row
	for _, row := range m.secrets {
		if row.OwnerKind == kind && row.OwnerID == id {
			rows = append(rows, row)
		}
	}
	slices.SortFunc(rows, func(a, b vault.Row) int { return strings.Compare(a.Slot, b.Slot) })
	return rows, nil
}

func (m *memoryRows) SecretsOf(ctx context.Context, kind string, ids []string) ([]vault.Row, error) {
	var all []vault.Row
	for _, id := range ids {
		rows, _ := m.OwnerSecrets(ctx, kind, id)
		all = append(all, rows...)
	}
	return all, nil
}

func (m *memoryRows) DeleteSecret(_ context.Context, kind, id, slot string) error {
	return m.write(func() { delete(m.secrets, place(kind, id, slot)) })
}

func (m *memoryRows) AllSecrets(context.Context) ([]vault.Row, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Collect(maps.Values(m.secrets)), nil
}

func (m *memoryRows) Wrappings(context.Context) ([]vault.Wrapping, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.unread != nil {
		return nil, m.unread
	}
	return slices.Collect(maps.Values(m.wrappings)), nil
}

func (m *memoryRows) PutWrapping(_ context.Context, w vault.Wrapping) error {
	return m.write(func() { m.wrappings[w.Kind] = w })
}

func (m *memoryRows) DeleteWrapping(_ context.Context, kind string) error {
	return m.write(func() { delete(m.wrappings, kind) })
}

// inTx undoes everything when do fails.
func (m *memoryRows) inTx(do func() error) error {
	m.mu.Lock()
	secrets, wrappings := maps.Clone(m.secrets), maps.Clone(m.wrappings)
	m.mu.Unlock()
	err := do()
	if err != nil {
		m.mu.Lock()
		m.secrets, m.wrappings = secrets, wrappings
		m.mu.Unlock()
	}
	return err
}

// bytes returns everything that is stored, as a thief would read it.
func (m *memoryRows) bytes() []byte {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all bytes.Buffer
	for _, row := range m.secrets {
		all.WriteString(row.OwnerKind + row.OwnerID + row.Slot)
		all.Write(row.Sealed)
	}
	for _, w := range m.wrappings {
		all.WriteString(w.Kind)
		all.Write(w.Data)
	}
	return all.Bytes()
}

func (m *memoryRows) snapshot() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var lines []string
	for at, row := range m.secrets {
		lines = append(lines, at+string(row.Sealed))
	}
	for kind, w := range m.wrappings {
		lines = append(lines, kind+string(w.Data))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// memoryRing is a keyring that works, for tests that are not about keyrings.
type memoryRing struct {
	mu    sync.Mutex
	items map[string][]byte
	fail  error                   // returned by every call if set
	call  func(what, item string) // called at the begin of every call if set
}

func (m *memoryRing) called(what, item string) {
	m.mu.Lock()
	call := m.call
	m.mu.Unlock()
	if call != nil {
		call(what, item)
	}
}

func newRing() *memoryRing { return &memoryRing{items: map[string][]byte{}} }

func (m *memoryRing) Get(item string) ([]byte, error) {
	m.called("get", item)
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fail != nil {
		return nil, m.fail
	}
	data, ok := m.items[item]
	if !ok {
		return nil, vault.ErrKeyringMissing
	}
	return slices.Clone(data), nil
}

func (m *memoryRing) Set(item string, data []byte) error {
	m.called("set", item)
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fail != nil {
		return m.fail
	}
	m.items[item] = slices.Clone(data)
	return nil
}

func (m *memoryRing) Remove(item string) error {
	m.called("remove", item)
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fail != nil {
		return m.fail
	}
	delete(m.items, item)
	return nil
}

func (m *memoryRing) names() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Sorted(maps.Keys(m.items))
}

func (m *memoryRing) keyring() *vault.Keyring {
	return vault.NewKeyring(vault.KeyringOptions{
		Backends: []string{"memory"},
		Open: func(backend string) (vault.Backend, error) {
			if backend != "memory" {
				return nil, vault.ErrKeyringUnavailable
			}
			return m, nil
		},
		Name: func(string) string { return "Memory Ring" },
	})
}

const installation = "0190-installation"

func newVault(rows vault.Rows, ring *memoryRing) *vault.Vault {
	return vault.New(rows, vault.Options{InstallationID: func() string { return installation }, Keyring: ring.keyring()})
}

const goodPassphrase = "four words make this one"

// firstRun goes through all steps and returns the recovery code.
func firstRun(t *testing.T, v *vault.Vault, rows *memoryRows, passphrase string) secret.Text {
	t.Helper()
	p, err := v.Prepare(t.Context(), secret.New(passphrase))
	if err != nil {
		t.Fatal(err)
	}
	return commit(t, p, rows)
}

func commit(t *testing.T, p *vault.Pending, rows *memoryRows) secret.Text {
	t.Helper()
	code := p.RecoveryCode()
	if !p.Confirms(code.Reveal()[len(code.Reveal())-4:]) {
		t.Fatal("the last four characters do not confirm")
	}
	if err := p.StoreKeyring(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := rows.inTx(func() error { return p.Commit(t.Context()) }); err != nil {
		t.Fatal(err)
	}
	p.Done(t.Context())
	return code
}

func put(t *testing.T, v *vault.Vault, kind, id, slot, value string) {
	t.Helper()
	if err := v.Put(t.Context(), kind, id, slot, secret.New(value)); err != nil {
		t.Fatal(err)
	}
}

func wantSecret(t *testing.T, v *vault.Vault, kind, id, slot, want string) {
	t.Helper()
	got, err := v.Get(t.Context(), kind, id, slot)
	if err != nil || got.Reveal() != want {
		t.Fatalf("%s %s %s: got %q, %v; want %q", kind, id, slot, got.Reveal(), err, want)
	}
}

// wantFault checks the code, and that there are a message and a hint.
func wantFault(t *testing.T, err error, want *fault.Error) {
	t.Helper()
	var told *fault.Error
	if !errors.As(err, &told) || !errors.Is(err, want) {
		t.Fatalf("got %v, want %s", err, want.Code)
	}
	if told.Message == "" || want.Hint != "" && told.Hint == "" {
		t.Fatalf("%s has no message or no hint: %q %q", told.Code, told.Message, told.Hint)
	}
}
