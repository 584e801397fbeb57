package localapi

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// quick are the limits of the door, made short for a test.
func quick(w *world) {
	w.door.limits = limits{header: 300 * time.Millisecond, read: 600 * time.Millisecond, write: 300 * time.Millisecond, idle: 500 * time.Millisecond, whole: 10 * time.Second, retry: time.Second}
}

// The limits that are in use are those that are promised (RULES.md, Local API).
func TestLimitsAsPromised(t *testing.T) {
	want := limits{header: 5 * time.Second, read: 15 * time.Second, write: 5 * time.Second, idle: 60 * time.Second, whole: 330 * time.Second, retry: 5 * time.Second}
	if usualLimits != want || maxConnections != 64 || maxBody != 1<<20 || maxDepth != 64 {
		t.Errorf("the limits are %+v", usualLimits)
	}
}

// endsWithin reads until the door closes the connection and gives what came.
func endsWithin(t *testing.T, conn net.Conn, limit time.Duration) string {
	t.Helper()
	_ = conn.SetReadDeadline(time.Now().Add(limit))
	content, err := io.ReadAll(conn)
	if netErr, ok := err.(net.Error); ok && netErr.Timeout() { //nolint:errorlint // the error of the connection itself
		t.Errorf("the connection is still open after %v", limit)
	}
	return string(content)
}

