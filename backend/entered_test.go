package backend_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"keydesk/backend/call"
	"keydesk/backend/fault"
	"keydesk/backend/provider"
	"keydesk/backend/request"
	"keydesk/backend/setup"
)

// save saves a draft as a new version of a setup.
func (d *desk) save(t *testing.T, one setup.Setup, draft setup.Draft) setup.Setup {
	t.Helper()
	after, err := d.Ops.Setup.Update(atWindow(t), setup.UpdateInput{ID: one.ID, Version: one.Version, Draft: draft})
	if err != nil {
		t.Fatalf("%v %+v", err, fault.From(err))
	}
	return after
}

// chosen changes values of the form and applies the provider again, as the page
// does when other fields depend on them.
func (d *desk) chosen(t *testing.T, draft setup.Draft, values map[string]string) setup.Draft {
	t.Helper()
	return d.apply(t, setup.ApplyInput{Draft: draft, Provider: draft.Provider, Entered: entered(draft, values, nil)}).Draft
}

func (d *desk) saved(t *testing.T, id string) setup.Setup {
	t.Helper()
	one, err := d.Ops.Setup.Get(atWindow(t), setup.IDInput{ID: id})
	if err != nil {
		t.Fatal(err)
	}
	return one
}

func paramNames(draft setup.Draft) string {
	names := []string{}
	for _, p := range draft.Request.Params {
		names = append(names, p.Name)
	}
	return strings.Join(names, " ")
}

// RULES.md, Providers: what was entered in fields and tables that a choice
// hides is there again when it is changed back, also after a save, and so is
// what was changed by hand.
func TestChoiceLosesNothing(t *testing.T) {
	d := newDesk(t)
	d.own(t, acmeFile("https://acme.example"))
	draft, _ := d.provided(t, "acme-sms", map[string]string{"message": "Hello {{mobile}}"})
	draft.Request.Headers[0].Value.Plain = "9"
	draft.Request.Params = append(draft.Request.Params, request.Param{ID: "mine", Name: "tag", Value: request.Value{Plain: "x"}})
	first := d.create(t, draft)
	rows := map[string][]provider.Row{"variables": {{Name: "a", Value: "1"}}}
	asked := entered(first.Draft, map[string]string{"kind": "template", "template": "order_ready"}, rows)
	other := d.apply(t, setup.ApplyInput{Draft: first.Draft, Provider: "acme-sms", Entered: asked}).Draft
	if got := paramNames(other); got != "to template values.a tag" {
		t.Errorf("as a template: %s", got)
	}
	second := d.save(t, first, other)
	if provider.FieldPath(second.Draft.Request, "message") != "" {
		t.Error("the hidden field is part of the request")
	}
	back := d.chosen(t, d.saved(t, first.ID).Draft, map[string]string{"kind": "text"})
	if got := valueOf(back, "message").Plain; got != "Hello {{mobile}}" || paramNames(back) != "to text tag" {
		t.Errorf("back at text: %q, %s", got, paramNames(back))
	}
	if back.Request.Headers[0].Value.Plain != "9" || strings.Join(back.ByHand, " ") != "headers params" {
		t.Errorf("by hand: %v %+v", back.ByHand, back.Request.Headers)
	}
	third := d.save(t, second, back)
	again := d.chosen(t, d.saved(t, third.ID).Draft, map[string]string{"kind": "template"})
	if got := paramNames(again); got != "to template values.a tag" || valueOf(again, "template").Plain != "order_ready" {
		t.Errorf("a template again: %s, %q", got, valueOf(again, "template").Plain)
	}
	if a, b := d.wire(t, other), d.wire(t, again); a != b {
		t.Errorf("it sends\n%s\nand sent\n%s", b, a)
	}
}

// twoKeys is a provider whose choice says which of two secrets is sent.
func twoKeys(base string) string {
	file := strings.Replace(acmeFile(base), "  - {id: recipient,", `  - {id: way, label: Way, help: Which key., belongs: account, kind: choice, choices: [live, trial], default: live}
  - {id: trial_key, label: Trial key, help: From Acme., belongs: account, secret: true, when: way=trial}
  - {id: recipient,`, 1)
	return strings.Replace(file, "  params:\n", "  params:\n    - {name: trial, value: '{{trial_key}}', when: way=trial}\n", 1)
}

