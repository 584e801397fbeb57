package limit

import (
	"context"
	"errors"
	"io"
	"regexp"
	"regexp/syntax"
	"strings"
	"testing"
	"time"
)

func TestBudgetEnds(t *testing.T) {
	b := Of(t.Context(), 10, 10)
	if !b.Work(10) || b.Err() != nil || b.Work(1) || !errors.Is(b.Err(), ErrTooMuch) {
		t.Errorf("steps: %v", b.Err())
	}
	if b.Work(0) || b.Keep(0) {
		t.Error("a budget that has ended goes on")
	}
	if b = Of(t.Context(), 10, 10); !b.Keep(10) || b.Keep(1) || !errors.Is(b.Err(), ErrTooMuch) || b.Work(0) {
		t.Errorf("bytes: %v", b.Err())
	}
	for _, charge := range []func(*Budget) bool{func(b *Budget) bool { return b.Work(-1) }, func(b *Budget) bool { return b.Keep(-1) }} {
		if b = New(t.Context()); charge(b) {
			t.Error("a negative charge, such as one that overflowed, was granted")
		}
	}
}

// A little work is finished although the person has cancelled; much is not.
func TestBudgetEndsWithContext(t *testing.T) {
	why := errors.New("cancelled by the person")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(why)
	b := New(ctx)
	if !b.Work(poll) {
		t.Error("a small answer is not judged after a cancel")
	}
	if b.Work(1) || !errors.Is(b.Err(), why) {
		t.Errorf("it went on: %v", b.Err())
	}
	ctx, stop := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer stop()
	if b = New(ctx); b.Work(2*poll) || !errors.Is(b.Err(), context.DeadlineExceeded) {
		t.Errorf("after the deadline: %v", b.Err())
	}
}

func TestReader(t *testing.T) {
	b := Of(t.Context(), 1000, 0)
	if data, err := io.ReadAll(b.Reader(strings.NewReader(strings.Repeat("x", 1000)))); len(data) != 1000 || err != nil {
		t.Errorf("%d, %v", len(data), err)
	}
	if _, err := io.ReadAll(b.Reader(strings.NewReader("x"))); !errors.Is(err, ErrTooMuch) {
		t.Errorf("one byte more: %v", err)
	}
}

// Each of these is a short text and a huge program.
func TestPatternTooLarge(t *testing.T) {
	for _, pattern := range []string{
		strings.Repeat(`\pL{1000}`, 50), strings.Repeat(`.{999}`, 80), `(((a{10}){10}){10}b{0,999}){1}` + strings.Repeat(`c{0,1000}`, 9),
		strings.Repeat(`\pL|`, 120) + "a", strings.Repeat("a", 20_000), strings.Repeat("(", 2000) + strings.Repeat(")", 2000), "(", `a{1001}`,
	} {
		if err := Check(pattern); err == nil {
			t.Errorf("%.40s can be saved", pattern)
		}
		if p, err := Compile(pattern); err == nil {
			t.Errorf("%.40s was compiled: %d", pattern, p.match)
		}
	}
}

// The estimate is never far below what the compiler makes of it, or a charge
// would be less than the work.
func TestPatternMeasure(t *testing.T) {
	for _, pattern := range []string{``, `a`, `abc|abd`, `(a|b)*c{1,500}$`, `(?i)straße`, `(.*)*x`, `((a{3,9}b?)+[^c]){2,40}`, `^(?:[A-Z]{2}[0-9a-f]{32})$`, `a{0}`, `a{5,}`, `(?:)`, `\b(x+x+)+y\B`} {
		size, groups, err := measure(pattern)
		if err != nil {
			t.Fatal(err)
		}
		tree, _ := syntax.Parse(pattern, syntax.Perl)
		prog, err := syntax.Compile(tree.Simplify())
		if err != nil || int64(len(prog.Inst)) > size+10 || groups != int64(regexp.MustCompile(pattern).NumSubexp()) {
			t.Errorf("%s: measured %d, compiled %d, %d groups", pattern, size, len(prog.Inst), groups)
		}
	}
}

func TestPatternMatches(t *testing.T) {
	p, err := Compile(`id=(\d+)`)
	if err != nil {
		t.Fatal(err)
	}
	b := New(t.Context())
	if !p.Match(b, "the id=17") || p.Match(b, "no") || p.Find(b, "id=17 id=18")[1] != "17" || p.Find(b, "no") != nil || b.Err() != nil {
		t.Error("it does not match as it should")
	}
	for _, text := range []string{strings.Repeat("id=", 4<<20), strings.Repeat("1", 10<<20)} {
		if b = New(t.Context()); p.Match(b, text) || b.Err() == nil {
			t.Error("10 MiB were searched")
		}
		if p.Find(b, "id=1") != nil {
			t.Error("a budget that has ended found something")
		}
	}
}

// What a full budget buys: a bound that holds on a busy computer too, and far
// below the minutes that such a search could take.
func TestPatternTime(t *testing.T) {
	for _, pattern := range []string{`(.*)*x`, `(x+x+)+y`, `(?:a?){500}a{500}b`, `(a)(b)?` + strings.Repeat(`(.*)`, 20) + `x`, `(?i)[\pL\pN]{1,900}!`} {
		p, err := Compile(pattern)
		if err != nil {
			t.Fatal(err)
		}
		b, began := New(t.Context()), time.Now()
		text := strings.Repeat("a", int(Steps/p.find)-1)
		if p.Find(b, text); b.Err() != nil {
			t.Errorf("%s: %v", pattern, b.Err())
		}
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("%s on %d bytes: %v", pattern, len(text), took)
		} else {
			t.Logf("%s on %d bytes: %v", pattern, len(text), took)
		}
	}
}
