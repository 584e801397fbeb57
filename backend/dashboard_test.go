package backend_test

import (
	"bufio"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"keydesk/backend"
	"keydesk/backend/access"
	"keydesk/backend/apikey"
	"keydesk/backend/call"
	"keydesk/backend/dashboard"
	"keydesk/backend/organisation"
	"keydesk/backend/process"
	"keydesk/backend/secret"
	"keydesk/backend/setup"
	"keydesk/backend/user"
)

// zone moves the office to another time zone.
func (d *desk) zone(t *testing.T, name string) *time.Location {
	t.Helper()
	now, err := d.Organisation.Current(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Ops.Organisation.SaveSettings(atWindow(t), organisation.SettingsInput{Name: now.Name, Country: "DE", TimeZone: name, IdleMinutes: 15, Version: now.Version}); err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func (d *desk) dashboard(t testing.TB) dashboard.Report {
	t.Helper()
	report, err := d.Ops.Dashboard.Get(atWindow(t), dashboard.Nothing{})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// H07, C28: what the pictures show is the calls made: 1,000 of them at known times,
// across midnight, the day on which the clock goes forward and the one on which it
// goes back. A day is the office's, wherever the computer is.
func TestFiguresEqualTheCallsMade(t *testing.T) {
	var served atomic.Int32
	statuses := []int{201, 201, 201, 401, 429, 500}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(statuses[int(served.Add(1))%len(statuses)])
	}))
	defer server.Close()
	for _, in := range []struct {
		zone  string
		first string // the first of the days, a day before the clock is changed
	}{
		{"Europe/Berlin", "2026-03-28"}, {"Europe/Berlin", "2026-10-24"},
		{"Asia/Kathmandu", "2026-05-21"},    // 5:45 ahead
		{"America/Sao_Paulo", "2018-11-03"}, // where midnight itself is skipped
	} {
		t.Run(in.zone+" "+in.first, func(t *testing.T) {
			d := newDesk(t)
			d.create(t, draft(d.place, d.stage, server.URL))
			zone := d.zone(t, in.zone)
			admin := d.adminID(t)
			first, err := time.ParseInLocation("2006-01-02 15", in.first+" 12", zone)
			if err != nil {
				t.Fatal(err)
			}
			random := rand.New(rand.NewPCG(12, 7))
			want, live := map[string]call.Verdicts{}, 0
			add := func(mode call.Mode, one call.Call) {
				key := string(mode) + " " + d.now.In(zone).Format(time.DateOnly)
				sum := want[key]
				switch one.Verdict {
				case "accepted":
					sum.Accepted++
				case "refused":
					sum.Refused++
				case "throttled":
					sum.Throttled++
				case "unclear":
					sum.Unclear++
				case "failed":
					sum.Failed++
				default:
					t.Errorf("the verdict is %q", one.Verdict)
				}
				want[key] = sum
			}
			setups, err := d.Ops.Setup.List(atWindow(t), setup.ListInput{})
			if err != nil {
				t.Fatal(err)
			}
			for range 250 {
				// Within 36 hours around midnight, often in the minutes beside it.
				d.now = first.Add(time.Duration(random.IntN(36*3600)) * time.Second)
				if random.IntN(3) == 0 {
					d.now = first.Add(12*time.Hour + time.Duration(random.IntN(7201)-3600)*time.Second)
				}
				begin(t, d.Backend, admin)
				if random.IntN(2) == 0 {
					sent, err := d.Ops.Call.Send(atWindow(t), call.SendInput{
						PlaceID: d.place.ID, StageID: d.stage.ID, Channel: setup.SMS, Record: map[string]string{"Mobile": "+14155550100"}, Confirmed: true,
					})
					if err != nil {
						t.Fatal(err)
					}
					add(call.Live, sent.Call)
					live++
					continue
				}
				tested, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: setups.Rows[0].ID, Confirmed: true})
				if err != nil {
					t.Fatal(err)
				}
				add(call.Test, tested.Call)
			}
			d.now = first.Add(40 * time.Hour)
			begin(t, d.Backend, admin)
			report := d.dashboard(t)
			if n := len(report.Days); n != 30 || report.Days[29].Day != d.now.In(zone).Format(time.DateOnly) {
				t.Fatalf("%d days, the last is %+v", n, report.Days[n-1])
			}
			got := map[string]call.Verdicts{}
			for _, day := range report.Days {
				for mode, sum := range map[string]call.Verdicts{"live ": day.Live, "test ": day.Test} {
					if sum != (call.Verdicts{}) {
						got[mode+day.Day] = sum
					}
				}
			}
			if !maps.Equal(got, want) {
				t.Errorf("the picture has\n%v, the calls made are\n%v", got, want)
			}
			// The stages are those of a month, and in its first week of the one before.
			if want := d.now.In(zone).AddDate(0, 0, -7).Format("2006-01"); report.Month != want {
				t.Errorf("the stages are those of %s, want %s", report.Month, want)
			}
			stages := fmt.Sprintf("[{PlaceID:%s Places:[Orders Delivery] Stage:Shipped Calls:%d}]", d.place.ID, live)
			if report.Month != in.first[:7] {
				stages = "[]"
			}
			if got := fmt.Sprintf("%+v", report.Stages); got != stages {
				t.Errorf("the busiest stages are %s, want %s", got, stages)
			}
			sameAsRecords(t, d.folder)
		})
	}
}

