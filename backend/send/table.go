package send

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"keydesk/backend/fault"
)

// Format is how rows are written.
type Format string

// The formats. Any is found out from the first character.
const (
	Any  Format = "auto"
	CSV  Format = "csv"
	JSON Format = "json"
)

// MaxInput is the largest input in bytes. It is held in memory, so that nothing is
// sent of a file that turns out to be broken at its end.
const MaxInput = 256 << 20

// What is wrong with an input as a whole. Nothing is sent of it.
var (
	ErrEmpty    = fault.New(fault.Invalid, "send.empty", "The input is empty.").WithHint("Give rows as CSV with a header, or as JSON.")
	ErrTooLarge = fault.New(fault.Invalid, "send.too_large", "The input is larger than 256 MiB.").WithHint("Split it, and send the parts one after the other.")
	ErrNotText  = fault.New(fault.Invalid, "send.not_text", "The input is not text in UTF-8.").WithHint("Save it as “CSV UTF-8”. Nothing was sent.")
	ErrHeader   = fault.New(fault.Invalid, "send.header", "The first line has to name the columns.").WithHint("Name each column like the stage field that it holds, such as Mobile. Nothing was sent.")
	ErrBroken   = fault.New(fault.Invalid, "send.broken", "The input cannot be read.").WithHint("Nothing was sent.")
	ErrTarget   = fault.New(fault.Invalid, "send.target", "It is not said where to send.").
			WithHint("Use --process and --channel, or columns of the names process, sub_process, sub_sub_process, stage and channel.")
)

// Table is an input that was read.
type Table struct {
	Rows []Row
	// Digest is the SHA-256 of everything that decides what is sent.
	Digest string

	format Format
	// head is what a CSV begins with: byte order mark, "sep=" and the header.
	head []byte
	// lineEnd ends the lines of a CSV.
	lineEnd string
	// list says that JSON rows are the elements of one list.
	list bool
}

// Read reads an input. Rows that name no target of their own have that of usual.
// Faults: those above, with the line where it is known.
func Read(input []byte, format Format, usual Target) (*Table, error) {
	usual.Channel = channelOf(usual.Channel)
	t := &Table{format: format, Digest: digestOf(input, usual)}
	if err := isText(input); err != nil {
		return nil, err
	}
	text := bytes.TrimPrefix(input, []byte("\uFEFF"))
	first := bytes.TrimLeftFunc(text, unicode.IsSpace)
	if len(first) == 0 {
		return nil, ErrEmpty
	}
	if t.format == Any {
		if t.format = CSV; first[0] == '[' || first[0] == '{' {
			t.format = JSON
		}
	}
	read := t.readCSV
	if t.format == JSON {
		read = t.readJSON
	}
	if err := read(text); err != nil {
		return nil, err
	}
	if len(input) > len(text) && t.format == CSV {
		t.head = append([]byte("\uFEFF"), t.head...)
	}
	return t, t.complete(usual)
}

// One makes a table of one row, whose values come from the command line.
// Faults: ErrTarget.
func One(fields map[string]string, target Target) (*Table, error) {
	row := Row{Number: 1, Line: 1, Fields: fields}
	body, err := row.body("")
	if err != nil {
		return nil, err
	}
	t := &Table{Rows: []Row{row}, Digest: digestOf(body, target), format: JSON}
	return t, t.complete(target)
}

func digestOf(input []byte, usual Target) string {
	sum := sha256.New()
	for _, name := range targetNames {
		_, _ = sum.Write([]byte(*usual.member(name) + "\x00"))
	}
	_, _ = sum.Write(input)
	return hex.EncodeToString(sum.Sum(nil))
}

