package send

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// Target says which setup sends a row. The names are those of POST /v1/calls, and
// so are those of the columns and members that hold them.
type Target struct {
	Process       string `json:"process"`
	SubProcess    string `json:"sub_process,omitempty"`
	SubSubProcess string `json:"sub_sub_process,omitempty"`
	Stage         string `json:"stage,omitempty"`
	Channel       string `json:"channel"`
}

// targetNames are the columns that are no stage fields, in the order of Target.
var targetNames = []string{"process", "sub_process", "sub_sub_process", "stage", "channel"}

// member is the part of a target that a column or flag names; nil for none.
func (t *Target) member(name string) *string {
	switch name {
	case "process":
		return &t.Process
	case "sub_process":
		return &t.SubProcess
	case "sub_sub_process":
		return &t.SubSubProcess
	case "stage":
		return &t.Stage
	case "channel":
		return &t.Channel
	}
	return nil
}

// or fills what is empty from another target.
func (t Target) or(other Target) Target {
	for _, name := range targetNames {
		if part := t.member(name); *part == "" {
			*part = *other.member(name)
		}
	}
	return t
}

// String names a target for a person, such as "Orders / Shipped by sms".
func (t Target) String() string {
	text := t.Process
	for _, part := range []string{t.SubProcess, t.SubSubProcess, t.Stage} {
		if part != "" {
			text += " / " + part
		}
	}
	return text + " by " + t.Channel
}

// Row is one message.
type Row struct {
	// Number counts the rows from 1; Line is where the row begins in the input.
	Number, Line int
	Target       Target
	// Fields are the values by stage field. All of them are text, as they were
	// written: leading zeros and signs stay.
	Fields map[string]string
	// Fault says why the row cannot be sent at all; nil for the others.
	Fault *Reason

	// raw is the row as it is in the input, without its line end.
	raw []byte
}

// Reason says why a row failed. Field is the column or member that it is about, ""
// for the whole row; Code is the API's, "" for what was found here.
type Reason struct {
	Field   string `json:"field,omitempty"`
	Message string `json:"reason"`
	Code    string `json:"code,omitempty"`
}

func because(field, format string, args ...any) *Reason {
	return &Reason{Field: field, Message: fmt.Sprintf(format, args...)}
}

// The modes of a run, as the API names them.
const (
	Live     = "live"
	Simulate = "simulate"
)

// body is the request of a row.
func (r Row) body(mode string) ([]byte, error) {
	fields := r.Fields
	if fields == nil {
		fields = map[string]string{}
	}
	return json.Marshal(struct {
		Target
		Fields map[string]string `json:"fields"`
		Mode   string            `json:"mode"`
	}{r.Target, fields, mode})
}

// newRunID draws the id of a run: 130 random bits.
func newRunID() string { return rand.Text() }

// key is the Idempotency-Key of a row. It is the same each time the run goes on,
// and another one for each row, also for two rows with the same values, and for
// each run.
func (r Row) key(run, mode string) (string, error) {
	body, err := r.body(mode)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "keydesk send\n%s\n%d\n%s", run, r.Number, body))
	return hex.EncodeToString(sum[:]), nil
}

// mark is by which a later run with another input knows a row that this run has
// sent: equal for equal messages, wherever in the input they are.
func (r Row) mark(run, mode string) (string, error) {
	body, err := r.body(mode)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "keydesk sent\n%s\n%s", run, body))
	return hex.EncodeToString(sum[:8]), nil
}
