package verdict

import "testing"

// T5, R8: refusals in a provider's own words, with the reason from the first place
// that has one.
func TestRefusedInOwnWords(t *testing.T) {
	rule := &ProviderRule{Rule: Rule{Status: "200", Each: "$.recipients", Conditions: []Condition{{FromJSON, "@.id", Present, ""}},
		ErrorCode: Extractor{FromJSON, "@.code"}, ErrorText: Extractor{FromJSON, "@.text"}, MessageID: Extractor{FromJSON, "@.id"}, Throttled: []string{"9"}},
		MoreErrorCode: []Extractor{{FromJSON, "$.code"}, {FromXML, "//faultcode"}},
		MoreErrorText: []Extractor{{FromJSON, "$.reason"}, {FromXML, "//faultstring"}},
		MoreMessageID: []Extractor{{FromHeader, "X-Id"}},
		Refused: &Refusal{Status: "200,500", AnyOf: true, Conditions: []Condition{
			{FromJSON, "$.return", Equals, "false"}, {FromJSON, "$.reason", Present, ""}, {FromXML, "//Fault", Present, ""}}}}
	if fields := CheckProviderRule(*rule); len(fields) > 0 {
		t.Fatal(fields)
	}
	fault := `<Envelope><Fault><faultcode>Client</faultcode><faultstring>Unknown user</faultstring></Fault></Envelope>`
	for _, c := range []struct {
		name    string
		outcome Outcome
		want    Verdict
		reason  string
	}{
		{"return false", answered(200, `{"return":false,"code":"12"}`), Refused, "Refused by Acme (code 12)."},
		{"an empty list and a reason", answered(200, `{"recipients":[],"reason":"Invalid sender"}`), Refused, "Refused by Acme: Invalid sender (status 200)."},
		{"a SOAP fault", answered(500, fault), Refused, "Refused by Acme: Unknown user (code Client)."},
		{"another 5xx", answered(503, fault), Unclear, "Acme had an internal error: Unknown user (code Client). The message may have been sent."},
		{"too fast comes first", answered(200, `{"return":false,"code":"9"}`), Throttled, "Too fast for Acme (code 9)."},
		{"an empty list alone", answered(200, `{"recipients":[]}`), Unclear, "The server answered 200, but it lists nothing at $.recipients."},
		{"accepted", answered(200, `{"recipients":[{"id":"1"}]}`), Accepted, "Accepted by Acme. Not yet delivered."},
		{"both", answered(200, `{"recipients":[{"id":"1"}],"reason":"x"}`), Unclear, "The server answered 200, but it fits both what means accepted and what means refused."},
		{"some of them", answered(200, `{"recipients":[{"id":"1"},{"text":"Bad"}],"return":false}`), Unclear, "1 of 2 accepted by Acme. Refused: Bad (status 200)."},
		{"not the answer's place", answered(200, `{"recipients":[{"text":"Bad"}]}`), Unclear, "The server answered 200, but not with @.id present."},
	} {
		got := Evaluate(t.Context(), nil, rule, "Acme", c.outcome)
		if got.Verdict != c.want || got.Reason != c.reason {
			t.Errorf("%s: %s, %q", c.name, got.Verdict, got.Reason)
		}
	}
	if got := Evaluate(t.Context(), nil, &ProviderRule{Rule: Rule{MessageID: Extractor{FromJSON, "$.id"}, Status: "200"}, MoreMessageID: rule.MoreMessageID}, "Acme", answered(200, "{}", Header{"x-id", "H7"})); got.MessageID != "H7" {
		t.Errorf("the second place of the id: %+v", got)
	}
	all := &ProviderRule{Rule: Rule{Status: "200", Conditions: []Condition{{FromJSON, "$.id", Present, ""}}}, Refused: &Refusal{Conditions: []Condition{{FromJSON, "$.a", Present, ""}, {FromJSON, "$.b", Present, ""}}}}
	for body, want := range map[string]Verdict{`{"a":1}`: Unclear, `{"a":1,"b":2}`: Refused} {
		if got := Evaluate(t.Context(), nil, all, "Acme", answered(200, body)); got.Verdict != want {
			t.Errorf("%s: %+v", body, got)
		}
	}
}

// T5: what cannot work is refused where it is.
func TestCheckRefused(t *testing.T) {
	good := []Condition{{FromJSON, "$.a", Present, ""}}
	for at, rule := range map[string]ProviderRule{
		"rule.refused.status":             {Refused: &Refusal{Status: "x", Conditions: good}},
		"rule.refused.conditions":         {Refused: &Refusal{}},
		"rule.refused.conditions[1].path": {Refused: &Refusal{Conditions: append(good, Condition{FromJSON, "$.[", Present, ""})}},
		"rule.error_text[1].path":         {MoreErrorText: []Extractor{{FromText, "("}}},
		"rule.error_code[2].path":         {MoreErrorCode: []Extractor{{FromJSON, "$.a"}, {}}},
	} {
		if fields := CheckProviderRule(rule); len(fields) != 1 || fields[0].Name != at {
			t.Errorf("%s: %v", at, fields)
		}
	}
}
