//go:build window

package window

import (
	"bufio"
	"os"
	"os/exec"
	"strings"
	"time"
)

// busConfig configures a bus that starts no services: a question to a keyring
// that is not running yet would otherwise start a second, locked one.
const busConfig = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`

// Session is a separate message bus with an unlocked, empty keyring, and a
// temporary home folder.
type Session struct {
	// Home is the home folder of the programs in it.
	Home    string
	address string
}

// StartSession starts the bus and gnome-keyring.
func StartSession(t T) *Session {
	t.Helper()
	s := &Session{Home: t.TempDir()}
	for _, folder := range []string{"run", "data", "config", "cache"} {
		if err := os.Mkdir(s.Home+"/"+folder, 0o700); err != nil {
			t.Fatalf("%v", err)
		}
	}
	// A blinking caret would never let the screen settle.
	if err := os.Mkdir(s.Home+"/config/gtk-3.0", 0o700); err != nil {
		t.Fatalf("%v", err)
	}
	if err := os.WriteFile(s.Home+"/config/gtk-3.0/settings.ini", []byte("[Settings]\ngtk-cursor-blink=false\n"), 0o600); err != nil {
		t.Fatalf("%v", err)
	}
	s.startBus(t)
	s.startKeyring(t)
	return s
}

func (s *Session) startBus(t T) {
	t.Helper()
	out, in, err := os.Pipe()
	if err != nil {
		t.Fatalf("a pipe for the bus address: %v", err)
	}
	config := s.Home + "/bus.conf"
	if err := os.WriteFile(config, []byte(busConfig), 0o600); err != nil {
		t.Fatalf("%v", err)
	}
	cmd := exec.Command("dbus-daemon", "--config-file="+config, "--nofork", "--nopidfile", "--print-address=3")
	cmd.Env = s.homeEnv()
	cmd.ExtraFiles = []*os.File{in}
	begin(t, cmd)
	_ = in.Close()
	_ = out.SetReadDeadline(time.Now().Add(waitLimit))
	address, err := bufio.NewReader(out).ReadString('\n')
	_ = out.Close()
	if err != nil {
		t.Fatalf("the message bus did not print its address: %v", err)
	}
	s.address = strings.TrimSpace(address)
}

func (s *Session) startKeyring(t T) {
	t.Helper()
	cmd := exec.Command("gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets")
	cmd.Env = s.Env()
	cmd.Stdin = strings.NewReader("password of a temporary keyring")
	begin(t, cmd)
	for deadline := time.Now().Add(waitLimit); ; time.Sleep(50 * time.Millisecond) {
		ask := exec.Command("dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.secrets",
			"/org/freedesktop/secrets/aliases/default", "org.freedesktop.DBus.Properties.Get",
			"string:org.freedesktop.Secret.Collection", "string:Locked")
		ask.Env = s.Env()
		out, err := ask.CombinedOutput()
		if err == nil && strings.Contains(string(out), "boolean false") {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("the keyring is not open: %v\n%s", err, out)
		}
	}
}

// Env returns the variables that put a program into this session and into no
// other.
func (s *Session) Env() []string {
	return append(s.homeEnv(), "DBUS_SESSION_BUS_ADDRESS="+s.address)
}

func (s *Session) homeEnv() []string {
	kept := []string{}
	for _, variable := range os.Environ() {
		name, _, _ := strings.Cut(variable, "=")
		switch name {
		case "HOME", "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "DBUS_SESSION_BUS_ADDRESS":
		default:
			if !strings.HasPrefix(name, "XDG_") && !strings.HasPrefix(name, "GTK_") {
				kept = append(kept, variable)
			}
		}
	}
	return append(kept,
		"HOME="+s.Home,
		"XDG_RUNTIME_DIR="+s.Home+"/run",
		"XDG_DATA_HOME="+s.Home+"/data",
		"XDG_CONFIG_HOME="+s.Home+"/config",
		"XDG_CACHE_HOME="+s.Home+"/cache",
	)
}
