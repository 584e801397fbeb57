// Package demo makes the demo office in code: a small tree, one user for each
// built-in role, and ten setups. Six use providers and are tested at the
// simulator; four send to a local server that starts with it. Nothing in it is
// real, so the sign-in screen shows its passwords and its passphrase is fixed.
package demo

import (
	"context"
	"fmt"

	"keydesk/backend/process"
	"keydesk/backend/provider"
	"keydesk/backend/secret"
	"keydesk/backend/setup"
	"keydesk/backend/user"
)

// Passphrase seals the demo office's data key. It guards nothing real.
const Passphrase = "the demo office holds no real secret"

// User is a person who can sign in to the demo office.
type User struct {
	Name     string `json:"name"`
	FullName string `json:"full_name"`
	Role     string `json:"role"`
	Password string `json:"password"`
}

// Users are the demo office's people, one for each built-in role; the first
// is its Org Admin.
var Users = []User{
	{"asha", "Asha Rao", user.OrgAdmin, "asha-opens-the-desk"},
	{"meera", "Meera Iyer", user.Manager, "meera-keeps-the-desk"},
	{"omar", "Omar Khan", user.Operator, "omar-tests-the-desk"},
	{"vera", "Vera Lindt", user.Viewer, "vera-reads-the-desk"},
}

// Services are the services that Fill uses.
type Services struct {
	Process   *process.Service
	Setups    *setup.Service
	Users     *user.Service
	Providers *provider.Service
}

// Fill makes users, tree and setups. It runs inside one transaction, with an
// invocation in the context. base is the address of the local server, such
// as "http://127.0.0.1:40123".
func Fill(ctx context.Context, s Services, base string) error {
	for _, one := range Users[1:] {
		in := user.CreateInput{Name: one.Name, FullName: one.FullName, Password: secret.New(one.Password), RoleIDs: []string{one.Role}}
		if _, err := s.Users.CreateReady(ctx, in); err != nil {
			return fmt.Errorf("demo user %s: %w", one.Name, err)
		}
	}
	for _, tree := range []string{"orders", "appointments", "invoices"} {
		if err := s.Process.CreateStarter(ctx, tree); err != nil {
			return fmt.Errorf("demo tree %s: %w", tree, err)
		}
	}
	tree, err := s.Process.Tree(ctx, process.TreeInput{})
	if err != nil {
		return err
	}
	for _, one := range setups(base) {
		draft, err := one.draft(s.Providers)
		if err != nil {
			return fmt.Errorf("demo setup %s: %w", one.name, err)
		}
		if draft.PlaceID, draft.StageID, err = find(tree, one.place, one.stage); err != nil {
			return err
		}
		if _, err := s.Setups.Create(ctx, setup.CreateInput{Draft: draft}); err != nil {
			return fmt.Errorf("demo setup %s: %w", one.name, err)
		}
	}
	return nil
}

// find gives a stage of the starter trees by the names of its place and itself.
func find(tree process.Tree, place, stage string) (placeID, stageID string, err error) {
	for _, one := range tree.Places {
		for _, step := range tree.Stages {
			if one.Name == place && step.PlaceID == one.ID && step.Name == stage {
				return one.ID, step.ID, nil
			}
		}
	}
	return "", "", fmt.Errorf("demo: the trees have no stage %s at %s", stage, place)
}
