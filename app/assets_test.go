package app

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"keydesk/backend/user"
)

const pageSource = `<!doctype html><html lang="en"><head><meta name="color-scheme" content="light dark" /><meta name="csp-nonce" content="__CSP_NONCE__" /><meta name="session" content="__SESSION__" /></head><body></body></html>`

// pageAssets serves a page as Wails' asset handler does: with a date, ranges and
// a type.
func pageAssets() http.Handler { return pageAssetsWith("") }

func pageAssetsWith(given string) http.Handler {
	return pageAssetsLooking(user.UsualAppearance, given)
}

func pageAssetsLooking(look user.Appearance, given string) http.Handler {
	files := map[string]string{"/": pageSource, "/index.html": pageSource, "/assets/app.js": "export {}"}
	return guardAssets(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		content, ok := files[r.URL.Path]
		if !ok {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		name := r.URL.Path
		if name == "/" {
			name = "/index.html"
		}
		http.ServeContent(w, r, name, time.Unix(1e9, 0), strings.NewReader(content))
	}), func() user.Appearance { return look }, func() string { return given })
}

func get(t *testing.T, handler http.Handler, path string, header http.Header) (int, http.Header, string) {
	t.Helper()
	req := httptest.NewRequest(http.MethodGet, path, nil)
	for name, values := range header {
		req.Header[name] = values
	}
	rec := httptest.NewRecorder()
	handler.ServeHTTP(rec, req)
	res := rec.Result()
	body, err := io.ReadAll(res.Body)
	if err := errors.Join(err, res.Body.Close()); err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, res.Header, string(body)
}

var (
	nonceInPolicy = regexp.MustCompile(`style-src 'self' 'nonce-([A-Za-z0-9_-]{22})'`)
	nonceInPage   = regexp.MustCompile(`name="csp-nonce" content="([A-Za-z0-9_-]{22})"`)
)

// S1 (RULES.md, Window).
func TestThePageGetsAFreshNonceInHeaderAndPage(t *testing.T) {
	assets := pageAssets()
	seen := map[string]bool{}
	for _, path := range []string{"/", "/index.html", "/"} {
		status, sent, body := get(t, assets, path, http.Header{
			"If-Modified-Since": {time.Now().UTC().Format(http.TimeFormat)},
			"Range":             {"bytes=0-10"},
		})
		policy := sent.Get("Content-Security-Policy")
		header, page := nonceInPolicy.FindStringSubmatch(policy), nonceInPage.FindStringSubmatch(body)
		if status != 200 || header == nil || page == nil || header[1] != page[1] {
			t.Fatalf("%s: status %d\npolicy %s\npage %s", path, status, policy, body)
		}
		if seen[header[1]] {
			t.Errorf("%s: the nonce was used before", path)
		}
		seen[header[1]] = true
		if sent.Get("Cache-Control") != "no-store" || sent.Get("Last-Modified") != "" {
			t.Errorf("%s: the page could be cached: %v", path, sent)
		}
		if !strings.Contains(body, `<head><meta http-equiv="Content-Security-Policy" content="default-src 'none'`) {
			t.Errorf("%s: the page does not carry the policy itself: %s", path, body)
		}
	}
}

func TestThePolicyAllowsNothingElse(t *testing.T) {
	assets := pageAssets()
	for _, path := range []string{"/", "/assets/app.js", "/nowhere.js"} {
		_, sent, _ := get(t, assets, path, nil)
		policy := sent.Get("Content-Security-Policy")
		for _, want := range []string{
			"default-src 'none'", "script-src 'self';", "img-src 'self' data:;", "font-src 'self';",
			"frame-src 'none'", "object-src 'none'", "base-uri 'none'", "form-action 'none'",
		} {
			if !strings.Contains(policy, want) {
				t.Errorf("%s: no %q in %s", path, want, policy)
			}
		}
		for _, unwanted := range []string{"unsafe", "*", "http:", "https:", "blob:", "script-src 'self' "} {
			if !devBuild && strings.Contains(policy, unwanted) {
				t.Errorf("%s: %q in %s", path, unwanted, policy)
			}
		}
		if sent.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: types may be guessed", path)
		}
	}
}

func TestOtherAssetsAreServedUnchanged(t *testing.T) {
	assets := pageAssets()
	status, sent, body := get(t, assets, "/assets/app.js", nil)
	if status != 200 || body != "export {}" || !strings.HasPrefix(sent.Get("Content-Type"), "text/javascript") {
		t.Errorf("%d %q %v", status, body, sent)
	}
	if status, _, _ := get(t, assets, "/nowhere.js", nil); status != 404 {
		t.Errorf("a missing file answers %d", status)
	}
}

// RULES.md, Speed (paint): the page contains the session, so that the first
// screen it shows is the right one. An office's name can be any text, so it
// must not become markup.
func TestThePageContainsTheSession(t *testing.T) {
	given := `{"state":"signed_out","organisation":"\"><script>alert(1)</script>__CSP_NONCE__ & 'Söhne'"}`
	_, _, body := get(t, pageAssetsWith(given), "/", nil)
	node, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if got := metaOf(node, "session"); got != given {
		t.Errorf("the page says %q, want %q", got, given)
	}
	if strings.Contains(body, "<script>") {
		t.Errorf("an office's name became markup: %s", body)
	}
	_, _, body = get(t, pageAssetsWith(""), "/", nil)
	if !strings.Contains(body, `<meta name="session" content="" />`) {
		t.Errorf("without a session the page is %s", body)
	}
}

// metaOf returns the content of the page's meta element of that name.
func metaOf(node *html.Node, name string) string {
	if node.Type == html.ElementNode && node.Data == "meta" {
		values := map[string]string{}
		for _, attr := range node.Attr {
			values[attr.Key] = attr.Val
		}
		if values["name"] == name {
			return values["content"]
		}
	}
	for child := node.FirstChild; child != nil; child = child.NextSibling {
		if found := metaOf(child, name); found != "" {
			return found
		}
	}
	return ""
}

// Before the backend is open, and after a failed opening, the page contains no
// session and asks. Otherwise it contains the answer of Session.State.
func TestThePageContainsTheSessionOnlyOnceItIsKnown(t *testing.T) {
	a := New(Config{Version: "test", DataDir: t.TempDir(), Stderr: io.Discard})
	if got := a.initialSession(); got != "" {
		t.Errorf("before opening the page is told %s", got)
	}
	a.host.Start()
	defer a.close()
	if err := a.host.Opened(t.Context()); err != nil {
		t.Fatal(err)
	}
	state, err := a.session().State()
	if err != nil {
		t.Fatal(err)
	}
	want, _ := json.Marshal(state)
	if got := a.initialSession(); got != string(want) || state.State != "first_run" {
		t.Errorf("the page is told %s, want %s", got, want)
	}
	a = New(Config{Version: "test", DataDir: t.TempDir(), Stderr: io.Discard, Backend: &standIn{failures: []error{errors.New("broken")}}})
	a.host.Start()
	defer a.close()
	if got := a.initialSession(); got != "" {
		t.Errorf("after a failure the page is told %s", got)
	}
}
