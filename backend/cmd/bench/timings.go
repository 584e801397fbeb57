package main

import (
	"context"
	"crypto/tls"
	"encoding/pem"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"keydesk/backend/httpclient"
)

// phases are one call's times in milliseconds, in the order they happen.
type phases struct{ name, connect, tls, firstByte, total float64 }

func (p phases) list() []float64 {
	return []float64{p.name, p.connect, p.tls, p.firstByte, p.total}
}

var phaseNames = []string{"name", "connect", "tls", "first_byte", "total"}

// measureTimings: the phases we show against those of curl on the same server,
// which waits 50 ms in the handshake and again before it answers, plain and
// over TLS, each on a new connection. The line shows the phase that is furthest
// off; its ratio is the difference as a share of what is allowed, 0.5 ms or 5
// %.
func measureTimings(b *bench) error {
	waits := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		time.Sleep(50 * time.Millisecond)
		_, _ = io.WriteString(w, answer)
	})
	plain, secured := httptest.NewServer(waits), httptest.NewUnstartedServer(waits)
	// It waits in the handshake too: otherwise the phase would compare how
	// fast two TLS libraries compute, not whether the clocks agree.
	secured.TLS = &tls.Config{GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) {
		time.Sleep(50 * time.Millisecond)
		return nil, nil
	}}
	secured.StartTLS()
	defer plain.Close()
	defer secured.Close()
	certificate := filepath.Join(b.folder, "server.pem")
	block := &pem.Block{Type: "CERTIFICATE", Bytes: secured.Certificate().Raw}
	if err := os.WriteFile(certificate, pem.EncodeToMemory(block), 0o600); err != nil {
		return err
	}
	worst := figure{name: "timings", goal: "<=0.5ms|5%", ok: true}
	most := -1.0
	for _, server := range []struct{ word, address string }{
		{"plain", strings.Replace(plain.URL, "127.0.0.1", "localhost", 1)},
		{"tls", strings.Replace(secured.URL, "127.0.0.1", "localhost", 1)},
	} {
		ours, theirs := [][]float64{}, [][]float64{}
		for round := range 3*b.rounds + 1 {
			mine, err := oursTimed(b.ctx, server.address)
			if err != nil {
				return err
			}
			other, err := curlTimed(b.ctx, server.address, certificate)
			if err != nil {
				return err
			}
			if round > 0 {
				ours, theirs = append(ours, mine.list()), append(theirs, other.list())
			}
		}
		for i, phase := range phaseNames {
			mine, other := median(column(ours, i)), median(column(theirs, i))
			off := math.Abs(mine-other) / max(0.5, other*0.05)
			b.note("timings %s %s: %.2f ms, curl %.2f ms", server.word, phase, mine, other)
			if off > most {
				most = off
				worst.measured = server.word + "_" + phase + "=" + figures(mine) + "ms"
				worst.reference, worst.ratio, worst.ok = figures(other)+"ms", strconv.FormatFloat(off, 'f', 2, 64), off <= 1
			}
		}
	}
	b.print(worst)
	return nil
}

func column(rows [][]float64, i int) []float64 {
	values := make([]float64, len(rows))
	for n, row := range rows {
		values[n] = row[i]
	}
	return values
}

func oursTimed(ctx context.Context, address string) (phases, error) {
	engine := httpclient.New(httpclient.Options{})
	defer engine.Close()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return phases{}, err
	}
	got := engine.Do(ctx, req, httpclient.Limits{SkipTLSCheck: true})
	if got.Failure != nil {
		return phases{}, fmt.Errorf("%s", got.Failure.Text)
	}
	t := got.Timings
	return phases{t.DNSMs, t.ConnectMs, t.TLSMs, t.FirstByteMs, t.TotalMs}, nil
}

// curlTimed measures curl's second call, on a new connection and with a full
// handshake, and gives it one certificate to load. Otherwise curl would count
// as TLS the time to start OpenSSL and read the system's certificates, some
// milliseconds that a program which stays open spends once.
func curlTimed(ctx context.Context, address, certificate string) (phases, error) {
	const format = "%{time_namelookup} %{time_connect} %{time_appconnect} %{time_starttransfer} %{time_total}\n"
	first := strings.Replace(address, "localhost", "127.0.0.1", 1)
	curl := exec.CommandContext(ctx, "curl", "-q", "--silent", "--insecure", "--cacert", certificate, "--http1.1", "--noproxy", "*", "--no-sessionid",
		"--write-out", format, "--output", "/dev/null", first, "--output", "/dev/null", address)
	out, err := curl.Output()
	if err != nil {
		return phases{}, fmt.Errorf("curl: %w", err)
	}
	_, second, _ := strings.Cut(string(out), "\n")
	return curlPhases(second)
}

// curlPhases turns curl's times since the start into lengths of phases.
func curlPhases(out string) (phases, error) {
	var name, connect, secured, first, total float64
	if _, err := fmt.Sscan(out, &name, &connect, &secured, &first, &total); err != nil {
		return phases{}, fmt.Errorf("curl said %q: %w", out, err)
	}
	p := phases{name: name, connect: connect - name, total: total}
	ready := connect
	if secured > 0 { // 0 without TLS
		p.tls, ready = secured-connect, secured
	}
	p.firstByte = first - ready
	return phases{p.name * 1000, p.connect * 1000, p.tls * 1000, p.firstByte * 1000, p.total * 1000}, nil
}
