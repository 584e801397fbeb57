package activity_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"keydesk/backend/access"
	"keydesk/backend/activity"
	"keydesk/backend/fault"
	"keydesk/backend/store"
)

func found(r activity.Report, kind string, seq, until int64) bool {
	return slices.ContainsFunc(r.Problems, func(p activity.Problem) bool { return p.Kind == kind && p.Seq == seq && p.Until == until })
}

func (d *desk) wantWhole(records int64) activity.Report {
	d.t.Helper()
	report := d.verify()
	if report.Found != 0 || report.Records != records || report.Last != records {
		d.t.Errorf("the trail reads %+v, want %d entries and no problem", report, records)
	}
	return report
}

// A trail is chained from its first entry on, whether or not it was opened
// before, and the public key can be read without any secret.
func TestNewTrail(t *testing.T) {
	d := closed(t, t.TempDir())
	must(t, d.record(access.Change{Kind: "organisation", ID: "1", Name: "Acme"}, access.Change{Kind: "user", ID: "u1", Name: "Ada"}))
	must(t, d.Open(t.Context()))
	must(t, d.Open(t.Context()))
	d.write(3)
	report := d.wantWhole(5)
	if len(report.Checkpoints) != 0 || len(report.Erased) != 0 {
		t.Errorf("a new trail reads %+v", report)
	}
	kept, err := d.store.ActivityKeys(t.Context())
	if err != nil || len(kept) != 1 || !kept[0].Equal(public) {
		t.Errorf("the public key kept is %x, %v", kept, err)
	}
	for _, e := range d.chain() {
		if e.ActorKind != "person" || len(e.Hash) != 32 || len(e.MAC) != 32 {
			t.Errorf("entry %d is by %q, hash %x", e.Seq, e.ActorKind, e.Hash)
		}
	}
	must(t, d.store.InTx(t.Context(), func(ctx context.Context) error {
		own := &access.Invocation{Caller: access.Caller{Kind: access.System, Name: "Keydesk", Source: access.Program}, Op: access.Info{Name: "setup.purge"}}
		return d.Record(ctx, own, []access.Change{{Kind: "setup", ID: "s", Name: "S"}})
	}))
	if e := d.chain()[5]; e.ActorKind != "system" {
		t.Errorf("the program's own work is by %q", e.ActorKind)
	}
}

// What cannot be written is left out as a whole, and the chain continues where
// it was.
func TestUndoneEntriesLeaveNoGap(t *testing.T) {
	d := opened(t, t.TempDir())
	d.write(2)
	undone := errors.New("undone")
	err := d.store.InTx(t.Context(), func(ctx context.Context) error {
		if err := d.Record(ctx, &access.Invocation{Caller: person, Op: access.Info{Name: "x.y"}}, []access.Change{{Kind: "setup"}, {Kind: "setup"}}); err != nil {
			return err
		}
		return undone
	})
	if !errors.Is(err, undone) {
		t.Fatal(err)
	}
	d.write(2)
	d.wantWhole(4)
}

// Edits in the database file are found by the office itself.
func TestEditsInTheFileAreFound(t *testing.T) {
	for _, c := range []struct {
		name       string
		statements []string
		kind       string
		seq, until int64
	}{
		{"changed", []string{"UPDATE activity SET outcome = 'refused' WHERE seq = 4"}, activity.Changed, 4, 4},
		{"a text changed", []string{"UPDATE activity SET actor = 'eve' WHERE seq = 4"}, activity.Changed, 4, 4},
		{"removed", []string{"DELETE FROM activity WHERE seq IN (4, 5)"}, activity.Missing, 4, 5},
		{"removed at the end", []string{"DELETE FROM activity WHERE seq > 7"}, activity.CutOff, 8, 10},
		{"moved", []string{"UPDATE activity SET seq = 99 WHERE seq = 4", "UPDATE activity SET seq = 4 WHERE seq = 5", "UPDATE activity SET seq = 5 WHERE seq = 99"}, activity.Changed, 4, 4},
		{"inserted", []string{"UPDATE activity SET seq = seq + 100 WHERE seq > 4", "UPDATE activity SET seq = seq - 99 WHERE seq > 100", "CREATE TABLE x AS SELECT * FROM activity WHERE seq = 4", "UPDATE x SET seq = 5", "INSERT INTO activity SELECT * FROM x"}, activity.Changed, 5, 5},
		{"another public key", []string{"DROP TRIGGER activity_key_no_update", "UPDATE activity_key SET public_key = x'00'"}, activity.OtherKey, 0, 0},
		{"a head of another key", []string{"DROP TRIGGER activity_head_no_update", "UPDATE activity_head SET signature = zeroblob(64)"}, activity.BadSignature, 10, 10},
	} {
		d := opened(t, t.TempDir())
		d.write(10)
		d.shut()
		run(t, d.folder, c.statements...)
		d = opened(t, d.folder)
		if report := d.verify(); !found(report, c.kind, c.seq, c.until) {
			t.Errorf("%s: %+v", c.name, report.Problems)
		}
	}
}

