package localapi

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"keydesk/backend/fault"
	"keydesk/backend/librarylog"
	"keydesk/backend/organisation"
)

// afterClose is how long requests that were cancelled have to record what they
// did.
const afterClose = 5 * time.Second

// limits are how long a client may take (RULES.md, Local API).
type limits struct {
	header, read, write, idle time.Duration
	// whole is the longest that a request and its answer take: the longest call
	// and what is around it.
	whole time.Duration
	// retry is after how long a port that was taken is tried again.
	retry time.Duration
}

var usualLimits = limits{
	header: 5 * time.Second, read: 15 * time.Second, write: 5 * time.Second,
	idle: 60 * time.Second, whole: 330 * time.Second, retry: 5 * time.Second,
}

// maxHeader is the size of a request's line and headers; net/http adds 4 KiB to
// what it is told.
const maxHeader = 16<<10 - 4<<10

// maxCounted is how many keys and how many sources are counted at a time.
const maxCounted = 10_000

// Options are what the door needs.
type Options struct {
	Ops Operations
	// Enter admits a request to the running backend, as host.Host.Enter does. Every
	// operation of one request runs in the context that it gives.
	Enter func(ctx context.Context) (entered context.Context, leave func(), err error)
	// Settings reads where to listen. It is called by Apply.
	Settings func(ctx context.Context) (Settings, error)
	// Opened is called when what could not be opened at first has been opened; nil
	// tells nobody.
	Opened func()
	Log    *slog.Logger
}

// Door is the HTTP door. All methods may be called at the same time.
type Door struct {
	ops      Operations
	enter    func(ctx context.Context) (context.Context, func(), error)
	settings func(ctx context.Context) (Settings, error)
	opened   func()
	log      *slog.Logger
	limits   limits

	pool     *connections
	rates    *limiter[string]
	failures *limiter[netip.Prefix]

	// work ends when requests that do not end by themselves have to.
	work   context.Context
	cancel context.CancelCauseFunc

	// applying is held while settings are read and applied, so that those that were
	// read last are in force; running is whether they are followed.
	applying sync.Mutex
	running  bool

	mu       sync.Mutex
	open     map[endpoint]*opening
	state    State
	wanted   Settings
	retry    *time.Timer
	draining sync.WaitGroup
}

// endpoint is where one listener of the settings is to be.
type endpoint struct {
	at     netip.AddrPort
	office bool
}

func (e endpoint) url() string {
	if e.office {
		return "https://" + e.at.String()
	}
	return "http://" + e.at.String()
}

// opening is a listener that is open, with its server.
type opening struct {
	socket net.Listener
	server *http.Server
	// work is what requests run in that do not end with their client.
	work context.Context
	// hosts are what it answers to; they change without closing it.
	hosts atomic.Pointer[hosts]
	// certificate gives what it shows; nil for a plain one.
	certificate atomic.Pointer[func() (*tls.Certificate, error)]
}

// New makes the door; it does no I/O.
func New(options Options) *Door {
	d := &Door{
		ops: options.Ops, enter: options.Enter, settings: options.Settings, opened: options.Opened, log: options.Log,
		limits: usualLimits, pool: newConnections(), open: map[endpoint]*opening{},
	}
	if d.log == nil {
		d.log = slog.New(slog.DiscardHandler)
	}
	d.rates = newLimiter[string](time.Now, maxCounted)
	d.failures = newLimiter[netip.Prefix](time.Now, maxCounted)
	d.work, d.cancel = context.WithCancelCause(context.Background())
	return d
}

// Apply reads the settings and opens, moves or closes the listeners accordingly.
// Requests that run on a listener that closes are answered. A port that another
// program has is never moved: State says so, and it is tried again until the
// settings change. The error is that of reading the settings.
func (d *Door) Apply(ctx context.Context) error {
	d.applying.Lock()
	defer d.applying.Unlock()
	d.running = true
	return d.follow(ctx)
}

