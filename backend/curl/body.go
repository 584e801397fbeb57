package curl

import (
	"encoding/json"
	"mime"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"keydesk/backend/request"
)

const formType = "application/x-www-form-urlencoded"

// body writes the body so that its bytes stay the same: as rows only where they
// give the same bytes, otherwise as raw text.
func (b *build) body() {
	s := b.spec
	switch {
	case b.g.hasForm:
		b.formParts()
	case b.g.hasData && !b.g.get:
		b.data()
	default:
		s.BodyFormat = b.emptyFormat()
	}
}

// contentType finds the row of that name and reads its value.
func (b *build) contentType() (at int, media string, params map[string]string) {
	if at = b.find("Content-Type"); at < 0 {
		return at, "", nil
	}
	media, params, err := mime.ParseMediaType(b.rows[at].value)
	if err != nil {
		media, _, _ = strings.Cut(b.rows[at].value, ";")
		return at, strings.ToLower(strings.TrimSpace(media)), nil
	}
	return at, media, params
}

// family is the format a media type asks for.
func family(media string) request.BodyFormat {
	switch {
	case media == "application/json", media == "text/json", strings.HasSuffix(media, "+json"):
		return request.RawJSON
	case media == formType:
		return request.FormBody
	case strings.HasPrefix(media, "multipart/"):
		return request.MultipartBody
	case media == "application/xml", media == "text/xml", strings.HasSuffix(media, "+xml"):
		return request.RawXML
	}
	return request.RawText
}

// emptyFormat is the format of a request without a body whose Content-Type
// row may still be there.
func (b *build) emptyFormat() request.BodyFormat {
	at, media, _ := b.contentType()
	b.charset(at)
	if at < 0 || bodyless(b.spec.Method) || b.rows[at].value == "" {
		return request.NoBody
	}
	return family(media)
}

// charset removes a charset other than UTF-8 from the Content-Type row.
func (b *build) charset(at int) {
	if at < 0 {
		return
	}
	media, params, err := mime.ParseMediaType(b.rows[at].value)
	if charset := params["charset"]; err == nil && charset != "" && !strings.EqualFold(charset, "utf-8") && !strings.EqualFold(charset, "utf8") {
		delete(params, "charset")
		b.rows[at].value = mime.FormatMediaType(media, params)
		b.omit("charset="+short(charset), "", "Keydesk sends UTF-8.")
	}
}

// formParts makes the rows of -F.
func (b *build) formParts() {
	s := b.spec
	s.BodyFormat = request.MultipartBody
	if at, media, params := b.contentType(); at >= 0 {
		if media != "multipart/form-data" || len(params) > 0 {
			b.omit("Header Content-Type", "", "The form sets it itself: multipart/form-data with its own boundary.")
		}
		b.drop(at)
	} else if b.removed("Content-Type") {
		b.omit("Removing Content-Type", "", "Keydesk always names the type of a body.")
	}
	for _, p := range b.g.parts {
		b.partRow(p)
	}
}