// The triggers refuse every change but an erasure, which empties a text and its
// salt and removes it from the search.
func TestTriggersAllowOnlyErasure(t *testing.T) {
	d := opened(t, t.TempDir())
	d.write(3)
	d.shut()
	db := raw(t, d.folder)
	refused := []string{"DELETE FROM activity"}
	for _, column := range []string{"seq", "at_ms", "mono_ms", "actor_kind", "actor_id", "actor", "roles", "source", "op", "outcome", "kind", "object_id", "object", "count", "before", "after", "search"} {
		refused = append(refused, "UPDATE activity SET "+column+" = 77 WHERE seq = 2")
	}
	for _, column := range []string{"prev_hash", "hash", "mac", "actor_salt", "object_salt", "before_salt", "after_salt", "actor_digest", "object_digest", "before_digest", "after_digest"} {
		refused = append(refused, "UPDATE activity SET "+column+" = x'01' WHERE seq = 2")
	}
	for _, text := range []string{"actor", "object", "after"} {
		refused = append(refused,
			"UPDATE activity SET "+text+" = '' WHERE seq = 2",
			"UPDATE activity SET "+text+" = 'x', "+text+"_salt = x'' WHERE seq = 2",
			"UPDATE activity SET "+text+" = '', "+text+"_salt = x'', "+text+"_digest = x'' WHERE seq = 2",
			"UPDATE activity SET "+text+" = '', "+text+"_salt = x'', hash = x'' WHERE seq = 2",
			"UPDATE activity SET "+text+" = '', "+text+"_salt = x'', outcome = 'refused' WHERE seq = 2")
	}
	for _, table := range []string{"activity_key", "activity_head"} {
		refused = append(refused, "UPDATE "+table+" SET at_ms = 1", "DELETE FROM "+table)
	}
	for _, statement := range refused {
		if _, err := db.Exec(statement); err == nil {
			t.Errorf("%s went through", statement)
		}
	}
	for _, text := range []string{"actor", "object", "before", "after"} {
		if _, err := db.Exec("UPDATE activity SET " + text + " = '', " + text + "_salt = x'', search = 'less' WHERE seq = 2"); err != nil {
			t.Errorf("erasing %s: %v", text, err)
		}
	}
	must(t, db.Close())
	d = opened(t, d.folder)
	report := d.wantWhole(3)
	if len(report.Erased) != 1 || report.Erased[0].Seq != 2 || len(report.Erased[0].Texts) != 4 {
		t.Errorf("erased reads %+v", report.Erased)
	}
	d.write(2)
	d.wantWhole(5)
}

// A trail of the old format is verified, chained again and signed once. From
// then on its texts can be erased, and no old MAC is left to guess them from.
func TestOldTrailIsChainedAgain(t *testing.T) {
	const n = 1203 // more than two pages
	folder := oldTrail(t, n)
	d := closed(t, folder)
	if err := d.record(access.Change{Kind: "setup"}); fault.From(err).Code != "activity.unchained" {
		t.Errorf("an entry before the old ones are chained gave %v", err)
	}
	must(t, d.Open(t.Context()))
	report := d.wantWhole(n)
	if len(report.Checkpoints) != 1 {
		t.Fatalf("checkpoints %+v", report.Checkpoints)
	}
	c := report.Checkpoints[0]
	if c.Reason != activity.Converted || c.FirstSeq != 1 || c.LastSeq != n || c.Count != n || c.BrokenSeq != 0 || c.Problem != "" || c.FirstMs != 1_770_000_000_001 {
		t.Errorf("the checkpoint reads %+v", c)
	}
	entries := d.chain()
	for _, e := range entries {
		want := "person"
		switch e.Seq % 10 {
		case 0:
			want = "system"
		case 1:
			want = ""
		}
		if e.ActorKind != want || e.Object != fmt.Sprint("Setup ", e.Seq) || e.After != `{"name":"b"}` {
			t.Fatalf("entry %d reads %+v", e.Seq, e.Entry)
		}
	}
	d.write(5)
	must(t, d.Open(t.Context())) // nothing is left to do
	d.wantWhole(n + 5)
	d.shut()

	db := raw(t, folder)
	var left int
	must(t, db.QueryRow("SELECT COUNT(*) FROM activity_old_mac").Scan(&left))
	if left != 0 {
		t.Errorf("%d old MACs are left", left)
	}
	if _, err := db.Exec("UPDATE activity SET actor = '', actor_salt = x'', search = '' WHERE seq < 100"); err != nil {
		t.Error(err)
	}
	if _, err := db.Exec("DELETE FROM activity_checkpoint"); err == nil {
		t.Error("the checkpoint was removed")
	}
	must(t, db.Close())
	d = opened(t, folder)
	if report := d.wantWhole(n + 5); len(report.Erased) != 99 {
		t.Errorf("%d entries read as erased", len(report.Erased))
	}
}

