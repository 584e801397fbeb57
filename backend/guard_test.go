package backend_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"sort"
	"strings"
	"testing"
	"unicode"

	"keydesk/backend"
	"keydesk/backend/access"
	"keydesk/backend/apikey"
	"keydesk/backend/fault"
	"keydesk/backend/gate"
	"keydesk/backend/organisation"
	"keydesk/backend/secret"
	"keydesk/backend/user"
)

// operation is one bound call, found by reflection over backend.Calls.
type operation struct {
	name string
	info access.Info
	call reflect.Value
}

// operations walks every call that a door can hold and pairs it with its
// declaration. The name follows from the field: Setup.DeleteInfo is
// setup.delete_info. Operations that the program runs itself have no call.
func operations(t *testing.T, b *backend.Backend) []operation {
	t.Helper()
	declared := b.Gate.Ops()
	var list []operation
	groups := reflect.ValueOf(b.Ops)
	for i := range groups.NumField() {
		group := groups.Field(i)
		for j := range group.NumField() {
			name := strings.ToLower(groups.Type().Field(i).Name) + "." + snake(group.Type().Field(j).Name)
			info, found := declared[name]
			if !found {
				t.Errorf("a call is bound as %s, and no operation has that name", name)
			}
			if info.System {
				t.Errorf("a door can hold %s, which is for the program alone", name)
			}
			list = append(list, operation{name: name, info: info, call: group.Field(j)})
			delete(declared, name)
		}
	}
	for name, info := range declared {
		if info.System {
			list = append(list, operation{name: name, info: info})
			continue
		}
		t.Errorf("operation %s is bound but no door can hold it", name)
	}
	sort.Slice(list, func(i, j int) bool { return list[i].name < list[j].name })
	return list
}

