package backend_test

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"keydesk/backend"
	"keydesk/backend/access"
	"keydesk/backend/activity"
	"keydesk/backend/apikey"
	"keydesk/backend/secret"
)

// atDoor is the context of the local API's door before it knows whose key it has.
func atDoor(t testing.TB) context.Context {
	return access.WithSource(t.Context(), access.Source{Kind: access.API})
}

// made makes a key with what a test needs of it and returns it with its secret.
func made(t testing.TB, b *backend.Backend, change func(*apikey.CreateInput)) apikey.Issued {
	t.Helper()
	in := createInput()
	if change != nil {
		change(&in)
	}
	issued, err := b.Ops.Apikey.Create(atWindow(t), in)
	if err != nil {
		t.Fatal(err)
	}
	return issued
}

// presented is what the door is told of a key that is used from this computer.
func presented(t testing.TB, b *backend.Backend, key string) apikey.Identified {
	t.Helper()
	who, err := b.Ops.Apikey.Authenticate(atDoor(t), apikey.Presented{Key: secret.New(key), Source: "127.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	return who
}

// refusalOf is why a key is not good; "" when it is.
func refusalOf(who apikey.Identified) string {
	if who.Refusal == nil {
		return ""
	}
	return who.Refusal.Code
}

// C02, C31, C34: 100,000 keys are unique, have the right form, work, and none of
// them is in the database, its WAL, a log or the activity. Most are made in
// transactions of many, since a commit for each would take minutes.
func TestNoKeyIsEverStored(t *testing.T) {
	const count, alone, together = 100_000, 200, 2000
	folder := t.TempDir()
	var log lockedBuffer
	b := opened(t, folder, func(o *backend.Options) {
		o.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	firstRun(t, b)
	keys := make([]string, 0, count)
	for range alone {
		keys = append(keys, made(t, b, nil).Secret)
	}
	caller, err := b.Users.Caller(atWindow(t), window)
	if err != nil {
		t.Fatal(err)
	}
	for len(keys) < count {
		inv := &access.Invocation{Caller: caller}
		err := b.Store.InTx(access.With(atWindow(t), inv), func(ctx context.Context) error {
			for range min(together, count-len(keys)) {
				issued, err := b.Keys.Create(ctx, createInput())
				if err != nil {
					return err
				}
				keys = append(keys, issued.Secret)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, fn := range inv.TakeAfter() {
			fn()
		}
	}
	unique := make(map[string]bool, count)
	for _, key := range keys {
		if len(key) != 61 || !apikey.Pattern.MatchString(key) {
			t.Fatalf("%q has not the form of a key", key)
		}
		unique[key] = true
	}
	if len(unique) != count {
		t.Fatalf("of %d keys %d are unique", count, len(unique))
	}
	for i := 0; i < count; i += 97 {
		if why := refusalOf(presented(t, b, keys[i])); why != "" {
			t.Fatalf("a key that was just made is refused: %s", why)
		}
		if mistyped := []byte(keys[i]); true {
			mistyped[20] ^= 1
			checked, err := b.Ops.Apikey.Check(atWindow(t), apikey.CheckInput{Key: secret.New(string(mistyped))})
			if err != nil || checked.Result != apikey.IsMistyped {
				t.Fatalf("a letter was changed and the check says %s, %v", checked.Result, err)
			}
		}
	}
	shown := everyAnswer(t, b)
	err = filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		for _, found := range apikey.Pattern.FindAll(data, -1) {
			t.Errorf("%s holds %s", path, found)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{log.String(), shown} {
		if found := apikey.Pattern.FindString(text); found != "" {
			t.Errorf("a log or an answer holds %s", found)
		}
	}
	// The secret parts in disguise, and the hash of the key without the pepper.
	var canaries []string
	for _, key := range []string{keys[0], keys[1], keys[alone], keys[count-1]} {
		digest := sha256.Sum256([]byte(key))
		canaries = append(canaries, key[len("kd_12345678_"):], string(digest[:]), hex.EncodeToString(digest[:]))
	}
	noneOnDisk(t, folder, canaries...)
}

// everyAnswer is what a person can read about keys, as JSON.
func everyAnswer(t testing.TB, b *backend.Backend) string {
	t.Helper()
	list, err := b.Ops.Apikey.List(atWindow(t), apikey.ListInput{Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	trail, err := b.Ops.Activity.List(atWindow(t), activity.ListInput{Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal([]any{list, trail})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// createInput asks for a key of 90 days that may look at setups.
func createInput() apikey.CreateInput {
	return apikey.CreateInput{RequestID: rand.Text(), Title: "CRM " + rand.Text()[:8], Expires: apikey.Term{Days: 90}, Grants: apikey.Grants{Scopes: []access.Scope{access.ReadSetups}}}
}

// C31, C33: who can write the database file can neither make a key nor widen,
// lengthen or bring back one: the key is refused, and said to be damaged.
func TestAKeyRowWrittenByAnotherProgramDoesNotWork(t *testing.T) {
	digest := func(key string) []byte { sum := sha256.Sum256([]byte(key)); return sum[:] }
	for name, change := range map[string]struct {
		write string
		args  func(id, key string) []any
	}{
		"more scopes":            {`UPDATE api_key SET grants = replace(grants, 'setups:read', 'calls:send') WHERE id = ?`, nil},
		"no daily limit":         {`UPDATE api_key SET grants = replace(grants, '"live_per_day":5', '"live_per_day":0') WHERE id = ?`, nil},
		"other sources":          {`UPDATE api_key SET grants = replace(grants, '10.0.0.0/8', '0.0.0.0/0') WHERE id = ?`, nil},
		"a later end":            {"UPDATE api_key SET expires_ms = expires_ms + 1 WHERE id = ?", nil},
		"no longer disabled":     {"UPDATE api_key SET disabled_ms = 0 WHERE id = ?", nil},
		"another key's verifier": {"UPDATE api_key SET verifier = ?2 WHERE id = ?1", func(id, key string) []any { return []any{id, digest(key)} }},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			b := opened(t, folder, nil)
			firstRun(t, b)
			one := made(t, b, func(in *apikey.CreateInput) {
				in.Grants.LivePerDay, in.Grants.Sources = 5, []string{"10.0.0.0/8", "127.0.0.1"}
			})
			if name == "no longer disabled" {
				if _, err := b.Ops.Apikey.Disable(atWindow(t), apikey.IDInput{ID: one.Key.ID}); err != nil {
					t.Fatal(err)
				}
			}
			other := made(t, b, nil)
			if err := b.Close(); err != nil {
				t.Fatal(err)
			}
			db := openRaw(t, folder)
			args := []any{one.Key.ID}
			if change.args != nil {
				args = change.args(one.Key.ID, one.Secret+"x")
			}
			result, err := db.Exec(change.write, args...)
			if err != nil {
				t.Fatal(err)
			}
			if n, _ := result.RowsAffected(); n != 1 {
				t.Fatalf("%d rows were changed", n)
			}
			var grants string
			if err := db.QueryRow("SELECT grants FROM api_key WHERE id = ?", one.Key.ID).Scan(&grants); err != nil {
				t.Fatal(err)
			}
			if asMade, _ := json.Marshal(one.Key.Grants); strings.Contains(change.write, "replace(") && grants == string(asMade) {
				t.Fatal("nothing was changed")
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			b = unlocked(t, folder)
			for _, key := range []string{one.Secret, one.Secret + "x"} {
				if why := refusalOf(presented(t, b, key)); why != "apikey.unknown" {
					t.Errorf("the key gave %q", why)
				}
			}
			if _, err := b.Ops.Apikey.Self(withKey(t, one.Key.ID), apikey.Nothing{}); codeOf(err) != "apikey.unknown" {
				t.Errorf("a call with the key gave %v", err)
			}
			got, err := b.Ops.Apikey.Get(atWindow(t), apikey.IDInput{ID: one.Key.ID})
			if err != nil || !got.Damaged {
				t.Errorf("the key is shown as %+v, %v", got, err)
			}
			if _, err := b.Ops.Apikey.Edit(atWindow(t), apikey.EditInput{ID: one.Key.ID, Title: "Sealed again", Version: got.Version}); codeOf(err) != "apikey.damaged" {
				t.Errorf("editing it gave %v", err)
			}
			if why := refusalOf(presented(t, b, other.Secret)); why != "" {
				t.Errorf("the key beside it is refused: %s", why)
			}
		})
	}
}
