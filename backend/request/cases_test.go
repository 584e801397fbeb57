package request_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"keydesk/backend/request"
)

// R1, R4, R5: requests that other tools were reported to get wrong, as they leave
// this computer.
func TestReportedRequests(t *testing.T) {
	server := record(t)
	transport := server.transport(t)
	row := func(variable string) request.StageParam {
		return request.StageParam{Variable: variable, Field: variable}
	}
	const said = "He said \"5\\6\"\r\nok\u2028"
	for _, c := range []struct {
		id, shows string
		spec      request.Spec
		record    map[string]string
		// target and body are what arrives; without names headers that must not.
		target, body string
		without      []string
	}{
		{"B01", "what is typed escaped is not escaped again, what is not is escaped once, in a path with a variable too",
			request.Spec{Method: "GET", URL: "http://api.example.test/{{dir}}/x?q=hello world&sig=a%2Bb%3D", StageParams: []request.StageParam{row("dir")}},
			map[string]string{"dir": "foo bar"}, "/foo%20bar/x?q=hello%20world&sig=a%2Bb%3D", "", []string{"Content-Type", "Content-Length"}},
		{"B01 value", "a value is no escape, whatever it looks like",
			request.Spec{Method: "GET", URL: "http://api.example.test/{{dir}}/x?q={{dir}}", StageParams: []request.StageParam{row("dir")}},
			map[string]string{"dir": "foo%20bar"}, "/foo%2520bar/x?q=foo%2520bar", "", nil},
		{"B01 percent", "a lone percent sign is escaped",
			request.Spec{Method: "GET", URL: "http://api.example.test/x?q=100%"}, nil, "/x?q=100%25", "", nil},
		{"B03 JSON", "a value with quotes, a backslash and line ends is the content of a JSON string, and a number outside quotes stays one",
			request.Spec{Method: "POST", URL: "http://api.example.test/", BodyFormat: request.RawJSON, RawBody: `{"text":"{{msg}}","n":{{n}}}`, StageParams: []request.StageParam{row("msg"), row("n")}},
			map[string]string{"msg": said, "n": "7"}, "/", `{"text":"He said \"5\\6\"\r\nok` + "\u2028" + `","n":7}`, nil},
		{"B03 form", "in a form the same value has the form's escapes, not those of JSON",
			request.Spec{Method: "POST", URL: "http://api.example.test/", BodyFormat: request.FormBody, Params: []request.Param{{Name: "text", Value: plain("{{msg}}")}}, StageParams: []request.StageParam{row("msg")}},
			map[string]string{"msg": `Tom & "5\6"` + "\r\n"}, "/", "text=Tom+%26+%225%5C6%22%0D%0A", nil},
		{"B03 XML", "and in XML those of XML",
			request.Spec{Method: "POST", URL: "http://api.example.test/", BodyFormat: request.RawXML, RawBody: "<a>{{msg}}</a>", StageParams: []request.StageParam{row("msg")}},
			map[string]string{"msg": `Tom & "5\6" <b>`}, "/", `<a>Tom &amp; &quot;5\6&quot; &lt;b&gt;</a>`, nil},
		{"B04", "the variables of a provider's own template are sent as they are, beside one of ours",
			request.Spec{Method: "POST", URL: "http://api.example.test/", BodyFormat: request.RawJSON, StageParams: []request.StageParam{row("template_name")},
				RawBody: `{"components":[{"type":"BODY","text":"Hello \{{1}}, your code is \{{2}}","example":{"body_text":[["Ann","1234"]]}}],"name":"{{template_name}}"}`},
			map[string]string{"template_name": "welcome"}, "/",
			`{"components":[{"type":"BODY","text":"Hello {{1}}, your code is {{2}}","example":{"body_text":[["Ann","1234"]]}}],"name":"welcome"}`, nil},
		{"B10 JSON", "a JSON body leaves byte for byte as it was typed, its numbers too",
			request.Spec{Method: "POST", URL: "http://api.example.test/", BodyFormat: request.RawJSON, RawBody: `{"orderId":4634343214213523454,"price":1.10,"e":1E2}`}, nil,
			"/", `{"orderId":4634343214213523454,"price":1.10,"e":1E2}`, nil},
		{"B10 rows", "and so do the numbers of parameter rows",
			request.Spec{Method: "POST", URL: "http://api.example.test/", BodyFormat: request.JSONBody, Params: []request.Param{
				{Name: "orderId", Value: plain("4634343214213523454"), Type: request.NumberParam}, {Name: "price", Value: plain("1.10"), Type: request.NumberParam}}}, nil,
			"/", `{"orderId":4634343214213523454,"price":1.10}`, nil},
		{"B10 GET", "no body sends neither a type nor a length", request.Spec{Method: "GET", URL: "http://api.example.test/", BodyFormat: request.NoBody}, nil, "/", "", []string{"Content-Type", "Content-Length"}},
		{"B10 DELETE", "nor does DELETE", request.Spec{Method: "DELETE", URL: "http://api.example.test/", BodyFormat: request.NoBody}, nil, "/", "", []string{"Content-Type", "Content-Length"}},
	} {
		t.Run(c.id, func(t *testing.T) {
			if problems := request.Check(c.spec, nil); len(problems) > 0 {
				t.Errorf("%s: refused: %+v", c.shows, problems)
			}
			send(t, transport, request.Build(c.spec, c.record, testEnv))
			got := server.next(t)
			head, body, _ := strings.Cut(got, "\r\n\r\n")
			target, _, _ := strings.Cut(strings.TrimPrefix(head, c.spec.Method+" "), " HTTP/1.1")
			if diff := cmp.Diff([]string{c.target, c.body}, []string{target, body}); diff != "" {
				t.Errorf("%s: want (-), sent (+):\n%s", c.shows, diff)
			}
			for _, name := range c.without {
				if strings.Contains(strings.ToLower(head), "\n"+strings.ToLower(name)+":") {
					t.Errorf("%s: %s is sent:\n%s", c.shows, name, head)
				}
			}
			if c.spec.BodyFormat == request.RawJSON && !json.Valid([]byte(body)) {
				t.Errorf("%s: not JSON: %s", c.shows, body)
			}
		})
	}
}

