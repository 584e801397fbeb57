package localapi

import (
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// attack is what a web page does that knows a good key and the address: everything
// that HTML and JavaScript have to send a request elsewhere. It gives what the page
// could read, by the name of the attempt.
const attack = `async (target, key, live) => {
  const found = {};
  const attempt = async (name, run) => {
    try {
      found[name] = String(await Promise.race([run(), new Promise((late) => setTimeout(late, 5000, "nothing"))]));
    } catch (refused) {
      found[name] = "refused";
    }
  };
  const read = async (answer) => "read " + answer.status + " " + answer.type + " " + (await answer.text());
  const loaded = (tag, name, address, more) => new Promise((done) => {
    const element = document.createElement(tag);
    Object.assign(element, more || {});
    element.onload = () => done("loaded " + (tag === "img" ? element.naturalWidth : ""));
    element.onerror = () => done("refused");
    element[name] = target + address;
    document.body.append(element);
  });
  const framed = (fill) => new Promise((done) => {
    const frame = document.createElement("iframe");
    frame.name = "frame" + Math.random();
    document.body.append(frame);
    fill(frame);
    setTimeout(() => {
      try { done("read " + frame.contentWindow.document.body.innerText); } catch (refused) { done("framed"); }
    }, 700);
  });
  const form = (type, fields) => framed((frame) => {
    const form = document.createElement("form");
    Object.assign(form, { method: "POST", action: target + "/v1/calls", enctype: type, target: frame.name });
    for (const [name, value] of fields) {
      const input = document.createElement("textarea");
      Object.assign(input, { name, value });
      form.append(input);
    }
    document.body.append(form);
    form.submit();
  });
  const bearer = { Authorization: "x-api-key " + key };
  await attempt("fetch", async () => read(await fetch(target + "/v1/key")));
  await attempt("fetch of the page", async () => read(await fetch(target + "/docs")));
  await attempt("fetch of health", async () => read(await fetch(target + "/healthz")));
  await attempt("fetch without cors", async () => read(await fetch(target + "/v1/key", { mode: "no-cors" })));
  await attempt("fetch with the key", async () => read(await fetch(target + "/v1/key", { headers: bearer })));
  await attempt("fetch with X-API-Key", async () => read(await fetch(target + "/v1/key", { headers: { "X-API-Key": key } })));
  await attempt("fetch with credentials", async () => read(await fetch(target + "/v1/setups", { credentials: "include" })));
  await attempt("post as text", async () => read(await fetch(target + "/v1/calls", { method: "POST", mode: "no-cors", body: live })));
  await attempt("post as json", async () => read(await fetch(target + "/v1/calls", { method: "POST", body: live, headers: { "Content-Type": "application/json", ...bearer } })));
  await attempt("post as json without cors", async () => read(await fetch(target + "/v1/calls", { method: "POST", mode: "no-cors", body: new Blob([live], { type: "application/json" }) })));
  await attempt("put", async () => read(await fetch(target + "/v1/calls", { method: "PUT", body: live })));
  await attempt("beacon", async () => "sent " + navigator.sendBeacon(target + "/v1/calls", new Blob([live], { type: "text/plain" })));
  await attempt("xhr", () => new Promise((done, failed) => {
    const xhr = new XMLHttpRequest();
    xhr.open("GET", target + "/v1/key");
    xhr.setRequestHeader("Authorization", bearer.Authorization);
    xhr.onload = () => done("read " + xhr.status);
    xhr.onerror = failed;
    xhr.send();
  }));
  await attempt("form", () => form("application/x-www-form-urlencoded", [["process", "Orders"], ["mode", "live"], ["api_key", key]]));
  await attempt("form as text that is JSON", () => form("text/plain", [[live.slice(0, -1) + ',"x":"', '"}']]));
  await attempt("form of parts", () => form("multipart/form-data", [["call", live]]));
  await attempt("img", () => loaded("img", "src", "/v1/key"));
  await attempt("script", () => loaded("script", "src", "/v1/key"));
  await attempt("script of the document", () => loaded("script", "src", "/openapi.json"));
  await attempt("module", () => loaded("script", "src", "/openapi.json", { type: "module" }));
  await attempt("style", () => loaded("link", "href", "/docs", { rel: "stylesheet" }));
  await attempt("video", () => new Promise((done) => {
    const video = document.createElement("video");
    video.onloadeddata = () => done("loaded");
    video.onerror = () => done("refused");
    video.src = target + "/v1/key";
  }));
  await attempt("object", () => loaded("object", "data", "/docs"));
  await attempt("iframe", () => framed((frame) => { frame.src = target + "/v1/key"; }));
  await attempt("iframe of the page", () => framed((frame) => { frame.src = target + "/docs"; }));
  await attempt("socket", () => new Promise((done) => {
    const socket = new WebSocket(target.replace("http", "ws") + "/v1/key");
    socket.onopen = () => done("open");
    socket.onerror = () => done("refused");
  }));
  await attempt("events", () => new Promise((done) => {
    const source = new EventSource(target + "/v1/calls");
    source.onopen = () => done("open");
    source.onerror = () => { source.close(); done("refused"); };
  }));
  return found;
}`

// attackOn is the attack as an expression.
func attackOn(target string) string {
	words := make([]string, 3)
	for i, word := range []string{target, goodKey, `{"process":"Orders","channel":"sms","mode":"live"}`} {
		raw, err := json.Marshal(word)
		if err != nil {
			panic(err) // a text can always be marshalled
		}
		words[i] = string(raw)
	}
	return "(" + attack + ")(" + strings.Join(words, ",") + ")"
}

// trusting is what a local server without the guard is: it answers whatever asks.
type trusting struct {
	*httptest.Server
	mu   sync.Mutex
	seen []string
}

func newTrusting(t *testing.T) *trusting {
	s := &trusting{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s.mu.Lock()
		s.seen = append(s.seen, r.Method+" "+r.Header.Get("Content-Type")+" "+r.Header.Get("Authorization")+" "+string(body))
		s.mu.Unlock()
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Access-Control-Allow-Headers", "*, Authorization")
		_, _ = io.WriteString(w, "{}")
	}))
	t.Cleanup(s.Close)
	return s
}

