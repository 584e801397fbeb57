// Package host owns a running backend for the program that starts it: the
// window, keydeskd (the program without one), and tests.
//
// A Host finds and guards the data folder (an exclusive file lock), keeps the
// log file in it, opens the backend in the background, and reports the phase it
// is in. Release closes the backend and frees the folder, so that another
// program can have it or a restore can replace it; Resume waits for the folder
// and opens again in the same process. The programs arrange between themselves
// who has the folder through control.sock in it: the window asks keydeskd to
// release it, and keydeskd takes it again when the window has gone.
//
// Each opening makes a new backend, and Close throws it away whole. Doors keep
// the handlers of Host.Ops, which run on the backend that is open at that
// moment. So nothing that a backend holds in memory can outlive it: sessions,
// tokens, connections, opened secrets, answers kept for later. After Resume
// everybody signs in again. Another program may have changed the data
// meanwhile, and the data key has to be opened again anyway.
package host

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"slices"
	"sync"
	"time"

	"keydesk/backend"
	"keydesk/backend/fault"
	"keydesk/backend/librarylog"
	"keydesk/backend/store"
)

// Phase says how far the backend is.
type Phase string

// The phases. Whether the secrets are locked is not a phase: calls change it,
// and organisation.state returns it.
const (
	Opening  Phase = "opening"  // also before Start
	Open     Phase = "open"     // calls run
	Failed   Phase = "failed"   // it could not be opened; Resume tries again
	Released Phase = "released" // another program may have the folder
	Closed   Phase = "closed"   // for good
)

// What a call gets while the backend is not open, and what Release returns.
var (
	ErrOpening = fault.New(fault.Unavailable, "keydesk.opening", "Keydesk is still opening.").
			WithHint("Try again in a moment.")
	ErrReleased = fault.New(fault.Unavailable, "keydesk.released", "Keydesk has handed its data to another program.").
			WithHint("Try again when that program is done.")
	ErrStopped = fault.New(fault.Unavailable, "keydesk.opening_stopped", "Opening was stopped before it was done.").
			WithHint("Try again; nothing was changed.")
	ErrClosed = fault.New(fault.Unavailable, "keydesk.closed", "Keydesk is closing.").
			WithHint("Start it again to go on.")
	ErrNotLost = fault.New(fault.Conflict, "keydesk.not_lost", "There is no such copy to restore now.").
			WithHint("Try again to open the data as it is.")
	ErrNotDamaged = fault.New(fault.Conflict, "keydesk.not_damaged", "There is no damaged data to open for reading now.").
			WithHint("Try again to open the data as it is.")
	ErrBusy = fault.New(fault.Unavailable, "keydesk.busy", "Keydesk is still working, so it did not hand over its data.").
		WithHint("Try again in a moment.")
)

// Backend is what a host opens. The context of Open lives until the backend
// is to stop. Close undoes Open in reverse; it is also called after a failed
// Open.
type Backend interface {
	Open(ctx context.Context) error
	Close() error
	Operations() *backend.Ops
}

// Options are what a host is made of.
type Options struct {
	// Folder is the data folder.
	Folder string
	// Version is the program's, for the log.
	Version string
	// Make builds a backend for one opening and does no I/O.
	Make func() Backend
	// MakeForReading builds one that opens a damaged database for reading only;
	// nil means that this is not offered.
	MakeForReading func() Backend
	// Log is the log; its file is kept in the folder while the host owns it.
	Log *LogFile
	// Control is what other programs can ask of this one.
	Control Control
	// Moved is called with each phase, one after the other and in order. It
	// must not call Release, Resume or Close.
	Moved func(Phase)
}

// Host owns a backend. Safe for use by many goroutines.
type Host struct {
	// Ops are the operations of the backend that is open; they are refused
	// while none is. Doors hold nothing else.
	Ops backend.Ops

	options Options
	log     *slog.Logger
	// life ends with Close.
	life context.Context
	end  context.CancelFunc
	// turn is held by the goroutine that opens or closes.
	turn   chan struct{}
	folder folder // guarded by turn

	mu      sync.Mutex
	phase   Phase
	failure *fault.Error
	// moved is closed at the next change of phase.
	moved chan struct{}
	now   *opening // nil unless open
	// conns are the connections of other programs, and holders how many of them
	// asked for the folder and are still there.
	conns   map[net.Conn]bool
	holders int
	// held are the connections to programs that released the folder for us.
	held []net.Conn
}

// opening is one backend from Open to Close.
type opening struct {
	backend Backend
	reading bool // nothing can be written
	// stop ends the context of Open.
	stop context.CancelFunc

	// The host's mu guards what follows. work is cancelled when calls have to
	// end, calls is how many run, and empty is closed when the last has left.
	work   context.Context
	cancel context.CancelCauseFunc
	calls  int
	empty  chan struct{}
}

