package backend

import "context"

// LookForAlerts does what the clock does every minute.
func (b *Backend) LookForAlerts(ctx context.Context) error { return b.lookForAlerts(ctx) }
