// Package app is the desktop door: the window, and the structs the page calls.
//
// Each feature has one bound struct with one method for each operation: a line
// that passes a gate.Handler to call. These structs are generated. App holds
// the rest: the frame, the door, the log and the assets. With main.go this is
// the only package that imports Wails.
//
// New does no I/O, because generating the page's bindings runs main. Run starts
// opening the backend, which package host owns, and starts the web view at the
// same time; when the window is closed, it closes everything again.
package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	goruntime "runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"time"

	"github.com/wailsapp/wails/v2"
	"github.com/wailsapp/wails/v2/pkg/logger"
	"github.com/wailsapp/wails/v2/pkg/options"
	"github.com/wailsapp/wails/v2/pkg/options/assetserver"
	"github.com/wailsapp/wails/v2/pkg/options/linux"
	"github.com/wailsapp/wails/v2/pkg/runtime"

	"keydesk/backend"
	"keydesk/backend/access"
	"keydesk/backend/demo"
	"keydesk/backend/desktop"
	"keydesk/backend/fault"
	"keydesk/backend/host"
	"keydesk/backend/localapi"
	"keydesk/backend/organisation"
	"keydesk/backend/vault"
)

// closeLimit is how long running calls may take to end when the window is
// closed.
const closeLimit = 10 * time.Second

// Config is what main decides.
type Config struct {
	Version string
	DataDir string
	Demo    bool
	// Page holds index.html and its assets.
	Page fs.FS
	// Icon is a PNG.
	Icon []byte
	// Stderr gets the log too, besides the log file.
	Stderr io.Writer
	// Started is when the program began, for the time to the first paint.
	Started time.Time
	// Backend replaces the real backend in tests of the frame; nil means the
	// real one on DataDir.
	Backend host.Backend
}

// App is the window and everything the page can call.
type App struct {
	config  Config
	started time.Time
	log     *slog.Logger
	host    *host.Host
	door    *Door
	// api is the local API's door; nil in tests of the frame, which have no office.
	api     *localapi.Door
	frame   frame
	window  *Window
	closing *closing
	// desktop shows alerts as notifications; a click on one shows the window.
	desktop *desktop.Notifier
	ops     backend.Ops
	// localAPI tells what the local API does.
	localAPI func() localapi.State
	// extra is bound too; tests put a probe here.
	extra []any
}

// New wires the window without any I/O.
func New(config Config) *App {
	a := &App{config: config, started: config.Started, localAPI: func() localapi.State { return localapi.State{} }}
	file := host.NewLogFile(config.Stderr)
	a.log = file.Logger()
	a.desktop = desktop.New(desktop.Options{Opened: func(string) { a.raise() }})
	build, forReading := a.makers()
	a.host = host.New(host.Options{
		Folder: config.DataDir, Version: config.Version, Log: file, Make: build, MakeForReading: forReading,
		Moved:   a.moved,
		Control: host.Control{Program: host.Window, Show: a.raise, Listening: func() []string { return a.localAPI().Listening }},
	})
	a.ops = a.host.Ops
	if config.Backend == nil {
		a.api = localapi.ForHost(a.host, a.log, func() { a.Emit("changed", access.ScopeOf(organisation.LocalAPIKind)) })
		a.localAPI = a.api.State
	}
	a.door = newDoor(a.log, a.host)
	a.window = &Window{app: a}
	a.closing = &closing{app: a}
	return a
}

// makers return the functions that make the backend for each opening, and for one
// of damaged data. The second is nil where that is not offered.
func (a *App) makers() (build, forReading func() host.Backend) {
	if a.config.Backend != nil {
		return func() host.Backend { return a.config.Backend }, nil
	}
	options := backend.Options{
		Folder: a.config.DataDir, Version: a.config.Version, Log: a.log, Changed: a.changed,
		LocalAPI: func() organisation.Listening { return a.api.Listening() },
		// All openings share one keyring, so that a question of the system's
		// keyring that nobody answers is asked only once.
		Keyring: vault.NewKeyring(vault.KeyringOptions{}),
		Desktop: a.desktop,
	}
	if a.config.Demo {
		options.Desktop = nil // nobody waits for the keys of a demo
		server := &demo.Server{}
		return func() host.Backend { return backend.NewDemo(options, a.door.source, server) }, nil
	}
	reading := options
	reading.ForReading = true
	return func() host.Backend { return backend.New(options) }, func() host.Backend { return backend.New(reading) }
}

// moved opens the local API when the data is open, whether or not somebody is signed
// in, and tells the page to fetch the phase again.
func (a *App) moved(to host.Phase) {
	if to == host.Open && a.api != nil {
		if err := a.api.Apply(context.Background()); err != nil {
			a.log.Error("the local API could not be opened", "why", err)
		}
	}
	a.Emit("window.phase")
}

