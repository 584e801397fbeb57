// Package httpclient sends one HTTP request and returns what came of it: the
// answer, or the phase in which it failed, with the time each phase took.
//
// Use Client.Do. It never follows a redirect where a secret could leak, never
// runs past its limits, and never repeats a request by itself. The connection
// is dialled here and not by net/http, for three reasons: the address is
// checked after the name was resolved and before anything is sent (cloud
// metadata and link-local addresses are never called), each phase's failure is
// known by where it happened and not by reading error texts, and the header
// lines are kept in the order received. Above the connection it is net/http's
// own HTTP/1.1.
//
// Tokens fetches OAuth 2.0 tokens through the same client. Text makes a body
// displayable.
package httpclient

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"time"
)

// The fixed limits (R7; RULES.md, HTTP client).
const (
	connectLimit   = 10 * time.Second // name and connection
	tlsLimit       = 10 * time.Second
	defaultTimeout = 30 * time.Second
	minTimeout     = time.Second
	maxTimeout     = 300 * time.Second
	maxRedirects   = 5

	maxBody   = 10 << 20  // decoded, and on the wire
	maxHeader = 256 << 10 // status line and all header lines
	maxRatio  = 200       // decoded to received, beyond ratioFree
	ratioFree = 1 << 20
)

// Resolver turns a host's name into addresses. It must obey ctx. An unknown
// name is a *net.DNSError with IsNotFound. *net.Resolver is one.
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// Options are what tests replace in a Client; the product uses the zero value.
type Options struct {
	// Resolver is the system's when nil.
	Resolver Resolver
}

// Client sends requests and keeps connections for reuse. Safe for concurrent
// use.
type Client struct {
	resolver  Resolver
	checked   *http.Transport // verifies certificates
	unchecked *http.Transport // only for calls with SkipTLSCheck

	life context.Context
	stop context.CancelCauseFunc
}

var errClosed = errors.New("httpclient: the client is closed")

// New makes a client. It does no I/O; system roots are read at the first TLS
// connection.
func New(options Options) *Client {
	c := &Client{resolver: options.Resolver}
	if c.resolver == nil {
		c.resolver = net.DefaultResolver
	}
	c.checked = c.transport(false)
	c.unchecked = c.transport(true)
	c.life, c.stop = context.WithCancelCause(context.Background())
	return c
}

// Close ends running calls and drops kept connections.
func (c *Client) Close() {
	c.stop(errClosed)
	c.checked.CloseIdleConnections()
	c.unchecked.CloseIdleConnections()
}

// transport makes one pool of connections. It reads no proxy from the
// environment, speaks no HTTP/2 and decompresses nothing.
func (c *Client) transport(skipTLSCheck bool) *http.Transport {
	dialler := &dialler{resolver: c.resolver, skipTLSCheck: skipTLSCheck}
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	return &http.Transport{
		DialContext:            dialler.plain,
		DialTLSContext:         dialler.secure,
		DisableCompression:     true,
		Protocols:              &protocols,
		TLSNextProto:           map[string]func(string, *tls.Conn) http.RoundTripper{},
		MaxIdleConns:           64,
		MaxIdleConnsPerHost:    16,
		IdleConnTimeout:        30 * time.Second,
		MaxResponseHeaderBytes: 2 * maxHeader, // conn stops earlier, with a typed error
	}
}

// Left is how much of the whole call's limit an answer has left for judging it.
func (l Limits) Left(answer Answer) time.Duration {
	return l.clamp() - time.Duration(answer.Timings.TotalMs*float64(time.Millisecond))
}

// clamp returns the limit of the whole call.
func (l Limits) clamp() time.Duration {
	switch {
	case l.Timeout == 0:
		return defaultTimeout
	case l.Timeout < minTimeout:
		return minTimeout
	case l.Timeout > maxTimeout:
		return maxTimeout
	}
	return l.Timeout
}
