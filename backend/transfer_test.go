package backend_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keydesk/backend/access"
	"keydesk/backend/activity"
	"keydesk/backend/fault"
	"keydesk/backend/process"
	"keydesk/backend/provider"
	"keydesk/backend/request"
	"keydesk/backend/secret"
	"keydesk/backend/setup"
	"keydesk/backend/transfer"
	"keydesk/backend/user"
	"keydesk/backend/verdict"
)

// An organisation without places and setups.
func emptyDesk(t *testing.T) *desk {
	t.Helper()
	d := newDesk(t)
	places, err := d.Ops.Process.Tree(atWindow(t), process.TreeInput{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Ops.Process.DeletePlace(atWindow(t), process.DeleteInput{ID: places.Places[0].ID, Version: 1}); err != nil {
		t.Fatal(err)
	}
	return d
}

func (d *desk) export(t *testing.T) string {
	t.Helper()
	file, err := d.Ops.Transfer.Export(atWindow(t), transfer.ExportInput{})
	if err != nil {
		t.Fatal(err)
	}
	return file.Text
}

func (d *desk) look(t *testing.T, text string) transfer.Preview {
	t.Helper()
	preview, err := d.Ops.Transfer.Preview(atWindow(t), transfer.PreviewInput{Text: text})
	if err != nil {
		t.Fatal(err)
	}
	return preview
}

// everyRow chooses all rows of a preview and replaces what is there.
func everyRow(preview transfer.Preview) []transfer.Choice {
	rows := []transfer.Choice{}
	for _, row := range preview.Rows {
		rows = append(rows, transfer.Choice{Row: row.Row, Over: row.Over, OverVersion: row.OverVersion})
	}
	return rows
}

func (d *desk) importAll(t *testing.T, text string) transfer.Imported {
	t.Helper()
	done, err := d.Ops.Transfer.Import(atWindow(t), transfer.ImportInput{Text: text, Rows: everyRow(d.look(t, text))})
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// all reads every setup of the list.
func (d *desk) all(t *testing.T) []setup.Setup {
	t.Helper()
	page, err := d.Ops.Setup.List(atWindow(t), setup.ListInput{Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	list := []setup.Setup{}
	for _, row := range page.Rows {
		one, err := d.Ops.Setup.Get(atWindow(t), setup.IDInput{ID: row.ID})
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, one)
	}
	return list
}

// everything is what an organisation holds, to show that nothing was changed.
func (d *desk) everything(t *testing.T) string {
	t.Helper()
	tree, err := d.Ops.Process.Tree(atWindow(t), process.TreeInput{})
	if err != nil {
		t.Fatal(err)
	}
	secrets, err := d.Store.AllSecrets(atWindow(t))
	if err != nil {
		t.Fatal(err)
	}
	trail, err := d.Ops.Activity.List(atWindow(t), activity.ListInput{})
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal([]any{tree, d.all(t), secrets, trail})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The secrets of fullOffice. No other text in it is like them.
var canaries = []string{"cNry-tokEn-7Q2x", "cNry pass\"wörd & 9/+", "cNry-key-4f1b", "cNry-client-8s0z", "cNry-header-2k", "cNry-param-77q", "cNry-field-31v"}

// fullOffice is an organisation with every auth type, every kind of row, three
// levels, whole places, rules with and without content and disabled setups.
func fullOffice(t *testing.T) *desk {
	d := newDesk(t)
	ctx := atWindow(t)
	home, err := d.Ops.Process.CreatePlace(ctx, process.CreatePlaceInput{ParentID: d.place.ID, Name: "Übergabe / “zu Hause” 🙂"})
	if err != nil {
		t.Fatal(err)
	}
	ready, err := d.Ops.Process.CreateStage(ctx, process.CreateStageInput{PlaceID: home.ID, Name: "A ready, later"})
	if err != nil {
		t.Fatal(err)
	}
	for _, field := range []process.CreateFieldInput{
		{StageID: ready.ID, Name: "Zahlung", Type: process.Boolean, Required: true, Sample: "yes"},
		{StageID: ready.ID, Name: "Betrag", Type: process.Number, Sample: "-1.50"},
	} {
		if _, err := d.Ops.Process.CreateField(ctx, field); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := d.Ops.Process.CreatePlace(ctx, process.CreatePlaceInput{Name: "Not exported"}); err != nil {
		t.Fatal(err)
	}
	d.create(t, draft(d.place, d.stage, "https://api.example/send?a=1&b=<2>")) // canaries[0]

	basic := draft(d.place, d.stage, "https://api.example/{{region}}/x")
	basic.Channel, basic.Name = setup.WhatsApp, ""
	basic.Request.Auth = request.Auth{Type: request.Basic, Username: "AC0123", Password: hidden(canaries[1])}
	basic.Request.Headers = []request.Header{{ID: "header.1", Name: "X-Tag", Value: request.Value{Plain: "a, \"b\""}}, {Name: "X-Secret", Value: hidden(canaries[4])}}
	basic.Request.Fixed = []request.Field{{ID: "region", Name: "region", Value: request.Value{Plain: "eu"}}}
	basic.Rule = &verdict.Rule{}
	d.create(t, basic)

	key := draft(d.place, process.Stage{}, "https://api.example/whole")
	key.Channel, key.Name = setup.Email, "Whole place"
	key.Request.Auth = request.Auth{Type: request.APIKey, KeyName: "X-Api-Key", KeyValue: hidden(canaries[2]), AddTo: request.InHeader}
	key.Rule = &verdict.Rule{Status: "200-299", AnyOf: true, Conditions: []verdict.Condition{{From: verdict.FromJSON, Path: "$.ok", Test: verdict.Equals, Value: "true"}}, ErrorCode: verdict.Extractor{From: verdict.FromHeader, Path: "X-Code"}, Throttled: []string{"9"}}
	d.create(t, key)

	fetched := draft(home, ready, "https://api.example/{{key}}")
	fetched.Name, fetched.Options = "Fetched", setup.Options{TimeoutSeconds: 12, Redirects: 2}
	fetched.Request.StageParams = []request.StageParam{{Variable: "mobile", Field: "Betrag", Default: "0"}}
	fetched.Request.Auth = request.Auth{Type: request.OAuth2, HeaderPrefix: "Bearer", FetchToken: true, TokenURL: "https://login.example/token", ClientID: "me", ClientSecret: hidden(canaries[3]), Scopes: "send"}
	fetched.Request.Params = append(fetched.Request.Params, request.Param{Name: "key", Value: hidden(canaries[5]), In: request.ParamNowhere})
	fetched.Request.Fixed = []request.Field{{Name: "pin", Value: hidden(canaries[6])}}
	d.create(t, fetched)

	plain := draft(home, ready, "http://127.0.0.1:9/plain")
	plain.Channel, plain.Request.Auth = setup.Email, request.Auth{Type: request.NoAuth}
	plain.Name, plain.Request.StageParams[0].Field = "", "Zahlung"
	d.create(t, plain)
	for range 2 { // two that are off, alike in everything
		plain.Enabled = false
		d.create(t, plain)
	}
	return d
}

// finish types the missing secrets and enables what is enabled in the file.
func (d *desk) finish(t *testing.T, done transfer.Imported, from *desk) {
	t.Helper()
	was := map[string]setup.Setup{}
	for _, one := range from.all(t) {
		was[one.Title+fmt.Sprint(one.Draft.Enabled)] = one
	}
	for _, one := range done.Unfinished {
		now, err := d.Ops.Setup.Get(atWindow(t), setup.IDInput{ID: one.ID})
		if err != nil {
			t.Fatal(err)
		}
		if now.Draft.Enabled {
			t.Errorf("%s lacks %v and is switched on", one.Title, one.Retype)
		}
		before, err := from.Setups.Prepare(atWindow(t), setup.Ask{Source: setup.Source{SetupID: was[one.Title+"true"].ID}})
		if err != nil {
			t.Fatal(err)
		}
		filled := now.Draft
		filled.Enabled = true
		filled.Request.Auth = before.Draft.Request.Auth
		for i := range filled.Request.Headers {
			filled.Request.Headers[i].Value = before.Draft.Request.Headers[i].Value
		}
		for i := range filled.Request.Params {
			filled.Request.Params[i].Value = before.Draft.Request.Params[i].Value
		}
		for i := range filled.Request.Fixed {
			filled.Request.Fixed[i].Value = before.Draft.Request.Fixed[i].Value
		}
		if _, err := d.Ops.Setup.Update(atWindow(t), setup.UpdateInput{ID: now.ID, Version: now.Version, Draft: filled}); err != nil {
			t.Fatal(one.Title, err)
		}
	}
}

var uuidShape = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}`)

// A file goes from one organisation into an empty one and comes out of it again
// as equal bytes, once the secrets, which are not in it, are typed.
func TestSetupsGoFromOfficeToOffice(t *testing.T) {
	one := fullOffice(t)
	text := one.export(t)
	if again := one.export(t); again != text {
		t.Error("two exports of one organisation differ")
	}
	for _, canary := range canaries {
		inJSON, _ := json.Marshal(canary)
		for _, form := range []string{canary, url.QueryEscape(canary), url.PathEscape(canary), strings.Trim(string(inJSON), `"`),
			base64.StdEncoding.EncodeToString([]byte(canary)), base64.URLEncoding.EncodeToString([]byte("AC0123:" + canary))} {
			if strings.Contains(text, form) {
				t.Errorf("the file holds %q", form)
			}
		}
	}
	if id := uuidShape.FindString(text); id != "" {
		t.Errorf("the file holds the id %s", id)
	}
	for _, absent := range []string{"Not exported", `"typed"`, `"stored"`, "••••"} {
		if strings.Contains(text, absent) {
			t.Errorf("the file holds %s", absent)
		}
	}

	two := emptyDesk(t)
	before := two.everything(t)
	preview := two.look(t, text)
	if after := two.everything(t); after != before {
		t.Error("a preview changed something: " + cmp.Diff(before, after))
	}
	if len(preview.Rows) != 7 {
		t.Fatalf("%d rows", len(preview.Rows))
	}
	made := map[string]int{}
	for _, one := range preview.Makes {
		made[one.What]++
	}
	if diff := cmp.Diff(map[string]int{"Process": 1, "Sub Process": 1, "Sub Sub Process": 1, "Stage": 2, "Stage Field": 3}, made); diff != "" {
		t.Error(diff)
	}
	retype := map[string][]string{}
	for _, row := range preview.Rows {
		if len(row.Problems) > 0 || row.State != "new" || row.Off != (len(row.Retype) > 0) {
			t.Errorf("row %+v", row)
		}
		if len(row.Retype) > 0 {
			retype[row.Title] = row.Retype
		}
	}
	if diff := cmp.Diff(map[string][]string{
		"Order shipped": {"Token"}, "Orders / Delivery / Shipped, WhatsApp Business": {"Password", "Header X-Secret"},
		"Whole place": {"X-Api-Key"}, "Fetched": {"Client Secret", "Parameter key", "Field pin"},
	}, retype); diff != "" {
		t.Error(diff)
	}

	done := two.importAll(t, text)
	if done.Added != 7 || done.Replaced != 0 || done.Places != 3 || done.Stages != 2 || done.Fields != 3 || len(done.Unfinished) != 4 {
		t.Errorf("imported %+v", done)
	}
	// Before a secret is typed, the setups differ only by being switched off.
	on := regexp.MustCompile(`\n *"enabled": true,`)
	if diff := cmp.Diff(on.ReplaceAllString(text, ""), on.ReplaceAllString(two.export(t), "")); diff != "" {
		t.Error(diff)
	}
	two.finish(t, done, one)
	if diff := cmp.Diff(text, two.export(t)); diff != "" {
		t.Error(diff)
	}
	// Where everything is there already, there is nothing to do.
	for _, row := range two.look(t, text).Rows {
		if row.State != "same" || row.Over == "" || len(row.Needs) > 0 {
			t.Errorf("row %+v", row)
		}
	}
}

// R9: a secret that is also there in plain text is masked in the file, and a setup
// with a mask comes in switched off.
func TestSecretInPlainTextIsMaskedInTheFile(t *testing.T) {
	d := newDesk(t)
	one := draft(d.place, d.stage, "https://api.example/"+canary+"/send")
	one.Request.Params[1].Value.Plain = "key " + base64.StdEncoding.EncodeToString([]byte(canary))
	d.create(t, one)
	file, err := d.Ops.Transfer.Export(atWindow(t), transfer.ExportInput{})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(file.Text, canary) || strings.Contains(file.Text, base64.StdEncoding.EncodeToString([]byte(canary))) {
		t.Error("the file holds the secret")
	}
	if !slices.Equal(file.Hidden, []string{"Order shipped"}) {
		t.Errorf("hidden %v", file.Hidden)
	}

	// In another setup of the file, and in a sample value, it is masked as well.
	beside := draft(d.place, d.stage, "https://api.example/send")
	beside.Channel, beside.Name = setup.Email, "Beside"
	beside.Request.Auth, beside.Request.Params[1].Value.Plain = request.Auth{Type: request.NoAuth}, "see "+canary
	d.create(t, beside)
	note := process.CreateFieldInput{StageID: d.stage.ID, Name: "Note", Type: process.Text, Sample: "key " + canary}
	if _, err := d.Ops.Process.CreateField(atWindow(t), note); err != nil {
		t.Fatal(err)
	}
	all, err := d.Ops.Transfer.Export(atWindow(t), transfer.ExportInput{})
	if err != nil || strings.Contains(all.Text, canary) {
		t.Errorf("the file of both holds the secret, %v", err)
	}
	if len(all.Hidden) != 3 || all.Hidden[0] != "Beside" || all.Hidden[1] != "Order shipped" || !strings.HasSuffix(all.Hidden[2], " / Note") {
		t.Errorf("hidden %q", all.Hidden)
	}
	text := strings.ReplaceAll(file.Text, `"type": "bearer",`, `"type": "none"`)
	text = regexp.MustCompile(`,?\n *"token": \{[^}]*\}`).ReplaceAllString(text, "")
	text = strings.ReplaceAll(text, "https://api.example/"+secret.Mask, "https://api.example/x")
	other := emptyDesk(t)
	row := other.look(t, text).Rows[0]
	if !row.Off || len(row.Notes) != 1 || len(row.Problems) > 0 {
		t.Errorf("row %+v", row)
	}
	done := other.importAll(t, text)
	if len(done.Unfinished) != 1 || other.all(t)[0].Draft.Enabled {
		t.Errorf("a setup with a mask for a value is switched on: %+v", done)
	}
}

// S3: replacing keeps a stored secret only while scheme, host and port are equal
// with fixed fields filled in. Otherwise the secret is destroyed and the setup is
// off until it is typed again.
func TestReplacingKeepsSecretsOnlyAtTheSamePlace(t *testing.T) {
	base := func(d *desk) setup.Draft {
		one := draft(d.place, d.stage, "https://{{region}}.example/send")
		one.Request.Fixed = []request.Field{{Name: "region", Value: request.Value{Plain: "eu"}}}
		one.Request.Headers = []request.Header{{Name: "X-Secret", Value: hidden("cNry-header-2k")}}
		return one
	}
	for _, c := range []struct {
		name   string
		change func(*setup.Draft)
		kept   bool
	}{
		{"another path", func(s *setup.Draft) { s.Request.URL = "https://{{region}}.example/other" }, true},
		{"the same port, written out", func(s *setup.Draft) { s.Request.URL = "https://{{region}}.example:443/send" }, true},
		{"the host written out", func(s *setup.Draft) { s.Request.URL = "https://eu.example/send" }, true},
		{"another host", func(s *setup.Draft) { s.Request.URL = "https://evil.example/send" }, false},
		{"another fixed field", func(s *setup.Draft) { s.Request.Fixed[0].Value.Plain = "evil" }, false},
		{"another port", func(s *setup.Draft) { s.Request.URL = "https://{{region}}.example:444/send" }, false},
		{"another scheme", func(s *setup.Draft) { s.Request.URL = "http://{{region}}.example:443/send" }, false},
		{"TLS check off, which does not come in", func(s *setup.Draft) {
			s.Options.SkipTLSCheck, s.Request.URL = true, "https://{{region}}.example/other"
		}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			here, there := newDesk(t), newDesk(t)
			before := here.create(t, base(here))
			other := base(there)
			c.change(&other)
			there.create(t, other)
			text := there.export(t)
			row := here.look(t, text).Rows[0]
			if row.State != "here" || row.Over != before.ID || (len(row.Kept) == 2) != c.kept || (len(row.Retype) == 2) == c.kept || row.Off == c.kept {
				t.Errorf("the preview says %+v", row)
			}
			if now := here.all(t)[0]; now.Version != before.Version || len(here.slots(t, before.ID)) != 2 {
				t.Errorf("the preview changed the setup: %+v", now)
			}
			done := here.importAll(t, text)
			now := here.all(t)
			if done.Replaced != 1 || len(now) != 1 || now[0].ID != before.ID || now[0].Draft.Enabled != c.kept || (len(done.Unfinished) == 0) != c.kept {
				t.Fatalf("imported %+v: %+v", done, now)
			}
			ready, err := here.Setups.Prepare(atWindow(t), setup.Ask{Source: setup.Source{SetupID: before.ID}})
			if err != nil {
				t.Fatal(err)
			}
			want, slots := "", 0
			if c.kept {
				want, slots = canary, 2
			}
			if got := ready.Draft.Request.Auth.Token.Typed.Reveal(); got != want || len(here.slots(t, before.ID)) != slots {
				t.Errorf("the token is %q, slots %v", got, here.slots(t, before.ID))
			}
		})
	}
}

// Another token URL drops the client secret and nothing else.
func TestReplacingKeepsTheClientSecretOnlyAtItsTokenURL(t *testing.T) {
	here, there := newDesk(t), newDesk(t)
	with := func(d *desk, tokenURL string) setup.Draft {
		one := draft(d.place, d.stage, "https://api.example/send")
		one.Request.Auth = request.Auth{Type: request.OAuth2, HeaderPrefix: "Bearer", FetchToken: true, TokenURL: tokenURL, ClientID: "me", ClientSecret: hidden("cNry-client-8s0z")}
		one.Request.Headers = []request.Header{{Name: "X-Secret", Value: hidden("cNry-header-2k")}}
		return one
	}
	before := here.create(t, with(here, "https://login.example/token"))
	there.create(t, with(there, "https://evil.example/token"))
	text := there.export(t)
	row := here.look(t, text).Rows[0]
	if !slices.Equal(row.Retype, []string{"Client Secret"}) || !slices.Equal(row.Kept, []string{"Header X-Secret"}) || !row.Off {
		t.Errorf("the preview says %+v", row)
	}
	here.importAll(t, text)
	if slots := here.slots(t, before.ID); len(slots) != 1 || !strings.HasPrefix(slots[0], "header.") {
		t.Errorf("stored is %v", slots)
	}
}

// A row never takes over the secret of a row with another name, even if the file
// gives it the id of that row or of a provider's field. A secret that no row takes
// is destroyed.
func TestAForeignRowTakesNoSecret(t *testing.T) {
	header := func(id, name string) func(*request.Spec) {
		return func(s *request.Spec) {
			s.Headers = []request.Header{{ID: id, Name: name, Value: hidden("cNry-header-2k")}}
		}
	}
	for _, c := range []struct {
		name         string
		here, there  func(*request.Spec)
		retype, gone string
	}{
		{"another name under the same id", header("header.1", "X-Secret"), header("header.1", "X-Other"), "Header X-Other", "Header X-Secret"},
		{"a row with the id of a provider's field", func(s *request.Spec) {
			s.Fixed = []request.Field{{ID: "auth_token", Name: "auth_token", Value: hidden("cNry-field-31v")}}
		}, func(s *request.Spec) {
			s.Params = append(s.Params, request.Param{ID: "auth_token", Name: "evil", Value: hidden("x")})
		}, "Parameter evil", "Field auth_token"},
	} {
		t.Run(c.name, func(t *testing.T) {
			here, there := newDesk(t), newDesk(t)
			with := func(d *desk, change func(*request.Spec)) setup.Draft {
				one := draft(d.place, d.stage, "https://api.example/send")
				one.Request.Auth = request.Auth{Type: request.NoAuth}
				change(&one.Request)
				return one
			}
			before := here.create(t, with(here, c.here))
			there.create(t, with(there, c.there))
			text := there.export(t)
			row := here.look(t, text).Rows[0]
			if !slices.Equal(row.Retype, []string{c.retype}) || !slices.Equal(row.Dropped, []string{c.gone}) || len(row.Kept) != 0 || !row.Off {
				t.Errorf("the preview says %+v", row)
			}
			here.importAll(t, text)
			if slots := here.slots(t, before.ID); len(slots) != 0 {
				t.Errorf("secrets are left: %v", slots)
			}
		})
	}
}

// R10: a setup that comes in without its secret is never chosen; the one that is
// there still applies.
func TestAnArrivedSetupWithoutSecretIsNeverChosen(t *testing.T) {
	there := newDesk(t)
	there.create(t, draft(there.place, there.stage, "https://api.example/send"))
	text := there.export(t)
	here := newDesk(t)
	whole := draft(here.place, process.Stage{}, "https://api.example/whole")
	first := here.create(t, whole)
	here.importAll(t, text)
	found, err := here.Ops.Setup.Resolve(atWindow(t), setup.ResolveInput{PlaceID: here.place.ID, StageID: here.stage.ID, Channel: setup.SMS})
	if err != nil || found.SetupID != first.ID || found.Steps[0].Found != "disabled" {
		t.Errorf("resolved %+v, %v", found, err)
	}
	// Switching it on without its secret is refused at the secret.
	for _, one := range here.all(t) {
		if one.ID == first.ID {
			continue
		}
		on := one.Draft
		on.Enabled = true
		if _, err := here.Ops.Setup.Update(atWindow(t), setup.UpdateInput{ID: one.ID, Version: one.Version, Draft: on}); !slices.Equal(fieldNames(err), []string{"draft.request.auth.token"}) {
			t.Errorf("switching it on gave %v", err)
		}
	}
}

// plainFile is a file of n setups without secrets, each at a different stage.
func plainFile(n int) string {
	var places, setups []string
	for i := range n {
		places = append(places, fmt.Sprintf(`{"name": "Stage %d", "fields": [{"name": "Mobile", "type": "phone", "sample": "+919812345678"}]}`, i))
		setups = append(setups, fmt.Sprintf(`{"place": ["Orders", "Import"], "stage": "Stage %d", "setup": {"channel": "sms", "enabled": true, "name": "N%d", "request": {"method": "POST", "url": "https://api.example/%d", "auth": {"type": "none"}, "params": [{"name": "to", "value": {"plain": "{{mobile}}"}}], "stage_params": [{"variable": "mobile", "field": "MOBILE"}]}}}`, i, i, i))
	}
	return fmt.Sprintf("{\"keydesk\": \"setups\", \"format\": 1,\n\"places\": [{\"place\": [\"orders\", \"Import\"], \"stages\": [\n%s]}],\n\"setups\": [\n%s]}", strings.Join(places, ",\n"), strings.Join(setups, ",\n"))
}

// Setups are matched by names in any case, row by row, and skipped where not
// chosen. Only the places of chosen rows are made, and a row takes the spelling
// that its field has here.
func TestChosenRowsOnly(t *testing.T) {
	d := newDesk(t)
	text := plainFile(3)
	preview := d.look(t, text)
	if len(preview.Makes) != 7 || len(preview.Rows) != 3 {
		t.Fatalf("preview %+v", preview)
	}
	done, err := d.Ops.Transfer.Import(atWindow(t), transfer.ImportInput{Text: text, Rows: []transfer.Choice{{Row: 2}}})
	if err != nil {
		t.Fatal(err)
	}
	if done.Added != 1 || done.Places != 1 || done.Stages != 1 || done.Fields != 1 || len(done.Unfinished) != 0 {
		t.Errorf("imported %+v", done)
	}
	one := d.all(t)
	if len(one) != 1 || one[0].Title != "N1" || !slices.Equal(one[0].Places, []string{"Orders", "Import"}) || one[0].Stage != "Stage 1" || !one[0].Draft.Enabled {
		t.Errorf("there is %+v", one)
	}
	if got := one[0].Draft.Request.StageParams[0].Field; got != "Mobile" {
		t.Errorf("the row takes %q", got)
	}
	// The preview is outdated: the second row has a setup now.
	for name, rows := range map[string][]transfer.Choice{
		"a new setup where there is one": {{Row: 2}},
		"over another setup":             {{Row: 2, Over: "another", OverVersion: 1}},
		"over an older version":          {{Row: 2, Over: one[0].ID, OverVersion: 2}},
		"a row that is not there":        {{Row: 4}},
		"one row twice":                  {{Row: 1}, {Row: 1}},
	} {
		if _, err := d.Ops.Transfer.Import(atWindow(t), transfer.ImportInput{Text: text, Rows: rows}); codeOf(err) != "transfer.moved" {
			t.Errorf("%s gave %v", name, err)
		}
	}
	if _, err := d.Ops.Transfer.Import(atWindow(t), transfer.ImportInput{Text: text}); codeOf(err) != "transfer.no_choice" {
		t.Errorf("no choice gave %v", err)
	}
	if len(d.all(t)) != 1 {
		t.Error("something was saved")
	}
}

// What a save would refuse is reported at its row, and the import is refused as a
// whole: the good row is not saved either, and its place is not made.
func TestABadRowIsToldAndRefused(t *testing.T) {
	for _, c := range []struct{ name, old, new, want string }{
		{"undefined variable", `{{mobile}}`, `{{nobody}}`, "Parameter to: "},
		{"unknown stage field", `"MOBILE"`, `"Landline"`, "Stage parameter mobile: "},
		{"no host", `https://api.example/1"`, `https:///1"`, "API URL: "},
		{"stage field in the host", `https://api.example/1"`, `https://{{mobile}}.example/1"`, "API URL: "},
		{"channel", `"channel": "sms", "enabled": true, "name": "N1"`, `"channel": "fax", "enabled": true, "name": "N1"`, "Key For: "},
		{"method", `"POST", "url": "https://api.example/1"`, `"BREW", "url": "https://api.example/1"`, "Method Type: "},
		{"name of 10,000 characters", `"N1"`, `"` + strings.Repeat("n", 10_000) + `"`, "Name: "},
		{"time limit", `"name": "N1",`, `"name": "N1", "options": {"timeout_seconds": 301},`, "Time limit: "},
		{"colliding header", `"params": [`, `"headers": [{"name": "X-A", "value": {"plain": "a\r\nX-Evil: 1"}}], "params": [`, "Header X-A: "},
		{"a level too many", `"place": ["Orders", "Import"], "stage": "Stage 1"`, `"place": ["A", "B", "C", "D"], "stage": "Stage 1"`, "A place has one to three names"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t)
			text := plainFile(2)
			at := strings.LastIndex(text, c.old)
			if at < 0 {
				t.Fatal("the case changes nothing")
			}
			text = text[:at] + c.new + text[at+len(c.old):]
			before := d.everything(t)
			preview := d.look(t, text)
			good, bad := preview.Rows[0], preview.Rows[1]
			if len(good.Problems) != 0 || len(bad.Problems) == 0 || !strings.HasPrefix(bad.Problems[0], c.want) {
				t.Errorf("the rows say %v and %v", good.Problems, bad.Problems)
			}
			_, err := d.Ops.Transfer.Import(atWindow(t), transfer.ImportInput{Text: text, Rows: everyRow(preview)})
			if f := fault.From(err); codeOf(err) != "transfer.refused" || !slices.Equal(fieldNames(err), []string{"rows[1]"}) || !strings.Contains(f.Message, c.want) {
				t.Errorf("import gave %+v", f)
			}
			if d.everything(t) != before {
				t.Error("something was saved")
			}
		})
	}
}

