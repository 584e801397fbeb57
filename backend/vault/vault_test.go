package vault_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"keydesk/backend/secret"
	"keydesk/backend/vault"
)

const canary = "canary-4f9c-zebra-secret"

// A35, A55: sealed, read back, kept over a restart, replaced, deleted.
func TestSecretsRoundTrip(t *testing.T) {
	rows, ring := newRows(), newRing()
	v := newVault(rows, ring)
	firstRun(t, v, rows, "")
	put(t, v, "setup", "s1", "auth.value", canary)
	put(t, v, "setup", "s1", "h1", "")
	put(t, v, "setup", "s2", "h1", "other")
	put(t, v, "setup", "s1", "h1", "new é 🙂")

	again := newVault(rows, ring)
	if err := again.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantSecret(t, again, "setup", "s1", "auth.value", canary)
	wantSecret(t, again, "setup", "s1", "h1", "new é 🙂")
	if all, err := again.All(t.Context(), "setup", "s1"); err != nil || len(all) != 2 {
		t.Fatal(len(all), err)
	}
	if err := again.Delete(t.Context(), "setup", "s1", "h1"); err != nil {
		t.Fatal(err)
	}
	_, err := again.Get(t.Context(), "setup", "s1", "h1")
	wantFault(t, err, vault.ErrSecretMissing)
	if err := again.DeleteOwner(t.Context(), "setup", "s1"); err != nil {
		t.Fatal(err)
	}
	_, err = again.Get(t.Context(), "setup", "s1", "auth.value")
	wantFault(t, err, vault.ErrSecretMissing)
	wantSecret(t, again, "setup", "s2", "h1", "other")
}

// Opening many owners at once gives each owner's secrets, and a secret moved
// from one to another does not open there.
func TestSecretsOfMany(t *testing.T) {
	rows, ring := newRows(), newRing()
	v := newVault(rows, ring)
	firstRun(t, v, rows, "")
	put(t, v, "setup", "s1", "auth.token", canary)
	put(t, v, "setup", "s1", "header.h", "h")
	put(t, v, "setup", "s2", "auth.token", "other")
	put(t, v, "other", "s2", "auth.token", "of another kind")
	all, err := v.Each(t.Context(), "setup", []string{"s1", "s2", "s3"})
	if err != nil || len(all) != 2 || len(all["s1"]) != 2 || len(all["s2"]) != 1 {
		t.Fatal(len(all), err)
	}
	for at, want := range map[[2]string]string{{"s1", "auth.token"}: canary, {"s1", "header.h"}: "h", {"s2", "auth.token"}: "other"} {
		if got := all[at[0]][at[1]].Reveal(); got != want {
			t.Errorf("%v is %q", at, got)
		}
	}
	moved, _, _ := rows.Secret(t.Context(), "setup", "s1", "auth.token")
	moved.OwnerID = "s2"
	_ = rows.PutSecret(t.Context(), moved)
	// It is left out, and told; the others open.
	all, err = v.Each(t.Context(), "setup", []string{"s1", "s2"})
	if _, there := all["s2"]["auth.token"]; err != nil || there || len(all["s1"]) != 2 || len(v.Damaged("setup")["s2"]) != 1 {
		t.Errorf("%v, %v, %v", len(all["s1"]), v.Damaged("setup"), err)
	}
	_, err = v.Get(t.Context(), "setup", "s2", "auth.token")
	wantFault(t, err, vault.ErrSecretDamaged)
	v.Close()
	_, err = v.Each(t.Context(), "setup", []string{"s1"})
	wantFault(t, err, vault.ErrLocked)
}

// A35: what is stored holds neither secrets nor keys, in any spelling.
func TestNothingPlainIsStored(t *testing.T) {
	for _, passphrase := range []string{"", goodPassphrase} {
		rows, ring := newRows(), newRing()
		v := newVault(rows, ring)
		code := firstRun(t, v, rows, passphrase)
		put(t, v, "setup", "s1", "auth.value", canary)
		needles := map[string][]byte{"secret": []byte(canary), "passphrase": []byte(goodPassphrase), "code": []byte(code.Reveal())}
		for _, item := range ring.items {
			_, encoded, _ := strings.Cut(string(item), ":")
			key, err := base64.StdEncoding.DecodeString(encoded)
			if err != nil || len(key) != 32 {
				t.Fatalf("the item is not a key: %q", item)
			}
			needles["data key"] = key
		}
		stored := rows.bytes()
		for name, needle := range needles {
			for _, spelled := range [][]byte{needle, []byte(hex.EncodeToString(needle)), []byte(base64.StdEncoding.EncodeToString(needle)[:len(needle)]), needle[:8]} {
				if bytes.Contains(stored, spelled) {
					t.Errorf("the %s is in what is stored", name)
				}
			}
		}
		for _, item := range ring.items {
			if bytes.Contains(item, []byte(canary)) {
				t.Error("a secret is in the keyring")
			}
		}
	}
}

