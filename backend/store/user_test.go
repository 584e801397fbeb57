package store_test

import (
	"context"
	"errors"
	"reflect"
	"testing"

	"keydesk/backend/access"
	"keydesk/backend/store"
	"keydesk/backend/user"
)

// userStore is an open store with the built-in roles and one Org Admin.
func userStore(t *testing.T) (*store.Store, user.Record) {
	t.Helper()
	s := store.New(t.TempDir())
	if err := s.Open(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	ada := user.Record{PasswordHash: "hash of ada", User: user.User{
		ID: "u-ada", Name: "Ada", Active: true, CreatedMs: 5, Version: 1, Roles: []user.RoleRef{{ID: user.OrgAdmin, Name: "Org Admin"}},
	}}
	writeUser(t, s, func(ctx context.Context) error {
		for _, role := range user.BuiltIn() {
			if err := s.InsertRole(ctx, role); err != nil {
				return err
			}
		}
		return s.InsertUser(ctx, ada)
	})
	return s, ada
}

func writeUser(t *testing.T, s *store.Store, fn func(ctx context.Context) error) {
	t.Helper()
	if err := s.InTx(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}

// A07: a user comes back as written, by id, by folded name and in the list.
func TestUserRoundTrip(t *testing.T) {
	s, ada := userStore(t)
	ctx := context.Background()
	ada.Permissions = access.All()
	byID, err := s.UserByID(ctx, ada.ID)
	if err != nil || !reflect.DeepEqual(byID, ada) {
		t.Fatalf("%+v %v", byID, err)
	}
	byName, err := s.UserByName(ctx, "aDA")
	if err != nil || !reflect.DeepEqual(byName, ada) {
		t.Fatalf("%+v %v", byName, err)
	}
	all, err := s.Users(ctx)
	if err != nil || !reflect.DeepEqual(all, []user.Record{ada}) {
		t.Fatalf("%+v %v", all, err)
	}
	for _, key := range []string{"", "none", "%", "u-ada' OR 1=1 --"} {
		if _, err := s.UserByID(ctx, key); !errors.Is(err, user.ErrNotFound) {
			t.Errorf("id %q: %v", key, err)
		}
		if _, err := s.UserByName(ctx, key); !errors.Is(err, user.ErrNotFound) {
			t.Errorf("name %q: %v", key, err)
		}
	}
}

// A07: nothing about users is written outside a transaction.
func TestUserWritesNeedATransaction(t *testing.T) {
	s, ada := userStore(t)
	ctx := context.Background()
	for what, err := range map[string]error{
		"InsertUser":      s.InsertUser(ctx, user.Record{User: user.User{ID: "x", Name: "x"}}),
		"UpdateUser":      s.UpdateUser(ctx, ada.User),
		"DeleteUser":      s.DeleteUser(ctx, ada.ID, 1),
		"SetUserPassword": s.SetUserPassword(ctx, ada.ID, "other", false),
		"SetUserFailures": s.SetUserFailures(ctx, ada.ID, 9, 9),
		"SetUserSignedIn": s.SetUserSignedIn(ctx, ada.ID, 9),
		"PadUserWrite":    s.PadUserWrite(ctx),
		"InsertRole":      s.InsertRole(ctx, user.Role{ID: "x", Name: "x"}),
		"UpdateRole":      s.UpdateRole(ctx, user.Role{ID: user.Viewer, Name: "x", Version: 1}),
		"DeleteRole":      s.DeleteRole(ctx, user.Viewer, 1),
	} {
		if err == nil {
			t.Errorf("%s wrote outside a transaction", what)
		}
	}
	if got, _ := s.UserByID(ctx, ada.ID); got.PasswordHash != ada.PasswordHash || got.Version != 1 {
		t.Fatalf("stored %+v", got)
	}
}

// A07: the slow-down is stored, a new password clears it, and the padding for
// unknown names changes nothing.
func TestUserSlowDownIsStored(t *testing.T) {
	s, ada := userStore(t)
	ctx := context.Background()
	writeUser(t, s, func(ctx context.Context) error { return s.SetUserFailures(ctx, ada.ID, 7, 1234) })
	writeUser(t, s, s.PadUserWrite)
	got, err := s.UserByID(ctx, ada.ID)
	if err != nil || got.Failures != 7 || got.WaitUntilMs != 1234 || got.Version != 1 {
		t.Fatalf("%+v %v", got, err)
	}
	writeUser(t, s, func(ctx context.Context) error { return s.SetUserPassword(ctx, ada.ID, "new hash", true) })
	got, err = s.UserByID(ctx, ada.ID)
	if err != nil || got.Failures != 0 || got.WaitUntilMs != 0 || got.PasswordHash != "new hash" || !got.MustChange {
		t.Fatalf("%+v %v", got, err)
	}
	err = s.InTx(ctx, func(ctx context.Context) error { return s.SetUserFailures(ctx, "none", 1, 1) })
	if !errors.Is(err, user.ErrNotFound) {
		t.Fatal(err)
	}
}

// A18: Org Admin holds every permission even if fewer were stored, and a
// permission that this program does not know has no effect.
func TestUserRightsAreReadForThisProgram(t *testing.T) {
	s, ada := userStore(t)
	ctx := context.Background()
	writeUser(t, s, func(ctx context.Context) error {
		if err := s.UpdateRole(ctx, user.Role{ID: user.OrgAdmin, Name: "Org Admin", Version: 1, Permissions: []access.Permission{}}); err != nil {
			return err
		}
		return s.UpdateRole(ctx, user.Role{ID: user.Viewer, Name: "Viewer", Version: 1, Permissions: []access.Permission{"of.tomorrow", access.ViewSetup}})
	})
	got, err := s.UserByID(ctx, ada.ID)
	if err != nil || !reflect.DeepEqual(got.Permissions, access.All()) {
		t.Fatalf("%+v %v", got, err)
	}
	roles, err := s.Roles(ctx)
	if err != nil || len(roles) != 4 || !reflect.DeepEqual(roles[3].Permissions, []access.Permission{access.ViewSetup}) {
		t.Fatalf("%+v %v", roles, err)
	}
}

// A07: taken names, other versions and used roles are reported as such, and the
// transaction is undone.
func TestUserConflicts(t *testing.T) {
	s, ada := userStore(t)
	bob := user.Record{User: user.User{ID: "u-bob", Name: "bob", Version: 1, Roles: []user.RoleRef{{ID: user.Viewer}}}}
	writeUser(t, s, func(ctx context.Context) error { return s.InsertUser(ctx, bob) })
	renamed, stale, noRole := bob.User, bob.User, bob.User
	renamed.Name, stale.Version, noRole.Roles = "ADA", 2, []user.RoleRef{{ID: "none"}}
	for what, c := range map[string]struct {
		want error
		do   func(ctx context.Context) error
	}{
		"insert with a taken name": {user.ErrNameTaken, func(ctx context.Context) error {
			return s.InsertUser(ctx, user.Record{User: user.User{ID: "u", Name: "BOB"}})
		}},
		"rename to a taken name":   {user.ErrNameTaken, func(ctx context.Context) error { return s.UpdateUser(ctx, renamed) }},
		"save another version":     {store.ErrStale, func(ctx context.Context) error { return s.UpdateUser(ctx, stale) }},
		"delete another version":   {store.ErrStale, func(ctx context.Context) error { return s.DeleteUser(ctx, ada.ID, 2) }},
		"give a role that is gone": {user.ErrRoleNotFound, func(ctx context.Context) error { return s.UpdateUser(ctx, noRole) }},
		"a role with a taken name": {user.ErrRoleNameTaken, func(ctx context.Context) error { return s.InsertRole(ctx, user.Role{ID: "r", Name: "viewer"}) }},
		"save another role version": {store.ErrStale, func(ctx context.Context) error {
			return s.UpdateRole(ctx, user.Role{ID: user.Viewer, Name: "V", Version: 2})
		}},
		"delete a used role": {user.ErrRoleInUse, func(ctx context.Context) error { return s.DeleteRole(ctx, user.Viewer, 1) }},
	} {
		err := s.InTx(context.Background(), func(ctx context.Context) error {
			if err := s.SetUserSignedIn(ctx, bob.ID, 99); err != nil {
				return err
			}
			return c.do(ctx)
		})
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", what, err, c.want)
		}
	}
	got, err := s.UserByID(context.Background(), bob.ID)
	if err != nil || got.LastSignInMs != 0 || got.Name != "bob" || got.Version != 1 || len(got.Roles) != 1 {
		t.Fatalf("%+v %v", got, err)
	}
}

// C26: only active users count, and deleting a user deletes their roles too.
func TestActiveUsersWithRole(t *testing.T) {
	s, ada := userStore(t)
	ctx := context.Background()
	off := user.Record{User: user.User{ID: "u-off", Name: "off", Version: 1, Roles: ada.Roles}}
	writeUser(t, s, func(ctx context.Context) error { return s.InsertUser(ctx, off) })
	if n, err := s.ActiveUsersWithRole(ctx, user.OrgAdmin); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	writeUser(t, s, func(ctx context.Context) error { return s.DeleteUser(ctx, ada.ID, 1) })
	if n, err := s.ActiveUsersWithRole(ctx, user.OrgAdmin); n != 0 || err != nil {
		t.Fatal(n, err)
	}
	roles, err := s.Roles(ctx)
	if err != nil || roles[0].Users != 1 {
		t.Fatalf("%+v %v", roles, err)
	}
}
