package backend_test

import (
	"slices"
	"testing"
	"time"

	"keydesk/backend/activity"
	"keydesk/backend/setup"
	"keydesk/backend/user"
)

// Refusals that could not be written are still counted by person and operation:
// none is lost, and once the trail can be written again they become one entry.
func TestRefusalsThatCouldNotBeWritten(t *testing.T) {
	d := newDesk(t)
	admin := d.adminID(t)
	viewer := roleUser(t, d.Backend, "viewer-person", user.Viewer)
	raw := openRaw(t, d.folder)
	stop := func(statement string) {
		t.Helper()
		if _, err := raw.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	refused := func(times int) {
		t.Helper()
		begin(t, d.Backend, viewer)
		for range times {
			if _, err := d.Ops.Setup.Delete(atWindow(t), setup.IDInput{ID: "x"}); codeOf(err) != "access.forbidden" {
				t.Fatalf("a viewer's delete gave %v", err)
			}
		}
	}
	counts := func() []int {
		t.Helper()
		begin(t, d.Backend, admin)
		page, err := d.Ops.Activity.List(atWindow(t), activity.ListInput{Outcome: "refused", OldestFirst: true})
		if err != nil {
			t.Fatal(err)
		}
		list := []int{}
		for _, entry := range page.Entries {
			list = append(list, entry.Count)
		}
		return list
	}
	refused(5)
	stop(`CREATE TRIGGER full BEFORE INSERT ON activity BEGIN SELECT RAISE(ABORT, 'full'); END`)
	for range 3 {
		d.now = d.now.Add(2 * time.Minute)
		if got := counts(); !slices.Equal(got, []int{1}) {
			t.Fatalf("written while nothing can be: %v", got)
		}
		refused(2)
	}
	stop("DROP TRIGGER full")
	d.now = d.now.Add(2 * time.Minute)
	if got := counts(); !slices.Equal(got, []int{1, 10}) {
		t.Errorf("11 refusals are recorded as %v", got)
	}
	if got := counts(); !slices.Equal(got, []int{1, 10}) {
		t.Errorf("looked at again: %v", got)
	}
}

// The names to filter by are those in the trail, each once and as it was last: a
// user who did nothing is not among them, a deleted user still is.
func TestTrailNamesWhoIsInIt(t *testing.T) {
	d := newDesk(t)
	ctx := atWindow(t)
	admin := d.adminID(t)
	roleUser(t, d.Backend, "idle", user.Viewer)
	gone := roleUser(t, d.Backend, "gone", user.Viewer)
	begin(t, d.Backend, gone)
	if _, err := d.Ops.Setup.Delete(ctx, setup.IDInput{ID: "x"}); codeOf(err) != "access.forbidden" {
		t.Fatal(err)
	}
	begin(t, d.Backend, admin)
	users, err := d.Ops.User.List(ctx, user.ListInput{})
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range users {
		if one.ID == gone {
			if _, err := d.Ops.User.Delete(ctx, user.DeleteInput{ID: gone, Version: one.Version}); err != nil {
				t.Fatal(err)
			}
		}
	}
	filters, err := d.Ops.Activity.Filters(ctx, struct{}{})
	want := []activity.Actor{{ID: admin, Name: adminName}, {ID: gone, Name: "gone"}}
	if err != nil || !slices.Equal(filters.Actors, want) {
		t.Errorf("names %+v, %v; want %+v", filters.Actors, err, want)
	}
	for _, actor := range filters.Actors {
		page, err := d.Ops.Activity.List(ctx, activity.ListInput{ActorID: actor.ID})
		if err != nil || len(page.Entries) == 0 {
			t.Errorf("%s has %d entries, %v", actor.Name, len(page.Entries), err)
		}
	}
}
