package app

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/wailsapp/wails/v2/pkg/runtime"

	"keydesk/backend/fault"
	"keydesk/backend/request"
	"keydesk/backend/secret"
)

// The errors of the window's own methods.
var (
	ErrLinkRefused = fault.New(fault.Invalid, "window.link_refused", "This link cannot be opened.").
			WithHint("Keydesk opens https links only.")
	ErrNotSaved = fault.New(fault.Unavailable, "window.not_saved", "The file could not be written.").
			WithHint("Choose another folder, or check that the disk is not full.")
	ErrNotRead = fault.New(fault.Invalid, "window.not_read", "The file could not be read.").
			WithHint("Choose a text file in UTF-8 of at most 10 MB.")
)

// readLimit is the size in bytes of the largest file the page may ask for.
const readLimit = 10 << 20

// Window is what the page can ask of its frame. Its methods need no session and
// work while the backend is not open.
type Window struct {
	app *App

	mu sync.Mutex
	// copied is what clearTimer removes from the clipboard.
	copied     string
	clearTimer *time.Timer
	painted    bool
}

// WindowState is what the page needs before it can ask the backend anything.
type WindowState struct {
	Version string `json:"version"`
	// DataFolder is the path of the data folder.
	DataFolder string `json:"data_folder"`
	Demo       bool   `json:"demo"`
	// Phase is opening, open, failed, released or closed.
	Phase string `json:"phase"`
	// Code, Message and Hint say why the phase is failed.
	Code    string `json:"code"`
	Message string `json:"message"`
	Hint    string `json:"hint"`
	// Copies can be restored where the data is missing or damaged, the newest
	// first.
	Copies []WindowCopy `json:"copies"`
	// Readable tells that the data is damaged and can be opened for reading only.
	Readable bool `json:"readable"`
}

// WindowCopy is a copy of the data that was kept before an update.
type WindowCopy struct {
	Name string `json:"name"`
	// ChangedMs is when something was last saved in it.
	ChangedMs int64 `json:"changed_ms"`
}

// State returns the program's version and the backend's phase.
func (w *Window) State() (WindowState, error) {
	return answer(w.app.door, w.app.context(), func(context.Context, struct{}) (WindowState, error) {
		at, failure := w.app.host.State()
		state := WindowState{
			Version:    w.app.config.Version,
			DataFolder: w.app.config.DataDir,
			Demo:       w.app.config.Demo,
			Phase:      string(at),
			Readable:   w.app.host.Readable(),
		}
		if failure != nil {
			state.Code, state.Message, state.Hint = failure.Code, failure.Message, failure.Hint
		}
		for _, one := range w.app.host.Copies() {
			state.Copies = append(state.Copies, WindowCopy{Name: one.Name, ChangedMs: one.Changed.UnixMilli()})
		}
		return state, nil
	}, struct{}{})
}

// Reopen tries to open the data again after a failure, and waits for the result,
// which State tells.
func (w *Window) Reopen() error {
	_, err := answer(w.app.door, w.app.context(), func(ctx context.Context, _ struct{}) (struct{}, error) {
		w.app.host.Start()
		_ = w.app.host.Opened(ctx)
		return struct{}{}, nil
	}, struct{}{})
	return err
}

// RestoreCopyInput names one of the copies of State.
type RestoreCopyInput struct {
	Name string `json:"name"`
}

// RestoreCopy puts a copy in place of data that is missing or damaged, and opens
// it. What lay there is kept. Nobody can be signed in then: whoever may write the
// folder may do this.
func (w *Window) RestoreCopy(in RestoreCopyInput) error {
	_, err := answer(w.app.door, w.app.context(), func(ctx context.Context, in RestoreCopyInput) (struct{}, error) {
		return struct{}{}, w.app.host.Restore(ctx, in.Name)
	}, in)
	return err
}

// OpenForReading opens data that is damaged as it is. Nothing is written to it.
func (w *Window) OpenForReading() error {
	_, err := answer(w.app.door, w.app.context(), func(ctx context.Context, _ struct{}) (struct{}, error) {
		return struct{}{}, w.app.host.OpenForReading(ctx)
	}, struct{}{})
	return err
}

