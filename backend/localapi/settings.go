package localapi

import (
	"crypto/tls"
	"net/netip"

	"keydesk/backend/fault"
)

// Settings say where the door listens.
type Settings struct {
	On bool
	// Port is the same on every address; 0 means organisation.DefaultPort.
	Port   int
	Office Office
}

// Office is the opening to the office network (H21).
type Office struct {
	On bool
	// Addresses of this computer to listen on, each by itself.
	Addresses []netip.Addr
	// Names under which other computers call.
	Names []string
	// Certificate gives what the listeners show now; it is asked at each
	// handshake, so that it can be renewed in time.
	Certificate func() (*tls.Certificate, error)
}

// State is what the door does, for a person.
type State struct {
	// On says that it is switched on, whether or not it could be opened.
	On   bool
	Port int
	// Listening are the addresses that can be called, as URLs.
	Listening []string
	// Problem says why one of the addresses, or the whole door, is not open; nil
	// when everything is as the settings say.
	Problem *fault.Error
}
