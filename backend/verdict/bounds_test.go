package verdict

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/antchfx/xpath"
	"github.com/ohler55/ojg/jp"

	"keydesk/backend/limit"
)

// found gives all values at a path.
func found(t *testing.T, outcome Outcome, from Source, path string) (texts []string, readable bool) {
	t.Helper()
	answer := read(limit.New(t.Context()), outcome)
	readable = answer.visit(from, path, func(one value) bool {
		texts = append(texts, one.text(answer.budget))
		return true
	})
	return texts, readable
}

// Bounds far above what an evaluation takes on an idle computer, and far below
// what it took without a budget: over 40 s, or all memory.
const (
	longest = 20 * time.Second
	most    = 128 << 20
)

// few is a fifth of the usual steps and a quarter of the bytes, since many cases
// use all of them.
func few(ctx context.Context) *limit.Budget {
	return limit.Of(ctx, limit.Steps/5, limit.Bytes/4)
}

// cost runs something and gives the time and memory that it took.
func cost(do func()) (took time.Duration, bytes uint64) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began := time.Now()
	do()
	took = time.Since(began)
	runtime.ReadMemStats(&after)
	return took, after.TotalAlloc - before.TotalAlloc
}

func nested(open, shut string, depth, size int) string {
	filler := strings.Repeat("x", max(0, size/depth-len(open)-len(shut)))
	return strings.Repeat(strings.Replace(open, "%", filler, 1), depth) + strings.Repeat(shut, depth)
}

func hostileAnswers() map[string]string {
	const mega = 1 << 20
	wide := func(one string, size int) string { return strings.Repeat(one, size/len(one)) }
	return map[string]string{
		"6000 objects":     strings.TrimSuffix(nested(`{"f":"%","status":`, "}", 6000, mega), strings.Repeat("}", 6000)) + `"ok"` + strings.Repeat("}", 6000),
		"900 objects":      strings.TrimSuffix(nested(`{"f":"%","status":`, "}", 900, mega), strings.Repeat("}", 900)) + `"ok"` + strings.Repeat("}", 900),
		"wide objects":     `{"status":[` + wide(`{"status":{"a":1,"b":2}},`, 10*mega) + `{"status":0}]}`,
		"one member":       `[` + wide(`{"a":1},`, 4*mega) + `0]`,
		"long text":        `{"status":"` + wide("a", 9*mega) + `","a":"` + wide("a", mega/2) + `"}`,
		"long number":      `{"status":` + wide("1", 10*mega) + `}`,
		"long name":        `{"` + wide("a", 5*mega) + `":{"status":[` + wide("[1],", 2*mega) + `1]}}`,
		"deep xml":         nested("<a>%", "</a>", 190, mega),
		"wide xml":         "<r>" + wide("<a><b>1</b></a>", 170<<10) + "</r>",
		"wide and deep":    "<r>" + wide("<a><a><a><a><a><b>1</b></a></a></a></a></a>", 170<<10) + "</r>",
		"equal siblings":   "<r><x>" + wide("<a>1</a><b>2</b>", 190<<10) + "</x></r>",
		"heavy xml":        nested("<a>%", "", 190, 8*mega) + wide("<b/>", 100<<10) + strings.Repeat("</a>", 190),
		"attributes":       "<r " + wide("a='1' ", 200<<10) + "/>",
		"text of 1 MiB":    wide("a", mega),
		"text of 10 MiB":   wide("ab ", 10*mega),
		"numbers as text":  wide("12345678", 10*mega),
		"brackets":         wide("[", 10*mega),
		"an odd character": wide("é😀", mega),
	}
}

