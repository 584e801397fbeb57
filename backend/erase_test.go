package backend_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"keydesk/backend/access"
	"keydesk/backend/activity"
	"keydesk/backend/call"
	"keydesk/backend/erase"
	"keydesk/backend/fault"
	"keydesk/backend/process"
	"keydesk/backend/request"
	"keydesk/backend/secret"
	"keydesk/backend/setup"
	"keydesk/backend/user"
)

// plainCanary has characters that JSON, URLs and forms write in other ways.
const plainCanary = `pLaiN"key&7Q2x+é`

// found searches a folder as the README does, for each disguise of a text.
func found(t *testing.T, folder, word string) []string {
	t.Helper()
	var where []string
	err := filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		for form, text := range disguises(word) {
			if strings.Contains(string(data), text) {
				where = append(where, filepath.Base(path)+", "+form)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return where
}

// exposed saves a setup with a plain key, tests it at a server that echoes, copies
// and deletes the copy, and marks the key as secret with a new text.
func exposed(t *testing.T, d *desk) setup.Setup {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("X-Echo", r.Header.Get("X-Other"))
		w.WriteHeader(http.StatusUnprocessableEntity)
		_ = json.NewEncoder(w).Encode(map[string]string{"error": "unknown key " + plainCanary, "body": string(body)})
	}))
	t.Cleanup(server.Close)
	if _, err := d.Ops.Process.CreateField(atWindow(t), process.CreateFieldInput{StageID: d.stage.ID, Name: "Note", Type: process.Text}); err != nil {
		t.Fatal(err)
	}
	one := draft(d.place, d.stage, server.URL+"/send")
	one.Request.Params = append(one.Request.Params, request.Param{ID: "key", Name: "key", Value: request.Value{Plain: plainCanary}})
	one.Request.Headers = []request.Header{{ID: "other", Name: "X-Other", Value: request.Value{Plain: "other"}}}
	saved := d.create(t, one)
	if _, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: saved.ID}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: saved.ID, Record: map[string]string{"Mobile": "+919812345678", "Note": plainCanary}}); err != nil {
		t.Fatal(err)
	}
	copied := saved.Draft
	copied.Channel, copied.Name = setup.Email, "Copy "+plainCanary
	made, err := d.Ops.Setup.Create(atWindow(t), setup.CreateInput{Draft: copied, CopyOf: setup.Source{SetupID: saved.ID}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Ops.Setup.Delete(atWindow(t), setup.IDInput{ID: made.Setups[0].ID}); err != nil {
		t.Fatal(err)
	}
	return markSecret(t, d, saved)
}

func markSecret(t *testing.T, d *desk, saved setup.Setup) setup.Setup {
	t.Helper()
	changed := saved.Draft
	changed.Request.Params = slices.Clone(changed.Request.Params)
	changed.Request.Params[2].Value = hidden("a-new-one-from-the-provider")
	after, err := d.Ops.Setup.Update(atWindow(t), setup.UpdateInput{ID: saved.ID, Version: saved.Version, Draft: changed})
	if err != nil {
		t.Fatal(err)
	}
	return after
}

// everything lists what operations show of the past, as text.
func everything(t *testing.T, d *desk) string {
	t.Helper()
	var all []any
	entries, err := d.Ops.Activity.List(atWindow(t), activity.ListInput{Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	calls, err := d.Ops.Call.List(atWindow(t), call.ListInput{Limit: 50})
	if err != nil {
		t.Fatal(err)
	}
	all = append(all, entries, calls)
	for _, one := range calls.Calls {
		detail, err := d.Ops.Call.Get(atWindow(t), call.IDInput{ID: one.ID})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, detail)
	}
	text, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// A35: what was saved plain and is a secret now is found by README's search, and
// erased it is not, neither in the files nor in anything that operations show. The
// chain is whole, the entries say what is gone, and who erased it is recorded.
func TestErasedTextIsNowhere(t *testing.T) {
	d := newDesk(t)
	one := exposed(t, d)
	quoted, _ := json.Marshal(plainCanary)
	if len(found(t, d.folder, plainCanary)) == 0 || !strings.Contains(everything(t, d), strings.Trim(string(quoted), `"`)) {
		t.Fatal("the canary was not in the history to begin with")
	}
	old := filepath.Join(d.folder, "keydesk.db.before-5")
	for _, path := range []string{old, old + "-wal"} {
		if err := os.WriteFile(path, []byte("an older database with "+plainCanary), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	before, err := d.Ops.Activity.List(atWindow(t), activity.ListInput{})
	if err != nil {
		t.Fatal(err)
	}

	out, err := d.Ops.Erase.Text(atWindow(t), erase.Input{Text: secret.New(plainCanary)})
	if err != nil {
		t.Fatal(err)
	}
	// Created, changed, copied, deleted, and the two tests.
	if out.Calls != 2 || out.Setups != 1 || out.Copies != 1 || out.Entries < 4 {
		t.Errorf("it says %+v", out)
	}
	if where := found(t, d.folder, plainCanary); len(where) > 0 {
		t.Errorf("still in %v", where)
	}
	if text := everything(t, d); strings.Contains(text, "pLaiN") || strings.Contains(text, "plain\\\"key") {
		t.Error("an operation still shows it")
	}
	report := wholeTrail(t, d.Backend)
	if len(report.Erased) != out.Entries {
		t.Errorf("%d entries read as erased, %d were", len(report.Erased), out.Entries)
	}
	page, err := d.Ops.Activity.List(atWindow(t), activity.ListInput{})
	if err != nil || page.Count != before.Count+3 {
		t.Fatalf("%d entries before, %d after, %v", before.Count, page.Count, err)
	}
	if last := page.Entries[0]; last.Op != "erase.text" || last.Actor != adminName || last.Kind != erase.Kind || last.Object != "Finished" || !strings.Contains(last.After, `"calls":2`) {
		t.Errorf("the newest entry reads %+v", last)
	}
	created := page.Entries[slices.IndexFunc(page.Entries, func(e activity.Entry) bool { return e.Op == "setup.create" && e.ObjectID == one.ID })]
	if !slices.Equal(created.Erased, []string{"after"}) || created.Object == "" || created.Actor != adminName || created.After != "" {
		t.Errorf("the entry of the first save reads %+v", created)
	}
	// What is not about the text is as it was.
	calls, err := d.Ops.Call.List(atWindow(t), call.ListInput{Limit: 50})
	if err != nil || len(calls.Calls) != 2 {
		t.Fatal(err)
	}
	detail, err := d.Ops.Call.Get(atWindow(t), call.IDInput{ID: calls.Calls[1].ID})
	if err != nil || !strings.Contains(detail.Request.Wire, "Shipped é 🙂") || !strings.Contains(detail.Request.Wire, secret.Mask) ||
		detail.Call.Status != 422 || detail.Record["Mobile"] != "+919812345678" || len(detail.Reply.Answer.Headers) == 0 {
		t.Errorf("the call reads %+v, %v", detail, err)
	}
	if _, err := d.Ops.Setup.Restore(atWindow(t), setup.IDInput{ID: one.ID}); codeOf(err) != "setup.not_found" {
		t.Errorf("the setup that is in use: %v", err)
	}
	// The office goes on: the new secret is there, the search of activity works, and
	// the file opens again.
	if held, err := d.Vault.Get(atWindow(t), setup.Kind, one.ID, "param.key"); err != nil || held.Reveal() != "a-new-one-from-the-provider" {
		t.Errorf("the new secret: %v", err)
	}
	markSecret(t, d, one)
	wholeTrail(t, d.Backend)
	again, err := d.Ops.Erase.Text(atWindow(t), erase.Input{Text: secret.New(plainCanary)})
	if err != nil || again != (erase.Erased{}) {
		t.Errorf("erased again: %+v, %v", again, err)
	}
}

// What is used today is not erased: the next save would write it again. The
// refusal leads to each thing and does not repeat the text; nothing was changed.
func TestTextInUseIsNotErased(t *testing.T) {
	d := newDesk(t)
	one := draft(d.place, d.stage, "https://api.example/")
	one.Name = ""
	one.Request.Headers = []request.Header{{ID: "h", Name: "X-Key", Value: request.Value{Plain: plainCanary}}}
	saved := d.create(t, one)
	if _, err := d.Ops.Process.CreatePlace(atWindow(t), process.CreatePlaceInput{Name: "At " + plainCanary}); err != nil {
		t.Fatal(err)
	}
	before := len(everything(t, d))
	_, err := d.Ops.Erase.Text(atWindow(t), erase.Input{Text: secret.New(plainCanary)})
	refusal := fault.From(err)
	if refusal.Code != "erase.in_use" || len(refusal.Links) != 2 {
		t.Fatalf("it gave %+v", refusal)
	}
	if link := refusal.Links[0]; link.Kind != "setup" || link.ID != saved.ID || link.Name != saved.Title {
		t.Errorf("the setup's link is %+v", link)
	}
	if link := refusal.Links[1]; link.Kind != "place" || link.Name != "At "+secret.Mask {
		t.Errorf("the place's link is %+v", link)
	}
	if after := len(everything(t, d)); after != before {
		t.Errorf("%d bytes of history before, %d after", before, after)
	}
	for _, short := range []string{"12345", "      ", strings.Repeat("long", 20_000)} {
		if _, err := d.Ops.Erase.Text(atWindow(t), erase.Input{Text: secret.New(short)}); !slices.Equal(fieldNames(err), []string{"text"}) {
			t.Errorf("%d characters gave %v", len(short), err)
		}
	}
}

// What was put aside in the data folder is the person's: the refusal names the
// files, in which the text may lie across two pieces, and nothing was changed.
func TestTextInOtherFilesIsNotErased(t *testing.T) {
	d := newDesk(t)
	exposed(t, d)
	for name, text := range map[string]string{
		"keydesk.db.replaced-20260101-000000/keydesk.db": strings.Repeat("x", 1<<20-5) + plainCanary,
		"providers/taken in/acme.yaml":                   strings.Repeat("x", 1<<20-5) + "key: " + url.QueryEscape(plainCanary),
		"providers/taken in/other.yaml":                  "key: another",
		"letters/2019/a.txt":                             plainCanary,
	} {
		path := filepath.Join(d.folder, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	before := everything(t, d)
	_, err := d.Ops.Erase.Text(atWindow(t), erase.Input{Text: secret.New(plainCanary)})
	if refusal := fault.From(err); refusal.Code != "erase.in_files" || !strings.HasSuffix(refusal.Message, ": providers/taken in/acme.yaml.") {
		t.Fatalf("it gave %v", err)
	}
	if everything(t, d) != before {
		t.Error("something was erased")
	}
	if err := os.Remove(filepath.Join(d.folder, "providers/taken in/acme.yaml")); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Ops.Erase.Text(atWindow(t), erase.Input{Text: secret.New(plainCanary)}); err != nil {
		t.Fatal(err)
	}
	// A letter of the person's own, in a folder that is not Keydesk's, is left alone.
	for _, where := range found(t, d.folder, plainCanary) {
		if !strings.HasPrefix(where, "a.txt, ") {
			t.Errorf("still in %v", where)
		}
	}
}

// Only an Org Admin with a fresh password erases. What the others tried is
// recorded without the text.
func TestWhoMayErase(t *testing.T) {
	d := newDesk(t)
	exposed(t, d)
	admin := d.adminID(t)
	all, err := d.Ops.User.CreateRole(atWindow(t), user.CreateRoleInput{Name: "Everything else", Permissions: access.All().List()})
	if err != nil {
		t.Fatal(err)
	}
	in := erase.Input{Text: secret.New(plainCanary)}
	for _, role := range []string{user.Viewer, user.Operator, user.Manager, all.ID} {
		begin(t, d.Backend, roleUser(t, d.Backend, "person-"+role, role))
		if _, err := d.Ops.Erase.Text(atWindow(t), in); codeOf(err) != "access.forbidden" {
			t.Errorf("%s gave %v", role, err)
		}
		begin(t, d.Backend, admin)
	}
	d.now = d.now.Add(6 * 60 * 1e9)
	if _, err := d.Ops.Erase.Text(atWindow(t), in); codeOf(err) != "access.password_needed" {
		t.Errorf("without a fresh password it gave %v", err)
	}
	if report := wholeTrail(t, d.Backend); len(report.Erased) != 0 {
		t.Errorf("erased: %+v", report.Erased)
	}
	page, err := d.Ops.Activity.List(atWindow(t), activity.ListInput{Outcome: "refused"})
	if err != nil || len(page.Entries) != 4 {
		t.Fatalf("%d refusals, %v", len(page.Entries), err)
	}
	for _, entry := range page.Entries {
		if text, _ := json.Marshal(entry); strings.Contains(string(text), "pLaiN") {
			t.Errorf("the refusal holds the text: %s", text)
		}
	}
	begin(t, d.Backend, admin)
	if _, err := d.Ops.Erase.Text(atWindow(t), in); err != nil {
		t.Error(err)
	}
}

// An erasure that was cancelled has erased part of it, each entry wholly, and says
// who began it. Run again it finishes.
func TestErasureThatWasCancelled(t *testing.T) {
	d := newDesk(t)
	exposed(t, d)
	ctx, cancel := context.WithCancel(atWindow(t))
	raw := openRaw(t, d.folder)
	if _, err := raw.Exec(`CREATE TRIGGER stop BEFORE UPDATE ON call BEGIN SELECT RAISE(ABORT, 'stop'); END`); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Ops.Erase.Text(ctx, erase.Input{Text: secret.New(plainCanary)}); err == nil {
		t.Fatal("it did not stop")
	}
	cancel()
	if _, err := d.Ops.Erase.Text(ctx, erase.Input{Text: secret.New(plainCanary)}); codeOf(err) != "keydesk.cancelled" {
		t.Errorf("cancelled it gave %v", err)
	}
	if report := wholeTrail(t, d.Backend); len(report.Erased) == 0 {
		t.Error("nothing was erased before it stopped")
	}
	page, err := d.Ops.Activity.List(atWindow(t), activity.ListInput{Kind: erase.Kind})
	if err != nil || len(page.Entries) != 1 || page.Entries[0].Object != "Begun" {
		t.Errorf("the trail says %+v, %v", page.Entries, err)
	}
	if _, err := raw.Exec("DROP TRIGGER stop"); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Ops.Erase.Text(atWindow(t), erase.Input{Text: secret.New(plainCanary)}); err != nil {
		t.Fatal(err)
	}
	if where := found(t, d.folder, plainCanary); len(where) > 0 {
		t.Errorf("still in %v", where)
	}
}