// S3: a secret in a field that a choice hides stays in its slot and is used again
// when the field is shown. A secret that could reach another address is dropped,
// and asked for when the field is shown.
func TestHiddenSecretStaysInItsSlot(t *testing.T) {
	var got string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = r.Header.Get("X-Key") + " " + string(body)
		_, _ = io.WriteString(w, `{"ok":true}`)
	}))
	defer server.Close()
	d := newDesk(t)
	d.own(t, twoKeys(server.URL))
	draft, _ := d.provided(t, "acme-sms", map[string]string{"api_key": "secret-of-live"})
	draft = d.chosen(t, draft, map[string]string{"way": "trial"})
	enter(&draft, "api_key", hidden("secret-of-live"))
	enter(&draft, "trial_key", hidden("secret-of-trial"))
	first := d.create(t, draft)
	second := d.save(t, first, d.chosen(t, first.Draft, map[string]string{"way": "live"}))
	if got := d.slots(t, first.ID); !slices.Equal(got, []string{"fixed.api_key", "fixed.trial_key"}) {
		t.Errorf("sealed while hidden: %v", got)
	}
	if v := valueOf(second.Draft, "trial_key"); !v.Stored || !v.Typed.IsEmpty() || provider.FieldPath(second.Draft.Request, "trial_key") != "" {
		t.Errorf("hidden: %+v", v)
	}
	if d.fired(t, first.ID); strings.Contains(got, "trial") || !strings.HasPrefix(got, "secret-of-live ") {
		t.Errorf("with the field hidden it sent %s", got)
	}
	// A copy has it too.
	copied, err := d.Ops.Setup.Create(atWindow(t), setup.CreateInput{Draft: func() setup.Draft { c := second.Draft; c.Enabled = false; return c }(), CopyOf: setup.Source{SetupID: first.ID}})
	if err != nil || !slices.Equal(d.slots(t, copied.Setups[0].ID), []string{"fixed.api_key", "fixed.trial_key"}) {
		t.Errorf("copied: %v, %v", err, copied)
	}
	third := d.save(t, second, d.chosen(t, second.Draft, map[string]string{"way": "trial"}))
	if d.fired(t, first.ID); !strings.Contains(got, "secret-of-trial") {
		t.Errorf("shown again it sent %s", got)
	}
	// Hidden, and the address moves.
	moved := d.chosen(t, third.Draft, map[string]string{"way": "live"})
	moved.Request.URL = "https://elsewhere.example/send"
	if _, err := d.Ops.Setup.Update(atWindow(t), setup.UpdateInput{ID: third.ID, Version: third.Version, Draft: moved}); codeOf(err) != "setup.retype" || !slices.Equal(fieldNames(err), []string{"draft.request.fixed[0].value"}) {
		t.Errorf("moved: %v %v", err, fieldNames(err))
	}
	enter(&moved, "api_key", hidden("typed-again"))
	fourth := d.save(t, third, moved)
	if got := d.slots(t, first.ID); !slices.Equal(got, []string{"fixed.api_key"}) {
		t.Errorf("sealed after the move: %v", got)
	}
	shown := d.chosen(t, fourth.Draft, map[string]string{"way": "trial"})
	_, err = d.Ops.Setup.Update(atWindow(t), setup.UpdateInput{ID: fourth.ID, Version: fourth.Version, Draft: shown})
	if codeOf(err) != "setup.invalid" || len(fieldNames(err)) != 1 || !strings.HasPrefix(fieldNames(err)[0], "draft.request.fixed[") {
		t.Errorf("shown after the move: %v %v", err, fieldNames(err))
	}
}

// S3: a hidden secret of one provider's account is never used for another account,
// even if the field has the same name.
func TestHiddenSecretStaysWithItsAccount(t *testing.T) {
	d := newDesk(t)
	d.own(t, twoKeys("https://acme.example"))
	other := strings.NewReplacer("acme-sms", "rival-sms", "account: acme", "account: rival", "Acme SMS", "Rival SMS").Replace(twoKeys("https://acme.example"))
	if _, err := d.Ops.Provider.Import(atWindow(t), provider.FileInput{Name: "rival.yaml", Text: other}); err != nil {
		t.Fatal(err)
	}
	draft, _ := d.provided(t, "acme-sms", nil)
	draft = d.chosen(t, draft, map[string]string{"way": "trial"})
	enter(&draft, "api_key", hidden("secret-of-live"))
	enter(&draft, "trial_key", hidden("secret-of-trial"))
	one := d.create(t, draft)
	one = d.save(t, one, d.chosen(t, one.Draft, map[string]string{"way": "live"}))
	// Choosing another provider in the form carries nothing over.
	rival := d.apply(t, setup.ApplyInput{Draft: one.Draft, Provider: "rival-sms"}).Draft
	for _, f := range rival.Entered.Values {
		if f.Value.Stored {
			t.Errorf("%s is said to be stored", f.ID)
		}
	}
	// A draft that claims the secret does not get it either.
	claims := one.Draft
	claims.Provider = "rival-sms"
	enter(&claims, "api_key", hidden("a-new-key"))
	after := d.save(t, one, claims)
	if got := d.slots(t, one.ID); !slices.Equal(got, []string{"fixed.api_key"}) || valueOf(after.Draft, "trial_key").Stored {
		t.Errorf("sealed: %v, %+v", got, valueOf(after.Draft, "trial_key"))
	}
}

