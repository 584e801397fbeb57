package httpclient_test

import (
	"bytes"
	"io"
	"math/rand/v2"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"keydesk/backend/httpclient"
)

// coded puts a text into codings, in the order given.
func coded(t *testing.T, plain []byte, codings ...string) []byte {
	t.Helper()
	for _, one := range codings {
		var out bytes.Buffer
		var w io.WriteCloser
		switch one {
		case "br":
			w = brotli.NewWriter(&out)
		case "zstd":
			made, err := zstd.NewWriter(&out)
			check(t, err)
			w = made
		default:
			plain = packed(t, one, plain)
			continue
		}
		_, err := w.Write(plain)
		check(t, err)
		check(t, w.Close())
		plain = out.Bytes()
	}
	return plain
}

// answered gives what is read of a body with these values of Content-Encoding.
func answered(t *testing.T, body []byte, values ...string) httpclient.Answer {
	t.Helper()
	server := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		for _, value := range values {
			w.Header().Add("Content-Encoding", value)
		}
		_, _ = w.Write(body)
	})
	return get(t, newClient(t), server.URL, httpclient.Limits{Timeout: 20 * time.Second})
}

// RULES.md, HTTP client: all codings are undone in reverse, in one header line or
// in several, of a short and a long body.
func TestCodingsAreUndone(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	long := make([]byte, 300_000)
	for i := range long {
		long[i] = byte('a' + random.IntN(20))
	}
	for _, plain := range [][]byte{[]byte(`{"status":"success","id":"m1"}`), long, []byte("x")} {
		for _, c := range []struct{ values, codings []string }{
			{[]string{"br"}, []string{"br"}},
			{[]string{"zstd"}, []string{"zstd"}},
			{[]string{"ZStd"}, []string{"zstd"}},
			{[]string{"gzip, gzip"}, []string{"gzip", "gzip"}},
			{[]string{"gzip", "br"}, []string{"gzip", "br"}},
			{[]string{"deflate,br , zstd"}, []string{"zlib", "br", "zstd"}},
			{[]string{"x-gzip, identity,, deflate", "gzip"}, []string{"gzip", "raw", "gzip"}},
			{[]string{"identity"}, nil},
		} {
			answer := answered(t, coded(t, plain, c.codings...), c.values...)
			whole(t, answer)
			if !bytes.Equal(answer.Body, plain) || answer.UnknownCoding != "" || answer.ClaimedCoding != "" {
				t.Errorf("%q of %d bytes: %d bytes, unknown %q, claimed %q", c.values, len(plain), len(answer.Body), answer.UnknownCoding, answer.ClaimedCoding)
			}
		}
	}
	answer := answered(t, nil, "br, zstd")
	whole(t, answer)
	if len(answer.Body) != 0 || answer.ClaimedCoding != "" {
		t.Errorf("an empty body gave %+v", answer)
	}
}

// A body that is not what it says keeps its bytes, and an unknown coding is
// named; nothing is lost, and the status is judged.
func TestCodingsThatAreNot(t *testing.T) {
	text := []byte(`{"status":"success","id":"m1"}`)
	for _, c := range []struct {
		value            string
		body, want       []byte
		unknown, claimed string
	}{
		{"gzip", text, text, "", "gzip"},
		{"deflate", text, text, "", "deflate"},
		{"br", text, text, "", "br"},
		{"zstd", text, text, "", "zstd"},
		{"br", []byte(strings.Repeat("plain text and more of it. ", 4000)), []byte(strings.Repeat("plain text and more of it. ", 4000)), "", "br"},
		{"gzip, gzip", coded(t, text, "gzip"), text, "", "gzip"},
		{"gzip, br", coded(t, text, "gzip"), text, "", "br"},
		{"gzip", coded(t, text, "br"), coded(t, text, "br"), "", "gzip"},
		{"compress", text, text, "compress", ""},
		{"aes128gcm, gzip", coded(t, text, "gzip"), text, "aes128gcm", ""},
		{"gzip, sdch", text, text, "sdch", ""},
		{strings.Repeat("x", 41), text, text, "a name that cannot be shown", ""},
		{"r\u202eb", text, text, "a name that cannot be shown", ""},
		{"gzip, gzip, gzip, gzip, gzip", coded(t, text, "gzip", "gzip", "gzip", "gzip", "gzip"), coded(t, text, "gzip"), "gzip", ""},
	} {
		answer := answered(t, c.body, c.value)
		whole(t, answer)
		if !bytes.Equal(answer.Body, c.want) || answer.UnknownCoding != c.unknown || answer.ClaimedCoding != c.claimed || answer.Truncated {
			t.Errorf("%.60q: %.60q, unknown %q, claimed %q", c.value, answer.Body, answer.UnknownCoding, answer.ClaimedCoding)
		}
	}
}

// What begins as it should and breaks later is told as broken, with what could be
// read.
func TestCodingsThatBreak(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	plain := make([]byte, 200_000)
	for i := range plain {
		plain[i] = byte('a' + random.IntN(20))
	}
	for _, name := range []string{"gzip", "br", "zstd"} {
		body := coded(t, plain, name)
		answer := answered(t, body[:len(body)-20], name)
		if answer.Cut != httpclient.CutBroken || answer.Failure == nil || len(answer.Body) < primedBytes || !bytes.HasPrefix(plain, answer.Body) {
			t.Errorf("%s: cut %q after %d bytes, %+v", name, answer.Cut, len(answer.Body), answer.Failure)
		}
	}
}

const primedBytes = 32 << 10

// G20: the caps hold over all codings together, soon and in little memory.
func TestHostileCodings(t *testing.T) {
	const mebi = 1 << 20
	zeros := make([]byte, 64*mebi)
	var emptyBlocks bytes.Buffer
	for range 200_000 { // an empty stored block, without end
		emptyBlocks.Write([]byte{0, 0, 0, 0xff, 0xff})
	}
	for _, c := range []struct {
		name  string
		body  []byte
		value string
	}{
		{"br bomb", coded(t, zeros, "br"), "br"},
		{"zstd bomb", coded(t, zeros, "zstd"), "zstd"},
		{"gzip in br", coded(t, zeros, "gzip", "br"), "gzip, br"},
		{"gzip twice", coded(t, zeros, "gzip", "gzip"), "gzip, gzip"},
		{"zstd four times", coded(t, zeros, "zstd", "zstd", "zstd", "zstd"), "zstd, zstd, zstd, zstd"},
		{"endless emptiness inside", coded(t, bytes.Repeat(emptyBlocks.Bytes(), 20), "gzip"), "deflate, gzip"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			began := time.Now()
			answer := answered(t, c.body, c.value)
			took := time.Since(began)
			runtime.ReadMemStats(&after)
			whole(t, answer)
			if answer.Cut != httpclient.CutRatio && answer.Cut != httpclient.CutSize || answer.BodyBytes > 10*mebi {
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
