package host_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"keydesk/backend"
	"keydesk/backend/fault"
	"keydesk/backend/host"
	"keydesk/backend/organisation"
)

// program is a host with control.sock, as one of Keydesk's programs has it.
type program struct {
	*host.Host
	*phases
	shown atomic.Int64
	back  chan struct{} // gets one when the program that asked for the folder has gone
	wait  sync.WaitGroup
}

// start makes and starts a program on a folder. build makes its backend; nil is
// the real one.
func start(t *testing.T, folder string, which host.Program, build func() host.Backend) *program {
	t.Helper()
	if build == nil {
		build = func() host.Backend {
			return backend.New(backend.Options{Folder: folder, Version: "test", Hash: cheap})
		}
	}
	p := &program{phases: &phases{}, back: make(chan struct{}, 1)}
	control := host.Control{Program: which, Listening: func() []string { return []string{"http://127.0.0.1:7373"} }}
	if which == host.Window {
		control.Show = func() { p.shown.Add(1) }
	} else {
		control.Release = func(ctx context.Context) error { return p.Release(ctx) }
		control.Gone = func() {
			p.wait.Go(func() {
				_ = p.Resume(context.Background())
				p.back <- struct{}{}
			})
		}
	}
	p.Host = host.New(host.Options{Folder: folder, Version: "9.9 " + string(which), Log: host.NewLogFile(io.Discard), Moved: p.add, Make: build, Control: control})
	t.Cleanup(func() { p.end(t) })
	p.Start()
	return p
}

func (p *program) end(t *testing.T) {
	t.Helper()
	if err := p.Close(context.Background()); err != nil {
		t.Error(err)
	}
	p.wait.Wait()
}

