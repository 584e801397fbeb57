package localapi

import (
	"context"
	"crypto/tls"

	"keydesk/backend/certificate"
	"keydesk/backend/host"
)

// certificateOf gives what listeners of the office network show. It is asked at each
// handshake, so a new certificate needs no restart.
func certificateOf(h *host.Host, office Office) func() (*tls.Certificate, error) {
	hosts := certificate.Hosts{Addresses: office.Addresses, Names: office.Names}
	return func() (*tls.Certificate, error) {
		shown, err := h.Ops.Certificate.Present(byDoor(context.Background()), hosts)
		return shown.Certificate(), err
	}
}
