package activity_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3"
	"github.com/pressly/goose/v3"

	"keydesk/backend/access"
	"keydesk/backend/activity"
	"keydesk/backend/store"
)

// keys are the keys of an open vault, the same ones until they are damaged.
type keys struct {
	locked atomic.Bool
	// damaged are the names of keys that do not open; replaced are those that
	// were made in their place.
	damaged  map[string]bool
	replaced map[string][]byte
	// during, if set, runs while a MAC is made.
	during func()
}

var (
	errLocked  = errors.New("locked")
	errMissing = errors.New("no such key")
	macKey     = bytes.Repeat([]byte{0x44}, 32)
	signer     = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{0x55}, 32))
	public     = signer.Public().(ed25519.PublicKey)
)

func macOf(data []byte) ([]byte, error) {
	mac := hmac.New(sha256.New, macKey)
	mac.Write(data)
	return mac.Sum(nil), nil
}

func (k *keys) MakeKey(context.Context, string) error {
	if k.locked.Load() {
		return errLocked
	}
	return nil
}

var errDamaged = errors.New("damaged")

func (k *keys) KeyOpens(_ context.Context, name string) (bool, error) {
	if k.locked.Load() {
		return false, errLocked
	}
	return !k.damaged[name], nil
}

func (k *keys) ReplaceKey(_ context.Context, name string) error {
	delete(k.damaged, name)
	if k.replaced == nil {
		k.replaced = map[string][]byte{}
	}
	next := byte(0x66)
	if before := k.replaced[name]; before != nil {
		next = before[0] + 1
	}
	k.replaced[name] = bytes.Repeat([]byte{next}, 32)
	return nil
}

// signer is the signing key in force.
func (k *keys) signer() ed25519.PrivateKey {
	if seed := k.replaced[activity.SigningName]; seed != nil {
		return ed25519.NewKeyFromSeed(seed)
	}
	return signer
}

func (k *keys) MAC(_ context.Context, name string, data []byte) ([]byte, error) {
	if k.during != nil {
		k.during()
	}
	if k.locked.Load() {
		return nil, errLocked
	}
	if name != activity.MACName {
		return nil, errMissing
	}
	if k.damaged[name] {
		return nil, errDamaged
	}
	if key := k.replaced[name]; key != nil {
		mac := hmac.New(sha256.New, key)
		mac.Write(data)
		return mac.Sum(nil), nil
	}
	return macOf(data)
}

func (k *keys) Sign(_ context.Context, name string, data []byte) ([]byte, error) {
	if k.locked.Load() {
		return nil, errLocked
	}
	if name != activity.SigningName {
		return nil, errMissing
	}
	if k.damaged[name] {
		return nil, errDamaged
	}
	return ed25519.Sign(k.signer(), data), nil
}

func (k *keys) PublicKey(_ context.Context, name string) (ed25519.PublicKey, error) {
	if k.locked.Load() {
		return nil, errLocked
	}
	if name != activity.SigningName {
		return nil, errMissing
	}
	if k.damaged[name] {
		return nil, errDamaged
	}
	return k.signer().Public().(ed25519.PublicKey), nil
}

// desk is an activity log over a real database.
type desk struct {
	*activity.Log
	t      testing.TB
	folder string
	store  *store.Store
	keys   *keys
	now    time.Time
	logged bytes.Buffer
}

// opened opens the database in a folder, and the trail.
func opened(t testing.TB, folder string) *desk {
	t.Helper()
	d := closed(t, folder)
	must(t, d.Open(t.Context()))
	return d
}

// closed opens the database alone.
func closed(t testing.TB, folder string, options ...store.Option) *desk {
	t.Helper()
	d := &desk{t: t, folder: folder, store: store.New(folder, options...), keys: &keys{}, now: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}
	must(t, d.store.Open(t.Context()))
	t.Cleanup(func() { _ = d.store.Close() })
	d.Log = activity.New(d.store, d.keys, d.headFile(), slog.New(slog.NewTextHandler(&d.logged, nil)), func() time.Time { return d.now })
	return d
}

func (d *desk) headFile() string { return filepath.Join(d.folder, activity.HeadFile) }

