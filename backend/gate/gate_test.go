package gate_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"time"

	"keydesk/backend/access"
	"keydesk/backend/fault"
	"keydesk/backend/gate"
	"keydesk/backend/secret"
)

// world is a gate with its other parts in memory: who calls, a transaction that
// notes how it ended, and the trail.
type world struct {
	*gate.Gate
	caller    access.Caller
	callerErr error
	open      bool
	commits   int
	rollbacks int
	entries   []access.Change
	refusals  []string
	changed   [][]string
	log       bytes.Buffer
	now       time.Time
}

func newWorld() *world {
	w := &world{open: true, now: time.Unix(1_700_000_000, 0), caller: access.Caller{Kind: access.Person, ID: "u", Permissions: access.All()}}
	w.Gate = gate.New(gate.Parts{
		Resolvers: map[access.SourceKind]gate.Resolver{access.Window: w}, Transactions: w, Activity: w, DataKeyOpen: func() bool { return w.open },
		Log: slog.New(slog.NewTextHandler(&w.log, nil)), Now: func() time.Time { return w.now },
		Changed: func(kinds []string) { w.changed = append(w.changed, kinds) },
	})
	return w
}

func (w *world) Caller(context.Context, access.Source) (access.Caller, error) {
	return w.caller, w.callerErr
}

func (w *world) InTx(ctx context.Context, fn func(ctx context.Context) error) error {
	if err := fn(ctx); err != nil {
		w.rollbacks++
		return err
	}
	w.commits++
	return nil
}

func (w *world) Record(_ context.Context, _ *access.Invocation, changes []access.Change) error {
	w.entries = append(w.entries, changes...)
	return nil
}

func (w *world) RecordRefusal(_ context.Context, invocation *access.Invocation, reason *fault.Error) {
	w.refusals = append(w.refusals, invocation.Op.Name+" "+reason.Code)
}

type input struct {
	Name     string      `json:"name" validate:"required,max=5"`
	Password secret.Text `json:"password" ts_type:"string" validate:"omitempty,min=3"`
	Rows     []row       `json:"rows" validate:"dive"`
}

type row struct {
	Key string `json:"key" validate:"required"`
}

type answer struct {
	Text string `json:"text"`
}

func op(mode access.Mode) access.Op[input, answer] {
	return access.Op[input, answer]{Name: "thing.do", Does: "did it", Mode: mode, Needs: []access.Permission{access.EditSetup}}
}

func code(err error) string {
	if f := fault.From(err); f != nil {
		return f.Code
	}
	return ""
}

// The order is admit, validate, run: a caller without the right is told so even
// if the input is wrong, and the use case never runs.
func TestAdmitComesFirst(t *testing.T) {
	w := newWorld()
	ran := 0
	call := gate.Bind(w.Gate, op(access.Read), func(context.Context, input) (answer, error) { ran++; return answer{}, nil })
	w.caller.Permissions = access.SetOf(access.ViewSetup)
	_, err := call(atWindow(t), input{})
	if f := fault.From(err); f.Code != "access.forbidden" || !strings.Contains(f.Message, "Can Edit API Key Setup") || !strings.Contains(f.Hint, "Users & Roles") {
		t.Errorf("the refusal reads %+v", f)
	}
	if ran != 0 || len(w.refusals) != 1 {
		t.Errorf("ran %d times, %v recorded", ran, w.refusals)
	}
	w.caller.Permissions = access.All()
	_, err = call(atWindow(t), input{Password: secret.New("ab"), Rows: []row{{Key: "x"}, {}}})
	f := fault.From(err)
	got := map[string]bool{}
	for _, field := range f.Fields {
		got[field.Name] = true
	}
	if f.Kind != fault.Invalid || !got["name"] || !got["password"] || !got["rows[1].key"] || ran != 0 {
		t.Errorf("validation gave %+v, ran %d times", f, ran)
	}
}

// A Write without Changed is our mistake: undone, internal, logged once.
func TestWriteWithoutChange(t *testing.T) {
	w := newWorld()
	call := gate.Bind(w.Gate, op(access.Write), func(context.Context, input) (answer, error) { return answer{"x"}, nil })
	out, err := call(atWindow(t), input{Name: "a"})
	if code(err) != "keydesk.internal" || out.Text != "" || w.commits != 0 || w.rollbacks != 1 || len(w.changed) != 0 {
		t.Errorf("gave %v, %q, %d commits", err, out.Text, w.commits)
	}
	if strings.Count(w.log.String(), "operation failed") != 1 || !strings.Contains(w.log.String(), "thing.do") {
		t.Errorf("the log reads %q", w.log.String())
	}
}

