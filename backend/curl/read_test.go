package curl_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keydesk/backend/curl"
	"keydesk/backend/fault"
	"keydesk/backend/request"
	"keydesk/backend/secret"
)

// A line over 1 MiB is refused before parsing; every other text that is not a
// curl line has a clear reason.
func TestWhatIsNoCurlLineIsRefusedInWords(t *testing.T) {
	for _, c := range []struct {
		name, line string
		want       error
	}{
		{"nothing", " \n\t", curl.ErrNotCurl},
		{"text", "hello there", curl.ErrNotCurl},
		{"another program", "wget http://a.test/", curl.ErrNotCurl},
		{"too long", "curl http://a.test/ -d '" + strings.Repeat("x", curl.MaxLine) + "'", curl.ErrTooLong},
		{"not text", "curl http://a.test/ -d \xff", curl.ErrNotText},
		{"NUL", "curl http://a.test/ -d '\x00'", curl.ErrNotText},
		{"too many words", "curl http://a.test/ " + strings.Repeat("-H a:b ", 2000), curl.ErrTooLong},
		{"bytes made by an escape", `curl http://a.test/ -d $'\xff'`, curl.ErrNotText},
		{"open single quote", "curl http://a.test/ -d 'a", curl.ErrUnclosed},
		{"open double quote", `curl http://a.test/ -d "a`, curl.ErrUnclosed},
		{"open substitution", `curl http://a.test/ -d $(a`, curl.ErrUnclosed},
		{"open backtick", "curl http://a.test/ -d `a", curl.ErrUnclosed},
		{"open ansi quote", `curl http://a.test/ -d $'a\'`, curl.ErrUnclosed},
		{"open PowerShell quote", "PS> curl.exe http://a.test/ -d 'a", curl.ErrUnclosed},
		{"open cmd quote", `C:\>curl http://a.test/ -d "a`, curl.ErrUnclosed},
		{"Invoke-WebRequest", "Invoke-WebRequest -Uri http://a.test/ -Method POST", curl.ErrPowerShellCommand},
		{"Invoke-RestMethod behind an assignment", "$r = Invoke-RestMethod http://a.test/", curl.ErrPowerShellCommand},
		{"the alias with its own options", "curl -Uri http://a.test/ -Headers @{'a'='b'}", curl.ErrPowerShellCommand},
		{"two commands", "curl http://a.test/; curl http://b.test/", curl.ErrSeveral},
		{"two addresses", "curl http://a.test/ http://b.test/", curl.ErrSeveral},
		{"two addresses by --url", "curl --url http://a.test/ http://b.test/", curl.ErrSeveral},
		{"--next", "curl http://a.test/ --next http://b.test/", curl.ErrSeveral},
		{"-:", "curl http://a.test/ -: http://b.test/", curl.ErrSeveral},
		{"no address", "curl -X POST", curl.ErrNoURL},
		{"dash", "curl -", curl.ErrNoURL},
		{"no value", "curl http://a.test/ -d", curl.ErrOption},
		{"no value, long", "curl http://a.test/ --data", curl.ErrOption},
		{"unknown option", "curl --dta a http://a.test/", curl.ErrOption},
		{"unknown letter", "curl -% http://a.test/", curl.ErrOption},
		{"unclear option", "curl --da a http://a.test/", curl.ErrOption},
		{"value for what takes none", "curl --head=x http://a.test/", curl.ErrOption},
		{"not a number", "curl -m x http://a.test/", curl.ErrOption},
		{"not a whole number", "curl --max-redirs x http://a.test/", curl.ErrOption},
		{"two bodies", "curl -d a -F b=c http://a.test/", curl.ErrOption},
		{"head and body", "curl -I -d a http://a.test/", curl.ErrOption},
		{"field without =", "curl -F a http://a.test/", curl.ErrOption},
		{"ftp", "curl ftp://a.test/", curl.ErrURL},
		{"ftp by its name", "curl ftp.a.test", curl.ErrURL},
		{"no host", "curl http://", curl.ErrURL},
		{"line break in the address", "curl 'http://a.test/\n'x", curl.ErrURL},
	} {
		in, err := curl.Read(c.line)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
			continue
		}
		f := fault.From(err)
		if f.Kind != fault.Invalid || f.Message == "" || f.Hint == "" || !strings.HasSuffix(f.Message, ".") {
			t.Errorf("%s: kind %s, message %q, hint %q", c.name, f.Kind, f.Message, f.Hint)
		}
		if in.Spec.URL != "" {
			t.Errorf("%s: refused, and still read", c.name)
		}
	}
}

// Redirects and TLS checks: both are reported, neither is carried over as it
// is.
func TestInsecureAndLocationAreSaid(t *testing.T) {
	in := read(t, "curl -kL https://a.test/")
	if in.Options.Redirects != 5 || !says(in.Made, "Redirects") || !says(in.NotCarried, "-k") {
		t.Errorf("%+v", in)
	}
	for line, want := range map[string]int{"-L --max-redirs 2": 2, "-L --max-redirs -1": 5, "-L --max-redirs 50": 5, "--max-redirs 3": 0, "-L --no-location": 0} {
		if got := read(t, "curl "+line+" https://a.test/").Options.Redirects; got != want {
			t.Errorf("%s: %d redirects, want %d", line, got, want)
		}
	}
	for line, want := range map[string]int{"-m 2.1": 3, "-m 0": 0, "--max-time 1000": 300} {
		if got := read(t, "curl "+line+" https://a.test/").Options.TimeLimit; got != want {
			t.Errorf("%s: %d s, want %d", line, got, want)
		}
	}
}

