package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"keydesk/backend"
	"keydesk/backend/access"
	"keydesk/backend/call"
	"keydesk/backend/fault"
	"keydesk/backend/host"
	"keydesk/backend/localapi"
	"keydesk/backend/organisation"
	"keydesk/backend/process"
	"keydesk/backend/request"
	"keydesk/backend/secret"
	"keydesk/backend/setup"
	"keydesk/backend/user"
)

// These tests run real programs: keydeskd as it is built, and this test program
// in two parts. "door" is keydeskd with a door that tests can call through;
// "window" is a program that has the data open as the window has, with the same
// door. A third, "make", makes an office.
const (
	partVariable = "KEYDESKD_TEST_PART"
	doorVariable = "KEYDESKD_TEST_DOOR" // the door's socket
)

// built is the program under test.
var built string

func TestMain(m *testing.M) {
	switch os.Getenv(partVariable) {
	case "door":
		doors = func(h *host.Host, _ *slog.Logger) []door { return []door{&testDoor{host: h}} }
		os.Exit(run(os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr}))
	case "window":
		os.Exit(runWindow(os.Args[1]))
	case "make":
		code, err := firstRun(context.Background(), os.Args[1], "")
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Print(code)
		os.Exit(0)
	}
	os.Exit(testAll(m))
}

func testAll(m *testing.M) int {
	// The variables of the service manager that runs the tests are not ours.
	for _, name := range []string{"NOTIFY_SOCKET", "CREDENTIALS_DIRECTORY", passphraseVariable, keyVariable} {
		_ = os.Unsetenv(name)
	}
	folder, err := os.MkdirTemp("", "keydeskd") // short: a socket's path has 108 bytes
	if err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(folder) }()
	built = filepath.Join(folder, "keydeskd")
	if out, err := exec.Command("go", "build", "-ldflags", "-s -w -X main.version=1.2.3", "-o", built, ".").CombinedOutput(); err != nil {
		panic(fmt.Sprintf("%v\n%s", err, out))
	}
	return m.Run()
}

const (
	userName   = "admin"
	password   = "correct-horse-battery-9"
	passphrase = "six words that only tests know"
	token      = "tokEn-7Q2x-only-here"
)

// cheap makes password hashes quick.
var cheap = user.Params{MemoryKiB: 64, Time: 1, Threads: 1}

// window is the source of the calls that tests make.
var window = access.Source{Kind: access.Window, ID: "the window of this test"}

func atWindow(ctx context.Context) context.Context { return access.WithSource(ctx, window) }

// testDoor is a door on a socket: each request sends one message, of which the
// query says where and what, and is answered with the call's id. It is opened and
// stopped as keydeskd's own doors are.
type testDoor struct {
	host   *host.Host
	server atomic.Pointer[http.Server]
}

// doorSays is where the door of these tests claims to listen.
const doorSays = "http://127.0.0.1:7373"

// State says what the local API's door would.
func (d *testDoor) State() localapi.State {
	if d.server.Load() == nil {
		return localapi.State{On: true}
	}
	return localapi.State{On: true, Listening: []string{doorSays}}
}

// Apply is part of door.
func (d *testDoor) Apply(ctx context.Context) error {
	if d.server.Load() != nil {
		return nil
	}
	in := user.SignInInput{Name: userName, Password: secret.New(password)}
	if _, err := d.host.Ops.User.SignIn(atWindow(ctx), in); err != nil {
		return err
	}
	path := os.Getenv(doorVariable)
	_ = os.Remove(path) // left by a kill
	listener, err := net.Listen("unix", path)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: http.HandlerFunc(d.fire)}
	go func() { _ = server.Serve(listener) }()
	d.server.Store(server)
	return nil
}

// Stop is part of door.
func (d *testDoor) Stop(ctx context.Context) error {
	if server := d.server.Swap(nil); server != nil {
		return server.Shutdown(ctx)
	}
	return nil
}

func (d *testDoor) fire(w http.ResponseWriter, r *http.Request) {
	asked := r.URL.Query()
	detail, err := d.host.Ops.Call.Send(atWindow(r.Context()), call.SendInput{
		PlaceID: asked.Get("place"), StageID: asked.Get("stage"), Channel: setup.SMS, Confirmed: true,
		Record: map[string]string{"Order": asked.Get("order")}, IdempotencyKey: asked.Get("order"),
	})
	if err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = io.WriteString(w, fault.From(err).Error())
		return
	}
	_, _ = io.WriteString(w, detail.Call.ID)
}

