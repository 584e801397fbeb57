package vault

import (
	"context"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"

	"keydesk/backend/secret"
)

// Put seals a secret and stores it at its place, replacing what was there. The
// context carries the owner's write transaction. It returns vault.locked while
// the vault is closed.
func (v *Vault) Put(ctx context.Context, ownerKind, ownerID, slot string, text secret.Text) error {
	return v.PutWith(ctx, ownerKind, ownerID, slot, text, "")
}

// PutWith is Put with what the owner has to know of the secret without opening
// it. That is stored in the clear.
func (v *Vault) PutWith(ctx context.Context, ownerKind, ownerID, slot string, text secret.Text, about string) error {
	return v.put(ctx, Row{OwnerKind: ownerKind, OwnerID: ownerID, Slot: slot, About: about}, []byte(text.Reveal()))
}

func (v *Vault) put(ctx context.Context, row Row, plain []byte) error {
	if err := v.resolve(ctx); err != nil {
		return err
	}
	row, err := v.sealed(row, plain)
	if err != nil {
		return err
	}
	if err := v.rows.PutSecret(ctx, row); err != nil {
		return err
	}
	v.setDamaged(row.location(), false)
	return nil
}

// setDamaged remembers whether a row opens. If the transaction that replaced it
// is undone, its next opening finds it again.
func (v *Vault) setDamaged(at secret.Location, is bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if is {
		v.damaged[at] = true
	} else {
		delete(v.damaged, at)
	}
}

func (v *Vault) sealed(row Row, plain []byte) (Row, error) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	switch {
	case v.current != nil && v.next != nil:
		return Row{}, ErrChanging
	case v.current != nil:
		return sealRow(v.current, row, plain), nil
	case v.next != nil && v.next.alone: // the rest of the first run's transaction
		return sealRow(v.next.dataKey, row, plain), nil
	default:
		return Row{}, ErrLocked
	}
}

// Get opens the secret at a place. Faults: vault.secret_missing if there is
// none, vault.secret_damaged if what is there was not sealed for this place,
// vault.locked while the vault is closed.
func (v *Vault) Get(ctx context.Context, ownerKind, ownerID, slot string) (secret.Text, error) {
	plain, found, err := v.get(ctx, ownerKind, ownerID, slot)
	if err != nil {
		return secret.Text{}, err
	}
	if !found {
		return secret.Text{}, ErrSecretMissing
	}
	return secret.New(string(plain)), nil
}

func (v *Vault) get(ctx context.Context, ownerKind, ownerID, slot string) ([]byte, bool, error) {
	if !v.usable() {
		return nil, false, ErrLocked
	}
	// A change of the data key may finish between reading the row and opening
	// it; then the row, read again, is sealed with the key we hold.
	for attempt := 0; ; attempt++ {
		row, found, err := v.rows.Secret(ctx, ownerKind, ownerID, slot)
		if err != nil || !found {
			return nil, false, err
		}
		// The place that was asked for, not the one the store returns.
		row.OwnerKind, row.OwnerID, row.Slot = ownerKind, ownerID, slot
		plain, err := v.opened(row)
		if err == nil {
			return plain, true, nil
		}
		if errors.Is(err, ErrLocked) {
			return nil, false, err
		}
		if attempt == 1 {
			v.setDamaged(row.location(), true)
			return nil, false, err
		}
	}
}

func (v *Vault) usable() bool {
	v.mu.RLock()
	defer v.mu.RUnlock()
	return len(v.keys()) > 0
}

// keys returns what opens rows now: the key in force, and while another is being
// committed that one as well. It is called with mu held.
func (v *Vault) keys() []*dataKey {
	var keys []*dataKey
	if v.current != nil {
		keys = append(keys, v.current)
	}
	if v.next != nil && (v.current != nil || v.next.alone) {
		keys = append(keys, v.next.dataKey)
	}
	return keys
}

func (v *Vault) opened(row Row) ([]byte, error) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	keys := v.keys()
	if len(keys) == 0 {
		return nil, ErrLocked
	}
	for _, key := range keys {
		if plain, err := openRow(key, row); err == nil {
			return plain, nil
		}
	}
	return nil, ErrSecretDamaged.WithCause(fmt.Errorf("%s %s slot %s: %w", row.OwnerKind, row.OwnerID, row.Slot, errDoesNotOpen))
}

// Delete removes the secret at a place; if there is none, that is no error.
func (v *Vault) Delete(ctx context.Context, ownerKind, ownerID, slot string) error {
	v.setDamaged(secret.Location{OwnerKind: ownerKind, OwnerID: ownerID, Slot: slot}, false)
	return v.rows.DeleteSecret(ctx, ownerKind, ownerID, slot)
}

