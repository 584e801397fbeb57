package desktop

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/godbus/dbus/v5"

	"keydesk/backend/fault"
)

const (
	// appName is what a desktop calls us, and desktopEntry is the name of our
	// file in its menu, without its ending.
	appName      = "Keydesk"
	desktopEntry = "keydesk"

	daemonName = "org.freedesktop.Notifications" // the interface has the same name
	daemonPath = dbus.ObjectPath("/org/freedesktop/Notifications")
	busName    = "org.freedesktop.DBus" // as above
	busPath    = dbus.ObjectPath("/org/freedesktop/DBus")

	// clicked is the key of the action that a click on the notice itself means.
	clicked = "default"
)

// The values of the hint urgency. Critical ones do not expire.
const (
	urgencyNormal   byte = 1
	urgencyCritical byte = 2
)

// service holds the connection; nil before the first Show and after a failure.
type service struct{ link *link }

// link is one connection to the bus, and what is known of the daemon there. A
// daemon that was started again is another one: it knows nothing of the notices
// of the one before, and gives their numbers to other notices.
type link struct {
	conn *dbus.Conn
	// listening is closed when no signal is looked at any more.
	listening chan struct{}

	// owner is the daemon's connection, "" before one was found.
	owner           string
	markup, actions bool
	shown           map[uint32]string // the ID of each notice that is shown, by its number
}

func (n *Notifier) show(ctx context.Context, notice Notice) error {
	reused := n.service.link != nil
	err := n.try(ctx, notice)
	if reused && errors.Is(err, ErrNoBus) {
		// The bus went away since the last notice. There may be one again.
		err = n.try(ctx, notice)
	}
	return err
}

func (n *Notifier) try(ctx context.Context, notice Notice) error {
	if n.service.link == nil {
		l, err := n.connect(ctx)
		if err != nil {
			return err
		}
		n.service.link = l
	}
	err := n.service.link.notify(ctx, n.options, notice)
	if errors.Is(err, ErrNoBus) || errors.Is(err, ErrTimedOut) {
		// A bus that hangs would keep what is sent to it.
		n.disconnect()
	}
	return err
}

func (n *Notifier) disconnect() {
	if l := n.service.link; l != nil {
		n.service.link = nil
		_ = l.conn.Close()
		<-l.listening
	}
}

// connect makes a connection. The library's own way to the session bus would
// start one where there is none, is shared with other packages, and waits for
// ever for a bus that does not answer.
func (n *Notifier) connect(ctx context.Context) (*link, error) {
	address := busAddress()
	if address == "" {
		return nil, ErrNoBus
	}
	conn, err := dbus.Dial(address, dbus.WithSignalHandler(dbus.NewSequentialSignalHandler()))
	if err != nil {
		return nil, ErrNoBus.WithCause(err)
	}
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	if err := greet(ctx, conn); err != nil {
		_ = conn.Close()
		return nil, failed(ctx, err)
	}
	l := &link{conn: conn, listening: make(chan struct{}), shown: map[uint32]string{}}
	signals := make(chan *dbus.Signal, 16)
	conn.Signal(signals)
	go n.listen(l, signals)
	return l, nil
}

// greet makes a connection ready, and asks for the daemon's signals.
func greet(ctx context.Context, conn *dbus.Conn) error {
	if err := conn.Auth([]dbus.Auth{dbus.AuthExternal(strconv.Itoa(os.Geteuid()))}); err != nil {
		return err
	}
	if err := conn.Hello(); err != nil {
		return err
	}
	return conn.AddMatchSignalContext(ctx, dbus.WithMatchSender(daemonName), dbus.WithMatchInterface(daemonName), dbus.WithMatchObjectPath(daemonPath))
}

// busAddress returns where the session bus is, "" where there is none: what the
// environment names, otherwise the bus that systemd keeps at its fixed place.
// Only sockets of this computer are taken. Other addresses lead to another
// computer, or say that a bus is to be started.
func busAddress() string {
	address := os.Getenv("DBUS_SESSION_BUS_ADDRESS")
	if address == "" || address == "autolaunch:" {
		folder := os.Getenv("XDG_RUNTIME_DIR")
		socket := filepath.Join(folder, "bus")
		if info, err := os.Stat(socket); folder == "" || err != nil || info.Mode()&os.ModeSocket == 0 {
			return ""
		}
		return "unix:path=" + dbus.EscapeBusAddressValue(socket)
	}
	local := slices.DeleteFunc(strings.Split(address, ";"), func(one string) bool { return !strings.HasPrefix(one, "unix:") })
	return strings.Join(local, ";")
}

