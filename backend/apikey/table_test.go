package apikey

import (
	"testing"
	"time"
)

// C31: of two changes at once the later one counts, whichever of the two is first put
// into memory: a key that was enabled and revoked is revoked, and a deleted one is gone.
func TestAnEarlierChangeDoesNotComeBack(t *testing.T) {
	s := New(nil, nil, nil, nil, time.Now)
	s.known = newTable(0)
	status := func() Status {
		held, found := s.inMemory("one")
		if !found {
			return ""
		}
		return held.statusAt(time.Now())
	}
	at := func(version int, change func(*Key)) {
		record := Record{Key: Key{ID: "one", Version: version}, Verifier: make([]byte, 32)}
		if change != nil {
			change(&record.Key)
		}
		s.keep(record)
	}
	at(1, func(k *Key) { k.DisabledMs = 1 })
	if status() != Disabled {
		t.Fatalf("it is %q", status())
	}
	at(3, func(k *Key) { k.RevokedMs = 1 })
	at(2, nil)
	if status() != Revoked {
		t.Errorf("revoked, it is %q", status())
	}
	at(5, func(k *Key) { k.RevokedMs, k.DeletedMs = 1, 1 })
	at(4, nil)
	if status() != "" || s.known.byVerifier[verifier{}] != nil {
		t.Errorf("deleted, it is %q", status())
	}
}
