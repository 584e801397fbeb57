package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"keydesk/backend"
	"keydesk/backend/access"
	"keydesk/backend/desktop"
	"keydesk/backend/fault"
	"keydesk/backend/host"
	"keydesk/backend/localapi"
	"keydesk/backend/organisation"
	"keydesk/backend/store"
	"keydesk/backend/vault"
)

// stopLimit is how long running calls may take to end when the program is ended,
// and closeLimit how long the rest may take after that.
const (
	stopLimit  = 10 * time.Second
	closeLimit = 5 * time.Second
)

type serveCommand struct {
	Wait           bool   `name:"wait" help:"Wait while another program has the data folder."`
	PassphraseFD   *int   `name:"passphrase-fd" placeholder:"N" xor:"passphrase" help:"Read the passphrase from an inherited file descriptor."`
	PassphraseFile string `name:"passphrase-file" placeholder:"FILE" xor:"passphrase" help:"Read it from a file outside DIR that only you can read."`
	FromEnv        bool   `name:"passphrase-from-env" xor:"passphrase" help:"Read it from KEYDESK_PASSPHRASE, where other programs of yours can read it too."`
}

// Help is the part of --help that belongs to no flag.
func (c *serveCommand) Help() string {
	return "The data key comes from the system keyring. Where it is kept under a passphrase, that comes from the systemd credential keydesk-passphrase, else from a flag below, else from the terminal. Keydesk's window takes the data over while it is open. SIGHUP does nothing."
}

// Validate refuses descriptors that cannot hold a passphrase.
func (c *serveCommand) Validate() error {
	if c.PassphraseFD != nil && (*c.PassphraseFD < 0 || *c.PassphraseFD == 1 || *c.PassphraseFD == 2) {
		return errors.New("--passphrase-fd has to be 0, or 3 or more")
	}
	return nil
}

// Run runs the office until the program is ended.
func (c *serveCommand) Run(line *commandLine, std *streams) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	// A terminal or a log reader that goes away must not end the program.
	signal.Ignore(syscall.SIGHUP, syscall.SIGPIPE)
	// A second signal ends it at once.
	context.AfterFunc(ctx, stop)

	s := newService(line.Data, host.NewLogFile(std.stderr))
	s.wait = c.Wait
	s.passphrases = passphrases{
		folder: line.Data, fd: c.PassphraseFD, file: c.PassphraseFile, env: c.FromEnv,
		stdin: std.stdin, stderr: std.stderr, log: s.log,
	}
	err := s.run(ctx)
	if known := fault.From(err); known != nil && known.Kind == fault.Internal {
		s.log.Error("keydeskd failed", "error", known.Cause())
	}
	return err
}

// door is a way for calls to reach the office. Apply opens it as the settings say
// and can be called again when they have changed; Stop refuses new calls and waits
// for those that run, until ctx ends.
type door interface {
	Apply(ctx context.Context) error
	Stop(ctx context.Context) error
}

// doors makes the doors of this program; they are opened in this order. This is
// where one is attached: it calls Host.Enter and Host.Ops and nothing else.
var doors = func(h *host.Host, log *slog.Logger) []door {
	return []door{apiDoor{localapi.ForHost(h, log, nil)}}
}

// apiDoor is the local API.
type apiDoor struct{ *localapi.Door }

// Stop is part of door.
func (d apiDoor) Stop(ctx context.Context) error {
	d.Close(ctx)
	return nil
}

// Why nothing is served.
var (
	errNotMade = fault.New(fault.Unavailable, "keydeskd.not_made", "There is no office in the data folder yet.").
			WithHint("Set it up in Keydesk's window, or choose another folder with --data.")
	errLocked = fault.New(fault.Unavailable, "keydeskd.locked", "The data key is not available, so nothing is served.").
			WithHint("Open Keydesk's window to see why.")
)

// service is an office that runs without a window.
type service struct {
	folder      string
	host        *host.Host
	log         *slog.Logger
	passphrases passphrases
	wait        bool
	doors       []door
	desktop     *desktop.Notifier
	// turn is held by what opens the doors or stops them.
	turn chan struct{}
	// gone gets one when the program that asked for the folder has gone.
	gone chan struct{}
}

func newService(folder string, file *host.LogFile) *service {
	s := &service{
		folder: folder, log: file.Logger(), desktop: desktop.New(desktop.Options{}),
		turn: make(chan struct{}, 1), gone: make(chan struct{}, 1),
	}
	options := backend.Options{
		Folder: folder, Version: host.VersionText(version), Log: s.log,
		Keyring: vault.NewKeyring(vault.KeyringOptions{}),
		Desktop: s.desktop,
		Changed: func(kinds []string) {
			for _, one := range s.doors {
				if api, follows := one.(apiDoor); follows {
					api.Changed(kinds)
				}
			}
		},
	}
	s.host = host.New(host.Options{
		Folder: folder, Version: options.Version, Log: file,
		Make: func() host.Backend { return backend.New(options) },
		Control: host.Control{Program: host.Keydeskd, Release: s.release, Gone: func() {
			select {
			case s.gone <- struct{}{}:
			default: // it is going to look anyway
			}
		}, Listening: s.listening},
	})
	s.doors = doors(s.host, s.log)
	return s
}

// listening tells the addresses at which the local API answers.
func (s *service) listening() (addresses []string) {
	for _, one := range s.doors {
		if local, ok := one.(interface{ State() localapi.State }); ok {
			addresses = append(addresses, local.State().Listening...)
		}
	}
	return addresses
}