// notes counts what was noted of refused requests, by code.
func (w *world) notes() map[string]int {
	counts := map[string]int{}
	for _, one := range w.ops.accesses() {
		counts[one.Outcome]++
	}
	return counts
}

// untouched checks that no request got as far as having its key looked at.
func (w *world) untouched() {
	w.t.Helper()
	w.ops.mu.Lock()
	defer w.ops.mu.Unlock()
	if w.ops.asked != 0 || len(w.ops.calls) != 0 {
		w.t.Errorf("%d keys were looked at and %d calls made", w.ops.asked, len(w.ops.calls))
	}
}

// RULES.md, Local API, Web pages: a web page in the real Chromium reaches no operation
// and reads nothing, whatever it uses to send and although it knows a good key. The
// same page reaches a server that trusts everybody, so it does send.
func TestWebPageInChromium(t *testing.T) {
	trusted := newTrusting(t)
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, "<!doctype html><title>evil</title><body>Hello")
	}))
	defer page.Close()
	chromium := startBrowser(t, t.TempDir(), "--host-resolver-rules=MAP evil.example 127.0.0.1")
	_, port, err := net.SplitHostPort(page.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	// As a page of the internet, and as one of another port of this computer.
	for _, from := range []string{"http://evil.example:" + port, page.URL} {
		tab := chromium.open(from)
		chromium.until(tab, `document.title === "evil"`)
		for _, host := range []string{"127.0.0.1", "localhost"} {
			w := newWorld(t)
			target := fmt.Sprintf("http://%s:%d", host, w.port)
			found := map[string]string{}
			chromium.eval(tab, attackOn(target), &found)
			if len(found) < 27 {
				t.Errorf("only %d attempts were made: %v", len(found), found)
			}
			for name, got := range found {
				switch {
				case got == "refused", got == "framed", name == "beacon" && got == "sent true":
				case strings.HasPrefix(got, "read 0 opaque "): // it sent and can read nothing
				case name == "iframe" || name == "iframe of the page" || strings.HasPrefix(name, "form"):
					t.Errorf("%s to %s: %s: the page reads %q", from, target, name, got)
				default:
					t.Errorf("%s to %s: %s gave %q", from, target, name, got)
				}
			}
			if refused := w.notes()["localapi.origin"]; refused < 15 {
				t.Errorf("%s to %s: %d requests came and were refused: %v", from, target, refused, w.notes())
			}
			w.untouched()
		}
	}
	tab := chromium.open(page.URL)
	chromium.until(tab, `document.title === "evil"`)
	found := map[string]string{}
	chromium.eval(tab, attackOn(trusted.URL), &found)
	trusted.mu.Lock()
	defer trusted.mu.Unlock()
	reached := map[string]bool{}
	for _, seen := range trusted.seen {
		for name, part := range map[string]string{"text": "POST text/plain", "JSON": "POST application/json", "key": goodKey, "form": "POST application/x-www-form-urlencoded", "a form as JSON": `"mode":"live","x":"="}`} {
			reached[name] = reached[name] || strings.Contains(seen, part)
		}
	}
	if len(reached) != 5 || !reached["text"] || !reached["JSON"] || !reached["key"] || !reached["form"] || !reached["a form as JSON"] || !strings.HasPrefix(found["fetch with the key"], "read 200") {
		t.Errorf("the attack does not even reach a server that trusts everybody: %v, %v", reached, found)
	}
}

