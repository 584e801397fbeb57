//go:build generate

package backend

import "keydesk/backend/gate"

// Ops is empty while operations_gen.go is being written: an outdated file might
// not compile, and the generator needs only the registry.
type Ops struct{}

func operations(*gate.Gate) Ops { return Ops{} }
