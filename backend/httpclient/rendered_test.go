package httpclient_test

import (
	"context"
	"testing"
	"time"

	"keydesk/backend/httpclient"
	build "keydesk/backend/request"
	"keydesk/backend/secret"
)

// A57, R5: what the client puts on the wire is what the rendering says, byte
// for byte.
func TestWireIsTheRendering(t *testing.T) {
	for _, method := range []string{"GET", "POST", "DELETE", "OPTIONS", "HEAD"} {
		where, received := raw(t, says("HTTP/1.1 204 No Content\r\n\r\n"))
		spec := build.Spec{
			Method: method, URL: url(where, "/a b/é?x=1"),
			Auth:    build.Auth{Type: build.Bearer, Token: build.Value{Secret: true, Typed: secret.New("tok-123456")}},
			Headers: []build.Header{{ID: "h", Name: "x-lower", Value: build.Value{Plain: "v"}}},
			Params:  []build.Param{{ID: "p", Name: "text", Value: build.Value{Plain: "a\"b&c=d + 50% é 🙂"}}},
		}
		rendered := build.Build(spec, nil, build.Env{Now: time.Unix(0, 0), Location: time.UTC, UserAgent: "Keydesk/1.0", Boundary: "b", UUID: "u"})
		req, err := rendered.HTTPRequest(context.Background())
		check(t, err)
		whole(t, newClient(t).Do(context.Background(), req, httpclient.Limits{}))
		if got := received(); got != string(rendered.Wire()) || got == "" {
			t.Errorf("%s: received\n%q\nrendered\n%q", method, got, rendered.Wire())
		}
	}
}
