package backend_test

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"keydesk/backend"
	"keydesk/backend/organisation"
	"keydesk/backend/process"
	"keydesk/backend/secret"
	"keydesk/backend/setup"
	"keydesk/backend/store"
	"keydesk/backend/user"
	"keydesk/backend/vault"
)

// RULES.md, Failures (an error of fsync): what is told as not saved is not there
// after a restart, what is acknowledged is, and while the outcome of a change of
// the data key is in doubt nothing that could open the secrets is removed. Every
// sync of the disk fails, for a while, in a process of its own.
func TestSyncFails(t *testing.T) {
	if os.Getenv("KEYDESK_FAULTY_DISK") != "" {
		useFaultyDisk(t)
		return
	}
	for _, which := range []string{"persistent", "once", "first run", "first run, after its note", "full"} {
		t.Run(which, func(t *testing.T) {
			t.Parallel()
			cmd := exec.Command(os.Args[0], "-test.run=^TestSyncFails$", "-test.v", "-test.timeout=60s")
			cmd.Env = append(os.Environ(), "KEYDESK_FAULTY_DISK="+which)
			in, err := cmd.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			cmd.Stderr = os.Stderr
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			var tracer *exec.Cmd
			var said []string
			failed := 0
			for lines := bufio.NewScanner(out); lines.Scan(); {
				said = append(said, lines.Text())
				switch lines.Text() {
				case "break":
					tracer = breakSyncs(t, cmd.Process.Pid, which)
					_, _ = fmt.Fprintln(in)
				case "repair":
					failed += endTracing(t, tracer)
					_, _ = fmt.Fprintln(in)
				}
			}
			if err := cmd.Wait(); err != nil {
				t.Errorf("%v\n%s", err, strings.Join(said, "\n"))
			}
			if failed == 0 {
				t.Error("no sync failed; this test proves nothing")
			}
		})
	}
}

// breakSyncs makes the syncs of a process fail, all of them or the first of each
// thread, or its database's writes as on a full disk, and returns when that has
// begun.
func breakSyncs(t *testing.T, pid int, which string) *exec.Cmd {
	trace, inject := "trace=fsync,fdatasync", "inject=fsync,fdatasync:error=EIO"
	switch which {
	case "once":
		inject += ":when=1"
	case "full":
		trace, inject = "trace=pwrite64", "inject=pwrite64:error=ENOSPC"
	}
	tracer := exec.Command("strace", "-f", "-p", fmt.Sprint(pid), "-e", trace, "-e", inject, "-o", filepath.Join(t.TempDir(), "trace"))
	tracer.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	told, err := tracer.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := tracer.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(told).ReadString('\n') // "Process N attached with M threads"
	if err != nil || !strings.Contains(line, "attached") {
		t.Errorf("strace says %q, %v", line, err)
	}
	go func() { _, _ = io.Copy(io.Discard, told) }()
	return tracer
}

// endTracing lets the syncs work again and returns how many failed.
func endTracing(t *testing.T, tracer *exec.Cmd) int {
	_ = tracer.Process.Signal(syscall.SIGINT)
	_ = tracer.Wait()
	trace, err := os.ReadFile(tracer.Args[len(tracer.Args)-1])
	if err != nil {
		t.Error(err)
	}
	return strings.Count(string(trace), "(INJECTED)")
}

// syncsFail is whether the syncs of this process fail now.
var syncsFail bool

// ask has the test around this process make its syncs fail, or work again.
func ask(what string) {
	syncsFail = what == "break"
	fmt.Println(what)
	_, _ = bufio.NewReader(oneByte{os.Stdin}).ReadString('\n')
}

// oneByte reads no more than it is asked for.
type oneByte struct{ io.Reader }

func (o oneByte) Read(into []byte) (int, error) { return o.Reader.Read(into[:1]) }