// PaintedInput tells what is on the screen.
type PaintedInput struct {
	// Screen is a short word for what was painted, as in "page" or "setups".
	Screen string `json:"screen"`
	// Dark tells whether the system's theme is dark, for the next start.
	Dark bool `json:"dark"`
}

// Painted logs that the page has painted a screen, with the time since the
// program started. Measurements and tests read that line.
func (w *Window) Painted(in PaintedInput) error {
	_, err := answer(w.app.door, w.app.context(), func(_ context.Context, in PaintedInput) (struct{}, error) {
		w.app.log.Info("painted", "screen", word(in.Screen), "ms", time.Since(w.app.started).Milliseconds())
		w.mu.Lock()
		defer w.mu.Unlock()
		if !w.painted {
			w.painted = true
			w.app.frame.setDark(in.Dark)
		}
		return struct{}{}, nil
	}, in)
	return err
}

// word reduces text from the page to a word that cannot forge a log line.
func word(text string) string {
	keep := strings.Map(func(r rune) rune {
		if r == '-' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, text)
	return keep[:min(len(keep), 40)]
}

// OpenLinkInput is a link out of the window.
type OpenLinkInput struct {
	URL string `json:"url"`
}

// OpenLinkOutput tells whether the person agreed.
type OpenLinkOutput struct {
	Opened bool `json:"opened"`
}

// OpenLink opens an https link in the person's browser, after a question that
// names the host as in DNS: there no letter looks like another, and nothing turns
// the direction of text. The question is a dialog of the system, so that a page that
// has gone wrong cannot answer it.
func (w *Window) OpenLink(in OpenLinkInput) (OpenLinkOutput, error) {
	return answer(w.app.door, w.app.context(), func(ctx context.Context, in OpenLinkInput) (OpenLinkOutput, error) {
		link, err := allowedLink(in.URL)
		if err != nil {
			return OpenLinkOutput{}, err
		}
		said, err := runtime.MessageDialog(ctx, runtime.MessageDialogOptions{
			Type:  runtime.QuestionDialog,
			Title: "Open in your browser?",
			// GTK reads the message as a format string.
			Message:       strings.ReplaceAll(fmt.Sprintf("Open %s in your browser?", link.Host), "%", "%%"),
			Buttons:       []string{"Yes", "No"},
			DefaultButton: "No",
			CancelButton:  "No",
		})
		if err != nil || said != "Yes" {
			return OpenLinkOutput{}, err
		}
		runtime.BrowserOpenURL(ctx, link.String())
		return OpenLinkOutput{Opened: true}, nil
	}, in)
}

// allowedLink parses an https link that has a host and no credentials, and nothing
// that cannot be seen; others are ErrLinkRefused. The host is written as in DNS.
func allowedLink(raw string) (*url.URL, error) {
	if len(raw) > 2048 || strings.ContainsFunc(raw, isUnseen) {
		return nil, ErrLinkRefused
	}
	link, err := url.Parse(raw)
	if err != nil || link.Scheme != "https" || link.Hostname() == "" || link.User != nil {
		return nil, ErrLinkRefused
	}
	host, port := link.Hostname(), link.Port()
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	host, ok := request.ASCIIHost(host)
	if !ok {
		return nil, ErrLinkRefused
	}
	link.Host = host
	if port != "" {
		link.Host += ":" + port
	}
	return link, nil
}

// isUnseen reports what a link shows nothing of: control and format characters,
// and line separators.
func isUnseen(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) }

// CopyInput is what goes to the clipboard.
type CopyInput struct {
	Text secret.Text `json:"text" ts_type:"string"`
	// ClearAfterMs is after how many milliseconds the clipboard is cleared, if it
	// still holds the text; 0 means never.
	ClearAfterMs int `json:"clear_after_ms"`
}

