package alert

import (
	"time"

	"keydesk/backend/apikey"
)

// Leads are how many days before the end of a key somebody is warned, the nearest
// first (product.md 8, C29). ended is not a warning: the key has stopped working.
var leads = []int{0, 3, 14}

const ended = -1

// fromHour is when a day's warnings go out: nobody is to be woken by them.
const fromHour = 8

// tellEnded is for how long a key that ended while Keydesk did not run is still told
// of.
const tellEnded = 14 * 24 * time.Hour

// ending is a key's end in the office's time zone.
type ending struct {
	at      time.Time
	created time.Time
	// replaced says that another key has taken its place: its end is no surprise.
	replaced bool
}

func endingOf(k apikey.Key, zone *time.Location) ending {
	return ending{at: time.UnixMilli(k.ExpiresMs).In(zone), created: time.UnixMilli(k.CreatedMs).In(zone), replaced: k.ReplacedBy != ""}
}

// lastDay is noon of the last day on which the key works.
func (e ending) lastDay() time.Time { return noonOf(e.at.Add(-time.Millisecond)) }

// noonOf is a moment of a day that every day has, however the clock is changed.
func noonOf(at time.Time) time.Time {
	return time.Date(at.Year(), at.Month(), at.Day(), 12, 0, 0, 0, at.Location())
}

// daysLeft counts the days of the calendar until the last day; 0 is that day.
func (e ending) daysLeft(now time.Time) int {
	last, today := e.lastDay(), noonOf(now.In(e.at.Location()))
	// Noon to noon is a whole number of days but for an hour or so.
	return int((last.Sub(today) + 12*time.Hour) / (24 * time.Hour))
}

// due is when the warning of a lead goes out: at 8 in the morning so many days before
// the last one, and earlier on a last day that ends before that.
func (e ending) due(lead int) time.Time {
	if lead == ended {
		return e.at
	}
	last := e.lastDay()
	due := time.Date(last.Year(), last.Month(), last.Day()-lead, fromHour, 0, 0, 0, last.Location())
	if !due.Before(e.at) {
		due = time.Date(last.Year(), last.Month(), last.Day(), 0, 0, 0, 0, last.Location())
	}
	return due
}

// applies reports whether a lead is one of this end: it is not longer than half of
// the key's life.
func (e ending) applies(lead int) bool {
	if lead <= 0 {
		return true
	}
	return !e.replaced && time.Duration(lead)*24*time.Hour <= e.at.Sub(e.created)/2
}

// now is the lead that is told at a moment if nothing was told yet; false where
// there is nothing to tell. What was slept through is not told afterwards: the
// nearest lead says it all.
func (e ending) now(at time.Time) (lead int, due bool) {
	if !at.Before(e.at) {
		return ended, at.Sub(e.at) < tellEnded
	}
	for _, lead := range leads {
		if e.applies(lead) && !at.Before(e.due(lead)) {
			return lead, true
		}
	}
	return 0, false
}