// Bad files end in one clear message, with the line if there is one, and nothing is
// saved.
func TestBadFilesAreRefused(t *testing.T) {
	d := newDesk(t)
	before := d.everything(t)
	good := plainFile(2)
	change := func(old, new string) string {
		at := strings.LastIndex(good, old)
		if at < 0 {
			t.Fatalf("no %s in the file", old)
		}
		return good[:at] + new + good[at+len(old):]
	}
	deep := strings.Repeat(`{"a":`, 20) + "1" + strings.Repeat("}", 20)
	for _, c := range []struct{ name, text, code, message string }{
		{"over 4 MiB", good + strings.Repeat(" ", 4<<20), "transfer.too_large", ""},
		{"not text", "\xff\xfe{", "transfer.unreadable", ""},
		{"NUL", good + "\x00", "transfer.unreadable", ""},
		{"empty brackets", "{}", "transfer.other_kind", ""},
		{"a list", "[]", "transfer.other_kind", ""},
		{"a word", "hello", "transfer.broken", "line 1"},
		{"nothing but blanks", "  \n ", "transfer.broken", "line"},
		{"cut", good[:len(good)-40], "transfer.broken", "line 7"},
		{"a comma too many", change(`"sms", `, `"sms",, `), "transfer.broken", "line 7"},
		{"text behind it", good + "{}", "transfer.broken", "line 7"},
		{"another kind", change(`"setups", "format"`, `"roles", "format"`), "transfer.other_kind", ""},
		{"a newer format", change(`"format": 1`, `"format": 4, "more": {}`), "transfer.newer", ""},
		{"format as text", change(`"format": 1`, `"format": "1"`), "transfer.faulty", "“format” has to be 1"},
		{"format 1.5", change(`"format": 1`, `"format": 1.5`), "transfer.faulty", "“format” has to be 1"},
		{"unknown member", change(`"enabled": true`, `"enabeld": true`), "transfer.faulty", "Line 7: “enabeld” is not known here."},
		{"another case", change(`"enabled": true`, `"Enabled": true`), "transfer.faulty", "Line 7: “Enabled” is not known here."},
		{"member twice", change(`"enabled": true`, `"enabled": true, "enabled": false`), "transfer.faulty", "Line 7: “enabled” is here twice."},
		{"wrong type", change(`"enabled": true`, `"enabled": "yes"`), "transfer.faulty", "Line 7: “setups.setup.enabled” has to be true or false."},
		{"a list for text", change(`"stage": "Stage 1"`, `"stage": ["Stage 1"]`), "transfer.faulty", "Line 7: “setups.stage” has to be text."},
		{"nothing for a setup", change(`"setups": [`, `"setups": [null, `), "transfer.faulty", "Line 5: There has to be an object here, not null."},
		{"a typed secret", change(`{"type": "none"}`, `{"type": "bearer", "token": {"secret": true, "typed": "x"}}`), "transfer.faulty", "Line 7: “typed” does not belong in a file"},
		{"a secret in plain text", change(`{"type": "none"}`, `{"type": "bearer", "token": {"secret": true, "plain": "x"}}`), "transfer.faulty", "Line 7: This setup holds a secret in plain text."},
		{"a stored mark", change(`{"type": "none"}`, `{"type": "bearer", "token": {"secret": true, "stored": true}}`), "transfer.faulty", "Line 7: “stored” does not belong in a file"},
		{"a place by id", change(`"channel": "sms"`, `"place_id": "x", "channel": "sms"`), "transfer.faulty", "Line 7: “place_id” does not belong in a file"},
		{"an office's id", change(`{"name": "to",`, `{"id": "01890a5d-ac96-774b-bcce-b302099a8057", "name": "to",`), "transfer.faulty", "Line 7: A row of this setup has an id from another organisation."},
		{"nested too deep", change(`"plain": "{{mobile}}"`, `"plain": `+deep), "transfer.faulty", "Line 7: Objects and lists are nested deeper than 16."},
		{"two enabled for one place", change(`"Stage 1", "setup"`, `"stage 0", "setup"`), "transfer.faulty", "Line 7: There is already an enabled setup for this place, stage and channel at line 6."},
		{"a place twice", change(`"places": [`, `"places": [{"place": ["Orders", "import"]},`), "transfer.faulty", "The place “orders / Import” is already at line"},
		{"a stage twice", change(`{"name": "Stage 1",`, `{"name": "STAGE 0",`), "transfer.faulty", "Line 2: The stage “STAGE 0” is here twice."},
		{"a field twice", change(`"fields": [`, `"fields": [{"name": "mobile"}, `), "transfer.faulty", "Stage 1: The stage field “Mobile” is here twice."},
		{"a field of no type", change(`"type": "phone"`, `"type": "fax"`), "transfer.faulty", "“Mobile” has no type of a stage field"},
		{"a sample that does not fit", change(`"sample": "+919812345678"`, `"sample": "soon"`), "transfer.faulty", "Sample Value of “Mobile”"},
		{"a place without a name", change(`["orders", "Import"]`, `["", "Import"]`), "transfer.faulty", "Line 2: Process: Fill this in."},
		{"5,001 setups", plainFile(5001), "transfer.too_much", ""},
		{"a million empty braces", change(`"setups": [`, `"setups": [`+strings.Repeat("{},", 1_000_000)), "transfer.too_much", ""},
		{"20,001 stages", change(`"stages": [`, `"stages": [`+strings.Repeat("{},", 20_000)), "transfer.too_much", ""},
		{"half a million rows", change(`"params": [`, `"params": [`+strings.Repeat("{},", 500_000)), "transfer.too_much", ""},
	} {
		for _, call := range []func() error{
			func() error {
				_, err := d.Ops.Transfer.Preview(atWindow(t), transfer.PreviewInput{Text: c.text})
				return err
			},
			func() error {
				_, err := d.Ops.Transfer.Import(atWindow(t), transfer.ImportInput{Text: c.text, Rows: []transfer.Choice{{Row: 1}}})
				return err
			},
		} {
			if f := fault.From(call()); f == nil || f.Code != c.code || !strings.Contains(f.Message, c.message) || f.Hint == "" {
				t.Errorf("%s: %+v", c.name, f)
			}
		}
	}
	if d.everything(t) != before {
		t.Error("something was saved")
	}
}

