package user

import (
	"context"
	"slices"

	"keydesk/backend/access"
	"keydesk/backend/fault"
)

// Faults of keeping roles.
var (
	ErrRoleNotFound  = fault.New(fault.NotFound, "user.role_not_found", "This role is no longer there.").WithHint("Reload the list.")
	ErrRoleNameTaken = fault.New(fault.Conflict, "user.role_name_taken", "Another role has this name.").
				WithField("name", "Another role has this name.")
	ErrRoleLocked  = fault.New(fault.Forbidden, "user.role_locked", "Org Admin holds every permission and cannot be changed.")
	ErrRoleBuiltIn = fault.New(fault.Forbidden, "user.role_built_in", "A built-in role cannot be deleted.").WithHint("Edit its permissions instead.")
	ErrRoleInUse   = fault.New(fault.Conflict, "user.role_in_use", "Users have this role, so it cannot be deleted.").
			WithHint("Give them another role first.")
)

// Operations on roles. Changing one asks for a fresh password.
var (
	OpRoles       = access.Op[Nothing, []Role]{Name: "user.roles", Does: "looked at the roles", Mode: access.Read, Needs: []access.Permission{access.ViewUser}}
	OpPermissions = access.Op[Nothing, []access.PermissionInfo]{Name: "user.permissions", Does: "looked at the permissions", Mode: access.Read, Needs: []access.Permission{access.SignedIn}}
	OpCreateRole  = access.Op[CreateRoleInput, Role]{Name: "user.create_role", Does: "added the role", Mode: access.Write, Needs: []access.Permission{access.CreateUser}, Fresh: true, AsksHeld: true}
	OpUpdateRole  = access.Op[UpdateRoleInput, Role]{Name: "user.update_role", Does: "changed the role", Mode: access.Write, Needs: []access.Permission{access.EditUser}, Fresh: true, AsksHeld: true}
	OpDeleteRole  = access.Op[DeleteInput, Nothing]{Name: "user.delete_role", Does: "deleted the role", Mode: access.Write, Needs: []access.Permission{access.DeleteUser}, Fresh: true, AsksHeld: true}
)

// Roles lists the roles, the built-in ones first.
func (s *Service) Roles(ctx context.Context, _ Nothing) ([]Role, error) { return s.store.Roles(ctx) }

// Permissions lists the rights in the order of the role grid.
func (s *Service) Permissions(context.Context, Nothing) ([]access.PermissionInfo, error) {
	return slices.Clone(access.Permissions), nil
}

// CreateRole makes a role from rights the caller holds. Faults: user.invalid,
// user.role_name_taken, user.beyond_you.
func (s *Service) CreateRole(ctx context.Context, in CreateRoleInput) (Role, error) {
	made := Role{ID: newID(), Version: 1}
	if err := fill(&made, in.Name, in.Permissions); err != nil {
		return Role{}, err
	}
	if err := beyondRole(ctx, made); err != nil {
		return Role{}, err
	}
	if err := s.store.InsertRole(ctx, made); err != nil {
		return Role{}, err
	}
	access.From(ctx).Changed("role", made.ID, made.Name, nil, made)
	return made, nil
}

// UpdateRole changes a role's name and permissions. Faults: user.invalid,
// user.role_locked, user.role_name_taken, user.beyond_you, store.stale.
func (s *Service) UpdateRole(ctx context.Context, in UpdateRoleInput) (Role, error) {
	before, err := s.role(ctx, in.ID)
	if err != nil {
		return Role{}, err
	}
	if before.Locked {
		return Role{}, ErrRoleLocked
	}
	after := before
	if err := fill(&after, in.Name, in.Permissions); err != nil {
		return Role{}, err
	}
	for _, role := range []Role{before, after} {
		if err := beyondRole(ctx, role); err != nil {
			return Role{}, err
		}
	}
	after.Version = in.Version
	if err := s.store.UpdateRole(ctx, after); err != nil {
		return Role{}, err
	}
	after.Version++
	access.From(ctx).Changed("role", after.ID, after.Name, before, after)
	users, err := s.store.Users(ctx)
	if err != nil {
		return Role{}, err
	}
	for _, u := range users {
		if hasRole(u.Roles, after.ID) {
			s.rotate(u.ID)
		}
	}
	return after, nil
}

// DeleteRole removes a role that nobody has. Faults: user.role_built_in,
// user.role_in_use with links to the users, user.beyond_you, store.stale.
func (s *Service) DeleteRole(ctx context.Context, in DeleteInput) (Nothing, error) {
	role, err := s.role(ctx, in.ID)
	if err != nil {
		return Nothing{}, err
	}
	if role.BuiltIn {
		return Nothing{}, ErrRoleBuiltIn
	}
	if err := beyondRole(ctx, role); err != nil {
		return Nothing{}, err
	}
	users, err := s.store.Users(ctx)
	if err != nil {
		return Nothing{}, err
	}
	inUse := ErrRoleInUse
	for _, u := range users {
		if hasRole(u.Roles, role.ID) {
			inUse = inUse.WithLink("user", u.ID, u.Name)
		}
	}
	if len(inUse.Links) > 0 {
		return Nothing{}, inUse
	}
	if err := s.store.DeleteRole(ctx, in.ID, in.Version); err != nil {
		return Nothing{}, err
	}
	access.From(ctx).Changed("role", role.ID, role.Name, role, nil)
	return Nothing{}, nil
}

func (s *Service) role(ctx context.Context, id string) (Role, error) {
	roles, err := s.store.Roles(ctx)
	if err != nil {
		return Role{}, err
	}
	for _, role := range roles {
		if role.ID == id {
			return role, nil
		}
	}
	return Role{}, ErrRoleNotFound
}

// fill puts a checked name and permissions into a role: known permissions, each
// once, in the order of the grid.
func fill(role *Role, name string, permissions []access.Permission) error {
	var fields fault.Fields
	role.Name = checkName(&fields, "name", name)
	for _, p := range permissions {
		if !p.Known() {
			fields.Add("permissions", "There is no such permission.")
			break
		}
	}
	role.Permissions = inOrder(access.SetOf(permissions...))
	return fields.Err("user.invalid")
}

func inOrder(set access.Set) []access.Permission {
	list := []access.Permission{}
	for _, info := range access.Permissions {
		if set[info.Permission] {
			list = append(list, info.Permission)
		}
	}
	return list
}