// runWindow has a folder open as the window does, until it is ended. It prints
// what happened to it, and takes the folder over if keydeskd has it.
func runWindow(folder string) int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	h := host.New(host.Options{
		Folder: folder, Version: "window", Log: host.NewLogFile(os.Stderr),
		Make: func() host.Backend {
			return backend.New(backend.Options{Folder: folder, Version: "window", Hash: cheap})
		},
		Control: host.Control{Program: host.Window, Show: func() { fmt.Println("shown") }},
	})
	defer func() { _ = h.Close(context.Background()) }()
	h.Start()
	if err := h.Opened(ctx); err != nil {
		fmt.Println("failed", fault.From(err).Code)
		return 1
	}
	if _, err := h.Ops.Organisation.Unlock(atWindow(ctx), organisation.UnlockInput{Passphrase: secret.New(passphrase)}); err != nil {
		fmt.Println("failed", fault.From(err).Code)
		return 1
	}
	one := &testDoor{host: h}
	if os.Getenv(doorVariable) != "" {
		if err := one.Apply(ctx); err != nil {
			fmt.Println("failed", err)
			return 1
		}
	}
	fmt.Println("has the data")
	<-ctx.Done()
	_ = one.Stop(context.Background())
	return 0
}

// inOffice opens an office, runs do in it, and closes it.
func inOffice(t *testing.T, folder string, do func(ops backend.Ops)) {
	t.Helper()
	b := backend.New(backend.Options{Folder: folder, Version: "test", Hash: cheap})
	if err := b.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	}()
	do(b.Ops)
}

// officeSaid is what was shown at the first run of every office of these tests,
// and must be printed nowhere.
var officeSaid sync.Map

// makeOffice makes an office under a passphrase and returns its folder.
func makeOffice(t *testing.T, passphrase string) (folder string) {
	t.Helper()
	folder = filepath.Join(t.TempDir(), "data")
	code, err := firstRun(t.Context(), folder, passphrase)
	if err != nil {
		t.Fatal(err)
	}
	officeSaid.Store(code, true)
	return folder
}

// makeKeyringOffice makes an office whose data key is in the keyring. Another
// process makes it: the keyring's library keeps the bus that a program is started
// with.
func makeKeyringOffice(t *testing.T) (folder string) {
	t.Helper()
	folder = filepath.Join(t.TempDir(), "data")
	cmd := exec.Command(os.Args[0], folder)
	cmd.Env = append(os.Environ(), partVariable+"=make")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	officeSaid.Store(string(out), true)
	return folder
}

// firstRun makes an office and returns its recovery code. An empty passphrase
// means the keyring.
func firstRun(ctx context.Context, folder, passphrase string) (code string, err error) {
	b := backend.New(backend.Options{Folder: folder, Version: "test", Hash: cheap})
	if err := b.Open(ctx); err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	ctx = atWindow(ctx)
	begun, err := b.Ops.Organisation.Begin(ctx, organisation.BeginInput{
		Organisation: "Acme", Country: "IN", TimeZone: "Asia/Kolkata", UserName: userName,
		Password: secret.New(password), Passphrase: secret.New(passphrase),
	})
	if err != nil {
		return "", err
	}
	code = begun.RecoveryCode
	_, err = b.Ops.Organisation.Confirm(ctx, organisation.ConfirmInput{StartID: begun.StartID, LastFour: code[len(code)-4:]})
	return code, err
}

// destination is where a message is sent from: a stage with a setup.
type destination struct{ place, stage string }

// makeSetups makes stages with a setup each, which sends its record's Order to an
// address.
func makeSetups(t *testing.T, folder, address string, stages int) (made []destination) {
	t.Helper()
	signedIn(t, folder, func(ops backend.Ops) {
		ctx := atWindow(t.Context())
		place, err := ops.Process.CreatePlace(ctx, process.CreatePlaceInput{Name: "Orders"})
		if err != nil {
			t.Fatal(err)
		}
		for number := range stages {
			stage, err := ops.Process.CreateStage(ctx, process.CreateStageInput{PlaceID: place.ID, Name: fmt.Sprint("Stage ", number)})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := ops.Process.CreateField(ctx, process.CreateFieldInput{StageID: stage.ID, Name: "Order", Type: process.Text, Sample: "a sample"}); err != nil {
				t.Fatal(err)
			}
			if _, err := ops.Setup.Create(ctx, setup.CreateInput{Draft: setup.Draft{
				PlaceID: place.ID, StageID: stage.ID, Channel: setup.SMS, Enabled: true, Name: stage.Name,
				Request: request.Spec{
					Method: "POST", URL: address, BodyFormat: request.JSONBody,
					Auth:        request.Auth{Type: request.Bearer, Token: request.Value{Secret: true, Typed: secret.New(token)}},
					Params:      []request.Param{{Name: "order", Value: request.Value{Plain: "{{order}}"}}},
					StageParams: []request.StageParam{{Variable: "order", Field: "Order"}},
				},
			}}); err != nil {
				t.Fatal(err)
			}
			made = append(made, destination{place.ID, stage.ID})
		}
	})
	return made
}

// signedIn opens an office under its passphrase, signs in and runs do.
func signedIn(t *testing.T, folder string, do func(ops backend.Ops)) {
	t.Helper()
	inOffice(t, folder, func(ops backend.Ops) {
		ctx := atWindow(t.Context())
		if _, err := ops.Organisation.Unlock(ctx, organisation.UnlockInput{Passphrase: secret.New(passphrase)}); err != nil {
			t.Fatal(err)
		}
		if _, err := ops.User.SignIn(ctx, user.SignInInput{Name: userName, Password: secret.New(password)}); err != nil {
			t.Fatal(err)
		}
		do(ops)
	})
}