// An unknown provider is noted in the preview and does not stop the import.
func TestUnknownProviderIsANote(t *testing.T) {
	d := newDesk(t)
	text := strings.Replace(plainFile(1), `"channel": "sms"`, `"channel": "sms", "provider": "nobody-knows"`, 1)
	row := d.look(t, text).Rows[0]
	if len(row.Notes) != 1 || !strings.Contains(row.Notes[0], "nobody-knows") || len(row.Problems) != 0 {
		t.Errorf("row %+v", row)
	}
	d.importAll(t, text)
	if one := d.all(t)[0]; one.Draft.Provider != "nobody-knows" || !one.Draft.Enabled {
		t.Errorf("there is %+v", one)
	}
}

// Replacing asks for Can Edit, making a place for Can Create Processes. The
// preview says each of them, and a refusal names it. Nothing asks for the
// password: an import switches no TLS check off (S5).
func TestWhatAnImportAsksFor(t *testing.T) {
	d := newDesk(t)
	existing := plainFile(1)
	d.importAll(t, existing)
	tlsOff := strings.Replace(strings.Replace(existing, `"name": "N0",`, `"name": "N0", "options": {"skip_tls_check": true},`, 1), "api.example/0", "api.example/other", 1)
	d.now = d.now.Add(10 * time.Minute)
	preview := d.look(t, tlsOff)
	row := preview.Rows[0]
	if len(row.Problems) != 0 || len(row.Notes) != 0 || row.TLSOff {
		t.Errorf("the row says %+v", row)
	}
	if want := []string{"The file switches the TLS check off for 1 setup. It stays on; switch it off in the setup if you must."}; !slices.Equal(preview.Notes, want) {
		t.Errorf("the preview says %q", preview.Notes)
	}
	choice := []transfer.Choice{{Row: 1, Over: row.Over, OverVersion: row.OverVersion}}
	if _, err := d.Ops.Transfer.Import(atWindow(t), transfer.ImportInput{Text: tlsOff, Rows: choice}); err != nil {
		t.Errorf("a file that switches the TLS check off gave %v", err)
	}
	if one := d.all(t)[0]; one.Draft.Options.SkipTLSCheck || one.Draft.Request.URL != "https://api.example/other" {
		t.Errorf("there is %+v", one.Draft)
	}
	d.importAll(t, existing)
	if _, err := d.Ops.User.ConfirmPassword(atWindow(t), user.PasswordInput{Password: secret.New(adminPassword)}); err != nil {
		t.Fatal(err)
	}

	role, err := d.Ops.User.CreateRole(atWindow(t), user.CreateRoleInput{Name: "Importer", Permissions: []access.Permission{access.ImportData, access.CreateSetup, access.ViewSetup, access.ViewProcess}})
	if err != nil {
		t.Fatal(err)
	}
	person := roleUser(t, d.Backend, "importer-person", role.ID)
	begin(t, d.Backend, person)
	before := d.all(t)
	for _, c := range []struct{ name, text, needs string }{
		{"replacing", existing, "Can Edit API Key Setup"},
		{"a new place", strings.ReplaceAll(existing, "Import", "Elsewhere"), "Can Create Processes"},
		{"a new stage", strings.ReplaceAll(existing, "Stage 0", "Stage 9"), "Can Create Processes"},
	} {
		preview := d.look(t, c.text)
		if row := preview.Rows[0]; len(row.Problems) != 1 || !strings.Contains(row.Problems[0], c.needs) {
			t.Errorf("%s: the row says %+v", c.name, row)
		}
		_, err := d.Ops.Transfer.Import(atWindow(t), transfer.ImportInput{Text: c.text, Rows: everyRow(preview)})
		if f := fault.From(err); codeOf(err) != "access.forbidden" || !strings.Contains(f.Message, c.needs) {
			t.Errorf("%s gave %+v", c.name, f)
		}
	}
	if diff := cmp.Diff(fmt.Sprint(before), fmt.Sprint(d.all(t))); diff != "" {
		t.Error(diff)
	}
	// Another setup at a place that is already there needs neither.
	email := strings.ReplaceAll(existing, `"sms"`, `"email"`)
	if _, err := d.Ops.Transfer.Import(atWindow(t), transfer.ImportInput{Text: email, Rows: everyRow(d.look(t, email))}); err != nil {
		t.Error(err)
	}
}

