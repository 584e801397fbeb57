package backend_test

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"keydesk/backend"
	"keydesk/backend/access"
	"keydesk/backend/activity"
	"keydesk/backend/apikey"
	"keydesk/backend/gate"
	"keydesk/backend/organisation"
	"keydesk/backend/secret"
	"keydesk/backend/setup"
	"keydesk/backend/user"
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

// C33: a key whose pepper was lost is damaged, and like every damaged one it can be
// deleted, before another key is made too.
func TestAKeyWithoutItsPepperCanBeDeleted(t *testing.T) {
	folder := t.TempDir()
	b := opened(t, folder, nil)
	firstRun(t, b)
	one := made(t, b, nil)
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	db := openRaw(t, folder)
	if _, err := db.Exec("DELETE FROM secret WHERE slot = 'api_keys'"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	b = unlocked(t, folder)
	if got, err := b.Ops.Apikey.Get(atWindow(t), apikey.IDInput{ID: one.Key.ID}); err != nil || !got.Damaged {
		t.Fatalf("the key is shown as %+v, %v", got, err)
	}
	if _, err := b.Ops.Apikey.Delete(atWindow(t), apikey.IDInput{ID: one.Key.ID}); err != nil {
		t.Errorf("deleting it gave %v", err)
	}
	// Nothing brings it back.
	made(t, b, nil)
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := openRaw(t, folder).Exec("UPDATE api_key SET deleted_ms = 0, revoked_ms = 0 WHERE id = ?", one.Key.ID); err != nil {
		t.Fatal(err)
	}
	b = unlocked(t, folder)
	if why := refusalOf(presented(t, b, one.Secret)); why != "apikey.unknown" {
		t.Errorf("the key gave %q", why)
	}
}

// C11: an end is a day that a date can say, and so is the day on which a replaced key
// stops.
func TestAKeyEndsOnADay(t *testing.T) {
	d := newDesk(t)
	for _, term := range []apikey.Term{{Date: "9999-12-31"}, {Date: "2226-01-01"}} {
		in := createInput()
		in.Expires = term
		if issued, err := d.Ops.Apikey.Create(atWindow(t), in); codeOf(err) != "apikey.invalid" {
			t.Errorf("%+v gave a key that ends at %d, %v", term, issued.Key.ExpiresMs, err)
		}
	}
	one := made(t, d.Backend, nil)
	if _, err := d.Ops.Apikey.Replace(atWindow(t), apikey.ReplaceInput{RequestID: rand.Text(), ID: one.Key.ID, StopsMs: math.MaxInt64}); codeOf(err) != "keydesk.invalid" {
		t.Errorf("it was replaced, to stop in 292 million years: %v", err)
	}
}

// C10, C11, C14, C27, C36: days are the same wall time in the office's zone, also
// across a change of the clock, and a status follows the clock. At its end a key is
// expired.
func TestAKeyEndsByTheOfficesClock(t *testing.T) {
	d := newDesk(t)
	now, err := d.Organisation.Current(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Ops.Organisation.SaveSettings(atWindow(t), organisation.SettingsInput{Name: now.Name, Country: "DE", TimeZone: "Europe/Berlin", IdleMinutes: 15, Version: now.Version}); err != nil {
		t.Fatal(err)
	}
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	// The clocks go forward on 29 March 2026.
	d.now = time.Date(2026, 3, 10, 9, 30, 0, 0, berlin)
	begin(t, d.Backend, mustAdmin(t, d.Backend))
	for name, test := range map[string]struct {
		term apikey.Term
		want time.Time
	}{
		"30 days":   {apikey.Term{Days: 30}, time.Date(2026, 4, 9, 9, 30, 0, 0, berlin)},
		"60 days":   {apikey.Term{Days: 60}, time.Date(2026, 5, 9, 9, 30, 0, 0, berlin)},
		"a date":    {apikey.Term{Date: "2026-03-29"}, time.Date(2026, 3, 30, 0, 0, 0, 0, berlin)},
		"today":     {apikey.Term{Date: "2026-03-10"}, time.Date(2026, 3, 11, 0, 0, 0, 0, berlin)},
		"autumn":    {apikey.Term{Days: 240}, time.Date(2026, 11, 5, 9, 30, 0, 0, berlin)},
		"leap year": {apikey.Term{Days: 720}, time.Date(2028, 2, 28, 9, 30, 0, 0, berlin)},
	} {
		got := made(t, d.Backend, func(in *apikey.CreateInput) { in.Expires = test.term }).Key.ExpiresMs
		if got != test.want.UnixMilli() {
			t.Errorf("%s: the key ends %s, want %s", name, time.UnixMilli(got).In(berlin), test.want)
		}
	}
	for name, term := range map[string]apikey.Term{
		"nothing": {}, "two things": {Days: 30, Never: true}, "a day that is over": {Date: "2026-03-09"}, "no date": {Date: "2026-02-30"},
	} {
		in := createInput()
		in.Expires = term
		if _, err := d.Ops.Apikey.Create(atWindow(t), in); codeOf(err) != "apikey.invalid" && codeOf(err) != "keydesk.invalid" {
			t.Errorf("%s gave %v", name, err)
		}
	}

	one := made(t, d.Backend, func(in *apikey.CreateInput) { in.Expires = apikey.Term{Days: 30} })
	end := time.UnixMilli(one.Key.ExpiresMs)
	for _, step := range []struct {
		at      time.Time
		status  apikey.Status
		refusal string
	}{
		{end.AddDate(0, 0, -14).Add(-time.Hour), apikey.Active, ""},
		{end.AddDate(0, 0, -14).Add(time.Minute), apikey.Expiring, ""},
		{end.Add(-time.Millisecond), apikey.Expiring, ""},
		{end, apikey.Expired, "apikey.expired"},
		// A clock that was set back brings the key back, not more.
		{end.AddDate(0, 0, -1), apikey.Expiring, ""},
		{end.AddDate(1, 0, 0), apikey.Expired, "apikey.expired"},
	} {
		d.now = step.at
		begin(t, d.Backend, mustAdmin(t, d.Backend))
		got, err := d.Ops.Apikey.Get(atWindow(t), apikey.IDInput{ID: one.Key.ID})
		if err != nil || got.Status != step.status {
			t.Errorf("at %s the key is %s, %v, want %s", step.at, got.Status, err, step.status)
		}
		if why := refusalOf(presented(t, d.Backend, one.Secret)); why != step.refusal {
			t.Errorf("at %s the key gave %q, want %q", step.at, why, step.refusal)
		}
		checked, err := d.Ops.Apikey.Check(atWindow(t), apikey.CheckInput{Key: secret.New(one.Secret)})
		if expired := step.status == apikey.Expired; err != nil || (checked.Result == apikey.IsExpired) != expired || expired && !strings.Contains(checked.Message, "9 April 2026") {
			t.Errorf("at %s the check says %+v, %v", step.at, checked, err)
		}
	}
}

// C22, C23, C25, X4: a key does not depend on who made it, and nobody grants what their
// own role lacks, nor brings such a key back.
func TestAKeyBelongsToTheOffice(t *testing.T) {
	d := newDesk(t)
	admin := mustAdmin(t, d.Backend)
	role, err := d.Ops.User.CreateRole(atWindow(t), user.CreateRoleInput{Name: "Integrator", Permissions: []access.Permission{access.CreateKey, access.EditKey, access.ViewKey, access.ViewSetup}})
	if err != nil {
		t.Fatal(err)
	}
	maker := roleUser(t, d.Backend, "maker", role.ID)
	sending := made(t, d.Backend, func(in *apikey.CreateInput) { in.Grants.Scopes = []access.Scope{access.SendCalls} })
	endless := made(t, d.Backend, func(in *apikey.CreateInput) { in.Expires = apikey.Term{Never: true} })
	prolonged := made(t, d.Backend, func(in *apikey.CreateInput) { in.Expires = apikey.Term{Days: 300} })
	d.now = d.now.AddDate(0, 0, 200)
	begin(t, d.Backend, maker)
	if _, err := d.Ops.Apikey.Edit(atWindow(t), apikey.EditInput{ID: prolonged.Key.ID, Title: "Longer", Expires: &apikey.Term{Days: 300}, Version: prolonged.Key.Version}); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*apikey.CreateInput){
		"a scope of a right that the role lacks": func(in *apikey.CreateInput) { in.Grants.Scopes = []access.Scope{access.ReadSetups, access.SendCalls} },
		"full access":                            func(in *apikey.CreateInput) { in.FullAccess = true },
		"no end":                                 func(in *apikey.CreateInput) { in.Expires = apikey.Term{Never: true} },
		"more than a year":                       func(in *apikey.CreateInput) { in.Expires = apikey.Term{Days: 400} },
	} {
		in := createInput()
		change(&in)
		if issued, err := d.Ops.Apikey.Create(atWindow(t), in); err == nil || issued.Secret != "" {
			t.Errorf("%s was granted: %v", name, err)
		}
		if _, err := d.Ops.Apikey.TakeOver(atWindow(t), apikey.TakeOverInput{New: in, SHA256: strings.Repeat("ab", 32), Random: true}); err == nil {
			t.Errorf("%s was granted to a key from elsewhere", name)
		}
	}
	// Replacing gives a new key, so it is no way to one that lives longer than the role
	// may give: neither by one that has no end, nor by one whose end was moved on.
	for name, id := range map[string]string{"no end": endless.Key.ID, "more than a year": prolonged.Key.ID} {
		if issued, err := d.Ops.Apikey.Replace(atWindow(t), apikey.ReplaceInput{RequestID: rand.Text(), ID: id}); codeOf(err) != "access.forbidden" || issued.Secret != "" {
			t.Errorf("a key with %s was replaced by one: %+v, %v", name, issued.Key, err)
		}
	}
	in := apikey.IDInput{ID: sending.Key.ID}
	if _, err := d.Ops.Apikey.Replace(atWindow(t), apikey.ReplaceInput{RequestID: rand.Text(), ID: in.ID}); err == nil {
		t.Error("a key beyond the role was replaced, which gives it")
	}
	if _, err := d.Ops.Apikey.Edit(atWindow(t), apikey.EditInput{ID: in.ID, Title: "Mine", Version: sending.Key.Version}); err == nil {
		t.Error("a key beyond the role was edited")
	}
	// What takes something away may be done in a hurry.
	if _, err := d.Ops.Apikey.Disable(atWindow(t), in); err != nil {
		t.Error(err)
	}
	if _, err := d.Ops.Apikey.Enable(atWindow(t), in); err == nil {
		t.Error("a key beyond the role was enabled")
	}
	if _, err := d.Ops.Apikey.Delete(atWindow(t), in); codeOf(err) != "access.forbidden" {
		t.Errorf("a key was deleted without the right: %v", err)
	}
	own := made(t, d.Backend, nil)

	begin(t, d.Backend, admin)
	for _, step := range []func() error{
		func() error {
			_, err := d.Ops.User.UpdateRole(atWindow(t), user.UpdateRoleInput{ID: role.ID, Name: role.Name, Permissions: []access.Permission{access.ViewKey}, Version: role.Version})
			return err
		},
		func() error {
			_, err := d.Ops.User.Delete(atWindow(t), user.DeleteInput{ID: maker, Version: 1})
			return err
		},
	} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
		if why := refusalOf(presented(t, d.Backend, own.Secret)); why != "" {
			t.Errorf("the key is refused since its maker lost something: %s", why)
		}
		if _, err := d.Ops.Setup.List(withKey(t, own.Key.ID), setup.ListInput{}); err != nil {
			t.Errorf("the key may do less since its maker lost something: %v", err)
		}
	}
	got, err := d.Ops.Apikey.Get(atWindow(t), apikey.IDInput{ID: own.Key.ID})
	if err != nil || got.Creator != "maker" {
		t.Errorf("the key was made by %q, %v", got.Creator, err)
	}
}