func hostileRules() map[string]Rule {
	each := func(from Source, paths ...string) (rules []Condition) {
		for _, path := range paths {
			for _, test := range []Test{Equals, NotEquals, Matches} {
				rules = append(rules, Condition{from, path, test, "(a|a?)+b"})
			}
		}
		return rules
	}
	return map[string]Rule{
		"$..status": {Conditions: each(FromJSON, "$..status"), ErrorText: Extractor{FromJSON, "$..status"}},
		"json": {AnyOf: true, Conditions: each(FromJSON, "$..*", "$..[*][*]", "$..[?(@.status == 'x')]", "$..['status','a','status','a'][0,0,0,0]",
			"$..[?(@.status == @.a || @.status == @.a || @.status < @.a || length(@.status) == 3)]", "$..[0:100000]", "$.status[*].status"),
			ErrorCode: Extractor{FromJSON, "$..*"}},
		"each part": {Each: "$..status", Conditions: append(each(FromText, `(a|b)+c`), each(FromJSON, "$..a")...)},
		"xml": {AnyOf: true, Conditions: each(FromXML, "//a[contains(., 'q')]", "//*[contains(.,'q')][contains(.,'r')][not(contains(.,'s'))]", "//x[a=b]",
			"//a[b/c or a/b]", "//*[name()='b']/a", "//a[normalize-space(.)='x']", "//a", "//@a", "//a/text()")},
		"text":      {AnyOf: true, Conditions: each(FromText, `(.*)*x`, `(x+x+)+y`, `(?:a?){400}a{400}`, strings.Repeat(`(.*)`, 90)+"z", `(?i)\pL{1000}\pN`, `^(?:.{1,900}b){9}$`)},
		"huge text": {AnyOf: true, Conditions: each(FromText, strings.Repeat(`\pL{1000}`, 50), strings.Repeat(`(?:a{1,30}){1,30}`, 25))},
	}
}

// A rule never costs more than its budget, and what it was too much for is never
// accepted (R8; RULES.md, Bounds).
func TestHostileAnswers(t *testing.T) {
	rules := hostileRules()
	for name, body := range hostileAnswers() {
		for kind, rule := range rules {
			var got Result
			took, bytes := cost(func() { got = evaluate(few(t.Context()), &rule, nil, "", answered(200, body)) })
			if took > longest || bytes > most+uint64(4*len(body)) {
				t.Errorf("%s by %s: %v, %d MiB", name, kind, took, bytes>>20)
			}
			if strings.Contains(got.Reason, "too large or too deep") && (got.Verdict != Unclear || got.MessageID+got.ErrorCode+got.ErrorText != "" || got.PartsTotal != 0) {
				t.Errorf("%s by %s: %+v", name, kind, got)
			}
		}
		took, bytes := cost(func() { _ = Suggest(t.Context(), answered(200, body)) })
		if took > longest || bytes > 2*most+uint64(4*len(body)) {
			t.Errorf("a rule of %s: %v, %d MiB", name, took, bytes>>20)
		}
	}
}