// The input of the form decides: a request that differs from it is made again, in
// the preview as in a save.
func TestRequestIsMadeFromWhatWasEntered(t *testing.T) {
	d := newDesk(t)
	d.own(t, acmeFile("https://acme.example"))
	draft, _ := d.provided(t, "acme-sms", map[string]string{"message": "first"})
	one := d.create(t, draft)
	changed := one.Draft
	enter(&changed, "message", request.Value{Plain: "second"})
	if wire := d.wire(t, changed); !strings.Contains(wire, "second") || strings.Contains(wire, "first") {
		t.Errorf("the preview shows %s", wire)
	}
	after := d.save(t, one, changed)
	at := slices.IndexFunc(after.Draft.Request.Fixed, func(f request.Field) bool { return f.Name == "message" })
	if after.Draft.Request.Fixed[at].Value.Plain != "second" || valueOf(after.Draft, "message").Plain != "second" {
		t.Errorf("saved as %+v", after.Draft.Request.Fixed[at])
	}
}

// RULES.md, Simulator: a draft can be tried before there is a key, saved or
// not, since a stand-in takes the place of each secret.
func TestSimulatorNeedsNoKey(t *testing.T) {
	d := newDesk(t)
	d.own(t, acmeFile("https://acme.example"))
	draft, _ := d.provided(t, "acme-sms", nil)
	enter(&draft, "api_key", request.Value{Secret: true})
	fired, err := d.Ops.Call.Test(atWindow(t), call.TestInput{Draft: &draft, Simulate: provider.Accepted})
	if err != nil || fired.Call.Verdict != "accepted" || len(fired.Reply.Findings) != 0 {
		t.Errorf("%v %+v %v", err, fired.Call, fired.Reply.Findings)
	}
	if _, err := d.Ops.Setup.Create(atWindow(t), setup.CreateInput{Draft: draft}); codeOf(err) != "setup.invalid" {
		t.Errorf("saved without a key: %v", err)
	}
}

// A default that was cleared stays cleared, in the form and in what is sent.
func TestClearedDefaultStaysCleared(t *testing.T) {
	d := newDesk(t)
	file := strings.Replace(acmeFile("https://acme.example"), "  - {id: recipient,", "  - {id: sender, label: From, help: Who., belongs: message, optional: true, default: Acme}\n  - {id: recipient,", 1)
	d.own(t, strings.Replace(file, "  params:\n", "  params:\n    - {name: from, value: '{{sender}}', optional: true}\n", 1))
	draft, _ := d.provided(t, "acme-sms", nil)
	if wire := d.wire(t, draft); !strings.Contains(wire, `"from":"Acme"`) {
		t.Errorf("by default it sends %s", wire)
	}
	enter(&draft, "sender", request.Value{})
	one := d.create(t, draft)
	again := d.chosen(t, d.saved(t, one.ID).Draft, map[string]string{"kind": "template", "template": "order_ready"})
	for what, draft := range map[string]setup.Draft{"saved": one.Draft, "applied again": again} {
		if wire := d.wire(t, draft); strings.Contains(wire, "from") {
			t.Errorf("%s it sends %s", what, wire)
		}
	}
}

// What was changed by hand is known even if the file is newer or gone: it is kept
// with the setup.
func TestByHandIsKept(t *testing.T) {
	d := newDesk(t)
	file := acmeFile("https://acme.example")
	d.own(t, file)
	draft, _ := d.provided(t, "acme-sms", nil)
	draft.Request.Headers[0].Value.Plain = "9"
	one := d.create(t, draft)
	if strings.Join(one.Draft.ByHand, " ") != "headers" {
		t.Errorf("saved: %v", one.Draft.ByHand)
	}
	newer := strings.Replace(strings.Replace(file, "version: 1", "version: 2", 1), "{name: to, value", "{name: number, value", 1)
	d.own(t, newer)
	applied := d.apply(t, setup.ApplyInput{Draft: one.Draft, Provider: "acme-sms"})
	if !applied.Newer || strings.Join(applied.Draft.ByHand, " ") != "headers" {
		t.Errorf("with a newer file: %v %v", applied.Newer, applied.Draft.ByHand)
	}
	one = d.save(t, one, applied.Draft)
	if _, err := d.Ops.Provider.Delete(atWindow(t), provider.IDInput{ID: "acme-sms"}); err != nil {
		t.Fatal(err)
	}
	one = d.save(t, one, one.Draft)
	if strings.Join(one.Draft.ByHand, " ") != "headers" || valueOf(one.Draft, "recipient").Plain != "{{mobile}}" || !valueOf(one.Draft, "api_key").Stored {
		t.Errorf("without its file: %v %+v", one.Draft.ByHand, one.Draft.Entered)
	}
	if got := d.slots(t, one.ID); !slices.Equal(got, []string{"fixed.api_key"}) {
		t.Errorf("sealed: %v", got)
	}
}

