package activity_test

import (
	"testing"
	"time"

	"keydesk/backend/access"
	"keydesk/backend/activity"
	"keydesk/backend/fault"
)

// A refusal that cannot be written is counted, also where its minute was over
// before that was known.
func TestRefusalThatFailsLateIsCounted(t *testing.T) {
	d := opened(t, t.TempDir())
	d.keys.locked.Store(true)
	d.keys.during = func() {
		d.now = d.now.Add(2 * time.Minute)
		d.Flush(t.Context())
	}
	d.RecordRefusal(t.Context(), &access.Invocation{Caller: person, Op: access.Info{Name: "setup.delete"}}, fault.New(fault.Forbidden, "a.b", "No."))
	d.keys.locked.Store(false)
	d.keys.during = nil
	d.FlushAll(t.Context())
	page, err := d.List(t.Context(), activity.ListInput{Outcome: activity.Refused})
	must(t, err)
	if len(page.Entries) != 1 || page.Entries[0].Count != 1 {
		t.Errorf("recorded as %+v", page.Entries)
	}
}
