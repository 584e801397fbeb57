package user_test

import (
	"reflect"
	"strings"
	"testing"

	"keydesk/backend/access"
	"keydesk/backend/secret"
	"keydesk/backend/user"
)

func updateOf(u user.User) user.UpdateInput {
	in := user.UpdateInput{ID: u.ID, Version: u.Version, Name: u.Name, FullName: u.FullName, Active: u.Active, RoleIDs: []string{}}
	for _, role := range u.Roles {
		in.RoleIDs = append(in.RoleIDs, role.ID)
	}
	return in
}

func named(name string, roles ...string) user.CreateInput {
	return user.CreateInput{Name: name, Password: secret.New(otherPassword), RoleIDs: roles}
}

// A08
func TestUsersAreMadeChangedListedAndDeleted(t *testing.T) {
	o := newOffice(t)
	made, err := o.create(ctx, user.CreateInput{Name: "  bob ", FullName: "Bob Ross", Password: secret.New(otherPassword), RoleIDs: []string{user.Viewer, user.Manager}})
	must(t, err)
	want := user.User{
		ID: made.ID, Name: "bob", FullName: "Bob Ross", Active: true, MustChange: true, Version: 1, CreatedMs: o.clock.Now().UnixMilli(),
		Roles: []user.RoleRef{{ID: user.Manager, Name: "Manager"}, {ID: user.Viewer, Name: "Viewer"}},
	}
	if !reflect.DeepEqual(made, want) || !reflect.DeepEqual(o.record(made.ID).User, want) {
		t.Fatalf("made %+v, stored %+v", made, o.record(made.ID).User)
	}
	if got := o.trail.last(t); got.Change.Kind != "user" || got.Change.ID != made.ID || got.Change.Before != nil || !reflect.DeepEqual(got.Change.After, want) {
		t.Fatalf("recorded %+v", got)
	}

	in := updateOf(made)
	in.Name, in.FullName, in.RoleIDs, in.Active = "Bobby", "", []string{user.Operator}, false
	changed, err := o.update(ctx, in)
	must(t, err)
	want.Name, want.FullName, want.Active, want.Version = "Bobby", "", false, 2
	want.Roles = []user.RoleRef{{ID: user.Operator, Name: "Operator"}}
	if !reflect.DeepEqual(changed, want) || !reflect.DeepEqual(o.record(made.ID).User, want) {
		t.Fatalf("changed %+v, stored %+v", changed, o.record(made.ID).User)
	}
	if got := o.trail.last(t); !reflect.DeepEqual(got.Change.Before, made) || !reflect.DeepEqual(got.Change.After, changed) {
		t.Fatalf("recorded %+v", got)
	}

	for term, names := range map[string][]string{"": {"ada", "Bobby"}, "BOBB": {"Bobby"}, "lovel": {"ada"}, "operat": {"Bobby"}, "zzz": {}} {
		users, err := o.list(ctx, user.ListInput{Search: term})
		must(t, err)
		found := []string{}
		for _, u := range users {
			found = append(found, u.Name)
		}
		if users == nil || !reflect.DeepEqual(found, names) {
			t.Errorf("%q found %v, want %v", term, found, names)
		}
	}

	_, err = o.remove(ctx, user.DeleteInput{ID: made.ID, Version: 2})
	must(t, err)
	if got := o.trail.last(t); got.Change.After != nil || !reflect.DeepEqual(got.Change.Before, changed) {
		t.Fatalf("recorded %+v", got)
	}
	_, err = o.remove(ctx, user.DeleteInput{ID: made.ID, Version: 2})
	refusedAs(t, err, "user.not_found")
	_, err = o.update(ctx, updateOf(changed))
	refusedAs(t, err, "user.not_found")
}

