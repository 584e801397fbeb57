package verdict

import (
	"strings"
	"testing"
)

// Rules as in provider files (RULES.md, Providers).
var (
	twilio = &Rule{Status: "201", Conditions: []Condition{{FromJSON, "$.sid", Present, ""}, {FromJSON, "$.error_code", Absent, ""}},
		MessageID: Extractor{FromJSON, "$.sid"}, ErrorCode: Extractor{FromJSON, "$.code"}, ErrorText: Extractor{FromJSON, "$.message"}, Throttled: []string{"20429"}}
	vonage = &Rule{Status: "200", Each: "$.messages", Conditions: []Condition{{FromJSON, "$.status", Equals, "0"}},
		MessageID: Extractor{FromJSON, "$.messages[0].message-id"}, ErrorCode: Extractor{FromJSON, "@.status"}, ErrorText: Extractor{FromJSON, "@.error-text"}, Throttled: []string{"1"}}
	msg91 = &Rule{Conditions: []Condition{{FromJSON, "$.type", Equals, "success"}},
		MessageID: Extractor{FromJSON, "$.message"}, ErrorCode: Extractor{FromJSON, "$.code"}, ErrorText: Extractor{FromJSON, "$.message"}}
	gupshup  = &Rule{Conditions: []Condition{{FromJSON, "$.status", Equals, "submitted"}}, MessageID: Extractor{FromJSON, "$.messageId"}, ErrorText: Extractor{FromJSON, "$.message"}}
	sendgrid = &Rule{Status: "202", Conditions: []Condition{{FromJSON, "$.errors", Absent, ""}}, MessageID: Extractor{FromHeader, "x-message-id"}, ErrorText: Extractor{FromJSON, "$.errors[0].message"}}
	postmark = &Rule{Status: "200", Conditions: []Condition{{FromJSON, "$.ErrorCode", Equals, "0"}}, MessageID: Extractor{FromJSON, "$.MessageID"}, ErrorCode: Extractor{FromJSON, "$.ErrorCode"}, ErrorText: Extractor{FromJSON, "$.Message"}}
	bars     = &Rule{Conditions: []Condition{{FromText, `^1701\|`, Present, ""}}, MessageID: Extractor{FromText, `^1701\|[^|]*\|([^|\s]+)`}, ErrorCode: Extractor{FromText, `^(17\d\d)`}}
	soap     = &Rule{Conditions: []Condition{{FromXML, "//Message/Sid", Present, ""}}, MessageID: Extractor{FromXML, "//Message/Sid"}, ErrorCode: Extractor{FromXML, "//RestException/Code"}, ErrorText: Extractor{FromXML, "//RestException/Message"}}
	header   = &Rule{Conditions: []Condition{{FromHeader, "X-Result", OneOf, "queued, sent"}}}
	anyOf    = &Rule{AnyOf: true, Conditions: []Condition{{FromJSON, "$.id", Present, ""}, {FromText, "OK", Present, ""}}}
)

func answered(status int, body string, headers ...Header) Outcome {
	return Outcome{Sent: true, Status: status, Body: []byte(body), Headers: headers}
}

