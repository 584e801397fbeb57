package send

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"keydesk/backend/fault"
)

const (
	// block is how many rows are asked for with one write to the disk.
	block = 32
	// usualPatience is how long it is borne that Keydesk is not there: a window
	// takes the data over, or it is started again.
	usualPatience = time.Minute
	// usualLimit is how long nothing may come through because of the key's limit.
	usualLimit = 10 * time.Minute
	// brokenTries is how often a row is asked again after an internal error.
	brokenTries = 3
	// mostPause is the longest pause between two tries of a row.
	mostPause = 3 * time.Second
)

// ErrStopped is the reason of a run that a person stopped.
var ErrStopped = fault.New(fault.Unavailable, "send.stopped", "Stopped.")

// Run sends the rows of a table that have no result yet.
type Run struct {
	Table    *Table
	Client   *Client
	Progress *Progress
	Key      Key
	Parallel int
	// Patience is how long Keydesk may be away; 0 is a minute.
	Patience time.Duration
	// Warn is told once of each stage field that no setup knows.
	Warn func(field string)

	limited time.Duration // usualLimit, shorter in tests

	mu      sync.Mutex // guards what follows, and Progress
	pace    pace
	waiting Waiting
	// until when nothing came through: since the last answer, and since Keydesk
	// was last there (zero while it is).
	lastAnswer, goneSince time.Time
	ignored               []string
	// held are targets whose rows are left for another day, with the reason.
	held    map[Target]*fault.Error
	maybe   map[int]bool
	unsent  []int
	stopped *fault.Error
	cancel  context.CancelFunc
}

// Waiting is what a run waits for. Why is empty while it does not.
type Waiting struct {
	Until time.Time
	Why   string
}

// Trouble is a row that did not go out well.
type Trouble struct {
	Line   int    `json:"line"`
	Number int    `json:"row"`
	CallID string `json:"call_id,omitempty"`
	Reason
}

// Report is how a run ended. Left are rows without a result.
type Report struct {
	Rows, Accepted, Left int
	Failed, Unclear      []Trouble
	// Ignored are fields of this run that no setup knew.
	Ignored []string
	// Stopped is why rows are left; nil where none is.
	Stopped *fault.Error
}

// Do sends until every row has a result, until soft ends, or until something is
// wrong that concerns every row. Rows that are in flight then get their answer,
// unless hard ends too.
func (r *Run) Do(soft, hard context.Context) Report {
	work, cancel := context.WithCancel(soft)
	defer cancel()
	r.cancel, r.held, r.maybe, r.lastAnswer = cancel, map[Target]*fault.Error{}, map[int]bool{}, time.Now()
	if r.Patience == 0 {
		r.Patience = usualPatience
	}
	if r.limited == 0 {
		r.limited = usualLimit
	}
	queue := make(chan Row)
	var workers sync.WaitGroup
	for range max(r.Parallel, 1) {
		workers.Go(func() {
			for row := range queue {
				r.send(work, hard, row)
			}
		})
	}
	r.dispatch(work, queue)
	close(queue)
	workers.Wait()
	return r.end(soft)
}

// dispatch hands the rows to the workers, in order. What may be sent is on the disk
// before.
func (r *Run) dispatch(work context.Context, queue chan<- Row) {
	r.mu.Lock()
	pending, lost := r.Progress.pending(r.Table, r.Key.ID, time.Now())
	r.lose(lost)
	r.mu.Unlock()
	for rows := range slices.Chunk(pending, block) {
		rows = r.ask(rows)
		for i, number := range rows {
			row := r.Table.Rows[number-1]
			if work.Err() == nil {
				select {
				case queue <- row:
					continue
				case <-work.Done():
				}
			}
			r.mu.Lock()
			for _, number := range rows[i:] {
				r.leave(number)
			}
			r.mu.Unlock()
			return
		}
		if work.Err() != nil {
			return
		}
	}
}

// ask keeps that a block of rows may be sent from now on, and returns those that may.
func (r *Run) ask(rows []int) []int {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stopped != nil {
		return nil
	}
	may := []int{}
	for _, number := range rows {
		if r.Progress.isLost(number, r.Key.ID, time.Now()) {
			r.lose([]int{number})
			continue
		}
		_, r.maybe[number] = r.Progress.open[number]
		may = append(may, number)
	}
	if len(may) == 0 || r.stopped != nil {
		return nil
	}
	if err := r.Progress.ask(may, r.Key.ID, time.Now()); err != nil {
		r.stop(fault.From(err))
		return nil
	}
	return may
}

