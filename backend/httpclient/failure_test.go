package httpclient_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"keydesk/backend/httpclient"
	"keydesk/backend/verdict"
)

// R7, R8; RULES.md, Failures: each way to fail has its phase, its words, and
// the truth about whether anything was sent.
func TestFailures(t *testing.T) {
	now := time.Now()
	unused, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	refused := unused.Addr().String()
	unused.Close()
	_, unusedPort, _ := net.SplitHostPort(refused)
	secure := func(issuer *issuer, certified, asked string, from, until time.Time) string {
		server := serveTLS(t, issuer.issue(t, certified, from, until), func(http.ResponseWriter, *http.Request) {
			t.Errorf("%s: the request was sent despite its certificate", asked)
		})
		_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
		return "https://" + asked + ":" + port + "/"
	}
	at := func(answer func(net.Conn, *bufio.Reader)) string {
		where, _ := raw(t, answer)
		return url(where, "/")
	}
	expired := now.Add(-48 * time.Hour)
	plain, _ := raw(t, func(conn net.Conn, in *bufio.Reader) {
		_, _ = in.Peek(1)
		_, _ = io.WriteString(conn, "HTTP/1.1 400 Bad\r\n\r\n")
	})
	endlessHeader := at(func(conn net.Conn, in *bufio.Reader) {
		_, _ = http.ReadRequest(in)
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\n")
		line := strings.Repeat("X-Bomb: "+strings.Repeat("b", 1000)+"\r\n", 100)
		for {
			if _, err := io.WriteString(conn, line); err != nil {
				return
			}
		}
	})
	drip := at(func(conn net.Conn, in *bufio.Reader) {
		_, _ = http.ReadRequest(in)
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
		for {
			if _, err := io.WriteString(conn, "."); err != nil {
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
	})
	silent := at(func(conn net.Conn, in *bufio.Reader) {
		_, _ = http.ReadRequest(in)
		_, _ = io.Copy(io.Discard, in)
	})
	cases := []struct {
		name, url string
		phase     verdict.Phase
		sent      bool
		text      string
	}{
		{"refused port", url(refused, "/"), verdict.PhaseConnect, false, "Nothing answered at " + refused + ". Is the service running?"},
		{"refused at the address that may be called", "http://mixed.test:" + unusedPort + "/", verdict.PhaseConnect, false, "Nothing answered at mixed.test:" + unusedPort + "."},
		{"no such name", "http://nosuch.test/", verdict.PhaseName, false, "The name nosuch.test was not found."},
		{"resolver broken", "http://broken.test/", verdict.PhaseName, false, "The name broken.test could not be looked up."},
		{"metadata by name", "http://metadata.test/", verdict.PhaseAddress, false, "Keydesk never calls metadata.test: it is a link-local or cloud metadata address."},
		{"metadata by address", "http://[::ffff:169.254.169.254]/", verdict.PhaseAddress, false, "Keydesk never calls"},
		{"expired", secure(authority, "old.test", "old.test", now.Add(-96*time.Hour), expired), verdict.PhaseTLS, false,
			"The certificate of old.test expired on " + expired.UTC().Format("2 Jan 2006") + "."},
		{"not yet valid", secure(authority, "new.test", "new.test", now.Add(time.Hour), now.Add(2*time.Hour)), verdict.PhaseTLS, false, "The certificate of new.test is valid only from"},
		{"wrong host", secure(authority, "other.test", "api.test", now.Add(-time.Hour), now.Add(time.Hour)), verdict.PhaseTLS, false,
			"The certificate at api.test is for other.test, not for api.test."},
		{"self-signed", secure(nil, "own.test", "own.test", now.Add(-time.Hour), now.Add(time.Hour)), verdict.PhaseTLS, false,
			"The certificate of own.test comes from an authority this computer does not trust."},
		{"no TLS there", "https://" + plain + "/", verdict.PhaseTLS, false, plain + " does not speak TLS."},
		{"closes at once", at(func(_ net.Conn, in *bufio.Reader) { _, _ = http.ReadRequest(in) }), verdict.PhaseReceive, true, "closed the connection without an answer."},
		{"not HTTP", at(says("220 mail.test ESMTP\r\n")), verdict.PhaseReceive, true, "answered something that is not HTTP."},
		{"header cut", at(says("HTTP/1.1 200 OK\r\nX-A: ")), verdict.PhaseReceive, true, "The answer stopped in the middle of its headers."},
		{"header bomb", endlessHeader, verdict.PhaseReceive, true, "The answer's headers are larger than 256 kB."},
		{"cut half-way", at(says("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n123456789012")), verdict.PhaseReceive, true, "The answer stopped after 12 of 100 bytes."},
		{"chunks cut", at(says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n9\r\nab")), verdict.PhaseReceive, true, "The answer stopped after 7 bytes, before its end."},
		{"broken gzip", at(says("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\n\x1f\x8babc")), verdict.PhaseReceive, true, "The answer could not be unpacked"},
		{"silent", silent, verdict.PhaseTimeout, true, "gave no answer within 1 s."},
		{"drip", drip, verdict.PhaseTimeout, true, "The answer was not complete within 1 s:"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			answer := newClient(t).Do(context.Background(), request(t, "POST", c.url, "x=1"), httpclient.Limits{Timeout: time.Second})
			if answer.Failure == nil {
				t.Fatalf("no failure: %+v", answer)
			}
			if answer.Failure.Phase != c.phase || answer.Sent != c.sent || !strings.Contains(answer.Failure.Text, c.text) {
				t.Errorf("phase %s, sent %v, %q (%s); want %s, %v, %q", answer.Failure.Phase, answer.Sent, answer.Failure.Text, answer.Failure.Detail, c.phase, c.sent, c.text)
			}
			if answer.Failure.Detail == "" || answer.Failure.Hint == "" {
				t.Errorf("no detail or hint: %+v", answer.Failure)
			}
			want := verdict.Failed
			if c.sent {
				want = verdict.Unclear
			}
			if got := verdict.Evaluate(t.Context(), nil, nil, "", answer.Outcome()); got.Verdict != want {
				t.Errorf("verdict %s, want %s", got.Verdict, want)
			}
			if answer.Timings.TotalMs > 1300 {
				t.Errorf("took %v ms with a limit of 1 s", answer.Timings.TotalMs)
			}
		})
	}
}

// What came before a cut is kept and marked (RULES.md, Failures).
func TestPartialBodyIsKept(t *testing.T) {
	where, _ := raw(t, says("HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\n{\"sid\":"))
	answer := get(t, newClient(t), url(where, "/"), httpclient.Limits{})
	if string(answer.Body) != `{"sid":` || answer.Status != 201 || answer.Cut != httpclient.CutHalfway || !answer.Truncated {
		t.Errorf("%+v", answer)
	}
}

// G20: a call ends within 200 ms of its cancel, in every phase.
func TestCancel(t *testing.T) {
	cases := map[string]func(net.Conn, *bufio.Reader){
		"before the answer": func(_ net.Conn, in *bufio.Reader) { _, _ = http.ReadRequest(in); _, _ = in.ReadByte() },
		"in the body": func(conn net.Conn, in *bufio.Reader) {
			_, _ = http.ReadRequest(in)
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc")
			_, _ = in.ReadByte()
		},
	}
	for name, behave := range cases {
		where, _ := raw(t, behave)
		ctx, cancel := context.WithCancel(context.Background())
		time.AfterFunc(50*time.Millisecond, cancel)
		began := time.Now()
		answer := newClient(t).Do(ctx, request(t, "GET", url(where, "/"), ""), httpclient.Limits{})
		if took := time.Since(began); took > 250*time.Millisecond {
			t.Errorf("%s: ended %v after the start", name, took)
		}
		if answer.Failure == nil || answer.Failure.Phase != verdict.PhaseCancelled || answer.Failure.Text != "Cancelled after the request was sent." {
			t.Errorf("%s: %+v", name, answer.Failure)
		}
	}
	where, received := raw(t, func(net.Conn, *bufio.Reader) {})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	answer := newClient(t).Do(ctx, request(t, "GET", url(where, "/"), ""), httpclient.Limits{})
	if answer.Failure == nil || answer.Failure.Text != "Cancelled before anything was sent." || answer.Sent || received() != "" {
		t.Errorf("%+v, received %q", answer, received())
	}
}