// The export holds what the list shows by its search and filters, or the ids that
// were asked for, and never deleted setups.
func TestExportFollowsTheList(t *testing.T) {
	d := newDesk(t)
	d.importAll(t, plainFile(3))
	for _, c := range []struct {
		name string
		in   transfer.ExportInput
		want []string
		code string
	}{
		{"search", transfer.ExportInput{Filter: setup.ListInput{Search: "api.example/1"}}, []string{"N1"}, ""},
		{"ids", transfer.ExportInput{IDs: []string{d.all(t)[0].ID, d.all(t)[0].ID}}, []string{"N0"}, ""},
		{"all, a page of one", transfer.ExportInput{Filter: setup.ListInput{Limit: 1, Sort: "verdict", Descending: true}}, []string{"N0", "N1", "N2"}, ""},
		{"nothing found", transfer.ExportInput{Filter: setup.ListInput{Channel: "email"}}, nil, "transfer.nothing"},
		{"deleted", transfer.ExportInput{Filter: setup.ListInput{Deleted: true}}, nil, "transfer.deleted"},
		{"gone", transfer.ExportInput{IDs: []string{"gone"}}, nil, "setup.not_found"},
	} {
		file, err := d.Ops.Transfer.Export(atWindow(t), c.in)
		names := []string{}
		for _, found := range regexp.MustCompile(`"name": "(N\d)"`).FindAllStringSubmatch(file.Text, -1) {
			names = append(names, found[1])
		}
		if codeOf(err) != c.code || !slices.Equal(names, append([]string{}, c.want...)) || file.Setups != len(c.want) {
			t.Errorf("%s: %v, %v", c.name, names, err)
		}
		if stages := strings.Count(file.Text, `"name": "Stage`); stages != len(c.want) {
			t.Errorf("%s: %d stages are in the file", c.name, stages)
		}
	}
}

