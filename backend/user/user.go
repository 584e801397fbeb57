// Package user is sign-in, users and roles: who may open the window, what each
// user may do there, and what happens when a password is forgotten or guessed.
//
// Service holds the one session of this process and is the gate's Sessions: it
// reads the user's roles at every call, so that a revoked right takes effect on
// the next one. Passwords are hashed outside the write transaction (the
// operations that need it are Long), a try is counted before it is checked, and
// an unknown name costs the same work as a wrong password.
//
// Rules that need data are here and nowhere else: at least one active Org Admin
// remains, and nobody can change a user or role that holds a right they lack
// (RULES.md, Sign-in; Users and roles; A06, A07, A14 to A18).
package user

import (
	"keydesk/backend/access"
	"keydesk/backend/secret"
)

// The ids of the built-in roles, the same in every office.
const (
	OrgAdmin = "org_admin"
	Manager  = "manager"
	Operator = "operator"
	Viewer   = "viewer"
)

// RoleRef names a role.
type RoleRef struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// User is a person who may sign in, as shown: never with a password or its
// hash. LastSignInMs is 0 before the first sign-in.
type User struct {
	ID           string    `json:"id"`
	Name         string    `json:"name"`
	FullName     string    `json:"full_name"`
	Roles        []RoleRef `json:"roles"`
	Active       bool      `json:"active"`
	MustChange   bool      `json:"must_change"`
	LastSignInMs int64     `json:"last_sign_in_ms"`
	CreatedMs    int64     `json:"created_ms"`
	Version      int       `json:"version"`
}

// Role is a named set of permissions. Locked is Org Admin, which holds every
// permission and cannot be changed. Users counts those who have it.
type Role struct {
	ID          string              `json:"id"`
	Name        string              `json:"name"`
	BuiltIn     bool                `json:"built_in"`
	Locked      bool                `json:"locked"`
	Permissions []access.Permission `json:"permissions"`
	Users       int                 `json:"users"`
	Version     int                 `json:"version"`
}

// Session is what the page knows of its session. Locked means that a signed-in
// session waits for its password; MustChange that it may only change it.
type Session struct {
	SignedIn    bool                `json:"signed_in"`
	Locked      bool                `json:"locked"`
	MustChange  bool                `json:"must_change"`
	UserID      string              `json:"user_id"`
	Name        string              `json:"name"`
	FullName    string              `json:"full_name"`
	Roles       []string            `json:"roles"`
	Permissions []access.Permission `json:"permissions"`
	IsOrgAdmin  bool                `json:"is_org_admin"`
	Appearance  Appearance          `json:"appearance"`
}

// Nothing is the input or answer of an operation that has none.
type Nothing struct{}

// SignInInput is a user name and its password.
type SignInInput struct {
	Name     string      `json:"name" validate:"required,max=1000"`
	Password secret.Text `json:"password" ts_type:"string" validate:"required,max=1000"`
}

// PasswordInput is the signed-in user's own password, to unlock or to confirm.
type PasswordInput struct {
	Password secret.Text `json:"password" ts_type:"string" validate:"required,max=1000"`
}

// ForgotPasswordInput lets an active Org Admin in with the recovery code.
type ForgotPasswordInput struct {
	Name        string      `json:"name" validate:"required,max=1000"`
	Code        secret.Text `json:"code" ts_type:"string" validate:"required,max=1000"`
	NewPassword secret.Text `json:"new_password" ts_type:"string" validate:"required"`
}

// ChangePasswordInput replaces the signed-in user's own password.
type ChangePasswordInput struct {
	OldPassword secret.Text `json:"old_password" ts_type:"string" validate:"required,max=1000"`
	NewPassword secret.Text `json:"new_password" ts_type:"string" validate:"required"`
}

// ListInput finds users by a part of name, full name or role. An empty one
// finds all.
type ListInput struct {
	Search string `json:"search" validate:"max=1000"`
}

// CreateInput makes a user, whose password must be changed at the first
// sign-in.
type CreateInput struct {
	Name     string      `json:"name"`
	FullName string      `json:"full_name"`
	Password secret.Text `json:"password" ts_type:"string" validate:"required"`
	RoleIDs  []string    `json:"role_ids"`
}

// UpdateInput changes a user. Version is the one that was read.
type UpdateInput struct {
	ID       string   `json:"id" validate:"required"`
	Version  int      `json:"version"`
	Name     string   `json:"name"`
	FullName string   `json:"full_name"`
	RoleIDs  []string `json:"role_ids"`
	Active   bool     `json:"active"`
}

// DeleteInput removes a user or role. Version is the one that was read.
type DeleteInput struct {
	ID      string `json:"id" validate:"required"`
	Version int    `json:"version"`
}

// ResetPasswordInput gives another user a password that must be changed at the
// next sign-in.
type ResetPasswordInput struct {
	ID       string      `json:"id" validate:"required"`
	Password secret.Text `json:"password" ts_type:"string" validate:"required"`
}

// CreateRoleInput makes a role.
type CreateRoleInput struct {
	Name        string              `json:"name"`
	Permissions []access.Permission `json:"permissions"`
}

// UpdateRoleInput changes a role. Version is the one that was read.
type UpdateRoleInput struct {
	ID          string              `json:"id" validate:"required"`
	Version     int                 `json:"version"`
	Name        string              `json:"name"`
	Permissions []access.Permission `json:"permissions"`
}
