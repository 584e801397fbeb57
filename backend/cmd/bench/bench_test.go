package main

import (
	"context"
	"fmt"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"keydesk/backend/request"
	"keydesk/backend/setup"
	"keydesk/backend/store"
)

// A line has the seven words of RULES.md, Speed, whatever was measured.
func TestLine(t *testing.T) {
	second := time.Second
	for _, c := range []struct {
		f    figure
		want string
	}{
		// Pair by pair: 2, 1 and 3 times as long; the sums would say 2.9.
		{ratioFigure("save", []pair{{2 * second, second}, {second, second}, {60 * second, 20 * second}}, 100, 1.5), "bench save 20ms 10ms 2.00 <=1.5 short"},
		{ratioFigure("list_depth", []pair{{1100 * time.Microsecond, time.Millisecond}}, 200, 1.3), "bench list_depth 0.0055ms 0.005ms 1.10 <=1.3 ok"},
		{rateFigure("verify", []pair{{2 * second, second}, {4 * second, second}, {second, second}}, 1000, 0.85, 0), "bench verify 500/s 1000/s 0.50 >=0.85 short"},
		{rateFigure("wrong_keys", []pair{{second, second}}, 1000, 0.9, 1.1), "bench wrong_keys 1000/s 1000/s 1.00 0.9..1.1 ok"},
		{rateFigure("wrong_keys", []pair{{second, 2 * second}}, 1000, 0.9, 1.1), "bench wrong_keys 1000/s 500/s 2.00 0.9..1.1 short"},
		{memoryFigure("headless_memory", []figurePair{{30e6, 20e6}, {10e6, 10e6}, {90e6, 20e6}}, 2), "bench headless_memory 30MB 20MB 1.50 <=2 ok"},
		{spanFigure("login", []time.Duration{90 * time.Millisecond}, 100*time.Millisecond, 300*time.Millisecond), "bench login 90ms - - 100..300ms short"},
		{spanFigure("preview", []time.Duration{123456 * time.Nanosecond}, 0, time.Millisecond), "bench preview 0.123ms - - <=1ms ok"},
	} {
		if got := c.f.String(); got != c.want || len(strings.Fields(got)) != 7 {
			t.Errorf("%s\nwant %s", got, c.want)
		}
	}
}

// The first run of each side is not counted, and the sides take turns to begin.
func TestInTurn(t *testing.T) {
	said := ""
	rounds, err := inTurn(3, func() error { said += "A"; return nil }, func() error { said += "B"; return nil })
	if err != nil || len(rounds) != 3 || said != "ABBAABBA" {
		t.Errorf("%d rounds, %s, %v", len(rounds), said, err)
	}
}

// Generated rows are what the store itself would write of such setups;
// otherwise the search would be measured on other text than the product's.
func TestGeneratedRowsAreTheStores(t *testing.T) {
	s := store.New(t.TempDir())
	if err := s.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	rows := generate(240)
	if err := fillFile(t.Context(), s.Path(), rows); err != nil {
		t.Fatal(err)
	}
	db, err := byHand(s.Path(), true)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	keys := func(id string) (keys [5]string) {
		row := db.QueryRow("SELECT path_key, sub_process_key, sub_sub_process_key, stage_key, search FROM setup WHERE id = ?", id)
		if err := row.Scan(&keys[0], &keys[1], &keys[2], &keys[3], &keys[4]); err != nil {
			t.Fatal(err)
		}
		return keys
	}
	page, err := s.SetupPage(t.Context(), setup.ListInput{Limit: 200})
	if err != nil || page.Count != 240 || len(page.Rows) != 200 {
		t.Fatalf("%d of %d rows, %v", len(page.Rows), page.Count, err)
	}
	for _, row := range page.Rows[:20] {
		before := keys(row.ID)
		rewritten(t, s, row)
		if after := keys(row.ID); after != before {
			t.Fatalf("generated %q\nthe store writes %q", before, after)
		}
	}
}

// rewritten saves a generated setup through the store, as it is.
func rewritten(t *testing.T, s *store.Store, row setup.Row) {
	t.Helper()
	id := "place/" + row.Process + "/" + row.SubProcess + "/" + row.SubSubProcess
	one := setup.Setup{ID: row.ID, Version: row.Version, ProviderName: row.ProviderName, Places: []string{row.Process, row.SubProcess, row.SubSubProcess}, Stage: row.Stage, Draft: setup.Draft{
		PlaceID: id, StageID: id + "#" + row.Stage, Channel: row.Channel, Provider: row.Provider, Enabled: true, Name: row.Name,
		Request: request.Spec{Method: row.Method, URL: row.URL, Auth: request.Auth{Type: row.AuthType}},
	}}
	if err := s.InTx(t.Context(), func(ctx context.Context) error { return s.UpdateSetup(ctx, one) }); err != nil {
		t.Fatal(err)
	}
}

