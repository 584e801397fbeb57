package main

import (
	"io"
	"log/slog"
	"os"
	"testing"

	"golang.org/x/sys/unix"

	"keydesk/backend/fault"
)

// RULES.md, Without a window: --passphrase-fd names an inherited descriptor. One that
// was not inherited can have the number of one of our own, by which the program waits
// for connections; it is neither read nor closed.
func TestADescriptorOfOurOwnIsNoPassphrase(t *testing.T) {
	stdin, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stdin.Close() }()
	poll, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		t.Fatal(err)
	}
	event, err := unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	if err != nil {
		t.Fatal(err)
	}
	for name, fd := range map[string]int{"of epoll": poll, "of events": event} {
		p := passphrases{folder: t.TempDir(), fd: &fd, stdin: stdin, stderr: io.Discard, log: slog.New(slog.DiscardHandler)}
		if _, err := p.read(t.Context()); fault.From(err).Code != errPassphraseRead.Code {
			t.Errorf("a descriptor %s gave %v", name, err)
		}
		var info unix.Stat_t
		if err := unix.Fstat(fd, &info); err != nil {
			t.Errorf("a descriptor %s was closed: %v", name, err)
			continue
		}
		_ = unix.Close(fd)
	}
}
