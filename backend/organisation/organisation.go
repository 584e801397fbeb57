// Package organisation is the organisation and its first run: name, country,
// time zone and limits; making the data key and the first Org Admin, which
// commits nothing before the recovery code is confirmed; unlocking; and the
// getting-started steps (RULES.md, Organisation and first run). It also has the
// office's settings that are one document each: the local API, the pause of sending
// and the retention.
package organisation

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"

	"keydesk/backend/fault"
	"keydesk/backend/secret"
	"keydesk/backend/user"
)

// Settings is the organisation's settings. IdleMinutes is 1 to 120.
type Settings struct {
	InstallationID string `json:"installation_id"`
	Name           string `json:"name"`
	// Country is ISO 3166-1 alpha-2; it completes local phone numbers.
	Country string `json:"country"`
	// TimeZone is an IANA name, so that n days mean the same wall time.
	TimeZone    string `json:"time_zone"`
	IdleMinutes int    `json:"idle_minutes"`
	CreatedMs   int64  `json:"created_ms"`
	Version     int    `json:"version"`
}

// Phases of an office as the window shows them.
const (
	FirstRun = "first_run"
	Unlock   = "unlock"
	Open     = "open"
)

// Secrets says where the data key is kept and, when closed, why.
type Secrets struct {
	Open       bool   `json:"open"`
	Protection string `json:"protection"`
	Keyring    string `json:"keyring"`
	Reason     string `json:"reason"`
	Message    string `json:"message"`
	Hint       string `json:"hint"`
	// Unreadable is how many secrets did not open when the data key was changed.
	// They have to be entered again.
	Unreadable int `json:"unreadable"`
}

// State is what the window needs before anybody has signed in.
type State struct {
	Phase        string   `json:"phase"`
	Organisation Settings `json:"organisation"`
	Secrets      Secrets  `json:"secrets"`
}

// ProbeResult is the result of trying the system keyring, in words.
type ProbeResult struct {
	Works   bool   `json:"works"`
	Name    string `json:"name"`
	Message string `json:"message"`
	Hint    string `json:"hint"`
}

// PendingKey is a data key that nothing has been sealed with yet. There is at
// most one, and nothing touches it while Keep runs.
type PendingKey interface {
	RecoveryCode() secret.Text
	// Installation is the id that names the key in the keyring.
	Installation() string
	// Waits reports whether it can still be confirmed.
	Waits() bool
	// Confirms checks the last four characters of the recovery code.
	Confirms(lastFour string) bool
	// Keep puts the key where it will be kept and calls transaction, which runs
	// one write transaction and calls commit in it; from then on secrets can be
	// sealed within it. After an error it can be called again.
	Keep(ctx context.Context, transaction func(commit func(ctx context.Context) error) error) error
	// Unreadable is, from commit on, how many secrets did not open and were left
	// as they are.
	Unreadable() int
}

// Keys keeps the data key.
type Keys interface {
	Try(ctx context.Context) ProbeResult
	// Prepare makes a key in memory; an empty passphrase means the keyring.
	Prepare(ctx context.Context, passphrase secret.Text) (PendingKey, error)
	PrepareChange(ctx context.Context, passphrase secret.Text) (PendingKey, error)
	// Open opens with the keyring without waiting for a person; Unlock waits
	// while somebody may be typing the keyring's password.
	Open(ctx context.Context) error
	Unlock(ctx context.Context) error
	OpenWithRecovery(ctx context.Context, code secret.Text) error
	OpenWithPassphrase(ctx context.Context, passphrase secret.Text) error
	Secrets() Secrets
}

// Users makes the first Org Admin and signs that user in.
type Users interface {
	Calibrate()
	CreateFirst(ctx context.Context, in user.FirstInput) (user.User, error)
	Begin(ctx context.Context, userID string) (user.Session, error)
}

// Trees makes starter trees.
type Trees interface {
	CreateStarter(ctx context.Context, name string) error
}

// Store keeps the office.
type Store interface {
	// Office returns false before the first run is confirmed.
	Office(ctx context.Context) (Settings, bool, error)
	InsertOffice(ctx context.Context, office Settings) error
	UpdateOffice(ctx context.Context, office Settings) error
	// Counts returns how many places, setups and calls there are, at most 1 of
	// each.
	Counts(ctx context.Context) (places, setups, calls int, err error)
	// CalledByKey says whether an API key has sent a message to the simulator, and a
	// real one.
	CalledByKey(ctx context.Context) (simulated, sent bool, err error)
	// Setting returns a document and its version, 0 where there is none. PutSetting
	// writes it if the version is still the stored one; ErrStale otherwise.
	Setting(ctx context.Context, name string) (data string, version int, err error)
	PutSetting(ctx context.Context, name, data string, version int) error
	// RemoveCopies removes every other database in the data folder, and
	// RemoveOldCopies the copies made before updates that are older than a moment.
	// Both count them.
	RemoveCopies() (int, error)
	RemoveOldCopies(made time.Time) (int, error)
}

