package localapi

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/netip"
	"os"
	"syscall"

	"keydesk/backend/fault"
)

// listen is the only place of the door that opens a port. Without TLS it takes a
// loopback address and nothing else, so plain HTTP beyond this computer cannot be
// configured (C37); a test looks for other ways to listen. The port is
// this listener's alone: it is shared with no other program.
//
// Faults: ErrPortTaken, ErrPortDenied, ErrAddressUnknown, ErrListen.
func listen(ctx context.Context, at netip.AddrPort, encrypted *tls.Config, pool *connections) (net.Listener, error) {
	address := at.Addr().Unmap()
	switch {
	case !address.IsValid() || address.IsUnspecified() || address.IsMulticast():
		return nil, ErrAddressKind
	case encrypted == nil && !address.IsLoopback():
		return nil, errPlainBeyondLoopback
	case encrypted != nil && encrypted.MinVersion < tls.VersionTLS12:
		return nil, errPlainBeyondLoopback.WithMessage("The local API speaks TLS 1.2 or newer.")
	}
	network := "tcp4"
	if address.Is6() {
		network = "tcp6"
	}
	config := net.ListenConfig{Control: exclusive}
	config.SetMultipathTCP(false)
	socket, err := config.Listen(ctx, network, netip.AddrPortFrom(address, at.Port()).String())
	if err != nil {
		return nil, listenFault(at, err)
	}
	limited := &limitedListener{Listener: socket, pool: pool, plain: encrypted == nil, closed: make(chan struct{})}
	if encrypted == nil {
		return limited, nil
	}
	return tls.NewListener(limited, encrypted), nil
}

// listenFault says in words why a port cannot be opened.
func listenFault(at netip.AddrPort, err error) *fault.Error {
	switch {
	case portTaken(err):
		taken := ErrPortTaken.WithCause(err).WithMessage("Another program uses port %d.", at.Port())
		if owner := portOwner(at); owner != "" {
			taken = taken.WithMessage("The program %s uses port %d.", owner, at.Port())
		}
		return taken
	case errors.Is(err, syscall.EACCES), errors.Is(err, os.ErrPermission):
		return ErrPortDenied.WithCause(err).WithMessage("This computer does not let Keydesk use port %d.", at.Port())
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return ErrAddressUnknown.WithCause(err).WithMessage("This computer does not have the address %s now.", at.Addr())
	case errors.Is(err, syscall.EAFNOSUPPORT), errors.Is(err, syscall.EPROTONOSUPPORT):
		return ErrAddressUnknown.WithCause(err).WithMessage("This computer has no IPv6.")
	default:
		return ErrListen.WithCause(err)
	}
}
