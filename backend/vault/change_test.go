package vault_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"keydesk/backend/secret"
	"keydesk/backend/vault"
)

func change(t *testing.T, v *vault.Vault, rows *memoryRows, passphrase string) secret.Text {
	t.Helper()
	p, err := v.PrepareChange(t.Context(), secret.New(passphrase))
	if err != nil {
		t.Fatal(err)
	}
	return commit(t, p, rows)
}

// Change the data key, many times and between protections: every secret stays,
// the old code stops, one item is left in the keyring.
func TestChangeDataKey(t *testing.T) {
	rows, ring := newRows(), newRing()
	v := newVault(rows, ring)
	old := firstRun(t, v, rows, "")
	for i := range 20 {
		put(t, v, "setup", fmt.Sprint(i), "h1", canary+fmt.Sprint(i))
	}
	before := rows.snapshot()
	for step, passphrase := range []string{"", "", "", goodPassphrase, "another long passphrase", "", ""} {
		code := change(t, v, rows, passphrase)
		if rows.snapshot() == before {
			t.Fatal("nothing was sealed again")
		}
		wantFault(t, v.ProveRecovery(t.Context(), old), vault.ErrCodeWrong)
		if err := v.ProveRecovery(t.Context(), code); err != nil {
			t.Fatal(err)
		}
		items := 1
		if passphrase != "" {
			items = 0
		}
		if len(ring.names()) != items {
			t.Fatalf("step %d: items %v", step, ring.names())
		}
		again := newVault(rows, ring)
		err := again.Open(t.Context())
		if passphrase != "" {
			wantFault(t, err, vault.ErrNeedsPassphrase)
			err = again.OpenWithPassphrase(t.Context(), secret.New(passphrase))
		}
		if err != nil {
			t.Fatal(err)
		}
		for i := range 20 {
			wantSecret(t, again, "setup", fmt.Sprint(i), "h1", canary+fmt.Sprint(i))
			wantSecret(t, v, "setup", fmt.Sprint(i), "h1", canary+fmt.Sprint(i))
		}
		old, before = code, rows.snapshot()
	}
}

// While a change is in its transaction, reads work and writes are refused: they
// would be sealed with the old key after the rows have the new one.
func TestDuringAChange(t *testing.T) {
	rows, ring := newRows(), newRing()
	v := newVault(rows, ring)
	firstRun(t, v, rows, "")
	put(t, v, "setup", "s1", "h1", canary)
	p, err := v.PrepareChange(t.Context(), secret.Text{})
	if err != nil {
		t.Fatal(err)
	}
	confirm(p)
	put(t, v, "setup", "s1", "h2", "between")
	if err := p.StoreKeyring(t.Context()); err != nil {
		t.Fatal(err)
	}
	put(t, v, "setup", "s1", "h3", "before commit")
	if err := p.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantFault(t, v.Put(t.Context(), "setup", "s1", "h4", secret.New("x")), vault.ErrChanging)
	wantSecret(t, v, "setup", "s1", "h1", canary)
	if _, err := v.MAC(t.Context(), vault.ActivityMAC, []byte("x")); err != nil {
		t.Fatal(err)
	}
	_, err = v.PrepareChange(t.Context(), secret.Text{})
	wantFault(t, err, vault.ErrChanging)
	p.Done(t.Context())
	for slot, want := range map[string]string{"h1": canary, "h2": "between", "h3": "before commit"} {
		wantSecret(t, v, "setup", "s1", slot, want)
	}
	put(t, v, "setup", "s1", "h4", "after")
}

func confirm(p *vault.Pending) {
	code := p.RecoveryCode().Reveal()
	p.Confirms(code[len(code)-4:])
}

