package send

import (
	"context"
	"errors"
	"strings"

	"keydesk/backend/fault"
	"keydesk/backend/sms"
)

// measured is how many targets are looked at before a live run. Each is a request.
const measured = 5

// Part is what a run sends to one target, as far as it is known before.
type Part struct {
	Target Target
	Rows   int
	// Setup and Provider are empty where the API was not asked or did not say.
	Setup, Provider string
	// Segments is how many SMS the longest message is billed as, and Line where its
	// row is; 0 where it is not known.
	Segments, Line int
}

// Parts says what a live run would send, for the rows without a result. It asks the
// API for the request of the longest message of each target and sends nothing.
// Faults: those of the client, and what is wrong with the target where there is one
// alone.
func (r *Run) Parts(ctx context.Context) ([]Part, error) {
	var parts []Part
	longest := map[Target]Row{}
	sizes := map[Target]size{}
	at := map[Target]int{}
	for _, row := range r.Table.Rows {
		if _, done := r.Progress.results[row.Number]; done || row.Fault != nil {
			continue
		}
		if _, known := at[row.Target]; !known {
			at[row.Target] = len(parts)
			parts = append(parts, Part{Target: row.Target})
		}
		parts[at[row.Target]].Rows++
		if size := sizeOf(row); longest[row.Target].Number == 0 || size.beyond(sizes[row.Target]) {
			longest[row.Target], sizes[row.Target] = row, size
		}
	}
	for i := range parts[:min(len(parts), measured)] {
		row := longest[parts[i].Target]
		preview, err := r.Client.Preview(ctx, row)
		if err != nil {
			if refused(err, len(parts) == 1, r.Table.onePlace()) {
				return nil, err
			}
			continue // what is wrong with this row, or with one target of several, is told by the run
		}
		parts[i].Setup, parts[i].Provider = preview.Setup.Name, preview.Provider
		if preview.Request != nil && preview.Request.SMSSegments != nil {
			parts[i].Segments, parts[i].Line = *preview.Request.SMSSegments, row.Line
		}
	}
	return parts, nil
}

// size orders rows by how many SMS their values would be, then by how long they are.
// Which of the values are in the message only the API knows.
type size struct{ segments, bytes int }

func (s size) beyond(other size) bool {
	return s.segments > other.segments || s.segments == other.segments && s.bytes > other.bytes
}

func sizeOf(row Row) size {
	var values strings.Builder
	for _, value := range row.Fields {
		values.WriteString(value)
	}
	return size{sms.Measure(values.String()).Segments, values.Len()}
}

// refused tells whether an error concerns every row.
func refused(err error, alone, onePlace bool) bool {
	for _, known := range []*fault.Error{ErrKey, ErrUnreachable, ErrNotKeydesk, ErrStopped, ErrAddress} {
		if errors.Is(err, known) {
			return true
		}
	}
	code := fault.From(err).Code
	return code == pausedCode || alone && concernsTarget(code) || onePlace && code == unknownPlaceCode
}
