package vault

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"keydesk/backend/fault"
	"keydesk/backend/secret"
)

// Open opens the vault with the keyring, at program start: within 5 seconds,
// which is enough if nobody is asked. Its error is in State as well. An open
// vault stays as it is.
func (v *Vault) Open(ctx context.Context) error {
	return v.openWithKeyring(ctx, v.limit())
}

// Unlock is Open for a person who presses the button: within 60 seconds, since
// the keyring may be asking them for its password. Cancel the context to give
// up sooner.
func (v *Vault) Unlock(ctx context.Context) error {
	return v.openWithKeyring(ctx, v.typingLimit())
}

func (v *Vault) limit() time.Duration       { return v.keyring.options.Limit }
func (v *Vault) typingLimit() time.Duration { return v.keyring.options.TypingLimit }

func (v *Vault) openWithKeyring(ctx context.Context, limit time.Duration) error {
	if v.State().Open {
		return nil
	}
	stored, err := v.readWrappings(ctx)
	if err != nil {
		return v.stayClosed(stored, err)
	}
	if stored.protection() == ByPassphrase {
		return v.stayClosed(stored, ErrNeedsPassphrase)
	}
	if stored.keyring == nil {
		return v.stayClosed(stored, stored.lost(KindKeyring, ErrKeyringMissing, tryRecovery))
	}
	key, item, err := v.findKey(ctx, limit, stored)
	if err != nil {
		return v.stayClosed(stored, err)
	}
	v.openNow(key, stored)
	v.clearLeftover(ctx, limit, stored, item)
	v.removeOrphans(ctx, stored)
	return nil
}

// Look tells in State's words whether Open would work, and opens nothing. It
// tidies nothing up in the keyring either: another program may have this office
// open and be in the middle of a change of the data key.
func (v *Vault) Look(ctx context.Context) State {
	stored, err := v.readWrappings(ctx)
	switch {
	case err != nil:
	case stored.protection() == ByPassphrase:
		err = ErrNeedsPassphrase
	case stored.keyring == nil:
		err = stored.lost(KindKeyring, ErrKeyringMissing, tryRecovery)
	default:
		var key *dataKey
		key, _, err = v.findKey(ctx, v.limit(), stored)
		key.wipe()
	}
	if err != nil {
		state, _ := closedState(stored, err)
		return state
	}
	state := openState(stored.protection(), stored.keyring)
	state.Open = false
	return state
}

// findKey looks at both names, and at every item of each, and returns the key that the verifier proves. The
// limit is for all calls together.
func (v *Vault) findKey(ctx context.Context, limit time.Duration, stored wrappings) (*dataKey, string, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	var trouble error
	first := stored.keyring.Item
	for _, item := range []string{first, otherItem(v.id(), first)} {
		keys, err := v.itemKeys(ctx, limit, stored.keyring.Backend, item)
		if at := slices.IndexFunc(keys, stored.proves); at >= 0 {
			return keys[at], item, nil
		}
		switch {
		case err == nil:
			trouble = ErrWrongKey
		case errors.Is(err, ErrKeyringMissing):
			if trouble == nil {
				trouble = err
			}
		case errors.Is(err, ErrKeyringCorrupt):
			if trouble == nil || errors.Is(trouble, ErrKeyringMissing) {
				trouble = err
			}
		default: // locked, denied, unavailable, time_out: the other item would fail too
			return nil, "", err
		}
	}
	return nil, "", trouble
}

// clearLeftover removes the other item if it holds a key that the verifier
// refutes, which a crash left in the middle of a change of the data key. Errors
// are ignored; the next opening tries again.
func (v *Vault) clearLeftover(ctx context.Context, limit time.Duration, stored wrappings, item string) {
	other := otherItem(v.id(), item)
	_ = v.removeKeys(ctx, limit, stored.keyring.Backend, other, func(key *dataKey) bool { return !stored.proves(key) })
}

// OpenWithRecovery opens the vault with the recovery code. If the keyring keeps
// the key, it then puts the key back there, which may take as long as Unlock.
// If that fails the vault is still open, and State says what is wrong with the
// keyring. vault.code_mistyped, vault.code_wrong.
func (v *Vault) OpenWithRecovery(ctx context.Context, code secret.Text) error {
	key, stored, err := v.recover(ctx, code)
	if err != nil {
		return err
	}
	again := key.copy()
	defer again.wipe()
	v.openNow(key, stored)
	if stored.protection() == ByKeyring && stored.keyring != nil {
		if err := v.putBack(ctx, stored, again); err != nil {
			v.noteTrouble(named(fault.From(err), stored.keyring.Name))
		}
	}
	return nil
}

