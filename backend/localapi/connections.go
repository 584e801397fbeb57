package localapi

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"
)

// Limits of connections (RULES.md, Local API).
const (
	maxConnections = 64
	// maxFromOne is how many of them one other computer may hold. All programs of
	// this computer come from one address, so they are not counted apart.
	maxFromOne = 16
	// arrival is how long a connection has in any case to send its first request.
	// Programs send it at once. With it 640 connections a second get their turn
	// while others hold every place with requests that do not come.
	arrival = 100 * time.Millisecond
)

// connections are all that are open, of all listeners. When they are as many as
// may be, one that has no request is closed for a new one: first the oldest of those
// that never had a whole request, so that clients which send theirs drop by drop keep
// nobody out, then the one that has been idle for longest. A client has to expect that
// (RFC 9112, 9.5). Each has arrival to send its first request; a new one waits for
// that. If all are at work, the new one is told in words that it has to wait.
type connections struct {
	// most and fromOne are the limits.
	most, fromOne int

	mu       sync.Mutex
	open     map[*connection]struct{}
	perHost  map[netip.Prefix]int
	refusing int
}

// connection is one of them.
type connection struct {
	net.Conn
	pool *connections
	from netip.Prefix
	// idleSince is zero while the connection is at work: from the moment that a
	// request has arrived, headers and all, until it is answered. served says that
	// there was one. pool.mu guards both.
	idleSince time.Time
	served    bool
	once      sync.Once
}

func newConnections() *connections {
	return &connections{most: maxConnections, fromOne: maxFromOne, open: map[*connection]struct{}{}, perHost: map[netip.Prefix]int{}}
}

// admit makes a connection one of the pool's, or says that there is no room: now if
// wait is 0, or for that long.
func (p *connections) admit(socket net.Conn) (c *connection, wait time.Duration) {
	peer := peerOf(socket.RemoteAddr())
	from := sourceOf(peer)
	p.mu.Lock()
	var closing *connection
	switch {
	case !peer.IsLoopback() && p.perHost[from] >= p.fromOne:
		closing = p.idlest(&from)
	case len(p.open) >= p.most:
		closing = p.idlest(nil)
	default:
		defer p.mu.Unlock()
		return p.add(socket, from), 0
	}
	if closing == nil {
		p.mu.Unlock()
		return nil, 0
	}
	if age := time.Since(closing.idleSince); !closing.served && age < arrival {
		p.mu.Unlock()
		return nil, arrival - age
	}
	p.forget(closing)
	c = p.add(socket, from)
	p.mu.Unlock()
	_ = closing.Conn.Close()
	return c, 0
}

// add makes a connection one of the pool's. mu is held.
func (p *connections) add(socket net.Conn, from netip.Prefix) *connection {
	c := &connection{Conn: socket, pool: p, from: from, idleSince: time.Now()}
	p.open[c] = struct{}{}
	p.perHost[from]++
	return c
}

// idlest is the connection to close for a new one, of one host if from is given; nil
// if all are at work. mu is held.
func (p *connections) idlest(from *netip.Prefix) *connection {
	var found *connection
	for c := range p.open {
		if c.idleSince.IsZero() || from != nil && c.from != *from {
			continue
		}
		if found == nil || !c.served && found.served || c.served == found.served && c.idleSince.Before(found.idleSince) {
			found = c
		}
	}
	return found
}

// forget takes a connection out. mu is held.
func (p *connections) forget(c *connection) {
	if _, open := p.open[c]; !open {
		return
	}
	delete(p.open, c)
	if p.perHost[c.from]--; p.perHost[c.from] <= 0 {
		delete(p.perHost, c.from)
	}
}

// state is http.Server's ConnState.
func (p *connections) state(socket net.Conn, state http.ConnState) {
	c := connectionOf(socket)
	if c == nil || state != http.StateIdle {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	c.idleSince = time.Now()
}

// connectionOf is the pool's connection below a server's; nil for another.
func connectionOf(socket net.Conn) *connection {
	if encrypted, ok := socket.(*tls.Conn); ok {
		socket = encrypted.NetConn()
	}
	c, _ := socket.(*connection)
	return c
}

type connectionKey struct{}

// context is http.Server's ConnContext.
func (p *connections) context(ctx context.Context, socket net.Conn) context.Context {
	return context.WithValue(ctx, connectionKey{}, connectionOf(socket))
}

// begin marks the connection of a request as being at work. It returns false where
// the connection was closed for another one meanwhile: nobody would get the answer,
// so nothing must be run.
func (p *connections) begin(ctx context.Context) bool {
	c, _ := ctx.Value(connectionKey{}).(*connection)
	p.mu.Lock()
	defer p.mu.Unlock()
	if c == nil {
		return false
	}
	_, open := p.open[c]
	c.idleSince, c.served = time.Time{}, true
	return open
}

// Close gives the connection's place back.
func (c *connection) Close() error {
	c.once.Do(func() {
		c.pool.mu.Lock()
		defer c.pool.mu.Unlock()
		c.pool.forget(c)
	})
	return c.Conn.Close()
}

// limitedListener accepts what the pool has room for.
type limitedListener struct {
	net.Listener
	pool *connections
	// plain is false where a refusal in words could not be read, since TLS comes
	// first.
	plain bool
	// closed ends the wait of Accept.
	closed chan struct{}
	once   sync.Once
}

// Accept returns the next connection there is room for.
func (l *limitedListener) Accept() (net.Conn, error) {
	for {
		socket, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		c, wait := l.pool.admit(socket)
		for c == nil && wait > 0 {
			select {
			case <-l.closed:
				_ = socket.Close()
				return nil, net.ErrClosed
			case <-time.After(wait):
			}
			c, wait = l.pool.admit(socket)
		}
		if c != nil {
			return c, nil
		}
		l.pool.refuse(socket, l.plain)
	}
}

// Close closes the listener and none of its connections.
func (l *limitedListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return l.Listener.Close()
}

// refuse tells a client in words that there is no room, without waiting for it.
func (p *connections) refuse(socket net.Conn, plain bool) {
	p.mu.Lock()
	room := plain && p.refusing < p.most
	if room {
		p.refusing++
	}
	p.mu.Unlock()
	if !room {
		_ = socket.Close()
		return
	}
	go func() {
		defer func() {
			_ = socket.Close()
			p.mu.Lock()
			p.refusing--
			p.mu.Unlock()
		}()
		_ = socket.SetDeadline(time.Now().Add(time.Second))
		if _, err := io.WriteString(socket, busyAnswer()); err != nil {
			return
		}
		// What the client has sent is read before the connection is closed, since
		// unread bytes would make the system drop the answer too.
		if half, ok := socket.(*net.TCPConn); ok {
			_ = half.CloseWrite()
		}
		_, _ = io.Copy(io.Discard, io.LimitReader(socket, 64<<10))
	}()
}

// peerOf is the address that a connection comes from.
func peerOf(address net.Addr) netip.Addr {
	if tcp, ok := address.(*net.TCPAddr); ok {
		return tcp.AddrPort().Addr().Unmap()
	}
	return netip.Addr{}
}
