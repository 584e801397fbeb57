// Package setup is the API Key Setup: one outgoing configuration that binds a
// place and stage, a channel, an authentication and a request (RULES.md, API Key
// Setup).
//
// It gives no secret out: what is read says only that one is stored, and a save
// keeps, replaces or drops it under the rules of package slot. resolve.go decides
// which setup applies to a place, stage and channel (R10). Package provider
// decides what a provider's form makes of a draft.
package setup

import (
	"context"
	"strings"
	"sync"
	"time"

	"keydesk/backend/fault"
	"keydesk/backend/process"
	"keydesk/backend/provider"
	"keydesk/backend/request"
	"keydesk/backend/secret"
	"keydesk/backend/slot"
	"keydesk/backend/verdict"
)

// Channel is the kind of message that a setup sends: Key For in the form.
type Channel string

// The channels, in the order of the form (X1).
const (
	SMS      Channel = "sms"
	WhatsApp Channel = "whatsapp_business"
	Email    Channel = "email"
)

// ChannelLabels are the channels' words on screen.
var ChannelLabels = map[Channel]string{SMS: "SMS", WhatsApp: "WhatsApp Business", Email: "Email"}

// How many live messages a setup may send a day.
const (
	// UsualLivePerDay holds where the setup says nothing.
	UsualLivePerDay = 1000
	// MaxLivePerDay is the most that can be chosen. A day's messages are counted
	// before each one.
	MaxLivePerDay = 100_000
)

// Options are the setup's limits (R7).
type Options struct {
	// TimeoutSeconds is the whole call's limit, 1 to 300; 0 means 30.
	TimeoutSeconds int `json:"timeout_seconds" validate:"min=0,max=300"`
	// Redirects is how many redirects may be followed within the same scheme,
	// host and port, 0 to 5.
	Redirects int `json:"redirects" validate:"min=0,max=5"`
	// SkipTLSCheck switches certificate checks off for this setup alone.
	SkipTLSCheck bool `json:"skip_tls_check"`
	// LivePerDay is how many live messages may be sent a day, 1 to MaxLivePerDay;
	// nil means UsualLivePerDay. It keeps a mistake from costing much.
	LivePerDay *int `json:"live_per_day"`
}

// LiveLimit is how many live messages may be sent a day.
func (o Options) LiveLimit() int {
	if o.LivePerDay == nil {
		return UsualLivePerDay
	}
	return *o.LivePerDay
}

// Draft is what the form holds. StageID empty means every stage at the place.
type Draft struct {
	PlaceID string  `json:"place_id" validate:"max=64"`
	StageID string  `json:"stage_id" validate:"max=64"`
	Channel Channel `json:"channel" validate:"required,oneof=sms whatsapp_business email"`
	// Provider is the id of the provider whose request was copied, "" for a
	// request written by hand. ProviderVersion is the version its file had then.
	Provider        string `json:"provider" validate:"max=64"`
	ProviderVersion int    `json:"provider_version" validate:"min=0"`
	// Entered is what was entered in the provider's form, from which Request is
	// made; nil without a provider. ByHand names the sections of Request that a
	// person changed since: "auth", "api", "headers", "params".
	Entered *provider.Entered `json:"entered"`
	ByHand  []string          `json:"by_hand" validate:"max=4"`
	Enabled bool              `json:"enabled"`
	Name    string            `json:"name" validate:"max=200"`
	Request request.Spec      `json:"request"`
	Rule    *verdict.Rule     `json:"rule"`
	Options Options           `json:"options"`
}

// recorded is the draft as activity records it. What was entered is left out: it
// is in the request made from it, and a change would be recorded twice.
func (d Draft) recorded() Draft {
	d.Entered, d.ByHand = nil, nil
	return d
}

