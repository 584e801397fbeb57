package app

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"html"
	"net/http"
	"path"
	"strconv"
	"strings"
)

// noncePlaceholder stands in index.html where the page reads its nonce for the
// styles Mantine makes at run time.
const noncePlaceholder = "__CSP_NONCE__"

// sessionPlaceholder stands in index.html where the page finds Session.State's
// answer as JSON; nothing while there is none yet.
const sessionPlaceholder = "__SESSION__"

// contentPolicy is what the page may load: itself and nothing else (security.md
// 11). connect is what Wails itself needs to be reached at.
func contentPolicy(nonce, connect string) string {
	return strings.Join([]string{
		"default-src 'none'",
		"script-src 'self'",
		"connect-src 'self'" + connect,
		"style-src 'self' 'nonce-" + nonce + "'",
		"img-src 'self' data:",
		"font-src 'self'",
		"frame-src 'none'",
		"object-src 'none'",
		"base-uri 'none'",
		"form-action 'none'",
	}, "; ")
}

// guardAssets is the asset server's middleware: every answer carries the
// policy, and the page gets a nonce of its own at every load, in the header and
// in the page. given is what the page is told of the session as it is written,
// as JSON or nothing.
func guardAssets(next http.Handler, given func() string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		nonce := newNonce()
		policy := contentPolicy(nonce, connectDev)
		header := w.Header()
		header.Set("Content-Security-Policy", policy)
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("X-Frame-Options", "DENY")
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("Cross-Origin-Opener-Policy", "same-origin")
		header.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
		if !isPage(r.URL.Path) {
			next.ServeHTTP(w, r)
			return
		}
		servePage(w, r, next, nonce, policy, given())
	})
}

func isPage(urlPath string) bool {
	return urlPath == "" || strings.HasSuffix(urlPath, "/") || path.Base(urlPath) == "index.html"
}

// servePage puts the nonce, the session and, as a second lock, the policy into
// the page. The page is never cached: an old one would carry an old nonce.
func servePage(w http.ResponseWriter, r *http.Request, next http.Handler, nonce, policy, given string) {
	plain := r.Clone(r.Context())
	for _, name := range []string{"If-Modified-Since", "If-None-Match", "If-Range", "Range"} {
		plain.Header.Del(name)
	}
	page := &heldAnswer{header: w.Header()}
	next.ServeHTTP(page, plain)

	body := page.body.Bytes()
	if page.status == http.StatusOK {
		body = bytes.ReplaceAll(body, []byte(noncePlaceholder), []byte(nonce))
		body = bytes.Replace(body, []byte(sessionPlaceholder), []byte(html.EscapeString(given)), 1)
		meta := `<head><meta http-equiv="Content-Security-Policy" content="` + policy + `">`
		body = bytes.Replace(body, []byte("<head>"), []byte(meta), 1)
	}
	header := w.Header()
	header.Set("Cache-Control", "no-store")
	header.Del("Last-Modified")
	header.Del("Accept-Ranges")
	header.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(page.status)
	_, _ = w.Write(body)
}

// heldAnswer keeps an answer back so that it can be changed.
type heldAnswer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *heldAnswer) Header() http.Header { return a.header }

func (a *heldAnswer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
}

func (a *heldAnswer) Write(part []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(part)
}

// newNonce is 128 random bits, as the policy's standard asks for (CSP 3,
// section 7.1).
func newNonce() string {
	bits := make([]byte, 16)
	_, _ = rand.Read(bits) // never fails since Go 1.24
	return base64.RawURLEncoding.EncodeToString(bits)
}
