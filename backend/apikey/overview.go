package apikey

import (
	"cmp"
	"slices"
	"time"
)

// StatusCount is how many keys have a status.
type StatusCount struct {
	Status Status `json:"status"`
	Keys   int    `json:"keys"`
}

// Overview is what the first screen shows of the keys.
type Overview struct {
	// Counts has every status, in the order of their words.
	Counts []StatusCount
	// Ending are the keys that expire within 14 days or did within the last 14, the
	// next to end first. Damaged can no longer be checked.
	Ending, Damaged []Key
}

// Statuses are all of them, in the order of their life.
var Statuses = []Status{Active, Expiring, Expired, Disabled, Revoked}

// Overview counts the keys in memory; it never waits for the disk. Faults:
// apikey.unavailable.
func (s *Service) Overview() (Overview, error) {
	now := s.now()
	out := Overview{}
	counts, recently := map[Status]int{}, now.AddDate(0, 0, -expiringDays).UnixMilli()
	s.mu.RLock()
	loaded := s.known != nil
	if loaded {
		for _, record := range s.known.byID {
			status := record.statusAt(now)
			counts[status]++
			switch {
			case record.Damaged:
				out.Damaged = append(out.Damaged, record.shown(status))
			case status == Expiring, status == Expired && recently < record.ExpiresMs:
				out.Ending = append(out.Ending, record.shown(status))
			}
		}
	}
	s.mu.RUnlock()
	if !loaded {
		return Overview{}, ErrPepper
	}
	for _, status := range Statuses {
		out.Counts = append(out.Counts, StatusCount{status, counts[status]})
	}
	byEnd := func(a, b Key) int {
		return cmp.Or(cmp.Compare(a.ExpiresMs, b.ExpiresMs), cmp.Compare(a.ID, b.ID))
	}
	slices.SortFunc(out.Ending, byEnd)
	slices.SortFunc(out.Damaged, byEnd)
	return out, nil
}

func (r *Record) shown(status Status) Key {
	k := r.Key
	k.Status, k.Damaged = status, r.Damaged
	return k
}

// Ending gives the keys that are good or disabled and have an end before a moment
// and after another.
func (s *Service) Ending(from, to time.Time) ([]Key, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.known == nil {
		return nil, ErrPepper
	}
	var keys []Key
	for _, record := range s.known.byID {
		if end := record.ExpiresMs; end > from.UnixMilli() && end <= to.UnixMilli() && record.RevokedMs == 0 && !record.Damaged {
			keys = append(keys, record.Key)
		}
	}
	slices.SortFunc(keys, func(a, b Key) int { return cmp.Or(cmp.Compare(a.ExpiresMs, b.ExpiresMs), cmp.Compare(a.ID, b.ID)) })
	return keys, nil
}
