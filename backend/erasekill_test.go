package backend_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"keydesk/backend"
	"keydesk/backend/access"
	"keydesk/backend/activity"
	"keydesk/backend/call"
	"keydesk/backend/erase"
	"keydesk/backend/organisation"
	"keydesk/backend/secret"
	"keydesk/backend/setup"
)

// eraseKills is how many erasures are killed: 8 in make test, 200 in make soak.
func eraseKills() int {
	if os.Getenv("KEYDESK_SOAK") != "" {
		return 200
	}
	return 8
}

// manyCalls is how many calls are in its history.
const manyCalls = 2000

// callsWithKey puts calls into the history that hold a text, with others between
// them.
func callsWithKey(t *testing.T, b *backend.Backend, count int, key string) {
	t.Helper()
	for from := 0; from < count; from += 500 {
		err := b.Store.InTx(atWindow(t), func(ctx context.Context) error {
			for n := from; n < min(from+500, count); n++ {
				one := call.Detail{Call: call.Call{ID: fmt.Sprintf("call-%08d", n), AtMs: time.Now().UnixMilli(), SetupID: "gone", Mode: call.Live, State: call.Done, Recipient: "+919812345678"}}
				one.Record = map[string]string{"Mobile": "+919812345678"}
				one.Request.Wire = "POST /send HTTP/1.1\r\nHost: api.example\r\n\r\n" + strings.Repeat("filling ", n%300)
				one.Reply.Text = strings.Repeat(`{"row": "text of an answer"} `, n%200)
				if n%3 == 0 {
					one.Request.Wire += key
					one.Reply.Text = `{"echo": "` + key + `"} ` + one.Reply.Text
				}
				if err := b.Store.InsertCall(ctx, one); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// A35: an erasure that was killed leaves a chain that verifies and says who began
// it, and every call readable. Run again it finishes, and nothing is on disk.
func TestKillDuringErasure(t *testing.T) {
	if folder := os.Getenv("KEYDESK_ERASE_FOLDER"); folder != "" {
		eraseUntilKilled(t, folder)
		return
	}
	original := t.TempDir()
	d := &desk{folder: original, now: time.Now()}
	d.Backend = backend.New(backend.Options{Folder: original, Hash: cheap})
	if err := d.Open(atWindow(t)); err != nil {
		t.Fatal(err)
	}
	code := firstRun(t, d.Backend)
	d.place, d.stage = shipped(t, d.Backend)
	one := draft(d.place, d.stage, "https://api.example/")
	one.Enabled = false
	for n := range 30 {
		one.Name, one.Request.URL = fmt.Sprint("Setup ", n), "https://api.example/"+killCanary
		saved := d.create(t, one)
		if err := d.update(t, saved.ID, func(s *setup.Draft) { s.Request.URL = "https://api.example/" }); err != nil {
			t.Fatal(err)
		}
	}
	callsWithKey(t, d.Backend, manyCalls, killCanary)
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(3, 5))
	whole, unfinished := time.Second, 0
	for round := range eraseKills() {
		folder, err := os.MkdirTemp(t.TempDir(), "office")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.CopyFS(folder, os.DirFS(original)); err != nil {
			t.Fatal(err)
		}
		// The first is not killed, to know how long it takes.
		after := time.Duration(random.Int64N(int64(whole)))
		if round == 0 {
			after = time.Minute
		}
		took := killErasure(t, folder, code, after)
		if round == 0 {
			whole = took
		}
		if finishErasure(t, folder, code) {
			unfinished++
		}
		if t.Failed() {
			t.Fatalf("in round %d, killed after %v of %v", round, after, whole)
		}
		if err := os.RemoveAll(folder); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d of %d erasures were killed in the middle; one takes %v", unfinished, eraseKills(), whole)
	if unfinished < eraseKills()/4 {
		t.Errorf("too little happened to prove anything: %d erasures were killed in the middle", unfinished)
	}
}

// killErasure runs an erasure in another process and kills it after a while.
func killErasure(t *testing.T, folder, code string, after time.Duration) (took time.Duration) {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run=^TestKillDuringErasure$", "-test.count=1")
	child.Env = append(os.Environ(), "KEYDESK_ERASE_FOLDER="+folder, "KEYDESK_KILL_CODE="+code)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	started := time.Now()
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		switch lines.Text() {
		case "ready":
			started = time.Now()
			timer := time.AfterFunc(after, func() { _ = child.Process.Signal(syscall.SIGKILL) })
			defer timer.Stop()
		case "done":
			took = time.Since(started)
		}
	}
	err = child.Wait()
	if status, ok := child.ProcessState.Sys().(syscall.WaitStatus); !ok || err != nil && status.Signal() != syscall.SIGKILL {
		t.Errorf("it ended by itself: %v", err)
	}
	return took
}

func eraseUntilKilled(t *testing.T, folder string) {
	ctx := access.WithSource(context.Background(), window)
	b := erasing(t, folder, os.Getenv("KEYDESK_KILL_CODE"))
	fmt.Println("ready")
	if _, err := b.Ops.Erase.Text(ctx, erase.Input{Text: secret.New(killCanary)}); err != nil {
		t.Fatal(err)
	}
	fmt.Println("done")
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
}

// erasing opens an office as its Org Admin.
func erasing(t *testing.T, folder, code string) *backend.Backend {
	t.Helper()
	ctx := access.WithSource(context.Background(), window)
	b := backend.New(backend.Options{Folder: folder, Hash: cheap})
	if err := b.Open(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Ops.Organisation.Unlock(ctx, organisation.UnlockInput{RecoveryCode: secret.New(code)}); err != nil {
		t.Fatal(err)
	}
	users, err := b.Store.Users(ctx)
	if err != nil {
		t.Fatal(err)
	}
	begin(t, b, users[0].ID)
	return b
}

// finishErasure opens the folder as the next start does, checks it, erases again
// and searches. It tells whether the erasure before had begun and not finished.
func finishErasure(t *testing.T, folder, code string) (unfinished bool) {
	t.Helper()
	b := erasing(t, folder, code)
	defer func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
		noneOnDisk(t, folder, killCanary)
		if left, _ := filepath.Glob(filepath.Join(folder, "*.rewriting*")); len(left) > 0 {
			t.Errorf("left over: %v", left)
		}
	}()
	report := wholeTrail(t, b)
	page, err := b.Ops.Activity.List(atWindow(t), activity.ListInput{Kind: erase.Kind})
	if err != nil {
		t.Fatal(err)
	}
	if len(page.Entries) == 0 && len(report.Erased) > 0 {
		t.Error("something was erased, and nothing says who did it")
	}
	unfinished = len(page.Entries) == 1
	for n := 0; n < manyCalls; n += 97 {
		if _, err := b.Store.Call(atWindow(t), fmt.Sprintf("call-%08d", n)); err != nil {
			t.Error(err)
		}
	}
	if _, err := b.Ops.Erase.Text(atWindow(t), erase.Input{Text: secret.New(killCanary)}); err != nil {
		t.Errorf("erased again: %v", err)
	}
	if report := wholeTrail(t, b); len(report.Erased) != 60 {
		t.Errorf("%d entries read as erased, want 60", len(report.Erased))
	}
	return unfinished
}
