package backend_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"keydesk/backend"
	"keydesk/backend/call"
	"keydesk/backend/setup"
	"keydesk/backend/store"
)

// RULES.md, Testing and sending: on a full disk nothing leaves that is not
// recorded before, tests included, and what was sent is told as sent, with its
// answer, although that cannot be kept.
func TestWhatWasSentOnAFullDisk(t *testing.T) {
	for name, live := range map[string]bool{"tests": false, "live sends": true} {
		t.Run(name, func(t *testing.T) {
			var received atomic.Int64
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				received.Add(1)
				_, _ = io.WriteString(w, "the answer "+strings.Repeat("x", 50_000))
			}))
			defer server.Close()
			b := opened(t, t.TempDir(), func(o *backend.Options) { o.Store = []store.Option{store.WithMaxPages(220)} })
			firstRun(t, b)
			place, stage := shipped(t, b)
			saved, err := b.Ops.Setup.Create(atWindow(t), setup.CreateInput{Draft: draft(place, stage, server.URL)})
			if err != nil {
				t.Fatal(err)
			}
			fire := func() (call.Detail, error) {
				if live {
					return b.Ops.Call.Send(atWindow(t), call.SendInput{PlaceID: place.ID, StageID: stage.ID, Channel: setup.SMS, Record: map[string]string{"Mobile": "+919812345678"}, Confirmed: true})
				}
				return b.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: saved.Setups[0].ID})
			}
			told := 0
			for range 400 {
				before := received.Load()
				detail, fired := fire()
				if fired != nil {
					if err = fired; received.Load() != before {
						t.Errorf("a call that was refused went out: %v", err)
					}
					break
				}
				if !strings.HasPrefix(detail.Reply.Text, "the answer ") || received.Load() != before+1 {
					t.Fatalf("the answer is %.30q, received %d", detail.Reply.Text, received.Load()-before)
				}
				if detail.Note != "" {
					told++
					if !strings.HasPrefix(detail.Note, "It was sent; the result could not be kept. The disk is full") {
						t.Errorf("told %q", detail.Note)
					}
				}
			}
			if codeOf(err) != "store.disk_full" || told == 0 {
				t.Errorf("%d results could not be kept, and then %v", told, err)
			}
			rows, open := int64(0), 0
			for before := ""; ; {
				page, err := b.Ops.Call.List(atWindow(t), call.ListInput{Before: before, Limit: 100})
				if err != nil {
					t.Fatal(err)
				}
				for _, one := range page.Calls {
					rows, before = rows+1, one.ID
					if one.State == call.Sending {
						open++
					}
				}
				if !page.More {
					break
				}
			}
			if rows != received.Load() || open != told {
				t.Errorf("%d were received, the history has %d, %d of them without a result, %d were told so", received.Load(), rows, open, told)
			}
		})
	}
}