// useFaultyDisk saves and changes the data key while syncs fail.
func useFaultyDisk(t *testing.T) {
	o := newRingOffice(t)
	ctx := atWindow(t)
	begun, err := o.Ops.Organisation.Begin(ctx, ringForm)
	if err != nil {
		t.Fatal(err)
	}
	switch os.Getenv("KEYDESK_FAULTY_DISK") {
	case "first run":
		ask("break")
		confirmOnFaultyDisk(t, o, begun)
		return
	case "first run, after its note":
		call := o.ring.call
		o.ring.call = func(what string) {
			if call(what); what == "set" && !syncsFail {
				o.ring.call = nil
				ask("break")
			}
		}
		confirmOnFaultyDisk(t, o, begun)
		return
	case "full":
		confirmOnFullDisk(t, o, begun)
		return
	}
	if _, err := o.Ops.Organisation.Confirm(ctx, confirming(begun)); err != nil {
		t.Fatal(err)
	}
	oldCode := begun.RecoveryCode
	place, stage := shipped(t, o.Backend)
	acknowledged := []string{}
	save := func() error {
		one := draft(place, stage, "http://127.0.0.1:9/")
		one.Enabled = false
		saved, err := o.Ops.Setup.Create(ctx, setup.CreateInput{Draft: one})
		if err == nil {
			acknowledged = append(acknowledged, saved.Setups[0].ID)
		}
		return err
	}
	if err := save(); err != nil {
		t.Fatal(err)
	}
	if begun, err = o.Ops.Organisation.ChangeKey(ctx, organisation.ChangeKeyInput{}); err != nil {
		t.Fatal(err)
	}
	ask("break")
	_, changed := o.Ops.Organisation.ConfirmChange(ctx, confirming(begun))
	told := codeOf(changed)
	t.Logf("the change of the data key gave %v", changed)
	// store.in_doubt comes from what is written before the new key, such as the note
	// of its keyring item.
	if changed != nil && told != "store.io" && told != "store.in_doubt" && told != "vault.in_doubt" {
		t.Errorf("the change gave %v", changed)
	}
	o.wantAfterKill(t, acknowledged, func(again *backend.Backend) {
		old, next := again.Vault.ProveRecovery(t.Context(), secret.New(oldCode)), again.Vault.ProveRecovery(t.Context(), secret.New(begun.RecoveryCode))
		if told == "store.io" && old != nil || changed == nil && next != nil || (old == nil) == (next == nil) {
			t.Errorf("told %q; the old code gives %v, the new one %v", told, old, next)
		}
	})
	_, placed := o.Ops.Process.CreatePlace(ctx, process.CreatePlaceInput{Name: "In doubt"})
	t.Logf("a save gave %v", placed)
	o.wantAfterKill(t, acknowledged, func(again *backend.Backend) {
		nodes, err := again.Store.Nodes(t.Context())
		there := false
		for _, node := range nodes {
			there = there || node.Name == "In doubt"
		}
		if err != nil || codeOf(placed) == "store.io" && there || placed == nil && !there {
			t.Errorf("a save that gave %v is there: %v, %v", placed, there, err)
		}
	})
	ask("repair")
	// When the disk works again so does everything, without a restart.
	if err := save(); err != nil {
		t.Errorf("after the disk works again: %v", err)
	}
	code := oldCode
	if o.Vault.ProveRecovery(t.Context(), secret.New(oldCode)) != nil {
		code = begun.RecoveryCode
	}
	o.wantAfterKill(t, acknowledged, func(*backend.Backend) {})
	o.wantWhole(t, code, acknowledged)
}

