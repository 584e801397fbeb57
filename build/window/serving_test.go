//go:build window

package window_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3"

	"keydesk/backend"
	"keydesk/backend/access"
	"keydesk/backend/apikey"
	"keydesk/backend/host"
	"keydesk/backend/organisation"
	"keydesk/backend/process"
	"keydesk/backend/request"
	"keydesk/backend/secret"
	"keydesk/backend/setup"
	"keydesk/backend/user"
	"keydesk/build/window"
)

// The test program starts itself in a session to make an office whose data key is
// in that session's keyring: the keyring's library keeps the bus that a program is
// started with.
const makeVariable = "KEYDESK_MAKE_OFFICE"

func TestMain(m *testing.M) {
	if folder := os.Getenv(makeVariable); folder != "" {
		made, err := makeServing(folder, os.Args[1])
		if err == nil {
			err = json.NewEncoder(os.Stdout).Encode(made)
		}
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// serving is an office that serves calls.
type serving struct {
	Key  string
	Port int
}

const stages = 4

// makeServing makes an office whose local API is on, with an API key, and setups at
// several stages that send to an address.
func makeServing(folder, address string) (made serving, err error) {
	ctx := access.WithSource(context.Background(), access.Source{Kind: access.Window, ID: "preparing"})
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return made, err
	}
	made.Port = free.Addr().(*net.TCPAddr).Port
	if err := free.Close(); err != nil {
		return made, err
	}
	b := backend.New(backend.Options{Folder: folder, Hash: user.Params{MemoryKiB: 64, Time: 1, Threads: 1}})
	if err := b.Open(ctx); err != nil {
		return made, err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	begun, err := b.Ops.Organisation.Begin(ctx, organisation.BeginInput{
		Organisation: "Asha Clinic", Country: "IN", TimeZone: "Asia/Kolkata", UserName: "asha", Password: secret.New(password),
	})
	if err != nil {
		return made, err
	}
	code := begun.RecoveryCode
	if _, err := b.Ops.Organisation.Confirm(ctx, organisation.ConfirmInput{StartID: begun.StartID, LastFour: code[len(code)-4:]}); err != nil {
		return made, err
	}
	place, err := b.Ops.Process.CreatePlace(ctx, process.CreatePlaceInput{Name: "Orders"})
	if err != nil {
		return made, err
	}
	for number := range stages {
		if err := makeStage(ctx, b, place, fmt.Sprint("Stage ", number), address); err != nil {
			return made, err
		}
	}
	if _, err := b.Ops.Organisation.SaveLocalAPI(ctx, organisation.SaveLocalAPIInput{
		Settings: organisation.LocalAPI{On: true, Port: made.Port, PerMinute: 100_000, Addresses: []string{}, Names: []string{}},
	}); err != nil {
		return made, err
	}
	issued, err := b.Ops.Apikey.Create(ctx, apikey.CreateInput{
		RequestID: rand.Text(), Title: "CRM", Expires: apikey.Term{Days: 1}, Grants: apikey.Grants{Scopes: access.AnyScope()},
	})
	made.Key = issued.Secret
	return made, err
}

func makeStage(ctx context.Context, b *backend.Backend, place process.Node, name, address string) error {
	stage, err := b.Ops.Process.CreateStage(ctx, process.CreateStageInput{PlaceID: place.ID, Name: name})
	if err != nil {
		return err
	}
	if _, err := b.Ops.Process.CreateField(ctx, process.CreateFieldInput{StageID: stage.ID, Name: "Order", Type: process.Text, Sample: "a sample"}); err != nil {
		return err
	}
	_, err = b.Ops.Setup.Create(ctx, setup.CreateInput{Draft: setup.Draft{
		PlaceID: place.ID, StageID: stage.ID, Channel: setup.SMS, Enabled: true, Name: name,
		Request: request.Spec{
			Method: "POST", URL: address, BodyFormat: request.JSONBody,
			Auth:        request.Auth{Type: request.Bearer, Token: request.Value{Secret: true, Typed: secret.New(token)}},
			Params:      []request.Param{{Name: "order", Value: request.Value{Plain: "{{order}}"}}},
			StageParams: []request.StageParam{{Variable: "order", Field: "Order"}},
		},
	}})
	return err
}

// crm is a system that sends orders through the local API, each until it is
// answered, and the server that they end at.
type crm struct {
	t *testing.T
	serving
	mu       sync.Mutex
	received map[string]int
	answered map[string]bool
	repeated int
}

func newCRM(t *testing.T, session *window.Session, folder string) *crm {
	t.Helper()
	c := &crm{t: t, received: map[string]int{}, answered: map[string]bool{}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var got struct{ Order string }
		if err := json.NewDecoder(r.Body).Decode(&got); err != nil {
			t.Error(err)
		}
		c.mu.Lock()
		c.received[got.Order]++
		c.mu.Unlock()
		time.Sleep(15 * time.Millisecond)
		w.WriteHeader(http.StatusCreated)
	}))
	t.Cleanup(server.Close)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, server.URL)
	cmd.Env = append(session.Env(), makeVariable+"="+folder)
	out, err := cmd.CombinedOutput()
	if err == nil {
		err = json.Unmarshal(out, &c.serving)
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return c
}

// load sends from several clients at once until stop is called, which waits until
// every order was answered.
func (c *crm) load() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	client := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{}}
	var wait sync.WaitGroup
	for number := range stages {
		wait.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				c.send(client, fmt.Sprint("Stage ", number), fmt.Sprintf("order-%d-%d", number, i))
				time.Sleep(40 * time.Millisecond)
			}
		})
	}
	return func() {
		cancel()
		wait.Wait()
		client.CloseIdleConnections()
	}
}