// The document in the database leaves out members whose absence means the same,
// but nothing of a text that looks like them.
func TestDocumentIsReadAsItWasSaved(t *testing.T) {
	d := newDesk(t)
	d.own(t, acmeFile("https://acme.example"))
	looksLike := `{"plain":"","secret":false,"stored":false,"typed":""}` + "\\"
	draft, _ := d.provided(t, "acme-sms", map[string]string{"message": looksLike})
	draft.Request.Params = append(draft.Request.Params, request.Param{ID: "mine", Name: `,"secret":false`, Value: request.Value{Plain: looksLike}, Optional: true})
	one := d.create(t, draft)
	read := d.saved(t, one.ID)
	if fmt.Sprintf("%+v", read.Draft.Request) != fmt.Sprintf("%+v", one.Draft.Request) || fmt.Sprintf("%+v", *read.Draft.Entered) != fmt.Sprintf("%+v", *one.Draft.Entered) {
		t.Errorf("read as\n%+v\nof\n%+v", read.Draft, one.Draft)
	}
	var document string
	if err := openRaw(t, d.folder).QueryRow("SELECT document FROM setup WHERE id = ?", one.ID).Scan(&document); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(document, `,"secret":false`) || strings.Count(document, `"stored":true`) != 2 || valueOf(read.Draft, "message").Plain != looksLike {
		t.Errorf("saved as %s", document)
	}
}

// oldDocument is a setup of acme-sms as Keydesk saved it before it kept what was
// entered, with a template variable, a header changed by hand and a row that the
// person added.
const oldDocument = `{"place_id":"PLACE","stage_id":"STAGE","channel":"sms","provider":"acme-sms","provider_version":1,"enabled":true,"name":"From before",
"request":{"method":"POST","url":"BASE/send","body_format":"json","raw_body":"",
"auth":{"type":"api_key","key_name":"X-Key","key_value":{"plain":"{{api_key}}","secret":false,"stored":false,"typed":""},"add_to":"header","token":{"plain":"","secret":false,"stored":false,"typed":""},"username":"","password":{"plain":"","secret":false,"stored":false,"typed":""},"header_prefix":"","fetch_token":false,"token_url":"","client_id":"","client_secret":{"plain":"","secret":false,"stored":false,"typed":""},"scopes":""},
"headers":[{"id":"header.1","name":"X-Version","value":{"plain":"9","secret":false,"stored":false,"typed":""}}],
"params":[{"id":"param.1","name":"to","value":{"plain":"{{recipient|digits}}","secret":false,"stored":false,"typed":""},"type":"","in":"","optional":false},
{"id":"param.3","name":"template","value":{"plain":"{{template}}","secret":false,"stored":false,"typed":""},"type":"","in":"","optional":false},
{"id":"variables.1.1","name":"values.a","value":{"plain":"{{variables.1}}","secret":false,"stored":false,"typed":""},"type":"","in":"","optional":false},
{"id":"019a0000-0000-7000-8000-000000000001","name":"tag","value":{"plain":"x","secret":false,"stored":false,"typed":""},"type":"","in":"","optional":false}],
"stage_params":[{"id":"019a0000-0000-7000-8000-000000000002","variable":"mobile","field":"Mobile","default":""}],
"fixed":[{"id":"api_key","name":"api_key","value":{"plain":"","secret":true,"stored":true,"typed":""},"template":false},
{"id":"recipient","name":"recipient","value":{"plain":"{{mobile}}","secret":false,"stored":false,"typed":""},"template":true},
{"id":"kind","name":"kind","value":{"plain":"template","secret":false,"stored":false,"typed":""},"template":true},
{"id":"template","name":"template","value":{"plain":"order_ready","secret":false,"stored":false,"typed":""},"template":true},
{"id":"variables.1","name":"variables.1","value":{"plain":"1","secret":false,"stored":false,"typed":""},"template":true},
{"id":"variables.1.name","name":"variables.1.name","value":{"plain":"a","secret":false,"stored":false,"typed":""},"template":false}]},
"rule":null,"options":{"timeout_seconds":0,"redirects":0,"skip_tls_check":false}}`

