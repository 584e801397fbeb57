package vault

import (
	"context"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"keydesk/backend/fault"
	"keydesk/backend/secret"
)

// What each wrapping is bound to, so that one cannot be mistaken for another.
var (
	recoveryPlace   = []byte("keydesk wrapping recovery 1")
	passphrasePlace = []byte("keydesk wrapping passphrase 1")
	verifierPlace   = []byte("keydesk verifier 1")
	verifierText    = []byte("this is the data key of this office")
)

// keyringWrapping is the Data of KindKeyring: where the key is, not the key.
type keyringWrapping struct {
	Backend string `json:"backend"` // stored, never chosen again by itself
	Name    string `json:"name"`    // as a person knows it
	Item    string `json:"item"`
}

// sealedWrapping is the Data of the other kinds. Argon2id parameters are kept
// with a passphrase so that they can be raised later.
type sealedWrapping struct {
	Salt      []byte `json:"salt,omitempty"`
	Time      uint32 `json:"time,omitempty"`
	MemoryKiB uint32 `json:"memory_kib,omitempty"`
	Threads   uint8  `json:"threads,omitempty"`
	Sealed    []byte `json:"sealed"`
}

// The cost of Argon2id (RULES.md, Secrets), and the most that a wrapping may
// ask for: a changed database cannot make opening use up all memory and time.
const (
	argonTime      = 3
	argonMemoryKiB = 64 * 1024
	argonThreads   = 4
	maxArgonTime   = 16
	maxArgonKiB    = 1024 * 1024
	minPassphrase  = 12 // characters
	saltSize       = 16
)

// wrappings is what the store holds, parsed.
type wrappings struct {
	keyring    *keyringWrapping
	recovery   *sealedWrapping
	passphrase *sealedWrapping
	verifier   *sealedWrapping
	// witnesses are the office's own sealed keys. They prove a data key where the
	// verifier is damaged: no other key opens one of them.
	witnesses []Row
	// unreadable are those that are stored and cannot be read, by kind. They are
	// no reason to refuse what another one opens.
	unreadable map[string]error
}

func (w wrappings) none() bool {
	return w.keyring == nil && w.recovery == nil && w.passphrase == nil && w.verifier == nil && len(w.unreadable) == 0
}

func (w wrappings) protection() Protection {
	if w.passphrase != nil || w.unreadable[KindPassphrase] != nil {
		return ByPassphrase
	}
	return ByKeyring
}

// lost is the fault of opening by a wrapping that is not here: vault.damaged with
// what else to try if it cannot be read, otherwise absent.
func (w wrappings) lost(kind string, absent *fault.Error, hint string) error {
	if cause := w.unreadable[kind]; cause != nil {
		return ErrDamaged.WithHint("%s", hint).WithCause(fmt.Errorf("wrapping %s: %w", kind, cause))
	}
	return absent
}

// What else to try where one wrapping cannot be read. A change of the data key
// writes all of them again.
const (
	tryRecovery = "Enter the recovery code, then change the data key."
	tryOther    = "Open the secrets with the keyring or the passphrase, then change the data key: that makes a new recovery code."
)

// readWrappings returns vault.not_made if there are none, vault.damaged if nothing
// is left that could prove a key.
func (v *Vault) readWrappings(ctx context.Context) (wrappings, error) {
	read := wrappings{unreadable: map[string]error{}}
	rows, err := v.rows.Wrappings(ctx)
	if err != nil {
		return read, err
	}
	for _, row := range rows {
		var err error
		switch row.Kind {
		case KindKeyring:
			read.keyring, err = parsed[keyringWrapping](row)
		case KindRecovery:
			read.recovery, err = parsed[sealedWrapping](row)
		case KindPassphrase:
			read.passphrase, err = parsed[sealedWrapping](row)
		case KindVerifier:
			read.verifier, err = parsed[sealedWrapping](row)
		default:
			continue // from a newer Keydesk; the store refuses newer databases
		}
		if err != nil {
			read.unreadable[row.Kind] = err
		}
	}
	if read.none() {
		return read, ErrNotMade
	}
	if read.witnesses, err = v.rows.OwnerSecrets(ctx, officeKind, officeID); err != nil {
		return read, err
	}
	if read.verifier == nil && len(read.witnesses) == 0 {
		return read, ErrDamaged.WithCause(errors.New("no verifier, and no key of the office"))
	}
	return read, nil
}

