package host

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net"
	"syscall"
	"time"

	"keydesk/backend/fault"
)

// AskOwner asks who owns a data folder. Faults: ErrNoOwner, ErrNoAnswer.
func AskOwner(ctx context.Context, folder string) (Owner, error) {
	conn, owner, err := ask(ctx, folder, question{Ask: "hello"}, controlLimit)
	if err == nil {
		_ = conn.Close()
	}
	return owner, err
}

// AskToShow asks the program that owns a data folder to show its window. Faults:
// ErrNoOwner, ErrNoAnswer, ErrNoWindow.
func AskToShow(ctx context.Context, folder string) error {
	conn, _, err := ask(ctx, folder, question{Ask: "show"}, controlLimit)
	if err == nil {
		_ = conn.Close()
	}
	return err
}

// ask sends one question and reads the answer. The caller closes the connection.
func ask(ctx context.Context, folder string, q question, limit time.Duration) (net.Conn, Owner, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	conn, err := dialControl(ctx, folder)
	if err != nil {
		return nil, Owner{}, err
	}
	owner, err := converse(ctx, conn, q)
	if err != nil {
		_ = conn.Close()
		return nil, owner, err
	}
	return conn, owner, nil
}

func dialControl(ctx context.Context, folder string) (*net.UnixConn, error) {
	address, done, err := controlAddress(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNoOwner.WithCause(err)
	}
	if err != nil {
		return nil, ErrNoAnswer.WithCause(err)
	}
	defer done()
	conn, err := (&net.Dialer{}).DialContext(ctx, "unix", address)
	switch {
	case err == nil && isSamePeer(conn.(*net.UnixConn)):
		return conn.(*net.UnixConn), nil
	case err == nil:
		return nil, ErrNoAnswer.WithCause(errors.Join(errors.New("it belongs to another user"), conn.Close()))
	case isNobody(err):
		return nil, ErrNoOwner.WithCause(err)
	default:
		return nil, ErrNoAnswer.WithCause(err)
	}
}

// converse asks on a connection. Afterwards the connection has no time limit.
func converse(ctx context.Context, conn *net.UnixConn, q question) (Owner, error) {
	undo := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	defer undo()
	q.Control = controlProtocol
	if err := writeLine(conn, q); err != nil {
		return Owner{}, ErrNoAnswer.WithCause(err)
	}
	var got reply
	if err := readLine(conn, &got); err != nil {
		return Owner{}, ErrNoAnswer.WithCause(err)
	}
	if got.Code != "" {
		return got.Owner, fault.New(fault.Unavailable, got.Code, got.Message).WithHint("%s", got.Hint)
	}
	if !undo() {
		return got.Owner, ErrNoAnswer.WithCause(context.Cause(ctx))
	}
	return got.Owner, nil
}

// isNobody tells whether err says that no program is at the other end: the socket
// is not there, was left by a program that was killed, or its program ended in
// the middle.
func isNobody(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

// obtain takes the folder, at once or until ctx ends. If keydeskd has it, the
// window asks for it, and keeps the connection until giveBack.
func (h *Host) obtain(ctx context.Context, wait bool, first func() error) error {
	if h.options.Control.Program != Window {
		return h.folder.take(ctx, wait, first)
	}
	for began := time.Now(); ; {
		err := h.folder.take(ctx, false, first)
		if !errors.Is(err, ErrInUse) {
			return err
		}
		owner, asked := AskOwner(ctx, h.options.Folder)
		switch {
		case asked == nil && owner.Program == Keydeskd:
			if err := h.askForFolder(ctx, owner); err != nil {
				return err
			}
		case asked == nil && !wait, asked != nil && !wait && time.Since(began) > ownerAppearsLimit:
			return err
		}
		select {
		case <-time.After(lockRetry):
		case <-ctx.Done():
			return ErrInUse.WithCause(context.Cause(ctx))
		}
	}
}

// ownedByKeydeskd tells whether asking for the folder makes sense. It waits a
// little for an owner that is just starting.
func (h *Host) ownedByKeydeskd() bool {
	if h.options.Control.Program != Window {
		return false
	}
	for began := time.Now(); time.Since(began) < ownerAppearsLimit; time.Sleep(lockRetry / 5) {
		owner, err := AskOwner(h.life, h.options.Folder)
		if err == nil {
			return owner.Program == Keydeskd
		}
		if !errors.Is(err, ErrNoOwner) {
			break
		}
	}
	return false
}

// askForFolder asks keydeskd to release the folder. A connection that breaks is no
// error: that program ended, and its lock with it.
func (h *Host) askForFolder(ctx context.Context, owner Owner) error {
	h.log.Info("keydeskd is asked for the data folder", "pid", owner.PID, "version", owner.Version)
	conn, _, err := ask(ctx, h.options.Folder, question{Ask: "release", From: h.options.Control.Program}, releaseLimit)
	switch {
	case err == nil:
		h.mu.Lock()
		h.held = append(h.held, conn)
		h.mu.Unlock()
		return nil
	case errors.Is(err, ErrNoOwner), errors.Is(err, io.EOF), isNobody(err):
		return nil
	default:
		return err
	}
}

// giveBack tells the programs that released the folder for us that they can have it again,
// once it is free.
func (h *Host) giveBack() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, conn := range h.held {
		_ = conn.Close()
	}
	h.held = nil
}
