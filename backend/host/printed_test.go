package host_test

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"keydesk/backend"
	"keydesk/backend/call"
	"keydesk/backend/host"
)

// echoes listens and answers each request with 204 and, after that, with all it
// received: bytes that do not belong to any answer.
func echoes(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
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
			received := make([]byte, 64<<10)
			n, _ := conn.Read(received)
			_, _ = fmt.Fprintf(conn, "HTTP/1.1 204 No Content\r\n\r\n%s", received[:n])
			time.AfterFunc(2*time.Second, func() { _ = conn.Close() })
		}
	}()
	return "http://" + listener.Addr().String() + "/echo"
}

// S6: net/http writes what comes after an answer without a body, with the secret
// that the request had, to Go's log. Neither the terminal nor the log file of the
// program gets it. The test program starts itself as the program that sends.
func TestNothingOfAnAnswerIsPrinted(t *testing.T) {
	const wrote, secretText = "a library wrote a message; it is not shown", "tokEn-7Q2x-only-here"
	if folder := os.Getenv("KEYDESK_PRINTED"); folder != "" {
		h := host.New(host.Options{Folder: folder, Log: host.NewLogFile(os.Stderr), Make: func() host.Backend {
			return backend.New(backend.Options{Folder: folder, Version: "test", Hash: cheap})
		}})
		h.Start()
		if err := h.Opened(t.Context()); err != nil {
			t.Fatal(err)
		}
		firstRun(t, h)
		id := setups(t, h, echoes(t))[0]
		detail, err := h.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: id})
		if err != nil || detail.Call.Status != 204 {
			t.Fatalf("%+v, %v", detail.Call, err)
		}
		for range 200 {
			if text, _ := os.ReadFile(filepath.Join(folder, "log", "keydesk.log")); bytes.Contains(text, []byte(wrote)) {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
		if err := h.Close(context.Background()); err != nil {
			t.Fatal(err)
		}
		return
	}
	folder := t.TempDir()
	var stdout, stderr bytes.Buffer
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestNothingOfAnAnswerIsPrinted$", "-test.count=1")
	child.Env = append(os.Environ(), "KEYDESK_PRINTED="+folder)
	child.Stdout, child.Stderr = &stdout, &stderr
	if err := child.Run(); err != nil {
		t.Fatalf("%v\n%s%s", err, &stdout, &stderr)
	}
	file, err := os.ReadFile(filepath.Join(folder, "log", "keydesk.log"))
	if err != nil {
		t.Fatal(err)
	}
	for what, text := range map[string]string{"stdout": stdout.String(), "stderr": stderr.String(), "the log file": string(file)} {
		for _, canary := range []string{secretText, secretText[:8], "Authorization", "POST /echo"} {
			if strings.Contains(text, canary) {
				t.Errorf("%s has %q:\n%s", what, canary, text)
			}
		}
		if what != "stdout" && !strings.Contains(text, wrote) {
			t.Errorf("%s does not say that a library wrote something:\n%s", what, text)
		}
	}
}
