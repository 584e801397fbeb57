package app

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
)

// S6: Wails writes the arguments of failed calls into its messages.
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
				t.Error("Fatal returned, so Wails would end the program")
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
		t.Errorf("lost calls: %v", lost)
	}
	out.Reset()
	l.Error("[AssetServer] Unable to write content index.html")
	if !strings.Contains(out.String(), "Unable to write content index.html") {
		t.Errorf("a harmless message is missing: %s", &out)
	}
}
