package vault_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"testing"

	"keydesk/backend/secret"
	"keydesk/backend/vault"
)

// keeping is one Keep that a test stops at each of its steps.
type keeping struct {
	t        *testing.T
	rows     *memoryRows
	ring     *memoryRing
	v        *vault.Vault
	p        *vault.Pending
	changing bool
	oldCode  secret.Text // of the key in force before
	other    secret.Text // of a key that was kept beside or in place of p
	// acknowledged are the secrets whose Put returned no error, by slot.
	acknowledged map[string]string
}

func newKeeping(t *testing.T, changing bool) *keeping {
	k := &keeping{t: t, rows: newRows(), ring: newRing(), changing: changing, acknowledged: map[string]string{}}
	k.v = newVault(k.rows, k.ring)
	prepare := k.v.Prepare
	if changing {
		k.oldCode = firstRun(t, k.v, k.rows, "")
		k.put("before")
		prepare = k.v.PrepareChange
	}
	p, err := prepare(t.Context(), secret.Text{})
	if err != nil {
		t.Fatal(err)
	}
	confirm(p)
	k.p = p
	return k
}

// put tries to keep a secret, and notes it if the vault says that it did.
func (k *keeping) put(slot string) {
	if k.v.Put(context.Background(), "setup", "s1", slot, secret.New("value of "+slot)) == nil {
		k.acknowledged[slot] = "value of " + slot
	}
}

// The steps of Keep at which a test breaks in. In the transaction nobody else
// can write.
var keepSteps = []string{"begin", "storing", "stored", "in the transaction", "committing", "committed", "ending", "end"}

// keep runs Keep and calls at once when it has come to a step.
func (k *keeping) keep(step string, outcome error, at func()) error {
	done := false
	once := func(now string) {
		if now == step && !done {
			done = true
			at()
		}
	}
	once("begin")
	k.ring.mu.Lock()
	k.ring.call = func(what, _ string) {
		switch what {
		case "set":
			once("storing")
		case "remove":
			once("ending")
		}
	}
	k.ring.mu.Unlock()
	err := k.p.Keep(k.t.Context(), func(commit func(context.Context) error) error {
		once("stored")
		err := k.rows.inTx(func() error {
			once("in the transaction")
			if err := commit(k.t.Context()); err != nil {
				return err
			}
			once("committing")
			return outcome
		})
		once("committed")
		return err
	})
	k.ring.mu.Lock()
	k.ring.call = nil
	k.ring.mu.Unlock()
	once("end")
	return err
}

// wantWhole checks after a restart that every acknowledged secret opens, that
// one recovery code is this office's, and that one item is left.
func (k *keeping) wantWhole(code secret.Text) {
	k.t.Helper()
	again := newVault(k.rows, k.ring)
	if err := again.Open(k.t.Context()); err != nil {
		k.t.Errorf("after a restart: %v", err)
		return
	}
	for slot, want := range k.acknowledged {
		if got, err := again.Get(k.t.Context(), "setup", "s1", slot); err != nil || got.Reveal() != want {
			k.t.Errorf("the acknowledged secret %q: %q, %v", slot, got.Reveal(), err)
		}
	}
	if err := again.ProveRecovery(k.t.Context(), code); err != nil {
		k.t.Errorf("the recovery code: %v", err)
	}
	if len(k.ring.names()) != 1 {
		k.t.Errorf("items: %v", k.ring.names())
	}
}

