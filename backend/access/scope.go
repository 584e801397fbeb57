package access

import "slices"

// Scope is what an issued API key may do (RULES.md, API Keys). A key holds the
// scopes that it was made with, and never others.
type Scope string

// The scopes.
const (
	VerifyKeys    Scope = "keys:verify"
	ReadUsage     Scope = "usage:read"
	ReadSetups    Scope = "setups:read"
	SimulateCalls Scope = "calls:simulate"
	SendCalls     Scope = "calls:send"
	ReadCalls     Scope = "calls:read"
)

// ScopeInfo is how a scope reads on screen, and the permission that somebody
// must hold to give it to a key.
type ScopeInfo struct {
	Scope      Scope      `json:"scope"`
	Permission Permission `json:"permission"`
	Label      string     `json:"label"`
}

// Scopes lists every scope, what sends first.
var Scopes = []ScopeInfo{
	{SimulateCalls, TestSetup, "Try out: simulate and preview calls"},
	{SendCalls, SendCall, "Send messages"},
	{ReadCalls, ViewCall, "Read calls and their results"},
	{ReadSetups, ViewSetup, "Read API Key Setups, without secrets"},
	{VerifyKeys, ViewKey, "Check other keys"},
	{ReadUsage, ViewKey, "Read usage"},
}

// AnyScope is every scope: an operation with it can be run by any key.
func AnyScope() []Scope {
	all := make([]Scope, len(Scopes))
	for i, info := range Scopes {
		all[i] = info.Scope
	}
	return all
}

// Known reports whether a key can hold this scope.
func (s Scope) Known() bool {
	return slices.ContainsFunc(Scopes, func(info ScopeInfo) bool { return info.Scope == s })
}

// PermissionsOf returns the permissions that scopes mean.
func PermissionsOf(scopes []Scope) Set {
	set := Set{}
	for _, info := range Scopes {
		if slices.Contains(scopes, info.Scope) {
			set[info.Permission] = true
		}
	}
	return set
}

// Reach is where a key may send; the zero value is everywhere.
type Reach struct {
	// Places are the ids of processes, each with everything below it.
	Places []string
	// Channels are those of setups.
	Channels []string
	// LivePerDay is how many live messages it may send a day; 0 is no limit of its
	// own.
	LivePerDay int
}