// Faults of the office.
var (
	ErrCopies   = fault.New(fault.Unavailable, "organisation.copies", "A copy of the data file could not be removed, so the data key was not changed.").WithHint("The old recovery code would still open it. Delete keydesk.db.before-* and keydesk.db.replaced-* in the data folder and try again.")
	ErrMade     = fault.New(fault.Conflict, "organisation.made", "This office is already set up.").WithHint("Sign in instead.")
	ErrNoStart  = fault.New(fault.Conflict, "organisation.no_start", "This set-up is no longer open.").WithHint("Start it again; nothing was kept.")
	ErrNoChange = fault.New(fault.Conflict, "organisation.no_change", "This change of the data key is no longer open.").WithHint("If you confirmed it, the newest recovery code is in force. If not, begin again; nothing was changed.")
	ErrLastFour = fault.New(fault.Invalid, "organisation.last_four", "These are not the last four characters of the recovery code.").WithField("last_four", "These are not the last four characters of the recovery code.")
	ErrStale    = fault.New(fault.Conflict, "organisation.stale", "Someone else changed these settings meanwhile, so they were not saved.").WithHint("Reload and make your change again.")
	ErrNotMade  = fault.New(fault.Conflict, "organisation.not_made", "This office is not set up yet.")
)

// Service holds the use cases.
type Service struct {
	store Store
	keys  Keys
	users Users
	trees Trees
	now   func() time.Time

	// listening is what the local API's door does; nil where there is none.
	listening func() Listening
	// certificates are those of the office network.
	certificates Certificates

	mu         sync.Mutex
	cached     *Settings
	documents  documents
	generation int              // counts Forget
	begun      map[string]begun // what waits for its confirmation, by the id given out
	opened     []func(ctx context.Context)

	openedOnce sync.Once
}

// New makes the service; it does no I/O.
func New(store Store, keys Keys, users Users, trees Trees, now func() time.Time) *Service {
	return &Service{store: store, keys: keys, users: users, trees: trees, now: now, begun: map[string]begun{}}
}

// WhenOpen adds a function to run when the data key has just been opened. It
// runs once: the key stays open until the backend is closed.
func (s *Service) WhenOpen(do func(ctx context.Context)) { s.opened = append(s.opened, do) }

// wasOpened may be called by several unlocks at once, such as one with the
// keyring and one with the recovery code. Each returns when all is done.
func (s *Service) wasOpened(ctx context.Context) {
	s.openedOnce.Do(func() {
		for _, do := range s.opened {
			do(ctx)
		}
	})
}

// current returns the office, read once and then after every change.
func (s *Service) current(ctx context.Context) (Settings, bool, error) {
	s.mu.Lock()
	cached := s.cached
	s.mu.Unlock()
	if cached != nil {
		return *cached, true, nil
	}
	office, made, err := s.store.Office(ctx)
	if err == nil && made {
		s.mu.Lock()
		s.cached = &office
		s.mu.Unlock()
	}
	return office, made, err
}

// Forget drops the settings held in memory; the wiring calls it after a commit
// that changed them.
func (s *Service) Forget() {
	s.mu.Lock()
	s.cached, s.documents = nil, documents{}
	s.generation++
	s.mu.Unlock()
}

// Current returns the office's settings; the zero Office before first run.
func (s *Service) Current(ctx context.Context) (Settings, error) {
	office, _, err := s.current(ctx)
	return office, err
}

// zones are the time zones read so far, by name: reading one again for every
// rendering would cost as much as the rendering.
var zones sync.Map

// Location is the office's time zone, UTC when none is set.
func (o Settings) Location() *time.Location {
	if known, ok := zones.Load(o.TimeZone); ok {
		return known.(*time.Location)
	}
	location, err := time.LoadLocation(o.TimeZone)
	if err != nil {
		return time.UTC
	}
	zones.Store(o.TimeZone, location)
	return location
}

// IdleLimit is how long the window stays open without input.
func (s *Service) IdleLimit() time.Duration {
	office, made, err := s.current(context.Background())
	if err != nil || !made {
		return 15 * time.Minute
	}
	return time.Duration(office.IdleMinutes) * time.Minute
}

// InstallationID names this office's keyring item: the stored one, or a new one
// for each first run that is begun.
func (s *Service) InstallationID() string {
	if office, made, err := s.current(context.Background()); err == nil && made {
		return office.InstallationID
	}
	return uuid.Must(uuid.NewV7()).String()
}
