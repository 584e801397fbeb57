package curl_test

import (
	"net/url"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"keydesk/backend/curl"
	"keydesk/backend/request"
)

// reported is a line as people paste it, rebuilt from a public report, with the
// request that curl makes of it. Its id is that of the case.
type reported struct {
	id, shows string
	line      string
	// shell is true for a line of this machine's shells: the real curl sends it
	// and must send the same. Where curl's own header differs, see below.
	shell bool
	// method to headers are what Keydesk sends. A header "name: value" is one of
	// those sent, "-name" is sent by nobody.
	method, path, query, body string
	headers                   []string
	// says are how the items of NotCarried begin, in any order.
	says []string
	// made are words of the items of Made that a person has to be told.
	made []string
	// unsent: refused until a person completes it.
	unsent   bool
	timeout  int
	redirect int
}

const jsonType = "content-type: application/json"

var reportedLines = []reported{
	{id: "A01", shows: "the escapes of $'...' are decoded as bash does; a tab byte in the JSON stays, and is said, since JSON does not allow it",
		line:  `curl 'https://api.example.test/v1/sms' -H 'content-type: application/json' --data-raw $'{"text":"50% off\u0021 It\'s \u20ac5\\nTwo lines","tab":"a\tb"}'`,
		shell: true, method: "POST", path: "/v1/sms", body: "{\"text\":\"50% off! It's €5\\nTwo lines\",\"tab\":\"a\tb\"}", headers: []string{jsonType},
		says: []string{"The body"}, unsent: true},
	{id: "A02", shows: "an apostrophe and line feeds stay in a body over several lines",
		line:  "curl --location 'https://api.example.test/v1/sms' --header 'Content-Type: application/json' --data '{\n  \"text\": \"You'\\''re next\"\n}'",
		shell: true, method: "POST", path: "/v1/sms", body: "{\n  \"text\": \"You're next\"\n}", headers: []string{jsonType}, redirect: 5, made: []string{"Redirects"}},
	{id: "A04", shows: "-G adds its data to a query that is there, and the password begins at the first colon",
		line: "curl -s --user 'api:key:with-colon' -G 'https://api.example.test/v3/events?page=1' \\\n" +
			"  --data-urlencode 'begin=Fri, 3 May 2024 09:00:00 +0200' --data-urlencode 'tag=a&b' --data-urlencode '=x=y' -d limit=25",
		shell: true, method: "GET", path: "/v3/events", query: "?page=1&begin=Fri%2C+3+May+2024+09%3A00%3A00+%2B0200&tag=a%26b&x%3Dy&limit=25",
		headers: []string{"authorization: Basic YXBpOmtleTp3aXRoLWNvbG9u", "-content-type"}},
	{id: "A05", shows: "the pieces of --json are one text, and a typed header wins over the one it adds",
		line:  `curl --json '{"to":"1",' --json '"text":"hi"}' -H 'Accept: */*' 'https://api.example.test/v1/sms'`,
		shell: true, method: "POST", path: "/v1/sms", body: `{"to":"1","text":"hi"}`, headers: []string{jsonType}},
	{id: "A07", shows: "what describes a form part is no part of its value; a file is refused by the part's name and the other parts stay",
		line: "curl 'https://api.example.test/mms' -F 'meta={\"a\":1};type=application/json' \\\n" +
			`  -F 'file=@letter.pdf;type=application/pdf;filename="Offer, final.pdf"' --form-string 'note=@not-a-file;type=x'`,
		method: "POST", path: "/mms",
		body: "--BOUNDARY\r\nContent-Disposition: form-data; name=\"meta\"\r\n\r\n{\"a\":1}\r\n" +
			"--BOUNDARY\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\n@not-a-file;type=x\r\n--BOUNDARY--\r\n",
		headers: []string{"content-type: multipart/form-data; boundary=BOUNDARY"}, says: []string{"-F meta type", "-F file"}},
	{id: "A09", shows: "a browser's line for cmd: carets, joined lines, and the C runtime's backslashes",
		line: "curl ^\"https://api.example.test/v1/sms?tag=a^%^26b^&x=1^\" ^\n" +
			"  -H ^\"content-type: application/json^\" ^\n" +
			"  -H ^\"sec-ch-ua: ^\\^\"Chromium^\\^\";v=^\\^\"120^\\^\"^\" ^\n" +
			"  --data-raw ^\"^{^\\^\"to^\\^\":^\\^\"15550001^\\^\",^\n\n" +
			"^\\^\"text^\\^\":^\\^\"50^%^OFF ^& ^\\^\\^\\^\"free^\\^\\^\\^\" ^<now^>^!^\\^\"^}^\"",
		method: "POST", path: "/v1/sms", query: "?tag=a%26b&x=1", body: "{\"to\":\"15550001\",\n\"text\":\"50%OFF & \\\"free\\\" <now>!\"}",
		headers: []string{jsonType, `sec-ch-ua: "Chromium";v="120"`}},
	{id: "A10", shows: "doubled quotes are those of cmd, also where a percent sign is quoted apart; the backslashes stay",
		line:   `curl "https://api.example.test/v1/sms" -H "Content-Type: application/json" --data-binary "{""to"":""15550001"",""discount"":""10"%""",""path"":""a\\b""}"`,
		method: "POST", path: "/v1/sms", body: `{"to":"15550001","discount":"10%","path":"a\\b"}`, headers: []string{jsonType}},
	{id: "A11", shows: "PowerShell: a backtick escapes, a doubled apostrophe is one, and of two readings the one that is JSON is meant, and that is said",
		line: "curl.exe -X POST \"https://api.example.test/v1/sms?a=1&b=2\" `\n" +
			"  -H \"Authorization: Bearer `$DUMMY\" `\n" +
			"  -H 'Content-Type: application/json' `\n" +
			`  --data-raw '{\"to\":\"15550001\",\"text\":\"Don''t reply\"}'`,
		method: "POST", path: "/v1/sms", query: "?a=1&b=2", body: `{"to":"15550001","text":"Don't reply"}`,
		headers: []string{jsonType, "authorization: Bearer $DUMMY"}, made: []string{`\"`}},
	{id: "A13", shows: "short options with their value glued on; output options are ignored, and there is no standard input to read",
		line:   `curl -sS -m10 -XPUT -H 'Host: api.example.test' --compressed -o /dev/null -w '%{http_code}\n' --url 'https://api.example.test/v1/x?y=1' -d@-`,
		method: "PUT", path: "/v1/x", query: "?y=1", headers: []string{"host: api.example.test", "content-type: application/x-www-form-urlencoded"},
		says: []string{"-d @-"}, timeout: 10},
	{id: "A14", shows: "without a scheme it is http, as for curl, and that is said; a body beyond ASCII is UTF-8",
		line:  `curl --location --request POST 'api.example.test/v1/send' -H 'X-Tenant-Id: t1' -H 'Content-Type: application/json' --data-raw '{"name":"小徒弟"}'`,
		shell: true, method: "POST", path: "/v1/send", body: `{"name":"小徒弟"}`, headers: []string{jsonType, "x-tenant-id: t1"}, redirect: 5, made: []string{"names no scheme", "Redirects"}},
	{id: "A16", shows: "-g keeps brackets and braces as they are typed",
		line:  `curl -g 'https://api.example.test/contacts?filter[status]=active&page[size]=10'`,
		shell: true, method: "GET", path: "/contacts", query: "?filter[status]=active&page[size]=10"},
	{id: "A19", shows: "a typed length, connection and encodings that cannot be read do not fight with those of the program",
		line: `curl 'https://api.example.test/v1/x' -X POST -H 'Content-Length: 999' -H 'Connection: keep-alive' -H 'Accept-Encoding: gzip, deflate, br, zstd' ` +
			`-H 'Content-Type: application/json' --compressed -d '{"a":1}'`,
		method: "POST", path: "/v1/x", body: `{"a":1}`, headers: []string{jsonType, "-connection"},
		says: []string{"Header Content-Length", "Header Connection", "Header Accept-Encoding"}},
}