// shut closes the trail and the database, as a clean end of the program does.
func (d *desk) shut() {
	d.t.Helper()
	d.Close(context.Background())
	must(d.t, d.store.Close())
}

var person = access.Caller{Kind: access.Person, ID: "u1", Name: "Ada", Roles: []string{"Org Admin"}, Source: access.Window}

// write adds n entries, in one transaction each.
func (d *desk) write(n int) {
	d.t.Helper()
	for i := range n {
		must(d.t, d.record(access.Change{Kind: "setup", ID: fmt.Sprint("s", i), Name: fmt.Sprint("Setup ", i), After: map[string]int{"n": i}}))
	}
}

func (d *desk) record(changes ...access.Change) error {
	return d.store.InTx(context.Background(), func(ctx context.Context) error {
		return d.Record(ctx, &access.Invocation{Caller: person, Op: access.Info{Name: "setup.update"}}, changes)
	})
}

func (d *desk) verify() activity.Report {
	d.t.Helper()
	report, err := d.Verify(d.t.Context())
	must(d.t, err)
	return report
}

func (d *desk) chain() []activity.ChainedEntry {
	d.t.Helper()
	entries, err := d.store.ActivityChain(d.t.Context(), 0, 1_000_000)
	must(d.t, err)
	return entries
}

// raw is the database file as any program sees it.
func raw(t testing.TB, folder string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(folder, store.FileName)+"?_txlock=immediate&_busy_timeout=1000")
	must(t, err)
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// run executes one statement as somebody who has the file; it drops the
// triggers first, as such a person would.
func run(t testing.TB, folder string, statements ...string) {
	t.Helper()
	db := raw(t, folder)
	for _, statement := range append([]string{"DROP TRIGGER IF EXISTS activity_no_update", "DROP TRIGGER IF EXISTS activity_no_delete", "DROP TRIGGER IF EXISTS activity_head_no_delete"}, statements...) {
		if _, err := db.Exec(statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	must(t, db.Close())
}

// oldVersion is the schema of the last program that wrote the old format.
const oldVersion = 4

// oldTrail makes a database of the old schema with n entries of the old format.
func oldTrail(t testing.TB, n int) (folder string) {
	t.Helper()
	folder = t.TempDir()
	must(t, os.WriteFile(filepath.Join(folder, store.FileName), nil, 0o600))
	db := raw(t, folder)
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, os.DirFS("../store/migrations"))
	must(t, err)
	_, err = provider.UpTo(t.Context(), oldVersion)
	must(t, err)
	tx, err := db.Begin()
	must(t, err)
	insert, err := tx.Prepare(`INSERT INTO activity (seq, at_ms, mono_ms, actor_id, actor, roles, source, op, outcome, kind, object_id, object, count, before, after, search, prev_mac, mac)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
	must(t, err)
	prev := []byte{}
	for seq := int64(1); seq <= int64(n); seq++ {
		e := activity.OldEntry{PrevMAC: prev, Entry: activity.Entry{
			Seq: seq, AtMs: 1_770_000_000_000 + seq, MonoMs: seq, ActorID: "u1", Actor: "Ada", Roles: "Org Admin", Source: "window", Op: "setup.update",
			Outcome: activity.Done, Kind: "setup", ObjectID: "s1", Object: fmt.Sprint("Setup ", seq), Count: 1, Before: `{"name":"a"}`, After: `{"name":"b"}`,
		}}
		if seq%10 == 0 { // the program's own work
			e.ActorID, e.Actor, e.Roles, e.Source, e.Op = "", "Keydesk", "", "keydesk", "setup.purge"
		}
		if seq%10 == 1 { // nobody
			e.ActorID, e.Actor, e.Roles, e.Op, e.Outcome = "", "", "", "user.sign_in", activity.Refused
		}
		e.MAC, _ = macOf(e.Canonical())
		_, err := insert.Exec(e.Seq, e.AtMs, e.MonoMs, e.ActorID, e.Actor, e.Roles, e.Source, e.Op, e.Outcome, e.Kind, e.ObjectID, e.Object, e.Count, e.Before, e.After, "ada", e.PrevMAC, e.MAC)
		must(t, err)
		prev = e.MAC
	}
	must(t, tx.Commit())
	must(t, db.Close())
	return folder
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
