package request

import (
	"strings"
)

// headers checks the Additional Header List (A40).
func (c *checker) headers() {
	seen := map[string]bool{}
	for i, h := range c.spec.Headers {
		at := row("headers", i, "name")
		if c.name(at, h.Name, "Enter the header name, or delete the row.") {
			if complaint := headerNameFault(h.Name); complaint != "" {
				c.add(at, "%s", complaint)
			} else {
				c.headerClash(at, h, seen)
			}
		}
		at = row("headers", i, "value")
		if !c.length(at, h.Value.Reveal()) {
			continue
		}
		c.headerValue(at, h.Value)
		c.value(at, h.Value)
	}
}

// headerClash refuses a row that conflicts with the auth type or another row.
func (c *checker) headerClash(at string, h Header, seen map[string]bool) {
	a := c.spec.Auth
	lower := strings.ToLower(h.Name)
	switch {
	case lower == "authorization" && (a.Type == Bearer || a.Type == Basic || a.Type == OAuth2):
		c.add(at, "Authentication already sends %s. Delete this row, or choose NoAuth.", h.Name)
	case a.Type == APIKey && a.AddTo == InHeader && strings.EqualFold(h.Name, a.KeyName):
		c.add(at, "Authentication already sends %s. Delete this row, or choose NoAuth.", h.Name)
	case (lower == "content-type" || lower == "user-agent") && seen[lower]:
		c.add(at, "%s can be sent only once.", h.Name)
	case lower == "content-type":
		c.contentType(strings.TrimSuffix(at, "name")+"value", h.Value)
	}
	seen[lower] = true
}

// contentType refuses a Content-Type row that does not match the body (R5).
func (c *checker) contentType(at string, v Value) {
	text := strings.TrimSpace(v.Reveal())
	switch {
	case v.Secret:
		c.add(at, "Content-Type cannot be secret, since it decides how the body is written.")
		return
	case strings.Contains(text, "{{"):
		c.add(at, "Content-Type cannot hold a variable, since it decides how the body is written.")
		return
	case text == "":
		return
	}
	media, params := mediaType(text)
	if contradicts(c.format, media, c.spec.Method) {
		c.add(at, "The body is %s, and %s is not that. Change the Body format or this row.", formatWords[c.format], short(media))
		return
	}
	if charset := params["charset"]; charset != "" && !strings.EqualFold(charset, "utf-8") && !strings.EqualFold(charset, "utf8") {
		c.add(at, "Keydesk sends UTF-8, not %s.", short(charset))
	}
	if boundary, typed := params["boundary"]; typed && c.format == MultipartBody && !validBoundary(boundary) {
		c.add(at, "A boundary has 1 to 70 letters, digits and - _ . only.")
	}
}

// validBoundary is the rule of RFC 2046 section 5.1.1 without the characters
// that would need quotes.
func validBoundary(text string) bool {
	for i := 0; i < len(text); i++ {
		if c := text[i]; !isAlnum(c) && c != '-' && c != '_' && c != '.' {
			return false
		}
	}
	return len(text) >= 1 && len(text) <= 70
}

var formatWords = map[BodyFormat]string{
	NoBody: "empty", JSONBody: "JSON", FormBody: "a form", MultipartBody: "multipart",
	RawJSON: "raw JSON", RawXML: "raw XML", RawText: "raw text",
}
