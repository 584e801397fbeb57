//go:build window

package window

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"strconv"
	"strings"
)

// Close asks the window with that title to close, as the button of its frame does:
// with the message WM_DELETE_WINDOW. A window manager would send it, and there is
// none; xdotool only destroys windows.
func (d *Display) Close(title string) {
	d.t.Helper()
	ids := strings.Fields(d.run("xdotool", "search", "--sync", "--onlyvisible", "--name", "^"+title+"$"))
	if len(ids) == 0 {
		d.t.Fatalf("no window is called %q", title)
	}
	id, err := strconv.ParseUint(ids[len(ids)-1], 10, 32)
	if err == nil {
		err = sendDelete(d.Name, uint32(id))
	}
	if err != nil {
		d.t.Fatalf("the window was not asked to close: %v", err)
	}
}

// The requests of the X protocol that are used here, by their number.
const (
	internAtom    = 16
	sendEvent     = 25
	getInputFocus = 43
	clientMessage = 33
)

// sendDelete speaks the X protocol, little-endian and without a password, as Xvfb
// is started here.
func sendDelete(display string, window uint32) error {
	conn, err := net.Dial("unix", "/tmp/.X11-unix/X"+strings.TrimPrefix(display, ":"))
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	if _, err := conn.Write([]byte{'l', 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0}); err != nil {
		return err
	}
	head := make([]byte, 8)
	if _, err := io.ReadFull(conn, head); err != nil {
		return err
	}
	if _, err := io.CopyN(io.Discard, conn, 4*int64(binary.LittleEndian.Uint16(head[6:]))); err != nil {
		return err
	}
	if head[0] != 1 {
		return errors.New("the display refused the connection")
	}
	protocols, err := atom(conn, "WM_PROTOCOLS")
	if err != nil {
		return err
	}
	deletion, err := atom(conn, "WM_DELETE_WINDOW")
	if err != nil {
		return err
	}
	const words = 11
	request := make([]byte, 4*words+4)
	request[0] = sendEvent
	binary.LittleEndian.PutUint16(request[2:], words)
	binary.LittleEndian.PutUint32(request[4:], window)
	event := request[12:]
	event[0], event[1] = clientMessage, 32
	binary.LittleEndian.PutUint32(event[4:], window)
	binary.LittleEndian.PutUint32(event[8:], protocols)
	binary.LittleEndian.PutUint32(event[12:], deletion)
	// The answer to a second request says that the first was read.
	copy(request[4*words:], []byte{getInputFocus, 0, 1, 0})
	if _, err := conn.Write(request); err != nil {
		return err
	}
	_, err = reply(conn)
	return err
}

func atom(conn net.Conn, name string) (uint32, error) {
	words := (len(name) + 3) / 4
	request := make([]byte, 8+4*words)
	request[0] = internAtom
	binary.LittleEndian.PutUint16(request[2:], uint16(2+words))
	binary.LittleEndian.PutUint16(request[4:], uint16(len(name)))
	copy(request[8:], name)
	if _, err := conn.Write(request); err != nil {
		return 0, err
	}
	got, err := reply(conn)
	if err != nil {
		return 0, err
	}
	return binary.LittleEndian.Uint32(got[8:]), nil
}

func reply(conn net.Conn) ([]byte, error) {
	got := make([]byte, 32)
	if _, err := io.ReadFull(conn, got); err != nil {
		return nil, err
	}
	if got[0] != 1 {
		return nil, errors.New("the display answered with an error")
	}
	return got, nil
}
