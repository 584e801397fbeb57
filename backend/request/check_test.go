package request_test

import (
	"fmt"
	"strings"
	"testing"

	"keydesk/backend/request"
)

// good is a setup that Check accepts.
func good() request.Spec {
	return request.Spec{
		Method: "POST", URL: "https://{{region}}.example.test:8443/v1/{{mobile}}?x=1",
		Auth:    request.Auth{Type: request.Bearer, Token: request.Value{Secret: true, Stored: true}},
		Headers: []request.Header{{Name: "X-A", Value: plain("{{mobile}}")}},
		Params:  []request.Param{{Name: "Body", Value: plain("Hi {{name}}")}, {Name: "key", In: request.ParamNowhere, Value: hidden("k")}},
		StageParams: []request.StageParam{
			{Variable: "mobile", Field: "Mobile"}, {Variable: "name", Field: "Customer name", Default: "you"},
		},
		Fixed: []request.Field{{Name: "region", Value: plain("eu")}},
	}
}

var goodFields = []string{"Mobile", "Customer name"}

func TestCheckAcceptsAGoodSetup(t *testing.T) {
	if faults := request.Check(good(), goodFields); len(faults) != 0 {
		t.Errorf("%+v", faults)
	}
	// Right-to-left and emoji text are text like any other.
	spec := good()
	spec.Params[0] = request.Param{Name: "نص 🙂", Value: plain("مرحبا {{نام}} 🙂 हिन्दी {{नाम}}")}
	spec.StageParams = append(spec.StageParams, request.StageParam{Variable: "نام", Default: "x"}, request.StageParam{Variable: "नाम", Field: "Mobile"})
	spec.Headers[0].Value = plain("é 🙂 مرحبا")
	if faults := request.Check(spec, goodFields); len(faults) != 0 {
		t.Errorf("%+v", faults)
	}
	// Without fields, stage field names are not checked.
	spec.StageParams[0].Field = "Unknown"
	if faults := request.Check(spec, nil); len(faults) != 0 {
		t.Errorf("%+v", faults)
	}
}