// filled makes a provider's request with the examples of its file.
func (d *desk) filled(t *testing.T, id string) setup.Draft {
	t.Helper()
	p, err := d.Providers.Get(id)
	if err != nil {
		t.Fatal(err)
	}
	one := setup.Draft{PlaceID: d.place.ID, StageID: d.stage.ID, Channel: setup.Channel(p.Channels[0]), Name: p.ID}
	in := setup.ApplyInput{Draft: one, Provider: id, Entered: &provider.Entered{}}
	for _, rows := range p.Rows {
		in.Entered.Tables = append(in.Entered.Tables, provider.Table{ID: rows.ID, Rows: []provider.Row{{Name: rows.NameExample, Value: "{{mobile}}"}}})
	}
	applied, err := d.Ops.Setup.Apply(atWindow(t), in)
	if err != nil {
		t.Fatal(err)
	}
	one = applied.Draft
	one.Request.StageParams = []request.StageParam{{Variable: "mobile", Field: "Mobile"}}
	for _, row := range one.Request.Fixed {
		field, isField := p.Field(row.Name)
		switch {
		case !isField:
		case field.Secret:
			enter(&one, row.Name, hidden(p.StandIn(field)))
		case row.Value.Plain == "":
			enter(&one, row.Name, request.Value{Plain: field.Example})
		}
	}
	return one
}