// lose settles rows that cannot be asked for again. mu is held.
func (r *Run) lose(rows []int) {
	for _, number := range rows {
		since := r.Progress.open[number].at.Local().Format("2006-01-02 15:04")
		r.keep(number, Outcome{Result: Unclear, Reason: because("",
			"It was asked for on %s, no answer was kept, and Keydesk no longer knows the request. Look for it among the calls.", since)})
	}
}

// keep settles a row. mu is held.
func (r *Run) keep(number int, outcome Outcome) {
	if err := r.Progress.settle(number, outcome); err != nil {
		r.stop(fault.From(err))
	}
}

// stop ends the run; the first reason counts. mu is held.
func (r *Run) stop(why *fault.Error) {
	if r.stopped == nil {
		r.stopped = why
	}
	r.cancel()
}

// leave leaves a row without a result. mu is held.
func (r *Run) leave(number int) {
	if !r.maybe[number] {
		r.unsent = append(r.unsent, number)
	}
}

// try is one request for a row.
type try struct {
	row  Row
	turn ticket
	// tries counts the requests for the row, and took is how long they take so far.
	tries int
	took  time.Duration
}

// send asks for one row until it has a result.
func (r *Run) send(work, hard context.Context, row Row) {
	body, err := row.body(r.Progress.Mode)
	key := ""
	if err == nil {
		key, err = row.key(r.Progress.Run, r.Progress.Mode)
	}
	if err != nil { // texts can always be marshalled
		panic(err)
	}
	began := time.Now()
	for tries := 1; ; tries++ {
		turn, mine := r.turn(work, row)
		if !mine {
			return
		}
		got, arrived, err := r.Client.ask(hard, "POST", "/v1/calls", key, body)
		pause, over := r.learn(hard, try{row, turn, tries, time.Since(began)}, got, arrived, err)
		if over || !sleep(work, hard, pause) {
			if !over {
				r.mu.Lock()
				r.leave(row.Number)
				r.mu.Unlock()
			}
			return
		}
	}
}

// turn waits until a request for this row may go out; false where none will.
func (r *Run) turn(work context.Context, row Row) (turn ticket, mine bool) {
	for {
		r.mu.Lock()
		if work.Err() != nil || r.held[row.Target] != nil {
			r.leave(row.Number)
			r.mu.Unlock()
			return ticket{}, false
		}
		turn, pause := r.pace.take(time.Now())
		if pause > time.Second {
			r.waiting = Waiting{r.pace.until, r.limitWords()}
		}
		r.mu.Unlock()
		if pause == 0 {
			return turn, true
		}
		sleep(work, work, pause)
	}
}

// learn takes an answer. It returns how long to wait before the row is asked again,
// or that this is over.
func (r *Run) learn(hard context.Context, one try, got answer, arrived reached, err error) (pause time.Duration, over bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now, row := time.Now(), one.row
	r.pace.done(one.turn, got.header, now)
	var j judgement
	switch {
	case err == nil:
		j = judge(got, circumstances{mode: r.Progress.Mode, alone: r.Table.OneTarget(), maybe: r.maybe[row.Number]})
	case hard.Err() != nil:
		r.maybe[row.Number] = r.maybe[row.Number] || bool(arrived)
		r.leave(row.Number)
		return 0, true
	default:
		j = judgement{do: again, trouble: true, notSent: !bool(arrived), why: r.Client.unreachable(err)}
	}
	if !j.notSent {
		r.maybe[row.Number] = true
	}
	if !j.trouble {
		r.goneSince = time.Time{}
	} else if r.goneSince.IsZero() {
		r.goneSince = now
	}
	for _, name := range j.ignored {
		if !slices.Contains(r.ignored, name) {
			r.ignored = append(r.ignored, name)
			if r.Warn != nil {
				r.Warn(name)
			}
		}
	}
	switch j.do {
	case settle:
		r.lastAnswer, r.waiting = now, Waiting{}
		r.keep(row.Number, j.outcome)
		return 0, true
	case stop:
		r.stop(j.why)
	case later:
		r.held[row.Target] = j.why
	case wait:
		if now.Sub(r.lastAnswer) > r.limited {
			r.stop(j.why)
			break
		}
		r.pace.hold(now.Add(j.wait))
		r.waiting = Waiting{now.Add(j.wait), j.why.Message}
		if j.why.Code == rateLimitCode {
			r.waiting.Why = r.limitWords()
		}
		return 0, false // turn waits
	case again:
		return r.again(one, j, now)
	}
	r.leave(row.Number)
	return 0, true
}

