package curl

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// address is a URL as curl reads it, each part as it is sent.
type address struct {
	scheme, host string
	path, query  string
	hasQuery     bool
	// added is what -G and --url-query append to the query.
	added    string
	user     string
	password string
	hasUser  bool
	hasPass  bool
}

var scheme = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9+.-]*):/{1,3}`)

// readAddress takes a URL apart. It follows curl: a missing scheme is http,
// what follows # is not sent, "." and ".." are resolved.
func (g *gathered) readAddress() (address, error) {
	text := strings.TrimSpace(g.address.text)
	var a address
	if cut := scheme.FindStringSubmatch(text); cut != nil && (strings.HasSuffix(cut[0], "//") || isWeb(cut[1])) {
		a.scheme, text = strings.ToLower(cut[1]), text[len(cut[0]):]
	} else {
		a.scheme = guessScheme(text, g.scheme)
		if a.scheme == "http" {
			g.made = addItem(g.made, Item{What: "http:// before the address", At: "url", Why: "The line names no scheme, and curl then calls http, without encryption. Write https:// if the provider's page does."})
		}
	}
	if !isWeb(a.scheme) {
		return a, ErrURL.WithMessage("Only http and https can be called, and the line's address begins with %s.", short(a.scheme))
	}
	for i := 0; i < len(text); i++ {
		if text[i] < 0x20 || text[i] == 0x7f {
			return a, ErrURL.WithMessage("The address holds a line break or another control character.")
		}
	}
	text = g.glob(text)
	text, _, _ = strings.Cut(text, "#")
	text, a.query, a.hasQuery = strings.Cut(text, "?")
	authority, path, slash := strings.Cut(text, "/")
	if slash {
		a.path = "/" + path
	}
	if at := strings.LastIndexByte(authority, '@'); at >= 0 {
		a.user, a.password, a.hasPass = strings.Cut(authority[:at], ":")
		a.hasUser = true
		authority = authority[at+1:]
		a.user, a.password = unescape(a.user), unescape(a.password)
	}
	if authority == "" {
		return a, ErrURL.WithMessage("The line's address has no host.")
	}
	a.host = plainPort(a.scheme, authority)
	if !g.asIs {
		a.path = removeDots(a.path)
	}
	a.added = g.addedQuery()
	if a.added != "" {
		a.added, _, _ = strings.Cut(a.added, "#")
	}
	if strings.ContainsAny(a.path+a.query+a.added, " ") {
		g.omit("Blanks in the address", "curl refuses them; Keydesk sends %20.")
	}
	g.reportEscapes(a.path + "?" + a.query + a.added)
	if strings.ContainsFunc(a.query+a.added, func(r rune) bool { return r >= 0x80 }) {
		g.omit("Letters beyond ASCII in the query", "curl sends them as they are; Keydesk sends them escaped with %, as the standards require.")
	}
	return a, nil
}

func isWeb(scheme string) bool { s := strings.ToLower(scheme); return s == "http" || s == "https" }

// guessScheme is curl's guess from the host's name.
func guessScheme(text, otherwise string) string {
	for _, name := range []string{"ftp", "dict", "ldap", "imap", "smtp", "pop3"} {
		if len(text) > len(name) && strings.EqualFold(text[:len(name)+1], name+".") {
			return name
		}
	}
	return otherwise
}

// addedQuery is what the options append to the query: with -G the data, and
// then --url-query is ignored.
func (g *gathered) addedQuery() string {
	if g.get && g.hasData && g.data.Len() > 0 {
		return g.data.String()
	}
	return strings.Join(g.queries, "&")
}

// glob reports where curl would make several calls from one address, and
// removes the backslash of an escaped bracket.
func (g *gathered) glob(text string) string {
	if g.globOff || !strings.ContainsAny(text, "[]{}") {
		return text
	}
	host := ""
	if end := strings.IndexByte(text, ']'); strings.HasPrefix(text, "[") && end > 0 { // an IPv6 address
		host, text = text[:end+1], text[end+1:]
	}
	literal := strings.NewReplacer(`\[`, "", `\]`, "", `\{`, "", `\}`, "").Replace(text)
	if strings.ContainsAny(literal, "[]{}") {
		g.omit("[ ] and { } in the address", "curl would make other addresses from them, maybe several. Keydesk calls the address as it is written; type the value in their place.")
	}
	return host + strings.NewReplacer(`\[`, "[", `\]`, "]", `\{`, "{", `\}`, "}").Replace(text)
}

// reportEscapes reports which characters Keydesk escapes and curl does not.
func (g *gathered) reportEscapes(text string) {
	var found []string
	seen := map[byte]bool{}
	for i := 0; i < len(text); i++ {
		c := text[i]
		lone := c == '%' && (i+2 >= len(text) || !isHex(text[i+1]) || !isHex(text[i+2]))
		if (lone || strings.IndexByte("\"<>\\^`{|}", c) >= 0) && !seen[c] {
			seen[c] = true
			found = append(found, string(c))
		}
	}
	if len(found) > 0 {
		g.omit(strings.Join(found, " ")+" in the address", "curl sends them as they are; Keydesk sends them escaped with %, which means the same.")
	}
}

// plainPort leaves out the scheme's default port, as curl does in Host.
func plainPort(scheme, authority string) string {
	colon := strings.LastIndexByte(authority, ':')
	if colon < 0 || colon < strings.LastIndexByte(authority, ']') {
		return authority
	}
	host, port := authority[:colon], authority[colon+1:]
	n, err := strconv.Atoi(port)
	switch {
	case port == "", err == nil && (scheme == "http" && n == 80 || scheme == "https" && n == 443):
		return host
	case err == nil && n > 0:
		return host + ":" + strconv.Itoa(n)
	}
	return authority
}

// removeDots resolves "." and ".." (RFC 3986 section 5.2.4).
func removeDots(path string) string {
	if !strings.Contains(path, "/.") {
		return path
	}
	segments := strings.Split(path, "/")[1:]
	out := make([]string, 0, len(segments))
	for i, s := range segments {
		last := i == len(segments)-1
		switch s {
		case ".":
		case "..":
			if len(out) > 0 {
				out = out[:len(out)-1]
			}
		default:
			out = append(out, s)
			continue
		}
		if last {
			out = append(out, "")
		}
	}
	return "/" + strings.Join(out, "/")
}

func unescape(text string) string {
	if plain, err := url.PathUnescape(text); err == nil {
		return plain
	}
	return text
}
