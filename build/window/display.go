//go:build window

// Package window runs the real program in a real window on a virtual display,
// presses its keys and photographs it. Tests and the pictures of the README use
// it; the tag keeps it out of ordinary builds.
//
// Start a Display and a Session, then Start the program in both. What a test
// starts is closed again at its end.
package window

import (
	"bufio"
	"context"
	"fmt"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// waitLimit is how long a program may take to be ready.
const waitLimit = 20 * time.Second

// T is what this package needs of *testing.T, so that a program other than a
// test can use it too.
type T interface {
	Helper()
	Cleanup(func())
	Fatalf(format string, args ...any)
	Logf(format string, args ...any)
	TempDir() string
}

// Display is a virtual screen.
type Display struct {
	// Name is the value of DISPLAY, such as ":12".
	Name string
	t    T
	cmd  *exec.Cmd
}

// StartDisplay starts a virtual screen of that size in pixels.
func StartDisplay(t T, width, height int) *Display {
	t.Helper()
	out, in, err := os.Pipe()
	if err != nil {
		t.Fatalf("a pipe for the display's number: %v", err)
	}
	cmd := exec.Command("Xvfb", "-displayfd", "3", "-nolisten", "tcp", "-screen", "0", fmt.Sprintf("%dx%dx24", width, height))
	cmd.ExtraFiles = []*os.File{in}
	begin(t, cmd)
	_ = in.Close()
	_ = out.SetReadDeadline(time.Now().Add(waitLimit))
	number, err := bufio.NewReader(out).ReadString('\n')
	_ = out.Close()
	if err != nil {
		t.Fatalf("Xvfb did not print its display: %v", err)
	}
	return &Display{Name: ":" + strings.TrimSpace(number), t: t, cmd: cmd}
}

// End ends the screen while programs are on it, as when a person is signed out.
func (d *Display) End() { _ = d.cmd.Process.Kill() }

// Env returns the variables by which a program finds the display.
func (d *Display) Env() []string { return []string{"DISPLAY=" + d.Name, "WAYLAND_DISPLAY="} }

// Key presses keys one after the other. Each is a key or a combination as
// xdotool writes it: "Tab", "Return", "ctrl+s".
func (d *Display) Key(keys ...string) {
	d.t.Helper()
	d.run("xdotool", append([]string{"key", "--clearmodifiers", "--delay", "30"}, keys...)...)
}

// Type types text into the focused element.
func (d *Display) Type(text string) {
	d.t.Helper()
	d.run("xdotool", "type", "--clearmodifiers", "--delay", "8", "--", text)
}

// Focus gives the keyboard to the window with that title; there is no window
// manager that would do it.
func (d *Display) Focus(title string) {
	d.t.Helper()
	id := strings.Fields(d.run("xdotool", "search", "--sync", "--onlyvisible", "--name", "^"+title+"$"))
	if len(id) == 0 {
		d.t.Fatalf("no window is called %q", title)
	}
	d.run("xdotool", "windowfocus", "--sync", id[len(id)-1])
}

// Visible tells whether a window with that title can be seen.
func (d *Display) Visible(title string) bool {
	cmd := exec.Command("xdotool", "search", "--onlyvisible", "--name", "^"+title+"$")
	cmd.Env = append(os.Environ(), d.Env()...)
	out, err := cmd.Output() // it fails where it finds none
	return err == nil && len(strings.Fields(string(out))) > 0
}

// Photograph writes the whole screen as a PNG.
func (d *Display) Photograph(path string) {
	d.t.Helper()
	d.run("import", "-window", "root", path)
}

// Settle waits until the screen has stopped changing, that is, until two
// pictures in a row are equal. On a busy machine the page lags behind the keys.
func (d *Display) Settle() {
	d.t.Helper()
	last := ""
	for deadline := time.Now().Add(waitLimit); ; time.Sleep(400 * time.Millisecond) {
		now := d.run("import", "-window", "root", "-depth", "8", "rgb:-")
		if now == last {
			return
		}
		last = now
		if time.Now().After(deadline) {
			d.t.Fatalf("the screen did not stop changing")
		}
	}
}

// Colours counts the different colours of a picture and stops at limit.
func Colours(t T, path string, limit int) int {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatalf("the picture: %v", err)
	}
	defer func() { _ = file.Close() }()
	picture, err := png.Decode(file)
	if err != nil {
		t.Fatalf("the picture: %v", err)
	}
	seen := map[[3]uint32]bool{}
	size := picture.Bounds()
	for y := size.Min.Y; y < size.Max.Y && len(seen) < limit; y++ {
		for x := size.Min.X; x < size.Max.X && len(seen) < limit; x++ {
			r, g, b, _ := picture.At(x, y).RGBA()
			seen[[3]uint32{r, g, b}] = true
		}
	}
	return len(seen)
}

func (d *Display) run(name string, args ...string) string {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), waitLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), d.Env()...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		d.t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
	return string(out)
}

// begin starts a helper program and stops it when the test ends.
func begin(t T, cmd *exec.Cmd) {
	t.Helper()
	// The helper must not outlive a test that was killed.
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	if err := cmd.Start(); err != nil {
		t.Fatalf("%s: %v (make test installs it)", filepath.Base(cmd.Path), err)
	}
	t.Cleanup(func() { end(cmd) })
}

// end asks a program to stop, and kills it if it does not.
func end(cmd *exec.Cmd) {
	_ = cmd.Process.Signal(syscall.SIGTERM)
	done := make(chan struct{})
	go func() {
		_ = cmd.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(5 * time.Second):
		_ = cmd.Process.Kill()
		<-done
	}
}
