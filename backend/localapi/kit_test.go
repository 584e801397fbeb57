package localapi

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"

	"keydesk/backend/access"
	"keydesk/backend/fault"
	"keydesk/backend/secret"
)

// goodKey is the one that the operations of the tests know, in the shape of ours.
const goodKey = "kd_abcdefgh_0123456789012345678901234567890123456789012345678"

var (
	errUnknownKey = fault.New(fault.Unauthenticated, "apikey.unknown", "This API key is not known.")
	errScope      = fault.New(fault.Forbidden, "access.forbidden", "You may not do this.")
)

// fakeOps take the place of the backend, which is behind gate.Handler values in the real
// program as well: functions that take a context and give an answer or a fault.
type fakeOps struct {
	mu     sync.Mutex
	noted  []Access
	asked  int
	calls  []CallInput
	keys   []string
	scopes []string // what the key holds; nil means everything
	limit  int
	// call replaces the answer of POST /v1/calls.
	call func(ctx context.Context, in CallInput) (CallResult, error)
}

// scoped refuses as the gate does: an operation names the scopes of which one is
// needed.
func (f *fakeOps) scoped(ctx context.Context, anyOf ...string) error {
	source, ok := access.SourceOf(ctx)
	if !ok || source.Kind != access.API || source.ID != "key-1" {
		return fault.New(fault.Internal, "test.source", "The operation was not run for the key.")
	}
	if ctx.Value(enteredMark{}) == nil {
		return fault.New(fault.Internal, "test.enter", "The operation was not run inside the backend.")
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.scopes == nil {
		return nil
	}
	for _, scope := range anyOf {
		for _, held := range f.scopes {
			if scope == held {
				return nil
			}
		}
	}
	return errScope
}

func text(s string) *string { return &s }

var (
	oneSetup = Setup{ID: "setup-1", Name: "Orders / Shipped, SMS", Place: Place{Process: "Orders"}, Stage: text("Shipped"), Channel: "sms", Provider: "Twilio", AuthType: "basic", Enabled: true}
	oneKey   = Key{ID: "key-1", Title: "CRM", Masked: "kd_abcdefgh_••••••••", Status: "active", Scopes: []string{"calls:send"}, CreatedAt: "2026-11-28T09:00:00Z",
		ExpiresAt: text("2027-02-26T09:00:00Z"), RequestsAMinute: 600, Processes: []string{}, Channels: []string{"sms"}}
	oneCall = KeptCall{ID: "call-1", At: "2026-11-28T09:15:00Z", Mode: "live", State: "done", Verdict: text("accepted"), Words: "Accepted by Twilio. Not yet delivered.",
		MessageID: text("SM1"), Delivery: "none", Provider: "Twilio", Channel: "sms", Recipient: "+919812345678", Setup: NamedSetup{"setup-1", "Orders"}}
)

func (f *fakeOps) operations() Operations {
	return Operations{
		Authenticate: func(ctx context.Context, presented secret.Text, peer netip.Addr) (Caller, error) {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.asked++
			if presented.Reveal() != goodKey || !peer.IsValid() || ctx.Value(enteredMark{}) == nil {
				return Caller{}, errUnknownKey
			}
			return Caller{KeyID: "key-1", RequestsAMinute: f.limit}, nil
		},
		NoteAccess: func(_ context.Context, access Access) {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.noted = append(f.noted, access)
		},
		Key: func(ctx context.Context) (Key, error) {
			source, _ := access.SourceOf(ctx)
			if source.ID != "key-1" {
				return Key{}, errScope
			}
			return oneKey, nil
		},
		VerifyKey: func(ctx context.Context, presented secret.Text) (Verified, error) {
			if presented.Reveal() == goodKey {
				return Verified{Good: true, Key: &oneKey}, f.scoped(ctx, "keys:verify")
			}
			return Verified{Reason: "mistyped", Words: "A letter of this key is wrong."}, f.scoped(ctx, "keys:verify")
		},
		Setups: func(ctx context.Context, query SetupQuery) (SetupPage, error) {
			next := cursorOf("")
			if query.Cursor == "" && query.Limit == 1 {
				next = cursorOf("setup-1")
			}
			return SetupPage{Setups: []Setup{oneSetup}, NextCursor: next}, f.scoped(ctx, "setups:read")
		},
		Setup: func(ctx context.Context, id string) (SetupDetail, error) {
			if err := f.scoped(ctx, "setups:read"); err != nil {
				return SetupDetail{}, err
			}
			if id != "setup-1" {
				return SetupDetail{}, fault.New(fault.NotFound, "setup.not_found", "This setup does not exist any more.")
			}
			return SetupDetail{Setup: oneSetup, Method: "POST", URL: "https://api.test/{{to}}", Fields: []SetupField{{"Mobile", false}}, LiveSendsADay: 1000, UpdatedAt: "2026-11-20T08:30:00Z"}, nil
		},
		Call: func(ctx context.Context, in CallInput, key string) (CallResult, error) {
			if err := f.scoped(ctx, "calls:send", "calls:simulate"); err != nil {
				return CallResult{}, err
			}
			if in.Mode == ModeLive {
				if err := f.scoped(ctx, "calls:send"); err != nil {
					return CallResult{}, err
				}
			}
			f.mu.Lock()
			f.calls, f.keys = append(f.calls, in), append(f.keys, key)
			f.mu.Unlock()
			if f.call != nil {
				return f.call(ctx, in)
			}
			result := CallResult{Mode: in.Mode, Words: "Accepted by Twilio. Not yet delivered.", Provider: "Twilio", Setup: NamedSetup{"setup-1", "Orders"},
				Why: []WhyStep{{"Orders", text("Shipped"), "won"}}, IgnoredFields: []string{}}
			if in.Mode == ModePreview {
				result.Words, result.Request = "", &PreviewRequest{Method: "POST", URL: "https://api.test/", Headers: []HeaderLine{{"Host", "api.test"}}}
			} else {
				result.CallID, result.Verdict, result.MessageID = text("call-1"), text("accepted"), text("SM1")
			}
			return result, nil
		},
		Calls: func(ctx context.Context, _ CallQuery) (CallPage, error) {
			return CallPage{Calls: []KeptCall{oneCall}}, f.scoped(ctx, "calls:read")
		},
		KeptCall: func(ctx context.Context, _ string) (KeptCall, error) { return oneCall, f.scoped(ctx, "calls:read") },
		Usage: func(ctx context.Context, _ UsageQuery) (Usage, error) {
			return Usage{From: "2026-11-27", To: "2026-11-28", Keys: []KeyUsage{{ID: "key-1", Title: "CRM", Requests: 3, Days: []DayUsage{{"2026-11-28", 3, 0}}}}}, f.scoped(ctx, "usage:read")
		},
	}
}

func (f *fakeOps) accesses() []Access {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]Access{}, f.noted...)
}