// Setup is a saved configuration as it is shown: no secret in it.
type Setup struct {
	ID    string `json:"id"`
	Draft Draft  `json:"draft"`
	// Version grows with every change; a save that names an older one is
	// refused.
	Version   int   `json:"version"`
	CreatedMs int64 `json:"created_ms"`
	UpdatedMs int64 `json:"updated_ms"`
	DeletedMs int64 `json:"deleted_ms"`
	// Names of the place, root first, and of the stage ("" for every stage).
	Places []string `json:"places"`
	Stage  string   `json:"stage"`
	Title  string   `json:"title"`
	// ProviderName is the provider's name today, its id where the file is gone.
	ProviderName string `json:"provider_name"`
	// Check is what the newest check of the saved credential said.
	Check *CredentialCheck `json:"check"`
}

// CredentialCheck is what a check found out about a credential, why, and when.
type CredentialCheck struct {
	Validity provider.Validity `json:"validity"`
	Reason   string            `json:"reason"`
	AtMs     int64             `json:"at_ms"`
}

// Title names a setup in one line: by its name or, if it has none, by its place,
// stage and channel.
func Title(name string, places []string, stage string, channel Channel) string {
	if name != "" {
		return name
	}
	parts := append([]string{}, places...)
	if stage != "" {
		parts = append(parts, stage)
	}
	return strings.Join(parts, " / ") + ", " + ChannelLabels[channel]
}

// Row is a line of the list.
type Row struct {
	ID            string `json:"id"`
	Process       string `json:"process"`
	SubProcess    string `json:"sub_process"`
	SubSubProcess string `json:"sub_sub_process"`
	// Stage is empty for a setup of every stage.
	Stage        string           `json:"stage"`
	AuthType     request.AuthType `json:"auth_type"`
	Channel      Channel          `json:"channel"`
	Provider     string           `json:"provider"`
	ProviderName string           `json:"provider_name"`
	Name         string           `json:"name"`
	Method       string           `json:"method"`
	URL          string           `json:"url"`
	Enabled      bool             `json:"enabled"`
	TLSOff       bool             `json:"tls_off"`
	// Unreadable says that a secret of it can no longer be read.
	Unreadable  bool   `json:"unreadable"`
	LastVerdict string `json:"last_verdict"`
	LastAtMs    int64  `json:"last_at_ms"`
	// LastSimulated says that the simulator answered, not the provider.
	LastSimulated bool  `json:"last_simulated"`
	Version       int   `json:"version"`
	DeletedMs     int64 `json:"deleted_ms"`
}

// Store keeps setups. Every method that changes something needs a
// transaction.
type Store interface {
	// Setup gives one, deleted ones too; ErrNotFound, ErrDamaged.
	Setup(ctx context.Context, id string) (Setup, error)
	// SetupsByID gives those of these setups that exist, deleted ones too.
	SetupsByID(ctx context.Context, ids []string) ([]Setup, error)
	// InsertSetup and UpdateSetup write a draft without its secrets, with the
	// names it is sorted and found by. UpdateSetup needs the version that was
	// read; ErrStale.
	InsertSetup(ctx context.Context, setup Setup) error
	UpdateSetup(ctx context.Context, setup Setup) error
	// SetSetupDeleted marks or unmarks (0) a setup as deleted.
	SetSetupDeleted(ctx context.Context, id string, deletedMs int64) error
	RemoveSetup(ctx context.Context, id string) error
	// SetupsDeletedBefore lists ids whose restore time is over.
	SetupsDeletedBefore(ctx context.Context, deletedMs int64) ([]string, error)
	SetupPage(ctx context.Context, in ListInput) (Page, error)
	// SetupIDs gives the ids of a whole list, not of a page, in its order.
	SetupIDs(ctx context.Context, in ListInput) ([]string, error)
	// SetupAt gives the enabled setup of exactly this place, stage and channel.
	SetupAt(ctx context.Context, placeID, stageID string, channel Channel) (id string, found bool, err error)
	// Candidates gives all setups that are not deleted at these places for a
	// channel: what R10 chooses from.
	Candidates(ctx context.Context, placeIDs []string, channel Channel) ([]Candidate, error)
	// LivePerDay gives what a setup allows; 0 where it says nothing. ErrNotFound.
	LivePerDay(ctx context.Context, setupID string) (int, error)
	// CallCount tells how many calls in the history name this setup.
	CallCount(ctx context.Context, setupID string) (int, error)
	// RecordedSetups visits every state of a setup that activity holds, as JSON.
	RecordedSetups(ctx context.Context, id string, visit func(state string)) error
	SetLastResult(ctx context.Context, setupID string, last LastResult, nowMs int64) error
	// SetCheck keeps what a check of the saved credential said, if the setup
	// still has this version; nil forgets it.
	SetCheck(ctx context.Context, setupID string, version int, check *CredentialCheck) error
}

