package main

import (
	"net"
	"os"
	"strings"
)

// notify tells the service manager how far the program is (sd_notify(3)): a
// datagram of lines such as READY=1. Without a manager that asks for it, nothing
// happens; one that does not listen is no reason to stop.
func notify(lines ...string) {
	socket := os.Getenv("NOTIFY_SOCKET")
	if !strings.HasPrefix(socket, "/") && !strings.HasPrefix(socket, "@") {
		return
	}
	conn, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: socket, Net: "unixgram"})
	if err != nil {
		return
	}
	defer func() { _ = conn.Close() }()
	_, _ = conn.Write([]byte(strings.Join(lines, "\n")))
}