// The same seed gives the same rows and terms; each word is in as many rows as
// it should be; every kind of term is there, and the absent ones are absent.
func TestGeneratorIsSeeded(t *testing.T) {
	rows := generate(6000)
	if !reflect.DeepEqual(rows, generate(6000)) || !reflect.DeepEqual(terms(rows), terms(generate(6000))) {
		t.Error("two runs differ")
	}
	count := func(word string) (n int) {
		for _, row := range rows {
			if strings.Contains(row.search, word) {
				n++
			}
		}
		return n
	}
	for word, want := range map[string][2]int{"zebra": {12, 12}, "premium": {54, 66}, "weekly": {480, 600}, "https": {6000, 6000}} {
		if n := count(word); n < want[0] || n > want[1] {
			t.Errorf("%s is in %d rows", word, n)
		}
	}
	list := terms(rows)
	absent := 0
	for _, term := range list {
		if len(term) < 3 || len(term) > 32 {
			t.Errorf("the term %q", term)
		}
		if strings.HasPrefix(term, "absent-") {
			absent++
			if count(term) != 0 {
				t.Errorf("%q is there", term)
			}
		} else if count(strings.ToLower(strings.Fields(term)[0])) == 0 {
			t.Errorf("%q is nowhere", term)
		}
	}
	if len(list) != 400 || absent != 40 {
		t.Errorf("%d terms, %d absent", len(list), absent)
	}
}

// Both sides of a search find the same rows.
func TestHandSearchFindsTheSame(t *testing.T) {
	s := store.New(t.TempDir())
	if err := s.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	rows := generate(600)
	if err := fillFile(t.Context(), s.Path(), rows); err != nil {
		t.Fatal(err)
	}
	db, err := byHand(s.Path(), true)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	hand := &handSearch{db: db, ready: map[int]handStatements{}}
	found := 0
	for _, term := range terms(rows) {
		page, err := s.SetupPage(t.Context(), setup.ListInput{Search: term, Limit: 50})
		if err != nil {
			t.Fatal(err)
		}
		if err := hand.page(t.Context(), term); err != nil || hand.got != len(page.Rows) {
			t.Errorf("%q: %d by hand, %d through the store, %v", term, hand.got, len(page.Rows), err)
		}
		found += len(page.Rows)
	}
	if found == 0 {
		t.Error("nothing was found at all")
	}
}

// Calls are made with every index the schema has, and the last page is the
// oldest 50.
func TestFillCalls(t *testing.T) {
	folder := t.TempDir()
	s := store.New(folder)
	if err := s.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	db, err := byHand(filepath.Join(folder, store.FileName), false)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	before, err := definitions(t.Context(), db, "call")
	if err != nil || len(before) == 0 {
		t.Fatalf("indexes %v, %v", before, err)
	}
	if err := fillCalls(t.Context(), db, 200); err != nil {
		t.Fatal(err)
	}
	if after, err := definitions(t.Context(), db, "call"); err != nil || !reflect.DeepEqual(before, after) {
		t.Errorf("indexes %v, %v; want %v", after, err, before)
	}
	var oldest, newest string
	row := db.QueryRow("SELECT MIN(id), MAX(id) FROM (SELECT id FROM call WHERE id < ?)", callID(51))
	if err := row.Scan(&oldest, &newest); err != nil || oldest != callID(1) || newest != callID(50) {
		t.Errorf("%s to %s, %v", oldest, newest, err)
	}
}

// curl reports times since the start; we report lengths of phases.
func TestCurlPhases(t *testing.T) {
	for out, want := range map[string]string{
		"0.001 0.003 0.000 0.054 0.055": "[1 2 0 51 55]",
		"0.001 0.003 0.007 0.058 0.059": "[1 2 4 51 59]",
	} {
		got, err := curlPhases(out)
		rounded := []string{}
		for _, ms := range got.list() {
			rounded = append(rounded, fmt.Sprintf("%.0f", ms))
		}
		if err != nil || "["+strings.Join(rounded, " ")+"]" != want {
			t.Errorf("%s gave %v, %v; want %s", out, rounded, err, want)
		}
	}
	if _, err := curlPhases("nothing"); err == nil {
		t.Error("nothing was read as times")
	}
}
