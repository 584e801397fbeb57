package nolaunch

import (
	"encoding/hex"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

func TestSocketPath(t *testing.T) {
	for address, want := range map[string]string{
		"unix:path=/run/user/1000/bus":                        "/run/user/1000/bus",
		"unix:path=/tmp/dbus-x,guid=0123":                     "/tmp/dbus-x",
		"unix:abstract=/tmp/dbus-x,guid=01;unix:path=/second": "@/tmp/dbus-x",
		"unix:path=/tmp/with%20blank":                         "",
		"unix:path=":                                          "",
		"tcp:host=localhost,port=1":                           "",
		"":                                                    "",
	} {
		if got, ok := socketPath(address); got != want || ok != (want != "") {
			t.Errorf("%q: %q %v", address, got, ok)
		}
	}
	for _, n := range []int{0, 9, 10, 1000, 4294967294} {
		if got, want := hexDigits(n), hex.EncodeToString([]byte(strconv.Itoa(n))); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}

// Only silence counts as no answer; what cannot be reached is left to the
// library.
func TestAnswers(t *testing.T) {
	folder, err := os.MkdirTemp("", "bus")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(folder)
	serve := func(name string, greet bool) string {
		listener, err := net.Listen("unix", filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = listener.Close() })
		go func() {
			for {
				conn, err := listener.Accept()
				if err != nil {
					return
				}
				if greet {
					_, _ = conn.Write([]byte("REJECTED EXTERNAL\r\n"))
				}
				defer conn.Close()
			}
		}()
		return "unix:path=" + listener.Addr().String()
	}
	begin := time.Now()
	for address, want := range map[string]bool{
		serve("talks", true):              true,
		serve("silent", false):            false,
		"unix:path=" + folder + "/nobody": true,
		"tcp:host=127.0.0.1,port=1":       true,
	} {
		if got := answers(address); got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
	if took := time.Since(begin); took > 3*time.Second {
		t.Errorf("it took %v", took)
	}
	if got := userBus(folder); got != Nobody {
		t.Errorf("a folder without a bus: %s", got)
	}
	if got := userBus(""); got != Nobody {
		t.Errorf("no folder: %s", got)
	}
}
