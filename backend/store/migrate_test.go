package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/pressly/goose/v3"

	"keydesk/backend/call"
	"keydesk/backend/setup"
)

// releasedSchema is the newest schema of a released program.
const releasedSchema = 2

// releasedRows are rows of every table, as a program with that schema wrote them.
var releasedRows = []string{
	`INSERT INTO office VALUES (1, 'inst-1', 'Acme Ärzte', 'IN', 'Asia/Kolkata', 15, 1700000000000, 3)`,
	`INSERT INTO wrapping VALUES ('keyring', X'00FF10'), ('recovery', X'AB'), ('verifier', X'')`,
	`INSERT INTO secret VALUES ('setup', 'set-1', 'auth.token', 2, X'0102'), ('office', 'inst-1', 'activity_mac', 1, X'03')`,
	`INSERT INTO role VALUES ('org_admin', 'Org Admin', 'org admin', 1, '[]', 1), ('r-2', 'Night Desk', 'night desk', 0, '["setup.view"]', 4)`,
	`INSERT INTO user VALUES ('u-1', 'Ada', 'ada', 'Ada Admin', '$argon2id$1', 0, 1, 0, 0, 1700000000001, 5, 1),
		('u-2', 'Bob', 'bob', '', '$argon2id$2', 1, 0, 7, 1700000009999, 0, 6, 9)`,
	`INSERT INTO user_role VALUES ('u-1', 'org_admin'), ('u-2', 'r-2'), ('u-1', 'r-2')`,
	`INSERT INTO place VALUES ('p-1', NULL, 1, 'Orders', 'orders', 'orders', 1), ('p-2', 'p-1', 2, 'Größe', 'grösse', 'grosse', 2), ('p-3', 'p-2', 3, 'Home', 'home', 'home', 1)`,
	`INSERT INTO stage VALUES ('s-1', 'p-3', 'Shipped', 'shipped', 'shipped', 1, 1), ('s-2', 'p-1', 'Paid', 'paid', 'paid', 1, 2)`,
	`INSERT INTO stage_field VALUES ('f-1', 's-1', 'Mobile', 'mobile', 'mobile', 'phone', 1, '+911', 1, 1), ('f-2', 's-2', 'Note', 'note', 'note', 'text', 0, '', 1, 3)`,
	`INSERT INTO setup (id, place_id, stage_id, channel, provider, enabled, name, auth_type, method, url, document, path_key, sub_process_key, sub_sub_process_key,
		stage_key, search, tls_off, last_verdict, last_at_ms, version, created_ms, updated_ms, deleted_ms, provider_name, provider_key, last_simulated, checked) VALUES
		('set-1', 'p-3', 's-1', 'sms', 'twilio-sms', 1, 'First', 'bearer', 'POST', 'https://a.example', '{"place_id":"p-3","stage_id":"s-1","channel":"sms","enabled":true}',
			'orders' || char(31) || 'grösse' || char(31) || 'home' || char(31) || 'shipped', 'grösse', 'home', 'shipped', 'orders', 1, 'accepted', 7, 3, 1, 2, 0, 'Twilio SMS', 'twilio sms', 1, ''),
		('set-2', 'p-1', NULL, 'email', '', 0, '', 'none', 'GET', 'https://b.example', '{"place_id":"p-1","channel":"email"}',
			'orders' || char(31) || char(31) || char(31), '', '', '', 'orders', 0, '', 0, 1, 1, 2, 99, '', '', 0, '')`,
	`INSERT INTO call (id, at_ms, mode, run_id, setup_id, setup_version, draft, place_names, channel, service, user_id, user_name, recipient, recipient_key, state, verdict,
		delivery, status, total_ms, reason, message_id, error_code, record, request, answer, simulated) VALUES
		('c-1', 7, 'test', 'run-1', 'set-1', 3, 0, 'Orders', 'sms', 'Twilio', 'u-1', 'Ada', '+911', '+911', 'done', 'accepted', 'none', 201, 12.5, 'Accepted', 'm-1', '', '{"Mobile":"+911"}', '{}', '{}', 'accepted'),
		('c-2', 8, 'live', '', 'set-1', 3, 0, 'Orders', 'sms', 'Twilio', 'u-gone', 'Carol', '+912', '+912', 'sending', '', 'none', 0, 0, '', '', '', '{}', '{}', '{}', '')`,
	`INSERT INTO activity VALUES
		(1, 1700000000000, 1, 'u-1', 'Ada', 'Org Admin', 'window', 'setup.create', 'done', 'setup', 'set-1', 'First', 1, '', '{"a":1}', 'ada', X'', X'AA'),
		(2, 1700000000001, 2, 'u-gone', 'Carol', 'Viewer', 'window', 'role.create', 'refused', 'refusal', '', 'You may not.', 4, '', '', 'carol', X'AA', X'BB')`,
}

