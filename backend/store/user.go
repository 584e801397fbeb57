package store

import (
	"context"
	"encoding/json"

	"keydesk/backend/access"
	"keydesk/backend/fault"
	"keydesk/backend/user"
)

const (
	userColumns = `u.id, u.name, u.full_name, u.password_hash, u.must_change, u.active, u.failures, u.wait_until_ms,
	u.last_sign_in_ms, u.created_ms, u.version, u.color_scheme, u.text_size`
	everyUser = `SELECT ` + userColumns + ` FROM app_user u`
)

// Users lists all users by name, with their roles.
func (s *Store) Users(ctx context.Context) ([]user.Record, error) {
	return s.users(ctx, everyUser+` ORDER BY name_key, id`, rolesOfUsers+rolesInOrder)
}

// UserByID gives one user; user.ErrNotFound.
func (s *Store) UserByID(ctx context.Context, id string) (user.Record, error) {
	return s.user(ctx, "u.id", id)
}

// UserByName finds a user by name after folding; user.ErrNotFound.
func (s *Store) UserByName(ctx context.Context, name string) (user.Record, error) {
	return s.user(ctx, "u.name_key", fold(name))
}

// user reads one user with the roles in one query, since every call of the window
// asks who calls.
func (s *Store) user(ctx context.Context, column, key string) (user.Record, error) {
	u := user.Record{Permissions: access.Set{}}
	u.Roles = []user.RoleRef{}
	found := false
	err := s.each(ctx, func(scan func(into ...any) error) error {
		var role user.RoleRef
		var stored string
		if err := scan(append(userInto(&u), &role.ID, &role.Name, &stored)...); err != nil {
			return err
		}
		found = true
		if role.ID == "" {
			return nil
		}
		giveRole(&u, role, stored)
		return nil
	}, `SELECT `+userColumns+`, COALESCE(r.id, ''), COALESCE(r.name, ''), COALESCE(r.permissions, '') FROM app_user u
		LEFT JOIN user_role ur ON ur.user_id = u.id LEFT JOIN role r ON r.id = ur.role_id WHERE `+column+` = ?`+rolesInOrder, key)
	if err == nil && !found {
		err = user.ErrNotFound
	}
	return u, err
}

const (
	rolesOfUsers = `SELECT ur.user_id, r.id, r.name, r.permissions FROM user_role ur JOIN role r ON r.id = ur.role_id`
	rolesInOrder = ` ORDER BY ` + roleOrder
	// The built-in roles come first, in the order of their permissions, then the
	// others.
	roleOrder = `CASE r.id WHEN 'org_admin' THEN 0 WHEN 'manager' THEN 1 WHEN 'operator' THEN 2 WHEN 'viewer' THEN 3 ELSE 4 END, r.name_key`
)

func (s *Store) users(ctx context.Context, query, roles string) ([]user.Record, error) {
	users := []user.Record{}
	err := s.each(ctx, func(scan func(into ...any) error) error {
		u := user.Record{Permissions: access.Set{}}
		u.Roles = []user.RoleRef{}
		err := scan(userInto(&u)...)
		users = append(users, u)
		return err
	}, query)
	if err != nil {
		return nil, err
	}
	at := make(map[string]*user.Record, len(users))
	for i := range users {
		at[users[i].ID] = &users[i]
	}
	err = s.each(ctx, func(scan func(into ...any) error) error {
		return addRole(scan, func(id string) *user.Record { return at[id] })
	}, roles)
	return users, err
}

func userInto(u *user.Record) []any {
	return []any{&u.ID, &u.Name, &u.FullName, &u.PasswordHash, &u.MustChange, &u.Active, &u.Failures, &u.WaitUntilMs,
		&u.LastSignInMs, &u.CreatedMs, &u.Version, &u.Appearance.Scheme, &u.Appearance.TextSize}
}

// addRole adds one row of rolesOfUsers to its user.
func addRole(scan func(into ...any) error, of func(id string) *user.Record) error {
	var userID, stored string
	var role user.RoleRef
	if err := scan(&userID, &role.ID, &role.Name, &stored); err != nil {
		return err
	}
	if u := of(userID); u != nil {
		giveRole(u, role, stored)
		return nil
	}
	return nil
}

// giveRole adds a role and its stored permissions to a user.
func giveRole(u *user.Record, role user.RoleRef, stored string) {
	u.Roles = append(u.Roles, role)
	for _, p := range readPermissions(role.ID, stored) {
		u.Permissions[p] = true
	}
}

