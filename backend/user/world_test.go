package user_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"log/slog"
	"sync"
	"testing"
	"time"

	"keydesk/backend/access"
	"keydesk/backend/fault"
	"keydesk/backend/gate"
	"keydesk/backend/secret"
	"keydesk/backend/store"
	"keydesk/backend/user"
)

// The passwords of the people in these tests; the search for leaks looks for
// every one of them.
const (
	adaPassword   = "plain otter lamp seven"
	otherPassword = "green kettle on Mars!"
	newPassword   = "nine slow trains home"
	wrongPassword = "this one is not right"
	recoveryCode  = "the-recovery-code-of-the-office"
)

// cheap is a hash that costs nothing, for every test that is not about cost.
var cheap = user.Params{MemoryKiB: 64, Time: 1, Threads: 1}

var errCode = fault.New(fault.Invalid, "vault.wrong_code", "This is not the recovery code.")

// office is a data folder with one window's backend on it.
type office struct {
	t testing.TB
	// services are told of every change, as those of one process are.
	services []*user.Service
	store    *store.Store
	clock    *clock
	log      *bytes.Buffer
	*window
}

// window is one process: a service with its session, behind a real gate.
type window struct {
	svc   *user.Service
	gate  *gate.Gate
	trail *trail

	mu     sync.Mutex
	hashes []user.Params // one for each hash that was computed
	atOnce int
	most   int
	idle   time.Duration
	during func() // runs once, while the next hash is computed

	first          gate.Handler[user.FirstInput, user.User]
	ready          gate.Handler[user.CreateInput, user.User]
	signIn         gate.Handler[user.SignInInput, user.Session]
	signOut        gate.Handler[user.Nothing, user.Session]
	lock           gate.Handler[user.Nothing, user.Session]
	unlock         gate.Handler[user.PasswordInput, user.Session]
	touch          gate.Handler[user.Nothing, user.Session]
	session        gate.Handler[user.Nothing, user.Session]
	forgot         gate.Handler[user.ForgotPasswordInput, user.Session]
	change         gate.Handler[user.ChangePasswordInput, user.Session]
	confirm        gate.Handler[user.PasswordInput, user.Session]
	list           gate.Handler[user.ListInput, []user.User]
	create         gate.Handler[user.CreateInput, user.User]
	update         gate.Handler[user.UpdateInput, user.User]
	remove         gate.Handler[user.DeleteInput, user.Nothing]
	reset          gate.Handler[user.ResetPasswordInput, user.User]
	roles          gate.Handler[user.Nothing, []user.Role]
	createRole     gate.Handler[user.CreateRoleInput, user.Role]
	updateRole     gate.Handler[user.UpdateRoleInput, user.Role]
	deleteRole     gate.Handler[user.DeleteInput, user.Nothing]
	allPermissions gate.Handler[user.Nothing, []access.PermissionInfo]
}

var (
	source = access.Source{Kind: access.Window, ID: "the window"}
	ctx    = access.WithSource(context.Background(), source)
)

// newOffice makes an office whose first Org Admin is ada, signed in.
func newOffice(t testing.TB) *office {
	t.Helper()
	o := emptyOffice(t, cheap)
	ada, err := o.first(ctx, user.FirstInput{Name: "ada", FullName: "Ada Lovelace", Password: secret.New(adaPassword)})
	must(t, err)
	_, err = o.svc.Begin(ctx, ada.ID)
	must(t, err)
	return o
}

func emptyOffice(t testing.TB, params user.Params) *office {
	t.Helper()
	o := &office{t: t, store: store.New(t.TempDir()), clock: &clock{now: time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)}, log: &bytes.Buffer{}}
	must(t, o.store.Open(ctx))
	t.Cleanup(func() { _ = o.store.Close() })
	o.window = o.another(params)
	return o
}

// nameKeys is the sealed key of unknown names, of an open vault.
type nameKeys struct{}

