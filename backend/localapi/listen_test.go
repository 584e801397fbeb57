package localapi

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"keydesk/backend/fault"
)

// H21, C37: no plain listener beyond loopback can be made.
func TestNoPlainListenerBeyondLoopback(t *testing.T) {
	beyond := []string{"0.0.0.0", "::", "192.168.1.5", "10.0.0.1", "172.16.0.1", "169.254.1.1", "128.0.0.1", "126.255.255.255", "8.8.8.8",
		"::ffff:192.168.1.5", "::ffff:0.0.0.0", "fe80::1%lo", "fd00::1", "2001:db8::1", "224.0.0.1", "255.255.255.255"}
	interfaces, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range interfaces {
		if prefix, err := netip.ParsePrefix(one.String()); err == nil && !prefix.Addr().IsLoopback() {
			beyond = append(beyond, prefix.Addr().String())
		}
	}
	pool := newConnections()
	for _, text := range beyond {
		for _, encrypted := range []*tls.Config{nil, {}, {MinVersion: tls.VersionTLS10}, {MinVersion: tls.VersionTLS11}} {
			l, err := listen(t.Context(), netip.AddrPortFrom(netip.MustParseAddr(text), 0), encrypted, pool)
			if err == nil {
				l.Close()
				t.Errorf("%s was opened with %+v", text, encrypted)
			} else if f := fault.From(err); f.Code != errPlainBeyondLoopback.Code && f.Code != ErrAddressKind.Code {
				t.Errorf("%s: %v", text, err)
			}
		}
	}
	if l, err := listen(t.Context(), netip.AddrPort{}, nil, pool); err == nil {
		l.Close()
		t.Error("no address was opened")
	}
	// Without this the table above would prove nothing.
	l, err := listen(t.Context(), netip.MustParseAddrPort("127.0.0.1:0"), nil, pool)
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
}

// listen is the only place of the package that opens a port, and a server is
// started on what it gave alone.
func TestOneConstructorOfListeners(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	listens, serves := 0, 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(node ast.Node) bool {
			selected, ok := node.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			switch selected.Sel.Name {
			case "Listen", "ListenTCP", "ListenUnix", "ListenPacket", "ListenConfig", "FileListener":
				if listens++; name != "listen.go" {
					t.Errorf("%s: %s", name, selected.Sel.Name)
				}
			case "ListenAndServe", "ListenAndServeTLS", "ServeTLS":
				t.Errorf("%s: %s", name, selected.Sel.Name)
			case "Serve":
				if serves++; name != "door.go" {
					t.Errorf("%s: %s", name, selected.Sel.Name)
				}
			}
			return true
		})
	}
	if listens != 2 || serves != 1 {
		t.Errorf("found %d places that listen and %d that serve", listens, serves)
	}
}

func get(w *world, port int) error {
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 5 * time.Second}
	res, err := client.Get(fmt.Sprintf("http://127.0.0.1:%d/healthz", port))
	if err != nil {
		return err
	}
	return res.Body.Close()
}

