package backend_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"keydesk/backend/call"
	"keydesk/backend/process"
)

// planned counts the rows of calls that are about to leave.
func planned(t *testing.T, folder string) (rows int) {
	t.Helper()
	db := openRaw(t, folder)
	defer func() { _ = db.Close() }()
	if err := db.QueryRow(`SELECT COUNT(*) FROM planned_call`).Scan(&rows); err != nil {
		t.Fatal(err)
	}
	return rows
}

// What Test all fires at an address is recorded before it leaves: while a call is
// out its plan is in the database, and none is left after the run.
func TestTestAllIsRecordedBeforeItLeaves(t *testing.T) {
	d := newDesk(t)
	var fired, without atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if fired.Add(1); planned(t, d.folder) == 0 {
			without.Add(1)
		}
		w.WriteHeader(http.StatusCreated)
	}))
	defer server.Close()
	fillOffice(t, d, server.URL, 80)
	result, err := d.Ops.Call.TestAll(atWindow(t), call.AllInput{})
	if err != nil || result.Fired != 80 || fired.Load() != 80 {
		t.Fatalf("%v, %+v", err, result)
	}
	if without.Load() > 0 {
		t.Errorf("%d calls left without being recorded", without.Load())
	}
	if left := planned(t, d.folder); left != 0 {
		t.Errorf("%d plans are left", left)
	}
}

// Where nothing can be recorded nothing is fired. Where the results cannot be kept
// the next start says of each call that left, once, that it may have been sent.
func TestTestAllWhoseCallsCannotBeRecorded(t *testing.T) {
	d := newDesk(t)
	var fired atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		fired.Add(1)
		w.WriteHeader(http.StatusCreated)
	}))
	defer server.Close()
	fillOffice(t, d, server.URL, 40)
	trigger := func(sql string) {
		t.Helper()
		db := openRaw(t, d.folder)
		defer func() { _ = db.Close() }()
		if _, err := db.Exec(sql); err != nil {
			t.Fatal(err)
		}
	}
	trigger(`CREATE TRIGGER no_plan BEFORE INSERT ON planned_call BEGIN SELECT RAISE(ABORT, 'full'); END`)
	if result, err := d.Ops.Call.TestAll(atWindow(t), call.AllInput{}); err == nil || fired.Load() != 0 {
		t.Errorf("fired %d without a record: %v, %+v", fired.Load(), err, result)
	}
	trigger(`DROP TRIGGER no_plan`)
	trigger(`CREATE TRIGGER no_call BEFORE INSERT ON call BEGIN SELECT RAISE(ABORT, 'full'); END`)
	if _, err := d.Ops.Call.TestAll(atWindow(t), call.AllInput{}); err == nil || fired.Load() == 0 {
		t.Errorf("fired %d, %v", fired.Load(), err)
	}
	trigger(`DROP TRIGGER no_call`)
	d.restart(t)
	var page call.Page
	for range 200 { // the recovery runs beside
		var err error
		if page, err = d.Ops.Call.List(atWindow(t), call.ListInput{Limit: 200}); err != nil {
			t.Fatal(err)
		}
		if len(page.Calls) > 0 {
			break
		}
	}
	if int64(len(page.Calls)) < fired.Load() {
		t.Errorf("%d calls in the history, %d left", len(page.Calls), fired.Load())
	}
	seen := map[string]bool{}
	for _, one := range page.Calls {
		if one.Verdict != "unclear" || !strings.Contains(one.Reason, "may have been sent") || seen[one.ID] {
			t.Errorf("%+v", one)
		}
		seen[one.ID] = true
	}
	if left := planned(t, d.folder); left != 0 {
		t.Errorf("%d plans are left", left)
	}
}

// fillOffice makes enabled setups, each at a stage of its own.
func fillOffice(t *testing.T, d *desk, url string, n int) {
	t.Helper()
	for i := range n {
		stage, err := d.Ops.Process.CreateStage(atWindow(t), stageInput(d, fmt.Sprint("Stage ", i)))
		if err != nil {
			t.Fatal(err)
		}
		one := draft(d.place, stage, url)
		one.Request.StageParams[0].Field, one.Request.StageParams[0].Default = "", "+919812345678"
		one.Name = fmt.Sprint("Many ", i)
		d.create(t, one)
	}
}

func stageInput(d *desk, name string) process.CreateStageInput {
	return process.CreateStageInput{PlaceID: d.place.ID, Name: name}
}