// putBack replaces the document of a setup by the old one.
func (d *desk) putBack(t *testing.T, id, base string) {
	t.Helper()
	document := strings.NewReplacer("PLACE", d.place.ID, "STAGE", d.stage.ID, "BASE", base).Replace(oldDocument)
	if _, err := openRaw(t, d.folder).Exec("UPDATE setup SET document = ?, name = 'From before' WHERE id = ?", document, id); err != nil {
		t.Fatal(err)
	}
}

// A setup from before the form's input was kept sends the same, shows its fields
// and rows, and is saved with them. Its secret stays where it is.
func TestSetupsFromBeforeAreCarriedOver(t *testing.T) {
	var got, key string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got, key = r.Header.Get("X-Version")+" "+string(body), r.Header.Get("X-Key")
		_, _ = io.WriteString(w, `{"ok":true}`)
	}))
	defer server.Close()
	d := newDesk(t)
	d.own(t, acmeFile(server.URL))
	draft, _ := d.provided(t, "acme-sms", map[string]string{"api_key": "my-secret-key-1"})
	id := d.create(t, draft).ID
	d.putBack(t, id, server.URL)
	const sent = `9 {"to":"14155550100","template":"order_ready","values":{"a":"1"},"tag":"x"}`
	if d.fired(t, id); got != sent || key != "my-secret-key-1" {
		t.Errorf("unread it sends %s with %q", got, key)
	}
	one := d.saved(t, id)
	if v := one.Draft; valueOf(v, "template").Plain != "order_ready" || valueOf(v, "recipient").Plain != "{{mobile}}" || !valueOf(v, "api_key").Stored ||
		len(v.Entered.Tables) != 1 || v.Entered.Tables[0].Rows[0] != (provider.Row{Name: "a", Value: "1"}) || strings.Join(v.ByHand, " ") != "headers params" {
		t.Errorf("read as %+v, by hand %v", v.Entered, v.ByHand)
	}
	other := d.chosen(t, one.Draft, map[string]string{"kind": "text", "message": "Hello"})
	if got := paramNames(other); got != "to text tag" {
		t.Errorf("with another choice: %s", got)
	}
	d.save(t, one, d.chosen(t, other, map[string]string{"kind": "template"}))
	if d.fired(t, id); got != sent || key != "my-secret-key-1" {
		t.Errorf("saved it sends %s with %q", got, key)
	}
	if got := d.slots(t, id); !slices.Equal(got, []string{"fixed.api_key"}) {
		t.Errorf("sealed: %v", got)
	}
	if v := valueOf(d.saved(t, id).Draft, "message").Plain; v != "Hello" {
		t.Errorf("hidden is %q", v)
	}
	// A client that does not know of it saves the setup: nothing is lost either.
	d.putBack(t, id, server.URL)
	one = d.saved(t, id)
	one.Draft.Entered, one.Draft.ByHand = nil, nil
	one = d.save(t, one, one.Draft)
	if d.fired(t, id); got != sent || key != "my-secret-key-1" || valueOf(one.Draft, "template").Plain != "order_ready" {
		t.Errorf("saved without it, it sends %s with %q", got, key)
	}
}

// While the provider's file is gone an old setup stays as it was. It is carried
// over once the file is back.
func TestSetupsFromBeforeWithoutTheirFile(t *testing.T) {
	d := newDesk(t)
	file := acmeFile("https://acme.example")
	d.own(t, file)
	draft, _ := d.provided(t, "acme-sms", nil)
	one := d.create(t, draft)
	d.putBack(t, one.ID, "https://acme.example")
	if _, err := d.Ops.Provider.Delete(atWindow(t), provider.IDInput{ID: "acme-sms"}); err != nil {
		t.Fatal(err)
	}
	one = d.saved(t, one.ID)
	before := d.wire(t, one.Draft)
	one.Draft.Name = "Still here"
	one = d.save(t, one, one.Draft)
	if one.Draft.Entered != nil || d.wire(t, one.Draft) != before || !slices.Equal(d.slots(t, one.ID), []string{"fixed.api_key"}) {
		t.Errorf("without its file: %+v, %v", one.Draft.Entered, d.slots(t, one.ID))
	}
	d.own(t, file)
	if v := valueOf(d.saved(t, one.ID).Draft, "template").Plain; v != "order_ready" {
		t.Errorf("once it is back the field holds %q", v)
	}
}
