package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"golang.org/x/term"

	"keydesk/backend/fault"
	"keydesk/backend/secret"
	"keydesk/backend/send"
)

// keyVariable holds the API key. There is no flag for it: other users of a computer
// can read the command lines of its programs.
const keyVariable = "KEYDESK_API_KEY"

type sendCommand struct {
	File string `arg:"" optional:"" name:"file" help:"CSV or JSON, one row a message. Without it or with -, standard input."`

	Process       string `placeholder:"NAME" help:"Process of rows without a column process, by code or name."`
	SubProcess    string `placeholder:"NAME" help:"The same for sub_process."`
	SubSubProcess string `placeholder:"NAME" help:"The same for sub_sub_process."`
	Stage         string `placeholder:"NAME" help:"The same for stage."`
	Channel       string `placeholder:"NAME" enum:",sms,whatsapp_business,email" default:"" help:"The same for channel: sms, whatsapp_business, email."`

	Field []string `name:"field" sep:"none" placeholder:"NAME=VALUE" help:"Send one message with this field instead of a file. Repeat it for more."`

	Live  bool `name:"live" help:"Send. Without it the simulator plays the provider and nothing is sent."`
	Yes   bool `name:"yes" help:"Do not ask before live messages. Needed without a terminal."`
	Again bool `name:"again" help:"Send every row, also those that an earlier run has sent."`

	Parallel int    `name:"parallel" placeholder:"N" default:"4" help:"Messages at a time, 1 to 16 (4)."`
	Address  string `name:"address" placeholder:"URL" default:"http://127.0.0.1:7373" help:"Where the local API is (${default})."`
	CA       string `name:"ca" placeholder:"FILE" help:"Root certificate of the office network, as Keydesk saves it."`
	Format   string `name:"format" enum:"auto,csv,json" default:"auto" help:"Format of the rows: csv, json, or auto."`

	Progress string `name:"progress" placeholder:"FILE" help:"Where the progress is kept (beside the input)."`
	Failed   string `name:"failed" placeholder:"FILE" help:"Where rows that failed are written (beside the input)."`
	Unclear  string `name:"unclear" placeholder:"FILE" help:"Where rows that may have been sent are written."`
	JSON     bool   `name:"json" help:"Print the result as JSON."`
}

// Help is the part of --help that belongs to no flag.
func (c *sendCommand) Help() string {
	return `Sends the rows of a table through the local API of a running Keydesk, one row a message. It tries them out at the simulator; --live sends.

    export KEYDESK_API_KEY=kd_...        # from Settings, API Keys
    keydeskd send list.csv --process Orders --stage Shipped --channel sms
    keydeskd send list.csv --process Orders --stage Shipped --channel sms --live
    crm-export --json | keydeskd send --live --yes
    keydeskd send --process Orders --stage Shipped --channel sms \
        --field Mobile=+919812345678 --field "Customer name=Asha"

CSV has a header (comma, semicolon or tab); JSON is a list of objects or one object a line. Columns and members named process, sub_process, sub_sub_process, stage and channel say where a row goes, each other one is the stage field of that name. A stage field that is named like one of those is written fields.stage. All values are text: zeros and signs stay.

Rows that fail stop no others. They are listed with line and reason, and written to list.live.failed.csv: correct them there and send that file. Rows of which nobody knows whether they went out are listed as unclear and never sent again.

After Ctrl-C, a kill or a power cut the same command goes on and sends nothing twice. list.csv.live.progress beside it remembers what was done.`
}

// Validate refuses what cannot be meant.
func (c *sendCommand) Validate() error {
	switch {
	case c.Parallel < 1 || c.Parallel > 16:
		return errors.New("--parallel has to be from 1 to 16")
	case len(c.Field) > 0 && c.File != "":
		return errors.New("--field makes one message by itself and cannot be used with a file")
	}
	for _, one := range c.Field {
		if name, _, both := strings.Cut(one, "="); !both || name == "" {
			return errors.New("--field has to be NAME=VALUE")
		}
	}
	return nil
}

// Why nothing is sent. What package send refuses is declared there.
var (
	errNoKey = fault.New(fault.Unauthenticated, "send.no_key", "The variable KEYDESK_API_KEY is not set.").
			WithHint("Set it to an API key of the office: export KEYDESK_API_KEY=kd_... Keydesk makes keys under Settings, API Keys.")
	errNoInput = fault.New(fault.Invalid, "send.no_input", "There is nothing to send.").
			WithHint("Name a file, give rows on standard input, or use --field; keydeskd send --help shows examples.")
	errInput  = fault.New(fault.Invalid, "send.input", "The input cannot be read.").WithHint("Nothing was sent.")
	errHolds  = fault.New(fault.Invalid, "send.holds_key", "The input holds the API key.").WithHint("Take it out. A key belongs into the variable KEYDESK_API_KEY and nowhere else.")
	errNotYes = fault.New(fault.Conflict, "send.confirm", "Nothing was sent, since nobody agreed to it.").WithHint("Without a terminal to ask at, --live needs --yes.")
	errBefore = fault.New(fault.Conflict, "send.sent_before", "The same was sent a short while ago.").WithHint("To send what failed, send its list alone. To send every row a second time, use --again.")
	errChange = fault.New(fault.Conflict, "send.changed", "The input was changed.")
	errBusy   = fault.New(fault.Conflict, "send.in_use", "Another keydeskd send works on this input.").WithHint("Wait until it has ended, or end it first.")
)

