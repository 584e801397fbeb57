package httpclient_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"keydesk/backend/httpclient"
)

func packed(t *testing.T, encoding string, plain []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	var w io.WriteCloser
	switch encoding {
	case "gzip":
		w = gzip.NewWriter(&out)
	case "zlib":
		w = zlib.NewWriter(&out)
	case "raw":
		w, _ = flate.NewWriter(&out, 6)
	}
	_, err := w.Write(plain)
	check(t, err)
	check(t, w.Close())
	return out.Bytes()
}

// RULES.md, HTTP client: gzip and both kinds of deflate are decoded whatever was
// asked for; what is in another coding than it says is left as it came.
func TestEncodings(t *testing.T) {
	plain := []byte(strings.Repeat(`{"sid":"SM1"}`, 50))
	for _, c := range []struct{ header, kind, asked, want string }{
		{"gzip", "gzip", "gzip, deflate", "decoded"},
		{"X-GZIP", "gzip", "gzip", "decoded"},
		{"deflate", "zlib", "gzip, deflate", "decoded"},
		{"deflate", "raw", "gzip, deflate", "decoded"},
		{"gzip", "gzip", "identity", "decoded"},
		{"br", "gzip", "gzip", "as it came"},
	} {
		body := packed(t, c.kind, plain)
		server := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", c.header)
			_, _ = w.Write(body)
		})
		req := request(t, "GET", server.URL, "")
		req.Header.Set("Accept-Encoding", c.asked)
		answer := newClient(t).Do(t.Context(), req, httpclient.Limits{})
		whole(t, answer)
		want := plain
		if c.want != "decoded" {
			want = body
		}
		if !bytes.Equal(answer.Body, want) || answer.WireBytes != int64(len(body)) || answer.BodyBytes != int64(len(want)) {
			t.Errorf("%+v: %d bytes, %d on the wire, %q", c, answer.BodyBytes, answer.WireBytes, answer.Body[:min(20, len(answer.Body))])
		}
	}
	empty := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Encoding", "gzip") })
	answer := get(t, newClient(t), empty.URL, httpclient.Limits{})
	whole(t, answer)
	if len(answer.Body) != 0 || answer.Truncated {
		t.Errorf("empty body: %+v", answer)
	}
}

// G20, R7: 11 MiB, an endless answer, a gzip bomb and an endless stream of
// empty gzip blocks are cut at our limits, soon and in little memory.
func TestHostileBodies(t *testing.T) {
	const mebi = 1 << 20
	bomb := packed(t, "gzip", make([]byte, 64*mebi))
	var emptyBlocks bytes.Buffer
	w := gzip.NewWriter(&emptyBlocks)
	for range 20_000 {
		check(t, w.Flush())
	}
	check(t, w.Close())
	for _, c := range []struct {
		name    string
		handler http.HandlerFunc
		cut     httpclient.Cut
		atMost  int64
		exact   bool
	}{
		{"exactly 10 MiB", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, 10*mebi)) }, httpclient.NotCut, 10 * mebi, true},
		{"11 MiB", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, 11*mebi)) }, httpclient.CutSize, 10 * mebi, true},
		{"endless", func(w http.ResponseWriter, _ *http.Request) {
			for piece := make([]byte, mebi); ; {
				if _, err := w.Write(piece); err != nil {
					return
				}
			}
		}, httpclient.CutSize, 10 * mebi, true},
		{"gzip bomb", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(bomb)
		}, httpclient.CutRatio, 3 * mebi, false},
		{"empty blocks", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			for {
				if _, err := w.Write(emptyBlocks.Bytes()); err != nil {
					return
				}
			}
		}, httpclient.CutSize, 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := serve(t, c.handler)
			e := newClient(t)
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			began := time.Now()
			answer := get(t, e, server.URL, httpclient.Limits{Timeout: 20 * time.Second})
			took := time.Since(began)
			runtime.ReadMemStats(&after)
			whole(t, answer)
			if answer.Cut != c.cut || answer.Truncated != (c.cut != httpclient.NotCut) || answer.BodyBytes > c.atMost || c.exact && answer.BodyBytes != c.atMost {
				t.Errorf("cut %q after %d bytes (%d on the wire)", answer.Cut, answer.BodyBytes, answer.WireBytes)
			}
			if took > 15*time.Second {
				t.Errorf("took %v", took)
			}
			if grown := after.HeapSys - before.HeapSys; after.HeapSys > before.HeapSys && grown > 64*mebi {
				t.Errorf("memory grew by %d MiB", grown/mebi)
			}
		})
	}
}

// Answers are text: character sets are honoured, broken bytes are marked, and
// script, control and direction characters stay as they are.
func TestText(t *testing.T) {
	for _, c := range []struct {
		name, body, contentType, want string
		broken                        bool
	}{
		{"utf-8", "héllo 🙂", "application/json", "héllo 🙂", false},
		{"utf-8 named", "h\xc3\xa9", "text/plain; charset=UTF-8", "hé", false},
		{"broken utf-8", "a\xff\xfeb", "application/json", "a\uFFFDb", true},
		{"broken, named utf-8", "a\xc3(", "text/plain; charset=utf-8", "a\uFFFD(", true},
		{"latin-1", "caf\xe9", "text/plain; charset=ISO-8859-1", "café", false},
		{"utf-16 by mark", "\xff\xfeh\x00i\x00", "text/plain", "hi", false},
		{"utf-8 mark", "\xef\xbb\xbf{}", "application/json", "{}", false},
		{"xml declares", "<?xml version='1.0' encoding='iso-8859-1'?><a>\xe9</a>", "text/xml", "<?xml version='1.0' encoding='iso-8859-1'?><a>é</a>", false},
		{"html declares", "<html><meta charset=\"windows-1252\"><p>\x80", "text/html", "<html><meta charset=\"windows-1252\"><p>€", false},
		{"unknown charset", "abc\xff", "text/plain; charset=klingon", "abc\uFFFD", true},
		{"replacement charset", "abc", "text/plain; charset=iso-2022-kr", "abc", false},
		{"shift-jis broken", "\x82\xa0\xff\xff", "text/plain; charset=shift_jis", "あ\uFFFD\uFFFD", true},
		{"real U+FFFD", "a\uFFFD", "text/plain", "a\uFFFD", false},
		{"script", "<script>alert(1)</script>\x00\x1b[31m\u202e", "text/html", "<script>alert(1)</script>\x00\x1b[31m\u202e", false},
		{"empty", "", "", "", false},
	} {
		text, broken := httpclient.Text([]byte(c.body), c.contentType)
		if text != c.want || broken != c.broken {
			t.Errorf("%s: %q, broken %v; want %q, %v", c.name, text, broken, c.want, c.broken)
		}
	}
	where, _ := raw(t, says("HTTP/1.1 200 OK\r\nX-A: \xff\r\nContent-Length: 2\r\n\r\n\xff\xff"))
	answer := get(t, newClient(t), url(where, "/"), httpclient.Limits{})
	whole(t, answer)
	if !answer.BrokenText || answer.Headers[0].Value != "\uFFFD" || string(answer.Body) != "\xff\xff" {
		t.Errorf("%+v", answer)
	}
}
