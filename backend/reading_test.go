package backend_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"keydesk/backend"
	"keydesk/backend/access"
	"keydesk/backend/activity"
	"keydesk/backend/call"
	"keydesk/backend/fault"
	"keydesk/backend/gate"
	"keydesk/backend/host"
	"keydesk/backend/organisation"
	"keydesk/backend/process"
	"keydesk/backend/provider"
	"keydesk/backend/secret"
	"keydesk/backend/setup"
	"keydesk/backend/store"
	"keydesk/backend/transfer"
	"keydesk/backend/user"
)

// damagedOffice makes an office with two setups, a call and a second user, and
// gives its folder as a kill leaves it, with a damaged page in one table. In the
// log is the second setup; without a log everything is in the file.
func damagedOffice(t *testing.T, table string, withLog bool) (folder string, one setup.Setup, fired call.Call) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	defer server.Close()
	d := newDesk(t)
	one = d.create(t, draft(d.place, d.stage, server.URL))
	tested, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: one.ID})
	if err != nil {
		t.Fatal(err)
	}
	roleUser(t, d.Backend, "viewer-person", user.Viewer)
	another := draft(d.place, d.stage, server.URL)
	another.Name, another.Channel = "In the log", setup.Email
	if !withLog {
		d.create(t, another)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	raw := openRaw(t, d.folder)
	var page int
	if err := errors.Join(raw.QueryRow("SELECT rootpage FROM sqlite_schema WHERE type = 'table' AND name = ?", table).Scan(&page), raw.Close()); err != nil {
		t.Fatal(err)
	}
	if withLog {
		b := opened(t, d.folder, func(o *backend.Options) { o.Now = func() time.Time { return d.now } })
		signInTo(t, b.Ops)
		if _, err := b.Ops.Setup.Create(atWindow(t), setup.CreateInput{Draft: another}); err != nil {
			t.Fatal(err)
		}
	}
	folder = t.TempDir()
	for name, text := range bytesOf(t, d.folder) {
		if name == store.FileName {
			data := []byte(text)
			for i := range 8 {
				data[(page-1)*4096+i] ^= 0x5a
			}
			text = string(data)
		}
		write(t, filepath.Join(folder, name), text)
	}
	if !withLog {
		write(t, filepath.Join(folder, store.FileName+".open"), "")
	} else if info, err := os.Stat(filepath.Join(folder, store.FileName+"-wal")); err != nil || info.Size() == 0 {
		t.Fatalf("there is no log: %v", err)
	}
	// The program's own work would take it in and move it.
	write(t, filepath.Join(folder, "providers", "own.yaml"), acme("https://acme.example"))
	return folder, one, tested.Call
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
		t.Fatal(err)
	}
}