type enteredMark struct{}

// world is a door on this computer's loopback, with its operations and its log.
type world struct {
	t        *testing.T
	door     *Door
	ops      *fakeOps
	log      *syncBuffer
	mu       sync.Mutex
	settings Settings
	// refusal is what Enter gives.
	refusal error
	port    int
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// newWorld opens a door; change may change it before it listens.
func newWorld(t *testing.T, change ...func(*world)) *world {
	t.Helper()
	w := &world{t: t, ops: &fakeOps{limit: 100_000}, log: &syncBuffer{}, port: freePort(t)}
	w.settings = Settings{On: true, Port: w.port}
	w.door = New(Options{
		Ops: w.ops.operations(),
		Enter: func(ctx context.Context) (context.Context, func(), error) {
			w.mu.Lock()
			defer w.mu.Unlock()
			return context.WithValue(ctx, enteredMark{}, true), func() {}, w.refusal
		},
		Settings: func(context.Context) (Settings, error) {
			w.mu.Lock()
			defer w.mu.Unlock()
			return w.settings, nil
		},
		Log: slog.New(slog.NewTextHandler(w.log, nil)),
	})
	for _, f := range change {
		f(w)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
		defer cancel()
		w.door.Close(ctx)
		if strings.Contains(w.log.String(), "0123456789012345678901234567890") {
			t.Errorf("the key is in the log:\n%s", w.log)
		}
	})
	w.apply(func(*Settings) {})
	return w
}

