package request_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"keydesk/backend/request"
)

// The value of the escaping matrix and what it must become in each place,
// written by hand (A47, R4).
const (
	hardValue   = "a\"b&c=d + 50% é 🙂\nsecond"
	hardQuery   = `a%22b%26c%3Dd+%2B+50%25+%C3%A9+%F0%9F%99%82%0Asecond`
	hardPath    = `a%22b%26c%3Dd%20%2B%2050%25%20%C3%A9%20%F0%9F%99%82%0Asecond`
	hardJSON    = `a\"b&c=d + 50% é 🙂\nsecond`
	hardXML     = `a&quot;b&amp;c=d + 50% é 🙂&#10;second`
	hardInForm  = `a%5C%22b%26c%3Dd+%2B+50%25+%C3%A9+%F0%9F%99%82%5Cnsecond`
	hardOneLine = "a\"b&c=d + 50% é 🙂"
)

func hardSpec(method string, format request.BodyFormat) request.Spec {
	return request.Spec{
		Method: method, URL: "http://a.test/", BodyFormat: format,
		StageParams: []request.StageParam{{Variable: "v", Field: "Text"}, {Variable: "n", Field: "Number"}},
	}
}

func TestEscapingMatrix(t *testing.T) {
	row := func(p request.Param) func(*request.Spec) {
		return func(s *request.Spec) { p.Name = "p"; s.Params = []request.Param{p} }
	}
	raw := func(body string) func(*request.Spec) {
		return func(s *request.Spec) { s.RawBody = body }
	}
	for _, test := range []struct {
		name   string
		method string
		format request.BodyFormat
		change func(*request.Spec)
		target string
		body   string
	}{
		{"path segment", "GET", "", func(s *request.Spec) { s.URL += "x/{{v}}/y" }, "/x/" + hardPath + "/y?n=7", ""},
		{"query of the URL", "GET", "", func(s *request.Spec) { s.URL += "?q={{v}}&n={{n}}" }, "/?q=" + hardQuery + "&n=7", ""},
		{"query row", "GET", "", row(request.Param{Value: plain("{{v}}-{{n}}")}), "/?p=" + hardQuery + "-7", ""},
		{"query row of type JSON", "GET", "", row(request.Param{Value: plain(`{"t":"{{v}}","n":{{n}}}`), Type: request.JSONParam}),
			"/?p=%7B%22t%22%3A%22" + hardInForm + "%22%2C%22n%22%3A7%7D", ""},
		{"form row", "POST", request.FormBody, row(request.Param{Value: plain("{{v}}-{{n}}")}), "/", "p=" + hardQuery + "-7"},
		{"form row of type JSON", "POST", request.FormBody, row(request.Param{Value: plain(`{"t":"{{v}}","n":{{n}}}`), Type: request.JSONParam}),
			"/", "p=%7B%22t%22%3A%22" + hardInForm + "%22%2C%22n%22%3A7%7D"},
		{"multipart row", "POST", request.MultipartBody, row(request.Param{Value: plain("{{v}}-{{n}}")}), "/",
			"--B\r\nContent-Disposition: form-data; name=\"p\"\r\n\r\n" + hardValue + "-7\r\n--B--\r\n"},
		{"JSON row", "POST", request.JSONBody, row(request.Param{Value: plain("{{v}}-{{n}}")}), "/", `{"p":"` + hardJSON + `-7"}`},
		{"JSON row of type JSON", "POST", request.JSONBody, row(request.Param{Value: plain(`["{{v}}",{{n}}]`), Type: request.JSONParam}), "/", `{"p":["` + hardJSON + `",7]}`},
		{"raw JSON", "POST", request.RawJSON, raw(`{"{{v}}":"x\"{{v}}","n":{{n}}}`), "/", `{"` + hardJSON + `":"x\"` + hardJSON + `","n":7}`},
		{"raw XML", "POST", request.RawXML, raw(`<a b="{{v}}">{{v}}{{n}}</a>`), "/", `<a b="` + hardXML + `">` + hardXML + `7</a>`},
		{"raw XML, CDATA", "POST", request.RawXML, raw(`<a><![CDATA[{{v}}]]>{{v}}{{n}}</a>`), "/", `<a><![CDATA[` + hardValue + `]]>` + hardXML + `7</a>`},
		{"raw text", "POST", request.RawText, raw("{{v}}{{n}}"), "/", hardValue + "7"},
		{"unmentioned, query", "GET", "", func(s *request.Spec) {}, "/?v=" + hardQuery + "&n=7", ""},
		{"unmentioned, form", "POST", request.FormBody, func(s *request.Spec) {}, "/", "v=" + hardQuery + "&n=7"},
		{"unmentioned, JSON", "POST", "", func(s *request.Spec) {}, "/", `{"v":"` + hardJSON + `","n":"7"}`},
	} {
		spec := hardSpec(test.method, test.format)
		test.change(&spec)
		rendered := request.Build(spec, map[string]string{"Text": hardValue, "Number": "7"}, request.Env{Boundary: "B"})
		if err := rendered.Err(); err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
		target, _, _ := strings.Cut(strings.TrimPrefix(string(rendered.Wire()), test.method+" "), " HTTP/1.1\r\n")
		if target != test.target {
			t.Errorf("%s: target\n %s, want\n %s", test.name, target, test.target)
		}
		if body := string(rendered.Body()); body != test.body {
			t.Errorf("%s: body\n %s, want\n %s", test.name, body, test.body)
		}
	}
}