func (b *build) partRow(p part) {
	if !rowName(p.name) || !rowText(p.value) {
		b.omit("Form field "+short(p.name), "", "A field's name is one line of up to 200 characters, its value text.")
		return
	}
	in := request.ParamAuto
	if bodyless(b.spec.Method) {
		in = request.ParamBody
	}
	hide := p.value != "" && (secretName(p.name) || secretValue(p.value))
	b.spec.Params = append(b.spec.Params, request.Param{Name: strings.ReplaceAll(p.name, `\`, `\\`), Value: value(p.value, hide), In: in})
}

// rowName reports whether a parameter row can have a name.
func rowName(name string) bool {
	return strings.TrimSpace(name) != "" && utf8.ValidString(name) && utf8.RuneCountInString(name)+strings.Count(name, `\`) <= request.MaxName &&
		!strings.ContainsFunc(name, unicode.IsControl) && !strings.Contains(name, "{{")
}

// rowText reports whether a parameter row can have a value.
func rowText(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsRune(text, 0) && len(request.Escape(text)) <= request.MaxValue
}

// data makes the body of -d and its kind.
func (b *build) data() {
	s, text := b.spec, b.g.data.String()
	at, media, params := b.contentType()
	b.charset(at)
	switch {
	case at < 0 && b.removed("Content-Type"):
		if text != "" {
			b.omit("Removing Content-Type", "", "Keydesk always names the type of a body.")
		}
		s.BodyFormat = request.RawText
	case at < 0:
		media = formType
		s.BodyFormat = request.FormBody
	default:
		s.BodyFormat = family(media)
	}
	switch s.BodyFormat {
	case request.RawJSON:
		b.json(text)
	case request.FormBody:
		b.formData(text)
	case request.MultipartBody:
		b.writtenParts(text, params)
		return
	case request.RawXML, request.RawText:
		s.RawBody = request.Escape(text)
	}
	b.dropDefault(media, text)
}

// dropDefault removes a Content-Type row that says what is sent anyway, and
// adds one where none would be sent.
func (b *build) dropDefault(media, text string) {
	defaults := map[request.BodyFormat]string{request.RawJSON: "application/json", request.FormBody: formType,
		request.RawXML: "application/xml", request.RawText: "text/plain; charset=utf-8"}
	at := b.find("Content-Type")
	said := defaults[b.spec.BodyFormat]
	switch {
	case at >= 0 && b.rows[at].value == said && text != "":
		b.drop(at)
	case at < 0 && media != "" && (media != said || text == ""):
		b.rows = append(b.rows, headerRow{"Content-Type", media})
	}
}

// json keeps the text byte by byte; secrets in it become separate values.
func (b *build) json(text string) {
	if text != "" && !json.Valid([]byte(text)) {
		if better := straight.Replace(text); better != text && json.Valid([]byte(better)) {
			text = better
			b.omit("Typographic quotes", "raw_body", "A document had changed the quotes in the body; they are straight now.")
		} else {
			b.omit("The body", "raw_body", "It is called JSON and is not valid JSON, so it cannot be sent. Correct it before saving.")
			b.spec.RawBody = request.Escape(text)
			return
		}
	}
	b.spec.RawBody = b.hideJSON(text, plainJSON)
}

// formData turns a form into rows if it is written as Keydesk writes one.
func (b *build) formData(text string) {
	in := request.ParamAuto
	if bodyless(b.spec.Method) {
		in = request.ParamBody
	}
	if text == "" {
		return
	}
	if rows, ok := pairRows(text, in, false); ok {
		b.spec.Params = append(b.spec.Params, rows...)
		return
	}
	b.spec.BodyFormat = request.RawText
	why := "It is kept as it is written, since parts of it are not escaped as in a form."
	if json.Valid([]byte(text)) {
		b.spec.RawBody = b.hideJSON(text, unreserved)
		why = "The line sends JSON and calls it a form, as curl does without a Content-Type. Choose JSON if the provider expects it."
	} else {
		b.spec.RawBody = b.hidePairs(text)
	}
	b.note("Body as raw text", "body_format", why)
}

// writtenParts reads a multipart body that was written by hand, or by Copy as
// curl.
func (b *build) writtenParts(text string, params map[string]string) {
	if text == "" {
		return
	}
	boundary := params["boundary"]
	var again strings.Builder
	var parts []part
	rest := text
	for boundary != "" {
		begin := "--" + boundary + "\r\nContent-Disposition: form-data; name=\""
		after, found := strings.CutPrefix(rest, begin)
		if !found {
			break
		}
		name, after, _ := strings.Cut(after, "\"\r\n\r\n")
		content, after, found := strings.Cut(after, "\r\n--"+boundary)
		if !found {
			break
		}
		plain := strings.NewReplacer("%22", `"`).Replace(name)
		parts = append(parts, part{plain, content})
		again.WriteString(begin + strings.ReplaceAll(plain, `"`, "%22") + "\"\r\n\r\n" + content + "\r\n")
		rest = text[len(text)-len(after)-len("--"+boundary):] // with the boundary that was cut off
	}
	if boundary != "" && again.String()+"--"+boundary+"--\r\n" == text {
		for _, p := range parts {
			b.partRow(p)
		}
		return
	}
	b.omit("The body", "", "A multipart body written by hand can be imported only if it is a plain form. Enter its fields as rows.")
}

// hidePairs replaces the secrets of name=value&... with separate values if
// those are written the same.
func (b *build) hidePairs(text string) string {
	pairs := strings.Split(text, "&")
	for i, pair := range pairs {
		rawName, rawValue, found := strings.Cut(pair, "=")
		name, err := url.QueryUnescape(rawName)
		if !found || err != nil || rawValue == "" || !(secretName(name) || secretValue(rawValue)) || !unreserved(rawValue) {
			pairs[i] = request.Escape(pair)
			continue
		}
		pairs[i] = request.Escape(rawName) + "=" + b.keep(name, rawValue)
	}
	return strings.Join(pairs, "&")
}

// hidePath does the same for the path's segments.
func (b *build) hidePath(path string) string {
	segments := strings.Split(path, "/")
	var shown []string
	for i, s := range segments {
		// A colon would be escaped in a value, so what comes before it, as in
		// bot123:KEY, stays in the address.
		before, key := s[:strings.LastIndexByte(s, ':')+1], s[strings.LastIndexByte(s, ':')+1:]
		if secretValue(s) && unreserved(key) {
			segments[i] = request.Escape(before) + b.keep("path_key", key)
			shown = append(shown, s, before+"...")
			continue
		}
		segments[i] = request.Escape(s)
	}
	if len(shown) > 0 {
		b.in.URL = strings.NewReplacer(shown...).Replace(b.in.URL)
	}
	return strings.Join(segments, "/")
}

// keep makes a row that is sent nowhere by itself (R3) and returns the variable
// that names it.
func (b *build) keep(name, text string) string {
	clean := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' || r == '-' || r == '.' {
			return r
		}
		return '_'
	}, name)
	if runes := []rune(clean); len(runes) > 60 {
		clean = string(runes[:60])
	}
	if strings.Trim(clean, "_") == "" {
		clean = "secret"
	}
	unique := clean
	// The number used last is kept, or thousands of equal names would each be
	// compared with all before them.
	for b.vars[unique] > 0 {
		b.vars[clean]++
		unique = clean + "_" + strconv.Itoa(b.vars[clean])
	}
	b.vars[unique] = 1
	v := value(text, true)
	b.spec.Params = append(b.spec.Params, request.Param{Name: unique, Value: v, In: request.ParamNowhere})
	return "{{" + unique + "}}"
}

// unreserved reports whether a value is written the same wherever it is used.
func unreserved(text string) bool {
	for i := 0; i < len(text); i++ {
		if !isAlnum(text[i]) && strings.IndexByte("-._~", text[i]) < 0 {
			return false
		}
	}
	return text != ""
}
