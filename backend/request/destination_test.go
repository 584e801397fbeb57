package request_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"keydesk/backend/request"
	"keydesk/backend/secret"
)

// S3: stored secrets are used only while scheme, host and port are unchanged,
// so two spellings of the same destination must compare equal.
func TestTarget(t *testing.T) {
	for url, want := range map[string]string{
		"https://API.Example.test/x":                 "https api.example.test 443",
		"HTTP://api.example.test":                    "http api.example.test 80",
		"https://api.example.test:443/":              "https api.example.test 443",
		"https://api.example.test:0443/":             "https api.example.test 443",
		"https://api.example.test.:8443?x":           "https api.example.test 8443",
		"https://{{region}}.example.test:{{port}}/x": "https eu.example.test 8443",
		"{{base}}/messages/{{mobile}}":               "https base.example.test 443",
		"{{base}}{{mobile}}":                         "",
		"https://{{region|upper}}.example.test/":     "https eu.example.test 443",
		"https://bücher.example/":                    "https xn--bcher-kva.example 443",
		"https://[2001:DB8::1]:8443/":                "https 2001:db8::1 8443",
		"https://{{mobile}}.example.test/":           "",
		"https://x@api.example.test/":                "",
		"https://{{gone}}.example.test/":             "",
		"//api.example.test/":                        "",
	} {
		spec := request.Spec{URL: url, StageParams: []request.StageParam{{Variable: "mobile", Field: "Mobile", Default: "evil.test"}},
			Fixed: []request.Field{{Name: "region", Value: plain("eu")}, {Name: "port", Value: plain("8443")}, {Name: "base", Value: plain("https://base.example.test/v1")}}}
		if url == "{{base}}{{mobile}}" {
			spec.Fixed[2].Value = plain("https://base.example.test")
		}
		scheme, host, port, err := request.Target(spec)
		got := strings.TrimSpace(scheme + " " + host + " " + port)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%s: %q, %v; want %q", url, got, err, want)
		}
		spec.Auth.TokenURL = url
		spec.URL = ""
		scheme, host, port, err = request.TokenTarget(spec)
		if got := strings.TrimSpace(scheme + " " + host + " " + port); got != want || (err == nil) != (want != "") {
			t.Errorf("token URL %s: %q, %v; want %q", url, got, err, want)
		}
	}
}

// The destination of the bytes is the one Target named.
func TestHostIsTheTarget(t *testing.T) {
	spec := request.Spec{Method: "GET", URL: "{{base}}/m?x=1", Fixed: []request.Field{{Name: "base", Value: plain("https://Base.example.test/v1 é")}}}
	rendered := request.Build(spec, nil, testEnv)
	scheme, host, port := rendered.Host()
	if scheme+host+port != "httpsbase.example.test443" || rendered.Err() != nil {
		t.Errorf("%s %s %s, %v", scheme, host, port, rendered.Err())
	}
	if !strings.HasPrefix(string(rendered.Wire()), "GET /v1%20%C3%A9/m?x=1 HTTP/1.1\r\nHost: Base.example.test\r\n") {
		t.Errorf("%s", rendered.Wire())
	}
	if scheme, host, port := request.Build(request.Spec{Method: "GET", URL: "nowhere"}, nil, testEnv).Host(); scheme+host+port != "" {
		t.Error("a URL without a destination has a host")
	}
}

func TestMentions(t *testing.T) {
	got := request.Mentions(request.Spec{StageParams: []request.StageParam{
		{Variable: "a", Field: "Mobile"}, {Variable: "b", Default: "x"}, {Variable: "c", Field: "Name"}, {Variable: "d", Field: "Mobile"}}})
	if diff := cmp.Diff([]string{"Mobile", "Name"}, got); diff != "" {
		t.Error(diff)
	}
}

// A33: what the token is asked for with, with the fixed fields filled in.
func TestTokenGrant(t *testing.T) {
	spec := request.Spec{
		Auth: request.Auth{Type: request.OAuth2, FetchToken: true, TokenURL: "https://{{region}}.id.test/{{client}}/token?a={{client}}",
			ClientID: "{{client}}", ClientSecret: hidden("s-{{key}}"), Scopes: " send  read "},
		Fixed:  []request.Field{{Name: "region", Value: plain("eu")}, {Name: "client", Value: plain("a b")}},
		Params: []request.Param{{Name: "key", In: request.ParamNowhere, Value: hidden("CANARY")}},
	}
	got, err := request.TokenGrant(spec)
	want := request.Grant{TokenURL: "https://eu.id.test/a%20b/token?a=a+b", ClientID: "a b", ClientSecret: secret.New("s-CANARY"), Scopes: []string{"send", "read"}}
	if err != nil || got.TokenURL != want.TokenURL || got.ClientID != want.ClientID || got.ClientSecret != want.ClientSecret || !cmp.Equal(got.Scopes, want.Scopes) {
		t.Errorf("%+v, %v", got, err)
	}
	spec.Auth.ClientSecret = request.Value{Secret: true, Stored: true}
	if _, err := request.TokenGrant(spec); err == nil || !strings.Contains(err.Error(), "auth.client_secret") {
		t.Errorf("a grant without its secret: %v", err)
	}
	spec.Auth.TokenURL = "https://{{nope}}/"
	if _, err := request.TokenGrant(spec); err == nil || !strings.Contains(err.Error(), "auth.token_url: Nothing defines nope") {
		t.Errorf("%v", err)
	}
}
