package user

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"keydesk/backend/secret"
)

// Params are the cost of one Argon2id hash. MemoryKiB is in KiB; Time counts
// passes.
type Params struct {
	MemoryKiB uint32
	Time      uint32
	Threads   uint8
}

// Floor is the least cost Keydesk hashes with (RULES.md, Sign-in; G15).
var Floor = Params{MemoryKiB: 64 * 1024, Time: 3, Threads: 4}

// The span one hash may take on the user's machine, and the most passes that
// calibration chooses.
const (
	leastHash = 100 * time.Millisecond
	mostHash  = 300 * time.Millisecond
	mostTime  = 64
)

const (
	saltBytes = 16
	keyBytes  = 32
	// At most two at once keep memory at 128 MiB and keep guessers from
	// working in parallel.
	hashesAtOnce = 2
)

// Calibrate raises Floor's passes until measure says 100 ms or more, but never
// so far that a hash takes more than 300 ms.
func Calibrate(measure func(Params) time.Duration) Params {
	params := Floor
	for params.Time < mostTime {
		took := measure(params)
		onePass := took / time.Duration(params.Time)
		if took >= leastHash || took+onePass > mostHash {
			break
		}
		params.Time++
	}
	return params
}

// Measure is how long one hash takes here: the quickest of three, since the
// first two also pay for fresh memory (three times as long here).
func Measure(params Params) time.Duration {
	quickest := time.Duration(0)
	for i := range 3 {
		began := time.Now()
		Argon2id(make([]byte, 16), make([]byte, saltBytes), params)
		if took := time.Since(began); i == 0 || took < quickest {
			quickest = took
		}
	}
	return quickest
}

// Argon2id derives a 32-byte key (RFC 9106).
func Argon2id(password, salt []byte, p Params) []byte {
	return argon2.IDKey(password, salt, p.Time, p.MemoryKiB, p.Threads, keyBytes)
}

// hasher makes and verifies password hashes, at most two at once.
type hasher struct {
	derive func(password, salt []byte, params Params) []byte
	turn   chan struct{}

	mu     sync.Mutex
	params Params
}

func newHasher(params Params, derive func(password, salt []byte, params Params) []byte) *hasher {
	if params == (Params{}) {
		params = Floor
	}
	if derive == nil {
		derive = Argon2id
	}
	return &hasher{derive: derive, turn: make(chan struct{}, hashesAtOnce), params: params}
}

// raise makes hashes more expensive, never cheaper.
func (h *hasher) raise(to Params) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.params = h.params.atLeast(to)
}

func (h *hasher) now() Params {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.params
}

func (p Params) atLeast(other Params) Params {
	return Params{max(p.MemoryKiB, other.MemoryKiB), max(p.Time, other.Time), max(p.Threads, other.Threads)}
}

// hash makes a PHC string with a fresh salt.
func (h *hasher) hash(ctx context.Context, password secret.Text) (string, error) {
	made := storedHash{params: h.now(), salt: randomBytes(saltBytes)}
	var err error
	if made.key, err = h.work(ctx, password, made.salt, made.params); err != nil {
		return "", err
	}
	return made.String(), nil
}

// verify reports whether the password made this hash.
func (h *hasher) verify(ctx context.Context, hash string, password secret.Text) (bool, error) {
	stored, err := parseHash(hash)
	if err != nil {
		return false, err
	}
	key, err := h.work(ctx, password, stored.salt, stored.params)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(key, stored.key) == 1, nil
}

// decoy is a hash that no password makes, as expensive to try as a real one.
func (h *hasher) decoy() string {
	return storedHash{params: h.now(), salt: randomBytes(saltBytes), key: randomBytes(keyBytes)}.String()
}

// isWeak reports whether a hash is cheaper than those made now.
func (h *hasher) isWeak(hash string) bool {
	stored, err := parseHash(hash)
	return err == nil && stored.params.atLeast(h.now()) != stored.params
}

// work waits for its turn. The password is composed first (Unicode NFC), so
// that é typed on another keyboard is the same é.
func (h *hasher) work(ctx context.Context, password secret.Text, salt []byte, params Params) ([]byte, error) {
	select {
	case h.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-h.turn }()
	return h.derive(norm.NFC.Bytes([]byte(password.Reveal())), salt, params), nil
}

// storedHash is a PHC string, taken apart.
type storedHash struct {
	params    Params
	salt, key []byte
}

// String is the PHC string, as the reference implementation of Argon2 writes it.
func (s storedHash) String() string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version,
		s.params.MemoryKiB, s.params.Time, s.params.Threads,
		base64.RawStdEncoding.EncodeToString(s.salt), base64.RawStdEncoding.EncodeToString(s.key))
}

var errBadHash = errors.New("user: a stored password hash cannot be read")

// parseHash takes a PHC string apart and refuses costs out of bounds, so that a
// changed row cannot take all memory.
func parseHash(text string) (storedHash, error) {
	var s storedHash
	parts := strings.Split(text, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return s, errBadHash
	}
	p := &s.params
	if n, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.MemoryKiB, &p.Time, &p.Threads); err != nil || n != 3 {
		return s, errBadHash
	}
	if p.MemoryKiB > 1<<20 || p.Time < 1 || p.Time > mostTime || p.Threads < 1 {
		return s, errBadHash
	}
	salt, saltErr := base64.RawStdEncoding.DecodeString(parts[4])
	key, keyErr := base64.RawStdEncoding.DecodeString(parts[5])
	if saltErr != nil || keyErr != nil || len(salt) < 8 || len(key) != keyBytes {
		return s, errBadHash
	}
	s.salt, s.key = salt, key
	return s, nil
}

func randomBytes(n int) []byte {
	made := make([]byte, n)
	_, _ = rand.Read(made) // never fails: it ends the program instead
	return made
}