// changed lets the local API follow its settings, and then tells the page which
// features to fetch again. Every change also adds to the activity.
func (a *App) changed(kinds []string) {
	a.api.Changed(kinds)
	told := map[string]bool{}
	tell := func(scope string) {
		if !told[scope] {
			told[scope] = true
			a.Emit("changed", scope)
		}
	}
	for _, kind := range kinds {
		tell(access.ScopeOf(kind))
	}
	tell("activity")
}

// Bound lists the structs the page can call: the frame's own two, and one for
// each feature's operations.
func (a *App) Bound() []any {
	return slices.Concat([]any{a.window, a.session()}, a.operations(), a.extra)
}

func (a *App) session() *Session {
	return &Session{a.door, a.ops.Organisation, a.ops.User, a.config.Demo, &a.frame}
}

// serve is the middleware around the page's assets.
func (a *App) serve(next http.Handler) http.Handler {
	return serveAssets(next, a.frame.look, a.initialSession)
}

// initialSession returns the answer of Session.State as JSON. It is written
// into the page, so that the page need not show an empty screen, ask, and wait.
// It returns "" while the backend is still opening or could not be opened; then
// the page asks. It does not wait for the opening: that takes a few
// milliseconds and started hundreds of milliseconds before the web view asks
// for the page. If it takes longer, the person should see that something
// happens.
func (a *App) initialSession() string {
	if at, _ := a.host.State(); at != host.Open {
		return ""
	}
	state, err := a.session().State()
	if err != nil {
		return ""
	}
	text, err := json.Marshal(state)
	if err != nil {
		return ""
	}
	return string(text)
}

// Enums lists the named string types the page gets as TypeScript enums.
func (a *App) Enums() []any {
	return enums()
}

// Run opens the window and returns when it is closed.
func (a *App) Run() (err error) {
	if generating {
		return wails.Run(&options.App{Bind: a.Bound(), EnumBind: a.Enums()})
	}
	if err := a.check(); err != nil {
		return err
	}
	a.host.Start()
	defer a.close()
	if a.isSecond() {
		return nil
	}
	a.frame.load(a.config.DataDir)
	defer a.closing.endWithSignals()()
	defer func() {
		if p := recover(); p != nil {
			a.log.Error("the window broke", "what", panicText(p), "stack", string(debug.Stack()))
			err = errors.Join(err, fmt.Errorf("the window could not be shown: %s", panicText(p)))
		}
	}()
	return wails.Run(a.options())
}

// check explains in a sentence what would otherwise end in a stack trace.
func (a *App) check() error {
	if _, err := fs.Stat(a.config.Page, "index.html"); err != nil {
		return errors.New("this build has no page in it; run: make build")
	}
	if goruntime.GOOS == "linux" && os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
		return errors.New("there is no graphical desktop here (neither DISPLAY nor WAYLAND_DISPLAY is set); run: make run")
	}
	if address := os.Getenv("devserver"); devBuild && address != "" && !isLoopback(address) {
		return fmt.Errorf("the dev build answers on the loopback address only, not on %s", address)
	}
	return nil
}

// isLoopback tells whether host:port can be reached from this computer only.
func isLoopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func (a *App) options() *options.App {
	state := options.Normal
	if a.frame.saved.Maximised {
		state = options.Maximised
	}
	return &options.App{
		Title:              "Keydesk",
		Width:              a.frame.saved.Width,
		Height:             a.frame.saved.Height,
		MinWidth:           minWidth,
		MinHeight:          minHeight,
		WindowStartState:   state,
		BackgroundColour:   a.frame.background(),
		AssetServer:        &assetserver.Options{Assets: packed{a.config.Page}, Middleware: a.serve},
		Logger:             &wailsLog{log: a.log, methods: methodNames(a.Bound()), lost: a.answerLost},
		LogLevel:           logger.INFO,
		LogLevelProduction: logger.INFO,
		OnStartup:          a.startup,
		OnDomReady:         a.pageLoaded,
		OnBeforeClose:      a.beforeClose,
		OnShutdown:         a.shutdown,
		Bind:               a.Bound(),
		EnumBind:           a.Enums(),
		ErrorFormatter:     formatError,
		SingleInstanceLock: a.singleInstance(),
		// Dropping is off: a file dropped on the window would replace the page.
		DragAndDrop: &options.DragAndDrop{DisableWebViewDrop: true},
		Linux:       &linux.Options{Icon: a.config.Icon, WebviewGpuPolicy: linux.WebviewGpuPolicyNever, ProgramName: "keydesk"},
	}
}

// isSecond tells whether another window has this data open, and makes that one
// show itself, also where it is hidden. The answer comes through control.sock in
// the data folder, so a window with other data is never shown.
func (a *App) isSecond() bool {
	if phase, failure := a.host.State(); phase != host.Failed || failure.Code != host.ErrInUse.Code {
		return false
	}
	err := host.AskToShow(context.Background(), a.config.DataDir)
	a.log.Info("the window that is open was asked to show itself", "shown", err == nil)
	return err == nil
}

