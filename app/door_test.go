package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"math"
	"strings"
	"testing"
	"time"

	"keydesk/backend"
	"keydesk/backend/fault"
	"keydesk/backend/host"
)

const canary = "canary-7f3a9c"

type ask struct {
	Password string `json:"password"`
}

type reply struct {
	Number float64 `json:"number"`
	Rows   []row   `json:"rows"`
}

type row struct {
	Names []string `json:"names"`
}

// bound has the shape of gate.Handler, a defined generic func type.
type bound[In, Out any] func(ctx context.Context, in In) (Out, error)

// standIn is a backend without operations. Each opening fails with the next of
// failures; when there are none left, it succeeds.
type standIn struct{ failures []error }

func (s *standIn) Open(context.Context) error {
	if len(s.failures) == 0 {
		return nil
	}
	err := s.failures[0]
	s.failures = s.failures[1:]
	return err
}

func (s *standIn) Close() error           { return nil }
func (*standIn) Operations() *backend.Ops { return &backend.Ops{} }

// testHost owns a stand-in; it is not started.
func testHost(t *testing.T, failures ...error) *host.Host {
	t.Helper()
	one := &standIn{failures: failures}
	h := host.New(host.Options{Folder: t.TempDir(), Log: host.NewLogFile(io.Discard), Make: func() host.Backend { return one }})
	t.Cleanup(func() {
		if err := h.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return h
}

// testDoor is a door to a backend that is open.
func testDoor(t *testing.T) (*Door, *bytes.Buffer) {
	t.Helper()
	h := testHost(t)
	h.Start()
	if err := h.Opened(t.Context()); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	return newDoor(slog.New(slog.NewTextHandler(&log, nil)), h), &log
}

func TestAnAnswerHasEmptySlicesNotNull(t *testing.T) {
	d, _ := testDoor(t)
	var operation bound[ask, reply] = func(_ context.Context, in ask) (reply, error) {
		return reply{Number: 1, Rows: []row{{}}}, nil
	}
	got, err := call(d, operation, ask{})
	if err != nil {
		t.Fatal(err)
	}
	text, _ := json.Marshal(got)
	if string(text) != `{"number":1,"rows":[{"names":[]}]}` {
		t.Errorf("got %s", text)
	}
	none, err := call(d, func(context.Context, ask) ([]row, error) { return nil, nil }, ask{})
	if text, _ := json.Marshal(none); err != nil || string(text) != "[]" {
		t.Errorf("an empty list is %s, %v", text, err)
	}
}

func TestAFailureBehindTheDoorIsAnInternalFaultWithoutItsInput(t *testing.T) {
	cases := map[string]bound[ask, reply]{
		"panic with the input": func(_ context.Context, in ask) (reply, error) { panic(in.Password) },
		"panic with an error":  func(_ context.Context, in ask) (reply, error) { panic(errors.New(in.Password)) },
		"runtime panic": func(_ context.Context, in ask) (reply, error) {
			var none map[string]int
			none[in.Password] = 1 //nolint:staticcheck // the panic is the test
			return reply{}, nil
		},
		"not a number": func(context.Context, ask) (reply, error) { return reply{Number: math.NaN()}, nil },
		"not bound":    nil,
	}
	for name, operation := range cases {
		t.Run(name, func(t *testing.T) {
			d, log := testDoor(t)
			got, err := call(d, operation, ask{Password: canary})
			if !errors.Is(err, fault.ErrInternal) {
				t.Errorf("err = %v, want %v", err, fault.ErrInternal)
			}
			if got.Number != 0 || got.Rows != nil {
				t.Errorf("something came back: %+v", got)
			}
			if log.Len() == 0 {
				t.Error("nothing was logged")
			}
			if strings.Contains(log.String(), canary) {
				t.Errorf("the log shows the input: %s", log)
			}
			if line := formatError(err).(string); strings.Contains(line, canary) {
				t.Errorf("the page is shown the input: %s", line)
			}
		})
	}
}

func TestAnAnswerWhoseMarshallingPanicsIsAnInternalFault(t *testing.T) {
	d, _ := testDoor(t)
	_, err := call(d, func(context.Context, ask) (explosive, error) { return explosive{}, nil }, ask{})
	if !errors.Is(err, fault.ErrInternal) {
		t.Errorf("err = %v", err)
	}
}

type explosive struct{}

func (explosive) MarshalJSON() ([]byte, error) { panic("boom") }

func TestCallsAreRefusedWhileTheBackendIsNotOpen(t *testing.T) {
	ran := false
	operation := func(context.Context, ask) (reply, error) { ran = true; return reply{}, nil }
	tooNew := fault.New(fault.Conflict, "store.newer", "This data was written by a newer Keydesk.").WithHint("Update Keydesk.")

	h := testHost(t, tooNew)
	d := newDoor(slog.New(slog.DiscardHandler), h)
	refused := func(when, code string) {
		t.Helper()
		_, err := call(d, operation, ask{})
		if f := fault.From(err); f == nil || f.Kind != fault.Unavailable || f.Code != code {
			t.Errorf("%s: %v, want unavailable %s", when, err, code)
		}
	}
	refused("opening", "keydesk.opening")
	h.Start()
	if err := h.Opened(t.Context()); err == nil {
		t.Error("a failed opening was not reported")
	}
	refused("failed", "store.newer")
	if tooNew.Kind != fault.Conflict {
		t.Error("the declared fault was changed")
	}
	if err := h.Resume(t.Context()); err != nil {
		t.Error(err)
	}
	if err := h.Release(t.Context()); err != nil {
		t.Error(err)
	}
	refused("released", "keydesk.released")
	if err := h.Resume(t.Context()); err != nil {
		t.Error(err)
	}
	began := time.Now()
	if err := h.Close(context.Background()); err != nil || time.Since(began) > time.Second {
		t.Errorf("nothing was running, but closing waited or failed: %v", err)
	}
	refused("closed", "keydesk.closed")
	if ran {
		t.Error("an operation ran anyway")
	}
}

func TestAnErrorIsOneLineOfJSONWithoutItsCause(t *testing.T) {
	err := fault.New(fault.Invalid, "setup.bad_url", "The URL has\nno host.").
		WithField("url", "Enter a host.").WithCause(errors.New(canary))
	line, ok := formatError(err).(string)
	if !ok {
		t.Fatal("Wails keeps only strings")
	}
	want := `{"kind":"invalid","code":"setup.bad_url","message":"The URL has\nno host.","hint":"","fields":[{"name":"url","message":"Enter a host."}],"links":[],"retry_after_ms":0,"missing":[]}`
	if line != want {
		t.Errorf("got  %s\nwant %s", line, want)
	}
	plain := formatError(errors.New(canary)).(string)
	if strings.Contains(plain, canary) || strings.Contains(plain, "\n") || !strings.Contains(plain, `"fields":[]`) {
		t.Errorf("an unknown error became %s", plain)
	}
}