// An old chain that does not hold is chained again as well, and the signed
// checkpoint says where it broke.
func TestBrokenOldTrail(t *testing.T) {
	for _, c := range []struct {
		name, statement string
		broken          int64
		problem         string
	}{
		{"changed", "UPDATE activity SET actor = 'eve' WHERE seq = 40", 40, "The entry was changed."},
		{"another MAC", "UPDATE activity SET mac = zeroblob(32) WHERE seq = 40", 40, "The entry was changed."},
		{"removed", "DELETE FROM activity WHERE seq = 40", 40, "An entry is missing."},
		{"the first removed", "DELETE FROM activity WHERE seq <= 3", 1, "An entry is missing."},
		{"moved", "UPDATE activity SET seq = 900 WHERE seq = 40", 40, "An entry is missing."},
	} {
		folder := oldTrail(t, 60)
		run(t, folder, c.statement)
		d := opened(t, folder)
		report := d.verify()
		if len(report.Checkpoints) != 1 || report.Checkpoints[0].BrokenSeq != c.broken || report.Checkpoints[0].Problem != c.problem {
			t.Errorf("%s: %+v", c.name, report.Checkpoints)
		}
		if !strings.Contains(d.logged.String(), "damaged") {
			t.Errorf("%s: the log says %s", c.name, d.logged.String())
		}
		if strings.Contains(c.problem, "changed") && report.Found != 0 {
			t.Errorf("%s: chained again, but %+v", c.name, report.Problems)
		}
		d.write(1)
	}
	// Cut off between the migration and the first opening.
	for _, statement := range []string{"DELETE FROM activity WHERE seq > 50", "DELETE FROM activity"} {
		folder := oldTrail(t, 60)
		d := closed(t, folder)
		must(t, d.store.Close())
		run(t, folder, statement)
		d = opened(t, folder)
		checkpoints := d.verify().Checkpoints
		want := int64(51)
		if !strings.Contains(statement, "WHERE") {
			want = 1
		}
		if len(checkpoints) != 1 || checkpoints[0].BrokenSeq != want {
			t.Errorf("%s: %+v", statement, checkpoints)
		}
	}
}

// Emptied hashes do not get forged entries chained again.
func TestChainedOnce(t *testing.T) {
	d := opened(t, oldTrail(t, 20))
	d.shut()
	run(t, d.folder, "UPDATE activity SET actor = 'eve', hash = x'', mac = x''")
	d = opened(t, d.folder)
	if report := d.verify(); !found(report, activity.Changed, 1, 1) || !found(report, activity.Changed, 20, 20) {
		t.Errorf("emptied hashes: %+v", report.Problems)
	}
	if err := d.record(access.Change{Kind: "setup"}); fault.From(err).Code != "activity.unchained" {
		t.Errorf("an entry after an emptied hash gave %v", err)
	}
	// Nor if the public key is deleted as well: the signed heads still show
	// the difference.
	must(t, d.store.Close())
	run(t, d.folder, "DROP TRIGGER activity_key_no_delete", "DELETE FROM activity_key")
	d = closed(t, d.folder)
	if err := d.Open(t.Context()); err == nil {
		t.Error("a forged trail was chained again")
	}
}

// The data key can stay closed for as long as it likes: nothing is chained
// before it opens, and what fails is done at the next opening.
func TestOldTrailWaitsForTheKey(t *testing.T) {
	d := closed(t, oldTrail(t, 20))
	d.keys.locked.Store(true)
	if err := d.Open(t.Context()); !errors.Is(err, errLocked) {
		t.Fatal(err)
	}
	if kept, err := d.store.ActivityKeys(t.Context()); err != nil || kept != nil {
		t.Fatalf("kept %x, %v", kept, err)
	}
	d.keys.locked.Store(false)
	must(t, d.Open(t.Context()))
	d.wantWhole(20)
}