// E18: Check a key says what is wrong with it: mistyped, unknown, expired, revoked
// or deleted when and by whom, disabled, or that it may not do that. A system that
// asks is told no names.
func TestCheckAKey(t *testing.T) {
	d := newDesk(t)
	asks := issued(t, d.Backend, access.VerifyKeys)
	keys := map[string]apikey.Issued{}
	for _, name := range []string{"good", "disabled", "revoked", "deleted"} {
		keys[name] = made(t, d.Backend, func(in *apikey.CreateInput) { in.Title = "The " + name + " one" })
	}
	for name, change := range map[string]gate.Handler[apikey.IDInput, apikey.Key]{
		"disabled": d.Ops.Apikey.Disable, "revoked": d.Ops.Apikey.Revoke, "deleted": d.Ops.Apikey.Delete,
	} {
		if _, err := change(atWindow(t), apikey.IDInput{ID: keys[name].Key.ID}); err != nil {
			t.Fatal(err)
		}
	}
	good := keys["good"].Secret
	for name, test := range map[string]struct {
		in   apikey.CheckInput
		want apikey.Result
		says string
	}{
		"good":               {apikey.CheckInput{Key: secret.New(good)}, apikey.Good, "“The good one” is good."},
		"with blanks":        {apikey.CheckInput{Key: secret.New("  " + good + "\r\n")}, apikey.Good, ""},
		"a whole header":     {apikey.CheckInput{Key: secret.New("Authorization: x-api-key " + good)}, apikey.Good, ""},
		"in quotes":          {apikey.CheckInput{Key: secret.New(`"` + good + `"`)}, apikey.Good, ""},
		"mistyped":           {apikey.CheckInput{Key: secret.New(good[:60] + "~")}, apikey.IsMistyped, "checksum"},
		"a letter changed":   {apikey.CheckInput{Key: secret.New(good[:30] + swapped(good[30]) + good[31:])}, apikey.IsMistyped, "checksum"},
		"cut":                {apikey.CheckInput{Key: secret.New(good[:60])}, apikey.IsMistyped, "checksum"},
		"of another office":  {apikey.CheckInput{Key: secret.New("kd_AAAAAAAA_" + strings.Repeat("A", 43) + "0hTuHl")}, apikey.IsMistyped, ""},
		"foreign":            {apikey.CheckInput{Key: secret.New(strings.Repeat("ab12", 10))}, apikey.IsUnknown, "did not issue"},
		"disabled":           {apikey.CheckInput{Key: secret.New(keys["disabled"].Secret)}, apikey.IsDisabled, "disabled since 1 March 2026"},
		"revoked":            {apikey.CheckInput{Key: secret.New(keys["revoked"].Secret)}, apikey.IsRevoked, "revoked on 1 March 2026 by admin"},
		"deleted":            {apikey.CheckInput{Key: secret.New(keys["deleted"].Secret)}, apikey.IsDeleted, "deleted on 1 March 2026 by admin"},
		"a scope it has":     {apikey.CheckInput{Key: secret.New(good), Scope: access.ReadSetups}, apikey.Good, ""},
		"a scope it lacks":   {apikey.CheckInput{Key: secret.New(good), Scope: access.SendCalls}, apikey.OtherScope, "lacks the scope calls:send"},
		"from another place": {apikey.CheckInput{Key: secret.New(good), Source: "192.168.1.20"}, apikey.OtherAddress, "may not be used from 192.168.1.20"},
	} {
		got, err := d.Ops.Apikey.Check(atWindow(t), test.in)
		if err != nil || got.Result != test.want || !strings.Contains(got.Message, test.says) {
			t.Errorf("%s: %+v, %v, want %s with %q", name, got, err, test.want, test.says)
		}
		outside, err := d.Ops.Apikey.Verify(withKey(t, asks), test.in)
		if err != nil || outside.Result != got.Result {
			t.Errorf("%s: another system is told %+v, %v", name, outside, err)
		}
		if text, _ := json.Marshal(outside); strings.Contains(string(text), adminName) {
			t.Errorf("%s: another system is told who did it: %s", name, text)
		}
	}
}

