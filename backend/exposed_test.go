package backend_test

import (
	"slices"
	"strings"
	"testing"

	"keydesk/backend/erase"
	"keydesk/backend/fault"
	"keydesk/backend/process"
	"keydesk/backend/request"
	"keydesk/backend/secret"
	"keydesk/backend/setup"
)

// update saves a change of a draft and gives the error.
func (d *desk) update(t *testing.T, id string, change func(s *setup.Draft)) error {
	t.Helper()
	one, err := d.Ops.Setup.Get(atWindow(t), setup.IDInput{ID: id})
	if err != nil {
		t.Fatal(err)
	}
	one.Draft.Request.Headers = slices.Clone(one.Draft.Request.Headers)
	one.Draft.Request.Params = slices.Clone(one.Draft.Request.Params)
	change(&one.Draft)
	_, err = d.Ops.Setup.Update(atWindow(t), setup.UpdateInput{ID: id, Version: one.Version, Draft: one.Draft})
	return err
}

const oldKey = "Old/kEy 4711+x"

// wasPlain makes a setup whose key is plain text in four places.
func wasPlain(d *desk) setup.Draft {
	one := draft(d.place, d.stage, "https://api.example/botOld%2FkEy%204711+x/send")
	one.Request.Headers = []request.Header{{ID: "h", Name: "X-Key", Value: request.Value{Plain: oldKey}}, {ID: "pin", Name: "X-Pin", Value: request.Value{Plain: "4711"}}}
	one.Request.Params = append(one.Request.Params, request.Param{ID: "p", Name: "key", Value: request.Value{Plain: "Key " + oldKey}})
	return one
}

// A35: a text that was saved as plain text is not accepted as a secret, in
// whatever way the value becomes one, and the message is at its field.
func TestSavedPlainTextIsNoSecret(t *testing.T) {
	header := func(row request.Header) func(s *setup.Draft) {
		return func(s *setup.Draft) { s.Request.Headers = []request.Header{row} }
	}
	param := func(row request.Param) func(s *setup.Draft) {
		return func(s *setup.Draft) { s.Request.Params = append(s.Request.Params, row) }
	}
	for _, c := range []struct {
		name   string
		change func(s *setup.Draft)
		field  string
	}{
		{"its mark", header(request.Header{ID: "h", Name: "X-Key", Value: hidden(oldKey)}), "draft.request.headers[0].value"},
		{"a few characters", header(request.Header{ID: "pin", Name: "X-Pin", Value: hidden("4711")}), "draft.request.headers[0].value"},
		{"another row", header(request.Header{Name: "X-Other", Value: hidden(oldKey)}), "draft.request.headers[0].value"},
		{"a part of it", param(request.Param{ID: "p", Name: "key", Value: hidden(oldKey)}), "draft.request.params[2].value"},
		{"the authentication", func(s *setup.Draft) { s.Request.Auth.Token = hidden(oldKey) }, "draft.request.auth.token"},
		{"another auth type", func(s *setup.Draft) {
			s.Request.Auth = request.Auth{Type: request.Basic, Username: "u", Password: hidden(oldKey)}
		}, "draft.request.auth.password"},
		{"out of the URL", func(s *setup.Draft) {
			s.Request.URL = "https://api.example/bot{{token}}/send"
			param(request.Param{Name: "token", In: request.ParamNowhere, Value: hidden(oldKey)})(s)
		}, "draft.request.params[2].value"},
	} {
		d := newDesk(t)
		one := d.create(t, wasPlain(d))
		err := d.update(t, one.ID, func(s *setup.Draft) {
			// It is plain text nowhere any more.
			s.Request.URL, s.Request.Headers, s.Request.Params = "https://api.example/send", nil, s.Request.Params[:2]
			c.change(s)
		})
		if codeOf(err) != "setup.exposed" || !slices.Equal(fieldNames(err), []string{c.field}) {
			t.Errorf("%s: %v at %v", c.name, err, fieldNames(err))
			continue
		}
		if message := fault.From(err).Fields[0].Message; !strings.Contains(message, "in this office's history") || strings.Contains(message, oldKey) {
			t.Errorf("%s: %s", c.name, message)
		}
	}
}

