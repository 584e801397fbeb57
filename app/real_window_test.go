//go:build window

package app

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"keydesk/backend"
	"keydesk/backend/fault"
	"keydesk/backend/host"
	"keydesk/backend/secret"
	"keydesk/build/window"
)

// The test program starts itself a second time as a program with a window. The
// page of that window makes the calls below and reports their outcomes.
const probeVariable = "KEYDESK_PROBE"

func TestMain(m *testing.M) {
	if dir := os.Getenv(probeVariable); dir != "" {
		os.Exit(runProbe(dir))
	}
	if dir := os.Getenv(closingVariable); dir != "" {
		os.Exit(runClosing(dir))
	}
	os.Exit(m.Run())
}

// Probe is bound only in the window that these tests open.
type Probe struct {
	door    *Door
	dir     string
	backend slowBackend
}

// slowBackend opens only when its channel is closed.
type slowBackend struct{ mayOpen chan struct{} }

func (b slowBackend) Open(context.Context) error { <-b.mayOpen; return nil }
func (b slowBackend) Close() error               { return nil }
func (b slowBackend) Operations() *backend.Ops   { return &backend.Ops{} }

type ProbeInput struct {
	Text   string      `json:"text"`
	Secret secret.Text `json:"secret" ts_type:"string"`
	Number int         `json:"number"`
}

type ProbeOutput struct {
	Number float64  `json:"number"`
	Rows   []string `json:"rows"`
}

func (p *Probe) Fine(in ProbeInput) (ProbeOutput, error) {
	return call(p.door, func(_ context.Context, in ProbeInput) (ProbeOutput, error) {
		return ProbeOutput{Number: float64(len(in.Secret.Reveal()))}, nil
	}, in)
}

func (p *Probe) Panics(in ProbeInput) (ProbeOutput, error) {
	return call(p.door, func(_ context.Context, in ProbeInput) (ProbeOutput, error) { panic(in.Text) }, in)
}

// PanicsBare does not go through the door, as a method written by mistake would
// not.
func (p *Probe) PanicsBare(in ProbeInput) (ProbeOutput, error) { panic(in.Text) }

func (p *Probe) NaN(in ProbeInput) (ProbeOutput, error) {
	return call(p.door, func(context.Context, ProbeInput) (ProbeOutput, error) {
		return ProbeOutput{Number: math.NaN()}, nil
	}, in)
}

// NaNBare would make Wails end the program.
func (p *Probe) NaNBare(ProbeInput) (ProbeOutput, error) { return ProbeOutput{Number: math.NaN()}, nil }

func (p *Probe) Refuses(in ProbeInput) (ProbeOutput, error) {
	return call(p.door, func(context.Context, ProbeInput) (ProbeOutput, error) {
		return ProbeOutput{}, fault.New(fault.Invalid, "probe.no", "No.").WithField("text", "Not this.").WithCause(errors.New(canary))
	}, in)
}

// OpenBackend lets the backend finish opening.
func (p *Probe) OpenBackend() { close(p.backend.mayOpen) }

// Elsewhere is the address of a server the page must not reach.
func (p *Probe) Elsewhere() string { return os.Getenv("KEYDESK_ELSEWHERE") }

// CameBack tells whether the page is loaded for the second time.
func (p *Probe) CameBack() (bool, error) {
	if _, err := os.Stat(filepath.Join(p.dir, "report.json")); err != nil {
		return false, nil
	}
	return true, os.WriteFile(filepath.Join(p.dir, "back"), nil, 0o600)
}

// Stolen must not be callable from another site's page.
func (p *Probe) Stolen() error { return os.WriteFile(filepath.Join(p.dir, "stolen"), nil, 0o600) }

// Report stores the page's report.
func (p *Probe) Report(in ProbeInput) error {
	return os.WriteFile(filepath.Join(p.dir, "report.json"), []byte(in.Text), 0o600)
}

func runProbe(dir string) int {
	page := fstest.MapFS{
		"index.html": {Data: []byte(probePage)},
		"probe.js":   {Data: []byte(probeScript)},
	}
	slow := slowBackend{mayOpen: make(chan struct{})}
	a := New(Config{DataDir: dir, Page: fs.FS(page), Stderr: os.Stderr, Started: time.Now(), Backend: slow})
	a.extra = []any{&Probe{door: a.door, dir: dir, backend: slow}}
	if err := a.Run(); err != nil {
		_, _ = os.Stderr.WriteString(err.Error())
		return 1
	}
	return 0
}

const probePage = `<!doctype html>
<html><head>
<meta name="csp-nonce" content="__CSP_NONCE__">
<script>window.inlineRan = true</script>
<style>#root { color: rgb(1, 2, 3) }</style>
<script src="probe.js" defer></script>
</head><body onload="window.handlerRan = true"><div id="root"><p style="color: rgb(4, 5, 6)">Probe</p></div></body></html>`