// apply changes the settings and applies them.
func (w *world) apply(change func(*Settings)) {
	w.t.Helper()
	w.mu.Lock()
	change(&w.settings)
	w.mu.Unlock()
	if err := w.door.Apply(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) base() string { return fmt.Sprintf("http://127.0.0.1:%d", w.port) }

// freePort is a port that nothing uses on either loopback address.
func freePort(t *testing.T) int {
	t.Helper()
	for range 50 {
		four, err := net.Listen("tcp4", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		port := four.Addr().(*net.TCPAddr).Port
		six, err := net.Listen("tcp6", fmt.Sprintf("[::1]:%d", port))
		four.Close()
		if err == nil {
			six.Close()
			return port
		}
		if !hasIPv6() {
			return port
		}
	}
	t.Fatal("no port is free")
	return 0
}

func hasIPv6() bool {
	six, err := net.Listen("tcp6", "[::1]:0")
	if err == nil {
		six.Close()
	}
	return err == nil
}

// answer is what came back of one request.
type answer struct {
	status int
	header http.Header
	body   string
}

func (a answer) problem(t *testing.T) problem {
	t.Helper()
	var p problem
	if err := json.Unmarshal([]byte(a.body), &p); err != nil {
		t.Fatalf("no problem document: %d %q", a.status, a.body)
	}
	return p
}

// do sends a request with the good key, unless change takes it away, and holds the
// answer to the document.
func (w *world) do(method, path, body string, change ...func(*http.Request)) answer {
	w.t.Helper()
	req, err := http.NewRequest(method, w.base()+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Authorization", "x-api-key "+goodKey)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for _, f := range change {
		f(req)
	}
	return send(w.t, http.DefaultClient, req)
}

func send(t *testing.T, client *http.Client, req *http.Request) answer {
	t.Helper()
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	content, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	a := answer{res.StatusCode, res.Header, string(content)}
	a.check(t)
	if req.Method != http.MethodHead {
		holdToDocument(t, req, a)
	}
	return a
}

// check looks at what every answer has and never has (RULES.md, Local API).
func (a answer) check(t *testing.T) {
	t.Helper()
	for name, want := range map[string]string{
		"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
		"Referrer-Policy": "no-referrer", "Cross-Origin-Resource-Policy": "same-origin",
	} {
		if got := a.header.Get(name); got != want {
			t.Errorf("the header %s is %q, want %q", name, got, want)
		}
	}
	if policy := a.header.Get("Content-Security-Policy"); !strings.HasPrefix(policy, closedPolicy) {
		t.Errorf("the content security policy is %q", policy)
	}
	for name := range a.header {
		if strings.HasPrefix(name, "Access-Control-") || name == "Server" || name == "Set-Cookie" || name == "X-Powered-By" {
			t.Errorf("the answer has the header %s", name)
		}
	}
	if strings.Contains(a.body, goodKey) {
		t.Errorf("the answer holds the key: %s", a.body)
	}
	if a.status >= 400 && a.header.Get("Content-Type") != problemMedia {
		t.Errorf("a refusal of type %q: %s", a.header.Get("Content-Type"), a.body)
	}
}

// theDocument is the document as an independent library reads it.
var theDocument = sync.OnceValues(func() (routers.Router, error) {
	openapi3filter.RegisterBodyDecoder("text/html", openapi3filter.FileBodyDecoder)
	loader := openapi3.NewLoader()
	doc, err := loader.LoadFromData(document().json)
	if err != nil {
		return nil, err
	}
	if err := doc.Validate(context.Background()); err != nil {
		return nil, err
	}
	return legacy.NewRouter(doc)
})

// holdToDocument checks an answer against what the document says of it.
func holdToDocument(t *testing.T, req *http.Request, a answer) {
	t.Helper()
	router, err := theDocument()
	if err != nil {
		t.Fatal(err)
	}
	asked := req.Clone(context.Background())
	asked.URL.Scheme, asked.URL.Host, asked.Host = "", "", ""
	found, params, err := router.FindRoute(asked)
	if err != nil {
		if a.status < 400 {
			t.Errorf("%s %s is answered with %d and is not in the document: %v", req.Method, req.URL.Path, a.status, err)
		}
		return
	}
	err = openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: asked, PathParams: params, Route: found},
		Status:                 a.status, Header: a.header, Body: io.NopCloser(strings.NewReader(a.body)),
		Options: &openapi3filter.Options{IncludeResponseStatus: true},
	})
	if err != nil {
		t.Errorf("%s %s: the answer is not as the document says: %v\n%s", req.Method, req.URL.Path, err, a.body)
	}
	seen.Store(fmt.Sprintf("%s %s %d", found.Method, found.Path, a.status), true)
}