// A29, A37, A40, A43, A47 and bad input: each is refused at its place, in
// words. want lists "path: part of the message"; there may be no other message.
func TestCheckRefuses(t *testing.T) {
	long := strings.Repeat("x", 10000)
	param := func(p request.Param) func(*request.Spec) {
		return func(s *request.Spec) { s.Params = []request.Param{p} }
	}
	names := func(names ...string) func(*request.Spec) {
		return func(s *request.Spec) {
			s.Params = nil
			for _, name := range names {
				s.Params = append(s.Params, request.Param{Name: name, Value: plain("1")})
			}
			s.StageParams[1].Default = "x"
			s.Headers[0].Value = plain("{{name}}")
			s.URL = "https://a.test/{{mobile}}"
		}
	}
	header := func(name, value string) func(*request.Spec) {
		return func(s *request.Spec) { s.Headers = []request.Header{{Name: name, Value: plain(value)}} }
	}
	at := func(url string) func(*request.Spec) { return func(s *request.Spec) { s.URL = url } }
	auth := func(a request.Auth) func(*request.Spec) { return func(s *request.Spec) { s.Auth = a } }
	key := func(name string, to request.KeyLocation) request.Auth {
		return request.Auth{Type: request.APIKey, KeyName: name, KeyValue: hidden("v"), AddTo: to}
	}
	for _, test := range []struct {
		name   string
		change func(*request.Spec)
		want   []string
	}{
		// The URL (A37, R1, R7).
		{"no URL", at("  "), []string{"url: Enter the API URL"}},
		{"relative", at("/v1/send"), []string{"url: Enter the full address"}},
		{"host only", at("api.example.com/v1"), []string{"url: Enter the full address"}},
		{"host and port only", at("api.example.com:80/v1"), []string{"url: Enter the full address"}},
		{"no host", at("https:///v1"), []string{"url: The URL has no host"}},
		{"no host but a port", at("https://:8080/v1"), []string{"url: The URL has no host"}},
		{"another scheme", at("ftp://a.test/"), []string{"url: Only http and https"}},
		{"javascript", at("javascript:alert(1)"), []string{"url: Only http and https"}},
		{"credentials inside", at("https://user:pass@a.test/"), []string{"url: Take the user name and password out"}},
		{"fragment", at("https://a.test/#top"), []string{"url: Take out the part from #"}},
		{"line break", at("https://a.test/\r\nX: 1"), []string{"url: The URL holds a line break"}},
		{"bad port", at("https://a.test:99999/"), []string{"url: The port is a number"}},
		{"bad host", at("https://a b.test/"), []string{"url: The host of the URL is not a valid name"}},
		{"backslash host", at(`https://a.test\@evil.test/`), []string{"url: Take the user name"}},
		{"percent host", at("https://a%2e.test/"), []string{"url: The host of the URL"}},
		{"stage field in the host", at("https://{{mobile}}.test/"), []string{"url: Scheme, host and port can hold only fixed fields, and mobile is not one"}},
		{"stage field in the port", at("https://a.test:{{mobile}}/"), []string{"url: Scheme, host and port can hold only"}},
		{"stage field as the scheme", at("{{mobile}}://a.test/"), []string{"url: Scheme, host and port can hold only"}},
		{"built-in in the host", at("https://{{$uuid}}.test/"), []string{"url: Scheme, host and port can hold only"}},
		{"secret in the host", at("https://{{key}}.test/"), []string{"url: Scheme, host and port cannot hold a secret"}},
		{"undefined in the host", at("https://{{nope}}.test/"), []string{"url: Nothing defines nope"}},
		{"empty fixed field in the host", func(s *request.Spec) { s.Fixed[0].Value = plain("") }, []string{"url: The address needs a value for region"}},
		{"fixed field that breaks out", func(s *request.Spec) { s.Fixed[0].Value = plain("evil.test/") }, nil}, // a fixed field may hold a whole base URL
		{"fixed field with credentials", func(s *request.Spec) { s.Fixed[0].Value = plain("a@b") }, []string{"url: Take the user name"}},
		{"long URL", at("https://a.test/" + strings.Repeat("x", 70000)), []string{"url: This is 70,015 bytes long"}},
		// Methods and formats.
		{"method", func(s *request.Spec) { s.Method = "FETCH" }, []string{"method: Choose a method"}},
		{"lower-case method", func(s *request.Spec) { s.Method = "post" }, []string{"method: Choose a method"}},
		{"format", func(s *request.Spec) { s.BodyFormat = "yaml" }, []string{"body_format: Choose a body format"}},
		// Headers (A40).
		{"colliding header", header("AUTHORIZATION", "x"), []string{"headers[0].name: Authentication already sends AUTHORIZATION"}},
		{"collision with the key's header", func(s *request.Spec) {
			auth(key("x-a", request.InHeader))(s)
		}, []string{"headers[0].name: Authentication already sends X-A"}},
		{"CR LF in a value", header("X-A", "a\r\nX-B: 1"), []string{"headers[0].value: This value holds a line break"}},
		{"CR LF in a name", header("X-A\r\nX-B", "a"), []string{"headers[0].name: A name cannot hold a line break"}},
		{"NUL in a value", header("X-A", "a\x00"), []string{"headers[0].value: This value holds a control character"}},
		{"blank in a name", header("X A", "a"), []string{"headers[0].name: A header name can hold only"}},
		{"umlaut in a name", header("X-Ä", "a"), []string{"headers[0].name: A header name can hold only"}},
		{"emoji name", header("🙂", "a"), []string{"headers[0].name: A header name can hold only"}},
		{"variable in a name", header("X-{{name}}", "a"), []string{"headers[0].name: A header name can hold only"}},
		{"no name", header("", "a"), []string{"headers[0].name: Enter the header name"}},
		{"10,000 characters", header(long, "a"), []string{"headers[0].name: This name has 10,000 characters; it can have 200"}},
		{"Host", header("host", "a"), []string{"headers[0].name: Keydesk sets host itself"}},
		{"Content-Length", header("Content-Length", "1"), []string{"headers[0].name: Keydesk sets"}},
		{"Transfer-Encoding", header("Transfer-Encoding", "chunked"), []string{"headers[0].name: Keydesk sets"}},
		{"Connection", header("Connection", "close"), []string{"headers[0].name: Keydesk sets"}},
		{"Trailer", header("Trailer", "X"), []string{"headers[0].name: Keydesk sets"}},
		{"two User-Agents", func(s *request.Spec) {
			s.Headers = []request.Header{{Name: "User-Agent", Value: plain("a")}, {Name: "user-agent", Value: plain("b")}}
		}, []string{"headers[1].name: user-agent can be sent only once"}},
		{"contradicting Content-Type", func(s *request.Spec) {
			header("content-type", "text/xml")(s)
			s.BodyFormat = request.JSONBody
		}, []string{"headers[0].value: The body is JSON, and text/xml is not that"}},
		{"Content-Type without a body", func(s *request.Spec) {
			header("Content-Type", "application/json")(s)
			s.BodyFormat = request.NoBody
		}, []string{"headers[0].value: The body is empty"}},
		{"Content-Type with a variable", header("Content-Type", "application/{{name}}"), []string{"headers[0].value: Content-Type cannot hold a variable"}},
		{"another charset", header("Content-Type", "application/json; charset=latin1"), []string{"headers[0].value: Keydesk sends UTF-8"}},
		{"long value", header("X-A", strings.Repeat("x", 65537)), []string{"headers[0].value: This is 65,537 bytes long; a value can have 65,536"}},
		// Authentication (A28 to A32).
		{"key in the body of a GET", func(s *request.Spec) {
			auth(key("k", request.InBody))(s)
			s.Method = "GET"
		}, []string{"auth.add_to: Method GET cannot carry a key in the body. Choose Header or Query Params."}},
		{"key in the body of a DELETE", func(s *request.Spec) {
			auth(key("k", request.InBody))(s)
			s.Method, s.BodyFormat = "DELETE", request.JSONBody
		}, []string{"auth.add_to: Method DELETE cannot carry a key in the body."}},
		{"key in a raw body", func(s *request.Spec) {
			auth(key("k", request.InBody))(s)
			s.BodyFormat, s.RawBody = request.RawXML, "<a/>"
		}, []string{"auth.add_to: A raw body cannot carry a key in the body."}},
		{"key and query parameter", func(s *request.Spec) {
			auth(key("Body", request.InQuery))(s)
			s.Params[0].In = request.ParamQuery
		}, []string{"params[0].name: Authentication already sends Body"}},
		{"key and body parameter", auth(key("Body", request.InBody)), []string{"params[0].name: Authentication already sends Body"}},
		{"key and the URL's query", auth(key("x", request.InQuery)), []string{"url: The query already holds x"}},
		{"key with nothing", auth(request.Auth{Type: request.APIKey}), []string{"auth.key_name: Enter the key's name", "auth.key_value: Enter the key's value", "auth.add_to: Choose where"}},
		{"key header name", auth(key("X Key", request.InHeader)), []string{"auth.key_name: A header name can hold only"}},
		{"key as Host", auth(key("Host", request.InHeader)), []string{"auth.key_name: Keydesk sets Host itself"}},
		{"key with a line break", auth(request.Auth{Type: request.APIKey, KeyName: "k", KeyValue: hidden("CANARY\n"), AddTo: request.InHeader}), []string{"auth.key_value: This value holds a line break"}},
		{"no token", auth(request.Auth{Type: request.Bearer}), []string{"auth.token: Enter the token"}},
		{"token with its prefix", auth(request.Auth{Type: request.Bearer, Token: hidden("bearer CANARY")}), []string{"auth.token: Leave out the word Bearer"}},
		{"basic with nothing", auth(request.Auth{Type: request.Basic}), []string{"auth.username: Enter the user name", "auth.password: Enter the password"}},
		{"colon in the user name", auth(request.Auth{Type: request.Basic, Username: "a:b", Password: hidden("x")}), []string{"auth.username: A user name for Basic Auth cannot hold a colon"}},
		{"oauth2 without token", auth(request.Auth{Type: request.OAuth2, HeaderPrefix: "Bearer"}), []string{"auth.token: Enter the token"}},
		{"oauth2 prefix with line break", auth(request.Auth{Type: request.OAuth2, HeaderPrefix: "a\nb", Token: hidden("x")}), []string{"auth.header_prefix: The prefix holds a line break"}},
		{"oauth2 fetch with nothing", auth(request.Auth{Type: request.OAuth2, FetchToken: true}),
			[]string{"auth.token_url: Enter the token URL", "auth.client_id: Enter the client id", "auth.client_secret: Enter the client secret"}},
		{"oauth2 fetch from a stage field", auth(request.Auth{Type: request.OAuth2, FetchToken: true, TokenURL: "https://a.test/{{mobile}}", ClientID: "c", ClientSecret: hidden("s")}),
			[]string{"auth.token_url: Only fixed fields can be used here, and mobile is not one"}},
		{"auth type", auth(request.Auth{Type: "digest"}), []string{"auth.type: Choose an auth type"}},
		// Templates (A47).
		{"undefined, all named", func(s *request.Spec) {
			s.Params[0].Value = plain("{{one}} {{two}} {{one}} {{name}} {{three}}")
			s.URL += "&{{four}}"
		}, []string{"url: Nothing defines four. Add it to", "params[0].value: Nothing defines one, two and three. Add them to the Stage Parameter List."}},
		{"undefined in a secret", auth(request.Auth{Type: request.Bearer, Token: hidden("CANARY{{who}}")}), []string{"auth.token: Nothing defines who"}},
		{"a parameter is no variable", header("X-A", "{{Body}}"), []string{"headers[0].value: Nothing defines Body. The Custom Parameter of that name"}},
		// T8
		{"a provider's own variable", header("X-A", "{{1}}"), []string{`headers[0].value: Nothing defines 1. Add it to the Stage Parameter List. Write \{{1}} to send it as it is.`}},
		{"a provider's own block", header("X-A", "{{#if a}}"), []string{`headers[0].value: {{#if a}} is not a variable name. Use letters, digits, _ . and - only, or write \{{#if a}} to send it as it is.`}},
		{"not closed", header("X-A", "{{name"), []string{`headers[0].value: "{{" is never closed`}},
		{"bad name", header("X-A", "{{a b}}"), []string{"headers[0].value: {{a b}} is not a variable name"}},
		{"unknown format", header("X-A", "{{name|title}}"), []string{`headers[0].value: The format "title" is not known`}},
		{"unknown date format", header("X-A", "{{name|date:DD-QQ}}"), []string{`headers[0].value: The date format "DD-QQ" is not known`}},
		{"unknown built-in", header("X-A", "{{$now}}"), []string{"headers[0].value: {{$now}} is not known"}},
		// Parameters (A43, R3, R5).
		{"no parameter name", param(request.Param{Value: plain("x")}), []string{"params[0].name: Enter the field name"}},
		{"10,000 characters of name", param(request.Param{Name: long}), []string{"params[0].name: This name has 10,000 characters"}},
		{"variable in a parameter name", param(request.Param{Name: "{{name}}"}), []string{"params[0].name: Variables can be used in the value"}},
		{"template in a nowhere row", param(request.Param{Name: "k", In: request.ParamNowhere, Value: plain("{{name}}")}), []string{"params[0].value: A value that is sent nowhere cannot hold a variable"}},
		{"nowhere row with a blank in its name", param(request.Param{Name: "k k", In: request.ParamNowhere}), []string{"params[0].name: A value that is sent nowhere serves as a variable"}},
		{"body parameter without a body", func(s *request.Spec) {
			s.Method = "GET"
			s.Params[0].In = request.ParamBody
		}, []string{"params[0].in: This request has no body"}},
		{"body parameter with a raw body", func(s *request.Spec) {
			s.BodyFormat = request.RawText
			s.Params[0].In = request.ParamBody
		}, []string{"params[0].in: The body is written by hand"}},
		{"unknown In", param(request.Param{Name: "a", In: "cookie"}), []string{"params[0].in: Choose where"}},
		{"unknown type", param(request.Param{Name: "a", Type: "float"}), []string{"params[0].type: Choose a type"}},
		{"no number", param(request.Param{Name: "a", Type: request.NumberParam, Value: plain("1,5")}), []string{"params[0].value: This is not a number"}},
		{"leading zero", param(request.Param{Name: "a", Type: request.NumberParam, Value: plain("007")}), []string{"params[0].value: This is not a number"}},
		{"no boolean", param(request.Param{Name: "a", Type: request.BooleanParam, Value: plain("1")}), []string{"params[0].value: This is neither true nor false"}},
		{"no JSON", param(request.Param{Name: "a", Type: request.JSONParam, Value: plain(`{"a":{{name}}x}`)}), []string{"params[0].value: This is not valid JSON"}},
		{"value and object", names("a", "b", "a.c"), []string{`params[2].name: "a" is a value in one row`}},
		{"object and value", names("a.c", "a"), []string{`params[1].name: "a" holds named values in one row`}},
		{"list and object", names("a[0]", "a.c"), []string{`params[1].name: "a" is a list in one row`}},
		{"hole in a list", names("a[0]", "a[2].x", "a[2].y"), []string{`params[1].name: The list "a" has no [1]`}},
		{"index above 999", names("a[1000]"), []string{`params[0].name: In the name "a[1000]" the index is above 999`}},
		{"huge index", names("a[99999999999999999999]"), []string{"params[0].name: In the name"}},
		{"empty part", names("a..b"), []string{`params[0].name: The name "a..b" has an empty part`}},
		{"dot at the end", names("a."), []string{`params[0].name: The name "a." ends with a dot`}},
		{"open bracket", names("a[0"), []string{"params[0].name: In the name \"a[0\" the brackets must hold a number"}},
		{"no number in brackets", names("a[]"), []string{"params[0].name: In the name \"a[]\" the brackets must hold a number"}},
		{"text after bracket", names("a[0]b"), []string{"params[0].name: In the name \"a[0]b\" a dot is missing after ]"}},
		{"key against a list", func(s *request.Spec) {
			names("a.b")(s)
			s.Auth = key("a", request.InBody)
		}, []string{`params[0].name: "a" is a value in one row`}},
		// Stage parameters (A44, R2).
		{"another stage's field", func(s *request.Spec) { s.StageParams[0].Field = "Due date" }, []string{`stage_params[0].field: The stage has no field "Due date"`}},
		{"no field and no default", func(s *request.Spec) { s.StageParams[0].Field = "" }, []string{"stage_params[0].field: Choose the stage field"}},
		{"no variable", func(s *request.Spec) {
			s.StageParams = append(s.StageParams, request.StageParam{Field: "Mobile"})
		}, []string{"stage_params[2].variable: Enter the variable name"}},
		{"bad variable", func(s *request.Spec) {
			s.StageParams = append(s.StageParams, request.StageParam{Variable: "a b", Field: "Mobile"})
		}, []string{"stage_params[2].variable: A variable name can hold only"}},
		{"same variable twice", func(s *request.Spec) { s.StageParams = append(s.StageParams, s.StageParams[0]) }, []string{"stage_params[2].variable: The variable mobile is already defined"}},
		{"variable of a fixed field", func(s *request.Spec) {
			s.StageParams = append(s.StageParams, request.StageParam{Variable: "region", Field: "Mobile"})
		}, []string{"stage_params[2].variable: The variable region is already defined"}},
		{"nowhere row of a fixed field", func(s *request.Spec) { s.Params[1].Name = "region" }, []string{"params[1].name: The variable region is already defined"}},
		// Raw bodies and sizes.
		{"raw JSON that is none", func(s *request.Spec) { s.BodyFormat, s.RawBody = request.RawJSON, `{"a":"{{name}}",}` }, []string{"raw_body: This is not valid JSON"}},
		{"raw JSON with a bare word", func(s *request.Spec) { s.BodyFormat, s.RawBody = request.RawJSON, `{"a":x{{name}}}` }, []string{"raw_body: This is not valid JSON"}},
		{"undefined in raw body", func(s *request.Spec) { s.BodyFormat, s.RawBody = request.RawText, "{{a}}{{b}}" }, []string{"raw_body: Nothing defines a and b"}},
		{"raw body too long", func(s *request.Spec) { s.BodyFormat, s.RawBody = request.RawText, strings.Repeat("x", 1<<20+1) }, []string{"raw_body: This is 1,048,577 bytes long; a body can have 1,048,576"}},
		{"too many rows", func(s *request.Spec) {
			s.Headers = nil
			for i := range 201 {
				s.Headers = append(s.Headers, request.Header{Name: fmt.Sprint("X-", i)})
			}
		}, []string{"headers: There are 201 rows; a list can have 200"}},
	} {
		spec := good()
		test.change(&spec)
		faults := request.Check(spec, goodFields)
		var got []string
		for _, f := range faults {
			got = append(got, f.Name+": "+f.Message)
			if strings.Contains(f.Message, "CANARY") {
				t.Errorf("%s: the message holds a secret: %s", test.name, f.Message)
			}
			if len(f.Message) > 300 || !strings.HasSuffix(f.Message, ".") {
				t.Errorf("%s: not a sentence to show: %q", test.name, f.Message)
			}
		}
		matched := len(got) == len(test.want)
		for i := 0; matched && i < len(got); i++ {
			matched = strings.HasPrefix(got[i], test.want[i])
		}
		if !matched {
			t.Errorf("%s: got\n  %s\nwant\n  %s", test.name, strings.Join(got, "\n  "), strings.Join(test.want, "\n  "))
		}
		if len(test.want) == 0 {
			continue
		}
		// What Check refuses is never sent either.
		if _, err := request.Build(spec, testRecord, testEnv).HTTPRequest(t.Context()); err == nil && !strings.Contains(got[0], "The stage has no field") {
			t.Errorf("%s: refused on save, but a request was made", test.name)
		}
	}
}