// RULES.md, Secrets: a pending key has one owner. Whatever else is asked for at
// each step of keeping it, no acknowledged secret is lost, and the recovery code
// that was confirmed works.
func TestOneOwnerOfThePendingKey(t *testing.T) {
	intruders := map[string]func(k *keeping){
		"a second change":    func(k *keeping) { _, _ = k.v.PrepareChange(context.Background(), secret.Text{}) },
		"a second first run": func(k *keeping) { _, _ = k.v.Prepare(context.Background(), secret.Text{}) },
		"abort":              func(k *keeping) { k.p.Abort(context.Background()) },
		"close":              func(k *keeping) { k.v.Close() },
		"another key": func(k *keeping) { // a whole change beside it
			p, err := k.v.PrepareChange(context.Background(), secret.Text{})
			if err != nil {
				return
			}
			confirm(p)
			code := p.RecoveryCode()
			if p.Keep(context.Background(), func(commit func(context.Context) error) error {
				return k.rows.inTx(func() error { return commit(context.Background()) })
			}) == nil {
				k.other = code
			}
		},
		"the same again": func(k *keeping) {
			code := k.p.RecoveryCode()
			if k.p.Keep(context.Background(), func(commit func(context.Context) error) error {
				return k.rows.inTx(func() error { return commit(context.Background()) })
			}) == nil {
				k.other = code
			}
		},
	}
	for _, changing := range []bool{false, true} {
		for _, step := range keepSteps {
			if step == "ending" && !changing {
				continue // nothing is removed then
			}
			for name, intrude := range intruders {
				t.Run(fmt.Sprintf("changing=%v/%s/%s", changing, step, name), func(t *testing.T) {
					k := newKeeping(t, changing)
					code, reached := k.p.RecoveryCode(), false
					err := k.keep(step, nil, func() {
						reached = true
						intrude(k)
						if step != "in the transaction" && step != "committing" {
							k.put("at " + step)
						}
					})
					if !reached {
						t.Fatal("the step was not reached; this test proves nothing")
					}
					k.put("after")
					switch {
					case !k.other.IsEmpty():
						k.wantWhole(k.other)
					case err == nil:
						k.wantWhole(code)
					case changing:
						k.wantWhole(k.oldCode)
					case len(k.ring.names()) != 0 || len(k.rows.bytes()) != 0 || len(k.acknowledged) != 0:
						t.Errorf("%v, and something was kept: %v", err, k.ring.names())
					}
					if step != "begin" && name != "close" && err != nil {
						t.Errorf("the confirmation did not survive: %v", err)
					}
				})
			}
		}
	}
}

// The transaction fails at each moment, or its answer is lost. Keeping it again,
// with the same recovery code, then works, and nothing is kept twice.
func TestKeepCanBeRepeated(t *testing.T) {
	for _, changing := range []bool{false, true} {
		t.Run(fmt.Sprintf("changing=%v", changing), func(t *testing.T) {
			k := newKeeping(t, changing)
			code, items := k.p.RecoveryCode(), len(k.ring.names())
			for range 3 {
				if err := k.keep("", errDiskFull, nil); !errors.Is(err, errDiskFull) {
					t.Fatal(err)
				}
				if len(k.ring.names()) != items || k.v.State().Open != changing {
					t.Fatalf("something was kept: %v", k.ring.names())
				}
				k.put("between tries")
			}
			if changing && len(k.acknowledged) != 2 {
				t.Error("nothing could be saved between two tries")
			}
			k.ring.fail = vault.ErrKeyringLocked
			wantFault(t, k.keep("", nil, nil), vault.ErrKeyringLocked)
			k.ring.fail = nil
			if err := k.keep("", nil, nil); err != nil {
				t.Fatal(err)
			}
			k.put("after")
			k.wantWhole(code)
			wantFault(t, k.keep("", nil, nil), vault.ErrNotPending)
			k.wantWhole(code)
		})
	}
}

// The database kept the transaction and only its answer was lost: Keep says
// that the key is in force, since the code just confirmed is the one that works.
func TestKeepWhoseAnswerIsLost(t *testing.T) {
	for _, changing := range []bool{false, true} {
		k := newKeeping(t, changing)
		code := k.p.RecoveryCode()
		err := k.p.Keep(t.Context(), func(commit func(context.Context) error) error {
			if err := k.rows.inTx(func() error { return commit(t.Context()) }); err != nil {
				t.Fatal(err)
			}
			return errDiskFull
		})
		if err != nil {
			t.Errorf("changing %v: %v", changing, err)
		}
		k.put("after")
		k.wantWhole(code)
	}
}

