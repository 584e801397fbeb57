package vault_test

import (
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"keydesk/backend/fault"
	"keydesk/backend/secret"
	"keydesk/backend/vault"
)

const (
	secretService = "org.freedesktop.secrets"
	servicePath   = dbus.ObjectPath("/org/freedesktop/secrets")
	loginPath     = dbus.ObjectPath("/org/freedesktop/secrets/collection/login")
)

// gnome starts the real GNOME Keyring, unlocked through its standard input, and
// returns a function that stops it.
func gnome(t *testing.T, conn *dbus.Conn) (stop func()) {
	t.Helper()
	cmd := exec.Command("gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets")
	cmd.Stdin = strings.NewReader("test password")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	stop = func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		waitOwned(t, conn, false)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	waitOwned(t, conn, true)
	return stop
}

func waitOwned(t *testing.T, conn *dbus.Conn, want bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		var owned bool
		if err := conn.BusObject().Call("org.freedesktop.DBus.NameHasOwner", 0, secretService).Store(&owned); err != nil {
			t.Fatal(err)
		}
		if owned == want {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("Secret Service on the bus: %v", owned)
		}
	}
}

// realVault uses the library; limits are short enough for a test.
func realVault(rows vault.Rows) (*vault.Vault, *vault.Keyring) {
	k := vault.NewKeyring(vault.KeyringOptions{Limit: 3 * time.Second, TypingLimit: 5 * time.Second})
	return vault.New(rows, vault.Options{InstallationID: func() string { return installation }, Keyring: k}), k
}

func itemsOf(t *testing.T, conn *dbus.Conn) []dbus.ObjectPath {
	t.Helper()
	value, err := conn.Object(secretService, loginPath).GetProperty("org.freedesktop.Secret.Collection.Items")
	if err != nil {
		t.Fatal(err)
	}
	return value.Value().([]dbus.ObjectPath)
}

// A35; RULES.md, Secrets: the data key in the real GNOME Keyring, from first
// run to a change of the key.
func TestRealGnomeKeyring(t *testing.T) {
	onPrivateBus(t, func(t *testing.T) {
		conn := bus(t)
		stop := gnome(t, conn)
		rows := newRows()
		v, k := realVault(rows)

		probe := k.Try(t.Context())
		if probe.Status != vault.OK || probe.Message != "Secrets are kept in GNOME Keyring. Tried, works." || probe.Backend != "secret-service" {
			t.Fatalf("%+v", probe)
		}
		if left := itemsOf(t, conn); len(left) != 0 {
			t.Error("the probe left", left)
		}
		code := firstRun(t, v, rows, "")
		put(t, v, "setup", "s1", "h1", canary)
		if state := v.State(); state.Keyring != "GNOME Keyring" || state.Message != "Secrets are kept in GNOME Keyring." {
			t.Errorf("%+v", state)
		}
		if len(itemsOf(t, conn)) != 1 {
			t.Error("want one item:", itemsOf(t, conn))
		}
		_, err := vault.New(newRows(), vault.Options{InstallationID: func() string { return installation }, Keyring: k}).Prepare(t.Context(), secret.Text{})
		wantFault(t, err, vault.ErrKeyringTaken)

		v.Close()
		if err := v.Open(t.Context()); err != nil {
			t.Fatal(err)
		}
		wantSecret(t, v, "setup", "s1", "h1", canary)

		newCode := change(t, v, rows, "")
		wantFault(t, v.ProveRecovery(t.Context(), code), vault.ErrCodeWrong)
		if len(itemsOf(t, conn)) != 1 {
			t.Error("want one item after the change:", itemsOf(t, conn))
		}

		// The program and the keyring start again.
		stop()
		gnome(t, conn)
		again, _ := realVault(rows)
		if err := again.Open(t.Context()); err != nil {
			t.Fatal(err)
		}
		wantSecret(t, again, "setup", "s1", "h1", canary)

		// Someone deletes the item.
		for _, item := range itemsOf(t, conn) {
			if call := conn.Object(secretService, item).Call("org.freedesktop.Secret.Item.Delete", 0); call.Err != nil {
				t.Fatal(call.Err)
			}
		}
		again.Close()
		wantFault(t, again.Open(t.Context()), vault.ErrKeyringMissing)
		if state := again.State(); state.Reason != vault.Missing || !strings.Contains(state.Message, "GNOME Keyring") || !strings.Contains(state.Hint, "recovery code") {
			t.Errorf("%+v", state)
		}
		if err := again.OpenWithRecovery(t.Context(), newCode); err != nil {
			t.Fatal(err)
		}
		if len(itemsOf(t, conn)) != 1 || again.State().Reason != vault.OK {
			t.Error("the key was not put back", again.State())
		}
		again.Close()
		if err := again.Open(t.Context()); err != nil {
			t.Fatal(err)
		}
		wantSecret(t, again, "setup", "s1", "h1", canary)
	})
}