// R8, line by line, with misleading answers of real providers.
func TestVerdicts(t *testing.T) {
	cut := answered(200, `{"sid":"SM1"}`)
	cut.Failure = &Failure{Phase: PhaseReceive, Text: "The answer stopped after 12 of 100 bytes."}
	unsent := func(phase Phase) Outcome { return Outcome{Failure: &Failure{Phase: phase, Text: "No."}} }
	late := Outcome{Sent: true, Failure: &Failure{Phase: PhaseTimeout, Text: "x gave no answer within 30 s."}}
	truncated := answered(201, `{"sid":"SM1"}`)
	truncated.Truncated = true
	for _, c := range []struct {
		name     string
		rule     *Rule
		outcome  Outcome
		want     Verdict
		id       string
		contains string
	}{
		// failed: certainly not sent
		{"name", twilio, unsent(PhaseName), Failed, "", "No."},
		{"connect", twilio, unsent(PhaseConnect), Failed, "", "No."},
		{"TLS", nil, unsent(PhaseTLS), Failed, "", "No."},
		{"send, nothing written", nil, unsent(PhaseSend), Failed, "", "No."},
		{"time-out before sending", nil, unsent(PhaseTimeout), Failed, "", "No."},
		{"cancelled before sending", nil, unsent(PhaseCancelled), Failed, "", "No."},
		{"nothing at all", nil, Outcome{}, Failed, "", "Nothing was sent."},
		// unclear: time-out or cut after sending, whatever came
		{"time-out after sending", twilio, late, Unclear, "", "x gave no answer within 30 s. The message may have been sent."},
		{"cut after sending", twilio, cut, Unclear, "", "12 of 100"},
		{"cut, by status", nil, cut, Unclear, "", "12 of 100"},
		// throttled
		{"429", twilio, answered(429, `{"sid":"SM1"}`), Throttled, "", "Too fast for Acme (status 429)."},
		{"429 by status", nil, answered(429, ``), Throttled, "", "Too fast for Acme"},
		{"listed code", twilio, answered(400, `{"code":20429,"message":"Too Many Requests"}`), Throttled, "", "Too fast for Acme: Too Many Requests (code 20429)."},
		{"listed code in a 200", vonage, answered(200, `{"messages":[{"status":"1","error-text":"Throttled"}]}`), Throttled, "", "(status 1)"},
		// rule met: accepted
		{"twilio", twilio, answered(201, `{"sid":"SM1","error_code":null,"code":null}`), Accepted, "SM1", "Accepted by Acme. Not yet delivered."},
		{"vonage", vonage, answered(200, `{"messages":[{"status":"0","message-id":"V1"},{"status":"0"}]}`), Accepted, "V1", ""},
		{"msg91", msg91, answered(200, `{"type":"success","message":"3763"}`), Accepted, "3763", ""},
		{"JSON called html", gupshup, answered(202, "\n{\"status\":\"submitted\",\"messageId\":\"G1\"}", Header{"Content-Type", "text/html"}), Accepted, "G1", ""},
		{"byte order mark", gupshup, answered(200, "\uFEFF{\"status\":\"submitted\"}"), Accepted, "", ""},
		{"empty body", sendgrid, answered(202, "", Header{"X-Message-Id", "S1"}), Accepted, "S1", ""},
		{"bars", bars, answered(200, "1701|919812345678|ab-12\n"), Accepted, "ab-12", ""},
		{"xml", soap, answered(201, `<R><Message><Sid> X1 </Sid></Message></R>`), Accepted, "X1", ""},
		{"header", header, answered(200, "", Header{"x-result", "sent"}), Accepted, "", ""},
		{"any of, second", anyOf, answered(200, "OK, not JSON"), Accepted, "", ""},
		{"long number unchanged", &Rule{Conditions: []Condition{{FromJSON, "$.id", Equals, "12345678901234567890"}}, MessageID: Extractor{FromJSON, "$.id"}}, answered(200, `{"id":12345678901234567890}`), Accepted, "12345678901234567890", ""},
		{"rule beats 5xx", &Rule{Status: "500"}, answered(500, ``), Accepted, "", ""},
		// refused: an error entry or another 4xx
		{"vonage, 200 that refuses", vonage, answered(200, `{"messages":[{"status":"4","error-text":"wrong credentials"}]}`), Refused, "", "Refused by Acme: wrong credentials (status 4)."},
		{"msg91, 200 that refuses", msg91, answered(200, `{"type":"error","message":"Invalid mobile","code":"106"}`), Refused, "", "Refused by Acme: Invalid mobile (code 106)."},
		{"text only", gupshup, answered(200, `{"status":"error","message":"Portal User Not Found"}`), Refused, "", "Portal User Not Found"},
		{"postmark", postmark, answered(422, `{"ErrorCode":300,"Message":"Invalid 'To'."}`), Refused, "", "Refused by Acme: Invalid 'To' (code 300)."},
		{"bars", bars, answered(200, "1703|bad"), Refused, "", "(code 1703)"},
		{"xml", soap, answered(404, `<R><RestException><Code>20404</Code><Message>Not found</Message></RestException></R>`), Refused, "", "Refused by Acme: Not found (code 20404)."},
		{"401, no words", twilio, answered(401, ``), Refused, "", "Refused by Acme: wrong credentials (status 401)."},
		{"4xx that says success", msg91, answered(400, `{"type":"success"}`), Refused, "", ""},
		{"html 403", twilio, answered(403, `<html>Blocked`), Refused, "", "(status 403)"},
		{"418 by status", nil, answered(418, ``), Refused, "", "Refused by Acme (status 418)."},
		// unclear
		{"3xx", twilio, answered(302, ``), Unclear, "", "302, a redirect"},
		{"3xx by status", nil, answered(307, ``), Unclear, "", "redirect"},
		{"5xx", twilio, answered(503, ``), Unclear, "", "may have been sent"},
		{"5xx by status", nil, answered(500, ``), Unclear, "", "may have been sent"},
		{"5xx that names an error", twilio, answered(500, `{"code":20500,"message":"Internal"}`), Unclear, "", "Internal (code 20500)"},
		{"html page of a proxy", twilio, answered(200, `<html>Hello`), Unclear, "", "its body is not JSON"},
		{"broken JSON", twilio, answered(201, `{"sid":"SM1"`), Unclear, "", "its body is not JSON"},
		{"two JSON values", twilio, answered(201, `{"sid":"SM1"}{}`), Unclear, "", "not one JSON value"},
		{"cut at our limit", twilio, truncated, Unclear, "", "cut"},
		{"broken XML", soap, answered(200, `<R><Message>`), Unclear, "", "its body is not XML"},
		{"XML entity bomb", soap, answered(200, `<!DOCTYPE a [<!ENTITY b "bbbb">]><R><Message><Sid>&b;</Sid></Message></R>`), Unclear, "", "its body is not XML"},
		{"mixed parts", vonage, answered(200, `{"messages":[{"status":"0","message-id":"V1"},{"status":"0"},{"status":"9","error-text":"Quota"},{"status":"0"}]}`), Unclear, "V1", "3 of 4 accepted by Acme. Refused: Quota (status 9)."},
		{"mixed with a throttled part", vonage, answered(200, `{"messages":[{"status":"0"},{"status":"1"}]}`), Unclear, "", "1 of 2 accepted"},
		{"no parts", vonage, answered(200, `{"messages":[]}`), Unclear, "", "it lists nothing"},
		{"other 2xx than the rule's", twilio, answered(200, `{"sid":"SM1"}`), Unclear, "", "200"},
		{"2xx without the id", twilio, answered(201, `{}`), Unclear, "", "not with $.sid present"},
		{"empty id", twilio, answered(201, `{"sid":""}`), Unclear, "", "not with $.sid present"},
		{"error code 0 is no error", postmark, answered(200, `{"ErrorCode":"0 "}`), Unclear, "", ""},
		{"one match of many is not enough", &Rule{Conditions: []Condition{{FromJSON, "$.m[*].s", Equals, "0"}}}, answered(200, `{"m":[{"s":0},{"s":1}]}`), Unclear, "", ""},
		{"missing is not 'is not'", &Rule{Conditions: []Condition{{FromJSON, "$.s", NotEquals, "x"}}}, answered(200, `{}`), Unclear, "", ""},
		{"1xx", nil, answered(101, ``), Unclear, "", ""},
		{"an empty 200 proves nothing by what is absent", &Rule{Conditions: []Condition{{FromJSON, "$.error", Absent, ""}}}, answered(200, " \n"), Unclear, "", "The server answered 200, but its body is empty, and the rule asks only for what must not be there."},
		{"the same of any", &Rule{AnyOf: true, Conditions: []Condition{{FromText, "OK", Present, ""}, {FromText, "ERR", Absent, ""}}}, answered(200, ""), Unclear, "", "its body is empty"},
		{"an empty 202 with another proof", &Rule{Conditions: []Condition{{FromJSON, "$.error", Absent, ""}, {FromHeader, "X-Result", Equals, "queued"}}}, answered(202, "", Header{"X-Result", "queued"}), Accepted, "", ""},
		{"an empty 204", &Rule{Status: "204", Conditions: []Condition{{FromJSON, "$.error", Absent, ""}}}, answered(204, ""), Accepted, "", ""},
		{"a body without the error", &Rule{Conditions: []Condition{{FromJSON, "$.error", Absent, ""}}}, answered(200, "{}"), Accepted, "", ""},
		// by status alone any other 2xx
		{"200 by status", nil, answered(200, `Sent`), Accepted, "", "Accepted by Acme."},
		{"204 by status", nil, answered(204, ``), Accepted, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Evaluate(t.Context(), c.rule, nil, "Acme", c.outcome)
			if got.Verdict != c.want || got.MessageID != c.id || !strings.Contains(got.Reason, c.contains) || got.Reason == "" {
				t.Errorf("%s, id %q, %q; want %s, %q, %q", got.Verdict, got.MessageID, got.Reason, c.want, c.id, c.contains)
			}
			if got.Verdict == Accepted && (got.ErrorCode != "" || got.ErrorText != "") {
				t.Errorf("accepted with an error: %+v", got)
			}
		})
	}
}