func parsed[T any](row Wrapping) (*T, error) {
	into := new(T)
	if err := json.Unmarshal(row.Data, into); err != nil {
		return nil, err
	}
	return into, nil
}

func wrapping(kind string, data any) Wrapping {
	encoded, err := json.Marshal(data)
	if err != nil {
		panic("vault: a wrapping does not encode") // our mistake: plain structs only
	}
	return Wrapping{Kind: kind, Data: encoded}
}

// proves reports whether key is the one this office's secrets are sealed with.
func (w wrappings) proves(key *dataKey) bool {
	if key == nil {
		return false
	}
	if w.verifier != nil {
		if text, err := unseal(key.bytes[:], w.verifier.Sealed, verifierPlace); err == nil {
			return string(text) == string(verifierText)
		}
	}
	return slices.ContainsFunc(w.witnesses, func(row Row) bool {
		row.OwnerKind, row.OwnerID = officeKind, officeID
		plain, err := openRow(key, row)
		clear(plain)
		return err == nil
	})
}

func verifierFor(key *dataKey) Wrapping {
	return wrapping(KindVerifier, sealedWrapping{Sealed: seal(key.bytes[:], verifierText, verifierPlace)})
}

// The recovery code has 128 random bits, so stretching would add nothing.
func recoveryFor(key *dataKey, code recoveryCode) Wrapping {
	w := sealedWrapping{Salt: newSalt()}
	wrapper := recoveryKey(code, w.Salt)
	defer clear(wrapper)
	w.Sealed = seal(wrapper, key.bytes[:], recoveryPlace)
	return wrapping(KindRecovery, w)
}

func (w *sealedWrapping) openWithCode(code recoveryCode) (*dataKey, bool) {
	wrapper := recoveryKey(code, w.Salt)
	defer clear(wrapper)
	return w.open(wrapper, recoveryPlace)
}

func recoveryKey(code recoveryCode, salt []byte) []byte {
	key, err := hkdf.Key(sha256.New, code[:], salt, "keydesk recovery wrapping", keySize)
	if err != nil {
		panic("vault: recovery key of a wrong size")
	}
	return key
}

func passphraseFor(key *dataKey, passphrase secret.Text) Wrapping {
	w := sealedWrapping{Salt: newSalt(), Time: argonTime, MemoryKiB: argonMemoryKiB, Threads: argonThreads}
	wrapper := w.stretch(passphrase)
	defer clear(wrapper)
	w.Sealed = seal(wrapper, key.bytes[:], passphrasePlace)
	return wrapping(KindPassphrase, w)
}

// openWithPassphrase refuses parameters out of bounds without computing.
func (w *sealedWrapping) openWithPassphrase(passphrase secret.Text) (*dataKey, error) {
	if w.Time < 1 || w.Time > maxArgonTime || w.MemoryKiB > maxArgonKiB || w.Threads < 1 {
		return nil, ErrDamaged.WithCause(fmt.Errorf("argon2id parameters %d %d %d", w.Time, w.MemoryKiB, w.Threads))
	}
	wrapper := w.stretch(passphrase)
	defer clear(wrapper)
	key, ok := w.open(wrapper, passphrasePlace)
	if !ok {
		return nil, ErrPassphraseWrong.WithField("passphrase", "%s", ErrPassphraseWrong.Message)
	}
	return key, nil
}

func (w *sealedWrapping) stretch(passphrase secret.Text) []byte {
	return argon2.IDKey([]byte(passphrase.Reveal()), w.Salt, w.Time, w.MemoryKiB, w.Threads, keySize)
}

func (w *sealedWrapping) open(wrapper, place []byte) (*dataKey, bool) {
	plain, err := unseal(wrapper, w.Sealed, place)
	if err != nil {
		return nil, false
	}
	defer clear(plain)
	return dataKeyOf(plain)
}

func checkPassphrase(passphrase secret.Text) error {
	if utf8.RuneCountInString(passphrase.Reveal()) < minPassphrase {
		return ErrPassphraseShort.WithField("passphrase", "%s", ErrPassphraseShort.Message)
	}
	return nil
}

func newSalt() []byte {
	salt := make([]byte, saltSize)
	rand.Read(salt)
	return salt
}
