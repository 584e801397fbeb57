package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"keydesk/backend/fault"
	"keydesk/backend/host"
	"keydesk/backend/librarylog"
	"keydesk/backend/localapi"
	"keydesk/backend/organisation"
	"keydesk/backend/store"
	"keydesk/backend/vault"
)

type doctorCommand struct {
	JSON bool `name:"json" help:"Print JSON."`
}

// Help is the part of --help that belongs to no flag.
func (c *doctorCommand) Help() string {
	return "It needs nothing to be stopped: it reads beside the program that has the data open, takes no lock and changes nothing. It prints no secret."
}

// result is how one check ended.
type result string

const (
	isOK      result = "ok"
	isWarning result = "warning" // it works, and should be looked at
	isProblem result = "problem" // it does not work, or will not
	isSkipped result = "skipped" // it could not be checked because of another
)

// finding is what one check found. Message is a sentence, Hint says what to do.
type finding struct {
	Name    string `json:"name"`
	Result  result `json:"result"`
	Message string `json:"message"`
	Hint    string `json:"hint"`
}

// report is what doctor prints with --json. Names are stable, sentences are not.
type report struct {
	DataFolder string      `json:"data_folder"`
	Version    string      `json:"version"`
	Owner      *host.Owner `json:"owner"`
	Problems   int         `json:"problems"`
	Warnings   int         `json:"warnings"`
	Checks     []finding   `json:"checks"`
}

// Run prints what was found. Its error has exitProblems if there is a problem.
func (c *doctorCommand) Run(line *commandLine, std *streams) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	librarylog.Catch(host.NewLogFile(std.stderr).Logger())
	d := &doctor{folder: line.Data, now: time.Now(), free: freeBytes}
	d.examine(ctx)
	if ctx.Err() != nil {
		return fault.New(fault.Unavailable, "keydeskd.stopped", "The examination was stopped.")
	}
	write := d.print
	if c.JSON {
		write = d.printJSON
	}
	if err := write(std.stdout); err != nil {
		return err
	}
	if d.report.Problems > 0 {
		return exitError{code: exitProblems}
	}
	return nil
}

// The bounds of what is worth a word.
const (
	fullDisk   = 64 << 20  // bytes free: saving will soon fail
	narrowDisk = 512 << 20 // bytes free
	largeLog   = 256 << 20 // bytes of the write-ahead log, which is folded back at 64 MiB
	clockSlack = 2 * time.Minute
)

// doctor examines a data folder. Later checks use what earlier ones have learnt.
type doctor struct {
	folder string
	now    time.Time
	// free returns how many bytes are free on the disk of a folder.
	free func(folder string) (uint64, error)

	report report
	store  *store.Store
	office organisation.Settings
}

// examine runs every check. One that needs what an earlier one did not find says
// that it was skipped.
func (d *doctor) examine(ctx context.Context) {
	d.report = report{DataFolder: d.folder, Version: host.VersionText(version), Checks: []finding{}}
	if !d.checkFolder() {
		return
	}
	d.checkOwner(ctx)
	d.checkDatabase(ctx)
	if d.store != nil {
		defer func() { _ = d.store.Close() }()
	}
	d.checkDataKey(ctx)
	d.checkLocalAPI(ctx)
	d.checkDisk()
	d.checkClock()
}

func (d *doctor) add(name string, how result, message, hint string) {
	switch how {
	case isProblem:
		d.report.Problems++
	case isWarning:
		d.report.Warnings++
	}
	d.report.Checks = append(d.report.Checks, finding{name, how, message, hint})
}

// fault adds a problem in the words of a fault.
func (d *doctor) fault(name string, err error) {
	known := fault.From(err)
	d.add(name, isProblem, known.Message, withoutWindow(known.Hint))
}