// inFile is a rule as a provider's file has it.
func inFile(rule *Rule) *ProviderRule {
	if rule == nil {
		return nil
	}
	return &ProviderRule{Rule: *rule}
}

// R8: the setup's rule beats the provider's, which beats the status; the result
// says which one counted, and an empty rule does not count.
func TestWhichRule(t *testing.T) {
	never := &Rule{Status: "299"}
	for _, c := range []struct {
		setup, provider *Rule
		want            Verdict
		by              Basis
		text            string
	}{
		{msg91, never, Accepted, BySetupRule, "status 200-299 and $.type is success"},
		{never, msg91, Unclear, BySetupRule, "status 299"},
		{nil, msg91, Accepted, ByProviderRule, "status 200-299 and $.type is success"},
		{&Rule{MessageID: Extractor{FromJSON, "$.id"}}, never, Unclear, ByProviderRule, "status 299"},
		{nil, nil, Accepted, ByStatus, "status 200-299"},
		{&Rule{}, &Rule{}, Accepted, ByStatus, "status 200-299"},
	} {
		got := Evaluate(t.Context(), c.setup, inFile(c.provider), "", answered(200, `{"type":"success"}`))
		if got.Verdict != c.want || got.By != c.by || got.RuleText != c.text {
			t.Errorf("%s by %s (%s), want %s by %s (%s)", got.Verdict, got.By, got.RuleText, c.want, c.by, c.text)
		}
		if (got.Hint == hintStatus) != (c.by == ByStatus) {
			t.Errorf("by %s: hint %q", c.by, got.Hint)
		}
	}
}

