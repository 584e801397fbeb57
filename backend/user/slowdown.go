package user

import (
	"strconv"
	"sync"
	"time"

	"keydesk/backend/fault"
)

// Faults of guessing too often (RULES.md, Sign-in).
var (
	ErrWait = fault.New(fault.Limited, "user.wait", "Too many wrong passwords.").
		WithHint("Wait, then type it again. An Org Admin who forgot the password can use the recovery code.")
	ErrBlocked = fault.New(fault.Limited, "user.blocked", "There were 100 wrong passwords in a row.").
			WithHint("Ask someone with Can Edit Users & Roles to reset the password, or use the recovery code.")
)

// Five tries are free; then each wait is twice as long as the one before.
const (
	freeTries   = 5
	firstWait   = 2 * time.Second
	longestWait = 300 * time.Second
	mostTries   = 100
)

// waitAfter returns the wait after this many wrong passwords in a row.
func waitAfter(failures int) time.Duration {
	wait := firstWait
	for n := freeTries; n < failures && wait < longestWait; n++ {
		wait *= 2
	}
	if failures < freeTries {
		return 0
	}
	return min(wait, longestWait)
}

// slowdown keeps the wrong passwords of a name. The wall time and the count are
// both kept, so that a restart keeps the wait and a clock that jumps cannot
// stretch it beyond its interval.
type slowdown struct {
	failures    int
	waitUntilMs int64
}

// try asks for one try at now. It is counted at once, before the password is
// checked, so that neither a kill nor a second window gives free tries. The
// caller clears the count when the password was right.
func (d slowdown) try(now time.Time) (slowdown, *fault.Error) {
	if d.failures >= mostTries {
		return d, ErrBlocked
	}
	nowMs, wait := now.UnixMilli(), waitAfter(d.failures)
	if left := time.Duration(d.waitUntilMs-nowMs) * time.Millisecond; wait > 0 && left > 0 {
		if left > wait {
			d.waitUntilMs, left = nowMs+wait.Milliseconds(), wait
		}
		return d, ErrWait.WithMessage("Too many wrong passwords. Try again in %s.", inWords(left)).WithRetryAfter(left)
	}
	d.failures++
	d.waitUntilMs = 0
	if wait := waitAfter(d.failures); wait > 0 {
		d.waitUntilMs = nowMs + wait.Milliseconds()
	}
	return d, nil
}

// proven remembers, of each user, the last try whose password was right, for the
// next one. What such a try led to may have failed, as on a full disk, and then
// its count was not cleared: the next try begins where it began. Without this
// five right passwords would end in "too many wrong ones".
type proven struct {
	mu    sync.Mutex
	tries map[string]provenTry
}

type provenTry struct{ before, after slowdown }

// take returns the last try of a user if its password was right, and forgets it:
// a right password never pays for more than one wrong one.
func (p *proven) take(userID string) (provenTry, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	try, known := p.tries[userID]
	delete(p.tries, userID)
	return try, known
}

func (p *proven) keep(userID string, try provenTry) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.tries == nil {
		p.tries = map[string]provenTry{}
	}
	p.tries[userID] = try
}

func inWords(wait time.Duration) string {
	seconds := int((wait + time.Second - 1) / time.Second)
	switch {
	case seconds == 1:
		return "1 second"
	case seconds < 90:
		return strconv.Itoa(seconds) + " seconds"
	}
	return strconv.Itoa((seconds+59)/60) + " minutes"
}
