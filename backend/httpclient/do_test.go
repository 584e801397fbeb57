package httpclient_test

import (
	"bufio"
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"keydesk/backend/httpclient"
	"keydesk/backend/verdict"
)

var quiet = log.New(io.Discard, "", 0)

// A57: headers are in the order and spelling received, interim answers are left
// out, and body, sizes and address are set.
func TestAnswerAsReceived(t *testing.T) {
	where, _ := raw(t, says("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"+
		"HTTP/1.1 201 Created here\r\nx-B: 2\r\nX-a: 1\r\nContent-Length: 2\r\nX-B:  3 \r\n\r\nok"))
	answer := get(t, newClient(t), url(where, "/"), httpclient.Limits{})
	whole(t, answer)
	want := []verdict.Header{{Name: "x-B", Value: "2"}, {Name: "X-a", Value: "1"}, {Name: "Content-Length", Value: "2"}, {Name: "X-B", Value: "3"}}
	if !reflect.DeepEqual(answer.Headers, want) {
		t.Errorf("headers %v, want %v", answer.Headers, want)
	}
	if answer.Status != 201 || answer.StatusText != "Created here" || answer.Proto != "HTTP/1.1" || string(answer.Body) != "ok" ||
		answer.WireBytes != 2 || answer.BodyBytes != 2 || answer.RemoteAddr != where || answer.Truncated || !answer.Sent || answer.TLS != nil {
		t.Errorf("answer %+v", answer)
	}
}

// R5, A57: what keeps a request from being repeated does not change its bytes:
// they equal those of a plain transport, for every method and body.
func TestBytesEqualPlainTransport(t *testing.T) {
	for _, method := range []string{"GET", "HEAD", "OPTIONS", "DELETE", "POST", "PUT", "PATCH"} {
		for _, body := range []string{"", "a=1&b=2"} {
			if body != "" && (method == "GET" || method == "HEAD") {
				continue
			}
			send := func(fire func(*http.Request)) string {
				where, received := raw(t, says("HTTP/1.1 204 No Content\r\n\r\n"))
				req := request(t, method, url(where, "/p?q=1"), body)
				req.Host = "api.test"
				req.Header["x-Lower"] = []string{"v"}
				fire(req)
				return received()
			}
			plain := send(func(req *http.Request) {
				transport := &http.Transport{DisableCompression: true}
				defer transport.CloseIdleConnections()
				response, err := transport.RoundTrip(req)
				check(t, err)
				response.Body.Close()
			})
			ours := send(func(req *http.Request) {
				whole(t, newClient(t).Do(context.Background(), req, httpclient.Limits{}))
			})
			if plain != ours || plain == "" {
				t.Errorf("%s %q: plain\n%q\nours\n%q", method, body, plain, ours)
			}
		}
	}
}

// RULES.md, HTTP client: a request that was written is never repeated, not even
// a GET on a kept connection, which net/http alone would send a second time.
func TestNeverRepeated(t *testing.T) {
	for _, method := range []string{"GET", "POST"} {
		var requests atomic.Int32
		where, _ := raw(t, func(conn net.Conn, in *bufio.Reader) {
			for {
				req, err := http.ReadRequest(in)
				if err != nil {
					return
				}
				_, _ = io.Copy(io.Discard, req.Body)
				if requests.Add(1) == 2 {
					return // received, then cut
				}
				_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
			}
		})
		e := newClient(t)
		whole(t, e.Do(context.Background(), request(t, method, url(where, "/"), ""), httpclient.Limits{}))
		second := e.Do(context.Background(), request(t, method, url(where, "/"), ""), httpclient.Limits{})
		if second.Failure == nil || !second.Sent || second.Failure.Phase != verdict.PhaseReceive || !second.Timings.Reused {
			t.Errorf("%s: %+v", method, second)
		}
		if n := requests.Load(); n != 2 {
			t.Errorf("%s: the server received %d requests, want 2", method, n)
		}
	}
}

// A kept connection that the server closed meanwhile is not a failure.
func TestStaleConnection(t *testing.T) {
	closed := make(chan bool, 2)
	where, _ := raw(t, func(conn net.Conn, in *bufio.Reader) {
		says("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")(conn, in)
		conn.Close()
		closed <- true
	})
	e := newClient(t)
	for range 2 {
		whole(t, e.Do(context.Background(), request(t, "POST", url(where, "/"), "x"), httpclient.Limits{}))
		<-closed
		time.Sleep(5 * time.Millisecond)
	}
}

