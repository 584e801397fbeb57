package backend_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"keydesk/backend"
	"keydesk/backend/activity"
	"keydesk/backend/organisation"
	"keydesk/backend/process"
	"keydesk/backend/secret"
	"keydesk/backend/setup"
	"keydesk/backend/user"
	"keydesk/backend/vault"
)

// testRing is a system keyring in memory, which calls a test at each write.
type testRing struct {
	mu    sync.Mutex
	items map[string][]byte
	fail  error // returned by every call if set
	call  func(what string)
}

func newTestRing() *testRing { return &testRing{items: map[string][]byte{}} }

func (r *testRing) called(what string) error {
	r.mu.Lock()
	call, fail := r.call, r.fail
	r.mu.Unlock()
	if call != nil {
		call(what)
	}
	return fail
}

func (r *testRing) Get(item string) ([]byte, error) {
	if err := r.called("get"); err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	data, found := r.items[item]
	if !found {
		return nil, vault.ErrKeyringMissing
	}
	return slices.Clone(data), nil
}

func (r *testRing) Set(item string, data []byte) error {
	if err := r.called("set"); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.items[item] = slices.Clone(data)
	return nil
}

func (r *testRing) Remove(item string) error {
	if err := r.called("remove"); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.items, item)
	return nil
}

func (r *testRing) names() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Sorted(maps.Keys(r.items))
}

func (r *testRing) keyring() *vault.Keyring {
	return vault.NewKeyring(vault.KeyringOptions{
		Backends: []string{"test"},
		Open:     func(string) (vault.Backend, error) { return r, nil },
		Name:     func(string) string { return "Test Ring" },
	})
}

// ringOffice is an office whose data key is in a testRing, and a confirmation in
// it that a test stops at each of its steps.
type ringOffice struct {
	*backend.Backend
	folder string
	ring   *testRing

	mu   sync.Mutex
	at   string // the step to stop at
	seen string // the step before
	stop func()
	wait sync.WaitGroup
}

func newRingOffice(t *testing.T) *ringOffice {
	o := &ringOffice{folder: t.TempDir(), ring: newTestRing()}
	o.Backend = opened(t, o.folder, func(options *backend.Options) {
		options.Keyring = o.ring.keyring()
		options.Changed = func([]string) { o.reach("committed") }
		options.Now = func() time.Time {
			o.mu.Lock()
			stored := o.seen == "stored"
			o.mu.Unlock()
			if stored { // the first look at the clock after the keyring is in the transaction
				o.reach("in the transaction")
			}
			return time.Now()
		}
	})
	o.ring.call = func(what string) {
		switch what {
		case "set":
			o.reach("storing")
		case "remove":
			o.reach("ending")
		case "get":
			o.mu.Lock()
			defer o.mu.Unlock()
			if o.seen == "storing" {
				o.seen = "stored"
			}
		}
	}
	return o
}

// reach calls the test if this is the step to stop at. What the test begins may
// have to wait for the confirmation, so that this waits for it only a moment.
func (o *ringOffice) reach(step string) {
	o.mu.Lock()
	o.seen = step
	stop := o.stop
	if step != o.at {
		stop = nil
	}
	if stop != nil {
		o.stop = nil
	}
	o.mu.Unlock()
	if stop == nil {
		return
	}
	done := make(chan struct{})
	o.wait.Go(func() { defer close(done); stop() })
	select {
	case <-done:
	case <-time.After(100 * time.Millisecond):
	}
}

var ringForm = organisation.BeginInput{
	Organisation: "Acme", Country: "IN", TimeZone: "Asia/Kolkata", UserName: adminName, FullName: "Ada Admin",
	Password: secret.New(adminPassword),
}

func confirming(begun organisation.Begun) organisation.ConfirmInput {
	return organisation.ConfirmInput{StartID: begun.StartID, LastFour: begun.RecoveryCode[len(begun.RecoveryCode)-4:]}
}