// singleInstance raises the first window when Keydesk is started a second time
// on the same data folder and the first owns no data: its opening failed, so
// there is no control.sock. It protects nothing; the lock on the folder does
// that. It returns nil where there is no session bus, because asking for one
// would start one.
func (a *App) singleInstance() *options.SingleInstanceLock {
	if goruntime.GOOS == "linux" && !hasSessionBus() {
		return nil
	}
	return &options.SingleInstanceLock{
		UniqueId:               "keydesk_" + folderID(a.config.DataDir),
		OnSecondInstanceLaunch: func(options.SecondInstanceData) { a.raise() },
	}
}

func hasSessionBus() bool {
	if os.Getenv("DBUS_SESSION_BUS_ADDRESS") != "" {
		return true
	}
	_, err := os.Stat(filepath.Join(os.Getenv("XDG_RUNTIME_DIR"), "bus"))
	return err == nil && os.Getenv("XDG_RUNTIME_DIR") != ""
}

// folderID returns the same ID for every way to write a folder's path.
func folderID(dir string) string {
	if whole, err := filepath.Abs(dir); err == nil {
		dir = whole
	}
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	sum := sha256.Sum256([]byte(dir))
	return hex.EncodeToString(sum[:8])
}

// raise shows the window, also one that is hidden. One that does not exist yet is
// shown anyway when it does.
func (a *App) raise() {
	ctx := a.context()
	if ctx.Value("frontend") == nil {
		return
	}
	a.closing.shown()
	runtime.WindowShow(ctx)
	runtime.WindowUnminimise(ctx)
}

// startup runs once the window exists. It tells the page to fetch the phase
// again, because the phase may have changed before hints could reach the page.
func (a *App) startup(ctx context.Context) {
	a.door.start(ctx)
	a.Emit("window.phase")
}

// Emit tells the page to fetch something again. A hint carries at most the name
// of a feature; the data itself is always fetched.
func (a *App) Emit(name string, words ...any) {
	if ctx := a.context(); ctx.Value("events") != nil {
		runtime.EventsEmit(ctx, name, words...)
	}
}

// context returns the window's context once the window exists.
func (a *App) context() context.Context { return a.door.context() }

// pageLoaded runs when any page has loaded. Navigation cannot be prevented, so
// the window leaves a page that is not ours at once; until then Wails refuses
// its calls. Our page is asked to report its first paint: the root has an
// element, and two frames have been drawn since.
func (a *App) pageLoaded(ctx context.Context) {
	runtime.WindowExecJS(ctx, `if (location.protocol === "wails:" || `+strconv.FormatBool(devBuild)+`) (function watch() {
  const root = document.getElementById("root");
  if (!root || !root.firstElementChild) { setTimeout(watch, 10); return; }
  requestAnimationFrame(() => requestAnimationFrame(() => window.go.app.Window.Painted({
    screen: "page",
    dark: matchMedia("(prefers-color-scheme: dark)").matches,
  })));
})();
else location.replace("wails://wails/");`)
}

// answerLost rejects the promise of a call that Wails could not make because
// the method is unknown or the message unreadable. Wails would leave the
// promise pending, or reject it later with its own message, which then has no
// effect.
func (a *App) answerLost(callbackID string) {
	ctx := a.context()
	if ctx.Value("frontend") == nil {
		return
	}
	reply, err := json.Marshal(map[string]any{"callbackid": callbackID, "error": formatError(fault.ErrInternal)})
	if err != nil {
		return
	}
	text, id := jsString(string(reply)), jsString(callbackID)
	runtime.WindowExecJS(ctx, "if (window.wails.callbacks["+id+"]) window.wails.Callback("+text+");")
}

// jsString returns text as a JavaScript string. Since ES2019 every JSON string
// is one.
func jsString(text string) string {
	quoted, _ := json.Marshal(text) // a string never fails
	return string(quoted)
}

// beforeClose runs before the window closes, unless the program is killed. The
// window still exists, and stays if it prevents the closing.
func (a *App) beforeClose(ctx context.Context) (prevent bool) {
	a.frame.save(ctx)
	return a.closing.holds()
}

// shutdown runs after the window has closed.
func (a *App) shutdown(context.Context) { a.close() }

// close closes the local API, so that its callers are still answered, and then the
// backend. It usually runs twice, the second time without
// effect: Run calls it too, because Wails does not call shutdown when no window
// was made.
func (a *App) close() {
	if a.api != nil {
		a.within(closeLimit, func(ctx context.Context) { a.api.Close(ctx) })
	}
	a.within(closeLimit, func(ctx context.Context) {
		if err := a.host.Close(ctx); err != nil {
			a.log.Error("the backend did not close cleanly", "why", err)
		}
	})
	_ = a.desktop.Close() // with its connection; there is nothing that could be lost
}

func (a *App) within(limit time.Duration, do func(ctx context.Context)) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	do(ctx)
}
