package request

import (
	"net/url"
	"strings"
	"unicode/utf8"
)

// escaper writes text for the place where it is used (R4). literal takes the
// template's own text, value the value of a variable; complaint is what is
// wrong with a value there and never repeats it. An escaper may remember the
// literals it has seen (inside quotes or not), so each place needs a new one.
type escaper interface {
	literal(text string) string
	value(text string) (escaped, complaint string)
	// sealed says what is wrong with a secret there of which only the traits
	// are known.
	sealed(t Traits) (complaint string)
}

// What is wrong with a value in some places.
const (
	notPlain   = "holds a NUL character, which cannot be sent."
	notScalar  = "must be a number, true, false or null outside quotes. Put quotes around it to send text."
	notOneLine = "holds a line break or another control character, which a header cannot carry."
)

func (plainText) sealed(t Traits) string        { return complainIf(t.NUL, notPlain) }
func (headerText) sealed(t Traits) string       { return complainIf(t.Control, notOneLine) }
func (queryText) sealed(Traits) string          { return "" }
func (rawFormText) sealed(Traits) string        { return "" }
func (t thenQuery) sealed(traits Traits) string { return t.inner.sealed(traits) }
func (pathText) sealed(Traits) string           { return "" }
func (urlQueryText) sealed(Traits) string       { return "" }
func (jsonString) sealed(Traits) string         { return "" }
func (j *jsonText) sealed(t Traits) string      { return complainIf(t.NotScalar && !j.quoted, notScalar) }
func (*xmlText) sealed(t Traits) string {
	return complainIf(t.NUL, "holds a control character, which XML cannot carry.")
}

func complainIf(wrong bool, complaint string) string {
	if wrong {
		return complaint
	}
	return ""
}

// plainText sends text as it is: multipart parts and raw text.
type plainText struct{}

func (plainText) literal(text string) string { return text }

func (plainText) value(text string) (string, string) {
	if strings.ContainsRune(text, 0) {
		return strings.ReplaceAll(text, "\x00", ""), notPlain
	}
	return text, ""
}

// headerText refuses what would end the header (RFC 9110 section 5.5).
type headerText struct{}

func (headerText) literal(text string) string { return spaceControls(text) }

func (headerText) value(text string) (string, string) {
	if complaint := headerValueFault(text); complaint != "" {
		return spaceControls(text), complaint
	}
	return text, ""
}

func headerValueFault(text string) string {
	if strings.ContainsAny(text, "\r\n") {
		return "holds a line break, which a header cannot carry."
	}
	for i := 0; i < len(text); i++ {
		if c := text[i]; c < 0x20 && c != '\t' || c == 0x7f {
			return "holds a control character, which a header cannot carry."
		}
	}
	return ""
}

func spaceControls(text string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\t' || r == 0x7f {
			return ' '
		}
		return r
	}, text)
}

// queryText escapes everything for a query or form (WHATWG URL, form encoding):
// a blank becomes a plus sign.
type queryText struct{}

func (queryText) literal(text string) string         { return url.QueryEscape(text) }
func (queryText) value(text string) (string, string) { return url.QueryEscape(text), "" }

// rawFormText keeps a form that is written by hand and escapes its variables.
type rawFormText struct{}

func (rawFormText) literal(text string) string         { return text }
func (rawFormText) value(text string) (string, string) { return url.QueryEscape(text), "" }

// thenQuery escapes by inner first and then for a query or form.
type thenQuery struct{ inner escaper }

func (t thenQuery) literal(text string) string { return url.QueryEscape(t.inner.literal(text)) }

func (t thenQuery) value(text string) (string, string) {
	escaped, complaint := t.inner.value(text)
	return url.QueryEscape(escaped), complaint
}

// pathText keeps the path as typed and makes a value one segment (RFC 3986
// section 3.3): only unreserved characters stay as they are.
type pathText struct{}

func (pathText) literal(text string) string { return cleanURL(text, "/") }

func (pathText) value(text string) (string, string) { return escapeSegment(text), "" }

func escapeSegment(text string) string {
	// QueryEscape keeps exactly the unreserved characters, except that it
	// makes a blank a plus sign.
	return strings.ReplaceAll(url.QueryEscape(text), "+", "%20")
}

// urlQueryText keeps the URL's own query as typed.
type urlQueryText struct{}

func (urlQueryText) literal(text string) string         { return cleanURL(text, "/?") }
func (urlQueryText) value(text string) (string, string) { return url.QueryEscape(text), "" }

