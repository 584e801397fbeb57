package send

import (
	"encoding/json"
	"time"

	"keydesk/backend/fault"
)

// Result is how a row ended.
type Result string

// The results. Unclear rows may have been sent, and are never sent again here.
const (
	Accepted Result = "accepted"
	Failed   Result = "failed"
	Unclear  Result = "unclear"
)

// Outcome is how a row ended, and why.
type Outcome struct {
	Result Result `json:"result"`
	CallID string `json:"call_id,omitempty"`
	*Reason
}

// keptKeys is how long an Idempotency-Key is relied on: the API keeps it 24 hours,
// and the clocks of two machines differ.
const keptKeys = 23 * time.Hour

// Faults of the progress file.
var (
	ErrProgress = fault.New(fault.Unavailable, "send.progress", "The progress of this run cannot be kept.").
			WithHint("Nothing is sent without it, since a run that breaks off could then send twice. Choose another place with --progress.")
	ErrProgressBroken = fault.New(fault.Conflict, "send.progress_broken", "The progress file is damaged.").
				WithHint("What was sent is not known from it. Look into the calls in Keydesk before you send the rest.")
)

// start is the first line of a progress file.
type start struct {
	Version int       `json:"keydesk_send"`
	Run     string    `json:"run"`
	Digest  string    `json:"digest"`
	Mode    string    `json:"mode"`
	Rows    int       `json:"rows"`
	At      time.Time `json:"at"`
}

const progressVersion = 1

// line is any other line of it: exactly one of its parts is there.
type line struct {
	// Asked are rows that may be sent from now on, with the id of the key that asks.
	Asked []int     `json:"asked,omitempty"`
	Key   string    `json:"key,omitempty"`
	At    time.Time `json:"at,omitzero"`
	// Freed are rows that were asked and certainly not sent.
	Freed []int `json:"freed,omitempty"`

	Row int `json:"row,omitempty"`
	*Outcome
	// Mark is there where the row was sent, or may have been.
	Mark string `json:"mark,omitempty"`

	// File is a list of rows that was written beside the input.
	File   string `json:"file,omitempty"`
	Digest string `json:"digest,omitempty"`

	Finished *Finished `json:"finished,omitempty"`
}

// Finished is the end of a run of which every row has a result.
type Finished struct {
	At       time.Time `json:"at"`
	Accepted int       `json:"accepted"`
	Failed   int       `json:"failed"`
	Unclear  int       `json:"unclear"`
}

// asked is when a row was first asked for, and by which key.
type asked struct {
	at  time.Time
	key string
}

// Progress is what a run keeps: in memory, and in a file of one JSON object a line
// to which it only adds. It holds reasons, ids and numbers of rows, never a key and
// no row. Its methods are for one goroutine at a time.
type Progress struct {
	start
	// Finished is nil until every row has a result.
	Finished *Finished

	results map[int]Outcome
	open    map[int]asked
	wrote   map[string]string
	marks   map[string]bool
	// file is nil where nothing is kept.
	file syncer
	// size is the length of the lines that are whole.
	size int64
	// broken is why the file could not be written; nothing is added after a line
	// that may be there in part.
	broken error
}

// syncer is an open file.
type syncer interface {
	Write(text []byte) (int, error)
	Sync() error
	Close() error
}

// InMemory is the progress of a run that is not kept.
func InMemory(t *Table, mode string) *Progress {
	return &Progress{
		start:   start{Version: progressVersion, Run: newRunID(), Digest: t.Digest, Mode: mode, Rows: len(t.Rows), At: time.Now().UTC()},
		results: map[int]Outcome{}, open: map[int]asked{}, wrote: map[string]string{}, marks: map[string]bool{},
	}
}

// apply takes a line into memory.
func (p *Progress) apply(one line) {
	for _, row := range one.Asked {
		if _, before := p.open[row]; !before { // the first time counts: from it on the key is kept
			p.open[row] = asked{one.At, one.Key}
		}
	}
	for _, row := range one.Freed {
		delete(p.open, row)
	}
	if one.Outcome != nil {
		p.results[one.Row] = *one.Outcome
		delete(p.open, one.Row)
	}
	if one.Mark != "" {
		p.marks[one.Mark] = true
	}
	if one.File != "" {
		p.wrote[one.File] = one.Digest
	}
	if one.Finished != nil {
		p.Finished = one.Finished
	}
}