// The door is switched on and off and moved without a restart; both loopback
// addresses are its own.
func TestApply(t *testing.T) {
	w := newWorld(t)
	first := w.port
	state := w.door.State()
	want := []string{fmt.Sprintf("http://127.0.0.1:%d", first)}
	if hasIPv6() {
		want = append(want, fmt.Sprintf("http://[::1]:%d", first))
		client := http.Client{}
		req, err := http.NewRequest("GET", fmt.Sprintf("http://[::1]:%d/v1/key", first), nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-API-Key", goodKey)
		if a := send(t, &client, req); a.status != http.StatusOK {
			t.Errorf("over IPv6: %d", a.status)
		}
	}
	if !state.On || state.Port != first || state.Problem != nil || strings.Join(state.Listening, " ") != strings.Join(want, " ") {
		t.Errorf("the state is %+v, want %v", state, want)
	}
	for range 20 { // at once, as a person who changes their mind
		w.apply(func(s *Settings) { s.On = false })
		if err := get(w, first); err == nil {
			t.Fatal("it answers while it is off")
		}
		w.apply(func(s *Settings) { s.On = true })
		if err := get(w, first); err != nil || w.door.State().Problem != nil {
			t.Fatalf("it does not answer after it was switched on: %v, %+v", err, w.door.State())
		}
	}
	second := freePort(t)
	w.apply(func(s *Settings) { s.Port = second })
	if err := get(w, first); err == nil {
		t.Error("the old port still answers")
	}
	if err := get(w, second); err != nil {
		t.Errorf("the new port does not answer: %v", err)
	}
	for port, code := range map[int]string{-1: "localapi.port_range", 65536: "localapi.port_range"} {
		w.apply(func(s *Settings) { s.Port = port })
		if state := w.door.State(); state.Problem == nil || state.Problem.Code != code || len(state.Listening) != 0 {
			t.Errorf("port %d: %+v", port, state)
		}
	}
	if d := New(Options{}); d.State().On {
		t.Error("a new door says that it is on")
	}
}

// A port that another program has is said in words and never moved; when it is
// free, the door opens by itself.
func TestPortTaken(t *testing.T) {
	w := newWorld(t, func(w *world) { w.door.limits.retry = 50 * time.Millisecond })
	for _, where := range []string{"127.0.0.1", "::1", "0.0.0.0"} {
		if where == "::1" && !hasIPv6() {
			continue
		}
		w.apply(func(s *Settings) { s.On = false })
		port := freePort(t)
		other, err := net.Listen("tcp", net.JoinHostPort(where, fmt.Sprint(port)))
		if err != nil {
			t.Fatal(err)
		}
		w.apply(func(s *Settings) { s.On, s.Port = true, port })
		state := w.door.State()
		if !state.On || state.Port != port || len(state.Listening) != 0 || !errors.Is(state.Problem, ErrPortTaken) {
			t.Fatalf("%s: %+v", where, state)
		}
		if runtime.GOOS == "linux" && !strings.Contains(state.Problem.Message, fmt.Sprintf("process %d", os.Getpid())) {
			t.Errorf("the program is not named: %s", state.Problem.Message)
		}
		if !strings.Contains(state.Problem.Message, fmt.Sprint(port)) || state.Problem.Hint == "" {
			t.Errorf("the words are %q, %q", state.Problem.Message, state.Problem.Hint)
		}
		other.Close()
		until := time.Now().Add(5 * time.Second)
		for len(w.door.State().Listening) == 0 && time.Now().Before(until) {
			time.Sleep(10 * time.Millisecond)
		}
		if err := get(w, port); err != nil || w.door.State().Problem != nil {
			t.Errorf("%s: it did not open when the port was free: %v, %+v", where, err, w.door.State())
		}
		// Nobody else gets the port beside us.
		for _, beside := range []string{"127.0.0.1", "0.0.0.0", "::"} {
			if l, err := net.Listen("tcp4", net.JoinHostPort(beside, fmt.Sprint(port))); err == nil {
				l.Close()
				t.Errorf("another listener got %s beside us", beside)
			}
		}
	}
}

// Requests that run are answered when the listener closes or moves, and a Close
// with a limit cancels those that do not end.
func TestDrain(t *testing.T) {
	w := newWorld(t)
	started, finish := make(chan struct{}), make(chan struct{})
	w.ops.call = func(ctx context.Context, in CallInput) (CallResult, error) {
		started <- struct{}{}
		select {
		case <-finish:
			return CallResult{Mode: in.Mode, CallID: text("call-1"), Verdict: text("accepted"), Why: []WhyStep{}, IgnoredFields: []string{}}, nil
		case <-ctx.Done():
			return CallResult{}, fault.New(fault.Unavailable, "test.cancelled", "Keydesk closes.").WithCause(context.Cause(ctx))
		}
	}
	var done sync.WaitGroup
	ask := func(status int) {
		base := w.base()
		done.Go(func() {
			req, err := http.NewRequest("POST", base+"/v1/calls", strings.NewReader(requests["POST /v1/calls"].body))
			if err != nil {
				t.Error(err)
				return
			}
			req.Header.Set("Authorization", "x-api-key "+goodKey)
			req.Header.Set("Content-Type", "application/json")
			if a := send(t, &http.Client{}, req); a.status != status {
				t.Errorf("got %d %s", a.status, a.body)
			}
		})
		<-started
	}
	ask(http.StatusOK)
	next := freePort(t)
	w.apply(func(s *Settings) { s.Port = next })
	if err := get(w, next); err != nil {
		t.Fatalf("the new port has to wait for the old one: %v", err)
	}
	w.port = next
	ask(http.StatusOK)
	w.apply(func(s *Settings) { s.On = false })
	close(finish)
	done.Wait()

	finish = make(chan struct{})
	w.apply(func(s *Settings) { s.On = true })
	ask(http.StatusServiceUnavailable)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	w.door.Close(ctx)
	done.Wait()
	if err := get(w, next); err == nil {
		t.Error("it answers after Close")
	}
	w.apply(func(*Settings) {})
	if err := get(w, next); err != nil {
		t.Errorf("it cannot be opened again after Close: %v", err)
	}
}

// A client that goes away ends what it reads, and never a call half way.
func TestClientGoesAway(t *testing.T) {
	w := newWorld(t)
	started, ended := make(chan struct{}), make(chan error, 1)
	w.ops.call = func(ctx context.Context, _ CallInput) (CallResult, error) {
		close(started)
		select {
		case <-ctx.Done():
			ended <- ctx.Err()
		case <-time.After(200 * time.Millisecond):
			ended <- nil
		}
		return CallResult{}, nil
	}
	conn := w.dial()
	body := requests["POST /v1/calls"].body
	fmt.Fprintf(conn, "POST /v1/calls HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: x-api-key %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", w.port, goodKey, len(body), body)
	<-started
	conn.Close()
	if err := <-ended; err != nil {
		t.Errorf("the call was cancelled: %v", err)
	}
}