// run opens the office, serves it, hands it over to the window and takes it back,
// until ctx ends.
func (s *service) run(ctx context.Context) (err error) {
	if err := isMade(s.folder); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	s.host.Start()
	err = s.host.Opened(ctx)
	if errors.Is(err, host.ErrInUse) {
		err = s.waitForFolder(ctx)
	}
	for err == nil {
		if err = s.admit(ctx); err != nil {
			break
		}
		select {
		case <-ctx.Done():
		case <-s.gone:
			err = s.host.Resume(ctx)
		}
		if ctx.Err() != nil {
			break
		}
	}
	if ctx.Err() != nil {
		return nil // we were asked to end
	}
	return err
}

// isMade refuses a folder without an office, before anything is made in it.
func isMade(folder string) error {
	if err := store.Check(folder); err != nil {
		return err
	}
	if info, err := os.Stat(filepath.Join(folder, store.FileName)); err != nil || info.Size() == 0 {
		return exitError{exitLocked, errNotMade.WithMessage("There is no office in %s yet.", folder).WithCause(err)}
	}
	return nil
}

// waitForFolder waits for a folder that another program has, if that is wanted.
func (s *service) waitForFolder(ctx context.Context) error {
	refusal := host.ErrInUse
	owner, err := host.AskOwner(ctx, s.folder)
	switch {
	case err == nil && owner.Program == host.Window:
		refusal = refusal.WithMessage("Keydesk's window (process %d) has this data open.", owner.PID).WithHint("Close the window, or use --wait. If it is hidden, start Keydesk and it is shown again.")
	case err == nil:
		refusal = refusal.WithMessage("%s (process %d) has this data open.", owner.Program, owner.PID).WithHint("End it first, or use --wait.")
	}
	if !s.wait {
		return exitError{exitInUse, refusal}
	}
	s.log.Info("waiting for the data folder", "owner", string(owner.Program), "pid", owner.PID)
	notify("READY=1", "STATUS=Waiting: another program has the data open")
	return s.host.Resume(ctx)
}

// admit opens the data key and then the doors. It does nothing while the folder is
// released.
func (s *service) admit(ctx context.Context) error {
	if !s.take(ctx) {
		return nil
	}
	defer s.give()
	err := s.unlock(ctx)
	if phase, _ := s.host.State(); phase == host.Released || ctx.Err() != nil {
		return nil // release has told the service manager
	}
	if err != nil {
		return err
	}
	if err := s.openDoors(ctx); err != nil {
		return err
	}
	for _, one := range s.doors {
		if local, ok := one.(interface{ State() localapi.State }); ok && !local.State().On {
			s.log.Warn("no program can call: the local API is off; switch it on in Keydesk's window, under Settings, Local API")
		}
	}
	s.log.Info("ready")
	notify("READY=1", "STATUS=Serving")
	return nil
}

// unlock opens the data key, unless the keyring has done so already.
func (s *service) unlock(ctx context.Context) error {
	ctx = access.WithSource(ctx, access.Source{Kind: access.CommandLine, ID: "keydeskd"})
	state, err := s.host.Ops.Organisation.State(ctx, organisation.Nothing{})
	switch {
	case err != nil:
		return err
	case state.Phase == organisation.Open:
		return nil
	case state.Phase == organisation.FirstRun:
		return exitError{exitLocked, errNotMade}
	case state.Secrets.Protection != string(vault.ByPassphrase):
		return exitError{exitLocked, errLocked.WithMessage("%s", state.Secrets.Message).WithHint("%s", withoutWindow(state.Secrets.Hint))}
	}
	passphrase, err := s.passphrases.read(ctx)
	if err == nil {
		_, err = s.host.Ops.Organisation.Unlock(ctx, organisation.UnlockInput{Passphrase: passphrase})
	}
	if err != nil {
		return exitError{exitLocked, err}
	}
	return nil
}

// release stops the doors and frees the folder, for the window that asked.
func (s *service) release(ctx context.Context) error {
	if !s.take(ctx) {
		return host.ErrBusy
	}
	defer s.give()
	s.stopDoors(ctx)
	err := s.host.Release(ctx)
	if err == nil {
		notify("READY=1", "STATUS=Released: Keydesk's window has the data open")
		return nil
	}
	if phase, _ := s.host.State(); phase == host.Open { // it goes on as before
		err = errors.Join(err, s.openDoors(context.WithoutCancel(ctx)))
	}
	return err
}

func (s *service) openDoors(ctx context.Context) error {
	for _, one := range s.doors {
		if err := one.Apply(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (s *service) stopDoors(ctx context.Context) {
	for _, one := range slices.Backward(s.doors) {
		if err := one.Stop(ctx); err != nil {
			s.log.Warn("a door did not close cleanly", "door", fmt.Sprintf("%T", one), "why", err)
		}
	}
}

// stop ends what runs, also after a failure.
func (s *service) stop() error {
	notify("STOPPING=1", "STATUS=Ending")
	ctx, cancel := context.WithTimeout(context.Background(), stopLimit)
	defer cancel()
	if s.take(ctx) {
		defer s.give()
	}
	s.stopDoors(ctx)
	// Calls that did not end in time do not take it from the closing.
	ctx, cancel = context.WithTimeout(context.Background(), closeLimit)
	defer cancel()
	err := s.host.Close(ctx)
	_ = s.desktop.Close() // with its connection; there is nothing that could be lost
	return err
}

// take waits for the turn; false when ctx ends first.
func (s *service) take(ctx context.Context) bool {
	select {
	case s.turn <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

func (s *service) give() { <-s.turn }