// DNS rebinding in the real Chromium: a page is loaded from evil.example at another
// address, then that name leads to the local API's. For the browser both are one
// origin, so it lets the page send everything and read every answer. The door
// refuses by the host's name, and the page learns nothing of the office.
func TestRebindingInChromium(t *testing.T) {
	w := newWorld(t)
	evil, err := net.Listen("tcp4", fmt.Sprintf("127.0.0.2:%d", w.port)) // the same port, or it would be another origin
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{ReadHeaderTimeout: 5 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Cache-Control", "public, max-age=86400")
		_, _ = io.WriteString(w, "<!doctype html><title>evil</title><body>Hello")
	})}
	go func() { _ = server.Serve(evil) }()
	profile := t.TempDir()
	address := fmt.Sprintf("http://evil.example:%d/page.html", w.port)

	first := startBrowser(t, profile, "--host-resolver-rules=MAP evil.example 127.0.0.2")
	tab := first.open(address)
	first.until(tab, `document.title === "evil"`)
	first.stop()
	if len(w.notes()) != 0 {
		t.Fatalf("the page was not loaded from another address: %v", w.notes())
	}
	// The name leads elsewhere now. The page is still in the browser's cache.
	second := startBrowser(t, profile, "--host-resolver-rules=MAP evil.example 127.0.0.1")
	_ = server.Close()
	tab = second.open(address)
	second.until(tab, `document.readyState === "complete"`)
	var title string
	if second.eval(tab, "document.title", &title); title != "evil" {
		t.Fatalf("the page is %q and not from the cache", title)
	}
	base := strings.TrimSuffix(address, "/page.html")
	found := map[string]string{}
	second.eval(tab, attackOn(base), &found)
	// The browser helps: answers can be read, and the key is sent.
	for _, name := range []string{"fetch", "fetch of the page", "fetch of health", "fetch with the key", "fetch with X-API-Key", "post as json"} {
		if !strings.HasPrefix(found[name], "read 421 basic") || !strings.Contains(found[name], "localapi.unknown_host") {
			t.Errorf("%s: %q", name, found[name])
		}
	}
	for name, got := range found {
		if strings.Contains(got, "read 200") || strings.Contains(got, "openapi") || strings.Contains(got, "key-1") || got == "open" || got == "loaded" {
			t.Errorf("%s: %q", name, got)
		}
	}
	if refused := w.notes()["localapi.unknown_host"]; refused < 15 {
		t.Errorf("%d requests came and were refused: %v", refused, w.notes())
	}
	w.untouched()
}

// RULES.md, Local API: /docs is one page that asks for nothing more, from anywhere, and
// its policy lets it run nothing. Every route is on it, styled.
func TestDocsInChromium(t *testing.T) {
	w := newWorld(t)
	chromium := startBrowser(t, t.TempDir())
	tab := chromium.open(w.base() + "/docs")
	chromium.until(tab, `document.readyState === "complete" && location.pathname === "/docs"`)
	time.Sleep(time.Second) // what a page asks for late
	if asked := chromium.heard(tab, "Network.requestWillBeSent"); len(asked) != 1 || !strings.Contains(asked[0], w.base()+"/docs") {
		t.Errorf("it asks for %v", asked)
	}
	for _, method := range []string{"Log.entryAdded", "Audits.issueAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled"} {
		if said := chromium.heard(tab, method); len(said) != 0 {
			t.Errorf("%s: %v", method, said)
		}
	}
	var seen struct {
		Text    string  `json:"text"`
		Styled  bool    `json:"styled"`
		Scripts int     `json:"scripts"`
		Links   []any   `json:"links"`
		Width   float64 `json:"width"`
	}
	chromium.eval(tab, `({
		text: document.body.innerText, scripts: document.scripts.length,
		styled: [...document.styleSheets].some((sheet) => sheet.cssRules.length > 5),
		links: [...document.querySelectorAll("a[href]")].map((a) => a.getAttribute("href")).filter((to) => !to.startsWith("#") && !to.startsWith("/")),
		width: document.documentElement.scrollWidth - innerWidth,
	})`, &seen)
	for path := range requests {
		_, route, _ := strings.Cut(path, " ")
		if !strings.Contains(seen.Text, html.UnescapeString(route)) {
			t.Errorf("%s is not on the page", route)
		}
	}
	if !seen.Styled || seen.Scripts != 0 || len(seen.Links) != 0 || seen.Width > 0 {
		t.Errorf("styled %v, %d scripts, leads to %v, %v too wide", seen.Styled, seen.Scripts, seen.Links, seen.Width)
	}
	// The policy holds: what is put into the page runs and loads nothing.
	trusted := newTrusting(t)
	var ran bool
	chromium.eval(tab, fmt.Sprintf(`new Promise((done) => {
		const script = document.createElement("script");
		script.textContent = "window.ran = true";
		const image = new Image();
		image.src = %[1]q;
		const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: %[1]q });
		const frame = Object.assign(document.createElement("iframe"), { src: %[1]q });
		document.body.append(script, image, link, frame);
		document.body.insertAdjacentHTML("beforeend", "<button onclick='window.ran = true'>x</button>");
		document.body.lastElementChild.click();
		fetch(%[1]q).catch(() => {});
		const form = Object.assign(document.createElement("form"), { action: %[1]q, method: "POST" });
		document.body.append(form);
		form.submit();
		setTimeout(() => done(window.ran === true), 1000);
	})`, trusted.URL), &ran)
	trusted.mu.Lock()
	defer trusted.mu.Unlock()
	if ran || len(trusted.seen) != 0 {
		t.Errorf("it ran a script (%v) or sent %v", ran, trusted.seen)
	}
}
