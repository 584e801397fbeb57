package backend_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"keydesk/backend/activity"
	"keydesk/backend/organisation"
	"keydesk/backend/process"
	"keydesk/backend/secret"
	"keydesk/backend/setup"
)

// RULES.md, Activity; S7: a key of the trail whose bytes were damaged, or that is
// gone, locks nobody out. A new chain begins, the verification names the break,
// Activity shows it, and all goes on from there, also after a restart.
func TestDamagedTrailKey(t *testing.T) {
	for name, damage := range map[string]string{
		"the MAC key":       "UPDATE secret SET sealed = zeroblob(length(sealed)) WHERE owner_kind = 'office' AND slot = 'activity_mac'",
		"the signing key":   "UPDATE secret SET sealed = X'00' WHERE owner_kind = 'office' AND slot = 'activity_signing'",
		"both":              "UPDATE secret SET sealed = substr(sealed, 2) WHERE owner_kind = 'office'",
		"the MAC key, gone": "DELETE FROM secret WHERE owner_kind = 'office' AND slot = 'activity_mac'",
		"both, gone":        "DELETE FROM secret WHERE owner_kind = 'office'",
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			b := opened(t, folder, nil)
			code := firstRun(t, b)
			place, stage := shipped(t, b)
			kept := draft(place, stage, "http://127.0.0.1:9/")
			if _, err := b.Ops.Setup.Create(atWindow(t), setup.CreateInput{Draft: kept}); err != nil {
				t.Fatal(err)
			}
			last := wholeTrail(t, b).Last
			if err := b.Close(); err != nil {
				t.Fatal(err)
			}
			if _, err := openRaw(t, folder).Exec(damage); err != nil {
				t.Fatal(err)
			}

			b = unlocked(t, folder) // which signs the admin in
			if _, err := b.Ops.Process.CreatePlace(atWindow(t), process.CreatePlaceInput{Name: "After the break"}); err != nil {
				t.Fatal(err)
			}
			wantBreak := func(when string) {
				t.Helper()
				report, err := b.Activity.Verify(t.Context())
				if err != nil || report.Found != 1 || report.Problems[0].Kind != activity.Broken || report.Problems[0].Until != last {
					t.Errorf("%s the trail reads %+v, %v", when, report, err)
				}
			}
			wantBreak("at first")
			page, err := b.Ops.Activity.List(atWindow(t), activity.ListInput{Kind: "activity"})
			if err != nil || len(page.Entries) != 1 || page.Entries[0].Seq != last+1 || page.Entries[0].Op != "activity.restart" || page.Entries[0].Actor != "Keydesk" {
				t.Errorf("Activity shows %+v, %v", page.Entries, err)
			}
			// Changing the data key takes the new keys along.
			begun, err := b.Ops.Organisation.ChangeKey(atWindow(t), organisation.ChangeKeyInput{Passphrase: secret.New(passphrase)})
			if err != nil {
				t.Fatal(err)
			}
			if state, err := b.Ops.Organisation.ConfirmChange(atWindow(t), confirming(begun)); err != nil || state.Secrets.Unreadable != 0 {
				t.Fatalf("%+v, %v", state, err)
			}
			if err := b.Vault.ProveRecovery(t.Context(), secret.New(code)); err == nil {
				t.Error("the old code still works")
			}
			if err := b.Close(); err != nil {
				t.Fatal(err)
			}
			if _, err := os.Stat(filepath.Join(folder, activity.HeadFile+".other")); err == nil {
				t.Error("the head outside was moved aside")
			}
			b = unlocked(t, folder)
			wantBreak("after a restart")
			names, err := b.Activity.Damaged(t.Context())
			if err != nil || len(names) != 0 {
				t.Errorf("damaged: %v, %v", names, err)
			}
		})
	}
}

// The operation that begins a new chain is for Keydesk alone, and does nothing
// to a trail whose keys open.
func TestAWholeTrailIsNotRestarted(t *testing.T) {
	b := opened(t, t.TempDir(), nil)
	firstRun(t, b)
	before := wholeTrail(t, b).Last
	if err := b.Vault.ReplaceKey(t.Context(), activity.MACName); err == nil || !strings.Contains(err.Error(), "must not be replaced") {
		t.Errorf("a key that opens was replaced: %v", err)
	}
	if _, err := b.Activity.Restart(t.Context(), struct{}{}); err != nil {
		t.Fatal(err)
	}
	if after := wholeTrail(t, b).Last; after != before {
		t.Errorf("%d entries, then %d", before, after)
	}
	if info := b.Gate.Ops()["activity.restart"]; !info.System {
		t.Error("it is not for Keydesk alone")
	}
}
