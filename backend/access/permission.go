// Package access says who may do what: permissions, operations and one running
// operation. It imports only package fault; every door and feature imports it.
//
// An operation (Op) is declared next to its use case and names the permissions
// it needs. The gate checks them; nothing else does.
package access

import "sort"

// Permission is a right, as stored in a role.
type Permission string

// The permissions. One is added here when the feature that it opens is built,
// not before.
const (
	CreateSetup Permission = "setup.create"
	EditSetup   Permission = "setup.edit"
	DeleteSetup Permission = "setup.delete"
	ViewSetup   Permission = "setup.view"

	CreateProcess Permission = "process.create"
	EditProcess   Permission = "process.edit"
	DeleteProcess Permission = "process.delete"
	ViewProcess   Permission = "process.view"

	CreateKey Permission = "apikey.create"
	EditKey   Permission = "apikey.edit"
	DeleteKey Permission = "apikey.delete"
	ViewKey   Permission = "apikey.view"

	CreateUser Permission = "user.create"
	EditUser   Permission = "user.edit"
	DeleteUser Permission = "user.delete"
	ViewUser   Permission = "user.view"

	TestSetup      Permission = "setup.test"
	SendCall       Permission = "call.send"
	ViewCall       Permission = "call.view"
	ViewActivity   Permission = "activity.view"
	ManageSettings Permission = "settings.manage"
	ImportData     Permission = "data.import"
	ExportData     Permission = "data.export"

	// SignedIn is not a right that a role holds. It marks operations that any
	// signed-in user may do for themselves.
	SignedIn Permission = "signed_in"
	// OrgAdminOnly is no right either: it marks operations that hand out more
	// than any permission, as a recovery code does, which lets an Org Admin in.
	OrgAdminOnly Permission = "org_admin"
)

// PermissionInfo is how a permission reads on screen.
type PermissionInfo struct {
	Permission Permission `json:"permission"`
	Group      string     `json:"group"`
	Label      string     `json:"label"`
}

// Permissions lists every right in the order of the role grid: the four of
// API Key Setup first.
var Permissions = []PermissionInfo{
	{CreateSetup, "API Key Setup", "Can Create API Key Setup"},
	{EditSetup, "API Key Setup", "Can Edit API Key Setup"},
	{DeleteSetup, "API Key Setup", "Can Delete API Key Setup"},
	{ViewSetup, "API Key Setup", "Can View API Key Setup"},
	{CreateProcess, "Processes", "Can Create Processes"},
	{EditProcess, "Processes", "Can Edit Processes"},
	{DeleteProcess, "Processes", "Can Delete Processes"},
	{ViewProcess, "Processes", "Can View Processes"},
	{CreateKey, "API Keys", "Can Create API Keys"},
	{EditKey, "API Keys", "Can Edit API Keys"},
	{DeleteKey, "API Keys", "Can Delete API Keys"},
	{ViewKey, "API Keys", "Can View API Keys"},
	{CreateUser, "Users & Roles", "Can Create Users & Roles"},
	{EditUser, "Users & Roles", "Can Edit Users & Roles"},
	{DeleteUser, "Users & Roles", "Can Delete Users & Roles"},
	{ViewUser, "Users & Roles", "Can View Users & Roles"},
	{TestSetup, "Calls", "Can Test API Key Setup"},
	{SendCall, "Calls", "Can Send"},
	{ViewCall, "Calls", "Can View Calls"},
	{ViewActivity, "Office", "Can View Activity"},
	{ManageSettings, "Office", "Can Manage Settings"},
	{ImportData, "Office", "Can Import"},
	{ExportData, "Office", "Can Export"},
}

// Label returns a permission's name for a person.
func (p Permission) Label() string {
	for _, info := range Permissions {
		if info.Permission == p {
			return info.Label
		}
	}
	return string(p)
}

// Known reports whether a role can hold this permission.
func (p Permission) Known() bool {
	for _, info := range Permissions {
		if info.Permission == p {
			return true
		}
	}
	return false
}

// Set is a set of permissions.
type Set map[Permission]bool

// SetOf returns a set of these permissions.
func SetOf(permissions ...Permission) Set {
	set := Set{}
	for _, p := range permissions {
		set[p] = true
	}
	return set
}

// All is every permission a role can hold.
func All() Set {
	set := Set{}
	for _, info := range Permissions {
		set[info.Permission] = true
	}
	return set
}

// List returns the set sorted by name.
func (s Set) List() []Permission {
	list := make([]Permission, 0, len(s))
	for p, held := range s {
		if held {
			list = append(list, p)
		}
	}
	sort.Slice(list, func(i, j int) bool { return list[i] < list[j] })
	return list
}

// Covers reports whether every permission of other is in s.
func (s Set) Covers(other Set) bool {
	for p, held := range other {
		if held && !s[p] {
			return false
		}
	}
	return true
}
