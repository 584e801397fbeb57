package verdict

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"keydesk/backend/limit"
)

// R8: a rule that cannot work is refused at its field, by name.
func TestCheckRule(t *testing.T) {
	json := func(path string) Rule {
		return Rule{Conditions: []Condition{{FromJSON, "$.ok", Present, ""}, {FromJSON, path, Present, ""}}}
	}
	xml := func(path string) Rule { return Rule{Conditions: []Condition{{FromXML, path, Present, ""}}} }
	const second, firstPath = "rule.conditions[1].path", "rule.conditions[0].path"
	for _, c := range []struct {
		name string
		rule Rule
		at   string
	}{
		{"status word", Rule{Status: "ok"}, "rule.status"},
		{"status 600", Rule{Status: "200,600"}, "rule.status"},
		{"status backwards", Rule{Status: "299-200"}, "rule.status"},
		{"status gap", Rule{Status: "200,,201"}, "rule.status"},
		{"status sign", Rule{Status: "+20"}, "rule.status"},
		{"no path", json(""), second},
		{"open bracket", json("$.a["), second},
		{"two descents", json("$..a..b"), second},
		{"script", json("$[(@.length-1)]"), second},
		{"filter from the top", json("$.a[?(count($.b)>1)]"), second},
		{"many unions", json("$[0,0][0,0][0,0]"), second},
		{"long path", json("$." + strings.Repeat("a", 600)), second},
		{"xpath empty", xml(" "), firstPath},
		{"xpath open", xml("//a["), firstPath},
		{"xpath axes", xml("//a[preceding::*]"), firstPath},
		{"xpath cubic", xml("//*//*//*"), firstPath},
		{"xpath function", xml("//*[count(*)>1]"), firstPath},
		{"xpath number", xml("1+1"), firstPath},
		{"bad pattern", Rule{Conditions: []Condition{{FromText, "(", Present, ""}}}, firstPath},
		{"long pattern", Rule{Conditions: []Condition{{FromText, strings.Repeat("a", 600), Present, ""}}}, firstPath},
		{"bad matches", Rule{Conditions: []Condition{{FromJSON, "$.a", Matches, "["}}}, "rule.conditions[0].value"},
		{"empty list", Rule{Conditions: []Condition{{FromJSON, "$.a", OneOf, " , "}}}, "rule.conditions[0].value"},
		{"bad test", Rule{Conditions: []Condition{{FromJSON, "$.a", "like", ""}}}, "rule.conditions[0].test"},
		{"bad source", Rule{Conditions: []Condition{{"yaml", "a", Present, ""}}}, "rule.conditions[0].from"},
		{"bad header", Rule{Conditions: []Condition{{FromHeader, "X Y", Present, ""}}}, firstPath},
		{"bad each", Rule{Each: "$.["}, "rule.each"},
		{"bad id", Rule{MessageID: Extractor{FromJSON, "$.["}}, "rule.message_id.path"},
		{"bad code", Rule{ErrorCode: Extractor{FromText, "("}}, "rule.error_code.path"},
		{"bad text", Rule{ErrorText: Extractor{"", "x"}}, "rule.error_text.from"},
		{"codes from nowhere", Rule{Throttled: []string{"1"}}, "rule.error_code.path"},
		{"too many", Rule{Conditions: make([]Condition, 51)}, "rule.conditions"},
	} {
		fields := CheckRule(c.rule)
		if len(fields) != 1 || fields[0].Name != c.at || fields[0].Message == "" {
			t.Errorf("%s: %+v, want one at %s", c.name, fields, c.at)
		}
	}
	for _, good := range []*Rule{{}, twilio, vonage, msg91, gupshup, sendgrid, postmark, bars, soap, header, anyOf,
		{Status: " 200 - 204 , 302"}, {Conditions: []Condition{{FromJSON, "$..message-id", Present, ""}, {FromJSON, "$.to[?(@.status == 'ok')].id", Present, ""}, {FromJSON, "id", Present, ""},
			{FromXML, "/a/b[@c='//x::']/text()", Present, ""}, {FromXML, "//*[local-name()='Sid']/@id", Present, ""}}}} {
		if fields := CheckRule(*good); len(fields) != 0 {
			t.Errorf("%s: %+v", good.Text(), fields)
		}
	}
}

