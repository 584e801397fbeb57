package backend_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"keydesk/backend/organisation"
	"keydesk/backend/process"
	"keydesk/backend/secret"
	"keydesk/backend/setup"
	"keydesk/backend/user"
)

// unseen are characters that nobody sees, as they are put into a name to make
// another that looks the same.
var unseen = []string{"\u200B", "\u200C", "\u200D", "\u200E", "\u200F", "\u2060", "\uFEFF", "\u00AD", "\u034F", "\u3164", "\uFE0F", "\U000E0041", "\u00A0"}

// Wherever a name enters, one that looks like another is the same: it is refused
// as taken, or kept without what nobody sees.
func TestNamesHaveNoTwins(t *testing.T) {
	d := newDesk(t)
	ctx := atWindow(t)
	if _, err := d.Ops.User.CreateRole(ctx, user.CreateRoleInput{Name: "Clerk"}); err != nil {
		t.Fatal(err)
	}
	for i, mark := range unseen {
		twin := func(name string) string { return mark + name[:2] + strings.Trim(mark, "\u00A0") + name[2:] + mark }
		_, err := d.Ops.User.Create(ctx, user.CreateInput{Name: twin(adminName), Password: secret.New("a-long-enough-password"), RoleIDs: []string{user.Viewer}})
		if codeOf(err) != "user.name_taken" {
			t.Errorf("a user with %+q: %v", mark, err)
		}
		if _, err := d.Ops.User.CreateRole(ctx, user.CreateRoleInput{Name: twin("Clerk")}); codeOf(err) != "user.role_name_taken" {
			t.Errorf("a role with %+q: %v", mark, err)
		}
		if _, err := d.Ops.Process.CreatePlace(ctx, process.CreatePlaceInput{Name: twin("Orders")}); codeOf(err) != "process.name_taken" {
			t.Errorf("a place with %+q: %v", mark, err)
		}
		if _, err := d.Ops.Process.CreateStage(ctx, process.CreateStageInput{PlaceID: d.place.ID, Name: twin("Shipped")}); codeOf(err) != "process.name_taken" {
			t.Errorf("a stage with %+q: %v", mark, err)
		}
		if _, err := d.Ops.Process.CreateField(ctx, process.CreateFieldInput{StageID: d.stage.ID, Name: twin("Mobile"), Type: process.Text}); codeOf(err) != "process.name_taken" {
			t.Errorf("a stage field with %+q: %v", mark, err)
		}
		one := draft(d.place, d.stage, "http://127.0.0.1:1")
		one.Name, one.Enabled = twin("Reminder"), false
		if saved := d.create(t, one); saved.Draft.Name != "Reminder" || saved.Title != "Reminder" {
			t.Errorf("a setup with %+q is called %+q", mark, saved.Draft.Name)
		}
		file := strings.NewReplacer("Acme SMS", twin("Acme SMS"), "label: Key", "label: '"+twin("Key")+"'", "version: 1", fmt.Sprintf("version: %d", i+1)).Replace(acme("http://127.0.0.1:1"))
		if made := d.take(t, file); made.Name != "Acme SMS" {
			t.Errorf("a provider with %+q is called %+q", mark, made.Name)
		}
		if p, err := d.Providers.Get("acme-sms"); err != nil || p.Label("key") != "Key" {
			t.Errorf("its field with %+q is called %+q", mark, p.Label("key"))
		}
		state, err := d.Ops.Organisation.Settings(ctx, organisation.Nothing{})
		if err != nil {
			t.Fatal(err)
		}
		now := state.Organisation
		changed, err := d.Ops.Organisation.SaveSettings(ctx, organisation.SettingsInput{Name: twin("Acme") + fmt.Sprint(i), Country: now.Country, TimeZone: now.TimeZone, IdleMinutes: 15, Version: now.Version})
		if want := strings.TrimSpace("Acme" + map[bool]string{true: " "}[mark == "\u00A0"] + fmt.Sprint(i)); err != nil || changed.Name != want {
			t.Errorf("an organisation with %+q is called %+q, %v", mark, changed.Name, err)
		}
	}
	page, err := d.Ops.Setup.List(ctx, setup.ListInput{Search: "Reminder", Limit: 50})
	if err != nil || page.Count != len(unseen) {
		t.Errorf("%d setups are found by their name, %v", page.Count, err)
	}
}

// The names of an import are joined as those of the form are, and read from right
// to left where their script does.
func TestImportedNamesHaveNoTwins(t *testing.T) {
	text, err := os.ReadFile("process/testdata/e04-nfc-nfd-invisible.csv")
	if err != nil {
		t.Fatal(err)
	}
	d := newDesk(t)
	done, err := d.Ops.Process.ImportCsv(atWindow(t), process.ImportInput{Text: string(text)})
	if err != nil || done.Places != 12 {
		t.Errorf("%+v %v", done, err)
	}
	tree, err := d.Ops.Process.Tree(atWindow(t), process.TreeInput{})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, place := range tree.Places {
		if place.Level == 1 && place.Name != "Orders" {
			names = append(names, place.Name)
		}
	}
	slices.Sort(names)
	if want := []string{"Café Zürich", "Sales", "מכירות"}; !slices.Equal(names, want) {
		t.Errorf("%+q", names)
	}
}

// A user name that was pasted with marks signs in, and so does a name that was
// kept with them before names were cleaned.
func TestSignInWithAPastedName(t *testing.T) {
	d := newDesk(t)
	roleUser(t, d.Backend, "old-person", user.Viewer)
	done, err := openRaw(t, d.folder).Exec("UPDATE app_user SET name = ?, name_key = ? WHERE name = 'old-person'", "old\u200Bone", "old\u200Bone")
	if err != nil {
		t.Fatal(err)
	}
	if rows, err := done.RowsAffected(); err != nil || rows != 1 {
		t.Fatalf("%d rows, %v", rows, err)
	}
	for name, password := range map[string]string{"\uFEFF" + adminName + "\u200E": adminPassword, "old\u200Bone": "a-long-enough-old-person"} {
		session, err := d.Ops.User.SignIn(atWindow(t), user.SignInInput{Name: name, Password: secret.New(password)})
		if err != nil || !session.SignedIn {
			t.Errorf("%+q: %v", name, err)
		}
	}
}
