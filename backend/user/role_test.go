package user_test

import (
	"reflect"
	"testing"

	"keydesk/backend/access"
	"keydesk/backend/user"
)

func roleNamed(t *testing.T, o *office, name string) user.Role {
	t.Helper()
	roles, err := o.roles(ctx, user.Nothing{})
	must(t, err)
	for _, role := range roles {
		if role.Name == name {
			return role
		}
	}
	t.Fatalf("no role %s", name)
	return user.Role{}
}

// A18; RULES.md, Users and roles: what the built-in roles hold.
func TestTheBuiltInRoles(t *testing.T) {
	o := newOffice(t)
	roles, err := o.roles(ctx, user.Nothing{})
	must(t, err)
	all := []access.Permission{}
	for _, info := range access.Permissions {
		all = append(all, info.Permission)
	}
	viewer := []access.Permission{access.ViewSetup, access.ViewProcess, access.ViewKey, access.ViewCall}
	want := []user.Role{
		{ID: user.OrgAdmin, Name: "Org Admin", BuiltIn: true, Locked: true, Permissions: all, Users: 1, Version: 1},
		{ID: user.Manager, Name: "Manager", BuiltIn: true, Version: 1, Permissions: []access.Permission{
			access.CreateSetup, access.EditSetup, access.DeleteSetup, access.ViewSetup,
			access.CreateProcess, access.EditProcess, access.DeleteProcess, access.ViewProcess,
			access.CreateKey, access.EditKey, access.ViewKey,
			access.TestSetup, access.SendCall, access.ViewCall, access.ViewActivity, access.ImportData, access.ExportData,
		}},
		{ID: user.Operator, Name: "Operator", BuiltIn: true, Version: 1, Permissions: []access.Permission{
			access.ViewSetup, access.ViewProcess, access.ViewKey, access.TestSetup, access.SendCall, access.ViewCall,
		}},
		{ID: user.Viewer, Name: "Viewer", BuiltIn: true, Version: 1, Permissions: viewer},
	}
	if !reflect.DeepEqual(roles, want) {
		t.Fatalf("roles\n%+v\nwant\n%+v", roles, want)
	}
	grid, err := o.allPermissions(ctx, user.Nothing{})
	must(t, err)
	if !reflect.DeepEqual(grid, access.Permissions) {
		t.Fatalf("grid %+v", grid)
	}
}

// A18: permissions are assignable to roles.
func TestRolesAreMadeChangedAndDeleted(t *testing.T) {
	o := newOffice(t)
	made, err := o.createRole(ctx, user.CreateRoleInput{Name: " Clerk ", Permissions: []access.Permission{access.ViewCall, access.ViewSetup, access.ViewCall}})
	must(t, err)
	want := user.Role{ID: made.ID, Name: "Clerk", Permissions: []access.Permission{access.ViewSetup, access.ViewCall}, Version: 1}
	if !reflect.DeepEqual(made, want) || !reflect.DeepEqual(roleNamed(t, o, "Clerk"), want) {
		t.Fatalf("made %+v, stored %+v", made, roleNamed(t, o, "Clerk"))
	}
	if got := o.trail.last(t); got.Change.Kind != "role" || got.Change.Before != nil || !reflect.DeepEqual(got.Change.After, want) {
		t.Fatalf("recorded %+v", got)
	}

	changed, err := o.updateRole(ctx, user.UpdateRoleInput{ID: made.ID, Version: 1, Name: "Helper", Permissions: nil})
	must(t, err)
	want.Name, want.Version, want.Permissions = "Helper", 2, []access.Permission{}
	if !reflect.DeepEqual(changed, want) || !reflect.DeepEqual(roleNamed(t, o, "Helper"), want) {
		t.Fatalf("changed %+v", changed)
	}
	if got := o.trail.last(t); !reflect.DeepEqual(got.Change.Before, made) || !reflect.DeepEqual(got.Change.After, changed) {
		t.Fatalf("recorded %+v", got)
	}
	_, err = o.updateRole(ctx, user.UpdateRoleInput{ID: made.ID, Version: 1, Name: "Stale"})
	refusedAs(t, err, "store.stale")
	_, err = o.deleteRole(ctx, user.DeleteInput{ID: made.ID, Version: 1})
	refusedAs(t, err, "store.stale")
	_, err = o.deleteRole(ctx, user.DeleteInput{ID: made.ID, Version: 2})
	must(t, err)
	if got := o.trail.last(t); got.Change.Kind != "role" || got.Change.After != nil {
		t.Fatalf("recorded %+v", got)
	}
	_, err = o.updateRole(ctx, user.UpdateRoleInput{ID: made.ID, Version: 2, Name: "Gone"})
	refusedAs(t, err, "user.role_not_found")
	_, err = o.deleteRole(ctx, user.DeleteInput{ID: made.ID, Version: 2})
	refusedAs(t, err, "user.role_not_found")
}

