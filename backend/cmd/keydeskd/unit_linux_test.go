package main

import (
	"bufio"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// unit is the user service of the tree.
const unit = "../../../build/systemd/keydeskd.service"

// busWithoutServices configures a bus that starts nothing: a question to a keyring
// that does not run yet would otherwise start a second, locked one.
const busWithoutServices = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
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
</busconfig>`

// withKeyring gives this test program, and what it starts, a session bus with the
// real GNOME Keyring, and a home folder. The test cannot run beside others.
func withKeyring(t *testing.T) {
	t.Helper()
	home := t.TempDir()
	for name, folder := range map[string]string{"HOME": "home", "XDG_RUNTIME_DIR": "run", "XDG_DATA_HOME": "data"} {
		path := filepath.Join(home, folder)
		if err := os.Mkdir(path, 0o700); err != nil {
			t.Fatal(err)
		}
		t.Setenv(name, path)
	}
	config := filepath.Join(home, "bus.conf")
	if err := os.WriteFile(config, []byte(busWithoutServices), 0o600); err != nil {
		t.Fatal(err)
	}
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	begin := func(says *os.File, stdin, name string, args ...string) {
		cmd := exec.Command(name, args...)
		cmd.Stdin, cmd.ExtraFiles = strings.NewReader(stdin), []*os.File{says}
		cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
		if err := cmd.Start(); err != nil {
			t.Fatalf("%v (make test installs it)", err)
		}
		t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	}
	begin(write, "", "dbus-daemon", "--config-file="+config, "--nofork", "--nopidfile", "--print-address=3")
	_ = write.Close()
	_ = read.SetReadDeadline(time.Now().Add(20 * time.Second))
	address, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", strings.TrimSpace(address))
	begin(nil, "the password of a keyring of tests", "gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets")
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		out, err := exec.Command("dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/",
			"org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets").CombinedOutput()
		if err == nil && strings.Contains(string(out), "boolean true") {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("no keyring: %v\n%s", err, out)
		}
	}
}

// RULES.md, Without a window: the data key of an office comes from the keyring
// without a question. Without a keyring nothing is served, and the exit code says
// why.
func TestServeWithAKeyring(t *testing.T) {
	withKeyring(t)
	folder := makeKeyringOffice(t)
	for range 2 {
		p := launch(t, nil, nil, built, "serve", "--data", folder)
		p.waitFor("READY=1")
		if code := p.stop(); code != exitOK {
			t.Errorf("%d\n%s", code, p.out)
		}
	}
	found, code := examine(t, folder)
	if code != exitOK || !strings.Contains(found.of(t, "data_key").Message, "gives it") {
		t.Errorf("%d %+v", code, found)
	}
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/keydesk")
	p := launch(t, nil, nil, built, "serve", "--data", folder)
	if code := p.code(); code != exitLocked || strings.Contains(p.told.String(), "READY") {
		t.Errorf("without a keyring: exit code %d\n%s%s", code, p.out, p.told)
	}
	if found, code := examine(t, folder); code != exitProblems || found.of(t, "data_key").Result != isProblem {
		t.Errorf("%d %+v", code, found)
	}
}

// The service manager understands every line of the unit, and finds keydeskd
// where the unit's own instructions put it.
func TestTheUnitIsUnderstood(t *testing.T) {
	t.Parallel()
	verify := func(text string) string {
		home := t.TempDir()
		program := filepath.Join(home, ".local", "bin", "keydeskd")
		path := filepath.Join(home, "keydeskd.service")
		if err := errors.Join(
			os.MkdirAll(filepath.Dir(program), 0o700), os.Link(built, program),
			os.Mkdir(filepath.Join(home, "run"), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command("systemd-analyze", "--user", "verify", path)
		cmd.Env = append(os.Environ(), "HOME="+home, "XDG_RUNTIME_DIR="+filepath.Join(home, "run"))
		out, err := cmd.CombinedOutput()
		if errors.Is(err, exec.ErrNotFound) {
			t.Fatalf("%v (make test installs it)", err)
		}
		if err != nil {
			return err.Error() + "\n" + string(out)
		}
		return string(out)
	}
	text := readUnit(t)
	if said := verify(text); said != "" {
		t.Errorf("%s", said)
	}
	// It says nothing because nothing is wrong.
	for _, wrong := range [][2]string{{"Type=notify", "Typo=notify"}, {"NoNewPrivileges=yes", "NoNewPrivileges=maybe"}, {"bin/keydeskd serve", "bin/keydesk serve"}, {"@system-service", "@sistem-service"}} {
		if said := verify(strings.ReplaceAll(text, wrong[0], wrong[1])); said == "" {
			t.Errorf("%s was not noticed", wrong[1])
		}
	}
	// And the program understands how it is started.
	start := regexp.MustCompile(`(?m)^ExecStart=%h/.local/bin/keydeskd (.*)$`).FindStringSubmatch(text)
	if start == nil {
		t.Fatal("no ExecStart")
	}
	out, err := exec.Command(built, append(strings.Fields(start[1]), "--help")...).CombinedOutput()
	if err != nil || !strings.HasPrefix(string(out), "Usage: keydeskd serve") {
		t.Errorf("%v\n%s", err, out)
	}
}

func readUnit(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(unit)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// What the unit forbids, keydeskd does not do: it opens the data key from the
// keyring, serves, and ends with the system calls, kinds of sockets and memory that
// are left to it. The service manager is not asked, since it does not run
// everywhere; the calls are counted.
func TestTheUnitForbidsNothingThatIsNeeded(t *testing.T) {
	withKeyring(t)
	folder := makeKeyringOffice(t)
	trace := filepath.Join(t.TempDir(), "trace")
	p := launch(t, nil, func(cmd *exec.Cmd) { cmd.SysProcAttr.Setpgid = true }, "strace", "-f", "-qq", "-o", trace, built, "serve", "--wait", "--data", folder)
	p.waitFor("READY=1")
	if _, code := examine(t, folder); code != exitOK {
		t.Errorf("doctor: %d", code)
	}
	if err := syscall.Kill(-p.cmd.Process.Pid, syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := p.code(); code != exitOK {
		t.Errorf("%d\n%s", code, p.out)
	}
	text := readUnit(t)
	setting := func(name string) string {
		found := regexp.MustCompile(`(?m)^` + name + `=(.*)$`).FindStringSubmatch(text)
		if found == nil {
			t.Fatalf("no %s", name)
		}
		return found[1]
	}
	allowed := callsOf(t, setting("SystemCallFilter"))
	families := strings.Fields(setting("RestrictAddressFamilies"))
	writable := setting("MemoryDenyWriteExecute") == "yes"
	file, err := os.Open(trace)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	seen := map[string]bool{}
	sockets := 0
	call := regexp.MustCompile(`^\d+\s+([a-z0-9_]+)\(`)
	family := regexp.MustCompile(`socket\((AF_[A-Z0-9]+)`)
	for lines.Scan() {
		line := lines.Text()
		found := call.FindStringSubmatch(line)
		if found == nil {
			continue // a signal, an end, or the rest of a call that was interrupted
		}
		seen[found[1]] = true
		if !allowed[found[1]] {
			t.Errorf("a system call that the unit forbids: %s", line)
		}
		if kind := family.FindStringSubmatch(line); kind != nil {
			sockets++
			if !slices.Contains(families, kind[1]) {
				t.Errorf("a socket that the unit forbids: %s", line)
			}
		}
		if writable && strings.Contains(line, "PROT_EXEC") && (strings.Contains(line, "PROT_WRITE") || strings.HasPrefix(found[1], "mprotect")) {
			t.Errorf("memory that the unit forbids: %s", line)
		}
	}
	for _, name := range []string{"openat", "socket", "mmap", "fcntl"} {
		if !seen[name] {
			t.Errorf("%s was not seen among %d calls", name, len(seen))
		}
	}
	if sockets < 2 {
		t.Errorf("%d sockets: it was not followed to the keyring", sockets)
	}
}

// callsOf returns the system calls of a filter's sets.
func callsOf(t *testing.T, filter string) map[string]bool {
	t.Helper()
	calls := map[string]bool{}
	var add func(set string)
	add = func(set string) {
		out, err := exec.Command("systemd-analyze", "syscall-filter", set).Output()
		if err != nil {
			t.Fatalf("%s: %v (make test installs it)", set, err)
		}
		for _, line := range strings.Split(string(out), "\n")[1:] {
			switch name := strings.TrimSpace(line); {
			case strings.HasPrefix(name, "@"):
				add(name)
			case name != "" && !strings.HasPrefix(name, "#"):
				calls[name] = true
			}
		}
	}
	for _, set := range strings.Fields(filter) {
		add(set)
	}
	return calls
}
