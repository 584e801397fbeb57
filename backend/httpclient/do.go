package httpclient

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"time"

	"keydesk/backend/verdict"
)

// errLimit is the cause of a context that reached the call's own limit.
var errLimit = errors.New("httpclient: the call's time is over")

// staleTries is how often a request moves to another connection because the
// kept one turned out to be closed before a byte was written.
const staleTries = 3

// Do sends a request and reads its answer within the limits. It does not return
// an error: the Answer says what happened. The request is not changed; ctx
// replaces its context. For redirects that keep the body, its GetBody must be
// set.
func (c *Client) Do(ctx context.Context, req *http.Request, limits Limits) Answer {
	began := time.Now()
	ctx, cancel := context.WithTimeoutCause(ctx, limits.clamp(), errLimit)
	defer cancel()
	defer context.AfterFunc(c.life, cancel)()

	call := &call{client: c, limits: limits}
	call.run(ctx, req)
	call.answer.Timings.TotalMs = milliseconds(time.Since(began))
	if len(call.answer.Body) > 0 {
		call.answer.Text, call.answer.BrokenText = Text(call.answer.Body, call.answer.ContentType())
	}
	return call.answer
}

// call is one Do: one exchange, or several with followed redirects.
type call struct {
	client *Client
	limits Limits
	answer Answer
}

func (c *call) run(ctx context.Context, req *http.Request) {
	if c.client.life.Err() != nil {
		c.answer.Failure = cancelled(false, errClosed)
		return
	}
	for {
		ex, response, err := c.roundTrip(ctx, req)
		c.describe(ex, response)
		if err != nil {
			c.answer.Failure = ex.failure(ctx, err, c.limits, c.answer.Sent, req.URL)
			return
		}
		next := c.redirect(req, response)
		if next == nil {
			c.read(ctx, ex, req, response)
			return
		}
		// A short body is read so that the connection can be used again.
		_, _ = io.CopyN(io.Discard, response.Body, 64<<10)
		_ = response.Body.Close()
		req = next
	}
}

// roundTrip makes one exchange. net/http would repeat a GET whose kept
// connection broke after it was written. Many providers send messages by GET,
// so roundTrip prevents that: a request moves to another connection only if no
// byte of it was written.
func (c *call) roundTrip(ctx context.Context, req *http.Request) (*exchange, *http.Response, error) {
	transport := c.client.checked
	if c.limits.SkipTLSCheck {
		transport = c.client.unchecked
	}
	for try := 1; ; try++ {
		ex := &exchange{began: time.Now()}
		sent := req.WithContext(httptrace.WithClientTrace(ctx, ex.trace()))
		if req.GetBody != nil && req.Body != nil && req.Body != http.NoBody {
			body, err := req.GetBody()
			if err != nil {
				return ex, nil, err
			}
			sent.Body = body
		}
		onlyOnce(sent)
		response, err := transport.RoundTrip(sent)
		if err == nil {
			return ex, response, nil
		}
		written, _, _ := ex.notes()
		again := ex.reused && written == 0 && ctx.Err() == nil && (req.Body == nil || req.GetBody != nil)
		if !again || try == staleTries {
			return ex, nil, err
		}
	}
}

// onlyOnce keeps net/http from repeating the request: net/http repeats only a
// request without a body or with a body it can get again. The bytes on the wire
// stay the same.
func onlyOnce(req *http.Request) {
	switch req.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace:
		if req.Body == nil || req.Body == http.NoBody {
			req.Body = io.NopCloser(strings.NewReader(""))
		}
	}
	req.GetBody = nil
}

// exchange is one request and its answer on one connection.
type exchange struct {
	began  time.Time
	ready  time.Time // the connection was ready
	conn   *conn
	reused bool
	wrote  atomic.Bool // the whole request
}

func (x *exchange) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GotConn: func(info httptrace.GotConnInfo) {
			x.conn, _ = info.Conn.(*conn)
			x.ready = time.Now()
			if x.conn != nil {
				// A connection dialled for another call also counts as reused.
				x.reused = info.Reused || x.conn.began.Before(x.began)
				x.conn.begin()
			}
		},
		WroteRequest: func(info httptrace.WroteRequestInfo) { x.wrote.Store(info.Err == nil) },
	}
}

func (x *exchange) notes() (written int64, firstByte time.Time, headers []verdict.Header) {
	if x.conn == nil {
		return 0, time.Time{}, nil
	}
	return x.conn.notes()
}

// describe copies what is known of an exchange into the answer; a later hop
// replaces an earlier one.
func (c *call) describe(x *exchange, response *http.Response) {
	a := &c.answer
	a.Status, a.StatusText, a.Proto, a.Headers = 0, "", "", nil
	a.Timings, a.RemoteAddr, a.TLS = Timings{}, "", nil
	if x.conn == nil {
		return
	}
	written, firstByte, headers := x.notes()
	// An answer may be read before the writer has counted what it wrote.
	a.Sent = a.Sent || written > 0 || response != nil
	a.RemoteAddr, a.TLS = x.conn.RemoteAddr().String(), x.conn.tls
	a.Timings.Reused = x.reused
	if !x.reused {
		a.Timings.DNSMs = milliseconds(x.conn.nameTook)
		a.Timings.ConnectMs = milliseconds(x.conn.connectTook)
		a.Timings.TLSMs = milliseconds(x.conn.tlsTook)
	}
	if !firstByte.IsZero() {
		a.Timings.FirstByteMs = milliseconds(firstByte.Sub(x.ready))
	}
	if response != nil {
		a.Status, a.Proto, a.Headers = response.StatusCode, response.Proto, headers
		_, a.StatusText, _ = strings.Cut(response.Status, " ")
	}
}

// read reads the body into the answer.
func (c *call) read(ctx context.Context, x *exchange, req *http.Request, response *http.Response) {
	a := &c.answer
	_, firstByte, _ := x.notes()
	if response.StatusCode == http.StatusSwitchingProtocols {
		_ = response.Body.Close() // not HTTP from here on
		return
	}
	body := readBody(response)
	_ = response.Body.Close()
	a.Timings.DownloadMs = milliseconds(time.Since(firstByte))
	a.Body, a.WireBytes, a.BodyBytes = body.data, body.wire, int64(len(body.data))
	a.Cut, a.Truncated = body.cut, body.cut != NotCut
	a.UnknownCoding, a.ClaimedCoding = body.unknown, body.claimed
	if body.err != nil {
		a.Failure = cutFailure(ctx, body, response.ContentLength, c.limits, req.URL)
	}
}

// milliseconds rounds up to microseconds, so that a phase that took place is
// never shown as none: a name found in less than a microsecond was found.
func milliseconds(d time.Duration) float64 {
	return max(0, float64((d+time.Microsecond-1).Microseconds())/1000)
}
