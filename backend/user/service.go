package user

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"keydesk/backend/access"
	"keydesk/backend/secret"
)

// Record is a stored user: what is shown, and what sign-in needs.
type Record struct {
	User
	PasswordHash string     // Argon2id, PHC string
	Failures     int        // wrong passwords in a row
	WaitUntilMs  int64      // no try before; 0 is none
	Permissions  access.Set // of all roles together
	Appearance   Appearance
}

// IsOrgAdmin reports whether the Org Admin role is among the user's roles.
func (r Record) IsOrgAdmin() bool { return hasRole(r.Roles, OrgAdmin) }

func hasRole(roles []RoleRef, id string) bool {
	return slices.ContainsFunc(roles, func(role RoleRef) bool { return role.ID == id })
}

// Store keeps users and roles. Methods that write join the context's
// transaction; names are compared after case folding.
type Store interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error

	// Users lists all by name, with their roles.
	Users(ctx context.Context) ([]Record, error)
	// UserByID fails with ErrNotFound.
	UserByID(ctx context.Context, id string) (Record, error)
	// UserByName fails with ErrNotFound.
	UserByName(ctx context.Context, name string) (Record, error)
	// InsertUser fails with ErrNameTaken. Roles are those of the record.
	InsertUser(ctx context.Context, u Record) error
	// UpdateUser writes names, roles and Active if Version is still the stored
	// one, and raises it. It fails with store.stale otherwise, or with
	// ErrNameTaken.
	UpdateUser(ctx context.Context, u User) error
	// DeleteUser fails with store.stale when the version is another.
	DeleteUser(ctx context.Context, id string, version int) error
	// SetUserPassword also forgets failures and the wait.
	SetUserPassword(ctx context.Context, id, hash string, mustChange bool) error
	SetUserFailures(ctx context.Context, id string, failures int, waitUntilMs int64) error
	// SetUserAppearance does not raise the version: the user stays as others see it.
	SetUserAppearance(ctx context.Context, id string, look Appearance) error
	// PadUserWrite costs the disk as much as SetUserFailures and changes
	// nothing, so that its time does not give away an unknown name.
	PadUserWrite(ctx context.Context) error
	// UnknownNames returns the slowdowns of names that no user has, by slot.
	UnknownNames(ctx context.Context) ([]UnknownName, error)
	// PutUnknownName inserts one, or replaces what is in its slot.
	PutUnknownName(ctx context.Context, name UnknownName) error
	SetUserSignedIn(ctx context.Context, id string, atMs int64) error
	// ActiveUsersWithRole counts the active users who have the role.
	ActiveUsersWithRole(ctx context.Context, roleID string) (int, error)

	// Roles lists the built-in ones first, then by name, with their counts.
	Roles(ctx context.Context) ([]Role, error)
	// InsertRole fails with ErrRoleNameTaken.
	InsertRole(ctx context.Context, role Role) error
	// UpdateRole writes name and permissions if Version is still the stored
	// one, and raises it. It fails with store.stale otherwise, or with
	// ErrRoleNameTaken.
	UpdateRole(ctx context.Context, role Role) error
	// DeleteRole fails with store.stale when the version is another.
	DeleteRole(ctx context.Context, id string, version int) error
}

// Recovery proves the recovery code by opening the data key with it. Its
// faults are shown as they are.
type Recovery interface {
	ProveRecovery(ctx context.Context, code secret.Text) error
}

// Options are what a Service is made of. Store and Recovery must be given.
type Options struct {
	Store    Store
	Recovery Recovery
	// Names makes the MACs of unknown names; without it their waits end with the
	// program.
	Names NameKeys
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// IdleLimit is how long a session lives without input before it locks; nil
	// is 15 minutes.
	IdleLimit func() time.Duration
	// Organisation is the office's name, which must not be the password; nil
	// is none.
	Organisation func() string
	// Hash is the cost of a password hash; zero is Floor, which Calibrate may
	// raise. Only tests set another, which then stays.
	Hash Params
	// Derive makes the key from a password and a salt; nil is Argon2id. Tests
	// wrap it to count.
	Derive func(password, salt []byte, params Params) []byte
}

// Service is sign-in, users and roles, with the sessions of this process, one
// for each source of a door. Safe for use by many goroutines.
type Service struct {
	store        Store
	recovery     Recovery
	names        NameKeys
	now          func() time.Time
	idleLimit    func() time.Duration
	organisation func() string
	hasher       *hasher
	hashGiven    bool
	unknownNames unknownNames
	proven       proven

	// generation counts the changes of users and roles.
	generation atomic.Uint64

	mu       sync.Mutex
	sessions map[access.Source]*session // a source without one is signed out
}

const defaultIdle = 15 * time.Minute

// New makes a service with nobody signed in; it does no I/O.
func New(options Options) *Service {
	s := &Service{
		store: options.Store, recovery: options.Recovery, names: options.Names,
		now: options.Now, idleLimit: options.IdleLimit, organisation: options.Organisation,
		hasher: newHasher(options.Hash, options.Derive), hashGiven: options.Hash != Params{},
		sessions: map[access.Source]*session{},
	}
	s.generation.Store(1)
	if s.now == nil {
		s.now = time.Now
	}
	if s.idleLimit == nil {
		s.idleLimit = func() time.Duration { return defaultIdle }
	}
	if s.organisation == nil {
		s.organisation = func() string { return "" }
	}
	return s
}

// Open takes over the hash parameters this office was raised to, which are
// those of its most expensive stored hash.
func (s *Service) Open(ctx context.Context) error {
	s.Forget()
	users, err := s.store.Users(ctx)
	if err != nil {
		return err
	}
	for _, u := range users {
		if stored, err := parseHash(u.PasswordHash); err == nil {
			s.hasher.raise(stored.params)
		}
	}
	return nil
}

// Calibrate raises the hash parameters to suit this machine, before the first
// user is made. It takes up to a second, and does nothing if Options set some.
func (s *Service) Calibrate() {
	if !s.hashGiven {
		s.hasher.raise(Calibrate(Measure))
	}
}

var errNoGate = errors.New("user: this use case needs the gate's Commit")

// commit runs fn in a short transaction with its activity rows.
func commit(ctx context.Context, fn func(ctx context.Context) error) error {
	invocation := access.From(ctx)
	if invocation.Commit == nil {
		return errNoGate
	}
	return invocation.Commit(ctx, fn)
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }
