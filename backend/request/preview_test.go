package request_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"keydesk/backend/fault"
	"keydesk/backend/request"
	"keydesk/backend/secret"
)

// text joins segments as a person reads them.
func text(segments []request.Segment) string {
	var b strings.Builder
	for _, s := range segments {
		b.WriteString(s.Text)
	}
	return b.String()
}

func TestPreviewNamesEveryOrigin(t *testing.T) {
	spec := request.Spec{
		Method: "POST", URL: "https://{{region}}.example.test/{{mobile|digits}}?v=1", BodyFormat: request.FormBody,
		Auth:    request.Auth{Type: request.Basic, Username: "AC0123", Password: hidden("CANARY")},
		Headers: []request.Header{{Name: "X-Note", Value: plain("for {{name}}")}},
		Params:  []request.Param{{Name: "To", Value: plain("{{mobile}}")}, {Name: "Body", Value: plain("Hi {{gone}}")}},
		StageParams: []request.StageParam{{Variable: "mobile", Field: "Mobile"},
			{Variable: "name", Field: "Nickname", Default: "you"}, {Variable: "gone", Field: "Gone"}},
		Fixed: []request.Field{{Name: "region", Value: plain("eu")}},
	}
	got := request.Build(spec, testRecord, testEnv).Preview()
	want := request.Preview{
		Method: "POST",
		URL: []request.Segment{
			{Text: "https://", Origin: "API URL"}, {Text: "eu", Origin: "region"}, {Text: ".example.test", Origin: "API URL"},
			{Text: "/", Origin: "API URL"}, {Text: "919812345678", Origin: "Mobile, sample value"}, {Text: "?v=1", Origin: "API URL"},
		},
		Headers: []request.PreviewHeader{
			{Name: "Host", Segments: []request.Segment{{Text: "eu.example.test", Origin: "API URL"}}},
			{Name: "User-Agent", Segments: []request.Segment{{Text: "Keydesk/1.0", Origin: "default"}}},
			{Name: "Content-Length", Segments: []request.Segment{{Text: "35", Origin: "default"}}},
			{Name: "Accept-Encoding", Segments: []request.Segment{{Text: "gzip, deflate", Origin: "default"}}},
			{Name: "Authorization", Segments: []request.Segment{{Text: "Basic ", Origin: "Authentication"}, {Text: secret.Mask, Origin: "Authentication", Secret: true}}},
			{Name: "Content-Type", Segments: []request.Segment{{Text: "application/x-www-form-urlencoded", Origin: "default"}}},
			{Name: "X-Note", Segments: []request.Segment{{Text: "for ", Origin: "Additional header"}, {Text: "you", Origin: "Default Value of name"}}},
		},
		Body: []request.Segment{
			{Text: "To=", Origin: "Custom parameter To"}, {Text: "%2B919812345678", Origin: "Mobile, sample value"}, {Text: "&"},
			{Text: "Body=Hi+", Origin: "Custom parameter Body"}, {Text: "{{gone}}", Origin: "Custom parameter Body", Missing: true},
		},
		// Of the secret not even the length is counted.
		BodyBytes: 35, TotalBytes: len(request.Build(spec, testRecord, testEnv).Wire()) - len("QUMwMTIzOkNBTkFSWQ=="), SecretsUncounted: true,
		Notes: []string{}, Missing: []string{"gone"},
	}
	want.Problems = append(want.Problems, got.Problems...)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("want (-), got (+):\n%s", diff)
	}
	if len(got.Problems) != 1 || got.Problems[0].Name != "params[1].value" || got.Problems[0].Message != "There is no value for gone." {
		t.Errorf("problems: %+v", got.Problems)
	}
	live := testEnv
	live.Sample = false
	if s := request.Build(spec, testRecord, live).Preview().URL[4]; s.Origin != "Mobile" {
		t.Errorf("a live value is called %q", s.Origin)
	}
}

// R3: what a person would not expect is noted.
func TestPreviewSaysWhatGoesToTheQuery(t *testing.T) {
	raw := request.Build(request.Spec{Method: "POST", URL: "http://a.test/", BodyFormat: request.RawText, RawBody: "x",
		Params: []request.Param{{Name: "a", Value: plain("1")}, {Name: "b", Value: plain("1"), In: request.ParamQuery}}}, nil, testEnv).Preview()
	if diff := cmp.Diff([]string{"a is sent in the query, since the body is written by hand."}, raw.Notes); diff != "" {
		t.Error(diff)
	}
	get := request.Build(request.Spec{Method: "GET", URL: "http://a.test/", Params: []request.Param{{Name: "a", Value: plain("1")}}}, nil, testEnv).Preview()
	if len(get.Notes) != 0 {
		t.Errorf("a note about what everyone expects: %q", get.Notes)
	}
}

// RULES.md, Doors: no nil slice reaches the page, however little is filled in.
func TestPreviewOfNothingHasNoNull(t *testing.T) {
	for _, spec := range []request.Spec{{}, {Method: "POST", URL: "x"}, {URL: "https://"}} {
		out, err := json.Marshal(request.Build(spec, nil, request.Env{}).Preview())
		if err != nil || strings.Contains(string(out), "null") {
			t.Errorf("%s, %v", out, err)
		}
	}
}

// An optional row is left out if its value is empty; a name that nothing
// defines is a mistake and is reported.
func TestPreviewNamesAMistakeInAnOptionalRow(t *testing.T) {
	spec := request.Spec{Method: "POST", URL: "https://api.example.com", BodyFormat: request.JSONBody,
		Fixed: []request.Field{{Name: "text", Value: request.Value{Plain: "Order {{nonsense}} x"}, Template: true}, {Name: "empty"}},
		Params: []request.Param{
			{Name: "Body", Value: request.Value{Plain: "{{text}}"}, Optional: true},
			{Name: "Media", Value: request.Value{Plain: "{{empty}}"}, Optional: true},
			{Name: "To", Value: request.Value{Plain: "+14155550100"}},
		}}
	p := request.Build(spec, nil, testEnv).Preview()
	if !slices.Equal(p.Missing, []string{"nonsense"}) {
		t.Errorf("missing %q", p.Missing)
	}
}

func TestPreviewCutsALongBody(t *testing.T) {
	spec := request.Spec{Method: "POST", URL: "http://a.test/", BodyFormat: request.RawText, RawBody: "a" + strings.Repeat("é", 300<<10)}
	p := request.Build(spec, nil, testEnv).Preview()
	if shown := text(p.Body); !p.BodyCut || len(shown) != request.MaxPreviewBody-1 || p.BodyBytes != 600<<10+1 || strings.ContainsRune(shown, '\uFFFD') {
		t.Errorf("cut %v, %d bytes shown of %d", p.BodyCut, len(shown), p.BodyBytes)
	}
}

// A stored secret that is not opened, and a token that is not fetched, are
// shown as such; neither can be sent.
func TestPreviewWithoutTheSecrets(t *testing.T) {
	stored := request.Value{Secret: true, Stored: true}
	spec := request.Spec{Method: "GET", URL: "http://a.test/", Auth: request.Auth{Type: request.Bearer, Token: stored},
		Headers: []request.Header{{Name: "X-A", Value: stored}}}
	rendered := request.Build(spec, nil, testEnv)
	p := rendered.Preview()
	if got := text(p.Headers[3].Segments) + text(p.Headers[4].Segments); got != "Bearer "+secret.Mask+secret.Mask || len(p.Problems)+len(p.Missing) != 0 {
		t.Errorf("%q, %+v", got, p)
	}
	if _, err := rendered.HTTPRequest(t.Context()); err == nil || !strings.Contains(err.Error(), "request.secret_withheld") {
		t.Errorf("sent without its secrets: %v", err)
	}
	spec = request.Spec{Method: "GET", URL: "http://a.test/", Auth: request.Auth{Type: request.OAuth2, HeaderPrefix: "Bearer", FetchToken: true,
		TokenURL: "https://id.test/t", ClientID: "c", ClientSecret: stored}}
	rendered = request.Build(spec, nil, testEnv)
	if got := rendered.Preview().Headers[3].Segments; len(got) != 2 || got[1].Text != "fetched token" || !got[1].Secret {
		t.Errorf("%+v", got)
	}
	if _, err := rendered.HTTPRequest(t.Context()); err == nil {
		t.Error("sent without its token")
	}
}

// The canary: wherever a secret can be used, it is in the bytes, in Secrets,
// and nowhere that a person, a log or the page could see it (A35, A55).
func TestSecretsAppearNowhereButOnTheWire(t *testing.T) {
	for _, a := range auths {
		for _, method := range methods {
			for _, format := range formats {
				for _, url := range []string{"http://{{region}}.test/{{path_key}}?k={{path_key}}", "http://{{mobile}}/\x00{{path_key}}", ""} {
					spec := matrixSpec(method, format, a.auth)
					spec.URL = url
					spec.Fixed = []request.Field{{Name: "region", Value: plain("eu")}, {Name: "fixed_key", Value: hidden("CANARY-fixed")}}
					spec.Headers = append(spec.Headers, request.Header{Name: "X-K", Value: plain("a {{fixed_key}} b")},
						request.Header{Name: "X-Bad", Value: hidden("CANARY-bad\r\n{{undefined}}")})
					spec.Params = append(spec.Params, request.Param{Name: "n", Type: request.NumberParam, Value: hidden("CANARY-number")},
						request.Param{Name: "f", Value: plain("{{fixed_key|e164}}")})
					rendered := request.Build(spec, testRecord, testEnv)
					preview, err := json.Marshal(rendered.Preview())
					if err != nil {
						t.Fatal(err)
					}
					faults, _ := json.Marshal(request.Check(spec, goodFields))
					seen := map[string]string{
						"preview": string(preview), "check": string(faults), "error": fmt.Sprint(rendered.Err()),
						"printed": fmt.Sprintf("%v %+v %#v %s", rendered, rendered, rendered, rendered),
						"spec":    fmt.Sprintf("%+v", spec),
						"sh":      rendered.Curl(request.POSIX), "cmd": rendered.Curl(request.Cmd), "powershell": rendered.Curl(request.PowerShell),
					}
					asJSON, _ := json.Marshal(rendered.Err())
					seen["error as JSON"] = string(asJSON)
					for where, text := range seen {
						decoded := text
						if plain, err := queryUnescape(text); err == nil {
							decoded = plain
						}
						for _, canary := range []string{"CANARY", base64.StdEncoding.EncodeToString([]byte("api-é:CANARY"))[:12]} {
							if strings.Contains(text, canary) || strings.Contains(decoded, canary) {
								t.Fatalf("%s %s %q: a secret is in the %s:\n%s", a.name, method, format, where, text)
							}
						}
					}
				}
			}
		}
	}
}

func queryUnescape(s string) (string, error) { return url.QueryUnescape(s) }

// Everything secret in the bytes is in Secrets, in the form it has there, so
// that a redactor that knows them leaves nothing.
func TestSecretsListsEveryFormOnTheWire(t *testing.T) {
	for _, a := range auths {
		for _, format := range formats {
			spec := matrixSpec("POST", format, a.auth)
			if a.auth.AddTo == request.InBody && !carriesFields("POST", format) {
				continue
			}
			rendered := request.Build(spec, testRecord, testEnv)
			wire := string(rendered.Wire())
			for _, s := range rendered.Secrets() {
				wire = strings.ReplaceAll(wire, s.Reveal(), "")
			}
			if strings.Contains(wire, "CANARY") || strings.Contains(wire, "Q0FOQVJZ") {
				t.Errorf("%s, %q: still in the bytes:\n%s", a.name, format, wire)
			}
		}
	}
	basic := request.Build(request.Spec{Method: "GET", URL: "http://a.test/", Auth: auths[5].auth}, nil, testEnv)
	derived := base64.StdEncoding.EncodeToString([]byte("api-é:" + canaryPassword))
	found := false
	for _, s := range basic.Secrets() {
		found = found || s.Reveal() == derived
	}
	if !found || !strings.Contains(string(basic.Wire()), derived) {
		t.Error("base64 of user:password is not among the secrets")
	}
}

// Every field that crosses to the page has a JSON name and a type it can read.
func TestPreviewTypesCanCross(t *testing.T) {
	var walk func(reflect.Type)
	walk = func(typ reflect.Type) {
		switch typ.Kind() {
		case reflect.Slice:
			walk(typ.Elem())
		case reflect.Struct:
			for i := range typ.NumField() {
				if typ.Field(i).Tag.Get("json") == "" {
					t.Errorf("%s.%s has no json tag", typ, typ.Field(i).Name)
				}
				walk(typ.Field(i).Type)
			}
		case reflect.String, reflect.Bool, reflect.Int:
		default:
			t.Errorf("%s cannot cross", typ)
		}
	}
	walk(reflect.TypeFor[request.Preview]())
}

// spec60 is a request of 60 rows, the size of the goal in RULES.md, Speed.
func spec60() (request.Spec, map[string]string) {
	spec := matrixSpec("POST", request.JSONBody, auths[5].auth)
	spec.Headers, spec.Params, spec.StageParams = nil, nil, nil
	record := map[string]string{}
	for i := range 20 {
		spec.Headers = append(spec.Headers, request.Header{Name: fmt.Sprintf("X-Header-%02d", i), Value: plain(fmt.Sprintf("value {{v%d}}", i))})
		spec.Params = append(spec.Params, request.Param{Name: fmt.Sprintf("list[%d].name", i), Value: plain(fmt.Sprintf("Dear {{v%d}}, your order is on its way.", i))})
		spec.StageParams = append(spec.StageParams, request.StageParam{Variable: fmt.Sprintf("v%d", i), Field: fmt.Sprintf("Field %d", i)})
		record[fmt.Sprintf("Field %d", i)] = "Tom & \"Jerry\" é"
	}
	spec.URL = "https://api.example.test/v1/{{v0}}/messages?to={{v1}}"
	return spec, record
}

// BenchmarkPreview60 renders, checks and previews one request of 60 rows: what
// happens at each key press (goal: 1 ms).
func BenchmarkPreview60(b *testing.B) {
	spec, record := spec60()
	if err := request.Build(spec, record, testEnv).Err(); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		_ = request.Build(spec, record, testEnv).Preview()
	}
}

// R1: the names without a value are data as well as part of the sentence, and
// the sentence calls a provider's field by its label.
func TestMissingNamesAreData(t *testing.T) {
	spec := request.Spec{Method: "GET", URL: "https://api.example/{{sender_id}}/{{to}}", Fixed: []request.Field{{Name: "sender_id"}}}
	env := request.Env{Label: func(name string) string {
		if name == "sender_id" {
			return "Sender ID"
		}
		return name
	}}
	told := fault.From(request.Build(spec, nil, env).Err())
	if !slices.Equal(told.Missing, []string{"sender_id", "to"}) || told.Message != "There is no value for Sender ID and to." {
		t.Errorf("it says %q of %v", told.Message, told.Missing)
	}
}

// R6: what is shown is what is sent, also where a secret is next to a character
// that means something in an address.
func TestSecretsBesideSignsOfAnAddress(t *testing.T) {
	spec := request.Spec{
		Method: "GET", URL: "https://api.example.test/{{a}}.{{b}}/.{{a}}?x=1&{{a}}", Auth: request.Auth{Type: request.NoAuth},
		Params: []request.Param{
			{Name: "a", Value: hidden("CANARY-a"), In: request.ParamNowhere}, {Name: "b", Value: hidden("CANARY-b"), In: request.ParamNowhere},
			{Name: "q", Value: plain("1")},
		},
	}
	rendered := request.Build(spec, nil, testEnv)
	if err := rendered.Err(); err != nil {
		t.Fatal(err)
	}
	want := strings.NewReplacer("CANARY-a", secret.Mask, "CANARY-b", secret.Mask).Replace(strings.SplitN(string(rendered.Wire()), " ", 3)[1])
	preview := rendered.Preview()
	if got := text(preview.URL); got != "https://api.example.test"+want || len(preview.Problems) > 0 {
		t.Errorf("shown %s, sent %s, %v", got, want, preview.Problems)
	}
	if line := rendered.Curl(request.POSIX); !strings.Contains(line, "'https://api.example.test/<A>.<B>/.<A>?x=1&<A>&q=1'") {
		t.Error(line)
	}
	// A value that is not secret still cannot climb.
	spec.URL = "https://api.example.test/{{d}}{{a}}/{{d}}/x"
	spec.Params = append(spec.Params, request.Param{Name: "d", Value: plain("."), In: request.ParamNowhere})
	if preview := request.Build(spec, nil, testEnv).Preview(); len(preview.Problems) != 1 {
		t.Errorf("%v", preview.Problems)
	}
}