// seen are the answers that the tests got, as "GET /v1/key 200".
var seen sync.Map

// TestMain also fails where the document promises an answer that no test got. It is
// looked at when all tests run.
func TestMain(m *testing.M) {
	code := m.Run()
	if flag.Lookup("test.run").Value.String() == "" && flag.Lookup("test.skip").Value.String() == "" && code == 0 {
		for _, one := range neverSeen() {
			fmt.Println("the document has an answer that no test got:", one)
			code = 1
		}
	}
	os.Exit(code)
}

// neverSeen lists answers of the document that no test got. What answers everything
// else (default) promises nothing.
func neverSeen() []string {
	var missing []string
	paths := member(document().root, "paths")
	for i := 0; i+1 < len(paths.Content); i += 2 {
		methods := paths.Content[i+1]
		for j := 0; j+1 < len(methods.Content); j += 2 {
			responses := member(methods.Content[j+1], "responses")
			for k := 0; k+1 < len(responses.Content); k += 2 {
				name := strings.ToUpper(methods.Content[j].Value) + " " + paths.Content[i].Value + " " + responses.Content[k].Value
				if _, got := seen.Load(name); !got && responses.Content[k].Value != "default" {
					missing = append(missing, name)
				}
			}
		}
	}
	return missing
}

// raw sends bytes and reads everything that comes back until the connection ends.
func (w *world) raw(request string) string {
	w.t.Helper()
	conn := w.dial()
	defer conn.Close()
	// The door may answer and close before it has read everything.
	go func() { _, _ = io.WriteString(conn, request) }()
	_ = conn.SetReadDeadline(time.Now().Add(10 * time.Second))
	content, _ := io.ReadAll(conn)
	return string(content)
}

func (w *world) dial() net.Conn {
	w.t.Helper()
	conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", w.port))
	if err != nil {
		w.t.Fatal(err)
	}
	return conn
}

// answers splits what came back into answers.
func answers(t *testing.T, content string) []answer {
	t.Helper()
	var list []answer
	reader := bufio.NewReader(strings.NewReader(content))
	for {
		if _, err := reader.Peek(1); err != nil {
			return list
		}
		res, err := http.ReadResponse(reader, nil)
		if err != nil {
			t.Fatalf("no HTTP answer: %v in %q", err, content)
		}
		body, err := io.ReadAll(res.Body)
		if err = errors.Join(err, res.Body.Close()); err != nil {
			t.Fatalf("a broken answer: %v in %q", err, content)
		}
		list = append(list, answer{res.StatusCode, res.Header, string(body)})
	}
}
