// Package librarylog takes what libraries write with Go's log package. Such a
// line can hold bytes from the wire: net/http writes the beginning of an answer
// that nobody asked for, and a server the value of a panic. So of each line only
// its kind and its size are logged (RULES.md, S6).
//
// Catch is for the whole program, For is for one server. No other package of
// Keydesk imports log; a test sees to that.
package librarylog

import (
	"context"
	"log"
	"log/slog"
	"strings"
)

// kinds are how lines begin that are known; none of them is from outside.
var kinds = []string{
	"Unsolicited response received on idle HTTP channel",
	"http: panic serving", "http: TLS handshake error", "http: Accept error", "http: superfluous response.WriteHeader call",
	"http: response.WriteHeader on hijacked connection", "http: proxy error", "http2: ", "net/http: ",
	"dbus: ", "[keyring] ", "goose: ", "OK ", "EMPTY ",
}

// reduced is a writer that logs the kind of each line.
type reduced struct{ log *slog.Logger }

// Write never fails: there is nobody to tell.
func (r reduced) Write(line []byte) (int, error) {
	kind := "unknown"
	for _, known := range kinds {
		if strings.HasPrefix(string(line), known) {
			kind = strings.TrimRight(known, ": ")
			break
		}
	}
	r.log.Log(context.Background(), slog.LevelWarn, "a library wrote a message; it is not shown", "kind", kind, "bytes", len(line))
	return len(line), nil
}

// Catch sends everything that is written with Go's log package to a log, reduced
// to its kind. What is written to slog's own default goes the same way.
func Catch(to *slog.Logger) {
	log.SetFlags(0)
	log.SetPrefix("")
	log.SetOutput(reduced{to})
}

// For makes the log of one server (http.Server.ErrorLog). A nil log drops
// everything.
func For(to *slog.Logger) *log.Logger {
	if to == nil {
		to = slog.New(slog.DiscardHandler)
	}
	return log.New(reduced{to}, "", 0)
}
