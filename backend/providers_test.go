package backend_test

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"keydesk/backend"
	"keydesk/backend/activity"
	"keydesk/backend/call"
	"keydesk/backend/fault"
	"keydesk/backend/provider"
	"keydesk/backend/request"
	"keydesk/backend/setup"
	"keydesk/backend/user"
	"keydesk/backend/verdict"
)

// ownFile is a user's provider at url: an answer that begins with OK| means
// accepted, and its second part is the message id.
func ownFile(id, name string, version int, url string) string {
	return fmt.Sprintf(`# Made for the office.
format: 1
id: %s
version: %d
name: %s
service: Acme
account: acme
channels: [sms]
marks: {badge: C, request: C, success: C, errors: C}
help: Sends through Acme.
page: https://acme.example/docs
fields:
  - {id: key, label: Key, belongs: account, secret: true}
  - {id: recipient, label: To, kind: phone, belongs: message, example: '+919812345678'}
  - {id: message, label: Message, belongs: message, example: Hello}
recipient: recipient
request:
  method: GET
  url: %s/send
  auth: {type: api_key, name: X-Key, value: '{{key}}', add_to: header}
  params:
    - {name: to, value: '{{recipient|digits}}'}
    - {name: text, value: '{{message}}'}
success:
  status: '200'
  conditions:
    - {from: text, path: '^OK\|', test: present}
  message_id: {from: text, path: '^OK\|([^|]+)'}
  error_code: {from: text, path: '^ERR\|([0-9]+)'}
errors:
  - {code: '7', words: wrong key, do: Check the key., field: key, mark: C}
not_documented: [no_balance, throttled, probe]
simulator:
  accepted: {status: 200, body: 'OK|{{digits:9}}|1'}
  wrong_credentials: {status: 200, body: 'ERR|7|key'}
  bad_number: {status: 200, body: 'ERR|9|number'}
  slow: {like: accepted, delay_ms: 100}
  broken: {status: 200, body: '<html>'}
`, id, version, name, url)
}

func acme(url string) string { return ownFile("acme-sms", "Acme SMS", 1, url) }

// ownFolder is where a user can put provider files that are taken in at start.
func (d *desk) ownFolder() string { return filepath.Join(d.folder, "providers") }

