package vault

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"keydesk/backend/fault"
	"keydesk/backend/secret"
)

// Pending is a data key and a recovery code that exist in memory only, until a
// person has confirmed the code. The steps, in this order:
//
//	Confirms       the last four characters; nothing is kept before
//	StoreKeyring   before the transaction; left out if a passphrase protects
//	Commit         inside the caller's transaction
//	Done           after it is committed: the vault is open with this key
//	Abort          instead, after any of them failed
//
// A crash between any two steps leaves an office that opens, or none at all.
type Pending struct {
	vault      *Vault
	code       recoveryCode
	passphrase secret.Text
	protection Protection
	keyring    keyringWrapping // where the key goes, with ByKeyring
	// installation is the id at Prepare: Abort may remove what it names.
	installation string
	old          *dataKey // the key in force, when changing it; nil at first run
	oldKeyring   *keyringWrapping

	mu        sync.Mutex
	key       *dataKey // nil after Done or Abort
	confirmed bool
	tried     bool // the item may be in the keyring
	stored    bool // it is, and reads back
}

// Prepare makes a data key and a recovery code for a new office, kept by the
// keyring, or by the passphrase if there is one. It writes nothing. It does not
// try the keyring (see Keyring.Try). Faults: keyring.taken if an item of this
// installation id is there already, vault.made if the office has a key,
// vault.passphrase_short.
func (v *Vault) Prepare(ctx context.Context, passphrase secret.Text) (*Pending, error) {
	if _, err := v.readWrappings(ctx); err == nil || errors.Is(err, ErrDamaged) {
		return nil, ErrMade
	} else if !errors.Is(err, ErrNotMade) {
		return nil, err
	}
	p, err := v.prepare(ctx, passphrase, nil)
	if err != nil || p.protection == ByPassphrase {
		return p, err
	}
	p.keyring.Item = itemNames(p.installation)[0]
	for _, item := range itemNames(p.installation) {
		_, err := v.keyring.get(ctx, v.typingLimit(), p.keyring.Backend, item)
		switch {
		case err == nil, errors.Is(err, ErrKeyringCorrupt):
			return nil, ErrKeyringTaken
		case !errors.Is(err, ErrKeyringMissing):
			return nil, named(fault.From(err), p.keyring.Name)
		}
	}
	return p, nil
}

// PrepareChange makes a new data key and a new recovery code for an open vault,
// to be confirmed and committed like the first ones: Commit seals every secret
// again. The passphrase, if there is one, protects from then on; empty means
// the keyring. So this also changes or drops a passphrase.
func (v *Vault) PrepareChange(ctx context.Context, passphrase secret.Text) (*Pending, error) {
	v.mu.RLock()
	open, changing := v.current != nil, v.next != nil
	v.mu.RUnlock()
	if !open {
		return nil, ErrLocked
	}
	if changing {
		return nil, ErrChanging
	}
	stored, err := v.readWrappings(ctx)
	if err != nil {
		return nil, err
	}
	p, err := v.prepare(ctx, passphrase, stored.keyring)
	if err != nil {
		return nil, err
	}
	v.mu.RLock()
	defer v.mu.RUnlock()
	if v.current == nil {
		return nil, ErrLocked
	}
	p.old = v.current.copy()
	p.oldKeyring = stored.keyring
	return p, nil
}

// prepare chooses a backend only if none was stored.
func (v *Vault) prepare(ctx context.Context, passphrase secret.Text, stored *keyringWrapping) (*Pending, error) {
	p := &Pending{vault: v, installation: v.id(), passphrase: passphrase, protection: ByKeyring}
	switch {
	case !passphrase.IsEmpty():
		if err := checkPassphrase(passphrase); err != nil {
			return nil, err
		}
		p.protection = ByPassphrase
	case stored != nil:
		p.keyring = *stored
	default:
		backend, name, err := v.keyring.choose(ctx)
		if err != nil {
			return nil, err
		}
		p.keyring = keyringWrapping{Backend: backend, Name: name}
	}
	p.key = newDataKey()
	p.code = newRecoveryCode()
	return p, nil
}

