// Command bench measures Keydesk's speed and prints one line per figure
// (RULES.md, Speed):
//
//	bench NAME MEASURED REFERENCE RATIO GOAL ok|short
//
// Both sides of a ratio are measured in the same run, in turn, A B A B, since
// only ratios taken in one run count. It exits with 0 whether or not the goals
// are met, and with 1 only if something could not be measured. `bench save
// login` measures those alone. ROUNDS in the environment changes the number of
// rounds (5). With BENCH_PROFILE set to a folder, save, fire_1000, test_all, verify,
// call_overhead and dashboard also write a CPU profile of our side there. verify prints
// wrong_keys as well.
//
// It uses the backend as the window does, and also plain SQL and plain
// net/http, which no other part of the program may.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"time"

	"keydesk/backend/access"
)

// measures are the figures in the order they are printed.
var measures = []struct {
	name string
	run  func(b *bench) error
}{
	{"search", measureSearch},
	{"list_depth", measureListDepth},
	{"save", measureSave},
	{"fire_1000", measureFire},
	{"timings", measureTimings},
	{"preview", measurePreview},
	{"login", measureLogin},
	{"curl_line", measureCurlLine},
	{"providers_load", measureProvidersLoad},
	{"test_all", measureTestAll},
	{"verify", measureVerify},
	{"call_overhead", measureCallOverhead},
	{"dashboard", measureDashboard},
}

// bench is one run of this program.
type bench struct {
	ctx    context.Context
	folder string // deleted at the end
	rounds int
}

func (b *bench) print(f figure) { fmt.Println(f) }

// note prints, apart from the figures, what helps to read them.
func (b *bench) note(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "  "+format+"\n", args...)
}

func main() {
	if len(os.Args) == 2 && os.Args[1] == "sink" {
		if err := sink(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, "bench: sink:", err)
			os.Exit(1)
		}
		return
	}
	if len(os.Args) == 3 && os.Args[1] == "office" {
		if err := officeIn(os.Args[2]); err != nil {
			fmt.Fprintln(os.Stderr, "bench: office:", err)
			os.Exit(1)
		}
		return
	}
	if len(os.Args) == 7 && os.Args[1] == "load" {
		if err := load(os.Stdin, os.Args[2], os.Args[3], os.Args[4:]); err != nil {
			fmt.Fprintln(os.Stderr, "bench: load:", err)
			os.Exit(1)
		}
		return
	}
	if len(os.Args) == 4 && os.Args[1] == "headless" {
		if err := measureHeadless(os.Args[2], os.Args[3], rounds()); err != nil {
			fmt.Fprintln(os.Stderr, "bench: headless:", err)
			os.Exit(1)
		}
		return
	}
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// rounds is how many rounds are measured.
func rounds() int {
	if n, err := strconv.Atoi(os.Getenv("ROUNDS")); err == nil && n > 0 {
		return n
	}
	return 5
}

func run(names []string) error {
	ctx, stop := signal.NotifyContext(access.WithSource(context.Background(), access.Source{Kind: access.Window, ID: "bench"}), os.Interrupt)
	defer stop()
	folder, err := os.MkdirTemp("", "keydesk-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	b := &bench{ctx: ctx, folder: folder, rounds: rounds()}
	for _, m := range measures {
		if len(names) > 0 && !slices.Contains(names, m.name) {
			continue
		}
		began := time.Now()
		if err := m.run(b); err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
		b.note("%s took %.0f s", m.name, time.Since(began).Seconds())
	}
	return nil
}
