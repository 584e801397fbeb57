package apikey

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"

	"keydesk/backend/access"
	"keydesk/backend/fault"
	"keydesk/backend/secret"
)

// pepperName names the sealed key of verifiers and row MACs.
const pepperName = "api_keys"

type verifier [sha256.Size]byte

// table is every key that is not deleted, in memory.
type table struct {
	byVerifier map[verifier]*Record
	byID       map[string]*Record
	// newest is the version of each key, also of one that was deleted since.
	newest map[string]int
}

func newTable(size int) *table {
	return &table{byVerifier: make(map[verifier]*Record, size), byID: make(map[string]*Record, size), newest: make(map[string]int, size)}
}

// verifierOf returns what is stored for a digest.
func (s *Service) verifierOf(ctx context.Context, digest [sha256.Size]byte) (v verifier, err error) {
	mac, err := s.peppers.MAC(ctx, pepperName, append([]byte("key\x00"), digest[:]...))
	if err != nil {
		return v, ErrPepper.WithCause(err)
	}
	return verifier(mac), nil
}

// rowMAC covers what a key may do and whether it still may. It leaves out what is
// only shown or counted.
func (s *Service) rowMAC(ctx context.Context, r Record) ([]byte, error) {
	data, err := json.Marshal([]any{r.ID, r.Verifier, r.Grants, r.TakenOver, r.FullAccess, r.CreatedMs, r.ExpiresMs, r.DisabledMs, r.RevokedMs, r.DeletedMs})
	if err != nil {
		return nil, fmt.Errorf("apikey: %w", err)
	}
	mac, err := s.peppers.MAC(ctx, pepperName, append([]byte("row\x00"), data...))
	if err != nil {
		return nil, ErrPepper.WithCause(err)
	}
	return mac, nil
}

// sealRow gives a record the MAC of what it is now.
func (s *Service) sealRow(ctx context.Context, r Record) (Record, error) {
	mac, err := s.rowMAC(ctx, r)
	r.RowMAC = mac
	return r, err
}

// Load reads every key into memory, once, after the opening of the data key. Until
// then, and while it fails, no key is good. Keys whose row does not fit its MAC
// are kept as damaged. A change that is committed meanwhile waits to be put into
// memory: it must not be undone by what was read before it.
func (s *Service) Load(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known != nil {
		return nil
	}
	records, err := s.store.KeyRecords(ctx)
	if err != nil {
		return err
	}
	next := newTable(len(records))
	for _, record := range records {
		if err := s.judge(ctx, &record); err != nil {
			return err
		}
		next.put(record)
	}
	s.known = next
	return nil
}

// judge marks a record that another program wrote, or whose pepper is gone.
func (s *Service) judge(ctx context.Context, record *Record) error {
	mac, err := s.rowMAC(ctx, *record)
	if err != nil {
		opens, unclear := s.peppers.KeyOpens(ctx, pepperName)
		if unclear != nil || opens {
			return err
		}
		record.Damaged = true
		return nil
	}
	record.Damaged = subtle.ConstantTimeCompare(mac, record.RowMAC) != 1
	return nil
}

func (t *table) put(record Record) {
	if len(record.Verifier) != sha256.Size {
		record.Damaged = true
		record.Verifier = make([]byte, sha256.Size)
	}
	t.byID[record.ID], t.newest[record.ID] = &record, record.Version
	if !record.Damaged {
		t.byVerifier[verifier(record.Verifier)] = &record
	}
}

// keep puts a committed record into memory, or takes a deleted one out. Two changes
// that were committed one after the other can come here in the other order: the later
// one counts.
func (s *Service) keep(record Record) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known == nil || record.Version < s.known.newest[record.ID] {
		return
	}
	s.known.newest[record.ID] = record.Version
	if old := s.known.byID[record.ID]; old != nil {
		delete(s.known.byID, record.ID)
		delete(s.known.byVerifier, verifier(old.Verifier))
	}
	if record.DeletedMs == 0 {
		s.known.put(record)
	}
}

// inMemory returns a key that is not deleted, by its id. It never waits for the disk.
func (s *Service) inMemory(id string) (Record, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.known == nil {
		return Record{}, false
	}
	if found := s.known.byID[id]; found != nil {
		return *found, true
	}
	return Record{}, false
}

// Presented is a key as it came to the door, with the address of who brings it.
type Presented struct {
	Key    secret.Text `json:"key" validate:"required"`
	Source string      `json:"source" validate:"required,max=64"`
}

