package verdict

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// Words about a web page where an API's answer should be: a sign-in page of the
// network, a maintenance page, the provider's home page (T2).
const (
	webPage     = "The server sent a web page, not an API answer."
	hintPage    = "Check API URL, and whether this network asks for a sign-in. If this is how the provider answers, make a rule of a text in it."
	hintNotMet  = "That is a web page, not an API answer. Check API URL, and whether this network asks for a sign-in."
	hintMetPage = webPage + " It met the rule; look whether it is the provider's."
)

// isPage tells whether the body is a web page. The header alone does not decide:
// some providers call JSON or a line of text text/html (V08).
func (a *answer) isPage() bool {
	body := opening(a.outcome.Body)
	if bytes.HasPrefix(body, []byte("<!doctype html")) || bytes.HasPrefix(body, []byte("<html")) {
		return true
	}
	if len(body) < 2 || body[0] != '<' || body[1] < 'a' || body[1] > 'z' {
		return false
	}
	for _, kind := range a.outcome.values("Content-Type") {
		kind, _, _ = strings.Cut(strings.ToLower(kind), ";")
		if kind = strings.TrimSpace(kind); kind == "text/html" || kind == "application/xhtml+xml" {
			return true
		}
	}
	return false
}

// opening is the beginning of a body in small letters, after blanks, comments and
// an XML declaration.
func opening(body []byte) []byte {
	for {
		body = bytes.TrimSpace(body)
		var end string
		switch {
		case bytes.HasPrefix(body, []byte("<!--")):
			end = "-->"
		case bytes.HasPrefix(body, []byte("<?")):
			end = "?>"
		default:
			return bytes.ToLower(body[:min(len(body), 64)])
		}
		at := bytes.Index(body, []byte(end))
		if at < 0 {
			return nil
		}
		body = body[at+len(end):]
	}
}

// Members of a JSON answer that speak of an error, folded by foldName: by any value
// that does not mean none, by a no, by a word, or by a status of HTTP's.
var (
	errorNames = []string{"error", "errors", "err", "errorcode", "errormessage", "errormsg", "errortext", "errordescription", "exception", "fault"}
	yesNames   = []string{"success", "ok", "return", "accepted", "successful", "sent"}
	wordNames  = []string{"status", "type", "result", "state", "messagestatus"}
	codeNames  = []string{"status", "statuscode", "code", "httpstatus", "httpcode"}
	errorWords = []string{"error", "fail", "failed", "failure", "rejected", "refused", "denied", "unauthorized", "forbidden", "invalid", "undeliverable"}
)

// speaksOfError tells whether a JSON body names an error, so that a status alone
// does not mean accepted.
func (d *document) speaksOfError() bool {
	d.readJSON()
	return d.namesError(d.json, 6)
}

func (d *document) namesError(at any, depth int) bool {
	if depth == 0 || !d.budget.Work(20) {
		return false
	}
	switch at := at.(type) {
	case []any:
		return slices.ContainsFunc(at, func(member any) bool { return d.namesError(member, depth-1) })
	case map[string]any:
		for name, member := range at {
			name, text := foldName(name), ""
			switch v := member.(type) {
			case string:
				text = strings.ToLower(strings.TrimSpace(v))
			case bool, int64, json.Number:
				text = jsonValue{v}.text(d.budget)
			}
			if slices.Contains(errorNames, name) && d.isSaid(member, depth) || text == "false" && slices.Contains(yesNames, name) ||
				slices.Contains(wordNames, name) && slices.Contains(errorWords, text) || slices.Contains(codeNames, name) && isErrorStatus(text) || d.namesError(member, depth-1) {
				return true
			}
		}
	}
	return false
}

func isErrorStatus(text string) bool {
	return len(text) == 3 && (text[0] == '4' || text[0] == '5') && strings.Trim(text, "0123456789") == ""
}

// isSaid tells whether the value of an error's member says anything but none.
func (d *document) isSaid(value any, depth int) bool {
	if depth == 0 || !d.budget.Work(20) {
		return false
	}
	switch v := value.(type) {
	case nil:
		return false
	case []any:
		return slices.ContainsFunc(v, func(member any) bool { return d.isSaid(member, depth-1) })
	case map[string]any:
		for _, member := range v {
			if d.isSaid(member, depth-1) {
				return true
			}
		}
		return false
	}
	return !meansNone(strings.TrimSpace(jsonValue{value}.text(d.budget)))
}
