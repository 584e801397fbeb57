package activity

import (
	"context"
	"log/slog"

	"keydesk/backend/access"
	"keydesk/backend/fault"
)

// LogOnly puts what would be entries into the program's log while nothing can be
// written to the database: who signed in, and who was refused what. It holds no
// text that somebody typed.
type LogOnly struct{ Log *slog.Logger }

// Record logs what was done.
func (l LogOnly) Record(_ context.Context, invocation *access.Invocation, changes []access.Change) error {
	for _, change := range changes {
		l.Log.Info("done while nothing can be recorded", "op", invocation.Op.Name, "by", invocation.Caller.Name, "kind", change.Kind, "id", change.ID)
	}
	return nil
}

// RecordRefusal logs what was refused.
func (l LogOnly) RecordRefusal(_ context.Context, invocation *access.Invocation, reason *fault.Error) {
	l.Log.Warn("refused while nothing can be recorded", "op", invocation.Op.Name, "by", invocation.Caller.Name, "code", reason.Code)
}