func isText(input []byte) error {
	at := bytes.IndexByte(input, 0)
	switch {
	case len(input) > MaxInput:
		return ErrTooLarge
	case bytes.HasPrefix(input, []byte("\xff\xfe")), bytes.HasPrefix(input, []byte("\xfe\xff")):
		return ErrNotText.WithMessage("The input is text in UTF-16.")
	case at >= 0:
		return ErrNotText.WithMessage("The input is no text: there is a zero byte in line %d.", lineAt(input, at))
	case utf8.Valid(input):
		return nil
	}
	for at = 0; at < len(input); {
		r, size := utf8.DecodeRune(input[at:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		at += size
	}
	return ErrNotText.WithMessage("The input is not text in UTF-8: see line %d.", lineAt(input, at))
}

// lineAt is the line of a byte, from 1.
func lineAt(text []byte, at int) int { return (&lines{text: text}).of(at) }

// lines counts lines from where it was asked last, so that asking for every row
// reads the input once.
type lines struct {
	text     []byte
	at, seen int
}

// of is the line of a byte, from 1. It is asked in the order of the text.
func (l *lines) of(at int) int {
	at = min(at, len(l.text))
	l.seen += bytes.Count(l.text[l.at:at], []byte("\n"))
	l.at = at
	return l.seen + 1
}

// complete gives rows the usual target, and refuses an input of which no row says
// where it goes.
func (t *Table) complete(usual Target) error {
	process, channel := len(t.Rows) == 0, len(t.Rows) == 0
	for i := range t.Rows {
		row := &t.Rows[i]
		row.Target.Channel = channelOf(row.Target.Channel)
		row.Target = row.Target.or(usual)
		process, channel = process || row.Target.Process != "", channel || row.Target.Channel != ""
	}
	switch {
	case !process:
		return ErrTarget.WithMessage("No row says which process it belongs to.")
	case !channel:
		return ErrTarget.WithMessage("No row says by which channel it is sent.")
	}
	return nil
}

// channelOf writes a channel as the API has it: people write "SMS" and "WhatsApp
// Business" as the screens do.
func channelOf(text string) string {
	return strings.ReplaceAll(strings.ToLower(strings.TrimSpace(text)), " ", "_")
}

// OneTarget tells whether every row goes to the same setup.
func (t *Table) OneTarget() bool { return len(t.Targets()) <= 1 }

// onePlace tells whether every row belongs to the same place.
func (t *Table) onePlace() bool {
	places := map[Target]bool{}
	for _, target := range t.Targets() {
		target.Stage, target.Channel = "", ""
		places[target] = true
	}
	return len(places) <= 1
}

// Targets are where the rows go, each once, in the order of the rows.
func (t *Table) Targets() []Target {
	var targets []Target
	seen := map[Target]bool{}
	for _, row := range t.Rows {
		if !seen[row.Target] && row.Fault == nil {
			seen[row.Target] = true
			targets = append(targets, row.Target)
		}
	}
	return targets
}

// Holds tells whether a text is in the input.
func (t *Table) Holds(text string) bool {
	return bytes.Contains(t.head, []byte(text)) || slices.ContainsFunc(t.Rows, func(row Row) bool {
		if bytes.Contains(row.raw, []byte(text)) {
			return true
		}
		for name, value := range row.Fields {
			if strings.Contains(name+"\n"+value, text) {
				return true
			}
		}
		return false
	})
}

// Extension is how the name of a file of these rows ends.
func (t *Table) Extension() string {
	switch {
	case t.format == CSV:
		return ".csv"
	case t.list:
		return ".json"
	default:
		return ".jsonl"
	}
}

// Only is a file with some of the rows, by number. It has the format and the header
// of the input, and each row is byte for byte what it was there.
func (t *Table) Only(numbers []int) []byte {
	rows := make([][]byte, 0, len(numbers))
	for _, number := range slices.SortedFunc(slices.Values(numbers), cmp.Compare) {
		raw := t.Rows[number-1].raw
		if raw == nil { // it came from the command line
			continue
		}
		rows = append(rows, raw)
	}
	switch {
	case t.format == CSV:
		text := slices.Clone(t.head)
		for _, raw := range rows {
			text = append(append(text, raw...), t.lineEnd...)
		}
		return text
	case t.list:
		return fmt.Appendf(nil, "[\n%s\n]\n", bytes.Join(rows, []byte(",\n")))
	default:
		return append(bytes.Join(rows, []byte("\n")), '\n')
	}
}
