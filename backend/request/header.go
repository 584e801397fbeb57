package request

import (
	"slices"
	"strings"
)

// notSettable are headers that net/http writes itself or drops, so the bytes
// sent could not match what was typed (R5).
func notSettable(name string) bool {
	switch strings.ToLower(name) {
	case "host", "content-length", "transfer-encoding", "connection", "trailer":
		return true
	}
	return false
}

// headerNameFault returns why a text is not a header name (RFC 9110 section
// 5.1).
func headerNameFault(name string) string {
	if name == "" {
		return "Enter the header name."
	}
	for i := 0; i < len(name); i++ {
		if c := name[i]; !isAlnum(c) && strings.IndexByte("!#$%&'*+-.^_`|~", c) < 0 {
			return "A header name can hold only letters, digits and - _ . without blanks."
		}
	}
	if notSettable(name) {
		return "Keydesk sets " + name + " itself."
	}
	return ""
}

// buildHeaders collects the lines in the order of the wire: all but Host,
// User-Agent and Content-Length, in byte order, with rows of one name in their
// order (R5, A38).
func (b *builder) buildHeaders() {
	r := b.out
	r.hasLength = !r.body.isEmpty() || r.method == "POST" || r.method == "PUT" || r.method == "PATCH"
	var lines []headerLine
	typed := map[string]bool{}
	add := func(line headerLine) {
		line.value = line.value.trimmed()
		if strings.EqualFold(line.name, "User-Agent") {
			if !typed["user-agent"] {
				r.userAgent = line.value
			}
		} else {
			lines = append(lines, line)
		}
		typed[strings.ToLower(line.name)] = true
	}
	if line, sends := b.authHeader(); sends {
		add(line)
	}
	for i, h := range b.spec.Headers {
		if headerNameFault(h.Name) != "" {
			continue
		}
		who := as{at: row("headers", i, "value"), origin: originHeader, label: h.Name}
		value, missing := b.value(h.Value, who, headerText{})
		b.noteMissing(who.at, missing)
		if strings.EqualFold(h.Name, "Content-Type") && r.boundary != "" && !strings.Contains(strings.ToLower(value.text()), "boundary=") {
			value = append(value.trimmed(), piece{text: "; boundary=" + r.boundary, origin: originDefault})
		}
		add(headerLine{h.Name, value})
	}
	if !typed["user-agent"] {
		r.userAgent = pieces{{text: b.env.UserAgent, origin: originDefault}}.trimmed()
	}
	if r.userAgent.isEmpty() && typed["user-agent"] {
		b.note("User-Agent is empty, so it is not sent.")
	}
	if !typed["accept-encoding"] {
		lines = append(lines, headerLine{"Accept-Encoding", pieces{{text: "gzip, deflate", origin: originDefault}}})
	}
	if !r.body.isEmpty() && !typed["content-type"] {
		lines = append(lines, headerLine{"Content-Type", pieces{{text: b.format.contentType(r.boundary), origin: originDefault}}})
	}
	slices.SortStableFunc(lines, func(x, y headerLine) int { return strings.Compare(x.name, y.name) })
	r.headers = lines
}
