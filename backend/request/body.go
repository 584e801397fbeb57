package request

import (
	"net/url"
	"strings"
)

// buildBody writes the body in its format (R5). Without parameters there is no
// body.
func (b *builder) buildBody() {
	switch b.format {
	case JSONBody:
		b.jsonBody()
	case FormBody:
		for i, p := range b.fields(ParamBody) {
			if i > 0 {
				b.out.body.add(piece{text: "&"})
			}
			b.out.body.add(piece{text: url.QueryEscape(plainName(p.name)) + "=", origin: p.origin})
			b.out.body.addAll(p.value)
		}
	case MultipartBody:
		b.multipartBody()
	case RawJSON:
		b.rawBody(&jsonText{})
	case RawXML:
		b.rawBody(&xmlText{})
	case RawText:
		if writtenForm(b.spec) {
			b.rawBody(rawFormText{})
			return
		}
		b.rawBody(plainText{})
	}
}

func (b *builder) jsonBody() {
	fields := b.fields(ParamBody)
	if len(fields) == 0 {
		return
	}
	root := &node{kind: objectNode}
	for _, p := range fields {
		path, complaint := parsePath(p.name)
		if complaint == "" {
			complaint = root.put(path, p.value, p.at)
		}
		if complaint != "" {
			b.problem(p.at, complaint)
		}
	}
	root.write(&b.out.body)
}

func (b *builder) rawBody(esc escaper) {
	body, missing := b.expand(b.spec.RawBody, as{at: "raw_body", origin: originBody}, esc)
	b.noteMissing("raw_body", missing)
	b.out.body = body
}

// multipartBody writes RFC 7578 parts; names are escaped as browsers do
// (WHATWG HTML, multipart/form-data encoding).
func (b *builder) multipartBody() {
	fields := b.fields(ParamBody)
	if len(fields) == 0 {
		return
	}
	b.out.boundary = b.chooseBoundary(fields)
	for _, p := range fields {
		name := partName.Replace(plainName(p.name))
		b.out.body.add(piece{text: "--" + b.out.boundary + "\r\nContent-Disposition: form-data; name=\""})
		b.out.body.add(piece{text: name, origin: p.origin})
		b.out.body.add(piece{text: "\"\r\n\r\n"})
		b.out.body.addAll(p.value)
		b.out.body.add(piece{text: "\r\n"})
		b.out.parts = append(b.out.parts, formPart{pieces{{text: plainName(p.name), origin: p.origin}}, p.value})
	}
	b.out.body.add(piece{text: "--" + b.out.boundary + "--\r\n"})
}

var partName = strings.NewReplacer(`"`, "%22", "\r", "%0D", "\n", "%0A")

// chooseBoundary takes the boundary of a Content-Type row, otherwise the random
// one, and makes it longer while a value contains it.
func (b *builder) chooseBoundary(fields []pair) string {
	if i := typedContentType(b.spec); i >= 0 {
		if _, params := mediaType(b.spec.Headers[i].Value.Reveal()); params["boundary"] != "" {
			return params["boundary"]
		}
	}
	boundary := b.env.Boundary
	if boundary == "" {
		boundary = "keydesk-boundary"
	}
	for i := 0; i < len(fields); i++ {
		if strings.Contains(fields[i].value.text(), "--"+boundary) {
			boundary += "0"
			i = -1
		}
	}
	return boundary
}