// RULES.md, Import and export: lines as public reports show them are read as the
// program they were written for reads them.
func TestReportedLines(t *testing.T) {
	server := startEcho(t)
	for _, c := range reportedLines {
		t.Run(c.id, func(t *testing.T) {
			in, err := curl.Read(c.line)
			if err != nil {
				t.Fatalf("%s: %v", c.shows, err)
			}
			open := slices.Clone(c.says)
			for _, item := range in.NotCarried {
				if at := slices.IndexFunc(open, func(words string) bool { return strings.HasPrefix(item.What, words) }); at >= 0 {
					open = slices.Delete(open, at, at+1)
					continue
				}
				t.Errorf("says more than it should: %q: %s", item.What, item.Why)
			}
			if len(open) > 0 {
				t.Errorf("does not say %q", open)
			}
			for _, words := range c.made {
				if !slices.ContainsFunc(in.Made, func(i curl.Item) bool { return strings.Contains(i.What+" "+i.Why, words) }) {
					t.Errorf("%q is not said of what was made: %+v", words, in.Made)
				}
			}
			if in.Options.TimeLimit != c.timeout || in.Options.Redirects != c.redirect {
				t.Errorf("options %+v", in.Options)
			}
			rendered := request.Build(in.Spec, nil, env)
			if c.unsent {
				if rendered.Err() == nil || in.Spec.RawBody != request.Escape(c.body) {
					t.Errorf("%v, body %q", rendered.Err(), in.Spec.RawBody)
				}
			} else {
				raw := server.send(t, in.Spec)
				got := parse(raw)
				want := message{Method: c.method, Path: c.path, Query: c.query, Body: c.body}
				if diff := cmp.Diff(want, message{Method: got.Method, Path: got.Path, Query: got.Query, Body: got.Body}); diff != "" {
					t.Errorf("%s: want (-), sent (+):\n%s", c.shows, diff)
				}
				checkHeaders(t, c.headers, got.Headers)
				if n := strings.Count(strings.ToLower(string(raw)), "\r\ncontent-length:"); c.body != "" && n != 1 {
					t.Errorf("%d lengths in\n%s", n, raw)
				}
			}
			if !c.shell {
				return
			}
			theirs := parse(server.shell(t, c.line))
			if theirs.Method != c.method || theirs.Body != c.body || decodedQuery(t, theirs.Query) != decodedQuery(t, c.query) {
				t.Errorf("the real curl sends %+v", theirs)
			}
		})
	}
}

