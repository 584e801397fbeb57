package localapi

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Bad input: five times as many slow-loris clients as there may be connections, with
// the limits as they are in use. They send their headers byte by byte, come back when
// they are cut off, and keep nobody out: a good client beside them, with a new
// connection for each request or with one for all, is answered every time.
func TestSlowLoris(t *testing.T) {
	w := newWorld(t)
	over := make(chan struct{})
	var slow sync.WaitGroup
	var opened atomic.Int64
	for n := range 5 * maxConnections {
		slow.Go(func() {
			for {
				conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", w.port))
				if err != nil {
					t.Error(err)
					return
				}
				opened.Add(1)
				head := fmt.Sprintf("GET /v1/key HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n%s", w.port, strings.Repeat("X-Slow: 1\r\n", 1000))
				switch n % 3 {
				case 0:
					head = "" // connects and says nothing
				case 1: // sends a part and waits
					_, _ = io.WriteString(conn, head[:60])
					head = ""
				}
				for at := 0; ; at++ {
					if at < len(head) {
						_, err = io.WriteString(conn, head[at:at+1])
					} else {
						_ = conn.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
						_, err = conn.Read(make([]byte, 1))
						if late, ok := err.(net.Error); ok && late.Timeout() { //nolint:errorlint // the error of the connection itself
							err = nil
						}
					}
					select {
					case <-over:
						_ = conn.Close()
						return
					case <-time.After(20 * time.Millisecond):
					}
					if err != nil {
						break
					}
				}
				_ = conn.Close()
				select {
				case <-over:
					return
				case <-time.After(200 * time.Millisecond):
				}
			}
		})
	}
	defer slow.Wait()
	defer close(over)
	for until := time.Now().Add(10 * time.Second); opened.Load() < 5*maxConnections; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatalf("only %d slow clients came", opened.Load())
		}
	}
	for name, client := range map[string]*http.Client{
		"a connection each": {Timeout: 3 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}},
		"one connection":    {Timeout: 3 * time.Second, Transport: &http.Transport{MaxConnsPerHost: 1}},
	} {
		refused := 0
		for range 25 {
			req, err := http.NewRequest("GET", w.base()+"/v1/key", nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Authorization", "x-api-key "+goodKey)
			res, err := client.Do(req)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				break
			}
			_, _ = io.Copy(io.Discard, res.Body)
			_ = res.Body.Close()
			if res.StatusCode != http.StatusOK {
				refused++
			}
			time.Sleep(10 * time.Millisecond)
		}
		if refused != 0 {
			t.Errorf("%s: %d of 25 requests were refused", name, refused)
		}
	}
	if open := openConnections(w); open > maxConnections {
		t.Errorf("%d connections are open", open)
	}
}
