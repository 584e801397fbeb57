package httpclient

import (
	"errors"
	"io"
	"net/http"
)

// body is what was read of an answer's body.
type body struct {
	data []byte
	wire int64 // bytes received
	cut  Cut
	// err is set when the body ended before it should have; for CutBroken it
	// is the decoder's.
	err error
	// unknown and claimed name a coding that data still has, and one that it
	// never had.
	unknown, claimed string
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

// readBody reads a body to its end or to our limits, and undoes its codings
// (RULES.md, HTTP client).
func readBody(response *http.Response) body {
	wire := &wireReader{from: response.Body}
	from := undo(wire, response.Header)
	read, err := readLimited(from, wire, len(from.layers) > 0, response.ContentLength)
	read.wire, read.unknown, read.claimed = wire.count, from.unknown, from.claimed()
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
