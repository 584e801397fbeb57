package request_test

import (
	"bufio"
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keydesk/backend/request"
	"keydesk/backend/secret"
)

var update = flag.Bool("update", false, "write the golden pages under testdata")

// recorder is a raw TCP server that keeps every request's bytes as they came.
type recorder struct {
	listener net.Listener
	got      chan []byte
}

func record(t testing.TB) *recorder {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &recorder{listener: listener, got: make(chan []byte, 64)}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go r.serve(conn)
		}
	}()
	return r
}

func (r *recorder) serve(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	in := bufio.NewReader(conn)
	for {
		var raw bytes.Buffer
		length := 0
		for {
			line, err := in.ReadString('\n')
			if err != nil {
				return
			}
			raw.WriteString(line)
			if value, found := strings.CutPrefix(strings.ToLower(line), "content-length: "); found {
				length, _ = strconv.Atoi(strings.TrimSpace(value))
			}
			if line == "\r\n" {
				break
			}
		}
		if _, err := io.CopyN(&raw, in, int64(length)); err != nil {
			return
		}
		r.got <- raw.Bytes()
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
	}
}

func (r *recorder) next(t testing.TB) string {
	t.Helper()
	select {
	case raw := <-r.got:
		return string(raw)
	case <-time.After(10 * time.Second):
		t.Fatal("nothing arrived at the socket")
		return ""
	}
}

// transport is that of R5 and R7, but it dials the recorder whatever the host.
func (r *recorder) transport(t testing.TB) *http.Transport {
	transport := &http.Transport{
		DisableCompression: true,
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, network, r.listener.Addr().String())
		},
	}
	t.Cleanup(transport.CloseIdleConnections)
	return transport
}

