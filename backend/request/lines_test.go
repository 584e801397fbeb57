package request_test

import (
	"encoding/json"
	"encoding/xml"
	"io"
	"mime/multipart"
	"net/url"
	"strings"
	"testing"

	"keydesk/backend/fault"
	"keydesk/backend/request"
)

// R6: blanks around a key or token are refused where it goes into a header, also
// where a variable gives it, and blanks alone are no value.
func TestBlanksAroundATokenAreRefused(t *testing.T) {
	bearer := func(v request.Value) request.Auth { return request.Auth{Type: request.Bearer, Token: v} }
	oauth := func(v request.Value) request.Auth {
		return request.Auth{Type: request.OAuth2, HeaderPrefix: "Bearer", Token: v}
	}
	key := func(v request.Value) request.Auth {
		return request.Auth{Type: request.APIKey, KeyName: "X-Key", KeyValue: v, AddTo: request.InHeader}
	}
	for kind, auth := range map[string]func(request.Value) request.Auth{"auth.token": bearer, "auth.token ": oauth, "auth.key_value": key} {
		at := strings.TrimSpace(kind)
		for text, want := range map[string]string{
			" TOKEN": "has blanks around it", "TOKEN\t": "has blanks around it", "\u00A0TOKEN": "has blanks around it", "TOKEN \u3000": "has blanks around it",
			"   ": "Enter the", "\t\n": "Enter the", "TOK EN": "", "TOKEN": "",
		} {
			spec := request.Spec{Method: "GET", URL: "https://a.test", Auth: auth(hidden(text))}
			faults := request.Check(spec, nil)
			built := request.Build(spec, nil, request.Env{}).Err()
			if want == "" {
				if len(faults) > 0 || built != nil {
					t.Errorf("%s %q: %v %v", at, text, faults, built)
				}
				continue
			}
			if len(faults) != 1 || faults[0].Name != at || !strings.Contains(faults[0].Message, want) {
				t.Errorf("%s %q: %v", at, text, faults)
			}
			if f := fault.From(built); f == nil || len(f.Fields) != 1 || f.Fields[0].Name != at || strings.Contains(f.Error(), text) && strings.TrimSpace(text) != "" {
				t.Errorf("%s %q is built: %v", at, text, built)
			}
		}
		named := request.Spec{Method: "GET", URL: "https://a.test", Auth: auth(plain("{{k}}")), Fixed: []request.Field{{Name: "k", Value: hidden(" TOKEN")}}}
		if f := fault.From(request.Build(named, nil, request.Env{}).Err()); f == nil || f.Fields[0].Name != at || !strings.Contains(f.Message, "has blanks around it") {
			t.Errorf("%s of a variable: %v", at, f)
		}
	}
	inQuery := request.Auth{Type: request.APIKey, KeyName: "k", KeyValue: hidden(" k "), AddTo: request.InQuery}
	rendered := request.Build(request.Spec{Method: "GET", URL: "https://a.test", Auth: inQuery}, nil, request.Env{})
	if rendered.Err() != nil || !strings.HasPrefix(string(rendered.Wire()), "GET /?k=+k+ HTTP/1.1") {
		t.Errorf("in a query it is sent as typed: %v", rendered.Err())
	}
}

// A34 R4: a value of several lines goes out byte for byte where a body can carry
// it, and is refused in words where a header cannot.
func TestLinesAreSentByteForByte(t *testing.T) {
	const pem = "-----BEGIN PRIVATE KEY-----\r\nMIIB + / = &\n\ttab  two blanks \r\n-----END PRIVATE KEY-----\r\n"
	build := func(spec request.Spec) *request.Rendered {
		t.Helper()
		spec.Method, spec.URL = "POST", "https://a.test"
		if faults := request.Check(spec, nil); len(faults) > 0 {
			t.Fatal(faults)
		}
		rendered := request.Build(spec, nil, request.Env{Boundary: "b"})
		if err := rendered.Err(); err != nil {
			t.Fatal(err)
		}
		return rendered
	}
	for kind, value := range map[string]request.Value{"secret": hidden(pem), "plain": plain(pem)} {
		row := request.Param{ID: "1", Name: "key", Value: value}
		nowhere := request.Param{ID: "1", Name: "key", Value: value, In: request.ParamNowhere}
		got := map[string]string{}
		var object map[string]string
		if err := json.Unmarshal(build(request.Spec{BodyFormat: request.JSONBody, Params: []request.Param{row}}).Body(), &object); err != nil {
			t.Fatal(err)
		}
		got["JSON"] = object["key"]
		if err := json.Unmarshal(build(request.Spec{BodyFormat: request.RawJSON, RawBody: `{"key":"{{key}}"}`, Params: []request.Param{nowhere}}).Body(), &object); err != nil {
			t.Fatal(err)
		}
		got["raw JSON"] = object["key"]
		form, err := url.ParseQuery(string(build(request.Spec{BodyFormat: request.FormBody, Params: []request.Param{row}}).Body()))
		if err != nil {
			t.Fatal(err)
		}
		got["form"] = form.Get("key")
		part, err := multipart.NewReader(strings.NewReader(string(build(request.Spec{BodyFormat: request.MultipartBody, Params: []request.Param{row}}).Body())), "b").NextPart()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(part)
		if err != nil {
			t.Fatal(err)
		}
		got["multipart"] = string(text)
		var element struct {
			Key string `xml:",chardata"`
		}
		if err := xml.Unmarshal(build(request.Spec{BodyFormat: request.RawXML, RawBody: "<key>{{key}}</key>", Params: []request.Param{nowhere}}).Body(), &element); err != nil {
			t.Fatal(err)
		}
		got["XML"] = element.Key
		got["raw text"] = string(build(request.Spec{BodyFormat: request.RawText, RawBody: "{{key}}", Params: []request.Param{nowhere}}).Body())
		for where, text := range got {
			if text != pem {
				t.Errorf("%s in %s: %q", kind, where, text)
			}
		}
		for where, spec := range map[string]request.Spec{
			"headers[0].value": {Headers: []request.Header{{Name: "X-Key", Value: value}}},
			"auth.token":       {Auth: request.Auth{Type: request.Bearer, Token: hidden(pem)}},
			"auth.key_value":   {Auth: request.Auth{Type: request.APIKey, KeyName: "X-Key", KeyValue: value, AddTo: request.InHeader}},
		} {
			spec.Method, spec.URL = "GET", "https://a.test"
			if faults := request.Check(spec, nil); len(faults) != 1 || faults[0].Name != where || !strings.Contains(faults[0].Message, "holds a line break, which a header cannot carry") {
				t.Errorf("%s in %s: %v", kind, where, faults)
			}
		}
	}
}
