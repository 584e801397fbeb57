// Package desktop shows notices through the notification service of the
// person's desktop, so that an alert is seen while Keydesk's window is hidden,
// locked or not running.
//
// Make a Notifier with New, which does no I/O, call Show for each notice, and
// Close it at the end. A desktop without such a service is ordinary: Show then
// returns one of the faults below within its limit, and the caller goes on.
//
// On Linux the service is org.freedesktop.Notifications on the session bus
// (Desktop Notifications Specification 1.2). The connection is the Notifier's
// and is made by the first Show. It is kept, since some desktops take a
// program's notices away when its connection ends, and made again when the bus
// has gone away and come back. No bus and no notification daemon is started,
// except by the bus itself where the daemon is installed for that.
//
// A fault is not logged here. The caller knows whether it has said so before.
package desktop

import (
	"context"
	"time"

	"keydesk/backend/fault"
)

// Notice is one notification. Title and Body are plain text, in any script.
type Notice struct {
	// ID is the caller's name for the notice. A later notice with the same ID
	// replaces the one that is shown. It may be empty.
	ID string
	// Title is one line. More than 120 characters are cut.
	Title string
	// Body may have several lines. More than 600 characters are cut.
	Body string
	// Urgent keeps the notice on the screen until a person dismisses it.
	Urgent bool
}

// Options may be left empty.
type Options struct {
	// Opened is called with a notice's ID when a person clicks it, on a goroutine
	// that Close does not wait for. With nil nothing can be clicked.
	Opened func(id string)
	// Icon is a name of the icon theme or the absolute path of a picture. Empty is
	// "keydesk"; where nothing has that name the notice has no icon.
	Icon string
	// Limit is how long a Show may take, also while others wait for it; 5 s at
	// first.
	Limit time.Duration
}

// What Show returns. A caller tells them apart with errors.Is.
var (
	ErrNoBus = fault.New(fault.Unavailable, "desktop.no_bus", "The desktop cannot be reached, so no notification was shown.").
			WithHint("Alerts are in Keydesk all the same. Notifications need a session with a message bus (D-Bus).")
	ErrNoDaemon = fault.New(fault.Unavailable, "desktop.no_daemon", "Nothing on this desktop shows notifications.").
			WithHint("Alerts are in Keydesk all the same. Where the desktop has no notifications of its own, install a program for them, such as dunst.")
	ErrTimedOut = fault.New(fault.Unavailable, "desktop.timed_out", "The desktop did not answer in time; the notification may not have been shown.").
			WithHint("Alerts are in Keydesk all the same. Sign out of the desktop and in again if this stays so.")
	ErrRefused = fault.New(fault.Unavailable, "desktop.refused", "The desktop refused to show a notification.").
			WithHint("Alerts are in Keydesk all the same.")
	ErrNotSupported = fault.New(fault.Unavailable, "desktop.not_supported", "Keydesk does not show notifications on this system yet.").
			WithHint("Alerts are in Keydesk all the same.")
	ErrClosed = fault.New(fault.Unavailable, "desktop.closed", "Keydesk is closing, so no notification was shown.")
)

// Notifier shows notices. Its methods may be called at the same time.
type Notifier struct {
	options Options
	ending  context.Context // ends with Close
	end     context.CancelFunc
	// turn is held by the Show that runs. It guards service.
	turn    chan struct{}
	service service
}

// New makes a Notifier. It does no I/O.
func New(options Options) *Notifier {
	if options.Icon == "" {
		options.Icon = "keydesk"
	}
	if options.Limit == 0 {
		options.Limit = 5 * time.Second
	}
	n := &Notifier{options: options, turn: make(chan struct{}, 1)}
	n.ending, n.end = context.WithCancel(context.Background())
	return n
}

// Show shows a notice. It returns nil once the desktop has taken it, otherwise
// one of the faults above, at the latest after the limit.
func (n *Notifier) Show(ctx context.Context, notice Notice) error {
	ctx, cancel := context.WithTimeout(ctx, n.options.Limit)
	defer cancel()
	defer context.AfterFunc(n.ending, cancel)()
	notice.Title = tidy(notice.Title, maxTitle, false)
	notice.Body = tidy(notice.Body, maxBody, true)
	if notice.Title == "" {
		notice.Title = appName // a notification has to have a title
	}
	var err error = ErrTimedOut
	select {
	case n.turn <- struct{}{}:
		if err = ctx.Err(); err == nil {
			err = n.show(ctx, notice)
		} else {
			err = ErrTimedOut.WithCause(err)
		}
		<-n.turn
	case <-ctx.Done():
	}
	if err != nil && n.ending.Err() != nil {
		return ErrClosed.WithCause(err)
	}
	return err
}

// Close ends a Show that runs and what listens for clicks. Notices that are
// shown may go away with it. Later calls of Show return ErrClosed.
func (n *Notifier) Close() error {
	n.end()
	n.turn <- struct{}{}
	defer func() { <-n.turn }()
	n.disconnect()
	return nil
}
