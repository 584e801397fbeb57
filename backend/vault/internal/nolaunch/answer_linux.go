package nolaunch

import (
	"os"
	"syscall"
)

// answers reports whether a bus sends anything within a second of being
// greeted. The library would wait for it for ever, before main runs. Only a bus
// that accepts the connection and stays silent is detected here. What cannot be
// reached, or is not a plain path, is left to the library, which gives up at
// once.
//
// No package but os and syscall may be imported; see the package comment.
func answers(address string) bool {
	path, ok := socketPath(address)
	if !ok {
		return true
	}
	fd, err := syscall.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return true
	}
	defer func() { _ = syscall.Close(fd) }()
	second := syscall.Timeval{Sec: 1}
	_ = syscall.SetsockoptTimeval(fd, syscall.SOL_SOCKET, syscall.SO_RCVTIMEO, &second)
	_ = syscall.SetsockoptTimeval(fd, syscall.SOL_SOCKET, syscall.SO_SNDTIMEO, &second)
	if err := syscall.Connect(fd, &syscall.SockaddrUnix{Name: path}); err != nil {
		return err != syscall.EAGAIN && err != syscall.EINPROGRESS // its queue is full: nobody takes calls
	}
	// The greeting of the D-Bus specification, "Authentication Protocol".
	if _, err := syscall.Write(fd, []byte("\x00AUTH EXTERNAL "+hexDigits(os.Getuid())+"\r\n")); err != nil {
		return err != syscall.EAGAIN
	}
	for {
		_, err := syscall.Read(fd, make([]byte, 64))
		if err != syscall.EINTR {
			return err != syscall.EAGAIN
		}
	}
}

// socketPath reads unix:path=... and unix:abstract=... where nothing in it is
// escaped; of several addresses the first.
func socketPath(address string) (string, bool) {
	for _, form := range []struct{ prefix, mark string }{{"unix:path=", ""}, {"unix:abstract=", "@"}} {
		if len(address) <= len(form.prefix) || address[:len(form.prefix)] != form.prefix {
			continue
		}
		path := address[len(form.prefix):]
		for i := range len(path) {
			if path[i] == '%' {
				return "", false
			}
			if path[i] == ',' || path[i] == ';' {
				path = path[:i]
				break
			}
		}
		return form.mark + path, true
	}
	return "", false
}

// hexDigits returns the decimal digits of n, each in hex.
func hexDigits(n int) string {
	if n < 10 {
		return "3" + string(rune('0'+n))
	}
	return hexDigits(n/10) + "3" + string(rune('0'+n%10))
}
