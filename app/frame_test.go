package app

import (
	"os"
	"path/filepath"
	"testing"

	"keydesk/backend/user"
)

// RULES.md, Window: the window's size is remembered, and a broken file is
// ignored.
func TestTheWindowKeepsItsSize(t *testing.T) {
	t.Setenv("GTK_THEME", "Adwaita")
	for name, c := range map[string]struct {
		file string
		want frameFile
	}{
		"first start":    {"", frameFile{Width: firstWidth, Height: firstHeight, Look: user.UsualAppearance}},
		"as left":        {`{"width":1500,"height":900,"maximised":true,"dark":true}`, frameFile{1500, 900, true, true, user.UsualAppearance}},
		"too small":      {`{"width":10,"height":-3}`, frameFile{Width: minWidth, Height: minHeight, Look: user.UsualAppearance}},
		"absurdly large": {`{"width":9999999,"height":9999999}`, frameFile{Width: 10000, Height: 10000, Look: user.UsualAppearance}},
		"broken":         {`{"width":`, frameFile{Width: firstWidth, Height: firstHeight, Look: user.UsualAppearance}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if c.file != "" {
				if err := os.WriteFile(filepath.Join(dir, "window.json"), []byte(c.file), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			var f frame
			f.load(dir)
			if f.saved != c.want {
				t.Errorf("got %+v, want %+v", f.saved, c.want)
			}
		})
	}
}

func TestAFirstStartTakesTheSystemsTheme(t *testing.T) {
	config := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", config)
	folder := filepath.Join(config, "gtk-3.0")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	for settings, dark := range map[string]bool{
		"":                                    false,
		"gtk-theme-name=Adwaita":              false,
		"gtk-theme-name = Adwaita-dark":       true,
		"gtk-application-prefer-dark-theme=1": true,
		"gtk-application-prefer-dark-theme=false": false,
	} {
		if err := os.WriteFile(filepath.Join(folder, "settings.ini"), []byte("[Settings]\n"+settings+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		t.Setenv("GTK_THEME", "")
		if got := systemDark(); got != dark {
			t.Errorf("%q: dark is %v", settings, got)
		}
	}
	t.Setenv("GTK_THEME", "Adwaita:dark")
	if !systemDark() {
		t.Error("GTK_THEME was ignored")
	}
}

func TestOneFolderHasOneID(t *testing.T) {
	dir := t.TempDir()
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(dir, link); err != nil {
		t.Fatal(err)
	}
	id := folderID(dir)
	if folderID(dir+"/") != id || folderID(link) != id {
		t.Error("one folder has two ids")
	}
	if folderID(t.TempDir()) == id {
		t.Error("two folders have one id")
	}
}

func TestTheDevBuildAnswersOnLoopbackOnly(t *testing.T) {
	for address, want := range map[string]bool{
		"127.0.0.1:34115": true, "localhost:0": true, "[::1]:34115": true,
		"0.0.0.0:34115": false, ":34115": false, "192.168.1.4:34115": false, "nonsense": false,
	} {
		if isLoopback(address) != want {
			t.Errorf("%s: loopback is %v", address, !want)
		}
	}
}
