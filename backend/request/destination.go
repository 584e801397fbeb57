package request

import (
	"net/netip"
	"strconv"
	"strings"

	"golang.org/x/net/idna"

	"keydesk/backend/fault"
)

// destination is where a call goes: the part of the URL that decides who gets
// the secrets.
type destination struct {
	scheme string
	host   string // as sent: ASCII, IPv6 with its brackets
	port   string // as typed, may be empty
}

// authority returns host and port as in the Host header.
func (d destination) authority() string {
	if d.port == "" {
		return d.host
	}
	return d.host + ":" + d.port
}

// named returns scheme, lower-case host without brackets, and the explicit
// port: the form in which two destinations are compared.
func (d destination) named() (scheme, host, port string) {
	host = strings.TrimSuffix(strings.Trim(strings.ToLower(d.host), "[]"), ".")
	port = d.port
	if n, err := strconv.Atoi(port); err == nil {
		port = strconv.Itoa(n)
	}
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[d.scheme]
	}
	return d.scheme, host, port
}

// urlParts is a URL template split where the destination ends. The pieces of
// the destination are filled in; path and query are still templates.
type urlParts struct {
	pieces   pieces
	path     []token
	query    []token
	hasQuery bool
	faults   []string
	// blank names the fixed fields that the destination needs and that are
	// empty.
	blank []string
}

// splitURL splits a URL template. Before the path only fixed fields and rows
// that are sent nowhere may be used (R1): a value that comes with a call could
// send secrets elsewhere.
func splitURL(text string, names *scope) urlParts {
	var u urlParts
	tokens, faults := scan(strings.TrimSpace(text))
	u.faults = faults
	dest := ""
	for i, tok := range tokens {
		filled := piece{text: tok.literal, origin: originURL}
		if tok.name != "" {
			v, known := names.find(tok.name)
			switch {
			case !known:
				u.pieces.add(piece{text: tok.written, origin: originURL, missing: true})
				dest += "x"
				continue
			case !v.fixed:
				u.faults = append(u.faults, "Scheme, host and port can hold only fixed fields, and "+short(tok.name)+" is not one.")
				u.pieces.add(piece{text: tok.written, origin: originURL, missing: true})
				dest += "x"
				continue
			case v.secret:
				u.faults = append(u.faults, "Scheme, host and port cannot hold a secret, and "+short(tok.name)+" is one.")
				u.pieces.add(piece{text: tok.written, origin: originURL, missing: true})
				dest += "x"
				continue
			case v.value == "":
				u.blank = append(u.blank, tok.name)
				u.pieces.add(piece{text: tok.written, origin: originURL, missing: true})
				dest += "x"
				continue
			}
			value, complaint := applyFormat(tok.format, v.value, names.env)
			if complaint != "" {
				u.faults = append(u.faults, names.env.call(tok.name)+" "+complaint)
			}
			filled = piece{text: value, origin: v.origin}
		}
		before := len(dest)
		dest += filled.text
		end := authorityEnd(dest)
		if end < 0 {
			u.pieces.add(filled)
			continue
		}
		cut := max(0, end-before)
		rest := filled.text[cut:]
		filled.text = filled.text[:cut]
		u.pieces.add(filled)
		u.splitPath(append([]token{{literal: rest}}, tokens[i+1:]...))
		return u
	}
	return u
}

// authorityEnd finds where path or query begins, or -1.
func authorityEnd(text string) int {
	start := strings.Index(text, "://")
	if start < 0 {
		return -1
	}
	start += len("://")
	if end := strings.IndexAny(text[start:], "/?#"); end >= 0 {
		return start + end
	}
	return -1
}

func (u *urlParts) splitPath(tokens []token) {
	into := &u.path
	for _, tok := range tokens {
		if tok.name == "" {
			if before, _, found := strings.Cut(tok.literal, "#"); found {
				u.faults = append(u.faults, "Take out the part from # on; it is never sent.")
				tok.literal = before
			}
			if before, after, found := strings.Cut(tok.literal, "?"); found && !u.hasQuery {
				u.hasQuery = true
				u.path = append(u.path, token{literal: before})
				into = &u.query
				tok.literal = after
			}
		}
		*into = append(*into, tok)
	}
}

