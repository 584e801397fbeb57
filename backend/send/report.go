package send

import (
	"time"

	"keydesk/backend/fault"
)

// Waiting is what a run waits for. Why is empty while it does not.
type Waiting struct {
	Until time.Time
	Why   string
}

// Trouble is a row that did not go out well.
type Trouble struct {
	Line   int    `json:"line"`
	Number int    `json:"row"`
	CallID string `json:"call_id,omitempty"`
	Reason
}

// Report is how a run ended. Left are rows without a result.
type Report struct {
	Rows, Accepted, Left int
	Failed, Unclear      []Trouble
	// Ignored are fields of this run that no setup knew.
	Ignored []string
	// Stopped is why rows are left; nil where none is.
	Stopped *fault.Error
}

// Summary is what is known of the rows of a table.
func Summary(t *Table, p *Progress) Report {
	report := Report{Rows: len(t.Rows)}
	for _, row := range t.Rows {
		outcome, done := p.results[row.Number]
		if row.Fault != nil {
			outcome, done = Outcome{Result: Failed, Reason: row.Fault}, true
		}
		one := Trouble{Line: row.Line, Number: row.Number, CallID: outcome.CallID}
		if outcome.Reason != nil {
			one.Reason = *outcome.Reason
		}
		switch {
		case !done:
			report.Left++
		case outcome.Result == Accepted:
			report.Accepted++
		case outcome.Result == Failed:
			report.Failed = append(report.Failed, one)
		default:
			report.Unclear = append(report.Unclear, one)
		}
	}
	return report
}

// Pending is how many rows may still be sent.
func (r *Run) Pending() int {
	pending, _ := r.Progress.pending(r.Table, r.Key.ID, time.Now())
	return len(pending)
}

// State is how far a run is.
type State struct {
	Rows, Accepted, Failed, Unclear int
	Waiting                         Waiting
}

// State may be called while Do runs.
func (r *Run) State() State {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := State{Rows: len(r.Table.Rows), Waiting: r.waiting}
	s.Accepted, s.Failed, s.Unclear = r.Progress.Count()
	for _, row := range r.Table.Rows {
		if row.Fault != nil {
			s.Failed++
		}
	}
	return s
}
