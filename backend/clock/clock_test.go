package clock_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"keydesk/backend/clock"
)

func counted(n *atomic.Int32) func(context.Context) error {
	return func(context.Context) error { n.Add(1); return nil }
}

// Every job runs at Start, before it returns; those with an interval again
// whenever it has passed, for as long as the backend stays open.
func TestRunsAtStartAndAtItsInterval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var daily, once atomic.Int32
		c := clock.New(slog.New(slog.DiscardHandler), time.Now, clock.Look,
			clock.Job{Name: "daily", Every: 24 * time.Hour, Run: counted(&daily)}, clock.Job{Name: "once", Run: counted(&once)})
		c.Start(t.Context())
		if daily.Load() != 1 || once.Load() != 1 {
			t.Fatalf("at start: %d and %d runs", daily.Load(), once.Load())
		}
		time.Sleep(5*24*time.Hour + time.Hour)
		if daily.Load() != 6 || once.Load() != 1 {
			t.Errorf("after five days: %d and %d runs", daily.Load(), once.Load())
		}
		c.Stop()
		time.Sleep(48 * time.Hour)
		if daily.Load() != 6 {
			t.Error("a stopped clock ran a job")
		}
		c.Start(t.Context())
		if daily.Load() != 7 || once.Load() != 2 {
			t.Errorf("started again: %d and %d runs", daily.Load(), once.Load())
		}
		c.Stop()
	})
}

// The wall clock decides: work that fell due while the computer slept runs at
// the first look after waking, once; a clock that was set back does not hold it
// for longer than its interval.
func TestSleepAndAClockSetBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var runs atomic.Int32
		var offset atomic.Int64
		now := func() time.Time { return time.Now().Add(time.Duration(offset.Load())) }
		c := clock.New(slog.New(slog.DiscardHandler), now, clock.Look, clock.Job{Name: "daily", Every: 24 * time.Hour, Run: counted(&runs)})
		c.Start(t.Context())
		defer c.Stop()
		offset.Store(int64(3 * 24 * time.Hour)) // slept for three days
		time.Sleep(2 * time.Minute)
		if runs.Load() != 2 {
			t.Errorf("after sleeping: %d runs", runs.Load())
		}
		offset.Store(-int64(10 * 365 * 24 * time.Hour)) // set back by ten years
		time.Sleep(2 * time.Minute)
		if runs.Load() != 3 {
			t.Errorf("after the clock was set back: %d runs", runs.Load())
		}
		time.Sleep(25 * time.Hour)
		if runs.Load() != 4 {
			t.Errorf("a day later: %d runs", runs.Load())
		}
	})
}

// A clock that is started several times at once is one clock, and Stop ends it.
func TestStartedAtOnce(t *testing.T) {
	for range 50 {
		var runs atomic.Int32
		c := clock.New(slog.New(slog.DiscardHandler), time.Now, time.Millisecond, clock.Job{Name: "often", Every: time.Millisecond, Run: func(context.Context) error {
			time.Sleep(100 * time.Microsecond)
			runs.Add(1)
			return nil
		}})
		var all sync.WaitGroup
		for range 8 {
			all.Add(1)
			go func() { defer all.Done(); c.Start(t.Context()) }()
		}
		all.Wait()
		c.Stop()
		before := runs.Load()
		time.Sleep(5 * time.Millisecond)
		if after := runs.Load(); after != before {
			t.Fatalf("after Stop the job ran %d times", after-before)
		}
	}
}

// A job that takes longer than its interval does not run twice at once, and
// Stop waits for it; one that fails runs again.
func TestNeverTwiceAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var running, most, runs atomic.Int32
		c := clock.New(slog.New(slog.DiscardHandler), time.Now, clock.Look, clock.Job{Name: "slow", Every: time.Minute, Run: func(context.Context) error {
			most.Store(max(most.Load(), running.Add(1)))
			defer running.Add(-1)
			if runs.Add(1) > 1 {
				time.Sleep(10 * time.Minute)
			}
			return errors.New("it failed")
		}})
		c.Start(t.Context())
		time.Sleep(45 * time.Minute)
		c.Stop()
		if most.Load() != 1 || running.Load() != 0 || runs.Load() < 4 {
			t.Errorf("%d at once, %d still running, %d runs", most.Load(), running.Load(), runs.Load())
		}
	})
}

// A later job does not hold up the start: it runs at the first look after it, and
// then at its interval.
func TestALaterJobRunsAfterTheStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var runs atomic.Int32
		c := clock.New(slog.New(slog.DiscardHandler), time.Now, clock.Look, clock.Job{Name: "later", Every: 24 * time.Hour, Later: true, Run: counted(&runs)})
		for start := range int32(2) {
			c.Start(t.Context())
			if runs.Load() != 2*start {
				t.Errorf("start %d: %d runs", start, runs.Load())
			}
			time.Sleep(2 * clock.Look)
			if runs.Load() != 2*start+1 {
				t.Errorf("after a look: %d runs", runs.Load())
			}
			time.Sleep(24 * time.Hour)
			if runs.Load() != 2*start+2 {
				t.Errorf("after a day: %d runs", runs.Load())
			}
			c.Stop()
		}
	})
}

// A job that is woken runs at once, alone, and its interval begins again; before the
// clock is started, and after it is stopped, waking it does nothing and waits for
// nothing.
func TestWake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var hourly, other atomic.Int32
		c := clock.New(slog.New(slog.DiscardHandler), time.Now, clock.Look,
			clock.Job{Name: "hourly", Every: time.Hour, Later: true, Run: counted(&hourly)}, clock.Job{Name: "other", Every: time.Hour, Later: true, Run: counted(&other)})
		for range 100 {
			c.Wake("hourly")
			c.Wake("nobody")
		}
		c.Start(t.Context())
		synctest.Wait()
		if n := hourly.Load(); n < 1 || n > 4 || other.Load() != 0 {
			t.Errorf("woken before the start: %d and %d runs", n, other.Load())
		}
		hourly.Store(0)
		c.Wake("hourly")
		synctest.Wait()
		if hourly.Load() != 1 || other.Load() != 0 {
			t.Errorf("woken: %d and %d runs", hourly.Load(), other.Load())
		}
		time.Sleep(59 * time.Minute)
		if hourly.Load() != 1 || other.Load() != 1 {
			t.Errorf("within the hour: %d and %d runs", hourly.Load(), other.Load())
		}
		c.Stop()
		c.Wake("hourly")
		synctest.Wait()
		if hourly.Load() != 1 {
			t.Errorf("after the stop: %d runs", hourly.Load())
		}
	})
}
