package backend_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"keydesk/backend/activity"
	"keydesk/backend/call"
	"keydesk/backend/provider"
	"keydesk/backend/request"
	"keydesk/backend/setup"
	"keydesk/backend/user"
)

const errRecipient = "A secret cannot be the recipient."

// toSecrets are recipients made of a secret, as the To of a form.
var toSecrets = []string{"{{api_key}}", "x{{api_key}}", "{{mobile}}{{api_key}}", "{{api_key|lower}}", "{{pin}}", "{{pin|e164}}"}

// R6a: a secret cannot be the recipient. A form is refused at the field when it is
// saved and tested, and a setup that was saved before the rule when it is fired:
// no question, history, entry or file holds the secret.
func TestSecretIsNoRecipient(t *testing.T) {
	var got []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = append(got, r.URL.Path)
		w.WriteHeader(http.StatusCreated)
	}))
	defer server.Close()
	d := newDesk(t)
	d.own(t, acmeFile(server.URL))
	// A number is the worst case, since it could pass as a recipient.
	const pin = "+919876501234"
	made, canaries := d.provided(t, "acme-sms", nil)
	made.Request.Params = append(made.Request.Params, request.Param{ID: "pin", Name: "pin", Value: hidden(pin), In: request.ParamNowhere})
	canaries = append(canaries, pin)
	one := d.create(t, made)
	path := "draft.request." + provider.FieldPath(one.Draft.Request, "recipient")
	said := []string{}
	says := func(what string, err error) {
		t.Helper()
		said = append(said, fmt.Sprint(err))
		if codeOf(err) != "setup.invalid" || !slices.Equal(fieldNames(err), []string{path}) || !strings.Contains(err.Error(), errRecipient) {
			t.Errorf("%s: %v", what, err)
		}
	}
	record := map[string]string{"Mobile": "+14155550100"}
	for _, to := range toSecrets {
		changed := one.Draft
		enter(&changed, "recipient", request.Value{Plain: to})
		_, err := d.Ops.Setup.Update(atWindow(t), setup.UpdateInput{ID: one.ID, Version: one.Version, Draft: changed})
		says("saving "+to, err)
		for _, outcome := range []provider.Outcome{"", provider.Accepted} {
			_, err = d.Ops.Call.Test(atWindow(t), call.TestInput{Source: setup.Source{SetupID: one.ID}, Draft: &changed, Record: record, Simulate: outcome, Confirmed: true})
			says("testing "+to, err)
		}
	}

	first, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: one.ID, Record: record, Confirmed: true})
	if err != nil {
		t.Fatal(err)
	}
	got = nil
	for _, to := range toSecrets {
		d.rewrite(t, one.ID, `"{{mobile}}"`, quoted(t, to))
		for _, confirmed := range []bool{false, true} {
			_, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: one.ID, Record: record, Confirmed: confirmed})
			says("an old setup with "+to, err)
			_, err = d.Ops.Call.Send(atWindow(t), call.SendInput{PlaceID: d.place.ID, StageID: d.stage.ID, Channel: setup.SMS, Record: record, Confirmed: confirmed})
			says("a live message with "+to, err)
			_, err = d.Ops.Call.Again(atWindow(t), call.AgainInput{CallID: first.Call.ID, Confirmed: confirmed})
			says("again with "+to, err)
		}
		all, err := d.Ops.Call.TestAll(atWindow(t), call.AllInput{})
		if err != nil || all.Fired != 0 || len(all.NotFired) != 1 || all.NotFired[0].Why != errRecipient {
			t.Errorf("all with %s: %+v %v", to, all, err)
		}
		said = append(said, fmt.Sprint(all))
		d.rewrite(t, one.ID, quoted(t, to), `"{{mobile}}"`)
	}
	if len(got) != 0 {
		t.Errorf("the server got %q", got)
	}

	// A refusal for a missing right is recorded too.
	admin := d.adminID(t)
	begin(t, d.Backend, roleUser(t, d.Backend, "viewer-person", user.Viewer))
	if _, err := d.Ops.Call.Send(atWindow(t), call.SendInput{PlaceID: d.place.ID, StageID: d.stage.ID, Channel: setup.SMS, Record: record}); codeOf(err) != "access.forbidden" {
		t.Errorf("a viewer: %v", err)
	}
	begin(t, d.Backend, admin)
	trail, err := d.Ops.Activity.List(atWindow(t), activity.ListInput{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	page, err := d.Ops.Call.List(atWindow(t), call.ListInput{Limit: 100})
	if err != nil || page.Count != 1 || page.Calls[0].Recipient != "+14155550100" {
		t.Errorf("%+v %v", page, err)
	}
	hiddenIn(t, "what was said", strings.Join(said, "\n"), canaries)
	hiddenIn(t, "Activity", quoted(t, trail), canaries)
	hiddenIn(t, "the history", quoted(t, page), canaries)
	noneOnDisk(t, d.folder, canaries...)
}

// A provider's file cannot name a secret as the recipient, whichever way it comes
// in; one that was kept before the rule is named as faulty and not used.
func TestSecretRecipientOfAFile(t *testing.T) {
	d := newDesk(t)
	good := acme("http://127.0.0.1:1")
	bad := strings.Replace(good, "recipient: recipient\n", "recipient: key\n", 1)
	if bad == good {
		t.Fatal("the file has no recipient")
	}
	_, err := d.Ops.Provider.Import(atWindow(t), provider.FileInput{Name: "acme.yaml", Text: bad})
	if codeOf(err) != "provider.bad_file" || !strings.Contains(err.Error(), "A secret cannot be the recipient") {
		t.Errorf("taken in: %v", err)
	}
	d.own(t, good)
	one := d.usesAcme(t)
	done, err := openRaw(t, d.folder).Exec("UPDATE provider_file SET data = ?", bad)
	if err != nil {
		t.Fatal(err)
	}
	if rows, err := done.RowsAffected(); err != nil || rows != 1 {
		t.Fatalf("%d files, %v", rows, err)
	}
	d.restart(t)
	list := d.providers(t)
	if len(list.Faults) == 0 || !strings.Contains(list.Faults[0].Reason, "A secret cannot be the recipient") || d.listed(t, "acme-sms") != nil {
		t.Errorf("%v", list.Faults)
	}
	_, err = d.Ops.Call.Send(atWindow(t), call.SendInput{PlaceID: d.place.ID, StageID: d.stage.ID, Channel: setup.SMS, Record: map[string]string{"Mobile": "+14155550100"}})
	if codeOf(err) != "call.confirm" || strings.Contains(err.Error(), canary) {
		t.Errorf("without its file %s asks %v", one.ID, err)
	}
}

// rewrite replaces a text in a saved setup behind Keydesk's back.
func (d *desk) rewrite(t *testing.T, id, from, to string) {
	t.Helper()
	done, err := openRaw(t, d.folder).Exec("UPDATE setup SET document = replace(document, ?, ?) WHERE id = ? AND instr(document, ?) > 0", from, to, id, from)
	if err != nil {
		t.Fatal(err)
	}
	if rows, err := done.RowsAffected(); err != nil || rows != 1 {
		t.Fatalf("%s: %d rows, %v", from, rows, err)
	}
}

func quoted(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