func send(t testing.TB, transport *http.Transport, rendered *request.Rendered) {
	t.Helper()
	req, err := rendered.HTTPRequest(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	answer, err := transport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
}

var testEnv = request.Env{
	Country: "IN", Now: time.Unix(1700000000, 0), Location: time.UTC,
	UUID: "018bcfe5-6800-7000-8000-000000000001", Boundary: "keydeskboundary01",
	UserAgent: "Keydesk/1.0", Sample: true,
}

var testRecord = map[string]string{"Mobile": "+919812345678", "Customer name": "Tom & \"Jerry\"", "Amount": "12.50"}

func hidden(text string) request.Value { return request.Value{Secret: true, Typed: secret.New(text)} }
func plain(text string) request.Value  { return request.Value{Plain: text} }

const (
	canaryKey      = "CANARY-key/+=&é"
	canaryToken    = "CANARY.token-2"
	canaryPassword = "CANARY pass:word é"
)

// auths are every auth type in every place it can go.
var auths = []struct {
	name string
	auth request.Auth
}{
	{"none", request.Auth{Type: request.NoAuth, Token: hidden("CANARY of another auth type")}},
	{"api key in header", request.Auth{Type: request.APIKey, KeyName: "X-Api-key", KeyValue: hidden("CANARY-key-1"), AddTo: request.InHeader}},
	{"api key in query", request.Auth{Type: request.APIKey, KeyName: "api_key", KeyValue: hidden(canaryKey), AddTo: request.InQuery}},
	{"api key in body", request.Auth{Type: request.APIKey, KeyName: "api_key", KeyValue: hidden(canaryKey), AddTo: request.InBody}},
	{"bearer", request.Auth{Type: request.Bearer, Token: hidden(canaryToken)}},
	{"basic", request.Auth{Type: request.Basic, Username: "api-é", Password: hidden(canaryPassword)}},
	{"oauth2", request.Auth{Type: request.OAuth2, HeaderPrefix: "Zoho-oauthtoken", Token: hidden(canaryToken)}},
	{"oauth2 without prefix", request.Auth{Type: request.OAuth2, Token: hidden(canaryToken)}},
	{"oauth2 fetched", request.Auth{Type: request.OAuth2, HeaderPrefix: "Bearer", FetchToken: true, TokenURL: "https://id.example.test/token",
		ClientID: "client", ClientSecret: hidden("CANARY-client"), Token: hidden("CANARY{{fetched}}")}},
}

var methods = []string{"GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"}

var formats = []request.BodyFormat{request.DefaultBody, request.NoBody, request.JSONBody, request.FormBody,
	request.MultipartBody, request.RawJSON, request.RawXML, request.RawText}

// matrixSpec is a setup with something in every list.
func matrixSpec(method string, format request.BodyFormat, auth request.Auth) request.Spec {
	spec := request.Spec{
		Method: method, URL: "http://api.example.test:8080/v1/{{name}}/send%2Fnow?lang=en&to={{mobile|digits}}",
		BodyFormat: format, Auth: auth,
		Headers: []request.Header{
			{Name: "X-Trace", Value: plain("{{$uuid}}")},
			{Name: "x-lower", Value: plain("  kept as typed  ")},
			{Name: "X-Tag", Value: plain("one")}, {Name: "X-Tag", Value: plain("two")},
			{Name: "X-Empty", Value: plain("")},
			{Name: "X-Hidden", Value: hidden("CANARY-header")},
		},
		Params: []request.Param{
			{Name: "Body", Value: plain("Hi {{name}}, 50% é 🙂")},
			{Name: "tag", Value: plain("a")}, {Name: "tag", Value: plain("b")},
			{Name: "v", Value: plain("1"), In: request.ParamQuery},
			{Name: "amount", Value: plain("{{amount}}"), Type: request.NumberParam},
			{Name: "unicode", Value: plain("yes"), Type: request.BooleanParam},
			{Name: "message", Value: plain(`{"text":"{{name}}","n":{{amount}}}`), Type: request.JSONParam},
			{Name: "recipients[0].mobiles", Value: plain("{{mobile|digits}}")},
			{Name: `src\.name`, Value: plain("shop")},
			{Name: "o:tracking", Value: hidden("CANARY-param")},
			{Name: "left_out", Value: plain("{{nick}}"), Optional: true},
			{Name: "path_key", Value: hidden("CANARY-nowhere"), In: request.ParamNowhere},
		},
		StageParams: []request.StageParam{
			{Variable: "mobile", Field: "Mobile"}, {Variable: "name", Field: "Customer name"},
			{Variable: "amount", Field: "Amount"}, {Variable: "nick", Field: "Nickname"},
			{Variable: "unsaid", Field: "Customer name"}, {Variable: "fallback", Field: "Not there", Default: "D&D"},
		},
	}
	switch format {
	case request.RawJSON:
		spec.RawBody = "{\"to\":\"{{mobile}}\",\n \"n\": {{amount}}, \"key\": \"{{path_key}}\"}"
	case request.RawXML:
		spec.RawBody = "<sms key=\"{{path_key}}\"><to>{{mobile}}</to><text>{{name}}</text></sms>"
	case request.RawText:
		spec.RawBody = "Dear {{name}}, pay {{amount}} \\{{soon}}"
	default:
		spec.RawBody = "a raw body of another format must not be sent: {{undefined}}"
	}
	return spec
}

// A27 to A32, A36, A38, A41, A43; R1 to R6: every auth type, place, method and
// body format. What the socket receives is what Wire returns, byte for byte.
func TestWireIsWhatTheSocketReceives(t *testing.T) {
	server := record(t)
	transport := server.transport(t)
	var page strings.Builder
	sent := 0
	for _, a := range auths {
		for _, method := range methods {
			for _, format := range formats {
				name := fmt.Sprintf("%s, %s, body %q", a.name, method, format)
				rendered := request.Build(matrixSpec(method, format, a.auth), testRecord, testEnv)
				err := rendered.Err()
				if keyInBody := a.auth.AddTo == request.InBody; keyInBody && !carriesFields(method, format) {
					if err == nil || !strings.Contains(err.Error(), "auth.add_to") {
						t.Errorf("%s: a key in a body that cannot carry it was not refused: %v", name, err)
					}
					continue
				}
				if err != nil {
					t.Errorf("%s: %v", name, err)
					continue
				}
				send(t, transport, rendered)
				got := server.next(t)
				if diff := cmp.Diff(string(rendered.Wire()), got); diff != "" {
					t.Fatalf("%s: Wire (-) and socket (+) differ:\n%s", name, diff)
				}
				if again := request.Build(matrixSpec(method, format, a.auth), testRecord, testEnv); !bytes.Equal(again.Wire(), rendered.Wire()) {
					t.Errorf("%s: two renderings with one Env differ", name)
				}
				if a.name == "none" && (strings.Contains(got, "Authorization") || strings.Contains(got, "another auth type")) {
					t.Errorf("%s: NoAuth sent a credential:\n%s", name, got) // A27, A34
				}
				if strings.Contains(got, "another format") {
					t.Errorf("%s: the raw body of another format was sent", name)
				}
				sent++
				if onPage(a.name, method, format) {
					fmt.Fprintf(&page, "=== %s\n%s\n\n", name, visible(got))
				}
			}
		}
	}
	if sent < 400 {
		t.Errorf("only %d requests were compared", sent)
	}
	golden(t, "wire.txt", page.String())
}

func carriesFields(method string, format request.BodyFormat) bool {
	switch method {
	case "GET", "HEAD", "DELETE", "OPTIONS":
		return false
	}
	return format == request.DefaultBody || format == request.JSONBody || format == request.FormBody || format == request.MultipartBody
}

// onPage picks what a reader of the golden page wants to see: every auth type,
// every method and every format once.
func onPage(auth, method string, format request.BodyFormat) bool {
	return method == "POST" && format == request.DefaultBody ||
		auth == "bearer" && format == request.DefaultBody ||
		auth == "none" && method == "POST" ||
		auth == "api key in body" && method == "POST" ||
		auth == "bearer" && method == "DELETE" && format == request.RawJSON
}

// visible marks the carriage returns, which git and editors would lose.
func visible(raw string) string { return strings.ReplaceAll(raw, "\r\n", "¬\n") }

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs; if the change is meant, run the test with -update:\n%s", path, diff)
	}
}