// A setup of every provider arrives as the provider's file builds it, its rows
// with the ids they are compared by, so that nothing counts as changed by hand.
// Its secrets are asked for by the labels of the file.
func TestEveryProvidersSetupArrivesAsApplied(t *testing.T) {
	one, two := newDesk(t), newDesk(t)
	list, err := one.Ops.Provider.List(atWindow(t), provider.ListInput{})
	if err != nil || len(list.Providers) < 20 {
		t.Fatal(len(list.Providers), err)
	}
	for _, p := range list.Providers {
		one.create(t, one.filled(t, p.ID))
	}
	text := one.export(t)
	if id := regexp.MustCompile(`"id": "` + uuidShape.String()).FindString(text); id != "" || !strings.Contains(text, `"id": "`) {
		t.Errorf("the file holds %s, or no id of a provider's row", id)
	}
	for _, row := range two.look(t, text).Rows {
		if len(row.Problems)+len(row.Notes) > 0 || len(row.Retype) == 0 {
			t.Errorf("%s: %+v", row.Title, row)
		}
		for _, label := range row.Retype {
			if label == "" || strings.HasPrefix(label, "Field ") {
				t.Errorf("%s asks for %q", row.Title, label)
			}
		}
	}
	two.importAll(t, text)
	if two.export(t) != text {
		t.Error("the second office exports another file")
	}
	for _, arrived := range two.all(t) {
		applied, err := two.Ops.Setup.Apply(atWindow(t), setup.ApplyInput{Draft: arrived.Draft, Provider: arrived.Draft.Provider})
		if err != nil {
			t.Fatal(err)
		}
		if len(applied.Draft.ByHand)+len(applied.Changes) > 0 || applied.Newer || arrived.ProviderName == arrived.Draft.Provider {
			t.Errorf("%s: by hand %v, changes %v, newer %v, named %q", arrived.Title, applied.Draft.ByHand, applied.Changes, applied.Newer, arrived.ProviderName)
		}
	}
}

