package backend_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3"

	"keydesk/backend"
	"keydesk/backend/activity"
	"keydesk/backend/fault"
	"keydesk/backend/host"
	"keydesk/backend/secret"
	"keydesk/backend/setup"
	"keydesk/backend/store"
	"keydesk/backend/user"
)

// openRaw opens the database file while Keydesk has it open, as another program
// would.
func openRaw(t testing.TB, folder string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(folder, store.FileName)+"?_txlock=immediate&_busy_timeout=100")
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// Database locked (RULES.md, Failures): a save waits up to 5 s for another
// program, then says so and changes nothing. After that it works again.
func TestDatabaseLockedByAnotherProgram(t *testing.T) {
	folder := t.TempDir()
	b := opened(t, folder, nil)
	firstRun(t, b)
	place, stage := shipped(t, b)
	raw := openRaw(t, folder)
	hold := func(long time.Duration) (release func()) {
		tx, err := raw.Begin()
		if err != nil {
			t.Fatal(err)
		}
		var once sync.Once
		release = func() { once.Do(func() { _ = tx.Rollback() }) }
		time.AfterFunc(long, release)
		return release
	}
	release := hold(time.Second)
	first := draft(place, stage, "http://127.0.0.1:9/")
	if _, err := b.Ops.Setup.Create(atWindow(t), setup.CreateInput{Draft: first}); err != nil {
		t.Errorf("a lock of one second gave %v", err)
	}
	release()
	release = hold(30 * time.Second)
	second := draft(place, stage, "http://127.0.0.1:9/")
	second.Channel = setup.Email
	_, err := b.Ops.Setup.Create(atWindow(t), setup.CreateInput{Draft: second})
	if f := fault.From(err); f == nil || f.Code != "store.busy" || f.Hint == "" {
		t.Errorf("a held lock gave %v", err)
	}
	// Reading works meanwhile, and nothing of the refused save is there.
	page, err := b.Ops.Setup.List(atWindow(t), setup.ListInput{})
	if err != nil || len(page.Rows) != 1 {
		t.Errorf("while locked: %d rows, %v", len(page.Rows), err)
	}
	release()
	if _, err := b.Ops.Setup.Create(atWindow(t), setup.CreateInput{Draft: second}); err != nil {
		t.Errorf("after the lock: %v", err)
	}
}

// Disk full (RULES.md, Failures): the save is refused in words, what was saved
// is there, reading works, and after space is freed the same save works without
// a restart. It uses a separate tmpfs where that is allowed, else a page limit.
func TestDiskFull(t *testing.T) {
	if os.Getenv("KEYDESK_TMPFS") != "" {
		fillDisk(t, os.Getenv("KEYDESK_TMPFS"), nil, func() {
			if out, err := exec.Command("mount", "-o", "remount,size=64m", os.Getenv("KEYDESK_TMPFS")).CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
		})
		return
	}
	disk := t.TempDir()
	script := fmt.Sprintf("mount -t tmpfs -o size=3m tmpfs %[1]s && KEYDESK_TMPFS=%[1]s exec %[2]s -test.run=^TestDiskFull$ -test.count=1 -test.v", disk, os.Args[0])
	out, err := exec.Command("unshare", "-rm", "sh", "-c", script).CombinedOutput()
	if strings.Contains(string(out), "mount:") || strings.Contains(string(out), "unshare:") {
		t.Logf("no tmpfs can be mounted here, so a page limit is used: %s", out)
		folder := t.TempDir()
		fillDisk(t, folder, []store.Option{store.WithMaxPages(160)}, func() {})
		return
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

// fillDisk saves until the disk is full.
func fillDisk(t *testing.T, folder string, options []store.Option, free func()) {
	b := opened(t, folder, func(o *backend.Options) { o.Store = options })
	firstRun(t, b)
	place, stage := shipped(t, b)
	saved := 0
	var refusal error
	for n := range 3000 {
		one := draft(place, stage, "http://127.0.0.1:9/"+strings.Repeat("x", 4000))
		one.Enabled, one.Name = false, fmt.Sprintf("Setup %d", n)
		start := time.Now()
		if _, refusal = b.Ops.Setup.Create(atWindow(t), setup.CreateInput{Draft: one}); refusal != nil {
			if took := time.Since(start); took > 2*time.Second {
				t.Errorf("the refusal took %v", took)
			}
			break
		}
		saved++
	}
	if f := fault.From(refusal); f == nil || f.Code != "store.disk_full" {
		t.Fatalf("after %d saves: %v", saved, refusal)
	}
	count := 0
	for after := ""; ; {
		page, err := b.Ops.Setup.List(atWindow(t), setup.ListInput{After: after, Limit: 200})
		if err != nil {
			t.Fatalf("reading with a full disk: %v", err)
		}
		count += len(page.Rows)
		if after = page.Next; after == "" {
			break
		}
	}
	if count != saved {
		t.Errorf("%d setups are there, %d were acknowledged", count, saved)
	}
	if len(options) > 0 {
		return // a page limit cannot be lifted from here
	}
	free()
	one := draft(place, stage, "http://127.0.0.1:9/")
	if _, err := b.Ops.Setup.Create(atWindow(t), setup.CreateInput{Draft: one}); err != nil {
		t.Errorf("after space was freed: %v", err)
	}
}

// On a read-only mount Keydesk does not open and says why. (A mount, since root
// ignores permission bits.)
func TestReadOnlyFolder(t *testing.T) {
	if folder := os.Getenv("KEYDESK_READONLY"); folder != "" {
		b := backend.New(backend.Options{Folder: folder, Hash: cheap})
		err := b.Open(atWindow(t))
		if f := fault.From(err); f == nil || f.Code != "store.read_only" || f.Hint == "" {
			t.Errorf("a read-only folder gave %v", err)
		}
		return
	}
	disk := t.TempDir()
	script := fmt.Sprintf("mount -t tmpfs -o size=3m tmpfs %[1]s && mount -o remount,ro %[1]s && KEYDESK_READONLY=%[1]s exec %[2]s -test.run=^TestReadOnlyFolder$ -test.count=1 -test.v", disk, os.Args[0])
	out, err := exec.Command("unshare", "-rm", "sh", "-c", script).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

// A database from a newer program is refused and not changed.
func TestNewerDatabase(t *testing.T) {
	folder := t.TempDir()
	b := backend.New(backend.Options{Folder: folder, Hash: cheap})
	if err := b.Open(atWindow(t)); err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	raw := openRaw(t, folder)
	if _, err := raw.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)"); err != nil {
		t.Fatal(err)
	}
	_ = raw.Close()
	before, _ := os.ReadFile(filepath.Join(folder, store.FileName))
	b = backend.New(backend.Options{Folder: folder, Hash: cheap})
	err := b.Open(atWindow(t))
	if f := fault.From(err); f == nil || f.Code != "store.newer" {
		t.Errorf("a newer database gave %v", err)
	}
	after, _ := os.ReadFile(filepath.Join(folder, store.FileName))
	if string(before) != string(after) {
		t.Error("the newer database was changed")
	}
}

// A damaged file is reported in words, not repaired.
func TestDamagedDatabase(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, store.FileName), []byte(strings.Repeat("this is no database ", 500)), 0o600); err != nil {
		t.Fatal(err)
	}
	b := backend.New(backend.Options{Folder: folder, Hash: cheap})
	err := b.Open(atWindow(t))
	if f := fault.From(err); f == nil || f.Code != "store.corrupt" {
		t.Errorf("a damaged database gave %v", err)
	}
}

