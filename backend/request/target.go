package request

import (
	"net/url"
	"strings"
)

// buildTarget renders the URL: destination, path, its own query, and the
// parameters that go in the query (R3).
func (b *builder) buildTarget() {
	u := splitURL(b.spec.URL, b.names)
	b.noteMissing("url", u.blank)
	for _, p := range u.pieces {
		if !p.missing {
			continue
		}
		name, _, _ := strings.Cut(strings.Trim(p.text, "{}"), "|")
		name = strings.TrimSpace(name)
		if _, known := b.names.find(name); !known {
			b.noteMissing("url", []string{name})
		}
	}
	b.out.front = u.pieces
	if d, complaint := u.destination(); complaint == "" {
		b.out.dest = d
		if sent := d.scheme + "://" + d.authority(); sent != u.pieces.text() {
			b.out.front = pieces{{text: sent, origin: originURL}}
		}
	}
	who := as{at: "url", origin: originURL}
	path, missing := b.fill(u.path, who, pathText{})
	b.noteMissing("url", missing)
	b.refuseDots(u.path, path)
	if path.isEmpty() {
		path = pieces{{text: "/", origin: originURL}}
	}
	query, missing := b.fill(u.query, who, urlQueryText{})
	b.noteMissing("url", missing)
	b.out.target = path
	first := !u.hasQuery
	if u.hasQuery {
		b.out.target.add(piece{text: "?", origin: originURL})
		b.out.target.addAll(query)
	}
	bare := query.isEmpty() || strings.HasSuffix(query.filled(), "&")
	for _, pair := range b.fields(ParamQuery) {
		switch {
		case first:
			b.out.target.add(piece{text: "?"})
		case !bare:
			b.out.target.add(piece{text: "&"})
		}
		first, bare = false, false
		b.out.target.add(piece{text: url.QueryEscape(plainName(pair.name)) + "=", origin: pair.origin})
		b.out.target.addAll(pair.value)
	}
}

// refuseDots keeps a value from climbing the path: a segment made of values
// that reads "." or ".." would be resolved away (RFC 3986 section 5.2.4).
func (b *builder) refuseDots(tokens []token, path pieces) {
	variable := false
	for _, tok := range tokens {
		variable = variable || tok.name != ""
	}
	if !variable {
		return
	}
	var typed strings.Builder
	for _, tok := range tokens {
		typed.WriteString(tok.literal + tok.written)
	}
	written := strings.Split(typed.String(), "/")
	for i, segment := range strings.Split(path.filled(), "/") {
		if (segment == "." || segment == "..") && (i >= len(written) || written[i] != segment) {
			b.problem("url", "A value in the path reads "+segment+", which would change where the call goes.")
		}
	}
}