// Slow-loris: a client that sends its headers or its body drop by drop, or sends
// nothing, or does not read, is cut off in time, and others are answered meanwhile.
func TestSlowClients(t *testing.T) {
	w := newWorld(t, quick)
	head := fmt.Sprintf("POST /v1/calls HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: x-api-key %s\r\nContent-Type: application/json\r\n", w.port, goodKey)
	drip := func(conn net.Conn, content string) {
		for _, b := range []byte(content) {
			if _, err := conn.Write([]byte{b}); err != nil {
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
	}
	var all sync.WaitGroup
	for name, test := range map[string]struct {
		send func(conn net.Conn)
		want string
	}{
		"nothing":               {func(net.Conn) {}, ""},
		"a part of the headers": {func(conn net.Conn) { _, _ = fmt.Fprint(conn, head) }, ""},
		"headers drop by drop":  {func(conn net.Conn) { drip(conn, head+strings.Repeat("X-Slow: 1\r\n", 100)) }, ""},
		"a part of the body":    {func(conn net.Conn) { _, _ = fmt.Fprint(conn, head+"Content-Length: 100\r\n\r\n{") }, "localapi.body_unread"},
		"a body drop by drop": {func(conn net.Conn) {
			_, _ = fmt.Fprint(conn, head+"Content-Length: 1000\r\n\r\n")
			drip(conn, strings.Repeat(" ", 1000))
		}, "localapi.body_unread"},
		"chunks drop by drop": {func(conn net.Conn) {
			_, _ = fmt.Fprint(conn, head+"Transfer-Encoding: chunked\r\n\r\n")
			drip(conn, strings.Repeat("1\r\n \r\n", 200))
		}, "localapi.body_unread"},
		"an idle connection": {func(conn net.Conn) { fmt.Fprintf(conn, "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n", w.port) }, `"ok"`},
	} {
		all.Go(func() {
			conn := w.dial()
			defer conn.Close()
			go test.send(conn)
			if got := endsWithin(t, conn, 3*time.Second); strings.Contains(got, "200 OK") != (name == "an idle connection") || !strings.Contains(got, test.want) {
				t.Errorf("%s: got %q", name, got)
			}
		})
	}
	for range 10 {
		if a := w.do("GET", "/v1/key", ""); a.status != http.StatusOK {
			t.Errorf("a good client got %d", a.status)
		}
		time.Sleep(50 * time.Millisecond)
	}
	all.Wait()
}

// A call may take longer than the limits on reading and writing.
func TestSlowCall(t *testing.T) {
	w := newWorld(t, quick)
	w.ops.call = func(ctx context.Context, in CallInput) (CallResult, error) {
		select {
		case <-ctx.Done():
			t.Error("the call was cancelled")
		case <-time.After(900 * time.Millisecond):
		}
		return CallResult{Mode: in.Mode, CallID: text("call-1"), Verdict: text("accepted"), Why: []WhyStep{}, IgnoredFields: []string{}}, nil
	}
	for range 2 {
		if a := w.do("POST", "/v1/calls", requests["POST /v1/calls"].body); a.status != http.StatusOK {
			t.Errorf("got %d %s", a.status, a.body)
		}
	}
}

// A client that does not take its answer does not keep the connection.
func TestAnswerNotTaken(t *testing.T) {
	w := newWorld(t, quick)
	written := make(chan struct{}, 1)
	w.ops.call = func(_ context.Context, in CallInput) (CallResult, error) {
		written <- struct{}{}
		return CallResult{Mode: in.Mode, Words: strings.Repeat("a", 64<<20), Why: []WhyStep{}, IgnoredFields: []string{}}, nil
	}
	conn := w.dial()
	defer conn.Close()
	body := requests["POST /v1/calls"].body
	fmt.Fprintf(conn, "POST /v1/calls HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nX-API-Key: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", w.port, goodKey, len(body), body)
	<-written
	until := time.Now().Add(3 * time.Second)
	for open := 1; open > 0; open = openConnections(w) {
		if time.Now().After(until) {
			t.Fatal("the connection is still open")
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func openConnections(w *world) int {
	w.door.pool.mu.Lock()
	defer w.door.pool.mu.Unlock()
	return len(w.door.pool.open)
}

// Headers of more than 16 KiB are refused.
func TestLargeHeaders(t *testing.T) {
	w := newWorld(t)
	for size, status := range map[int]string{15 << 10: "200", 17 << 10: "431", 4 << 20: "431"} {
		got := w.raw(fmt.Sprintf("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\nX-Large: %s\r\n\r\n", w.port, strings.Repeat("a", size)))
		if !strings.HasPrefix(got, "HTTP/1.1 "+status) {
			t.Errorf("%d bytes: %.100q", size, got)
		}
	}
}

// 64 connections at a time. When all are at work, the next one is told so in
// words; when one is idle, it makes room.
func TestConnections(t *testing.T) {
	w := newWorld(t)
	finish := make(chan struct{})
	started := make(chan struct{}, maxConnections)
	w.ops.call = func(_ context.Context, in CallInput) (CallResult, error) {
		started <- struct{}{}
		<-finish
		return CallResult{Mode: in.Mode, Why: []WhyStep{}, IgnoredFields: []string{}}, nil
	}
	body := requests["POST /v1/calls"].body
	var conns []net.Conn
	for range maxConnections {
		conn := w.dial()
		defer conn.Close()
		conns = append(conns, conn)
		fmt.Fprintf(conn, "POST /v1/calls HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nX-API-Key: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", w.port, goodKey, len(body), body)
	}
	for range maxConnections {
		<-started
	}
	for range 5 {
		got := answers(t, w.raw(fmt.Sprintf("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n", w.port)))
		if len(got) != 1 || got[0].status != http.StatusServiceUnavailable || got[0].problem(t).Code != "localapi.busy" || got[0].header.Get("Retry-After") != "1" {
			t.Fatalf("the 65th connection got %+v", got)
		}
	}
	close(finish)
	for _, conn := range conns { // all answered, and idle from now on
		_ = conn.SetReadDeadline(time.Now().Add(5 * time.Second))
		if _, err := conn.Read(make([]byte, 4096)); err != nil {
			t.Fatal(err)
		}
	}
	until := time.Now().Add(5 * time.Second)
	for idle := 0; idle < maxConnections; {
		w.door.pool.mu.Lock()
		idle = 0
		for c := range w.door.pool.open {
			if !c.idleSince.IsZero() {
				idle++
			}
		}
		w.door.pool.mu.Unlock()
		if time.Now().After(until) {
			t.Fatalf("%d connections are idle", idle)
		}
	}
	for range 10 {
		if a := w.do("GET", "/healthz", ""); a.status != http.StatusOK {
			t.Errorf("idle connections kept a new one out: %d", a.status)
		}
	}
	if open := openConnections(w); open > maxConnections {
		t.Errorf("%d connections are open", open)
	}
}

// RULES.md, Local API: after 60 requests without a good key in a minute, the source gets
// 429 and nothing more is written; a good key beside them passes at once, also
// after 10,000 wrong keys in a row.
func TestWrongKeysAreThrottled(t *testing.T) {
	w := newWorld(t)
	bad := func(r *http.Request) { r.Header.Set("Authorization", "x-api-key kd_wrongwrong") }
	counts := map[int]int{}
	for n := range 10_000 {
		req, err := http.NewRequest("GET", w.base()+"/v1/key", nil)
		if err != nil {
			t.Fatal(err)
		}
		bad(req)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, res.Body)
		res.Body.Close()
		if counts[res.StatusCode]++; res.StatusCode == http.StatusTooManyRequests && res.Header.Get("Retry-After") == "" {
			t.Fatal("429 without Retry-After")
		}
		if n%500 == 0 {
			if a := w.do("GET", "/v1/key", ""); a.status != http.StatusOK {
				t.Fatalf("a good key beside wrong ones got %d", a.status)
			}
		}
	}
	failed := 0
	for _, noted := range w.ops.accesses() {
		if noted.KeyID == "" {
			failed++
		}
	}
	// At most one minute passes during this test.
	if counts[401] > 2*failuresAMinute || counts[401] < failuresAMinute || failed > 2*failuresAMinute || counts[401]+counts[429] != 10_000 {
		t.Errorf("answered %v, noted %d", counts, failed)
	}
	if size := len(w.log.String()); size > 10_000 {
		t.Errorf("the log has %d bytes", size)
	}
	a := w.do("GET", "/v1/key", "", bad)
	if p := a.problem(t); p.Code != "localapi.throttled" || p.RetryAfter < 1 {
		t.Errorf("got %s", a.body)
	}
}

// Over HTTP: the limit of a key, its headers, and a true Retry-After.
func TestRateLimitOverHTTP(t *testing.T) {
	clock := newClock()
	var mu sync.Mutex
	w := newWorld(t, func(w *world) {
		w.ops.limit = 10
		w.door.rates = newLimiter[string](func() time.Time { mu.Lock(); defer mu.Unlock(); return clock.at }, maxCounted)
	})
	for n := range 100 {
		a := w.do("GET", "/v1/key", "")
		want, left := http.StatusOK, 9-n
		if n >= 10 {
			want, left = http.StatusTooManyRequests, 0
		}
		if a.status != want || a.header.Get("RateLimit-Policy") != `"key";q=10;w=60` || a.header.Get("RateLimit") != fmt.Sprintf(`"key";r=%d;t=61`, left) {
			t.Fatalf("request %d: %d, %q, %q", n, a.status, a.header.Get("RateLimit"), a.header.Get("RateLimit-Policy"))
		}
		if p := a.header.Get("Retry-After"); (want == http.StatusOK) != (p == "") || p != "" && (p != "61" || a.problem(t).RetryAfter != 61) {
			t.Fatalf("request %d: Retry-After %q", n, p)
		}
	}
	mu.Lock()
	clock.wait(61 * time.Second)
	mu.Unlock()
	if a := w.do("GET", "/nothing", ""); a.status != http.StatusNotFound || a.header.Get("RateLimit") != `"key";r=9;t=61` {
		t.Errorf("after Retry-After: %d %q", a.status, a.header.Get("RateLimit"))
	}
}
