package vault

import (
	"errors"

	"keydesk/backend/fault"
)

// Status is how a keyring call, or the opening of the vault, ended.
type Status string

// What the keyring can answer (RULES.md, Keyring), and what else keeps a vault
// closed.
const (
	OK          Status = "ok"
	Missing     Status = "missing"     // the keyring works and has no such item
	Locked      Status = "locked"      // it did not open for us
	Denied      Status = "denied"      // it, or the person it asked, refused
	Unavailable Status = "unavailable" // there is none, or nothing answers under its name
	Corrupt     Status = "corrupt"     // what it returned is not what was put in
	TimeOut     Status = "time_out"    // no answer within the limit

	Closed          Status = "closed"           // nobody has tried yet, or it was closed
	NotMade         Status = "not_made"         // first run is still to come
	NeedsPassphrase Status = "needs_passphrase" // protection is a passphrase
	WrongKey        Status = "wrong_key"        // a key is there and is not this office's
	Damaged         Status = "damaged"          // the wrappings in the database cannot be read
)

// The faults of the keyring. What is returned has the keyring's own name in
// place of "The keyring".
var (
	ErrKeyringMissing     = ofKeyring(fault.Unavailable, "keyring.missing", " does not hold the key of this office.").WithHint("Enter the recovery code; the key is then put back.")
	ErrKeyringLocked      = ofKeyring(fault.Unavailable, "keyring.locked", " is locked.").WithHint("Unlock it, then try again.")
	ErrKeyringDenied      = ofKeyring(fault.Unavailable, "keyring.denied", " refused, or its question was cancelled.").WithHint("Try again and allow it when asked.")
	ErrKeyringUnavailable = ofKeyring(fault.Unavailable, "keyring.unavailable", " cannot be reached.").WithHint("Sign in to the desktop again, or start the keyring, then open Keydesk again.")
	ErrKeyringCorrupt     = ofKeyring(fault.Unavailable, "keyring.corrupt", " gave back something that Keydesk did not put there.").WithHint("Enter the recovery code.")
	ErrKeyringTimeOut     = ofKeyring(fault.Unavailable, "keyring.time_out", " did not answer in time.").WithHint("Look for a window of the keyring that waits for an answer, then try again. If there is none, close Keydesk and open it again.")
	ErrKeyringTaken       = ofKeyring(fault.Conflict, "keyring.taken", " already holds another key under this office's name, and it was left as it is.").WithHint("Open Keydesk again and repeat the first run; it then uses a new name.")
)

// The faults of the vault.
var (
	ErrLocked          = fault.New(fault.Unavailable, "vault.locked", "The secrets are locked.").WithHint("Unlock them first.")
	ErrChanging        = fault.New(fault.Unavailable, "vault.changing", "The data key is being changed.").WithHint("Try again in a moment.")
	ErrNotMade         = fault.New(fault.Unavailable, "vault.not_made", "This office has no data key yet.").WithHint("Finish the first run.")
	ErrMade            = fault.New(fault.Conflict, "vault.made", "This office has a data key already.")
	ErrNeedsPassphrase = fault.New(fault.Unavailable, "vault.needs_passphrase", "The secrets are kept under a passphrase.").WithHint("Enter the passphrase, or the recovery code.")
	ErrNoPassphrase    = fault.New(fault.Invalid, "vault.no_passphrase", "The secrets of this office are not kept under a passphrase.").WithHint("Use the keyring or the recovery code.")
	ErrPassphraseWrong = fault.New(fault.Invalid, "vault.passphrase_wrong", "That is not the passphrase of this office.").WithHint("Check capitals and the keyboard's language, or use the recovery code.")
	ErrPassphraseShort = fault.New(fault.Invalid, "vault.passphrase_short", "A passphrase has at least 12 characters.").WithHint("Four or five words are easy to remember.")
	ErrCodeMistyped    = fault.New(fault.Invalid, "vault.code_mistyped", "That recovery code has a typing mistake.").WithHint("It has 7 groups of 4 letters and digits. Capitals, blanks and dashes do not matter.")
	ErrCodeWrong       = fault.New(fault.Invalid, "vault.code_wrong", "That recovery code is not the one of this office.").WithHint("Use the newest one: changing the data key makes a new code.")
	ErrWrongKey        = ofKeyring(fault.Unavailable, "vault.wrong_key", " holds a key that does not open this office's secrets.").WithHint("Enter the recovery code.")
	ErrDamaged         = fault.New(fault.Unavailable, "vault.damaged", "The stored key information of this office is damaged.").WithHint("Restore a backup of the data folder.")
	ErrConfirming      = fault.New(fault.Conflict, "vault.confirming", "A new data key is being saved right now.").WithHint("Wait a moment, then look whether it is done.")
	ErrNotPending      = fault.New(fault.Conflict, "vault.not_pending", "This new data key does not wait to be confirmed any more.").WithHint("Begin again. The recovery code that was shown with it opens nothing.")
	ErrInDoubt         = fault.New(fault.Unavailable, "vault.in_doubt", "The disk failed while the new data key was being saved, so Keydesk cannot say yet which key is in force.").WithHint("Keep both recovery codes, the old one and the new one, and start Keydesk again. It then opens with the key that was saved.")
	ErrNotConfirmed    = fault.New(fault.Invalid, "vault.not_confirmed", "The recovery code was not confirmed yet.").WithHint("Enter its last four characters.")
	ErrSecretDamaged   = fault.New(fault.Unavailable, "vault.secret_damaged", "A stored secret does not open: it was changed outside Keydesk.").WithHint("Enter it again and save.")
	ErrSecretMissing   = fault.New(fault.NotFound, "vault.secret_missing", "There is no stored secret at this place.").WithHint("Enter it and save.")
)

// statusOf returns the status that belongs to a fault of this package.
func statusOf(err error) Status {
	if err == nil {
		return OK
	}
	for _, known := range []struct {
		err    *fault.Error
		status Status
	}{
		{ErrKeyringMissing, Missing}, {ErrKeyringLocked, Locked}, {ErrKeyringDenied, Denied},
		{ErrKeyringUnavailable, Unavailable}, {ErrKeyringCorrupt, Corrupt}, {ErrKeyringTimeOut, TimeOut},
		{ErrKeyringTaken, Denied}, {ErrNotMade, NotMade}, {ErrNeedsPassphrase, NeedsPassphrase},
		{ErrWrongKey, WrongKey}, {ErrDamaged, Damaged},
	} {
		if errors.Is(err, known.err) {
			return known.status
		}
	}
	return Unavailable
}
