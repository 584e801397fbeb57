package app

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"html"
	"net/http"
	"path"
	"strconv"
	"strings"

	"keydesk/backend/user"
)

// noncePlaceholder is replaced in index.html by the nonce for the styles that
// Mantine makes at run time.
const noncePlaceholder = "__CSP_NONCE__"

// sessionPlaceholder is replaced in index.html by the answer of Session.State as
// JSON, or by nothing while there is no answer yet.
const sessionPlaceholder = "__SESSION__"

// contentPolicy lets the page load its own files and nothing else (RULES.md,
// Window). connect lists further addresses the page may connect to, which the
// dev build of Wails needs.
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

// guardAssets is the asset server's middleware. Every answer carries the policy,
// and each load of the page gets a new nonce, in the header and in the page.
// session returns what is written into the page about the session: JSON, or
// "". look is how the page looks from its first frame on.
func guardAssets(next http.Handler, look func() user.Appearance, session func() string) http.Handler {
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
		servePage(w, r, next, nonce, policy, look(), session())
	})
}

func isPage(urlPath string) bool {
	return urlPath == "" || strings.HasSuffix(urlPath, "/") || path.Base(urlPath) == "index.html"
}

// servePage writes the nonce, the session and the appearance into the page, and the
// policy as a second barrier. The page is never cached, because a cached one would have an
// old nonce.
func servePage(w http.ResponseWriter, r *http.Request, next http.Handler, nonce, policy string, look user.Appearance, session string) {
	plain := r.Clone(r.Context())
	for _, name := range []string{"If-Modified-Since", "If-None-Match", "If-Range", "Range"} {
		plain.Header.Del(name)
	}
	page := &heldAnswer{header: w.Header()}
	next.ServeHTTP(page, plain)

	body := page.body.Bytes()
	if page.status == http.StatusOK {
		body = bytes.ReplaceAll(body, []byte(noncePlaceholder), []byte(nonce))
		body = bytes.Replace(body, []byte(sessionPlaceholder), []byte(html.EscapeString(session)), 1)
		body = dressed(body, look)
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

// dressed writes into the page how it looks, so that its style sheets draw it so
// before any script runs. Light or dark where the system decides is left to them.
func dressed(page []byte, look user.Appearance) []byte {
	root := fmt.Sprintf(`<html lang="en" data-scheme="%s" data-text-size="%d"`, look.Scheme, look.TextSize)
	if look.Scheme != user.UsualAppearance.Scheme {
		root += ` data-mantine-color-scheme="` + look.Scheme + `"`
		page = bytes.Replace(page, []byte(`<meta name="color-scheme" content="light dark"`), []byte(`<meta name="color-scheme" content="`+look.Scheme+`"`), 1)
	}
	return bytes.Replace(page, []byte(`<html lang="en"`), []byte(root), 1)
}

// heldAnswer holds an answer back, so that it can be changed.
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

// newNonce returns 128 random bits, the least that CSP 3, section 7.1, asks for.
func newNonce() string {
	bits := make([]byte, 16)
	_, _ = rand.Read(bits) // never fails since Go 1.24
	return base64.RawURLEncoding.EncodeToString(bits)
}