// A sealed value opens only at its own place (RULES.md, Secrets).
func TestSealedValuesAreBoundToTheirPlace(t *testing.T) {
	rows, ring := newRows(), newRing()
	v := newVault(rows, ring)
	firstRun(t, v, rows, "")
	word := rapid.StringMatching(`[a-c\x00:]{0,3}`)
	rapid.Check(t, func(rt *rapid.T) {
		from := [3]string{word.Draw(rt, "kind"), word.Draw(rt, "id"), word.Draw(rt, "slot")}
		to := [3]string{word.Draw(rt, "kind2"), word.Draw(rt, "id2"), word.Draw(rt, "slot2")}
		value := rapid.String().Draw(rt, "value")
		if err := v.Put(context.Background(), from[0], from[1], from[2], secret.New(value)); err != nil {
			rt.Fatal(err)
		}
		row, _, _ := rows.Secret(context.Background(), from[0], from[1], from[2])
		row.OwnerKind, row.OwnerID, row.Slot = to[0], to[1], to[2]
		_ = rows.PutSecret(context.Background(), row)
		got, err := v.Get(context.Background(), to[0], to[1], to[2])
		if from == to {
			if err != nil || got.Reveal() != value {
				rt.Fatalf("its own place: %q %v", got.Reveal(), err)
			}
			return
		}
		if !errors.Is(err, vault.ErrSecretDamaged) || got.Reveal() != "" {
			rt.Fatalf("moved from %q to %q it opened: %q %v", from, to, got.Reveal(), err)
		}
	})
}

func TestChangedSealedValuesDoNotOpen(t *testing.T) {
	rows, ring := newRows(), newRing()
	v := newVault(rows, ring)
	firstRun(t, v, rows, "")
	put(t, v, "setup", "s1", "h1", canary)
	good, _, _ := rows.Secret(t.Context(), "setup", "s1", "h1")
	broken := []vault.Row{}
	for i := range good.Sealed {
		row := good
		row.Sealed = slices.Clone(good.Sealed)
		row.Sealed[i] ^= 1
		broken = append(broken, row)
	}
	for n := range len(good.Sealed) {
		row := good
		row.Sealed = good.Sealed[:n]
		broken = append(broken, row)
	}
	for _, version := range []int{0, 2, -1} {
		row := good
		row.Version = version
		broken = append(broken, row)
	}
	for _, row := range broken {
		_ = rows.PutSecret(t.Context(), row)
		if got, err := v.Get(t.Context(), "setup", "s1", "h1"); !errors.Is(err, vault.ErrSecretDamaged) || got.Reveal() != "" {
			t.Fatalf("version %d, %d bytes: opened: %v", row.Version, len(row.Sealed), err)
		}
	}
	_ = rows.PutSecret(t.Context(), good)
	wantSecret(t, v, "setup", "s1", "h1", canary)
}

// A locked vault reads and writes nothing, and says so; it can still delete.
func TestLockedVault(t *testing.T) {
	rows, ring := newRows(), newRing()
	v := newVault(rows, ring)
	if state := v.State(); state.Open || state.Made || state.Reason != vault.Closed {
		t.Errorf("a new vault: %+v", state)
	}
	wantFault(t, v.Open(t.Context()), vault.ErrNotMade)
	if state := v.State(); state.Open || state.Made || state.Reason != vault.NotMade || state.Message == "" {
		t.Errorf("before first run: %+v", state)
	}
	firstRun(t, v, rows, "")
	put(t, v, "setup", "s1", "h1", canary)
	if state := v.State(); !state.Open || !state.Made || state.Reason != vault.OK || state.Keyring != "Memory Ring" || state.Protection != vault.ByKeyring {
		t.Errorf("open: %+v", state)
	}
	if _, err := v.MAC(t.Context(), vault.ActivityMAC, []byte("x")); err != nil {
		t.Fatal(err)
	}
	v.Close()
	before := rows.snapshot()
	_, err := v.Get(t.Context(), "setup", "s1", "h1")
	wantFault(t, err, vault.ErrLocked)
	wantFault(t, v.Put(t.Context(), "setup", "s1", "h1", secret.New("x")), vault.ErrLocked)
	_, err = v.MAC(t.Context(), vault.ActivityMAC, []byte("x"))
	wantFault(t, err, vault.ErrLocked)
	wantFault(t, v.MakeKey(t.Context(), "pepper"), vault.ErrLocked)
	_, err = v.PrepareChange(t.Context(), secret.Text{})
	wantFault(t, err, vault.ErrLocked)
	if rows.snapshot() != before {
		t.Error("a locked vault wrote something")
	}
	if state := v.State(); state.Open || state.Reason != vault.Closed || !state.Made {
		t.Errorf("closed: %+v", state)
	}
}

