package send

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"keydesk/backend/fault"
)

// tableOf is a table of so many rows.
func tableOf(t *testing.T, rows int) *Table {
	t.Helper()
	text := "Mobile\n"
	for n := range rows {
		text += fmt.Sprintf("+9198%08d\n", n+1)
	}
	table, err := Read([]byte(text), CSV, orders)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func create(t *testing.T, table *Table, mode string) (*Progress, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.progress")
	p, err := Create(path, table, mode)
	if err != nil {
		t.Fatal(err)
	}
	return p, path
}

func load(t *testing.T, path string) *Progress {
	t.Helper()
	p, err := LoadProgress(path)
	if err != nil || p == nil {
		t.Fatalf("%v %v", p, err)
	}
	return p
}

func must(t *testing.T, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// What was asked and answered is read back; what a kill left of the last line is
// not, whatever was written of it, and the next line does not join it.
func TestProgressAfterAKill(t *testing.T) {
	t.Parallel()
	table := tableOf(t, 5)
	p, path := create(t, table, Live)
	at := time.Now()
	must(t, p.ask([]int{1, 2, 3, 4}, "key", at), p.settle(table.Rows[0], Outcome{Result: Accepted, CallID: "c1"}),
		p.settle(table.Rows[1], Outcome{Result: Failed, Reason: because("Mobile", "No “number”\n.")}), p.free([]int{4}))
	whole, err := os.ReadFile(path)
	must(t, err, p.settle(table.Rows[2], Outcome{Result: Unclear, Reason: because("", "Who knows")}), p.Close())
	all, err := os.ReadFile(path)
	must(t, err)
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
	for cut := len(whole); cut <= len(all); cut++ {
		must(t, os.WriteFile(path, all[:cut], 0o600))
		got := load(t, path)
		pending, lost := got.pending(table, "key", at)
		want := "[3 4 5]"
		if cut == len(all) {
			want = "[4 5]"
		}
		if fmt.Sprint(pending) != want || lost != nil || got.results[1].CallID != "c1" || got.results[2].Message != "No “number”\n." || got.Run != p.Run || !got.IsOf(table, Live) {
			t.Fatalf("cut at %d: %v %v %+v", cut, pending, lost, got.results)
		}
		must(t, got.Continue(path), got.settle(table.Rows[4], Outcome{Result: Accepted}), got.Close())
		if again := load(t, path); again.results[5].Result != Accepted || len(again.results) != len(got.results) {
			t.Fatalf("cut at %d and continued: %+v", cut, again.results)
		}
	}
	accepted, failed, unclear := load(t, path).Count()
	if accepted != 2 || failed != 1 || unclear != 1 {
		t.Errorf("%d %d %d", accepted, failed, unclear)
	}
}

// A file that is no progress, or is damaged in the middle, is refused by its line.
func TestProgressThatIsNone(t *testing.T) {
	t.Parallel()
	table := tableOf(t, 3)
	p, path := create(t, table, Live)
	must(t, p.ask([]int{1}, "key", time.Now()), p.settle(table.Rows[0], Outcome{Result: Accepted}), p.Close())
	text, err := os.ReadFile(path)
	must(t, err)
	lines := strings.SplitAfter(string(text), "\n")
	for name, c := range map[string]struct {
		text, says string
	}{
		"a CSV":              {"Mobile,Name\n1,2\n", "line 1"},
		"another version":    {strings.Replace(string(text), `"keydesk_send":1`, `"keydesk_send":2`, 1), "line 1"},
		"a broken line":      {lines[0] + "{\n" + lines[1], "line 2"},
		"a row that is none": {lines[0] + lines[1] + `{"row":4,"result":"accepted"}` + "\n" + lines[2], "line 3"},
		"a lost beginning":   {lines[1] + lines[2], "line 1"},
	} {
		must(t, os.WriteFile(path, []byte(c.text), 0o600))
		if p, err := LoadProgress(path); p != nil || fault.From(err) == nil || fault.From(err).Code != ErrProgressBroken.Code || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v %v", name, p, err)
		}
	}
	for name, text := range map[string]string{"nothing": "", "half a first line": lines[0][:20]} {
		must(t, os.WriteFile(path, []byte(text), 0o600))
		if p, err := LoadProgress(path); p != nil || err != nil {
			t.Errorf("%s: %v %v", name, p, err)
		}
	}
	if p, err := LoadProgress(path + ".none"); p != nil || err != nil {
		t.Errorf("%v %v", p, err)
	}
	if _, err := LoadProgress(t.TempDir()); fault.From(err).Code != ErrProgress.Code {
		t.Errorf("a folder: %v", err)
	}
	if _, err := Create(filepath.Join(t.TempDir(), "none", "x"), tableOf(t, 1), Live); fault.From(err).Code != ErrProgress.Code || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("no folder: %v", err)
	}
}

