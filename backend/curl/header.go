package curl

import (
	"strings"
	"unicode/utf8"

	"keydesk/backend/request"
)

// headerRow is one header curl would send.
type headerRow struct{ name, value string }

// readHeaders keeps what -H adds. A name with no value removes curl's own
// header of that name; given reports that.
func (b *build) readHeaders() {
	for _, text := range b.g.headers {
		name, text, found := strings.Cut(text, ":")
		if !found {
			var rest string
			name, rest, found = strings.Cut(name, ";")
			if !found || strings.TrimSpace(rest) != "" {
				b.omit("Header "+short(name), "", "It has no colon, and curl leaves it out too.")
				continue
			}
			b.addHeader(name, "")
			continue
		}
		if text = strings.TrimSpace(text); text != "" {
			b.addHeader(name, text)
		}
	}
	g := b.g
	if g.json {
		for _, name := range []string{"Content-Type", "Accept"} {
			if !b.given(name) {
				b.rows = append(b.rows, headerRow{name, "application/json"})
			}
		}
	}
	own := func(name string, text *string) {
		if text != nil && *text != "" && !b.given(name) {
			b.addHeader(name, strings.TrimSpace(*text))
		}
	}
	own("User-Agent", g.agent)
	if g.agent != nil && *g.agent == "" || b.removed("User-Agent") {
		if b.find("User-Agent") < 0 {
			b.rows = append(b.rows, headerRow{"User-Agent", ""})
		}
	}
	own("Referer", g.referer)
	if len(g.cookies) > 0 {
		cookies := strings.Join(g.cookies, ";")
		own("Cookie", &cookies)
	}
	if g.ranges != nil && !b.given("Range") {
		b.addHeader("Range", "bytes="+*g.ranges)
	}
}

// addHeader keeps a header that the request model can carry and reports any
// other.
func (b *build) addHeader(name, text string) {
	what := "Header " + short(name)
	lower := strings.ToLower(name)
	if !headerName(name) {
		b.omit(what, "", "A header name can hold only letters, digits and - _ . without blanks.")
		return
	}
	for i := 0; i < len(text); i++ {
		if text[i] < 0x20 && text[i] != '\t' || text[i] == 0x7f {
			b.omit(what, "", "Its value holds a line break or another control character, which a header cannot carry.")
			return
		}
	}
	switch lower {
	case "host":
		if !strings.EqualFold(text, b.address.host) {
			b.omit(what, "", "Keydesk sends the host of the address.")
		}
		return
	case "content-length", "transfer-encoding", "connection", "trailer":
		b.omit(what, "", "Keydesk sets "+name+" itself.")
		return
	case "expect":
		b.omit(what, "", "Keydesk sends the body at once.")
		return
	case "accept-encoding":
		if text != "gzip, deflate" && !readable(text) {
			b.omit(what, "", "Keydesk asks for gzip and deflate, which it can read.")
			return
		}
		if text == "gzip, deflate" { // what is sent anyway
			return
		}
	case "content-type", "user-agent":
		if b.find(name) >= 0 {
			b.omit(what, "", name+" can be sent only once; the first one is kept.")
			return
		}
	}
	b.rows = append(b.rows, headerRow{name, text})
}

// readable reports whether an answer in any of these encodings can be read.
func readable(encodings string) bool {
	for _, one := range strings.Split(strings.ToLower(encodings), ",") {
		one, _, _ = strings.Cut(one, ";")
		switch strings.TrimSpace(one) {
		case "gzip", "deflate", "identity", "":
		default:
			return false
		}
	}
	return true
}

// given reports whether -H names a header, even if only to remove it.
func (b *build) given(name string) bool {
	for _, text := range b.g.headers {
		if end := strings.IndexAny(text, ":;"); end >= 0 && strings.EqualFold(text[:end], name) {
			return true
		}
	}
	return false
}

// removed reports whether -H removes a header.
func (b *build) removed(name string) bool { return b.given(name) && b.find(name) < 0 }

func (b *build) find(name string) int {
	for i, r := range b.rows {
		if strings.EqualFold(r.name, name) {
			return i
		}
	}
	return -1
}

func (b *build) drop(i int) { b.rows = append(b.rows[:i:i], b.rows[i+1:]...) }

// writeHeaders makes the rows of the Additional Header List.
func (b *build) writeHeaders() {
	for _, r := range b.rows {
		plain := strings.EqualFold(r.name, "Content-Type") || strings.EqualFold(r.name, "User-Agent")
		hide := !plain && r.value != "" && (secretName(r.name) || secretValue(r.value))
		b.spec.Headers = append(b.spec.Headers, request.Header{Name: r.name, Value: value(r.value, hide)})
	}
}

func headerName(name string) bool {
	for i := 0; i < len(name); i++ {
		if !isAlnum(name[i]) && strings.IndexByte("!#$%&'*+-.^_`|~", name[i]) < 0 {
			return false
		}
	}
	return name != "" && utf8.RuneCountInString(name) <= request.MaxName
}
