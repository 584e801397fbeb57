package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"golang.org/x/term"

	"keydesk/backend/fault"
	"keydesk/backend/send"
)

const (
	// A terminal's line is written again so often, and a plain line now and then.
	lineEvery  = 200 * time.Millisecond
	plainEvery = 10 * time.Second
	// longWait is worth a line of its own.
	longWait = 3 * time.Second
	// mostListed is how many rows of each kind the summary lists; --json has all.
	mostListed = 100
)

// teller writes to standard error what a person wants to know meanwhile.
type teller struct {
	out      io.Writer
	terminal bool
	width    func() int

	mu sync.Mutex
	// shown is the line that is rewritten, "" for none.
	shown string
}

func newTeller(stderr io.Writer) *teller {
	t := &teller{out: stderr, width: func() int { return 80 }}
	if file, ok := stderr.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		t.terminal = true
		t.width = func() int {
			if width, _, err := term.GetSize(int(file.Fd())); err == nil && width > 0 {
				return width
			}
			return 80
		}
	}
	return t
}

// note writes a line that stays.
func (t *teller) note(format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.clear()
	_, _ = fmt.Fprintf(t.out, format+"\n", args...)
}

// clear takes the rewritten line away. mu is held.
func (t *teller) clear() {
	if t.shown != "" {
		_, _ = io.WriteString(t.out, "\r\x1b[K")
		t.shown = ""
	}
}

func (t *teller) ignored(field string) {
	t.note("Warning: no stage field is named “%s”, so its values are not used.", visible(field))
}

func (t *teller) stopping() {
	t.note("Stopping. What is on its way gets its answer; Ctrl-C again does not wait for it.")
}

// watch shows how far a run is until the returned function is called.
func (t *teller) watch(run *send.Run) (done func()) {
	ended, over := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(over)
		clock := time.NewTicker(lineEvery)
		defer clock.Stop()
		began, first := time.Now(), run.State()
		said, waiting := began, send.Waiting{}
		for {
			select {
			case <-ended:
				t.mu.Lock()
				t.clear()
				t.mu.Unlock()
				return
			case at := <-clock.C:
				now := run.State()
				line := progressLine(first, now, time.Since(began), at)
				if t.terminal {
					t.rewrite(line)
					continue
				}
				// A long wait is told when it begins, and how far it is now and then.
				begins := now.Waiting != waiting && now.Waiting.Until.Sub(at) > longWait
				if begins || at.Sub(said) >= plainEvery {
					t.note("%s", line)
					said, waiting = at, now.Waiting
				}
			}
		}
	}()
	return func() {
		close(ended)
		<-over
	}
}

// rewrite shows a line in place of the one before.
func (t *teller) rewrite(line string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if most, runes := t.width()-1, []rune(line); len(runes) > most {
		line = string(runes[:max(most, 0)])
	}
	if line != t.shown {
		t.clear()
		_, _ = io.WriteString(t.out, line)
		t.shown = line
	}
}

// waits says what is waited for before the rows begin.
func (t *teller) waits(pause time.Duration, why string) {
	t.note("Waits %d s: %s", int(pause.Seconds()), visible(why))
}

// progressLine says how far a run is.
func progressLine(first, now send.State, took time.Duration, at time.Time) string {
	done, before := now.Accepted+now.Failed+now.Unclear, first.Accepted+first.Failed+first.Unclear
	line := fmt.Sprintf("%s of %s", number(done), number(now.Rows))
	if now.Failed > 0 {
		line += fmt.Sprintf(", %s failed", number(now.Failed))
	}
	if now.Unclear > 0 {
		line += fmt.Sprintf(", %s unclear", number(now.Unclear))
	}
	if left := now.Waiting.Until.Sub(at); now.Waiting.Why != "" && left > 0 {
		return line + fmt.Sprintf(", waits %d s: %s", int(left.Seconds())+1, visible(now.Waiting.Why))
	}
	if done > before && took > 5*time.Second && done < now.Rows {
		left := time.Duration(float64(took) / float64(done-before) * float64(now.Rows-done))
		if left < time.Minute {
			line += ", less than a minute left"
		} else {
			line += fmt.Sprintf(", about %d min left", int(left.Minutes())+1)
		}
	}
	return line
}