// After an unclean stop the file is checked, and damage inside it is found before
// anything is read from it. After a clean stop it opens without a check.
func TestDamageAfterCrash(t *testing.T) {
	folder := t.TempDir()
	b := backend.New(backend.Options{Folder: folder, Hash: cheap})
	if err := b.Open(atWindow(t)); err != nil {
		t.Fatal(err)
	}
	firstRun(t, b)
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	marker := filepath.Join(folder, store.FileName+".open")
	if _, err := os.Stat(marker); err == nil {
		t.Error("a clean stop left its marker")
	}
	path := filepath.Join(folder, store.FileName)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	// The header of every table page except the first.
	for page := 1; page < len(data)/4096; page++ {
		for i := range 8 {
			data[page*4096+i] ^= 0x5a
		}
	}
	for name, content := range map[string][]byte{path: data, marker: nil} {
		if err := os.WriteFile(name, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	b = backend.New(backend.Options{Folder: folder, Hash: cheap})
	if err := b.Open(atWindow(t)); codeOf(err) != "store.corrupt" {
		t.Errorf("a damaged file after a crash gave %v", err)
		_ = b.Close()
	}
}

// hosted makes a host for a folder, as the program does.
func hosted(folder string) *host.Host {
	return host.New(host.Options{Folder: folder, Log: host.NewLogFile(io.Discard), Make: func() host.Backend {
		return backend.New(backend.Options{Folder: folder, Hash: cheap})
	}})
}

// G23: of 20 programs that start at once on one data folder exactly one owns it;
// the others say so and open nothing.
func TestTwentyStartsOneOwner(t *testing.T) {
	folder := t.TempDir()
	var mu sync.Mutex
	var owners []*host.Host
	var wait sync.WaitGroup
	for range 20 {
		wait.Go(func() {
			b := hosted(folder)
			b.Start()
			err := b.Opened(context.Background())
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				owners = append(owners, b)
				return
			}
			if codeOf(err) != "keydesk.in_use" {
				t.Errorf("a second start gave %v", err)
			}
			if err := b.Close(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if len(owners) != 1 {
		t.Errorf("%d own the folder", len(owners))
	}
	for _, b := range owners {
		if err := b.Close(context.Background()); err != nil {
			t.Error(err)
		}
	}
}

// Refusals are recorded: the first at once, further ones within a minute as one
// entry with a count.
func TestRefusalsAreCounted(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	b := opened(t, t.TempDir(), func(o *backend.Options) { o.Now = func() time.Time { return now } })
	firstRun(t, b)
	admin, err := b.Users.Caller(atWindow(t), window)
	if err != nil {
		t.Fatal(err)
	}
	viewer := roleUser(t, b, "viewer-person", "viewer")
	begin(t, b, viewer)
	for range 5 {
		if _, err := b.Ops.Setup.Delete(atWindow(t), setup.IDInput{ID: "x"}); codeOf(err) != "access.forbidden" {
			t.Fatalf("a viewer's delete gave %v", err)
		}
	}
	now = now.Add(2 * time.Minute)
	begin(t, b, admin.ID)
	page, err := b.Ops.Activity.List(atWindow(t), activity.ListInput{Outcome: "refused"})
	if err != nil {
		t.Fatal(err)
	}
	if len(page.Entries) != 2 || page.Entries[1].Count != 1 || page.Entries[0].Count != 4 {
		t.Errorf("5 refusals of one minute read %+v", page.Entries)
	}
	for _, entry := range page.Entries {
		if entry.Actor != "viewer-person" || entry.Op != "setup.delete" {
			t.Errorf("the entry names %s and %s", entry.Actor, entry.Op)
		}
	}
}

// No entry of the trail can be changed or removed through the file by accident.
func TestTrailRefusesChange(t *testing.T) {
	folder := t.TempDir()
	b := opened(t, folder, nil)
	firstRun(t, b)
	raw := openRaw(t, folder)
	for _, statement := range []string{"UPDATE activity SET actor = 'x'", "DELETE FROM activity"} {
		if _, err := raw.Exec(statement); err == nil {
			t.Errorf("%s went through", statement)
		}
	}
}

// RULES.md, Failures: with the data folder moved away a save is refused in
// words, and goes through once the folder is back.
func TestTheDataFolderIsMovedWhileOpen(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "office")
	b := opened(t, folder, nil)
	firstRun(t, b)
	place, stage := shipped(t, b)
	away := filepath.Join(t.TempDir(), "moved")
	if err := os.Rename(folder, away); err != nil {
		t.Fatal(err)
	}
	one := draft(place, stage, "http://127.0.0.1:9/")
	_, err := b.Ops.Setup.Create(atWindow(t), setup.CreateInput{Draft: one})
	if f := fault.From(err); f.Code != "store.moved" || f.Hint == "" {
		t.Errorf("a save gave %v", err)
	}
	if err := os.Rename(away, folder); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Ops.Setup.Create(atWindow(t), setup.CreateInput{Draft: one}); err != nil {
		t.Errorf("after it was put back: %v", err)
	}
}

// lockedBuffer is a log that is read while it is written.
type lockedBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *lockedBuffer) Write(line []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(line)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// RULES.md, Failures: once a week the whole file is read, after the start and not
// within it. Damage that the check after a crash does not see is logged, and is in
// the activity for people to see.
func TestTheWeeklyCheck(t *testing.T) {
	folder := t.TempDir()
	now := atomic.Int64{}
	now.Store(time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC).UnixMilli())
	var told lockedBuffer
	b := opened(t, folder, func(o *backend.Options) {
		o.Now, o.Look = func() time.Time { return time.UnixMilli(now.Load()) }, 5*time.Millisecond
		o.Log = slog.New(slog.NewTextHandler(&told, nil))
	})
	firstRun(t, b)
	checked := func() time.Time {
		info, err := os.Stat(filepath.Join(folder, store.FileName+".checked"))
		if err != nil {
			return time.Time{}
		}
		return info.ModTime()
	}
	waitFor := func(what string, is func() bool) {
		t.Helper()
		for range 400 {
			if is() {
				return
			}
			time.Sleep(5 * time.Millisecond)
		}
		t.Fatalf("it never happened: %s", what)
	}
	waitFor("a first check", func() bool { return checked().UnixMilli() == now.Load() })
	first := checked()
	now.Add((6 * 24 * time.Hour).Milliseconds())
	time.Sleep(50 * time.Millisecond)
	if !checked().Equal(first) {
		t.Error("it was checked again within a week")
	}
	raw := openRaw(t, folder)
	// An index with other entries than its table has.
	var version int
	if err := raw.QueryRow("PRAGMA schema_version").Scan(&version); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		"PRAGMA writable_schema = ON",
		"UPDATE sqlite_schema SET sql = replace(sql, '(role_id)', '(user_id)') WHERE name = 'user_role_role'",
		fmt.Sprintf("PRAGMA schema_version = %d", version+1),
	} {
		if _, err := raw.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	now.Add((2 * 24 * time.Hour).Milliseconds())
	waitFor("the damage is logged", func() bool { return strings.Contains(told.String(), "the weekly check:") })
	if _, err := b.Ops.User.SignIn(atWindow(t), user.SignInInput{Name: adminName, Password: secret.New(adminPassword)}); err != nil {
		t.Fatal(err)
	}
	page, err := b.Ops.Activity.List(atWindow(t), activity.ListInput{Kind: "organisation"})
	if err != nil || len(page.Entries) == 0 || page.Entries[0].Op != "organisation.note_damage" || page.Entries[0].Actor != "Keydesk" {
		t.Errorf("the activity has %+v, %v", page.Entries, err)
	}
	if !checked().Equal(first) {
		t.Error("a damaged file counts as checked")
	}
}