// B04, R1: a name that nothing defines stops the request by name and is never
// replaced by nothing; the live request shows it as it is typed.
func TestReportedUnknownNames(t *testing.T) {
	spec := request.Spec{Method: "POST", URL: "http://api.example.test/", BodyFormat: request.RawJSON, RawBody: `{"text":"Hello {{1}} and {{who}}"}`}
	rendered := request.Build(spec, nil, testEnv)
	if err := rendered.Err(); err == nil || !strings.Contains(err.Error(), "1") || !strings.Contains(err.Error(), "who") {
		t.Errorf("%v", err)
	}
	if _, err := rendered.HTTPRequest(t.Context()); err == nil {
		t.Error("a request was made")
	}
	if !bytes.Contains(rendered.Wire(), []byte("{{1}} and {{who}}")) {
		t.Errorf("shown is\n%s", rendered.Wire())
	}
}

// R4: a NUL is refused in every value as soon as it is checked, also in one that is
// sent nowhere by itself or is encoded before it is sent.
func TestNULIsRefusedEverywhere(t *testing.T) {
	const bad = "a\x00b"
	token := request.Auth{Type: request.OAuth2, FetchToken: true, TokenURL: "https://id.example.test/", ClientID: "id", ClientSecret: hidden("s")}
	for at, spec := range map[string]request.Spec{
		"auth.key_value":     {Auth: request.Auth{Type: request.APIKey, KeyName: "k", KeyValue: hidden(bad), AddTo: request.InQuery}},
		"auth.token":         {Auth: request.Auth{Type: request.Bearer, Token: hidden(bad)}},
		"auth.username":      {Auth: request.Auth{Type: request.Basic, Username: bad, Password: hidden("p")}},
		"auth.password":      {Auth: request.Auth{Type: request.Basic, Username: "u", Password: hidden(bad)}},
		"auth.client_id":     {Auth: func(a request.Auth) request.Auth { a.ClientID = bad; return a }(token)},
		"auth.client_secret": {Auth: func(a request.Auth) request.Auth { a.ClientSecret = hidden(bad); return a }(token)},
		"auth.scopes":        {Auth: func(a request.Auth) request.Auth { a.Scopes = bad; return a }(token)},
		"headers[0].value":   {Headers: []request.Header{{Name: "X-A", Value: plain(bad)}}},
		"params[0].value":    {Params: []request.Param{{Name: "p", Value: hidden(bad), In: request.ParamNowhere}}},
		"fixed[0].value":     {Fixed: []request.Field{{Name: "f", Value: hidden(bad)}}},
	} {
		spec.Method, spec.URL = "GET", "https://api.example.test/"
		faults := request.Check(spec, nil)
		if len(faults) != 1 || faults[0].Name != at || strings.Contains(faults[0].Message, bad) {
			t.Errorf("%s: %+v", at, faults)
		}
	}
}