func (p *program) mustBeOpen(t *testing.T) {
	t.Helper()
	if err := p.Opened(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func socketIn(folder string) string { return filepath.Join(folder, "control.sock") }

// RULES.md, Two programs: only the owner of the folder has control.sock. It says
// who it is, and there is none before, after and while the folder is released.
func TestTheOwnerSaysWhoItIs(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "data")
	nobody := func() {
		t.Helper()
		if owner, err := host.AskOwner(t.Context(), folder); !errors.Is(err, host.ErrNoOwner) {
			t.Errorf("%+v, %v", owner, err)
		}
		if _, err := os.Lstat(socketIn(folder)); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("control.sock: %v", err)
		}
	}
	nobody()
	p := start(t, folder, host.Keydeskd, nil)
	p.mustBeOpen(t)
	for range 2 {
		owner, err := host.AskOwner(t.Context(), folder)
		if want := (host.Owner{Program: host.Keydeskd, Version: "9.9 keydeskd", PID: os.Getpid(), Listening: []string{"http://127.0.0.1:7373"}}); err != nil || !reflect.DeepEqual(owner, want) {
			t.Errorf("%+v, %v", owner, err)
		}
		info, err := os.Lstat(socketIn(folder))
		if err != nil || info.Mode() != fs.ModeSocket|0o600 {
			t.Errorf("%v, %v", info.Mode(), err)
		}
		if err := p.Release(t.Context()); err != nil {
			t.Fatal(err)
		}
		nobody()
		if err := p.Resume(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	p.end(t)
	nobody()
}

// A folder's path may be longer than the address of a socket.
func TestControlInALongFolder(t *testing.T) {
	for _, length := range []int{94, 95, 96, 400} {
		folder := t.TempDir()
		for len(folder) < length-1 {
			folder = filepath.Join(folder, strings.Repeat("x", min(length-len(folder)-1, 60)))
		}
		daemon := start(t, folder, host.Keydeskd, nil)
		daemon.mustBeOpen(t)
		window := start(t, folder, host.Window, nil)
		window.mustBeOpen(t)
		if err := host.AskToShow(t.Context(), folder); err != nil {
			t.Errorf("%d bytes: %v", len(folder), err)
		}
		window.end(t)
		<-daemon.back
		daemon.end(t)
		if _, err := os.Lstat(socketIn(folder)); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%d bytes: control.sock: %v", len(folder), err)
		}
	}
}

// A socket that a killed program left is replaced. What is no socket is left
// alone, and the program works without control.sock.
func TestWhatIsInPlaceOfTheSocket(t *testing.T) {
	stale := func(path string) error {
		listener, err := net.ListenUnix("unix", &net.UnixAddr{Name: path})
		if err != nil {
			return err
		}
		listener.SetUnlinkOnClose(false)
		return listener.Close()
	}
	for name, c := range map[string]struct {
		put     func(path string) error
		answers bool
	}{
		"a stale socket": {stale, true},
		"a stale socket with wide modes": {func(path string) error {
			return errors.Join(stale(path), os.Chmod(path, 0o777))
		}, true},
		"a file":   {func(path string) error { return os.WriteFile(path, []byte("a note"), 0o600) }, false},
		"a folder": {func(path string) error { return os.Mkdir(path, 0o700) }, false},
		"a link":   {func(path string) error { return os.Symlink("/nowhere", path) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			if err := c.put(socketIn(folder)); err != nil {
				t.Fatal(err)
			}
			before, err := os.Lstat(socketIn(folder))
			if err != nil {
				t.Fatal(err)
			}
			if owner, err := host.AskOwner(t.Context(), folder); err == nil {
				t.Errorf("before: %+v", owner)
			}
			p := start(t, folder, host.Keydeskd, nil)
			p.mustBeOpen(t)
			if _, err := host.AskOwner(t.Context(), folder); (err == nil) != c.answers {
				t.Errorf("it answers: %v", err)
			}
			p.end(t)
			if after, err := os.Lstat(socketIn(folder)); (err == nil && os.SameFile(before, after)) == c.answers {
				t.Errorf("afterwards: %v, %v", after, err)
			}
		})
	}
}

// say sends text on a connection of its own and returns what comes back.
func say(t *testing.T, folder, text string) string {
	t.Helper()
	conn, err := net.Dial("unix", socketIn(folder))
	if err != nil {
		t.Error(err)
		return ""
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	_, _ = io.WriteString(conn, text) // the other end may have closed already
	answer, _ := io.ReadAll(conn)
	return string(answer)
}

// A program that misbehaves on control.sock gets a refusal or nothing, ends in
// time, changes nothing, and keeps nobody else from an answer.
func TestHostileClients(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	p := start(t, folder, host.Keydeskd, nil)
	p.mustBeOpen(t)
	var wait sync.WaitGroup
	for name, text := range map[string]string{
		"nothing":           "",
		"half a line":       `{"control":1,"ask":"rel`,
		"no JSON":           "release\n",
		"an empty line":     "\n",
		"bytes":             "\x00\xff\xfe\x01\n",
		"HTTP":              "POST / HTTP/1.1\r\nHost: x\r\n\r\n",
		"another type":      `{"control":"1","ask":["release"]}` + "\n",
		"no version":        `{"ask":"release"}` + "\n",
		"a newer version":   `{"control":2,"ask":"release"}` + "\n",
		"an unknown ask":    `{"control":1,"ask":"Release"}` + "\n",
		"a huge line":       strings.Repeat("x", 1<<20),
		"a huge JSON line":  `{"control":1,"ask":"` + strings.Repeat("release", 1<<17) + `"}` + "\n",
		"many JSON levels":  strings.Repeat("[", 4000) + "\n",
		"an endless object": `{"control":1,` + strings.Repeat(`"ask":"release",`, 300),
	} {
		wait.Go(func() {
			began := time.Now()
			answer := say(t, folder, text)
			var got struct {
				Control       int
				Code, Message string
			}
			if answer != "" && (json.Unmarshal([]byte(answer), &got) != nil || got.Code != "keydesk.question" || got.Message == "" || strings.Count(answer, "\n") != 1) {
				t.Errorf("%s: %q", name, answer)
			}
			if took := time.Since(began); took > 6*time.Second {
				t.Errorf("%s took %v", name, took)
			}
		})
	}
	// More connections at once than are served, which say nothing.
	for range 40 {
		conn, err := net.Dial("unix", socketIn(folder))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
	}
	for range 20 {
		if _, err := host.AskOwner(t.Context(), folder); err != nil {
			t.Error(err)
		}
	}
	wait.Wait()
	for range 200 {
		conn, err := net.Dial("unix", socketIn(folder))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
	}
	for began := time.Now(); ; {
		_, err := host.AskOwner(t.Context(), folder)
		if err == nil {
			break
		}
		if time.Since(began) > 8*time.Second {
			t.Fatal(err)
		}
	}
	if phase, _ := p.State(); phase != host.Open {
		t.Errorf("it is %s", phase)
	}
	p.are(t, host.Opening, host.Open)
}

// A new member of a question is passed over: an older program answers a newer
// one as long as the number of the protocol is the same.
func TestUnknownMembersArePassedOver(t *testing.T) {
	folder := t.TempDir()
	p := start(t, folder, host.Window, nil)
	p.mustBeOpen(t)
	if answer := say(t, folder, `{"control":1,"ask":"hello","colour":{"a":[1]}}`+"\n"); !strings.Contains(answer, `"program":"window"`) {
		t.Error(answer)
	}
}

// Only programs of the same user are answered, even where others can open the socket.
func TestAnotherUserGetsNoAnswer(t *testing.T) {
	folder := t.TempDir()
	p := start(t, folder, host.Keydeskd, nil)
	p.mustBeOpen(t)
	const release = `{"control":1,"ask":"release"}` + "\n"
	undo := host.AsAnotherUser()
	answer := say(t, folder, release)
	_, err := host.AskOwner(t.Context(), folder)
	undo()
	if answer != "" || !errors.Is(err, host.ErrNoAnswer) {
		t.Errorf("%q, %v", answer, err)
	}
	if os.Geteuid() == 0 {
		// Another user for real, to whom the folder and the socket are open.
		for path := folder; path != os.TempDir() && len(path) > 1; path = filepath.Dir(path) {
			if err := os.Chmod(path, 0o755); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Chmod(socketIn(folder), 0o666); err != nil {
			t.Fatal(err)
		}
		if answer, err := askAs(12345, socketIn(folder), release); answer != "" || err != nil {
			t.Errorf("%q, %v", answer, err)
		}
		if answer, err := askAs(0, socketIn(folder), `{"control":1,"ask":"hello"}`+"\n"); !strings.Contains(answer, "keydeskd") || err != nil {
			t.Errorf("the same user: %q, %v", answer, err)
		}
	}
	if phase, _ := p.State(); phase != host.Open {
		t.Errorf("it is %s", phase)
	}
}

// askAs asks from a thread that has another user id. The thread is thrown away.
func askAs(uid int, path, text string) (answer string, err error) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // and never unlocked
		if _, _, no := unix.RawSyscall(unix.SYS_SETRESUID, ^uintptr(0), uintptr(uid), ^uintptr(0)); no != 0 {
			err = no
			return
		}
		var fd int
		if fd, err = unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0); err != nil {
			return
		}
		defer unix.Close(fd)
		if err = unix.Connect(fd, &unix.SockaddrUnix{Name: path}); err != nil {
			return
		}
		_, _ = unix.SendmsgN(fd, []byte(text), nil, nil, unix.MSG_NOSIGNAL)
		got := make([]byte, 4096)
		n, _ := unix.Read(fd, got)
		answer = string(got[:max(n, 0)])
	}()
	<-done
	return answer, err
}