func snake(name string) string {
	var b strings.Builder
	for i, r := range name {
		if unicode.IsUpper(r) && i > 0 && !unicode.IsUpper(rune(name[i-1])) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// try calls an operation with the zero input and gives the code of the fault: of a
// refusal, or of what comes after admission.
func (o operation) try(ctx context.Context) string {
	if o.info.System {
		return "access.forbidden"
	}
	in := reflect.New(o.call.Type().In(1)).Elem()
	out := o.call.Call([]reflect.Value{reflect.ValueOf(ctx), in})
	err, _ := out[1].Interface().(error)
	if err == nil {
		return "done"
	}
	return fault.From(err).Code
}

func refused(code string) bool {
	return code == "access.forbidden" || code == "access.signed_out" || code == "access.locked" || code == "access.scope"
}

// roleUser makes a user with a role and gives its id.
func roleUser(t testing.TB, b *backend.Backend, name, roleID string) string {
	t.Helper()
	made, err := b.Ops.User.Create(atWindow(t), user.CreateInput{Name: name, FullName: name, Password: secret.New("a-long-enough-" + name), RoleIDs: []string{roleID}})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Store.InTx(atWindow(t), func(ctx context.Context) error {
		record, err := b.Store.UserByID(ctx, made.ID)
		if err != nil {
			return err
		}
		return b.Store.SetUserPassword(ctx, made.ID, record.PasswordHash, false)
	}); err != nil {
		t.Fatal(err)
	}
	return made.ID
}

// A06, A14 to A18, G8: every operation under every role, and by nobody, equals
// a golden page that a person can review. Run with KEYDESK_GOLDEN=write to write
// it again, then read the difference.
func TestEveryOperationUnderEveryRole(t *testing.T) {
	b := opened(t, t.TempDir(), nil)
	firstRun(t, b)
	admin, err := b.Users.Caller(atWindow(t), window)
	if err != nil {
		t.Fatal(err)
	}
	who := map[string]string{"org_admin": admin.ID}
	for _, role := range []string{user.Manager, user.Operator, user.Viewer} {
		who[role] = roleUser(t, b, role+"-person", role)
	}
	none, err := b.Ops.User.CreateRole(atWindow(t), user.CreateRoleInput{Name: "Nothing at all"})
	if err != nil {
		t.Fatal(err)
	}
	who["no_right"] = roleUser(t, b, "bare-person", none.ID)
	full := issued(t, b, access.AnyScope()...)
	columns := []string{"org_admin", "manager", "operator", "viewer", "no_right", "locked", "nobody", "full_key"}

	var page strings.Builder
	fmt.Fprintf(&page, "%-30s %-6s %-7s %s  needs; asks for where the data calls for it\n", "operation", "mode", "extra", strings.Join(columns, " "))
	for _, op := range operations(t, b) {
		if problem := gate.Problem(op.info); problem != "" {
			t.Errorf("%s: %s", op.name, problem)
		}
		var cells []string
		for _, column := range columns {
			if _, err := b.Ops.User.SignOut(atWindow(t), user.Nothing{}); err != nil && !refused(codeOf(err)) {
				t.Fatal(err)
			}
			ctx := atWindow(t)
			switch column {
			case "nobody":
			case "full_key":
				ctx = withKey(t, full)
			case "locked":
				begin(t, b, admin.ID)
				if _, err := b.Ops.User.Lock(atWindow(t), user.Nothing{}); err != nil {
					t.Fatal(err)
				}
			default:
				begin(t, b, who[column])
			}
			cell := "-"
			if code := op.try(ctx); !refused(code) || op.info.Public && op.info.Door == "" && column != "full_key" {
				cell = "yes"
			}
			// No door of keys holds what is public: it is for people who sign in.
			if column == "full_key" && op.info.Public && op.info.Door == "" {
				cell = "-"
			}
			cells = append(cells, fmt.Sprintf("%-*s", len(column), cell))
		}
		// A locked or signed-out person gets only public operations.
		if nobody := strings.TrimSpace(cells[slices.Index(columns, "nobody")]); (nobody == "yes") != (op.info.Public && op.info.Door == "") {
			t.Errorf("%s: nobody gets %q, public is %v", op.name, nobody, op.info.Public)
		}
		// A key runs what names a scope, and nothing else.
		if key := strings.TrimSpace(cells[slices.Index(columns, "full_key")]); (key == "yes") != (len(op.info.Scope) > 0 || op.info.Door == access.API) {
			t.Errorf("%s: a key with every scope gets %q", op.name, key)
		}
		fmt.Fprintf(&page, "%-30s %-6s %-7s %s  %s\n", op.name, op.info.Mode, extra(op.info), strings.Join(cells, " "), needs(op.info))
	}
	compareGolden(t, "testdata/operations.txt", page.String())
}

func begin(t *testing.T, b *backend.Backend, userID string) {
	t.Helper()
	if _, err := b.Users.Begin(atWindow(t), userID); err != nil {
		t.Fatal(err)
	}
}

func extra(info access.Info) string {
	switch {
	case info.Public:
		return "public"
	case info.Fresh:
		return "fresh"
	case info.System:
		return "system"
	}
	return string(info.Door)
}

func needs(info access.Info) string {
	var parts []string
	for _, p := range info.Needs {
		parts = append(parts, string(p))
	}
	if len(info.Any) > 0 {
		var any []string
		for _, p := range info.Any {
			any = append(any, string(p))
		}
		parts = append(parts, "one of "+strings.Join(any, " "))
	}
	var asks []string
	for _, p := range info.Asks {
		asks = append(asks, string(p))
	}
	if info.AsksFresh {
		asks = append(asks, "fresh password")
	}
	if info.AsksHeld {
		asks = append(asks, "rights of the other")
	}
	if len(info.Scope) == len(access.Scopes) {
		parts = append(parts, "any scope")
	} else if len(info.Scope) > 0 {
		var scopes []string
		for _, one := range info.Scope {
			scopes = append(scopes, string(one))
		}
		parts = append(parts, "a key: "+strings.Join(scopes, " or "))
	}
	text := strings.Join(parts, " + ")
	if info.WhileReading {
		text = strings.TrimPrefix(text+"; also while nothing can be written", "; ")
	}
	if len(asks) > 0 {
		text += "; asks " + strings.Join(asks, ", ")
	}
	return text
}

// compareGolden compares text with a file, or writes it.
func compareGolden(t *testing.T, path, got string) {
	t.Helper()
	if os.Getenv("KEYDESK_GOLDEN") == "write" {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got == string(want) {
		return
	}
	gotLines, wantLines := strings.Split(got, "\n"), strings.Split(string(want), "\n")
	for i := range max(len(gotLines), len(wantLines)) {
		var g, w string
		if i < len(gotLines) {
			g = gotLines[i]
		}
		if i < len(wantLines) {
			w = wantLines[i]
		}
		if g != w {
			t.Errorf("%s line %d:\n got  %s\n want %s", path, i+1, g, w)
		}
	}
}

// A18: each permission that an operation names is really asked for. A person who
// holds every permission except that one is refused, and if one of several is
// enough, holding one is enough.
func TestEachPermissionIsAskedFor(t *testing.T) {
	b := opened(t, t.TempDir(), nil)
	firstRun(t, b)
	role, err := b.Ops.User.CreateRole(atWindow(t), user.CreateRoleInput{Name: "Changing", Permissions: access.All().List()})
	if err != nil {
		t.Fatal(err)
	}
	person := roleUser(t, b, "changing-person", role.ID)
	hold := func(set []access.Permission) {
		err := b.Store.InTx(atWindow(t), func(ctx context.Context) error {
			roles, err := b.Store.Roles(ctx)
			if err != nil {
				return err
			}
			at := slices.IndexFunc(roles, func(r user.Role) bool { return r.ID == role.ID })
			roles[at].Permissions = set
			return b.Store.UpdateRole(ctx, roles[at])
		})
		if err != nil {
			t.Fatal(err)
		}
		begin(t, b, person)
	}
	without := func(gone ...access.Permission) []access.Permission {
		set := access.All()
		for _, p := range gone {
			delete(set, p)
		}
		return set.List()
	}
	asked := 0
	for _, op := range operations(t, b) {
		if op.info.Door != "" {
			continue // keys hold scopes: TestEachScopeIsAskedFor
		}
		for _, p := range op.info.Needs {
			if p == access.SignedIn {
				continue
			}
			hold(without(p))
			if code := op.try(atWindow(t)); code != "access.forbidden" {
				t.Errorf("%s without %s gave %s", op.name, p, code)
			}
			asked++
		}
		if len(op.info.Any) == 0 {
			continue
		}
		hold(without(op.info.Any...))
		if code := op.try(atWindow(t)); code != "access.forbidden" {
			t.Errorf("%s without any of %v gave %s", op.name, op.info.Any, code)
		}
		for _, p := range op.info.Any {
			hold(append(without(op.info.Any...), p))
			if code := op.try(atWindow(t)); refused(code) {
				t.Errorf("%s with %s gave %s", op.name, p, code)
			}
			asked++
		}
	}
	if asked < 20 {
		t.Errorf("only %d permissions were asked for", asked)
	}
}

// E15: a key without the scopes of an operation is refused, and one of them alone is
// enough, whatever permissions they mean.
func TestEachScopeIsAskedFor(t *testing.T) {
	b := opened(t, t.TempDir(), nil)
	firstRun(t, b)
	keys := map[access.Scope]string{}
	for _, one := range access.AnyScope() {
		keys[one] = issued(t, b, one)
	}
	asked := 0
	for _, op := range operations(t, b) {
		if op.info.System || op.info.Public {
			continue
		}
		for scope, key := range keys {
			code := op.try(withKey(t, key))
			if holds := slices.Contains(op.info.Scope, scope); holds == refused(code) {
				t.Errorf("%s with a key of %s gave %s", op.name, scope, code)
			}
			asked++
		}
	}
	if asked < 200 {
		t.Errorf("only %d were tried", asked)
	}
}

// issued makes an API key that holds these scopes and returns its id.
func issued(t testing.TB, b *backend.Backend, scopes ...access.Scope) string {
	t.Helper()
	made, err := b.Ops.Apikey.Create(atWindow(t), apikey.CreateInput{RequestID: rand.Text(), Title: fmt.Sprint(scopes), Expires: apikey.Term{Days: 90}, Grants: apikey.Grants{Scopes: scopes}})
	if err != nil {
		t.Fatal(err)
	}
	return made.Key.ID
}

// withKey is the context of a call that the local API's door has authenticated.
func withKey(t testing.TB, id string) context.Context {
	return access.WithSource(t.Context(), access.Source{Kind: access.API, ID: id})
}

// G8: an operation without a permission, a mode or a name cannot be bound.
func TestUnguardedOperationCannotBeBound(t *testing.T) {
	for name, op := range map[string]access.Op[organisation.Nothing, organisation.Nothing]{
		"no permission":        {Name: "a.b", Does: "did it", Mode: access.Read},
		"no mode":              {Name: "a.b", Does: "did it", Needs: []access.Permission{access.ViewSetup}},
		"no words":             {Name: "a.b", Mode: access.Read, Needs: []access.Permission{access.ViewSetup}},
		"no name":              {Does: "did it", Mode: access.Read, Needs: []access.Permission{access.ViewSetup}},
		"unknown permission":   {Name: "a.b", Does: "did it", Mode: access.Read, Needs: []access.Permission{"setup.everything"}},
		"writes while reading": {Name: "a.b", Does: "did it", Mode: access.Write, WhileReading: true, Needs: []access.Permission{access.ViewSetup}},
		"public with rights":   {Name: "a.b", Does: "did it", Mode: access.Read, Public: true, Needs: []access.Permission{access.ViewSetup}},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("it was bound")
				}
			}()
			gate.Bind(gate.New(gate.Parts{}), op, func(context.Context, organisation.Nothing) (organisation.Nothing, error) {
				return organisation.Nothing{}, nil
			})
		})
	}
}