// Names with dashes and the like need no brackets (V06), also in filters,
// descents and wildcards.
func TestJSONPaths(t *testing.T) {
	body := `{"messages":[{"message-id":"a","status":"0"},{"message-id":"b","status":"4"}],"o:tag":"t","x y":"s","größe":7,"big":1.50,"yes":true,"o":{"k":[1]},"n":null,"e":[]}`
	for path, want := range map[string][]string{
		"$.messages[0].message-id": {"a"}, "$.messages[*].message-id": {"a", "b"}, "$..message-id": {"a", "b"},
		"$.messages[?(@.status == '4')].message-id": {"b"}, "$['messages'][1]['message-id']": {"b"}, "$.messages[-1].message-id": {"b"},
		"$.o:tag": {"t"}, "$['x y']": {"s"}, "$.größe": {"7"}, "$.big": {"1.50"}, "$.yes": {"true"}, "$.o": {`{"k":[1]}`},
		"$.n": nil, "$.e": nil, "$.none": nil, "$.messages[9].message-id": nil,
	} {
		got, readable := found(t, answered(200, body), FromJSON, path)
		if !reflect.DeepEqual(got, want) || !readable {
			t.Errorf("%s: %q (%v), want %q", path, got, readable, want)
		}
	}
}

// "Did the message arrive?": the suggested rule can be saved, accepts the
// answer it is made from, and does not accept the same provider's refusal.
func TestSuggest(t *testing.T) {
	for _, c := range []struct {
		name           string
		good, bad      Outcome
		text, idAt, id string
	}{
		{"twilio", answered(201, `{"account_sid":"AC1","sid":"SM1","status":"queued"}`), answered(201, `{"code":21211}`), "status 201 and $.sid present", "$.sid", "SM1"},
		{"vonage", answered(200, `{"message-count":"1","messages":[{"to":"1","message-id":"V1","status":"0"}]}`), answered(200, `{"messages":[{"status":"4","error-text":"Bad"}]}`),
			"status 200 and for each of $.messages: @['message-id'] present", "@['message-id']", "V1"},
		{"msg91", answered(200, `{"type":"success","message":"376"}`), answered(200, `{"type":"error","message":"no"}`), "status 200 and $.type is success", "", ""},
		{"meta", answered(200, `{"messaging_product":"whatsapp","messages":[{"id":"wamid.1"}]}`), answered(200, `{"error":{"code":190}}`), "status 200 and for each of $.messages: @.id present", "@.id", "wamid.1"},
		{"plivo", answered(202, `{"api_id":"z","message_uuid":["p1"]}`), answered(202, `{"api_id":"z","error":"x"}`), "status 202 and for each of $.message_uuid: @ present", "@", "p1"},
		{"sendgrid", answered(202, ``, Header{"X-Message-Id", "S1"}), answered(202, ``), "status 202 and header X-Message-Id present", "X-Message-Id", "S1"},
		{"xml", answered(201, `<R><SMSMessage><Sid>X1</Sid></SMSMessage></R>`), answered(201, `<R><Error/></R>`), "status 201 and //*[local-name()='Sid'] present", "//*[local-name()='Sid']", "X1"},
		{"text", answered(200, `Sent`), answered(202, `Sent`), "status 200", "", ""},
	} {
		rule := Suggest(t.Context(), c.good)
		if fields := CheckRule(rule); len(fields) > 0 {
			t.Errorf("%s: cannot be saved: %+v", c.name, fields)
		}
		got := Evaluate(t.Context(), &rule, nil, "", c.good)
		if rule.Text() != c.text || rule.MessageID.Path != c.idAt || got.Verdict != Accepted || got.MessageID != c.id {
			t.Errorf("%s: %s, id at %s; %s %q", c.name, rule.Text(), rule.MessageID.Path, got.Verdict, got.MessageID)
		}
		if bad := Evaluate(t.Context(), &rule, nil, "", c.bad); bad.Verdict == Accepted {
			t.Errorf("%s: %s accepts the refusal", c.name, rule.Text())
		}
	}
}

