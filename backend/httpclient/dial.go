package httpclient

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/netip"
	"time"

	"keydesk/backend/verdict"
)

// headStart is how long each address has before the next one is tried in
// parallel (RFC 8305 section 5).
const headStart = 250 * time.Millisecond

// dialler makes connections, checks the address of each, and notes how long
// name, connection and TLS took.
type dialler struct {
	resolver     Resolver
	skipTLSCheck bool
}

// dialError is a connection that was not made; nothing was sent.
type dialError struct {
	phase verdict.Phase
	host  string // the URL's host
	where string // host:port
	cause error
}

func (e *dialError) Error() string { return "httpclient: " + string(e.phase) + ": " + e.cause.Error() }
func (e *dialError) Unwrap() error { return e.cause }

var errNeverCalled = errors.New("link-local and cloud metadata addresses are refused")

func (d *dialler) plain(ctx context.Context, _, where string) (net.Conn, error) {
	made, _, err := d.connect(ctx, where)
	if err != nil {
		return nil, err
	}
	return made, nil
}

func (d *dialler) secure(ctx context.Context, _, where string) (net.Conn, error) {
	made, host, err := d.connect(ctx, where)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	ctx, cancel := context.WithTimeout(ctx, tlsLimit)
	defer cancel()
	secured := tls.Client(made.Conn, &tls.Config{
		ServerName:         host,
		MinVersion:         tls.VersionTLS12,
		NextProtos:         []string{"http/1.1"},
		InsecureSkipVerify: d.skipTLSCheck, //nolint:gosec // a person switched the check off for this setup, and screens say so
	})
	if err := secured.HandshakeContext(ctx); err != nil {
		_ = made.Conn.Close()
		return nil, &dialError{verdict.PhaseTLS, host, where, err}
	}
	made.Conn = secured
	made.tls = describeTLS(secured.ConnectionState(), !d.skipTLSCheck)
	made.tlsTook = time.Since(began)
	return made, nil
}

// connect resolves, checks and dials.
func (d *dialler) connect(ctx context.Context, where string) (*conn, string, error) {
	host, port, err := net.SplitHostPort(where)
	if err != nil {
		return nil, "", &dialError{verdict.PhaseName, where, where, err}
	}
	ctx, cancel := context.WithTimeout(ctx, connectLimit)
	defer cancel()
	began := time.Now()
	addresses, err := d.resolve(ctx, host)
	if err != nil {
		return nil, "", &dialError{verdict.PhaseName, host, where, err}
	}
	resolved := time.Now()
	allowed := addresses[:0:0]
	for _, address := range addresses {
		if callable(address) {
			allowed = append(allowed, address)
		}
	}
	if len(allowed) == 0 {
		return nil, "", &dialError{verdict.PhaseAddress, host, where, errNeverCalled}
	}
	raw, err := race(ctx, allowed, port)
	if err != nil {
		return nil, "", &dialError{verdict.PhaseConnect, host, where, err}
	}
	made := &conn{Conn: raw, began: began, connectTook: time.Since(resolved)}
	if _, err := netip.ParseAddr(host); err != nil {
		made.nameTook = resolved.Sub(began)
	}
	return made, host, nil
}

func (d *dialler) resolve(ctx context.Context, host string) ([]netip.Addr, error) {
	if address, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{address}, nil
	}
	addresses, err := d.resolver.LookupNetIP(ctx, "ip", host)
	if err == nil && len(addresses) == 0 {
		err = &net.DNSError{Err: "no addresses", Name: host, IsNotFound: true}
	}
	return addresses, err
}

// race dials the addresses in order, each with a head start, and returns the
// first connection made. It drops the others before it returns.
func race(ctx context.Context, addresses []netip.Addr, port string) (net.Conn, error) {
	type try struct {
		conn net.Conn
		err  error
	}
	ctx, cancel := context.WithCancel(ctx)
	tries := make(chan try)
	running, next := 0, 0
	start := func() {
		where := net.JoinHostPort(addresses[next].Unmap().String(), port)
		next, running = next+1, running+1
		go func() {
			var plain net.Dialer
			made, err := plain.DialContext(ctx, "tcp", where)
			tries <- try{made, err}
		}()
	}
	defer func() {
		cancel()
		for ; running > 0; running-- {
			if late := <-tries; late.conn != nil {
				_ = late.conn.Close()
			}
		}
	}()
	start()
	timer := time.NewTimer(headStart)
	defer timer.Stop()
	var firstErr error
	for {
		select {
		case <-timer.C:
			if next < len(addresses) {
				start()
				timer.Reset(headStart)
			}
		case done := <-tries:
			running--
			if done.err == nil {
				return done.conn, nil
			}
			if firstErr == nil {
				firstErr = done.err
			}
			if next < len(addresses) {
				start()
				timer.Reset(headStart)
			} else if running == 0 {
				return nil, firstErr
			}
		}
	}
}
