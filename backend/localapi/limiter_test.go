package localapi

import (
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"
)

type fakeClock struct{ at time.Time }

func (c *fakeClock) now() time.Time          { return c.at }
func (c *fakeClock) wait(span time.Duration) { c.at = c.at.Add(span) }

func newClock() *fakeClock {
	return &fakeClock{time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)}
}

// burst takes n times and counts what was allowed.
func burst(l *limiter[string], name string, limit, n int) (allowed int, last quota) {
	for range n {
		if last = l.take(name, limit); last.allowed {
			allowed++
		}
	}
	return allowed, last
}

// RULES.md, Local API: 100 calls in a second with a limit of 10; the Retry-After is true to the
// second; nothing more at the border of two windows; the clock is stepped back; a
// restart locks nobody out.
func TestRateLimit(t *testing.T) {
	clock := newClock()
	l := newLimiter[string](clock.now, 100)
	allowed := 0
	var last quota
	for range 100 {
		if last = l.take("a", 10); last.allowed {
			allowed++
		}
		clock.wait(10 * time.Millisecond)
	}
	if allowed != 10 || last.reset < 1 || last.reset > window+1 || last.left != 0 {
		t.Fatalf("%d of 100 were allowed, %+v", allowed, last)
	}
	clock.wait(time.Duration(last.reset)*time.Second - 20*time.Millisecond - time.Second)
	if q := l.take("a", 10); q.allowed || q.reset < 1 {
		t.Fatalf("allowed a second before Retry-After was over: %+v", q)
	}
	clock.wait(time.Second + 20*time.Millisecond)
	if q := l.take("a", 10); !q.allowed {
		t.Fatalf("Retry-After was not true: %+v", q)
	}
	if allowed, _ := burst(l, "b", 10, 100); allowed != 10 {
		t.Fatalf("another key got %d", allowed)
	}
	if allowed, _ := burst(newLimiter[string](clock.now, 100), "a", 10, 100); allowed != 10 {
		t.Fatalf("a restart left %d", allowed)
	}
	clock.wait(-10 * 365 * 24 * time.Hour)
	_, q := burst(l, "b", 10, 1)
	if q.allowed || q.reset > window+1 {
		t.Fatalf("after a step back: %+v", q)
	}
	clock.wait(time.Duration(q.reset) * time.Second)
	if q := l.take("b", 10); !q.allowed {
		t.Fatalf("after a step back Retry-After was not true: %+v", q)
	}
}

// The same for any pattern of requests: never more than the limit in any 60 seconds,
// never a Retry-After that is not true, and never one that is a whole second too
// long.
func TestRateLimitAlways(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for round := range 200 {
		clock := newClock()
		l := newLimiter[string](clock.now, 10)
		limit := 1 + random.IntN(20)
		var taken []time.Time
		for range 400 {
			clock.wait(time.Duration(random.Int64N(int64(8 * time.Second))))
			q := l.take("a", limit)
			within := 0
			for _, at := range taken {
				if clock.at.Sub(at) < window*time.Second {
					within++
				}
			}
			if q.allowed {
				if taken = append(taken, clock.at); within >= limit {
					t.Fatalf("round %d: %d within a minute, the limit is %d", round, within+1, limit)
				}
				continue
			}
			if q.reset < 1 {
				t.Fatalf("round %d: a Retry-After of %d", round, q.reset)
			}
			early := *l.counts["a"]
			if early.take(l.time.at+time.Duration(q.reset-1)*time.Second, limit).allowed {
				t.Fatalf("round %d: a second less would do", round)
			}
			late := *l.counts["a"]
			if !late.take(l.time.at+time.Duration(q.reset)*time.Second, limit).allowed {
				t.Fatalf("round %d: Retry-After was not true", round)
			}
		}
	}
}

// Sources are forgotten after their minute, and never more than the most are kept.
func TestLimiterIsBounded(t *testing.T) {
	clock := newClock()
	l := newLimiter[netip.Prefix](clock.now, 100)
	address := netip.MustParseAddr("10.0.0.1")
	refused := 0
	for range 1000 {
		if !l.take(sourceOf(address), 60).allowed {
			refused++
		}
		address = address.Next()
	}
	if len(l.counts) != 100 || refused != 1000-100-60 {
		t.Fatalf("%d sources are kept, %d were refused", len(l.counts), refused)
	}
	clock.wait(3 * time.Minute)
	if l.take(sourceOf(address), 60); len(l.counts) != 1 {
		t.Fatalf("%d sources are kept after their minute", len(l.counts))
	}
}

// One IPv6 host cannot be many sources.
func TestSourceOf(t *testing.T) {
	for address, want := range map[string]string{
		"127.0.0.1":             "127.0.0.1/32",
		"::ffff:192.0.2.7":      "192.0.2.7/32",
		"::1":                   "::1/128",
		"2001:db8:1:2:3:4:5:6":  "2001:db8:1:2::/64",
		"fe80::1:2:3:4%eth0":    "fe80::/64",
		"2001:db8:1:2:ffff::99": "2001:db8:1:2::/64",
	} {
		if got := sourceOf(netip.MustParseAddr(address)).String(); got != want {
			t.Errorf("%s is counted as %s, want %s", address, got, want)
		}
	}
}
