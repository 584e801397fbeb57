package organisation

import (
	"context"
	"net"
	"net/netip"
	"slices"

	"keydesk/backend/access"
	"keydesk/backend/fault"
)

// Address is one that this computer has in a network.
type Address struct {
	Address string `json:"address"`
	// Interface is what the system calls the network card.
	Interface string `json:"interface"`
	// Private says that the internet does not lead to it (RFC 1918, RFC 4193).
	Private bool `json:"private"`
}

// OpAddresses lists the addresses that the local API can be opened on.
var OpAddresses = access.Op[Nothing, []Address]{Name: "organisation.addresses", Does: "looked at the addresses of this computer", Mode: access.Read, Needs: []access.Permission{access.ManageSettings}}

// ErrAddresses is returned where the system does not tell them.
var ErrAddresses = fault.New(fault.Unavailable, "organisation.addresses", "This computer does not tell its addresses.").
	WithHint("Enter the address by hand. The network settings of this computer show it.")

// Addresses lists the addresses of this computer that other computers can call,
// private ones first. Faults: organisation.addresses.
func (s *Service) Addresses(context.Context, Nothing) ([]Address, error) {
	interfaces, err := net.Interfaces()
	if err != nil {
		return nil, ErrAddresses.WithCause(err)
	}
	found := []Address{}
	for _, one := range interfaces {
		given, err := one.Addrs()
		if err != nil {
			continue // it went away meanwhile
		}
		found = append(found, callable(one, given)...)
	}
	slices.SortStableFunc(found, func(a, b Address) int {
		switch {
		case a.Private == b.Private:
			return 0
		case a.Private:
			return -1
		}
		return 1
	})
	return found, nil
}

// callable are the addresses of one network card that others can call. One of a
// single cable (link-local) changes and needs a zone, so it is none of them.
func callable(card net.Interface, given []net.Addr) []Address {
	if card.Flags&net.FlagUp == 0 || card.Flags&net.FlagLoopback != 0 {
		return nil
	}
	var found []Address
	for _, one := range given {
		prefix, err := netip.ParsePrefix(one.String())
		if err != nil {
			continue
		}
		address := prefix.Addr().Unmap().WithZone("")
		if address.IsLoopback() || address.IsLinkLocalUnicast() || address.IsUnspecified() || address.IsMulticast() {
			continue
		}
		found = append(found, Address{Address: address.String(), Interface: card.Name, Private: address.IsPrivate()})
	}
	return found
}