// The keyring is locked through the bus, and there is nobody to ask.
func TestRealGnomeKeyringLocked(t *testing.T) {
	onPrivateBus(t, func(t *testing.T) {
		conn := bus(t)
		stop := gnome(t, conn)
		rows := newRows()
		v, k := realVault(rows)
		code := firstRun(t, v, rows, "")
		put(t, v, "setup", "s1", "h1", canary)
		v.Close()
		before := rows.snapshot()

		var locked []dbus.ObjectPath
		var prompt dbus.ObjectPath
		if err := conn.Object(secretService, servicePath).Call("org.freedesktop.Secret.Service.Lock", 0, []dbus.ObjectPath{loginPath}).Store(&locked, &prompt); err != nil {
			t.Fatal(err)
		}
		begin := time.Now()
		wantFault(t, v.Open(t.Context()), vault.ErrKeyringLocked)
		if took := time.Since(begin); took > 4*time.Second {
			t.Errorf("it took %v", took)
		}
		if state := v.State(); state.Open || state.Reason != vault.Locked || state.Message != "GNOME Keyring is locked." || state.Hint == "" {
			t.Errorf("%+v", state)
		}
		if probe := k.Try(t.Context()); probe.Status != vault.Locked {
			t.Errorf("%+v", probe)
		}
		if rows.snapshot() != before {
			t.Error("data changed")
		}
		// The recovery code opens without it, and says that the key is not back.
		if err := v.OpenWithRecovery(t.Context(), code); err != nil {
			t.Fatal(err)
		}
		wantSecret(t, v, "setup", "s1", "h1", canary)
		v.Close()
		// Unlocked again (a new sign-in to the desktop), it opens by itself.
		stop()
		gnome(t, conn)
		if err := v.Open(t.Context()); err != nil {
			t.Fatal(err)
		}
		wantSecret(t, v, "setup", "s1", "h1", canary)
	})
}

// It was there and is gone: no new keyring is made, nothing is changed.
func TestSecretServiceGone(t *testing.T) {
	onPrivateBus(t, func(t *testing.T) {
		conn := bus(t)
		stop := gnome(t, conn)
		rows := newRows()
		v, k := realVault(rows)
		firstRun(t, v, rows, "")
		v.Close()
		before := rows.snapshot()
		stop()
		begin := time.Now()
		wantFault(t, v.Open(t.Context()), vault.ErrKeyringUnavailable)
		if state := v.State(); state.Message != "GNOME Keyring cannot be reached." {
			t.Errorf("%+v", state)
		}
		if probe := k.Try(t.Context()); probe.Status != vault.Unavailable || probe.Backend != "" {
			t.Errorf("%+v", probe)
		}
		_, err := vault.New(newRows(), vault.Options{InstallationID: func() string { return "new" }, Keyring: k}).Prepare(t.Context(), secret.Text{})
		wantFault(t, err, vault.ErrKeyringUnavailable)
		if time.Since(begin) > 3*time.Second || rows.snapshot() != before {
			t.Error("too slow, or data changed")
		}
		gnome(t, conn)
		if err := v.Open(t.Context()); err != nil {
			t.Fatalf("it came back: %v", err)
		}
	})
}

// A keyring that was never set up, and nobody to ask for its first password: a
// fault within the limit, and no panic of the library.
func TestRealGnomeKeyringNeverSetUp(t *testing.T) {
	onPrivateBus(t, func(t *testing.T) {
		conn := bus(t)
		cmd := exec.Command("gnome-keyring-daemon", "--foreground", "--components=secrets")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
		waitOwned(t, conn, true)
		_, k := realVault(newRows())
		begin := time.Now()
		probe := k.Try(t.Context())
		if probe.Status != vault.Denied || probe.Message == "" || probe.Hint == "" {
			t.Errorf("%+v", probe)
		}
		if took := time.Since(begin); took > 6*time.Second {
			t.Errorf("it took %v", took)
		}
	})
}

