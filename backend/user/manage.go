package user

import (
	"context"
	"slices"
	"strings"

	"keydesk/backend/access"
	"keydesk/backend/fault"
	"keydesk/backend/secret"
)

// Faults of keeping users.
var (
	ErrNotFound  = fault.New(fault.NotFound, "user.not_found", "This user is no longer there.").WithHint("Reload the list.")
	ErrNameTaken = fault.New(fault.Conflict, "user.name_taken", "Another user has this name.").
			WithField("name", "Another user has this name.")
	ErrLastAdmin = fault.New(fault.Conflict, "user.last_admin", "At least one active Org Admin must remain.").
			WithHint("Make somebody else an Org Admin first.")
	ErrSelf = fault.New(fault.Conflict, "user.self", "You cannot delete or switch off yourself.").WithHint("Ask another admin to do it.")
)

// Operations on users.
var (
	OpList   = access.Op[ListInput, []User]{Name: "user.list", Does: "looked at the users", Mode: access.Read, Needs: []access.Permission{access.ViewUser}}
	OpCreate = access.Op[CreateInput, User]{Name: "user.create", Does: "added the user", Mode: access.Long, Needs: []access.Permission{access.CreateUser}, Fresh: true, AsksHeld: true}
	OpUpdate = access.Op[UpdateInput, User]{Name: "user.update", Does: "changed the user", Mode: access.Write, Needs: []access.Permission{access.EditUser}, AsksHeld: true, AsksFresh: true}
	OpDelete = access.Op[DeleteInput, Nothing]{Name: "user.delete", Does: "deleted the user", Mode: access.Write, Needs: []access.Permission{access.DeleteUser}, AsksHeld: true}
)

// List gives the users by name whose name, full name or role holds the term.
func (s *Service) List(ctx context.Context, in ListInput) ([]User, error) {
	all, err := s.store.Users(ctx)
	if err != nil {
		return nil, err
	}
	term := fold(strings.TrimSpace(in.Search))
	users := make([]User, 0, len(all))
	for _, u := range all {
		text := strings.Join(append([]string{u.Name, u.FullName}, roleNames(u.Roles)...), "\n")
		if strings.Contains(fold(text), term) {
			users = append(users, u.User)
		}
	}
	return users, nil
}

// Create makes a user who must change the given password at first sign-in.
// Faults: user.invalid, user.name_taken, user.beyond_you.
func (s *Service) Create(ctx context.Context, in CreateInput) (User, error) {
	made, err := s.prepare(ctx, in)
	if err != nil {
		return User{}, err
	}
	made.MustChange = true
	err = commit(ctx, func(ctx context.Context) error { return s.insert(ctx, &made, in.RoleIDs) })
	if err != nil {
		return User{}, err
	}
	return made.User, nil
}

// CreateReady makes a user whose password stays as given, inside the caller's
// transaction: those of the demo office, which stand on its sign-in screen. No
// operation leads here.
func (s *Service) CreateReady(ctx context.Context, in CreateInput) (User, error) {
	made, err := s.prepare(ctx, in)
	if err != nil {
		return User{}, err
	}
	if err := s.insert(ctx, &made, in.RoleIDs); err != nil {
		return User{}, err
	}
	return made.User, nil
}

// prepare checks the form and makes the hash, which is too slow for a
// transaction.
func (s *Service) prepare(ctx context.Context, in CreateInput) (Record, error) {
	var fields fault.Fields
	in.Name = checkName(&fields, "name", in.Name)
	in.FullName = checkFullName(&fields, "full_name", in.FullName)
	if problem := passwordProblem(in.Password, in.Name, s.organisation()); problem != "" {
		fields.Add("password", "%s", problem)
	}
	if len(in.RoleIDs) == 0 {
		fields.Add("role_ids", "Choose at least one role.")
	}
	if err := fields.Err("user.invalid"); err != nil {
		return Record{}, err
	}
	hash, err := s.hasher.hash(ctx, in.Password)
	return Record{PasswordHash: hash, User: User{
		ID: newID(), Name: in.Name, FullName: in.FullName, Active: true, CreatedMs: s.now().UnixMilli(), Version: 1,
	}}, err
}

func (s *Service) insert(ctx context.Context, made *Record, roleIDs []string) (err error) {
	if made.Roles, err = s.give(ctx, roleIDs); err != nil {
		return err
	}
	if err := s.store.InsertUser(ctx, *made); err != nil {
		return err
	}
	access.From(ctx).Changed("user", made.ID, made.Name, nil, made.User)
	return nil
}

