package desktop_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"keydesk/backend/desktop"
)

// fake is a daemon that does what real ones do not. Its functions say what it
// answers.
type fake struct {
	conn   *dbus.Conn
	can    func() ([]string, *dbus.Error)
	notify func(sent) (uint32, *dbus.Error) // sent.to is the daemon's connection
}

// sent is one notice as it came over the bus.
type sent struct {
	AppName  string
	Replaces uint32
	Icon     string
	Summary  string
	Body     string
	Actions  []string
	Hints    map[string]dbus.Variant
	Expire   int32
	by       string
	to       *dbus.Conn
}

func (f *fake) GetCapabilities() ([]string, *dbus.Error) { return f.can() }

func (f *fake) Notify(from dbus.Sender, app string, replaces uint32, icon, summary, body string, actions []string, hints map[string]dbus.Variant, expire int32) (uint32, *dbus.Error) {
	return f.notify(sent{app, replaces, icon, summary, body, actions, hints, expire, string(from), f.conn})
}

// odd answers with values of other types than the specification has.
type odd struct{ answer any }

func (o odd) GetCapabilities() (dbus.Variant, *dbus.Error) { return dbus.MakeVariant(o.answer), nil }

func (b *privateBus) fake(v any) *dbus.Conn {
	b.t.Helper()
	conn := b.conn()
	if f, ok := v.(*fake); ok {
		f.conn = conn
	}
	if err := conn.Export(v, daemonPath, daemonName); err != nil {
		b.t.Fatal(err)
	}
	if reply, err := conn.RequestName(daemonName, dbus.NameFlagDoNotQueue); err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		b.t.Fatal(reply, err)
	}
	return conn
}

func answers(can ...string) func() ([]string, *dbus.Error) {
	return func() ([]string, *dbus.Error) { return can, nil }
}

// A daemon says what it can do, and gets no more than that: text as it is where
// it reads no markup, and nothing to click where it has no actions.
func TestWhatTheDaemonCan(t *testing.T) {
	b := onBus(t)
	got := make(chan sent, 1)
	var can atomic.Pointer[[]string]
	b.fake(&fake{
		can:    func() ([]string, *dbus.Error) { return *can.Load(), nil },
		notify: func(s sent) (uint32, *dbus.Error) { got <- s; return 7, nil },
	})
	notice := desktop.Notice{ID: "k1", Title: `<b>&"`, Body: `<b>&"`, Urgent: true}
	for _, c := range []struct {
		can     []string
		body    string
		actions string
	}{
		{nil, `<b>&"`, "[]"},
		{[]string{"body"}, `<b>&"`, "[]"},
		{[]string{"body", "body-markup", "actions"}, `&lt;b&gt;&amp;"`, "[default Open Keydesk]"},
	} {
		can.Store(&c.can)
		n, _ := notifier(t, 0)
		show(t, n, notice)
		s := <-got
		if s.Body != c.body || s.Summary != `<b>&"` || fmt.Sprint(s.Actions) != c.actions {
			t.Errorf("%v: %+v", c.can, s)
		}
		if s.AppName != "Keydesk" || s.Icon != "keydesk" || s.Replaces != 0 || s.Expire != -1 ||
			s.Hints["desktop-entry"].Value() != "keydesk" || s.Hints["urgency"].Value() != byte(2) || len(s.Hints) != 2 {
			t.Errorf("%+v", s)
		}
		notice.Urgent = false
		show(t, n, notice)
		if s := <-got; s.Hints["urgency"].Value() != byte(1) || s.Replaces != 7 {
			t.Errorf("%+v", s)
		}
		notice.Urgent = true
	}
	// Where nobody wants to hear of clicks, none is offered.
	quiet := desktop.New(desktop.Options{})
	defer quiet.Close()
	show(t, quiet, notice)
	if s := <-got; len(s.Actions) != 0 {
		t.Errorf("%+v", s)
	}
}

// What a daemon refuses or answers wrongly is a fault. Its own words, in which it
// may repeat what it was sent, are not in it.
func TestDaemonRefuses(t *testing.T) {
	const canary = "canary-of-the-daemon"
	told := dbus.NewError("org.freedesktop.Notifications.Error.ExcessNotificationGeneration", []any{canary})
	for name, daemon := range map[string]any{
		"the notice":    &fake{can: answers(), notify: func(sent) (uint32, *dbus.Error) { return 0, told }},
		"what it can":   &fake{can: func() ([]string, *dbus.Error) { return nil, told }},
		"a number":      odd{uint32(1)},
		"a text":        odd{canary},
		"no interface":  struct{}{},
		"a wrong array": odd{[]int32{1}},
	} {
		t.Run(name, func(t *testing.T) {
			onBus(t).fake(daemon)
			n, _ := notifier(t, 0)
			for range 2 {
				err := n.Show(t.Context(), desktop.Notice{Title: "An API key expires"})
				if !errors.Is(err, desktop.ErrRefused) {
					t.Errorf("%v", err)
				}
				for cause := err; cause != nil; cause = errors.Unwrap(cause) {
					if strings.Contains(cause.Error(), canary) {
						t.Errorf("%v", cause)
					}
				}
			}
		})
	}
}

