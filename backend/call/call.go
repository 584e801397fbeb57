// Package call fires setups: a test of what the form holds, a live message, or
// all setups of a list. It keeps the history of what went out and came back,
// redacted (RULES.md, Testing and sending; R7 to R9).
package call

import (
	"context"
	"sync"
	"time"

	"keydesk/backend/access"
	"keydesk/backend/fault"
	"keydesk/backend/httpclient"
	"keydesk/backend/request"
	"keydesk/backend/setup"
	"keydesk/backend/simulate"
	"keydesk/backend/verdict"
)

// Mode is why a call was fired.
type Mode string

// The modes.
const (
	Test Mode = "test"
	Live Mode = "live"
)

// States of a call: a live one is committed as sending before it goes out, so
// that a crash cannot make it go out twice.
const (
	Sending = "sending"
	Done    = "done"
)

// Kind is the word of calls in activity.
const Kind = "call"

// Limits of the history (RULES.md, History).
const (
	keptTests    = 1000
	keptKeys     = 24 * time.Hour
	prunedAtOnce = 5000
	keptAnswer   = 64 << 10
	shownAnswer  = 1 << 20
)

// Actor is who fired a call, with the name of that day, and through which door.
type Actor struct {
	// Kind is person, key or system.
	Kind string `json:"kind"`
	ID   string `json:"id"`
	Name string `json:"name"`
	// Source is the door: window, and later others.
	Source string `json:"source"`
}

// actorOf is who calls, as the history keeps it.
func actorOf(caller access.Caller) Actor {
	return Actor{Kind: string(caller.Kind), ID: caller.ID, Name: caller.Name, Source: string(caller.Source)}
}

// Call is one firing. Names are those of its day.
type Call struct {
	ID           string `json:"id"`
	AtMs         int64  `json:"at_ms"`
	Mode         Mode   `json:"mode"`
	RunID        string `json:"run_id"`
	SetupID      string `json:"setup_id"`
	SetupVersion int    `json:"setup_version"`
	// Draft says that what was fired differed from what was saved.
	Draft bool `json:"draft"`
	// Simulated is the outcome that the simulator was asked to play; "" when the
	// call went to the address itself.
	Simulated string        `json:"simulated"`
	Title     string        `json:"title"`
	Channel   setup.Channel `json:"channel"`
	Service   string        `json:"service"`
	Actor     Actor         `json:"actor"`
	Recipient string        `json:"recipient"`
	State     string        `json:"state"`
	Verdict   string        `json:"verdict"`
	Delivery  string        `json:"delivery"`
	Status    int           `json:"status"`
	TotalMs   float64       `json:"total_ms"`
	Reason    string        `json:"reason"`
	MessageID string        `json:"message_id"`
	ErrorCode string        `json:"error_code"`
	// IdempotencyKey is the name that the actor gave to this message, and
	// IdempotencyDigest tells what was asked for under it; both "" without one.
	IdempotencyKey    string `json:"-"`
	IdempotencyDigest string `json:"-"`
}

// Sent is the request as it went out, redacted.
type Sent struct {
	Method string `json:"method"`
	URL    string `json:"url"`
	Wire   string `json:"wire"`
	// Cut says that Wire is not complete.
	Cut bool `json:"cut"`
}

// Reply is the answer, redacted. Text is for reading as text, never as a page.
type Reply struct {
	Answer httpclient.Answer `json:"answer"`
	Result verdict.Result    `json:"result"`
	Text   string            `json:"text"`
	// TextCut says that more was received than Text holds.
	TextCut bool `json:"text_cut"`
	// Fix is the input to change; nil when none is known.
	Fix *Fix `json:"fix"`
	// Findings are what the simulator found wrong with the request; none when
	// another server answered.
	Findings []string `json:"findings"`
	// Delivery is the page where the provider shows delivery; "" when none is
	// known.
	Delivery string `json:"delivery"`
}

// Detail is a call with what went out and came back.
type Detail struct {
	Call    Call              `json:"call"`
	Record  map[string]string `json:"record"`
	Request Sent              `json:"request"`
	Reply   Reply             `json:"reply"`
	// SetupChanged says that the setup was changed since, SetupGone that it is
	// gone.
	SetupChanged bool `json:"setup_changed"`
	SetupGone    bool `json:"setup_gone"`
	// Note is a warning shown with the result, such as a limit that is near.
	Note string `json:"note"`
}

// Fix is the input to change after a refusal.
type Fix struct {
	// Path is the input in the form, as "draft.request.fixed[1].value".
	Path  string `json:"path"`
	Label string `json:"label"`
}

