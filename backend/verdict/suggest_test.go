package verdict

import (
	"strings"
	"testing"
)

// T3: a rule made from one example that lies in a list is one for each part of it,
// so that one of two refused is never accepted.
func TestSuggestEachPart(t *testing.T) {
	for _, c := range []struct{ name, one, two, text, id string }{
		{"list of objects", `{"messages":[{"message-id":"V1","status":"0"}]}`, `{"messages":[{"message-id":"V1","status":"0"},{"status":"4","error-text":"Bad"}]}`,
			"status 200 and for each of $.messages: @['message-id'] present", "V1"},
		{"with a word in each", `{"type":"success","data":[{"id":"D1","status":"success"}]}`, `{"type":"success","data":[{"id":"D1","status":"success"},{"id":"D2","status":"failed"}]}`,
			"status 200 and for each of $.data: @.status is success and @.id present", "D1"},
		{"list at the top", `[{"id":"T1"}]`, `[{"id":"T1"},{"error":"x"}]`, "status 200 and for each of $: @.id present", "T1"},
		{"list of ids", `{"message_uuid":["U1"]}`, `{"message_uuid":["U1",""]}`, "status 200 and for each of $.message_uuid: @ present", "U1"},
		{"nested lists", `{"batches":[{"to":[{"id":"N1"}]}]}`, `{"batches":[{"to":[{"id":"N1"},{"error":"x"}]}]}`, "status 200 and for each of $.batches.*.to.*: @.id present", "N1"},
	} {
		rule := Suggest(t.Context(), answered(200, c.one))
		if fields := CheckRule(rule); rule.Text() != c.text || len(fields) > 0 {
			t.Errorf("%s: %s, %v", c.name, rule.Text(), fields)
		}
		if got := Evaluate(t.Context(), &rule, nil, "Acme", answered(200, c.one)); got.Verdict != Accepted || got.MessageID != c.id {
			t.Errorf("%s, its own example: %+v", c.name, got)
		}
		got := Evaluate(t.Context(), &rule, nil, "Acme", answered(200, c.two))
		if got.Verdict != Unclear || got.Reason != "1 of 2 accepted by Acme. 1 of 2 refused." {
			t.Errorf("%s, one refused: %+v", c.name, got)
		}
	}
}

// T3: the same for a value that was clicked, and for its message id.
func TestSuggestValueInList(t *testing.T) {
	one, two := `{"count":1,"messages":[{"message-id":"V1","status":"0"}]}`, `{"count":2,"messages":[{"message-id":"V1","status":"0"},{"message-id":"V2","status":"9"}]}`
	rule := SuggestValue(t.Context(), answered(200, one), "$.messages[0].status", "0")
	if rule.Text() != "status 200 and for each of $.messages: @.status is 0" || rule.MessageID.Path != "@['message-id']" {
		t.Errorf("%s, %s", rule.Text(), rule.MessageID.Path)
	}
	if got := Evaluate(t.Context(), &rule, nil, "Acme", answered(200, one)); got.Verdict != Accepted || got.MessageID != "V1" {
		t.Errorf("%+v", got)
	}
	if got := Evaluate(t.Context(), &rule, nil, "Acme", answered(200, two)); got.Verdict != Unclear || !strings.Contains(got.Reason, "1 of 2 refused") {
		t.Errorf("%+v", got)
	}
	// Outside the list there is one value, and the id is read from the first part.
	rule = SuggestValue(t.Context(), answered(200, one), "$.count", "1")
	if rule.Text() != "status 200 and $.count is 1" || rule.MessageID.Path != "$.messages[0]['message-id']" || rule.Each != "" {
		t.Errorf("%s, %s", rule.Text(), rule.MessageID.Path)
	}
	if got := Evaluate(t.Context(), &rule, nil, "Acme", answered(200, one)); got.Verdict != Accepted || got.MessageID != "V1" {
		t.Errorf("%+v", got)
	}
}

// A page as a provider's answer makes a rule of its title, since a status alone
// would take any page.
func TestSuggestFromPage(t *testing.T) {
	page := answered(200, "<html><head><title>Message sent (1)</title></head></html>")
	rule := Suggest(t.Context(), page)
	if fields := CheckRule(rule); len(fields) > 0 || rule.Text() != `status 200 and text "<title>Message sent \(1\)</title>" present` {
		t.Errorf("%s, %v", rule.Text(), fields)
	}
	if got := Evaluate(t.Context(), &rule, nil, "", page); got.Verdict != Accepted {
		t.Errorf("%+v", got)
	}
	if got := Evaluate(t.Context(), &rule, nil, "", answered(200, "<html><title>Sign in</title>")); got.Verdict != Unclear {
		t.Errorf("%+v", got)
	}
}