// What was escaped reads back as the value with the parsers of the receiver.
func TestEscapedValuesReadBack(t *testing.T) {
	record := map[string]string{"Text": hardValue + "]]>\r\t<>'\\\u2028", "Number": "7"}
	value := record["Text"]
	spec := hardSpec("POST", request.RawXML)
	spec.RawBody = `<a b="{{v}}"><![CDATA[{{v}}]]></a>`
	var doc struct {
		B    string `xml:"b,attr"`
		Text string `xml:",chardata"`
	}
	if err := xml.Unmarshal(request.Build(spec, record, testEnv).Body(), &doc); err != nil || doc.B != value || strings.ReplaceAll(doc.Text, "\n", "") != strings.NewReplacer("\n", "", "\r", "").Replace(value) {
		t.Errorf("XML: %q, %v", doc, err)
	}
	spec = hardSpec("POST", request.JSONBody)
	var object map[string]string
	if err := json.Unmarshal(request.Build(spec, record, testEnv).Body(), &object); err != nil || object["v"] != value {
		t.Errorf("JSON: %q, %v", object, err)
	}
	for _, format := range []request.BodyFormat{request.FormBody, request.MultipartBody} {
		spec = hardSpec("POST", format)
		spec.URL += "seg/{{w}}?q={{w}}"
		spec.StageParams = append(spec.StageParams, request.StageParam{Variable: "w", Field: "Text"})
		req, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(request.Build(spec, record, testEnv).Wire())))
		if err != nil {
			t.Fatal(err)
		}
		if req.FormValue("v") != value || req.URL.Query().Get("q") != value || req.URL.Path != "/seg/"+value {
			t.Errorf("%s: form %q, query %q, path %q", format, req.FormValue("v"), req.URL.Query().Get("q"), req.URL.Path)
		}
	}
	if _, err := url.ParseQuery(hardQuery); err != nil {
		t.Error(err)
	}
}

