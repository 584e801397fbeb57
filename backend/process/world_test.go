package process_test

import (
	"context"
	"database/sql"
	"errors"
	"testing"

	_ "github.com/mattn/go-sqlite3"

	"keydesk/backend/access"
	"keydesk/backend/fault"
	"keydesk/backend/process"
	"keydesk/backend/request"
	"keydesk/backend/setup"
	"keydesk/backend/store"
)

// office is the process feature over a real file.
type office struct {
	t     *testing.T
	store *store.Store
	*process.Service
}

func newOffice(t *testing.T) *office {
	t.Helper()
	s := store.New(t.TempDir())
	if err := s.Open(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return &office{t: t, store: s, Service: process.New(s)}
}

// write runs a use case as the gate does: in one transaction that is undone on
// an error. A write that reports no change, or reports one and fails, is a
// defect.
func write[In, Out any](o *office, use func(context.Context, In) (Out, error), in In) (out Out, err error) {
	o.t.Helper()
	invocation := &access.Invocation{}
	err = o.store.InTx(access.With(context.Background(), invocation), func(ctx context.Context) error {
		out, err = use(ctx, in)
		return err
	})
	if changes := invocation.TakeChanges(); (err == nil) != (len(changes) == 1) {
		o.t.Fatalf("reported %d changes with error %v", len(changes), err)
	}
	return out, err
}

// must is write for a call that has to succeed.
func must[In, Out any](o *office, use func(context.Context, In) (Out, error), in In) Out {
	o.t.Helper()
	out, err := write(o, use, in)
	if err != nil {
		o.t.Fatal(err)
	}
	return out
}

func (o *office) place(parent, name string) process.Node {
	o.t.Helper()
	return must(o, o.CreatePlace, process.CreatePlaceInput{ParentID: parent, Name: name})
}

func (o *office) stage(place, name string) process.Stage {
	o.t.Helper()
	return must(o, o.CreateStage, process.CreateStageInput{PlaceID: place, Name: name})
}

func (o *office) field(stage, name string) process.Field {
	o.t.Helper()
	return must(o, o.CreateField, process.CreateFieldInput{StageID: stage, Name: name, Type: process.Text})
}

// setup saves a setup that takes the given stage fields.
func (o *office) setup(id, placeID, stageID string, fields ...string) {
	o.t.Helper()
	draft := setup.Draft{PlaceID: placeID, StageID: stageID, Channel: setup.SMS, Enabled: true}
	draft.Request.URL = "https://sms.example.com/<send>?a=1&b=2"
	draft.Request.Method = "POST"
	draft.Request.Auth.Type = "basic"
	for _, name := range fields {
		draft.Request.StageParams = append(draft.Request.StageParams,
			request.StageParam{ID: "row-" + name, Variable: "to", Field: name, Default: "none"})
	}
	at, err := o.At(context.Background(), placeID, stageID)
	if err != nil {
		o.t.Fatal(err)
	}
	one := setup.Setup{ID: id, Draft: draft, Version: 7, Stage: at.Stage}
	for _, place := range at.Path {
		one.Places = append(one.Places, place.Name)
	}
	err = o.store.InTx(context.Background(), func(ctx context.Context) error {
		return o.store.InsertSetup(ctx, one)
	})
	if err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) trash(id string) {
	o.t.Helper()
	if err := o.store.InTx(context.Background(), func(ctx context.Context) error {
		return o.store.SetSetupDeleted(ctx, id, 1)
	}); err != nil {
		o.t.Fatal(err)
	}
}

// rowFields reads which fields the rows of a setup take.
func (o *office) rowFields(id string) (fields []string, whole setup.Setup) {
	o.t.Helper()
	one, err := o.store.Setup(context.Background(), id)
	if err != nil {
		o.t.Fatal(err)
	}
	for _, row := range one.Draft.Request.StageParams {
		fields = append(fields, row.Field)
	}
	return fields, one
}

// found lists the setups that the one search bar finds.
func (o *office) found(term string) []string {
	o.t.Helper()
	page, err := o.store.SetupPage(context.Background(), setup.ListInput{Search: term, Limit: 50})
	if err != nil {
		o.t.Fatal(err)
	}
	ids := []string{}
	for _, row := range page.Rows {
		ids = append(ids, row.ID)
	}
	return ids
}

// tree reads the whole tree.
func (o *office) tree() process.Tree {
	o.t.Helper()
	tree, err := o.Tree(context.Background(), process.TreeInput{})
	if err != nil {
		o.t.Fatal(err)
	}
	return tree
}

// raw runs SQL on the file without the store, with foreign keys on, as somebody
// careless would.
func (o *office) raw(query string, args ...any) error {
	o.t.Helper()
	db, err := sql.Open("sqlite3", "file:"+o.store.Path()+"?_foreign_keys=on&_busy_timeout=5000")
	if err != nil {
		o.t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	_, err = db.Exec(query, args...)
	return err
}

func (o *office) count(table string) int { return o.countOf("SELECT COUNT(*) FROM " + table) }

// countWhere counts the setups for which a condition holds.
func (o *office) countWhere(condition string) int {
	return o.countOf("SELECT COUNT(*) FROM setup WHERE " + condition)
}

func (o *office) countOf(query string) (n int) {
	o.t.Helper()
	db, err := sql.Open("sqlite3", "file:"+o.store.Path()+"?mode=ro&_busy_timeout=5000")
	if err != nil {
		o.t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if err := db.QueryRow(query).Scan(&n); err != nil {
		o.t.Fatal(err)
	}
	return n
}

// wantFault checks which fault came, and at which field if any is named.
func wantFault(t *testing.T, err error, want *fault.Error, field string) *fault.Error {
	t.Helper()
	var got *fault.Error
	if !errors.As(err, &got) || !errors.Is(err, want) {
		t.Fatalf("got %v, want %s", err, want.Code)
	}
	if field != "" && (len(got.Fields) == 0 || got.Fields[0].Name != field) {
		t.Fatalf("message at %v, want at %q", got.Fields, field)
	}
	return got
}