// New makes a host and does no I/O.
func New(options Options) *Host {
	if options.Moved == nil {
		options.Moved = func(Phase) {}
	}
	h := &Host{
		options: options, log: options.Log.Logger(), turn: make(chan struct{}, 1),
		folder: folder{path: options.Folder, log: options.Log},
		phase:  Opening, moved: make(chan struct{}), conns: map[net.Conn]bool{},
	}
	if options.Control.Program != "" {
		h.folder.answer = h.answer
	}
	h.life, h.end = context.WithCancel(context.Background())
	h.Ops = forwarded(h)
	return h
}

// Start takes the folder at once and opens the backend in the background, so
// that the window can start at the same time. If keydeskd has the folder, the
// window asks for it, also in the background. From then on what libraries write
// goes to the log, reduced to its kind. Opened says how it went. After a
// failed opening it tries again; otherwise it does nothing the second time.
func (h *Host) Start() {
	if h.take(h.life) != nil {
		return
	}
	librarylog.Catch(h.log)
	if phase, _ := h.State(); phase != Opening && phase != Failed {
		h.give()
		return
	}
	err := h.folder.take(h.life, false, h.begin)
	if errors.Is(err, ErrInUse) && h.ownedByKeydeskd() {
		h.move(Opening, nil, nil)
		go func() {
			defer h.give()
			if h.taken(h.obtain(h.life, false, h.begin)) == nil {
				_ = h.open(h.life, false) // reported as the phase
			}
		}()
		return
	}
	if h.taken(err) != nil {
		h.give()
		return
	}
	go func() {
		defer h.give()
		_ = h.open(h.life, false) // reported as the phase
	}()
}

// Opened waits until the backend is open. If it is not, it returns the reason
// why calls are refused, and ErrOpening when ctx ends first.
func (h *Host) Opened(ctx context.Context) error {
	for {
		h.mu.Lock()
		phase, refusal, moved := h.phase, h.refusal(), h.moved
		h.mu.Unlock()
		if phase != Opening {
			return refusal
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return refusal
		}
	}
}

// State returns the phase and, when it is failed, why.
func (h *Host) State() (Phase, *fault.Error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.phase, h.failure
}

// Release refuses new calls, waits for the running ones until ctx ends, cancels
// those that still run then, closes the backend and frees the folder. If
// nothing is open it does nothing. It returns ErrBusy when a call does not end
// even then; the backend stays open.
func (h *Host) Release(ctx context.Context) error {
	if err := h.take(ctx); err != nil {
		return err
	}
	defer h.give()
	was := h.opened()
	if was == nil {
		return nil
	}
	h.move(Released, nil, nil)
	if !h.settle(ctx, was, ErrReleased) {
		h.move(Open, nil, was)
		return ErrBusy
	}
	return h.shut(was, "released")
}

// Resume opens the backend again after Release or a failed opening. It waits
// for the folder until ctx ends; then it returns ErrInUse, and the phase is
// still what it was. If the backend is open it does nothing.
func (h *Host) Resume(ctx context.Context) error {
	ctx, done := h.until(ctx)
	defer done()
	if err := h.take(ctx); err != nil {
		return err
	}
	defer h.give()
	if h.opened() != nil {
		return nil
	}
	err := h.obtain(ctx, true, h.begin)
	if errors.Is(err, ErrInUse) {
		return err
	}
	if err := h.taken(err); err != nil {
		return err
	}
	return h.open(ctx, false)
}

// Copies lists the copies of the database that can be restored: none unless the
// opening failed because the database is missing or damaged.
func (h *Host) Copies() []store.Copy {
	phase, failure := h.State()
	offered := func(one *fault.Error) bool { return errors.Is(failure, one) }
	if phase != Failed || !slices.ContainsFunc([]*fault.Error{store.ErrLost, store.ErrCorrupt, store.ErrUnreadable}, offered) {
		return nil
	}
	copies, err := store.Copies(h.options.Folder)
	if err != nil {
		h.log.Warn("copies of the database could not be looked for", "why", err)
	}
	return copies
}

// Restore puts one of Copies in place of the database and opens it. What lay
// there is kept in a folder beside it. If the copy cannot be used, nothing is
// changed and the phase is still Failed.
//
// Faults: ErrNotLost, those of store.RestoreCopy and of an opening.
func (h *Host) Restore(ctx context.Context, name string) error {
	if err := h.take(ctx); err != nil {
		return err
	}
	defer h.give()
	if !slices.ContainsFunc(h.Copies(), func(one store.Copy) bool { return one.Name == name }) {
		return ErrNotLost
	}
	aside := ""
	err := h.obtain(h.life, false, func() (err error) {
		aside, err = store.RestoreCopy(h.life, h.options.Folder, name, time.Now())
		if err == nil {
			h.move(Opening, nil, nil)
		}
		return err
	})
	if err != nil {
		return err
	}
	h.log.Warn("a copy of the database was restored", "copy", name, "what was there", aside)
	return h.open(h.life, false)
}

// Readable reports whether OpenForReading can be tried: the opening failed
// because the database is damaged.
func (h *Host) Readable() bool {
	phase, failure := h.State()
	return phase == Failed && failure.Code == store.ErrCorrupt.Code && h.options.MakeForReading != nil && store.Check(h.options.Folder) == nil
}