// What is reported is recorded in the same transaction, and the page hears of
// it only after the commit.
func TestWriteRecordsAndHints(t *testing.T) {
	w := newWorld()
	call := gate.Bind(w.Gate, op(access.Write), func(ctx context.Context, _ input) (answer, error) {
		access.From(ctx).Changed("setup", "1", "One", nil, 1)
		if len(w.changed) != 0 {
			t.Error("the page heard of it before the commit")
		}
		return answer{"x"}, nil
	})
	if _, err := call(atWindow(t), input{Name: "a"}); err != nil || w.commits != 1 || len(w.entries) != 1 || len(w.changed) != 1 {
		t.Errorf("%v, %d commits, %v, %v", err, w.commits, w.entries, w.changed)
	}
}

// A panic ends as an internal fault; the log has neither the input nor its
// secrets, also where the panic's value holds them, but says where it was.
func TestPanicIsSettled(t *testing.T) {
	w := newWorld()
	call := gate.Bind(w.Gate, op(access.Write), func(context.Context, input) (answer, error) { panic("boom with cNry-paNic") })
	_, err := call(atWindow(t), input{Name: "nAme", Password: secret.New("cNry-paNic")})
	if code(err) != "keydesk.internal" || strings.Contains(err.Error(), "boom") {
		t.Errorf("a panic gave %v", err)
	}
	if text := w.log.String(); strings.Contains(text, "cNry-paNic") || strings.Contains(text, "nAme") || !strings.Contains(text, "TestPanicIsSettled") {
		t.Errorf("the log reads %q", text)
	}
}

// The text of an unknown error stays inside.
func TestUnknownErrorStaysInside(t *testing.T) {
	w := newWorld()
	call := gate.Bind(w.Gate, op(access.Read), func(context.Context, input) (answer, error) {
		return answer{}, errors.New("open /secret/path: no such file")
	})
	_, err := call(atWindow(t), input{Name: "a"})
	if code(err) != "keydesk.internal" || strings.Contains(err.Error(), "/secret/path") {
		t.Errorf("gave %v", err)
	}
}

// While the data key is closed only public operations run.
func TestLockedDataKey(t *testing.T) {
	w := newWorld()
	w.open = false
	call := gate.Bind(w.Gate, op(access.Read), func(context.Context, input) (answer, error) { return answer{"x"}, nil })
	if _, err := call(atWindow(t), input{Name: "a"}); code(err) != "vault.locked" {
		t.Errorf("gave %v", err)
	}
}

// Fresh asks for a password entered in the last 5 minutes.
func TestFresh(t *testing.T) {
	w := newWorld()
	fresh := op(access.Read)
	fresh.Fresh = true
	call := gate.Bind(w.Gate, fresh, func(context.Context, input) (answer, error) { return answer{"x"}, nil })
	w.caller.PasswordAt = w.now.Add(-4 * time.Minute)
	if _, err := call(atWindow(t), input{Name: "a"}); err != nil {
		t.Errorf("after 4 minutes: %v", err)
	}
	w.caller.PasswordAt = w.now.Add(-6 * time.Minute)
	if _, err := call(atWindow(t), input{Name: "a"}); code(err) != "access.password_needed" {
		t.Errorf("after 6 minutes: %v", err)
	}
}

// While nothing can be written, what writes is refused in one place: after the
// permission, and before a fresh password is asked for. What only reads, and a
// Long operation that keeps nothing there, run.
func TestNothingCanBeWritten(t *testing.T) {
	refusal := fault.New(fault.Unavailable, "store.reading_only", "No.")
	for name, c := range map[string]struct {
		change func(*access.Op[input, answer])
		holds  access.Set
		code   string
	}{
		"read":               {func(o *access.Op[input, answer]) { o.Mode = access.Read }, access.All(), ""},
		"write":              {func(*access.Op[input, answer]) {}, access.All(), "store.reading_only"},
		"long":               {func(o *access.Op[input, answer]) { o.Mode = access.Long }, access.All(), "store.reading_only"},
		"long while reading": {func(o *access.Op[input, answer]) { o.Mode, o.WhileReading = access.Long, true }, access.All(), ""},
		"public":             {func(o *access.Op[input, answer]) { o.Public, o.Needs = true, nil }, access.Set{}, "store.reading_only"},
		"fresh":              {func(o *access.Op[input, answer]) { o.Fresh = true }, access.All(), "store.reading_only"},
		"without the right":  {func(*access.Op[input, answer]) {}, access.Set{}, "access.forbidden"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			w.Writable = func() error { return refusal }
			w.caller.Permissions = c.holds
			one, ran := op(access.Write), false
			c.change(&one)
			call := gate.Bind(w.Gate, one, func(context.Context, input) (answer, error) { ran = true; return answer{"x"}, nil })
			if _, err := call(atWindow(t), input{Name: "a"}); code(err) != c.code || ran != (c.code == "") {
				t.Errorf("gave %v, ran %v", err, ran)
			}
		})
	}
}

