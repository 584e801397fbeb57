//go:build window

package window_test

import (
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"keydesk/build/window"
)

// UI.md, Looks: a window that begins dark, since the last person had it so, is never
// white, neither before the page is drawn nor after. The system is light here.
func TestADarkWindowDoesNotBeginWhite(t *testing.T) {
	display, session := window.StartDisplay(t, 1440, 900), window.StartSession(t)
	data := filepath.Join(t.TempDir(), "data")
	if err := os.MkdirAll(data, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(data, "window.json"), []byte(`{"width":1280,"height":820,"dark":false,"look":{"scheme":"dark","text_size":125}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	program := window.Launch(t, display, session, []string{"GTK_THEME=Adwaita"}, release(t), "--data", data)
	painted, photographs := time.Time{}, 0
	for deadline := time.Now().Add(20 * time.Second); painted.IsZero() || time.Since(painted) < time.Second; photographs++ {
		if time.Now().After(deadline) {
			t.Fatalf("nothing was painted:\n%s", program.Log())
		}
		if painted.IsZero() && strings.Contains(program.Log(), "screen=first-run") {
			painted = time.Now()
		}
		path := filepath.Join(t.TempDir(), "window.png")
		display.Photograph(path)
		if share := white(t, path); share > 0.3 {
			t.Errorf("photograph %d is white by %.0f %%", photographs, share*100)
		}
	}
	t.Logf("%d photographs", photographs)
	if code := program.Stop(); code != 0 {
		t.Errorf("exit code %d\n%s", code, program.Log())
	}
}

// white gives the share of a photograph that is nearly white.
func white(t *testing.T, path string) float64 {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	picture, err := png.Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	_ = file.Close()
	size, bright, all := picture.Bounds(), 0, 0
	for y := size.Min.Y; y < size.Max.Y; y += 10 {
		for x := size.Min.X; x < size.Max.X; x += 10 {
			r, g, b, _ := picture.At(x, y).RGBA()
			if all++; min(r, g, b) > 0xe000 {
				bright++
			}
		}
	}
	return float64(bright) / float64(all)
}
