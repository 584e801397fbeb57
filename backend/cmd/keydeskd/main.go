// Keydeskd is Keydesk without a window: it runs an office for the programs that
// call it, on a machine where nobody sits, or while nobody does. What it does is in
// package backend; this is its command line.
//
// It imports neither Wails nor GTK nor WebKit; a test sees to that.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	kongcompletion "github.com/jotaen/kong-completion"

	"keydesk/backend/fault"
	"keydesk/backend/host"
)

// version is set by the linker; see build/build.sh.
var version string

// The exit codes, for service managers and scripts. --help lists them.
const (
	exitOK       = 0
	exitFailed   = 1 // it could not be done; the last line says why
	exitUsage    = 2 // the command line was not understood
	exitInUse    = 3 // another program has the data folder and keeps it
	exitLocked   = 4 // the data key is not available, or there is no office yet
	exitProblems = 5 // doctor found problems
	exitRows     = 6 // send: some rows failed or are unclear, all others were accepted
	exitStopped  = 7 // send: stopped before the last row; the same command goes on
)

const exitCodes = `Exit codes: 0 ok, 1 failed, 2 not understood, 3 the data folder is in use,
4 locked (no data key, or no office yet), 5 doctor found problems, 6 send: some
rows failed or are unclear, 7 send: stopped, and the same command goes on.`

// exitError is an error that ends the program with a code of its own.
type exitError struct {
	code int
	error
}

func (e exitError) Unwrap() error { return e.error }

// commandLine is what kong reads the arguments into.
type commandLine struct {
	Data string `name:"data" placeholder:"DIR" default:"${folder}" help:"Data folder (${shown})."`

	Serve   serveCommand   `cmd:"" help:"Run the office until Ctrl+C or SIGTERM."`
	Doctor  doctorCommand  `cmd:"" help:"Look for problems and change nothing."`
	Send    sendCommand    `cmd:"" help:"Send a table through the local API, a row a message."`
	Version versionCommand `cmd:"" help:"Print the version."`

	Completion completionCommand `cmd:"" help:"Say how a shell completes commands and flags with Tab."`

	// People try this before they read the help; the command is the one it names.
	VersionFlag kong.VersionFlag `name:"version" hidden:""`
}

// completionCommand is the library's, with fewer words.
type completionCommand struct{ kongcompletion.Completion }

// Help is the part of --help that belongs to no flag.
func (c *completionCommand) Help() string {
	return "Prints the line that makes bash, zsh or fish complete commands and flags."
}

// streams are the standard streams of the program.
type streams struct {
	stdin          *os.File
	stdout, stderr io.Writer
}

func main() {
	os.Exit(run(os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr}))
}

// run returns the exit code.
func run(args []string, std streams) int {
	var line commandLine
	folder, ended := host.DefaultFolder("keydesk"), -1
	parser, err := kong.New(&line,
		kong.Name("keydeskd"),
		kong.Description("Keydesk without a window: runs an office's keys for the programs that call it."),
		kong.Vars{"folder": folder, "shown": shortened(folder), "version": "keydeskd " + host.VersionText(version)},
		kong.Writers(std.stdout, std.stderr),
		kong.Exit(func(code int) { ended = code }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 80}),
		kong.Help(func(options kong.HelpOptions, ctx *kong.Context) error {
			if chosen := ctx.Selected(); chosen != nil && chosen.Name == "send" {
				for _, flag := range ctx.Model.Flags { // send opens no data folder
					flag.Hidden = flag.Hidden || flag.Name == "data"
				}
			}
			if err := kong.DefaultHelpPrinter(options, ctx); err != nil {
				return err
			}
			_, err := fmt.Fprintf(ctx.Stdout, "\n%s\n", exitCodes)
			return err
		}),
	)
	if err != nil {
		panic(err) // our mistake: the command line is compiled into the program
	}
	parser.Model.HelpFlag.Help = "Show this help."
	if len(args) > 0 && args[0] == "help" {
		args = append(slices.Clone(args[1:]), "--help") // as other programs take it
	}
	kongcompletion.Register(parser) // where a shell asks for completions, it answers and ends
	if ended >= 0 {
		return ended
	}
	parsed, err := parser.Parse(args)
	switch {
	case ended >= 0:
		return ended // the help or the version was printed
	case err == nil && line.Data == "":
		err = errors.New("--data needs a folder")
	}
	if err != nil {
		_, _ = fmt.Fprintf(std.stderr, "keydeskd: %s; try --help\n", notUnderstood(err))
		return exitUsage
	}
	if err := parsed.Run(&line, &std); err != nil {
		tell(std.stderr, err)
		var known exitError
		if errors.As(err, &known) {
			return known.code
		}
		return exitFailed
	}
	return exitOK
}

// notUnderstood returns what is wrong with the command line. The parser calls the
// end of the line "EOL", which is no word for a person.
func notUnderstood(err error) string {
	if flag, rest, ok := strings.Cut(err.Error(), ": expected "); ok && strings.HasSuffix(rest, "(<EOL>)") {
		return flag + " needs a value"
	}
	return err.Error()
}

// shortened writes a path in the home folder as a shell does, so that the help
// fits a screen.
func shortened(path string) string {
	if home, err := os.UserHomeDir(); err == nil {
		if rest, inside := strings.CutPrefix(path, home+string(filepath.Separator)); inside {
			return filepath.Join("~", rest)
		}
	}
	return path
}

// withoutWindow completes a hint that was written for the window: at a terminal
// there is nowhere to enter the recovery code.
func withoutWindow(hint string) string {
	return strings.Replace(hint, "Enter the recovery code", "Enter the recovery code in Keydesk's window", 1)
}

// tell prints an error as a person reads it.
func tell(stderr io.Writer, err error) {
	if known := (exitError{}); errors.As(err, &known) && known.error == nil {
		return // doctor has said it
	}
	said := fault.From(err)
	_, _ = fmt.Fprintln(stderr, strings.TrimSpace(fmt.Sprintln("keydeskd:", visible(said.Message), visible(said.Hint))))
}
