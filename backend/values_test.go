package backend_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"keydesk/backend/call"
	"keydesk/backend/fault"
	"keydesk/backend/process"
	"keydesk/backend/request"
	"keydesk/backend/setup"
)

// typedDesk is a desk whose stage has a field of every type, with a setup that
// takes them all, and what its server got.
func typedDesk(t *testing.T) (d *desk, one setup.Setup, got *[]string) {
	t.Helper()
	d = newDesk(t)
	got = &[]string{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		*got = append(*got, string(body))
		w.WriteHeader(http.StatusCreated)
	}))
	t.Cleanup(server.Close)
	in := draft(d.place, d.stage, server.URL)
	in.Request.BodyFormat, in.Request.Params = request.FormBody, nil
	in.Request.StageParams = []request.StageParam{{Variable: "to", Field: "Mobile"}}
	for _, field := range []process.CreateFieldInput{
		{Name: "Amount", Type: process.Number, Sample: "12.50"}, {Name: "Mail", Type: process.Email, Sample: "asha@example.com"},
		{Name: "Due", Type: process.Date, Sample: "2026-11-27"}, {Name: "Paid", Type: process.Boolean, Sample: "yes"}, {Name: "Note", Type: process.Text, Sample: "Hello"},
	} {
		field.StageID = d.stage.ID
		if _, err := d.Ops.Process.CreateField(atWindow(t), field); err != nil {
			t.Fatal(err)
		}
		in.Request.StageParams = append(in.Request.StageParams, request.StageParam{Variable: strings.ToLower(field.Name), Field: field.Name})
	}
	return d, d.create(t, in), got
}

// unfit are values that do not fit their stage fields.
var unfit = map[string]string{"Mobile": "9.19877E+11", "Amount": "1,5", "Mail": "@SUM(1)", "Due": "27.11.2026", "Paid": "perhaps", "Note": "a\x00b"}

// A46 R1: wherever a record enters, each value is checked by the type of its
// field: nothing is sent and nothing kept, and the message is at the value.
func TestNoCallTakesAnUnfitValue(t *testing.T) {
	d, one, got := typedDesk(t)
	changed := one.Draft
	changed.Name = "Changed"
	for name, value := range unfit {
		record := map[string]string{"Mobile": "+14155550100", name: value}
		for how, fire := range map[string]func() error{
			"a test": func() error {
				_, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: one.ID, Record: record})
				return err
			},
			"a test of a draft": func() error {
				_, err := d.Ops.Call.Test(atWindow(t), call.TestInput{Source: setup.Source{SetupID: one.ID}, Draft: &changed, Record: record})
				return err
			},
			"a live message": func() error {
				_, err := d.Ops.Call.Send(atWindow(t), call.SendInput{PlaceID: d.place.ID, StageID: d.stage.ID, Channel: setup.SMS, Record: record, Confirmed: true})
				return err
			},
		} {
			err := fire()
			if codeOf(err) != "call.fields" || !slices.Equal(fieldNames(err), []string{"record." + name}) || !strings.HasPrefix(fault.From(err).Message, name+": ") {
				t.Errorf("%s with %s %q: %v", how, name, value, err)
			}
		}
		if _, err := d.Ops.Setup.Curl(atWindow(t), setup.CurlInput{Draft: one.Draft, Source: setup.Source{SetupID: one.ID}, Record: record, Shell: "posix"}); !slices.Equal(fieldNames(err), []string{"record." + name}) {
			t.Errorf("a curl line with %s %q: %v", name, value, err)
		}
		preview, err := d.Ops.Setup.Preview(atWindow(t), setup.PreviewInput{Draft: one.Draft, Source: setup.Source{SetupID: one.ID}, Record: record})
		if err != nil || !strings.Contains(strings.Join(preview.Preview.Notes, "\n"), name+": ") {
			t.Errorf("a preview with %s %q: %v %v", name, value, preview.Preview.Notes, err)
		}
	}
	if page, err := d.Ops.Call.List(atWindow(t), call.ListInput{}); err != nil || page.Count != 0 || len(*got) != 0 {
		t.Errorf("%d calls in the history, %v; the server got %q", page.Count, err, *got)
	}
}