// A disk that fills up in the middle of chaining leaves the old trail, and the
// next opening finishes the work.
func TestOldTrailOnAFullDisk(t *testing.T) {
	folder := oldTrail(t, 2000)
	d := closed(t, folder)
	must(t, d.store.Close())
	info, err := os.Stat(filepath.Join(folder, store.FileName))
	must(t, err)
	d = closed(t, folder, store.WithMaxPages(int(info.Size()/4096)+20))
	if err := d.Open(t.Context()); !errors.Is(err, store.ErrDiskFull) {
		t.Fatalf("a full disk gave %v", err)
	}
	for _, e := range d.chain() {
		if len(e.Hash) > 0 {
			t.Fatalf("entry %d is chained", e.Seq)
		}
	}
	must(t, d.store.Close())
	d = opened(t, folder)
	d.wantWhole(2000)
}

const killedRows = 2000

// G1: kill -9 at random moments of chaining an old trail again. Afterwards it
// is all old or all chained, and the next opening finishes the work.
func TestKillDuringChaining(t *testing.T) {
	if folder := os.Getenv("KEYDESK_CHAIN_FOLDER"); folder != "" {
		d := closed(t, folder)
		fmt.Println("opening")
		must(t, d.Open(t.Context()))
		fmt.Println("opened")
		return
	}
	template := oldTrail(t, killedRows)
	image, err := os.ReadFile(filepath.Join(template, store.FileName))
	must(t, err)
	random := rand.New(rand.NewPCG(5, 18))
	cut := 0
	for round := range 8 {
		folder := t.TempDir()
		must(t, os.WriteFile(filepath.Join(folder, store.FileName), image, 0o600))
		child := exec.Command(os.Args[0], "-test.run=^TestKillDuringChaining$", "-test.count=1")
		child.Env = append(os.Environ(), "KEYDESK_CHAIN_FOLDER="+folder)
		out, err := child.StdoutPipe()
		must(t, err)
		must(t, child.Start())
		line := make([]byte, 8)
		if _, err := out.Read(line); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(random.IntN(50)) * time.Millisecond)
		must(t, child.Process.Kill())
		_ = child.Wait()

		d := closed(t, folder)
		var empty int
		entries := d.chain()
		for _, e := range entries {
			if len(e.Hash) == 0 {
				empty++
			}
		}
		if len(entries) != killedRows || empty != 0 && empty != killedRows {
			t.Fatalf("round %d: %d entries, %d of them not chained", round, len(entries), empty)
		}
		if empty > 0 {
			cut++
		}
		must(t, d.Open(t.Context()))
		if report := d.wantWhole(killedRows); len(report.Checkpoints) != 1 || report.Checkpoints[0].BrokenSeq != 0 {
			t.Errorf("round %d: %+v", round, report.Checkpoints)
		}
		must(t, d.store.Close())
	}
	t.Logf("%d of 8 kills came before the end", cut)
	if cut == 0 {
		t.Error("no kill came in the middle")
	}
}

// The head is signed at every clean close, in the database and in a file next
// to it that holds all an auditor needs.
func TestHeadAtClose(t *testing.T) {
	d := opened(t, t.TempDir())
	d.Close(t.Context()) // nothing to sign
	if _, err := os.Stat(d.headFile()); !errors.Is(err, os.ErrNotExist) {
		t.Fatal("an empty trail has a head")
	}
	d.write(3)
	d.shut()
	info, err := os.Stat(d.headFile())
	must(t, err)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("the head's file has mode %v", info.Mode())
	}
	text, err := os.ReadFile(d.headFile())
	must(t, err)
	var head struct {
		Seq       int64
		Hash      string
		AtMs      int64 `json:"at_ms"`
		Signature string
		PublicKey string `json:"public_key"`
	}
	must(t, json.Unmarshal(text, &head))
	unhex := func(text string) []byte {
		b, err := hex.DecodeString(text)
		must(t, err)
		return b
	}
	signed := headBytes(head.Seq, unhex(head.Hash), head.AtMs)
	if head.Seq != 3 || head.AtMs != d.now.UnixMilli() || !bytes.Equal(unhex(head.PublicKey), public) || !ed25519.Verify(public, signed, unhex(head.Signature)) {
		t.Errorf("the file says %s", text)
	}

	// Without new entries nothing more is signed; the file is written again if
	// it is gone.
	d = opened(t, d.folder)
	must(t, os.Remove(d.headFile()))
	d.now = d.now.Add(time.Hour)
	d.shut()
	again, err := os.ReadFile(d.headFile())
	if err != nil || !bytes.Equal(again, text) {
		t.Errorf("the file says %s, %v", again, err)
	}
	d = opened(t, d.folder)
	d.write(1)
	d.shut()
	d = opened(t, d.folder)
	heads, err := d.store.ActivityHeads(t.Context())
	if err != nil || len(heads) != 2 || heads[0].Seq != 3 || heads[1].Seq != 4 {
		t.Errorf("heads %+v, %v", heads, err)
	}
	d.wantWhole(4)
}

