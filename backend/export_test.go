package backend

import (
	"context"
	"errors"
)

// StopClock leaves what the clock does to the test.
func (b *Backend) StopClock() { b.clock.Stop() }

// LookForAlerts does what the clock does every minute.
func (b *Backend) LookForAlerts(ctx context.Context) error {
	return errors.Join(b.raiseAlerts(ctx), b.tellAlerts(ctx))
}
