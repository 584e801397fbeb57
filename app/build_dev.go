//go:build dev

package app

import (
	"fmt"
	"html"
	"net/http"
	"os"
	"strings"

	"keydesk/backend/user"
)

// The dev build serves the page to any browser on this computer and takes calls
// from it over a web socket. It is for tests and for work on the page only, and
// has the loopback address and a separate data folder. The environment says
// where:
//
//	devserver=127.0.0.1:34115 keydesk --data FOLDER
const (
	devBuild = true
	// DataSuffix gives the dev build a different data folder than the release.
	DataSuffix = "-dev"
	connectDev = " ws://127.0.0.1:* ws://localhost:* ws://wails.localhost:*"
)

// windowAddress is the remote address that Wails gives requests from the window,
// as opposed to those from a browser.
const windowAddress = "192.0.2.1:"

// serveAssets is guardAssets, except that the window shows no page of its own
// while a browser drives the program: two pages in one session would disturb
// each other.
func serveAssets(next http.Handler, look func() user.Appearance, session func() string) http.Handler {
	address := os.Getenv("devserver")
	if address == "" || os.Getenv("frontenddevserverurl") != "" {
		return guardAssets(next, look, session)
	}
	return guardAssets(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isPage(r.URL.Path) || !strings.HasPrefix(r.RemoteAddr, windowAddress) {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = fmt.Fprintf(w, `<!doctype html><html lang="en"><head><title>Keydesk</title></head>`+
			`<body><div id="root"><p>This build is driven from a browser at http://%s</p></div></body></html>`,
			html.EscapeString(address))
	}), look, session)
}