// Identified says whose key it is and how often it may be used.
type Identified struct {
	KeyID string `json:"key_id"`
	Title string `json:"title"`
	// PerMinute is how many requests it may make a minute.
	PerMinute int `json:"per_minute"`
	// Refusal is why the key is not good, as only the office may know; nil when it
	// is.
	Refusal *fault.Error `json:"-"`
}

// OpAuthenticate is what the local API's door asks before anything else.
var OpAuthenticate = access.Op[Presented, Identified]{Name: "apikey.authenticate", Does: "presented an API key", Mode: access.Read, Public: true, Door: access.API}

// Authenticate finds whose key it is. It never waits for the disk. Whatever is
// wrong with the key the time is the same; Refusal says what it is. The fault is
// apikey.unavailable where no key can be checked now.
func (s *Service) Authenticate(ctx context.Context, in Presented) (Identified, error) {
	presented, err := s.verifierOf(ctx, digestOf(in.Key))
	if err != nil {
		return Identified{}, err
	}
	s.mu.RLock()
	loaded := s.known != nil
	var record Record
	if loaded {
		if found := s.known.byVerifier[presented]; found != nil {
			record = *found
		}
	}
	s.mu.RUnlock()
	if !loaded {
		return Identified{}, ErrPepper
	}
	stored := record.Verifier
	if record.ID == "" {
		stored = make([]byte, sha256.Size)
	}
	same := subtle.ConstantTimeCompare(stored, presented[:]) == 1
	refusal := s.refusal(record, in.Source)
	if !same {
		refusal = ErrUnknown
	}
	return Identified{KeyID: record.ID, Title: record.Title, PerMinute: s.perMinute(ctx, record.Grants), Refusal: refusal}, nil
}

// Refusals that only the office's own log and Check a key tell apart.
var (
	errExpired  = fault.New(fault.Unauthenticated, "apikey.expired", "This API key has expired.")
	errRevoked  = fault.New(fault.Unauthenticated, "apikey.revoked", "This API key was revoked.")
	errDisabled = fault.New(fault.Unauthenticated, "apikey.disabled", "This API key is disabled.")
)

// refusal says why a key is not good now; nil when it is.
func (s *Service) refusal(record Record, source string) *fault.Error {
	switch record.statusAt(s.now()) {
	case Revoked:
		return errRevoked
	case Expired:
		return errExpired
	case Disabled:
		return errDisabled
	case Active, Expiring:
	}
	if !allowed(record.Grants.Sources, source) {
		return ErrSource
	}
	return nil
}

// allowed tells whether an address is in a list of addresses and networks. An
// empty list is this computer alone: a key that may be used from the office
// network says from where (H21).
func allowed(sources []string, source string) bool {
	at, err := netip.ParseAddr(source)
	if err != nil {
		return false
	}
	at = at.Unmap().WithZone("")
	if len(sources) == 0 {
		return at.IsLoopback()
	}
	for _, text := range sources {
		if network, err := parseSource(text); err == nil && network.Contains(at) {
			return true
		}
	}
	return false
}

// parseSource reads an address or a network.
func parseSource(text string) (netip.Prefix, error) {
	if one, err := netip.ParseAddr(text); err == nil && one.Zone() == "" {
		one = one.Unmap()
		return netip.PrefixFrom(one, one.BitLen()), nil
	}
	network, err := netip.ParsePrefix(text)
	if err != nil {
		return netip.Prefix{}, err
	}
	if network != network.Masked() {
		return netip.Prefix{}, errors.New("not a network")
	}
	return network, nil
}

// Caller is who calls with a key that the door has authenticated, with the rights
// it has now: a key that was revoked since is nobody's. Faults: apikey.unknown.
func (s *Service) Caller(_ context.Context, source access.Source) (access.Caller, error) {
	record, found := s.inMemory(source.ID)
	if !found || record.Damaged {
		return access.Caller{Source: source.Kind}, ErrUnknown
	}
	switch record.statusAt(s.now()) {
	case Active, Expiring:
	default:
		return access.Caller{Source: source.Kind}, ErrUnknown
	}
	return access.Caller{
		Kind: access.Key, ID: record.ID, Name: record.Title, Source: source.Kind,
		Scopes: record.Grants.Scopes, Reach: reachOf(record.Key), Permissions: access.PermissionsOf(record.Grants.Scopes),
	}, nil
}
