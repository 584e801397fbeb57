package httpclient

import (
	"net/netip"
	"testing"
)

// RULES.md, HTTP client: metadata and link-local addresses are never called,
// however they are written; private and loopback ones may be.
func TestCallable(t *testing.T) {
	for address, want := range map[string]bool{
		"127.0.0.1": true, "::1": true, "10.0.0.1": true, "192.168.1.1": true, "172.16.0.1": true, "fd00::1": true,
		"93.184.216.34": true, "2606:2800:220:1::1": true, "64:ff9b::5db8:d822": true,
		"169.254.169.254": false, "169.254.0.1": false, "::ffff:169.254.169.254": false,
		"fe80::1": false, "fe80::1%eth0": false, "febf::1": false, "fd00:ec2::254": false, "fd20:ce::254": false,
		"100.100.100.200": false, "192.0.0.192": false, "168.63.129.16": false,
		"64:ff9b::a9fe:a9fe": false, "2002:a9fe:a9fe::1": false,
		// AWS, Oracle, Alibaba, Akamai and Scaleway over IPv6.
		"fd00:ec2::23": false, "fd00:ec2::253": false, "fd00:ec2:0:1::5": false, "fd00:c1::a9fe:a9fe": false, "fd00:100::100:200": false,
		"fd00:a9fe:a9fe::1": false, "fd00:42::42": false, "fd00:42::43": true, "fd00:c1::1": true, "fd00:ec3::23": true,
		// An IPv4 address in an IPv6 one.
		"::169.254.169.254": false, "::168.63.129.16": false, "::127.0.0.1": true, "::10.0.0.1": true, "::": true,
		"::ffff:0:169.254.169.254": false, "::ffff:0:10.0.0.1": true, "::ffff:100.100.100.200": false,
		"64:ff9b::6464:64c8": false, "64:ff9b:1::a9fe:a9fe": false, "64:ff9b:1::a00:1": true,
		"64:ff9b:1:a9fe:a9:fe00::": false, "64:ff9b:1:a9:fe:a9fe::": false, "64:ff9b:1:0:a9:fea9:fe00:0": false,
		"2002:a00:1::1": true, "2002:643f:8110::1": true, "2002:a83f:8110::1": false,
		"2001:0:a9fe:a9fe::1": false, "2001::5601:5601": false, "2001:0:4136:e378:8000:63bf:3fff:fdd2": true,
		"2001:db8::5efe:a9fe:a9fe": false, "2001:db8::200:5efe:a9fe:a9fe": false, "2001:db8::5efe:a00:1": true,
	} {
		if got := callable(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s: %v, want %v", address, got, want)
		}
	}
	if callable(netip.Addr{}) {
		t.Error("the zero address is callable")
	}
}
