package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"

	"github.com/wailsapp/wails/v2/pkg/logger"
)

// logLimit is the size in bytes at which the log file is set aside; one old
// file is kept.
const logLimit = 5 << 20

// logFile writes to stderr and, once open, to keydesk.log in the data folder's
// log folder. A log that cannot be written never stops the program.
type logFile struct {
	stderr io.Writer
	limit  int64

	mu   sync.Mutex
	path string
	file *os.File
	size int64
}

func newLogFile(stderr io.Writer) *logFile { return &logFile{stderr: stderr, limit: logLimit} }

// open starts writing to dir/log/keydesk.log as well, readable by its owner
// only.
func (l *logFile) open(dir string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	folder := filepath.Join(dir, "log")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	l.path = filepath.Join(folder, "keydesk.log")
	return l.reopen()
}

func (l *logFile) reopen() error {
	file, err := os.OpenFile(l.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	info, err := file.Stat()
	if err != nil {
		return errors.Join(err, file.Close())
	}
	l.file, l.size = file, info.Size()
	return file.Chmod(0o600)
}

// Write takes one line. It never fails: there is nobody to tell.
func (l *logFile) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, _ = l.stderr.Write(line)
	if l.file == nil {
		return len(line), nil
	}
	if l.size+int64(len(line)) > l.limit {
		l.rotate()
	}
	if l.file != nil {
		n, _ := l.file.Write(line)
		l.size += int64(n)
	}
	return len(line), nil
}

// rotate keeps the full file as keydesk.log.1 and begins a new one.
func (l *logFile) rotate() {
	_ = l.file.Close()
	l.file = nil
	_ = os.Rename(l.path, l.path+".1")
	if err := l.reopen(); err != nil {
		_, _ = fmt.Fprintln(l.stderr, "keydesk: the log file cannot be reopened:", err)
	}
}

// Close ends writing to the file; stderr goes on.
func (l *logFile) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.file == nil {
		return nil
	}
	err := l.file.Close()
	l.file = nil
	return err
}

// The beginnings of Wails' own messages that are known to carry nothing the
// page sent.
var harmless = []string{
	"[AssetServer] ", "[AssetHandler] ", "[DevWebServer] ",
	"Blocked request from unauthorized origin", "Error during binding", "Bindings |",
	"Serving assets from",
}

// failedMessage is how Wails begins the line it writes about a failed call. The
// whole message follows, arguments and passwords included, then " -> error".
const failedMessage = "process message error: "

// wailsLog is the logger Wails gets. Wails writes the arguments of failed calls
// into its messages, so only messages known to be harmless are kept as they
// are; of all others only the fact is (security.md S6, S7). Trace and Debug are
// dropped, whatever level the page asks for.
type wailsLog struct {
	log *slog.Logger
	// methods are the names of bound methods, which may be shown.
	methods map[string]bool
	// lost is told the callback id of a call Wails failed to make, which it
	// would otherwise leave without an answer.
	lost func(callbackID string)
}

var _ logger.Logger = (*wailsLog)(nil)

func (*wailsLog) Trace(string)             {}
func (*wailsLog) Debug(string)             {}
func (l *wailsLog) Print(message string)   { l.write(slog.LevelInfo, message) }
func (l *wailsLog) Info(message string)    { l.write(slog.LevelInfo, message) }
func (l *wailsLog) Warning(message string) { l.write(slog.LevelWarn, message) }
func (l *wailsLog) Error(message string)   { l.write(slog.LevelError, message) }

// Fatal does not return: Wails would end the program next, and a page must not
// be able to do that. Wails recovers the panic where it reads the page's
// messages.
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

// readCall finds the method and the id the page waits for in a failed call
// message; both are empty when it was no call.
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

// methodNames are the names Wails gives the methods of bound structs.
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
