package httpclient_test

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"keydesk/backend/httpclient"
)

// RULES.md, HTTP client: an address that does not answer at all costs a call a
// quarter of a second and not its time limit, also when the other address is of
// the same kind.
func TestSilentAddress(t *testing.T) {
	server := serve(t, func(http.ResponseWriter, *http.Request) {})
	port := server.Listener.Addr().(*net.TCPAddr).Port
	silence(t, [4]byte{127, 0, 0, 9}, port)
	answer := get(t, newClient(t), fmt.Sprintf("http://twice.test:%d/", port), httpclient.Limits{Timeout: 2 * time.Second})
	whole(t, answer)
	if !strings.HasPrefix(answer.RemoteAddr, "127.0.0.1:") || answer.Timings.ConnectMs < 200 {
		t.Errorf("dialled %s in %v ms", answer.RemoteAddr, answer.Timings.ConnectMs)
	}
}

// silence makes an address ignore those who connect: its listener accepts
// nobody and its queue is full.
func silence(t *testing.T, address [4]byte, port int) {
	t.Helper()
	socket, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	check(t, err)
	t.Cleanup(func() { _ = syscall.Close(socket) })
	check(t, syscall.Bind(socket, &syscall.SockaddrInet4{Port: port, Addr: address}))
	check(t, syscall.Listen(socket, 0))
	where := net.JoinHostPort(net.IP(address[:]).String(), fmt.Sprint(port))
	for range 10 {
		queued, err := net.DialTimeout("tcp", where, 100*time.Millisecond)
		if err != nil {
			return
		}
		t.Cleanup(func() { _ = queued.Close() })
	}
	t.Fatalf("%s still takes connections", where)
}
