package curl

import (
	"encoding/base64"
	"strings"
	"unicode"
	"unicode/utf8"

	"keydesk/backend/request"
	"keydesk/backend/secret"
)

// headerRow is one header curl would send.
type headerRow struct{ name, value string }

// readHeaders keeps what -H adds. A name with no value takes curl's own header
// of that name out, which given tells.
func (b *build) readHeaders() {
	for _, text := range b.g.headers {
		name, text, found := strings.Cut(text, ":")
		if !found {
			var rest string
			name, rest, found = strings.Cut(name, ";")
			if !found || strings.TrimSpace(rest) != "" {
				b.lose("Header "+short(name), "", "It has no colon, and curl leaves it out too.")
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

// addHeader keeps a header the request model can carry and tells the others.
func (b *build) addHeader(name, text string) {
	what := "Header " + short(name)
	lower := strings.ToLower(name)
	if !headerName(name) {
		b.lose(what, "", "A header name can hold only letters, digits and - _ . without blanks.")
		return
	}
	for i := 0; i < len(text); i++ {
		if text[i] < 0x20 && text[i] != '\t' || text[i] == 0x7f {
			b.lose(what, "", "Its value holds a line break or another control character, which a header cannot carry.")
			return
		}
	}
	switch lower {
	case "host":
		if !strings.EqualFold(text, b.address.host) {
			b.lose(what, "", "Keydesk sends the host of the address.")
		}
		return
	case "content-length", "transfer-encoding", "connection", "trailer":
		b.lose(what, "", "Keydesk sets "+name+" itself.")
		return
	case "expect":
		b.lose(what, "", "Keydesk sends the body at once.")
		return
	case "accept-encoding":
		if text != "gzip, deflate" && !readable(text) {
			b.lose(what, "", "Keydesk asks for gzip and deflate, which it can read.")
			return
		}
		if text == "gzip, deflate" { // what is sent anyway
			return
		}
	case "content-type", "user-agent":
		if b.find(name) >= 0 {
			b.lose(what, "", name+" can be sent only once; the first one is kept.")
			return
		}
	}
	b.rows = append(b.rows, headerRow{name, text})
}

// readable tells whether an answer in any of these encodings can be read.
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

// given tells whether -H speaks of a name, be it to take it out.
func (b *build) given(name string) bool {
	for _, text := range b.g.headers {
		if end := strings.IndexAny(text, ":;"); end >= 0 && strings.EqualFold(text[:end], name) {
			return true
		}
	}
	return false
}

// removed tells whether -H takes a name out.
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

// auth finds how the call proves who it is. A header typed by hand wins over
// -u and --oauth2-bearer, as in curl.
func (b *build) auth() {
	g, a := b.g, b.address
	switch {
	case b.given("Authorization"):
		b.typedAuth()
	case g.otherWay:
	case g.bearer != nil:
		b.bearer(*g.bearer)
	case g.user != nil:
		user, password, has := strings.Cut(*g.user, ":")
		b.basic(user, password, has)
	case a.hasUser:
		b.basic(a.user, a.password, true)
	}
}

func (b *build) bearer(token string) {
	if _, again := cutPrefixFold(token, "Bearer "); again || !sendable(token) {
		b.rows = append(b.rows, headerRow{"Authorization", strings.TrimSpace("Bearer " + token)})
		return
	}
	b.spec.Auth = request.Auth{Type: request.Bearer, Token: value(token, true)}
}

// basic takes user and password over; without one of them Keydesk's Basic Auth
// has nothing to show, and the header is sent ready-made.
func (b *build) basic(user, password string, has bool) {
	if !has {
		b.lose("The password", "auth.password", "curl would ask for it. Type it under Authentication.")
		if user == "" {
			return
		}
		b.spec.Auth = request.Auth{Type: request.Basic, Username: request.Escape(user)}
		return
	}
	if user == "" || password == "" || !utf8.ValidString(user+password) {
		pair := base64.StdEncoding.EncodeToString([]byte(user + ":" + password))
		b.rows = append(b.rows, headerRow{"Authorization", "Basic " + pair})
		b.did("Basic Auth with one part empty", "", "It is kept as a ready-made Authorization header.")
		return
	}
	b.spec.Auth = request.Auth{Type: request.Basic, Username: request.Escape(user),
		Password: request.Value{Secret: true, Typed: secret.New(request.Escape(password))}}
}

// typedAuth turns a hand-written Authorization header into an auth type where
// that sends the same.
func (b *build) typedAuth() {
	at := b.find("Authorization")
	if at < 0 {
		return
	}
	text := b.rows[at].value
	for i, r := range b.rows {
		if i != at && strings.EqualFold(r.name, "Authorization") {
			return
		}
	}
	if token, found := strings.CutPrefix(text, "Bearer "); found && token == strings.TrimSpace(token) {
		if _, again := cutPrefixFold(token, "Bearer "); !again && sendable(token) {
			b.drop(at)
			b.bearer(token)
			return
		}
	}
	if pair, found := strings.CutPrefix(text, "Basic "); found {
		plain, err := base64.StdEncoding.DecodeString(pair)
		user, password, colon := strings.Cut(string(plain), ":")
		clean := !strings.ContainsFunc(string(plain), func(r rune) bool { return !unicode.IsPrint(r) || r == utf8.RuneError })
		if err == nil && colon && user != "" && password != "" && clean && base64.StdEncoding.EncodeToString(plain) == pair {
			b.drop(at)
			b.basic(user, password, true)
		}
	}
}

func cutPrefixFold(text, prefix string) (string, bool) {
	if len(text) >= len(prefix) && strings.EqualFold(text[:len(prefix)], prefix) {
		return text[len(prefix):], true
	}
	return text, false
}

// sendable tells whether a token can stand in a header as it is.
func sendable(token string) bool {
	return token != "" && token == strings.TrimSpace(token) && !strings.ContainsFunc(token, unicode.IsControl)
}

// writeHeaders makes the rows of the Additional Header List.
func (b *build) writeHeaders() {
	for _, r := range b.rows {
		plain := strings.EqualFold(r.name, "Content-Type") || strings.EqualFold(r.name, "User-Agent")
		hide := !plain && r.value != "" && (secretName(r.name) || secretValue(r.value))
		b.spec.Headers = append(b.spec.Headers, request.Header{Name: r.name, Value: value(r.value, hide)})
	}
}

// keyAuth shows a key under Authentication, where people look for it: a
// header that is named like one, else the first row of the query or form.
func (b *build) keyAuth() {
	s := b.spec
	if s.Auth.Type != request.NoAuth {
		return
	}
	chosen := -1
	for i, h := range s.Headers {
		if !h.Value.Secret || strings.EqualFold(h.Name, "Cookie") || twice(s.Headers, h.Name) {
			continue
		}
		if chosen < 0 || strings.EqualFold(h.Name, "Authorization") {
			chosen = i
		}
	}
	if chosen >= 0 {
		h := s.Headers[chosen]
		s.Auth = request.Auth{Type: request.APIKey, KeyName: h.Name, KeyValue: h.Value, AddTo: request.InHeader}
		s.Headers = append(s.Headers[:chosen:chosen], s.Headers[chosen+1:]...)
		return
	}
	if len(s.Params) == 0 || !s.Params[0].Value.Secret || s.Params[0].In == request.ParamNowhere || !secretName(s.Params[0].Name) {
		return
	}
	first := s.Params[0]
	for _, p := range s.Params[1:] {
		if p.Name == first.Name {
			return
		}
	}
	to := request.InQuery
	if first.In == request.ParamBody || first.In == request.ParamAuto && !bodyless(s.Method) {
		if bodyless(s.Method) || s.BodyFormat != request.FormBody && s.BodyFormat != request.MultipartBody {
			return
		}
		to = request.InBody
	}
	s.Auth = request.Auth{Type: request.APIKey, KeyName: first.Name, KeyValue: first.Value, AddTo: to}
	s.Params = s.Params[1:]
}

func twice(headers []request.Header, name string) bool {
	n := 0
	for _, h := range headers {
		if strings.EqualFold(h.Name, name) {
			n++
		}
	}
	return n > 1
}

func headerName(name string) bool {
	for i := 0; i < len(name); i++ {
		if !isAlnum(name[i]) && strings.IndexByte("!#$%&'*+-.^_`|~", name[i]) < 0 {
			return false
		}
	}
	return name != "" && utf8.RuneCountInString(name) <= request.MaxName
}