// RULES.md, Two programs: the window gets the folder that keydeskd has, and
// keydeskd gets it back when the window has closed. The window keeps it while it
// releases and resumes it itself, and gives it to nobody who asks.
func TestTheWindowTakesOverAndHandsBack(t *testing.T) {
	folder := t.TempDir()
	daemon := start(t, folder, host.Keydeskd, nil)
	daemon.mustBeOpen(t)
	for range 3 {
		window := start(t, folder, host.Window, nil)
		window.mustBeOpen(t)
		if phase, _ := daemon.State(); phase != host.Released {
			t.Errorf("keydeskd is %s", phase)
		}
		if owner, err := host.AskOwner(t.Context(), folder); err != nil || owner.Program != host.Window {
			t.Errorf("%+v, %v", owner, err)
		}
		if answer := say(t, folder, `{"control":1,"ask":"release"}`+"\n"); !strings.Contains(answer, "keydesk.kept") {
			t.Error(answer)
		}
		if err := window.Release(t.Context()); err != nil {
			t.Error(err)
		}
		time.Sleep(120 * time.Millisecond) // longer than somebody who waits for the lock sleeps
		if phase, _ := daemon.State(); phase != host.Released {
			t.Errorf("while the window has released, keydeskd is %s", phase)
		}
		if err := window.Resume(t.Context()); err != nil {
			t.Error(err)
		}
		window.end(t)
		<-daemon.back
		if phase, _ := daemon.State(); phase != host.Open {
			t.Errorf("afterwards keydeskd is %s", phase)
		}
	}
	again := []host.Phase{host.Released, host.Opening, host.Open}
	daemon.are(t, append([]host.Phase{host.Opening, host.Open}, append(append(again, again...), again...)...)...)
}

