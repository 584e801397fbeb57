package backend_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"keydesk/backend/access"
	"keydesk/backend/call"
	"keydesk/backend/fault"
	"keydesk/backend/organisation"
	"keydesk/backend/provider"
	"keydesk/backend/request"
	"keydesk/backend/secret"
	"keydesk/backend/setup"
	"keydesk/backend/transfer"
	"keydesk/backend/user"
)

// stressFor is how long everything runs at once: 30 s in the long form, which
// also runs under the race detector (make soak).
func stressFor() time.Duration {
	if os.Getenv("KEYDESK_SOAK") != "" {
		return 30 * time.Second
	}
	return 2 * time.Second
}

// Testers, senders, savers, imports, locking and unlocking, changes of the data
// key and Test all at once: nobody gets an internal fault, every live message is
// in the history once, and the secret whose save was acknowledged last is the one
// that is sent.
func TestEverythingAtOnce(t *testing.T) {
	d := newDesk(t)
	before := runtime.NumGoroutine()
	var arrived sync.Map // what was sent, by Authorization
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		arrived.Store(r.Header.Get("Authorization"), true)
		w.WriteHeader(http.StatusCreated)
	}))
	defer server.Close()

	const setups = 6
	var ids [setups]string
	for i := range ids {
		one := draft(d.place, d.stage, server.URL)
		one.Name, one.Enabled = fmt.Sprint("Stress ", i), i == 0
		one.Request.Auth.Token = hidden(fmt.Sprintf("tQ-%d-0-start", i))
		ids[i] = d.create(t, one).ID
	}
	file, err := d.Ops.Transfer.Export(atWindow(t), transfer.ExportInput{IDs: ids[1:]})
	if err != nil {
		t.Fatal(err)
	}

	kinds := []string{"test", "send", "save", "import", "lock", "change the data key", "test all"}
	start := time.Now()
	var all sync.WaitGroup
	var live atomic.Int64
	var counted sync.Mutex
	done, refused := map[string]int{}, map[string]int{}
	// A slow machine gets longer, until each kind of work succeeded once.
	goesOn := func() bool {
		counted.Lock()
		defer counted.Unlock()
		return time.Since(start) < stressFor() || len(done) < len(kinds) && time.Since(start) < 2*time.Minute
	}
	work := func(name string, n int, do func(turn int) error) {
		for range n {
			all.Go(func() {
				for turn := 0; goesOn(); turn++ {
					err := do(turn)
					if err != nil && fault.From(err).Kind == fault.Internal {
						t.Errorf("%s: %v", name, err)
						return
					}
					counted.Lock()
					if err == nil {
						done[name]++
					} else {
						refused[name+": "+codeOf(err)]++
					}
					counted.Unlock()
					if err != nil {
						time.Sleep(5 * time.Millisecond) // who was refused lets others work
					}
				}
			})
		}
	}
	// Each worker has a window of its own, so that a lock stops one of them only.
	at := func(name string) context.Context {
		window := from(t, access.Window, name)
		if _, err := d.Ops.User.SignIn(window, user.SignInInput{Name: adminName, Password: secret.New(adminPassword)}); err != nil {
			t.Fatal(err)
		}
		return window
	}
	tester, sender, saver := at("tester"), at("sender"), at("saver")
	importer, locker, keys, whole := at("importer"), at("locker"), at("keys"), at("whole")
	work("test", 2, func(turn int) error {
		_, err := d.Ops.Call.Test(tester, call.TestInput{SetupID: ids[turn%setups]})
		return err
	})
	work("send", 2, func(int) error {
		_, err := d.Ops.Call.Send(sender, call.SendInput{PlaceID: d.place.ID, StageID: d.stage.ID, Channel: setup.SMS, Record: map[string]string{"Mobile": "+919812345678"}, Confirmed: true})
		if err == nil {
			live.Add(1)
		}
		return err
	})
	var acknowledged [setups]atomic.Value
	var saving [setups]sync.Mutex // one saver a setup, so that the last save is known
	work("save", 2, func(turn int) error {
		i := turn % setups
		saving[i].Lock()
		defer saving[i].Unlock()
		one, err := d.Ops.Setup.Get(saver, setup.IDInput{ID: ids[i]})
		if err != nil {
			return err
		}
		token := fmt.Sprintf("tQ-%d-%d-%d", i, turn, time.Now().UnixNano())
		one.Draft.Request.Auth = request.Auth{Type: request.Bearer, Token: hidden(token)}
		if _, err = d.Ops.Setup.Update(saver, setup.UpdateInput{ID: one.ID, Version: one.Version, Draft: one.Draft}); err == nil {
			acknowledged[i].Store(token)
		}
		return err
	})
	work("import", 1, func(int) error {
		preview, err := d.Ops.Transfer.Preview(importer, transfer.PreviewInput{Text: file.Text})
		if err != nil {
			return err
		}
		if _, err = d.Ops.Transfer.Import(importer, transfer.ImportInput{Text: file.Text, Rows: everyRow(preview)}); err != nil {
			return err
		}
		_, err = d.Ops.Transfer.Export(importer, transfer.ExportInput{})
		return err
	})
	work("lock", 1, func(int) error {
		if _, err := d.Ops.User.Lock(locker, user.Nothing{}); err != nil {
			return err
		}
		_, err := d.Ops.User.Unlock(locker, user.PasswordInput{Password: secret.New(adminPassword)})
		return err
	})
	work("change the data key", 2, func(int) error {
		begun, err := d.Ops.Organisation.ChangeKey(keys, organisation.ChangeKeyInput{Passphrase: secret.New(passphrase)})
		if err != nil {
			return err
		}
		code := begun.RecoveryCode
		_, err = d.Ops.Organisation.ConfirmChange(keys, organisation.ConfirmInput{StartID: begun.StartID, LastFour: code[len(code)-4:]})
		return err
	})
	work("test all", 1, func(int) error {
		_, err := d.Ops.Call.TestAll(whole, call.AllInput{})
		return err
	})
	all.Wait()
	for _, name := range kinds {
		if done[name] == 0 {
			t.Errorf("%s never worked: %v", name, refused)
		}
	}
	t.Logf("in %v: %v; refused: %v", time.Since(start).Round(time.Second), done, refused)

	// The daily limit of live messages stops the senders, so they are few.
	page, err := d.Ops.Call.List(atWindow(t), call.ListInput{Mode: string(call.Live), Limit: 200})
	if err != nil || int64(len(page.Calls)) != live.Load() && live.Load() < 200 {
		t.Errorf("%v: %d live messages in the history, %d were acknowledged", err, len(page.Calls), live.Load())
	}
	d.restart(t)
	for i, id := range ids {
		token, saved := acknowledged[i].Load().(string)
		if !saved {
			token = fmt.Sprintf("tQ-%d-0-start", i)
		}
		if _, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: id}); err != nil {
			t.Errorf("setup %d: %v", i, err)
		} else if _, sent := arrived.Load("Bearer " + token); !sent {
			t.Errorf("setup %d did not send the secret that was acknowledged last", i)
		}
	}
	wholeTrail(t, d.Backend)
	if one, err := d.Ops.Provider.List(atWindow(t), provider.ListInput{}); err != nil || len(one.Providers) == 0 {
		t.Error(err)
	}
	server.CloseClientConnections()
	for i := 0; i < 100 && runtime.NumGoroutine() > before+20; i++ {
		time.Sleep(20 * time.Millisecond)
	}
	if now := runtime.NumGoroutine(); now > before+20 {
		stacks := make([]byte, 1<<20)
		stacks = stacks[:runtime.Stack(stacks, true)]
		t.Errorf("%d goroutines, %d before:\n%.3000s", now, before, strings.TrimSpace(string(stacks)))
	}
}
