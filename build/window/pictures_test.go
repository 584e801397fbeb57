//go:build window && pictures

package window_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"keydesk/build/window"
)

// TestPictures takes the README's pictures into the folder KEYDESK_PICTURES.
func TestPictures(t *testing.T) {
	folder := os.Getenv("KEYDESK_PICTURES")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, theme := range map[string]string{"light": "Adwaita", "dark": "Adwaita:dark"} {
		display, session := window.StartDisplay(t, 1280, 820), window.StartSession(t)
		program := window.Launch(t, display, session, []string{"GTK_THEME=" + theme}, release(t), "--demo")
		program.WaitFor("screen=ready", 20*time.Second)
		display.Settle()
		display.Focus("Keydesk")
		display.Key("ctrl+k")
		display.Settle()
		display.Type("Order on its way")
		time.Sleep(time.Second)
		display.Settle()
		display.Key("Return")
		program.WaitFor("screen=setups-one", 20*time.Second)
		time.Sleep(time.Second)
		display.Settle()
		display.Photograph(filepath.Join(folder, "keydesk-"+name+".png"))
		if code := program.Stop(); code != 0 {
			t.Errorf("exit code %d\n%s", code, program.Log())
		}
	}
}
