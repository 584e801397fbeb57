// Package apikey keeps the API keys that this office issues to other systems:
// making, replacing, revoking and checking them, what each may do, and how often
// each is used (RULES.md, API Keys).
//
// A key is shown once and never kept. What is kept is its verifier: an HMAC under
// a sealed key (the pepper) of its SHA-256. Verifiers are looked up in memory,
// so that a check never waits for the disk, and every change is in memory before
// its caller has the answer. A MAC under the same key covers what a key may do,
// so that nobody who can write the database file can make a key or widen one.
package apikey

import (
	"context"
	"slices"
	"sync"
	"time"

	"keydesk/backend/access"
	"keydesk/backend/fault"
)

// Kind is the word of API keys in activity.
const Kind = "key"

// Status is what a key is at a moment.
type Status string

// The statuses. Expiring is a key that expires within 14 days.
const (
	Active   Status = "active"
	Expiring Status = "expiring"
	Expired  Status = "expired"
	Disabled Status = "disabled"
	Revoked  Status = "revoked"
)

// expiringDays is when a key begins to be expiring.
const expiringDays = 14

// Grants are what a key may do. They never change after it was made.
type Grants struct {
	Scopes []access.Scope `json:"scopes"`
	// Places are the ids of processes where it may send, each with what is below
	// it; none is everywhere. Channels are the same of channels.
	Places   []string `json:"places"`
	Channels []string `json:"channels"`
	// LivePerDay is how many live messages it may send a day; 0 is no limit of its
	// own.
	LivePerDay int `json:"live_per_day"`
	// Sources are addresses or networks (CIDR) that it may be used from; none is
	// this computer alone.
	Sources []string `json:"sources"`
	// PerMinute is how many requests it may make a minute; 0 is the office's
	// setting.
	PerMinute int `json:"per_minute"`
}

// Key is an API key without its secret.
type Key struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	// Mask shows prefix and public id; of a key that was taken over, nothing.
	Mask string `json:"mask"`
	// TakenOver says that the key was made elsewhere.
	TakenOver  bool   `json:"taken_over"`
	Grants     Grants `json:"grants"`
	FullAccess bool   `json:"full_access"`
	CreatedMs  int64  `json:"created_ms"`
	CreatorID  string `json:"creator_id"`
	// Creator is the name of that day. Nothing depends on this person.
	Creator string `json:"creator"`
	// ExpiresMs and what follows are 0 for never, or not yet. At ExpiresMs the key
	// is expired.
	ExpiresMs  int64 `json:"expires_ms"`
	DisabledMs int64 `json:"disabled_ms"`
	RevokedMs  int64 `json:"revoked_ms"`
	DeletedMs  int64 `json:"deleted_ms"`
	// EndedBy is who revoked or deleted it.
	EndedBy string `json:"ended_by"`
	// ReplacedBy is the id of the key that takes its place; "" for none.
	ReplacedBy string `json:"replaced_by"`
	LastUsedMs int64  `json:"last_used_ms"`
	Calls      int64  `json:"calls"`
	Version    int    `json:"version"`
	// Status is that of the moment of the answer.
	Status Status `json:"status"`
	// Damaged says that the key can no longer be checked, or that its row was
	// changed by another program. It is refused.
	Damaged bool `json:"damaged"`
}

// statusAt is what a key is at a moment. What is final comes first.
func (k *Key) statusAt(now time.Time) Status {
	ms := now.UnixMilli()
	switch {
	case k.RevokedMs > 0:
		return Revoked
	case k.ExpiresMs > 0 && ms >= k.ExpiresMs:
		return Expired
	case k.DisabledMs > 0:
		return Disabled
	case k.ExpiresMs > 0 && now.AddDate(0, 0, expiringDays).UnixMilli() >= k.ExpiresMs:
		return Expiring
	}
	return Active
}

// Record is a stored key with what proves it.
type Record struct {
	Key
	Verifier []byte
	RowMAC   []byte
	// RequestID is what the form was sent as; "" for none.
	RequestID string
}