// A Content-Type row sets the format where none is chosen (R5).
func TestContentTypeRowSetsTheFormat(t *testing.T) {
	for value, want := range map[string]string{
		"application/json":                   `{"a":"1"}`,
		"application/vnd.api+json":           `{"a":"1"}`,
		"application/x-www-form-urlencoded":  "a=1",
		"Application/X-WWW-Form-Urlencoded":  "a=1",
		"multipart/form-data; boundary=mine": "--mine\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--mine--\r\n",
		"text/xml; charset=utf-8":            "raw",
		"text/plain":                         "raw",
		"application/octet-stream":           "raw",
	} {
		spec := request.Spec{Method: "POST", URL: "http://a.test/", RawBody: "raw",
			Headers: []request.Header{{Name: "content-type", Value: plain(value)}},
			Params:  []request.Param{{Name: "a", Value: plain("1")}}}
		rendered := request.Build(spec, nil, testEnv)
		if got := string(rendered.Body()); got != want || rendered.Err() != nil {
			t.Errorf("%s: body %q, want %q (%v)", value, got, want, rendered.Err())
		}
	}
}

// R4, R5: a form written as raw text keeps its bytes, and its variables are
// still escaped as in a form.
func TestRawFormKeepsItsTextAndEscapesVariables(t *testing.T) {
	spec := request.Spec{
		Method: "POST", URL: "https://a.test/", BodyFormat: request.RawText, RawBody: "text=Hello there&note={{note}}",
		Headers:     []request.Header{{Name: "Content-Type", Value: request.Value{Plain: "application/x-www-form-urlencoded"}}},
		StageParams: []request.StageParam{{Variable: "note", Field: "Note"}},
	}
	rendered := request.Build(spec, map[string]string{"Note": "a&b=c d"}, request.Env{})
	if err := rendered.Err(); err != nil {
		t.Fatal(err)
	}
	if got, want := string(rendered.Body()), "text=Hello there&note=a%26b%3Dc+d"; got != want {
		t.Errorf("body is %q, want %q", got, want)
	}
	spec.Headers[0].Value.Plain = "application/json"
	if request.Build(spec, map[string]string{"Note": "x"}, request.Env{}).Err() == nil {
		t.Error("raw text that is called JSON was not refused")
	}
}
