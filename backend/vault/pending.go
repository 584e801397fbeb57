package vault

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"keydesk/backend/fault"
	"keydesk/backend/pending"
	"keydesk/backend/secret"
)

// Pending is a data key and a recovery code that exist in memory only, until a
// person has confirmed the code. A vault has at most one, which nobody else
// touches while Keep runs (package pending).
//
// Keep goes through these steps. A crash between any two leaves an office that
// opens, or none at all:
//
//	storeKeyring   before the transaction; left out if a passphrase protects
//	commit         inside the caller's transaction
//	finish         after it is committed: the vault is open with this key
//	rewind         instead, if the transaction was undone
type Pending struct {
	vault        *Vault
	passphrase   secret.Text
	protection   Protection
	keyring      keyringWrapping // where the key goes, with ByKeyring
	installation string          // the id at Prepare, which names the items
	old          *dataKey        // the key in force, when changing it; nil at first run
	oldKeyring   *keyringWrapping

	steps      sync.Mutex // held by each step, which may wait for the keyring
	key        *dataKey   // nil once the pending key is in force or given up
	tried      bool       // the item may be in the keyring
	stored     bool       // it is, and reads back
	committed  bool       // the transaction has written everything
	unreadable []secret.Location

	mu        sync.Mutex
	code      recoveryCode // written with steps held as well, so steps read it freely
	confirmed bool
}

// Prepare makes a data key and a recovery code for a new office, kept by the
// keyring, or by the passphrase if there is one. It writes nothing. It takes the
// place of what is pending. It does not try the keyring (see Keyring.Try).
// Faults: keyring.taken if an item of this installation id is there already,
// vault.made if the office has a key, vault.passphrase_short, vault.confirming,
// vault.not_pending if a newer one took its place meanwhile.
func (v *Vault) Prepare(ctx context.Context, passphrase secret.Text) (*Pending, error) {
	return v.begin(ctx, v.refuseMade, func(ctx context.Context) (*Pending, error) {
		v.removeOrphans(ctx, wrappings{})
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
	})
}

func (v *Vault) refuseMade(ctx context.Context) error {
	if err := v.resolve(ctx); err != nil {
		return err
	}
	_, err := v.readWrappings(ctx)
	switch {
	case errors.Is(err, ErrNotMade):
		return nil
	case err == nil, errors.Is(err, ErrDamaged):
		return ErrMade
	default:
		return err
	}
}

// begin checks before it gives up what is pending, and again when that is gone.
func (v *Vault) begin(ctx context.Context, check func(ctx context.Context) error, prepare func(ctx context.Context) (*Pending, error)) (*Pending, error) {
	if err := check(ctx); err != nil {
		return nil, err
	}
	p, err := v.pending.Begin(ctx, func(ctx context.Context) (*Pending, error) {
		if err := check(ctx); err != nil {
			return nil, err
		}
		return prepare(ctx)
	})
	return p, owned(err)
}

// owned puts what the owner of the pending key refuses into words.
func owned(err error) error {
	switch {
	case errors.Is(err, pending.ErrBusy):
		return ErrConfirming
	case errors.Is(err, pending.ErrGone):
		return ErrNotPending
	default:
		return err
	}
}

// PrepareChange makes a new data key and a new recovery code for an open vault,
// to be confirmed and kept like the first ones: every secret is then sealed
// again. The passphrase, if there is one, protects from then on; empty means
// the keyring. So this also changes or drops a passphrase. It takes the place of
// what is pending. Faults: vault.locked, vault.changing, vault.confirming,
// vault.not_pending.
func (v *Vault) PrepareChange(ctx context.Context, passphrase secret.Text) (*Pending, error) {
	return v.begin(ctx, v.refuseUnusable, func(ctx context.Context) (*Pending, error) {
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
	})
}

