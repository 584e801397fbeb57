package localapi

import (
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
)

// connections are all that are open, of all listeners. When they are as many as
// may be, the one that has been idle for longest is closed for a new one; a
// client has to expect that of an idle connection (RFC 9112, 9.5). If all are at
// work, the new one is told in words that it has to wait.
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
	// idleSince is zero while the connection is at work. pool.mu guards it.
	idleSince time.Time
	once      sync.Once
}

func newConnections() *connections {
	return &connections{most: maxConnections, fromOne: maxFromOne, open: map[*connection]struct{}{}, perHost: map[netip.Prefix]int{}}
}

// admit makes a connection one of the pool's, or says that there is no room.
func (p *connections) admit(socket net.Conn) (*connection, bool) {
	peer := peerOf(socket.RemoteAddr())
	from := sourceOf(peer)
	p.mu.Lock()
	var closing *connection
	if !peer.IsLoopback() && p.perHost[from] >= p.fromOne {
		if closing = p.idlest(&from); closing == nil {
			p.mu.Unlock()
			return nil, false
		}
	} else if len(p.open) >= p.most {
		if closing = p.idlest(nil); closing == nil {
			p.mu.Unlock()
			return nil, false
		}
	}
	if closing != nil {
		p.forget(closing)
	}
	c := &connection{Conn: socket, pool: p, from: from}
	p.open[c] = struct{}{}
	p.perHost[from]++
	p.mu.Unlock()
	if closing != nil {
		_ = closing.Conn.Close()
	}
	return c, true
}

// idlest is the connection that has been idle for longest, of one host if from is
// given; nil if none is idle. mu is held.
func (p *connections) idlest(from *netip.Prefix) *connection {
	var found *connection
	for c := range p.open {
		if c.idleSince.IsZero() || from != nil && c.from != *from {
			continue
		}
		if found == nil || c.idleSince.Before(found.idleSince) {
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
	if encrypted, ok := socket.(*tls.Conn); ok {
		socket = encrypted.NetConn()
	}
	c, ok := socket.(*connection)
	if !ok {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	c.idleSince = time.Time{}
	if state == http.StateIdle {
		c.idleSince = time.Now()
	}
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
}

// Accept returns the next connection there is room for.
func (l *limitedListener) Accept() (net.Conn, error) {
	for {
		socket, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if c, ok := l.pool.admit(socket); ok {
			return c, nil
		}
		l.pool.refuse(socket, l.plain)
	}
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
