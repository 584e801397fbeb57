package host

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"time"

	"keydesk/backend/fault"
)

// controlName is the socket in the data folder through which the programs of one
// user speak with the one that owns the folder. Only the owner makes and removes
// it, under the lock. It carries no call and no secret.
//
// A connection has one question and one answer, each a line of JSON. The number
// of the protocol grows when an old program would misread a new one; members that
// are not known are passed over.
//
//	{"control":1,"ask":"hello"}
//	{"control":1,"program":"keydeskd","version":"1.4.0","pid":4711,"listening":["http://127.0.0.1:7373"]}
//
// The questions are hello (who owns the folder), show (the window shows itself)
// and release (the owner frees the folder). An answer with a code is a refusal.
//
// After release was answered, the program that asked keeps the connection open for
// as long as it has the folder. The connection ends also when that program is
// killed, and only then does the program that released take the folder again.
const controlName = "control.sock"

// controlProtocol is the number of the protocol.
const controlProtocol = 1

// The limits of a connection: how long a question or a simple answer may take,
// how long the program that asked waits for a release, how long a line may be, and how
// many connections are served at once.
const (
	controlLimit      = 2 * time.Second
	releaseLimit      = releaseDrain + afterCancel + 10*time.Second
	controlLine       = 4 << 10
	controlAtOnce     = 64
	releaseDrain      = 10 * time.Second
	ownerAppearsLimit = time.Second
)

// Program is one of Keydesk's programs.
type Program string

// The programs that own a data folder.
const (
	Window   Program = "window"
	Keydeskd Program = "keydeskd"
)

// Control is what a program does for others that ask it through control.sock.
// The functions may be called at once, from several goroutines.
type Control struct {
	// Program is which program this is. The window asks keydeskd to release a
	// folder that is in use; keydeskd asks nobody. An empty one makes no
	// control.sock.
	Program Program
	// Show shows the window; nil says that there is none.
	Show func()
	// Release has to call Host.Release, after what has to be stopped before. nil
	// says that this program keeps the folder until it ends.
	Release func(ctx context.Context) error
	// Gone is called after each Release, when every program that asked has gone.
	// It has to lead to Host.Resume, and must not wait for it.
	Gone func()
	// Listening tells the addresses at which the local API answers, as URLs. nil
	// says that there is none.
	Listening func() []string
}

// Owner is the program that owns a data folder.
type Owner struct {
	Program Program `json:"program"`
	Version string  `json:"version"`
	PID     int     `json:"pid"`
	// Listening are the addresses at which its local API answers.
	Listening []string `json:"listening,omitempty"`
}

// Faults of asking the owner of a data folder. ErrNoOwner also means that its
// owner is just starting or ending.
var (
	ErrNoOwner = fault.New(fault.NotFound, "keydesk.no_owner", "No program has this data open.").
			WithHint("Start Keydesk, or keydeskd.")
	ErrNoAnswer = fault.New(fault.Unavailable, "keydesk.no_answer", "The program that has this data open does not answer.").
			WithHint("Try again in a moment. If it stays so, end that program.")
	ErrNoWindow = fault.New(fault.Conflict, "keydesk.no_window", "The program that has this data open has no window.").
			WithHint("Start Keydesk: it takes the data over.")
	ErrKept = fault.New(fault.Conflict, "keydesk.kept", "Keydesk's window is open with this data.").
		WithHint("Close the window first.")
	ErrQuestion = fault.New(fault.Invalid, "keydesk.question", "This question is not understood.").
			WithHint("Use the same version of Keydesk and keydeskd.")
	ErrTooLong = fault.New(fault.Unavailable, "keydesk.path_too_long", "The path of the data folder is too long for control.sock.").
			WithHint("Another program cannot ask for the data then. Choose a folder with a shorter path with --data.")
)

type question struct {
	Control int     `json:"control"`
	Ask     string  `json:"ask"`
	From    Program `json:"from,omitempty"`
}

type reply struct {
	Control int `json:"control"`
	Owner
	Code    string `json:"code,omitempty"`
	Message string `json:"message,omitempty"`
	Hint    string `json:"hint,omitempty"`
}

func writeLine(conn net.Conn, what any) error {
	line, err := json.Marshal(what)
	if err == nil {
		_, err = conn.Write(append(line, '\n'))
	}
	return err
}

var errLine = errors.New("the line is too long")

func readLine(conn net.Conn, into any) error {
	line, err := bufio.NewReaderSize(conn, controlLine).ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		return errLine
	}
	if err != nil {
		return err
	}
	return json.Unmarshal(line, into)
}

// listenControl makes control.sock. The lock of the folder is held, so one that is
// there was left by a program that was killed.
func listenControl(folder string) (*net.UnixListener, error) {
	path := filepath.Join(folder, controlName)
	if info, err := os.Lstat(path); err == nil {
		if info.Mode().Type() != fs.ModeSocket {
			return nil, errors.New(controlName + " in the data folder is not a socket; remove it and start Keydesk again")
		}
		if err := os.Remove(path); err != nil {
			return nil, err
		}
	}
	address, done, err := controlAddress(folder)
	if err != nil {
		return nil, err
	}
	defer done()
	// Nobody else gets as far as here meanwhile: the folder is closed to others.
	listener, err := net.Listen("unix", address)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	// The address may be of another form than the path.
	listener.(*net.UnixListener).SetUnlinkOnClose(false)
	return listener.(*net.UnixListener), nil
}

