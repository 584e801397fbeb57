package app

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/wailsapp/wails/v2/pkg/options"
	"github.com/wailsapp/wails/v2/pkg/runtime"

	"keydesk/backend/user"
)

// The window's size in pixels: the smallest that screens are made for (UI.md,
// Looks), and that of a first start.
const (
	minWidth, minHeight     = 1024, 700
	firstWidth, firstHeight = 1280, 820
)

// frame is what is remembered of the window between starts, in window.json in
// the data folder. It is only a convenience, so its errors are never shown.
type frame struct {
	path string

	mu    sync.Mutex
	saved frameFile
}

type frameFile struct {
	Width     int  `json:"width"`
	Height    int  `json:"height"`
	Maximised bool `json:"maximised"`
	// Dark tells whether the system's theme was dark.
	Dark bool `json:"dark"`
	// Look is that of the person who used Keydesk last. It holds until somebody signs
	// in, also while the data cannot be read.
	Look user.Appearance `json:"look"`
}

// load reads what the last run saved, or sets the values of a first start.
func (f *frame) load(dataDir string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.path = filepath.Join(dataDir, "window.json")
	f.saved = frameFile{Width: firstWidth, Height: firstHeight, Dark: systemDark(), Look: user.UsualAppearance}
	content, err := os.ReadFile(f.path)
	if err != nil {
		return
	}
	var saved frameFile
	if json.Unmarshal(content, &saved) == nil {
		f.saved = saved
	}
	f.saved.Look = f.saved.Look.Known()
	f.saved.Width = between(f.saved.Width, minWidth, 10000)
	f.saved.Height = between(f.saved.Height, minHeight, 10000)
}

func between(n, least, most int) int { return min(max(n, least), most) }

// setDark remembers the system's theme that the page found, so that the next start does
// not show the other one for a moment.
func (f *frame) setDark(dark bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.saved.Dark = dark
}

// look returns how Keydesk looked for the person who used it last.
func (f *frame) look() user.Appearance {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.saved.Look.Known()
}

// setLook remembers how Keydesk looks for a person, for the screens before the next
// sign-in. It is written at once: a program that is killed starts again as it was.
func (f *frame) setLook(look user.Appearance) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.saved.Look == look {
		return
	}
	f.saved.Look = look
	f.write()
}

// write keeps what is remembered. It does nothing in tests that have no folder.
func (f *frame) write() {
	content, err := json.Marshal(f.saved)
	if err == nil && f.path != "" {
		_ = writeWhole(f.path, content)
	}
}

// save stores the size of the open window.
func (f *frame) save(ctx context.Context) {
	maximised := runtime.WindowIsMaximised(ctx)
	width, height := runtime.WindowGetSize(ctx)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.saved.Maximised = maximised
	if !maximised && width >= minWidth && height >= minHeight {
		f.saved.Width, f.saved.Height = width, height
	}
	f.write()
}

// background returns the colour shown until the page has painted: Mantine's
// body colours, light and dark.
func (f *frame) background() *options.RGBA {
	if look := f.saved.Look.Scheme; look == "dark" || look != "light" && f.saved.Dark {
		return options.NewRGB(0x24, 0x24, 0x24)
	}
	return options.NewRGB(0xff, 0xff, 0xff)
}

// systemDark guesses the theme of a first start from the places where GTK 3
// looks first; the web view follows GTK.
func systemDark() bool {
	if theme := os.Getenv("GTK_THEME"); theme != "" {
		return strings.HasSuffix(theme, ":dark") || strings.HasSuffix(theme, "-dark")
	}
	config, err := os.UserConfigDir()
	if err != nil {
		return false
	}
	content, err := os.ReadFile(filepath.Join(config, "gtk-3.0", "settings.ini"))
	if err != nil {
		return false
	}
	for line := range strings.Lines(string(content)) {
		name, value, _ := strings.Cut(line, "=")
		name, value = strings.TrimSpace(name), strings.ToLower(strings.TrimSpace(value))
		switch name {
		case "gtk-application-prefer-dark-theme":
			if value == "1" || value == "true" {
				return true
			}
		case "gtk-theme-name":
			if strings.HasSuffix(value, "-dark") {
				return true
			}
		}
	}
	return false
}
