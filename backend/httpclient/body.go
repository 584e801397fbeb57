package httpclient

import (
	"bufio"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"net/http"
	"strings"
)

// body is what was read of an answer's body.
type body struct {
	data []byte
	wire int64 // bytes received
	cut  Cut
	// err is set when the body ended before it should have; for CutBroken it
	// is the decoder's.
	err error
}

// wireReader counts what is received and remembers how it ended, so that a
// broken connection can be told from a broken encoding.
type wireReader struct {
	from  io.Reader
	count int64
	err   error
}

var errWireLimit = errors.New("httpclient: wire limit")

func (w *wireReader) Read(p []byte) (int, error) {
	if w.count > maxBody {
		return 0, errWireLimit
	}
	n, err := w.from.Read(p)
	w.count += int64(n)
	if err != nil && err != io.EOF {
		w.err = err
	}
	return n, err
}

// readBody reads a body to its end or to our limits, decoding gzip and deflate
// if the request asked for them (RULES.md, HTTP client).
func readBody(response *http.Response, asked string) body {
	wire := &wireReader{from: response.Body}
	var read body
	var err error
	decoded, encoded, err := decoder(wire, response.Header.Get("Content-Encoding"), asked)
	if err == nil {
		read, err = readLimited(decoded, wire, encoded, response.ContentLength)
	}
	read.wire = wire.count
	switch {
	case read.cut != NotCut: // at our limit
	case wire.err != nil:
		read.cut, read.err = CutHalfway, wire.err
	case errors.Is(err, errWireLimit):
		read.cut = CutSize
	case err != nil:
		read.cut, read.err = CutBroken, err
	}
	return read
}

func readLimited(from io.Reader, wire *wireReader, encoded bool, length int64) (body, error) {
	capacity := int64(512)
	if !encoded && length > 0 {
		capacity = min(length, maxBody) + 1
	}
	read := body{data: make([]byte, 0, capacity)}
	for {
		if len(read.data) == cap(read.data) {
			read.data = append(read.data, 0)[:len(read.data)]
		}
		room := read.data[len(read.data):cap(read.data)]
		n, err := from.Read(room)
		read.data = read.data[:len(read.data)+n]
		size := int64(len(read.data))
		switch {
		case size > maxBody:
			read.data, read.cut = read.data[:maxBody], CutSize
			return read, nil
		case encoded && size > ratioFree && size > maxRatio*wire.count:
			read.cut = CutRatio
			return read, nil
		case err == io.EOF:
			return read, nil
		case err != nil:
			return read, err
		}
	}
}

// decoder undoes a Content-Encoding that the request asked for; any other is
// left as it is.
func decoder(from io.Reader, encoding, asked string) (decoded io.Reader, encoded bool, err error) {
	encoding = strings.ToLower(strings.TrimSpace(encoding))
	if encoding == "x-gzip" { // RFC 9110 section 8.4.1.3
		encoding = "gzip"
	}
	if encoding != "gzip" && encoding != "deflate" || !strings.Contains(strings.ToLower(asked), encoding) {
		return from, false, nil
	}
	ahead := bufio.NewReader(from)
	start, err := ahead.Peek(2)
	if len(start) == 0 && errors.Is(err, io.EOF) {
		return ahead, true, nil // an empty body needs no decoding
	}
	switch {
	case encoding == "gzip":
		decoded, err = gzip.NewReader(ahead)
		return decoded, true, err
	case len(start) == 2 && start[0]&0x0f == 8 && (uint(start[0])<<8|uint(start[1]))%31 == 0:
		decoded, err = zlib.NewReader(ahead)
		return decoded, true, err
	}
	return flate.NewReader(ahead), true, nil // raw, as some servers send it
}
