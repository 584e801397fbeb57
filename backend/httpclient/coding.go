package httpclient

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"net/http"
	"regexp"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

const (
	// maxCodings is how many codings of one body are undone.
	maxCodings = 4
	// maxWindow is how far back zstd may refer, in bytes (RFC 9659 section 3).
	maxWindow = 8 << 20
	// primed is how much a coding has to decode before its output is believed.
	primed = 32 << 10
)

// coding is one content coding (RFC 9110 section 8.4.1).
type coding struct {
	name string
	// opens makes the decoder.
	opens func(from *bufio.Reader) (io.Reader, error)
	// is tells from its start whether a body can be in this coding; nil where
	// the start does not tell.
	is func(start []byte) bool
}

// shownName is the form of a coding's name that is shown (RFC 9110 section 5.6.2).
var shownName = regexp.MustCompile(`^[a-z0-9!#$%&'*+.^_|~-]{1,40}$`)

var codings = map[string]coding{
	"gzip": {"gzip",
		func(from *bufio.Reader) (io.Reader, error) { return gzip.NewReader(from) },
		func(start []byte) bool { return bytes.HasPrefix(start, []byte{0x1f, 0x8b}) }},
	"deflate": {"deflate", openDeflate, isZlib},
	"br":      {"br", func(from *bufio.Reader) (io.Reader, error) { return brotli.NewReader(from), nil }, nil},
	"zstd":    {"zstd", openZstd, func(start []byte) bool { return bytes.HasPrefix(start, []byte{0x28, 0xb5, 0x2f, 0xfd}) }},
}

func isZlib(start []byte) bool {
	return len(start) > 1 && start[0]&0x0f == 8 && (uint(start[0])<<8|uint(start[1]))%31 == 0
}

// openDeflate reads zlib, which is what deflate means, or the raw stream that some
// servers send.
func openDeflate(from *bufio.Reader) (io.Reader, error) {
	if start, _ := from.Peek(2); isZlib(start) {
		return zlib.NewReader(from)
	}
	return flate.NewReader(from), nil
}

func openZstd(from *bufio.Reader) (io.Reader, error) {
	// With one at a time it starts no goroutine, so it need not be closed.
	return zstd.NewReader(from, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindow))
}

// decoded undoes the codings of a body, the last one first, whatever the request
// asked for.
type decoded struct {
	io.Reader
	layers []*layer
	// unknown names the coding that is not undone, since Keydesk does not know it;
	// "" for none.
	unknown string
}

// undo makes the reader of a body with these values of Content-Encoding.
func undo(from io.Reader, header http.Header) *decoded {
	var names []string
	for _, value := range header.Values("Content-Encoding") {
		for name := range strings.SplitSeq(value, ",") {
			name = strings.TrimPrefix(strings.ToLower(strings.Trim(name, " \t")), "x-")
			if name != "" && name != "identity" {
				names = append(names, name)
			}
		}
	}
	out := &decoded{Reader: from}
	for i := len(names) - 1; i >= 0; i-- {
		known, ok := codings[names[i]]
		if !ok || len(out.layers) == maxCodings {
			if out.unknown = names[i]; !shownName.MatchString(names[i]) {
				out.unknown = "a name that cannot be shown"
			}
			break
		}
		one := &layer{coding: known, from: &rewind{from: out.Reader, keeps: true}}
		out.layers = append(out.layers, one)
		out.Reader = one
	}
	return out
}

// claimed names a coding that the body says it has and has not; "" for none.
func (d *decoded) claimed() string {
	for _, one := range d.layers {
		if one.plain {
			return one.coding.name
		}
	}
	return ""
}

// layer undoes one coding. A body that is not in it is handed on as it came.
type layer struct {
	coding coding
	from   *rewind
	out    io.Reader
	plain  bool
	given  int64
}

func (l *layer) Read(p []byte) (int, error) {
	if l.out == nil {
		l.open()
	}
	// What is between two codings is bounded like the body itself.
	if l.given > maxBody {
		return 0, errWireLimit
	}
	n, err := l.out.Read(p)
	l.given += int64(n)
	return n, err
}

// open decodes the beginning. Only then is it known whether the body is in this
// coding at all.
func (l *layer) open() {
	ahead := bufio.NewReader(l.from)
	start, _ := ahead.Peek(4)
	if len(start) == 0 {
		l.out = ahead // an empty body needs no decoding
		return
	}
	begins := l.coding.is != nil && l.coding.is(start)
	decoder, err := l.coding.opens(ahead)
	beginning, n := make([]byte, primed), 0
	for err == nil && n < primed {
		var more int
		more, err = decoder.Read(beginning[n:])
		n += more
	}
	var rest io.Reader = failing{err} // which is io.EOF at the end of a short body
	switch {
	case l.from.err != nil:
		rest = failing{l.from.err} // the connection broke or a limit was met; the coding is not to blame
	case err == nil:
		rest = decoder
	case !errors.Is(err, io.EOF) && !begins:
		l.plain = true
		rest, beginning, n = l.from.from, l.from.seen, len(l.from.seen)
	}
	l.out = io.MultiReader(bytes.NewReader(beginning[:n]), rest)
	l.from.keeps, l.from.seen = false, nil
}

// rewind keeps what was read until it is known whether it is needed again.
type rewind struct {
	from  io.Reader
	keeps bool
	seen  []byte
	err   error // of from, unless it is its end
}

func (r *rewind) Read(p []byte) (int, error) {
	n, err := r.from.Read(p)
	if r.keeps {
		r.seen = append(r.seen, p[:n]...)
	}
	if err != nil && err != io.EOF {
		r.err = err
	}
	return n, err
}

// failing is a reader that only fails.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
