package apikey

import (
	"time"

	"keydesk/backend/fault"
)

// Term says when a key expires: after Days, at the end of Date (YYYY-MM-DD in the
// office's time zone), or never. Exactly one is given.
type Term struct {
	Days  int    `json:"days" validate:"min=0,max=36500"`
	Date  string `json:"date" validate:"omitempty,datetime=2006-01-02"`
	Never bool   `json:"never"`
}

// mostDays is the longest term but for never.
const mostDays = 36500

// endsAt returns when the term ends, in milliseconds; 0 is never. n days later is
// the same wall time, also across a change of the clock; a date ends with its
// last moment.
func (t Term) endsAt(fields *fault.Fields, at string, now time.Time, zone *time.Location) int64 {
	given := 0
	for _, is := range []bool{t.Days > 0, t.Date != "", t.Never} {
		if is {
			given++
		}
	}
	if given != 1 {
		fields.Add(at, "Choose when the key expires.")
		return 0
	}
	if t.Never {
		return 0
	}
	end := now.In(zone).AddDate(0, 0, t.Days)
	if t.Date != "" {
		day, err := time.ParseInLocation(time.DateOnly, t.Date, zone)
		if err != nil {
			fields.Add(at, "Enter a date.")
			return 0
		}
		end = day.AddDate(0, 0, 1)
	}
	switch {
	case !end.After(now):
		fields.Add(at, "Choose a day that is not over.")
		return 0
	case end.After(now.In(zone).AddDate(0, 0, mostDays+1)):
		fields.Add(at, "Choose a day within 100 years, or no end.")
		return 0
	}
	return end.UnixMilli()
}