func read(t testing.TB, line string) curl.Import {
	t.Helper()
	in, err := curl.Read(line)
	if err != nil {
		t.Fatalf("%v\n%s", err, line)
	}
	return in
}

func says(items []curl.Item, words string) bool {
	return slices.ContainsFunc(items, func(i curl.Item) bool { return strings.HasPrefix(i.What, words) })
}

// Every value that looks secret is marked, named in Secrets, and in no text of
// the preview, the JSON or a print.
func TestSecretsAreFoundAndShownNowhere(t *testing.T) {
	for _, c := range []struct {
		line string
		at   []string
	}{
		{"curl https://a.test/ -u me:CANARY12345", []string{"auth.password"}},
		{"curl https://a.test/ -u CANARY12345:", []string{"auth.key_value"}},
		{"curl https://me:CANARY12345@a.test/", []string{"auth.password"}},
		{"curl https://a.test/ -H 'Authorization: Bearer CANARY12345'", []string{"auth.token"}},
		{"curl https://a.test/ -H 'Authorization: App CANARY12345'", []string{"auth.key_value"}},
		{`curl https://a.test/ -H "Authorization: Basic $(echo -n me:CANARY12345 | base64)"`, []string{"auth.key_value"}},
		{"curl https://a.test/ --oauth2-bearer CANARY12345", []string{"auth.token"}},
		{"curl https://a.test/ -H 'authkey: CANARY12345'", []string{"auth.key_value"}},
		{"curl https://a.test/ -H 'D360-API-KEY: CANARY12345' -H 'X-Token: CANARY12345b'", []string{"auth.key_value", "headers[0].value"}},
		{"curl https://a.test/ -b 'session=CANARY12345'", []string{"headers[0].value"}},
		{"curl 'https://a.test/?api_key=CANARY12345&to=1'", []string{"auth.key_value"}},
		{"curl 'https://a.test/?to=1&token=CANARY12345'", []string{"params[1].value"}},
		{"curl 'https://a.test/?text=a%20b&token=CANARY12345'", []string{"params[0].value"}},
		{"curl https://a.test/ -d to=1 -d api_secret=CANARY12345", []string{"params[1].value"}},
		{"curl https://a.test/ -d 'text=a b' -d password=CANARY12345", []string{"params[0].value", "headers"}},
		{"curl https://a.test/ -F to=1 -F apikey=CANARY12345", []string{"params[1].value"}},
		{`curl https://a.test/ --json '{"apiKey": "CANARY12345", "n": {"password" : "CANARY12345"}}'`, []string{"params[0].value", "params[1].value"}},
		{`curl https://a.test/ -d '{"apiKey":"CANARY12345"}'`, []string{"params[0].value"}},
		{"curl https://a.test/bot123456789:CANARY12345-CANARY12345-CAN/send", []string{"params[0].value"}},
		{"curl https://a.test/ -H 'X-Custom: CANARY12345qwertyuiop7890ZXCVBNM'", []string{"auth.key_value"}},
	} {
		in := read(t, c.line)
		want := slices.DeleteFunc(slices.Clone(c.at), func(at string) bool { return at == "headers" })
		if diff := cmp.Diff(want, in.Secrets); diff != "" {
			t.Errorf("%s: secrets want (-), got (+):\n%s", c.line, diff)
		}
		whole, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		for name, text := range map[string]string{"JSON": string(whole), "print": fmt.Sprintf("%+v %#v", in, in)} {
			if strings.Contains(text, "CANARY") {
				t.Errorf("%s: %s holds the secret:\n%s", c.line, name, text)
			}
		}
		rendered := request.Build(in.Spec, nil, env)
		if err := rendered.Err(); err != nil {
			t.Errorf("%s: %v", c.line, err)
		}
		if all := string(rendered.Wire()); !strings.Contains(all, "CANARY") && !strings.Contains(all, "Basic ") {
			t.Errorf("%s: the secret was lost", c.line)
		}
	}
	for _, line := range []string{
		"curl https://a.test/Accounts/AC0123456789abcdef0123456789abcdef -d To=+919812345678 -d max_tokens=100 -d token_type=x",
		`curl https://a.test/ --json '{"template_id":"5f3c1a2b3c4d5e6f7a8b9c0d","id":"01234567-89ab-cdef-0123-456789abcdef"}' -H 'Idempotency-Key: 01234567-89ab-cdef-0123-456789abcdef'`,
	} {
		if in := read(t, line); len(in.Secrets) > 0 {
			t.Errorf("%s: taken for secrets: %q", line, in.Secrets)
		}
	}
}

