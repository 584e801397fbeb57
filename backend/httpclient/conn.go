package httpclient

import (
	"bytes"
	"errors"
	"net"
	"strings"
	"sync"
	"time"

	"keydesk/backend/verdict"
)

// conn is a connection that notes, for the exchange it serves now, whether
// anything was written, when the first byte came, and the header lines as
// received.
type conn struct {
	net.Conn // the plain connection, or the TLS one above it

	began       time.Time // before the name was looked up
	nameTook    time.Duration
	connectTook time.Duration
	tlsTook     time.Duration
	tls         *TLS

	mu        sync.Mutex
	written   int64
	firstByte time.Time
	head      []byte // of the answer, until its blank line
	headDone  bool
}

var errHeaderTooLarge = errors.New("httpclient: header larger than 256 KiB")

// begin starts the notes of a new exchange.
func (c *conn) begin() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.written, c.firstByte, c.head, c.headDone = 0, time.Time{}, c.head[:0], false
}

func (c *conn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	c.mu.Lock()
	c.written += int64(n)
	c.mu.Unlock()
	return n, err
}

func (c *conn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n == 0 {
		return n, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.firstByte.IsZero() {
		c.firstByte = time.Now()
	}
	if !c.headDone {
		c.note(p[:n])
		if !c.headDone && len(c.head) > maxHeader {
			return 0, errHeaderTooLarge
		}
	}
	return n, err
}

// note adds what was read to the head, up to its blank line. Interim answers
// (1xx, RFC 9110 section 15.2) are dropped.
func (c *conn) note(read []byte) {
	from := max(0, len(c.head)-3)
	c.head = append(c.head, read...)
	for {
		end := headEnd(c.head, from)
		if end < 0 {
			return
		}
		if !isInterim(c.head) {
			c.head, c.headDone = c.head[:end], true
			return
		}
		c.head, from = append(c.head[:0], c.head[end:]...), 0
	}
}

// headEnd returns the index after the blank line that ends a head, searching
// from an index, or -1. Bare line feeds count (RFC 9112 section 2.2).
func headEnd(head []byte, from int) int {
	for i := from; i < len(head); i++ {
		next := bytes.IndexByte(head[i:], '\n')
		if next < 0 {
			return -1
		}
		i += next
		rest := head[i+1:]
		if len(rest) > 0 && rest[0] == '\n' {
			return i + 2
		}
		if len(rest) > 1 && rest[0] == '\r' && rest[1] == '\n' {
			return i + 3
		}
	}
	return -1
}

func isInterim(head []byte) bool {
	space := bytes.IndexByte(head, ' ')
	return space > 0 && len(head) > space+3 && head[space+1] == '1' && !bytes.HasPrefix(head[space+1:], []byte("101"))
}

// headTooLarge reports whether the answer's head exceeded its limit.
func (c *conn) headTooLarge() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.headDone && len(c.head) > maxHeader
}

// notes returns what was noted since begin.
func (c *conn) notes() (written int64, firstByte time.Time, headers []verdict.Header) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.headDone {
		headers = parseHead(string(c.head))
	}
	return c.written, c.firstByte, headers
}

// parseHead splits a head into its lines, in order and spelling as received.
func parseHead(head string) []verdict.Header {
	lines := strings.Split(head, "\n")
	headers := make([]verdict.Header, 0, len(lines))
	for _, line := range lines[1:] {
		line = strings.TrimRight(line, "\r")
		if line == "" {
			continue
		}
		if (line[0] == ' ' || line[0] == '\t') && len(headers) > 0 { // folded, RFC 9112 section 5.2
			headers[len(headers)-1].Value += " " + strings.Trim(line, " \t")
			continue
		}
		name, value, _ := strings.Cut(line, ":")
		headers = append(headers, verdict.Header{
			Name:  strings.ToValidUTF8(name, "\uFFFD"),
			Value: strings.ToValidUTF8(strings.Trim(value, " \t"), "\uFFFD"),
		})
	}
	return headers
}

// first returns the first value of a header, whatever its spelling.
func first(headers []verdict.Header, name string) string {
	for _, header := range headers {
		if strings.EqualFold(header.Name, name) {
			return header.Value
		}
	}
	return ""
}
