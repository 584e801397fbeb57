package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"keydesk/backend/fire"
)

// phases are one call's times in milliseconds, in the order they happen.
type phases struct{ name, connect, tls, firstByte, total float64 }

func (p phases) list() []float64 {
	return []float64{p.name, p.connect, p.tls, p.firstByte, p.total}
}

var phaseNames = []string{"name", "connect", "tls", "first_byte", "total"}

// measureTimings: the phases we show against those of curl on the same server,
// which waits 50 ms, plain and over TLS, each on a new connection. The line is
// the phase that is furthest off; its ratio is the distance as a share of what
// is allowed, 0.5 ms or 5 %.
func measureTimings(b *bench) error {
	waits := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		time.Sleep(50 * time.Millisecond)
		_, _ = io.WriteString(w, answer)
	})
	plain, secured := httptest.NewServer(waits), httptest.NewTLSServer(waits)
	defer plain.Close()
	defer secured.Close()
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
			other, err := curlTimed(b.ctx, server.address)
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
	engine := fire.New(fire.Options{})
	defer engine.Close()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return phases{}, err
	}
	got := engine.Do(ctx, req, fire.Limits{SkipTLSCheck: true})
	if got.Failure != nil {
		return phases{}, fmt.Errorf("%s", got.Failure.Text)
	}
	t := got.Timings
	return phases{t.DNSMs, t.ConnectMs, t.TLSMs, t.FirstByteMs, t.TotalMs}, nil
}

// curlTimed turns curl's moments since the start into lengths of phases.
func curlTimed(ctx context.Context, address string) (phases, error) {
	const format = "%{time_namelookup} %{time_connect} %{time_appconnect} %{time_starttransfer} %{time_total}"
	out, err := exec.CommandContext(ctx, "curl", "-q", "--silent", "--insecure", "--http1.1", "--noproxy", "*", "--output", "/dev/null", "--write-out", format, address).Output()
	if err != nil {
		return phases{}, fmt.Errorf("curl: %w", err)
	}
	return curlPhases(string(out))
}

func curlPhases(out string) (phases, error) {
	var name, connect, tls, first, total float64
	if _, err := fmt.Sscan(out, &name, &connect, &tls, &first, &total); err != nil {
		return phases{}, fmt.Errorf("curl said %q: %w", out, err)
	}
	p := phases{name: name, connect: connect - name, total: total}
	ready := connect
	if tls > 0 { // 0 without TLS
		p.tls, ready = tls-connect, tls
	}
	p.firstByte = first - ready
	return phases{p.name * 1000, p.connect * 1000, p.tls * 1000, p.firstByte * 1000, p.total * 1000}, nil
}