// OpenForReading opens a damaged database as it is. Nothing is written to it and
// whatever would write is refused, until another opening.
//
// Faults: ErrNotDamaged, store.unreadable, those of an opening.
func (h *Host) OpenForReading(ctx context.Context) error {
	if err := h.take(ctx); err != nil {
		return err
	}
	defer h.give()
	if !h.Readable() {
		return ErrNotDamaged
	}
	if err := h.taken(h.obtain(h.life, false, h.begin)); err != nil {
		return err
	}
	h.log.Warn("the database is damaged and opened for reading only")
	return h.open(h.life, true)
}

// ReadingOnly reports whether what is open was opened by OpenForReading.
func (h *Host) ReadingOnly() bool {
	now := h.opened()
	return now != nil && now.reading
}

// Close is Release for good. It breaks off an opening, and it closes the
// backend even if a call does not end.
func (h *Host) Close(ctx context.Context) error {
	h.end()
	if !h.waited(ctx) {
		return ErrBusy.WithCause(errors.New("an opening or closing does not end"))
	}
	defer h.give()
	if at, _ := h.State(); at == Closed {
		return nil
	}
	// Only when the folder is free.
	defer h.hangUp()
	was := h.opened()
	h.move(Closed, nil, nil)
	if was == nil {
		h.log.Info("stopped")
		return nil
	}
	if !h.settle(ctx, was, ErrClosed) {
		h.log.Warn("calls were still running when Keydesk closed")
	}
	return h.shut(was, "stopped")
}

// take waits for the turn; ErrClosed after Close.
func (h *Host) take(ctx context.Context) error {
	if h.life.Err() != nil {
		return ErrClosed
	}
	if !h.waited(ctx) {
		return ErrBusy.WithCause(context.Cause(ctx))
	}
	if h.life.Err() != nil {
		h.give()
		return ErrClosed
	}
	return nil
}

// waited waits for the turn until ctx ends. A turn that is free is taken even after
// that: a program that closes has waited for calls as long as ctx.
func (h *Host) waited(ctx context.Context) bool {
	select {
	case h.turn <- struct{}{}:
		return true
	default:
	}
	select {
	case h.turn <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

func (h *Host) give() { <-h.turn }

// until returns a context that ends with ctx or with Close.
func (h *Host) until(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	undo := context.AfterFunc(h.life, cancel)
	return ctx, func() { undo(); cancel() }
}

// taken notes that the folder could not be taken.
func (h *Host) taken(err error) error {
	if err != nil {
		h.fail(err)
	}
	return err
}

// begin says that an opening begins and checks the folder, whose lock is held.
// Start has done it when it returns, so that a person who waits after that does
// not get the failure before.
func (h *Host) begin() error {
	h.move(Opening, nil, nil)
	return h.folder.check()
}

// open makes a backend and opens it. The caller has taken the folder and said
// that it begins; after a failure the folder is free again. reading opens a
// damaged database for reading only.
func (h *Host) open(ctx context.Context, reading bool) error {
	h.log.Info("opening", "version", h.options.Version, "data", h.options.Folder)
	build := h.options.Make
	if reading {
		build = h.options.MakeForReading
	}
	next := &opening{backend: build(), reading: reading}
	life, stop := context.WithCancel(context.Background())
	next.stop = stop
	undo := context.AfterFunc(ctx, stop)
	err := guarded(func() error { return next.backend.Open(life) })
	if !undo() {
		err = ErrStopped.WithCause(errors.Join(context.Cause(ctx), err))
	}
	if err == nil {
		h.move(Open, nil, next)
		return nil
	}
	stop()
	if closing := errors.Join(guarded(next.backend.Close), h.folder.free()); closing != nil {
		h.log.Error("what was opened did not close cleanly", "why", closing)
	}
	h.fail(err)
	return err
}

// guarded keeps a panic from ending the program: the window shows that the
// opening failed.
func guarded(do func() error) (err error) {
	defer func() {
		if caught := recover(); caught != nil {
			err = fault.ErrInternal.WithCause(fault.Panicked(caught))
		}
	}()
	return do()
}

func (h *Host) fail(err error) {
	known := fault.From(err)
	if errors.Is(err, ErrInUse) {
		h.log.Info("another program has the data open") // what follows says which
	} else {
		h.log.Error("the backend did not open", "code", known.Code, "cause", known.Cause())
	}
	h.giveBack()
	h.move(Failed, known, nil)
}

// shut closes a backend that no call uses, logs that and frees the folder.
func (h *Host) shut(was *opening, word string) error {
	was.stop()
	err := guarded(was.backend.Close)
	h.log.Info(word)
	return errors.Join(err, h.folder.free())
}

// move changes the phase and reports it. The turn is held.
func (h *Host) move(to Phase, failure *fault.Error, now *opening) {
	h.mu.Lock()
	h.phase, h.failure, h.now = to, failure, now
	if now != nil {
		now.work, now.cancel = context.WithCancelCause(context.Background())
	}
	close(h.moved)
	h.moved = make(chan struct{})
	h.mu.Unlock()
	h.options.Moved(to)
}

func (h *Host) opened() *opening {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}
