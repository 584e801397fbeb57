package localapi

import (
	"context"
	"net/netip"
	"time"

	"keydesk/backend/secret"
)

// Operations are what the door runs. Each runs in the context that Enter gave,
// with the key as its source, and returns a fault that is safe to show.
type Operations struct {
	// Authenticate finds out whose key was presented, from which address. It never
	// waits for the disk. Its fault says of a bad key no more than a stranger may
	// know; the caller is given also then, if the key is one of the office's.
	Authenticate func(ctx context.Context, presented secret.Text, peer netip.Addr) (Caller, error)
	// NoteAccess notes a request for the access log. It never waits for the disk.
	NoteAccess func(ctx context.Context, access Access)

	Key       func(ctx context.Context) (Key, error)
	VerifyKey func(ctx context.Context, presented secret.Text) (Verified, error)
	Setups    func(ctx context.Context, query SetupQuery) (SetupPage, error)
	Setup     func(ctx context.Context, id string) (SetupDetail, error)
	// Call resolves the setup and sends, simulates or shows the request.
	// idempotencyKey is "" where the client gave none.
	Call  func(ctx context.Context, in CallInput, idempotencyKey string) (CallResult, error)
	Calls func(ctx context.Context, query CallQuery) (CallPage, error)
	// KeptCall reads one call of the history.
	KeptCall func(ctx context.Context, id string) (KeptCall, error)
	Usage    func(ctx context.Context, query UsageQuery) (Usage, error)
}

// Caller is whose key a request carries.
type Caller struct {
	KeyID string
	// RequestsAMinute is the key's limit.
	RequestsAMinute int
	// Reason is why its key is refused, for the access log; "" for a good one.
	Reason string
}

// Access is one request, for the access log.
type Access struct {
	// KeyID is empty for a request without a key of the office.
	KeyID  string
	Method string
	// Route is the pattern that the request matched, "" for none.
	Route  string
	Status int
	// Outcome is the code of the problem, "" for none: of the one that was answered,
	// or of why the key was refused.
	Outcome string
	Address netip.Addr
	Took    time.Duration
}