// The outcome of the transaction is in doubt: the database can neither keep it
// nor say whether it did. Both items stay and nothing is sealed, until the
// database answers; whichever key it then proves is the key.
func TestKeepInDoubt(t *testing.T) {
	for _, changing := range []bool{false, true} {
		for _, kept := range []bool{false, true} {
			t.Run(fmt.Sprintf("changing=%v,kept=%v", changing, kept), func(t *testing.T) {
				k := newKeeping(t, changing)
				code, items := k.p.RecoveryCode(), len(k.ring.names())
				err := k.p.Keep(t.Context(), func(commit func(context.Context) error) error {
					err := k.rows.inTx(func() error {
						if err := commit(t.Context()); err != nil {
							t.Fatal(err)
						}
						if kept {
							return nil
						}
						return errDiskFull
					})
					k.rows.unread = errors.New("input/output error")
					if err == nil {
						err = errDiskFull
					}
					return err
				})
				wantFault(t, err, vault.ErrInDoubt)
				if len(k.ring.names()) != items+1 {
					t.Errorf("an item was removed while it was in doubt: %v", k.ring.names())
				}
				before := k.rows.snapshot()
				k.put("in doubt")
				if len(k.acknowledged) != items || k.rows.snapshot() != before {
					t.Error("something was sealed while the key was in doubt")
				}
				if changing {
					wantSecret(t, k.v, "setup", "s1", "before", "value of before")
					_, err := k.v.PrepareChange(t.Context(), secret.Text{})
					wantFault(t, err, vault.ErrInDoubt)
				}
				k.rows.unread = nil
				// A restart opens.
				if changing || kept {
					again := newVault(k.rows, &memoryRing{items: cloned(k.ring)})
					if err := again.Open(t.Context()); err != nil {
						t.Error(err)
					}
				}
				// And so does going on; a first run is opened as after a restart.
				if !changing && kept {
					if err := k.v.Open(t.Context()); err != nil {
						t.Error(err)
					}
				}
				k.put("after")
				if !kept && !changing {
					if k.v.State().Open || len(k.ring.names()) != 0 || len(k.acknowledged) != 0 {
						t.Error("something of an undone first run stayed")
					}
					firstRun(t, k.v, k.rows, "")
					return
				}
				if k.acknowledged["after"] == "" {
					t.Error("nothing can be saved after the database answered")
				}
				if kept {
					k.wantWhole(code)
					return
				}
				again := newVault(k.rows, k.ring)
				if err := again.Open(t.Context()); err != nil {
					t.Fatal(err)
				}
				wantSecret(t, again, "setup", "s1", "after", "value of after")
				wantFault(t, again.ProveRecovery(t.Context(), code), vault.ErrCodeWrong)
			})
		}
	}
}

// A transaction that panics leaves nothing, and the next change works.
func TestKeepPanics(t *testing.T) {
	k := newKeeping(t, true)
	func() {
		defer func() { _ = recover() }()
		_ = k.p.Keep(t.Context(), func(commit func(context.Context) error) error {
			_ = k.rows.inTx(func() error {
				if err := commit(t.Context()); err != nil {
					t.Fatal(err)
				}
				return errDiskFull
			})
			panic("use case")
		})
	}()
	if len(k.ring.names()) != 1 {
		t.Errorf("items: %v", k.ring.names())
	}
	k.put("after")
	code := change(t, k.v, k.rows, "")
	k.wantWhole(code)
}

// A transaction that never commits the key keeps nothing.
func TestKeepWithoutCommit(t *testing.T) {
	k := newKeeping(t, true)
	if err := k.p.Keep(t.Context(), func(func(context.Context) error) error { return nil }); err == nil {
		t.Fatal("it says that it kept the key")
	}
	k.put("after")
	if len(k.ring.names()) != 1 || k.acknowledged["after"] == "" {
		t.Errorf("items %v, %v", k.ring.names(), k.acknowledged)
	}
}

func cloned(ring *memoryRing) map[string][]byte {
	ring.mu.Lock()
	defer ring.mu.Unlock()
	return maps.Clone(ring.items)
}