type longInput struct {
	ID string `json:"id"`
}

func (in longInput) Operation() string { return in.ID }

// Cancel by the id the page made ends a running operation, and one that has
// not begun when Cancel arrives first.
func TestCancel(t *testing.T) {
	w := newWorld()
	started := make(chan struct{}, 1)
	call := gate.Bind(w.Gate, access.Op[longInput, answer]{Name: "thing.run", Does: "did it", Mode: access.Long, Needs: []access.Permission{access.TestSetup}},
		func(ctx context.Context, _ longInput) (answer, error) {
			access.From(ctx).Report(1, 2, "half")
			started <- struct{}{}
			select {
			case <-ctx.Done():
				return answer{}, ctx.Err()
			case <-time.After(10 * time.Second):
				return answer{"ran to its end"}, nil
			}
		})
	progress, cancel := gate.Bind(w.Gate, gate.OpProgress, w.Progress), gate.Bind(w.Gate, gate.OpCancel, w.Cancel)
	ended := make(chan error, 1)
	go func() { _, err := call(atWindow(t), longInput{"one"}); ended <- err }()
	<-started
	if p, _ := progress(atWindow(t), gate.CancelInput{ID: "one"}); p.Done != 1 || p.Total != 2 || p.Text != "half" {
		t.Errorf("progress reads %+v", p)
	}
	_, _ = cancel(atWindow(t), gate.CancelInput{ID: "one"})
	if err := <-ended; code(err) != "keydesk.cancelled" {
		t.Errorf("a cancelled run gave %v", err)
	}
	_, _ = cancel(atWindow(t), gate.CancelInput{ID: "two"})
	if _, err := call(atWindow(t), longInput{"two"}); code(err) != "keydesk.cancelled" {
		t.Errorf("a run cancelled before it began gave %v", err)
	}
}

// What runs for longer than a progress is kept can still be seen and cancelled.
func TestCancelOfALongRun(t *testing.T) {
	w := newWorld()
	started := make(chan struct{}, 1)
	call := gate.Bind(w.Gate, access.Op[longInput, answer]{Name: "thing.run", Does: "did it", Mode: access.Long, Needs: []access.Permission{access.TestSetup}},
		func(ctx context.Context, _ longInput) (answer, error) {
			access.From(ctx).Report(1, 2, "half")
			started <- struct{}{}
			select {
			case <-ctx.Done():
				return answer{}, ctx.Err()
			case <-time.After(5 * time.Second):
				return answer{"ran to its end"}, nil
			}
		})
	progress, cancel := gate.Bind(w.Gate, gate.OpProgress, w.Progress), gate.Bind(w.Gate, gate.OpCancel, w.Cancel)
	ended := make(chan error, 1)
	go func() { _, err := call(atWindow(t), longInput{"one"}); ended <- err }()
	<-started
	w.now = w.now.Add(time.Hour)
	if p, _ := progress(atWindow(t), gate.CancelInput{ID: "one"}); p.Text != "half" {
		t.Errorf("after an hour progress reads %+v", p)
	}
	_, _ = cancel(atWindow(t), gate.CancelInput{ID: "one"})
	if err := <-ended; code(err) != "keydesk.cancelled" {
		t.Errorf("after an hour a cancelled run gave %v", err)
	}
}

// The registry knows an operation's types and returns its handler; an operation
// that was not bound, or is asked for with other types, has none.
func TestRegistry(t *testing.T) {
	w := newWorld()
	gate.Bind(w.Gate, op(access.Read), func(context.Context, input) (answer, error) { return answer{"x"}, nil })
	list := w.Registry()
	if len(list) != 1 || list[0].Name != "thing.do" || list[0].In != reflect.TypeFor[input]() || list[0].Out != reflect.TypeFor[answer]() {
		t.Errorf("holds %+v", list)
	}
	if out, err := gate.HandlerOf(w.Gate, op(access.Read))(atWindow(t), input{Name: "a"}); err != nil || out != (answer{"x"}) {
		t.Errorf("gave %v, %v", out, err)
	}
	for name, ask := range map[string]func(){
		"not bound":   func() { gate.HandlerOf(w.Gate, access.Op[input, answer]{Name: "thing.other"}) },
		"other types": func() { gate.HandlerOf(w.Gate, access.Op[longInput, answer]{Name: "thing.do"}) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("there was a handler")
				}
			}()
			ask()
		})
	}
}

// atWindow is the context of a call from a door that has a resolver.
func atWindow(t *testing.T) context.Context {
	return access.WithSource(t.Context(), access.Source{Kind: access.Window, ID: "one"})
}
