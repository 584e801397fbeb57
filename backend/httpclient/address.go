package httpclient

import (
	"net/netip"
	"slices"
)

// neverCalled are the addresses of metadata and other services that clouds give
// to their machines, as far as they are not link-local: those answer whoever asks
// with keys of the machine. This is the one list of them, each with its source.
var neverCalled = []netip.Prefix{
	// Alibaba Cloud, ECS User Guide, "Instance metadata".
	netip.MustParsePrefix("100.100.100.200/32"),
	netip.MustParsePrefix("fd00:100::100:200/128"),
	// Oracle, Cloud at Customer; for IPv6 the OCI Python SDK, auth/signers.
	netip.MustParsePrefix("192.0.0.192/32"),
	netip.MustParsePrefix("fd00:c1::a9fe:a9fe/128"),
	// Azure, learn.microsoft.com, "What is IP address 168.63.129.16?".
	netip.MustParsePrefix("168.63.129.16/32"),
	// AWS: metadata ::254, EKS Pod Identity ::23, name and time servers. EC2 User
	// Guide, "Access instance metadata"; EKS User Guide, "Set up the Amazon EKS Pod
	// Identity Agent".
	netip.MustParsePrefix("fd00:ec2::/32"),
	// Google Cloud, "View and query VM metadata", machines with IPv6 alone.
	netip.MustParsePrefix("fd20:ce::254/128"),
	// Akamai (Linode), techdocs.akamai.com, "Use the Metadata service API".
	netip.MustParsePrefix("fd00:a9fe:a9fe::1/128"),
	// Scaleway, cloud-init documentation, "Scaleway".
	netip.MustParsePrefix("fd00:42::42/128"),
}

// wrapping is a range of IPv6 addresses that hold an IPv4 address, at these bytes.
// With flipped every bit of it is turned round.
type wrapping struct {
	prefix  netip.Prefix
	at      [][4]int
	flipped bool
}

// wrappings are the ways to write an IPv4 address as an IPv6 one, which a router
// or the system may turn back. IPv4-mapped addresses (::ffff:0:0/96) are unmapped
// before.
var wrappings = []wrapping{
	// IPv4-compatible, RFC 4291, section 2.5.5.1.
	{prefix: netip.MustParsePrefix("::/96"), at: [][4]int{{12, 13, 14, 15}}},
	// IPv4-translated, RFC 2765, section 2.1.
	{prefix: netip.MustParsePrefix("::ffff:0:0:0/96"), at: [][4]int{{12, 13, 14, 15}}},
	// NAT64, RFC 6052, section 2.1.
	{prefix: netip.MustParsePrefix("64:ff9b::/96"), at: [][4]int{{12, 13, 14, 15}}},
	// Local NAT64, RFC 8215, with the four lengths of prefix that fit into it (RFC
	// 6052, section 2.2: byte 8 is left out).
	{prefix: netip.MustParsePrefix("64:ff9b:1::/48"), at: [][4]int{{6, 7, 9, 10}, {7, 9, 10, 11}, {9, 10, 11, 12}, {12, 13, 14, 15}}},
	// 6to4, RFC 3056, section 2.
	{prefix: netip.MustParsePrefix("2002::/16"), at: [][4]int{{2, 3, 4, 5}}},
	// Teredo, RFC 4380, section 4: the server, and the client with its bits flipped.
	{prefix: netip.MustParsePrefix("2001::/32"), at: [][4]int{{4, 5, 6, 7}}},
	{prefix: netip.MustParsePrefix("2001::/32"), at: [][4]int{{12, 13, 14, 15}}, flipped: true},
}

// callable reports whether an address may be dialled: anything but link-local
// and cloud metadata, also when such an address is wrapped in an IPv6 one
// (RULES.md, HTTP client). Private and loopback addresses may.
func callable(address netip.Addr) bool {
	address = address.Unmap().WithZone("")
	if !address.IsValid() || address.IsLinkLocalUnicast() || slices.ContainsFunc(neverCalled, func(p netip.Prefix) bool { return p.Contains(address) }) {
		return false
	}
	if !address.Is6() {
		return true
	}
	bytes := address.As16()
	for _, w := range wrappings {
		if !w.prefix.Contains(address) {
			continue
		}
		for _, at := range w.at {
			var inner [4]byte
			for i, from := range at {
				inner[i] = bytes[from]
				if w.flipped {
					inner[i] ^= 0xFF
				}
			}
			if !callable(netip.AddrFrom4(inner)) {
				return false
			}
		}
	}
	// ISATAP, RFC 5214, section 6.1: under any prefix.
	if isatap := [4]byte(bytes[8:12]); isatap == [4]byte{0, 0, 0x5E, 0xFE} || isatap == [4]byte{2, 0, 0x5E, 0xFE} {
		return callable(netip.AddrFrom4([4]byte(bytes[12:16])))
	}
	return true
}