// Copy puts text on the clipboard.
func (w *Window) Copy(in CopyInput) error {
	_, err := answer(w.app.door, w.app.context(), func(ctx context.Context, in CopyInput) (struct{}, error) {
		text := in.Text.Reveal()
		if err := runtime.ClipboardSetText(ctx, text); err != nil {
			return struct{}{}, fmt.Errorf("copy: %w", err)
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		if w.clearTimer != nil {
			w.clearTimer.Stop()
			w.copied = ""
		}
		if in.ClearAfterMs > 0 {
			w.copied = text
			w.clearTimer = time.AfterFunc(time.Duration(in.ClearAfterMs)*time.Millisecond, w.clearCopied)
		}
		return struct{}{}, nil
	}, in)
	return err
}

// clearCopied removes a secret from the clipboard, unless the clipboard has
// other content by now.
func (w *Window) clearCopied() {
	w.mu.Lock()
	text := w.copied
	w.copied = ""
	w.mu.Unlock()
	if text == "" || w.app.context().Err() != nil {
		return
	}
	ctx := w.app.context()
	if now, err := runtime.ClipboardGetText(ctx); err == nil && now == text {
		_ = runtime.ClipboardSetText(ctx, "")
	}
}

// SaveTextInput is a file to save, such as a recovery code or a CSV.
type SaveTextInput struct {
	Title    string      `json:"title"`
	FileName string      `json:"file_name"`
	Text     secret.Text `json:"text" ts_type:"string"`
}

// SaveTextOutput tells where the file went; Saved is false when the person
// closed the dialog.
type SaveTextOutput struct {
	Saved bool   `json:"saved"`
	Path  string `json:"path"`
}

// SaveText asks the person where to save, and writes a file that only its owner
// can read.
func (w *Window) SaveText(in SaveTextInput) (SaveTextOutput, error) {
	return answer(w.app.door, w.app.context(), func(ctx context.Context, in SaveTextInput) (SaveTextOutput, error) {
		path, err := runtime.SaveFileDialog(ctx, runtime.SaveDialogOptions{
			Title:                in.Title,
			DefaultFilename:      filepath.Base(in.FileName),
			CanCreateDirectories: true,
		})
		if err != nil || path == "" {
			return SaveTextOutput{}, err
		}
		if err := writeWhole(path, []byte(in.Text.Reveal())); err != nil {
			return SaveTextOutput{}, ErrNotSaved.WithCause(err)
		}
		return SaveTextOutput{Saved: true, Path: path}, nil
	}, in)
}

// ReadTextInput asks for a text file. Pattern, such as "*.csv", limits the
// choice; empty means any file.
type ReadTextInput struct {
	Title   string `json:"title"`
	Pattern string `json:"pattern"`
}

// ReadTextOutput is the file's content; Chosen is false when the person closed
// the dialog.
type ReadTextOutput struct {
	Chosen bool   `json:"chosen"`
	Name   string `json:"name"`
	Text   string `json:"text"`
}

// ReadText asks the person for a file and returns its text, without a byte
// order mark.
func (w *Window) ReadText(in ReadTextInput) (ReadTextOutput, error) {
	return answer(w.app.door, w.app.context(), func(ctx context.Context, in ReadTextInput) (ReadTextOutput, error) {
		options := runtime.OpenDialogOptions{Title: in.Title}
		if in.Pattern != "" {
			options.Filters = []runtime.FileFilter{{DisplayName: in.Pattern, Pattern: in.Pattern}}
		}
		path, err := runtime.OpenFileDialog(ctx, options)
		if err != nil || path == "" {
			return ReadTextOutput{}, err
		}
		text, err := readText(path)
		if err != nil {
			return ReadTextOutput{}, err
		}
		return ReadTextOutput{Chosen: true, Name: filepath.Base(path), Text: text}, nil
	}, in)
}

func readText(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return "", ErrNotRead.WithCause(err)
	}
	if info.Size() > readLimit {
		return "", ErrNotRead.WithMessage("The file is larger than 10 MB.")
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", ErrNotRead.WithCause(err)
	}
	if !utf8.Valid(text) {
		return "", ErrNotRead.WithMessage("The file is not text in UTF-8.")
	}
	return strings.TrimPrefix(string(text), "\ufeff"), nil
}

// writeWhole writes a file completely or not at all: it writes a temporary file
// in the same folder and then renames it.
func writeWhole(path string, content []byte) error {
	file, err := os.CreateTemp(filepath.Dir(path), ".keydesk-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(file.Name()) }()
	if _, err := file.Write(content); err != nil {
		_ = file.Close()
		return err
	}
	if err := file.Sync(); err != nil {
		_ = file.Close()
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}