// swapped is another letter or digit.
func swapped(c byte) string {
	if c == 'a' {
		return "b"
	}
	return "a"
}

// X6, C35: a key of 40 hexadecimal characters from elsewhere is taken over by its
// value or by its SHA-256, and then it works; one that is easy to guess only after
// a question, and one that is here already not at all.
func TestAKeyFromElsewhere(t *testing.T) {
	const foreign = "7f9c2ba4e88f827d616045507605853ed73b8093"
	sum := sha256.Sum256([]byte(foreign))
	for name, in := range map[string]apikey.TakeOverInput{
		"by value":   {Value: secret.New(" " + foreign + "\n")},
		"by SHA-256": {SHA256: hex.EncodeToString(sum[:]), Random: true},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			in.New = createInput()
			taken, err := d.Ops.Apikey.TakeOver(atWindow(t), in)
			if err != nil || taken.Secret != "" || !taken.Key.TakenOver {
				t.Fatalf("it was taken over as %+v, %v", taken, err)
			}
			who := presented(t, d.Backend, foreign)
			if refusalOf(who) != "" || who.KeyID != taken.Key.ID {
				t.Errorf("the key gave %+v", who)
			}
			if _, err := d.Ops.Setup.List(withKey(t, who.KeyID), setup.ListInput{}); err != nil {
				t.Error(err)
			}
			in.New = createInput()
			if _, err := d.Ops.Apikey.TakeOver(atWindow(t), in); codeOf(err) != "apikey.known" {
				t.Errorf("taking it over again gave %v", err)
			}
			noneOnDisk(t, d.folder, foreign)
		})
	}
	d := newDesk(t)
	for name, test := range map[string]struct {
		in   apikey.TakeOverInput
		want string
	}{
		"nothing":                {apikey.TakeOverInput{}, "apikey.invalid"},
		"both":                   {apikey.TakeOverInput{Value: secret.New(foreign), SHA256: hex.EncodeToString(sum[:]), Random: true}, "apikey.invalid"},
		"a hash unconfirmed":     {apikey.TakeOverInput{SHA256: hex.EncodeToString(sum[:])}, "apikey.invalid"},
		"half a hash":            {apikey.TakeOverInput{SHA256: "abcd", Random: true}, "apikey.invalid"},
		"no hexadecimal":         {apikey.TakeOverInput{SHA256: strings.Repeat("xy", 32), Random: true}, "apikey.invalid"},
		"too short":              {apikey.TakeOverInput{Value: secret.New("x1y2z3x1y2z3"), Random: true}, "apikey.invalid"},
		"with a blank inside":    {apikey.TakeOverInput{Value: secret.New(foreign[:20] + " " + foreign[20:]), Random: true}, "apikey.invalid"},
		"easy to guess":          {apikey.TakeOverInput{Value: secret.New("aaaaaaaaaaaaaaaaaaaaaaaa")}, "apikey.weak"},
		"a mistyped key of ours": {apikey.TakeOverInput{Value: secret.New(made(t, d.Backend, nil).Secret[:60] + "!"), Random: true}, "apikey.invalid"},
	} {
		test.in.New = createInput()
		if _, err := d.Ops.Apikey.TakeOver(atWindow(t), test.in); codeOf(err) != test.want {
			t.Errorf("%s gave %v, want %q", name, err, test.want)
		}
	}
}

