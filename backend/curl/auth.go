package curl

import (
	"encoding/base64"
	"strings"
	"unicode"
	"unicode/utf8"

	"keydesk/backend/request"
	"keydesk/backend/secret"
)

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
	if hasPrefixFold(token, "Bearer ") || !sendable(token) {
		b.rows = append(b.rows, headerRow{"Authorization", strings.TrimSpace("Bearer " + token)})
		return
	}
	b.spec.Auth = request.Auth{Type: request.Bearer, Token: value(token, true)}
}

// basic takes over user and password. If one of them is empty, Keydesk's Basic
// Auth cannot be filled in, and the header is sent ready-made.
func (b *build) basic(user, password string, has bool) {
	if !has {
		b.omit("The password", "auth.password", "curl would ask for it. Type it under Authentication.")
		if user == "" {
			return
		}
		b.spec.Auth = request.Auth{Type: request.Basic, Username: request.Escape(user)}
		return
	}
	if user == "" || password == "" || !utf8.ValidString(user+password) {
		pair := base64.StdEncoding.EncodeToString([]byte(user + ":" + password))
		b.rows = append(b.rows, headerRow{"Authorization", "Basic " + pair})
		b.note("Basic Auth with one part empty", "", "It is kept as a ready-made Authorization header.")
		return
	}
	b.spec.Auth = request.Auth{Type: request.Basic, Username: request.Escape(user),
		Password: request.Value{Secret: true, Typed: secret.New(request.Escape(password))}}
}

// typedAuth turns a hand-written Authorization header into an auth type if that
// sends the same.
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
		if !hasPrefixFold(token, "Bearer ") && sendable(token) {
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

func hasPrefixFold(text, prefix string) bool {
	return len(text) >= len(prefix) && strings.EqualFold(text[:len(prefix)], prefix)
}

// sendable reports whether a token can be sent in a header as it is.
func sendable(token string) bool {
	return token != "" && token == strings.TrimSpace(token) && !strings.ContainsFunc(token, unicode.IsControl)
}

// keyAuth shows a key under Authentication, where people look for it: a
// header that is named like one, otherwise the first row of the query or form.
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
