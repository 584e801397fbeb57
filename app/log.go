package app

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"reflect"
	"strings"

	"github.com/wailsapp/wails/v2/pkg/logger"
)

// harmless lists how those messages of Wails begin that are known to contain
// nothing the page sent.
var harmless = []string{
	"[AssetServer] ", "[AssetHandler] ", "[DevWebServer] ",
	"Blocked request from unauthorized origin", "Error during binding", "Bindings |",
	"Serving assets from",
}

// failedMessage is how Wails begins the line about a failed call. The whole
// message follows, with arguments and passwords, then " -> error".
const failedMessage = "process message error: "

// wailsLog is the logger that Wails gets. Wails writes the arguments of failed
// calls into its messages. So a message is logged as it is only when it is
// known to be harmless; of any other, only that there was one is logged (S6,
// S7). Trace and Debug are dropped at every level the page may ask for.
type wailsLog struct {
	log *slog.Logger
	// methods are the names of bound methods, which may be logged.
	methods map[string]bool
	// lost gets the callback id of a call that Wails failed to make and would
	// leave without an answer.
	lost func(callbackID string)
}

var _ logger.Logger = (*wailsLog)(nil)

func (*wailsLog) Trace(string)             {}
func (*wailsLog) Debug(string)             {}
func (l *wailsLog) Print(message string)   { l.write(slog.LevelInfo, message) }
func (l *wailsLog) Info(message string)    { l.write(slog.LevelInfo, message) }
func (l *wailsLog) Warning(message string) { l.write(slog.LevelWarn, message) }
func (l *wailsLog) Error(message string)   { l.write(slog.LevelError, message) }

// Fatal panics and does not return, because Wails would end the program next,
// which a page must not be able to cause. Wails recovers the panic where it
// reads the page's messages.
func (l *wailsLog) Fatal(message string) {
	l.write(slog.LevelError, message)
	panic(errors.New("the window's frame reported a fatal error"))
}

func (l *wailsLog) write(level slog.Level, message string) {
	if sent, ok := strings.CutPrefix(message, failedMessage); ok {
		method, id := readCall(sent)
		if id != "" && l.lost != nil {
			l.lost(id)
		}
		if !l.methods[method] {
			method = "unknown"
		}
		l.log.Log(context.Background(), level, "a message from the page failed; it is not shown", "method", method, "bytes", len(sent))
		return
	}
	for _, beginning := range harmless {
		if strings.HasPrefix(message, beginning) {
			l.log.Log(context.Background(), level, message, "from", "wails")
			return
		}
	}
	l.log.Log(context.Background(), level, "the window's frame wrote a message; it is not shown", "bytes", len(message))
}

// readCall finds the method and the callback id in a message that failed; both
// are empty when the message was not a call.
func readCall(sent string) (method, callbackID string) {
	if sent == "" || (sent[0] != 'C' && sent[0] != 'c') {
		return "", ""
	}
	var payload struct {
		Name       string `json:"name"`
		CallbackID string `json:"callbackID"`
	}
	if err := json.NewDecoder(strings.NewReader(sent[1:])).Decode(&payload); err != nil {
		return "", ""
	}
	return payload.Name, payload.CallbackID
}

// methodNames returns the names that Wails gives the methods of bound structs.
func methodNames(bound []any) map[string]bool {
	names := map[string]bool{}
	for _, one := range bound {
		t := reflect.TypeOf(one)
		for i := range t.NumMethod() {
			names[t.Elem().String()+"."+t.Method(i).Name] = true
		}
	}
	return names
}