// Named keys: the MAC is the same after a restart and after a change of the
// data key, differs by name, and a key that may be undone is not kept.
func TestNamedKeys(t *testing.T) {
	rows, ring := newRows(), newRing()
	v := newVault(rows, ring)
	firstRun(t, v, rows, "")
	activity, err := v.MAC(t.Context(), vault.ActivityMAC, []byte("entry"))
	if err != nil || len(activity) != 32 {
		t.Fatal(activity, err)
	}
	// The key of the first run is committed, so it is read once.
	row, _, _ := rows.Secret(t.Context(), "office", "office", vault.ActivityMAC)
	_ = rows.DeleteSecret(t.Context(), "office", "office", vault.ActivityMAC)
	if again, err := v.MAC(t.Context(), vault.ActivityMAC, []byte("entry")); err != nil || !slices.Equal(again, activity) {
		t.Error("it was read again:", err)
	}
	_ = rows.PutSecret(t.Context(), row)
	_, err = v.MAC(t.Context(), "pepper", []byte("entry"))
	wantFault(t, err, vault.ErrSecretMissing)
	undone := errors.New("undone")
	if err := rows.inTx(func() error {
		if err := v.MakeKey(t.Context(), "pepper"); err != nil {
			t.Fatal(err)
		}
		if _, err := v.MAC(t.Context(), "pepper", []byte("entry")); err != nil {
			t.Fatal(err)
		}
		return undone
	}); !errors.Is(err, undone) {
		t.Fatal(err)
	}
	_, err = v.MAC(t.Context(), "pepper", []byte("entry"))
	wantFault(t, err, vault.ErrSecretMissing)
	if err := v.MakeKey(t.Context(), "pepper"); err != nil {
		t.Fatal(err)
	}
	pepper, _ := v.MAC(t.Context(), "pepper", []byte("entry"))
	// Once it is committed it is read no more.
	v.KeyCommitted("pepper")
	_, _ = v.MAC(t.Context(), "pepper", []byte("entry"))
	row, _, _ = rows.Secret(t.Context(), "office", "office", "pepper")
	_ = rows.DeleteSecret(t.Context(), "office", "office", "pepper")
	if again, err := v.MAC(t.Context(), "pepper", []byte("entry")); err != nil || !slices.Equal(again, pepper) {
		t.Error("the committed pepper was read again:", err)
	}
	_ = rows.PutSecret(t.Context(), row)
	if err := v.MakeKey(t.Context(), "pepper"); err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(pepper, activity) {
		t.Error("two names, one key")
	}
	change(t, v, rows, "")
	again := newVault(rows, ring)
	if err := again.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, one := range []*vault.Vault{v, again} {
		if got, err := one.MAC(t.Context(), vault.ActivityMAC, []byte("entry")); err != nil || !bytes.Equal(got, activity) {
			t.Error("the activity key changed", err)
		}
		if got, err := one.MAC(t.Context(), "pepper", []byte("entry")); err != nil || !bytes.Equal(got, pepper) {
			t.Error("the pepper changed", err)
		}
	}
}

