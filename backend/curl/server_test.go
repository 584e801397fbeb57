package curl_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"mime"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"keydesk/backend/request"
)

// echo is a raw server that keeps each request's bytes. It takes plain and TLS
// connections on one port, so that lines with https:// run unchanged.
type echo struct {
	listener net.Listener
	got      chan []byte
	home     string // has the .curlrc that sends every host here
}

func startEcho(t testing.TB) *echo {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	certificate := httptest.NewUnstartedServer(nil)
	certificate.StartTLS()
	config := &tls.Config{Certificates: certificate.TLS.Certificates}
	certificate.Close()
	e := &echo{listener: listener, got: make(chan []byte, 8), home: t.TempDir()}
	rc := "connect-to = \"::" + listener.Addr().String() + "\"\ninsecure\nsilent\nshow-error\nmax-time = 10\nnoproxy = \"*\"\n"
	if err := os.WriteFile(filepath.Join(e.home, ".curlrc"), []byte(rc), 0o600); err != nil {
		t.Fatal(err)
	}
	// A file that lines name; its text must reach no import.
	if err := os.WriteFile(filepath.Join(e.home, "body.json"), []byte(`{"canary":"FILE-CANARY"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go e.serve(conn, config)
		}
	}()
	return e
}

// peeked is a connection whose first bytes were looked at.
type peeked struct {
	net.Conn
	in *bufio.Reader
}

func (p peeked) Read(b []byte) (int, error) { return p.in.Read(b) }

func (e *echo) serve(raw net.Conn, config *tls.Config) {
	defer func() { _ = raw.Close() }()
	_ = raw.SetDeadline(time.Now().Add(20 * time.Second))
	conn := net.Conn(peeked{raw, bufio.NewReader(raw)})
	if first, err := conn.(peeked).in.Peek(1); err == nil && first[0] == 0x16 {
		conn = tls.Server(conn, config)
	}
	in := bufio.NewReader(conn)
	var all bytes.Buffer
	length, chunked := 0, false
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		all.WriteString(line)
		lower := strings.ToLower(strings.TrimSpace(line))
		if value, found := strings.CutPrefix(lower, "content-length:"); found {
			length, _ = strconv.Atoi(strings.TrimSpace(value))
		}
		chunked = chunked || lower == "transfer-encoding: chunked"
		if lower == "expect: 100-continue" {
			_, _ = io.WriteString(conn, "HTTP/1.1 100 Continue\r\n\r\n")
		}
		if line == "\r\n" {
			break
		}
	}
	if chunked {
		_, _ = io.Copy(&all, httputil.NewChunkedReader(in))
	} else {
		_, _ = io.CopyN(&all, in, int64(length))
	}
	e.got <- all.Bytes()
	_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
}

func (e *echo) next(t testing.TB) []byte {
	t.Helper()
	select {
	case raw := <-e.got:
		return raw
	case <-time.After(12 * time.Second):
		return nil
	}
}

// environment is what a line runs in. The variables hold their own names, so
// that what a shell fills in is what the line says.
func (e *echo) environment() []string {
	env := []string{"PATH=" + os.Getenv("PATH"), "HOME=" + e.home, "CURL_HOME=" + e.home, "LC_ALL=C.UTF-8"}
	for _, name := range []string{"API_KEY", "TOKEN", "ACCOUNT_SID", "AUTH_TOKEN", "TO"} {
		env = append(env, name+"=$"+name)
	}
	return env
}

// shell runs a line in a real shell: sh, or bash where $'...' is used, which
// this sh does not know.
func (e *echo) shell(t testing.TB, line string) []byte {
	t.Helper()
	shell := "sh"
	if strings.Contains(line, "$'") || strings.Contains(line, "$\"") {
		shell = "bash"
	}
	cmd := exec.Command(shell, "-c", line)
	cmd.Env, cmd.Dir = e.environment(), e.home
	return e.run(t, cmd)
}

// curl passes arguments to the real curl, with no shell in between.
func (e *echo) curl(t testing.TB, args []string) []byte {
	t.Helper()
	cmd := exec.Command("curl", args...)
	cmd.Env, cmd.Dir = e.environment(), e.home
	return e.run(t, cmd)
}

func (e *echo) run(t testing.TB, cmd *exec.Cmd) []byte {
	t.Helper()
	out, err := cmd.CombinedOutput()
	select {
	case raw := <-e.got:
		return raw
	default:
		t.Errorf("curl sent nothing: %v: %s", err, out)
		return nil
	}
}

var env = request.Env{Country: "IN", Now: time.Unix(1700000000, 0), Location: time.UTC,
	UUID: "018bcfe5-6800-7000-8000-000000000001", Boundary: "keydeskboundary01", UserAgent: "Keydesk/1.0"}

// send sends a spec as the program does.
func (e *echo) send(t testing.TB, spec request.Spec) []byte {
	t.Helper()
	req, err := request.Build(spec, nil, env).HTTPRequest(context.Background())
	if err != nil {
		t.Errorf("the import cannot be sent: %v", err)
		return nil
	}
	transport := &http.Transport{DisableCompression: true, DisableKeepAlives: false,
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true},
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, network, e.listener.Addr().String())
		}}
	defer transport.CloseIdleConnections()
	answer, err := transport.RoundTrip(req)
	if err != nil {
		t.Errorf("sending the import: %v", err)
		return nil
	}
	_ = answer.Body.Close()
	return e.next(t)
}

// message is a request as it is compared.
type message struct {
	Method, Path, Query, Body string
	Headers                   []string // "name: value", sorted
}

var escapes = regexp.MustCompile(`%[0-9a-fA-F]{2}`)

// parse reads raw bytes. It leaves out what both sides make by themselves, and
// nothing else: default User-Agent, Accept, Accept-Encoding; Expect;
// Content-Length; the boundary. The case of escapes in a URL does not matter
// (RFC 3986 section 6.2.2.1) and differs between versions of curl.
func parse(raw []byte) message {
	head, body, _ := strings.Cut(string(raw), "\r\n\r\n")
	lines := strings.Split(head, "\r\n")
	var m message
	var target string
	m.Method, target, _ = strings.Cut(lines[0], " ")
	target = strings.TrimSuffix(target, " HTTP/1.1")
	target = escapes.ReplaceAllStringFunc(target, strings.ToUpper)
	path, query, asked := strings.Cut(target, "?")
	m.Path, m.Query, m.Body = path, query, body
	if asked {
		m.Query = "?" + query
	}
	for _, line := range lines[1:] {
		name, value, _ := strings.Cut(line, ":")
		name, value = strings.ToLower(name), strings.TrimSpace(value)
		switch {
		case name == "expect", name == "content-length", name == "transfer-encoding",
			name == "user-agent" && (strings.HasPrefix(value, "curl/") || value == env.UserAgent),
			name == "accept" && value == "*/*",
			name == "accept-encoding" && (value == "gzip, deflate" || value == "deflate, gzip, br, zstd"):
			continue
		case name == "content-type" && strings.HasPrefix(value, "multipart/"):
			if _, params, err := mime.ParseMediaType(value); err == nil && params["boundary"] != "" {
				value = strings.Replace(value, params["boundary"], "BOUNDARY", 1)
				m.Body = strings.ReplaceAll(m.Body, "--"+params["boundary"], "--BOUNDARY")
			}
		}
		m.Headers = append(m.Headers, name+": "+value)
	}
	slices.Sort(m.Headers)
	return m
}