// checkFolder looks at who can read the data folder. It returns false if the rest
// cannot be looked at.
func (d *doctor) checkFolder() bool {
	info, err := os.Stat(d.folder)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		d.add("folder", isProblem, "There is no data folder "+d.folder+".", "Start Keydesk to make an office there, or choose another folder with --data.")
		return false
	case err == nil && !info.IsDir():
		d.add("folder", isProblem, d.folder+" is not a folder.", "Choose the data folder with --data.")
		return false
	}
	said, err := host.Exposed(d.folder)
	switch {
	case err != nil:
		d.fault("folder", err)
		return false
	case len(said) > 0:
		d.add("folder", isProblem, strings.Join(said, " "),
			"Others may have read what is sealed in it, not the secrets themselves. Start Keydesk as the user whose data it is: it makes the folder private again, or says what else is to do.")
	default:
		d.add("folder", isOK, "Only you can read it.", "")
	}
	return true
}

func (d *doctor) checkOwner(ctx context.Context) {
	owner, err := host.AskOwner(ctx, d.folder)
	switch {
	case err == nil:
		d.report.Owner = &owner
		d.add("owner", isOK, fmt.Sprintf("%s has the data open (version %s, process %d).", nameOf(owner), owner.Version, owner.PID), "")
	case errors.Is(err, host.ErrNoOwner):
		d.add("owner", isOK, "No program has the data open.", "")
	default:
		d.fault("owner", err)
	}
}

// nameOf is the program of an owner, as the first word of a sentence.
func nameOf(owner host.Owner) string {
	if owner.Program == host.Window {
		return "Keydesk's window"
	}
	return string(owner.Program)
}

// checkDatabase looks through the database, at its version, and at its log.
func (d *doctor) checkDatabase(ctx context.Context) {
	opened, found, err := store.OpenBeside(ctx, d.folder)
	switch {
	case errors.Is(err, store.ErrNone):
		d.add("database", isProblem, "There is no office in this folder yet.", "Set it up in Keydesk's window, or choose another folder with --data.")
		return
	case errors.Is(err, store.ErrNewer):
		d.add("database", isOK, "It is undamaged.", "")
		d.fault("schema", err)
	case err != nil:
		d.fault("database", err)
	default:
		d.add("database", isOK, "It is undamaged.", "")
		if found.Schema < found.Known {
			d.add("schema", isOK, fmt.Sprintf("It has version %d; the next start of this version of Keydesk updates it to %d.", found.Schema, found.Known), "")
			_ = opened.Close()
		} else {
			d.add("schema", isOK, fmt.Sprintf("It has version %d, which this version of Keydesk uses.", found.Schema), "")
			d.store = opened
		}
	}
	if found.LogBytes > largeLog {
		d.add("log", isWarning, "The log of the database has grown to "+megabytes(uint64(found.LogBytes))+".", "A program reads the database all the time. End backup programs that look at the data folder, then start Keydesk again.")
	} else {
		d.add("log", isOK, "The log of the database has "+megabytes(uint64(found.LogBytes))+".", "")
	}
}

// checkDataKey asks the holder of the data key whether it gives it.
func (d *doctor) checkDataKey(ctx context.Context) {
	const name = "data_key"
	if d.store == nil {
		d.add(name, isSkipped, "The database could not be read for it.", "")
		return
	}
	office, made, err := d.store.Office(ctx)
	if err != nil {
		d.fault(name, err)
		return
	}
	if !made {
		d.add(name, isProblem, "The first run of this office was not finished.", "Start Keydesk's window and finish it.")
		return
	}
	d.office = office
	state := vault.New(d.store, vault.Options{InstallationID: func() string { return office.InstallationID }}).Look(ctx)
	switch state.Reason {
	case vault.OK:
		d.add(name, isOK, state.Keyring+" holds it and gives it.", "")
	case vault.NeedsPassphrase:
		d.add(name, isOK, "It is kept under a passphrase, which keydeskd needs at its start.", "")
	default:
		d.add(name, isProblem, state.Message, withoutWindow(state.Hint))
	}
}