// A named key also signs: the key pair is the same after a restart and after a
// change of the data key, and a locked vault signs nothing.
func TestSigningKey(t *testing.T) {
	rows, ring := newRows(), newRing()
	v := newVault(rows, ring)
	firstRun(t, v, rows, "")
	_, err := v.Sign(t.Context(), "signing", []byte("head"))
	wantFault(t, err, vault.ErrSecretMissing)
	if err := v.MakeKey(t.Context(), "signing"); err != nil {
		t.Fatal(err)
	}
	public, err := v.PublicKey(t.Context(), "signing")
	if err != nil {
		t.Fatal(err)
	}
	signature, err := v.Sign(t.Context(), "signing", []byte("head"))
	if err != nil || !ed25519.Verify(public, []byte("head"), signature) || ed25519.Verify(public, []byte("tail"), signature) {
		t.Error("the signature does not hold", err)
	}
	if other, err := v.PublicKey(t.Context(), vault.ActivityMAC); err != nil || other.Equal(public) {
		t.Error("two names, one key", err)
	}
	change(t, v, rows, "")
	again := newVault(rows, ring)
	if err := again.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, one := range []*vault.Vault{v, again} {
		if got, err := one.PublicKey(t.Context(), "signing"); err != nil || !got.Equal(public) {
			t.Error("the key changed", err)
		}
		if got, err := one.Sign(t.Context(), "signing", []byte("head")); err != nil || !bytes.Equal(got, signature) {
			t.Error("the signature changed", err)
		}
	}
	v.Close()
	_, err = v.Sign(t.Context(), "signing", []byte("head"))
	wantFault(t, err, vault.ErrLocked)
	_, err = v.PublicKey(t.Context(), "signing")
	wantFault(t, err, vault.ErrLocked)
}