// A daemon that never answers: the fault comes at the limit, not before and not
// later, also for the notices that wait for their turn, and the connection is
// given up.
func TestDaemonNeverAnswers(t *testing.T) {
	const limit = 400 * time.Millisecond
	never := make(chan struct{})
	hang := func() { <-never }
	for name, f := range map[string]*fake{
		"what it can": {can: func() ([]string, *dbus.Error) { hang(); return nil, nil }},
		"the notice":  {can: answers(), notify: func(sent) (uint32, *dbus.Error) { hang(); return 1, nil }},
	} {
		t.Run(name, func(t *testing.T) {
			b := onBus(t)
			b.fake(f)
			watch := b.conn()
			n, _ := notifier(t, limit)
			before := names(t, watch)
			var all sync.WaitGroup
			for range 8 { // one after the other, each with its whole limit, they would take longer
				all.Go(func() {
					begin := time.Now()
					err := n.Show(t.Context(), desktop.Notice{Title: "An API key expires"})
					if took := time.Since(begin); !errors.Is(err, desktop.ErrTimedOut) || took < limit || took > limit+2*time.Second {
						t.Errorf("%v after %v", err, took)
					}
				})
			}
			all.Wait()
			within(t, "giving the connection up", func() bool { return names(t, watch) == before })
			// The caller may give up sooner.
			ctx, cancel := context.WithTimeout(t.Context(), limit/8)
			defer cancel()
			begin := time.Now()
			if err := n.Show(ctx, desktop.Notice{}); !errors.Is(err, desktop.ErrTimedOut) || time.Since(begin) > atOnce {
				t.Errorf("%v after %v", err, time.Since(begin))
			}
		})
	}
	close(never)
}

// names counts who is on the bus.
func names(t *testing.T, conn *dbus.Conn) int {
	t.Helper()
	var all []string
	if err := conn.BusObject().Call("org.freedesktop.DBus.ListNames", 0).Store(&all); err != nil {
		t.Fatal(err)
	}
	return len(all)
}

// A daemon that ends while it is asked counts as none.
func TestDaemonEndsBeforeItAnswers(t *testing.T) {
	b := onBus(t)
	b.fake(&fake{can: answers(), notify: func(s sent) (uint32, *dbus.Error) { _ = s.to.Close(); return 0, nil }})
	n, _ := notifier(t, 0)
	fails(t, n, desktop.ErrNoDaemon, atOnce)
	fails(t, n, desktop.ErrNoDaemon, atOnce)
}

// Only the daemon says that a notice was clicked or closed. What it or another
// program sends besides is ignored, whatever is in it.
func TestOnlyTheDaemonIsHeard(t *testing.T) {
	b := onBus(t)
	got := make(chan sent, 1)
	f := &fake{can: answers("actions"), notify: func(s sent) (uint32, *dbus.Error) { got <- s; return 7, nil }}
	daemon := b.fake(f)
	n, clicks := notifier(t, 0)
	show(t, n, desktop.Notice{ID: "k1", Title: "An API key expires"})
	ours := (<-got).by
	emit := func(from *dbus.Conn, member string, body ...any) {
		t.Helper()
		message := &dbus.Message{Type: dbus.TypeSignal, Body: body, Headers: map[dbus.HeaderField]dbus.Variant{
			dbus.FieldPath: dbus.MakeVariant(daemonPath), dbus.FieldInterface: dbus.MakeVariant(daemonName),
			dbus.FieldMember: dbus.MakeVariant(member), dbus.FieldDestination: dbus.MakeVariant(ours),
		}}
		if len(body) > 0 {
			message.Headers[dbus.FieldSignature] = dbus.MakeVariant(dbus.SignatureOf(body...))
		}
		if call := from.Send(message, nil); call.Err != nil {
			t.Fatal(call.Err)
		}
	}
	stranger := b.conn()
	emit(stranger, "ActionInvoked", uint32(7), "default")
	emit(stranger, "NotificationClosed", uint32(7), uint32(2))
	names(t, stranger) // the bus has passed them on
	for _, body := range [][]any{{}, {"7"}, {uint32(7)}, {uint32(8), "default"}, {uint32(7), "other"}, {uint32(7), uint32(1)}, {"default", uint32(7)}, {uint32(7), "default", "more"}} {
		emit(daemon, "ActionInvoked", body...)
	}
	for _, body := range [][]any{{}, {uint32(7)}, {uint32(7), uint32(2), "more"}, {int32(7), uint32(2)}, {"7", uint32(2)}} {
		emit(daemon, "NotificationClosed", body...)
	}
	emit(daemon, "Unknown", uint32(7), "default")
	// Signals are looked at in their order: after this one, all were.
	emit(daemon, "ActionInvoked", uint32(7), "default")
	if id := <-clicks; id != "k1" || len(clicks) != 0 {
		t.Errorf("clicked %q and %d more", id, len(clicks))
	}
	// It was not closed: this one takes its place.
	show(t, n, desktop.Notice{ID: "k1", Title: "An API key expires"})
	if s := <-got; s.Replaces != 7 {
		t.Errorf("replaces %d", s.Replaces)
	}
	emit(daemon, "NotificationClosed", uint32(7), uint32(2))
	within(t, "hearing that it was closed", func() bool {
		show(t, n, desktop.Notice{ID: "k1", Title: "An API key expires"})
		return (<-got).Replaces == 0
	})
	if len(clicks) != 0 {
		t.Errorf("clicked %q too", <-clicks)
	}
}

