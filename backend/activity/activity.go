// Package activity is the trail: who did what to which thing, when, from
// where, before and after. Entries are only ever added. Each is chained to the
// one before by its hash and carries a MAC under a key that is sealed with the
// data key, and the newest is signed at every clean close, so that changed,
// removed, inserted and reordered entries can be found (FORMAT.md; RULES.md,
// Activity).
package activity

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"keydesk/backend/access"
	"keydesk/backend/fault"
)

// Names of the sealed keys: of the MAC, and of the signatures.
const (
	MACName     = "activity_mac"
	SigningName = "activity_signing"
)

// ErrUnchained is returned where the newest entry is not chained, so that none
// can follow it: the old entries could not be chained when the trail was
// opened, or the trail is damaged.
var ErrUnchained = fault.New(fault.Unavailable, "activity.unchained", "The activity trail cannot be continued, so nothing was changed.").
	WithHint("Start Keydesk again.")

// Outcomes of an entry.
const (
	Done    = "done"
	Refused = "refused"
)

// Entry is one line of the trail. Before and After are JSON, free of secrets,
// empty where there was or is nothing. Count is over 1 where refusals of a
// minute were written as one.
type Entry struct {
	Seq    int64 `json:"seq"`
	AtMs   int64 `json:"at_ms"`
	MonoMs int64 `json:"mono_ms"`
	// ActorKind is an access.CallerKind; empty for nobody.
	ActorKind string `json:"-"`
	ActorID   string `json:"actor_id"`
	Actor     string `json:"actor"`
	Roles     string `json:"roles"`
	Source    string `json:"source"`
	Op        string `json:"op"`
	Outcome   string `json:"outcome"`
	Kind      string `json:"kind"`
	ObjectID  string `json:"object_id"`
	Object    string `json:"object"`
	Count     int    `json:"count"`
	Before    string `json:"before"`
	After     string `json:"after"`
	// Erased names the texts that were erased (FORMAT.md): actor, object, before,
	// after. The entries about erasures say who erased them and when.
	Erased []string `json:"erased"`
	// Damaged says in sentences how the entry in the database is not as it was
	// written; "" for one that is whole. It is found when a page is read, and not
	// kept.
	Damaged string `json:"damaged"`
}

// Store keeps entries.
type Store interface {
	// InTx runs fn in one transaction, or in the context's.
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
	// LastActivity returns the newest entry's number and hash: 0 and no hash
	// when there is no entry, no hash when the entry is not chained. Inside a
	// transaction it sees what that transaction wrote.
	LastActivity(ctx context.Context) (seq int64, hash []byte, err error)
	// InsertActivity adds an entry; it needs a transaction.
	InsertActivity(ctx context.Context, entry ChainedEntry) error
	// ActivityChain returns entries after a number, in order, with their links.
	ActivityChain(ctx context.Context, after int64, limit int) ([]ChainedEntry, error)

	// EraseActivity empties texts of an entry, named as in Entry.Erased, with
	// their salts; it needs a transaction.
	EraseActivity(ctx context.Context, seq int64, texts []string) error

	// OldActivity returns entries of the old format after a number, in order.
	OldActivity(ctx context.Context, after int64, limit int) ([]OldEntry, error)
	// ChainActivity fills in the kind of actor and the link of an old entry.
	ChainActivity(ctx context.Context, entry ChainedEntry) error
	// DropOldMACs deletes the old MACs and returns the last number that had
	// one.
	DropOldMACs(ctx context.Context) (last int64, err error)

	// ActivityKeys returns the public keys, the one in force last. There is more
	// than one where a signing key was damaged and replaced.
	ActivityKeys(ctx context.Context) ([]ed25519.PublicKey, error)
	// InsertActivityKey keeps a public key and the first entry that it signs.
	InsertActivityKey(ctx context.Context, public []byte, fromSeq, atMs int64) error
	// ActivityHead returns the head signed for this entry, if there is one.
	ActivityHead(ctx context.Context, seq int64, hash []byte) (Head, bool, error)
	ActivityHeads(ctx context.Context) ([]Head, error)
	InsertActivityHead(ctx context.Context, head Head) error
	ActivityCheckpoints(ctx context.Context) ([]Checkpoint, error)
	InsertActivityCheckpoint(ctx context.Context, checkpoint Checkpoint) error

	// ActivityLinks returns those of these entries that exist, in order, with
	// their links.
	ActivityLinks(ctx context.Context, numbers []int64) ([]ChainedEntry, error)
	// StoppedUncleanly tells whether the last opening before this one ended
	// without a close.
	StoppedUncleanly() bool

	ActivityPage(ctx context.Context, query ListInput) (Page, error)
	// ActivityActors lists the names that appear, for the filter.
	ActivityActors(ctx context.Context) ([]Actor, error)
}

// Keys are the sealed keys by name. All fail while the data key is closed.
type Keys interface {
	// MakeKey makes a key where there is none yet, in the context's transaction.
	MakeKey(ctx context.Context, name string) error
	// KeyOpens reports whether there is a key that opens.
	KeyOpens(ctx context.Context, name string) (bool, error)
	// ReplaceKey makes a key in place of one that does not open, in the context's
	// transaction.
	ReplaceKey(ctx context.Context, name string) error
	// MAC returns HMAC-SHA-256 of data.
	MAC(ctx context.Context, name string, data []byte) ([]byte, error)
	// Sign and PublicKey take the key as the seed of an Ed25519 key pair.
	Sign(ctx context.Context, name string, data []byte) ([]byte, error)
	PublicKey(ctx context.Context, name string) (ed25519.PublicKey, error)
}

// Log writes and lists the trail.
type Log struct {
	store    Store
	keys     Keys
	headFile string
	log      *slog.Logger
	now      func() time.Time
	start    time.Time

	mu       sync.Mutex
	refusals map[string]*refusal
}