// R5: the headers Go writes by itself, and those a row replaces.
func TestWireOfDefaultsAndTheirReplacements(t *testing.T) {
	server := record(t)
	transport := server.transport(t)
	for _, test := range []struct {
		name string
		spec request.Spec
		env  request.Env
		want string
	}{
		{"POST with nothing to say", request.Spec{Method: "POST", URL: "http://a.test"}, testEnv,
			"POST / HTTP/1.1\r\nHost: a.test\r\nUser-Agent: Keydesk/1.0\r\nContent-Length: 0\r\nAccept-Encoding: gzip, deflate\r\n\r\n"},
		{"GET keeps a bare question mark", request.Spec{Method: "GET", URL: "http://a.test/p?"}, testEnv,
			"GET /p? HTTP/1.1\r\nHost: a.test\r\nUser-Agent: Keydesk/1.0\r\nAccept-Encoding: gzip, deflate\r\n\r\n"},
		{"DELETE has no Content-Length", request.Spec{Method: "DELETE", URL: "http://A.test:80/x"}, testEnv,
			"DELETE /x HTTP/1.1\r\nHost: A.test:80\r\nUser-Agent: Keydesk/1.0\r\nAccept-Encoding: gzip, deflate\r\n\r\n"},
		{"rows replace defaults in any case", request.Spec{Method: "POST", URL: "http://a.test/", Headers: []request.Header{
			{Name: "user-agent", Value: plain("mine")}, {Name: "ACCEPT-ENCODING", Value: plain("identity")},
			{Name: "content-type", Value: plain("application/vnd.api+json")}},
			Params: []request.Param{{Name: "a", Value: plain("1")}}}, testEnv,
			"POST / HTTP/1.1\r\nHost: a.test\r\nUser-Agent: mine\r\nContent-Length: 9\r\nACCEPT-ENCODING: identity\r\ncontent-type: application/vnd.api+json\r\n\r\n{\"a\":\"1\"}"},
		{"an empty User-Agent is not sent", request.Spec{Method: "GET", URL: "http://a.test/", Headers: []request.Header{{Name: "User-Agent", Value: plain("")}}}, testEnv,
			"GET / HTTP/1.1\r\nHost: a.test\r\nAccept-Encoding: gzip, deflate\r\n\r\n"},
		{"no default User-Agent", request.Spec{Method: "GET", URL: "http://a.test/"}, request.Env{},
			"GET / HTTP/1.1\r\nHost: a.test\r\nAccept-Encoding: gzip, deflate\r\n\r\n"},
		{"an international host", request.Spec{Method: "GET", URL: "http://bücher.example/straße"}, testEnv,
			"GET /stra%C3%9Fe HTTP/1.1\r\nHost: xn--bcher-kva.example\r\nUser-Agent: Keydesk/1.0\r\nAccept-Encoding: gzip, deflate\r\n\r\n"},
		{"an IPv6 host", request.Spec{Method: "GET", URL: "http://[::1]:8080/a//b;c=1/100%"}, testEnv,
			"GET /a//b;c=1/100%25 HTTP/1.1\r\nHost: [::1]:8080\r\nUser-Agent: Keydesk/1.0\r\nAccept-Encoding: gzip, deflate\r\n\r\n"},
		{"multipart row without boundary", request.Spec{Method: "POST", URL: "http://a.test/",
			Headers: []request.Header{{Name: "Content-Type", Value: plain("multipart/form-data")}},
			Params:  []request.Param{{Name: `o:"tag"`, Value: plain("x")}}}, testEnv,
			"POST / HTTP/1.1\r\nHost: a.test\r\nUser-Agent: Keydesk/1.0\r\nContent-Length: 101\r\nAccept-Encoding: gzip, deflate\r\nContent-Type: multipart/form-data; boundary=keydeskboundary01\r\n\r\n" +
				"--keydeskboundary01\r\nContent-Disposition: form-data; name=\"o:%22tag%22\"\r\n\r\nx\r\n--keydeskboundary01--\r\n"},
		{"multipart value that holds the boundary", request.Spec{Method: "POST", URL: "http://a.test/", BodyFormat: request.MultipartBody,
			Params: []request.Param{{Name: "n", Value: plain("--B")}}}, request.Env{Boundary: "B"},
			"POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 63\r\nAccept-Encoding: gzip, deflate\r\nContent-Type: multipart/form-data; boundary=B0\r\n\r\n" +
				"--B0\r\nContent-Disposition: form-data; name=\"n\"\r\n\r\n--B\r\n--B0--\r\n"},
	} {
		rendered := request.Build(test.spec, nil, test.env)
		send(t, transport, rendered)
		got := server.next(t)
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: want (-), socket (+):\n%s", test.name, diff)
		}
		if string(rendered.Wire()) != got {
			t.Errorf("%s: Wire differs from the socket:\n%s", test.name, rendered.Wire())
		}
	}
}

// RULES.md, Providers: form encoding and Basic, computed outside this
// repository.
func TestEncodingVectors(t *testing.T) {
	form := request.Build(request.Spec{Method: "POST", URL: "http://a.test/", BodyFormat: request.FormBody, Params: []request.Param{
		{Name: "To", Value: plain("+919812345678")}, {Name: "Body", Value: plain("Tom & Jerry + 50% off = é")}}}, nil, testEnv)
	if got, want := string(form.Body()), "To=%2B919812345678&Body=Tom+%26+Jerry+%2B+50%25+off+%3D+%C3%A9"; got != want {
		t.Errorf("form: %s, want %s", got, want)
	}
	basic := request.Build(request.Spec{Method: "GET", URL: "http://a.test/",
		Auth: request.Auth{Type: request.Basic, Username: "api", Password: hidden("key-1")}}, nil, testEnv)
	if want := "\r\nAuthorization: Basic YXBpOmtleS0x\r\n"; !strings.Contains(string(basic.Wire()), want) {
		t.Errorf("no %q in %s", want, basic.Wire())
	}
}
