package librarylog

import (
	"bytes"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
)

const canary = "cNry-liBrary"

// S6: of what a library writes only kind and size are logged.
func TestOnlyTheKindIsLogged(t *testing.T) {
	defer log.SetOutput(os.Stderr)
	defer log.SetFlags(log.Flags())
	var told bytes.Buffer
	Catch(slog.New(slog.NewTextHandler(&told, nil)))
	log.Printf("Unsolicited response received on idle HTTP channel starting with %q; err=%v", canary, nil)
	log.Println(canary)
	slog.Error(canary, "with", canary)
	text := told.String()
	if strings.Contains(text, canary) || strings.Count(text, "\n") != 3 {
		t.Errorf("the log reads %q", text)
	}
	if !strings.Contains(text, `kind="Unsolicited response received on idle HTTP channel" bytes=`) || !strings.Contains(text, "kind=unknown bytes=13") {
		t.Errorf("the log reads %q", text)
	}
}

// A server writes the value of a panic, which may hold what it was sent.
func TestAServersPanic(t *testing.T) {
	var told bytes.Buffer
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { panic(r.Header.Get("X-Key")) }))
	server.Config.ErrorLog = For(slog.New(slog.NewTextHandler(&told, nil)))
	server.Start()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Key", canary)
	if res, err := server.Client().Do(req); err == nil {
		_, _ = io.Copy(io.Discard, res.Body)
		_ = res.Body.Close()
	}
	server.Close()
	if text := told.String(); strings.Contains(text, canary) || !strings.Contains(text, `kind="http: panic serving"`) {
		t.Errorf("the log reads %q", text)
	}
	For(nil).Print(canary) // goes nowhere
}