// A57: phases are true: a server that waits 50 ms shows it in the first byte,
// one that is slow with the body in the download, and a second call reuses the
// connection.
func TestTimings(t *testing.T) {
	const wait, slack = 50, 25
	certificate := authority.issue(t, "slow.test", time.Now().Add(-time.Hour), time.Now().Add(time.Hour))
	server := serveTLS(t, certificate, func(w http.ResponseWriter, _ *http.Request) {
		time.Sleep(wait * time.Millisecond)
		_, _ = io.WriteString(w, "a")
		w.(http.Flusher).Flush()
		time.Sleep(wait * time.Millisecond)
		_, _ = io.WriteString(w, "b")
	})
	_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
	// A busy machine delays some rounds; the waits are never shown shorter
	// than they were, and one round of ten must show them right.
	var got [2]httpclient.Timings
	shownTrue := func(t httpclient.Timings) bool {
		return t.FirstByteMs <= wait+slack && t.DownloadMs <= wait+slack && t.TotalMs <= sum(t)+slack
	}
	for range 10 {
		e := newClient(t)
		for round, reused := range []bool{false, true} {
			answer := get(t, e, "https://slow.test:"+port+"/", httpclient.Limits{})
			whole(t, answer)
			got[round] = answer.Timings
			if now := got[round]; now.FirstByteMs < wait || now.DownloadMs < wait-5 || now.TotalMs < sum(now)-0.1 {
				t.Errorf("round %d shows less than there was: %+v", round, now)
			}
			if now := got[round]; now.Reused != reused || (now.ConnectMs > 0) == reused || (now.TLSMs > 0) == reused || (now.DNSMs > 0) == reused {
				t.Errorf("round %d: %+v", round, now)
			}
			if answer.TLS == nil || !answer.TLS.Checked || answer.TLS.Version != "TLS 1.3" || answer.TLS.Subject != "CN=slow.test" || len(answer.TLS.Fingerprint) != 64 {
				t.Errorf("round %d: TLS %+v", round, answer.TLS)
			}
		}
		if shownTrue(got[0]) && shownTrue(got[1]) {
			return
		}
	}
	t.Errorf("never true: %+v", got)
}

func sum(t httpclient.Timings) float64 {
	return t.DNSMs + t.ConnectMs + t.TLSMs + t.FirstByteMs + t.DownloadMs
}

// R7: the switched-off TLS check holds for that call and for no other.
func TestSkipTLSCheckIsPerCall(t *testing.T) {
	certificate := (*issuer)(nil).issue(t, "own.test", time.Now().Add(-time.Hour), time.Now().Add(time.Hour))
	server := serveTLS(t, certificate, func(http.ResponseWriter, *http.Request) {})
	_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
	e := newClient(t)
	skipped := get(t, e, "https://own.test:"+port+"/", httpclient.Limits{SkipTLSCheck: true})
	whole(t, skipped)
	if skipped.TLS == nil || skipped.TLS.Checked {
		t.Errorf("TLS %+v", skipped.TLS)
	}
	if checked := get(t, e, "https://own.test:"+port+"/", httpclient.Limits{}); checked.Failure == nil || checked.Sent {
		t.Errorf("the next call did not check: %+v", checked)
	}
}

// R7: no proxy is taken from the environment.
func TestNoProxyFromEnvironment(t *testing.T) {
	proxy := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("the proxy was asked") })
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY"} {
		t.Setenv(name, proxy.URL)
	}
	server := serve(t, func(http.ResponseWriter, *http.Request) {})
	_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
	whole(t, get(t, newClient(t), "http://api.test:"+port+"/", httpclient.Limits{}))
}

// The next address is tried if the first does not answer, and one that is never
// called is skipped.
func TestSeveralAddresses(t *testing.T) {
	server := serve(t, func(http.ResponseWriter, *http.Request) {})
	_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
	for _, name := range []string{"twice.test", "mixed.test"} {
		answer := get(t, newClient(t), "http://"+name+":"+port+"/", httpclient.Limits{})
		whole(t, answer)
		if !strings.HasPrefix(answer.RemoteAddr, "127.0.0.1:") {
			t.Errorf("%s: dialled %s", name, answer.RemoteAddr)
		}
	}
}

func TestClosedClient(t *testing.T) {
	e := httpclient.New(httpclient.Options{})
	hang := make(chan bool)
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { hang <- true; <-hang }))
	defer server.Close()
	defer close(hang)
	done := make(chan httpclient.Answer)
	go func() { done <- get(t, e, server.URL, httpclient.Limits{}) }()
	<-hang
	e.Close()
	if answer := <-done; answer.Failure == nil || answer.Failure.Phase != verdict.PhaseCancelled || !answer.Sent {
		t.Errorf("running call: %+v", answer)
	}
	if answer := get(t, e, server.URL, httpclient.Limits{}); answer.Failure == nil || answer.Sent {
		t.Errorf("later call: %+v", answer)
	}
}