// Store keeps calls. What changes something needs a transaction.
type Store interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
	// InsertCall adds a call; ErrKeyTaken if its actor has already used its
	// idempotency key.
	InsertCall(ctx context.Context, detail Detail) error
	// FinishCall writes the outcome of one that was inserted as sending.
	FinishCall(ctx context.Context, detail Detail) error
	Call(ctx context.Context, id string) (Detail, error)
	// CallByKey gives the call that an actor asked for under an idempotency
	// key; false when there is none.
	CallByKey(ctx context.Context, actor Actor, key string) (Detail, bool, error)
	CallPage(ctx context.Context, in ListInput) (Page, error)
	// PruneTests keeps the newest tests of each of these setups.
	PruneTests(ctx context.Context, setupIDs []string, keep int) error
	// PruneLive removes live calls, and tests of what was never saved, that are
	// older than a moment, the oldest first and at most limit, and counts them.
	PruneLive(ctx context.Context, beforeMs int64, limit int) (int, error)
	// LiveSince counts live calls of a setup since a moment.
	LiveSince(ctx context.Context, setupID string, sinceMs int64) (int, error)
	// LiveByKeySince counts live calls of an API key since a moment.
	LiveByKeySince(ctx context.Context, keyID string, sinceMs int64) (int, error)
	// ForgetKeysBefore forgets the idempotency keys of calls that are older than a
	// moment, and counts them.
	ForgetKeysBefore(ctx context.Context, beforeMs int64) (int, error)
	// PlanCalls keeps calls of Test all that are about to leave, DropPlans forgets
	// those of a run before a batch, and TakePlans all that are left, of which it
	// gives the calls that the history does not have.
	PlanCalls(ctx context.Context, runID string, batch int, calls []Call) error
	DropPlans(ctx context.Context, runID string, before int) error
	TakePlans(ctx context.Context) ([]Call, error)
	// CountDay adds to the figures of a day, and CountStage adds a live call to those
	// of its setup's stage in a month.
	CountDay(ctx context.Context, more DayCount) error
	CountStage(ctx context.Context, month, setupID string) error
	// CallsSending lists live calls that were never finished.
	CallsSending(ctx context.Context) ([]Detail, error)
}

// Setups gives what is fired, with its secrets at hand, and keeps the result.
type Setups interface {
	Prepare(ctx context.Context, ask setup.Ask) (setup.Ready, error)
	Get(ctx context.Context, in setup.IDInput) (setup.Setup, error)
	// LivePerDay gives how many live messages a setup may send a day.
	LivePerDay(ctx context.Context, setupID string) (int, error)
	// Resolve finds the setup that applies (R10).
	Resolve(ctx context.Context, in setup.ResolveInput) (setup.Resolution, error)
	// Enabled lists what Test all fires; PrepareAll makes some of these ready.
	Enabled(ctx context.Context, in setup.ListInput) ([]string, error)
	PrepareAll(ctx context.Context, ids []string) []setup.Prepared
	SetLastResult(ctx context.Context, id string, last setup.LastResult) error
	SetCheck(ctx context.Context, one setup.Setup, check setup.CredentialCheck) error
	Preview(ctx context.Context, in setup.PreviewInput) (setup.PreviewOutput, error)
}

// Faults of calls.
var (
	ErrNotFound = fault.New(fault.NotFound, "call.not_found", "This call is no longer in the history.")
	ErrConfirm  = fault.New(fault.Conflict, "call.confirm", "This sends one real message and may cost money.")
	ErrNoSetup  = fault.New(fault.NotFound, "call.no_setup", "No setup applies here.").
			WithHint("Make one for this stage, for the whole place, or for a process above it.")
	ErrSpent = fault.New(fault.Limited, "call.daily_limit", "This setup has sent all the messages it may send today.").
			WithHint("The limit keeps mistakes from costing money. The next day begins at midnight of the office.")
	ErrKeyTaken = fault.New(fault.Conflict, "call.key_running", "This message is being sent already.").
			WithHint("Ask again with the same idempotency key in a moment; the answer will be that of the first call.")
	ErrKeyReused = fault.New(fault.Conflict, "call.key_reused", "This idempotency key was used for another message.").
			WithHint("Use a new idempotency key for each message, and the same one only to ask again for the same message.")
	ErrUnsaved = fault.New(fault.Conflict, "call.unsaved", "This test was of a setup that was never saved, so it cannot be fired again.")
)

// Service fires and keeps history.
type Service struct {
	store  Store
	setups Setups
	places Places
	guard  Guard
	client *httpclient.Client
	tokens *httpclient.Tokens
	now    func() time.Time
	env    func(ctx context.Context) (request.Env, error)
	// simulator plays providers on loopback.
	simulator *simulate.Server

	mu        sync.Mutex
	confirmed map[string]bool
}

// Parts are what the service is made of.
type Parts struct {
	Store     Store
	Setups    Setups
	Places    Places
	Guard     Guard
	Client    *httpclient.Client
	Tokens    *httpclient.Tokens
	Simulator *simulate.Server
	Now       func() time.Time
	Env       func(ctx context.Context) (request.Env, error)
}

// New makes the service; it does no I/O.
func New(p Parts) *Service {
	return &Service{
		store: p.Store, setups: p.Setups, places: p.Places, guard: p.Guard, client: p.Client, tokens: p.Tokens, simulator: p.Simulator,
		now: p.Now, env: p.Env, confirmed: map[string]bool{},
	}
}