// print writes the summary for a person.
func (s *sending) print(report send.Report) {
	out := s.std.stdout
	verb := "were"
	if report.Rows == 1 {
		verb = "was"
	}
	done := fmt.Sprintf("%s of %s %s accepted", number(report.Accepted), counted(report.Rows, "message"), verb)
	switch {
	case report.Rows == 0:
		_, _ = fmt.Fprintln(out, "There are no rows below the header, so there is nothing to send.")
		return
	case s.Live:
		_, _ = fmt.Fprintln(out, done+".")
	default:
		_, _ = fmt.Fprintln(out, done+" by the simulator. This was a try-out: nothing was sent. --live sends.")
	}
	s.list(report.Failed, counted(len(report.Failed), "row")+" failed:")
	if s.failedFile != "" {
		_, _ = fmt.Fprintf(out, "They are in %s. Correct them there and send that file:\n  %s\n", visible(s.failedFile), visible(s.commandFor(s.failedFile)))
	}
	s.list(report.Unclear, counted(len(report.Unclear), "row")+" may have been sent and may not. Look for them in Keydesk under Calls before you send them again:")
	if s.unclearFile != "" {
		_, _ = fmt.Fprintf(out, "They are in %s.\n", visible(s.unclearFile))
	}
}

func (s *sending) list(rows []send.Trouble, title string) {
	if len(rows) == 0 {
		return
	}
	_, _ = fmt.Fprintln(s.std.stdout, title)
	for i, row := range rows {
		if i == mostListed {
			_, _ = fmt.Fprintf(s.std.stdout, "  and %s more; --json lists all.\n", number(len(rows)-i))
			return
		}
		about := ""
		if row.Field != "" {
			about = visible(row.Field) + ": "
		}
		_, _ = fmt.Fprintf(s.std.stdout, "  line %d: %s%s\n", row.Line, about, visible(row.Message))
	}
}

// commandFor is the command that sends another file in the same way.
func (s *sending) commandFor(file string) string {
	words := []string{"keydeskd", "send", quoted(file)}
	for _, flag := range []struct{ name, value, usual string }{
		{"process", s.Process, ""}, {"sub-process", s.SubProcess, ""}, {"sub-sub-process", s.SubSubProcess, ""},
		{"stage", s.Stage, ""}, {"channel", s.Channel, ""},
		{"address", s.Address, "http://127.0.0.1:7373"}, {"ca", s.CA, ""},
	} {
		if flag.value != flag.usual {
			words = append(words, "--"+flag.name, quoted(flag.value))
		}
	}
	if s.Live {
		words = append(words, "--live")
	}
	return strings.Join(words, " ")
}

// quoted writes a word as a shell reads it.
func quoted(word string) string {
	plain := func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("_-./:@%+,", r)
	}
	if word != "" && strings.IndexFunc(word, func(r rune) bool { return !plain(r) }) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// sendResult is what --json prints. Names are stable, sentences are not.
type sendResult struct {
	Mode        string         `json:"mode"`
	Rows        int            `json:"rows"`
	Accepted    int            `json:"accepted"`
	Failed      []send.Trouble `json:"failed"`
	Unclear     []send.Trouble `json:"unclear"`
	Left        int            `json:"left"`
	Ignored     []string       `json:"ignored_fields"`
	FailedFile  string         `json:"failed_file"`
	UnclearFile string         `json:"unclear_file"`
	Progress    string         `json:"progress_file"`
	// Stopped is why rows are left, or why nothing was begun; null otherwise.
	Stopped *stoppedBy `json:"stopped"`
}

type stoppedBy struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Hint    string `json:"hint"`
}

func (s *sending) printJSON(report *send.Report, err error) error {
	out := sendResult{Mode: s.mode, Failed: []send.Trouble{}, Unclear: []send.Trouble{}, Ignored: []string{}, FailedFile: s.failedFile, UnclearFile: s.unclearFile, Progress: s.files.progress}
	why := fault.From(err)
	switch {
	case report != nil:
		out.Rows, out.Accepted, out.Left = report.Rows, report.Accepted, report.Left
		out.Failed, out.Unclear = append(out.Failed, report.Failed...), append(out.Unclear, report.Unclear...)
		out.Ignored = append(out.Ignored, report.Ignored...)
		if why == nil && report.Stopped != nil {
			why = s.howToGoOn(*report)
		}
	case s.table != nil:
		out.Rows, out.Left = len(s.table.Rows), len(s.table.Rows)
	}
	if why != nil {
		out.Stopped = &stoppedBy{why.Code, why.Message, why.Hint}
	}
	encoder := json.NewEncoder(s.std.stdout)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(out)
}

// visible shows what cannot be seen as an escape: a provider's words must not
// command a terminal (T5).
func visible(text string) string {
	if strings.IndexFunc(text, hidden) < 0 {
		return text
	}
	var out strings.Builder
	for _, r := range text {
		if hidden(r) {
			quoted := strconv.QuoteRuneToASCII(r)
			out.WriteString(quoted[1 : len(quoted)-1])
		} else {
			out.WriteRune(r)
		}
	}
	return out.String()
}

func hidden(r rune) bool { return !unicode.IsPrint(r) }

// number writes a number with a comma between thousands.
func number(n int) string {
	text := strconv.Itoa(n)
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}

// counted writes a number with its noun.
func counted(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return number(n) + " " + noun
}