// RULES.md, Import and export: what Copy as curl writes for each shell is read
// as the same request, for every auth type, body format and hard text.
func TestCopiedLinesReadBack(t *testing.T) {
	hidden := func(text string) request.Value {
		return request.Value{Secret: true, Typed: secret.New(request.Escape(text))}
	}
	plain := func(text string) request.Value { return request.Value{Plain: request.Escape(text)} }
	auths := []request.Auth{
		{Type: request.NoAuth},
		{Type: request.APIKey, KeyName: "X-Key", KeyValue: hidden("<KEY>"), AddTo: request.InHeader},
		{Type: request.APIKey, KeyName: "apikey", KeyValue: hidden("KEYKEY"), AddTo: request.InQuery},
		{Type: request.Bearer, Token: hidden("<TOKEN>")},
		{Type: request.Basic, Username: "me", Password: hidden("<PASSWORD>")},
		{Type: request.OAuth2, HeaderPrefix: "Zoho", Token: hidden("<TOKEN>")},
	}
	texts := []string{"Tom & Jerry + 50% off = é", `it's "q" \ ^ %PATH% $HOME ` + "`x` ! {{a}}", "two\nlines", "", "🙂 ‘a’ “b”"}
	formats := []request.BodyFormat{request.NoBody, request.JSONBody, request.FormBody, request.MultipartBody, request.RawJSON, request.RawXML, request.RawText}
	n := 0
	for _, method := range []string{"GET", "POST", "PUT", "DELETE"} {
		for _, format := range formats {
			for i, auth := range auths {
				text := texts[n%len(texts)]
				spec := request.Spec{Method: method, URL: "https://api.example.test:8443/a/b%20c", BodyFormat: format, Auth: auth,
					Headers: []request.Header{{Name: "X-One", Value: plain("a: b")}, {Name: "X-Empty"}}}
				switch format {
				case request.RawJSON:
					raw, _ := json.Marshal(map[string]string{"text": text})
					spec.RawBody = request.Escape(string(raw))
				case request.RawXML:
					spec.RawBody = "<a>" + request.Escape(text) + "</a>"
				case request.RawText:
					spec.RawBody = request.Escape(text)
				default:
					spec.Params = []request.Param{{Name: "text", Value: plain(text)}, {Name: "to", Value: plain("+91")}}
				}
				rendered := request.Build(spec, nil, env)
				if err := rendered.Err(); err != nil {
					t.Fatalf("%s %s auth %d: %v", method, format, i, err)
				}
				for _, shell := range []request.Shell{request.POSIX, request.PowerShell, request.Cmd} {
					line := strings.NewReplacer("<APIKEY>", "KEYKEY", "^<APIKEY^>", "KEYKEY", "<KEY_2>", "KEYKEY").Replace(rendered.Curl(shell))
					if auth.AddTo == request.InQuery {
						line = strings.NewReplacer("^<KEY^>", "KEYKEY", "<KEY>", "KEYKEY").Replace(line)
					}
					in, err := curl.Read(line)
					if err != nil {
						t.Errorf("%v\n%s", err, line)
						continue
					}
					again := request.Build(in.Spec, nil, env)
					if err := again.Err(); err != nil {
						t.Errorf("%s %s %s: %v\n%s", shell, method, format, err, line)
						continue
					}
					if diff := cmp.Diff(parse(rendered.Wire()), parse(again.Wire())); diff != "" {
						t.Errorf("%s %s %s auth %d: sent (-), read back (+):\n%s\n%s", shell, method, format, i, diff, line)
					}
					if len(in.NotCarried) > 0 {
						t.Errorf("%s %s %s: not carried over: %+v\n%s", shell, method, format, in.NotCarried, line)
					}
					n++
				}
			}
		}
	}
}

// However a long line is made, the time to read it grows no faster than its
// length.
func TestLongLinesAreReadInTime(t *testing.T) {
	var many strings.Builder
	for i := range 20000 {
		fmt.Fprintf(&many, "$a%d ", i)
	}
	pieces := []string{"$(", "${", "`", "'", `"`, "\\", "(", "{", "[", "<<a ", "-H a:b ", "-d {{ ", "a=b&", "“", "^", "%a", "<a", "$'\\x41", "@'\n",
		"\n-d a", `\{{`, "; ", `{"key":`, `"key":"v",`, many.String()}
	heads := []string{"curl http://a.test/ ", "curl http://a.test/ --json '{", "curl.exe 'http://a.test/' ", "C:\\>curl http://a.test/ ", "curl 'http://a.test/?", "curl http://a.test/ -d \""}
	for _, piece := range pieces {
		for _, head := range heads {
			line := head + strings.Repeat(piece, max(1, curl.MaxLine/16/len(piece)))
			for _, end := range []string{"", "'", `"`} {
				began := time.Now()
				if _, err := curl.Read(line + end); err != nil && fault.From(err).Kind != fault.Invalid {
					t.Errorf("%s%.20s...: %v", head, piece, err)
				}
				if took := time.Since(began); took > 3*time.Second {
					t.Errorf("%s%.20s...%s: %v", head, piece, end, took)
				}
			}
		}
	}
}