func checkHeaders(t *testing.T, want, got []string) {
	t.Helper()
	for _, line := range want {
		if name, absent := strings.CutPrefix(line, "-"); absent {
			if slices.ContainsFunc(got, func(h string) bool { return strings.HasPrefix(h, name+":") }) {
				t.Errorf("%s is sent: %q", name, got)
			}
		} else if !slices.Contains(got, line) {
			t.Errorf("no %q among %q", line, got)
		}
	}
}

// decodedQuery takes the escapes out of a query: a blank may be + or %20.
func decodedQuery(t *testing.T, query string) string {
	t.Helper()
	text, err := url.QueryUnescape(query)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// RULES.md, Import and export: a copied line runs as it is, in the real shell with
// the real curl. A16: brackets and braces of an address mean nothing to it, also
// those of a variable without a value. A18: a form arrives as it was typed.
func TestReportedExports(t *testing.T) {
	server := startEcho(t)
	for _, c := range []struct {
		id, shows string
		spec      request.Spec
		query     string
		form      url.Values
		holds     []string
	}{
		{"A16 brackets", "a query with brackets is sent with them",
			request.Spec{Method: "GET", URL: "http://api.example.test/contacts?filter[status]=active&page[size]=10"},
			"?filter[status]=active&page[size]=10", nil, []string{"--globoff"}},
		{"A16 open variable", "a line with a variable that has no value still runs, and shows it",
			request.Spec{Method: "GET", URL: "http://api.example.test/contacts?id={{id}}"},
			"?id={{id}}", nil, []string{"--globoff", "{{id}}"}},
		{"A18", "quotes, & + and = in a form's values reach the other side as they were typed",
			request.Spec{Method: "POST", URL: "http://api.example.test/send", BodyFormat: request.FormBody, Params: []request.Param{
				{Name: "text", Value: request.Value{Plain: `needs"encoding & more=`}}, {Name: "to", Value: request.Value{Plain: "+15550001"}}}},
			"", url.Values{"text": {`needs"encoding & more=`}, "to": {"+15550001"}}, []string{"--data"}},
	} {
		t.Run(c.id, func(t *testing.T) {
			line := request.Build(c.spec, nil, env).Curl(request.POSIX)
			for _, words := range c.holds {
				if !strings.Contains(line, words) {
					t.Errorf("%s: no %q in\n%s", c.shows, words, line)
				}
			}
			cmd := exec.Command("sh", "-c", line)
			cmd.Env, cmd.Dir = server.environment(), server.home
			got := parse(server.run(t, cmd))
			if decodedQuery(t, got.Query) != c.query {
				t.Errorf("%s: the query is %s", c.shows, got.Query)
			}
			if c.form == nil {
				return
			}
			form, err := url.ParseQuery(got.Body)
			if diff := cmp.Diff(c.form, form); err != nil || diff != "" {
				t.Errorf("%s: %v %s", c.shows, err, diff)
			}
		})
	}
}