// A18
func TestRolesHaveRules(t *testing.T) {
	o := newOffice(t)
	for name, code := range map[string]string{"": "user.invalid", "a\tb": "user.invalid", "MANAGER": "user.role_name_taken", "org admin": "user.role_name_taken"} {
		_, err := o.createRole(ctx, user.CreateRoleInput{Name: name})
		atField(t, refusedAs(t, err, code), "name")
	}
	for _, unknown := range []access.Permission{"everything", access.SignedIn} {
		_, err := o.createRole(ctx, user.CreateRoleInput{Name: "New", Permissions: []access.Permission{unknown}})
		atField(t, refusedAs(t, err, "user.invalid"), "permissions")
	}
	clerk := o.addRole("Clerk")
	_, err := o.updateRole(ctx, user.UpdateRoleInput{ID: clerk.ID, Version: 1, Name: "viewer"})
	atField(t, refusedAs(t, err, "user.role_name_taken"), "name")
	if roles, _ := o.roles(ctx, user.Nothing{}); len(roles) != 5 {
		t.Fatalf("%d roles", len(roles))
	}
}

// A18: Org Admin cannot be changed; the other built-in ones can, and stay.
func TestBuiltInRolesStay(t *testing.T) {
	o := newOffice(t)
	_, err := o.updateRole(ctx, user.UpdateRoleInput{ID: user.OrgAdmin, Version: 1, Name: "Org Admin", Permissions: []access.Permission{access.ViewSetup}})
	refusedAs(t, err, "user.role_locked")
	if len(o.caller(t).Permissions) != len(access.Permissions) {
		t.Fatal("Org Admin lost permissions")
	}
	for _, id := range []string{user.OrgAdmin, user.Manager, user.Operator, user.Viewer} {
		_, err := o.deleteRole(ctx, user.DeleteInput{ID: id, Version: 1})
		refusedAs(t, err, "user.role_built_in")
	}
	for _, id := range []string{user.Manager, user.Operator, user.Viewer} {
		changed, err := o.updateRole(ctx, user.UpdateRoleInput{ID: id, Version: 1, Name: id, Permissions: []access.Permission{access.ViewSetup}})
		must(t, err)
		if !changed.BuiltIn || len(changed.Permissions) != 1 {
			t.Fatalf("changed %+v", changed)
		}
	}
}

// A18: a role in use is not deleted, and its users are named.
func TestARoleInUseIsNotDeleted(t *testing.T) {
	o := newOffice(t)
	clerk := o.addRole("Clerk", access.ViewSetup)
	bob, eve := o.add("bob", clerk.ID), o.add("eve", user.Viewer, clerk.ID)
	_, err := o.deleteRole(ctx, user.DeleteInput{ID: clerk.ID, Version: 1})
	told := refusedAs(t, err, "user.role_in_use")
	if len(told.Links) != 2 || told.Links[0].ID != bob.ID || told.Links[1].ID != eve.ID || told.Links[0].Kind != "user" || told.Links[0].Name != "bob" {
		t.Fatalf("links %+v", told.Links)
	}
	if got := roleNamed(t, o, "Clerk"); got.Users != 2 {
		t.Fatalf("role %+v", got)
	}
	if len(user.ErrRoleInUse.Links) != 0 {
		t.Fatal("the declared fault was changed")
	}
}

// A18: nobody can make, change or delete a role that holds a right they lack.
func TestNobodyReachesBeyondTheirRightsByRoles(t *testing.T) {
	o := newOffice(t)
	keeper := o.addRole("Keeper", access.CreateUser, access.EditUser, access.DeleteUser, access.ViewUser)
	above := o.addRole("Above", access.ManageSettings)
	below := o.addRole("Below", access.ViewUser)
	o.add("keeper", keeper.ID)
	w := o.as("keeper")

	_, err := w.createRole(ctx, user.CreateRoleInput{Name: "New", Permissions: []access.Permission{access.ViewUser, access.ManageSettings}})
	refusedAs(t, err, "user.beyond_you")
	for _, in := range []user.UpdateRoleInput{
		{ID: above.ID, Version: 1, Name: "Above"},
		{ID: below.ID, Version: 1, Name: "Below", Permissions: []access.Permission{access.ManageSettings}},
		{ID: keeper.ID, Version: 1, Name: "Keeper", Permissions: append(keeper.Permissions, access.ManageSettings)},
		{ID: user.Viewer, Version: 1, Name: "Viewer"},
	} {
		_, err = w.updateRole(ctx, in)
		refusedAs(t, err, "user.beyond_you")
	}
	_, err = w.deleteRole(ctx, user.DeleteInput{ID: above.ID, Version: 1})
	refusedAs(t, err, "user.beyond_you")
	if got := roleNamed(t, o, "Above"); !reflect.DeepEqual(got, above) {
		t.Fatalf("changed: %+v", got)
	}
	_, err = w.deleteRole(ctx, user.DeleteInput{ID: below.ID, Version: 1})
	must(t, err)
}
