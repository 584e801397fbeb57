// Package fault is Keydesk's one error type. It keeps what a person is told
// apart from what an engineer needs.
//
// Use New (or a var declared next to the rule it protects) for anything a
// person can cause, and plain wrapped errors for the rest: every receiver
// treats an error that is not a *Error as internal. Message and Hint are always
// safe to show; the cause never is, so it is kept out of Error() and JSON and
// is read only by the log.
//
// Kinds map to HTTP statuses at the HTTP door and to words at the page, and
// nowhere else.
package fault

import (
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"time"
)

// Kind is the kind of fault; there are eight and no more.
type Kind string

// The eight kinds, with the HTTP status each has at the HTTP door.
const (
	Invalid         Kind = "invalid"         // 422: the input breaks a rule; Fields say where
	Unauthenticated Kind = "unauthenticated" // 401: nobody is signed in, or the window is locked
	Forbidden       Kind = "forbidden"       // 403: the caller lacks a permission
	NotFound        Kind = "not_found"       // 404: no such thing, or no longer
	Conflict        Kind = "conflict"        // 409: it clashes with what is stored
	Limited         Kind = "limited"         // 429: too often; try again later
	Unavailable     Kind = "unavailable"     // 503: something needed is not there now
	Internal        Kind = "internal"        // 500: our mistake
)

// Field is a message at one input, named by its JSON path as in
// "headers[2].name".
type Field struct {
	Name    string `json:"name"`
	Message string `json:"message"`
}

// Link points at a thing the message is about, so that the page can lead there.
// Kind is a feature word ("setup", "place", "user").
type Link struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Error is a fault. Code is stable and has the form "feature.reason"; Message
// is one sentence; Hint says what to try.
type Error struct {
	Kind    Kind    `json:"kind"`
	Code    string  `json:"code"`
	Message string  `json:"message"`
	Hint    string  `json:"hint"`
	Fields  []Field `json:"fields"`
	Links   []Link  `json:"links"`
	// RetryAfterMs is how long to wait before the next try, in milliseconds; 0
	// where waiting changes nothing.
	RetryAfterMs int64 `json:"retry_after_ms"`
	// Missing are the names a request has no value for.
	Missing []string `json:"missing"`

	cause error
}

// New makes a fault of a kind with a stable code and a message for a person.
func New(kind Kind, code, message string) *Error {
	return &Error{Kind: kind, Code: code, Message: message}
}

// Error returns code and message, never the cause.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Code + ": " + e.Message)
	for _, field := range e.Fields {
		fmt.Fprintf(&b, " [%s: %s]", field.Name, field.Message)
	}
	return b.String()
}

// Unwrap returns the cause to errors.Is and errors.As.
func (e *Error) Unwrap() error { return e.cause }

// Is holds when the codes are equal, so that a declared fault can be compared
// with the decorated copy that was returned.
func (e *Error) Is(target error) bool {
	other, ok := target.(*Error)
	return ok && other.Code == e.Code
}

// WithCause returns a copy that carries an engineer's cause.
func (e *Error) WithCause(cause error) *Error {
	c := *e
	c.cause = cause
	return &c
}

// WithMessage returns a copy with another message.
func (e *Error) WithMessage(format string, args ...any) *Error {
	c := *e
	c.Message = fmt.Sprintf(format, args...)
	return &c
}

// WithHint returns a copy with a hint that says what to do.
func (e *Error) WithHint(format string, args ...any) *Error {
	c := *e
	c.Hint = fmt.Sprintf(format, args...)
	return &c
}

// WithField returns a copy with one more message at a field, named by its JSON
// path.
func (e *Error) WithField(field, format string, args ...any) *Error {
	c := *e
	c.Fields = append(append([]Field{}, e.Fields...), Field{Name: field, Message: fmt.Sprintf(format, args...)})
	return &c
}

// WithLink returns a copy with one more link.
func (e *Error) WithLink(kind, id, name string) *Error {
	c := *e
	c.Links = append(append([]Link{}, e.Links...), Link{Kind: kind, ID: id, Name: name})
	return &c
}

// WithRetryAfter returns a copy that says how long to wait before the next try.
func (e *Error) WithRetryAfter(wait time.Duration) *Error {
	c := *e
	c.RetryAfterMs = wait.Milliseconds()
	return &c
}

// WithMissing returns a copy with the names a request has no value for.
func (e *Error) WithMissing(names ...string) *Error {
	c := *e
	c.Missing = append([]string{}, names...)
	return &c
}

// Cause returns the engineer's cause, nil when there is none. For the log only.
func (e *Error) Cause() error { return e.cause }

// ErrInternal is what anything unexpected becomes at a door.
var ErrInternal = New(Internal, "keydesk.internal", "Something went wrong inside Keydesk.").
	WithHint("Nothing was changed. Try again; if it happens again, copy the diagnostics from the log folder.")

// From returns err as a fault: itself when it is or wraps one, otherwise an
// internal one with err as the cause. From(nil) is nil.
func From(err error) *Error {
	if err == nil {
		return nil
	}
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return ErrInternal.WithCause(err)
}

// Panicked describes a panic that was caught, with the stack of where it is
// called. The value of a panic may hold what a person typed, so only its type is
// given; the runtime's own errors hold nothing of the kind and are given in full.
func Panicked(caught any) error {
	what := fmt.Sprintf("%T", caught)
	if known, ok := caught.(runtime.Error); ok {
		what = known.Error()
	}
	return fmt.Errorf("panic: %s\n%s", what, debug.Stack())
}

// Fields collects messages at inputs; Err turns them into one fault, or nil.
type Fields []Field

// Add notes a message at a field, named by its JSON path.
func (f *Fields) Add(name, format string, args ...any) {
	*f = append(*f, Field{Name: name, Message: fmt.Sprintf(format, args...)})
}

// Err returns nil when nothing was noted, otherwise an invalid fault with that
// code. Its message is the field's where there is only one.
func (f Fields) Err(code string) error {
	if len(f) == 0 {
		return nil
	}
	e := New(Invalid, code, f[0].Message)
	if len(f) > 1 {
		e.Message = fmt.Sprintf("%d things need a change before this can be saved.", len(f))
	}
	e.Fields = f
	return e
}