// parseDestination reads "https://host:port". The complaint is one sentence.
func parseDestination(text string) (d destination, complaint string) {
	scheme, authority, found := strings.Cut(text, "://")
	if !found || scheme == "" {
		if name, _, colon := strings.Cut(text, ":"); colon && isLetters(name) && !strings.Contains(text, ".") {
			return d, "Only http and https can be called."
		}
		return d, "Enter the full address, beginning with https:// or http://."
	}
	d.scheme = strings.ToLower(scheme)
	if d.scheme != "http" && d.scheme != "https" {
		return d, "Only http and https can be called."
	}
	if strings.Contains(authority, "@") {
		return d, "Take the user name and password out of the URL and enter them under Authentication."
	}
	host, port := authority, ""
	if colon := strings.LastIndexByte(authority, ':'); colon > strings.LastIndexByte(authority, ']') {
		host, port = authority[:colon], authority[colon+1:]
	}
	if host == "" {
		return d, "The URL has no host, such as api.example.com."
	}
	if d.host, complaint = asciiHost(host); complaint != "" {
		return d, complaint
	}
	if port != "" {
		n, err := strconv.Atoi(port)
		if err != nil || n < 1 || n > 65535 || digits(port) != len(port) || len(port) > 5 {
			return d, "The port is a number from 1 to 65535."
		}
	}
	d.port = port
	return d, ""
}

func isLetters(text string) bool {
	for i := 0; i < len(text); i++ {
		if !isAlnum(text[i]) {
			return false
		}
	}
	return text != ""
}

// ASCIIHost writes a host as in DNS, so that it can be shown without looking like
// another; ok is false if it can be none. An IPv6 address has its brackets.
func ASCIIHost(host string) (ascii string, ok bool) {
	ascii, complaint := asciiHost(host)
	return ascii, complaint == ""
}

// asciiHost checks a host name and writes an international one as in DNS (RFC
// 5891), as net/http would.
func asciiHost(host string) (ascii, complaint string) {
	const bad = "The host of the URL is not a valid name or address."
	if strings.HasPrefix(host, "[") {
		addr, err := netip.ParseAddr(strings.TrimSuffix(host[1:], "]"))
		if err != nil || !addr.Is6() || addr.Zone() != "" || !strings.HasSuffix(host, "]") {
			return host, bad
		}
		return host, ""
	}
	for i := 0; i < len(host); i++ {
		if host[i] >= 0x80 {
			mapped, err := idna.Lookup.ToASCII(host)
			if err != nil {
				return host, bad
			}
			host = mapped
			break
		}
	}
	if len(host) > 253 {
		return host, bad
	}
	for _, label := range strings.Split(strings.TrimSuffix(host, "."), ".") {
		if label == "" || len(label) > 63 {
			return host, bad
		}
		for i := 0; i < len(label); i++ {
			if c := label[i]; !isAlnum(c) && c != '-' && c != '_' {
				return host, bad
			}
		}
	}
	return host, ""
}

// ErrURL is what Target and TokenTarget return for an address that cannot be
// called; the field says which and why.
var ErrURL = fault.New(fault.Invalid, "request.bad_url", "The address of the call cannot be used.")

// Target is the destination of a setup with fixed fields filled in: scheme,
// lower-case host without brackets, and explicit port. Stored secrets may be
// used only while all three are unchanged (S3). The error is ErrURL.
func Target(spec Spec) (scheme, host, port string, err error) {
	return target(spec.URL, "url", spec)
}

// TokenTarget is the destination of the token URL, under the same rule.
func TokenTarget(spec Spec) (scheme, host, port string, err error) {
	return target(spec.Auth.TokenURL, "auth.token_url", spec)
}

func target(text, at string, spec Spec) (scheme, host, port string, err error) {
	u := splitURL(text, newScope(spec, nil, Env{}))
	d, complaint := u.destination()
	if complaint != "" {
		return "", "", "", ErrURL.WithMessage("%s", complaint).WithField(at, "%s", complaint)
	}
	scheme, host, port = d.named()
	return scheme, host, port, nil
}

// destination reads the filled-in front of the URL; what keeps it from being a
// destination is returned as a complaint.
func (u urlParts) destination() (destination, string) {
	if len(u.faults) > 0 {
		return destination{}, u.faults[0]
	}
	if len(u.blank) > 0 {
		return destination{}, "The address needs a value for " + list(u.blank) + "."
	}
	for _, p := range u.pieces {
		if p.missing {
			return destination{}, "Scheme, host and port can hold only fixed fields, and nothing defines " + p.text + "."
		}
	}
	return parseDestination(u.pieces.text())
}
