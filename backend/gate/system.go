package gate

import (
	"context"
	"time"

	"keydesk/backend/access"
)

// program is the source of Keydesk's own work. Its ID is not empty, so that no
// door can name it by leaving something out.
var program = access.Source{Kind: access.Program, ID: "program"}

// RunSystem runs a System operation as Keydesk itself: recovery at start,
// purging, pruning. Such an operation is like any other, with one transaction
// and an activity row if something changed, but no door can call it. Faults:
// vault.locked while the data key is closed.
func RunSystem[In, Out any](ctx context.Context, handler Handler[In, Out], in In) (Out, error) {
	return handler(access.WithSource(ctx, program), in)
}

// keepEvents is how long the outbox holds an event.
const keepEvents = 7 * 24 * time.Hour

// Pruned says how much was removed.
type Pruned struct {
	Count int `json:"count"`
}

// OpPruneEvents removes events older than 7 days from the outbox. It leaves no
// activity row: what the events were about is in activity already.
var OpPruneEvents = access.Op[struct{}, Pruned]{Name: "event.prune", Does: "removed old events", Mode: access.Write, System: true}

// PruneEvents removes events older than 7 days.
func (g *Gate) PruneEvents(ctx context.Context, _ struct{}) (Pruned, error) {
	count, err := g.Outbox.DeleteEventsBefore(ctx, g.Now().Add(-keepEvents).UnixMilli())
	return Pruned{Count: count}, err
}
