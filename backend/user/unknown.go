package user

import (
	"context"
	"crypto/sha256"
	"sync"
	"time"

	"keydesk/backend/fault"
)

// UnknownName is the slowdown of a name that no user has, as the store keeps it.
type UnknownName struct {
	// Slot is its place, from 0 on; there are at most mostUnknownNames.
	Slot        int
	NameMAC     []byte
	Failures    int
	WaitUntilMs int64
}

// NameKeys makes MACs of unknown names under a sealed key. All fail while the
// data key is closed.
type NameKeys interface {
	MAC(ctx context.Context, name string, data []byte) ([]byte, error)
	KeyOpens(ctx context.Context, name string) (bool, error)
	// ReplaceKey makes a key where there is none that opens, in the context's
	// transaction.
	ReplaceKey(ctx context.Context, name string) error
}

// unknownNamesKey names the sealed key of the MACs.
const unknownNamesKey = "unknown_names"

// mostUnknownNames limits what is kept; the oldest is forgotten first.
const mostUnknownNames = 10_000

// nameID stands for a name that was typed and is never kept itself.
type nameID [sha256.Size]byte

// unknownNames slows down names that no user has; without a wait they could be
// told from real ones.
type unknownNames struct {
	mu     sync.Mutex
	loaded bool
	known  map[nameID]unknownName
	slots  []nameID
	next   int // the slot that is used next
}

type unknownName struct {
	slowdown
	slot int
}

// tryUnknown asks for one try of a name that no user has, in the context's
// transaction. It costs as much as a try of a user (G15). What is counted is kept
// over a restart, as that of users is, if the data key is open.
func (s *Service) tryUnknown(ctx context.Context, name string) (*fault.Error, error) {
	id, kept := s.nameID(ctx, name)
	if kept {
		if err := s.unknownNames.load(ctx, s.store); err != nil {
			return nil, err
		}
	}
	before, after, refusal := s.unknownNames.try(id, s.now())
	switch {
	case after == before:
		return refusal, nil
	case kept:
		return refusal, s.store.PutUnknownName(ctx, UnknownName{Slot: after.slot, NameMAC: id[:], Failures: after.failures, WaitUntilMs: after.waitUntilMs})
	default:
		return refusal, s.store.PadUserWrite(ctx)
	}
}

// nameID returns what stands for a name, and whether that may be kept on disk: a
// plain hash of what may be a password may not.
func (s *Service) nameID(ctx context.Context, name string) (id nameID, kept bool) {
	folded := []byte(fold(name))
	if s.names != nil {
		mac, err := s.names.MAC(ctx, unknownNamesKey, folded)
		if err != nil {
			if opens, unclear := s.names.KeyOpens(ctx, unknownNamesKey); unclear == nil && !opens && s.names.ReplaceKey(ctx, unknownNamesKey) == nil {
				mac, err = s.names.MAC(ctx, unknownNamesKey, folded)
			}
		}
		if err == nil && copy(id[:], mac) == len(id) {
			return id, true
		}
	}
	return sha256.Sum256(folded), false
}

// load reads what was kept before a restart, once.
func (u *unknownNames) load(ctx context.Context, store Store) error {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.loaded {
		return nil
	}
	rows, err := store.UnknownNames(ctx)
	if err != nil {
		return err
	}
	u.loaded = true
	for _, row := range rows {
		var id nameID
		if copy(id[:], row.NameMAC) == len(id) && row.Slot >= 0 && row.Slot < mostUnknownNames {
			u.put(id, unknownName{slowdown{row.Failures, row.WaitUntilMs}, row.Slot})
		}
	}
	u.next = len(u.slots) % mostUnknownNames
	return nil
}

// try counts a try of a name.
func (u *unknownNames) try(id nameID, now time.Time) (before, after unknownName, refusal *fault.Error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	before, seen := u.known[id]
	if !seen {
		before = unknownName{slot: u.next}
		u.next = (u.next + 1) % mostUnknownNames
	}
	after = before
	after.slowdown, refusal = before.try(now)
	u.put(id, after)
	return before, after, refusal
}

// put keeps a name in its slot, in place of another that was there. mu is held.
func (u *unknownNames) put(id nameID, name unknownName) {
	if u.known == nil {
		u.known = map[nameID]unknownName{}
	}
	for len(u.slots) <= name.slot {
		u.slots = append(u.slots, nameID{})
	}
	if other := u.slots[name.slot]; other != id {
		delete(u.known, other)
	}
	u.slots[name.slot] = id
	u.known[id] = name
}