// RecoveryCode returns the code to be shown once.
func (p *Pending) RecoveryCode() secret.Text { return p.code.text() }

// Confirms reports whether these are the code's last four characters, read as
// tolerantly as the code itself. Commit refuses until it was true once.
func (p *Pending) Confirms(last4 string) bool {
	code := plainCode(p.code.text().Reveal())
	p.mu.Lock()
	defer p.mu.Unlock()
	if plainCode(last4) == code[len(code)-codeGroup:] {
		p.confirmed = true
		return true
	}
	return false
}

// StoreKeyring puts the key into the keyring and reads it back. It may take the
// typing limit, so it must not run inside a transaction. It may be repeated.
func (p *Pending) StoreKeyring(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.ready(); err != nil || p.protection != ByKeyring {
		return err
	}
	v := p.vault
	if p.old != nil {
		if err := p.freeItem(ctx); err != nil {
			return err
		}
	}
	p.tried = true
	if err := v.writeItem(ctx, v.typingLimit(), p.keyring.Backend, p.keyring.Item, p.key); err != nil {
		return named(fault.From(err), p.keyring.Name)
	}
	p.stored = true
	return nil
}

// freeItem picks the name that does not hold the key in force. What is there is
// left from an earlier change and opens nothing.
func (p *Pending) freeItem(ctx context.Context) error {
	v := p.vault
	names := itemNames(p.installation)
	if p.keyring.Item == "" {
		p.keyring.Item = names[0]
	}
	if p.stored {
		return nil
	}
	for _, item := range []string{otherItem(p.installation, p.keyring.Item), p.keyring.Item} {
		key, err := v.itemKey(ctx, v.typingLimit(), p.keyring.Backend, item)
		switch {
		case errors.Is(err, ErrKeyringMissing), err == nil && key.equal(p.key):
			p.keyring.Item = item
			return nil
		case err == nil && key.equal(p.old):
			continue
		case err == nil, errors.Is(err, ErrKeyringCorrupt):
			if err := v.keyring.remove(ctx, v.typingLimit(), p.keyring.Backend, item); err != nil {
				return err
			}
			p.keyring.Item = item
			return nil
		default:
			return err
		}
	}
	return ErrKeyringTaken
}

// ready refuses while the pending key may not be written.
func (p *Pending) ready() error {
	if p.key == nil {
		return fmt.Errorf("vault: pending key used after Done or Abort")
	}
	if !p.confirmed {
		return ErrNotConfirmed.WithField("lastFour", "%s", ErrNotConfirmed.Message)
	}
	return nil
}

// Commit writes the wrappings and the verifier, and at first run the named
// keys; when changing, it seals every secret again. The context carries the
// caller's write transaction, and Done or Abort must follow it. Between Commit
// and Done the rest of the first run's transaction may use Put, Get and MAC;
// during a change Get and MAC still work and Put returns vault.changing.
func (p *Pending) Commit(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.ready(); err != nil {
		return err
	}
	if p.protection == ByKeyring && !p.stored {
		return fmt.Errorf("vault: Commit before StoreKeyring")
	}
	if err := p.recheck(ctx); err != nil {
		return err
	}
	if err := p.vault.setNext(p.key, p.old); err != nil {
		return err
	}
	if err := p.write(ctx); err != nil {
		p.vault.dropNext()
		return err
	}
	return nil
}

// recheck checks again, inside the transaction, what Prepare found.
func (p *Pending) recheck(ctx context.Context) error {
	stored, err := p.vault.readWrappings(ctx)
	switch {
	case p.old == nil && errors.Is(err, ErrNotMade):
		return nil
	case err != nil:
		return err
	case p.old == nil:
		return ErrMade
	case !stored.proves(p.old):
		return ErrWrongKey
	default:
		return nil
	}
}

