package user

import (
	"strconv"
	"time"
)

// StrangersKept tries so many different unknown names and tells how many are
// kept. It fails the count when the newest is not among them.
func StrangersKept(names int, now time.Time) int {
	var s unknownNames
	for i := range names {
		_ = s.try("name "+strconv.Itoa(i), now)
	}
	newest := "name " + strconv.Itoa(names-1)
	for range freeTries {
		_ = s.try(newest, now)
	}
	if s.try(newest, now) == nil || len(s.order) != len(s.known) {
		return -1
	}
	return len(s.known)
}
