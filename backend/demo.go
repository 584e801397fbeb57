//go:build !generate

package backend

import (
	"context"
	"errors"

	"keydesk/backend/access"
	"keydesk/backend/demo"
	"keydesk/backend/organisation"
	"keydesk/backend/secret"
)

// Demo is a backend that opens as the demo office, with its answering server.
type Demo struct {
	*Backend
	server *demo.Server
}

// NewDemo makes the demo office's backend; its folder should be a throw-away
// one.
func NewDemo(options Options) *Demo { return &Demo{Backend: New(options)} }

// Open makes the office if the folder is empty and signs its Org Admin in.
func (d *Demo) Open(ctx context.Context) error {
	server, err := demo.Start()
	if err != nil {
		return err
	}
	d.server = server
	if err := d.Backend.Open(ctx); err != nil {
		return errors.Join(err, d.server.Close())
	}
	if err := d.make(ctx); err != nil {
		return errors.Join(err, d.Close())
	}
	return nil
}

// Close stops the answering server and closes the office.
func (d *Demo) Close() error {
	if d.server == nil {
		return d.Backend.Close()
	}
	return errors.Join(d.server.Close(), d.Backend.Close())
}

// make walks the first run as a person would, through the gate, then fills the
// office.
func (d *Demo) make(ctx context.Context) error {
	admin := demo.Users[0]
	begun, err := d.Ops.Organisation.Begin(ctx, organisation.BeginInput{
		Organisation: "Demo office", Country: "IN", TimeZone: "Asia/Kolkata", UserName: admin.Name, FullName: admin.FullName,
		Password: secret.New(admin.Password), Passphrase: secret.New(demo.Passphrase),
	})
	if err != nil {
		return err
	}
	code := begun.RecoveryCode
	if _, err := d.Ops.Organisation.Confirm(ctx, organisation.ConfirmInput{StartID: begun.StartID, LastFour: code[len(code)-4:]}); err != nil {
		return err
	}
	caller, err := d.Users.Caller(ctx)
	if err != nil {
		return err
	}
	invocation := &access.Invocation{Caller: caller, Op: access.Info{Name: "demo.fill"}}
	invocation.Commit = func(ctx context.Context, fn func(ctx context.Context) error) error { return fn(ctx) }
	return d.Store.InTx(access.With(ctx, invocation), func(ctx context.Context) error {
		if err := demo.Fill(ctx, demo.Services{Process: d.Process, Setups: d.Setups, Users: d.Users, Providers: d.Providers}, d.server.URL()); err != nil {
			return err
		}
		return d.Activity.Record(ctx, invocation, invocation.TakeChanges())
	})
}