// A crash between any two steps of a change: the next start opens, everything
// is there, and at the end one item is left. The crash is made by dropping the
// vault.
func TestCrashDuringAChange(t *testing.T) {
	steps := []string{"before storing", "before commit", "in the transaction", "before done", "in done"}
	for crash, name := range steps {
		t.Run(name, func(t *testing.T) {
			rows, ring := newRows(), newRing()
			v := newVault(rows, ring)
			oldCode := firstRun(t, v, rows, "")
			put(t, v, "setup", "s1", "h1", canary)
			p, err := v.PrepareChange(t.Context(), secret.Text{})
			if err != nil {
				t.Fatal(err)
			}
			confirm(p)
			code, committed := p.RecoveryCode(), false
			if crash >= 1 {
				if err := p.StoreKeyring(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if crash >= 2 {
				undone := errors.New("killed")
				_ = rows.inTx(func() error {
					if err := p.Commit(t.Context()); err != nil {
						t.Fatal(err)
					}
					if crash == 2 {
						return undone
					}
					committed = true
					return nil
				})
			}
			if crash == 4 {
				ring.fail = vault.ErrKeyringTimeOut // the old item stays
				p.Done(t.Context())
				ring.fail = nil
			}
			if !committed {
				code = oldCode
			}
			again := newVault(rows, ring)
			if err := again.Open(t.Context()); err != nil {
				t.Fatal(err)
			}
			wantSecret(t, again, "setup", "s1", "h1", canary)
			if err := again.ProveRecovery(t.Context(), code); err != nil {
				t.Fatal(err)
			}
			if len(ring.names()) != 1 {
				t.Errorf("items left: %v", ring.names())
			}
			change(t, again, rows, "") // and it can be done again
			last := newVault(rows, ring)
			if err := last.Open(t.Context()); err != nil {
				t.Fatal(err)
			}
			wantSecret(t, last, "setup", "s1", "h1", canary)
		})
	}
}

// Every write of a first run and of a change fails once: nothing of it is kept,
// Abort removes the item again, and the next attempt works.
func TestEveryWriteFailsOnce(t *testing.T) {
	for _, changing := range []bool{false, true} {
		for failAt := 1; ; failAt++ {
			rows, ring := newRows(), newRing()
			v := newVault(rows, ring)
			prepare := v.Prepare
			if changing {
				firstRun(t, v, rows, "")
				put(t, v, "setup", "s1", "h1", canary)
				prepare = v.PrepareChange
			}
			before, items := rows.snapshot(), len(ring.names())
			p, err := prepare(t.Context(), secret.Text{})
			if err != nil {
				t.Fatal(err)
			}
			confirm(p)
			if err := p.StoreKeyring(t.Context()); err != nil {
				t.Fatal(err)
			}
			rows.writes, rows.failAt = 0, failAt
			err = rows.inTx(func() error { return p.Commit(t.Context()) })
			rows.failAt = 0
			if err == nil {
				if failAt < 4 {
					t.Fatalf("only %d writes", failAt-1)
				}
				p.Done(t.Context())
				break
			}
			if !errors.Is(err, errDiskFull) {
				t.Fatal(err)
			}
			p.Abort(t.Context())
			if rows.snapshot() != before || len(ring.names()) != items || v.State().Open != changing {
				t.Fatalf("changing %v, write %d: something was kept; items %v", changing, failAt, ring.names())
			}
			if changing {
				wantSecret(t, v, "setup", "s1", "h1", canary)
				change(t, v, rows, "")
				wantSecret(t, v, "setup", "s1", "h1", canary)
			} else {
				wantFault(t, v.Put(t.Context(), "setup", "s1", "h1", secret.New("x")), vault.ErrLocked)
				firstRun(t, v, rows, "")
			}
		}
	}
}

// The commit succeeded and its answer was lost: Abort sees that and keeps the
// key, since the rows are sealed with it.
func TestAbortAfterACommitThatHeld(t *testing.T) {
	for _, changing := range []bool{false, true} {
		rows, ring := newRows(), newRing()
		v := newVault(rows, ring)
		prepare := v.Prepare
		if changing {
			firstRun(t, v, rows, "")
			prepare = v.PrepareChange
		}
		p, err := prepare(t.Context(), secret.Text{})
		if err != nil {
			t.Fatal(err)
		}
		confirm(p)
		if err := p.StoreKeyring(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := p.Commit(t.Context()); err != nil {
			t.Fatal(err)
		}
		p.Abort(t.Context())
		put(t, v, "setup", "s1", "h1", canary)
		again := newVault(rows, ring)
		if err := again.Open(t.Context()); err != nil {
			t.Fatal(err)
		}
		wantSecret(t, again, "setup", "s1", "h1", canary)
	}
}

// A damaged row does not keep the others from a new key: it stays as it is, is
// counted and named, and the rest is sealed again. It never opens as something
// else, and typing it again makes it whole.
func TestChangeLeavesADamagedRow(t *testing.T) {
	rows, ring := newRows(), newRing()
	v := newVault(rows, ring)
	firstRun(t, v, rows, "")
	put(t, v, "setup", "s1", "h1", canary)
	put(t, v, "setup", "s1", "h2", "fine")
	if places, err := unreadable(t, v); err != nil || len(places) != 0 {
		t.Fatal(places, err)
	}
	row, _, _ := rows.Secret(t.Context(), "setup", "s1", "h1")
	row.Sealed[30] ^= 1
	_ = rows.PutSecret(t.Context(), row)
	damaged := secret.Location{OwnerKind: "setup", OwnerID: "s1", Slot: "h1"}
	p, err := v.PrepareChange(t.Context(), secret.Text{})
	if err != nil {
		t.Fatal(err)
	}
	code := commit(t, p, rows)
	if places := p.Unreadable(); !slices.Equal(places, []secret.Location{damaged}) {
		t.Errorf("the change names %v", places)
	}
	if state := v.State(); !state.Open || state.Unreadable != 1 {
		t.Errorf("%+v", state)
	}
	if after, _, _ := rows.Secret(t.Context(), "setup", "s1", "h1"); !bytes.Equal(after.Sealed, row.Sealed) {
		t.Error("the damaged row was touched")
	}
	again := newVault(rows, ring)
	if err := again.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, one := range []*vault.Vault{v, again} {
		wantSecret(t, one, "setup", "s1", "h2", "fine")
		_, err := one.Get(t.Context(), "setup", "s1", "h1")
		wantFault(t, err, vault.ErrSecretDamaged)
		if places, err := unreadable(t, one); err != nil || !slices.Equal(places, []secret.Location{damaged}) {
			t.Errorf("unreadable are %v, %v", places, err)
		}
	}
	if err := again.ProveRecovery(t.Context(), code); err != nil {
		t.Error(err)
	}
	put(t, again, "setup", "s1", "h1", "typed again")
	if places, err := unreadable(t, again); err != nil || len(places) != 0 {
		t.Errorf("after typing it again: %v, %v", places, err)
	}
	v.Close()
	_, err = unreadable(t, v)
	wantFault(t, err, vault.ErrLocked)
}

// The rest of the first run's transaction can use the vault; when it is undone
// nothing of it stays in memory.
func TestFirstRunTransaction(t *testing.T) {
	rows, ring := newRows(), newRing()
	v := newVault(rows, ring)
	p, err := v.Prepare(t.Context(), secret.Text{})
	if err != nil {
		t.Fatal(err)
	}
	confirm(p)
	if err := p.StoreKeyring(t.Context()); err != nil {
		t.Fatal(err)
	}
	undone := errors.New("undone")
	_ = rows.inTx(func() error {
		if err := p.Commit(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := v.MAC(t.Context(), vault.ActivityMAC, []byte("first entry")); err != nil {
			t.Fatal(err)
		}
		put(t, v, "setup", "s1", "h1", canary)
		wantSecret(t, v, "setup", "s1", "h1", canary)
		return undone
	})
	p.Abort(t.Context())
	if len(ring.names()) != 0 || len(rows.bytes()) != 0 || v.State().Open {
		t.Error("something of an undone first run stayed")
	}
	firstRun(t, v, rows, "")
	first, err := v.MAC(t.Context(), vault.ActivityMAC, []byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	again := newVault(rows, ring)
	if err := again.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	second, err := again.MAC(t.Context(), vault.ActivityMAC, []byte("x"))
	if err != nil || string(first) != string(second) {
		t.Error("the MAC key of the undone first run was used", err)
	}
}

// Storing times out but has worked: Abort finds the item and removes it, and
// the first run can be repeated.
func TestAbortAfterALateStore(t *testing.T) {
	rows, ring := newRows(), newRing()
	late := make(chan struct{})
	set := make(chan struct{})
	k := vault.NewKeyring(vault.KeyringOptions{
		Limit: time.Second, TypingLimit: 50 * time.Millisecond, Backends: []string{"memory"},
		Open: func(string) (vault.Backend, error) { return lateSetter{ring, late, set}, nil },
		Name: func(string) string { return "Late Ring" },
	})
	v := vault.New(rows, vault.Options{InstallationID: func() string { return installation }, Keyring: k})
	p, err := v.Prepare(t.Context(), secret.Text{})
	if err != nil {
		t.Fatal(err)
	}
	confirm(p)
	wantFault(t, p.StoreKeyring(t.Context()), vault.ErrKeyringTimeOut)
	if err := p.Commit(t.Context()); err == nil || len(rows.bytes()) != 0 {
		t.Fatal("committed without a stored key", err)
	}
	close(late)
	<-set
	for deadline := time.Now().Add(5 * time.Second); k.Try(t.Context()).Status != vault.OK; {
		if time.Now().After(deadline) {
			t.Fatal("the keyring does not come back")
		}
	}
	if len(ring.names()) != 1 {
		t.Fatal("the late item is not there; this test proves nothing", ring.names())
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	p.Abort(ended)
	if len(ring.names()) != 0 {
		t.Error("the late item stays:", ring.names())
	}
	firstRun(t, v, rows, "")
}

type lateSetter struct {
	*memoryRing
	late, set chan struct{}
}

func (l lateSetter) Set(item string, data []byte) error {
	<-l.late
	err := l.memoryRing.Set(item, data)
	select {
	case <-l.set:
	default:
		close(l.set)
	}
	return err
}

// unreadable are the secrets that do not open.
func unreadable(t *testing.T, v *vault.Vault) ([]secret.Location, error) {
	t.Helper()
	found, err := v.Survey(t.Context())
	return found.Unreadable, err
}