// ask keeps, before anything goes out, that rows may be sent from now on. It holds
// once sync has returned.
func (p *Progress) ask(rows []int, key string, at time.Time) error {
	return p.add(line{Asked: rows, Key: key, At: at.UTC().Round(0)}, false)
}

// sync waits until what was added is on the disk. Other methods may run meanwhile.
func (p *Progress) sync() error {
	if p.file == nil {
		return nil
	}
	if err := p.file.Sync(); err != nil {
		return notKept(err)
	}
	return nil
}

// free keeps that rows which were asked were certainly not sent.
func (p *Progress) free(rows []int) error {
	if len(rows) == 0 {
		return nil
	}
	return p.add(line{Freed: rows}, true)
}

// settle keeps the result of a row. It need not be on the disk at once: asked
// again, the API gives the same answer.
func (p *Progress) settle(row Row, outcome Outcome) error {
	one := line{Row: row.Number, Outcome: &outcome}
	if outcome.Result != Failed {
		mark, err := row.mark(p.Run, p.Mode)
		if err != nil {
			return err
		}
		one.Mark = mark
	}
	return p.add(one, false)
}

// Sent is how many rows of a table this run has sent already, or may have, also
// where it had another table.
func (p *Progress) Sent(t *Table) (count int) {
	for _, row := range t.Rows {
		if mark, err := row.mark(p.Run, p.Mode); err == nil && row.Fault == nil && p.marks[mark] {
			count++
		}
	}
	return count
}

func (p *Progress) finish(finished Finished) error {
	return p.add(line{Finished: &finished}, true)
}

func (p *Progress) add(one line, sync bool) error {
	text, err := json.Marshal(one)
	if err == nil {
		err = p.write(append(text, '\n'), sync)
	}
	if err == nil {
		p.apply(one)
	}
	return err
}

// Count is how many rows have each result.
func (p *Progress) Count() (accepted, failed, unclear int) {
	for _, outcome := range p.results {
		switch outcome.Result {
		case Accepted:
			accepted++
		case Failed:
			failed++
		case Unclear:
			unclear++
		}
	}
	return accepted, failed, unclear
}

// IsOf tells whether this is the progress of that input and mode.
func (p *Progress) IsOf(t *Table, mode string) bool {
	return p.Digest == t.Digest && p.Mode == mode && p.Rows == len(t.Rows)
}

// Untouched tells whether no row has a result and none can have been sent.
func (p *Progress) Untouched() bool { return len(p.results)+len(p.open) == 0 }

// Done is how many rows have a result or may have been sent.
func (p *Progress) Done() int { return len(p.results) + len(p.open) }

// Wrote tells whether this run wrote a file with that content.
func (p *Progress) Wrote(path, digest string) bool { return p.wrote[path] == digest }

// LacksLists tells whether rows of a finished run were to be listed in a file, and
// the run was killed, or could not write it, before it had.
func (p *Progress) LacksLists() bool {
	return p.Finished != nil && p.Finished.Failed+p.Finished.Unclear > 0 && len(p.wrote) == 0
}

// NoteFile keeps that this run writes a file, so that it may replace it later.
func (p *Progress) NoteFile(path, digest string) error {
	return p.add(line{File: path, Digest: digest}, true)
}

// pending are the rows without a result, in order. Those of which no answer is
// known, and can no longer be asked for, are returned as lost.
func (p *Progress) pending(t *Table, key string, now time.Time) (pending, lost []int) {
	for _, row := range t.Rows {
		if _, done := p.results[row.Number]; done || row.Fault != nil {
			continue
		}
		if p.isLost(row.Number, key, now) {
			lost = append(lost, row.Number)
		} else {
			pending = append(pending, row.Number)
		}
	}
	return pending, lost
}

// isLost tells whether asking again could send a row a second time: its key belongs
// to another API key, or may be forgotten. A try-out sends nothing.
func (p *Progress) isLost(row int, key string, now time.Time) bool {
	first, open := p.open[row]
	if !open || p.Mode != Live {
		return false
	}
	age := now.Round(0).Sub(first.at) // by the clock on the wall, which goes on while a computer sleeps
	return first.key != key || age > keptKeys || age < -time.Minute
}
