// Package backend wires Keydesk together: New builds, Open opens, Close closes in
// reverse order. It binds each operation to its use case once; doors hold only
// the resulting calls.
package backend

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"time"
	_ "time/tzdata" // the organisation's time zone must be known on every machine

	"github.com/google/uuid"

	"keydesk/backend/access"
	"keydesk/backend/activity"
	"keydesk/backend/alert"
	"keydesk/backend/apikey"
	"keydesk/backend/call"
	"keydesk/backend/certificate"
	"keydesk/backend/clock"
	"keydesk/backend/dashboard"
	"keydesk/backend/erase"
	"keydesk/backend/fault"
	"keydesk/backend/gate"
	"keydesk/backend/httpclient"
	"keydesk/backend/organisation"
	"keydesk/backend/process"
	"keydesk/backend/provider"
	"keydesk/backend/request"
	"keydesk/backend/secret"
	"keydesk/backend/setup"
	"keydesk/backend/simulate"
	"keydesk/backend/store"
	"keydesk/backend/transfer"
	"keydesk/backend/user"
	"keydesk/backend/vault"
)

// Options are what a backend is built from. Only Folder is needed.
type Options struct {
	// Folder is the data folder.
	Folder string
	// Version is the version of the program, for the User-Agent.
	Version string
	Log     *slog.Logger
	Now     func() time.Time
	// Keyring is the system keyring, or that of a test.
	Keyring *vault.Keyring
	// Resolver finds the addresses of names; nil is the system's.
	Resolver httpclient.Resolver
	// Hash are the parameters of the password hash; the zero value means the real
	// ones.
	Hash user.Params
	// Changed is told the kinds of things that changed, after a commit.
	Changed func(kinds []string)
	// Look is how often the clock is read for operations that the program runs
	// itself; 0 is clock.Look. Tests make it short.
	Look time.Duration
	// ForReading opens a damaged database as it is and writes nothing to it.
	ForReading bool
	// LocalAPI says what the local API's door does; nil where the program has none.
	LocalAPI func() organisation.Listening
	// Desktop shows alerts as notifications of the desktop; nil shows none.
	Desktop Desktop
	// Store changes how the database is opened, for tests.
	Store []store.Option
}

// Backend is Keydesk without a door.
type Backend struct {
	// Ops are all operations, bound. Doors hold nothing else.
	Ops Ops

	options      Options
	isOpen       bool
	Store        *store.Store
	Vault        *vault.Vault
	Gate         *gate.Gate
	Activity     *activity.Log
	Users        *user.Service
	Organisation *organisation.Service
	Process      *process.Service
	Providers    *provider.Service
	Setups       *setup.Service
	Calls        *call.Service
	Keys         *apikey.Service
	Certificates *certificate.Service
	Transfer     *transfer.Service
	Erase        *erase.Service
	Dashboard    *dashboard.Service
	Alerts       *alert.Service
	client       *httpclient.Client
	tokens       *httpclient.Tokens
	simulator    *simulate.Server
	clock        *clock.Clock
	accessLog    *batches
}

