package apikey

import (
	"context"
	"sync"
	"time"

	"keydesk/backend/access"
)

// Outcomes of requests, as usage counts them.
const (
	Accepted = "accepted"
	Refused  = "refused"
	Limited  = "limited"
	Failed   = "failed"
)

// AccessRow is one request with a good key, or some of one minute and source
// without.
type AccessRow struct {
	ID    int64  `json:"id"`
	AtMs  int64  `json:"at_ms"`
	KeyID string `json:"key_id"`
	// Title is the key's, "" without one.
	Title  string `json:"title"`
	Method string `json:"method"`
	// Route is the pattern, never the address that was asked for.
	Route  string `json:"route"`
	Status int    `json:"status"`
	Code   string `json:"code"`
	Source string `json:"source"`
	TookMs int    `json:"took_ms"`
	// Requests is how many requests this row is.
	Requests int `json:"requests"`
}

// Usage is how often a key was used in the hour from HourMs on.
type Usage struct {
	KeyID    string `json:"key_id"`
	HourMs   int64  `json:"hour_ms"`
	Outcome  string `json:"outcome"`
	Requests int64  `json:"requests"`
	// LastMs is when it was last used, for writing only.
	LastMs int64 `json:"-"`
}

// AccessInput filters the access log, newest first. Before is the id of the last
// row of the previous page, 0 for the first.
type AccessInput struct {
	KeyID string `json:"key_id" validate:"max=64"`
	// Refused leaves out what was accepted.
	Refused bool `json:"refused"`
	// FromMs and ToMs are moments; 0 is open.
	FromMs int64 `json:"from_ms" validate:"min=0"`
	ToMs   int64 `json:"to_ms" validate:"min=0"`
	Before int64 `json:"before" validate:"min=0"`
	Limit  int   `json:"limit" validate:"min=0,max=200"`
}

// AccessPage is one page of the access log.
type AccessPage struct {
	Rows []AccessRow `json:"rows"`
	More bool        `json:"more"`
}

// UsageInput asks how often keys were used between two moments; KeyID "" is all.
type UsageInput struct {
	KeyID  string `json:"key_id" validate:"max=64"`
	FromMs int64  `json:"from_ms" validate:"min=0"`
	ToMs   int64  `json:"to_ms" validate:"min=0"`
}

// UsageReport is the usage by hour, oldest first.
type UsageReport struct {
	Hours []Usage `json:"hours"`
}

// Noted is what the door says of a request that it has answered.
type Noted struct {
	KeyID  string `json:"key_id" validate:"max=64"`
	Method string `json:"method" validate:"max=20"`
	Route  string `json:"route" validate:"max=100"`
	Status int    `json:"status"`
	Code   string `json:"code" validate:"max=100"`
	Source string `json:"source" validate:"max=64"`
	TookMs int    `json:"took_ms"`
}

// KeepAccessInput says whether the rows of the present minute are written too, since
// the backend closes.
type KeepAccessInput struct {
	All bool `json:"all"`
}

// PruneInput removes what is older than a moment.
type PruneInput struct {
	BeforeMs int64 `json:"before_ms"`
}

// Pruned says how many rows were removed.
type Pruned struct {
	Count int `json:"count"`
}

// Operations of usage.
var (
	OpNoteAccess  = access.Op[Noted, Nothing]{Name: "apikey.note_access", Does: "used the local API", Mode: access.Read, Public: true, Door: access.API}
	OpAccess      = access.Op[AccessInput, AccessPage]{Name: "apikey.access", Does: "looked at the access log", Mode: access.Read, Needs: []access.Permission{access.ViewKey}}
	OpUsage       = access.Op[UsageInput, UsageReport]{Name: "apikey.usage", Does: "looked at the usage of API keys", Mode: access.Read, Needs: []access.Permission{access.ViewKey}}
	OpKeepAccess  = access.Op[KeepAccessInput, Nothing]{Name: "apikey.keep_access", Does: "kept the access log", Mode: access.Write, System: true}
	OpPruneAccess = access.Op[PruneInput, Pruned]{Name: "apikey.prune_access", Does: "removed old access rows", Mode: access.Write, System: true}
)

// mostWaiting is how many rows wait for the disk. What comes then is only
// counted: a disk that does not answer must not fill the memory.
const mostWaiting = 200_000

// accessLog is what waits to be written.
type accessLog struct {
	mu       sync.Mutex
	rows     []AccessRow
	usage    map[usageKey]int64
	lastUsed map[string]int64
	refused  map[refusedKey]*AccessRow
	batch    batch
	// wake writes a batch a while later. woken says that it was asked since the last
	// batch.
	wake  func()
	woken bool
}

type usageKey struct {
	keyID   string
	hourMs  int64
	outcome string
}

type refusedKey struct {
	minuteMs     int64
	source, code string
}

// WhenNoted sets what is called when a request with a good key waits to be
// written. The others wait for the end of their minute.
func (s *Service) WhenNoted(wake func()) { s.log.wake = wake }

