package localapi

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"keydesk/backend/apikey"
)

// public are the paths that need no key, and the only ones that a browser may
// open.
var public = []string{"/docs", "/openapi.json", "/healthz"}

// once are the headers of which a second one changes what a request means, for
// us or for somebody between us and the client.
var once = []string{"Host", "Authorization", "X-Api-Key", "Content-Type", "Content-Length", "Content-Encoding", "Idempotency-Key"}

// keyNames are query parameters that carry keys elsewhere, in small letters and
// without - and _.
var keyNames = []string{"apikey", "key", "xapikey", "accesstoken", "authorization", "token", "bearer"}

// guard refuses what must not even be looked at: requests that come from a web
// page or were meant for another host, and shapes that are read differently by
// different programs. It runs before routing and before the key is looked at, and
// what it refuses is refused whatever the key.
func guard(r *http.Request, hosts hosts) error {
	switch {
	case r.Method == http.MethodConnect, r.Method == http.MethodTrace:
		return ErrMethod
	// The target has to be a path: with a whole address the host in it would
	// replace the header Host.
	case r.URL.IsAbs(), r.URL.Host != "", !strings.HasPrefix(r.RequestURI, "/"):
		if r.Method == http.MethodOptions {
			return ErrPreflight
		}
		return ErrTarget
	case !hosts[strings.ToLower(r.Host)]:
		return ErrUnknownHost
	}
	if _, given := r.Header["Origin"]; given {
		return ErrOrigin
	}
	if site, given := r.Header["Sec-Fetch-Site"]; given && !slices.Contains(public, r.URL.Path) {
		for _, value := range site {
			if value != "none" {
				return ErrOrigin
			}
		}
	}
	if r.Method == http.MethodOptions {
		return ErrPreflight
	}
	if len(r.Header.Values("Authorization"))+len(r.Header.Values("X-API-Key")) > 1 {
		return ErrTwoCredentials
	}
	for _, name := range once {
		if len(r.Header.Values(name)) > 1 {
			return ErrDuplicateHeader.WithMessage("The header %s is there more than once.", name)
		}
	}
	if keyInURL(r.URL) {
		return ErrKeyInURL
	}
	return nil
}

// keyInURL reports whether the address holds a key, or a parameter in which a
// client would send one.
func keyInURL(address *url.URL) bool {
	if apikey.Pattern.MatchString(address.Path) || apikey.Pattern.MatchString(address.RawQuery) {
		return true
	}
	for _, part := range strings.FieldsFunc(address.RawQuery, func(r rune) bool { return r == '&' || r == ';' }) {
		name, value, _ := strings.Cut(part, "=")
		if plain, err := url.QueryUnescape(name); err == nil {
			name = plain
		}
		if plain, err := url.QueryUnescape(value); err == nil {
			value = plain
		}
		name = strings.ToLower(strings.NewReplacer("-", "", "_", "").Replace(name))
		if slices.Contains(keyNames, name) || apikey.Pattern.MatchString(value) || apikey.Pattern.MatchString(name) {
			return true
		}
	}
	return false
}

// hosts are the values of the header Host that a listener answers, in small
// letters.
type hosts map[string]bool

// loopbackHosts are those of the listeners that only this computer reaches. A
// name that an attacker points at 127.0.0.1 is none of them (DNS rebinding).
func loopbackHosts(port uint16) hosts {
	known := hosts{}
	for _, name := range []string{"127.0.0.1", "localhost", "::1"} {
		known.add(name, port, 80)
	}
	return known
}

// officeHosts are those of the listeners that the office's network reaches.
func officeHosts(names []string, addresses []netip.Addr, port uint16) hosts {
	known := hosts{}
	for _, name := range names {
		known.add(name, port, 443)
	}
	for _, address := range addresses {
		known.add(address.Unmap().WithZone("").String(), port, 443)
	}
	return known
}

// add takes a host with its port, and without it where clients leave it out.
func (h hosts) add(host string, port, usual uint16) {
	host = strings.ToLower(host)
	whole := net.JoinHostPort(host, strconv.Itoa(int(port)))
	h[whole] = true
	if port == usual {
		h[strings.TrimSuffix(whole, ":"+strconv.Itoa(int(port)))] = true
	}
}
