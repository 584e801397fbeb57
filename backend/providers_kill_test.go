package backend_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"keydesk/backend"
	"keydesk/backend/access"
	"keydesk/backend/activity"
	"keydesk/backend/organisation"
	"keydesk/backend/provider"
	"keydesk/backend/secret"
	"keydesk/backend/store"
	"keydesk/backend/user"
)

// inForce gives the version of acme-sms that calls would use, and the one that
// Activity says; 0 for none. They have to be equal.
func inForce(t *testing.T, b *backend.Backend) int {
	t.Helper()
	version := 0
	if p, err := b.Providers.Get("acme-sms"); err == nil {
		version = p.Version
	}
	page, err := b.Ops.Activity.List(atWindow(t), activity.ListInput{Kind: "provider", ObjectID: "acme-sms", Outcome: "done"})
	if err != nil {
		t.Fatal(err)
	}
	told := 0
	if len(page.Entries) > 0 {
		var after struct {
			Version int `json:"version"`
		}
		if text := page.Entries[0].After; text != "" {
			if err := json.Unmarshal([]byte(text), &after); err != nil {
				t.Fatal(err)
			}
		}
		told = after.Version
	}
	if version != told {
		t.Errorf("version %d is in force, Activity says %d", version, told)
	}
	return version
}

// providerSteps are the writes of provider.import (of a new file, and in place of
// an older one) and of provider.delete, in order. Each is where it can stop.
var providerSteps = []struct {
	name, at string
	// before is the version that is in force when the step begins, 0 for none.
	before int
	does   string // import or delete
}{
	{"import, before the file", "BEFORE INSERT ON provider_file", 0, "import"},
	{"import, after the file", "AFTER INSERT ON provider_file", 0, "import"},
	{"import, at its entry", "AFTER INSERT ON activity", 0, "import"},
	{"replace, before the file", "BEFORE UPDATE ON provider_file", 1, "import"},
	{"replace, after the file", "AFTER UPDATE ON provider_file", 1, "import"},
	{"replace, at its entry", "AFTER INSERT ON activity", 1, "import"},
	{"delete, before the file", "BEFORE DELETE ON provider_file", 1, "delete"},
	{"delete, after the file", "AFTER DELETE ON provider_file", 1, "delete"},
	{"delete, at its entry", "AFTER INSERT ON activity", 1, "delete"},
}

// stepOf runs the operation of a step; version 2 is what an import brings.
func stepOf(ctx context.Context, b *backend.Backend, does string) error {
	if does == "delete" {
		_, err := b.Ops.Provider.Delete(ctx, provider.IDInput{ID: "acme-sms"})
		return err
	}
	_, err := b.Ops.Provider.Import(ctx, provider.FileInput{Name: "acme.yaml", Text: ownFile("acme-sms", "Acme SMS", 2, "https://acme.example")})
	return err
}

// RULES.md, Providers: a provider file is in force, or gone, if and only if
// Activity says so. Here each write of the transaction fails in turn.
func TestAProviderFileThatFailsInTheMiddle(t *testing.T) {
	for _, step := range providerSteps {
		t.Run(step.name, func(t *testing.T) {
			d := newDesk(t)
			if step.before > 0 {
				d.take(t, acme("https://acme.example"))
			}
			raw := openRaw(t, d.folder)
			if _, err := raw.Exec("CREATE TRIGGER failing " + step.at + " BEGIN SELECT RAISE(ABORT, 'this step fails'); END"); err != nil {
				t.Fatal(err)
			}
			if err := stepOf(atWindow(t), d.Backend, step.does); codeOf(err) == "" {
				t.Errorf("the step gave %v", err)
			}
			if now := inForce(t, d.Backend); now != step.before {
				t.Errorf("version %d is in force", now)
			}
			if _, err := raw.Exec("DROP TRIGGER failing"); err != nil {
				t.Fatal(err)
			}
			d.restart(t)
			if now := inForce(t, d.Backend); now != step.before {
				t.Errorf("after the restart version %d is in force", now)
			}
			if err := stepOf(atWindow(t), d.Backend, step.does); err != nil {
				t.Fatal(err)
			}
			if now := inForce(t, d.Backend); now != map[string]int{"import": 2, "delete": 0}[step.does] {
				t.Errorf("once nothing fails version %d is in force", now)
			}
		})
	}
}

// The same with a full disk.
func TestAProviderFileOnAFullDisk(t *testing.T) {
	folder := t.TempDir()
	b := opened(t, folder, func(o *backend.Options) { o.Store = []store.Option{store.WithMaxPages(160)} })
	firstRun(t, b)
	var refusal error
	put := 0
	for ; refusal == nil && put < 400; put++ {
		text := strings.Replace(ownFile("acme-sms", "Acme SMS", put+1, "https://acme.example"), "help: Sends", "help: "+strings.Repeat("Words. ", 280)+"Sends", 1)
		text += strings.Repeat("# a comment that fills the disk\n", 900*(put%7))
		_, refusal = b.Ops.Provider.Import(atWindow(t), provider.FileInput{Name: "acme.yaml", Text: text})
		want := put + 1
		if refusal != nil {
			want = put
		}
		if now := inForce(t, b); now != want {
			t.Fatalf("after import %d, which gave %v, version %d is in force", put+1, refusal, now)
		}
	}
	if codeOf(refusal) != "store.disk_full" {
		t.Errorf("after %d imports: %v", put, refusal)
	}
}