// R1: values are never expanded again, and \{{ is a literal.
func TestValuesAreNeverExpandedAgain(t *testing.T) {
	spec := hardSpec("POST", request.RawText)
	spec.RawBody = `{{v}} \{{v}} {{{n}}}`
	rendered := request.Build(spec, map[string]string{"Text": "{{n}}{{$uuid}}", "Number": "7"}, testEnv)
	if got, want := string(rendered.Body()), "{{n}}{{$uuid}} {{v}} {7}"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// R4: in a header a line break stops the call, wherever it comes from; nothing
// of it reaches the socket.
func TestLineBreakInAHeaderStopsTheCall(t *testing.T) {
	for _, bad := range []string{"a\r\nX-Injected: 1", "a\nb", "a\rb", "a\x00b"} {
		spec := hardSpec("GET", "")
		spec.Headers = []request.Header{{Name: "X-A", Value: plain("{{v}}")}}
		rendered := request.Build(spec, map[string]string{"Text": bad, "Number": "7"}, testEnv)
		if err := rendered.Err(); err == nil || !strings.Contains(err.Error(), "headers[0].value: v holds a ") {
			t.Errorf("%q: %v", bad, err)
		}
		if _, err := rendered.HTTPRequest(t.Context()); err == nil {
			t.Errorf("%q: a request was made", bad)
		}
		if strings.Contains(string(rendered.Wire()), "\r\nX-Injected") {
			t.Errorf("%q: a header was injected into the preview", bad)
		}
	}
	spec := hardSpec("GET", "")
	spec.Headers = []request.Header{{Name: "X-A", Value: plain("{{v}}")}}
	rendered := request.Build(spec, map[string]string{"Text": hardOneLine, "Number": "7"}, testEnv)
	if err := rendered.Err(); err != nil || !strings.Contains(string(rendered.Wire()), "X-A: "+hardOneLine+"\r\n") {
		t.Errorf("%v\n%s", err, rendered.Wire())
	}
}

// The fault of a value that does not fit its place names its input.
func TestValuesThatDoNotFit(t *testing.T) {
	for _, test := range []struct {
		name   string
		format request.BodyFormat
		spec   func(*request.Spec)
		value  string
		at     string
		says   string
	}{
		{"text outside quotes", request.RawJSON, func(s *request.Spec) { s.RawBody = `{"a":{{v}}}` }, "CANARY value", "raw_body", "must be a number"},
		{"comma number", request.JSONBody, func(s *request.Spec) {
			s.Params = []request.Param{{Name: "a", Type: request.NumberParam, Value: plain("{{v}}")}}
		}, "1,5", "params[0].value", "not a number"},
		{"maybe", request.JSONBody, func(s *request.Spec) {
			s.Params = []request.Param{{Name: "a", Type: request.BooleanParam, Value: plain("{{v}}")}}
		}, "CANARY", "params[0].value", "neither true nor false"},
		{"control in XML", request.RawXML, func(s *request.Spec) { s.RawBody = `<a>{{v}}</a>` }, "a\x01CANARY", "raw_body", "XML cannot carry"},
		{"NUL in text", request.RawText, func(s *request.Spec) { s.RawBody = `{{v}}` }, "a\x00", "raw_body", "NUL"},
		{"no phone number", request.RawText, func(s *request.Spec) { s.RawBody = `{{v|e164}}` }, "CANARY", "raw_body", "not a phone number"},
		{"no date", request.RawText, func(s *request.Spec) { s.RawBody = `{{v|date:dd-MM-yyyy}}` }, "31.12.2026", "raw_body", "not a date"},
		{"climbing path", request.NoBody, func(s *request.Spec) { s.URL = "http://a.test/a/{{v}}/b" }, "..", "url", "change where the call goes"},
		{"colon from a field", request.NoBody, func(s *request.Spec) {
			s.Auth = request.Auth{Type: request.Basic, Username: "{{v}}", Password: hidden("x")}
		}, "a:b", "auth.username", "colon"},
	} {
		spec := hardSpec("POST", test.format)
		spec.StageParams = spec.StageParams[:1]
		test.spec(&spec)
		err := request.Build(spec, map[string]string{"Text": test.value}, testEnv).Err()
		if err == nil || !strings.Contains(err.Error(), test.at+": ") || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %v, want %q at %s", test.name, err, test.says, test.at)
			continue
		}
		if strings.Contains(err.Error(), "CANARY") {
			t.Errorf("%s: the message repeats the value: %v", test.name, err)
		}
	}
}

// A46, A47: the default is used for empty and missing values; without either,
// all the missing names are reported and nothing is made.
func TestMissingValuesAreAllNamed(t *testing.T) {
	spec := request.Spec{
		Method: "POST", URL: "http://a.test/{{one}}", BodyFormat: request.RawText, RawBody: "{{two}} {{three}} {{fallback}} {{one}}",
		Headers: []request.Header{{Name: "X-A", Value: plain("{{four}}")}},
		StageParams: []request.StageParam{
			{Variable: "one", Field: "One"}, {Variable: "two", Field: "Two"}, {Variable: "three", Field: "Three"},
			{Variable: "four", Field: "Four"}, {Variable: "fallback", Field: "Empty", Default: "default"}, {Variable: "never", Field: "Never"},
		},
	}
	rendered := request.Build(spec, map[string]string{"Three": "3", "Empty": "", "Two": ""}, testEnv)
	err := rendered.Err()
	if want := "request.missing_value: There is no value for one, two and four."; err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Fatalf("%v, want %s", err, want)
	}
	for _, at := range []string{"[url: ", "[raw_body: ", "[headers[0].value: "} {
		if !strings.Contains(err.Error(), at) {
			t.Errorf("nothing at %s in %v", at, err)
		}
	}
	if req, err := rendered.HTTPRequest(t.Context()); err == nil || req != nil {
		t.Error("a request was made without its values")
	}
	if strings.Contains(string(rendered.Wire()), "never") {
		t.Error("a stage parameter without a value was sent")
	}
	for _, f := range rendered.Preview().Problems {
		if f.Name == "url" && f.Message != "There is no value for one." {
			t.Errorf("%+v", f)
		}
	}
	spec.RawBody = "{{undefined}}"
	both := request.Build(spec, map[string]string{"One": "1", "Four": "4"}, testEnv)
	if p := both.Preview(); len(p.Problems) != 1 || !strings.HasPrefix(p.Problems[0].Message, "Nothing defines undefined.") || len(p.Missing) != 1 {
		t.Errorf("an undefined name is not reported once: %+v, %q", p.Problems, p.Missing)
	}
	spec.RawBody = "{{two}} {{three}} {{fallback}} {{one}}"
	filled := request.Build(spec, map[string]string{"One": "1", "Two": "2", "Three": "3", "Four": "4"}, testEnv)
	body, _ := io.ReadAll(bytes.NewReader(filled.Body()))
	if filled.Err() != nil || string(body) != "2 3 default 1" {
		t.Errorf("%v, %q", filled.Err(), body)
	}
}