// running is a program that was started.
type running struct {
	t    *testing.T
	cmd  *exec.Cmd
	out  *output
	done chan struct{}
	// ready gets what the program tells the service manager.
	told *manager
}

// output collects what a program prints, and can be waited for.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(part []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(part)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// manager is a service manager's socket.
type manager struct {
	path string
	output
}

func newManager(t *testing.T) *manager {
	t.Helper()
	folder, err := os.MkdirTemp("", "manager") // short: a socket's path has 108 bytes
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	m := &manager{path: filepath.Join(folder, "notify")}
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: m.path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	go func() {
		for got := make([]byte, 4096); ; {
			n, err := conn.Read(got)
			if err != nil {
				return
			}
			_, _ = m.Write(append(got[:n:n], '\n'))
		}
	}()
	return m
}

// launch starts a program with more variables. It is ended with the test.
func launch(t *testing.T, variables []string, change func(*exec.Cmd), program string, args ...string) *running {
	t.Helper()
	r := &running{t: t, cmd: exec.Command(program, args...), out: &output{}, done: make(chan struct{}), told: newManager(t)}
	r.cmd.Env = append(os.Environ(), append([]string{"NOTIFY_SOCKET=" + r.told.path}, variables...)...)
	r.cmd.Stdout, r.cmd.Stderr = r.out, r.out
	r.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	r.cmd.WaitDelay = time.Second
	if change != nil {
		change(r.cmd)
	}
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = r.cmd.Wait()
		close(r.done)
	}()
	t.Cleanup(func() {
		r.kill()
		r.mustBeQuiet()
	})
	return r
}

// serve starts keydeskd as it is built, with the passphrase of these tests.
func serve(t *testing.T, folder string, args ...string) *running {
	t.Helper()
	return launch(t, []string{passphraseVariable + "=" + passphrase}, nil, built,
		append([]string{"serve", "--data", folder, "--passphrase-from-env"}, args...)...)
}

// waitFor waits until a program has printed something, or told its manager.
func (r *running) waitFor(text string) {
	r.t.Helper()
	if !r.prints(text) {
		r.t.Fatalf("no %q within the limit, or it ended before:\n%s\n%s", text, r.out, &r.told.output)
	}
}

// prints reports whether a program prints something before it ends.
func (r *running) prints(text string) bool {
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		ended := r.ended()
		if strings.Contains(r.out.String(), text) || strings.Contains(r.told.String(), text) {
			return true
		}
		if ended {
			return false
		}
	}
	return false
}

func (r *running) ended() bool {
	select {
	case <-r.done:
		return true
	default:
		return false
	}
}

// code waits for the end and returns the exit code, -1 after a signal.
func (r *running) code() int {
	r.t.Helper()
	select {
	case <-r.done:
	case <-time.After(20 * time.Second):
		r.t.Fatalf("it does not end:\n%s", r.out)
	}
	return r.cmd.ProcessState.ExitCode()
}

func (r *running) signal(s syscall.Signal) {
	r.t.Helper()
	if err := r.cmd.Process.Signal(s); err != nil && !errors.Is(err, os.ErrProcessDone) {
		r.t.Fatal(err)
	}
}

// stop ends a program as a service manager does.
func (r *running) stop() int {
	r.t.Helper()
	r.signal(syscall.SIGTERM)
	return r.code()
}

func (r *running) kill() {
	_ = r.cmd.Process.Kill()
	<-r.done
}

// mustBeQuiet fails if a secret was printed or told (A35).
func (r *running) mustBeQuiet() {
	r.t.Helper()
	mustHoldNoSecret(r.t, r.out.String()+r.told.String())
}

func mustHoldNoSecret(t *testing.T, text string) {
	t.Helper()
	for _, one := range []string{passphrase, password, token} {
		if strings.Contains(text, one) {
			t.Errorf("a secret was printed:\n%s", text)
		}
	}
	officeSaid.Range(func(code, _ any) bool {
		if strings.Contains(text, code.(string)) {
			t.Errorf("a recovery code was printed:\n%s", text)
		}
		return true
	})
}

// examine runs doctor with --json.
func examine(t *testing.T, folder string) (found report, code int) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd := exec.Command(built, "doctor", "--json", "--data", folder)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if exit := (&exec.ExitError{}); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	mustHoldNoSecret(t, stdout.String()+stderr.String())
	if err := json.Unmarshal(stdout.Bytes(), &found); err != nil {
		t.Fatalf("%v\n%s%s", err, &stdout, &stderr)
	}
	return found, cmd.ProcessState.ExitCode()
}

// of returns what a check found.
func (r report) of(t *testing.T, name string) finding {
	t.Helper()
	for _, one := range r.Checks {
		if one.Name == name {
			return one
		}
	}
	t.Fatalf("no check %q in %+v", name, r)
	return finding{}
}