// The bus itself dies while the program runs.
func TestBusDies(t *testing.T) {
	onPrivateBus(t, func(t *testing.T) {
		conn := bus(t)
		gnome(t, conn)
		rows := newRows()
		v, k := realVault(rows)
		code := firstRun(t, v, rows, "")
		put(t, v, "setup", "s1", "h1", canary)
		v.Close()
		before := rows.snapshot()
		var pid uint32
		if err := conn.BusObject().Call("org.freedesktop.DBus.GetConnectionUnixProcessID", 0, "org.freedesktop.DBus").Store(&pid); err != nil || pid < 2 {
			t.Fatal(pid, err)
		}
		if err := syscall.Kill(int(pid), syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		begin := time.Now()
		err := v.Open(t.Context())
		if !errors.Is(err, vault.ErrKeyringUnavailable) && !errors.Is(err, vault.ErrKeyringTimeOut) {
			t.Errorf("%v", err)
		}
		if probe := k.Try(t.Context()); probe.Status != vault.Unavailable && probe.Status != vault.TimeOut {
			t.Errorf("%+v", probe)
		}
		if err := v.OpenWithRecovery(t.Context(), code); err != nil {
			t.Fatal(err)
		}
		wantSecret(t, v, "setup", "s1", "h1", canary)
		if state := v.State(); !state.Open || state.Reason == vault.OK || state.Hint == "" {
			t.Errorf("%+v", state)
		}
		if took := time.Since(begin); took > 10*time.Second || rows.snapshot() != before {
			t.Errorf("it took %v, or data changed", took)
		}
	})
}

// No bus at all: a fault, no wait, and no bus started by us (the scene's
// dbus-launch would report it).
func TestNoBus(t *testing.T)         { withAddress(t, "", noBus) }
func TestAutolaunchBus(t *testing.T) { withAddress(t, "autolaunch:", noBus) }
func TestDeadBus(t *testing.T) {
	withAddress(t, "unix:path=/nonexistent/bus", noBus)
}

// A bus that accepts the connection and never answers: the program still
// starts, a second later.
func TestSilentBus(t *testing.T) {
	address := ""
	if os.Getenv(sceneVariable) == "" {
		folder, err := os.MkdirTemp("", "bus") // short: a socket's path has 108 bytes
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(folder)
		listener, err := net.Listen("unix", folder+"/silent")
		if err != nil {
			t.Fatal(err)
		}
		defer listener.Close()
		address = "unix:path=" + folder + "/silent"
	}
	begin := time.Now()
	withAddress(t, address, noBus)
	if took := time.Since(begin); took > 8*time.Second {
		t.Errorf("it took %v", took)
	}
}

// D01: a session in which nothing keeps secrets, without a bus or with one on which
// nobody does. One sentence says it, the hint names what to install, and neither
// repeats the words of the bus. (The page beside it offers a passphrase.)
func TestNoSecretServiceIsSaidPlainly(t *testing.T) {
	said := func(t *testing.T) {
		_, k := realVault(newRows())
		probe := k.Try(t.Context())
		if probe.Message != "The keyring cannot be reached." || !strings.Contains(probe.Hint, "Install and start a keyring, such as GNOME Keyring") {
			t.Errorf("%+v", probe)
		}
		rows := newRows()
		v, _ := realVault(rows)
		_, err := v.Prepare(t.Context(), secret.Text{})
		wantFault(t, err, vault.ErrKeyringUnavailable)
		for _, raw := range []string{".service", "dbus", "org.freedesktop"} {
			if told := probe.Message + probe.Hint + fault.From(err).Message + fault.From(err).Hint; strings.Contains(strings.ToLower(told), raw) {
				t.Errorf("%q is in %q", raw, told)
			}
		}
		if len(rows.bytes()) != 0 {
			t.Error("something was stored without consent")
		}
	}
	t.Run("bus", func(t *testing.T) { onPrivateBus(t, said) })
	t.Run("none", func(t *testing.T) { withAddress(t, "", said) })
}

// The bus at its fixed place is found without the variable.
func TestBusAtItsFixedPlace(t *testing.T) {
	const inner = "KEYDESK_VAULT_WITHOUT_VARIABLE"
	onPrivateBus(t, func(t *testing.T) {
		if os.Getenv(inner) != "" {
			if _, k := realVault(newRows()); k.Try(t.Context()).Status != vault.OK {
				t.Errorf("%+v", k.Try(t.Context()))
			}
			return
		}
		conn := bus(t)
		gnome(t, conn)
		path, _, _ := strings.Cut(strings.TrimPrefix(os.Getenv("DBUS_SESSION_BUS_ADDRESS"), "unix:path="), ",")
		if err := os.Symlink(path, filepath.Join(os.Getenv("XDG_RUNTIME_DIR"), "bus")); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(os.Args[0], self(t)[1:]...)
		cmd.Env = append(os.Environ(), "DBUS_SESSION_BUS_ADDRESS=", inner+"=1")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	})
}

func noBus(t *testing.T) {
	begin := time.Now()
	rows := newRows()
	v, k := realVault(rows)
	if probe := k.Try(t.Context()); probe.Status != vault.Unavailable || probe.Message == "" || probe.Hint == "" {
		t.Errorf("%+v", probe)
	}
	_, err := v.Prepare(t.Context(), secret.Text{})
	wantFault(t, err, vault.ErrKeyringUnavailable)
	firstRun(t, v, rows, goodPassphrase) // a person chose a passphrase instead
	put(t, v, "setup", "s1", "h1", canary)
	wantSecret(t, v, "setup", "s1", "h1", canary)
	if took := time.Since(begin); took > 3*time.Second {
		t.Errorf("it took %v", took)
	}
}
