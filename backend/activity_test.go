package backend_test

import (
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"keydesk/backend"
	"keydesk/backend/activity"
	"keydesk/backend/organisation"
	"keydesk/backend/process"
	"keydesk/backend/secret"
	"keydesk/backend/user"
	"keydesk/backend/vault"
)

// oldOffice loads testdata/office-2.sql: the database, as text, of an
// organisation that the program with schema 2 made, before activity was chained
// by hash. Its name, users and passphrase are those of firstRun; it has 12
// entries.
func oldOffice(t *testing.T) (folder string) {
	t.Helper()
	folder = t.TempDir()
	dump, err := os.ReadFile("testdata/office-2.sql")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := openRaw(t, folder).Exec(string(dump)); err != nil {
		t.Fatal(err)
	}
	return folder
}

func unlocked(t *testing.T, folder string) *backend.Backend {
	t.Helper()
	b := opened(t, folder, nil)
	state, err := b.Ops.Organisation.Unlock(atWindow(t), organisation.UnlockInput{Passphrase: secret.New(passphrase)})
	if err != nil || state.Phase != organisation.Open {
		t.Fatalf("unlocking gave %+v, %v", state, err)
	}
	if _, err := b.Ops.User.SignIn(atWindow(t), user.SignInInput{Name: adminName, Password: secret.New(adminPassword)}); err != nil {
		t.Fatal(err)
	}
	return b
}

func wholeTrail(t *testing.T, b *backend.Backend) activity.Report {
	t.Helper()
	report, err := b.Activity.Verify(t.Context())
	if err != nil || report.Found != 0 || report.Records == 0 {
		t.Errorf("the trail reads %+v, %v", report, err)
	}
	return report
}

// publicKey reads the public key as anybody with the file can.
func publicKey(t *testing.T, folder string) ed25519.PublicKey {
	t.Helper()
	var public []byte
	if err := openRaw(t, folder).QueryRow("SELECT public_key FROM activity_key").Scan(&public); err != nil {
		t.Fatal(err)
	}
	return public
}

// keptHead reads the signed head next to the database and checks it with only the
// public key.
func keptHead(t *testing.T, folder string) (seq int64) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, "activity.head"))
	if err != nil {
		t.Fatal(err)
	}
	var head struct {
		Seq       int64
		Hash      string
		AtMs      int64 `json:"at_ms"`
		Signature string
	}
	if err := json.Unmarshal(text, &head); err != nil {
		t.Fatal(err)
	}
	hash, _ := hex.DecodeString(head.Hash)
	signature, _ := hex.DecodeString(head.Signature)
	v := activity.NewVerifier(publicKey(t, folder), nil, nil, []activity.Head{{Seq: head.Seq, Hash: hash, AtMs: head.AtMs, Signature: signature}})
	for _, problem := range v.Report().Problems {
		if problem.Kind == activity.BadSignature {
			t.Errorf("the head's file: %s", problem.Text)
		}
	}
	return head.Seq
}

