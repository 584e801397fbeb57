package activity_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"keydesk/backend/activity"
	"keydesk/backend/store"
)

// marked gives what the list says of damaged entries, by their numbers.
func (d *desk) marked(in activity.ListInput) map[int64]string {
	d.t.Helper()
	damaged := map[int64]string{}
	for more := true; more; {
		page, err := d.List(d.t.Context(), in)
		must(d.t, err)
		for _, entry := range page.Entries {
			in.Before = entry.Seq
			if entry.Damaged != "" {
				damaged[entry.Seq] = entry.Damaged
			}
		}
		more = page.More
	}
	return damaged
}

// RULES.md, Activity: a damaged entry is marked where it is shown, on whichever
// page and behind whichever filter it is; the others are not. After an unclean
// stop the newest entries are read back at opening, and the log says what is
// damaged; after a clean one they are not.
func TestDamagedEntriesAreMarked(t *testing.T) {
	for _, c := range []struct {
		name       string
		statements []string
		want       map[int64]string
	}{
		{"nothing", nil, map[int64]string{}},
		{"an outcome", []string{"UPDATE activity SET outcome = 'refused' WHERE seq = 4"}, map[int64]string{4: "Entry 4 was changed."}},
		{"a text", []string{"UPDATE activity SET after = replace(after, '3', '4') WHERE seq = 4"}, map[int64]string{4: "Entry 4 was changed."}},
		{"two removed", []string{"DELETE FROM activity WHERE seq IN (4, 5)"}, map[int64]string{6: "Entry 5, which it continues, is missing."}},
		{"the beginning removed", []string{"DELETE FROM activity WHERE seq < 3"}, map[int64]string{3: "Entry 2, which it continues, is missing."}},
		{"an emptied link", []string{"UPDATE activity SET hash = x'', mac = x'' WHERE seq = 7"},
			map[int64]string{7: "Entry 7 was changed. Entry 7 was not written by this office.", 8: "Entry 8 does not continue entry 7."}},
		{"an erased text", []string{"UPDATE activity SET actor = '', actor_salt = x'' WHERE seq = 2"}, map[int64]string{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := opened(t, t.TempDir())
			d.write(12)
			d.shut()
			run(t, d.folder, c.statements...)
			for _, unclean := range []bool{false, true} {
				if unclean {
					must(t, os.WriteFile(filepath.Join(d.folder, store.FileName+".open"), nil, 0o600))
				}
				d = opened(t, d.folder)
				for _, in := range []activity.ListInput{{Limit: 50}, {Limit: 5}, {Limit: 1}, {Limit: 3, OldestFirst: true}} {
					if got := d.marked(in); !maps.Equal(got, c.want) {
						t.Errorf("%+v marks %v, want %v", in, got, c.want)
					}
				}
				said := strings.Contains(d.logged.String(), fmt.Sprintf("activity trail are damaged\" entries=%d", len(c.want)))
				if want := unclean && len(c.want) > 0; said != want {
					t.Errorf("unclean %v: the log reads %s", unclean, &d.logged)
				}
				must(t, d.store.Close())
			}
		})
	}
}

// Only the newest 1,000 entries are read back at opening, so that a long trail
// does not make it slow; Verify finds what is before.
func TestOnlyTheTailIsReadBack(t *testing.T) {
	d := opened(t, t.TempDir())
	d.write(1005)
	d.shut()
	run(t, d.folder, "UPDATE activity SET outcome = 'refused' WHERE seq = 5")
	marker := filepath.Join(d.folder, store.FileName+".open")
	must(t, os.WriteFile(marker, nil, 0o600))
	d = opened(t, d.folder)
	if text := d.logged.String(); strings.Contains(text, "are damaged") {
		t.Errorf("the log reads %s", text)
	}
	if report := d.verify(); !found(report, activity.Changed, 5, 5) {
		t.Errorf("the whole trail: %+v", report.Problems)
	}
	must(t, d.store.Close())
	run(t, d.folder, "UPDATE activity SET outcome = 'refused' WHERE seq IN (6, 1005)")
	must(t, os.WriteFile(marker, nil, 0o600))
	d = opened(t, d.folder)
	if text := d.logged.String(); !strings.Contains(text, "entries=2 first=\"Entry 6 was changed.\"") {
		t.Errorf("the log reads %s", text)
	}
}