// putBack stores the key under the first of the two names that is free.
func (v *Vault) putBack(ctx context.Context, stored wrappings, key *dataKey) error {
	ctx, cancel := context.WithTimeout(ctx, v.typingLimit())
	defer cancel()
	first := stored.keyring.Item
	err := v.writeItem(ctx, v.typingLimit(), stored.keyring.Backend, first, key)
	if errors.Is(err, ErrKeyringTaken) {
		err = v.writeItem(ctx, v.typingLimit(), stored.keyring.Backend, otherItem(v.id(), first), key)
	}
	return err
}

// ProveRecovery checks that a recovery code is this office's, and opens
// nothing: it returns nil, vault.code_mistyped or vault.code_wrong. For an Org
// Admin who forgot the password.
func (v *Vault) ProveRecovery(ctx context.Context, code secret.Text) error {
	key, _, err := v.recover(ctx, code)
	key.wipe()
	return err
}

func (v *Vault) recover(ctx context.Context, code secret.Text) (*dataKey, wrappings, error) {
	typed, err := readCode(code)
	if err != nil {
		return nil, wrappings{}, err
	}
	stored, err := v.readWrappings(ctx)
	if err != nil {
		return nil, stored, err
	}
	if stored.recovery == nil {
		return nil, stored, stored.lost(KindRecovery, ErrDamaged.WithCause(errors.New("no recovery wrapping")), tryOther)
	}
	key, ok := stored.recovery.openWithCode(typed)
	if !ok {
		return nil, stored, ErrCodeWrong.WithField("code", "%s", ErrCodeWrong.Message)
	}
	if !stored.proves(key) {
		return nil, stored, ErrDamaged.WithCause(errors.New("recovery wrapping and verifier disagree"))
	}
	return key, stored, nil
}

// OpenWithPassphrase opens a vault that is kept under a passphrase. Faults:
// vault.passphrase_wrong, vault.no_passphrase if the keyring keeps the key.
func (v *Vault) OpenWithPassphrase(ctx context.Context, passphrase secret.Text) error {
	stored, err := v.readWrappings(ctx)
	if err != nil {
		return err
	}
	if stored.passphrase == nil {
		return stored.lost(KindPassphrase, ErrNoPassphrase, tryRecovery)
	}
	key, err := stored.passphrase.openWithPassphrase(passphrase)
	if err != nil {
		return err
	}
	if !stored.proves(key) {
		return ErrDamaged.WithCause(errors.New("passphrase wrapping and verifier disagree"))
	}
	v.openNow(key, stored)
	return nil
}

// openNow takes a key that the verifier has proven.
func (v *Vault) openNow(key *dataKey, stored wrappings) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.current == nil {
		v.current = key
	}
	v.state = openState(stored.protection(), stored.keyring)
}

// noteTrouble puts into State what the keyring said when the key was put back.
func (v *Vault) noteTrouble(told *fault.Error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.current == nil {
		return // closed meanwhile
	}
	v.state.Reason = statusOf(told)
	v.state.Message = "The secrets are open, but the key could not be put back. " + told.Message
	v.state.Hint = told.Hint
}

func openState(protection Protection, in *keyringWrapping) State {
	state := State{Open: true, Made: true, Protection: protection, Reason: OK}
	if protection == ByKeyring && in != nil {
		state.Keyring = in.Name
		state.Message = "Secrets are kept in " + in.Name + "."
	} else {
		state.Message = "Secrets are kept under a passphrase."
	}
	return state
}

// stayClosed keeps the reason for State and returns err with the keyring's name
// in its message.
func (v *Vault) stayClosed(stored wrappings, err error) error {
	var known *fault.Error
	if !errors.As(err, &known) {
		return fmt.Errorf("vault: reading the wrappings: %w", err)
	}
	state, told := closedState(stored, known)
	v.setState(state)
	return told
}

// closedState says why a vault is closed. It also returns err with the keyring's
// name in its message.
func closedState(stored wrappings, err error) (State, *fault.Error) {
	told := fault.From(err)
	state := State{Made: !errors.Is(err, ErrNotMade), Reason: statusOf(err), Hint: told.Hint}
	if state.Made {
		state.Protection = stored.protection()
	}
	if stored.keyring != nil {
		state.Keyring = stored.keyring.Name
		told = named(told, stored.keyring.Name)
	}
	state.Message = told.Message
	return state, told
}
