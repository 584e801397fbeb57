package backend

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"time"

	"keydesk/backend/apikey"
	"keydesk/backend/organisation"
	"keydesk/backend/process"
)

// batchEvery is how long the access log waits for more before it is written: what
// is missing after a crash.
const batchEvery = 200 * time.Millisecond

// batches writes the access log a while after something was noted, one batch at a
// time.
type batches struct {
	run func(ctx context.Context) error
	log *slog.Logger

	writing sync.Mutex
}

func newBatches(run func(ctx context.Context) error, log *slog.Logger) *batches {
	return &batches{run: run, log: log}
}

// soon writes a batch after batchEvery.
func (b *batches) soon() {
	time.AfterFunc(batchEvery, func() { b.write(context.Background()) })
}

// write writes what waits now. What cannot be written waits for the next batch.
func (b *batches) write(ctx context.Context) {
	b.writing.Lock()
	defer b.writing.Unlock()
	if err := b.run(ctx); err != nil {
		b.log.Warn("the access log could not be written", "why", err)
	}
}

// stop writes the last batch, if anything can be written. Nothing is written after
// it returns.
func (b *batches) stop(writable bool) {
	if writable {
		b.write(apikey.Closing(context.Background()))
	}
	b.writing.Lock() // a batch that had begun
	defer b.writing.Unlock()
	b.run = func(context.Context) error { return nil }
}

// paths adapts the process tree to what package apikey needs.
type paths struct{ process *process.Service }

func (p paths) PathOf(ctx context.Context, placeID string) ([]string, error) {
	path, err := p.process.Path(ctx, placeID)
	ids := make([]string, len(path))
	for i, place := range path {
		ids[i] = place.ID
	}
	return ids, err
}

func (p paths) NameOf(ctx context.Context, placeID string) (string, error) {
	path, err := p.process.Path(ctx, placeID)
	names := make([]string, len(path))
	for i, place := range path {
		names[i] = place.Name
	}
	return strings.Join(names, " / "), err
}

// limits adapts the organisation's settings to what package apikey needs.
type limits struct{ organisation *organisation.Service }

func (l limits) Zone(ctx context.Context) (*time.Location, error) {
	o, err := l.organisation.Current(ctx)
	return o.Location(), err
}

func (l limits) PerMinute(ctx context.Context) int {
	settings, err := l.organisation.LocalAPISettings(ctx)
	if err != nil || settings.PerMinute == 0 {
		return 60
	}
	return settings.PerMinute
}