// FORMAT.md: a file of format 1 does not have what was entered in a provider's
// form. It is read from the request, so that the setup is the same as one of
// format 2, and an equal setup here counts as unchanged.
func TestFilesOfFormat1(t *testing.T) {
	one, two := newDesk(t), newDesk(t)
	for _, id := range []string{"meta-whatsapp", "sendgrid-email", "twilio-sms"} {
		draft := one.filled(t, id)
		draft.Request.Params = append(draft.Request.Params, request.Param{ID: "mine", Name: "tag", Value: request.Value{Plain: "x"}})
		one.create(t, draft)
	}
	text := one.export(t)
	var doc map[string]any
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	doc["format"] = 1
	for _, each := range doc["setups"].([]any) {
		draft := each.(map[string]any)["setup"].(map[string]any)
		if draft["entered"] == nil || fmt.Sprint(draft["by_hand"]) != "[params]" {
			t.Errorf("the file has %v, by hand %v", draft["entered"], draft["by_hand"])
		}
		delete(draft, "entered")
		delete(draft, "by_hand")
	}
	old, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range one.look(t, string(old)).Rows {
		if row.State != "same" {
			t.Errorf("%s is not the same as in its own office", row.Title)
		}
	}
	two.importAll(t, string(old))
	if again := two.export(t); again != text {
		t.Errorf("of format 1 arrived\n%s\nof\n%s", again, text)
	}
}

