package httpclient

import (
	"net/http"
	"net/url"
	"strings"
)

// Why a redirect was not followed.
const (
	noteOff       = "Not followed: redirects are switched off for this call."
	noteElsewhere = "Not followed: it leads to another host, scheme or port."
	noteTooMany   = "Not followed: this call's number of redirects is used up."
	noteBadURL    = "Not followed: its address is not a URL."
	noteBody      = "Not followed: the body cannot be sent a second time."
)

// redirect notes the hop an answer asks for and returns the request that
// follows it, or nil when it must not be followed (RULES.md, HTTP client; G19).
func (c *call) redirect(req *http.Request, response *http.Response) *http.Request {
	location := response.Header.Get("Location")
	switch response.StatusCode {
	case 301, 302, 303, 307, 308:
	default:
		return nil
	}
	if location == "" {
		return nil
	}
	hop := Hop{Method: req.Method, URL: req.URL.String(), Status: response.StatusCode, Location: strings.ToValidUTF8(location, "\uFFFD")}
	next, note := c.follow(req, response.StatusCode, location)
	hop.Followed, hop.Note = next != nil, note
	c.answer.Hops = append(c.answer.Hops, hop)
	return next
}

func (c *call) follow(req *http.Request, status int, location string) (next *http.Request, note string) {
	if c.limits.Redirects <= 0 {
		return nil, noteOff
	}
	target, err := req.URL.Parse(location)
	if err != nil {
		return nil, noteBadURL
	}
	if !sameOrigin(req.URL, target) || target.User != nil {
		return nil, noteElsewhere
	}
	if len(c.answer.Hops) >= min(c.limits.Redirects, maxRedirects) {
		return nil, noteTooMany
	}
	target.Fragment, target.RawFragment = "", ""
	next = req.Clone(req.Context())
	next.URL = target
	if becomesGet(status, req.Method) {
		next.Method, next.Body, next.GetBody, next.ContentLength = http.MethodGet, nil, nil, 0
		for name := range next.Header {
			if describesBody[strings.ToLower(name)] {
				delete(next.Header, name)
			}
		}
		return next, ""
	}
	if req.Body != nil && req.Body != http.NoBody && req.GetBody == nil {
		return nil, noteBody
	}
	return next, ""
}

var describesBody = map[string]bool{
	"content-type": true, "content-length": true, "content-encoding": true,
	"content-language": true, "content-location": true, "transfer-encoding": true,
}

// becomesGet is RFC 9110 section 15.4: 303 turns all but HEAD into GET, 301
// and 302 turn POST into GET as browsers do, 307 and 308 change nothing.
func becomesGet(status int, method string) bool {
	switch status {
	case 303:
		return method != http.MethodHead && method != http.MethodGet
	case 301, 302:
		return method == http.MethodPost
	}
	return false
}

// sameOrigin reports whether scheme, host and port are equal.
func sameOrigin(a, b *url.URL) bool {
	return strings.EqualFold(a.Scheme, b.Scheme) && strings.EqualFold(a.Hostname(), b.Hostname()) && portOf(a) == portOf(b)
}

func portOf(u *url.URL) string {
	if port := u.Port(); port != "" {
		return port
	}
	if strings.EqualFold(u.Scheme, "https") {
		return "443"
	}
	return "80"
}
