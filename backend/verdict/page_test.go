package verdict

import (
	"strings"
	"testing"
)

// T2, R8: by status alone a web page is not an answer, and neither is one that
// speaks of an error.
func TestPageIsNotAnAnswer(t *testing.T) {
	html := Header{"Content-Type", "text/html; charset=utf-8"}
	for name, page := range map[string]Outcome{
		"sign-in page":     answered(200, "<!DOCTYPE html>\n<html><head><title>Sign in to the network</title>", html),
		"no header":        answered(200, "\uFEFF \n<HTML><BODY>Maintenance</BODY></HTML>"),
		"after a comment":  answered(200, "<!-- v2 --><?xml version='1.0'?><!doctype html><p>Hi"),
		"a part of a page": answered(201, "<div>Welcome</div>", html),
		"called JSON text": answered(200, "<html>", Header{"Content-Type", "text/plain"}),
	} {
		got := Evaluate(t.Context(), nil, nil, "Acme", page)
		if got.Verdict != Unclear || got.Reason != "The server sent a web page, not an API answer." || !strings.Contains(got.Hint, "API URL") {
			t.Errorf("%s: %+v", name, got)
		}
	}
	for name, answer := range map[string]Outcome{
		"a line of text":  answered(200, "1701|919812345678|ab-12", html),
		"JSON as html":    answered(200, `{"id":"1"}`, html),
		"nothing":         answered(200, "", html),
		"XML":             answered(200, `<?xml version="1.0"?><response><id>1</id></response>`, Header{"Content-Type", "application/xml"}),
		"less than":       answered(200, "< 5 left", html),
		"an open comment": answered(200, "<!-- ", html),
	} {
		if got := Evaluate(t.Context(), nil, nil, "Acme", answer); got.Verdict != Accepted {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// T2: a rule that a page meets says so; one that it does not meet says what came.
func TestRuleMetByPage(t *testing.T) {
	page := answered(200, "<!doctype html><p>OK, you are signed in")
	text := &Rule{Conditions: []Condition{{FromText, "OK", Present, ""}}}
	if got := Evaluate(t.Context(), text, nil, "Acme", page); got.Verdict != Accepted || !strings.Contains(got.Hint, "sent a web page, not an API answer") {
		t.Errorf("%+v", got)
	}
	if got := Evaluate(t.Context(), text, nil, "Acme", answered(200, "OK 17")); got.Verdict != Accepted || got.Hint != "" {
		t.Errorf("%+v", got)
	}
	if got := Evaluate(t.Context(), &Rule{Status: "200"}, nil, "Acme", page); got.Verdict != Unclear || got.Reason != webPage || got.Hint != hintPage {
		t.Errorf("a status alone: %+v", got)
	}
	for _, rule := range []*Rule{twilio, {Conditions: []Condition{{FromText, "queued", Present, ""}}}, soap} {
		if got := Evaluate(t.Context(), rule, nil, "Acme", page); got.Verdict != Unclear || got.Hint != hintNotMet {
			t.Errorf("%s: %+v", rule.Text(), got)
		}
	}
}

// T2, R8: by status alone, a 2xx whose JSON speaks of an error is unclear.
func TestErrorInsideSuccess(t *testing.T) {
	for _, body := range []string{
		`{"error":"Invalid number"}`, `{"errors":[{"message":"x"}]}`, `{"error":{"code":7,"message":"x"}}`, `{"success":false}`, `{"return":false,"message":["x"]}`,
		`{"message-count":"1","messages":[{"status":"4","error-text":"Bad Credentials"}]}`,
		`{"message-count":"2","messages":[{"to":"15550001","message-id":"0A01","status":"0"},{"to":"15550001","status":"29","error-text":"Non White-listed Destination - rejected"}]}`,
		`{"SMSMessageData":{"Message":"Sent to 0/1 Total Cost: 0","Recipients":[{"number":"+15550001","status":"CouldNotRoute","statusCode":407,"cost":"0","messageId":"None"}]}}`,
		`{"status":404}`, `{"code":"500"}`, `{"ok":"false"}`, `{"status":"error"}`, `{"type":"Failed"}`, `{"result":{"error_code":12}}`, `[{"id":1},{"error-text":"Bad"}]`,
		`{"messages":[{"status":"0"},{"status":"rejected"}]}`, `{"data":{"messages":[{"errorMessage":"x"}]}}`,
	} {
		got := Evaluate(t.Context(), nil, nil, "Acme", answered(200, body))
		if got.Verdict != Unclear || got.Reason != "The server answered 200 but the body speaks of an error. Did the message arrive?" || got.Hint == "" {
			t.Errorf("%s: %+v", body, got)
		}
	}
	for _, body := range []string{
		`{"error":null}`, `{"errors":[]}`, `{"error":""}`, `{"error":0}`, `{"ErrorCode":0,"Message":"OK"}`, `{"error":{"code":0,"message":"Success"}}`, `{"success":true}`,
		`{"status":200,"code":"0"}`, `{"message":"376941717932393732393030","type":"success"}`, `{"status":"queued"}`, `{"error":false}`, `{"id":"1","message":"no error"}`, `"error"`, `["failed"]`, `{"errors":{}}`, `error`,
	} {
		if got := Evaluate(t.Context(), nil, nil, "Acme", answered(200, body)); got.Verdict != Accepted {
			t.Errorf("%s: %+v", body, got)
		}
	}
	// Several answers, one on each line, are not the first of them.
	lines := answered(200, "{\"to\":\"15550001\",\"status\":\"queued\"}\r\n\r\n{\"to\":\"15550002\",\"status\":\"failed\"}\r\n", Header{"Content-Type", "application/x-ndjson"})
	if got := Evaluate(t.Context(), nil, nil, "Acme", lines); got.Verdict != Unclear || got.Reason != "The server answered 200, but its body is not one JSON value." {
		t.Errorf("%+v", got)
	}
	// A rule decides for itself.
	if got := Evaluate(t.Context(), &Rule{Status: "200"}, nil, "Acme", answered(200, `{"error":"x"}`)); got.Verdict != Accepted {
		t.Errorf("%+v", got)
	}
}