// cleanURL keeps the characters that a URL may hold, percent escapes included,
// and escapes the rest, including a lone percent sign.
func cleanURL(text, also string) string {
	const keep = "-._~!$&'()*+,;=:@[]"
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case isAlnum(c), strings.IndexByte(keep, c) >= 0, strings.IndexByte(also, c) >= 0:
			b.WriteByte(c)
		case c == '%' && i+2 < len(text) && isHex(text[i+1]) && isHex(text[i+2]):
			b.WriteByte(c)
		default:
			const hex = "0123456789ABCDEF"
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		}
	}
	return b.String()
}

func isAlnum(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

// jsonString is the inside of a JSON string (RFC 8259 section 7).
type jsonString struct{}

func (jsonString) literal(text string) string         { return escapeJSON(text) }
func (jsonString) value(text string) (string, string) { return escapeJSON(text), "" }

func escapeJSON(text string) string {
	if !utf8.ValidString(text) {
		text = strings.ToValidUTF8(text, "\uFFFD")
	}
	clean := true
	for i := 0; i < len(text); i++ {
		if text[i] < 0x20 || text[i] == '"' || text[i] == '\\' {
			clean = false
			break
		}
	}
	if clean {
		return text
	}
	const hex = "0123456789abcdef"
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c == '\n':
			b.WriteString(`\n`)
		case c == '\r':
			b.WriteString(`\r`)
		case c == '\t':
			b.WriteString(`\t`)
		case c < 0x20:
			b.WriteString(`\u00`)
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// jsonText is JSON written by hand: it follows the quotes of the literals, so
// that a variable inside quotes becomes string content and one outside must be
// a JSON number, true, false or null (R4).
type jsonText struct {
	quoted  bool
	escaped bool
}

func (j *jsonText) literal(text string) string {
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case j.escaped:
			j.escaped = false
		case j.quoted && c == '\\':
			j.escaped = true
		case c == '"':
			j.quoted = !j.quoted
		}
	}
	return text
}

func (j *jsonText) value(text string) (string, string) {
	if j.quoted {
		return escapeJSON(text), ""
	}
	if isJSONScalar(text) {
		return text, ""
	}
	return `"` + escapeJSON(text) + `"`, notScalar
}

func isJSONScalar(text string) bool {
	return text == "true" || text == "false" || text == "null" || isJSONNumber(text)
}

// isJSONNumber reports whether a text fits the grammar of RFC 8259 section 6.
func isJSONNumber(text string) bool {
	rest := strings.TrimPrefix(text, "-")
	whole := digits(rest)
	if whole == 0 || whole > 1 && rest[0] == '0' {
		return false
	}
	rest = rest[whole:]
	if strings.HasPrefix(rest, ".") {
		n := digits(rest[1:])
		if n == 0 {
			return false
		}
		rest = rest[1+n:]
	}
	if rest != "" && (rest[0] == 'e' || rest[0] == 'E') {
		rest = rest[1:]
		if rest != "" && (rest[0] == '+' || rest[0] == '-') {
			rest = rest[1:]
		}
		n := digits(rest)
		if n == 0 {
			return false
		}
		rest = rest[n:]
	}
	return rest == ""
}

func digits(text string) int {
	n := 0
	for n < len(text) && text[n] >= '0' && text[n] <= '9' {
		n++
	}
	return n
}

// xmlText is XML written by hand: values become character data, or CDATA
// content where the literal text has opened a CDATA section (XML 1.0 section
// 2.7). Line breaks are references, so that attributes keep them too.
type xmlText struct{ open bool }

func (x *xmlText) literal(text string) string {
	for rest := text; ; {
		mark := "<![CDATA["
		if x.open {
			mark = "]]>"
		}
		i := strings.Index(rest, mark)
		if i < 0 {
			return text
		}
		x.open = !x.open
		rest = rest[i+len(mark):]
	}
}

var xmlEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&apos;",
	"\n", "&#10;", "\r", "&#13;", "\t", "&#9;")

func (x *xmlText) value(text string) (string, string) {
	complaint := ""
	text = strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\n' && r != '\r' && r != '\t' || r == 0xFFFE || r == 0xFFFF {
			complaint = "holds a control character, which XML cannot carry."
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
	if x.open {
		return strings.ReplaceAll(text, "]]>", "]]]]><![CDATA[>"), complaint
	}
	return xmlEscapes.Replace(text), complaint
}