// bytesOf gives what is in the files of a folder, without the program's log and
// the index that SQLite keeps of a log.
func bytesOf(t *testing.T, folder string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		name := strings.TrimPrefix(path, folder+"/")
		if err != nil || entry.IsDir() || strings.HasPrefix(name, "log/") || name == store.FileName+"-shm" {
			return err
		}
		data, err := os.ReadFile(path)
		all[name] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// signInTo opens the secrets and signs in the Org Admin.
func signInTo(t *testing.T, ops backend.Ops) {
	t.Helper()
	if _, err := ops.Organisation.Unlock(atWindow(t), organisation.UnlockInput{Passphrase: secret.New(passphrase)}); err != nil {
		t.Fatal(err)
	}
	if _, err := ops.User.SignIn(atWindow(t), user.SignInInput{Name: adminName, Password: secret.New(adminPassword)}); err != nil {
		t.Fatal(err)
	}
}

// reader is the owner of a damaged folder, and the backend that it opened for
// reading. Its program's log is kept in log.
type reader struct {
	*host.Host
	backend *backend.Backend
	log     *bytes.Buffer
	now     time.Time
}

func newReader(t *testing.T, folder string) *reader {
	t.Helper()
	r := &reader{log: &bytes.Buffer{}, now: time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)}
	log := host.NewLogFile(r.log)
	build := func(reading bool, hash user.Params) host.Backend {
		r.backend = backend.New(backend.Options{Folder: folder, Log: log.Logger(), Hash: hash, Now: func() time.Time { return r.now }, ForReading: reading})
		return r.backend
	}
	stronger := user.Params{MemoryKiB: cheap.MemoryKiB, Time: cheap.Time + 1, Threads: cheap.Threads}
	r.Host = host.New(host.Options{
		Folder: folder, Log: log,
		Make: func() host.Backend { return build(false, cheap) }, MakeForReading: func() host.Backend { return build(true, stronger) },
	})
	t.Cleanup(func() {
		if err := r.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return r
}

// RULES.md, Failures: a damaged database is opened for reading when a person asks
// for it. Signing in and everything that reads works, whatever writes is refused,
// and no byte of the data folder but those of the program's log is changed. The
// next opening finds the damage again.
func TestADamagedDatabaseIsOpenedForReading(t *testing.T) {
	for name, withLog := range map[string]bool{"with a log": true, "without a log": false} {
		t.Run(name, func(t *testing.T) {
			folder, one, fired := damagedOffice(t, "keyring_note", withLog)
			r := newReader(t, folder)
			r.Start()
			if err := r.Opened(t.Context()); codeOf(err) != "store.corrupt" || !r.Readable() || r.ReadingOnly() {
				t.Fatalf("opening it gave %v; readable %v, reading only %v", err, r.Readable(), r.ReadingOnly())
			}
			before := bytesOf(t, folder)
			if err := r.OpenForReading(t.Context()); err != nil {
				t.Fatal(err)
			}
			if !r.ReadingOnly() || r.Readable() {
				t.Errorf("reading only %v, readable %v", r.ReadingOnly(), r.Readable())
			}
			if err := r.OpenForReading(t.Context()); !errors.Is(err, host.ErrNotDamaged) {
				t.Errorf("opening it once more gave %v", err)
			}
			signsInWithoutWriting(t, r)
			readsEverything(t, r, one, fired)
			refusesWhatWrites(t, r)

			if _, err := r.Ops.User.SignOut(atWindow(t), user.Nothing{}); err != nil {
				t.Errorf("signing out gave %v", err)
			}
			if err := r.Release(t.Context()); err != nil {
				t.Error(err)
			}
			if after := bytesOf(t, folder); !maps.Equal(after, before) {
				t.Errorf("the folder was changed: %v, was %v", slices.Sorted(maps.Keys(after)), slices.Sorted(maps.Keys(before)))
			}
			for _, line := range []string{"op=user.sign_in by=admin code=user.wrong_sign_in", "op=user.sign_in by=admin kind=user", "op=user.unlock by=admin kind=user"} {
				if !strings.Contains(r.log.String(), line) {
					t.Errorf("the log lacks %q", line)
				}
			}
			if text := r.log.String(); strings.Contains(text, "operation failed") || strings.Contains(text, "Keydesk's own") || strings.Contains(text, "not-the-password") {
				t.Errorf("the log says %s", text)
			}
			if err := r.Resume(t.Context()); codeOf(err) != "store.corrupt" || !r.Readable() {
				t.Errorf("the next opening gave %v", err)
			}
		})
	}
}

// signsInWithoutWriting unlocks, counts wrong passwords, and signs in.
func signsInWithoutWriting(t *testing.T, r *reader) {
	t.Helper()
	if _, err := r.Ops.Organisation.Unlock(atWindow(t), organisation.UnlockInput{Passphrase: secret.New(passphrase)}); err != nil {
		t.Fatal(err)
	}
	signIn := func(name, password string) error {
		_, err := r.Ops.User.SignIn(atWindow(t), user.SignInInput{Name: name, Password: secret.New(password)})
		return err
	}
	for _, name := range []string{adminName, "nobody-of-this-name"} {
		var wrong, told atomic.Int32
		var tries sync.WaitGroup
		for range 12 { // at the same time, as in Sign-in
			tries.Go(func() {
				switch codeOf(signIn(name, "not-the-password")) {
				case "user.wrong_sign_in":
					wrong.Add(1)
				case "user.wait":
					told.Add(1)
				}
			})
		}
		if tries.Wait(); wrong.Load() != 5 || told.Load() != 7 {
			t.Errorf("of 12 wrong passwords of %s %d were tried and %d had to wait", name, wrong.Load(), told.Load())
		}
		if err := signIn(name, adminPassword); codeOf(err) != "user.wait" {
			t.Errorf("the sixth try of %s gave %v", name, err)
		}
	}
	r.now = r.now.Add(3 * time.Second)
	if err := signIn(adminName, adminPassword); err != nil {
		t.Fatal(err)
	}
	r.backend.Users.Forget() // the session reads its user again, with the hash that the sign-in made stronger
	if who, err := r.Ops.User.Lock(atWindow(t), user.Nothing{}); err != nil || !who.Locked {
		t.Errorf("locking gave %+v, %v", who, err)
	}
	if who, err := r.Ops.User.Unlock(atWindow(t), user.PasswordInput{Password: secret.New(adminPassword)}); err != nil || who.Locked || !who.IsOrgAdmin {
		t.Errorf("unlocking gave %+v, %v", who, err)
	}
	for range 6 { // the count was cleared, in memory as well
		if _, err := r.Ops.User.ConfirmPassword(atWindow(t), user.PasswordInput{Password: secret.New(adminPassword)}); err != nil {
			t.Errorf("confirming the password gave %v", err)
		}
	}
}

// readsEverything reads the lists, and single things of them.
func readsEverything(t *testing.T, r *reader, one setup.Setup, fired call.Call) {
	t.Helper()
	setups, err := r.Ops.Setup.List(atWindow(t), setup.ListInput{})
	if err != nil || len(setups.Rows) != 2 {
		t.Errorf("setups: %+v, %v", setups, err)
	}
	if got, err := r.Ops.Setup.Get(atWindow(t), setup.IDInput{ID: one.ID}); err != nil || got.Draft.Name != one.Draft.Name || !got.Draft.Request.Auth.Token.Stored {
		t.Errorf("the setup: %+v, %v", got, err)
	}
	calls, err := r.Ops.Call.List(atWindow(t), call.ListInput{})
	if err != nil || len(calls.Calls) != 1 {
		t.Errorf("calls: %+v, %v", calls, err)
	}
	if got, err := r.Ops.Call.Get(atWindow(t), call.IDInput{ID: fired.ID}); err != nil || got.Call.SetupID != one.ID {
		t.Errorf("the call: %+v, %v", got, err)
	}
	trail, err := r.Ops.Activity.List(atWindow(t), activity.ListInput{})
	if err != nil || len(trail.Entries) == 0 || slices.ContainsFunc(trail.Entries, func(e activity.Entry) bool { return e.Damaged != "" }) {
		t.Errorf("activity: %+v, %v", trail, err)
	}
	file, err := r.Ops.Transfer.Export(atWindow(t), transfer.ExportInput{})
	if err != nil || file.Setups != 2 || !strings.Contains(file.Text, `"In the log"`) || strings.Contains(file.Text, canary) {
		t.Errorf("the export: %+v, %v", file, err)
	}
	if people, err := r.Ops.User.List(atWindow(t), user.ListInput{}); err != nil || len(people) != 2 {
		t.Errorf("users: %+v, %v", people, err)
	}
	if tree, err := r.Ops.Process.Tree(atWindow(t), process.TreeInput{}); err != nil || len(tree.Places) == 0 {
		t.Errorf("the tree: %+v, %v", tree, err)
	}
	if list, err := r.Ops.Provider.List(atWindow(t), provider.ListInput{}); err != nil || !slices.Contains(list.Waiting, "own.yaml") {
		t.Errorf("providers: %+v, %v", list.Waiting, err)
	}
}

// refusesWhatWrites calls every Write and Long, and Keydesk's own work.
func refusesWhatWrites(t *testing.T, r *reader) {
	t.Helper()
	refused := 0
	for _, one := range operations(t, r.backend) {
		if one.info.Mode == access.Read || one.info.WhileReading || one.info.System || one.info.Door != "" {
			continue
		}
		refused++
		if code := one.try(atWindow(t)); code != "store.reading_only" {
			t.Errorf("%s gave %q", one.name, code)
		}
	}
	if refused < 30 {
		t.Errorf("only %d operations write", refused)
	}
	if _, err := gate.RunSystem(t.Context(), gate.HandlerOf(r.backend.Gate, call.OpRecover), struct{}{}); !errors.Is(err, store.ErrReadingOnly) {
		t.Errorf("the program's own work gave %v", err)
	}
	_, err := r.Ops.Process.CreatePlace(atWindow(t), process.CreatePlaceInput{Name: "Billing"})
	if said := fault.From(err); said.Message != "The data file is damaged, so Keydesk opened it for reading only." || !strings.Contains(said.Hint, "restore a copy") {
		t.Errorf("the refusal says %q %q", said.Message, said.Hint)
	}
	// A store that is written to past the gate refuses it too.
	err = r.backend.Store.InTx(t.Context(), func(ctx context.Context) error {
		return r.backend.Store.SetUserSignedIn(ctx, "id", 1)
	})
	if !errors.Is(err, store.ErrReadingOnly) {
		t.Errorf("the store gave %v", err)
	}
}

// RULES.md, Failures: a list in a damaged table says so in words, and the others
// can be read.
func TestADamagedTableIsSaidWhereItIsRead(t *testing.T) {
	folder, one, _ := damagedOffice(t, "call", true)
	r := newReader(t, folder)
	r.Start()
	if err := r.Opened(t.Context()); codeOf(err) != "store.corrupt" {
		t.Fatalf("opening it gave %v", err)
	}
	if err := r.OpenForReading(t.Context()); err != nil {
		t.Fatal(err)
	}
	signInTo(t, r.Ops)
	if _, err := r.Ops.Call.List(atWindow(t), call.ListInput{}); codeOf(err) != "store.corrupt" {
		t.Errorf("the calls gave %v", err)
	}
	if got, err := r.Ops.Setup.Get(atWindow(t), setup.IDInput{ID: one.ID}); err != nil || got.ID != one.ID {
		t.Errorf("the setup: %+v, %v", got, err)
	}
	if file, err := r.Ops.Transfer.Export(atWindow(t), transfer.ExportInput{}); err != nil || file.Setups != 2 {
		t.Errorf("the export: %+v, %v", file, err)
	}
}

// RULES.md, Failures: where nobody could sign in, opening for reading is refused in
// words, changes nothing, and the copies from before an update are still offered.
func TestTooDamagedToBeRead(t *testing.T) {
	folder, _, _ := damagedOffice(t, "app_user", false)
	write(t, filepath.Join(folder, store.FileName+".before-6"), "a copy")
	r := newReader(t, folder)
	r.Start()
	if err := r.Opened(t.Context()); codeOf(err) != "store.corrupt" {
		t.Fatalf("opening it gave %v", err)
	}
	before := bytesOf(t, folder)
	if err := r.OpenForReading(t.Context()); codeOf(err) != "store.unreadable" {
		t.Errorf("opening it for reading gave %v", err)
	}
	if phase, _ := r.State(); phase != host.Failed || r.Readable() || r.ReadingOnly() || len(r.Copies()) != 1 {
		t.Errorf("then it is %s, readable %v, with the copies %v", phase, r.Readable(), r.Copies())
	}
	if !maps.Equal(bytesOf(t, folder), before) {
		t.Error("the folder was changed")
	}
}
