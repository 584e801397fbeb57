package main

import (
	"os/exec"
	"strings"
	"testing"
)

// RULES.md, Packages: a server has no desktop. A library that needs one would
// keep keydeskd from starting there, so none of them is linked in, with whatever
// tags it is built.
func TestNoDesktopIsLinkedIn(t *testing.T) {
	for _, tags := range []string{"", "webkit2_41,desktop,production"} {
		out, err := exec.Command("go", "list", "-deps", "-tags", tags, "-f", "{{.ImportPath}} {{.CgoLDFLAGS}} {{.CgoPkgConfig}}", ".").Output()
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSpace(string(out)), "\n")
		found := map[string]bool{}
		for _, line := range lines {
			name, flags, _ := strings.Cut(line, " ")
			found[name] = true
			for _, word := range []string{"wails", "gtk", "webkit", "webview"} {
				if strings.Contains(strings.ToLower(name+flags), word) {
					t.Errorf("%q: %s %s", tags, name, flags)
				}
			}
			if name == "keydesk" || name == "keydesk/app" {
				t.Errorf("%q: it imports %s, which is the window's", tags, name)
			}
		}
		// Otherwise nothing was looked at.
		if !found["keydesk/backend/host"] || !found["github.com/mattn/go-sqlite3"] {
			t.Errorf("%q: its own packages are not among %d", tags, len(lines))
		}
	}
}