// listen makes control.sock and answers there until free. Without it the program
// works too; others then only hear that the folder is in use.
func (f *folder) listen() {
	if f.answer == nil {
		return
	}
	listener, err := listenControl(f.path)
	if err != nil {
		f.log.Logger().Warn("other programs cannot ask this one for the data folder", "why", err)
		return
	}
	f.control = listener
	f.socket, _ = os.Lstat(filepath.Join(f.path, controlName))
	go func() {
		atOnce := make(chan struct{}, controlAtOnce)
		for {
			conn, err := listener.AcceptUnix()
			if errors.Is(err, net.ErrClosed) {
				return
			}
			if err != nil {
				// Too many open files, for example.
				time.Sleep(lockRetry)
				continue
			}
			select {
			case atOnce <- struct{}{}:
				go func() {
					defer func() { <-atOnce }()
					f.answer(conn)
				}()
			default:
				_ = conn.Close()
			}
		}
	}()
}

// stopListening removes control.sock, unless another folder was put in place of
// ours meanwhile. Questions that are being answered go on.
func (f *folder) stopListening() error {
	if f.control == nil {
		return nil
	}
	err := f.control.Close()
	f.control = nil
	path := filepath.Join(f.path, controlName)
	if there, gone := os.Lstat(path); gone == nil && os.SameFile(there, f.socket) {
		err = errors.Join(err, os.Remove(path))
	}
	return err
}

// answer answers one connection of another program.
func (h *Host) answer(conn *net.UnixConn) {
	if !h.track(conn) {
		return
	}
	defer h.untrack(conn)
	if !isSamePeer(conn) {
		h.log.Warn("a program of another user asked through control.sock; it got no answer")
		return
	}
	_ = conn.SetDeadline(time.Now().Add(controlLimit))
	var q question
	if err := readLine(conn, &q); err != nil {
		h.reply(conn, ErrQuestion)
		return
	}
	switch {
	case q.Control != controlProtocol:
		h.reply(conn, ErrQuestion.WithMessage("The other program speaks version %d of the control protocol, this one %d.", q.Control, controlProtocol))
	case q.Ask == "hello":
		h.reply(conn, nil)
	case q.Ask == "show":
		if h.options.Control.Show == nil {
			h.reply(conn, ErrNoWindow)
			return
		}
		// A window that is stuck must not look as if nobody answered.
		go h.options.Control.Show()
		h.reply(conn, nil)
	case q.Ask == "release" && h.options.Control.Release == nil:
		h.reply(conn, ErrKept)
	case q.Ask == "release":
		h.handOver(conn, q.From)
	default:
		h.reply(conn, ErrQuestion)
	}
}

func (h *Host) reply(conn net.Conn, refusal error) {
	_ = conn.SetDeadline(time.Now().Add(controlLimit))
	said := reply{Control: controlProtocol, Owner: Owner{Program: h.options.Control.Program, Version: h.options.Version, PID: os.Getpid()}}
	if h.options.Control.Listening != nil {
		said.Listening = h.options.Control.Listening()
	}
	if refusal != nil {
		known := fault.From(refusal)
		said.Code, said.Message, said.Hint = known.Code, known.Message, known.Hint
	}
	_ = writeLine(conn, said) // a program that does not listen any more gets nothing
}

// handOver frees the folder for the program that asked, and waits until it has gone.
func (h *Host) handOver(conn net.Conn, to Program) {
	h.mu.Lock()
	h.holders++
	h.mu.Unlock()
	defer func() {
		h.mu.Lock()
		h.holders--
		last := h.holders == 0
		h.mu.Unlock()
		if last {
			h.options.Control.Gone()
		}
	}()
	h.log.Info("the data folder is handed over", "to", string(to))
	ctx, cancel := context.WithTimeout(h.life, releaseDrain)
	defer cancel()
	err := h.options.Control.Release(ctx)
	if err != nil {
		h.log.Warn("the data folder was not handed over", "why", err)
		h.reply(conn, err)
		return
	}
	h.reply(conn, nil)
	_ = conn.SetDeadline(time.Time{})
	_, _ = conn.Read(make([]byte, 1)) // its end is all that comes
}

// track notes a connection, so that Close can end it; false after Close.
func (h *Host) track(conn net.Conn) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.life.Err() != nil {
		_ = conn.Close()
		return false
	}
	h.conns[conn] = true
	return true
}

func (h *Host) untrack(conn net.Conn) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.conns, conn)
	_ = conn.Close()
}

// hangUp ends all connections.
func (h *Host) hangUp() {
	h.giveBack()
	h.mu.Lock()
	defer h.mu.Unlock()
	for conn := range h.conns {
		_ = conn.Close()
	}
}