func (c *crm) send(client *http.Client, stage, order string) {
	body, err := json.Marshal(map[string]any{"process": "Orders", "stage": stage, "channel": "sms", "fields": map[string]string{"Order": order}, "mode": "live"})
	if err != nil {
		c.t.Error(err)
		return
	}
	last := ""
	for deadline := time.Now().Add(60 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		req, err := http.NewRequest(http.MethodPost, fmt.Sprintf("http://127.0.0.1:%d/v1/calls", c.Port), bytes.NewReader(body))
		if err != nil {
			c.t.Error(err)
			return
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Authorization", "x-api-key "+c.Key)
		req.Header.Set("Idempotency-Key", order)
		answer, err := client.Do(req)
		if err == nil {
			text, broken := io.ReadAll(answer.Body)
			_ = answer.Body.Close()
			last = string(text)
			if broken == nil && answer.StatusCode == http.StatusOK {
				c.mu.Lock()
				c.answered[order] = true
				c.mu.Unlock()
				return
			}
		} else {
			last = err.Error()
		}
		c.mu.Lock()
		c.repeated++
		c.mu.Unlock()
	}
	c.t.Errorf("%s was never answered; at last: %s", order, last)
}

func (c *crm) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.answered)
}

// goesOn waits for more answers.
func (c *crm) goesOn(when string) {
	c.t.Helper()
	before := c.count()
	until(c.t, "an answer while "+when, 20*time.Second, func() bool { return c.count() >= before+2*stages })
}

// lost fails unless each order that was answered was sent exactly once, and is one
// accepted call of the history.
func (c *crm) lost(folder string) {
	c.t.Helper()
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(folder, "keydesk.db")+"?mode=ro")
	if err != nil {
		c.t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query("SELECT json_extract(record, '$.Order'), state, verdict FROM call")
	if err != nil {
		c.t.Fatal(err)
	}
	defer rows.Close()
	recorded := map[string]int{}
	for rows.Next() {
		var order, state, verdict string
		if err := rows.Scan(&order, &state, &verdict); err != nil {
			c.t.Fatal(err)
		}
		recorded[order]++
		if state != "done" || verdict != "accepted" {
			c.t.Errorf("%s is %s, %s", order, state, verdict)
		}
	}
	if err := rows.Err(); err != nil {
		c.t.Fatal(err)
	}
	for order := range c.answered {
		if c.received[order] != 1 || recorded[order] != 1 {
			c.t.Errorf("%s was sent %d times and has %d calls in the history", order, c.received[order], recorded[order])
		}
	}
	if len(recorded) != len(c.answered) || len(c.received) != len(c.answered) {
		c.t.Errorf("%d answered, %d sent, %d in the history", len(c.answered), len(c.received), len(recorded))
	}
}

// RULES.md, Two programs and Closing the window, with both programs as
// they are built and a system that sends all the time: the window takes the data
// from keydeskd, goes on without its window, shows it again at a second start, and
// hands the data back. Nothing is lost and nothing is sent twice.
func TestTheLocalAPIGoesOnThroughEverything(t *testing.T) {
	display, session := window.StartDisplay(t, 1280, 900), window.StartSession(t)
	folder := filepath.Join(t.TempDir(), "data")
	c := newCRM(t, session, folder)
	owns := func(want host.Program) {
		t.Helper()
		if owner, err := host.AskOwner(t.Context(), folder); err != nil || owner.Program != want || len(owner.Listening) == 0 {
			t.Errorf("%+v, %v; want %s", owner, err, want)
		}
	}
	daemon := window.Launch(t, &window.Display{}, session, nil, release(t)+"d", "serve", "--data", folder)
	daemon.WaitFor("msg=ready", 20*time.Second)
	stop := c.load()
	c.goesOn("keydeskd serves")

	first := window.Start(t, display, session, release(t), "--data", folder)
	first.WaitFor("screen=signed-out", 20*time.Second)
	c.goesOn("the window is open and nobody is signed in")
	owns(host.Window)

	display.Close("Keydesk")
	first.WaitFor("screen=closing", 20*time.Second)
	c.goesOn("the window asks")
	display.Focus("Keydesk")
	display.Settle()
	display.Key("Return")
	first.WaitFor("goes on without it", 20*time.Second)
	until(t, "no window", 10*time.Second, func() bool { return !display.Visible("Keydesk") })
	c.goesOn("the window is hidden")
	owns(host.Window)

	second := window.Launch(t, display, session, nil, release(t), "--data", folder)
	if code := second.Wait(10 * time.Second); code != 0 || !strings.Contains(second.Log(), "shown=true") {
		t.Errorf("the second start: exit code %d\n%s", code, second.Log())
	}
	until(t, "the window again", 10*time.Second, func() bool { return display.Visible("Keydesk") })

	display.Close("Keydesk")
	times(t, first, "screen=closing", 2)
	display.Focus("Keydesk")
	display.Settle()
	display.Key("shift+Tab", "Return")
	if code := first.Wait(20 * time.Second); code != 0 {
		t.Errorf("Stop: exit code %d\n%s", code, first.Log())
	}
	times(t, daemon, "msg=ready", 2)
	c.goesOn("keydeskd serves again")
	owns(host.Keydeskd)

	stop()
	if code := daemon.Stop(); code != 0 {
		t.Errorf("exit code %d\n%s", code, daemon.Log())
	}
	c.lost(folder)
	if c.repeated == 0 {
		t.Error("no client noticed a hand-over")
	}
	t.Logf("%d orders, %d attempts were repeated", c.count(), c.repeated)
}