// What is sent, shown and kept is the cleaned value.
func TestCallsSendCleanedValues(t *testing.T) {
	d, one, got := typedDesk(t)
	record := map[string]string{"Mobile": "\u202A+14155550100\u202C", "Amount": "\uFEFF\u22125", "Mail": "\u00A0asha@example.com\u200B", "Due": "2026\u201111\u201127", "Paid": "Yes", "Note": "\u200Ehi "}
	clean := map[string]string{"Mobile": "+14155550100", "Amount": "-5", "Mail": "asha@example.com", "Due": "2026-11-27", "Paid": "true", "Note": "hi"}
	const body = "to=%2B14155550100&amount=-5&mail=asha%40example.com&due=2026-11-27&paid=true&note=hi"
	preview, err := d.Ops.Setup.Preview(atWindow(t), setup.PreviewInput{Draft: one.Draft, Source: setup.Source{SetupID: one.ID}, Record: record})
	if err != nil {
		t.Fatal(err)
	}
	var shown strings.Builder
	for _, part := range preview.Preview.Body {
		shown.WriteString(part.Text)
	}
	if shown.String() != body {
		t.Errorf("the preview shows %q", shown.String())
	}
	tested, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: one.ID, Record: record})
	if err != nil {
		t.Fatal(err)
	}
	sent, err := d.Ops.Call.Send(atWindow(t), call.SendInput{PlaceID: d.place.ID, StageID: d.stage.ID, Channel: setup.SMS, Record: record, Confirmed: true})
	if err != nil {
		t.Fatal(err)
	}
	again, err := d.Ops.Call.Again(atWindow(t), call.AgainInput{CallID: sent.Call.ID})
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{body, body, body}; !slices.Equal(*got, want) {
		t.Errorf("the server got %q", *got)
	}
	for _, id := range []string{tested.Call.ID, sent.Call.ID, again.Call.ID} {
		kept, err := d.Ops.Call.Get(atWindow(t), call.IDInput{ID: id})
		if err != nil || kept.Call.Recipient != "+14155550100" {
			t.Errorf("to %+q, %v", kept.Call.Recipient, err)
		}
		for name, want := range clean {
			if kept.Record[name] != want {
				t.Errorf("%s is kept as %+q", name, kept.Record[name])
			}
		}
	}
}

// A value of which nothing can be seen is none: the Default Value is used (A46),
// but not for the recipient of a live message.
func TestInvisibleValueIsEmpty(t *testing.T) {
	d, one, got := typedDesk(t)
	changed := one.Draft
	changed.Request.StageParams[0].Default, changed.Request.StageParams[5].Default = "+14155550199", "hello"
	d.save(t, one, changed)
	record := map[string]string{"Mobile": "+14155550100", "Amount": "1", "Mail": "a@example.com", "Due": "2026-11-27", "Paid": "no", "Note": " \u200B"}
	if _, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: one.ID, Record: record}); err != nil || !strings.HasSuffix((*got)[0], "&note=hello") {
		t.Errorf("%v, the server got %q", err, *got)
	}
	record["Mobile"] = "\uFEFF \u00A0"
	_, err := d.Ops.Call.Send(atWindow(t), call.SendInput{PlaceID: d.place.ID, StageID: d.stage.ID, Channel: setup.SMS, Record: record, Confirmed: true})
	if codeOf(err) != "call.fields" || !slices.Equal(fieldNames(err), []string{"record.Mobile"}) || len(*got) != 1 {
		t.Errorf("sent with an invisible number: %v, the server got %q", err, *got)
	}
}

// What was kept before values were checked is checked when it is fired: a record
// of the history, a sample value and a Default Value.
func TestOldValuesAreCheckedWhenFired(t *testing.T) {
	d, one, got := typedDesk(t)
	tested, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: one.ID})
	if err != nil {
		t.Fatal(err)
	}
	*got = nil
	raw := openRaw(t, d.folder)
	change := func(query string, args ...any) {
		t.Helper()
		done, err := raw.Exec(query, args...)
		if err != nil {
			t.Fatal(err)
		}
		if rows, err := done.RowsAffected(); err != nil || rows != 1 {
			t.Fatalf("%d rows, %v", rows, err)
		}
	}
	change(`UPDATE call SET record = json_set(record, '$.Mobile', '9.19877E+11') WHERE id = ?`, tested.Call.ID)
	if _, err := d.Ops.Call.Again(atWindow(t), call.AgainInput{CallID: tested.Call.ID}); codeOf(err) != "call.fields" || !strings.HasPrefix(fault.From(err).Message, "Mobile: Digits were lost") {
		t.Errorf("again: %v", err)
	}
	change(`UPDATE stage_field SET sample = '=1+1' WHERE stage_id = ? AND name = 'Amount'`, d.stage.ID)
	all, err := d.Ops.Call.TestAll(atWindow(t), call.AllInput{})
	if err != nil || all.Fired != 0 || len(all.NotFired) != 1 || !strings.HasPrefix(all.NotFired[0].Why, "Amount: This is a formula") {
		t.Errorf("all: %+v %v", all, err)
	}
	change(`UPDATE setup SET document = json_set(document, '$.request.stage_params[2].default', 'nobody') WHERE id = ?`, one.ID)
	_, err = d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: one.ID, Record: map[string]string{"Mobile": "+14155550100"}})
	if codeOf(err) != "setup.invalid" || !slices.Equal(fieldNames(err), []string{"draft.request.stage_params[2].default"}) {
		t.Errorf("a Default Value: %v", err)
	}
	if len(*got) != 0 {
		t.Errorf("the server got %q", *got)
	}
	full := map[string]string{"Mobile": "+14155550100", "Amount": "1", "Mail": "a@example.com", "Due": "2026-11-27", "Paid": "no", "Note": "x"}
	if _, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: one.ID, Record: full}); err != nil || len(*got) != 1 {
		t.Errorf("a Default Value that is not used: %v, the server got %q", err, *got)
	}
}