// Look for leaked keys: a key of this office is found by form and checksum in any
// text, with where; one from elsewhere word by word; nothing of the text is kept.
func TestLookForLeakedKeys(t *testing.T) {
	d := newDesk(t)
	const foreign = "7f9c2ba4e88f827d616045507605853ed73b8093"
	one, two, gone := made(t, d.Backend, nil), made(t, d.Backend, nil), made(t, d.Backend, nil)
	if _, err := d.Ops.Apikey.Delete(atWindow(t), apikey.IDInput{ID: gone.Key.ID}); err != nil {
		t.Fatal(err)
	}
	taken, err := d.Ops.Apikey.TakeOver(atWindow(t), apikey.TakeOverInput{New: createInput(), Value: secret.New(foreign)})
	if err != nil {
		t.Fatal(err)
	}
	signs := map[string]string{} // by id
	for _, key := range []string{"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", "q7Zx+V9/kT2mPbL4c8RwYd1NsHf6uJ0EgAoXiK3yWvM=", "$x9!kQ2#vL7@pR4%tN8^wS1&zB6"} {
		one, err := d.Ops.Apikey.TakeOver(atWindow(t), apikey.TakeOverInput{New: createInput(), Value: secret.New(key), Random: true})
		if err != nil {
			t.Fatal(err)
		}
		signs[one.Key.ID] = key
	}
	other := newDesk(t)
	text := strings.Join([]string{
		"# deploy.sh", "curl -H 'Authorization: x-api-key " + one.Secret + "' http://127.0.0.1:7373/v1/key",
		"KEY=" + foreign + ";", `{"key":"` + gone.Secret + `","again":"` + one.Secret + `"}`,
		"mistyped: " + two.Secret[:20] + swapped(two.Secret[20]) + two.Secret[21:], "of others: " + made(t, other.Backend, nil).Secret,
	}, "\n")
	found, err := d.Ops.Apikey.FindLeaks(atWindow(t), apikey.LeakInput{Text: secret.New(text)})
	if err != nil {
		t.Fatal(err)
	}
	type leak struct {
		id           string
		line, column int
		times        int
		deleted      bool
	}
	var got []leak
	for _, one := range found.Found {
		got = append(got, leak{one.Key.ID, one.Line, one.Column, one.Times, one.Deleted})
	}
	want := []leak{{one.Key.ID, 2, 35, 2, false}, {taken.Key.ID, 3, 5, 1, false}, {gone.Key.ID, 4, 9, 1, true}}
	if !slices.Equal(got, want) || found.Foreign != 1 || found.Lines != 6 {
		t.Errorf("found %+v, %d foreign, %d lines, want %+v, 1, 6", got, found.Foreign, found.Lines, want)
	}
	// A key from elsewhere with other signs in it is found in each form in which a script
	// or a log would have it.
	for id, key := range signs {
		for _, form := range []string{"%s", "key=%s", "key: %s,", `{"key":"%s","on":true}`, "curl -H 'X-Key: %s' https://a.test/", "(%s)", "https://a.test/?k=%s&b=1", "a.b.c.%s.d"} {
			found, err := d.Ops.Apikey.FindLeaks(atWindow(t), apikey.LeakInput{Text: secret.New("first\n" + fmt.Sprintf(form, key) + "\n")})
			if err != nil || len(found.Found) != 1 || found.Found[0].Key.ID != id || found.Found[0].Line != 2 || found.Found[0].Column != strings.Index(form, "%s")+1 || found.Found[0].Times != 1 {
				t.Errorf("in %q: %+v, %v", form, found, err)
			}
		}
	}
	noneOnDisk(t, d.folder, append(slices.Collect(maps.Values(signs)), one.Secret[12:], foreign)...)
}