// released makes a data folder with a file of the released schema, and gives
// what is in it.
func released(t *testing.T) (folder string, rows map[string][]row) {
	t.Helper()
	folder = t.TempDir()
	s := New(folder)
	if err := os.WriteFile(s.path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	db := s.openWriter(s.path)
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, migrations())
	if err == nil {
		_, err = provider.UpTo(t.Context(), releasedSchema)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, insert := range releasedRows {
		if _, err := db.Exec(insert); err != nil {
			t.Fatalf("%v\n%s", err, insert)
		}
	}
	rows = everything(t, db)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	for table, held := range rows {
		if len(held) == 0 {
			t.Fatalf("the file has no row of %s", table)
		}
	}
	return folder, rows
}

// row is a row by its columns.
type row map[string]any

// everything reads all rows of all tables except goose's.
func everything(t *testing.T, db *sql.DB) map[string][]row {
	t.Helper()
	all := map[string][]row{}
	for _, table := range texts(t, db, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'goose_db_version'") {
		found, err := db.Query("SELECT * FROM " + table + " ORDER BY rowid")
		if err != nil {
			t.Fatal(err)
		}
		columns, err := found.Columns()
		if err != nil {
			t.Fatal(err)
		}
		all[table] = []row{}
		for found.Next() {
			values, into := make([]any, len(columns)), make([]any, len(columns))
			for i := range values {
				into[i] = &values[i]
			}
			if err := found.Scan(into...); err != nil {
				t.Fatal(err)
			}
			one := row{}
			for i, column := range columns {
				one[column] = values[i]
			}
			all[table] = append(all[table], one)
		}
		if err := errors.Join(found.Err(), found.Close()); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func texts(t *testing.T, db *sql.DB, query string) []string {
	t.Helper()
	found, err := db.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	list := []string{}
	for found.Next() {
		var text string
		if err := found.Scan(&text); err != nil {
			t.Fatal(err)
		}
		list = append(list, text)
	}
	if err := errors.Join(found.Err(), found.Close()); err != nil {
		t.Fatal(err)
	}
	return list
}

// What the migrations rename, or keep in another table.
var (
	renamedTables  = map[string]string{"user": "app_user", "office": "organisation"}
	renamedColumns = map[string]string{
		"call.user_id": "call.actor_id", "call.user_name": "call.actor_name",
		"activity.prev_mac": "activity_old_mac.prev_mac", "activity.mac": "activity_old_mac.mac",
	}
)

// A file of the released program keeps every row and value, its references and
// indexes. The old file is kept next to the new one.
func TestMigrationKeepsEveryRow(t *testing.T) {
	folder, before := released(t)
	s := New(folder)
	lastUsed := time.Now().AddDate(-1, 0, 0)
	if err := os.Chtimes(s.path, lastUsed, lastUsed); err != nil {
		t.Fatal(err)
	}
	if err := s.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	after := everything(t, s.write)
	for old, rows := range before {
		table := old
		if renamed, ok := renamedTables[old]; ok {
			table = renamed
			if _, still := after[old]; still {
				t.Errorf("%s is still there", old)
			}
		}
		if len(after[table]) != len(rows) {
			t.Errorf("%s has %d rows of %d", table, len(after[table]), len(rows))
			continue
		}
		for i, was := range rows {
			for column, value := range was {
				name := table + "." + column
				if renamed, ok := renamedColumns[name]; ok {
					name = renamed
				}
				held, column, _ := strings.Cut(name, ".")
				if i >= len(after[held]) {
					t.Errorf("%s has no row %d", held, i)
				} else if now, ok := after[held][i][column]; !ok || !reflect.DeepEqual(now, value) {
					t.Errorf("%s of row %d was %v and is %v", name, i, value, now)
				}
			}
		}
	}
	for _, check := range []string{"PRAGMA foreign_key_check", "PRAGMA integrity_check"} {
		if found := texts(t, s.write, check); len(found) > 0 && found[0] != "ok" {
			t.Errorf("%s says %v", check, found)
		}
	}
	for what, broken := range map[string]string{
		"a role of nobody":             "INSERT INTO user_role VALUES ('nobody', 'r-2')",
		"a second enabled setup":       "INSERT INTO setup SELECT 'set-3', " + strings.Join(columnsBut(t, s.write, "setup", "id"), ", ") + " FROM setup WHERE id = 'set-1'",
		"a user of the same name":      "UPDATE app_user SET name_key = 'ada'",
		"a second organisation":        "UPDATE organisation SET id = 2",
		"a changed entry of the trail": "UPDATE activity SET actor = 'x'",
		"a removed entry of the trail": "DELETE FROM activity",
	} {
		if _, err := s.write.Exec(broken); err == nil {
			t.Errorf("%s is possible", what)
		}
	}

	// The program reads it as it did.
	ctx := t.Context()
	if office, made, err := s.Office(ctx); err != nil || !made || office.Name != "Acme Ärzte" || office.Version != 3 {
		t.Errorf("organisation %+v, %v", office, err)
	}
	if bob, err := s.UserByName(ctx, "BOB"); err != nil || bob.Active || !bob.MustChange || bob.Failures != 7 || len(bob.Roles) != 1 {
		t.Errorf("user %+v, %v", bob, err)
	}
	if page, err := s.SetupPage(ctx, setup.ListInput{Limit: 10}); err != nil || len(page.Rows) != 1 || !page.Rows[0].Enabled || !page.Rows[0].TLSOff || !page.Rows[0].LastSimulated {
		t.Errorf("setups %+v, %v", page.Rows, err)
	}
	if id, found, err := s.SetupAt(ctx, "p-3", "s-1", setup.SMS); err != nil || !found || id != "set-1" {
		t.Errorf("setup at its stage: %s, %v", id, err)
	}
	if page, err := s.CallPage(ctx, call.ListInput{Limit: 10}); err != nil || len(page.Calls) != 2 {
		t.Errorf("calls %+v, %v", page.Calls, err)
	}

	kept := filepath.Join(folder, FileName+".before-")
	names, _ := filepath.Glob(kept + "*")
	if len(names) != 1 {
		t.Fatalf("next to the file there is %v", names)
	}
	if info, err := os.Stat(names[0]); err != nil || info.Mode().Perm() != 0o600 || time.Since(info.ModTime()) > time.Hour {
		t.Errorf("the old file is %v of %v, %v", info.Mode(), info.ModTime(), err)
	}
	old := s.openWriter(names[0])
	defer func() { _ = old.Close() }()
	if again := everything(t, old); !reflect.DeepEqual(again, before) {
		t.Error("the kept file is not the old one")
	}
}

func columnsBut(t *testing.T, db *sql.DB, table, but string) []string {
	t.Helper()
	columns := texts(t, db, "SELECT name FROM pragma_table_info('"+table+"')")
	return slices.DeleteFunc(columns, func(name string) bool { return name == but })
}

// A migration that fails leaves the old file and nothing else, whatever the steps
// before it did, and the next start continues. A full disk is one reason to fail.
func TestFailedMigrationLeavesTheFile(t *testing.T) {
	for reason, c := range map[string]struct {
		step    string
		options []Option
		says    string
	}{
		"a broken step": {"INSERT INTO nowhere VALUES (1);", nil, "nowhere"},
		"a full disk": {"CREATE TABLE large AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000) SELECT i, randomblob(500) FROM n;",
			[]Option{WithMaxPages(500)}, "full"},
	} {
		t.Run(reason, func(t *testing.T) {
			folder, before := released(t)
			steps := fstest.MapFS{
				"99998_half.sql":    {Data: []byte("-- +goose Up\nDELETE FROM call;\nUPDATE secret SET sealed = X'00';\n")},
				"99999_failing.sql": {Data: []byte("-- +goose Up\nUPDATE setup SET name = 'changed';\n" + c.step + "\n")},
			}
			files, err := fs.Glob(migrations(), "*.sql")
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range files {
				data, err := fs.ReadFile(migrations(), name)
				if err != nil {
					t.Fatal(err)
				}
				steps[name] = &fstest.MapFile{Data: data}
			}
			s := New(folder, c.options...)
			// What an interrupted migration left behind does not matter.
			if err := os.WriteFile(s.path+".migrating", []byte("half a database"), 0o600); err != nil {
				t.Fatal(err)
			}
			s.write = s.openWriter(s.path)
			if err := s.migrate(context.Background(), steps); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Fatalf("migrated with %v", err)
			}
			if again := everything(t, s.write); !reflect.DeepEqual(again, before) {
				t.Error("the file was changed")
			}
			if version := texts(t, s.write, "SELECT MAX(version_id) FROM goose_db_version"); version[0] != fmt.Sprint(releasedSchema) {
				t.Errorf("its schema is now %v", version)
			}
			if err := s.write.Close(); err != nil {
				t.Fatal(err)
			}
			left, err := os.ReadDir(folder)
			if err != nil || len(left) != 1 || left[0].Name() != FileName {
				t.Errorf("in the folder there is %v, %v", left, err)
			}
			s = New(folder)
			if err := s.Open(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		})
	}
}
