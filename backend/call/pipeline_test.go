package call

import (
	"context"
	"runtime"
	"strings"
	"testing"
	"time"

	"keydesk/backend/request"
	"keydesk/backend/setup"
)

// A panic outside the operation's goroutine would end the program, since the
// gate cannot catch it there. It becomes an error and stops the run, which still
// ends and writes nothing more.
func TestPanicBesideTheOperation(t *testing.T) {
	good := &attempt{detail: Detail{Call: Call{Verdict: "accepted"}}}
	// A service without parts: preparing, reading or writing with it panics.
	for name, c := range map[string]struct {
		targets []string
		fired   []answered
		want    Verdicts
	}{
		"preparing": {targets: []string{"a", "b"}},
		"reading":   {fired: []answered{{attempt: good, read: true}, {attempt: &attempt{}}, {attempt: good, read: true}}, want: Verdicts{Accepted: 2}},
		"writing":   {fired: []answered{{attempt: good, read: true}}, want: Verdicts{Accepted: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, stop := context.WithCancelCause(t.Context())
			defer stop(nil)
			b := (&Service{}).startPipeline(ctx, stop, c.targets, "run")
			for range b.ready {
				t.Error("something is ready")
			}
			for _, one := range c.fired {
				if one.read {
					b.fired <- one
				} else {
					b.add(t.Context(), one.attempt)
				}
			}
			verdicts, err := b.close()
			if err == nil || !strings.Contains(err.Error(), "panic: ") || context.Cause(ctx) == nil {
				t.Errorf("it ended with %v, stopped by %v", err, context.Cause(ctx))
			}
			if verdicts != c.want {
				t.Errorf("counted %+v", verdicts)
			}
		})
	}
}

// loopback is a list of one setup that sends to this computer.
type loopback struct{ Setups }

func (loopback) Enabled(context.Context, setup.ListInput) ([]string, error) {
	return []string{"a"}, nil
}

func (loopback) PrepareAll(_ context.Context, ids []string) []setup.Prepared {
	all := make([]setup.Prepared, len(ids))
	for i := range all {
		all[i].Ready.Setup.Draft.Enabled = true
		all[i].Ready.Draft.Request = request.Spec{Method: "GET", URL: "http://127.0.0.1:1/"}
	}
	return all
}

// nowhere keeps no plans.
type nowhere struct{ Store }

func (nowhere) InTx(ctx context.Context, fn func(ctx context.Context) error) error { return fn(ctx) }
func (nowhere) PlanCalls(context.Context, string, int, []Call) error               { return nil }
func (nowhere) DropPlans(context.Context, string, int) error                       { return nil }

// A panic in the firing itself, which the gate turns into an error, leaves no
// goroutine behind.
func TestPanicInTheFiring(t *testing.T) {
	s := &Service{store: nowhere{}, setups: loopback{}, now: time.Now, env: func(context.Context) (request.Env, error) { return request.Env{}, nil }}
	func() {
		defer func() {
			if recover() == nil {
				t.Error("firing without a client did not panic")
			}
		}()
		_, _ = s.TestAll(t.Context(), AllInput{})
	}()
	stacks := make([]byte, 1<<20)
	working := func() bool { return strings.Contains(string(stacks[:runtime.Stack(stacks, true)]), "(*pipeline).work") }
	for range 100 {
		if !working() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("the goroutine of the pipeline is still there")
}