// sameAsRecords compares the figures with the history that they count.
func sameAsRecords(t *testing.T, folder string) (calls int) {
	t.Helper()
	read := func(query string) map[string]int {
		rows, err := openRaw(t, folder).Query(query)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = rows.Close() }()
		counts := map[string]int{}
		for rows.Next() {
			var mode, verdict string
			var n int
			if err := rows.Scan(&mode, &verdict, &n); err != nil {
				t.Fatal(err)
			}
			if n > 0 {
				counts[mode+" "+verdict] = n
			}
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		return counts
	}
	records := read("SELECT mode, verdict, COUNT(*) FROM call WHERE state = 'done' GROUP BY mode, verdict")
	figures := map[string]int{}
	for _, verdict := range []string{"accepted", "refused", "throttled", "unclear", "failed"} {
		maps.Copy(figures, read("SELECT mode, '"+verdict+"', SUM("+verdict+") FROM call_day GROUP BY mode"))
	}
	if !maps.Equal(records, figures) {
		t.Errorf("the figures are %v, the records %v", figures, records)
	}
	for _, n := range records {
		calls += n
	}
	return calls
}

// H07: after kill -9 the figures are those of the records: of tests, of live messages,
// of Test all, and of what the next start finds half done.
func TestFiguresAfterAKill(t *testing.T) {
	if folder := os.Getenv("KEYDESK_FIGURES_FOLDER"); folder != "" {
		fireUntilKilled(t, folder)
		return
	}
	d := newDesk(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(201) }))
	defer server.Close()
	for i := range 9 {
		one := draft(d.place, d.stage, server.URL)
		one.Enabled, one.Name = i == 0, fmt.Sprint("Setup ", i)
		if i > 0 { // Test all fires what is enabled, and one may be enabled for a stage and channel
			stage, err := d.Ops.Process.CreateStage(atWindow(t), process.CreateStageInput{PlaceID: d.place.ID, Name: fmt.Sprint("Stage ", i)})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := d.Ops.Process.CreateField(atWindow(t), process.CreateFieldInput{StageID: stage.ID, Name: "Mobile", Type: process.Phone, Sample: "+919812345678"}); err != nil {
				t.Fatal(err)
			}
			one.StageID, one.Enabled = stage.ID, true
		}
		d.create(t, one)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(3, 5))
	unclear, before := false, 0
	for round := range 20 {
		child := exec.Command(os.Args[0], "-test.run=^TestFiguresAfterAKill$", "-test.count=1")
		child.Env = append(os.Environ(), "KEYDESK_FIGURES_FOLDER="+d.folder, "KEYDESK_FIGURES_PLACE="+d.place.ID, "KEYDESK_FIGURES_STAGE="+d.stage.ID)
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		started := false
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if lines.Text() == "ready" {
				started = true
				time.AfterFunc(time.Duration(5+random.IntN(120))*time.Millisecond, func() { _ = child.Process.Signal(syscall.SIGKILL) })
			}
		}
		_ = child.Wait()
		if !started {
			t.Fatal("the caller did not start")
		}
		d.Backend = opened(t, d.folder, nil)
		unlockAndSignIn(t, d.Backend)
		calls := sameAsRecords(t, d.folder)
		open, err := d.Ops.Call.List(atWindow(t), call.ListInput{Verdict: "unclear"})
		if err != nil {
			t.Fatal(err)
		}
		unclear = unclear || len(open.Calls) > 0
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
		if t.Failed() || calls < before {
			t.Fatalf("after kill %d: %d calls, before it %d", round+1, calls, before)
		}
		before = calls
	}
	if !unclear || before < 100 {
		t.Errorf("too little happened to prove anything: %d calls, one cut short: %v", before, unclear)
	}
}