// Follow is Apply while the door is open, and nothing before it and after Close:
// for changes of the settings, which can come while the backend is opened or
// released.
func (d *Door) Follow(ctx context.Context) error {
	d.applying.Lock()
	defer d.applying.Unlock()
	if !d.running {
		return nil
	}
	return d.follow(ctx)
}

// follow reads the settings and applies them. applying is held.
func (d *Door) follow(ctx context.Context) error {
	wanted, err := d.settings(ctx)
	if err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.apply(wanted)
	return nil
}

// State says what the door listens on, or why not.
func (d *Door) State() State {
	d.mu.Lock()
	defer d.mu.Unlock()
	state := d.state
	state.Listening = slices.Clone(state.Listening)
	return state
}

// Close closes every listener, waits for requests that run, and cancels those that
// do not end before ctx does. The door can be opened again with Apply.
func (d *Door) Close(ctx context.Context) {
	d.applying.Lock()
	d.running = false
	d.applying.Unlock()
	d.mu.Lock()
	d.apply(Settings{Port: d.wanted.Port})
	d.mu.Unlock()
	drained := make(chan struct{})
	go func() {
		d.draining.Wait()
		close(drained)
	}()
	select {
	case <-drained:
		return
	case <-ctx.Done():
	}
	d.mu.Lock()
	d.cancel(errGone)
	d.work, d.cancel = context.WithCancelCause(context.Background())
	d.mu.Unlock()
	<-drained
}

// apply makes the listeners what the settings say. mu is held.
func (d *Door) apply(wanted Settings) {
	if d.retry != nil {
		d.retry.Stop()
		d.retry = nil
	}
	if wanted.Port == 0 {
		wanted.Port = organisation.DefaultPort
	}
	d.wanted = wanted
	d.state = State{On: wanted.On, Port: wanted.Port}
	here, office, problem := wanted.endpoints()
	for at, one := range d.open {
		if !slices.Contains(here, at) && !slices.Contains(office, at) {
			d.shut(at, one)
		}
	}
	if failed := d.openHere(here); failed != nil {
		// The program that has the port could answer in our name, so nothing is open at all.
		for at, one := range d.open {
			d.shut(at, one)
		}
		office, problem = nil, failed
	}
	for _, at := range office {
		if err := d.openAt(at, officeHosts(wanted.Office.Names, wanted.Office.Addresses, at.at.Port()), wanted.Office.Certificate); err != nil {
			problem = fault.From(err)
		}
	}
	d.state.Problem = problem
	for _, at := range slices.Concat(here, office) {
		if d.open[at] != nil {
			d.state.Listening = append(d.state.Listening, at.url())
		}
	}
	if problem == nil {
		return
	}
	d.log.Warn("the local API is not open as the settings say", "code", problem.Code, "cause", problem.Cause())
	if problem.Kind == fault.Unavailable {
		d.retry = time.AfterFunc(d.limits.retry, d.tryAgain)
	}
}

// openHere opens the listeners that only this computer reaches. mu is held.
func (d *Door) openHere(here []endpoint) *fault.Error {
	for _, at := range here {
		err := d.openAt(at, loopbackHosts(at.at.Port()), nil)
		// A computer without IPv6 has no ::1 and needs none.
		if at.at.Addr() == netip.IPv6Loopback() && errors.Is(err, ErrAddressUnknown) {
			continue
		}
		if err != nil {
			return fault.From(err)
		}
	}
	return nil
}

// tryAgain opens what could not be opened.
func (d *Door) tryAgain() {
	d.mu.Lock()
	if d.retry == nil { // the settings changed meanwhile
		d.mu.Unlock()
		return
	}
	before := d.state
	d.apply(d.wanted)
	opened := len(d.state.Listening) != len(before.Listening) || d.state.Problem == nil
	d.mu.Unlock()
	if opened && d.opened != nil {
		d.opened()
	}
}

