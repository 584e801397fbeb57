package backend

import (
	"context"
	"errors"
)

// LookForAlerts does what the clock does every minute.
func (b *Backend) LookForAlerts(ctx context.Context) error {
	return errors.Join(b.raiseAlerts(ctx), b.tellAlerts(ctx))
}