// Each entry of the report is the outcome of one call or of one forbidden
// action.
const probeScript = `
const probe = () => window.go.app.Probe;
const input = { text: "` + canary + `", secret: "` + canary + `", number: 1 };
const outcome = (promise) => Promise.race([
  promise.then((v) => "resolved " + JSON.stringify(v), (e) => "rejected " + (e.message ?? e)),
  new Promise((r) => setTimeout(() => r("pending"), 3000)),
]);
async function tryAll() {
  const report = {};
  report.early = await outcome(probe().Fine(input));
  await probe().OpenBackend();
  for (let i = 0; i < 100 && (await window.go.app.Window.State()).phase !== "open"; i++) await new Promise((r) => setTimeout(r, 20));
  report.fine = await outcome(probe().Fine(input));
  report.refuses = await outcome(probe().Refuses(input));
  report.panics = await outcome(probe().Panics(input));
  report.panicsBare = await outcome(probe().PanicsBare(input));
  report.nan = await outcome(probe().NaN(input));
  report.nanBare = await outcome(probe().NaNBare(input));
  report.noArgument = await outcome(probe().Fine());
  report.twoArguments = await outcome(probe().Fine(input, input));
  report.wrongType = await outcome(probe().Fine({ number: "` + canary + `" }));
  report.notAnObject = await outcome(probe().Fine("` + canary + `"));
  report.secretNotText = await outcome(probe().Fine({ secret: { a: "` + canary + `" } }));
  report.unknownMethod = await outcome(new Promise((resolve, reject) => {
    const id = "app.Probe.None-1";
    window.wails.callbacks[id] = { resolve, reject };
    window.WailsInvoke("C" + JSON.stringify({ name: "app.Probe.None", args: [input], callbackID: id }));
  }));
  report.unknownNumber = await outcome(window.ObfuscatedCall(987654, [input]));
  window.WailsInvoke("C{" + input.text);
  window.WailsInvoke(input.text);
  window.WailsInvoke("");
  window.WailsInvoke("LF" + input.text);
  window.WailsInvoke("LS1");
  window.WailsInvoke("LT" + input.text);
  window.WailsInvoke("LE" + input.text);
  window.WailsInvoke("EE" + input.text);
  window.WailsInvoke("BX" + input.text);
  window.WailsInvoke("DX" + input.text);
  await new Promise((r) => setTimeout(r, 300));
  report.after = await outcome(probe().Fine(input));

  const refused = (what) => { try { what(); return "ran"; } catch { return "refused"; } };
  report.inlineScript = window.inlineRan ? "ran" : "refused";
  report.inlineHandler = window.handlerRan ? "ran" : "refused";
  report.eval = refused(() => window.eval("1"));
  report.newFunction = refused(() => new Function("return 1")());
  const colour = () => getComputedStyle(document.getElementById("root")).color;
  report.inlineStyle = colour() === "rgb(1, 2, 3)" ? "applied" : "refused";
  report.styleAttribute = getComputedStyle(document.querySelector("#root p")).color === "rgb(4, 5, 6)" ? "applied" : "refused";
  const style = document.createElement("style");
  style.textContent = "#root { color: rgb(7, 8, 9) }";
  style.setAttribute("nonce", document.querySelector("meta[name=csp-nonce]").content);
  document.head.append(style);
  report.nonceStyle = colour() === "rgb(7, 8, 9)" ? "applied" : "refused";
  const root = document.getElementById("root");
  root.style.setProperty("opacity", "0.5");
  report.styleFromScript = getComputedStyle(root).opacity === "0.5" ? "applied" : "refused";
  const elsewhere = await probe().Elsewhere();
  report.fetchElsewhere = await outcome(fetch(elsewhere + "/fetch")).then((o) => (o.startsWith("rejected") ? "refused" : o));
  report.fetchHere = await outcome(fetch("probe.js").then((r) => r.status));
  for (const [tag, attribute] of [["iframe", "src"], ["object", "data"], ["embed", "src"], ["img", "src"], ["script", "src"], ["audio", "src"]]) {
    const element = document.createElement(tag);
    element[attribute] = elsewhere + "/" + tag;
    document.body.append(element);
  }
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = elsewhere + "/link";
  document.head.append(link);
  const form = document.createElement("form");
  form.action = elsewhere + "/form";
  form.method = "post";
  document.body.append(form);
  form.submit();
  try { new WebSocket(elsewhere.replace("http", "ws") + "/socket"); } catch {}
  navigator.sendBeacon?.(elsewhere + "/beacon");
  await new Promise((r) => setTimeout(r, 700));
  await probe().Report({ text: JSON.stringify(report) });
  window.location.href = elsewhere + "/away";
}
probe().CameBack().then((back) => back || tryAll());
`