// The head outside shows a tail that was cut off, or an older database put in
// place of a newer one, even after further entries and closings.
func TestHeadOutsideTellsOfACutTail(t *testing.T) {
	d := opened(t, t.TempDir())
	d.write(5)
	d.shut()
	older, err := os.ReadFile(filepath.Join(d.folder, store.FileName))
	must(t, err)
	d = opened(t, d.folder)
	d.write(5)
	d.shut()
	must(t, os.WriteFile(filepath.Join(d.folder, store.FileName), older, 0o600))

	d = opened(t, d.folder)
	if report := d.verify(); !found(report, activity.CutOff, 6, 10) {
		t.Errorf("an older database: %+v", report.Problems)
	}
	if !strings.Contains(d.logged.String(), "lacks a head") {
		t.Errorf("the log says %s", d.logged.String())
	}
	d.write(7)
	d.shut()
	d = opened(t, d.folder)
	if report := d.verify(); !found(report, activity.HeadDiffers, 10, 10) {
		t.Errorf("after more entries: %+v", report.Problems)
	}
	d.shut()

	// A file that is not from this office changes nothing.
	d = opened(t, t.TempDir())
	d.write(2)
	d.shut()
	for _, text := range []string{"", "not a head", `{"seq":9,"hash":"00","at_ms":1,"signature":"00","public_key":"00"}`, `{"seq":9,"hash":"zz"}`} {
		must(t, os.WriteFile(d.headFile(), []byte(text), 0o600))
		d = opened(t, d.folder)
		d.wantWhole(2)
		if !strings.Contains(d.logged.String(), "not from this office") {
			t.Errorf("%q: the log says %s", text, d.logged.String())
		}
		if aside, err := os.ReadFile(d.headFile() + ".other"); err != nil || string(aside) != text {
			t.Errorf("%q: kept aside is %q, %v", text, aside, err)
		}
		d.shut()
	}
}

// A head that cannot be signed or written does not keep the program from
// closing.
func TestCloseWithoutKeyOrFile(t *testing.T) {
	d := opened(t, t.TempDir())
	d.write(1)
	d.keys.locked.Store(true)
	d.Close(t.Context())
	d.keys.locked.Store(false)
	must(t, os.Mkdir(d.headFile()+".new", 0o700))
	d.Close(t.Context())
	if got := strings.Count(d.logged.String(), "could not be signed"); got != 2 {
		t.Errorf("the log says %s", d.logged.String())
	}
	if heads, err := d.store.ActivityHeads(t.Context()); err != nil || len(heads) != 1 {
		t.Errorf("heads %+v, %v", heads, err)
	}
}

// Refusals while the data key is closed are counted and written after opening,
// none lost and none twice.
func TestRefusalsWaitForTheKey(t *testing.T) {
	d := opened(t, t.TempDir())
	refuse := func(op string) {
		d.RecordRefusal(t.Context(), &access.Invocation{Caller: person, Op: access.Info{Name: op}}, fault.New(fault.Forbidden, "x.y", "No."))
	}
	d.keys.locked.Store(true)
	for range 3 {
		refuse("a.b")
	}
	d.now = d.now.Add(2 * time.Minute) // the minute is over, the key still closed
	for range 2 {
		refuse("a.b")
		refuse("c.d")
	}
	d.FlushAll(t.Context())
	d.now = d.now.Add(2 * time.Minute)
	refuse("a.b")
	d.keys.locked.Store(false)
	d.FlushAll(t.Context())
	counts := map[string]int{}
	for _, e := range d.chain() {
		counts[e.Op] += e.Count
	}
	if counts["a.b"] != 6 || counts["c.d"] != 2 {
		t.Errorf("written: %v", counts)
	}
	d.wantWhole(int64(len(d.chain())))
}
