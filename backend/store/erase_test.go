package store

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"keydesk/backend/access"
	"keydesk/backend/call"
	"keydesk/backend/erase"
)

// noText are the columns of text that hold no text of a person or a server, or are
// made from one that is erased: ids, words of the program, folded copies, and
// those of activity, whose texts package activity erases.
var noText = map[string]string{
	"organisation":        "installation_id country time_zone",
	"wrapping":            "kind",
	"keyring_note":        "backend item",
	"secret":              "owner_kind owner_id slot about",
	"role":                "id name_key permissions",
	"app_user":            "id name_key password_hash color_scheme",
	"user_role":           "user_id role_id",
	"place":               "id parent_id name_key code",
	"stage":               "id place_id name_key code",
	"stage_field":         "id stage_id name_key code type",
	"setup":               "id place_id stage_id channel provider name auth_type method url path_key sub_process_key sub_sub_process_key stage_key search last_verdict provider_name provider_key",
	"call":                "id mode run_id setup_id channel actor_kind actor_id source recipient_key state verdict delivery simulated idempotency_digest",
	"planned_call":        "id run_id",
	"outbox":              "id name object_id",
	"provider_file":       "id",
	"activity":            "actor_kind actor_id actor roles source op outcome kind object_id object before after search",
	"activity_checkpoint": "reason problem",
	"api_key":             "id title_key mask grants creator_id replaced_by request_id",
	"api_access":          "key_id method route code source",
	"key_day":             "key_id day",
	"call_day":            "day mode",
	"stage_month":         "month place_id stage_id",
	"alert":               "id kind object_id message call_id",
	"alert_seen":          "user_id",
	"setting":             "name",
}

// A35: every column of text is searched when a text is erased, or is known to need
// no search. A new column fails here until somebody decides.
func TestEveryColumnOfTextIsSearched(t *testing.T) {
	s := processStore(t)
	known := map[string]bool{}
	for table, columns := range noText {
		for _, column := range strings.Fields(columns) {
			known[table+"."+column] = true
		}
	}
	for _, one := range past {
		for _, column := range one.columns {
			known[one.table+"."+column] = true
		}
	}
	for _, one := range present {
		for _, column := range one.columns {
			known[one.table+"."+column] = true
		}
	}
	columns := texts(t, s.write, `SELECT m.name || '.' || c.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> 'goose_db_version' AND c.type = 'TEXT'`)
	for _, column := range columns {
		if !known[column] {
			t.Errorf("%s holds text and is not searched", column)
		}
	}
	for column := range known {
		if !slices.Contains(columns, column) {
			t.Errorf("%s is no column of text", column)
		}
	}
}

// The search of the file finds a text at any place, also across the pieces that it
// reads.
func TestFileIsSearchedToTheEnd(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	const piece = 1 << 20
	for _, at := range []int{0, 1, piece - 7, piece - 1, piece, 2*piece - 3, 3*piece - 7} {
		data := bytes.Repeat([]byte{'x'}, 3*piece)
		copy(data[at:], "the-key")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if held, err := fileHolds(path, []byte("the-key")); err != nil || !held {
			t.Errorf("at %d: %v, %v", at, held, err)
		}
		if held, err := fileHolds(path, []byte("the-keys")); err != nil || held {
			t.Errorf("another text at %d: %v, %v", at, held, err)
		}
	}
}

// Making the file anew keeps every row, readers that are open go on, and what was
// deleted or moved is in no byte of it. A copy left by a stop is removed at the
// next start.
func TestRewriteKeepsEveryRow(t *testing.T) {
	folder := t.TempDir()
	s := New(folder)
	if err := s.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	mode := func(db string) string {
		return texts(t, s.write, "PRAGMA "+db)[0]
	}
	journal := mode("journal_mode")
	random := rand.New(rand.NewPCG(1, 2))
	ids := []string{}
	for first := 0; first < 2000; first += 100 {
		err := s.InTx(t.Context(), func(ctx context.Context) error {
			for round := first; round < first+100; round++ {
				one := call.Detail{Call: call.Call{ID: fmt.Sprintf("call-%05d", round), SetupID: fmt.Sprint("setup-", random.IntN(9)), State: call.Sending}}
				if round < 5 || round%3 > 0 {
					ids = append(ids, one.Call.ID)
					one.Request.Wire = strings.Repeat("- ", random.IntN(60)) + "kEy-of-old"
					if err := s.InsertCall(ctx, one); err != nil {
						return err
					}
					continue
				}
				// A call that is finished grows, and its row moves to another page.
				one.Call.ID, one.Call.State = ids[random.IntN(len(ids))], call.Done
				one.Request.Wire = strings.Repeat("kEy-of-old ", random.IntN(250))
				if err := s.FinishCall(ctx, one); err != nil {
					return err
				}
			}
			return s.InsertEvents(ctx, []access.Event{{Name: access.CallAccepted, Data: "kept"}}, 1)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	all := "SELECT id || request FROM call UNION ALL SELECT data FROM outbox ORDER BY 1"
	mask := func(text string) string { return strings.ReplaceAll(text, "kEy-of-old", "masked") }
	if err := s.InTx(t.Context(), func(ctx context.Context) error { return s.Mask(ctx, erase.Calls, ids, mask) }); err != nil {
		t.Fatal(err)
	}
	before := texts(t, s.read, all)
	// Although deleted bytes are overwritten and the log is empty.
	if err := emptyLog(t.Context(), s.write); err != nil {
		t.Fatal(err)
	}
	if held, err := s.FileHolds("kEy-of-old"); err != nil || !held {
		t.Fatalf("nothing was left to remove: %v", err)
	}
	if err := s.Rewrite(t.Context()); err != nil {
		t.Fatal(err)
	}
	if held, err := s.FileHolds("kEy-of-old"); err != nil || held {
		t.Errorf("the file still holds it: %v, %v", held, err)
	}
	if after := texts(t, s.read, all); !slices.Equal(before, after) || len(after) != len(ids)+20 {
		t.Errorf("%d rows before, %d after", len(before), len(after))
	}
	if now := mode("journal_mode"); now != journal || mode("integrity_check") != "ok" {
		t.Errorf("the journal is %s, was %s", now, journal)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, left := range []string{s.rewriting(), s.migrating()} {
		if err := os.WriteFile(left, []byte("left"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	if again := texts(t, s.read, all); !slices.Equal(before, again) {
		t.Errorf("%d rows after a start", len(again))
	}
	for _, left := range []string{s.rewriting(), s.migrating()} {
		if _, err := os.Stat(left); !os.IsNotExist(err) {
			t.Errorf("%s is still there", filepath.Base(left))
		}
	}
}
