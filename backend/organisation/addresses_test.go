package organisation

import (
	"net"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// H21: the addresses to choose from are those that another computer can call.
func TestCallableAddresses(t *testing.T) {
	given := []net.Addr{}
	for _, text := range []string{"192.168.1.20/24", "127.0.0.1/8", "::1/128", "169.254.7.7/16", "fe80::1/64", "fd00::20/64", "203.0.113.7/24", "2001:db8::7/64", "224.0.0.1/4"} {
		address, network, err := net.ParseCIDR(text)
		if err != nil {
			t.Fatal(err)
		}
		given = append(given, &net.IPNet{IP: address, Mask: network.Mask})
	}
	given = append(given, &net.UnixAddr{Name: "something else"})
	want := []Address{
		{"192.168.1.20", "eth0", true}, {"fd00::20", "eth0", true}, {"203.0.113.7", "eth0", false}, {"2001:db8::7", "eth0", false},
	}
	if diff := cmp.Diff(want, callable(net.Interface{Name: "eth0", Flags: net.FlagUp | net.FlagBroadcast}, given)); diff != "" {
		t.Error(diff)
	}
	for name, flags := range map[string]net.Flags{"down": net.FlagBroadcast, "loopback": net.FlagUp | net.FlagLoopback} {
		if found := callable(net.Interface{Name: name, Flags: flags}, given); found != nil {
			t.Errorf("%s: %v", name, found)
		}
	}
}
