package vault

import (
	"context"
	"time"
)

// Limits changes the limits while no call is made.
func (k *Keyring) Limits(limit, typing time.Duration) {
	k.options.Limit, k.options.TypingLimit = limit, typing
}

// The steps of Keep, for tests that stop between them.

func (p *Pending) StoreKeyring(ctx context.Context) error { return p.storeKeyring(ctx) }

func (p *Pending) Commit(ctx context.Context) error { return p.commit(ctx) }

func (p *Pending) Done(ctx context.Context) { _, _ = p.settle(ctx, nil) }

// Abort gives the pending key up, as another beginning does.
func (p *Pending) Abort(ctx context.Context) { p.vault.pending.Drop(ctx, p) }
