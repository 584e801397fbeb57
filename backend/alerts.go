package backend

import (
	"context"
	"errors"

	"keydesk/backend/alert"
	"keydesk/backend/call"
	"keydesk/backend/desktop"
	"keydesk/backend/gate"
)

// Desktop shows notifications of the desktop: package desktop, or that of a test.
type Desktop interface {
	Show(ctx context.Context, notice desktop.Notice) error
}

// raiseAlerts puts what has to be told now into the list.
func (b *Backend) raiseAlerts(ctx context.Context) error {
	due, err := b.Alerts.IsDue(ctx)
	if err != nil || !due {
		return err
	}
	return system(ctx, b.Gate, alert.OpRaise, alert.Nothing{})
}

// tellAlerts tells outside the list what is new in it: by a notification of the desktop
// and by a message. What could not be told is left for the next look.
func (b *Backend) tellAlerts(ctx context.Context) error {
	return errors.Join(b.showAlerts(ctx), b.sendAlerts(ctx))
}

// showAlerts shows what waits. Without a desktop it counts as shown: it is in the list.
// An alert is noted before it is shown, so that it never comes twice.
func (b *Backend) showAlerts(ctx context.Context) error {
	notices, err := b.Alerts.ToShow(ctx)
	if err != nil {
		return err
	}
	for _, notice := range notices {
		if err := system(ctx, b.Gate, alert.OpNote, alert.NoteInput{Alerts: notice.Alerts}); err != nil {
			return err
		}
		if notice.Title == "" || b.options.Desktop == nil {
			continue
		}
		if err := b.options.Desktop.Show(ctx, desktop.Notice{ID: notice.Alerts[0].ID, Title: notice.Title, Body: notice.Text}); err != nil {
			b.options.Log.Warn("an alert could not be shown on the desktop", "error", err)
		}
	}
	return nil
}

// sendAlerts sends the messages that are due.
func (b *Backend) sendAlerts(ctx context.Context) error {
	messages, settled, err := b.Alerts.ToSend(ctx)
	if err != nil || len(messages)+len(settled) == 0 {
		return err
	}
	note := func(alerts ...alert.Alert) error {
		return system(ctx, b.Gate, alert.OpNote, alert.NoteInput{Alerts: alerts})
	}
	if err := note(settled...); err != nil {
		return err
	}
	send := gate.HandlerOf(b.Gate, call.OpSendOwn)
	for _, one := range messages {
		if err := note(one.Alert); err != nil {
			return err
		}
		detail, err := gate.RunSystem(ctx, send, one.Ask)
		if ctx.Err() != nil {
			return nil //nolint:nilerr // Keydesk closes, and the next start asks for it under the same key
		}
		if err != nil {
			b.options.Log.Warn("a message about an alert could not be sent", "error", err)
		}
		if err := note(b.Alerts.Sent(one, detail, err)); err != nil {
			return err
		}
	}
	b.changed([]string{alert.Kind})
	return nil
}