// The answer that ended the program: every level of 6,000 was written out. At
// 900 levels, which are read, the budget ends instead.
func TestNestedObjects(t *testing.T) {
	rule := Rule{Conditions: []Condition{{FromJSON, "$..status", NotEquals, "ok"}}, ErrorText: Extractor{FromJSON, "$..status"}}
	for name, want := range map[string]string{
		"6000 objects": "The server answered 200, but its body is nested too deeply to be read.",
		"900 objects":  "The server answered 200, but the answer is too large or too deep to be judged by this rule.",
	} {
		if got := Evaluate(t.Context(), &rule, nil, "", answered(200, hostileAnswers()[name])); got.Verdict != Unclear || got.Reason != want || got.Hint == "" {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// Where the budget ends is decided by no part of the rule: a list of statuses,
// AnyOf, Absent, an extractor or each part.
func TestSpentIsNeverAccepted(t *testing.T) {
	heavy := hostileAnswers()["900 objects"]
	spend := Condition{FromJSON, "$..status", NotEquals, "ok"}
	for name, rule := range map[string]Rule{
		"any of, met before": {AnyOf: true, Conditions: []Condition{{FromJSON, "$.status", Present, ""}}, MessageID: Extractor{FromText, strings.Repeat(`\w{900}`, 5)}},
		"extractor":          {Conditions: []Condition{{FromJSON, "$.status", Present, ""}}, MessageID: Extractor{FromText, `\w{900}\w{900}\w{900}`}},
		"absent":             {Conditions: []Condition{spend, {FromJSON, "$.none", Absent, ""}}},
		"absent after":       {AnyOf: true, Conditions: []Condition{spend, {FromJSON, "$.none", Absent, ""}}},
		"a 4xx":              {Status: "400", Conditions: []Condition{spend}},
		"each":               {Each: "$.status", Conditions: []Condition{spend}},
	} {
		for _, status := range []int{200, 400} {
			got := Evaluate(t.Context(), &rule, nil, "", answered(status, heavy))
			if got.Verdict == Accepted || got.Verdict == Refused && status == 200 {
				t.Errorf("%s: %+v", name, got)
			}
		}
	}
	rule := Rule{Status: "200,409", Conditions: []Condition{spend}}
	if got := Evaluate(t.Context(), &rule, nil, "", answered(409, heavy)); got.Verdict != Unclear || !strings.Contains(got.Reason, "too large") {
		t.Errorf("a 409 that the rule might accept: %+v", got)
	}
	if got := Evaluate(t.Context(), &rule, nil, "", answered(401, heavy)); got.Verdict != Refused {
		t.Errorf("a 401 that the rule never accepts: %+v", got)
	}
	many := answered(200, "["+strings.Repeat(`{"a":1},`, 400_000)+"0]", Header{"Content-Type", "application/json"})
	if got := Evaluate(t.Context(), nil, nil, "", many); got.Verdict != Unclear || got.Reason != "The server answered 200, but the answer is too large or too deep to be judged." {
		t.Errorf("by status: %+v", got)
	}
}

// Cancel and the call's deadline end a judgement that takes long. An ordinary
// answer is judged all the same: it was sent, and it costs nothing.
func TestCancelEndsJudging(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	rule := Rule{AnyOf: true, Conditions: []Condition{{FromXML, "//x[a=b]", Present, ""}, {FromText, `(.*)*b`, Present, ""}}}
	body := hostileAnswers()["equal siblings"]
	began := time.Now()
	got := Evaluate(ctx, &rule, nil, "", answered(200, body))
	if took := time.Since(began); took > 5*time.Second || got.Verdict != Unclear || got.Reason != "The server answered 200, but judging the answer was cancelled." {
		t.Errorf("%v: %+v", took, got)
	}
	late, stop := context.WithDeadline(t.Context(), time.Now())
	defer stop()
	if got = Evaluate(late, &rule, nil, "", answered(200, body)); got.Verdict != Unclear || got.Reason != "The server answered 200, but judging the answer took longer than the call may take." {
		t.Errorf("%+v", got)
	}
	simple := Rule{Conditions: []Condition{{FromJSON, "$.id", Present, ""}}}
	if got = Evaluate(ctx, &simple, nil, "", answered(200, `{"id":"7"}`)); got.Verdict != Accepted {
		t.Errorf("an ordinary answer after a cancel: %+v", got)
	}
}

// A cancel while it works, from another goroutine.
func TestCancelDuringJudging(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	answer := read(limit.Of(ctx, 1<<60, 1<<60), answered(200, hostileAnswers()["equal siblings"]))
	expr := xpath.MustCompile("//a[//b = //a]")
	answer.readXML()
	answer.xmlPaths["free"] = expr
	ended := make(chan error)
	go func() {
		answer.visit(FromXML, "free", func(value) bool { return true })
		ended <- answer.budget.Err()
	}()
	time.Sleep(50 * time.Millisecond)
	cancel()
	select {
	case err := <-ended:
		if !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	case <-time.After(5 * time.Second):
		t.Error("it goes on after the cancel")
	}
}

// The budget holds by itself, also for paths that checkPath would not let pass.
func TestBudgetHoldsForAnyPath(t *testing.T) {
	answers := hostileAnswers()
	for _, path := range []string{"//a//a//a//a", "//a/following::a[. = //a]", "//*[.//*[.//*]]", "//a[count(preceding-sibling::*) > 3]", "//*[string-length(.) > 1]/..//*"} {
		for _, name := range []string{"wide xml", "deep xml", "wide and deep", "heavy xml"} {
			answer := read(few(t.Context()), answered(200, answers[name]))
			answer.xmlPaths[path] = xpath.MustCompile(path)
			took, bytes := cost(func() { answer.visit(FromXML, path, func(value) bool { return true }) })
			if took > longest || bytes > most {
				t.Errorf("%s on %s: %v, %d MiB", path, name, took, bytes>>20)
			}
		}
	}
	for _, path := range []string{"$..[*]..[*]..[*]", "$..*..*..*", "$..['a','a','a','status','status']..[*]..[*]"} {
		for _, name := range []string{"900 objects", "wide objects", "one member"} {
			answer := read(few(t.Context()), answered(200, answers[name]))
			answer.jsonPaths[path] = jp.MustParseString(path)
			took, bytes := cost(func() {
				answer.visit(FromJSON, path, func(one value) bool { _ = one.text(answer.budget); return true })
			})
			if took > longest || bytes > most {
				t.Errorf("%s on %s: %v, %d MiB", path, name, took, bytes>>20)
			}
		}
	}
}

// What a filter may not do is refused when a rule is saved, and where it came in
// another way. Names and texts that only look like it are none of it.
func TestFilterOnlyCompares(t *testing.T) {
	for _, path := range []string{"$[?(@.a =~ /x{1000}/)]", "$[?(@.a ~= 'x')]", "$[?match(@.a, 'x')]", "$[?search(@.a, 'x')]", "$[?(@.a + @.a == 'xx')]", "$[?(@.a - 1 == 0)]"} {
		if expr, err := jsonPath(path); err == nil {
			t.Errorf("%s is let through: %s", path, expr)
		}
	}
	for path, want := range map[string]string{"$[?(@.a == '~ match(')].b": "1", "$[?(@.n == -1)].b": "2", "$.~x": "3", "$[?(@['a-b'] == 'x - y')].b": "4"} {
		texts, readable := found(t, answered(200, `{"p":{"a":"~ match(","b":1},"q":{"n":-1,"b":2},"~x":3,"r":{"a-b":"x - y","b":4}}`), FromJSON, path)
		if !readable || !slices.Equal(texts, []string{want}) {
			t.Errorf("%s: %q, %v", path, texts, readable)
		}
	}
}

// Members come in order of name, so that the first is the same each time.
func TestDescentIsInOrder(t *testing.T) {
	body := `{"z":{"code":"4"},"b":[{"code":"2"},{"x":{"code":"3"}}],"code":"1"}`
	for range 20 {
		if texts, _ := found(t, answered(200, body), FromJSON, "$..code"); !slices.Equal(texts, []string{"1", "2", "3", "4"}) {
			t.Fatal(texts)
		}
	}
}

// For any rule and answer and any small budget: no panic, never accepted where the
// budget ended, and memory that the budget explains.
func FuzzBudget(f *testing.F) {
	for i, path := range []string{"$..status", "//a//a", "(.*)*x", "$[?(@.a == 'x')]", "//*[contains(., 'a')]", "$..[*][*]", `\pL{1000}`} {
		f.Add(path, "$..status", "a,b", nested(`{"a":"%","status":`, "}", 20, 4000), uint32(1<<uint(i*3)), byte(i))
		f.Add(path, "", "(a|b)*", nested("<a>%", "</a>", 20, 4000), uint32(1<<uint(20-i)), byte(i*7))
	}
	sources := []Source{FromJSON, FromXML, FromText}
	tests := []Test{Present, Absent, Equals, NotEquals, OneOf, Matches}
	f.Fuzz(func(t *testing.T, path, each, value, body string, steps uint32, pick byte) {
		if len(body) > 64<<10 || len(value) > 1000 {
			return
		}
		rule := Rule{Each: each, AnyOf: pick&1 != 0, Conditions: []Condition{
			{sources[int(pick)%3], path, tests[int(pick)%6], value}, {sources[int(pick/3)%3], path, Matches, value}}}
		outcome := answered(200, body)
		budget := limit.Of(t.Context(), int64(steps), 1<<20)
		var got Result
		_, bytes := cost(func() { got = evaluate(budget, &rule, nil, "", outcome) })
		if bytes > 64<<20 {
			t.Errorf("%d MiB for %+v", bytes>>20, rule)
		}
		if budget.Err() != nil && (got.Verdict != Unclear || !strings.Contains(got.Reason, "too large or too deep")) {
			t.Errorf("the budget has ended, and it is %+v", got)
		}
	})
}