// The recovery code is read as people type it, and every mistake is found.
func TestRecoveryCode(t *testing.T) {
	rows, ring := newRows(), newRing()
	v := newVault(rows, ring)
	code := firstRun(t, v, rows, "").Reveal()
	if len(code) != 34 || strings.Count(code, "-") != 6 || strings.ContainsAny(code, "ILOU") {
		t.Fatalf("not 7 groups of 4: %q", code)
	}
	read := func(typed string) error { return v.ProveRecovery(t.Context(), secret.New(typed)) }
	for name, typed := range map[string]string{
		"as shown": code, "small": strings.ToLower(code), "no dashes": strings.ReplaceAll(code, "-", ""),
		"blanks": "  " + strings.ReplaceAll(code, "-", " ") + "\n", "long dashes": strings.ReplaceAll(code, "-", " – "),
		"O and I": strings.NewReplacer("0", "O", "1", "I").Replace(code), "o and l": strings.NewReplacer("0", "o", "1", "l").Replace(code),
	} {
		if err := read(typed); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	found := 0
	for i := range code {
		if code[i] == '-' {
			continue
		}
		other := byte('7')
		if code[i] == other {
			other = 'Z'
		}
		if errors.Is(read(code[:i]+string(other)+code[i+1:]), vault.ErrCodeMistyped) {
			found++
		} else if err := read(code[:i] + string(other) + code[i+1:]); !errors.Is(err, vault.ErrCodeWrong) {
			t.Errorf("a changed code opens: %v", err)
		}
	}
	if found < 27 { // one in 4,096 passes the check and is then wrong
		t.Errorf("only %d of 28 mistakes were found by the check", found)
	}
	for _, typed := range []string{"", "-", code[:20], code + "A", strings.Repeat("0", 28), strings.Repeat("U", 28), "ключ" + code, strings.Repeat("A", 10000)} {
		wantFault(t, read(typed), vault.ErrCodeMistyped)
	}
	otherRows := newRows()
	other := newVault(otherRows, newRing())
	wantFault(t, read(firstRun(t, other, otherRows, "").Reveal()), vault.ErrCodeWrong)
}

func TestRecoveryCodeConfirmsByItsLastFour(t *testing.T) {
	rows, ring := newRows(), newRing()
	v := newVault(rows, ring)
	p, err := v.Prepare(t.Context(), secret.Text{})
	if err != nil {
		t.Fatal(err)
	}
	code := p.RecoveryCode().Reveal()
	wantFault(t, p.StoreKeyring(t.Context()), vault.ErrNotConfirmed)
	wantFault(t, p.Commit(t.Context()), vault.ErrNotConfirmed)
	for _, wrong := range []string{"", "----", code[:4] + "x", code, code[len(code)-3:], "ILOU"} {
		if p.Confirms(wrong) {
			t.Errorf("%q confirms", wrong)
		}
	}
	if len(ring.names()) != 0 || len(rows.bytes()) != 0 {
		t.Error("something was kept before the code was confirmed")
	}
	if !p.Confirms(" " + strings.ToLower(code[len(code)-4:])) {
		t.Error("the right four do not confirm")
	}
}

// A passphrase protects in place of the keyring; nothing reaches the keyring.
func TestPassphrase(t *testing.T) {
	rows, ring := newRows(), newRing()
	v := newVault(rows, ring)
	_, err := v.Prepare(t.Context(), secret.New("too short"))
	wantFault(t, err, vault.ErrPassphraseShort)
	code := firstRun(t, v, rows, goodPassphrase)
	put(t, v, "setup", "s1", "h1", canary)
	if len(ring.names()) != 0 {
		t.Error("the keyring was used")
	}
	v.Close()
	wantFault(t, v.Open(t.Context()), vault.ErrNeedsPassphrase)
	if state := v.State(); state.Protection != vault.ByPassphrase || state.Reason != vault.NeedsPassphrase || !state.Made {
		t.Errorf("%+v", state)
	}
	// Look is told the same.
	if state := newVault(rows, ring).Look(t.Context()); state.Protection != vault.ByPassphrase || state.Reason != vault.NeedsPassphrase || !state.Made || state.Open {
		t.Errorf("%+v", state)
	}
	wantFault(t, v.OpenWithPassphrase(t.Context(), secret.New(goodPassphrase+" ")), vault.ErrPassphraseWrong)
	if v.State().Open {
		t.Fatal("a wrong passphrase opens")
	}
	if err := v.OpenWithPassphrase(t.Context(), secret.New(goodPassphrase)); err != nil {
		t.Fatal(err)
	}
	wantSecret(t, v, "setup", "s1", "h1", canary)
	v.Close()
	if err := v.OpenWithRecovery(t.Context(), code); err != nil {
		t.Fatal(err)
	}
	wantSecret(t, v, "setup", "s1", "h1", canary)
	if len(ring.names()) != 0 {
		t.Error("recovery put the key into a keyring that was not chosen")
	}
}

// A database that asks for a costly passphrase is refused without computing.
func TestPassphraseParametersAreBounded(t *testing.T) {
	rows, ring := newRows(), newRing()
	v := newVault(rows, ring)
	firstRun(t, v, rows, goodPassphrase)
	v.Close()
	for _, data := range []string{
		`{"salt":"AAAA","time":4000000000,"memory_kib":65536,"threads":4,"sealed":"AAAA"}`,
		`{"salt":"AAAA","time":3,"memory_kib":4000000000,"threads":4,"sealed":"AAAA"}`,
		`{"salt":"AAAA","time":3,"memory_kib":65536,"threads":0,"sealed":"AAAA"}`,
		`{"salt":"AAAA","time":0,"memory_kib":65536,"threads":1,"sealed":"AAAA"}`,
		`not json`,
	} {
		_ = rows.PutWrapping(t.Context(), vault.Wrapping{Kind: vault.KindPassphrase, Data: []byte(data)})
		wantFault(t, v.OpenWithPassphrase(t.Context(), secret.New(goodPassphrase)), vault.ErrDamaged)
	}
}

// The keyring lost the key: the recovery code opens and puts it back.
func TestRecoveryPutsTheKeyBack(t *testing.T) {
	for name, harm := range map[string]func(ring *memoryRing){
		"deleted": func(ring *memoryRing) { clear(ring.items) },
		"garbage": func(ring *memoryRing) { ring.items[ring.names()[0]] = []byte("garbage") },
		"huge":    func(ring *memoryRing) { ring.items[ring.names()[0]] = make([]byte, 1<<20) },
		"another key": func(ring *memoryRing) {
			ring.items[ring.names()[0]] = []byte("keydesk1:" + base64.StdEncoding.EncodeToString(make([]byte, 32)))
		},
	} {
		t.Run(name, func(t *testing.T) {
			rows, ring := newRows(), newRing()
			v := newVault(rows, ring)
			code := firstRun(t, v, rows, "")
			put(t, v, "setup", "s1", "h1", canary)
			v.Close()
			harm(ring)
			before := rows.snapshot()
			if err := v.Open(t.Context()); err == nil || v.State().Open {
				t.Fatal("it opened")
			}
			if v.Put(t.Context(), "setup", "s1", "h1", secret.New("x")) == nil || rows.snapshot() != before {
				t.Fatal("a wrong key wrote")
			}
			if state := v.State(); state.Message == "" || state.Hint == "" || !state.Made {
				t.Errorf("no words: %+v", state)
			}
			if err := v.OpenWithRecovery(t.Context(), code); err != nil {
				t.Fatal(err)
			}
			wantSecret(t, v, "setup", "s1", "h1", canary)
			if state := v.State(); !state.Open || state.Reason != vault.OK {
				t.Errorf("after recovery: %+v", state)
			}
			v.Close()
			if err := v.Open(t.Context()); err != nil {
				t.Fatalf("the key was not put back: %v", err)
			}
		})
	}
}

// The keyring is gone altogether: the code opens the vault, and State says that
// the key could not be put back.
func TestRecoveryWithoutKeyring(t *testing.T) {
	rows, ring := newRows(), newRing()
	v := newVault(rows, ring)
	code := firstRun(t, v, rows, "")
	v.Close()
	ring.fail = vault.ErrKeyringUnavailable
	wantFault(t, v.Open(t.Context()), vault.ErrKeyringUnavailable)
	if state := v.State(); state.Reason != vault.Unavailable || !strings.Contains(state.Message, "Memory Ring") {
		t.Errorf("the keyring that is missing is not named: %+v", state)
	}
	if err := v.OpenWithRecovery(t.Context(), code); err != nil {
		t.Fatal(err)
	}
	if state := v.State(); !state.Open || state.Reason != vault.Unavailable || state.Hint == "" {
		t.Errorf("%+v", state)
	}
}

// An item that is there already is never overwritten.
func TestPrepareLeavesAnExistingItem(t *testing.T) {
	for _, name := range []string{"Keydesk " + installation, "Keydesk " + installation + " (2)"} {
		rows, ring := newRows(), newRing()
		ring.items[name] = []byte("somebody's")
		v := newVault(rows, ring)
		_, err := v.Prepare(t.Context(), secret.Text{})
		wantFault(t, err, vault.ErrKeyringTaken)
		if string(ring.items[name]) != "somebody's" || len(ring.items) != 1 {
			t.Error("the item was touched")
		}
	}
	rows, ring := newRows(), newRing()
	v := newVault(rows, ring)
	p, err := v.Prepare(t.Context(), secret.Text{})
	if err != nil {
		t.Fatal(err)
	}
	code := p.RecoveryCode().Reveal()
	p.Confirms(code[len(code)-4:])
	ring.items["Keydesk "+installation] = []byte("somebody's") // meanwhile
	wantFault(t, p.StoreKeyring(t.Context()), vault.ErrKeyringTaken)
	p.Abort(t.Context())
	if string(ring.items["Keydesk "+installation]) != "somebody's" {
		t.Error("the item was touched")
	}
}

func TestPrepareRefusesAMadeOffice(t *testing.T) {
	rows, ring := newRows(), newRing()
	v := newVault(rows, ring)
	firstRun(t, v, rows, "")
	for _, again := range []*vault.Vault{v, newVault(rows, newRing())} {
		_, err := again.Prepare(t.Context(), secret.New(goodPassphrase))
		wantFault(t, err, vault.ErrMade)
	}
	_ = rows.DeleteWrapping(t.Context(), vault.KindVerifier)
	_, err := newVault(rows, newRing()).Prepare(t.Context(), secret.New(goodPassphrase))
	wantFault(t, err, vault.ErrMade)
	v.Close()
	_ = rows.DeleteSecret(t.Context(), "office", "office", vault.ActivityMAC) // nothing proves a key now
	wantFault(t, v.Open(t.Context()), vault.ErrDamaged)
}

// Many calls at once while the vault is closed: each is right, or locked.
func TestConcurrentUse(t *testing.T) {
	rows, ring := newRows(), newRing()
	v := newVault(rows, ring)
	firstRun(t, v, rows, "")
	var all sync.WaitGroup
	for i := range 4 {
		slot := string(rune('a' + i))
		put(t, v, "setup", "s", slot, canary+slot)
		all.Go(func() {
			for range 200 {
				err := v.Put(t.Context(), "setup", "s", slot, secret.New(canary+slot))
				if err != nil && !errors.Is(err, vault.ErrLocked) {
					t.Error(err)
				}
				got, err := v.Get(t.Context(), "setup", "s", slot)
				if err == nil && got.Reveal() != canary+slot || err != nil && !errors.Is(err, vault.ErrLocked) {
					t.Error(got.Reveal(), err)
				}
				_, _ = v.MAC(t.Context(), vault.ActivityMAC, []byte("x"))
			}
		})
	}
	all.Go(func() {
		for range 20 {
			v.Close()
			if err := v.Open(t.Context()); err != nil {
				t.Error(err)
			}
		}
	})
	all.Wait()
	for i := range 4 { // nothing was sealed with a wiped key
		slot := string(rune('a' + i))
		put(t, v, "setup", "t", slot, "x")
		wantSecret(t, v, "setup", "s", slot, canary+slot)
	}
}

// A wrapping that cannot be read keeps nobody out who has what another one needs,
// and a change of the data key writes it again.
func TestOneDamagedWrappingStopsNothingElse(t *testing.T) {
	for kind, passphrase := range map[string]string{vault.KindKeyring: "", vault.KindRecovery: "", vault.KindPassphrase: goodPassphrase} {
		rows, ring := newRows(), newRing()
		v := newVault(rows, ring)
		code := firstRun(t, v, rows, passphrase)
		put(t, v, "setup", "s1", "h1", canary)
		v.Close()
		_ = rows.PutWrapping(t.Context(), vault.Wrapping{Kind: kind, Data: []byte(`{"sealed":"!"`)})
		open, by := func() error { return v.OpenWithRecovery(t.Context(), code) }, func() error { return v.Open(t.Context()) }
		switch kind {
		case vault.KindPassphrase:
			by = func() error { return v.OpenWithPassphrase(t.Context(), secret.New(goodPassphrase)) }
		case vault.KindRecovery:
			open, by = by, open
		}
		wantFault(t, by(), vault.ErrDamaged)
		if state := v.State(); state.Open {
			t.Fatalf("%s: open", kind)
		}
		if err := open(); err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		wantSecret(t, v, "setup", "s1", "h1", canary)
		changed, err := v.PrepareChange(t.Context(), secret.New(passphrase))
		if err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		again := changed.RecoveryCode()
		changed.Confirms(again.Reveal()[len(again.Reveal())-4:])
		if err := changed.Keep(t.Context(), func(commit func(context.Context) error) error { return commit(t.Context()) }); err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		for _, open := range []func() error{open, by} {
			v.Close()
			code = again
			if err := open(); err != nil {
				t.Errorf("%s, after the change: %v", kind, err)
			}
		}
		wantSecret(t, v, "setup", "s1", "h1", canary)
	}
}

// A damaged verifier keeps nobody out: the office's own sealed keys prove the data
// key as well. Another key is still refused, and a change of the data key makes a
// new verifier.
func TestADamagedVerifierStopsNothing(t *testing.T) {
	for _, damaged := range []string{`{"sealed":"!"`, `{}`, `{"sealed":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}`} {
		rows, ring := newRows(), newRing()
		v := newVault(rows, ring)
		code := firstRun(t, v, rows, goodPassphrase)
		put(t, v, "setup", "s1", "h1", canary)
		v.Close()
		_ = rows.PutWrapping(t.Context(), vault.Wrapping{Kind: vault.KindVerifier, Data: []byte(damaged)})
		wantFault(t, v.OpenWithPassphrase(t.Context(), secret.New("another "+goodPassphrase)), vault.ErrPassphraseWrong)
		for _, open := range []func() error{
			func() error { return v.OpenWithRecovery(t.Context(), code) },
			func() error { return v.OpenWithPassphrase(t.Context(), secret.New(goodPassphrase)) },
		} {
			if err := open(); err != nil {
				t.Fatalf("%s: %v", damaged, err)
			}
			wantSecret(t, v, "setup", "s1", "h1", canary)
			v.Close()
		}
		if err := v.OpenWithRecovery(t.Context(), code); err != nil {
			t.Fatal(err)
		}
		changed, err := v.PrepareChange(t.Context(), secret.New(goodPassphrase))
		if err != nil {
			t.Fatal(err)
		}
		again := changed.RecoveryCode()
		changed.Confirms(again.Reveal()[len(again.Reveal())-4:])
		if err := changed.Keep(t.Context(), func(commit func(context.Context) error) error { return commit(t.Context()) }); err != nil {
			t.Fatal(err)
		}
		// Without the office's keys the new verifier is the proof.
		_ = rows.DeleteSecret(t.Context(), "office", "office", vault.ActivityMAC)
		v.Close()
		if err := v.OpenWithRecovery(t.Context(), again); err != nil {
			t.Errorf("after the change: %v", err)
		}
		wantSecret(t, v, "setup", "s1", "h1", canary)
	}
}
