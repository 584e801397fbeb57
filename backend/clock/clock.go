// Package clock is the door of time: it starts Keydesk's own work when the
// backend has opened, at fixed intervals while it is open, and after the
// computer has slept. The jobs it starts are operations run by gate.RunSystem.
//
// Make a Clock of jobs with New, Start it when the data key is open, and Stop
// it before the backend closes. A job never runs twice at once.
package clock

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// Job is one kind of work.
type Job struct {
	// Name is for the log.
	Name string
	// Every is the interval between two runs by the wall clock; 0 runs it only
	// at each Start.
	Every time.Duration
	// Later leaves the job out at Start: it runs first at the first look after it,
	// so that nobody waits for it.
	Later bool
	Run   func(ctx context.Context) error
}

// Look is how often the wall clock is read. Because it is read, instead of
// sleeping until the next run, work that fell due while the computer slept runs
// soon after waking.
const Look = time.Minute

// Clock runs jobs.
type Clock struct {
	jobs []Job
	log  *slog.Logger
	now  func() time.Time
	look time.Duration

	mu   sync.Mutex
	stop context.CancelFunc
	done chan struct{}

	// wake holds the names of jobs that are not to wait for their interval.
	wake chan string
}

// New makes a clock that is stopped. now is the wall clock, which is read once
// every look.
func New(log *slog.Logger, now func() time.Time, look time.Duration, jobs ...Job) *Clock {
	return &Clock{jobs: jobs, log: log, now: now, look: look, wake: make(chan string, 2*len(jobs))}
}

// Start runs every job but the later ones once before it returns, so that what a
// crash left is put right before anybody looks, and then each at its interval. Starting a
// running clock runs them once more.
func (c *Clock) Start(ctx context.Context) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.end()
	ran := make([]time.Time, len(c.jobs))
	for i, job := range c.jobs {
		if !job.Later {
			ran[i] = c.run(ctx, job)
		}
	}
	ctx, c.stop = context.WithCancel(context.WithoutCancel(ctx))
	c.done = make(chan struct{})
	go c.tick(ctx, ran, c.done)
}

// Wake runs a job soon, while the clock is started; it never waits.
func (c *Clock) Wake(name string) {
	select {
	case c.wake <- name:
	default: // what waits already is enough, or it comes at its interval
	}
}

// Stop ends the clock and waits for the job that is running.
func (c *Clock) Stop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.end()
}

// end stops the ticks. mu is held.
func (c *Clock) end() {
	if c.stop == nil {
		return
	}
	c.stop()
	<-c.done
	c.stop = nil
}

func (c *Clock) tick(ctx context.Context, ran []time.Time, done chan<- struct{}) {
	defer close(done)
	ticker := time.NewTicker(c.look)
	defer ticker.Stop()
	for {
		woken := ""
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		case woken = <-c.wake:
		}
		for i, job := range c.jobs {
			due := job.Name == woken
			if woken == "" {
				due = isDue(job.Every, ran[i], c.now(), c.look)
			}
			if ctx.Err() == nil && due {
				ran[i] = c.run(ctx, job)
			}
		}
	}
}

// isDue reports whether a job runs again. A clock that was set back by more
// than a look makes it due too; otherwise a last run in the future would hold
// it back for ever.
func isDue(every time.Duration, ran, now time.Time, look time.Duration) bool {
	if every == 0 {
		return false
	}
	passed := now.Round(0).Sub(ran.Round(0))
	return passed >= every || passed < -look
}

// run does a job and returns when it began. A failure is logged and tried again
// at the next interval.
func (c *Clock) run(ctx context.Context, job Job) time.Time {
	began := c.now()
	if err := job.Run(ctx); err != nil && ctx.Err() == nil {
		c.log.Error("a job of Keydesk's own failed", "job", job.Name, "error", err)
	}
	return began
}