// C34, E17: every change of a key is one entry of activity with who did it and what
// was before and after, and no entry holds the key. A double click makes one key.
func TestEveryChangeOfAKeyIsRecorded(t *testing.T) {
	d := newDesk(t)
	in := createInput()
	for _, title := range []string{"", "  ", "two\nlines"} { // E03: a title is required
		in.Title = title
		if _, err := d.Ops.Apikey.Create(atWindow(t), in); codeOf(err) != "apikey.invalid" && codeOf(err) != "keydesk.invalid" {
			t.Errorf("the title %q gave %v", title, err)
		}
	}
	in.Title = "CRM"
	one, err := d.Ops.Apikey.Create(atWindow(t), in)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := d.Ops.Apikey.Create(atWindow(t), in); codeOf(err) != "apikey.made_already" || again.Secret != "" {
		t.Errorf("a double click made %+v, %v", again, err)
	}
	id := apikey.IDInput{ID: one.Key.ID}
	renamed, err := d.Ops.Apikey.Edit(atWindow(t), apikey.EditInput{ID: id.ID, Title: "Shop", Expires: &apikey.Term{Days: 30}, Version: one.Key.Version})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Ops.Apikey.Edit(atWindow(t), apikey.EditInput{ID: id.ID, Title: "Late", Version: one.Key.Version}); codeOf(err) != "store.stale" {
		t.Errorf("a form that was read before the change gave %v", err)
	}
	if renamed.Grants.Scopes[0] != access.ReadSetups || len(renamed.Grants.Scopes) != 1 {
		t.Errorf("editing changed the scopes to %v", renamed.Grants.Scopes)
	}
	var next apikey.Issued
	for _, step := range []func() error{
		func() error { _, err := d.Ops.Apikey.Disable(atWindow(t), id); return err },
		func() error { _, err := d.Ops.Apikey.Enable(atWindow(t), id); return err },
		func() (err error) {
			next, err = d.Ops.Apikey.Replace(atWindow(t), apikey.ReplaceInput{RequestID: rand.Text(), ID: id.ID, StopsMs: d.now.Add(24 * time.Hour).UnixMilli()})
			return err
		},
	} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	for name, key := range map[string]string{"the old key": one.Secret, "the new key": next.Secret} {
		if why := refusalOf(presented(t, d.Backend, key)); why != "" {
			t.Errorf("%s is refused in the overlap: %s", name, why)
		}
	}
	d.now = d.now.Add(24 * time.Hour)
	if why := refusalOf(presented(t, d.Backend, one.Secret)); why != "apikey.expired" {
		t.Errorf("the old key after the overlap gave %q", why)
	}
	begin(t, d.Backend, mustAdmin(t, d.Backend))
	for _, end := range []gate.Handler[apikey.IDInput, apikey.Key]{d.Ops.Apikey.Revoke, d.Ops.Apikey.Delete} {
		if _, err := end(atWindow(t), apikey.IDInput{ID: next.Key.ID}); err != nil {
			t.Fatal(err)
		}
	}
	if why := refusalOf(presented(t, d.Backend, next.Secret)); why == "" {
		t.Error("a deleted key is good")
	}
	page, err := d.Ops.Activity.List(atWindow(t), activity.ListInput{Kind: apikey.Kind, OldestFirst: true, Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	var ops []string
	for _, entry := range page.Entries {
		ops = append(ops, strings.TrimPrefix(entry.Op, "apikey."))
		if entry.Actor != adminName {
			t.Errorf("%s is by %q", entry.Op, entry.Actor)
		}
	}
	if want := "create edit disable enable replace replace revoke delete"; strings.Join(ops, " ") != want {
		t.Errorf("the entries are %v, want %s", ops, want)
	}
	text, _ := json.Marshal(page)
	if strings.Contains(string(text), one.Secret[12:]) || strings.Contains(string(text), next.Secret[12:]) {
		t.Error("an entry holds a key")
	}
}

// C15, C28, C30: calls, outcome and last use of a key are those of its requests, each
// is one row of the access log, and requests without a good key are one row a minute
// and source. Both go when they are older than the retention says, which is a setting.
func TestUseOfKeysIsKept(t *testing.T) {
	d := newDesk(t)
	one, idle := made(t, d.Backend, nil), made(t, d.Backend, func(in *apikey.CreateInput) { in.Expires = apikey.Term{Never: true} })
	note := func(keyID, source string, status int, code string) {
		t.Helper()
		if _, err := d.Ops.Apikey.NoteAccess(atDoor(t), apikey.Noted{KeyID: keyID, Method: "GET", Route: "/v1/setups", Status: status, Code: code, Source: source, TookMs: 3}); err != nil {
			t.Fatal(err)
		}
	}
	start := d.now
	note("", "127.0.0.1", 401, "apikey.unknown")
	for range 7 {
		note(one.Key.ID, "127.0.0.1", 200, "")
	}
	note(one.Key.ID, "127.0.0.1", 403, "access.scope")
	note(one.Key.ID, "127.0.0.1", 429, "localapi.limited")
	for range 10_000 {
		note("", "127.0.0.1", 401, "apikey.unknown")
	}
	note("", "192.168.1.9", 401, "apikey.unknown")
	rows := func() []apikey.AccessRow {
		page, err := d.Ops.Apikey.Access(atWindow(t), apikey.AccessInput{Limit: 200})
		if err != nil {
			t.Fatal(err)
		}
		return page.Rows
	}
	// What has a key is written although a request without one came first.
	for deadline := time.Now().Add(10 * time.Second); len(rows()) < 9 && time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
	}
	if got := rows(); len(got) != 9 || got[0].KeyID != one.Key.ID || got[0].Status != 429 || got[0].Requests != 1 {
		t.Fatalf("the access log has %d rows, the newest is %+v", len(got), got[0])
	}
	key, err := d.Ops.Apikey.Get(atWindow(t), apikey.IDInput{ID: one.Key.ID})
	if err != nil || key.Calls != 9 || key.LastUsedMs != start.UnixMilli() {
		t.Errorf("the key shows %d calls, last at %d, %v", key.Calls, key.LastUsedMs, err)
	}
	report, err := d.Ops.Apikey.Usage(atWindow(t), apikey.UsageInput{KeyID: one.Key.ID, Days: 30})
	if err != nil || len(report.Days) != 30 {
		t.Fatalf("%d days, %v", len(report.Days), err)
	}
	today, zero := report.Days[29], apikey.DayUse{KeyID: one.Key.ID, Day: report.Days[28].Day}
	if want := (apikey.DayUse{KeyID: one.Key.ID, Day: start.In(officeZone(t)).Format(time.DateOnly), Accepted: 7, Refused: 1, Limited: 1}); today != want || report.Days[28] != zero {
		t.Errorf("today %+v, want %+v; the day before %+v", today, want, report.Days[28])
	}
	page, err := d.Ops.Apikey.List(atWindow(t), apikey.ListInput{})
	row := slices.IndexFunc(page.Rows, func(k apikey.Key) bool { return k.ID == one.Key.ID })
	if err != nil || len(page.Recent) != len(page.Rows) || row < 0 || page.Recent[row][29] != 9 || page.Recent[row][28] != 0 {
		t.Errorf("the list shows %v, %v", page.Recent, err)
	}

	// A minute later those without a key are there too, with their count.
	d.now = d.now.Add(time.Minute)
	note(one.Key.ID, "127.0.0.1", 200, "")
	for deadline := time.Now().Add(10 * time.Second); len(rows()) < 12 && time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
	}
	without := map[string]int{}
	for _, row := range rows() {
		if row.KeyID == "" {
			without[row.Source] += row.Requests
		}
	}
	if want := map[string]int{"127.0.0.1": 10_001, "192.168.1.9": 1}; len(rows()) != 12 || !maps.Equal(without, want) {
		t.Errorf("%d rows, those without a key are %v, want 12 and %v", len(rows()), without, want)
	}

	// Keys to review: never expiring, unused for long, full access (E14).
	d.now = start.AddDate(0, 0, 40)
	begin(t, d.Backend, mustAdmin(t, d.Backend))
	review := func(days int) (titles []string) {
		page, err := d.Ops.Apikey.List(atWindow(t), apikey.ListInput{Review: true, ReviewDays: days, Sort: "title"})
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range page.Rows {
			titles = append(titles, row.ID)
		}
		slices.Sort(titles)
		return titles
	}
	both := []string{one.Key.ID, idle.Key.ID}
	slices.Sort(both)
	if got := review(30); !slices.Equal(got, both) {
		t.Errorf("to review after 40 days are %v, want %v", got, both)
	}
	if got := review(60); !slices.Equal(got, []string{idle.Key.ID}) {
		t.Errorf("to review of those unused for 60 days are %v", got)
	}

	kept, err := d.Ops.Organisation.Retention(atWindow(t), organisation.Nothing{})
	if err != nil || kept.Retention.Access != 90 {
		t.Fatalf("the retention is %+v, %v", kept, err)
	}
	prune := func() {
		t.Helper()
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
		now := d.now
		d.Backend = opened(t, d.folder, func(o *backend.Options) { o.Now = func() time.Time { return now } })
		if _, err := d.Ops.Organisation.Unlock(atWindow(t), organisation.UnlockInput{Passphrase: secret.New(passphrase)}); err != nil {
			t.Fatal(err)
		}
		begin(t, d.Backend, mustAdmin(t, d.Backend))
	}
	prune()
	if got := len(rows()); got != 12 {
		t.Errorf("after 40 days %d rows are left", got)
	}
	kept.Retention.Access = 30
	if _, err := d.Ops.Organisation.SaveRetention(atWindow(t), kept); err != nil {
		t.Fatal(err)
	}
	prune()
	for deadline := time.Now().Add(10 * time.Second); len(rows()) > 0 && time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
	}
	if got := len(rows()); got != 0 {
		t.Errorf("with a retention of 30 days %d rows are left", got)
	}
	if key, err := d.Ops.Apikey.Get(atWindow(t), apikey.IDInput{ID: one.Key.ID}); err != nil || key.Calls != 10 {
		t.Errorf("the key forgot its calls: %+v, %v", key, err)
	}
}

// officeZone is the time zone of the offices that these tests make.
func officeZone(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Kolkata")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}