// The trail of an old organisation, written by the old program itself, is
// verified, chained again and continued. Nobody sees a difference.
func TestOldOfficeKeepsItsTrail(t *testing.T) {
	folder := oldOffice(t)
	b := unlocked(t, folder)
	report := wholeTrail(t, b)
	if len(report.Checkpoints) != 1 || report.Checkpoints[0].LastSeq != 12 || report.Checkpoints[0].BrokenSeq != 0 || report.Last <= 12 {
		t.Errorf("the trail reads %+v", report)
	}
	page, err := b.Ops.Activity.List(atWindow(t), activity.ListInput{OldestFirst: true, Limit: 12})
	if err != nil || len(page.Entries) != 12 {
		t.Fatalf("%d entries, %v", len(page.Entries), err)
	}
	if e := page.Entries[7]; e.Actor != "admin" || e.Object != "Orders / Delivery Ä" || e.Op != "process.create_place" || e.After == "" {
		t.Errorf("entry 8 reads %+v", e)
	}
	if e := page.Entries[11]; e.Outcome != activity.Refused || e.Count != 2 {
		t.Errorf("entry 12 reads %+v", e)
	}
	page, err = b.Ops.Activity.List(atWindow(t), activity.ListInput{Text: "delivery ä"})
	if err != nil || len(page.Entries) != 1 {
		t.Errorf("searching found %d entries, %v", len(page.Entries), err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if seq := keptHead(t, folder); seq != report.Last {
		t.Errorf("the head outside is of entry %d, not %d", seq, report.Last)
	}
	b = unlocked(t, folder)
	wholeTrail(t, b)
}

// The kind that was called office is found by the filter under its name of
// today.
func TestOldOfficeIsFoundUnderOrganisation(t *testing.T) {
	folder := oldOffice(t)
	raw := openRaw(t, folder)
	for _, statement := range []string{"DROP TRIGGER activity_no_update", "UPDATE activity SET kind = 'office', op = 'office.confirm' WHERE kind = 'organisation'"} {
		if _, err := raw.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	page, err := unlocked(t, folder).Ops.Activity.List(atWindow(t), activity.ListInput{Kind: "organisation"})
	if err != nil || len(page.Entries) != 1 || page.Count != 1 || page.Entries[0].Kind != "office" {
		t.Errorf("found %+v, %v", page, err)
	}
}

// An old trail that somebody edited is chained again, with a signed checkpoint
// that says where it broke.
func TestOldOfficeWithAnEditedTrail(t *testing.T) {
	folder := oldOffice(t)
	raw := openRaw(t, folder)
	for _, statement := range []string{"DROP TRIGGER activity_no_update", "UPDATE activity SET actor = 'somebody' WHERE seq = 9"} {
		if _, err := raw.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	b := unlocked(t, folder)
	if report := wholeTrail(t, b); len(report.Checkpoints) != 1 || report.Checkpoints[0].BrokenSeq != 9 {
		t.Errorf("the trail reads %+v", report.Checkpoints)
	}
}

// A new organisation has its signing key from the first run on. Changing the data
// key changes neither this key nor the MAC key, and every close writes the head
// outside the database.
func TestTrailOutlivesTheDataKey(t *testing.T) {
	folder := t.TempDir()
	b := opened(t, folder, nil)
	firstRun(t, b)
	public := publicKey(t, folder)
	before := wholeTrail(t, b)
	if len(before.Checkpoints) != 0 {
		t.Errorf("a new office has checkpoints: %+v", before.Checkpoints)
	}
	if sealed, err := b.Store.OwnerSecrets(t.Context(), "office", "office"); err != nil || len(sealed) != 2 || sealed[0].Slot == sealed[1].Slot {
		t.Errorf("the sealed keys are %d, %v", len(sealed), err)
	}
	begun, err := b.Ops.Organisation.ChangeKey(atWindow(t), organisation.ChangeKeyInput{Passphrase: secret.New(passphrase)})
	if err != nil {
		t.Fatal(err)
	}
	code := begun.RecoveryCode
	if _, err := b.Ops.Organisation.ConfirmChange(atWindow(t), organisation.ConfirmInput{StartID: begun.StartID, LastFour: code[len(code)-4:]}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Ops.Process.CreatePlace(atWindow(t), process.CreatePlaceInput{Name: "Orders"}); err != nil {
		t.Fatal(err)
	}
	changed := wholeTrail(t, b)
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if seq := keptHead(t, folder); seq != changed.Last || changed.Last <= before.Last {
		t.Errorf("the head outside is of entry %d, not %d", seq, changed.Last)
	}
	b = unlocked(t, folder)
	wholeTrail(t, b)
	if again := publicKey(t, folder); !again.Equal(public) {
		t.Error("the public key changed with the data key")
	}
	signing, err := b.Vault.PublicKey(t.Context(), activity.SigningName)
	if err != nil || !signing.Equal(public) {
		t.Errorf("the signing key changed with the data key, %v", err)
	}
}

// While the data key is closed nothing is signed, and closing works.
func TestCloseWhileLocked(t *testing.T) {
	folder := t.TempDir()
	b := opened(t, folder, nil)
	firstRun(t, b)
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	seq := keptHead(t, folder)
	b = opened(t, folder, nil)
	if state := b.Vault.State(); state.Open || state.Reason == vault.OK {
		t.Fatalf("the vault is open: %+v", state)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if keptHead(t, folder) != seq {
		t.Error("the head outside changed")
	}
}
