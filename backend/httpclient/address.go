package httpclient

import "net/netip"

// neverCalled are the cloud metadata addresses outside the link-local ranges:
// Alibaba, Oracle, Azure, AWS and Google over IPv6.
var neverCalled = map[netip.Addr]bool{
	netip.MustParseAddr("100.100.100.200"): true,
	netip.MustParseAddr("192.0.0.192"):     true,
	netip.MustParseAddr("168.63.129.16"):   true,
	netip.MustParseAddr("fd00:ec2::254"):   true,
	netip.MustParseAddr("fd20:ce::254"):    true,
}

var (
	nat64     = netip.MustParsePrefix("64:ff9b::/96")
	sixToFour = netip.MustParsePrefix("2002::/16")
)

// callable reports whether an address may be dialled: anything but link-local
// and cloud metadata, also when such an address is wrapped in an IPv6 one
// (RULES.md, HTTP client). Private and loopback addresses may.
func callable(address netip.Addr) bool {
	address = address.Unmap().WithZone("")
	if !address.IsValid() || address.IsLinkLocalUnicast() || neverCalled[address] {
		return false
	}
	if !address.Is6() {
		return true
	}
	bytes := address.As16()
	switch {
	case nat64.Contains(address):
		return callable(netip.AddrFrom4([4]byte(bytes[12:16])))
	case sixToFour.Contains(address):
		return callable(netip.AddrFrom4([4]byte(bytes[2:6])))
	}
	return true
}
