package backend_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"keydesk/backend"
	"keydesk/backend/access"
	"keydesk/backend/organisation"
	"keydesk/backend/process"
	"keydesk/backend/secret"
	"keydesk/backend/setup"
)

const killCanary = "cNry-kiLL"

// kills is how many random kills the test makes: 200 in make test, 10,000 in
// make soak (G1).
func kills() int {
	if os.Getenv("KEYDESK_SOAK") != "" {
		return 10_000
	}
	return 200
}

// G1, A35, A55: kill -9 at random moments of saves with secrets. Every save that
// was acknowledged is complete afterwards, row and secret. Any other is there
// completely or not at all. No plain secret is on disk.
func TestKillDuringSaves(t *testing.T) {
	if folder := os.Getenv("KEYDESK_KILL_FOLDER"); folder != "" {
		saveUntilKilled(t, folder)
		return
	}
	// A new organisation for every 200 kills, since each kill is followed by a check
	// of everything that was saved before it.
	random := rand.New(rand.NewPCG(7, 11))
	acks, dying := 0, 0
	for done := 0; done < kills() && !t.Failed(); done += killsAnOffice {
		n, hit := killOffice(t, random)
		acks += n
		dying += hit
		t.Logf("%d kills, %d acknowledged saves, %d kills hit a save in flight", done+killsAnOffice, acks, dying)
	}
	if acks < kills() || dying == 0 {
		t.Errorf("too little happened to prove anything: %d acknowledged, %d in flight", acks, dying)
	}
}

const killsAnOffice = 200

// killOffice makes an office and kills its saver 200 times.
func killOffice(t *testing.T, random *rand.Rand) (acks, dying int) {
	folder, err := os.MkdirTemp(t.TempDir(), "office")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(folder) }()
	b := backend.New(backend.Options{Folder: folder, Hash: cheap})
	if err := b.Open(atWindow(t)); err != nil {
		t.Fatal(err)
	}
	code := firstRun(t, b)
	place, stage := shipped(t, b)
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	acked, tried := map[string]state{}, map[string]state{}
	for round := range killsAnOffice {
		n, inFlight := oneKill(t, folder, code, place.ID, stage.ID, time.Duration(1+random.IntN(60))*time.Millisecond, acked, tried)
		acks += n
		if inFlight {
			dying++
		}
		if t.Failed() {
			t.Fatalf("in round %d", round)
		}
		checkSaves(t, folder, code, acked, tried)
		if t.Failed() {
			t.Fatalf("after kill %d", round)
		}
	}
	noneOnDisk(t, folder, killCanary)
	return acks, dying
}

// state is what one save wrote.
type state struct {
	version int
	token   string
}

// oneKill starts the saver, lets it save for a while, kills it and reads what
// it said.
func oneKill(t *testing.T, folder, code, placeID, stageID string, after time.Duration, acked, tried map[string]state) (acks int, inFlight bool) {
	child := exec.Command(os.Args[0], "-test.run=^TestKillDuringSaves$", "-test.count=1")
	child.Env = append(os.Environ(), "KEYDESK_KILL_FOLDER="+folder, "KEYDESK_KILL_CODE="+code, "KEYDESK_KILL_PLACE="+placeID, "KEYDESK_KILL_STAGE="+stageID)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	started := false
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		word := strings.Fields(lines.Text())
		if len(word) == 0 {
			continue
		}
		switch {
		case word[0] == "ready":
			started = true
			time.AfterFunc(after, func() { _ = child.Process.Signal(syscall.SIGKILL) })
		case len(word) == 4 && (word[0] == "try" || word[0] == "ack"):
			version, _ := strconv.Atoi(word[2])
			if word[0] == "try" {
				tried[word[1]] = state{version, word[3]}
				inFlight = true
				continue
			}
			acked[word[1]] = state{version, word[3]}
			acks++
			inFlight = false
		}
	}
	err = child.Wait()
	if !started {
		t.Errorf("the saver did not start: %v", err)
	}
	if status, ok := child.ProcessState.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGKILL {
		t.Errorf("the saver ended by itself: %v", err)
	}
	return acks, inFlight
}

// saveUntilKilled saves setups for ever. It prints what it tries and what was
// acknowledged, one line each.
func saveUntilKilled(t *testing.T, folder string) {
	ctx := access.WithSource(context.Background(), window)
	b := backend.New(backend.Options{Folder: folder, Hash: cheap})
	if err := b.Open(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Ops.Organisation.Unlock(ctx, organisation.UnlockInput{RecoveryCode: secret.New(os.Getenv("KEYDESK_KILL_CODE"))}); err != nil {
		t.Fatal(err)
	}
	users, err := b.Store.Users(ctx)
	if err != nil {
		t.Fatal(err)
	}
	begin(t, b, users[0].ID)
	place, stage := process.Node{ID: os.Getenv("KEYDESK_KILL_PLACE")}, process.Stage{ID: os.Getenv("KEYDESK_KILL_STAGE")}
	fmt.Println("ready")
	for n := 0; ; n++ {
		one := draft(place, stage, "http://127.0.0.1:9/")
		one.Enabled, one.Name = false, fmt.Sprintf("Setup %d", n)
		saved, err := b.Ops.Setup.Create(ctx, setup.CreateInput{Draft: one})
		if err != nil {
			t.Fatal(err)
		}
		now := saved.Setups[0]
		for range 3 {
			token := fmt.Sprintf("%s-%d", killCanary, rand.Uint64())
			now.Draft.Request.Auth.Token.Typed = secret.New(token)
			fmt.Println("try", now.ID, now.Version+1, token)
			if now, err = b.Ops.Setup.Update(ctx, setup.UpdateInput{ID: now.ID, Version: now.Version, Draft: now.Draft}); err != nil {
				t.Fatal(err)
			}
			fmt.Println("ack", now.ID, now.Version, token)
		}
	}
}

// checkSaves opens the folder as the next start would and compares it with what
// was printed before the kill.
func checkSaves(t *testing.T, folder, code string, acked, tried map[string]state) {
	ctx := atWindow(t)
	b := backend.New(backend.Options{Folder: folder, Hash: cheap})
	if err := b.Open(ctx); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	}()
	if _, err := b.Ops.Organisation.Unlock(ctx, organisation.UnlockInput{RecoveryCode: secret.New(code)}); err != nil {
		t.Fatal(err)
	}
	for id, want := range acked {
		row, err := b.Store.Setup(ctx, id)
		if err != nil {
			t.Errorf("an acknowledged save is gone: %v", err)
			continue
		}
		held, err := b.Vault.Get(ctx, setup.Kind, id, "auth.token")
		if err != nil {
			t.Errorf("the secret of an acknowledged save is gone: %v", err)
			continue
		}
		if row.Version > want.version && tried[id].version == row.Version {
			want = tried[id] // committed, but killed before it could print that
		}
		if row.Version != want.version || held.Reveal() != want.token {
			t.Errorf("setup %s: version %d, want %d; its secret is the right one: %v", id, row.Version, want.version, held.Reveal() == want.token)
		}
		delete(acked, id) // checked once; later kills write other rows
	}
}
