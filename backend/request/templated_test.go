package request_test

import (
	"strings"
	"testing"

	"keydesk/backend/request"
)

// R2: a provider's message field is a text with its own variables. It is
// escaped for the place where it is used, keeps the origin of each part, and is
// expanded once.
func TestTemplatedField(t *testing.T) {
	field := func(name, text string) request.Field {
		return request.Field{ID: name, Name: name, Value: plain(text), Template: true}
	}
	spec := request.Spec{Method: "POST", URL: "https://a.test/{{to}}", BodyFormat: request.FormBody,
		Fixed: []request.Field{field("to", "{{m}}"), field("text", `Hello "{{name}}" \{{x}} & {{region}}`), field("empty", ""),
			{ID: "r", Name: "region", Value: plain("{{m}}")}},
		Params: []request.Param{
			{ID: "1", Name: "To", Value: plain("{{to|digits}}")}, {ID: "2", Name: "Text", Value: plain("{{text}}")},
			{ID: "3", Name: "Json", Value: plain(`{"t":"{{text}}"}`), Type: request.JSONParam},
			{ID: "4", Name: "Gone", Value: plain("{{empty}}"), Optional: true}},
		StageParams: []request.StageParam{{ID: "a", Variable: "m", Field: "Mobile"}, {ID: "b", Variable: "name", Field: "Name"}},
	}
	record := map[string]string{"Mobile": "98123 45678", "Name": "{{region}}\n"}
	rendered := request.Build(spec, record, request.Env{Country: "IN"})
	const text = `Hello+%22%7B%7Bregion%7D%7D%0A%22+%7B%7Bx%7D%7D+%26+%7B%7Bm%7D%7D`
	const inJSON = `%7B%22t%22%3A%22Hello+%5C%22%7B%7Bregion%7D%7D%5Cn%5C%22+%7B%7Bx%7D%7D+%26+%7B%7Bm%7D%7D%22%7D`
	if got, want := string(rendered.Body()), "To=919812345678&Text="+text+"&Json="+inJSON; got != want || rendered.Err() != nil {
		t.Errorf("got  %s\nwant %s\n%v", got, want, rendered.Err())
	}
	if !strings.HasPrefix(string(rendered.Wire()), "POST /98123%2045678 HTTP/1.1\r\n") {
		t.Error(string(rendered.Wire()))
	}
	origins := ""
	for _, s := range rendered.Preview().Body {
		origins += s.Origin + "|"
	}
	if !strings.Contains(origins, "|Mobile|") || !strings.Contains(origins, "|Name|") {
		t.Error("the parts lost their origin:", origins)
	}

	missing := request.Build(spec, map[string]string{"Mobile": "98123 45678"}, request.Env{Country: "IN"})
	if names := missing.Missing(); len(names) != 1 || names[0] != "name" {
		t.Error("missing names:", names)
	}
	spec.Params[1].Optional, spec.Params[2].Optional = true, true
	if got := string(request.Build(spec, map[string]string{"Mobile": "98123 45678"}, request.Env{Country: "IN"}).Body()); got != "To=919812345678" {
		t.Error("optional rows whose field lacks a value are left out:", got)
	}
}

// R1: what a record holds never reaches the host through a templated field,
// and templates do not nest.
func TestTemplatedFieldRefused(t *testing.T) {
	base := func(url, text string) request.Spec {
		return request.Spec{Method: "GET", URL: url, StageParams: []request.StageParam{{Variable: "m", Field: "Mobile"}},
			Fixed: []request.Field{{Name: "a", Value: plain(text), Template: true}, {Name: "b", Value: plain("{{m}}"), Template: true}}}
	}
	for _, test := range []struct {
		spec request.Spec
		at   string
	}{
		{base("https://{{a}}.test/", "eu"), "url"},
		{base("https://x.test/", "{{b}}"), "fixed[0].value"},
		{base("https://x.test/", "{{a}}"), "fixed[0].value"},
		{base("https://x.test/", "{{nobody}}"), "fixed[0].value"},
		{base("https://x.test/", "{{m"), "fixed[0].value"},
	} {
		faults := request.Check(test.spec, nil)
		if len(faults) == 0 || faults[0].Name != test.at {
			t.Errorf("%s %s: %v", test.spec.URL, test.spec.Fixed[0].Value.Plain, faults)
		}
	}
	secret := base("https://x.test/", "")
	secret.Fixed[0].Value = hidden("s{{m}}")
	if faults := request.Check(secret, nil); len(faults) != 1 || faults[0].Name != "fixed[0].value" {
		t.Error(faults)
	}
}
