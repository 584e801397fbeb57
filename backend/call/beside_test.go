package call

import (
	"context"
	"strings"
	"testing"
)

// A panic beside the operation's goroutine would end the program, since the
// gate cannot see it there: it becomes an error and stops the run, which still
// ends and writes nothing more.
func TestPanicBesideTheOperation(t *testing.T) {
	good := &shot{detail: Detail{Call: Call{Verdict: "accepted"}}}
	// A service without parts: aiming, reading or writing with it panics.
	for name, c := range map[string]struct {
		targets []string
		fired   []answered
		want    Verdicts
	}{
		"aiming":  {targets: []string{"a", "b"}},
		"reading": {fired: []answered{{shot: good, read: true}, {shot: &shot{}}, {shot: good, read: true}}, want: Verdicts{Accepted: 2}},
		"writing": {fired: []answered{{shot: good, read: true}}, want: Verdicts{Accepted: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, stop := context.WithCancelCause(t.Context())
			defer stop(nil)
			b := (&Service{}).workBeside(ctx, stop, c.targets, "run")
			for range b.ready {
				t.Error("something is ready")
			}
			for _, one := range c.fired {
				if one.read {
					b.fired <- one
				} else {
					b.add(one.shot)
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
