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
	} {
		if got := callable(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s: %v, want %v", address, got, want)
		}
	}
	if callable(netip.Addr{}) {
		t.Error("the zero address is callable")
	}
}
