package vault_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

// The library connects to the session bus while the program starts, so a test
// that needs a bus runs in a separate process: the test binary starts itself
// again under dbus-run-session, with a separate home, and runs that one test.
const sceneVariable = "KEYDESK_VAULT_SCENE"

// busWithoutServices starts nothing by itself: only what the test put there
// answers.
const busWithoutServices = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>`

// onPrivateBus runs body in a process that has a session bus to itself.
func onPrivateBus(t *testing.T, body func(t *testing.T)) {
	inScene(t, body, func(dir string) *exec.Cmd {
		config := filepath.Join(dir, "bus.conf")
		if err := os.WriteFile(config, []byte(busWithoutServices), 0o600); err != nil {
			t.Fatal(err)
		}
		return exec.Command("dbus-run-session", append([]string{"--config-file=" + config, "--"}, self(t)...)...)
	})
}

// withAddress runs body in a process whose session bus is this address.
func withAddress(t *testing.T, address string, body func(t *testing.T)) {
	inScene(t, body, func(string) *exec.Cmd {
		command := self(t)
		cmd := exec.Command(command[0], command[1:]...)
		if address != "" {
			cmd.Env = []string{"DBUS_SESSION_BUS_ADDRESS=" + address}
		}
		return cmd
	})
}

func self(t *testing.T) []string {
	return []string{os.Args[0], "-test.run=^" + t.Name() + "$", "-test.v", "-test.timeout=40s"}
}

func inScene(t *testing.T, body func(t *testing.T), command func(dir string) *exec.Cmd) {
	if os.Getenv(sceneVariable) == t.Name() {
		body(t)
		return
	}
	dir := t.TempDir()
	for _, folder := range []string{"home", "run", "data", "bin"} {
		if err := os.Mkdir(filepath.Join(dir, folder), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	// A dbus-launch that records that it was called.
	told := filepath.Join(dir, "launched")
	launch := "#!/bin/sh\necho called >> " + told + "\nexit 1\n"
	if err := os.WriteFile(filepath.Join(dir, "bin", "dbus-launch"), []byte(launch), 0o700); err != nil {
		t.Fatal(err)
	}
	cmd := command(dir)
	cmd.Env = append(cmd.Env,
		sceneVariable+"="+t.Name(), "HOME="+filepath.Join(dir, "home"), "XDG_RUNTIME_DIR="+filepath.Join(dir, "run"),
		"XDG_DATA_HOME="+filepath.Join(dir, "data"), "PATH="+filepath.Join(dir, "bin")+":"+os.Getenv("PATH"))
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
	cmd.WaitDelay = 2 * time.Second
	out, err := cmd.CombinedOutput()
	if cmd.Process != nil {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // what the scene left behind, if anything
	}
	if err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
		t.Fatalf("%v\n%s", err, out)
	}
	if _, err := os.Stat(told); err == nil {
		t.Error("a session bus was started: dbus-launch was called")
	}
}

// bus is a separate connection of the test, not the library's.
func bus(t *testing.T) *dbus.Conn {
	t.Helper()
	conn, err := dbus.ConnectSessionBus()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}