// New builds everything; it does no I/O.
func New(options Options) *Backend {
	if options.Log == nil {
		options.Log = slog.New(slog.DiscardHandler)
	}
	if options.Now == nil {
		options.Now = time.Now
	}
	if options.Keyring == nil {
		options.Keyring = vault.NewKeyring(vault.KeyringOptions{})
	}
	if options.ForReading {
		options.Store = append(slices.Clone(options.Store), store.ForReading())
	}
	b := &Backend{options: options, Store: store.New(options.Folder, options.Store...)}
	notes := vault.Notes(b.Store)
	if options.ForReading {
		notes = nil // the keyring is not tidied up by what a damaged file says
	}
	b.Vault = vault.New(b.Store, vault.Options{
		InstallationID: func() string { return b.Organisation.InstallationID() }, Keyring: options.Keyring,
		Notes: notes, Closed: func() { b.tokens.Forget() },
	})
	b.Activity = activity.New(b.Store, b.Vault, filepath.Join(options.Folder, activity.HeadFile), options.Log, options.Now)
	// What a sign-in writes, and where.
	users, transactions, trail := user.Store(b.Store), gate.Transactions(b.Store), gate.ActivityLog(b.Activity)
	if options.ForReading {
		memory := user.NewMemory(b.Store)
		users, transactions, trail = memory, memory, activity.LogOnly{Log: options.Log}
	}
	b.Users = user.New(user.Options{
		Store: users, Recovery: b.Vault, Names: b.Vault, Now: options.Now, Hash: options.Hash,
		IdleLimit: func() time.Duration { return b.Organisation.IdleLimit() },
		Organisation: func() string {
			o, _ := b.Organisation.Current(context.Background())
			return o.Name
		},
	})
	b.Process = process.New(b.Store)
	b.Organisation = organisation.New(b.Store, keys{vault: b.Vault, keyring: options.Keyring}, b.Users, b.Process, options.Now)
	catalogue := provider.New(b.Store)
	b.Providers = provider.NewService(catalogue, b.Store, filepath.Join(options.Folder, "providers"), options.Now)
	b.simulator = &simulate.Server{Log: options.Log}
	b.Setups = setup.New(b.Store, b.Vault, b.Process, catalogue, options.Now, b.env)
	b.client = httpclient.New(httpclient.Options{Resolver: options.Resolver})
	b.tokens = httpclient.NewTokens(b.client, options.Now)
	b.Calls = call.New(call.Parts{
		Store: b.Store, Setups: b.Setups, Places: b.Process, Guard: b.Organisation, Client: b.client, Tokens: b.tokens,
		Simulator: b.simulator, Now: options.Now, Env: b.env,
	})
	b.Keys = apikey.New(b.Store, b.Vault, paths{b.Process}, limits{b.Organisation}, options.Now)
	b.accessLog = newBatches(func(ctx context.Context, in apikey.KeepAccessInput) error {
		return system(ctx, b.Gate, apikey.OpKeepAccess, in)
	}, options.Log)
	b.Keys.WhenNoted(b.accessLog.soon)
	b.Certificates = certificate.New(b.Vault, officeNetwork{b.Organisation}, options.Now)
	b.Organisation.CertifiesWith(b.Certificates)
	b.Organisation.ListensWith(options.LocalAPI)
	b.Transfer = transfer.New(transfer.Parts{
		Transactions: b.Store, Process: b.Process, Setups: b.Setups, Validate: gate.Validate, Providers: catalogue,
	})
	b.Dashboard = dashboard.New(dashboard.Parts{
		Store: b.Store, Keys: b.Keys, Office: b.Organisation, Certificates: b.Certificates, Secrets: b.Vault, Now: options.Now,
	})
	b.Alerts = alert.New(alert.Parts{
		Store: b.Store, Keys: b.Keys, Calls: b.Calls, Setups: b.Setups, Office: limits{b.Organisation}, Now: options.Now,
	})
	b.Erase = erase.New(b.Store, b.Activity, b.Setups)
	b.Gate = gate.New(gate.Parts{
		Resolvers:    map[access.SourceKind]gate.Resolver{access.Window: b.Users, access.API: b.Keys},
		Transactions: transactions, Outbox: b.Store, Activity: trail, Writable: b.Store.Writable,
		DataKeyOpen: func() bool { return b.Vault.State().Open },
		Log:         options.Log, Now: options.Now, Changed: b.changed,
	})
	bind(b)
	b.Ops = operations(b.Gate)
	b.clock = clock.New(options.Log, options.Now, cmp.Or(options.Look, clock.Look), b.jobs()...)
	if !options.ForReading {
		b.Organisation.WhenOpen(b.startClock)
	}
	return b
}

// changed drops what memory holds of a thing that changed, and tells the page to
// read it again.
func (b *Backend) changed(kinds []string) {
	for _, kind := range kinds {
		switch access.ScopeOf(kind) {
		case "organisation":
			b.Organisation.Forget()
		case "user":
			b.Users.Forget()
		case "provider":
			b.Providers.Forget()
		case "apikey":
			// A key may have been given an end that is near.
			b.clock.Wake("alert.raise")
			b.clock.Wake("alert.tell")
		}
	}
	if b.options.Changed != nil {
		b.options.Changed(kinds)
	}
}

// env is what a rendering needs from outside.
func (b *Backend) env(ctx context.Context) (request.Env, error) {
	o, err := b.Organisation.Current(ctx)
	if err != nil {
		return request.Env{}, err
	}
	return request.Env{
		Country: o.Country, Now: b.options.Now(), Location: o.Location(),
		UUID: uuid.NewString(), Boundary: "keydesk-" + uuid.NewString(), UserAgent: "Keydesk/" + b.options.Version,
	}, nil
}