// A click that comes before the daemon has answered is heard all the same.
func TestClickBeforeTheAnswer(t *testing.T) {
	b := onBus(t)
	b.fake(&fake{can: answers("actions"), notify: func(s sent) (uint32, *dbus.Error) {
		_ = s.to.Emit(daemonPath, daemonName+".ActionInvoked", uint32(7), "default")
		time.Sleep(100 * time.Millisecond)
		return 7, nil
	}})
	n, clicks := notifier(t, 0)
	show(t, n, desktop.Notice{ID: "k1", Title: "An API key expires"})
	select {
	case got := <-clicks:
		if got != "k1" {
			t.Errorf("clicked %q", got)
		}
	case <-time.After(waitLimit):
		t.Error("the click was not heard")
	}
}

// Close ends a Show that waits for an answer, and what comes after is refused. A
// function that is called for a click may take its time.
func TestClose(t *testing.T) {
	b := onBus(t)
	never := make(chan struct{})
	defer close(never)
	asked := make(chan struct{}, 1)
	f := &fake{can: answers("actions"), notify: func(s sent) (uint32, *dbus.Error) {
		if s.Summary == "hang" {
			asked <- struct{}{}
			<-never
		}
		return 7, nil
	}}
	daemon := b.fake(f)
	opened := make(chan struct{})
	n := desktop.New(desktop.Options{Limit: time.Minute, Opened: func(string) { opened <- struct{}{}; <-never }})
	show(t, n, desktop.Notice{Title: "An API key expires"})
	if err := daemon.Emit(daemonPath, daemonName+".ActionInvoked", uint32(7), "default"); err != nil {
		t.Fatal(err)
	}
	<-opened
	ended := make(chan error, 2)
	for _, title := range []string{"hang", "hang"} { // one runs, one waits for its turn
		go func() { ended <- n.Show(context.Background(), desktop.Notice{Title: title}) }()
	}
	<-asked
	begin := time.Now()
	for range 2 {
		if err := n.Close(); err != nil {
			t.Error(err)
		}
	}
	for range 2 {
		if err := <-ended; !errors.Is(err, desktop.ErrClosed) {
			t.Errorf("%v", err)
		}
	}
	if took := time.Since(begin); took > atOnce {
		t.Errorf("it took %v", took)
	}
	fails(t, n, desktop.ErrClosed, atOnce)
	if err := desktop.New(desktop.Options{}).Close(); err != nil {
		t.Error("never used:", err)
	}
}

