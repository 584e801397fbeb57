package call

import (
	"testing"
	"time"
	_ "time/tzdata"
)

// The day of the limit is the organisation's day, also on days when its clock is
// changed at midnight.
func TestStartOfDay(t *testing.T) {
	for _, c := range []struct{ place, now, start string }{
		{"UTC", "2026-03-01T09:00:00Z", "2026-03-01T00:00:00Z"},
		// The day has begun at the place but not in UTC.
		{"Asia/Kolkata", "2026-02-28T20:00:00Z", "2026-02-28T18:30:00Z"},
		{"Asia/Kolkata", "2026-02-28T18:30:00Z", "2026-02-28T18:30:00Z"},
		{"Asia/Kolkata", "2026-02-28T18:29:59Z", "2026-02-27T18:30:00Z"},
		{"Pacific/Kiritimati", "2026-03-01T09:59:59Z", "2026-02-28T10:00:00Z"},
		// Days of 23 and 25 hours.
		{"America/New_York", "2026-03-09T03:59:59Z", "2026-03-08T05:00:00Z"},
		{"America/New_York", "2026-11-02T04:59:59Z", "2026-11-01T04:00:00Z"},
		// From 24:00 to 1:00: there is no midnight.
		{"Africa/Cairo", "2026-04-24T12:00:00Z", "2026-04-23T22:00:00Z"},
		{"Asia/Beirut", "2026-03-29T12:00:00Z", "2026-03-28T22:00:00Z"},
		// From 1:00 back to 0:00: there are two.
		{"America/Havana", "2026-11-01T18:00:00Z", "2026-11-01T04:00:00Z"},
		{"America/Havana", "2026-11-01T04:30:00Z", "2026-11-01T04:00:00Z"},
		// From 24:00 back to 23:00 of the day before: its midnight is one.
		{"Africa/Cairo", "2026-10-30T12:00:00Z", "2026-10-29T22:00:00Z"},
	} {
		place, err := time.LoadLocation(c.place)
		if err != nil {
			t.Fatal(err)
		}
		now, err := time.Parse(time.RFC3339, c.now)
		if err != nil {
			t.Fatal(err)
		}
		start := startOfDay(now, place)
		if got := start.UTC().Format(time.RFC3339); got != c.start {
			t.Errorf("%s at %s: the day began at %s, want %s", c.place, c.now, got, c.start)
		}
		if before := start.Add(-time.Nanosecond).In(place); before.Day() == now.In(place).Day() {
			t.Errorf("%s at %s: %s is the same day", c.place, c.now, before)
		}
	}
}