// NoteAccess keeps a request in memory until the next batch is written.
func (s *Service) NoteAccess(_ context.Context, in Noted) (Nothing, error) {
	now := s.now()
	row := AccessRow{
		AtMs: now.UnixMilli(), KeyID: in.KeyID, Method: in.Method, Route: in.Route, Status: in.Status, Code: in.Code,
		Source: in.Source, TookMs: in.TookMs, Requests: 1,
	}
	first := false
	s.log.mu.Lock()
	if in.KeyID == "" {
		s.log.refuse(row, now.Truncate(time.Minute).UnixMilli())
	} else {
		first, s.log.woken = !s.log.woken, true
		if len(s.log.rows) < mostWaiting {
			s.log.rows = append(s.log.rows, row)
		}
		s.log.usage[usageKey{in.KeyID, now.UTC().Truncate(time.Hour).UnixMilli(), outcomeOf(in.Status)}]++
		s.log.lastUsed[in.KeyID] = row.AtMs
	}
	wake := s.log.wake
	s.log.mu.Unlock()
	if first && wake != nil {
		wake()
	}
	return Nothing{}, nil
}

// mostSourcesAMinute limits how many sources without a good key are told apart.
const mostSourcesAMinute = 1000

// refuse adds a request without a good key to the row of its minute and source.
func (l *accessLog) refuse(row AccessRow, minuteMs int64) {
	at := refusedKey{minuteMs, row.Source, row.Code}
	if len(l.refused) >= mostSourcesAMinute {
		at.source, row.Source = "", ""
	}
	if known := l.refused[at]; known != nil {
		known.Requests++
		known.AtMs = row.AtMs
		return
	}
	l.refused[at] = &row
}

func outcomeOf(status int) string {
	switch {
	case status == 429:
		return Limited
	case status >= 500:
		return Failed
	case status >= 400:
		return Refused
	}
	return Accepted
}

// KeepAccess writes what waits, in the gate's transaction. What could not be
// written waits for the next batch. Rows without a good key are written when
// their minute is over, or all where the backend closes.
func (s *Service) KeepAccess(ctx context.Context, in KeepAccessInput) (Nothing, error) {
	rows, usage := s.log.take(s.now().Truncate(time.Minute).UnixMilli(), in.All)
	if len(rows) == 0 && len(usage) == 0 {
		return Nothing{}, nil
	}
	access.From(ctx).AfterCommit(s.log.written)
	return Nothing{}, s.store.KeepAccess(ctx, rows, usage)
}

// take returns the batch to write: what waits, and before it what an earlier
// batch could not write. Until written is called it is kept.
func (l *accessLog) take(minuteMs int64, all bool) ([]AccessRow, []Usage) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.batch.add(l.rows...)
	l.rows, l.woken = nil, false
	for at, row := range l.refused {
		if all || at.minuteMs < minuteMs {
			l.batch.add(*row)
			delete(l.refused, at)
		}
	}
	counted := make(map[usageKey]int, len(l.batch.usage)+len(l.usage))
	for i, one := range l.batch.usage {
		counted[usageKey{one.KeyID, one.HourMs, one.Outcome}] = i
	}
	for at, n := range l.usage {
		i, known := counted[at]
		if !known {
			i = len(l.batch.usage)
			l.batch.usage = append(l.batch.usage, Usage{KeyID: at.keyID, HourMs: at.hourMs, Outcome: at.outcome})
		}
		l.batch.usage[i].Requests += n
		l.batch.usage[i].LastMs = l.lastUsed[at.keyID]
	}
	clear(l.usage)
	clear(l.lastUsed)
	return l.batch.rows, l.batch.usage
}

// written forgets the batch.
func (l *accessLog) written() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.batch = batch{}
}

// batch is what is being written.
type batch struct {
	rows  []AccessRow
	usage []Usage
}

// add adds rows as far as there is room.
func (b *batch) add(rows ...AccessRow) {
	b.rows = append(b.rows, rows[:min(len(rows), mostWaiting-len(b.rows))]...)
}

// Access gives a page of the access log.
func (s *Service) Access(ctx context.Context, in AccessInput) (AccessPage, error) {
	if in.Limit == 0 {
		in.Limit = 50
	}
	page, err := s.store.AccessPage(ctx, in)
	if page.Rows == nil {
		page.Rows = []AccessRow{}
	}
	return page, err
}

// Usage gives how often keys were used, by hour.
func (s *Service) Usage(ctx context.Context, in UsageInput) (UsageReport, error) {
	hours, err := s.store.UsageOf(ctx, in)
	if hours == nil {
		hours = []Usage{}
	}
	return UsageReport{Hours: hours}, err
}

// prunedAtOnce keeps a transaction short.
const prunedAtOnce = 5000

// PruneAccess removes old rows, the oldest first.
func (s *Service) PruneAccess(ctx context.Context, in PruneInput) (Pruned, error) {
	count, err := s.store.DeleteAccessBefore(ctx, in.BeforeMs, prunedAtOnce)
	return Pruned{Count: count}, err
}