// C29; RULES.md, Desktop notifications: without a bus nothing breaks, nothing waits and no
// program is started, neither by us nor by the library.
func TestNoBus(t *testing.T) {
	folder := shortFolder(t)
	told := filepath.Join(folder, "told")
	script := "#!/bin/sh\necho \"$0 $*\" >> " + told + "\nexit 1\n"
	for _, name := range []string{"dbus-launch", "dbus-daemon", "dbus-run-session", "dbus-broker", "notify-send", "kdialog", "dunst", "gdbus", "busctl"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(script), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", folder)
	t.Setenv("DISPLAY", ":1") // with one, dbus-launch would be asked
	if err := os.WriteFile(filepath.Join(folder, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	reached := make(chan struct{}, 1)
	go func() {
		if conn, err := listener.Accept(); err == nil {
			reached <- struct{}{}
			_ = conn.Close()
		}
	}()
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	for _, address := range []string{
		"", "autolaunch:", "autolaunch:scope=user", "unix:path=/nonexistent/bus", "unix:path=" + folder + "/file", "unix:path=" + folder,
		"unix:abstract=keydesk-nobody-is-here", "unix:", "unix:path=", "unix:path=%zz", "garbage", ";;", "unix:path=/a,abstract=b",
		"unixexec:path=" + folder + "/dbus-daemon", "tcp:host=127.0.0.1,port=" + port, "launchd:env=X",
		"unix:path=/nonexistent/bus;tcp:host=127.0.0.1,port=" + port,
	} {
		for _, runtime := range []string{"", folder, "/nonexistent"} {
			t.Setenv("DBUS_SESSION_BUS_ADDRESS", address)
			t.Setenv("XDG_RUNTIME_DIR", runtime)
			n, _ := notifier(t, 0)
			fails(t, n, desktop.ErrNoBus, atOnce)
			fails(t, n, desktop.ErrNoBus, atOnce)
		}
	}
	if started, err := os.ReadFile(told); err == nil {
		t.Errorf("started: %s", started)
	}
	if len(reached) != 0 {
		t.Error("it connected to another computer's bus")
	}
	if env := os.Getenv("DBUS_SESSION_BUS_ADDRESS"); !strings.HasPrefix(env, "unix:path=/nonexistent/bus;") {
		t.Errorf("the environment was changed: %q", env)
	}
}

// The bus that systemd keeps is found without the variable, also where its
// folder's name has to be written in another way in an address.
func TestBusAtItsFixedPlace(t *testing.T) {
	b := onBus(t)
	got := make(chan sent, 1)
	b.fake(&fake{can: answers(), notify: func(s sent) (uint32, *dbus.Error) { got <- s; return 1, nil }})
	runtime := filepath.Join(b.folder, "a, ;b%2")
	if err := os.Mkdir(runtime, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(b.folder, "bus"), filepath.Join(runtime, "bus")); err != nil {
		t.Fatal(err)
	}
	t.Setenv("XDG_RUNTIME_DIR", runtime)
	for _, address := range []string{"", "autolaunch:"} {
		t.Setenv("DBUS_SESSION_BUS_ADDRESS", address)
		n, _ := notifier(t, 0)
		show(t, n, desktop.Notice{Title: "An API key expires"})
		if s := <-got; s.Summary != "An API key expires" {
			t.Errorf("%+v", s)
		}
	}
}

// What answers at the bus's address and is no bus: silence costs the limit, and
// anything else is no bus.
func TestWhatIsNoBus(t *testing.T) {
	const hello = "REJECTED EXTERNAL\r\nOK 0123\r\nAGREE_UNIX_FD\r\n"
	for name, c := range map[string]struct {
		says  string
		hangs bool
		want  error
	}{
		"silent":            {"", true, desktop.ErrTimedOut},
		"silent after that": {hello, true, desktop.ErrTimedOut},
		"hangs up":          {"", false, desktop.ErrNoBus},
		"garbage":           {strings.Repeat("\x00\xff garbage\r\n", 300), true, desktop.ErrNoBus},
		"refuses":           {"REJECTED\r\n", true, desktop.ErrNoBus},
		"another mechanism": {"REJECTED DBUS_COOKIE_SHA1 ANONYMOUS\r\n", true, desktop.ErrNoBus},
		"garbage after":     {hello + strings.Repeat("\xff", 300), false, desktop.ErrNoBus},
		"half a message":    {hello + "l\x02\x01\x01\x05\x00\x00\x00", false, desktop.ErrNoBus},
	} {
		t.Run(name, func(t *testing.T) {
			address := filepath.Join(shortFolder(t), "bus")
			listener, err := net.Listen("unix", address)
			if err != nil {
				t.Fatal(err)
			}
			var served sync.WaitGroup
			served.Go(func() {
				for {
					conn, err := listener.Accept()
					if err != nil {
						return
					}
					served.Go(func() {
						defer conn.Close()
						_, _ = conn.Write([]byte(c.says))
						for buffer := make([]byte, 1024); c.hangs; {
							if _, err := conn.Read(buffer); err != nil {
								return
							}
						}
					})
				}
			})
			t.Cleanup(func() { _ = listener.Close(); served.Wait() })
			t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+address)
			limit := 5 * time.Second
			if errors.Is(c.want, desktop.ErrTimedOut) {
				limit = 400 * time.Millisecond
			}
			n, _ := notifier(t, limit)
			for range 2 {
				fails(t, n, c.want, atOnce)
			}
		})
	}
}