func (p *Pending) write(ctx context.Context) error {
	rows := p.vault.rows
	if p.old == nil {
		if err := p.vault.MakeKey(ctx, ActivityMAC); err != nil {
			return err
		}
	} else if err := p.sealAgain(ctx); err != nil {
		return err
	}
	protector, dropped := wrapping(KindKeyring, p.keyring), KindPassphrase
	if p.protection == ByPassphrase {
		protector, dropped = passphraseFor(p.key, p.passphrase), KindKeyring
	}
	for _, w := range []Wrapping{verifierFor(p.key), recoveryFor(p.key, p.code), protector} {
		if err := rows.PutWrapping(ctx, w); err != nil {
			return err
		}
	}
	return rows.DeleteWrapping(ctx, dropped)
}

// sealAgain fails as a whole if one row does not open: skipping that row would
// lose it for good.
func (p *Pending) sealAgain(ctx context.Context) error {
	rows, err := p.vault.rows.AllSecrets(ctx)
	if err != nil {
		return err
	}
	for _, row := range rows {
		plain, err := openRow(p.old, row)
		if err != nil {
			return ErrSecretDamaged.WithCause(fmt.Errorf("%s %s slot %s: %w", row.OwnerKind, row.OwnerID, row.Slot, err))
		}
		row = sealRow(p.key, row, plain)
		clear(plain)
		if err := p.vault.rows.PutSecret(ctx, row); err != nil {
			return err
		}
	}
	return nil
}

// Done opens the vault with the committed key and, after a change, removes the
// old key's item. An error with that is ignored: the next opening removes it.
// The context is not that of the transaction, which is over; its end stops
// nothing.
func (p *Pending) Done(ctx context.Context) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.key == nil {
		return
	}
	p.finish(ctx)
}

func (p *Pending) finish(ctx context.Context) {
	v := p.vault
	ctx = context.WithoutCancel(ctx)
	state := openState(p.protection, &p.keyring)
	v.takeNext(p.key, state)
	if p.old != nil && p.oldKeyring != nil {
		for _, item := range itemNames(p.installation) {
			if p.protection == ByKeyring && item == p.keyring.Item {
				continue
			}
			_ = v.keyring.remove(ctx, v.limit(), p.oldKeyring.Backend, item)
		}
	}
	p.forget()
}

// Abort gives up: the vault is as it was before Commit and the keyring item is
// removed again. If the database says that the transaction was committed after
// all, Abort acts as Done; if the database cannot be read, the item stays,
// since the next opening finds which key fits.
func (p *Pending) Abort(ctx context.Context) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.key == nil {
		return
	}
	v := p.vault
	ctx = context.WithoutCancel(ctx)
	stored, err := v.readWrappings(ctx)
	if err == nil && stored.proves(p.key) {
		p.finish(ctx)
		return
	}
	v.dropNext()
	if p.tried && (err == nil || errors.Is(err, ErrNotMade)) {
		p.takeBack(ctx)
	}
	p.forget()
}

// takeBack removes the item if it holds this key: writing it may have worked
// although the answer came too late.
func (p *Pending) takeBack(ctx context.Context) {
	v := p.vault
	key, err := v.itemKey(ctx, v.limit(), p.keyring.Backend, p.keyring.Item)
	if err == nil && key.equal(p.key) {
		_ = v.keyring.remove(ctx, v.limit(), p.keyring.Backend, p.keyring.Item)
	}
}

func (p *Pending) forget() {
	p.key.wipe()
	p.old.wipe()
	p.key, p.old = nil, nil
	p.passphrase = secret.Text{}
	p.code = recoveryCode{}
}

// setNext lets reads see what the transaction writes. old must still be the
// key in force.
func (v *Vault) setNext(key, old *dataKey) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch {
	case v.next != nil:
		return ErrChanging
	case old == nil && v.current != nil:
		return ErrMade
	case old != nil && !old.equal(v.current):
		return ErrLocked
	}
	v.next = key.copy()
	return nil
}

func (v *Vault) dropNext() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.next.wipe()
	v.next = nil
}

func (v *Vault) takeNext(key *dataKey, state State) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.current.wipe()
	v.next.wipe()
	v.current, v.next = key.copy(), nil
	v.state = state
	delete(v.fresh, ActivityMAC) // the transaction that made it is committed
}