// Secrets keeps sealed values by owner and slot, in the context's transaction.
type Secrets interface {
	slot.Secrets
	// Held gives what is known of every secret of an owner, by slot, without
	// opening any; Damaged those of an owner kind that were found not to open,
	// by owner and slot.
	Held(ctx context.Context, ownerKind, ownerID string) (map[string]secret.Held, error)
	Damaged(ownerKind string) map[string][]string
	// All opens the secrets of an owner, by slot, and Each those of many owners.
	// Those that do not open are left out.
	All(ctx context.Context, ownerKind, ownerID string) (map[string]secret.Text, error)
	Each(ctx context.Context, ownerKind string, ownerIDs []string) (map[string]map[string]secret.Text, error)
	DeleteOwner(ctx context.Context, ownerKind, ownerID string) error
	// Describe keeps beside a secret what about says of it.
	Describe(ctx context.Context, at secret.Location, about func(secret.Text) string) error
}

// Places answers for the process tree.
type Places interface {
	// At gives a place with those above it, and one of its stages ("" for every
	// stage) with the fields in reach (R2). Faults: process.ErrPlaceGone,
	// ErrStageGone and ErrOtherBranch.
	At(ctx context.Context, placeID, stageID string) (process.Scope, error)
}

// Faults of setups.
var (
	ErrNotFound = fault.New(fault.NotFound, "setup.not_found", "This setup is no longer there.").
			WithHint("Go back to the list; someone may have deleted it.")
	ErrStale = fault.New(fault.Conflict, "setup.stale", "Someone else changed this setup while you were editing it, so it was not saved.").
			WithHint("Your entries are still here. Reload to see the other change, then make yours again.")
	ErrTaken = fault.New(fault.Conflict, "setup.taken", "There is already an enabled setup for this place, stage and channel.").
			WithHint("Edit that one, or switch one of the two off under Options.")
	ErrDeleted = fault.New(fault.Conflict, "setup.deleted", "This setup is deleted.").WithHint("Restore it first.")
	// ErrDamaged comes with what is known of the setup without its document: its
	// place, stage, channel and name.
	ErrDamaged = fault.New(fault.Conflict, "setup.damaged", "This setup is damaged in the data file.").
			WithHint("Other setups are not affected. Delete it and make it again, or restore an older copy of the data.")
	ErrPlace = fault.New(fault.Invalid, "setup.place", "Choose a process.")
)

// Kind is the owner kind of a setup's secrets and its word in activity.
const Kind = "setup"

// keepDeleted is how long a deleted setup can be restored.
const keepDeleted = 30 * 24 * time.Hour

// Service holds the use cases.
type Service struct {
	store     Store
	secrets   Secrets
	places    Places
	now       func() time.Time
	env       func(ctx context.Context) (request.Env, error)
	providers Providers

	mu     sync.Mutex
	pastes []pasted
}

// New makes the service; it does no I/O. env gives what a rendering needs from
// outside (country, time, ids).
func New(store Store, secrets Secrets, places Places, providers Providers, now func() time.Time, env func(ctx context.Context) (request.Env, error)) *Service {
	return &Service{store: store, secrets: secrets, places: places, providers: providers, now: now, env: env}
}
