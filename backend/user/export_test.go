package user

import (
	"strconv"
	"time"
)

// UnknownNamesKept tries this many different unknown names and returns how many
// are kept. It fails the count when the newest is not among them.
func UnknownNamesKept(names int, now time.Time) int {
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