// A new run keeps the file of the one before.
func TestProgressIsKept(t *testing.T) {
	t.Parallel()
	table := tableOf(t, 1)
	first, path := create(t, table, Live)
	must(t, first.Close())
	second, err := Create(path, table, Live)
	must(t, err, second.Close())
	if load(t, path).Run != second.Run || load(t, path+".old").Run != first.Run || first.Run == second.Run {
		t.Errorf("%s, then %s", first.Run, second.Run)
	}
}

// A row that was asked for is asked for again only while the API surely knows its
// key: not by another API key, not after 23 hours since it was asked first, and not
// where the clock went back. A row that certainly was not sent is not concerned.
func TestWhatCanNoLongerBeAsked(t *testing.T) {
	t.Parallel()
	table := tableOf(t, 3)
	at := time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		mode, key string
		now       time.Time
		lost      bool
	}{
		"at once":           {Live, "key", at, false},
		"after 22 hours":    {Live, "key", at.Add(22 * time.Hour), false},
		"after 24 hours":    {Live, "key", at.Add(24 * time.Hour), true},
		"a clock behind":    {Live, "key", at.Add(-time.Hour), true},
		"another key":       {Live, "other", at, true},
		"a try-out, late":   {Simulate, "key", at.Add(100 * time.Hour), false},
		"a try-out, others": {Simulate, "other", at, false},
	} {
		p := InMemory(table, c.mode)
		must(t, p.ask([]int{1, 2}, "key", at), p.free([]int{2}),
			p.ask([]int{1}, "key", at.Add(21*time.Hour))) // the first time counts
		pending, lost := p.pending(table, c.key, c.now)
		want, wantLost := "[1 2 3]", "[]"
		if c.lost {
			want, wantLost = "[2 3]", "[1]"
		}
		if fmt.Sprint(pending) != want || fmt.Sprint(lost) != wantLost {
			t.Errorf("%s: pending %v, lost %v", name, pending, lost)
		}
	}
}

// A disk that is full refuses the line, and nothing is added behind a part of one.
func TestProgressOnAFullDisk(t *testing.T) {
	t.Parallel()
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	table := tableOf(t, 2)
	p := InMemory(table, Live)
	p.file = full
	for range 2 {
		err := p.ask([]int{1}, "key", time.Now())
		if known := fault.From(err); known == nil || known.Code != ErrProgress.Code || !strings.Contains(known.Message, "no space left") {
			t.Errorf("%v", err)
		}
	}
	if !p.Untouched() {
		t.Error("what was not written counts")
	}
	if p.file, err = os.Create(filepath.Join(t.TempDir(), "x")); err != nil {
		t.Fatal(err)
	}
	if err := p.settle(table.Rows[0], Outcome{Result: Accepted}); err == nil {
		t.Error("a line was added after one that may be there in part")
	}
}

// The file holds nothing that was not given to it: no value of a row.
func TestProgressHoldsNoRow(t *testing.T) {
	t.Parallel()
	table := tableOf(t, 3)
	p, path := create(t, table, Live)
	must(t, p.ask([]int{1, 2, 3}, "key-id", time.Now()), p.settle(table.Rows[0], Outcome{Result: Accepted}), p.NoteFile("x", "y"), p.finish(Finished{Accepted: 1}), p.Close())
	text, err := os.ReadFile(path)
	must(t, err)
	if strings.Contains(string(text), "9198") || strings.Contains(string(text), "Orders") {
		t.Errorf("%s", text)
	}
	got := load(t, path)
	if got.Finished == nil || got.Finished.Accepted != 1 || !got.Wrote("x", "y") || got.Wrote("x", "z") || got.Wrote("z", "y") {
		t.Errorf("%+v", got)
	}
}

// What was sent is known again in another input: a corrected one, where rows moved.
// Rows that failed, and those of another stage, are not among it.
func TestWhatWasSentIsKnownAgain(t *testing.T) {
	t.Parallel()
	table := tableOf(t, 4)
	p, path := create(t, table, Live)
	must(t, p.settle(table.Rows[0], Outcome{Result: Accepted}), p.settle(table.Rows[1], Outcome{Result: Failed, Reason: because("", "No")}),
		p.settle(table.Rows[2], Outcome{Result: Unclear, Reason: because("", "Who knows")}), p.Close())
	for name, c := range map[string]struct {
		input string
		usual Target
		want  int
	}{
		"as it was":     {"Mobile\n+919800000001\n+919800000002\n+919800000003\n+919800000004\n", orders, 2},
		"corrected":     {"Mobile\n+919800000009\n+919800000003\n+919800000001\n", orders, 2},
		"others":        {"Mobile\n+919800000009\n+919800000002\n", orders, 0},
		"another field": {"Name\n+919800000001\n", orders, 0},
		"another stage": {"Mobile\n+919800000001\n", Target{Process: "Orders", Stage: "Returned", Channel: "sms"}, 0},
	} {
		other, err := Read([]byte(c.input), Any, c.usual)
		must(t, err)
		if got := load(t, path).Sent(other); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}