// stored lists the providers whose files are in the database.
func (d *desk) stored(t *testing.T) []string {
	t.Helper()
	files, err := d.Store.ProviderFiles(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return slices.Sorted(maps.Keys(files))
}

// restart closes the program and starts it again.
func (d *desk) restart(t *testing.T) {
	t.Helper()
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	d.Backend = opened(t, d.folder, func(o *backend.Options) { o.Now = func() time.Time { return d.now } })
	unlockAndSignIn(t, d.Backend)
}

// ownFiles lists what is in that folder, by name.
func (d *desk) ownFiles(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir(d.ownFolder())
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	names := []string{}
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

func (d *desk) take(t *testing.T, text string) provider.Summary {
	t.Helper()
	made, err := d.Ops.Provider.Import(atWindow(t), provider.FileInput{Name: "shared.yaml", Text: text})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func (d *desk) providers(t *testing.T) provider.List {
	t.Helper()
	list, err := d.Ops.Provider.List(atWindow(t), provider.ListInput{})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// listed gives the line of a provider in the list, or nil.
func (d *desk) listed(t *testing.T, id string) *provider.Summary {
	t.Helper()
	for _, one := range d.providers(t).Providers {
		if one.ID == id {
			return &one
		}
	}
	return nil
}

// writeOwn puts a file into the folder for provider files.
func (d *desk) writeOwn(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(d.ownFolder(), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(d.ownFolder(), name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// usesAcme saves a setup made with the user's provider.
func (d *desk) usesAcme(t *testing.T) setup.Setup {
	t.Helper()
	applied, err := d.Ops.Setup.Apply(atWindow(t), setup.ApplyInput{Provider: "acme-sms",
		Draft: setup.Draft{PlaceID: d.place.ID, StageID: d.stage.ID, Channel: setup.SMS, Enabled: true}})
	if err != nil {
		t.Fatal(err)
	}
	one := applied.Draft
	values := map[string]request.Value{"key": hidden(canary), "recipient": {Plain: "{{mobile}}"}, "message": {Plain: "Shipped"}}
	for i := range one.Request.Fixed {
		enter(&one, one.Request.Fixed[i].Name, values[one.Request.Fixed[i].Name])
	}
	one.Request.StageParams = []request.StageParam{{Variable: "mobile", Field: "Mobile"}}
	return d.create(t, one)
}

// fired tests a saved setup at its address.
func (d *desk) fired(t *testing.T, id string) call.Detail {
	t.Helper()
	detail, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: id, Record: map[string]string{"Mobile": "+14155550100"}, Confirmed: true})
	if err != nil {
		t.Fatal(err)
	}
	return detail
}

func (d *desk) found(t *testing.T, search string) int {
	t.Helper()
	page, err := d.Ops.Setup.List(atWindow(t), setup.ListInput{Search: search})
	if err != nil {
		t.Fatal(err)
	}
	return len(page.Rows)
}

// The preview of a user's file changes nothing and says where keys will be sent. An
// added file is exported byte for byte.
func TestOwnProviderComesInAndGoesOut(t *testing.T) {
	d := newDesk(t)
	ctx := atWindow(t)
	text := acme("http://plain.example")
	preview, err := d.Ops.Provider.PreviewImport(ctx, provider.FileInput{Name: "shared.yaml", Text: text})
	if err != nil || len(preview.Faults) != 0 || preview.Replaces != 0 || preview.Provider == nil || preview.Provider.Name != "Acme SMS" {
		t.Fatalf("%+v, %v", preview, err)
	}
	if !slices.Equal(preview.Hosts, []string{"http://plain.example"}) {
		t.Errorf("where keys go is said as %q", preview.Hosts)
	}
	if d.listed(t, "acme-sms") != nil || len(d.stored(t)) != 0 {
		t.Error("the preview took the file in")
	}

	before := len(d.providers(t).Providers)
	d.take(t, text)
	line := d.listed(t, "acme-sms")
	if line == nil || line.BuiltIn || line.Testable || line.Setups != 0 || line.Badge != provider.InClient || len(d.providers(t).Providers) != before+1 {
		t.Errorf("listed as %+v", line)
	}
	if files := d.stored(t); !slices.Equal(files, []string{"acme-sms"}) {
		t.Errorf("in the database: %v", files)
	}
	if files := d.ownFiles(t); len(files) != 0 {
		t.Errorf("in the folder: %v", files)
	}
	file, err := d.Ops.Provider.Export(ctx, provider.IDInput{ID: "acme-sms"})
	if err != nil || file.Name != "acme-sms.yaml" || file.Text != text {
		t.Errorf("exported as %s, other bytes than what came in; %v", file.Name, err)
	}
	form, err := d.Ops.Provider.Get(ctx, provider.IDInput{ID: "acme-sms"})
	if err != nil || !slices.Equal(form.Hosts, preview.Hosts) || form.Setups != 0 || form.ProbeSays != "" {
		t.Errorf("%+v, %v", form, err)
	}
	// A door writes into answers (empty lists for missing ones). They share nothing
	// with what the catalogue keeps.
	form.Provider.Fields[0].Label = "changed by a door"
	if again, err := d.Ops.Provider.Get(ctx, provider.IDInput{ID: "acme-sms"}); err != nil || again.Provider.Fields[0].Label != "Key" {
		t.Errorf("the answer is what the catalogue keeps: %+v, %v", again.Provider.Fields, err)
	}

	// Another organisation adds the exported file.
	other := newDesk(t)
	other.take(t, file.Text)
	if again, err := other.Ops.Provider.Export(ctx, provider.IDInput{ID: "acme-sms"}); err != nil || again.Text != text {
		t.Errorf("shared: %v", err)
	}
}

// If activity cannot be written, the transaction is undone and everything stays as
// it was: nothing is added, replaced or removed.
func TestUnrecordedProviderFilesStayAsTheyWere(t *testing.T) {
	d := newDesk(t)
	ctx := atWindow(t)
	text := acme("http://plain.example")
	d.writeOwn(t, "by-hand.yaml", text)
	d.restart(t)
	if d.listed(t, "acme-sms") == nil {
		t.Fatal("the file put there by hand is not used")
	}
	raw := openRaw(t, d.folder)
	if _, err := raw.Exec(`CREATE TRIGGER full BEFORE INSERT ON activity BEGIN SELECT RAISE(ABORT, 'full'); END`); err != nil {
		t.Fatal(err)
	}
	unchanged := func(after string) {
		t.Helper()
		files, err := d.Store.ProviderFiles(ctx)
		if err != nil || len(files) != 1 || files["acme-sms"] != text {
			t.Errorf("after %s there is %v, %v", after, files, err)
		}
		one, err := d.Ops.Provider.Get(ctx, provider.IDInput{ID: "acme-sms"})
		if err != nil || !slices.Equal(one.Hosts, []string{"http://plain.example"}) {
			t.Errorf("after %s the provider is %v, %v", after, one.Hosts, err)
		}
	}
	if _, err := d.Ops.Provider.Import(ctx, provider.FileInput{Name: "a.yaml", Text: acme("http://other.example")}); err == nil {
		t.Error("a replacement was taken in without a record")
	}
	unchanged("a replacement")
	if _, err := d.Ops.Provider.Delete(ctx, provider.IDInput{ID: "acme-sms"}); err == nil {
		t.Error("it was removed without a record")
	}
	unchanged("a removal")
	fresh := strings.Replace(text, "acme-sms", "acme-two", 1)
	if _, err := d.Ops.Provider.Import(ctx, provider.FileInput{Name: "b.yaml", Text: fresh}); err == nil {
		t.Error("a new file was taken in without a record")
	}
	unchanged("a new file")
}

// A file of the folder is not used before activity has recorded it: if the
// transaction of the start fails the file stays where it is, and the next start
// takes it in and records it, once.
func TestUnrecordedFilesOfTheFolderAreNotUsed(t *testing.T) {
	d := newDesk(t)
	raw := openRaw(t, d.folder)
	if _, err := raw.Exec(`CREATE TRIGGER full BEFORE INSERT ON activity WHEN NEW.op = 'provider.take_in' BEGIN SELECT RAISE(ABORT, 'full'); END`); err != nil {
		t.Fatal(err)
	}
	_ = raw.Close()
	d.writeOwn(t, "acme.yaml", acme("http://plain.example"))
	d.restart(t)
	if d.listed(t, "acme-sms") != nil || len(d.stored(t)) != 0 || !slices.Equal(d.ownFiles(t), []string{"acme.yaml"}) {
		t.Errorf("used without a record: stored %v, in the folder %v", d.stored(t), d.ownFiles(t))
	}
	if d.providerRows(t) != 0 {
		t.Error("the trail has an entry about it")
	}
	raw = openRaw(t, d.folder)
	if _, err := raw.Exec("DROP TRIGGER full"); err != nil {
		t.Fatal(err)
	}
	_ = raw.Close()
	for range 2 {
		d.restart(t)
		if d.listed(t, "acme-sms") == nil || !slices.Equal(d.ownFiles(t), []string{"taken in"}) || d.providerRows(t) != 1 {
			t.Errorf("stored %v, in the folder %v, %d rows of activity", d.stored(t), d.ownFiles(t), d.providerRows(t))
		}
	}
	page, err := d.Ops.Activity.List(atWindow(t), activity.ListInput{Kind: "provider"})
	if err != nil || page.Entries[0].Op != "provider.take_in" || page.Entries[0].Actor != "Keydesk" || page.Entries[0].Object != "Acme SMS" {
		t.Errorf("the trail says %+v, %v", page.Entries, err)
	}
}

// The example that a person starts from can be added unchanged.
func TestExampleOfAProviderFileIsTakenIn(t *testing.T) {
	d := newDesk(t)
	file, err := d.Ops.Provider.Example(atWindow(t), provider.ExampleInput{})
	if err != nil || file.Name == "" {
		t.Fatal(err)
	}
	if made := d.take(t, file.Text); d.listed(t, made.ID) == nil {
		t.Errorf("%s is not listed", made.ID)
	}
}

// Bad files are refused with line and reason, in the preview and when added, and
// nothing changes: no file, no provider, no row of activity.
func TestBadProviderFilesChangeNothing(t *testing.T) {
	d := newDesk(t)
	good := acme("https://api.acme.example")
	bomb := "a: &a [x,x,x,x,x,x,x,x,x]\n"
	for i := 'b'; i < 'k'; i++ {
		bomb += fmt.Sprintf("%c: &%c [*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c]\n", i, i, i-1, i-1, i-1, i-1, i-1, i-1, i-1, i-1)
	}
	before, rows := len(d.providers(t).Providers), d.providerRows(t)
	for name, c := range map[string]struct {
		text   string
		line   int
		reason string
	}{
		"unknown key":      {strings.Replace(good, "version: 1\n", "version: 1\ncolour: red\n", 1), 5, `The key "colour" is not known here.`},
		"undefined field":  {strings.Replace(good, "'{{message}}'", "'{{massage}}'", 1), 21, "Nothing defines massage"},
		"a secret in host": {strings.Replace(good, "https://api.", "https://{{key}}.", 1), 13, "not secret can be in scheme"},
		"broken YAML":      {strings.Replace(good, "channels: [sms]", "channels: [sms", 1), 0, "not valid YAML"},
		"too large":        {good + "#" + strings.Repeat("x", provider.MaxFile), 0, "can have 262144"},
		"too large, bad":   {"[" + strings.Repeat("[", provider.MaxFile), 0, "can have 262144"}, // refused before it is parsed
		"bomb of aliases":  {bomb, 1, "Anchors and aliases"},
		"built-in id":      {strings.Replace(good, "id: acme-sms", "id: twilio-sms", 1), 0, "belongs to a built-in provider"},
		"a path as its id": {strings.Replace(good, "id: acme-sms", "id: ../../evil", 1), 3, "small letters"},
		"no provider":      {"hello", 1, "keys and values"},
	} {
		began := time.Now()
		in := provider.FileInput{Name: "../../shared.yaml", Text: c.text}
		preview, err := d.Ops.Provider.PreviewImport(atWindow(t), in)
		if err != nil || !slices.ContainsFunc(preview.Faults, func(f provider.FileFault) bool {
			return f.File == "shared.yaml" && strings.Contains(f.Reason, c.reason) && (c.line == 0 || f.Line == c.line)
		}) {
			t.Errorf("%s: previewed as %v, %v; want line %d, %s", name, preview.Faults, err, c.line, c.reason)
		}
		_, err = d.Ops.Provider.Import(atWindow(t), in)
		if f := fault.From(err); codeOf(err) != "provider.bad_file" || f.Hint == "" || !strings.Contains(f.Message, preview.Faults[0].Reason) {
			t.Errorf("%s: taken in with %v", name, err)
		}
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("%s took %v", name, took)
		}
	}
	if after := d.providers(t); len(after.Providers) != before || len(after.Faults) != 0 || len(d.stored(t)) != 0 || d.providerRows(t) != rows {
		t.Errorf("something changed: %d of %d providers, %v, files %v", len(after.Providers), before, after.Faults, d.stored(t))
	}
	if twilio := d.listed(t, "twilio-sms"); twilio == nil || !twilio.BuiltIn || twilio.Name != "Twilio SMS" {
		t.Errorf("the built-in one: %+v", twilio)
	}
}

// providerRows counts the entries of the trail about providers.
func (d *desk) providerRows(t *testing.T) int {
	t.Helper()
	page, err := d.Ops.Activity.List(atWindow(t), activity.ListInput{Kind: "provider", Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	return len(page.Entries)
}

// Rule and words are read live; the request never changes by itself (RULES.md,
// Providers). A replaced file renames the provider in the list and its search.
// After a removal the setup still works and is judged by the status alone.
func TestOwnProviderReplacedAndRemovedUnderASetup(t *testing.T) {
	d := newDesk(t)
	ctx := atWindow(t)
	asked := []string{}
	answer := "OK|m-17|1"
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.RawQuery+" "+r.Header.Get("X-Key"))
		_, _ = io.WriteString(w, answer)
	}))
	defer server.Close()
	d.take(t, acme(server.URL))
	made := d.usesAcme(t)
	if line := d.listed(t, "acme-sms"); line.Setups != 1 {
		t.Errorf("used by %d", line.Setups)
	}
	if got := d.fired(t, made.ID).Reply.Result; got.Verdict != verdict.Accepted || got.By != verdict.ByProviderRule || got.MessageID != "m-17" {
		t.Errorf("%+v", got)
	}
	// The status is wrong; the provider's rule is right.
	answer = "ERR|7|key"
	if got := d.fired(t, made.ID).Reply.Result; got.Verdict != verdict.Refused || !strings.Contains(got.Reason, "wrong key") {
		t.Errorf("%+v", got)
	}

	newer := strings.Replace(ownFile("acme-sms", "Zebra Messages", 2, server.URL), "wrong key", "unknown key", 1)
	newer = strings.Replace(newer, "name: text,", "name: body,", 1)
	preview, err := d.Ops.Provider.PreviewImport(ctx, provider.FileInput{Text: newer})
	if err != nil || preview.Replaces != 1 || preview.Provider.Version != 2 || preview.Provider.Setups != 1 {
		t.Errorf("%+v, %v", preview, err)
	}
	d.take(t, newer)
	if line := d.listed(t, "acme-sms"); line.Name != "Zebra Messages" || line.Version != 2 || line.Setups != 1 {
		t.Errorf("%+v", line)
	}
	if d.found(t, "zebra mess") != 1 || d.found(t, "Acme SMS") != 0 {
		t.Errorf("found %d by the new name, %d by the old one", d.found(t, "zebra mess"), d.found(t, "Acme SMS"))
	}
	if got := d.fired(t, made.ID).Reply.Result; !strings.Contains(got.Reason, "unknown key") {
		t.Errorf("the words are not the new file's: %+v", got)
	}

	removed, err := d.Ops.Provider.Delete(ctx, provider.IDInput{ID: "acme-sms"})
	if err != nil || removed.ID != "acme-sms" || d.listed(t, "acme-sms") != nil || len(d.stored(t)) != 0 {
		t.Errorf("%+v, %v, left %v", removed, err, d.stored(t))
	}
	got := d.fired(t, made.ID).Reply.Result
	if got.Verdict != verdict.Accepted || got.By != verdict.ByStatus {
		t.Errorf("without its provider: %+v", got)
	}
	first := asked[0]
	if want := "to=14155550100&text=Shipped " + canary; first != want || len(asked) != 4 {
		t.Errorf("asked %q", asked)
	}
	for _, one := range asked {
		if one != first {
			t.Errorf("a file changed the request: %q, before %q", one, first)
		}
	}
	if d.found(t, "Zebra Messages") != 1 {
		t.Error("the setup lost the name of its provider")
	}
	if _, err := d.Ops.Provider.Delete(ctx, provider.IDInput{ID: "acme-sms"}); codeOf(err) != "provider.not_found" {
		t.Errorf("removed twice: %v", err)
	}
	if _, err := d.Ops.Provider.Delete(ctx, provider.IDInput{ID: "twilio-sms"}); codeOf(err) != "provider.built_in" || d.listed(t, "twilio-sms") == nil {
		t.Errorf("a built-in one: %v", err)
	}

	page, err := d.Ops.Activity.List(ctx, activity.ListInput{Kind: "provider"})
	if err != nil {
		t.Fatal(err)
	}
	said := []string{}
	for _, entry := range page.Entries {
		said = append(said, strings.Join([]string{entry.Op, entry.Object, fmt.Sprint(entry.Before != ""), fmt.Sprint(entry.After != "")}, " "))
	}
	want := []string{"provider.delete Zebra Messages true false", "provider.import Zebra Messages true true", "provider.import Acme SMS false true"}
	if !slices.Equal(said, want) {
		t.Errorf("activity says %q", said)
	}
}

// Files put into the folder by hand are taken in at the next start. A faulty file
// is listed with line and reason each time and stays where it is, and the others
// still load. Once it is corrected it is taken in too.
func TestProviderFilesPutThereByHand(t *testing.T) {
	d := newDesk(t)
	d.take(t, acme("https://api.acme.example"))
	d.writeOwn(t, "better.yml", ownFile("better-sms", "Better SMS", 1, "https://better.example"))
	d.writeOwn(t, "broken.yaml", strings.Replace(ownFile("broken-sms", "Broken", 1, "https://broken.example"), "format: 1", "format: 9", 1))
	d.restart(t)
	list := d.providers(t)
	if d.listed(t, "acme-sms") == nil || d.listed(t, "better-sms") == nil || d.listed(t, "twilio-sms") == nil || d.listed(t, "broken-sms") != nil {
		t.Errorf("%+v", list.Providers)
	}
	if len(list.Faults) != 1 || list.Faults[0].File != "broken.yaml" || list.Faults[0].Line != 2 || !strings.Contains(list.Faults[0].Reason, "format must be 1") {
		t.Errorf("%+v", list.Faults)
	}
	if list.Folder != d.ownFolder() {
		t.Errorf("the folder is said to be %s", list.Folder)
	}
	if files := d.ownFiles(t); !slices.Equal(files, []string{"broken.yaml", "taken in"}) {
		t.Errorf("in the folder: %v", files)
	}

	d.writeOwn(t, "broken.yaml", ownFile("broken-sms", "Mended", 1, "https://broken.example"))
	if list := d.providers(t); len(list.Faults) != 0 || !slices.Equal(list.Waiting, []string{"broken.yaml"}) || d.listed(t, "broken-sms") != nil {
		t.Errorf("%+v, waiting %v", list.Faults, list.Waiting)
	}
	d.restart(t)
	if mended := d.providers(t); len(mended.Faults) != 0 || d.listed(t, "broken-sms") == nil {
		t.Errorf("%+v", mended.Faults)
	}
	// Replacing a file that came from the folder leaves one file.
	d.take(t, ownFile("better-sms", "Better SMS", 2, "https://better.example"))
	if files := d.stored(t); !slices.Equal(files, []string{"acme-sms", "better-sms", "broken-sms"}) || len(d.providers(t).Faults) != 0 {
		t.Errorf("%v, %v", files, d.providers(t).Faults)
	}
	if _, err := d.Ops.Provider.Delete(atWindow(t), provider.IDInput{ID: "broken-sms"}); err != nil || d.listed(t, "broken-sms") != nil {
		t.Errorf("removed: %v", err)
	}
	d.restart(t)
	if d.listed(t, "broken-sms") != nil || d.listed(t, "better-sms").Version != 2 {
		t.Error("a restart brings back what was removed or replaced")
	}
}

// A person who sees setups sees providers. Adding and removing needs Can Manage
// Settings, saving the file needs Can Export. A refusal changes nothing and is
// recorded.
func TestWhoMayDoWhatWithProviders(t *testing.T) {
	d := newDesk(t)
	ctx := atWindow(t)
	text := acme("https://api.acme.example")
	d.take(t, text)
	admin := d.adminID(t)
	who := map[string]string{}
	for _, role := range []string{user.Manager, user.Operator, user.Viewer} {
		who[role] = roleUser(t, d.Backend, role+"-person", role)
	}
	id := provider.IDInput{ID: "acme-sms"}
	for role, may := range map[string]map[string]bool{
		user.Manager:  {"list": true, "get": true, "export": true},
		user.Operator: {"list": true, "get": true},
		user.Viewer:   {"list": true, "get": true},
	} {
		begin(t, d.Backend, who[role])
		for name, try := range map[string]func(context.Context) error{
			"list":   func(ctx context.Context) error { _, err := d.Ops.Provider.List(ctx, provider.ListInput{}); return err },
			"get":    func(ctx context.Context) error { _, err := d.Ops.Provider.Get(ctx, id); return err },
			"export": func(ctx context.Context) error { _, err := d.Ops.Provider.Export(ctx, id); return err },
			"example": func(ctx context.Context) error {
				_, err := d.Ops.Provider.Example(ctx, provider.ExampleInput{})
				return err
			},
			"preview": func(ctx context.Context) error {
				_, err := d.Ops.Provider.PreviewImport(ctx, provider.FileInput{Text: text})
				return err
			},
			"import": func(ctx context.Context) error {
				_, err := d.Ops.Provider.Import(ctx, provider.FileInput{Text: ownFile("acme-sms", "Stolen", 2, "https://thief.example")})
				return err
			},
			"delete": func(ctx context.Context) error { _, err := d.Ops.Provider.Delete(ctx, id); return err },
		} {
			err := try(ctx)
			if may[name] && err != nil || !may[name] && codeOf(err) != "access.forbidden" {
				t.Errorf("%s, %s: %v", role, name, err)
			}
		}
	}
	begin(t, d.Backend, admin)
	if file, err := d.Ops.Provider.Export(ctx, id); err != nil || file.Text != text {
		t.Errorf("a refusal changed the file: %v", err)
	}
	page, err := d.Ops.Activity.List(ctx, activity.ListInput{Outcome: "refused", Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	tried := map[string]int{}
	for _, entry := range page.Entries {
		tried[entry.Op]++
	}
	if tried["provider.import"] != 3 || tried["provider.delete"] != 3 || tried["provider.export"] != 2 || tried["provider.list"] != 0 {
		t.Errorf("refusals recorded: %v", tried)
	}
}

// A file's name does not matter, only the id inside it.
func TestProviderFileUnderAnothersName(t *testing.T) {
	d := newDesk(t)
	d.take(t, acme("http://127.0.0.1:1"))
	d.writeOwn(t, "other-sms.yaml", ownFile("beta-sms", "Beta", 1, "http://127.0.0.1:1"))
	d.restart(t)
	if d.listed(t, "beta-sms") == nil {
		t.Fatal("not listed")
	}
	d.take(t, ownFile("other-sms", "Other", 1, "http://127.0.0.1:1"))
	if d.listed(t, "beta-sms") == nil || d.listed(t, "other-sms") == nil || d.listed(t, "acme-sms") == nil {
		t.Errorf("adding a file removed another provider: %v", d.stored(t))
	}
}
