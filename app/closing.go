package app

import (
	"context"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/wailsapp/wails/v2/pkg/runtime"

	"keydesk/backend/fault"
	"keydesk/backend/user"
)

// pageLimit is how long the page may take to show the question. One that does not
// is broken, and must not keep the window open.
const pageLimit = 5 * time.Second

// closing decides what it means that the window is closed (RULES.md, Closing the
// window). While the local API is on, the page asks: the program can go on without
// a window, or end. Nothing is asked after a signal, which also comes at the end of
// the desktop session.
type closing struct {
	app *App

	mu    sync.Mutex
	asked bool // the question was put and not answered
	seen  bool // the page has fetched it
	ended bool // the program ends: nothing is asked any more
	// hidden means that the window was closed and the program goes on.
	hidden bool
	late   *time.Timer
}

// ErrNothingAsked means that the question was answered already.
var ErrNothingAsked = fault.New(fault.Conflict, "window.nothing_asked", "Keydesk is not being closed.").
	WithHint("Close the window again.")

// holds reports whether the window stays, because the page asks first. It is also
// called after a signal. A hidden window cannot be closed by a person.
func (c *closing) holds() bool {
	c.mu.Lock()
	if c.ended || c.hidden || !c.app.localAPI().On {
		c.mu.Unlock()
		return false
	}
	if !c.asked {
		c.asked, c.seen = true, false
		c.late = time.AfterFunc(pageLimit, c.giveUp)
	}
	c.mu.Unlock()
	c.app.Emit("window.closing")
	return true
}

// giveUp ends the program if the page did not ask.
func (c *closing) giveUp() {
	c.mu.Lock()
	broken := c.asked && !c.seen
	c.mu.Unlock()
	if broken {
		c.app.log.Warn("the page did not ask whether to go on without a window")
		c.end()
	}
}

// end closes the window for good.
func (c *closing) end() {
	c.mu.Lock()
	c.ended = true
	c.mu.Unlock()
	if ctx := c.app.context(); ctx.Value("frontend") != nil {
		runtime.Quit(ctx)
	}
}

// endWithSignals lets a signal end the program without a question, until stop is
// called. Wails quits on these signals itself, but calls holds first, perhaps
// before we hear of the signal: then the question is taken back here.
func (c *closing) endWithSignals() (stop func()) {
	heard := make(chan os.Signal, 1)
	signal.Notify(heard, syscall.SIGTERM, syscall.SIGINT)
	done := make(chan struct{})
	go func() {
		select {
		case <-heard:
			c.mu.Lock()
			c.ended = true
			asked := c.asked
			c.mu.Unlock()
			if asked {
				c.end()
			}
		case <-done:
		}
	}()
	return func() {
		signal.Stop(heard)
		close(done)
	}
}

// shown notes that the window can be seen again.
func (c *closing) shown() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.hidden = false
}

// WindowClosing tells whether the page has to ask what closing the window means.
type WindowClosing struct {
	Asked bool `json:"asked"`
}

// Closing is what the page fetches after the hint "window.closing".
func (w *Window) Closing() (WindowClosing, error) {
	return answer(w.app.door, w.app.context(), func(context.Context, struct{}) (WindowClosing, error) {
		c := w.app.closing
		c.mu.Lock()
		defer c.mu.Unlock()
		c.seen = c.asked
		return WindowClosing{Asked: c.asked}, nil
	}, struct{}{})
}

// CloseAnswer is a person's answer to the question.
type CloseAnswer string

// The answers: go on without a window, end the program, or leave the window open.
const (
	CloseKeep CloseAnswer = "keep"
	CloseStop CloseAnswer = "stop"
	CloseStay CloseAnswer = "stay"
)

// AnswerClosingInput is the answer to the question of Closing.
type AnswerClosingInput struct {
	Answer CloseAnswer `json:"answer"`
}

// AnswerClosing does what the person chose. Faults: ErrNothingAsked.
func (w *Window) AnswerClosing(in AnswerClosingInput) error {
	_, err := answer(w.app.door, w.app.context(), func(ctx context.Context, in AnswerClosingInput) (struct{}, error) {
		c := w.app.closing
		c.mu.Lock()
		asked := c.asked
		c.asked = false
		if c.late != nil {
			c.late.Stop()
		}
		c.hidden = asked && in.Answer == CloseKeep
		c.mu.Unlock()
		switch {
		case !asked:
			return struct{}{}, ErrNothingAsked
		case in.Answer == CloseStop:
			c.end()
		case in.Answer == CloseKeep:
			c.hide(ctx)
		}
		return struct{}{}, nil
	}, in)
	return err
}

// hide locks the window and hides it. Nobody watches a hidden window, so showing it
// again takes a password; what is in its forms stays.
func (c *closing) hide(ctx context.Context) {
	if _, err := call(c.app.door, c.app.ops.User.Lock, user.Nothing{}); err != nil && fault.From(err).Kind != fault.Unauthenticated {
		c.app.log.Warn("the window is hidden without being locked", "code", fault.From(err).Code)
	}
	c.app.Emit("changed", "session")
	if ctx.Value("frontend") != nil {
		runtime.WindowHide(ctx)
	}
	c.app.log.Info("the window is closed; Keydesk goes on without it")
}
