//go:build !linux

package desktop

import "context"

const appName = "Keydesk"

// service is what the system shows notices with: nothing yet. The library for
// Windows and macOS writes a notice's text unescaped into an XML document and,
// as a fallback, into a PowerShell script, and the name of a key is text that
// anybody in the office can choose.
type service struct{}

func (n *Notifier) show(context.Context, Notice) error { return ErrNotSupported }

func (n *Notifier) disconnect() {}