// DeleteOwner removes every secret of an owner. It works while the vault is
// locked.
func (v *Vault) DeleteOwner(ctx context.Context, ownerKind, ownerID string) error {
	rows, err := v.rows.OwnerSecrets(ctx, ownerKind, ownerID)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if err := v.Delete(ctx, ownerKind, ownerID, row.Slot); err != nil {
			return err
		}
	}
	return nil
}

// Held gives what is known of every secret of an owner, by slot, without opening
// any. It works while the vault is closed.
func (v *Vault) Held(ctx context.Context, ownerKind, ownerID string) (map[string]secret.Held, error) {
	rows, err := v.rows.OwnerSecrets(ctx, ownerKind, ownerID)
	if err != nil {
		return nil, err
	}
	v.mu.RLock()
	defer v.mu.RUnlock()
	held := make(map[string]secret.Held, len(rows))
	for _, row := range rows {
		row.OwnerKind, row.OwnerID = ownerKind, ownerID
		held[row.Slot] = secret.Held{About: row.About, Damaged: v.damaged[row.location()]}
	}
	return held, nil
}

// Damaged gives the places of an owner kind whose secrets were found not to open,
// by owner and slot: by an attempt to open them, or by Survey.
func (v *Vault) Damaged(ownerKind string) map[string][]string {
	v.mu.RLock()
	defer v.mu.RUnlock()
	found := map[string][]string{}
	for at := range v.damaged {
		if at.OwnerKind == ownerKind {
			found[at.OwnerID] = append(found[at.OwnerID], at.Slot)
		}
	}
	return found
}

// All opens the secrets of an owner, by slot, with one read. One that does not
// open is left out and is Damaged from then on: it is no reason to refuse the
// others.
func (v *Vault) All(ctx context.Context, ownerKind, ownerID string) (map[string]secret.Text, error) {
	all, err := v.Each(ctx, ownerKind, []string{ownerID})
	if err != nil {
		return nil, err
	}
	if all[ownerID] == nil {
		all[ownerID] = map[string]secret.Text{}
	}
	return all[ownerID], nil
}

// Each is All for many owners, by owner and slot, with one read for all of them.
func (v *Vault) Each(ctx context.Context, ownerKind string, ownerIDs []string) (map[string]map[string]secret.Text, error) {
	if !v.usable() {
		return nil, ErrLocked
	}
	rows, err := v.rows.SecretsOf(ctx, ownerKind, ownerIDs)
	if err != nil {
		return nil, err
	}
	texts := make(map[string]map[string]secret.Text, len(ownerIDs))
	for _, row := range rows {
		row.OwnerKind = ownerKind
		if texts[row.OwnerID] == nil {
			texts[row.OwnerID] = map[string]secret.Text{}
		}
		text, err := v.text(ctx, row)
		switch {
		case errors.Is(err, ErrSecretDamaged), errors.Is(err, ErrSecretMissing):
		case err != nil:
			return nil, err
		default:
			texts[row.OwnerID][row.Slot] = text
		}
	}
	return texts, nil
}

// Surveyed is what Survey found.
type Surveyed struct {
	// Unreadable are the secrets that do not open.
	Unreadable []secret.Location
	// Unknown are those of which nothing is known yet (see Describe).
	Unknown []secret.Location
}

// Survey tries every secret, so that what does not open is Damaged before anybody
// needs it. It returns vault.locked while the vault is closed.
func (v *Vault) Survey(ctx context.Context) (Surveyed, error) {
	var out Surveyed
	if !v.usable() {
		return out, ErrLocked
	}
	rows, err := v.rows.AllSecrets(ctx)
	if err != nil {
		return out, err
	}
	for _, row := range rows {
		_, err := v.text(ctx, row)
		switch {
		case errors.Is(err, ErrSecretMissing): // deleted meanwhile
		case errors.Is(err, ErrSecretDamaged):
			out.Unreadable = append(out.Unreadable, row.location())
		case err != nil:
			return out, err
		case row.About == "":
			out.Unknown = append(out.Unknown, row.location())
		}
		if err := ctx.Err(); err != nil {
			return out, err
		}
	}
	return out, nil
}

// Describe keeps beside a secret what about says of it. The context carries a
// write transaction. A secret that is gone or does not open stays as it is.
func (v *Vault) Describe(ctx context.Context, at secret.Location, about func(secret.Text) string) error {
	row, found, err := v.rows.Secret(ctx, at.OwnerKind, at.OwnerID, at.Slot)
	if err != nil || !found {
		return err
	}
	row.OwnerKind, row.OwnerID, row.Slot = at.OwnerKind, at.OwnerID, at.Slot
	plain, err := v.opened(row)
	if errors.Is(err, ErrSecretDamaged) {
		v.setDamaged(at, true)
		return nil
	}
	if err != nil {
		return err
	}
	row.About = about(secret.New(string(plain)))
	return v.rows.PutSecret(ctx, row)
}