// refuseUnusable refuses a change of a key that is not open, or that another
// change has in hand.
func (v *Vault) refuseUnusable(ctx context.Context) error {
	if err := v.resolve(ctx); err != nil {
		return err
	}
	v.mu.RLock()
	defer v.mu.RUnlock()
	switch {
	case v.current == nil:
		return ErrLocked
	case v.next != nil:
		return ErrChanging
	default:
		return nil
	}
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
func (p *Pending) RecoveryCode() secret.Text {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.code.text()
}

// Installation returns the id that names the item in the keyring.
func (p *Pending) Installation() string { return p.installation }

// Waits reports whether this key can still be confirmed, or is being kept.
func (p *Pending) Waits() bool { return p.vault.pending.Waits(p) }

// Keep makes the pending key the one in force. It puts the key where it will be
// kept and calls transaction, which runs one write transaction and calls commit
// in it. After an error the vault is as it was before and Keep can be called
// again, with the same recovery code; only where the database cannot say whether
// it kept the transaction is the outcome vault.in_doubt. If the database kept
// it although transaction returned an error, Keep returns nil.
//
// Faults: vault.not_confirmed, vault.confirming, vault.not_pending, those of the
// keyring, and what transaction returns.
func (p *Pending) Keep(ctx context.Context, transaction func(commit func(ctx context.Context) error) error) error {
	return owned(p.vault.pending.Confirm(p, func() (again bool, err error) { return p.keep(ctx, transaction) }))
}

func (p *Pending) keep(ctx context.Context, transaction func(commit func(ctx context.Context) error) error) (again bool, err error) {
	if err := p.storeKeyring(ctx); err != nil {
		return true, err
	}
	settled := false
	defer func() {
		if settled {
			return
		}
		// The transaction panicked. It was undone, unless it panicked after its
		// commit.
		if again, _ := p.settle(ctx, errPanicked); again {
			p.forget()
		}
	}()
	err = transaction(p.commit)
	settled = true
	return p.settle(ctx, err)
}

var errPanicked = errors.New("vault: the transaction panicked")

// settle ends what commit began, by what the database says now: finish, rewind,
// or leave all as it is while it cannot say.
func (p *Pending) settle(ctx context.Context, err error) (again bool, _ error) {
	p.steps.Lock()
	defer p.steps.Unlock()
	if p.key == nil {
		return false, nil
	}
	v := p.vault
	ctx = context.WithoutCancel(ctx)
	if err == nil && !p.committed {
		err = errors.New("vault: the transaction did not commit the pending key")
	}
	if err == nil {
		p.finish(ctx)
		return false, nil
	}
	p.committed = false
	stored, readErr := v.readWrappings(ctx)
	switch {
	case readErr == nil && stored.proves(p.key): // kept; only the answer was lost
		p.finish(ctx)
		return false, nil
	case p.old == nil && errors.Is(readErr, ErrNotMade), readErr == nil && stored.proves(p.old):
		p.rewind(ctx)
		return true, err
	case readErr == nil, errors.Is(readErr, ErrDamaged), errors.Is(readErr, ErrNotMade): // another key is in force
		p.rewind(ctx)
		p.wipe()
		return false, err
	default:
		v.doubt(p)
		return false, ErrInDoubt.WithCause(errors.Join(err, readErr))
	}
}

// rewind makes the vault as it was before Keep. The key and its recovery code
// stay, so that the same confirmation can be tried again.
func (p *Pending) rewind(ctx context.Context) {
	p.vault.dropNext()
	if p.tried {
		p.takeBack(ctx)
	}
}

// Unreadable returns, after Keep, the secrets that did not open and were
// therefore left as they are. They have to be entered again.
func (p *Pending) Unreadable() []secret.Location {
	p.steps.Lock()
	defer p.steps.Unlock()
	return p.unreadable
}

// Confirms reports whether these are the code's last four characters, read as
// tolerantly as the code itself. Commit refuses until it was true once.
func (p *Pending) Confirms(last4 string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	code := plainCode(p.code.text().Reveal())
	if plainCode(last4) == code[len(code)-codeGroup:] {
		p.confirmed = true
		return true
	}
	return false
}

// storeKeyring puts the key into the keyring and reads it back. It may take the
// typing limit, so it must not run inside a transaction. It may be repeated.
func (p *Pending) storeKeyring(ctx context.Context) error {
	p.steps.Lock()
	defer p.steps.Unlock()
	if err := p.ready(); err != nil || p.protection != ByKeyring {
		return err
	}
	v := p.vault
	if p.old != nil {
		if err := p.recheck(ctx); err != nil {
			return err
		}
		if err := p.freeItem(ctx); err != nil {
			return err
		}
	}
	if p.old == nil {
		if err := v.note(ctx, NotedItem{p.keyring.Backend, p.keyring.Item}); err != nil {
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
		keys, err := v.itemKeys(ctx, v.typingLimit(), p.keyring.Backend, item)
		switch {
		case errors.Is(err, ErrKeyringMissing), err == nil && holds(keys, p.key):
			p.keyring.Item = item
			return nil
		case err == nil && holds(keys, p.old):
			continue
		case err == nil, errors.Is(err, ErrKeyringCorrupt):
			if err := v.keyring.removeIf(ctx, v.typingLimit(), p.keyring.Backend, item, func([]byte) bool { return true }); err != nil {
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
		return fmt.Errorf("vault: pending key used after its end")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.confirmed {
		return ErrNotConfirmed.WithField("lastFour", "%s", ErrNotConfirmed.Message)
	}
	return nil
}

// commit writes the wrappings and the verifier, and at first run the named
// keys; when changing, it seals every secret again. The context carries the
// caller's write transaction. Between commit and finish the rest of the first run's transaction may use Put, Get and MAC;
// during a change Get and MAC still work and Put returns vault.changing.
func (p *Pending) commit(ctx context.Context) error {
	p.steps.Lock()
	defer p.steps.Unlock()
	if err := p.ready(); err != nil {
		return err
	}
	if p.protection == ByKeyring && !p.stored {
		return fmt.Errorf("vault: commit before storeKeyring")
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
	p.committed = true
	return nil
}

// recheck checks again what Prepare found, before the keyring is touched and
// inside the transaction.
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
		if err := p.vault.dropNote(ctx, p.keyring.Item); err != nil {
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

// sealAgain leaves a row that does not open as it is and notes it: it is lost
// already, and must not keep the others from a new key.
func (p *Pending) sealAgain(ctx context.Context) error {
	rows, err := p.vault.rows.AllSecrets(ctx)
	if err != nil {
		return err
	}
	p.unreadable = nil
	for _, row := range rows {
		plain, err := openRow(p.old, row)
		if err != nil {
			p.unreadable = append(p.unreadable, row.location())
			p.vault.setDamaged(row.location(), true)
			continue
		}
		row = sealRow(p.key, row, plain)
		clear(plain)
		if err := p.vault.rows.PutSecret(ctx, row); err != nil {
			return err
		}
	}
	return nil
}

// finish opens the vault with the committed key and, after a change, removes
// the old key's item. An error with that is ignored: the next opening removes
// it. A vault that was closed meanwhile stays closed.
func (p *Pending) finish(ctx context.Context) {
	v := p.vault
	state := openState(p.protection, &p.keyring)
	state.Unreadable = len(p.unreadable)
	v.takeNext(p.key, state)
	if p.old != nil && p.oldKeyring != nil {
		for _, item := range itemNames(p.installation) {
			if p.protection == ByKeyring && item == p.keyring.Item {
				continue
			}
			_ = v.removeKeys(ctx, v.limit(), p.oldKeyring.Backend, item, func(key *dataKey) bool { return !key.equal(p.key) })
		}
	}
	p.wipe()
}

// abort is what the owner does with a pending key that will not be confirmed:
// the keyring item is removed again. If the database says that the key is in
// force after all, that is where it ends; if the database cannot be read, the
// item stays, since the next opening finds which key fits.
func (p *Pending) abort(ctx context.Context) {
	if again, _ := p.settle(ctx, errAborted); again {
		p.forget()
	}
}

var errAborted = errors.New("vault: the pending key was given up")

// takeBack removes the item if it holds this key: writing it may have worked
// although the answer came too late.
func (p *Pending) takeBack(ctx context.Context) {
	v := p.vault
	err := v.removeKeys(ctx, v.limit(), p.keyring.Backend, p.keyring.Item, p.key.equal)
	p.stored = false
	p.tried = err != nil
	if err == nil && p.old == nil {
		_ = v.dropNote(ctx, p.keyring.Item) // the next first run drops it otherwise
	}
}

func (p *Pending) forget() {
	p.steps.Lock()
	defer p.steps.Unlock()
	p.wipe()
}

func (p *Pending) wipe() {
	p.key.wipe()
	p.old.wipe()
	p.key, p.old = nil, nil
	p.passphrase = secret.Text{}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.code = recoveryCode{}
}

// nextKey is a data key whose transaction is not known to be committed yet.
type nextKey struct {
	*dataKey
	// alone: it opens and seals although no key is in force, for the rest of the
	// first run's transaction.
	alone bool
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
	v.next = &nextKey{dataKey: key.copy(), alone: old == nil}
	return nil
}

func (v *Vault) dropNext() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.endNext()
}

// endNext is called with mu held.
func (v *Vault) endNext() {
	if v.next != nil {
		v.next.wipe()
	}
	v.next, v.doubtful = nil, nil
}

// takeNext puts the committed key in force. If the vault was closed between
// commit and here, it stays closed.
func (v *Vault) takeNext(key *dataKey, state State) {
	v.mu.Lock()
	defer v.mu.Unlock()
	closed := v.current == nil && (v.next == nil || !v.next.alone)
	v.endNext()
	delete(v.fresh, ActivityMAC) // the transaction that made it is committed
	if closed {
		v.state.Made, v.state.Protection, v.state.Keyring = true, state.Protection, state.Keyring
		return
	}
	v.current.wipe()
	v.current = key.copy()
	v.state = state
}

// doubt notes a change of which the database could not say whether it is
// committed. Both keys open rows meanwhile, and nothing is sealed.
func (v *Vault) doubt(p *Pending) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.next != nil {
		v.next.alone = false
	}
	v.doubtful = p
}

// resolve asks the database again about a change that is in doubt.
func (v *Vault) resolve(ctx context.Context) error {
	v.mu.RLock()
	p := v.doubtful
	v.mu.RUnlock()
	if p == nil {
		return nil
	}
	again, err := p.settle(ctx, ErrInDoubt)
	if again {
		p.forget()
		return nil
	}
	return err
}