func (nameKeys) MAC(_ context.Context, name string, data []byte) ([]byte, error) {
	mac := hmac.New(sha256.New, []byte("the sealed key "+name))
	mac.Write(data)
	return mac.Sum(nil), nil
}
func (nameKeys) KeyOpens(context.Context, string) (bool, error) { return true, nil }
func (nameKeys) ReplaceKey(context.Context, string) error       { return nil }

// another is a second process on the same data: another person's window, or
// this one started again.
func (o *office) another(params user.Params) *window {
	w := &window{trail: &trail{}, idle: 15 * time.Minute}
	w.svc = user.New(user.Options{
		Store: o.store, Recovery: recovery{}, Names: nameKeys{}, Now: o.clock.Now,
		IdleLimit:    func() time.Duration { return w.idle },
		Organisation: func() string { return "Bright Horses" },
		Hash:         params, Derive: w.derive,
	})
	g := gate.New(gate.Parts{
		Resolvers:    map[access.SourceKind]gate.Resolver{access.Window: w.svc},
		Transactions: o.store, Activity: w.trail, Now: o.clock.Now,
		Changed: func([]string) {
			for _, svc := range o.services {
				svc.Forget()
			}
		},
		DataKeyOpen: func() bool { return true }, Log: slog.New(slog.NewTextHandler(o.log, nil)),
	})
	w.gate = g
	o.services = append(o.services, w.svc)
	w.first = gate.Bind(g, access.Op[user.FirstInput, user.User]{Name: "test.first", Does: "did it", Mode: access.Long, Public: true},
		func(ctx context.Context, in user.FirstInput) (made user.User, err error) {
			err = access.From(ctx).Commit(ctx, func(ctx context.Context) error {
				made, err = w.svc.CreateFirst(ctx, in)
				return err
			})
			return made, err
		})
	w.ready = gate.Bind(g, access.Op[user.CreateInput, user.User]{Name: "test.ready", Does: "did it", Mode: access.Write, Needs: []access.Permission{access.CreateUser}, AsksHeld: true}, w.svc.CreateReady)
	w.signIn = gate.Bind(g, user.OpSignIn, w.svc.SignIn)
	w.signOut = gate.Bind(g, user.OpSignOut, w.svc.SignOut)
	w.lock = gate.Bind(g, user.OpLock, w.svc.Lock)
	w.unlock = gate.Bind(g, user.OpUnlock, w.svc.Unlock)
	w.touch = gate.Bind(g, user.OpTouch, w.svc.Touch)
	w.session = gate.Bind(g, user.OpSession, w.svc.Session)
	w.forgot = gate.Bind(g, user.OpForgotPassword, w.svc.ForgotPassword)
	w.change = gate.Bind(g, user.OpChangePassword, w.svc.ChangePassword)
	w.confirm = gate.Bind(g, user.OpConfirmPassword, w.svc.ConfirmPassword)
	w.list = gate.Bind(g, user.OpList, w.svc.List)
	w.create = gate.Bind(g, user.OpCreate, w.svc.Create)
	w.update = gate.Bind(g, user.OpUpdate, w.svc.Update)
	w.remove = gate.Bind(g, user.OpDelete, w.svc.Delete)
	w.reset = gate.Bind(g, user.OpResetPassword, w.svc.ResetPassword)
	w.roles = gate.Bind(g, user.OpRoles, w.svc.Roles)
	w.createRole = gate.Bind(g, user.OpCreateRole, w.svc.CreateRole)
	w.updateRole = gate.Bind(g, user.OpUpdateRole, w.svc.UpdateRole)
	w.deleteRole = gate.Bind(g, user.OpDeleteRole, w.svc.DeleteRole)
	w.allPermissions = gate.Bind(g, user.OpPermissions, w.svc.Permissions)
	return w
}

// derive is Argon2id, and records each use.
func (w *window) derive(password, salt []byte, params user.Params) []byte {
	w.mu.Lock()
	w.hashes = append(w.hashes, params)
	w.atOnce++
	w.most = max(w.most, w.atOnce)
	during := w.during
	w.during = nil
	w.mu.Unlock()
	if during != nil {
		during()
	}
	defer func() {
		w.mu.Lock()
		w.atOnce--
		w.mu.Unlock()
	}()
	return user.Argon2id(password, salt, params)
}