// refusal counts the further refusals of one person, operation and minute.
type refusal struct {
	entry Entry
	since time.Time
	more  int
}

// New makes the service; it does no I/O. headFile is where the signed head is
// kept outside the database.
func New(store Store, keys Keys, headFile string, log *slog.Logger, now func() time.Time) *Log {
	return &Log{store: store, keys: keys, headFile: headFile, log: log, now: now, start: now(), refusals: map[string]*refusal{}}
}

// Record writes one entry a change in the context's transaction, so that the
// change and its entries are both there or neither.
func (s *Log) Record(ctx context.Context, invocation *access.Invocation, changes []access.Change) error {
	entries := make([]Entry, len(changes))
	for i, change := range changes {
		before, err := text(change.Before)
		if err != nil {
			return err
		}
		after, err := text(change.After)
		if err != nil {
			return err
		}
		entry := s.entry(invocation, Done)
		entry.Kind, entry.ObjectID, entry.Object = change.Kind, change.ID, change.Name
		entry.Before, entry.After = before, after
		entries[i] = entry
	}
	return s.add(ctx, entries...)
}

func (s *Log) entry(invocation *access.Invocation, outcome string) Entry {
	now := s.now()
	return Entry{
		AtMs: now.UnixMilli(), MonoMs: now.Sub(s.start).Milliseconds(),
		ActorKind: string(invocation.Caller.Kind), ActorID: invocation.Caller.ID, Actor: invocation.Caller.Name, Roles: strings.Join(invocation.Caller.Roles, ", "),
		Source: string(invocation.Caller.Source), Op: invocation.Op.Name, Outcome: outcome, Count: 1,
	}
}

// add chains entries to the newest one, in the context's transaction.
//
// One writer: number and hash of the newest entry are read in the transaction
// that adds the next, and no other transaction writes meanwhile.
func (s *Log) add(ctx context.Context, entries ...Entry) error {
	seq, prev, err := s.store.LastActivity(ctx)
	if err != nil {
		return err
	}
	if seq > 0 && len(prev) == 0 {
		return ErrUnchained
	}
	salts := newSalts(len(entries))
	for i, entry := range entries {
		seq++
		entry.Seq = seq
		// An export is JSON, which holds no other bytes.
		entry.Actor, entry.Object = strings.ToValidUTF8(entry.Actor, "\uFFFD"), strings.ToValidUTF8(entry.Object, "\uFFFD")
		chained, err := linked(entry, prev, salts[i], s.mac(ctx))
		if err != nil {
			return err
		}
		if err := s.store.InsertActivity(ctx, chained); err != nil {
			return err
		}
		prev = chained.Hash
	}
	return nil
}

func text(value any) (string, error) {
	if value == nil {
		return "", nil
	}
	data, err := json.Marshal(value)
	if err != nil {
		return "", fmt.Errorf("activity: %w", err)
	}
	return string(data), nil
}

// refusalWindow is how long further refusals are counted into one entry.
const refusalWindow = time.Minute

// RecordRefusal records a refusal: the first one at once, further ones of the
// same person and operation within a minute as one entry with a count. What
// cannot be chained because the data key is closed is kept and written once it
// is open.
func (s *Log) RecordRefusal(ctx context.Context, invocation *access.Invocation, reason *fault.Error) {
	entry := s.entry(invocation, Refused)
	entry.Kind, entry.Object = access.RefusalKind, reason.Message
	key := entry.ActorID + "\x00" + entry.Actor + "\x00" + entry.Op + "\x00" + reason.Code
	s.mu.Lock()
	if held := s.refusals[key]; held != nil && s.now().Sub(held.since) < refusalWindow {
		held.more++
		s.mu.Unlock()
		return
	}
	s.mu.Unlock()
	s.Flush(ctx)
	s.mu.Lock()
	held := &refusal{entry: entry, since: s.now()}
	if unwritten := s.refusals[key]; unwritten != nil {
		held.more = unwritten.more
	}
	s.refusals[key] = held
	s.mu.Unlock()
	if err := s.refuse(ctx, entry); err != nil {
		s.putBack(key, &refusal{entry: entry, since: held.since, more: 1})
	}
}

func (s *Log) refuse(ctx context.Context, entry Entry) error {
	return s.store.InTx(context.WithoutCancel(ctx), func(ctx context.Context) error { return s.add(ctx, entry) })
}

// Flush writes the counts of refusals whose minute is over. Close calls
// FlushAll.
func (s *Log) Flush(ctx context.Context) { s.flush(ctx, refusalWindow) }

// FlushAll writes all counts that are still held.
func (s *Log) FlushAll(ctx context.Context) { s.flush(ctx, 0) }

func (s *Log) flush(ctx context.Context, older time.Duration) {
	s.mu.Lock()
	due := map[string]*refusal{}
	for key, held := range s.refusals {
		if s.now().Sub(held.since) >= older {
			delete(s.refusals, key)
			if held.more > 0 {
				due[key] = held
			}
		}
	}
	s.mu.Unlock()
	for key, held := range due {
		held.entry.Count = held.more
		if err := s.refuse(ctx, held.entry); err != nil {
			s.log.Warn("refusals could not be recorded yet", "op", held.entry.Op, "count", held.more, "error", err)
			s.putBack(key, held)
		}
	}
}

// putBack keeps a count that could not be written under the key that it came
// from, so that further refusals are added to it and all are written once. What
// is there by now may be another's, or nothing.
func (s *Log) putBack(key string, held *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if meanwhile := s.refusals[key]; meanwhile != nil {
		meanwhile.more += held.more
		return
	}
	s.refusals[key] = held
}
