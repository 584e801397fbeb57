package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheCommandLine(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("XDG_DATA_HOME", "")
	t.Setenv("DISPLAY", "")
	t.Setenv("WAYLAND_DISPLAY", "")
	for _, c := range []struct {
		args           string
		code           int
		stdout, stderr string
	}{
		{"--version", 0, "keydesk ", ""},
		{"--help", 0, filepath.Join(home, ".local", "share", "keydesk"), ""},
		{"-h", 0, "--data FOLDER", ""},
		{"--nonsense", 2, "", "--help"},
		{"--data", 2, "", "--help"},
		{"words", 2, "", `"words" is not understood`},
		{"--demo --data /somewhere", 2, "", "its own folder"},
	} {
		var stdout, stderr bytes.Buffer
		code := run(strings.Fields(c.args), &stdout, &stderr)
		if code != c.code || !strings.Contains(stdout.String(), c.stdout) || !strings.Contains(stderr.String(), c.stderr) {
			t.Errorf("%s: %d\n%s%s", c.args, code, &stdout, &stderr)
		}
		if (code == 0) != (stderr.Len() == 0) {
			t.Errorf("%s: %d, but stderr has %q", c.args, code, &stderr)
		}
	}
	if left, _ := filepath.Glob(home + "/.*"); len(left) != 0 {
		t.Errorf("printing the help made %v", left)
	}
}

func TestTheDataFolderFollowsXDG(t *testing.T) {
	t.Setenv("HOME", "/home/anna")
	for value, want := range map[string]string{
		"":         "/home/anna/.local/share/keydesk",
		"/data":    "/data/keydesk",
		"relative": "/home/anna/.local/share/keydesk",
	} {
		t.Setenv("XDG_DATA_HOME", value)
		if got := defaultData(); got != want {
			t.Errorf("%q: %s, want %s", value, got, want)
		}
	}
}
