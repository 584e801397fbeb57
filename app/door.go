package app

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"reflect"
	"runtime"
	"runtime/debug"
	"sync"

	"keydesk/backend/access"
	"keydesk/backend/fault"
	"keydesk/backend/host"
)

// Door stands between the page and the gate. Every bound method is one line
// through call, so that whatever happens behind it ends as an answer: a panic
// never leaves a promise pending, and a value JSON cannot carry never reaches
// Wails, which would end the program over it.
type Door struct {
	log  *slog.Logger
	host *host.Host
	// source is the window's, of this program alone: its session and what it
	// runs belong to it.
	source access.Source

	mu  sync.Mutex
	ctx context.Context
}

func newDoor(log *slog.Logger, host *host.Host) *Door {
	return &Door{log: log, host: host, source: access.Source{Kind: access.Window, ID: rand.Text()}, ctx: context.Background()}
}

// start gives calls their parent context.
func (d *Door) start(ctx context.Context) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ctx = ctx
}

// context is the window's, once there is one.
func (d *Door) context() context.Context {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.ctx
}

// call is the one way from a bound method to an operation. What the operation
// returns comes back unchanged when JSON can carry it; a panic and a value JSON
// cannot carry become fault.ErrInternal, logged without the input.
func call[In, Out any](d *Door, operation func(context.Context, In) (Out, error), in In) (Out, error) {
	ctx, leave, err := d.host.Enter(access.WithSource(d.context(), d.source))
	if err != nil {
		var none Out
		return none, err
	}
	defer leave()
	return answer(d, ctx, operation, in)
}

// answer is call for what must work while the backend is not open: the
// window's own methods.
func answer[In, Out any](d *Door, ctx context.Context, operation func(context.Context, In) (Out, error), in In) (out Out, err error) {
	var none Out
	defer func() {
		if p := recover(); p != nil {
			d.log.Error("panic behind the door", "what", panicText(p), "stack", string(debug.Stack()))
			out, err = none, fault.ErrInternal
		}
	}()
	out, err = operation(ctx, in)
	if err != nil {
		return none, err
	}
	fillSlices(reflect.ValueOf(&out).Elem())
	if _, err := json.Marshal(out); err != nil {
		d.log.Error("an answer cannot be written as JSON", "type", fmt.Sprintf("%T", out))
		return none, fault.ErrInternal.WithCause(err)
	}
	return out, nil
}

// fillSlices makes every nil slice in an answer an empty one, so that the page
// gets [] and never null. It writes into the answer: operations answer with
// values of their own, not with what they keep.
func fillSlices(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			fillSlices(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				fillSlices(v.Field(i))
			}
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return
		}
		if v.IsNil() && v.CanSet() {
			v.Set(reflect.MakeSlice(v.Type(), 0, 0))
		}
		for i := range v.Len() {
			fillSlices(v.Index(i))
		}
	}
}

// panicText describes a panic without its value, which may be somebody's
// input. The runtime's own errors carry none.
func panicText(p any) string {
	if err, ok := p.(runtime.Error); ok {
		return err.Error()
	}
	return fmt.Sprintf("%T", p)
}

// formatError gives the page its one line of JSON. Wails asks for any, but only
// a string survives its way to the promise.
func formatError(err error) any {
	f := *fault.From(err)
	if f.Fields == nil {
		f.Fields = []fault.Field{}
	}
	if f.Links == nil {
		f.Links = []fault.Link{}
	}
	if f.Missing == nil {
		f.Missing = []string{}
	}
	line, err := json.Marshal(&f)
	if err != nil {
		return `{"kind":"internal","code":"keydesk.internal","message":"Something went wrong inside Keydesk.","hint":"","fields":[],"links":[],"retry_after_ms":0,"missing":[]}`
	}
	return string(line)
}
