package send

import (
	"context"
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
	// alone and onePlace say what all rows have in common.
	alone, onePlace bool

	mu      sync.Mutex // guards what follows, and Progress
	pace    pace
	waiting Waiting
	// lastAnswer is when a row last got its result, and goneSince since when Keydesk
	// is not there; zero while it is.
	lastAnswer, goneSince time.Time
	ignored               []string
	// held are targets whose rows are left for another day, with the reason.
	held map[Target]*fault.Error
	// maybe are rows that a request may have sent, and unsent are those that were
	// left and that certainly none has.
	maybe  map[int]bool
	unsent []int
	// stopped is why no more rows are begun, which cancel does.
	stopped *fault.Error
	cancel  context.CancelFunc
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
	r.alone, r.onePlace = r.Table.OneTarget(), r.Table.onePlace()
	queue := make(chan Row, r.Parallel) // the next row is there when one is done
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
	may := r.may(rows)
	r.mu.Unlock()
	if len(may) == 0 {
		return nil
	}
	// Answers come and are kept while the disk writes.
	if err := r.Progress.sync(); err != nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.Progress.broken = err
		r.stop(fault.From(err))
		return nil
	}
	return may
}

// may settles the rows of a block that cannot be asked for again, and adds the others
// to the progress. mu is held.
func (r *Run) may(rows []int) []int {
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
	if err := r.Progress.settle(r.Table.Rows[number-1], outcome); err != nil {
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