// notify shows one notice.
func (l *link) notify(ctx context.Context, options Options, notice Notice) error {
	if err := l.meet(ctx); err != nil {
		return err
	}
	body := notice.Body
	if l.markup {
		body = escape(body)
	}
	actions := []string{}
	if l.actions && options.Opened != nil {
		actions = []string{clicked, "Open Keydesk"}
	}
	urgency := urgencyNormal
	if notice.Urgent {
		urgency = urgencyCritical
	}
	hints := map[string]dbus.Variant{"desktop-entry": dbus.MakeVariant(desktopEntry), "urgency": dbus.MakeVariant(urgency)}
	replaces := l.numberOf(notice.ID)
	const byItself = int32(-1) // the daemon decides how long
	var number uint32
	// To the daemon that was met, and to no other that took its place since.
	err := l.call(ctx, l.owner, daemonPath, daemonName+".Notify", []any{&number},
		appName, replaces, options.Icon, notice.Title, body, actions, hints, byItself)
	if err != nil {
		return err
	}
	delete(l.shown, replaces)
	l.shown[number] = notice.ID
	return nil
}

// numberOf returns the number of a notice that is shown, 0 for none.
func (l *link) numberOf(id string) uint32 {
	if id != "" {
		for number, other := range l.shown {
			if other == id {
				return number
			}
		}
	}
	return 0
}

// meet finds the daemon and, if it is another one than before, what it can do.
// Where none runs, the bus is asked to start the one that is installed for that.
func (l *link) meet(ctx context.Context) error {
	var owner string
	find := func() error {
		return l.call(ctx, busName, busPath, busName+".GetNameOwner", []any{&owner}, daemonName)
	}
	err := find()
	if errors.Is(err, ErrNoDaemon) {
		var started uint32
		err = l.call(ctx, busName, busPath, busName+".StartServiceByName", []any{&started}, daemonName, uint32(0))
		if errors.Is(err, ErrRefused) {
			err = ErrNoDaemon.WithCause(err) // installed, and cannot be started
		}
		if err != nil {
			return err
		}
		err = find()
	}
	if err != nil || owner == l.owner {
		return err
	}
	var can []string
	if err := l.call(ctx, owner, daemonPath, daemonName+".GetCapabilities", []any{&can}); err != nil {
		return err
	}
	l.owner, l.shown = owner, map[uint32]string{}
	l.markup, l.actions = slices.Contains(can, "body-markup"), slices.Contains(can, "actions")
	return nil
}

// call calls a method and stores its results. Its error is a fault.
func (l *link) call(ctx context.Context, name string, path dbus.ObjectPath, method string, results []any, args ...any) error {
	call := l.conn.Object(name, path).CallWithContext(ctx, method, 0, args...)
	if call.Err != nil {
		return failed(ctx, call.Err)
	}
	if err := call.Store(results...); err != nil {
		return ErrRefused.WithCause(err)
	}
	return nil
}

// failed says what an error of the library means. Those that have a name are
// answers, of the bus or of the daemon (D-Bus Specification, "Message Bus
// Messages"). Any other is about the connection.
func failed(ctx context.Context, err error) *fault.Error {
	var told dbus.Error
	switch {
	case ctx.Err() != nil:
		return ErrTimedOut.WithCause(errors.Join(context.Cause(ctx), err))
	case !errors.As(err, &told):
		return ErrNoBus.WithCause(err)
	}
	err = errors.New(told.Name) // without its text, in which a daemon may repeat what it was sent
	switch name := strings.TrimPrefix(told.Name, "org.freedesktop.DBus.Error."); {
	case name == "NameHasNoOwner", name == "ServiceUnknown", strings.HasPrefix(name, "Spawn."),
		name == "NoReply": // it ended before it answered
		return ErrNoDaemon.WithCause(err)
	case name == "Timeout", name == "TimedOut": // the bus gave up waiting for it
		return ErrTimedOut.WithCause(err)
	default:
		return ErrRefused.WithCause(err)
	}
}

// listen looks at the daemon's signals until the connection ends.
func (n *Notifier) listen(l *link, signals <-chan *dbus.Signal) {
	defer close(l.listening)
	for signal := range signals {
		// A notice may be clicked before its Show has heard its number.
		select {
		case n.turn <- struct{}{}:
		case <-l.conn.Context().Done():
			return
		}
		id, isClicked := l.heard(signal)
		<-n.turn
		if isClicked && n.options.Opened != nil {
			go n.options.Opened(id)
		}
	}
}

// heard reads a signal. It returns the ID of the notice that was clicked, if one
// was. Any program on the bus can send a signal with any content.
func (l *link) heard(signal *dbus.Signal) (id string, isClicked bool) {
	if signal.Sender != l.owner || len(signal.Body) != 2 {
		return "", false
	}
	number, ok := signal.Body[0].(uint32)
	if !ok {
		return "", false
	}
	switch signal.Name {
	case daemonName + ".ActionInvoked":
		if signal.Body[1] == clicked {
			id, isClicked = l.shown[number]
		}
	case daemonName + ".NotificationClosed":
		delete(l.shown, number) // from now on the number may be another notice's
	}
	return id, isClicked
}
