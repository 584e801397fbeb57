package send

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

const (
	// brokenTries is how often a row is asked for when Keydesk makes a mistake.
	brokenTries = 3
	// mostPause is the longest pause between two tries of a row.
	mostPause = 3 * time.Second
)

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
		// The computer may have slept since the row was asked for.
		if r.maybe[row.Number] && r.Progress.isLost(row.Number, r.Key.ID, time.Now()) {
			r.lose([]int{row.Number})
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
		j = judge(got, circumstances{mode: r.Progress.Mode, alone: r.alone, onePlace: r.onePlace, maybe: r.maybe[row.Number]})
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