// Open opens the database, and the data key if the keyring gives it without
// asking. No other program may use the folder meanwhile: package host makes sure
// of that. A backend is opened once; to open again, make a new one.
//
// Faults: those of store.Open.
func (b *Backend) Open(ctx context.Context) error {
	err := b.open(ctx)
	if b.options.ForReading && errors.Is(err, store.ErrCorrupt) {
		// Without users or the organisation nobody can sign in.
		return store.ErrUnreadable.WithCause(err)
	}
	return err
}

func (b *Backend) open(ctx context.Context) error {
	if err := b.Store.Open(ctx); err != nil {
		return err
	}
	b.isOpen = true
	if err := b.Users.Open(ctx); err != nil {
		return errors.Join(err, b.Close())
	}
	if err := b.simulator.Start(); err != nil {
		return errors.Join(err, b.Close())
	}
	if err := b.Organisation.OpenAtStart(ctx); err != nil {
		return errors.Join(err, b.Close())
	}
	return nil
}

// Operations are Ops, for package host.
func (b *Backend) Operations() *Ops { return &b.Ops }

// startClock runs each time the data key was opened. It makes the activity log
// ready, marks calls that a crash left open, and removes what is past its time,
// now and as long as the backend stays open.
func (b *Backend) startClock(ctx context.Context) { b.clock.Start(ctx) }

// jobs are the operations that the program runs itself.
func (b *Backend) jobs() []clock.Job {
	return []clock.Job{
		// First, since nothing can be recorded before. They are not cancelled in the
		// middle: the next opening would only have to do it again.
		{Name: "activity.restart", Run: func(ctx context.Context) error { return b.restartTrail(context.WithoutCancel(ctx)) }},
		{Name: "activity.open", Run: func(ctx context.Context) error { return b.Activity.Open(context.WithoutCancel(ctx)) }},
		// Before any key is good: a call that comes after that is not a lost one.
		{Name: "call.recover", Run: func(ctx context.Context) error { return system(ctx, b.Gate, call.OpRecover, struct{}{}) }},
		{Name: "apikey.load", Every: time.Minute, Run: b.Keys.Load},
		{Name: "alert.raise", Every: clock.Look, Run: b.raiseAlerts},
		// Later, since nobody is to wait for the desktop or for a message.
		{Name: "alert.tell", Every: clock.Look, Later: true, Run: b.tellAlerts},
		// What the door shows may need the data key.
		{Name: "organisation.follow", Run: func(context.Context) error { b.changed([]string{organisation.LocalAPIKind}); return nil }},
		{Name: "setup.survey", Run: b.surveySecrets},
		{Name: "provider.take_in", Run: b.takeInProviders},
		{Name: "call.prune", Every: 24 * time.Hour, Run: b.pruneCalls},
		{Name: "call.forget_keys", Every: time.Hour, Run: func(ctx context.Context) error { return system(ctx, b.Gate, call.OpForgetKeys, struct{}{}) }},
		{Name: "apikey.prune_access", Every: 24 * time.Hour, Run: b.pruneAccess},
		{Name: "apikey.keep_access", Every: time.Minute, Run: func(ctx context.Context) error { b.accessLog.write(ctx, apikey.KeepAccessInput{}); return nil }},
		{Name: "setup.purge", Every: 24 * time.Hour, Run: func(ctx context.Context) error { return system(ctx, b.Gate, setup.OpPurge, struct{}{}) }},
		{Name: "certificate.judge", Every: 24 * time.Hour, Run: b.judgeCertificate},
		{Name: "organisation.prune_copies", Every: 24 * time.Hour, Run: func(ctx context.Context) error {
			return system(ctx, b.Gate, organisation.OpPruneCopies, struct{}{})
		}},
		{Name: "alert.prune", Every: 24 * time.Hour, Run: func(ctx context.Context) error { return system(ctx, b.Gate, alert.OpPrune, alert.Nothing{}) }},
		{Name: "event.prune", Every: 24 * time.Hour, Run: func(ctx context.Context) error { return system(ctx, b.Gate, gate.OpPruneEvents, struct{}{}) }},
		{Name: "store.check", Every: 24 * time.Hour, Later: true, Run: b.checkData},
		{Name: "activity.flush", Every: time.Minute, Run: func(ctx context.Context) error { b.Activity.Flush(ctx); return nil }},
	}
}

