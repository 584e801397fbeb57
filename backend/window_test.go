package backend_test

import (
	"context"
	"testing"

	"keydesk/backend/access"
)

// window is the source from which these tests call, as the window's door does.
var window = access.Source{Kind: access.Window, ID: "the window of this test"}

// atWindow is the context of a call from the window.
func atWindow(t testing.TB) context.Context { return access.WithSource(t.Context(), window) }
