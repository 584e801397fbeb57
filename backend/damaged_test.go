package backend_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"keydesk/backend/access"
	"keydesk/backend/call"
	"keydesk/backend/fault"
	"keydesk/backend/process"
	"keydesk/backend/setup"
	"keydesk/backend/transfer"
	"keydesk/backend/user"
)

// RULES.md, Failures: a flipped byte in one document is said of that one thing.
// The export goes on without it, Test all names it, the list and the work on the
// tree go on, and it can be deleted, restored once it is whole, and purged.
func TestADamagedSetup(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	defer server.Close()
	d := newDesk(t)
	whole, broken := draft(d.place, d.stage, server.URL), draft(d.place, d.stage, server.URL)
	whole.Name, broken.Name, broken.Channel = "Whole", "Broken", setup.Email
	kept, damaged := d.create(t, whole), d.create(t, broken)
	raw := openRaw(t, d.folder)
	flip := func(statement string, args ...any) {
		t.Helper()
		if _, err := raw.Exec(statement, args...); err != nil {
			t.Fatal(err)
		}
	}
	flip("UPDATE setup SET document = '[' || substr(document, 2) WHERE id = ?", damaged.ID)

	said := func(what string, err error) {
		t.Helper()
		if f := fault.From(err); f.Code != "setup.damaged" || f.Message != "The setup “Broken” is damaged in the data file." || f.Hint == "" {
			t.Errorf("%s gave %v", what, err)
		}
	}
	_, err := d.Ops.Setup.Get(atWindow(t), setup.IDInput{ID: damaged.ID})
	said("opening it", err)
	_, err = d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: damaged.ID})
	said("testing it", err)
	_, err = d.Ops.Setup.Update(atWindow(t), setup.UpdateInput{ID: damaged.ID, Version: damaged.Version, Draft: damaged.Draft})
	said("saving it", err)

	file, err := d.Ops.Transfer.Export(atWindow(t), transfer.ExportInput{})
	if err != nil || file.Setups != 1 || !strings.Contains(file.Text, `"Whole"`) || !slices.Equal(file.Damaged, []string{"Broken"}) {
		t.Errorf("the export gave %+v, %v", file, err)
	}
	if row := d.look(t, file.Text).Rows[0]; row.State != "same" {
		t.Errorf("its preview says %+v", row)
	}
	all, err := d.Ops.Call.TestAll(atWindow(t), call.AllInput{})
	if err != nil || all.Fired != 1 || len(all.NotFired) != 1 || all.NotFired[0].Title != "Broken" || !strings.Contains(all.NotFired[0].Why, "damaged") {
		t.Errorf("Test all gave %+v, %v", all, err)
	}
	page, err := d.Ops.Setup.List(atWindow(t), setup.ListInput{})
	if err != nil || len(page.Rows) != 2 {
		t.Errorf("the list has %d rows, %v", len(page.Rows), err)
	}
	fields, err := d.Process.Fields(atWindow(t), d.place.ID, d.stage.ID)
	if err != nil || len(fields) == 0 {
		t.Fatalf("%v, %v", fields, err)
	}
	one := fields[0]
	if _, err := d.Ops.Process.UpdateField(atWindow(t), process.UpdateFieldInput{ID: one.ID, Version: one.Version, Name: "Renamed", Type: one.Type, Sample: one.Sample}); err != nil {
		t.Errorf("renaming a field gave %v", err)
	}

	info, err := d.Ops.Setup.DeleteInfo(atWindow(t), setup.IDInput{ID: damaged.ID})
	if err != nil || info.Title != "Broken" || info.Place == "" {
		t.Errorf("what deleting leaves: %+v, %v", info, err)
	}
	if _, err := d.Ops.Setup.Delete(atWindow(t), setup.IDInput{ID: damaged.ID}); err != nil {
		t.Errorf("deleting it gave %v", err)
	}
	_, err = d.Ops.Setup.Restore(atWindow(t), setup.IDInput{ID: damaged.ID})
	said("restoring it", err)
	d.now = d.now.AddDate(0, 0, 31)
	d.restart(t)
	if left := d.all(t); len(left) != 1 || left[0].ID != kept.ID {
		t.Errorf("left are %+v", left)
	}
	if _, err := d.Store.Setup(t.Context(), damaged.ID); codeOf(err) != "setup.not_found" {
		t.Errorf("after the purge: %v", err)
	}
}

// The same of a call and of a role: the history goes on, and people sign in.
func TestADamagedCallAndRole(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	defer server.Close()
	d := newDesk(t)
	one := d.create(t, draft(d.place, d.stage, server.URL))
	fired, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: one.ID})
	if err != nil {
		t.Fatal(err)
	}
	role, err := d.Ops.User.CreateRole(atWindow(t), user.CreateRoleInput{Name: "Clerk", Permissions: []access.Permission{access.ViewSetup}})
	if err != nil {
		t.Fatal(err)
	}
	person := roleUser(t, d.Backend, "clerk-person", role.ID)
	raw := openRaw(t, d.folder)
	for _, statement := range []string{"UPDATE call SET answer = substr(answer, 2)", "UPDATE role SET permissions = substr(permissions, 2) WHERE name = 'Clerk'"} {
		if _, err := raw.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	if detail, err := d.Ops.Call.Get(atWindow(t), call.IDInput{ID: fired.Call.ID}); err != nil || !strings.Contains(detail.Note, "damaged") || detail.Request.Wire == "" {
		t.Errorf("of the call is shown %+v, %v", detail, err)
	}
	if page, err := d.Ops.Call.List(atWindow(t), call.ListInput{}); err != nil || len(page.Calls) != 1 {
		t.Errorf("the history gave %+v, %v", page, err)
	}
	roles, err := d.Ops.User.Roles(atWindow(t), user.Nothing{})
	if err != nil || !slices.ContainsFunc(roles, func(r user.Role) bool { return r.Name == "Clerk" && len(r.Permissions) == 0 }) {
		t.Errorf("the roles are %+v, %v", roles, err)
	}
	begin(t, d.Backend, person)
	if _, err := d.Ops.Setup.List(atWindow(t), setup.ListInput{}); codeOf(err) != "access.forbidden" {
		t.Errorf("a person with a damaged role lists: %v", err)
	}
}