// shortWhile is how long after a live run the same input is not sent again without
// being asked for: a mistake is made at once, and a daily run comes later.
const shortWhile = 12 * time.Hour

// Run sends.
func (c *sendCommand) Run(std *streams) error {
	soft, hard, done := interrupts()
	defer done()
	s := &sending{sendCommand: c, std: std, say: newTeller(std.stderr), mode: send.Simulate}
	if c.Live {
		s.mode = send.Live
	}
	report, err := s.run(soft, hard)
	if errors.Is(err, send.ErrStopped) && report == nil {
		err = exitError{exitStopped, send.ErrStopped.WithHint("Nothing was sent.")}
	}
	if c.JSON {
		if printed := s.printJSON(report, err); printed != nil {
			return printed
		}
	} else if report != nil {
		s.print(*report)
	}
	switch {
	case err != nil:
		return err
	case report.Stopped != nil:
		return exitError{exitStopped, s.howToGoOn(*report)}
	case len(report.Failed)+len(report.Unclear) > 0:
		return exitError{code: exitRows}
	}
	return nil
}

// interrupts gives two contexts: the first Ctrl-C ends soft, so that nothing more is
// begun, the second one ends hard as well.
func interrupts() (soft, hard context.Context, done func()) {
	soft, stop := context.WithCancel(context.Background())
	hard, abort := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		if _, open := <-signals; !open {
			return
		}
		stop()
		if _, open := <-signals; open {
			abort()
		}
	}()
	return soft, hard, func() {
		signal.Stop(signals)
		close(signals)
		stop()
		abort()
	}
}

// sending is one run of the command.
type sending struct {
	*sendCommand
	std  *streams
	say  *teller
	mode string

	table *send.Table
	files files
	// failedFile and unclearFile are what was written at the end, "" for nothing.
	failedFile, unclearFile string
}

// run reads, asks and sends. A nil report means that it was not begun.
func (s *sending) run(soft, hard context.Context) (*send.Report, error) {
	key := secret.New(strings.TrimSpace(os.Getenv(keyVariable)))
	_ = os.Unsetenv(keyVariable)
	if key.IsEmpty() {
		return nil, errNoKey
	}
	if err := s.read(); err != nil {
		return nil, err
	}
	if s.table.Holds(key.Reveal()) {
		return nil, errHolds
	}
	if len(s.table.Rows) == 0 {
		return &send.Report{}, nil
	}
	client, err := s.client(key)
	if err != nil {
		return nil, err
	}
	defer client.Close()
	client.Waits = s.say.waits
	if s.files, err = s.filesOf(); err != nil {
		return nil, err
	}
	unlock, err := s.files.lock()
	if err != nil {
		return nil, err
	}
	defer unlock()
	progress, err := s.earlier()
	if err != nil {
		return nil, err
	}
	holder, err := client.Self(soft)
	if err == nil {
		err = s.mayDo(holder)
	}
	if err != nil {
		return nil, err
	}
	run := &send.Run{Table: s.table, Client: client, Progress: progress, Key: holder, Parallel: s.Parallel, Warn: s.say.ignored}
	if run.Progress == nil {
		run.Progress = send.InMemory(s.table, s.mode)
	}
	if s.Live && run.Pending() > 0 {
		if err := s.agree(soft, run); err != nil {
			return nil, err
		}
	}
	if s.files.progress != "" {
		if progress == nil {
			run.Progress, err = send.Create(s.files.progress, s.table, s.mode)
		} else {
			err = progress.Continue(s.files.progress)
		}
		if err != nil {
			return nil, err
		}
	}
	watched := s.say.watch(run)
	context.AfterFunc(soft, s.say.stopping)
	report := run.Do(soft, hard)
	watched()
	return &report, s.finish(run.Progress, report)
}

// read makes the table.
func (s *sending) read() (err error) {
	target := send.Target{Process: s.Process, SubProcess: s.SubProcess, SubSubProcess: s.SubSubProcess, Stage: s.Stage, Channel: s.Channel}
	if len(s.Field) > 0 {
		fields := map[string]string{}
		for _, one := range s.Field {
			name, value, _ := strings.Cut(one, "=")
			if _, twice := fields[name]; twice {
				return errInput.WithMessage("--field names %q twice.", name)
			}
			fields[name] = value
		}
		s.table, err = send.One(fields, target)
		return err
	}
	var from io.Reader = s.std.stdin
	if s.fromFile() {
		file, err := os.Open(s.File)
		if err != nil {
			return errInput.WithMessage("%s cannot be read: %s.", s.File, causeOf(err))
		}
		defer func() { _ = file.Close() }()
		from = file
	} else if term.IsTerminal(int(s.std.stdin.Fd())) {
		return errNoInput
	}
	text, err := io.ReadAll(io.LimitReader(from, send.MaxInput+1))
	if err != nil {
		return errInput.WithMessage("%s cannot be read: %s.", s.inputName(), causeOf(err))
	}
	s.table, err = send.Read(text, send.Format(s.Format), target)
	return err
}