// The rule's line, as the page shows it under a verdict (UI.md, The answer).
func TestRuleText(t *testing.T) {
	for want, rule := range map[string]*Rule{
		"status 201 and $.sid present and $.error_code absent":      twilio,
		"status 200 and for each of $.messages: $.status is 0":      vonage,
		"status 200-299 and header X-Result is one of queued, sent": header,
		`status 200-299 and ($.id present or text "OK" present)`:    anyOf,
		`status 200-299 and text "^1701\|" present`:                 bars,
		`status 200 and something at $.a`:                           {Status: "200", Each: "$.a"},
		`status 200-299 and $.a is not "" and $.b matches ^x`:       {Conditions: []Condition{{FromJSON, "$.a", NotEquals, ""}, {FromJSON, "$.b", Matches, "^x"}}},
	} {
		if got := rule.Text(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// Retry-After in seconds or as a date, by the server's own clock and at most a
// day.
func TestRetryAfter(t *testing.T) {
	date := Header{"Date", "Sat, 21 Nov 2026 10:00:00 GMT"}
	for value, want := range map[string]int{
		"30": 30, " 5 ": 5, "-1": 0, "soon": 0, "": 0, "999999999": 86400, "99999999999999999999": 0,
		"Sat, 21 Nov 2026 10:01:00 GMT": 60, "Sat, 21 Nov 2026 09:00:00 GMT": 0, "Sat, 21 Nov 2036 10:00:00 GMT": 86400,
	} {
		got := Evaluate(t.Context(), nil, nil, "", answered(429, "", date, Header{"retry-after", value}))
		if got.RetryAfterS != want {
			t.Errorf("%q: %d s, want %d", value, got.RetryAfterS, want)
		}
	}
	if got := Evaluate(t.Context(), nil, nil, "", answered(429, "", Header{"Retry-After", "Sat, 21 Nov 2026 10:01:00 GMT"})); got.RetryAfterS != 0 {
		t.Errorf("a date without Date gave %d s", got.RetryAfterS)
	}
}

// What is taken from an answer is of limited length and valid text.
func TestLongErrorText(t *testing.T) {
	got := Evaluate(t.Context(), gupshup, nil, "", answered(400, `{"message":"`+strings.Repeat("é", 5000)+`"}`))
	if len(got.ErrorText) > 310 || !strings.HasSuffix(got.ErrorText, "é…") {
		t.Errorf("%d bytes: %q", len(got.ErrorText), got.ErrorText)
	}
}