// hashed counts the hashes computed while fn ran.
func (w *window) hashed(fn func()) []user.Params {
	w.mu.Lock()
	before := len(w.hashes)
	w.mu.Unlock()
	fn()
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.hashes[before:]
}

func (w *window) enter(t testing.TB, name, password string) user.Session {
	t.Helper()
	session, err := w.signIn(ctx, user.SignInInput{Name: name, Password: secret.New(password)})
	must(t, err)
	return session
}

// add makes a user with these roles whose password need not be changed.
func (o *office) add(name string, roles ...string) user.User {
	o.t.Helper()
	made, err := o.ready(ctx, user.CreateInput{Name: name, Password: secret.New(otherPassword), RoleIDs: roles})
	must(o.t, err)
	return made
}

// addRole makes a role with these permissions and returns its id.
func (o *office) addRole(name string, permissions ...access.Permission) user.Role {
	o.t.Helper()
	made, err := o.createRole(ctx, user.CreateRoleInput{Name: name, Permissions: permissions})
	must(o.t, err)
	return made
}

// window of a person who is signed in elsewhere.
func (o *office) as(name string) *window {
	o.t.Helper()
	w := o.another(cheap)
	w.enter(o.t, name, otherPassword)
	return w
}

func (o *office) record(id string) user.Record {
	o.t.Helper()
	record, err := o.store.UserByID(ctx, id)
	must(o.t, err)
	return record
}

func (o *office) ada() user.User {
	o.t.Helper()
	record, err := o.store.UserByName(ctx, "ada")
	must(o.t, err)
	return record.User
}

func wrong(name string) user.SignInInput {
	return user.SignInInput{Name: name, Password: secret.New(wrongPassword)}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// refusedAs requires a fault with this code, with a message and without a leak.
func refusedAs(t testing.TB, err error, code string) *fault.Error {
	t.Helper()
	if err == nil {
		t.Fatalf("went through, want %s", code)
	}
	told := fault.From(err)
	if told.Code != code {
		t.Fatalf("got %v (cause %v), want %s", err, told.Cause(), code)
	}
	if told.Message == "" {
		t.Fatalf("%s has no message", code)
	}
	return told
}

// atField requires a message at this input.
func atField(t testing.TB, told *fault.Error, field string) {
	t.Helper()
	for _, one := range told.Fields {
		if one.Name == field && one.Message != "" {
			return
		}
	}
	t.Fatalf("%v has no message at %s", told, field)
}

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(by)
}

// trail keeps what the gate and the service report.
type trail struct {
	mu       sync.Mutex
	done     []entry
	refusals []entry
}

type entry struct {
	Op, Actor, Code string
	Change          access.Change
}

func (r *trail) Record(_ context.Context, invocation *access.Invocation, changes []access.Change) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, change := range changes {
		r.done = append(r.done, entry{Op: invocation.Op.Name, Actor: invocation.Caller.Name, Change: change})
	}
	return nil
}

func (r *trail) RecordRefusal(_ context.Context, invocation *access.Invocation, reason *fault.Error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.refusals = append(r.refusals, entry{Op: invocation.Op.Name, Actor: invocation.Caller.Name, Code: reason.Code})
}

func (r *trail) last(t testing.TB) entry {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.done) == 0 {
		t.Fatal("nothing was recorded")
	}
	return r.done[len(r.done)-1]
}

func (r *trail) lastRefusal(t testing.TB) entry {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.refusals) == 0 {
		t.Fatal("no refusal was recorded")
	}
	return r.refusals[len(r.refusals)-1]
}

// all returns everything recorded, as it would be stored.
func (r *trail) all(t testing.TB) string {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	text, err := json.Marshal([][]entry{r.done, r.refusals})
	must(t, err)
	return string(text)
}

type recovery struct{}

func (recovery) ProveRecovery(_ context.Context, code secret.Text) error {
	if code.Reveal() != recoveryCode {
		return errCode
	}
	return nil
}
