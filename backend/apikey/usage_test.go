package apikey

import (
	"testing"
	"time"
)

// RULES.md, API Keys: a disk that does not answer does not fill the memory. What is
// counted while nothing can be written is one number a key, quarter of an hour and
// outcome, and rows are no more than mostWaiting; when it can be written, nothing is counted twice.
func TestADiskThatDoesNotAnswer(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	s := New(nil, nil, nil, nil, func() time.Time { return now })
	const batches = mostWaiting/1000 + 50
	for range batches {
		for range 3 {
			_, _ = s.NoteAccess(t.Context(), Noted{KeyID: "one", Status: 200})
		}
		for n := range 1000 {
			_, _ = s.NoteAccess(t.Context(), Noted{Source: time.Duration(n).String(), Status: 401, Code: "apikey.unknown"})
		}
		now = now.Add(time.Minute)
		s.log.take(now.UnixMilli(), false)
	}
	rows, usage := s.log.take(now.UnixMilli(), true)
	if len(rows) > mostWaiting {
		t.Errorf("%d rows wait", len(rows))
	}
	counted, quarters := int64(0), map[int64]bool{}
	for _, one := range usage {
		counted += one.requests
		quarters[one.quarter] = true
		begins := one.quarter * quarter.Milliseconds()
		if one.lastMs < begins || one.lastMs >= begins+quarter.Milliseconds() {
			t.Errorf("in the quarter from %d on it was last used at %d", begins, one.lastMs)
		}
	}
	if counted != 3*batches || len(usage) != len(quarters) {
		t.Errorf("%d requests are counted in %d numbers of %d quarters, want %d", counted, len(usage), len(quarters), 3*batches)
	}
	s.log.written()
	if rows, usage := s.log.take(now.UnixMilli(), true); len(rows)+len(usage) != 0 {
		t.Errorf("%d rows and %d numbers are left", len(rows), len(usage))
	}
}
