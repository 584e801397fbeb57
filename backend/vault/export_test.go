package vault

import "context"

// The steps of Keep, for tests that stop between them.

func (p *Pending) StoreKeyring(ctx context.Context) error { return p.storeKeyring(ctx) }

func (p *Pending) Commit(ctx context.Context) error { return p.commit(ctx) }

func (p *Pending) Done(ctx context.Context) { _, _ = p.settle(ctx, nil) }
