// Package activity is the trail: who did what to which thing, when, from
// where, before and after (product.md 12). Entries are only ever added. Each
// carries a MAC over its own canonical bytes and the one before it, under a
// key sealed with the data key (security.md 13), so that changed, removed and
// reordered entries can be found later.
package activity

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"keydesk/backend/access"
	"keydesk/backend/fault"
)

// MACName names the sealed key of the chain.
const MACName = "activity_mac"

// Outcomes of an entry.
const (
	Done    = "done"
	Refused = "refused"
)

// Entry is one line of the trail. Before and After are JSON, free of secrets,
// empty where there was or is nothing. Count is over 1 where refusals of a
// minute were written as one.
type Entry struct {
	Seq      int64  `json:"seq"`
	AtMs     int64  `json:"at_ms"`
	MonoMs   int64  `json:"mono_ms"`
	ActorID  string `json:"actor_id"`
	Actor    string `json:"actor"`
	Roles    string `json:"roles"`
	Source   string `json:"source"`
	Op       string `json:"op"`
	Outcome  string `json:"outcome"`
	Kind     string `json:"kind"`
	ObjectID string `json:"object_id"`
	Object   string `json:"object"`
	Count    int    `json:"count"`
	Before   string `json:"before"`
	After    string `json:"after"`
	PrevMAC  []byte `json:"-"`
	MAC      []byte `json:"-"`
}

// canonical gives the bytes that the MAC covers: a version, the previous MAC
// and every field with its length in front, so that no two entries share
// bytes.
func (e Entry) canonical() []byte {
	out := []byte("keydesk activity 1\n")
	part := func(b []byte) {
		out = binary.BigEndian.AppendUint64(out, uint64(len(b)))
		out = append(out, b...)
	}
	number := func(n int64) { out = binary.BigEndian.AppendUint64(out, uint64(n)) }
	part(e.PrevMAC)
	number(e.Seq)
	number(e.AtMs)
	number(e.MonoMs)
	number(int64(e.Count))
	for _, text := range []string{e.ActorID, e.Actor, e.Roles, e.Source, e.Op, e.Outcome, e.Kind, e.ObjectID, e.Object, e.Before, e.After} {
		part([]byte(text))
	}
	return out
}

// Store keeps entries.
type Store interface {
	// InTx runs fn in one transaction, or in the context's.
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
	// LastActivity gives the newest entry's number and MAC; 0 and nil when
	// there is none. Inside a transaction it reads what that one wrote.
	LastActivity(ctx context.Context) (seq int64, mac []byte, err error)
	// InsertActivity adds an entry; it needs a transaction.
	InsertActivity(ctx context.Context, entry Entry) error
	ActivityPage(ctx context.Context, query ListInput) (Page, error)
	// ActivityActors lists the names that appear, for the filter.
	ActivityActors(ctx context.Context) ([]Actor, error)
}

// MAC computes the keyed MAC of data; it fails while the data key is closed.
type MAC func(ctx context.Context, data []byte) ([]byte, error)

// Log writes and lists the trail.
type Log struct {
	store Store
	mac   MAC
	log   *slog.Logger
	now   func() time.Time
	start time.Time

	mu       sync.Mutex
	refusals map[string]*refusal
}

// refusal gathers the further refusals of one person, operation and minute.
type refusal struct {
	entry Entry
	since time.Time
	more  int
}

// New makes the service; it does no I/O.
func New(store Store, mac MAC, log *slog.Logger, now func() time.Time) *Log {
	return &Log{store: store, mac: mac, log: log, now: now, start: now(), refusals: map[string]*refusal{}}
}

// Record writes one entry a change in the context's transaction, so that the
// change and its entries are both there or neither.
func (s *Log) Record(ctx context.Context, invocation *access.Invocation, changes []access.Change) error {
	for _, change := range changes {
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
		if err := s.add(ctx, entry); err != nil {
			return err
		}
	}
	return nil
}

func (s *Log) entry(invocation *access.Invocation, outcome string) Entry {
	now := s.now()
	return Entry{
		AtMs: now.UnixMilli(), MonoMs: now.Sub(s.start).Milliseconds(),
		ActorID: invocation.Caller.ID, Actor: invocation.Caller.Name, Roles: strings.Join(invocation.Caller.Roles, ", "),
		Source: string(invocation.Caller.Source), Op: invocation.Op.Name, Outcome: outcome, Count: 1,
	}
}

// add chains an entry to the last one. It needs the transaction, so that the
// number and MAC before it cannot move meanwhile.
func (s *Log) add(ctx context.Context, entry Entry) error {
	seq, mac, err := s.store.LastActivity(ctx)
	if err != nil {
		return err
	}
	entry.Seq, entry.PrevMAC = seq+1, mac
	if entry.PrevMAC == nil {
		entry.PrevMAC = []byte{}
	}
	if entry.MAC, err = s.mac(ctx, entry.canonical()); err != nil {
		return err
	}
	return s.store.InsertActivity(ctx, entry)
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

// RecordRefusal records a refusal: the first one at once, further ones of the same
// person and operation within a minute as one entry with a count. What cannot
// be chained because the data key is closed is kept and written after opening.
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
	s.refusals[key] = held
	s.mu.Unlock()
	if err := s.refuse(ctx, entry); err != nil {
		s.mu.Lock()
		held.more++
		s.mu.Unlock()
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
	var due []*refusal
	for key, held := range s.refusals {
		if s.now().Sub(held.since) >= older {
			delete(s.refusals, key)
			if held.more > 0 {
				due = append(due, held)
			}
		}
	}
	s.mu.Unlock()
	for _, held := range due {
		held.entry.Count = held.more
		if err := s.refuse(ctx, held.entry); err != nil {
			s.log.Warn("refusals could not be recorded yet", "op", held.entry.Op, "count", held.more, "error", err)
			s.mu.Lock()
			s.refusals[held.entry.ActorID+held.entry.Op+held.entry.Object] = held
			s.mu.Unlock()
		}
	}
}