// Store keeps keys and their use. What changes something needs a transaction.
type Store interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
	// KeyRecords lists every key that is not deleted; APIKey reads one, also a
	// deleted one, and fails with ErrNotFound.
	KeyRecords(ctx context.Context) ([]Record, error)
	APIKey(ctx context.Context, id string) (Record, error)
	// APIKeyByVerifier finds any key, also a deleted one.
	APIKeyByVerifier(ctx context.Context, verifier []byte) (Record, bool, error)
	// InsertAPIKey fails with ErrKnown where the verifier is there already, and
	// with ErrMadeAlready where the request is.
	InsertAPIKey(ctx context.Context, record Record) error
	// UpdateAPIKey writes title, times, who ended it and its MAC if Version is
	// still the stored one, and raises it. It fails with store.stale otherwise.
	UpdateAPIKey(ctx context.Context, record Record) error
	APIKeyPage(ctx context.Context, in ListInput, nowMs, expiringMs int64) (Page, error)
	KeyTitles(ctx context.Context, title string) (int, error)
	KeyCreators(ctx context.Context) ([]Creator, error)
	// KeepAccess adds access rows and what they make of the keys' counters.
	KeepAccess(ctx context.Context, rows []AccessRow, uses []DayUse) error
	AccessPage(ctx context.Context, in AccessInput) (AccessPage, error)
	// UsesOfKeys gives the days since one on which these keys were used, UsesOfDays
	// those of all keys from one day to another.
	UsesOfKeys(ctx context.Context, ids []string, from string) ([]DayUse, error)
	UsesOfDays(ctx context.Context, from, to string) ([]DayUse, error)
	// DeleteAccessBefore removes access rows older than a moment, at most limit of
	// them, and counts these; and the use of earlier days.
	DeleteAccessBefore(ctx context.Context, beforeMs int64, day string, limit int) (int, error)
}

// Peppers makes verifiers and MACs under a sealed key. All fail while the data
// key is closed.
type Peppers interface {
	MAC(ctx context.Context, name string, data []byte) ([]byte, error)
	KeyOpens(ctx context.Context, name string) (bool, error)
	MakeKey(ctx context.Context, name string) error
	// ReplaceKey makes a key where there is none that opens.
	ReplaceKey(ctx context.Context, name string) error
	// KeyCommitted is told when the transaction of either is committed.
	KeyCommitted(name string)
}

// Places says what is above a process.
type Places interface {
	// PathOf returns the ids from the process down to a place, and fails for an
	// unknown one.
	PathOf(ctx context.Context, placeID string) ([]string, error)
	// NameOf returns the names from the process down to a place in one line.
	NameOf(ctx context.Context, placeID string) (string, error)
}

// Limits are the office's settings that keys depend on.
type Limits interface {
	// Zone is where n days mean the same wall time.
	Zone(ctx context.Context) (*time.Location, error)
	// PerMinute is how many requests a key may make a minute without a limit of its
	// own.
	PerMinute(ctx context.Context) int
}

// Faults of keys.
var (
	ErrNotFound    = fault.New(fault.NotFound, "apikey.not_found", "This API key is no longer there.").WithHint("Reload the list.")
	ErrKnown       = fault.New(fault.Conflict, "apikey.known", "This key is in the list already.")
	ErrMadeAlready = fault.New(fault.Conflict, "apikey.made_already", "This key has been made already.").WithHint("It is in the list. Revoke it and make another if you did not copy it.")
	ErrEnded       = fault.New(fault.Conflict, "apikey.ended", "This key is revoked for good.").WithHint("Make a new key.")
	ErrPepper      = fault.New(fault.Unavailable, "apikey.unavailable", "API keys cannot be checked now.").WithHint("Open Keydesk and look at Settings, Secrets.")
	// ErrUnknown is all that a caller outside is told of a key that is not good:
	// the reason is in the office's own access log.
	ErrUnknown = fault.New(fault.Unauthenticated, "apikey.unknown", "This API key is not valid.").
			WithHint("Check the key at the office that gave it to you: API Secret Manager, Check a key.")
	ErrSource = fault.New(fault.Forbidden, "apikey.source", "This API key may not be used from here.").
			WithHint("The office lists the addresses it may be used from.")
)

// Service is the use cases of API keys. Safe for use by many goroutines.
type Service struct {
	store   Store
	peppers Peppers
	places  Places
	limits  Limits
	now     func() time.Time

	mu    sync.RWMutex
	known *table // nil until loaded

	log accessLog
}

// New makes the service; it does no I/O.
func New(store Store, peppers Peppers, places Places, limits Limits, now func() time.Time) *Service {
	return &Service{store: store, peppers: peppers, places: places, limits: limits, now: now, log: accessLog{usage: map[use]int64{}, lastUsed: map[string]int64{}, refused: map[refusedKey]*AccessRow{}}}
}

// reachOf is where a key may send, as its caller carries it.
func reachOf(k Key) access.Reach {
	return access.Reach{Places: slices.Clone(k.Grants.Places), Channels: slices.Clone(k.Grants.Channels), LivePerDay: k.Grants.LivePerDay}
}