// loopback are the addresses that only this computer reaches.
var loopback = []netip.Addr{netip.AddrFrom4([4]byte{127, 0, 0, 1}), netip.IPv6Loopback()}

// endpoints are the listeners that the settings ask for.
func (s Settings) endpoints() (here, office []endpoint, problem *fault.Error) {
	if !s.On {
		return nil, nil, nil
	}
	if s.Port < 1 || s.Port > 65535 {
		return nil, nil, ErrPortRange
	}
	for _, address := range loopback {
		here = append(here, endpoint{at: netip.AddrPortFrom(address, uint16(s.Port))})
	}
	if !s.Office.On {
		return here, nil, nil
	}
	if s.Office.Certificate == nil {
		return here, nil, ErrCertificateNeeded
	}
	for _, address := range s.Office.Addresses {
		at := endpoint{at: netip.AddrPortFrom(address.Unmap(), uint16(s.Port)), office: true}
		if !slices.Contains(loopback, at.at.Addr()) && !slices.Contains(office, at) {
			office = append(office, at)
		}
	}
	return here, office, nil
}

// openAt opens one listener, or gives an open one its new hosts and certificate.
// mu is held.
func (d *Door) openAt(at endpoint, known hosts, certificate func() (*tls.Certificate, error)) error {
	if one := d.open[at]; one != nil {
		one.hosts.Store(&known)
		one.certificate.Store(&certificate)
		return nil
	}
	one := &opening{work: d.work}
	one.hosts.Store(&known)
	one.certificate.Store(&certificate)
	var encrypted *tls.Config
	if at.office {
		if _, err := certificate(); err != nil {
			return err
		}
		encrypted = &tls.Config{
			MinVersion: tls.VersionTLS12,
			NextProtos: []string{"http/1.1"},
			GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
				return (*one.certificate.Load())()
			},
		}
	}
	socket, err := listen(one.work, at.at, encrypted, d.pool)
	if err != nil {
		return err
	}
	one.socket = socket
	one.server = &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if d.pool.begin(r.Context()) {
				d.handle(w, r, one)
			}
		}),
		BaseContext:       func(net.Listener) context.Context { return one.work },
		ReadHeaderTimeout: d.limits.header,
		ReadTimeout:       d.limits.read,
		WriteTimeout:      d.limits.whole,
		IdleTimeout:       d.limits.idle,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          librarylog.For(d.log),
		ConnState:         d.pool.state,
		ConnContext:       d.pool.context,
		Protocols:         new(http.Protocols),
		// OPTIONS * would be answered past the guard.
		DisableGeneralOptionsHandler: true,
	}
	one.server.Protocols.SetHTTP1(true)
	d.open[at] = one
	go func() {
		if err := one.server.Serve(socket); !errors.Is(err, http.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
			d.log.Error("the local API stopped listening", "at", at.url(), "cause", err)
		}
	}()
	d.log.Info("the local API listens", "at", at.url())
	return nil
}

// shut closes a listener at once, and its connections when their requests have
// been answered. mu is held.
func (d *Door) shut(at endpoint, one *opening) {
	delete(d.open, at)
	d.log.Info("the local API stops listening", "at", at.url())
	_ = one.socket.Close()
	d.draining.Go(func() {
		if one.server.Shutdown(one.work) == nil {
			return
		}
		ctx, cancel := context.WithTimeout(context.Background(), afterClose)
		defer cancel()
		if one.server.Shutdown(ctx) != nil {
			d.log.Warn("requests did not end when the local API was closed")
			_ = one.server.Close()
		}
	})
}

// context is what a request runs in. Reading ends with the client; a request that
// changes something ends by itself, since a call that was cancelled half way would
// leave nobody knowing whether it was sent.
func (one *opening) context(r *http.Request) context.Context {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return r.Context()
	}
	return one.work
}
