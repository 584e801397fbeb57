package app

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// S6: Wails writes the arguments of failed calls into its log.
func TestNothingThePageSendsReachesTheLog(t *testing.T) {
	var out bytes.Buffer
	var lost []string
	l := &wailsLog{
		log:     slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug})),
		methods: methodNames([]any{&Window{}}),
		lost:    func(id string) { lost = append(lost, id) },
	}
	calls := `C{"name":"app.User.SignIn","args":[{"password":"` + canary + `"}],"callbackID":"id-1"}`
	l.Error("process message error: " + calls + " -> method 'app.User.SignIn' not registered")
	l.Error("process message error: c{\"id\":3,\"args\":[\"" + canary + "\"],\"callbackID\":\"id-2\"} -> boom -> x")
	l.Error("process message error: LE" + canary + " -> odd")
	l.Error("process message error: C{" + canary + " -> not JSON")
	l.Error("process message error: C{\"name\":\"" + canary + "\"} -> no such method")
	l.Error("process message error: C{\"name\":\"app.Window.Copy\",\"args\":[\"" + canary + "\"]} -> no")
	l.Error("Unknown message from front end: " + canary)
	l.Error("error parsing arguments: parsing time \"" + canary + "\"")
	l.Info("Unknown message returned from dispatcher: " + canary)
	l.Print(canary)
	l.Warning(canary)
	l.Debug(canary)
	l.Trace("json call result data: " + canary)
	func() {
		defer func() {
			if recover() == nil {
				t.Error("Fatal came back, so Wails would end the program")
			}
		}()
		l.Fatal(canary)
	}()
	if strings.Contains(out.String(), canary) {
		t.Errorf("the log shows what the page sent:\n%s", &out)
	}
	if n := strings.Count(out.String(), "\n"); n != 12 {
		t.Errorf("%d lines, want 12:\n%s", n, &out)
	}
	if n := strings.Count(out.String(), "method=app.Window.Copy "); n != 1 {
		t.Errorf("the failed method is named %d times:\n%s", n, &out)
	}
	if strings.Join(lost, " ") != "id-1 id-2" {
		t.Errorf("calls given up: %v", lost)
	}
	out.Reset()
	l.Error("[AssetServer] Unable to write content index.html")
	if !strings.Contains(out.String(), "Unable to write content index.html") {
		t.Errorf("a harmless message is missing: %s", &out)
	}
}

func TestTheLogFileIsItsOwnersAndIsSetAsideWhenFull(t *testing.T) {
	dir := t.TempDir()
	var stderr bytes.Buffer
	l := newLogFile(&stderr)
	l.limit = 100
	if _, err := l.Write([]byte("before\n")); err != nil {
		t.Fatal(err)
	}
	if err := l.open(dir); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		_, _ = l.Write([]byte(strings.Repeat("x", 59) + "\n"))
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	_, _ = l.Write([]byte("after\n"))
	for _, name := range []string{"keydesk.log", "keydesk.log.1"} {
		info, err := os.Stat(filepath.Join(dir, "log", name))
		if err != nil {
			t.Fatal(err)
		}
		if info.Size() > 100 || info.Size() == 0 {
			t.Errorf("%s has %d bytes", name, info.Size())
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", name, info.Mode())
		}
	}
	if got := stderr.String(); !strings.HasPrefix(got, "before\n") || !strings.HasSuffix(got, "after\n") {
		t.Errorf("stderr got %q", got)
	}
	info, err := os.Stat(filepath.Join(dir, "log"))
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("log folder: %v, %v", info.Mode(), err)
	}
}

func TestALogThatCannotBeOpenedIsSaidAndDoesNotStopWriting(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "log"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	l := newLogFile(&stderr)
	if err := l.open(dir); err == nil {
		t.Error("a file in the folder's place went unnoticed")
	}
	if _, err := l.Write([]byte("line\n")); err != nil || stderr.String() != "line\n" {
		t.Errorf("%v %q", err, &stderr)
	}
}