func (s *sending) fromFile() bool { return s.File != "" && s.File != "-" }

// inputName is what the input is called in a sentence.
func (s *sending) inputName() string {
	if s.fromFile() {
		return s.File
	}
	return "Standard input"
}

// causeOf is why the system refused, without the path.
func causeOf(err error) string {
	if known := (*os.PathError)(nil); errors.As(err, &known) {
		return known.Err.Error()
	}
	return err.Error()
}

func (s *sending) client(key secret.Text) (*send.Client, error) {
	var authority []byte
	if s.CA != "" {
		text, err := os.ReadFile(s.CA)
		if err != nil {
			return nil, errInput.WithMessage("%s cannot be read: %s.", s.CA, causeOf(err))
		}
		authority = text
	}
	return send.NewClient(s.Address, authority, key, s.Parallel)
}

// mayDo refuses a key that lacks the scope, before anything is sent.
func (s *sending) mayDo(key send.Key) error {
	switch {
	case slices.Contains(key.Scopes, "calls:send"):
		return nil
	case s.Live:
		return send.ErrScope.WithMessage("The API key %q may not send: it lacks the scope calls:send.", key.Title)
	case !slices.Contains(key.Scopes, "calls:simulate"):
		return send.ErrScope.WithMessage("The API key %q may not try messages out: it lacks the scope calls:simulate.", key.Title)
	}
	return nil
}

// earlier finds the run that this one goes on with; nil where a new one begins.
func (s *sending) earlier() (*send.Progress, error) {
	if s.files.progress == "" {
		return nil, nil //nolint:nilnil // nothing is kept of one message
	}
	p, err := send.LoadProgress(s.files.progress)
	if err != nil || p == nil || s.Again || p.Untouched() {
		return nil, err
	}
	same := p.IsOf(s.table, s.mode)
	when := p.At.Local().Format("2006-01-02 at 15:04")
	switch {
	case same && p.LacksLists():
		s.say.note("The run of %s is finished, and only its lists are missing.", when)
		return p, nil
	case p.Finished == nil && same:
		s.say.note("Going on with the run of %s: %s of %s rows are done.", when, number(p.Done()), number(p.Rows))
		return p, nil
	case !s.Live: // a try-out sends nothing, so it can begin again
		return nil, nil //nolint:nilnil // as above
	case p.Finished == nil:
		return nil, errChange.WithMessage("The input, or where it goes, is not what it was when the run of %s began. %s of its %s rows are done.", when, number(p.Done()), number(p.Rows)).
			WithHint("Put it back as it was, and the same command goes on. Or use --again to begin a new run: it sends every row of the input, also those that were sent.")
	}
	// Also where the input was changed: a person may have corrected it in place of the
	// list of failed rows.
	sent := p.Sent(s.table)
	if sent == 0 {
		return nil, nil //nolint:nilnil // other rows under the name of an input that was sent
	}
	said := fmt.Sprintf("%s of these %s were sent on %s already.", number(sent), counted(len(s.table.Rows), "row"), p.Finished.At.Local().Format("2006-01-02 at 15:04"))
	if time.Since(p.Finished.At) < shortWhile && !s.canAsk() {
		return nil, errBefore.WithMessage("%s", said)
	}
	s.say.note("%s", said)
	return nil, nil //nolint:nilnil // the question comes with the number of messages
}

// finish writes the lists and puts away what is no longer needed.
func (s *sending) finish(progress *send.Progress, report send.Report) error {
	defer func() { _ = progress.Close() }()
	var err error
	if s.failedFile, err = s.files.write(progress, s.files.failed, s.table, report.Failed); err != nil {
		return err
	}
	if s.unclearFile, err = s.files.write(progress, s.files.unclear, s.table, report.Unclear); err != nil {
		return err
	}
	if s.files.progress != "" && (progress.Untouched() || !s.Live && report.Left == 0) {
		_ = os.Remove(s.files.progress)
	}
	return nil
}

// howToGoOn is why a run stopped, with what a person does next.
func (s *sending) howToGoOn(report send.Report) *fault.Error {
	why := report.Stopped
	said := fmt.Sprintf("%s %s of %s rows are left.", why.Message, number(report.Left), number(report.Rows))
	if s.files.progress == "" {
		return why.WithMessage("%s", said)
	}
	return why.WithMessage("%s", said).WithHint("%s", strings.TrimSpace(why.Hint+" Then the same command goes on, and sends nothing twice."))
}
