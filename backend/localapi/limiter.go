package localapi

import (
	"net/netip"
	"sync"
	"time"
)

// window is the span that every limit of the door counts over.
const window = 60

// counter counts over the last minute, in buckets of one second. The second that
// has only partly left the minute still counts, so there are never more than the
// limit within any 60 seconds, at the border of two windows neither.
type counter struct {
	// at is the second of the newest bucket.
	at      int64
	total   int
	buckets [window + 1]uint32
}

// quota is what a limit says of one request.
type quota struct {
	allowed bool
	limit   int
	left    int
	// reset is in how many whole seconds the next request becomes possible that is
	// not possible now; at least 1 (RFC 9110, 10.2.3).
	reset int
}

// take counts one request if the limit allows it. now never goes back.
func (c *counter) take(now time.Duration, limit int) quota {
	second := int64(now / time.Second)
	for c.at < second {
		if c.total == 0 || second-c.at > window {
			*c = counter{at: second}
			break
		}
		c.at++
		bucket := &c.buckets[c.at%(window+1)]
		c.total -= int(*bucket)
		*bucket = 0
	}
	q := quota{limit: limit, allowed: c.total < limit}
	if q.allowed {
		c.buckets[second%(window+1)]++
		c.total++
	}
	q.left = max(limit-c.total, 0)
	// What has to leave the minute before there is more room than now.
	gone, needed := 0, max(c.total-limit+1, 1)
	for s := second - window; s <= second; s++ {
		if s < 0 {
			continue
		}
		if gone += int(c.buckets[s%(window+1)]); gone >= needed {
			free := time.Duration(s+window+1) * time.Second
			q.reset = int((free - now + time.Second - 1) / time.Second)
			break
		}
	}
	if q.reset == 0 { // a limit of 0, with nothing counted
		q.reset = window
	}
	return q
}

// timeline turns a clock that can be set back into a time that never goes back: a
// step back takes no time, and what follows counts on from there. So nobody waits
// longer than a minute, whatever happens to the clock.
type timeline struct {
	last time.Time
	at   time.Duration
}

func (t *timeline) advance(now time.Time) time.Duration {
	if step := now.Sub(t.last); !t.last.IsZero() && step > 0 {
		t.at += step
	}
	t.last = now
	return t.at
}

// limiter keeps one counter for each name. It is in memory alone: a restart locks
// nobody out.
type limiter[Name comparable] struct {
	now func() time.Time
	// most bounds the memory; names beyond it share one counter.
	most int

	mu     sync.Mutex
	time   timeline
	counts map[Name]*counter
	others counter
	swept  time.Duration
}

func newLimiter[Name comparable](now func() time.Time, most int) *limiter[Name] {
	return &limiter[Name]{now: now, most: most, counts: map[Name]*counter{}}
}

// take counts one request of this name.
func (l *limiter[Name]) take(name Name, limit int) quota {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := l.time.advance(l.now())
	if at-l.swept > window*time.Second {
		l.sweep(at)
	}
	count := l.counts[name]
	if count == nil {
		if len(l.counts) >= l.most {
			return l.others.take(at, limit)
		}
		count = &counter{at: int64(at / time.Second)}
		l.counts[name] = count
	}
	return count.take(at, limit)
}

// sweep forgets those whose minute is over.
func (l *limiter[Name]) sweep(at time.Duration) {
	l.swept = at
	for name, count := range l.counts {
		if int64(at/time.Second)-count.at > window {
			delete(l.counts, name)
		}
	}
}

// sourceOf is what failing requests are counted by. An IPv6 host has a whole /64
// to call from.
func sourceOf(address netip.Addr) netip.Prefix {
	address = address.Unmap().WithZone("")
	bits := address.BitLen()
	if address.Is6() && !address.IsLoopback() {
		bits = 64
	}
	prefix, err := address.Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return prefix
}
