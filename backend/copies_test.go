package backend_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"keydesk/backend/activity"
	"keydesk/backend/gate"
	"keydesk/backend/organisation"
	"keydesk/backend/secret"
)

// keptCopy puts a copy of the data file beside it, as an update does.
func (d *desk) keptCopy(t *testing.T, number string, made time.Time) (path string) {
	t.Helper()
	path = filepath.Join(d.folder, "keydesk.db.before-"+number)
	if err := os.WriteFile(path, []byte("an older database"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, made, made); err != nil {
		t.Fatal(err)
	}
	return path
}

func isThere(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// A copy from before an update holds the secrets of setups that were deleted and
// destroyed since. It goes after 30 days, and Keydesk says so in activity.
func TestOldCopiesOfTheDataAreRemoved(t *testing.T) {
	d := newDesk(t)
	older := d.keptCopy(t, "3", d.now.AddDate(0, 0, -31))
	younger := d.keptCopy(t, "5", d.now.AddDate(0, 0, -29))
	prune := gate.HandlerOf(d.Gate, organisation.OpPruneCopies)
	for _, want := range []int{1, 0} {
		if pruned, err := gate.RunSystem(t.Context(), prune, struct{}{}); err != nil || pruned.Count != want {
			t.Errorf("%d removed, %v; want %d", pruned.Count, err, want)
		}
	}
	if isThere(older) || !isThere(younger) {
		t.Errorf("the older is there: %v, the younger: %v", isThere(older), isThere(younger))
	}
	page, err := d.Ops.Activity.List(atWindow(t), activity.ListInput{Text: "prune_copies"})
	if err != nil || len(page.Entries) != 1 || page.Entries[0].Actor != "Keydesk" || !strings.Contains(page.Entries[0].Before, `"copies":1`) {
		t.Errorf("activity says %+v, %v", page.Entries, err)
	}
}

// A copy opens with the old recovery code, so changing the data key removes all of
// them first. If one cannot be removed the key is not changed, and the
// confirmation can be tried again.
func TestNoCopyOutlivesTheDataKey(t *testing.T) {
	d := newDesk(t)
	fresh := d.keptCopy(t, "5", d.now)
	stuck := filepath.Join(d.folder, "keydesk.db.before-6")
	if err := os.MkdirAll(filepath.Join(stuck, "not empty"), 0o700); err != nil {
		t.Fatal(err)
	}
	replaced := filepath.Join(d.folder, "keydesk.db.replaced-20260301-090000")
	if err := os.MkdirAll(replaced, 0o700); err != nil {
		t.Fatal(err)
	}
	begun, err := d.Ops.Organisation.ChangeKey(atWindow(t), organisation.ChangeKeyInput{Passphrase: secret.New(passphrase)})
	if err != nil {
		t.Fatal(err)
	}
	if !isThere(fresh) {
		t.Error("it is gone before anything was confirmed")
	}
	if _, err := d.Ops.Organisation.ConfirmChange(atWindow(t), confirming(begun)); codeOf(err) != "organisation.copies" {
		t.Errorf("with a copy that stays it gave %v", err)
	}
	if err := os.RemoveAll(stuck); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Ops.Organisation.ConfirmChange(atWindow(t), confirming(begun)); err != nil {
		t.Fatal(err)
	}
	if isThere(fresh) || isThere(replaced) {
		t.Errorf("the copy is there: %v, what a restored copy replaced: %v", isThere(fresh), isThere(replaced))
	}
	page, err := d.Ops.Activity.List(atWindow(t), activity.ListInput{Text: "data key changed"})
	if err != nil || len(page.Entries) != 1 {
		t.Errorf("activity says %+v, %v", page.Entries, err)
	}
}