// A07: names differ after folding, are 1 to 100 characters and hide nothing.
func TestUserNamesHaveRules(t *testing.T) {
	o := newOffice(t)
	o.add("Straße", user.Viewer)
	bob := o.add("bob", user.Viewer)
	for name, code := range map[string]string{
		"": "user.invalid", "   ": "user.invalid", strings.Repeat("é", 101): "user.invalid", strings.Repeat("x", 10_000): "user.invalid",
		"a\nb": "user.invalid", "a\x00b": "user.invalid", "a\u202eb": "user.invalid", "a\xffb": "user.invalid",
		"ADA": "user.name_taken", "STRASSE": "user.name_taken", " ada": "user.name_taken",
	} {
		_, err := o.create(ctx, named(name, user.Viewer))
		atField(t, refusedAs(t, err, code), "name")
		in := updateOf(bob)
		in.Name = name
		_, err = o.update(ctx, in)
		atField(t, refusedAs(t, err, code), "name")
	}
	if users, _ := o.list(ctx, user.ListInput{}); len(users) != 3 {
		t.Fatalf("a refused name made a user: %d", len(users))
	}
	for _, name := range []string{strings.Repeat("é", 100), "مدير 🙂", "a"} {
		if made := o.add(name, user.Viewer); made.Name != name {
			t.Fatalf("%q became %q", name, made.Name)
		}
	}
	atField(t, refusedAs(t, user.CheckName("user_name", " \t "), "user.invalid"), "user_name")
	must(t, user.CheckName("user_name", "ada"))
	in := updateOf(bob)
	in.Name = "BOB"
	_, err := o.update(ctx, in)
	must(t, err)
}

// A08: every wrong field has its message, and a role is needed.
func TestAUserNeedsARoleAndAGoodPassword(t *testing.T) {
	o := newOffice(t)
	_, err := o.create(ctx, user.CreateInput{FullName: "a\nb", Password: secret.New("short")})
	told := refusedAs(t, err, "user.invalid")
	for _, field := range []string{"name", "full_name", "password", "role_ids"} {
		atField(t, told, field)
	}
	_, err = o.create(ctx, named("bob", "no such role"))
	atField(t, refusedAs(t, err, "user.invalid"), "role_ids")
	bob := o.add("bob", user.Viewer)
	in := updateOf(bob)
	in.RoleIDs = nil
	_, err = o.update(ctx, in)
	atField(t, refusedAs(t, err, "user.invalid"), "role_ids")
}

// A07: a stale version is refused and changes nothing.
func TestAStaleSaveIsRefused(t *testing.T) {
	o := newOffice(t)
	bob := o.add("bob", user.Viewer)
	in := updateOf(bob)
	in.FullName = "first"
	_, err := o.update(ctx, in)
	must(t, err)
	in.FullName, in.RoleIDs = "second", []string{user.Manager}
	_, err = o.update(ctx, in)
	refusedAs(t, err, "store.stale")
	_, err = o.remove(ctx, user.DeleteInput{ID: bob.ID, Version: 1})
	refusedAs(t, err, "store.stale")
	if got := o.record(bob.ID); got.FullName != "first" || got.Roles[0].ID != user.Viewer {
		t.Fatalf("stored %+v", got.User)
	}
}

// A07, C26: at least one active Org Admin remains.
func TestTheLastOrgAdminRemains(t *testing.T) {
	o := newOffice(t)
	ada := o.ada()
	off, other := updateOf(ada), updateOf(ada)
	off.Active = false
	other.RoleIDs = []string{user.Manager}
	refused := func(what string) {
		t.Helper()
		for _, in := range []user.UpdateInput{off, other} {
			_, err := o.update(ctx, in)
			refusedAs(t, err, "user.last_admin")
		}
		_, err := o.remove(ctx, user.DeleteInput{ID: ada.ID, Version: ada.Version})
		refusedAs(t, err, "user.last_admin")
		if got := o.record(ada.ID); !got.Active || !got.IsOrgAdmin() {
			t.Fatalf("%s: stored %+v", what, got.User)
		}
	}
	refused("alone")

	grace := o.add("grace", user.OrgAdmin)
	in := updateOf(grace)
	in.Active = false
	grace, err := o.update(ctx, in)
	must(t, err)
	refused("with one who is switched off")

	in = updateOf(grace)
	in.Active = true
	_, err = o.update(ctx, in)
	must(t, err)
	// With a second one the last-admin rule is satisfied; deleting yourself is
	// still refused.
	_, err = o.update(ctx, off)
	refusedAs(t, err, "user.self")
	_, err = o.remove(ctx, user.DeleteInput{ID: ada.ID, Version: ada.Version})
	refusedAs(t, err, "user.self")
	_, err = o.update(ctx, other)
	must(t, err)
}