// describedAtOnce is how many secrets are described in one transaction.
const describedAtOnce = 500

// surveySecrets finds the secrets of setups that do not open, before anybody
// needs them, and describes those of which nothing is known.
func (b *Backend) surveySecrets(ctx context.Context) error {
	found, err := b.Vault.Survey(ctx)
	if err != nil {
		return err
	}
	if len(found.Unreadable) > 0 {
		b.options.Log.Warn("stored secrets can no longer be read", "count", len(found.Unreadable))
		b.changed([]string{setup.Kind})
	}
	unknown := slices.DeleteFunc(found.Unknown, func(at secret.Location) bool { return at.OwnerKind != setup.Kind })
	for some := range slices.Chunk(unknown, describedAtOnce) {
		if err := system(ctx, b.Gate, setup.OpDescribe, setup.DescribeInput{Locations: some}); err != nil {
			return err
		}
	}
	return nil
}

// restartTrail begins a new chain of activity if a key of it is damaged.
func (b *Backend) restartTrail(ctx context.Context) error {
	if damaged, err := b.Activity.Damaged(ctx); err != nil || len(damaged) == 0 {
		return err
	}
	return system(ctx, b.Gate, activity.OpRestart, struct{}{})
}

// pruneCalls removes old calls in several short transactions.
func (b *Backend) pruneCalls(ctx context.Context) error {
	calls, _, err := b.Organisation.Kept(ctx)
	if err != nil {
		return err
	}
	prune := gate.HandlerOf(b.Gate, call.OpPrune)
	for {
		if pruned, err := gate.RunSystem(ctx, prune, call.PruneInput{Days: int(calls / (24 * time.Hour))}); err != nil || pruned.Count == 0 {
			return err
		}
	}
}

// pruneAccess removes old rows of the access log in several short transactions.
func (b *Backend) pruneAccess(ctx context.Context) error {
	_, kept, err := b.Organisation.Kept(ctx)
	if err != nil {
		return err
	}
	prune := gate.HandlerOf(b.Gate, apikey.OpPruneAccess)
	for {
		if pruned, err := gate.RunSystem(ctx, prune, apikey.PruneInput{BeforeMs: b.options.Now().Add(-kept).UnixMilli()}); err != nil || pruned.Count == 0 {
			return err
		}
	}
}

// judgeCertificate writes to the log what is wrong with the certificate of the
// office network, or will be soon.
func (b *Backend) judgeCertificate(ctx context.Context) error {
	state, err := b.Certificates.Get(ctx, certificate.Nothing{})
	if state.Code != "" {
		b.options.Log.Warn("the certificate of the office network", "code", state.Code, "message", state.Message)
	}
	return err
}

// checkData reads the whole database once a week. Damage is logged, and noted in
// the activity each day until it is gone.
func (b *Backend) checkData(ctx context.Context) error {
	err := b.Store.CheckWeekly(ctx, b.options.Now())
	if errors.Is(err, store.ErrCorrupt) {
		err = errors.Join(fmt.Errorf("the weekly check: %w", fault.From(err).Cause()), system(ctx, b.Gate, organisation.OpNoteDamage, organisation.Nothing{}))
	}
	return err
}

// takeInProviders takes in the provider files that are in the data folder.
func (b *Backend) takeInProviders(ctx context.Context) error {
	taken, err := gate.RunSystem(ctx, gate.HandlerOf(b.Gate, provider.OpTakeIn), struct{}{})
	if err != nil {
		return err
	}
	if taken.New > 0 {
		b.options.Log.Info("provider files were taken in", "files", taken.Files)
	}
	return b.Providers.MoveAside(taken)
}

func system[In, Out any](ctx context.Context, g *gate.Gate, op access.Op[In, Out], in In) error {
	_, err := gate.RunSystem(ctx, gate.HandlerOf(g, op), in)
	return err
}

// Close undoes Open in reverse order.
func (b *Backend) Close() error {
	if !b.isOpen {
		return nil
	}
	b.isOpen = false
	b.clock.Stop()
	b.accessLog.stop(b.Vault.State().Open && b.Store.Writable() == nil)
	if b.Vault.State().Open && b.Store.Writable() == nil {
		b.Activity.Close(context.Background())
	}
	b.client.Close()
	simulated := b.simulator.Close()
	b.Vault.Close()
	return errors.Join(simulated, b.Store.Close())
}
