package access

import "slices"

// KindInfo describes a kind of thing that operations change.
type KindInfo struct {
	Kind string `json:"kind"`
	// Label names it on screen.
	Label string `json:"label"`
	// Scope is the feature whose cached answers are out of date when such a
	// thing changes.
	Scope string `json:"-"`
}

// Kinds are the kinds of things that Changed reports. The page's hints and the
// filters of Activity come from here; the gate refuses any other kind.
var Kinds = []KindInfo{
	{"setup", "API Key Setup", "setup"},
	{"call", "Call", "call"},
	{"key", "API Key", "apikey"},
	{"alert", "Alert", "alert"},
	{"place", "Process", "process"},
	{"stage", "Stage", "process"},
	{"stage_field", "Stage Field", "process"},
	{"user", "User", "user"},
	{"role", "Role", "user"},
	{"provider", "Provider", "provider"},
	{"organisation", "Organisation", "organisation"},
	{"local_api", "Local API", "organisation"},
	{"activity", "Activity", "activity"},
	{"erasure", "Erasure", "activity"},
}

// RefusalKind is the kind of an activity entry about a refusal.
const RefusalKind = "refusal"

// Refusal describes RefusalKind. Nothing changes by a refusal, so it is not
// one of Kinds.
var Refusal = KindInfo{Kind: RefusalKind, Label: "Refusal"}

// ScopeOf returns the feature whose cached answers are out of date when a thing
// of this kind changes; empty for a kind that is not in Kinds.
func ScopeOf(kind string) string {
	for _, info := range Kinds {
		if info.Kind == kind {
			return info.Scope
		}
	}
	return ""
}

// EventName is the public name of an event, as webhooks send it.
type EventName string

// The events. One is added here when the feature it reports is built.
const (
	SetupCreated  EventName = "setup.created"
	SetupUpdated  EventName = "setup.updated"
	SetupDeleted  EventName = "setup.deleted"
	CallAccepted  EventName = "call.accepted"
	CallRefused   EventName = "call.refused"
	CallThrottled EventName = "call.throttled"
	CallUnclear   EventName = "call.unclear"
	CallFailed    EventName = "call.failed"
	KeyCreated    EventName = "key.created"
	KeyDisabled   EventName = "key.disabled"
	KeyRevoked    EventName = "key.revoked"
	KeyReplaced   EventName = "key.replaced"
	KeyExpiring   EventName = "key.expiring"
	KeyExpired    EventName = "key.expired"
)

// Events are the names that Emit accepts; the gate refuses any other.
var Events = []EventName{
	SetupCreated, SetupUpdated, SetupDeleted,
	CallAccepted, CallRefused, CallThrottled, CallUnclear, CallFailed,
	KeyCreated, KeyDisabled, KeyRevoked, KeyReplaced, KeyExpiring, KeyExpired,
}

// Known reports whether this is one of Events.
func (name EventName) Known() bool { return slices.Contains(Events, name) }

// Event is one thing that happened. It is sent outside after the commit.
type Event struct {
	Name     EventName
	ObjectID string
	// Data becomes the event's JSON.
	Data any
}