// R9: a secret that is also in a row of a provider's table, or in a field that a
// choice hides, is masked in the file.
func TestNoSecretInWhatWasEntered(t *testing.T) {
	d := newDesk(t)
	draft := d.filled(t, "meta-whatsapp")
	for i := range draft.Entered.Tables {
		draft.Entered.Tables[i].Rows[0].Value = "code " + canary
	}
	enter(&draft, "message", request.Value{Plain: "say " + canary})
	for _, f := range draft.Request.Fixed {
		if f.Value.Secret {
			enter(&draft, f.Name, hidden(canary))
		}
	}
	d.create(t, draft)
	text := d.export(t)
	hiddenIn(t, "the file", text, []string{canary})
	if strings.Count(text, "••••••••") < 2 {
		t.Errorf("not masked: %s", text)
	}
}

// A large organisation is exported completely, page by page of the list, and
// imported in one transaction.
func TestALargeFile(t *testing.T) {
	const setups = 1000
	one, two := emptyDesk(t), emptyDesk(t)
	one.importAll(t, plainFile(setups))
	text := one.export(t)
	if done := two.importAll(t, text); done.Added != setups || done.Stages != setups {
		t.Errorf("imported %+v", done)
	}
	if two.export(t) != text {
		t.Error("the second office exports another file")
	}
}

// A file with the TLS check off never switches it off here, and so costs no
// stored secret either (S5). It says nothing about it in a setup that is equal.
func TestPreviewWithTheTLSCheckOff(t *testing.T) {
	here, there := newDesk(t), newDesk(t)
	before := here.create(t, draft(here.place, here.stage, "https://api.example/send"))
	off := draft(there.place, there.stage, "https://api.example/send")
	off.Options.SkipTLSCheck = true
	saved := there.create(t, off)
	here.now = here.now.Add(10 * time.Minute)
	preview := here.look(t, there.export(t))
	if row := preview.Rows[0]; row.State != "same" || row.TLSOff || len(preview.Notes) != 1 {
		t.Errorf("an equal setup with the check off reads %+v, %q", row, preview.Notes)
	}
	saved.Draft.Request.URL = "https://api.example/other"
	if _, err := there.Ops.Setup.Update(atWindow(t), setup.UpdateInput{ID: saved.ID, Version: saved.Version, Draft: saved.Draft}); err != nil {
		t.Fatal(err)
	}
	text := there.export(t)
	row := here.look(t, text).Rows[0]
	if !slices.Equal(row.Kept, []string{"Token"}) || len(row.Retype) != 0 || row.Off || row.TLSOff {
		t.Errorf("the preview says kept %v, retype %v, off %v, TLS off %v", row.Kept, row.Retype, row.Off, row.TLSOff)
	}
	here.importAll(t, text)
	if slots := here.slots(t, before.ID); len(slots) != 1 {
		t.Errorf("stored is %v", slots)
	}
	if one := here.all(t)[0]; one.Draft.Options.SkipTLSCheck || one.Draft.Request.URL != "https://api.example/other" {
		t.Errorf("there is %+v", one.Draft)
	}
	// Into an empty office it comes with the check on.
	empty := newDesk(t)
	if preview := empty.look(t, text); len(preview.Notes) != 1 || preview.Rows[0].TLSOff {
		t.Errorf("a new setup reads %+v", preview)
	}
	empty.importAll(t, text)
	if one := empty.all(t)[0]; one.Draft.Options.SkipTLSCheck {
		t.Error("an import switched the TLS check off")
	}
}

// Where the check is off already it is the choice of this organisation for one
// destination: an import leaves it as long as the destination stays, and
// otherwise switches it on (S5).
func TestAnImportOverASetupWithTheTLSCheckOff(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*setup.Draft)
		off    bool
	}{
		"the same destination":         {func(s *setup.Draft) { s.Request.URL = "https://api.example/other" }, true},
		"another host":                 {func(s *setup.Draft) { s.Request.URL = "https://evil.example/send" }, false},
		"another port":                 {func(s *setup.Draft) { s.Request.URL = "https://api.example:8443/send" }, false},
		"another place for its tokens": {func(s *setup.Draft) { s.Request.Auth.TokenURL = "https://evil.example/token" }, false},
	} {
		for _, inFile := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, off in the file: %v", name, inFile), func(t *testing.T) {
				here, there := newDesk(t), newDesk(t)
				base := func(d *desk, off bool) setup.Draft {
					one := draft(d.place, d.stage, "https://api.example/send")
					one.Options.SkipTLSCheck = off
					one.Request.Auth = request.Auth{Type: request.OAuth2, FetchToken: true, HeaderPrefix: "Bearer",
						TokenURL: "https://api.example/token", ClientID: "me", ClientSecret: request.Value{Secret: true, Typed: secret.New(canary)}}
					return one
				}
				here.create(t, base(here, true))
				other := base(there, inFile)
				c.change(&other)
				there.create(t, other)
				text := there.export(t)
				preview := here.look(t, text)
				if row := preview.Rows[0]; row.TLSOff != c.off || (len(preview.Notes) == 1) != (inFile && !c.off) {
					t.Errorf("the preview says %+v, %q", row, preview.Notes)
				}
				here.importAll(t, text)
				if one := here.all(t)[0]; one.Draft.Options.SkipTLSCheck != c.off {
					t.Errorf("afterwards the check is off: %v", one.Draft.Options.SkipTLSCheck)
				}
			})
		}
	}
}

// No other way in switches the TLS check off: a pasted line of curl in each of
// its spellings is read, and says that the check stays on.
func TestAPastedLineLeavesTheTLSCheckOn(t *testing.T) {
	d := newDesk(t)
	for _, line := range []string{
		"curl -k https://api.example/send", "curl --insecure https://api.example/send", "curl -sk https://api.example/send",
		"curl --proxy-insecure -k https://api.example/send", "curl.exe -k https://api.example/send",
	} {
		pasted, err := d.Ops.Setup.Paste(atWindow(t), setup.PasteInput{Line: line})
		if err != nil {
			t.Errorf("%s: %v", line, err)
			continue
		}
		said := false
		for _, one := range pasted.NotCarried {
			said = said || strings.Contains(one.Why, "TLS")
		}
		if pasted.Draft.Options.SkipTLSCheck || pasted.Provider != nil && pasted.Provider.Draft.Options.SkipTLSCheck || !said {
			t.Errorf("%s: off %v, not carried %+v", line, pasted.Draft.Options.SkipTLSCheck, pasted.NotCarried)
		}
	}
}
