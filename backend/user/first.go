package user

import (
	"context"
	"strings"

	"keydesk/backend/access"
	"keydesk/backend/fault"
	"keydesk/backend/secret"
)

// ErrNotFirst is returned when there is a user already.
var ErrNotFirst = fault.New(fault.Conflict, "user.not_first", "This office already has its first user.").WithHint("Sign in.")

// FirstInput is the first Org Admin.
type FirstInput struct {
	Name     string
	FullName string
	Password secret.Text
}

// CreateFirst writes the four built-in roles and the first Org Admin, inside
// the caller's transaction and without a session. Begin opens one for that user
// once it is committed. Faults: user.not_first, user.invalid.
func (s *Service) CreateFirst(ctx context.Context, in FirstInput) (User, error) {
	users, err := s.store.Users(ctx)
	if err != nil {
		return User{}, err
	}
	if len(users) > 0 {
		return User{}, ErrNotFirst
	}
	var fields fault.Fields
	in.Name = checkName(&fields, "name", in.Name)
	in.FullName = checkFullName(&fields, "full_name", in.FullName)
	if problem := passwordProblem(in.Password, in.Name, s.organisation()); problem != "" {
		fields.Add("password", "%s", problem)
	}
	if err := fields.Err("user.invalid"); err != nil {
		return User{}, err
	}
	hash, err := s.hasher.hash(ctx, in.Password)
	if err != nil {
		return User{}, err
	}
	invocation := access.From(ctx)
	for _, role := range BuiltIn() {
		if err := s.store.InsertRole(ctx, role); err != nil {
			return User{}, err
		}
		invocation.Changed("role", role.ID, role.Name, nil, role)
	}
	made := Record{PasswordHash: hash, User: User{
		ID: newID(), Name: in.Name, FullName: in.FullName, Roles: []RoleRef{{OrgAdmin, "Org Admin"}},
		Active: true, CreatedMs: s.now().UnixMilli(), Version: 1,
	}}
	if err := s.store.InsertUser(ctx, made); err != nil {
		return User{}, err
	}
	invocation.Changed("user", made.ID, made.Name, nil, made.User)
	return made.User, nil
}

// BuiltIn returns the four roles an office starts with (RULES.md, Users and
// roles).
func BuiltIn() []Role {
	manager, viewer := access.All(), access.Set{}
	for p := range manager {
		switch {
		case strings.HasPrefix(string(p), "user."), p == access.ManageSettings, p == access.DeleteKey:
			delete(manager, p)
		case strings.HasSuffix(string(p), ".view") && p != access.ViewActivity:
			viewer[p] = true
		}
	}
	operator := access.SetOf(access.TestSetup, access.SendCall)
	for p := range viewer {
		operator[p] = true
	}
	return []Role{
		{ID: OrgAdmin, Name: "Org Admin", BuiltIn: true, Locked: true, Permissions: inOrder(access.All()), Version: 1},
		{ID: Manager, Name: "Manager", BuiltIn: true, Permissions: inOrder(manager), Version: 1},
		{ID: Operator, Name: "Operator", BuiltIn: true, Permissions: inOrder(operator), Version: 1},
		{ID: Viewer, Name: "Viewer", BuiltIn: true, Permissions: inOrder(viewer), Version: 1},
	}
}