// A44 A46: a Default Value is checked by the type of its stage field when it is
// saved, and kept cleaned; one without a stage field is a text.
func TestDefaultValuesByType(t *testing.T) {
	d, one, _ := typedDesk(t)
	with := func(row int, text string) setup.Draft {
		draft := one.Draft
		draft.Request.StageParams = slices.Clone(draft.Request.StageParams)
		draft.Request.StageParams[row].Default = text
		return draft
	}
	for i, row := range one.Draft.Request.StageParams {
		want := []string{"draft.request.stage_params[" + string(rune('0'+i)) + "].default"}
		unfit := with(i, unfit[row.Field])
		if _, err := d.Ops.Setup.Update(atWindow(t), setup.UpdateInput{ID: one.ID, Version: one.Version, Draft: unfit}); codeOf(err) != "setup.invalid" || !slices.Equal(fieldNames(err), want) {
			t.Errorf("saving %s: %v", row.Field, err)
		}
		unfit.StageID, unfit.Enabled = d.stage.ID, false
		if _, err := d.Ops.Setup.Create(atWindow(t), setup.CreateInput{Draft: unfit, CopyOf: setup.Source{SetupID: one.ID}}); codeOf(err) != "setup.invalid" || !slices.Equal(fieldNames(err), want) {
			t.Errorf("creating %s: %v", row.Field, err)
		}
		if _, err := d.Ops.Call.Test(atWindow(t), call.TestInput{Source: setup.Source{SetupID: one.ID}, Draft: &unfit}); !slices.Equal(fieldNames(err), want) {
			t.Errorf("testing %s: %v", row.Field, err)
		}
	}
	saved := d.save(t, one, with(0, "\u202A+14155550100\u202C "))
	if got := d.saved(t, one.ID).Draft.Request.StageParams[0].Default; got != "+14155550100" || saved.Draft.Request.StageParams[0].Default != got {
		t.Errorf("kept %+q, answered %+q", got, saved.Draft.Request.StageParams[0].Default)
	}
	literal := with(5, "\uFEFF=1+1")
	literal.Request.StageParams[5].Field = ""
	if saved = d.save(t, saved, literal); saved.Draft.Request.StageParams[5].Default != "=1+1" {
		t.Errorf("a text became %+q", saved.Draft.Request.StageParams[5].Default)
	}
}

// A35 A56: a secret of several lines is stored and sent byte for byte, also after a
// save that leaves it untouched and a restart, and nothing of it is kept in the
// history.
func TestSecretOfSeveralLines(t *testing.T) {
	const pem = "-----BEGIN PRIVATE KEY-----\r\ncNryKeyLineOne+/=\n\tcNryKeyLineTwo  \r\n-----END PRIVATE KEY-----\r\n"
	d := newDesk(t)
	var got []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body struct {
			Key string `json:"key"`
		}
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			t.Error(err)
		}
		got = append(got, body.Key)
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, body.Key)
	}))
	defer server.Close()
	in := draft(d.place, d.stage, server.URL)
	in.Request.Params = append(in.Request.Params, request.Param{ID: "key", Name: "key", Value: hidden(pem)})
	one := d.create(t, in)
	changed := one.Draft
	changed.Name = "Renamed"
	d.save(t, one, changed)
	for range 2 {
		detail, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: one.ID})
		if err != nil {
			t.Fatal(err)
		}
		if kept := quoted(t, detail); strings.Contains(kept, "cNryKeyLine") {
			t.Errorf("the result holds a line of the secret: %s", kept)
		}
		d.restart(t)
	}
	if want := []string{pem, pem}; !slices.Equal(got, want) {
		t.Errorf("the server got %q", got)
	}
	changed.Request.Headers = []request.Header{{Name: "X-Key", Value: hidden(pem)}}
	_, err := d.Ops.Call.Test(atWindow(t), call.TestInput{Source: setup.Source{SetupID: one.ID}, Draft: &changed})
	if !slices.Equal(fieldNames(err), []string{"draft.request.headers[0].value"}) || !strings.Contains(err.Error(), "holds a line break, which a header cannot carry") {
		t.Errorf("in a header: %v", err)
	}
	noneOnDisk(t, d.folder, "cNryKeyLineOne", "cNryKeyLineTwo")
}
