package vault_test

import (
	"encoding/base64"
	"testing"
	"time"

	"keydesk/backend/secret"
	"keydesk/backend/vault"
)

// RULES.md, Keyring; G18: every way in which a keyring can misbehave, against
// everything that is done with it. Each gives a fault within its limit, without
// a panic, and changes neither rows nor items; the recovery code always opens
// the vault.
func TestKeyringFaultModes(t *testing.T) {
	onPrivateBus(t, func(t *testing.T) {
		for _, mode := range []struct {
			name        string
			probe, open vault.Status
		}{
			{"works", vault.OK, vault.OK},
			{"locked", vault.Locked, vault.Locked},
			{"dismissed", vault.Denied, vault.OK}, // panics the bare library while it writes
			{"dismissed unlock", vault.Locked, vault.Locked},
			{"silent prompt", vault.TimeOut, vault.TimeOut}, // hangs the bare library
			{"slow", vault.TimeOut, vault.TimeOut},
			{"not ours", vault.Corrupt, vault.Corrupt},
			{"swapped", vault.Corrupt, vault.Corrupt},
			{"wrong shape", vault.Corrupt, vault.Corrupt},
			{"another key", vault.Corrupt, vault.WrongKey},
			{"huge", vault.Corrupt, vault.Corrupt},
			{"refuses", vault.Denied, vault.Denied},
			{"refuses to open", vault.Unavailable, vault.Unavailable},
			{"nonsense", vault.Corrupt, vault.Corrupt}, // panics the bare library while it opens
			{"forgets", vault.Missing, vault.Missing},
			{"disappears", vault.Unavailable, vault.Unavailable},
		} {
			t.Run(mode.name, func(t *testing.T) {
				limit := 5 * time.Second // for a busy machine; a keyring that answers does so at once
				if mode.probe == vault.TimeOut {
					limit = 400 * time.Millisecond
				}
				fake := newFakeService(t)
				rows := newRows()
				open := func(limit time.Duration) (*vault.Vault, *vault.Keyring) {
					k := vault.NewKeyring(vault.KeyringOptions{Limit: limit, TypingLimit: limit})
					return vault.New(rows, vault.Options{InstallationID: func() string { return installation }, Keyring: k}), k
				}
				v, _ := open(5 * time.Second)
				code := firstRun(t, v, rows, "")
				put(t, v, "setup", "s1", "h1", canary)
				v.Close()
				stored, held := rows.snapshot(), fake.contents()
				unchanged := func(after string) {
					t.Helper()
					if rows.snapshot() != stored || fake.contents() != held {
						t.Fatalf("%s: data changed", after)
					}
				}
				within := func(what string, do func()) {
					t.Helper()
					begin := time.Now()
					do()
					if took := time.Since(begin); took > limit+3*time.Second {
						t.Errorf("%s took %v", what, took)
					}
				}
				fake.become(mode.name)

				// Another keyring for each, so that a call that hangs in one
				// does not answer for the next.
				_, k := open(limit)
				within("Try", func() {
					probe := k.Try(t.Context())
					if probe.Status != mode.probe || probe.Message == "" || (probe.Hint == "") != (mode.probe == vault.OK) {
						t.Errorf("Try: %+v", probe)
					}
				})
				unchanged("Try")

				if mode.name == "disappears" {
					fake.appear()
				}
				v, _ = open(limit)
				within("Open", func() {
					err := v.Open(t.Context())
					state := v.State()
					if (err == nil) != (mode.open == vault.OK) || state.Open != (err == nil) || state.Reason != mode.open || state.Message == "" || (err != nil && state.Hint == "") {
						t.Errorf("Open: %v, %+v", err, state)
					}
				})
				unchanged("Open")
				if mode.open != vault.OK {
					wantFault(t, v.Put(t.Context(), "setup", "s1", "h1", secret.New("x")), vault.ErrLocked)
					unchanged("Put")
				}
				v.Close()

				if mode.name == "disappears" {
					fake.appear()
				}
				within("recovery", func() {
					if err := v.OpenWithRecovery(t.Context(), code); err != nil {
						t.Errorf("recovery: %v", err)
						return
					}
					wantSecret(t, v, "setup", "s1", "h1", canary)
				})
				if rows.snapshot() != stored {
					t.Error("recovery changed data")
				}

				// First run and a change of the key: nothing is kept if the
				// keyring does not hold the key.
				if mode.probe == vault.OK {
					return
				}
				if mode.name == "disappears" {
					fake.appear()
				}
				empty := newRows()
				fresh := vault.New(empty, vault.Options{InstallationID: func() string { return "fresh" }, Keyring: vault.NewKeyring(vault.KeyringOptions{Limit: limit, TypingLimit: limit})})
				within("first run", func() {
					p, err := fresh.Prepare(t.Context(), secret.Text{})
					if err == nil {
						confirm(p)
						err = p.StoreKeyring(t.Context())
						p.Abort(t.Context())
					}
					if err == nil {
						t.Error("first run went on without a keyring that keeps the key")
					}
				})
				if len(empty.bytes()) != 0 || fresh.State().Open {
					t.Error("first run kept something")
				}
			})
		}
	})
}

