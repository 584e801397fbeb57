package access

import "slices"

// Mode says how the gate runs an operation.
type Mode string

const (
	// Read changes nothing and runs outside a transaction.
	Read Mode = "read"
	// Write runs in one transaction with a deadline and must report at least
	// one change; its activity row is written in the same transaction.
	Write Mode = "write"
	// Long owns its short transactions (firing, Test all, import), can be
	// cancelled by the id the page made, and has no page time limit.
	Long Mode = "long"
)

// Op declares an operation next to its use case, with the types of its input and
// answer.
type Op[In, Out any] Info

// Info is what an operation is called, who may do it and how it runs, without its
// types, as the registry keeps it.
type Info struct {
	// Name is "feature.verb", stable, as activity and tests show it. What it is
	// called elsewhere follows from it: "setup.delete_info" is declared as
	// setup.OpDeleteInfo, held as Ops.Setup.DeleteInfo and called by the page as
	// setup.DeleteInfo.
	Name string
	// Does says what the operation does, as activity writes it after a
	// person's name, in the past tense: "deleted the API Key Setup".
	Does string
	// Needs lists the permissions the caller must hold, all of them.
	// SignedIn alone means anybody signed in.
	Needs []Permission
	// Any lists permissions of which one is enough, if it is set.
	Any  []Permission
	Mode Mode
	// Public operations need no session: first run, sign-in, unlock, state.
	Public bool
	// Fresh asks for a password entered in the last 5 minutes.
	Fresh bool
	// Asks lists the permissions that the use case checks with Require,
	// depending on the data. AsksFresh and AsksHeld say the same of
	// RequireFresh and RequireHeld.
	Asks      []Permission
	AsksFresh bool
	AsksHeld  bool
	// WhileReading lets a Long operation run also while nothing can be written to
	// the database: signing in, unlocking. What it would write is kept in memory
	// or in the log then.
	WhileReading bool
	// System operations are Keydesk's own work (recovery, purging, pruning).
	// They name no permission, and only gate.RunSystem runs them.
	System bool
	// Scope lists the scopes of issued keys of which one is enough. A key can run
	// no operation without it, whatever permissions its scopes mean.
	Scope []Scope
	// Door is the only door whose calls run it; "" is every door. What a door
	// needs for itself (finding out whose key it is) is nobody else's to call.
	Door SourceKind
}

// Writes reports whether the operation needs a database that can be written to.
func (op Info) Writes() bool { return op.Mode != Read && !op.WhileReading }

// declares reports whether the operation names this permission anywhere.
func (op Info) declares(p Permission) bool {
	return op.Name == "" || slices.Contains(op.Asks, p) || slices.Contains(op.Needs, p) || slices.Contains(op.Any, p)
}
