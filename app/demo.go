package app

import (
	"context"
	"fmt"
	"os"
	"os/exec"

	"keydesk/backend/fault"
)

// ErrDemoNotOpened means that the demo office's window could not be started.
var ErrDemoNotOpened = fault.New(fault.Unavailable, "window.demo_not_opened", "The demo office could not be opened.").
	WithHint("Start Keydesk with --demo instead.")

// OpenDemo opens the demo office in a second window with a temporary data
// folder. The folder is removed when that window is closed.
func (w *Window) OpenDemo() error {
	_, err := answer(w.app.door, w.app.context(), func(context.Context, struct{}) (struct{}, error) {
		program, err := os.Executable()
		if err != nil {
			return struct{}{}, ErrDemoNotOpened.WithCause(err)
		}
		demo := exec.Command(program, "--demo")
		if err := demo.Start(); err != nil {
			return struct{}{}, ErrDemoNotOpened.WithCause(fmt.Errorf("start: %w", err))
		}
		go func() { _ = demo.Wait() }()
		return struct{}{}, nil
	}, struct{}{})
	return err
}

// CloseDemo closes the demo office's window ("Back to my office"). In a real
// office it does nothing.
func (w *Window) CloseDemo() error {
	_, err := answer(w.app.door, w.app.context(), func(context.Context, struct{}) (struct{}, error) {
		if w.app.config.Demo {
			w.app.closing.end()
		}
		return struct{}{}, nil
	}, struct{}{})
	return err
}