// RULES.md, Keyring: a question that nobody answers does not block later tries,
// however often it was asked. Each call has a connection of its own, which is
// closed when the call ends or is given up, so that its question goes away.
func TestUnansweredQuestionsDoNotBlockTheNextTry(t *testing.T) {
	onPrivateBus(t, func(t *testing.T) {
		fake := newFakeService(t)
		rows := newRows()
		k := vault.NewKeyring(vault.KeyringOptions{Limit: 5 * time.Second, TypingLimit: 5 * time.Second})
		v := vault.New(rows, vault.Options{InstallationID: func() string { return installation }, Keyring: k})
		firstRun(t, v, rows, "")
		put(t, v, "setup", "s1", "h1", canary)
		v.Close()
		for range 6 { // more than may be left behind
			fake.become("silent prompt")
			k.Limits(200*time.Millisecond, 200*time.Millisecond)
			wantFault(t, v.Open(t.Context()), vault.ErrKeyringTimeOut)
			if probe := k.Try(t.Context()); probe.Status != vault.TimeOut {
				t.Fatalf("a silent keyring gave %+v", probe)
			}
			fake.become("works")
			k.Limits(5*time.Second, 5*time.Second)
			if err := v.Unlock(t.Context()); err != nil {
				t.Fatalf("the next try: %v", err)
			}
			wantSecret(t, v, "setup", "s1", "h1", canary)
			v.Close()
		}
		// No connection is left: neither of those that hung nor of the others.
		conn := bus(t)
		for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(5 * time.Millisecond) {
			left := 0
			for _, client := range fake.clients {
				var there bool
				if err := conn.BusObject().Call("org.freedesktop.DBus.NameHasOwner", 0, client).Store(&there); err != nil {
					t.Fatal(err)
				}
				if there {
					left++
				}
			}
			if left == 0 {
				break
			}
			if time.Now().After(deadline) {
				t.Fatalf("%d of %d connections are left", left, len(fake.clients))
			}
		}
		if len(fake.clients) < 18 {
			t.Errorf("%d calls shared %d connections", 18, len(fake.clients))
		}
	})
}

// RULES.md, Keyring: of several items with one name every one is tried, whichever
// comes first, and what is not this office's key is left alone.
func TestSeveralItemsOfOneName(t *testing.T) {
	onPrivateBus(t, func(t *testing.T) {
		fake := newFakeService(t)
		rows := newRows()
		k := vault.NewKeyring(vault.KeyringOptions{})
		v := vault.New(rows, vault.Options{InstallationID: func() string { return installation }, Keyring: k})
		firstRun(t, v, rows, "")
		put(t, v, "setup", "s1", "h1", canary)
		v.Close()
		name := "Keydesk " + installation
		another := `{"Key":"x","Data":"` + base64.StdEncoding.EncodeToString([]byte("keydesk1:"+base64.StdEncoding.EncodeToString(make([]byte, 32)))) + `"}`
		for _, twin := range []string{another, "\x00 not what was put in", `{"Key":"x","Data":"c29tZXRoaW5nIGVsc2U="}`} {
			fake.addTwin(name, []byte(twin))
			if err := v.Open(t.Context()); err != nil {
				t.Fatalf("%q comes first: %v", twin, err)
			}
			wantSecret(t, v, "setup", "s1", "h1", canary)
			v.Close()
		}
		if len(fake.twins) != 3 {
			t.Errorf("%d of 3 other items are left", len(fake.twins))
		}
		// A change of the data key works beside them, and opens after it.
		if err := v.Open(t.Context()); err != nil {
			t.Fatal(err)
		}
		change(t, v, rows, "")
		again := vault.New(rows, vault.Options{InstallationID: func() string { return installation }, Keyring: vault.NewKeyring(vault.KeyringOptions{})})
		if err := again.Open(t.Context()); err != nil {
			t.Fatal(err)
		}
		wantSecret(t, again, "setup", "s1", "h1", canary)
		if len(fake.twins) != 2 { // the other key under the old name is gone with the old key
			t.Errorf("%d other items are left", len(fake.twins))
		}
	})
}