// checkLocalAPI asks who has the port of the local API: nobody, the owner of the
// data, or another program. Whether it is free shows when it is opened, for a
// moment in which every request is refused.
func (d *doctor) checkLocalAPI(ctx context.Context) {
	const name = "local_api"
	if d.store == nil {
		d.add(name, isSkipped, "The database could not be read for it.", "")
		return
	}
	office, err := organisation.New(d.store, nil, nil, nil, time.Now).LocalAPI(ctx, organisation.Nothing{})
	if err != nil {
		d.fault(name, err)
		return
	}
	if !office.Settings.On {
		d.add(name, isOK, "It is off.", "")
		return
	}
	owner := d.report.Owner
	if owner != nil && len(owner.Listening) > 0 {
		d.add(name, isOK, fmt.Sprintf("%s answers at %s.", nameOf(*owner), strings.Join(owner.Listening, ", ")), "")
		return
	}
	port := localapi.New(localapi.Options{
		Settings: func(context.Context) (localapi.Settings, error) {
			return localapi.Settings{On: true, Port: office.Settings.Port}, nil
		},
		Enter: func(context.Context) (context.Context, func(), error) { return nil, nil, host.ErrOpening },
	})
	if err := port.Apply(ctx); err != nil {
		d.fault(name, err)
		return
	}
	state := port.State()
	port.Close(ctx)
	switch {
	case state.Problem != nil:
		d.fault(name, state.Problem)
	case owner != nil:
		d.add(name, isWarning, fmt.Sprintf("Port %d is free, but %s should answer there.", state.Port, nameOf(*owner)), "It does so once its data key is open. The log in the data folder says why it does not.")
	default:
		d.add(name, isOK, fmt.Sprintf("Port %d is free.", state.Port), "")
	}
}

func (d *doctor) checkDisk() {
	free, err := d.free(d.folder)
	switch {
	case err != nil:
		d.add("disk", isSkipped, "How much space is free cannot be read.", "")
	case free < fullDisk:
		d.add("disk", isProblem, "Only "+megabytes(free)+" are free on the disk.", "Free some space: Keydesk cannot save on a full disk.")
	case free < narrowDisk:
		d.add("disk", isWarning, "Only "+megabytes(free)+" are free on the disk.", "Free some space soon.")
	default:
		d.add("disk", isOK, megabytes(free)+" are free on the disk.", "")
	}
}

// madeAfter is before any version of this program was built.
var madeAfter = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// checkClock compares the clock with what cannot be later. Times of keys, calls and
// activity are only as good as it is.
func (d *doctor) checkClock() {
	const hint = "Set the clock of the computer. Until then keys may expire at the wrong time."
	if d.now.Before(madeAfter) {
		d.add("clock", isProblem, "The clock says "+d.now.Format(time.DateOnly)+", which is before this program was made.", hint)
		return
	}
	latest := time.UnixMilli(d.office.CreatedMs)
	for _, name := range []string{store.FileName, store.FileName + "-wal", filepath.Join("log", "keydesk.log")} {
		if info, err := os.Stat(filepath.Join(d.folder, name)); err == nil && info.ModTime().After(latest) {
			latest = info.ModTime()
		}
	}
	if latest.After(d.now.Add(clockSlack)) {
		d.add("clock", isProblem, fmt.Sprintf("The clock says %s, but Keydesk last wrote at %s.", d.now.Format(time.DateTime), latest.Format(time.DateTime)), hint)
		return
	}
	d.add("clock", isOK, "It is not behind what Keydesk wrote last.", "")
}

func megabytes(bytes uint64) string { return fmt.Sprintf("%d MB", bytes>>20) }

// titles are the names of checks for a person.
var titles = map[string]string{
	"folder": "Data folder", "owner": "Owner", "database": "Database", "schema": "Its version", "log": "Its log",
	"data_key": "Data key", "local_api": "Local API", "disk": "Disk", "clock": "Clock",
}

func (d *doctor) print(out io.Writer) error {
	var text strings.Builder
	fmt.Fprintf(&text, "%s\n\n", d.folder)
	for _, one := range d.report.Checks {
		fmt.Fprintf(&text, "%-8s %-12s %s\n", one.Result, titles[one.Name], one.Message)
		if one.Hint != "" {
			fmt.Fprintf(&text, "%22s%s\n", "", one.Hint)
		}
	}
	if d.report.Problems+d.report.Warnings == 0 {
		fmt.Fprintf(&text, "\nNo problems.\n")
	} else {
		fmt.Fprintf(&text, "\nProblems: %d. Warnings: %d.\n", d.report.Problems, d.report.Warnings)
	}
	_, err := io.WriteString(out, text.String())
	return err
}

func (d *doctor) printJSON(out io.Writer) error {
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(d.report)
}