// And the same with a kill at each write, and right after the commit. The test
// program starts itself as the program that is killed; a trigger makes the step
// last long enough to be hit.
func TestAKillAtEachStepOfAProviderFile(t *testing.T) {
	if folder := os.Getenv("KEYDESK_KILL_PROVIDER"); folder != "" {
		ctx := access.WithSource(context.Background(), window)
		b := backend.New(backend.Options{Folder: folder, Hash: cheap})
		if err := b.Open(ctx); err != nil {
			t.Fatal(err)
		}
		unlockQuickly(t, b)
		fmt.Println("try")
		if err := stepOf(ctx, b, os.Getenv("KEYDESK_KILL_DOES")); err != nil {
			t.Fatal(err)
		}
		fmt.Println("ack")
		time.Sleep(time.Minute)
		return
	}
	folder := t.TempDir()
	b := backend.New(backend.Options{Folder: folder, Hash: cheap})
	if err := b.Open(atWindow(t)); err != nil {
		t.Fatal(err)
	}
	t.Setenv("KEYDESK_KILL_CODE", firstRun(t, b))
	raw := openRaw(t, folder)
	for _, statement := range []string{
		"CREATE TABLE slow (i INTEGER)",
		"INSERT INTO slow WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12000) SELECT i FROM n",
	} {
		if _, err := raw.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	for _, step := range providerSteps {
		moments := []string{"try"}
		if step.at == "AFTER INSERT ON activity" { // once for each operation
			moments = append(moments, "ack")
		}
		for _, waitFor := range moments {
			before := inForce(t, b)
			switch {
			case before > 0 && step.before == 0:
				if err := stepOf(atWindow(t), b, "delete"); err != nil {
					t.Fatal(err)
				}
			case before != step.before:
				_ = stepOf(atWindow(t), b, "delete")
				if _, err := b.Ops.Provider.Import(atWindow(t), provider.FileInput{Name: "acme.yaml", Text: acme("https://acme.example")}); err != nil {
					t.Fatal(err)
				}
			}
			if waitFor == "try" {
				if _, err := raw.Exec("CREATE TRIGGER slowly " + step.at + " BEGIN SELECT COUNT(*) FROM slow AS a, slow AS b WHERE a.i + b.i < 0; END"); err != nil {
					t.Fatal(err)
				}
			}
			if err := b.Close(); err != nil {
				t.Fatal(err)
			}
			killAt(t, folder, step.does, waitFor)
			if _, err := raw.Exec("DROP TRIGGER IF EXISTS slowly"); err != nil {
				t.Fatal(err)
			}
			b = backend.New(backend.Options{Folder: folder, Hash: cheap})
			if err := b.Open(atWindow(t)); err != nil {
				t.Fatal(err)
			}
			unlockQuickly(t, b)
			want := step.before
			if waitFor == "ack" {
				want = map[string]int{"import": 2, "delete": 0}[step.does]
			}
			if now := inForce(t, b); now != want {
				t.Errorf("%s, killed after %q: version %d is in force, want %d", step.name, waitFor, now, want)
			}
		}
	}
	if err := b.Close(); err != nil {
		t.Error(err)
	}
}

// unlockQuickly opens the secrets with the recovery code, which needs no slow
// hash, and signs the first user in.
func unlockQuickly(t *testing.T, b *backend.Backend) {
	t.Helper()
	ctx := access.WithSource(context.Background(), window)
	if _, err := b.Ops.Organisation.Unlock(ctx, organisation.UnlockInput{RecoveryCode: secret.New(os.Getenv("KEYDESK_KILL_CODE"))}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Ops.User.SignIn(ctx, user.SignInInput{Name: adminName, Password: secret.New(adminPassword)}); err != nil {
		t.Fatal(err)
	}
}

// killAt starts the program and kills it a little after it said a word.
func killAt(t *testing.T, folder, does, word string) {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run=^TestAKillAtEachStepOfAProviderFile$", "-test.count=1")
	child.Env = append(os.Environ(), "KEYDESK_KILL_PROVIDER="+folder, "KEYDESK_KILL_DOES="+does)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	said := []string{}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		said = append(said, lines.Text())
		if lines.Text() == word {
			after := time.Duration(0)
			if word == "try" {
				after = 250 * time.Millisecond
			}
			time.AfterFunc(after, func() { _ = child.Process.Signal(syscall.SIGKILL) })
		}
	}
	_ = child.Wait()
	if status, ok := child.ProcessState.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGKILL || said[len(said)-1] != word {
		t.Fatalf("%s was not killed after %q: %v, it said %v", does, word, child.ProcessState, said)
	}
}