func (r *Run) limitWords() string {
	return fmt.Sprintf("the key's limit of %d a minute", r.Key.RequestsAMinute)
}

// again decides whether a row is asked once more. mu is held.
func (r *Run) again(one try, j judgement, now time.Time) (pause time.Duration, over bool) {
	row := one.row
	pause = min(250*time.Millisecond<<min(one.tries-1, 4), mostPause)
	if j.wait > 0 {
		pause = min(j.wait, mostPause)
	}
	switch {
	case j.trouble && now.Sub(r.goneSince) > r.Patience:
		r.stop(j.why)
		r.leave(row.Number)
		return 0, true
	case j.trouble:
		r.waiting = Waiting{now.Add(pause), "Keydesk does not answer now"}
	case j.why != nil && j.why.Code == runningCode && one.took > runningLimit:
		r.keep(row.Number, Outcome{Result: unknown(r.Progress.Mode), Reason: because("", "Keydesk still sends it; its history will say what became of it.")})
		return 0, true
	case j.why != nil && j.why.Code == runningCode:
	case one.tries >= brokenTries:
		r.keep(row.Number, j.outcome)
		return 0, true
	}
	return pause, false
}

// end keeps what the run has come to and reports it.
func (r *Run) end(soft context.Context) Report {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.Progress.free(r.unsent); err != nil {
		r.stop(fault.From(err))
	}
	report := Summary(r.Table, r.Progress)
	report.Ignored = r.ignored
	if report.Left == 0 {
		if r.stopped == nil {
			err := r.Progress.finish(Finished{At: time.Now().UTC(), Accepted: report.Accepted, Failed: len(report.Failed), Unclear: len(report.Unclear)})
			report.Stopped = fault.From(err)
		}
		return report
	}
	switch {
	case r.stopped != nil:
		report.Stopped = r.stopped
	case soft.Err() != nil:
		report.Stopped = ErrStopped
	default:
		for _, why := range r.held {
			report.Stopped = why
		}
	}
	return report
}

// Summary is what is known of the rows of a table.
func Summary(t *Table, p *Progress) Report {
	report := Report{Rows: len(t.Rows)}
	for _, row := range t.Rows {
		outcome, done := p.results[row.Number]
		if row.Fault != nil {
			outcome, done = Outcome{Result: Failed, Reason: row.Fault}, true
		}
		one := Trouble{Line: row.Line, Number: row.Number, CallID: outcome.CallID}
		if outcome.Reason != nil {
			one.Reason = *outcome.Reason
		}
		switch {
		case !done:
			report.Left++
		case outcome.Result == Accepted:
			report.Accepted++
		case outcome.Result == Failed:
			report.Failed = append(report.Failed, one)
		default:
			report.Unclear = append(report.Unclear, one)
		}
	}
	return report
}

// Pending is how many rows may still be sent.
func (r *Run) Pending() int {
	pending, _ := r.Progress.pending(r.Table, r.Key.ID, time.Now())
	return len(pending)
}

// State is how far a run is.
type State struct {
	Rows, Accepted, Failed, Unclear int
	Waiting                         Waiting
}

// State may be called while Do runs.
func (r *Run) State() State {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := State{Rows: len(r.Table.Rows), Waiting: r.waiting}
	s.Accepted, s.Failed, s.Unclear = r.Progress.Count()
	for _, row := range r.Table.Rows {
		if row.Fault != nil {
			s.Failed++
		}
	}
	return s
}

// sleep waits; false when one of the contexts ended first.
func sleep(work, hard context.Context, pause time.Duration) bool {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return !errors.Is(work.Err(), context.Canceled)
	case <-work.Done():
	case <-hard.Done():
	}
	return false
}
