package backend

import (
	"context"
	"errors"

	"keydesk/backend/access"
	"keydesk/backend/demo"
	"keydesk/backend/gate"
	"keydesk/backend/organisation"
	"keydesk/backend/secret"
)

// Demo is a backend that opens as the demo office, with its local server.
type Demo struct {
	*Backend
	source access.Source
	server *demo.Server
}

// opFill fills the demo office.
var opFill = access.Op[struct{}, struct{}]{Name: "demo.fill", Does: "filled the demo office", Mode: access.Write, System: true, AsksHeld: true}

// NewDemo makes the backend of the demo office, in a folder that should be
// temporary. The Org Admin is signed in at source once the office is made. The
// next opening of the same office uses the same server, since the setups hold its
// address.
func NewDemo(options Options, source access.Source, server *demo.Server) *Demo {
	d := &Demo{Backend: New(options), source: source, server: server}
	gate.Bind(d.Gate, opFill, func(ctx context.Context, _ struct{}) (struct{}, error) {
		services := demo.Services{Process: d.Process, Setups: d.Setups, Users: d.Users, Providers: d.Providers}
		return struct{}{}, demo.Fill(ctx, services, d.server.URL())
	})
	return d
}

// Open makes the office if the folder is empty and signs in its Org Admin. An
// office that is already there is only unlocked.
func (d *Demo) Open(ctx context.Context) error {
	if err := d.server.Start(); err != nil {
		return err
	}
	if err := d.Backend.Open(ctx); err != nil {
		return errors.Join(err, d.server.Close())
	}
	if err := d.prepare(ctx); err != nil {
		return errors.Join(err, d.Close())
	}
	return nil
}

func (d *Demo) prepare(ctx context.Context) error {
	state, err := gate.HandlerOf(d.Gate, organisation.OpState)(ctx, organisation.Nothing{})
	if err != nil {
		return err
	}
	if state.Phase == organisation.FirstRun {
		return d.make(ctx)
	}
	_, err = gate.HandlerOf(d.Gate, organisation.OpUnlock)(ctx, organisation.UnlockInput{Passphrase: secret.New(demo.Passphrase)})
	return err
}

// Close stops the local server and closes the office.
func (d *Demo) Close() error { return errors.Join(d.server.Close(), d.Backend.Close()) }

// make does the first run as a person would, through the gate, and then fills the
// office.
func (d *Demo) make(ctx context.Context) error {
	ctx = access.WithSource(ctx, d.source)
	admin := demo.Users[0]
	begun, err := gate.HandlerOf(d.Gate, organisation.OpBegin)(ctx, organisation.BeginInput{
		Organisation: "Demo office", Country: "IN", TimeZone: "Asia/Kolkata", UserName: admin.Name, FullName: admin.FullName,
		Password: secret.New(admin.Password), Passphrase: secret.New(demo.Passphrase),
	})
	if err != nil {
		return err
	}
	code := begun.RecoveryCode
	if _, err := gate.HandlerOf(d.Gate, organisation.OpConfirm)(ctx, organisation.ConfirmInput{StartID: begun.StartID, LastFour: code[len(code)-4:]}); err != nil {
		return err
	}
	_, err = gate.RunSystem(ctx, gate.HandlerOf(d.Gate, opFill), struct{}{})
	return err
}
