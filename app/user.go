package app

import (
	"keydesk/backend"
	"keydesk/backend/access"
	"keydesk/backend/user"
)

// User is the page's door to user: one line an operation.
type User struct {
	door *Door
	on   backend.UserOps
}

// ForgotPassword runs user.forgot_password.
func (d *User) ForgotPassword(in user.ForgotPasswordInput) (user.Session, error) {
	return call(d.door, d.on.ForgotPassword, in)
}

// ChangePassword runs user.change_password.
func (d *User) ChangePassword(in user.ChangePasswordInput) (user.Session, error) {
	return call(d.door, d.on.ChangePassword, in)
}

// ResetPassword runs user.reset_password.
func (d *User) ResetPassword(in user.ResetPasswordInput) (user.User, error) {
	return call(d.door, d.on.ResetPassword, in)
}

// List runs user.list.
func (d *User) List(in user.ListInput) ([]user.User, error) {
	return call(d.door, d.on.List, in)
}

// Create runs user.create.
func (d *User) Create(in user.CreateInput) (user.User, error) {
	return call(d.door, d.on.Create, in)
}

// Update runs user.update.
func (d *User) Update(in user.UpdateInput) (user.User, error) {
	return call(d.door, d.on.Update, in)
}

// Delete runs user.delete.
func (d *User) Delete(in user.DeleteInput) (user.Nothing, error) {
	return call(d.door, d.on.Delete, in)
}

// Roles runs user.roles.
func (d *User) Roles() ([]user.Role, error) {
	return call(d.door, d.on.Roles, user.Nothing{})
}

// Permissions runs user.permissions.
func (d *User) Permissions() ([]access.PermissionInfo, error) {
	return call(d.door, d.on.Permissions, user.Nothing{})
}

// CreateRole runs user.create_role.
func (d *User) CreateRole(in user.CreateRoleInput) (user.Role, error) {
	return call(d.door, d.on.CreateRole, in)
}

// UpdateRole runs user.update_role.
func (d *User) UpdateRole(in user.UpdateRoleInput) (user.Role, error) {
	return call(d.door, d.on.UpdateRole, in)
}

// DeleteRole runs user.delete_role.
func (d *User) DeleteRole(in user.DeleteInput) (user.Nothing, error) {
	return call(d.door, d.on.DeleteRole, in)
}

// Session runs user.session.
func (d *User) Session() (user.Session, error) {
	return call(d.door, d.on.Session, user.Nothing{})
}

// Touch runs user.touch.
func (d *User) Touch() (user.Session, error) {
	return call(d.door, d.on.Touch, user.Nothing{})
}

// Lock runs user.lock.
func (d *User) Lock() (user.Session, error) {
	return call(d.door, d.on.Lock, user.Nothing{})
}

// SignOut runs user.sign_out.
func (d *User) SignOut() (user.Session, error) {
	return call(d.door, d.on.SignOut, user.Nothing{})
}

// SignIn runs user.sign_in.
func (d *User) SignIn(in user.SignInInput) (user.Session, error) {
	return call(d.door, d.on.SignIn, in)
}

// Unlock runs user.unlock.
func (d *User) Unlock(in user.PasswordInput) (user.Session, error) {
	return call(d.door, d.on.Unlock, in)
}

// ConfirmPassword runs user.confirm_password.
func (d *User) ConfirmPassword(in user.PasswordInput) (user.Session, error) {
	return call(d.door, d.on.ConfirmPassword, in)
}