// RULES.md, Secrets: at every step of confirming a recovery code, at the first
// run and when the data key is changed, somebody begins another, confirms again,
// saves, locks or signs out. Every save that was acknowledged opens after a
// restart, and the recovery code that was confirmed works.
func TestConfirmingHasOneOwner(t *testing.T) {
	intruders := map[string]func(o *ringOffice, ctx context.Context, begun organisation.Begun){
		"another first run": func(o *ringOffice, ctx context.Context, _ organisation.Begun) {
			_, _ = o.Ops.Organisation.Begin(ctx, ringForm)
		},
		"another change": func(o *ringOffice, ctx context.Context, _ organisation.Begun) {
			_, _ = o.Ops.Organisation.ChangeKey(ctx, organisation.ChangeKeyInput{})
		},
		"the same again": func(o *ringOffice, ctx context.Context, begun organisation.Begun) {
			_, _ = o.Ops.Organisation.Confirm(ctx, confirming(begun))
			_, _ = o.Ops.Organisation.ConfirmChange(ctx, confirming(begun))
		},
		"lock": func(o *ringOffice, ctx context.Context, _ organisation.Begun) {
			_, _ = o.Ops.User.Lock(ctx, user.Nothing{})
		},
		"sign out": func(o *ringOffice, ctx context.Context, _ organisation.Begun) {
			_, _ = o.Ops.User.SignOut(ctx, user.Nothing{})
		},
		"unlock": func(o *ringOffice, ctx context.Context, _ organisation.Begun) {
			_, _ = o.Ops.Organisation.Unlock(ctx, organisation.UnlockInput{})
		},
	}
	for _, changing := range []bool{false, true} {
		for _, step := range []string{"storing", "in the transaction", "committed", "ending"} {
			if step == "ending" && !changing {
				continue // nothing is removed then
			}
			for name, intrude := range intruders {
				t.Run(fmt.Sprintf("changing=%v/%s/%s", changing, step, name), func(t *testing.T) {
					t.Parallel()
					o := newRingOffice(t)
					ctx := atWindow(t)
					begun, err := o.Ops.Organisation.Begin(ctx, ringForm)
					if err != nil {
						t.Fatal(err)
					}
					acknowledged := map[string]bool{}
					var place process.Node
					var stage process.Stage
					save := func() {
						if place.ID == "" {
							return // before the first run nothing can be saved
						}
						one := draft(place, stage, "http://127.0.0.1:9/")
						one.Enabled = false
						if saved, err := o.Ops.Setup.Create(ctx, setup.CreateInput{Draft: one}); err == nil {
							acknowledged[saved.Setups[0].ID] = true
						}
					}
					if changing {
						if _, err := o.Ops.Organisation.Confirm(ctx, confirming(begun)); err != nil {
							t.Fatal(err)
						}
						place, stage = shipped(t, o.Backend)
						save()
						if begun, err = o.Ops.Organisation.ChangeKey(ctx, organisation.ChangeKeyInput{}); err != nil {
							t.Fatal(err)
						}
					}
					reached := false
					o.mu.Lock()
					o.at, o.stop = step, func() { reached = true; intrude(o, ctx, begun); save() }
					o.mu.Unlock()
					if changing {
						_, err = o.Ops.Organisation.ConfirmChange(ctx, confirming(begun))
					} else {
						_, err = o.Ops.Organisation.Confirm(ctx, confirming(begun))
					}
					o.wait.Wait()
					if err != nil {
						t.Errorf("the confirmation gave %v", err)
					}
					if !reached {
						t.Fatal("the step was not reached; this test proves nothing")
					}
					begin(t, o.Backend, mustAdmin(t, o.Backend))
					if !changing {
						place, stage = shipped(t, o.Backend)
					}
					save()
					if len(acknowledged) == 0 {
						t.Fatal("nothing was saved")
					}
					o.wantWhole(t, begun.RecoveryCode, slices.Collect(maps.Keys(acknowledged)))
				})
			}
		}
	}
}

// wantWhole closes the office and opens it again with its keyring.
func (o *ringOffice) wantWhole(t *testing.T, code string, setups []string) {
	t.Helper()
	if err := o.Close(); err != nil {
		t.Fatal(err)
	}
	again := opened(t, o.folder, func(options *backend.Options) { options.Keyring = o.ring.keyring() })
	if state := again.Vault.State(); !state.Open {
		t.Fatalf("after a restart: %+v", state)
	}
	for _, id := range setups {
		if got, err := again.Vault.Get(t.Context(), setup.Kind, id, "auth.token"); err != nil || got.Reveal() != canary {
			t.Errorf("an acknowledged secret: %q, %v", got.Reveal(), err)
		}
	}
	if found, err := again.Vault.Survey(t.Context()); err != nil || len(found.Unreadable) != 0 {
		t.Errorf("unreadable: %v, %v", found.Unreadable, err)
	}
	if err := again.Vault.ProveRecovery(t.Context(), secret.New(code)); err != nil {
		t.Errorf("the recovery code that was confirmed: %v", err)
	}
	if len(o.ring.names()) != 1 {
		t.Errorf("items: %v", o.ring.names())
	}
	wholeTrail(t, again)
}