func TestSuggestFromValue(t *testing.T) {
	for _, c := range []struct{ path, value, want string }{
		{"$.status", "0", "$.status is 0"}, {"$.type", "success", "$.type is success"},
		{"$.messages[0]['message-id']", "x", "$.messages[0]['message-id'] present"}, {"$.sid", "SM", "$.sid present"},
		{"$.at", "2026-11-21T04:00", "$.at present"}, {"$.message_uuid[0]", "p", "$.message_uuid[0] present"},
	} {
		if got := SuggestFromValue(c.path, c.value).Text(); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}

// RULES.md, HTTP client: the largest and oddest bodies that can come cost
// little.
func TestBoundedWork(t *testing.T) {
	rules := []*Rule{vonage, soap, {Conditions: []Condition{{FromJSON, "$..a", Present, ""}}}, {Conditions: []Condition{{FromXML, "//*[local-name()='a' and not(b)]", Present, ""}}},
		{Conditions: []Condition{{FromText, "(x+x+)+y(a|b|ab)*c{1,500}$", Absent, ""}}}}
	const size = 10 << 20
	repeat := func(s string) string { return strings.Repeat(s, size/len(s)) }
	for name, body := range map[string]string{
		"deep list": repeat("["), "deep object": repeat(`{"a":`), "many": "[" + repeat("[],") + "0]", "x": repeat("x"), "ab": repeat("ab"),
		"deep xml": repeat("<a>"), "many xml": "<r>" + repeat("<a/>") + "</r>", "attributes": "<r " + repeat("a='' ") + "/>",
		"9000 deep": strings.Repeat("[", 9000) + strings.Repeat("]", 9000), "long text": `{"message":"` + repeat("m") + `"}`,
	} {
		for i, rule := range rules {
			began := time.Now()
			got := Evaluate(t.Context(), rule, nil, "", answered(200, body))
			if took := time.Since(began); took > 4*time.Second {
				t.Errorf("%s, rule %d: %v", name, i, took)
			}
			if got.Verdict == Accepted && i < 4 {
				t.Errorf("%s, rule %d: accepted", name, i)
			}
		}
	}
}

// R8: for any rule and answer there is no panic and exactly one of the five
// verdicts; accepted only if the rule is met, which for patterns and headers is
// checked here a second time in another way.
func FuzzVerdict(f *testing.F) {
	paths := []string{"$.sid", "$.messages[*].status", "//Sid", `^17(\d+)`, "X-Id", "$..a", "$[?(@.a>1)]", "//*[local-name()='a']"}
	bodies := []string{`{"sid":"1"}`, `{"messages":[{"status":"0"},{"status":1}]}`, `<a><Sid>1</Sid></a>`, `1701|x`, ``, `[{"a":2}]`, "\xff"}
	for i, path := range paths {
		f.Add(path, "$.messages", "0", "200-299", bodies[i%len(bodies)], uint16(200+i*50), byte(i), byte(i))
		f.Add(path, "", "1,2", "", bodies[(i+3)%len(bodies)], uint16(200), byte(i*3), byte(i*5))
	}
	sources := []Source{FromJSON, FromXML, FromText, FromHeader, ""}
	tests := []Test{Present, Absent, Equals, NotEquals, OneOf, Matches, ""}
	f.Fuzz(func(t *testing.T, path, each, value, statuses, body string, status uint16, pick, flags byte) {
		if len(body) > 64<<10 {
			return
		}
		from := sources[int(pick)%len(sources)]
		rule := &Rule{Status: statuses, AnyOf: flags&1 != 0, Conditions: []Condition{
			{from, path, tests[int(pick/5)%len(tests)], value}, {FromJSON, path, tests[int(flags/4)%len(tests)], value}},
			MessageID: Extractor{from, path}, ErrorCode: Extractor{FromJSON, path}, ErrorText: Extractor{from, path}, Throttled: strings.Split(value, ",")}
		if flags&2 != 0 {
			rule.Each = each
		}
		outcome := answered(int(status)%700, body, Header{"X-Id", value}, Header{"Retry-After", value})
		outcome.Sent, outcome.Truncated = flags&64 == 0, flags&128 != 0
		if pick > 200 {
			outcome.Failure = &Failure{Phase: PhaseReceive, Text: "x"}
		}
		_ = CheckRule(*rule)
		got := Evaluate(t.Context(), rule, nil, "", outcome)
		switch got.Verdict {
		case Accepted, Refused, Throttled, Unclear, Failed:
		default:
			t.Fatalf("verdict %q", got.Verdict)
		}
		if (got.Verdict == Failed) == outcome.Sent || got.Reason == "" || got.RuleText == "" {
			t.Fatalf("sent %v: %+v", outcome.Sent, got)
		}
		if got.Verdict == Accepted {
			set, err := parseStatus(rule.Status)
			held := rule.apply(read(limit.New(t.Context()), outcome), outcome)
			if err != nil || !set.holds(outcome.Status) || !held.met || outcome.Failure != nil || outcome.Status == 429 {
				t.Fatalf("accepted without its rule met: %+v of %+v", got, *rule)
			}
			first := rule.Conditions[0]
			if rule.AnyOf || first.Test != Present && first.Test != Equals {
				return
			}
			if first.From == FromText && !regexp.MustCompile(path).MatchString(strings.TrimPrefix(body, "\uFEFF")) {
				t.Fatalf("accepted, but the pattern %q is not in %q", path, body)
			}
			if first.From == FromHeader && (!strings.EqualFold(strings.TrimSpace(path), "X-Id") && !strings.EqualFold(strings.TrimSpace(path), "Retry-After") || value == "") {
				t.Fatalf("accepted, but there is no header %q", path)
			}
		}
		suggested := Suggest(t.Context(), outcome)
		if outcome.Status >= 100 && outcome.Status < 600 {
			if fields := CheckRule(suggested); len(fields) > 0 {
				t.Fatalf("suggested a rule that cannot be saved: %+v", fields)
			}
		}
		if text := fmt.Sprint(SuggestFromValue(path, value).Text()); text == "" {
			t.Fatal("no words")
		}
	})
}
