package backend

import (
	"context"
	"strings"
	"time"

	"keydesk/backend/certificate"
	"keydesk/backend/organisation"
	"keydesk/backend/process"
	"keydesk/backend/secret"
	"keydesk/backend/vault"
)

// What one package needs of another, where the two do not fit as they are.

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
	// What cannot be read must not lift the limit.
	if err != nil || settings.PerMinute == 0 {
		return 60
	}
	return settings.PerMinute
}

// officeNetwork adapts the organisation to what package certificate needs.
type officeNetwork struct{ organisation *organisation.Service }

func (o officeNetwork) Name(ctx context.Context) (string, error) {
	current, err := o.organisation.Current(ctx)
	return current.Name, err
}

func (o officeNetwork) Hosts(ctx context.Context) (hosts certificate.Hosts, open bool, err error) {
	settings, err := o.organisation.LocalAPISettings(ctx)
	if err != nil {
		return hosts, false, err
	}
	return certificate.Hosts{Addresses: settings.NetworkAddresses(), Names: settings.Names}, settings.Network, nil
}

// keys adapts the vault to what package organisation needs.
type keys struct {
	vault   *vault.Vault
	keyring *vault.Keyring
}

func (k keys) Try(ctx context.Context) organisation.ProbeResult {
	trial := k.keyring.Try(ctx)
	return organisation.ProbeResult{Works: trial.Status == vault.OK, Name: trial.Name, Message: trial.Message, Hint: trial.Hint}
}

func (k keys) Prepare(ctx context.Context, passphrase secret.Text) (organisation.PendingKey, error) {
	return pending(k.vault.Prepare(ctx, passphrase))
}

func (k keys) PrepareChange(ctx context.Context, passphrase secret.Text) (organisation.PendingKey, error) {
	return pending(k.vault.PrepareChange(ctx, passphrase))
}

// pending prevents a nil pointer from becoming an interface that is not nil.
func pending(p *vault.Pending, err error) (organisation.PendingKey, error) {
	if err != nil {
		return nil, err
	}
	return pendingKey{p}, nil
}

// pendingKey counts what package organisation only counts.
type pendingKey struct{ *vault.Pending }

func (p pendingKey) Unreadable() int { return len(p.Pending.Unreadable()) }

func (k keys) Open(ctx context.Context) error   { return k.vault.Open(ctx) }
func (k keys) Unlock(ctx context.Context) error { return k.vault.Unlock(ctx) }
func (k keys) OpenWithRecovery(ctx context.Context, code secret.Text) error {
	return k.vault.OpenWithRecovery(ctx, code)
}
func (k keys) OpenWithPassphrase(ctx context.Context, passphrase secret.Text) error {
	return k.vault.OpenWithPassphrase(ctx, passphrase)
}

func (k keys) Secrets() organisation.Secrets {
	state := k.vault.State()
	return organisation.Secrets{
		Open: state.Open, Protection: string(state.Protection), Keyring: state.Keyring,
		Reason: string(state.Reason), Message: state.Message, Hint: state.Hint, Unreadable: state.Unreadable,
	}
}
