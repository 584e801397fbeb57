package backend_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"keydesk/backend/access"
	"keydesk/backend/apikey"
	"keydesk/backend/call"
	"keydesk/backend/organisation"
	"keydesk/backend/setup"
)

// C12: the getting-started steps of Integration are ticked by what API keys did: a
// test of a person does not count, a message to the simulator ticks one step and a
// real one the other.
func TestStepsOfIntegration(t *testing.T) {
	d := newDesk(t)
	status := http.StatusInternalServerError
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, `{"ok":true,"id":"m1"}`)
	}))
	defer server.Close()
	d.own(t, acmeFile(server.URL))
	one, _ := d.provided(t, "acme-sms", map[string]string{"message": "Hello {{mobile}}"})
	made := d.create(t, one)
	if _, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: made.ID}); err != nil {
		t.Fatal(err)
	}
	d.hasSteps(t, false, false)

	key := issued(t, d.Backend, access.SimulateCalls, access.SendCalls)
	send := func(way string) {
		t.Helper()
		if _, err := d.Ops.Call.Submit(withKey(t, key), call.SubmitInput{Process: "Orders", SubProcess: d.place.Name, Stage: d.stage.Name, Channel: setup.SMS, Mode: way, Fields: map[string]string{"Mobile": "+919812345678"}}); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Ops.Apikey.NoteAccess(withKey(t, key), apikey.Noted{KeyID: key, Method: "POST", Route: "/v1/calls", Status: 200}); err != nil {
			t.Fatal(err)
		}
	}
	send(call.WayPreview)
	d.hasSteps(t, false, false)
	send(call.WaySimulate)
	d.hasSteps(t, true, false)
	send(call.WayLive) // which fails
	d.hasSteps(t, true, false)
	status = http.StatusOK
	send(call.WayLive)
	d.hasSteps(t, true, true)
}

// hasSteps waits until the access log is written and compares what the page reads.
func (d *desk) hasSteps(t *testing.T, simulated, sent bool) {
	t.Helper()
	var client organisation.Client
	for range 100 {
		var err error
		if client, err = d.Ops.Organisation.Client(atWindow(t), organisation.Nothing{}); err != nil {
			t.Fatal(err)
		}
		if client.Simulated == simulated && client.Sent == sent {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Errorf("the steps are %v and %v, want %v and %v", client.Simulated, client.Sent, simulated, sent)
}

// C04: each snippet names the real address and the header of C01.
func TestSnippetsNameTheRealAddress(t *testing.T) {
	d := newDesk(t)
	client, err := d.Ops.Organisation.Client(atWindow(t), organisation.Nothing{})
	if err != nil {
		t.Fatal(err)
	}
	var languages []string
	for _, one := range client.Snippets {
		languages = append(languages, one.Language)
		if !strings.Contains(one.Code, client.Address+"/v1/key") || !strings.Contains(one.Code, "x-api-key "+organisation.KeyPlaceholder) {
			t.Errorf("%s is %s", one.Label, one.Code)
		}
	}
	if want := []string{"curl", "javascript", "python", "php", "csharp"}; !slices.Equal(languages, want) {
		t.Errorf("there are snippets in %v, want %v", languages, want)
	}
}