// Where keydeskd did not run before, nobody takes the folder when the window
// closes; and a keydeskd that only waits for the folder gets it then.
func TestKeydeskdThatWaits(t *testing.T) {
	folder := t.TempDir()
	window := start(t, folder, host.Window, nil)
	window.mustBeOpen(t)
	late := start(t, folder, host.Keydeskd, nil)
	if err := late.Opened(t.Context()); !errors.Is(err, host.ErrInUse) {
		t.Errorf("%v", err)
	}
	got := make(chan error, 1)
	go func() { got <- late.Resume(t.Context()) }()
	// The window releases for a moment: keydeskd may have the folder then, and the
	// window gets it back.
	if err := window.Release(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-got; err != nil {
		t.Fatal(err)
	}
	if err := window.Resume(t.Context()); err != nil {
		t.Errorf("the window did not get its folder back: %v", err)
	}
	window.end(t)
	<-late.back
	late.mustBeOpen(t)
}

// Only the program with a window shows it.
func TestShow(t *testing.T) {
	folder, other := t.TempDir(), t.TempDir()
	window, elsewhere := start(t, folder, host.Window, nil), start(t, other, host.Window, nil)
	window.mustBeOpen(t)
	elsewhere.mustBeOpen(t)
	second := start(t, folder, host.Window, nil)
	if err := second.Opened(t.Context()); !errors.Is(err, host.ErrInUse) {
		t.Errorf("%v", err)
	}
	if err := host.AskToShow(t.Context(), folder); err != nil {
		t.Error(err)
	}
	for began := time.Now(); window.shown.Load() == 0 && time.Since(began) < 5*time.Second; {
		time.Sleep(time.Millisecond)
	}
	if window.shown.Load() != 1 || elsewhere.shown.Load() != 0 {
		t.Errorf("shown %d times, the other office %d times", window.shown.Load(), elsewhere.shown.Load())
	}
	daemon := start(t, t.TempDir(), host.Keydeskd, nil)
	daemon.mustBeOpen(t)
	if err := host.AskToShow(t.Context(), t.TempDir()); !errors.Is(err, host.ErrNoOwner) {
		t.Errorf("a folder of nobody: %v", err)
	}
}

// A release waits for the call that runs, and the window opens afterwards.
func TestATakeOverWaitsForACall(t *testing.T) {
	folder := t.TempDir()
	daemon := start(t, folder, host.Keydeskd, nil)
	daemon.mustBeOpen(t)
	inside, leave, err := daemon.Enter(atWindow(t))
	if err != nil {
		t.Fatal(err)
	}
	window := start(t, folder, host.Window, nil)
	for phase := host.Open; phase != host.Released; phase, _ = daemon.State() {
		time.Sleep(time.Millisecond)
	}
	if phase, _ := window.State(); phase != host.Opening {
		t.Errorf("the window is %s", phase)
	}
	if _, err := daemon.Ops.Organisation.State(inside, organisation.Nothing{}); err != nil {
		t.Errorf("inside the call: %v", err)
	}
	if _, err := daemon.Ops.Organisation.State(atWindow(t), organisation.Nothing{}); codeOf(err) != "keydesk.released" {
		t.Errorf("a new call: %v", err)
	}
	leave()
	window.mustBeOpen(t)
}

// If keydeskd cannot release, or the window cannot open what it got, keydeskd has
// the folder again, and the window says why.
func TestATakeOverThatFails(t *testing.T) {
	t.Run("busy", func(t *testing.T) {
		folder := t.TempDir()
		gone := make(chan struct{}, 1)
		daemon := host.New(host.Options{
			Folder: folder, Log: host.NewLogFile(io.Discard),
			Make: func() host.Backend { return backend.New(backend.Options{Folder: folder, Hash: cheap}) },
			Control: host.Control{
				Program: host.Keydeskd,
				Release: func(context.Context) error { return host.ErrBusy },
				Gone:    func() { gone <- struct{}{} },
			},
		})
		defer daemon.Close(context.Background())
		daemon.Start()
		if err := daemon.Opened(t.Context()); err != nil {
			t.Fatal(err)
		}
		window := start(t, folder, host.Window, nil)
		err := window.Opened(t.Context())
		if known := fault.From(err); known.Code != "keydesk.busy" || known.Message == "" || known.Hint == "" {
			t.Errorf("%+v", known)
		}
		<-gone
		if phase, _ := daemon.State(); phase != host.Open {
			t.Errorf("keydeskd is %s", phase)
		}
	})
	t.Run("not opened", func(t *testing.T) {
		folder := t.TempDir()
		daemon := start(t, folder, host.Keydeskd, nil)
		daemon.mustBeOpen(t)
		window := start(t, folder, host.Window, func() host.Backend { return refusing{} })
		if err := window.Opened(t.Context()); codeOf(err) != "test.refused" {
			t.Errorf("%v", err)
		}
		<-daemon.back
		daemon.mustBeOpen(t)
		// A second try asks again.
		window.Start()
		if err := window.Opened(t.Context()); codeOf(err) != "test.refused" {
			t.Errorf("%v", err)
		}
		<-daemon.back
		daemon.are(t, host.Opening, host.Open, host.Released, host.Opening, host.Open, host.Released, host.Opening, host.Open)
	})
}

// refusing is a backend that does not open.
type refusing struct{}

func (refusing) Open(context.Context) error {
	return fault.New(fault.Unavailable, "test.refused", "It does not open.")
}
func (refusing) Close() error             { return nil }
func (refusing) Operations() *backend.Ops { return &backend.Ops{} }

// An owner that is there and silent keeps a window waiting for seconds, not for
// ever.
func TestASilentOwner(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	first, _ := owner(t, folder) // has the lock and no control.sock
	first.Start()
	if err := first.Opened(t.Context()); err != nil {
		t.Fatal(err)
	}
	silent := func(t *testing.T, want error) {
		began := time.Now()
		if _, err := host.AskOwner(t.Context(), folder); !errors.Is(err, want) {
			t.Errorf("%v", err)
		}
		window := start(t, folder, host.Window, nil)
		if err := window.Opened(t.Context()); !errors.Is(err, host.ErrInUse) {
			t.Errorf("%v", err)
		}
		if took := time.Since(began); took > 7*time.Second {
			t.Errorf("it took %v", took)
		}
		window.end(t)
	}
	t.Run("no socket", func(t *testing.T) { silent(t, host.ErrNoOwner) })
	listener, err := net.Listen("unix", socketIn(folder))
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	t.Run("a socket that says nothing", func(t *testing.T) { silent(t, host.ErrNoAnswer) })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = bufio.NewReader(conn).ReadString('\n')
			_, _ = conn.Write([]byte("no answer\n"))
			_ = conn.Close()
		}
	}()
	t.Run("nonsense", func(t *testing.T) { silent(t, host.ErrNoAnswer) })
}
