package desktop_test

import (
	"bufio"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	"go.uber.org/goleak"

	"keydesk/backend/desktop"
)

const (
	daemonName = "org.freedesktop.Notifications"
	daemonPath = dbus.ObjectPath("/org/freedesktop/Notifications")
	waitLimit  = 20 * time.Second
)

// No test leaves a goroutine behind.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// privateBus is a session bus of the test's own. It starts nothing by itself but
// what is in its folder services.
type privateBus struct {
	t      *testing.T
	folder string
	cmd    *exec.Cmd
	env    []string // for the daemons on it
}

// onBus starts a bus and makes it the session's.
func onBus(t *testing.T, policy ...string) *privateBus {
	t.Helper()
	b := unstarted(t, policy...)
	b.start()
	return b
}

func unstarted(t *testing.T, policy ...string) *privateBus {
	t.Helper()
	b := &privateBus{t: t, folder: shortFolder(t)}
	config := `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=` + b.folder + `/bus</listen>
  <auth>EXTERNAL</auth>
  <servicedir>` + b.folder + `/services</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
    ` + strings.Join(policy, "\n") + `
  </policy>
</busconfig>`
	if err := os.Mkdir(filepath.Join(b.folder, "services"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(b.folder, "home"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(b.folder, "bus.conf"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+b.folder+"/bus")
	// A daemon's settings and its own files are not the person's.
	home := filepath.Join(b.folder, "home")
	b.env = append(os.Environ(), "HOME="+home, "XDG_RUNTIME_DIR="+home, "XDG_CONFIG_HOME="+home, "XDG_DATA_HOME="+home,
		"XDG_CACHE_HOME="+home, "WAYLAND_DISPLAY=", "DISPLAY=", "LC_ALL=C.UTF-8", "GIO_USE_VFS=local")
	return b
}

// start starts the bus, also after kill, at the same address.
func (b *privateBus) start() {
	b.t.Helper()
	b.cmd, _ = begin(b.t, b.env, "dbus-daemon", "--config-file="+filepath.Join(b.folder, "bus.conf"), "--nofork", "--nopidfile", "--print-address=3")
}

func (b *privateBus) kill() {
	_ = b.cmd.Process.Kill()
	_ = b.cmd.Wait()
}

// conn is the test's connection, not the Notifier's.
func (b *privateBus) conn() *dbus.Conn {
	b.t.Helper()
	conn, err := dbus.Connect("unix:path=" + b.folder + "/bus")
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// screen starts a virtual screen for the daemons that are started later.
func (b *privateBus) screen() {
	b.t.Helper()
	_, number := begin(b.t, os.Environ(), "Xvfb", "-displayfd", "3", "-nolisten", "tcp", "-screen", "0", "1024x700x24")
	b.env = append(b.env, "DISPLAY=:"+number)
}

// dunst is Debian's notification daemon of that name.
type dunst struct {
	bus *privateBus
	cmd *exec.Cmd
}

func (b *privateBus) dunst() *dunst {
	b.t.Helper()
	cmd := command(b.env, "dunst")
	run(b.t, cmd)
	b.waitOwned(true)
	return &dunst{bus: b, cmd: cmd}
}

func (d *dunst) kill() {
	d.bus.t.Helper()
	_ = d.cmd.Process.Kill()
	_ = d.cmd.Wait()
	d.bus.waitOwned(false)
}

func (b *privateBus) waitOwned(want bool) {
	b.t.Helper()
	conn := b.conn()
	within(b.t, "the daemon's name on the bus", func() bool {
		var owned bool
		if err := conn.BusObject().Call("org.freedesktop.DBus.NameHasOwner", 0, daemonName).Store(&owned); err != nil {
			b.t.Fatal(err)
		}
		return owned == want
	})
}

// ctl runs dunstctl, with which a person asks what was shown and clicks it.
func (b *privateBus) ctl(args ...string) string {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), waitLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, "dunstctl", args...)
	cmd.Env = b.env
	out, err := cmd.Output()
	if err != nil {
		b.t.Fatalf("dunstctl %v: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

// was is a notice as dunst's history has it.
type was struct {
	AppName, Summary, Body, Message, Icon string
	// Stays is how an urgent one is seen in it: it has no time after which it goes.
	Stays bool
}

// history takes what is shown off the screen, and returns what was on it, the
// newest first.
func (b *privateBus) history() []was {
	b.t.Helper()
	b.ctl("close-all")
	var told struct {
		Data [][]map[string]struct{ Data any }
	}
	if err := json.Unmarshal([]byte(b.ctl("history")), &told); err != nil || len(told.Data) != 1 {
		b.t.Fatal(err, told)
	}
	var all []was
	for _, one := range told.Data[0] {
		text := func(name string) string { s, _ := one[name].Data.(string); return s }
		all = append(all, was{AppName: text("appname"), Summary: text("summary"), Body: text("body"), Message: text("message"),
			Icon: text("icon_path"), Stays: one["timeout"].Data == 0.0})
	}
	return all
}

// read returns the characters that a text with markup shows.
func read(t *testing.T, marked string) string {
	t.Helper()
	var shown strings.Builder
	for decoder := xml.NewDecoder(strings.NewReader("<all>" + marked + "</all>")); ; {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return shown.String()
		}
		if err != nil {
			t.Fatalf("%v in %q", err, marked)
		}
		if text, ok := token.(xml.CharData); ok {
			shown.Write(text)
		}
	}
}

// notifier returns a Notifier, and what was clicked.
func notifier(t *testing.T, limit time.Duration) (*desktop.Notifier, <-chan string) {
	clicks := make(chan string, 16)
	n := desktop.New(desktop.Options{Limit: limit, Opened: func(id string) { clicks <- id }})
	t.Cleanup(func() {
		if err := n.Close(); err != nil {
			t.Error(err)
		}
	})
	return n, clicks
}

func show(t *testing.T, n *desktop.Notifier, notice desktop.Notice) {
	t.Helper()
	if err := n.Show(t.Context(), notice); err != nil {
		t.Fatalf("%v", err)
	}
}

func within(t *testing.T, what string, isSo func() bool) {
	t.Helper()
	for deadline := time.Now().Add(waitLimit); !isSo(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within %v", what, waitLimit)
		}
	}
}

// shortFolder: a socket's path has 108 bytes at most.
func shortFolder(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "desk")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	return folder
}

func command(env []string, name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Env = env
	// It must not outlive a test that was killed.
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return cmd
}

// run starts a program and ends it with the test.
func run(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if err := cmd.Start(); err != nil {
		t.Fatalf("%v (build/setup.sh test installs it)", err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
}

// begin starts a program that says on descriptor 3 that it is ready, and returns
// the line it says.
func begin(t *testing.T, env []string, name string, args ...string) (*exec.Cmd, string) {
	t.Helper()
	out, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	cmd := command(env, name, args...)
	cmd.ExtraFiles = []*os.File{in}
	run(t, cmd)
	_ = in.Close()
	_ = out.SetReadDeadline(time.Now().Add(waitLimit))
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("%s did not start: %v", name, err)
	}
	return cmd, strings.TrimSpace(line)
}
