// Keydesk sets up, tests, guards and serves an office's API keys. This is the
// program with a window; everything it does stands in app and backend.
package main

import (
	"embed"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime/debug"
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

  --data FOLDER  keep the data here (else in %s)
  --demo         open the demo office in a folder that is thrown away
  --version      print the version and stop
  --help         print this and stop
`

// run gives the exit code: 0 done, 1 could not run, 2 not understood.
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
		_, _ = fmt.Fprintln(stdout, "keydesk", versionText())
		return 0
	case *demo && *data != "":
		_, _ = fmt.Fprintln(stderr, "keydesk: the demo office has a folder of its own; leave out --data")
		return 2
	}
	started := time.Now()
	// Wails looks for flags of its own here.
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
		Version: versionText(),
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

// defaultData is where an office's data is kept when nothing else was said. The
// dev build, which any program on this computer can talk to, never gets near
// it.
func defaultData() string { return host.DefaultFolder("keydesk" + app.DataSuffix) }

// versionText is the linker's version, else the commit Go noted, else "dev".
func versionText() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, setting := range info.Settings {
			if setting.Key == "vcs.revision" {
				return "dev-" + setting.Value[:min(len(setting.Value), 12)]
			}
		}
	}
	return "dev"
}
