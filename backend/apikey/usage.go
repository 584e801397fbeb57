package apikey

import (
	"context"
	"slices"
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

// DayUse is how often a key was used on a day of the office, by outcome.
type DayUse struct {
	KeyID    string `json:"-"`
	Day      string `json:"day"`
	Accepted int64  `json:"accepted"`
	Refused  int64  `json:"refused"`
	Limited  int64  `json:"limited"`
	Failed   int64  `json:"failed"`
	// LastMs is when it was last used, for writing only.
	LastMs int64 `json:"-"`
}

// Requests is the sum of all outcomes.
func (u DayUse) Requests() int64 { return u.Accepted + u.Refused + u.Limited + u.Failed }

func (u *DayUse) add(outcome string, n int64) {
	switch outcome {
	case Accepted:
		u.Accepted += n
	case Refused:
		u.Refused += n
	case Limited:
		u.Limited += n
	case Failed:
		u.Failed += n
	}
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

// UsageInput asks how often a key was used in the last Days days, today included.
type UsageInput struct {
	KeyID string `json:"key_id" validate:"required,max=64"`
	Days  int    `json:"days" validate:"min=1,max=92"`
}

// UsageReport is the usage of each of these days, oldest first, in the office's time
// zone.
type UsageReport struct {
	Days []DayUse `json:"days"`
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

// PruneInput removes what is older than a moment. Counts go by the day.
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
	usage    map[use]int64
	lastUsed map[string]int64
	refused  map[refusedKey]*AccessRow
	batch    batch
	// wake writes a batch a while later. woken says that it was asked since the last
	// batch.
	wake  func()
	woken bool
}

// use is what requests are counted by until they are written. A quarter of an hour is
// part of one day in every time zone.
type use struct {
	keyID   string
	quarter int64 // since 1970
	outcome string
}

const quarter = 15 * time.Minute

// day is the day of a zone that the quarter belongs to.
func (u use) day(zone *time.Location) string {
	return time.UnixMilli(u.quarter * quarter.Milliseconds()).In(zone).Format(time.DateOnly)
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
		s.log.usage[use{in.KeyID, row.AtMs / quarter.Milliseconds(), outcomeOf(in.Status)}]++
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
	rows, used := s.log.take(s.now().Truncate(time.Minute).UnixMilli(), in.All)
	if len(rows) == 0 && len(used) == 0 {
		return Nothing{}, nil
	}
	zone, err := s.limits.Zone(ctx)
	if err != nil {
		return Nothing{}, err
	}
	access.From(ctx).AfterCommit(s.log.written)
	return Nothing{}, s.store.KeepAccess(ctx, rows, byDay(used, zone))
}

// byDay adds up what was counted.
func byDay(used []counted, zone *time.Location) []DayUse {
	type at struct{ keyID, day string }
	days, index := []DayUse{}, map[at]int{}
	for _, one := range used {
		where := at{one.keyID, one.day(zone)}
		i, known := index[where]
		if !known {
			i = len(days)
			index[where] = i
			days = append(days, DayUse{KeyID: where.keyID, Day: where.day})
		}
		days[i].add(one.outcome, one.requests)
		days[i].LastMs = max(days[i].LastMs, one.lastMs)
	}
	return days
}

// take returns the batch to write: what waits, and before it what an earlier
// batch could not write. Until written is called it is kept.
func (l *accessLog) take(minuteMs int64, all bool) ([]AccessRow, []counted) {
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
	index := make(map[use]int, len(l.batch.usage)+len(l.usage))
	for i, one := range l.batch.usage {
		index[one.use] = i
	}
	for at, n := range l.usage {
		i, known := index[at]
		if !known {
			i = len(l.batch.usage)
			l.batch.usage = append(l.batch.usage, counted{use: at})
		}
		l.batch.usage[i].requests += n
		l.batch.usage[i].lastMs = l.lastUsed[at.keyID]
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

// counted is how many requests there were of one kind, and when the last was.
type counted struct {
	use
	requests int64
	lastMs   int64
}

// batch is what is being written.
type batch struct {
	rows  []AccessRow
	usage []counted
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

// Usage gives how often a key was used on each of the last days (C28).
func (s *Service) Usage(ctx context.Context, in UsageInput) (UsageReport, error) {
	days, err := s.lastDays(ctx, in.Days)
	if err != nil {
		return UsageReport{}, err
	}
	used, err := s.store.UsesOfKeys(ctx, []string{in.KeyID}, days[0])
	if err != nil {
		return UsageReport{}, err
	}
	report := UsageReport{Days: make([]DayUse, len(days))}
	for i, day := range days {
		report.Days[i] = DayUse{KeyID: in.KeyID, Day: day}
		if at := slices.IndexFunc(used, func(one DayUse) bool { return one.Day == day }); at >= 0 {
			report.Days[i] = used[at]
		}
	}
	return report, nil
}

// lastDays are the last n days of the office, oldest first.
func (s *Service) lastDays(ctx context.Context, n int) ([]string, error) {
	zone, err := s.limits.Zone(ctx)
	if err != nil {
		return nil, err
	}
	return LastDays(s.now().In(zone), n), nil
}

// LastDays are the last n days up to today's, oldest first, as YYYY-MM-DD.
func LastDays(today time.Time, n int) []string {
	days := make([]string, n)
	for i := range days {
		// Noon is there on every day, however the clock is changed.
		days[i] = time.Date(today.Year(), today.Month(), today.Day()-n+1+i, 12, 0, 0, 0, time.UTC).Format(time.DateOnly)
	}
	return days
}

// recent gives, for each of these keys, the requests of the last days, oldest first.
func (s *Service) recent(ctx context.Context, keys []Key) ([][]int64, error) {
	days, err := s.lastDays(ctx, recentDays)
	if err != nil {
		return nil, err
	}
	rows, ids := make([][]int64, len(keys)), make([]string, len(keys))
	for i, one := range keys {
		rows[i], ids[i] = make([]int64, len(days)), one.ID
	}
	used, err := s.store.UsesOfKeys(ctx, ids, days[0])
	for _, one := range used {
		if at := slices.Index(days, one.Day); at >= 0 {
			rows[slices.Index(ids, one.KeyID)][at] = one.Requests()
		}
	}
	return rows, err
}

// recentDays is how many days the list shows the use of.
const recentDays = 30

// prunedAtOnce keeps a transaction short.
const prunedAtOnce = 5000

// PruneAccess removes old rows, the oldest first.
func (s *Service) PruneAccess(ctx context.Context, in PruneInput) (Pruned, error) {
	zone, err := s.limits.Zone(ctx)
	if err != nil {
		return Pruned{}, err
	}
	count, err := s.store.DeleteAccessBefore(ctx, in.BeforeMs, time.UnixMilli(in.BeforeMs).In(zone).Format(time.DateOnly), prunedAtOnce)
	return Pruned{Count: count}, err
}