// Update changes a user's names, roles and whether they may sign in. Faults:
// user.invalid, user.name_taken, user.beyond_you, user.last_admin, user.self,
// store.stale, access.password_needed when roles change.
func (s *Service) Update(ctx context.Context, in UpdateInput) (User, error) {
	caller := access.From(ctx).Caller
	var fields fault.Fields
	in.Name = checkName(&fields, "name", in.Name)
	in.FullName = checkFullName(&fields, "full_name", in.FullName)
	if len(in.RoleIDs) == 0 {
		fields.Add("role_ids", "Choose at least one role.")
	}
	if err := fields.Err("user.invalid"); err != nil {
		return User{}, err
	}
	before, err := s.store.UserByID(ctx, in.ID)
	if err != nil {
		return User{}, err
	}
	if err := beyond(ctx, before); err != nil {
		return User{}, err
	}
	roles, err := s.give(ctx, in.RoleIDs)
	if err != nil {
		return User{}, err
	}
	rolesChange := !slices.Equal(before.Roles, roles)
	if rolesChange {
		if err := access.From(ctx).RequireFresh("Enter your password once more to change the roles."); err != nil {
			return User{}, err
		}
	}
	after := before.User
	after.Version, after.Name, after.FullName, after.Roles, after.Active = in.Version, in.Name, in.FullName, roles, in.Active
	if err := s.store.UpdateUser(ctx, after); err != nil {
		return User{}, err
	}
	if err := s.adminRemains(ctx); err != nil {
		return User{}, err
	}
	if after.ID == caller.ID && !after.Active {
		return User{}, ErrSelf
	}
	after.Version++
	access.From(ctx).Changed("user", after.ID, after.Name, before.User, after)
	if rolesChange {
		s.rotate(after.ID)
	}
	return after, nil
}

// Delete removes a user. Faults: user.beyond_you, user.last_admin, user.self,
// store.stale.
func (s *Service) Delete(ctx context.Context, in DeleteInput) (Nothing, error) {
	caller := access.From(ctx).Caller
	who, err := s.store.UserByID(ctx, in.ID)
	if err != nil {
		return Nothing{}, err
	}
	if err := beyond(ctx, who); err != nil {
		return Nothing{}, err
	}
	if err := s.store.DeleteUser(ctx, in.ID, in.Version); err != nil {
		return Nothing{}, err
	}
	if err := s.adminRemains(ctx); err != nil {
		return Nothing{}, err
	}
	if who.ID == caller.ID {
		return Nothing{}, ErrSelf
	}
	access.From(ctx).Changed("user", who.ID, who.Name, who.User, nil)
	return Nothing{}, nil
}

// adminRemains refuses, and so undoes the transaction, when the change that
// was just written left no active Org Admin.
//
// One writer: with several, two could each switch off an admin and both count
// the other one.
func (s *Service) adminRemains(ctx context.Context) error {
	admins, err := s.store.ActiveUsersWithRole(ctx, OrgAdmin)
	if err != nil {
		return err
	}
	if admins == 0 {
		return ErrLastAdmin
	}
	return nil
}

// give finds the roles of these ids, in the order of the list of roles, and
// refuses one that holds a right the caller lacks.
func (s *Service) give(ctx context.Context, ids []string) ([]RoleRef, error) {
	all, err := s.store.Roles(ctx)
	if err != nil {
		return nil, err
	}
	refs := []RoleRef{}
	for _, role := range all {
		if !slices.Contains(ids, role.ID) {
			continue
		}
		if err := beyondRole(ctx, role); err != nil {
			return nil, err
		}
		refs = append(refs, RoleRef{ID: role.ID, Name: role.Name})
	}
	for _, id := range ids {
		if !hasRole(refs, id) {
			var fields fault.Fields
			fields.Add("role_ids", "One of these roles is no longer there.")
			return nil, fields.Err("user.invalid")
		}
	}
	return refs, nil
}

// beyond refuses when the user holds a right the caller lacks.
func beyond(ctx context.Context, who Record) error {
	return access.From(ctx).RequireHeld("The user "+who.Name, who.Permissions, who.IsOrgAdmin())
}

func beyondRole(ctx context.Context, role Role) error {
	return access.From(ctx).RequireHeld("The role "+role.Name, access.SetOf(role.Permissions...), role.ID == OrgAdmin)
}

// checkPassword is passwordProblem as a fault at a field.
func checkPassword(field string, password secret.Text, user, organisation string) error {
	var fields fault.Fields
	if problem := passwordProblem(password, user, organisation); problem != "" {
		fields.Add(field, "%s", problem)
	}
	return fields.Err("user.weak_password")
}

// CheckPassword tells whether this may be the password of this user in this
// organisation: user.weak_password at the field "password", or nil.
func CheckPassword(password secret.Text, user, organisation string) error {
	return checkPassword("password", password, user, organisation)
}