// A damaged secret does not keep the data key from being changed: the rest is
// sealed again, and the answer, the state and Activity say how many have to be
// entered again (RULES.md, Secrets).
func TestChangeOfTheDataKeyWithADamagedSecret(t *testing.T) {
	o := newRingOffice(t)
	ctx := atWindow(t)
	begun, err := o.Ops.Organisation.Begin(ctx, ringForm)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.Ops.Organisation.Confirm(ctx, confirming(begun)); err != nil {
		t.Fatal(err)
	}
	place, stage := shipped(t, o.Backend)
	ids := []string{}
	for range 2 {
		one := draft(place, stage, "http://127.0.0.1:9/")
		one.Enabled = false
		saved, err := o.Ops.Setup.Create(ctx, setup.CreateInput{Draft: one})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, saved.Setups[0].ID)
	}
	if _, err := openRaw(t, o.folder).Exec("UPDATE secret SET sealed = zeroblob(length(sealed)) WHERE owner_id = ?", ids[0]); err != nil {
		t.Fatal(err)
	}
	if begun, err = o.Ops.Organisation.ChangeKey(ctx, organisation.ChangeKeyInput{}); err != nil {
		t.Fatal(err)
	}
	state, err := o.Ops.Organisation.ConfirmChange(ctx, confirming(begun))
	if err != nil || state.Secrets.Unreadable != 1 {
		t.Fatalf("%+v, %v", state.Secrets, err)
	}
	found, err := o.Vault.Survey(ctx)
	if err != nil || len(found.Unreadable) != 1 || found.Unreadable[0] != (secret.Location{OwnerKind: setup.Kind, OwnerID: ids[0], Slot: "auth.token"}) {
		t.Errorf("unreadable: %v, %v", found.Unreadable, err)
	}
	page, err := o.Ops.Activity.List(ctx, activity.ListInput{Text: "data key"})
	if err != nil || len(page.Entries) == 0 || page.Entries[0].After != `{"secrets_to_enter_again":1}` {
		t.Errorf("Activity has %+v, %v", page.Entries, err)
	}
	if got, err := o.Vault.Get(ctx, setup.Kind, ids[1], "auth.token"); err != nil || got.Reveal() != canary {
		t.Errorf("the other secret: %v", err)
	}
	if err := o.Vault.ProveRecovery(ctx, secret.New(begun.RecoveryCode)); err != nil {
		t.Error(err)
	}
}

// Leftovers (RULES.md, Keyring): a kill in the middle of a first run leaves no
// item in the keyring for ever. The next first run removes it, and so does the
// next opening where the office was made after all.
func TestKillInTheFirstRunLeavesNoItem(t *testing.T) {
	for _, step := range []string{"storing", "in the transaction", "committed"} {
		for _, next := range []string{"keyring", "passphrase"} {
			t.Run(step+"/"+next, func(t *testing.T) {
				t.Parallel()
				o := newRingOffice(t)
				ctx := atWindow(t)
				begun, err := o.Ops.Organisation.Begin(ctx, ringForm)
				if err != nil {
					t.Fatal(err)
				}
				var folder string
				var ring *testRing
				o.mu.Lock()
				o.at, o.stop = step, func() { folder, ring = o.copied(t) }
				o.mu.Unlock()
				if _, err := o.Ops.Organisation.Confirm(ctx, confirming(begun)); err != nil {
					t.Fatal(err)
				}
				o.wait.Wait()
				if left := len(ring.names()); step != "storing" && left != 1 {
					t.Fatalf("%d items at the kill; this test proves nothing", left)
				}
				again := opened(t, folder, func(options *backend.Options) { options.Keyring = ring.keyring() })
				want := 1
				if state, err := again.Ops.Organisation.State(ctx, organisation.Nothing{}); err != nil || (state.Phase == organisation.Open) != (step == "committed") {
					t.Fatalf("after the kill: %+v, %v", state, err)
				}
				if step != "committed" {
					form := ringForm
					if next == "passphrase" {
						form.Passphrase, want = secret.New(passphrase), 0
					}
					begun, err := again.Ops.Organisation.Begin(ctx, form)
					if err != nil {
						t.Fatal(err)
					}
					if names := ring.names(); len(names) != 0 {
						t.Errorf("the next first run leaves %v", names)
					}
					if _, err := again.Ops.Organisation.Confirm(ctx, confirming(begun)); err != nil {
						t.Fatal(err)
					}
				}
				if names := ring.names(); len(names) != want {
					t.Errorf("items: %v", names)
				}
				if notes, err := again.Store.NotedItems(ctx); err != nil || len(notes) != 0 {
					t.Errorf("notes: %v, %v", notes, err)
				}
			})
		}
	}
}