// It counts what the history holds, not only the last save: what was plain two
// saves ago, in the setup that a copy was made of, before an import that marks the
// row, and before a file of the provider that does.
func TestPlainTextOfTheHistoryIsNoSecret(t *testing.T) {
	d := newDesk(t)
	secretly := draft(d.place, d.stage, "https://api.example/send")
	secretly.Request.Headers = []request.Header{{ID: "h", Name: "X-Key", Value: hidden("secret-to-begin-with")}}
	one := d.create(t, secretly)
	file := d.export(t)
	plain := func(s *setup.Draft) { s.Request.Headers[0].Value = request.Value{Plain: oldKey} }
	mark := func(s *setup.Draft) { s.Request.Headers[0].Value = hidden(oldKey) }
	if err := d.update(t, one.ID, plain); err != nil {
		t.Fatal(err)
	}
	done := d.importAll(t, file)
	if done.Replaced != 1 || len(done.Unfinished) != 1 || len(done.Unfinished[0].WasPlain) != 1 || !slices.Contains(done.Unfinished[0].Retype, done.Unfinished[0].WasPlain[0]) {
		t.Fatalf("the import made %+v", done)
	}
	if err := d.update(t, one.ID, mark); codeOf(err) != "setup.exposed" {
		t.Errorf("typed after the import: %v", err)
	}
	copied, err := d.Ops.Setup.Get(atWindow(t), setup.IDInput{ID: one.ID})
	if err != nil {
		t.Fatal(err)
	}
	copied.Draft.Channel = setup.Email
	copied.Draft.Request.Auth.Token = hidden("another-token-1")
	mark(&copied.Draft)
	if _, err := d.Ops.Setup.Create(atWindow(t), setup.CreateInput{Draft: copied.Draft, CopyOf: setup.Source{SetupID: one.ID}}); codeOf(err) != "setup.exposed" {
		t.Errorf("typed in a copy: %v", err)
	}
	if err := d.update(t, one.ID, func(s *setup.Draft) { s.Request.Headers[0].Value = hidden("a-new-one-1") }); err != nil {
		t.Errorf("a new one: %v", err)
	}
	// Once it was erased from the history nobody can read it there.
	if _, err := d.Ops.Erase.Text(atWindow(t), erase.Input{Text: secret.New(oldKey)}); err != nil {
		t.Fatal(err)
	}
	if err := d.update(t, one.ID, mark); err != nil {
		t.Errorf("after it was erased: %v", err)
	}
	noneOnDisk(t, d.folder, oldKey)

	older := strings.Replace(acme("https://acme.example"), ", secret: true}", "}", 1)
	d.take(t, older)
	started := d.apply(t, setup.ApplyInput{Provider: "acme-sms"}).Draft
	started = d.chosen(t, started, map[string]string{"key": oldKey + "-2", "recipient": "+919812345678", "message": "Hello"})
	started.PlaceID, started.StageID, started.Channel, started.Enabled = d.place.ID, "", setup.SMS, true
	of := d.create(t, started)
	d.take(t, ownFile("acme-sms", "Acme SMS", 2, "https://acme.example"))
	if err := d.update(t, of.ID, func(*setup.Draft) {}); codeOf(err) != "setup.exposed" || len(fieldNames(err)) != 1 || !strings.HasPrefix(fieldNames(err)[0], "draft.request.fixed[") {
		t.Errorf("saved under a file that marks it: %v at %v", err, fieldNames(err))
	}
	if err := d.update(t, of.ID, func(s *setup.Draft) { enter(s, "key", hidden("a-new-one-2")) }); err != nil {
		t.Errorf("a new one: %v", err)
	}
}

// The mark alone keeps nothing: the form empties the value, and an empty one would
// be sent.
func TestEmptiedValueIsAskedFor(t *testing.T) {
	d := newDesk(t)
	one := d.create(t, wasPlain(d))
	empty := request.Value{Secret: true}
	err := d.update(t, one.ID, func(s *setup.Draft) { s.Request.Headers[0].Value = empty })
	if codeOf(err) != "setup.exposed" || !slices.Equal(fieldNames(err), []string{"draft.request.headers[0].value"}) {
		t.Errorf("an emptied header: %v at %v", err, fieldNames(err))
	}
	err = d.update(t, one.ID, func(s *setup.Draft) {
		s.Request.Headers[0].Value, s.Request.Params[2].Value = empty, hidden("a-new-one-1")
	})
	if codeOf(err) != "setup.exposed" || !slices.Equal(fieldNames(err), []string{"draft.request.headers[0].value"}) {
		t.Errorf("an emptied header beside a new parameter: %v at %v", err, fieldNames(err))
	}
	if err := d.update(t, one.ID, func(s *setup.Draft) {
		s.Request.Headers = append(s.Request.Headers[1:], request.Header{Name: "X-Empty", Value: empty})
	}); err != nil {
		t.Errorf("a deleted row and a new empty one: %v", err)
	}
}

// What is no exposure is saved: a text that is still plain, a variable, a text
// that was plain in another setup only, and a secret that nobody typed.
func TestWhatMayBeASecret(t *testing.T) {
	d := newDesk(t)
	one := d.create(t, wasPlain(d))
	user := wasPlain(d)
	user.StageID, user.Request.StageParams, user.Request.Params = "", nil, nil
	user.Request.Auth = request.Auth{Type: request.Basic, Username: "same-as-password", Password: hidden("first-password")}
	same := d.create(t, user)
	if err := d.update(t, same.ID, func(s *setup.Draft) { s.Request.Auth.Password = hidden("same-as-password") }); err != nil {
		t.Errorf("a user name that is the password: %v", err)
	}
	if err := d.update(t, one.ID, func(s *setup.Draft) { s.Name = "Renamed" }); err != nil {
		t.Errorf("nothing typed: %v", err)
	}
	if err := d.update(t, one.ID, func(s *setup.Draft) { s.Request.Auth.Token = hidden("first-password") }); err != nil {
		t.Errorf("another setup's: %v", err)
	}
	elsewhere, err := d.Ops.Process.CreateStage(atWindow(t), process.CreateStageInput{PlaceID: d.place.ID, Name: "Later"})
	if err != nil {
		t.Fatal(err)
	}
	fresh := draft(d.place, elsewhere, "https://api.example/")
	fresh.Request.StageParams, fresh.Request.Params = nil, nil
	fresh.Request.Auth.Token = hidden(oldKey)
	d.create(t, fresh)
}