// A18: nobody can change a user who holds a right they lack, or give such a
// right.
func TestNobodyReachesBeyondTheirRights(t *testing.T) {
	o := newOffice(t)
	keeper := o.addRole("Keeper", access.CreateUser, access.EditUser, access.DeleteUser, access.ViewUser, access.ViewSetup)
	everything := o.addRole("Everything", access.All().List()...)
	o.add("keeper", keeper.ID)
	o.add("almost", everything.ID)
	plain := o.add("plain", keeper.ID)
	targets := map[string]user.User{"ada": o.ada(), "manager": o.add("manager", user.Manager)}

	w := o.as("keeper")
	for name, target := range targets {
		before := o.record(target.ID)
		in := updateOf(target)
		in.FullName = "taken over"
		_, err := w.update(ctx, in)
		told := refusedAs(t, err, "user.beyond_you")
		if name == "manager" && !strings.Contains(told.Message, "Can Create API Key Setup") {
			t.Errorf("the right is not named: %q", told.Message)
		}
		in.Active = false
		_, err = w.update(ctx, in)
		refusedAs(t, err, "user.beyond_you")
		_, err = w.reset(ctx, user.ResetPasswordInput{ID: target.ID, Password: secret.New(newPassword)})
		refusedAs(t, err, "user.beyond_you")
		_, err = w.remove(ctx, user.DeleteInput{ID: target.ID, Version: target.Version})
		refusedAs(t, err, "user.beyond_you")
		if !reflect.DeepEqual(o.record(target.ID), before) {
			t.Errorf("%s was changed", name)
		}
	}

	// Giving: to a new user, to another, to themselves.
	for _, role := range []string{user.OrgAdmin, user.Manager} {
		_, err := w.create(ctx, named("new", keeper.ID, role))
		refusedAs(t, err, "user.beyond_you")
		in := updateOf(plain)
		in.RoleIDs = append(in.RoleIDs, role)
		_, err = w.update(ctx, in)
		refusedAs(t, err, "user.beyond_you")
	}
	_, err := w.create(ctx, named("new", keeper.ID))
	must(t, err)

	// Holding every permission is not being an Org Admin.
	w = o.as("almost")
	_, err = w.reset(ctx, user.ResetPasswordInput{ID: o.ada().ID, Password: secret.New(newPassword)})
	refusedAs(t, err, "user.beyond_you")
	_, err = w.create(ctx, named("new admin", user.OrgAdmin))
	refusedAs(t, err, "user.beyond_you")
	_, err = w.update(ctx, updateOf(targets["manager"]))
	must(t, err)
}

// A18: a user who is made an Org Admin while the new password is being hashed
// can no longer be reset by then.
func TestAPromotionDuringAResetCounts(t *testing.T) {
	o := newOffice(t)
	keeper := o.addRole("Keeper", access.EditUser, access.ViewUser)
	o.add("keeper", keeper.ID)
	bob := o.add("bob", keeper.ID)
	w := o.as("keeper")
	w.during = func() {
		in := updateOf(bob)
		in.RoleIDs = []string{user.OrgAdmin}
		_, err := o.update(ctx, in)
		must(t, err)
	}
	_, err := w.reset(ctx, user.ResetPasswordInput{ID: bob.ID, Password: secret.New(newPassword)})
	refusedAs(t, err, "user.beyond_you")
	o.another(cheap).enter(t, "bob", otherPassword)
}

