package certificate

import (
	"context"
	"crypto/tls"
	"fmt"
	"time"

	"keydesk/backend/access"
)

// reading is how long a handshake waits for the database.
const reading = 5 * time.Second

// shown is what handshakes get, in memory.
type shown struct {
	hosts string
	one   *tls.Certificate
	// again is when it is to be made again; zero for one that was given.
	made, again time.Time
}

// Presented is what a listener shows. Its certificate carries the private key, so it
// is neither printed nor marshalled.
type Presented struct{ certificate *tls.Certificate }

// Certificate is what a handshake is given.
func (p Presented) Certificate() *tls.Certificate { return p.certificate }

// OpPresent is for the door of the local API, at each handshake.
var OpPresent = access.Op[Hosts, Presented]{Name: "certificate.present", Does: "showed the certificate", Mode: access.Read, Public: true, Door: access.API}

// Present gives what a listener with these hosts shows. It is taken from memory; a
// new one is made when it is time, or after a change. While a new one cannot be
// made, the one before is shown as long as it is good.
//
// Faults: certificate.none, certificate.damaged, certificate.expired,
// certificate.early, certificate.root_expired, vault.locked.
func (s *Service) Present(ctx context.Context, hosts Hosts) (Presented, error) {
	now := s.now()
	key := fmt.Sprint(hosts.Addresses, hosts.Names)
	s.mu.Lock()
	defer s.mu.Unlock()
	known := s.shown
	if known != nil && known.hosts != key {
		known = nil
	}
	if known != nil && known.fresh(now) {
		return Presented{known.one}, nil
	}
	ctx, cancel := context.WithTimeout(ctx, reading)
	defer cancel()
	next, err := s.make(ctx, hosts, now)
	switch {
	case err == nil:
		next.hosts = key
		s.shown = next
		return Presented{next.one}, nil
	case known != nil && known.good(now):
		return Presented{known.one}, nil
	}
	return Presented{}, err
}

// good says that callers accept it.
func (s *shown) good(now time.Time) bool {
	return !now.Before(s.one.Leaf.NotBefore) && now.Before(s.one.Leaf.NotAfter)
}

// fresh says that no other has to be made. A clock that was put back makes another.
func (s *shown) fresh(now time.Time) bool {
	return s.good(now) && (s.again.IsZero() || now.Before(s.again) && !now.Before(s.made))
}

// make reads or makes the certificate in force.
func (s *Service) make(ctx context.Context, hosts Hosts, now time.Time) (*shown, error) {
	current, _, err := s.origin(ctx)
	if err != nil {
		return nil, err
	}
	switch current {
	case None:
		return nil, ErrNone
	case Given:
		one, err := s.open(ctx, givenSlot)
		if err != nil {
			return nil, err
		}
		given := &shown{one: one, made: now}
		switch {
		case now.Before(one.Leaf.NotBefore):
			return nil, ErrEarly
		case !given.good(now):
			return nil, ErrExpired
		}
		return given, nil
	case Office:
	}
	authority, err := s.open(ctx, authoritySlot)
	if err != nil {
		return nil, err
	}
	if !now.Before(authority.Leaf.NotAfter) {
		return nil, ErrRootExpired
	}
	leaf, err := newLeaf(authority, hosts, now)
	if err != nil {
		return nil, err
	}
	return &shown{one: leaf, made: now, again: now.Add(leafRenewed)}, nil
}

// forget drops what handshakes get, after a change.
func (s *Service) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shown = nil
}
