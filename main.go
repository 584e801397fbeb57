// Keydesk sets up, tests, guards and serves an office's API keys. This is the
// program with a window; what it does is in packages app and backend.
package main

import (
	"embed"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"keydesk/app"
	"keydesk/backend/host"
)

// version is set by the linker; see build/build.sh.
var version string

//go:embed all:frontend/dist
var dist embed.FS

//go:embed build/appicon.png
var icon []byte

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

const usage = `Keydesk: sets up, tests, guards and serves your office's API keys.

  keydesk [--data FOLDER] [--demo] [--version] [--help]

  --data FOLDER  keep the data here (default: %s)
  --demo         open the demo office in a temporary folder
  --version      print the version and exit
  --help         print this text and exit
`

// run returns the exit code: 0 when done, 1 when it could not run, 2 when the
// command line was not understood.
func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("keydesk", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {}
	data := flags.String("data", "", "")
	demo := flags.Bool("demo", false, "")
	showVersion := flags.Bool("version", false, "")
	err := flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		_, _ = fmt.Fprintf(stdout, usage, defaultData())
		return 0
	case err != nil:
		_, _ = fmt.Fprintln(stderr, "keydesk: try --help")
		return 2
	case flags.NArg() > 0:
		_, _ = fmt.Fprintf(stderr, "keydesk: %q is not understood; try --help\n", flags.Arg(0))
		return 2
	case *showVersion:
		_, _ = fmt.Fprintln(stdout, "keydesk", host.VersionText(version))
		return 0
	case *demo && *data != "":
		_, _ = fmt.Fprintln(stderr, "keydesk: the demo office uses its own folder; leave out --data")
		return 2
	}
	started := time.Now()
	// Wails reads its own flags from os.Args.
	os.Args = os.Args[:1]

	page, err := fs.Sub(dist, "frontend/dist")
	if err != nil {
		return fail(stderr, err)
	}
	folder := *data
	if folder == "" {
		folder = defaultData()
	}
	if *demo {
		folder, err = os.MkdirTemp("", "keydesk-demo-")
		if err != nil {
			return fail(stderr, err)
		}
		defer func() { _ = os.RemoveAll(folder) }()
	}
	window := app.New(app.Config{
		Version: host.VersionText(version),
		DataDir: folder,
		Demo:    *demo,
		Page:    page,
		Icon:    icon,
		Stderr:  stderr,
		Started: started,
	})
	if err := window.Run(); err != nil {
		return fail(stderr, err)
	}
	return 0
}

func fail(stderr io.Writer, err error) int {
	_, _ = fmt.Fprintln(stderr, "keydesk:", err)
	return 1
}

// defaultData is the data folder when --data is not given. The dev build has a
// different one: any program on this computer can make calls to it, so it must
// not open real data by default.
func defaultData() string { return host.DefaultFolder("keydesk" + app.DataSuffix) }
