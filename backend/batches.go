package backend

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"keydesk/backend/apikey"
)

// batchEvery is how long the access log waits for more before it is written: what
// is missing after a crash.
const batchEvery = 200 * time.Millisecond

// batches writes the access log a while after something was noted, one batch at a
// time.
type batches struct {
	run func(ctx context.Context, in apikey.KeepAccessInput) error
	log *slog.Logger

	writing sync.Mutex
}

func newBatches(run func(ctx context.Context, in apikey.KeepAccessInput) error, log *slog.Logger) *batches {
	return &batches{run: run, log: log}
}

// soon writes a batch after batchEvery.
func (b *batches) soon() {
	time.AfterFunc(batchEvery, func() { b.write(context.Background(), apikey.KeepAccessInput{}) })
}

// write writes what waits now. What cannot be written waits for the next batch.
func (b *batches) write(ctx context.Context, in apikey.KeepAccessInput) {
	b.writing.Lock()
	defer b.writing.Unlock()
	if err := b.run(ctx, in); err != nil {
		b.log.Warn("the access log could not be written", "why", err)
	}
}

// stop writes the last batch, if anything can be written. Nothing is written after
// it returns.
func (b *batches) stop(writable bool) {
	if writable {
		b.write(context.Background(), apikey.KeepAccessInput{All: true})
	}
	b.writing.Lock() // a batch that had begun
	defer b.writing.Unlock()
	b.run = func(context.Context, apikey.KeepAccessInput) error { return nil }
}
