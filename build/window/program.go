//go:build window

package window

import (
	"bytes"
	"errors"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Program is a running program with a window.
type Program struct {
	t    T
	cmd  *exec.Cmd
	done chan struct{}
	err  error

	mu  sync.Mutex
	log bytes.Buffer
}

// Start starts a program on a display, in a session, and waits until its page
// is painted.
func Start(t T, d *Display, s *Session, path string, args ...string) *Program {
	t.Helper()
	p := Launch(t, d, s, nil, path, args...)
	p.WaitFor("msg=painted", waitLimit)
	return p
}

// Launch starts a program with further environment variables and does not wait.
func Launch(t T, d *Display, s *Session, env []string, path string, args ...string) *Program {
	t.Helper()
	p := &Program{t: t, cmd: exec.Command(path, args...), done: make(chan struct{})}
	p.cmd.Env = append(append(s.Env(), d.Env()...), env...)
	p.cmd.Stdout, p.cmd.Stderr = p, p
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	if err := p.cmd.Start(); err != nil {
		t.Fatalf("%v", err)
	}
	go func() {
		p.err = p.cmd.Wait()
		close(p.done)
	}()
	t.Cleanup(func() {
		if p.Running() {
			p.Kill()
		}
	})
	return p
}

// Write adds what the program prints to its log.
func (p *Program) Write(part []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.Write(part)
}

// Log returns what the program has printed so far.
func (p *Program) Log() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.String()
}

// Running tells whether the program has not ended yet.
func (p *Program) Running() bool {
	select {
	case <-p.done:
		return false
	default:
		return true
	}
}

// WaitFor waits until the program has printed text.
func (p *Program) WaitFor(text string, limit time.Duration) {
	p.t.Helper()
	for deadline := time.Now().Add(limit); !strings.Contains(p.Log(), text); time.Sleep(20 * time.Millisecond) {
		if !p.Running() {
			p.t.Fatalf("the program ended before it printed %q: %v\n%s", text, p.err, p.Log())
		}
		if time.Now().After(deadline) {
			p.t.Fatalf("the program did not print %q within %v:\n%s", text, limit, p.Log())
		}
	}
}

// Stop asks the program to end, as a desktop does when it shuts down, and
// returns the exit code.
func (p *Program) Stop() int {
	p.t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Fatalf("the program cannot be asked to stop: %v\n%s", err, p.Log())
	}
	return p.Wait(waitLimit)
}

// Kill ends the program at once, as kill -9 does.
func (p *Program) Kill() {
	_ = p.cmd.Process.Kill()
	<-p.done
}

// Wait waits for the program to end by itself and returns the exit code.
func (p *Program) Wait(limit time.Duration) int {
	p.t.Helper()
	select {
	case <-p.done:
	case <-time.After(limit):
		p.t.Fatalf("the program did not end within %v:\n%s", limit, p.Log())
	}
	var exit *exec.ExitError
	if errors.As(p.err, &exit) {
		return exit.ExitCode()
	}
	return 0
}