// readPermissions reads the stored permissions of a role. Org Admin holds every
// permission, also those that are newer than the stored role. Permissions that
// this program does not know are left out. A damaged list holds none: it gives
// nobody a right, and who has another role can still sign in and save it again.
func readPermissions(roleID, stored string) []access.Permission {
	held := access.All()
	if roleID != user.OrgAdmin {
		var names []access.Permission
		if json.Unmarshal([]byte(stored), &names) != nil {
			names = nil
		}
		held = access.SetOf(names...)
	}
	permissions := []access.Permission{}
	for _, info := range access.Permissions {
		if held[info.Permission] {
			permissions = append(permissions, info.Permission)
		}
	}
	return permissions
}

// InsertUser adds a user with the record's roles; user.ErrNameTaken.
func (s *Store) InsertUser(ctx context.Context, u user.Record) error {
	_, err := s.exec(ctx, `INSERT INTO app_user (id, name, name_key, full_name, password_hash, must_change, active, failures,
		wait_until_ms, last_sign_in_ms, created_ms, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		u.ID, u.Name, fold(u.Name), u.FullName, u.PasswordHash, u.MustChange, u.Active, u.Failures,
		u.WaitUntilMs, u.LastSignInMs, u.CreatedMs, u.Version)
	if isUnique(err) {
		return user.ErrNameTaken
	}
	if err != nil {
		return err
	}
	return s.insertUserRoles(ctx, u.User)
}

func (s *Store) insertUserRoles(ctx context.Context, u user.User) error {
	for _, role := range u.Roles {
		if _, err := s.exec(ctx, `INSERT INTO user_role (user_id, role_id) VALUES (?, ?)`, u.ID, role.ID); err != nil {
			if isForeignKey(err) {
				return user.ErrRoleNotFound
			}
			return err
		}
	}
	return nil
}

// UpdateUser writes names, roles and Active of the version that was read, and
// raises it; store.stale when it is another, user.ErrNameTaken.
func (s *Store) UpdateUser(ctx context.Context, u user.User) error {
	touched, err := s.exec(ctx, `UPDATE app_user SET name = ?, name_key = ?, full_name = ?, active = ?, version = version + 1
		WHERE id = ? AND version = ?`, u.Name, fold(u.Name), u.FullName, u.Active, u.ID, u.Version)
	if isUnique(err) {
		return user.ErrNameTaken
	}
	if err := must(touched, err, ErrStale); err != nil {
		return err
	}
	if _, err := s.exec(ctx, `DELETE FROM user_role WHERE user_id = ?`, u.ID); err != nil {
		return err
	}
	return s.insertUserRoles(ctx, u)
}

// DeleteUser removes the version that was read; store.stale.
func (s *Store) DeleteUser(ctx context.Context, id string, version int) error {
	touched, err := s.exec(ctx, `DELETE FROM app_user WHERE id = ? AND version = ?`, id, version)
	return must(touched, err, ErrStale)
}

// SetUserPassword writes a hash and forgets failures and the wait;
// user.ErrNotFound.
func (s *Store) SetUserPassword(ctx context.Context, id, hash string, mustChange bool) error {
	touched, err := s.exec(ctx, `UPDATE app_user SET password_hash = ?, must_change = ?, failures = 0, wait_until_ms = 0 WHERE id = ?`,
		hash, mustChange, id)
	return must(touched, err, user.ErrNotFound)
}

// SetUserAppearance writes how Keydesk looks for a user; user.ErrNotFound.
func (s *Store) SetUserAppearance(ctx context.Context, id string, look user.Appearance) error {
	touched, err := s.exec(ctx, `UPDATE app_user SET color_scheme = ?, text_size = ? WHERE id = ?`, look.Scheme, look.TextSize, id)
	return must(touched, err, user.ErrNotFound)
}

// SetUserFailures writes the slow-down of a user; user.ErrNotFound.
func (s *Store) SetUserFailures(ctx context.Context, id string, failures int, waitUntilMs int64) error {
	touched, err := s.exec(ctx, `UPDATE app_user SET failures = ?, wait_until_ms = ? WHERE id = ?`, failures, waitUntilMs, id)
	return must(touched, err, user.ErrNotFound)
}

// PadUserWrite costs as much as a write to one user and changes nothing: it makes
// the same page dirty and flushes it. SQLite skips a write that changes nothing,
// so this changes a value and changes it back.
func (s *Store) PadUserWrite(ctx context.Context) error {
	for _, step := range []int{1, -1} {
		if _, err := s.exec(ctx, `UPDATE app_user SET failures = failures + ? WHERE id = (SELECT id FROM app_user LIMIT 1)`, step); err != nil {
			return err
		}
	}
	return nil
}

// UnknownNames gives the slowdowns of names that no user has, by slot.
func (s *Store) UnknownNames(ctx context.Context) ([]user.UnknownName, error) {
	var names []user.UnknownName
	err := s.each(ctx, func(scan func(into ...any) error) error {
		var n user.UnknownName
		err := scan(&n.Slot, &n.NameMAC, &n.Failures, &n.WaitUntilMs)
		names = append(names, n)
		return err
	}, "SELECT slot, name_mac, failures, wait_until_ms FROM unknown_name ORDER BY slot")
	return names, err
}

// PutUnknownName inserts or replaces a slowdown by slot.
func (s *Store) PutUnknownName(ctx context.Context, n user.UnknownName) error {
	_, err := s.exec(ctx, `INSERT INTO unknown_name (slot, name_mac, failures, wait_until_ms) VALUES (?, ?, ?, ?)
		ON CONFLICT (slot) DO UPDATE SET name_mac = excluded.name_mac, failures = excluded.failures, wait_until_ms = excluded.wait_until_ms`,
		n.Slot, n.NameMAC, n.Failures, n.WaitUntilMs)
	return err
}

// SetUserSignedIn notes when the user last signed in; user.ErrNotFound.
func (s *Store) SetUserSignedIn(ctx context.Context, id string, atMs int64) error {
	touched, err := s.exec(ctx, `UPDATE app_user SET last_sign_in_ms = ? WHERE id = ?`, atMs, id)
	return must(touched, err, user.ErrNotFound)
}

// ActiveUsersWithRole counts those who are active and have the role.
func (s *Store) ActiveUsersWithRole(ctx context.Context, roleID string) (int, error) {
	count := 0
	err := s.one(ctx, nil, []any{&count}, `SELECT COUNT(*) FROM user_role ur JOIN app_user u ON u.id = ur.user_id
		WHERE ur.role_id = ? AND `+yes("u.active"), roleID)
	return count, err
}

// Roles lists the built-in roles first, then the others by name.
func (s *Store) Roles(ctx context.Context) ([]user.Role, error) {
	roles := []user.Role{}
	err := s.each(ctx, func(scan func(into ...any) error) error {
		var role user.Role
		var stored string
		if err := scan(&role.ID, &role.Name, &role.BuiltIn, &stored, &role.Version, &role.Users); err != nil {
			return err
		}
		role.Locked = role.ID == user.OrgAdmin
		role.Permissions = readPermissions(role.ID, stored)
		roles = append(roles, role)
		return nil
	}, `SELECT r.id, r.name, r.built_in, r.permissions, r.version,
		(SELECT COUNT(*) FROM user_role ur WHERE ur.role_id = r.id) FROM role r ORDER BY `+roleOrder)
	return roles, err
}

// InsertRole adds a role; user.ErrRoleNameTaken.
func (s *Store) InsertRole(ctx context.Context, role user.Role) error {
	permissions, err := json.Marshal(role.Permissions)
	if err != nil {
		return err
	}
	_, err = s.exec(ctx, `INSERT INTO role (id, name, name_key, built_in, permissions, version) VALUES (?, ?, ?, ?, ?, ?)`,
		role.ID, role.Name, fold(role.Name), role.BuiltIn, string(permissions), role.Version)
	return roleFault(err)
}

// UpdateRole writes name and permissions of the version that was read, and
// raises it; store.stale when it is another, user.ErrRoleNameTaken.
func (s *Store) UpdateRole(ctx context.Context, role user.Role) error {
	permissions, err := json.Marshal(role.Permissions)
	if err != nil {
		return err
	}
	touched, err := s.exec(ctx, `UPDATE role SET name = ?, name_key = ?, permissions = ?, version = version + 1
		WHERE id = ? AND version = ?`, role.Name, fold(role.Name), string(permissions), role.ID, role.Version)
	return must(touched, roleFault(err), ErrStale)
}

// DeleteRole removes the version that was read; store.stale, and
// user.ErrRoleInUse if a user has the role.
func (s *Store) DeleteRole(ctx context.Context, id string, version int) error {
	touched, err := s.exec(ctx, `DELETE FROM role WHERE id = ? AND version = ?`, id, version)
	return must(touched, roleFault(err), ErrStale)
}

func roleFault(err error) error {
	var told *fault.Error
	switch {
	case err == nil:
		return nil
	case isUnique(err):
		told = user.ErrRoleNameTaken
	case isForeignKey(err):
		told = user.ErrRoleInUse
	default:
		return err
	}
	return told.WithCause(err)
}
