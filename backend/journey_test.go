package backend_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"unicode/utf16"

	"keydesk/backend"
	"keydesk/backend/activity"
	"keydesk/backend/call"
	"keydesk/backend/fault"
	"keydesk/backend/organisation"
	"keydesk/backend/process"
	"keydesk/backend/request"
	"keydesk/backend/secret"
	"keydesk/backend/setup"
	"keydesk/backend/user"
)

// cheap makes password hashes quick; package user tests the real parameters.
var cheap = user.Params{MemoryKiB: 64, Time: 1, Threads: 1}

const (
	adminName     = "admin"
	adminPassword = "correct-horse-battery-9"
	passphrase    = "six words that only tests know"
)

// opened gives a backend on a folder, open; it is closed with the test.
func opened(t testing.TB, folder string, change func(*backend.Options)) *backend.Backend {
	t.Helper()
	options := backend.Options{Folder: folder, Version: "test", Hash: cheap}
	if change != nil {
		change(&options)
	}
	b := backend.New(options)
	if err := b.Open(atWindow(t)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

// firstRun makes the organisation through the operations, with secrets under a
// passphrase, and leaves the Org Admin signed in.
func firstRun(t testing.TB, b *backend.Backend) (recoveryCode string) {
	t.Helper()
	begun, err := b.Ops.Organisation.Begin(atWindow(t), organisation.BeginInput{
		Organisation: "Acme", Country: "IN", TimeZone: "Asia/Kolkata", UserName: adminName, FullName: "Ada Admin",
		Password: secret.New(adminPassword), Passphrase: secret.New(passphrase),
	})
	if err != nil {
		t.Fatal(err)
	}
	code := begun.RecoveryCode
	if _, err := b.Ops.Organisation.Confirm(atWindow(t), organisation.ConfirmInput{StartID: begun.StartID, LastFour: code[len(code)-4:]}); err != nil {
		t.Fatal(err)
	}
	return code
}

// shipped makes Orders / Delivery with the stage Shipped and a Mobile field.
func shipped(t testing.TB, b *backend.Backend) (place process.Node, stage process.Stage) {
	t.Helper()
	ctx := atWindow(t)
	orders, err := b.Ops.Process.CreatePlace(ctx, process.CreatePlaceInput{Name: "Orders"})
	if err != nil {
		t.Fatal(err)
	}
	place, err = b.Ops.Process.CreatePlace(ctx, process.CreatePlaceInput{ParentID: orders.ID, Name: "Delivery"})
	if err != nil {
		t.Fatal(err)
	}
	stage, err = b.Ops.Process.CreateStage(ctx, process.CreateStageInput{PlaceID: place.ID, Name: "Shipped"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Ops.Process.CreateField(ctx, process.CreateFieldInput{StageID: stage.ID, Name: "Mobile", Type: process.Phone, Sample: "+919812345678"}); err != nil {
		t.Fatal(err)
	}
	return place, stage
}

const canary = "cNry-tokEn-7Q2x"

// draft is an SMS setup with a bearer token at a stage.
func draft(place process.Node, stage process.Stage, url string) setup.Draft {
	return setup.Draft{
		PlaceID: place.ID, StageID: stage.ID, Channel: setup.SMS, Enabled: true, Name: "Order shipped",
		Request: request.Spec{
			Method: "POST", URL: url, BodyFormat: request.JSONBody,
			Auth:        request.Auth{Type: request.Bearer, Token: request.Value{Secret: true, Typed: secret.New(canary)}},
			Params:      []request.Param{{Name: "to", Value: request.Value{Plain: "{{mobile}}"}}, {Name: "text", Value: request.Value{Plain: "Shipped é 🙂"}}},
			StageParams: []request.StageParam{{Variable: "mobile", Field: "Mobile"}},
		},
	}
}

func codeOf(err error) string {
	var known *fault.Error
	if errors.As(err, &known) {
		return known.Code
	}
	return ""
}

// A02, A04, A06, A35, A55 to A57: from first run to activity through the calls
// a door holds, against a real file and a real HTTP server.
func TestJourneyFromFirstRunToActivity(t *testing.T) {
	var got []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = append(got, r.Method+" "+r.URL.Path+" "+r.Header.Get("Authorization")+" "+string(body))
		w.WriteHeader(http.StatusCreated)
		// An echo server sends the secret back; it must not be kept.
		_, _ = io.WriteString(w, `{"id":"m1","echo":"`+r.Header.Get("Authorization")+`"}`)
	}))
	defer server.Close()
	folder := t.TempDir()
	var log bytes.Buffer
	b := opened(t, folder, func(o *backend.Options) {
		o.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	ctx := atWindow(t)

	// A06: nothing works before a person has signed in.
	if _, err := b.Ops.Setup.List(ctx, setup.ListInput{}); err == nil {
		t.Fatal("the list was read before first run")
	}
	firstRun(t, b)
	place, stage := shipped(t, b)
	saved, err := b.Ops.Setup.Create(ctx, setup.CreateInput{Draft: draft(place, stage, server.URL+"/send")})
	if err != nil {
		t.Fatal(err)
	}
	one := saved.Setups[0]
	if !one.Draft.Request.Auth.Token.Stored || !one.Draft.Request.Auth.Token.Typed.IsEmpty() {
		t.Errorf("the answer to Create says %+v of the token", one.Draft.Request.Auth.Token)
	}
	page, err := b.Ops.Setup.List(ctx, setup.ListInput{Search: "SHIP deliv"})
	if err != nil || len(page.Rows) != 1 || page.Count != 1 {
		t.Fatalf("search found %+v, %v", page, err)
	}
	if row := page.Rows[0]; row.Process != "Orders" || row.SubProcess != "Delivery" || row.SubSubProcess != "" || row.Stage != "Shipped" {
		t.Errorf("the row reads %+v", row)
	}

	// The saved setup fires what its preview shows.
	preview, err := b.Ops.Setup.Preview(ctx, setup.PreviewInput{Draft: one.Draft, Source: setup.Source{SetupID: one.ID}})
	if err != nil {
		t.Fatal(err)
	}
	shown, _ := json.Marshal(preview)
	if strings.Contains(string(shown), canary) {
		t.Error("the preview shows the token")
	}
	fired, err := b.Ops.Call.Test(ctx, call.TestInput{SetupID: one.ID})
	if err != nil {
		t.Fatal(err)
	}
	want := `POST /send Bearer ` + canary + ` {"to":"+919812345678","text":"Shipped é 🙂"}`
	if len(got) != 1 || got[0] != want {
		t.Errorf("the server received %q, want %q", got, want)
	}
	if fired.Call.Verdict != "accepted" || fired.Call.Status != 201 || fired.Call.Recipient != "+919812345678" {
		t.Errorf("the result is %+v", fired.Call)
	}
	if answer, _ := json.Marshal(fired); strings.Contains(string(answer), canary) {
		t.Error("the answer shows the token")
	}

	// A56: an edit that does not touch the token keeps it.
	edited := one.Draft
	edited.Name = "Order shipped, renamed"
	after, err := b.Ops.Setup.Update(ctx, setup.UpdateInput{ID: one.ID, Version: one.Version, Draft: edited})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Ops.Call.Test(ctx, call.TestInput{SetupID: one.ID}); err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got[1] != want {
		t.Errorf("after the edit the server received %q", got)
	}
	// A save from an older version is refused and changes nothing.
	if _, err := b.Ops.Setup.Update(ctx, setup.UpdateInput{ID: one.ID, Version: one.Version, Draft: edited}); codeOf(err) != "setup.stale" {
		t.Errorf("a stale save gave %v", err)
	}
	// S3: another host with the stored token is refused at the field.
	moved := after.Draft
	moved.Request.URL = "https://elsewhere.example/send"
	_, err = b.Ops.Setup.Update(ctx, setup.UpdateInput{ID: one.ID, Version: after.Version, Draft: moved})
	if f := fault.From(err); f == nil || f.Code != "setup.retype" || len(f.Fields) != 1 || f.Fields[0].Name != "draft.request.auth.token" {
		t.Errorf("a changed host with a stored secret gave %+v", f)
	}
	if _, err := b.Ops.Call.Test(ctx, call.TestInput{Source: setup.Source{SetupID: one.ID}, Draft: &moved}); codeOf(err) != "setup.retype" {
		t.Errorf("a draft test at a changed host gave %v", err)
	}
	// A05: a second enabled one at the same place, stage and channel.
	_, err = b.Ops.Setup.Create(ctx, setup.CreateInput{Draft: draft(place, stage, server.URL)})
	if f := fault.From(err); f == nil || f.Code != "setup.taken" || len(f.Links) != 1 || f.Links[0].ID != one.ID {
		t.Errorf("a second setup gave %+v", f)
	}

	trail, err := b.Ops.Activity.List(ctx, activity.ListInput{})
	if err != nil {
		t.Fatal(err)
	}
	ops := map[string]bool{}
	for _, entry := range trail.Entries {
		ops[entry.Op] = true
		if entry.Actor != adminName {
			t.Errorf("entry %d %s is by %q", entry.Seq, entry.Op, entry.Actor)
		}
	}
	for _, op := range []string{"organisation.confirm", "process.create_place", "setup.create", "setup.update", "call.test"} {
		if !ops[op] {
			t.Errorf("the trail lacks %s", op)
		}
	}

	// A53: a deleted one is gone and cannot be fired; restored it is back with
	// its secret.
	if _, err := b.Ops.Setup.Delete(ctx, setup.IDInput{ID: one.ID}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Ops.Call.Test(ctx, call.TestInput{SetupID: one.ID}); codeOf(err) != "setup.not_found" {
		t.Errorf("firing a deleted setup gave %v", err)
	}
	if _, err := b.Ops.Setup.Restore(ctx, setup.IDInput{ID: one.ID}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Ops.Call.Test(ctx, call.TestInput{SetupID: one.ID}); err != nil || len(got) != 3 || got[2] != want {
		t.Errorf("after restore: %v, %q", err, got)
	}

	// Sign out, in again with a wrong and the right password.
	if _, err := b.Ops.User.SignOut(ctx, user.Nothing{}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Ops.Setup.List(ctx, setup.ListInput{}); codeOf(err) != "access.signed_out" {
		t.Errorf("after sign-out the list gave %v", err)
	}
	if _, err := b.Ops.User.SignIn(ctx, user.SignInInput{Name: adminName, Password: secret.New("wrong-password-1")}); err == nil {
		t.Error("a wrong password was let in")
	}
	if _, err := b.Ops.User.SignIn(ctx, user.SignInInput{Name: adminName, Password: secret.New(adminPassword)}); err != nil {
		t.Fatal(err)
	}

	// A35: no plain secret is on disk.
	noneOnDisk(t, folder, canary, adminPassword, passphrase)
	for _, word := range []string{canary, adminPassword, passphrase} {
		if strings.Contains(log.String(), word) {
			t.Error("the log holds a secret")
		}
	}
}

// disguises are the forms in which a secret could be left on disk (G5).
func disguises(word string) map[string]string {
	forms := map[string]string{
		"plain": word, "hex": hex.EncodeToString([]byte(word)), "URL-encoded": url.QueryEscape(word),
		"UTF-16": string(utf16le(word)), "its first 8 bytes": word[:8],
	}
	quoted, _ := json.Marshal(word)
	forms["JSON"] = strings.Trim(string(quoted), `"`)
	for offset := range 3 {
		// The base64 of the word for each offset in a group of three bytes,
		// without the characters that depend on its neighbours.
		encoded := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", offset) + word))
		forms[fmt.Sprintf("base64 at offset %d", offset)] = encoded[4 : len(encoded)-4]
	}
	return forms
}

func utf16le(word string) []byte {
	var out []byte
	for _, unit := range utf16.Encode([]rune(word)) {
		out = append(out, byte(unit), byte(unit>>8))
	}
	return out
}

// noneOnDisk searches every file of a folder for the disguises of a secret.
func noneOnDisk(t *testing.T, folder string, canaries ...string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files++
		for _, word := range canaries {
			for form, text := range disguises(word) {
				if strings.Contains(string(data), text) {
					t.Errorf("%s holds a secret, %s", filepath.Base(path), form)
				}
			}
		}
		return nil
	})
	if err != nil || files == 0 {
		t.Fatalf("the folder could not be searched: %v, %d files", err, files)
	}
}

// Of several unlocks at once only the first starts what follows an opening:
// recovery must not find calls that are being sent by now.
func TestUnlockedTwiceAtOnce(t *testing.T) {
	folder := t.TempDir()
	b := backend.New(backend.Options{Folder: folder, Hash: cheap})
	if err := b.Open(context.Background()); err != nil {
		t.Fatal(err)
	}
	firstRun(t, b)
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	b = opened(t, folder, nil)
	var started atomic.Int32
	b.Organisation.WhenOpen(func(context.Context) { started.Add(1) })
	var all sync.WaitGroup
	for range 4 {
		all.Add(1)
		go func() {
			defer all.Done()
			state, err := b.Ops.Organisation.Unlock(atWindow(t), organisation.UnlockInput{Passphrase: secret.New(passphrase)})
			if err != nil || state.Phase != organisation.Open || started.Load() == 0 {
				t.Errorf("unlocking gave %+v, %v", state, err)
			}
		}()
	}
	all.Wait()
	if started.Load() != 1 {
		t.Errorf("it was started %d times", started.Load())
	}
}

// Reopening needs the passphrase, and the data is complete.
func TestReopen(t *testing.T) {
	folder := t.TempDir()
	b := backend.New(backend.Options{Folder: folder, Hash: cheap})
	if err := b.Open(context.Background()); err != nil {
		t.Fatal(err)
	}
	code := firstRun(t, b)
	place, stage := shipped(t, b)
	if _, err := b.Ops.Setup.Create(atWindow(t), setup.CreateInput{Draft: draft(place, stage, "http://127.0.0.1:9/")}); err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	for _, in := range []organisation.UnlockInput{{Passphrase: secret.New(passphrase)}, {RecoveryCode: secret.New(code)}} {
		func() {
			b := backend.New(backend.Options{Folder: folder, Hash: cheap})
			if err := b.Open(atWindow(t)); err != nil {
				t.Fatal(err)
			}
			defer func() { _ = b.Close() }()
			state, err := b.Ops.Organisation.State(atWindow(t), organisation.Nothing{})
			if err != nil || state.Phase != organisation.Unlock {
				t.Fatalf("state %+v, %v", state, err)
			}
			if _, err := b.Ops.User.SignIn(atWindow(t), user.SignInInput{Name: adminName, Password: secret.New(adminPassword)}); err == nil {
				t.Error("signed in while the secrets are locked")
			}
			if _, err := b.Ops.Organisation.Unlock(atWindow(t), organisation.UnlockInput{Passphrase: secret.New("wrong words entirely here")}); err == nil {
				t.Error("a wrong passphrase opened the secrets")
			}
			if _, err := b.Ops.Organisation.Unlock(atWindow(t), in); err != nil {
				t.Fatal(err)
			}
			if _, err := b.Ops.User.SignIn(atWindow(t), user.SignInInput{Name: adminName, Password: secret.New(adminPassword)}); err != nil {
				t.Fatal(err)
			}
			page, err := b.Ops.Setup.List(atWindow(t), setup.ListInput{})
			if err != nil || len(page.Rows) != 1 {
				t.Errorf("after reopening: %+v, %v", page, err)
			}
		}()
	}
}