// elsewhere starts another site. It records the paths it is asked for, and its
// page tries to make calls.
func elsewhere(t *testing.T) (address string, asked func() []string) {
	var mu sync.Mutex
	var paths []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		paths = append(paths, r.URL.Path)
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte(`<script>
for (const name of ["Stolen", "Report"]) window.webkit.messageHandlers.external.postMessage(
  "C" + JSON.stringify({ name: "app.Probe." + name, args: [], callbackID: "x" }));
</script><p>Elsewhere</p>`))
	}))
	t.Cleanup(server.Close)
	return server.URL, func() []string {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(paths)
	}
}

type probed struct {
	outcomes map[string]string
	log      string
	// asked are the paths that the other site was asked for, back is whether the
	// page returned from there, and stolen whether that site's page could make a
	// call.
	asked        []string
	back, stolen bool
}

func runInWindow(t *testing.T) (p probed) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	address, asked := elsewhere(t)
	display, session := window.StartDisplay(t, 1280, 900), window.StartSession(t)
	program := window.Launch(t, display, session, []string{probeVariable + "=" + dir, "KEYDESK_ELSEWHERE=" + address}, self)
	exists := func(name string) bool {
		_, err := os.Stat(filepath.Join(dir, name))
		return err == nil
	}
	for deadline := time.Now().Add(60 * time.Second); !exists("back"); time.Sleep(50 * time.Millisecond) {
		if !program.Running() {
			t.Fatalf("the window ended\n%s", program.Log())
		}
		if time.Now().After(deadline) {
			t.Errorf("the page did not come back from the other site\n%s", program.Log())
			break
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, "report.json"))
	if err != nil {
		t.Fatalf("no report: %v\n%s", err, program.Log())
	}
	if err := json.Unmarshal(text, &p.outcomes); err != nil {
		t.Fatal(err)
	}
	if code := program.Stop(); code != 0 {
		t.Errorf("exit code %d\n%s", code, program.Log())
	}
	file, err := os.ReadFile(filepath.Join(dir, "log", "keydesk.log"))
	if err != nil {
		t.Fatal(err)
	}
	p.log, p.asked, p.back, p.stolen = program.Log()+string(file), asked(), exists("back"), exists("stolen")
	return p
}

// RULES.md, Doors, and S6: in the real window no panic, NaN or malformed call
// ends the program, leaves a promise pending or gets its arguments into a log.
func TestNoCallEndsTheWindowOrHangs(t *testing.T) {
	got := runInWindow(t)

	if strings.Contains(got.log, canary) {
		t.Errorf("the log shows what the page sent:\n%s", got.log)
	}
	internal := "rejected " + formatError(fault.ErrInternal).(string)
	want := map[string]string{
		"early":         "rejected " + formatError(host.ErrOpening).(string),
		"fine":          `resolved {"number":13,"rows":[]}`,
		"refuses":       `rejected {"kind":"invalid","code":"probe.no","message":"No.","hint":"","fields":[{"name":"text","message":"Not this."}],"links":[],"retry_after_ms":0,"missing":[]}`,
		"panics":        internal,
		"panicsBare":    internal,
		"nan":           internal,
		"nanBare":       internal,
		"noArgument":    internal,
		"twoArguments":  internal,
		"wrongType":     internal,
		"notAnObject":   internal,
		"secretNotText": internal,
		"unknownMethod": internal,
		"unknownNumber": internal,
		"after":         `resolved {"number":13,"rows":[]}`,

		// S1 (RULES.md, Window): the policy as WebKit applies it.
		"inlineScript":    "refused",
		"inlineHandler":   "refused",
		"eval":            "refused",
		"newFunction":     "refused",
		"inlineStyle":     "refused",
		"styleAttribute":  "refused",
		"nonceStyle":      "applied",
		"styleFromScript": "applied",
		"fetchElsewhere":  "refused",
		"fetchHere":       "resolved 200",
	}
	for name, outcome := range want {
		if got.outcomes[name] != outcome {
			t.Errorf("%s: %s\nwant %s", name, got.outcomes[name], outcome)
		}
	}
	// Only a navigation reaches another server. Its page can make no call, and
	// our page comes back.
	if !slices.Equal(got.asked, []string{"/away"}) {
		t.Errorf("the other site was asked for %v", got.asked)
	}
	if got.stolen {
		t.Error("another site's page made a call")
	}
	if !strings.Contains(got.log, "Blocked request from unauthorized origin") {
		t.Errorf("the other page's call is not in the log:\n%s", got.log)
	}
}