// A18: a user who was switched off still holds the rights, so switching on is
// refused as well.
func TestReEnablingNeedsTheRights(t *testing.T) {
	o := newOffice(t)
	keeper := o.addRole("Keeper", access.EditUser, access.ViewUser)
	o.add("keeper", keeper.ID)
	manager := o.add("manager", user.Manager)
	in := updateOf(manager)
	in.Active = false
	off, err := o.update(ctx, in)
	must(t, err)
	in = updateOf(off)
	in.Active = true
	_, err = o.as("keeper").update(ctx, in)
	refusedAs(t, err, "user.beyond_you")
	if o.record(off.ID).Active {
		t.Fatal("switched on")
	}
}

// A14 to A18: each operation on users and roles is refused without its
// permission, whatever others the caller holds.
func TestEachOperationNeedsItsPermission(t *testing.T) {
	o := newOffice(t)
	bob := o.add("bob", user.Viewer)
	clerk := o.addRole("Clerk", access.ViewSetup)
	calls := map[access.Permission]map[string]func(w *window) error{
		access.ViewUser: {
			"list":  func(w *window) error { _, err := w.list(ctx, user.ListInput{}); return err },
			"roles": func(w *window) error { _, err := w.roles(ctx, user.Nothing{}); return err },
		},
		access.CreateUser: {
			"create":      func(w *window) error { _, err := w.create(ctx, named("new", user.Viewer)); return err },
			"create_role": func(w *window) error { _, err := w.createRole(ctx, user.CreateRoleInput{Name: "New"}); return err },
		},
		access.EditUser: {
			"update": func(w *window) error { _, err := w.update(ctx, updateOf(bob)); return err },
			"reset": func(w *window) error {
				_, err := w.reset(ctx, user.ResetPasswordInput{ID: bob.ID, Password: secret.New(newPassword)})
				return err
			},
			"update_role": func(w *window) error {
				_, err := w.updateRole(ctx, user.UpdateRoleInput{ID: clerk.ID, Version: 1, Name: "Clerk"})
				return err
			},
		},
		access.DeleteUser: {
			"delete": func(w *window) error { _, err := w.remove(ctx, user.DeleteInput{ID: bob.ID, Version: 1}); return err },
			"delete_role": func(w *window) error {
				_, err := w.deleteRole(ctx, user.DeleteInput{ID: clerk.ID, Version: 1})
				return err
			},
		},
	}
	for needed, group := range calls {
		without := access.All()
		delete(without, needed)
		role := o.addRole("All but "+string(needed), without.List()...)
		name := "without " + string(needed)
		o.add(name, role.ID)
		w := o.as(name)
		for what, call := range group {
			told := refusedAs(t, call(w), "access.forbidden")
			if !strings.Contains(told.Message, needed.Label()) {
				t.Errorf("%s: the permission is not named: %q", what, told.Message)
			}
		}
	}
	// With only its permission each succeeds: the last ones delete.
	for _, needed := range []access.Permission{access.ViewUser, access.CreateUser, access.EditUser, access.DeleteUser} {
		role := o.addRole("Only "+string(needed), append(viewerRights(t), needed)...)
		name := "only " + string(needed)
		o.add(name, role.ID)
		w := o.as(name)
		if needed == access.DeleteUser {
			bob, clerk = o.record(bob.ID).User, roleNamed(t, o, "Clerk")
			_, err := w.remove(ctx, user.DeleteInput{ID: bob.ID, Version: bob.Version})
			must(t, err)
			_, err = w.deleteRole(ctx, user.DeleteInput{ID: clerk.ID, Version: clerk.Version})
			must(t, err)
			continue
		}
		for what, call := range calls[needed] {
			if err := call(w); err != nil {
				t.Errorf("%s with %s: %v", what, needed, err)
			}
		}
	}
}

func viewerRights(t *testing.T) []access.Permission {
	t.Helper()
	for _, role := range user.BuiltIn() {
		if role.ID == user.Viewer {
			return role.Permissions
		}
	}
	t.Fatal("no viewer")
	return nil
}
