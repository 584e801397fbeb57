package user

import (
	"crypto/sha256"
	"strconv"
	"time"
)

// UnknownNamesKept tries this many different unknown names and returns how many
// are kept. It fails the count when the newest is not among them.
func UnknownNamesKept(names int, now time.Time) int {
	var s unknownNames
	for i := range names {
		_, _, _ = s.try(idOf(i), now)
	}
	newest := idOf(names - 1)
	for range freeTries {
		_, _, _ = s.try(newest, now)
	}
	if _, _, refusal := s.try(newest, now); refusal == nil || len(s.slots) != len(s.known) {
		return -1
	}
	return len(s.known)
}

func idOf(i int) nameID { return sha256.Sum256([]byte("name " + strconv.Itoa(i))) }