// text opens a row that was read together with others. If it does not open it
// is read again, since a change of the data key may have come in between.
func (v *Vault) text(ctx context.Context, row Row) (secret.Text, error) {
	plain, err := v.opened(row)
	if err != nil {
		return v.Get(ctx, row.OwnerKind, row.OwnerID, row.Slot)
	}
	return secret.New(string(plain)), nil
}

// Named keys are rows of this owner, so that they are sealed, moved and
// re-sealed like every other secret.
const (
	officeKind = "office"
	officeID   = "office"
)

// ActivityMAC names the key that chains the activity; Pending.Commit makes it.
const ActivityMAC = "activity_mac"

// MAC returns HMAC-SHA-256 of data under a named key. The key is cached while
// the vault is open; a key that was never made is vault.secret_missing.
func (v *Vault) MAC(ctx context.Context, name string, data []byte) ([]byte, error) {
	key, err := v.namedKey(ctx, name)
	if err != nil {
		return nil, err
	}
	mac := hmac.New(sha256.New, key)
	mac.Write(data)
	return mac.Sum(nil), nil
}

// Sign signs data with Ed25519. The named key is the seed of the key pair, so it
// must be one that nothing else uses.
func (v *Vault) Sign(ctx context.Context, name string, data []byte) ([]byte, error) {
	seed, err := v.namedKey(ctx, name)
	if err != nil {
		return nil, err
	}
	defer clear(seed)
	return ed25519.Sign(ed25519.NewKeyFromSeed(seed), data), nil
}

// PublicKey returns the public half of the key that Sign uses.
func (v *Vault) PublicKey(ctx context.Context, name string) (ed25519.PublicKey, error) {
	seed, err := v.namedKey(ctx, name)
	if err != nil {
		return nil, err
	}
	defer clear(seed)
	return ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey), nil
}

// MakeKey makes a random named key if there is none yet. The context carries a
// write transaction.
func (v *Vault) MakeKey(ctx context.Context, name string) error {
	_, found, err := v.get(ctx, officeKind, officeID, name)
	if err != nil || found {
		return err
	}
	return v.makeKey(ctx, name)
}

// KeyOpens reports whether there is a named key that opens. It returns
// vault.locked while the vault is closed.
func (v *Vault) KeyOpens(ctx context.Context, name string) (bool, error) {
	key, found, err := v.get(ctx, officeKind, officeID, name)
	clear(key)
	if errors.Is(err, ErrSecretDamaged) {
		return false, nil
	}
	return found, err
}

// ReplaceKey makes a random named key in place of one that does not open any
// more. The context carries a write transaction. Nothing that the old key made
// can be checked after that.
func (v *Vault) ReplaceKey(ctx context.Context, name string) error {
	switch opens, err := v.KeyOpens(ctx, name); {
	case err != nil:
		return err
	case opens:
		return fmt.Errorf("vault: the key %s opens and must not be replaced", name)
	}
	return v.makeKey(ctx, name)
}

func (v *Vault) makeKey(ctx context.Context, name string) error {
	key := make([]byte, keySize)
	rand.Read(key)
	defer clear(key)
	// The transaction may still be undone: then a cached key would sign what
	// the next start cannot check.
	v.mu.Lock()
	v.fresh[name] = true
	clear(v.named[name])
	delete(v.named, name)
	v.mu.Unlock()
	return v.put(ctx, Row{OwnerKind: officeKind, OwnerID: officeID, Slot: name}, key)
}

// namedKey returns a copy, so that Close can wipe the cached one.
func (v *Vault) namedKey(ctx context.Context, name string) ([]byte, error) {
	v.mu.RLock()
	cached, ok := v.named[name]
	key := append([]byte(nil), cached...)
	v.mu.RUnlock()
	if ok {
		return key, nil
	}
	key, found, err := v.get(ctx, officeKind, officeID, name)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, ErrSecretMissing
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.current != nil && !v.fresh[name] { // not one that may still be undone
		v.named[name] = append([]byte(nil), key...)
	}
	return key, nil
}

// KeyCommitted says that the transaction which made a named key is committed. From
// then on the key is kept in memory; without it each use reads the disk until the
// next start.
func (v *Vault) KeyCommitted(name string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.fresh, name)
}