// fireUntilKilled tests, sends and tests all, in parallel, for ever.
func fireUntilKilled(t *testing.T, folder string) {
	ctx := access.WithSource(context.Background(), window)
	b := backend.New(backend.Options{Folder: folder, Hash: cheap})
	if err := b.Open(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Ops.Organisation.Unlock(ctx, organisation.UnlockInput{Passphrase: secret.New(passphrase)}); err != nil {
		t.Fatal(err)
	}
	users, err := b.Store.Users(ctx)
	if err != nil {
		t.Fatal(err)
	}
	begin(t, b, users[0].ID)
	setups, err := b.Ops.Setup.List(ctx, setup.ListInput{})
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println("ready")
	fire := []func() error{
		func() error {
			_, err := b.Ops.Call.Test(ctx, call.TestInput{SetupID: setups.Rows[0].ID})
			return err
		},
		func() error {
			_, err := b.Ops.Call.Send(ctx, call.SendInput{
				PlaceID: os.Getenv("KEYDESK_FIGURES_PLACE"), StageID: os.Getenv("KEYDESK_FIGURES_STAGE"), Channel: setup.SMS,
				Record: map[string]string{"Mobile": "+14155550100"}, Confirmed: true,
			})
			return err
		},
		func() error { _, err := b.Ops.Call.TestAll(ctx, call.AllInput{}); return err },
	}
	failed := make(chan error)
	for _, one := range fire {
		go func() {
			for {
				if err := one(); err != nil {
					failed <- err
				}
			}
		}()
	}
	t.Fatal(<-failed)
}

// H07, product.md 13: what needs somebody is there with what the button needs, the most
// urgent first, and nothing else. Each role sees what its rights open.
func TestWhatNeedsAttention(t *testing.T) {
	status := 201
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
	defer server.Close()
	d := newDesk(t)
	if report := d.dashboard(t); len(report.Attention) != 0 || report.Attention == nil || len(report.Stages) != 0 {
		t.Errorf("a new office needs %+v", report)
	}
	ending := d.key(t, "Shop", 20)
	lasting := d.key(t, "CRM", 90)
	one := d.create(t, draft(d.place, d.stage, server.URL))
	status = 401
	if _, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: one.ID}); err != nil {
		t.Fatal(err)
	}
	admin := d.adminID(t)
	later := func(days int) {
		d.now = d.now.AddDate(0, 0, days)
		begin(t, d.Backend, admin)
	}
	later(6) // 14 days are left
	kinds := func() (list []string) {
		for _, item := range d.dashboard(t).Attention {
			list = append(list, item.Kind+" "+item.Name)
		}
		return list
	}
	failing := "setup_failing " + one.Title
	if got, want := kinds(), []string{"key_expiring Shop", failing}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	report := d.dashboard(t)
	if item := report.Attention[0]; item.ID != ending.Key.ID || item.AtMs != ending.Key.ExpiresMs {
		t.Errorf("the key's line is %+v", item)
	}
	if item := report.Attention[1]; item.ID != one.ID || item.Verdict != "refused" {
		t.Errorf("the setup's line is %+v", item)
	}
	if got := fmt.Sprint(report.Keys); got != "[{active 1} {expiring 1} {expired 0} {disabled 0} {revoked 0}]" {
		t.Errorf("the keys are %s", got)
	}
	// What the simulator was asked to play is no failure, and one that works again is none.
	status = 201
	if _, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: one.ID}); err != nil {
		t.Fatal(err)
	}
	later(14)
	if got, want := kinds(), []string{"key_expired Shop"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	later(14)
	if got := kinds(); len(got) != 0 {
		t.Errorf("two weeks after its end it needs %q", got)
	}
	if _, err := d.Ops.Apikey.Revoke(atWindow(t), apikey.IDInput{ID: lasting.Key.ID}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Ops.Organisation.Pause(atWindow(t), organisation.PauseInput{Paused: true}); err != nil {
		t.Fatal(err)
	}
	d.damage(t, one.ID, "auth.token")
	if _, err := d.Vault.Survey(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, want := kinds(), []string{"sending_paused ", "setup_unreadable " + one.Title}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	// A viewer sees all of it; who may see setups alone, nothing else.
	viewer := from(t, access.Window, d.asRole(t, "viewer"))
	if report, err := d.Ops.Dashboard.Get(viewer, dashboard.Nothing{}); err != nil || !report.SeesCalls || !report.SeesKeys || !report.SeesSetups || len(report.Days) != 30 {
		t.Errorf("a viewer sees %+v, %v", report, err)
	}
	role, err := d.Ops.User.CreateRole(atWindow(t), user.CreateRoleInput{Name: "Clerk", Permissions: []access.Permission{access.ViewSetup}})
	if err != nil {
		t.Fatal(err)
	}
	report, err = d.Ops.Dashboard.Get(from(t, access.Window, d.asRole(t, role.ID)), dashboard.Nothing{})
	if err != nil || report.SeesCalls || report.SeesKeys || !report.SeesSetups || len(report.Days)+len(report.Keys)+len(report.Stages) != 0 ||
		len(report.Attention) != 1 || report.Attention[0].Kind != dashboard.SetupUnreadable {
		t.Errorf("who may see setups alone sees %+v, %v", report, err)
	}
}

// Of many only the first are shown, and the others counted.
func TestAttentionIsShort(t *testing.T) {
	d := newDesk(t)
	for i := range 9 {
		d.key(t, fmt.Sprint("Key ", i), 14-i)
	}
	report := d.dashboard(t)
	if len(report.Attention) != 5 || report.More[dashboard.KeyExpiring] != 4 || report.Attention[0].Name != "Key 8" {
		t.Errorf("%+v, more %v", report.Attention, report.More)
	}
}

// key makes an API key that ends after some days.
func (d *desk) key(t testing.TB, title string, days int) apikey.Issued {
	t.Helper()
	return made(t, d.Backend, func(in *apikey.CreateInput) { in.Title, in.Expires = title, apikey.Term{Days: days} })
}