// confirmOnFaultyDisk confirms the first run while syncs fail. There is an office
// that opens, or none; once the disk works, the same confirmation works.
func confirmOnFaultyDisk(t *testing.T, o *ringOffice, begun organisation.Begun) {
	_, err := o.Ops.Organisation.Confirm(atWindow(t), confirming(begun))
	t.Logf("confirming gave %v", err)
	// store.in_doubt is about the note of the keyring's item alone.
	if told := codeOf(err); told != "store.io" && told != "store.in_doubt" && told != "vault.in_doubt" {
		t.Errorf("confirming gave %v", err)
	}
	again := o.killed(t)
	state, stateErr := again.Ops.Organisation.State(atWindow(t), organisation.Nothing{})
	if stateErr != nil || state.Phase == organisation.Unlock || codeOf(err) != "vault.in_doubt" && state.Phase != organisation.FirstRun {
		t.Errorf("told %v; after a restart: %+v, %v", err, state, stateErr)
	}
	ask("repair")
	if codeOf(err) == "vault.in_doubt" {
		if begun, err = o.Ops.Organisation.Begin(atWindow(t), ringForm); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := o.Ops.Organisation.Confirm(atWindow(t), confirming(begun)); err != nil {
		t.Fatal(err)
	}
	o.wantWhole(t, begun.RecoveryCode, nil)
}

// confirmOnFullDisk confirms the first run, and later a change of the data key,
// while the disk is full. Nothing is kept, the printed code stays good, and the
// same confirmation works once there is space.
func confirmOnFullDisk(t *testing.T, o *ringOffice, begun organisation.Begun) {
	ctx := atWindow(t)
	ask("break")
	for range 2 {
		if _, err := o.Ops.Organisation.Confirm(ctx, confirming(begun)); codeOf(err) != "store.disk_full" {
			t.Errorf("the first run gave %v", err)
		}
		if names := o.ring.names(); len(names) != 0 {
			t.Errorf("left in the keyring: %v", names)
		}
	}
	ask("repair")
	if _, err := o.Ops.Organisation.Confirm(ctx, confirming(begun)); err != nil {
		t.Fatal(err)
	}
	if err := o.Vault.ProveRecovery(ctx, secret.New(begun.RecoveryCode)); err != nil {
		t.Error(err)
	}
	begun, err := o.Ops.Organisation.ChangeKey(ctx, organisation.ChangeKeyInput{})
	if err != nil {
		t.Fatal(err)
	}
	ask("break")
	for range 2 {
		if _, err := o.Ops.Organisation.ConfirmChange(ctx, confirming(begun)); codeOf(err) != "store.disk_full" {
			t.Errorf("the change gave %v", err)
		}
	}
	ask("repair")
	place, stage := shipped(t, o.Backend) // saved under the old key
	one := draft(place, stage, "http://127.0.0.1:9/")
	one.Enabled = false
	saved, err := o.Ops.Setup.Create(ctx, setup.CreateInput{Draft: one})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.Ops.Organisation.ConfirmChange(ctx, confirming(begun)); err != nil {
		t.Fatal(err)
	}
	o.wantWhole(t, begun.RecoveryCode, []string{saved.Setups[0].ID})
}

// Sign-in (RULES.md): a right password is no wrong one, however often what
// follows it fails. On a nearly full disk the count can be written and the
// sign-in cannot.
func TestRightPasswordOnANearlyFullDisk(t *testing.T) {
	folder := t.TempDir()
	b := opened(t, folder, func(o *backend.Options) { o.Store = []store.Option{store.WithMaxPages(118)} })
	firstRun(t, b)
	signIn := func(b *backend.Backend, password string) error {
		_, err := b.Ops.User.SignIn(atWindow(t), user.SignInInput{Name: adminName, Password: secret.New(password)})
		return err
	}
	full := 0
	for n := 0; full < 20; n++ {
		switch err := signIn(b, adminPassword); codeOf(err) {
		case "store.disk_full":
			full++
		case "":
			if err != nil || n > 5_000 {
				t.Fatalf("after %d: %v", n, err)
			}
		default:
			t.Fatalf("after %d on a full disk: %v", full, err)
		}
	}
	// Wrong ones still count, and one right one pays for at most one of them.
	free := 0
	for ; codeOf(signIn(b, "not-the-password")) == "user.wrong_sign_in"; free++ {
		if free > 10 {
			t.Fatal("wrong passwords are free on a full disk")
		}
	}
	if free != 5 {
		t.Errorf("%d wrong passwords were free", free)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
}

// copied copies folder and keyring as they would be found had the program been
// killed now.
func (o *ringOffice) copied(t *testing.T) (folder string, ring *testRing) {
	t.Helper()
	folder = t.TempDir()
	entries, err := os.ReadDir(o.folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if entry.IsDir() || strings.HasSuffix(entry.Name(), "-shm") { // which is made from the log
			continue
		}
		data, err := os.ReadFile(filepath.Join(o.folder, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, entry.Name()), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ring = newTestRing()
	o.ring.mu.Lock()
	defer o.ring.mu.Unlock()
	maps.Copy(ring.items, o.ring.items)
	return folder, ring
}

// killed opens the office as it would be found had the program been killed now.
func (o *ringOffice) killed(t *testing.T) *backend.Backend {
	t.Helper()
	folder, ring := o.copied(t)
	again := backend.New(backend.Options{Folder: folder, Hash: cheap, Keyring: ring.keyring(), Now: time.Now})
	failing := syncsFail
	if failing {
		ask("repair")
	}
	err := again.Open(atWindow(t))
	if failing {
		ask("break")
	}
	if err != nil {
		t.Fatalf("after a kill: %v", err)
	}
	t.Cleanup(func() { _ = again.Close() })
	return again
}

// wantAfterKill checks that the keyring opens the office after a kill, with all
// that was acknowledged.
func (o *ringOffice) wantAfterKill(t *testing.T, setups []string, check func(again *backend.Backend)) {
	t.Helper()
	again := o.killed(t)
	if state := again.Vault.State(); !state.Open || state.Reason != vault.OK {
		t.Errorf("after a kill: %+v", state)
		return
	}
	for _, id := range setups {
		if got, err := again.Vault.Get(t.Context(), setup.Kind, id, "auth.token"); err != nil || got.Reveal() != canary {
			t.Errorf("an acknowledged secret: %q, %v", got.Reveal(), err)
		}
	}
	check(again)
}
