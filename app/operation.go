package app

import (
	"keydesk/backend"
	"keydesk/backend/gate"
)

// Operation is the page's door to running operations.
type Operation struct {
	door *Door
	on   backend.OperationOps
}

// Cancel runs operation.cancel.
func (d *Operation) Cancel(in gate.CancelInput) (gate.Progress, error) {
	return call(d.door, d.on.Cancel, in)
}

// Progress runs operation.progress.
func (d *Operation) Progress(in gate.CancelInput) (gate.Progress, error) {
	return call(d.door, d.on.Progress, in)
}
