package request

import (
	"strings"

	"keydesk/backend/fault"
	"keydesk/backend/secret"
)

const colonInUser = "A user name for Basic Auth cannot hold a colon."

// authHeader is the header the auth type sends, if it sends one (R6).
func (b *builder) authHeader() (headerLine, bool) {
	a := b.spec.Auth
	switch a.Type {
	case APIKey:
		if a.AddTo != InHeader || headerNameFault(a.KeyName) != "" {
			return headerLine{}, false
		}
		who := as{at: "auth.key_value", origin: originAuth, label: "KEY", secret: true}
		value, missing := b.value(a.KeyValue, who, headerText{})
		b.noteMissing(who.at, missing)
		b.refuseBlanks(who.at, value)
		return headerLine{a.KeyName, value}, true
	case Bearer:
		return headerLine{"Authorization", append(pieces{{text: "Bearer ", origin: originAuth}}, b.token()...)}, true
	case Basic:
		return headerLine{"Authorization", b.basic()}, true
	case OAuth2:
		var value pieces
		if prefix := strings.TrimSpace(a.HeaderPrefix); prefix != "" {
			value.add(piece{text: spaceControls(prefix) + " ", origin: originAuth})
		}
		return headerLine{"Authorization", append(value, b.token()...)}, true
	}
	return headerLine{}, false
}

// token renders the bearer or OAuth 2.0 token. A fetched one is no template.
func (b *builder) token() pieces {
	a := b.spec.Auth
	who := as{at: "auth.token", origin: originAuth, label: "TOKEN", secret: true}
	if a.Type == OAuth2 && a.FetchToken {
		if a.Token.Typed.IsEmpty() {
			b.out.withheld = append(b.out.withheld, who.at)
			return pieces{{origin: fetchedToken, label: who.label, secret: true, withheld: true, mark: b.numbered(who.at)}}
		}
		text, complaint := headerText{}.value(a.Token.Typed.Reveal())
		if complaint != "" {
			b.problem(who.at, "The token "+complaint)
		}
		b.keep(text)
		return pieces{{text: text, origin: originAuth, label: who.label, secret: true}}
	}
	value, missing := b.value(a.Token, who, headerText{})
	b.noteMissing(who.at, missing)
	b.refuseBlanks(who.at, value)
	return value
}

// refuseBlanks refuses a key or token with blanks around it in a header, also one
// that a variable gives.
func (b *builder) refuseBlanks(at string, value pieces) {
	if hasBlanksAround(value.text()) {
		b.problem(at, "This value "+blanksAround)
	}
}

// fetchedToken is the origin and the placeholder of a token that is fetched
// only when the call is fired.
const fetchedToken = "fetched token"

// Grant is what the client credentials flow needs (RFC 6749 section 4.4), with
// fixed fields filled in.
type Grant struct {
	TokenURL     string
	ClientID     string
	ClientSecret secret.Text
	Scopes       []string
	// Secrets are all in these fields: a token address, a client id and a scope
	// can name one too. They are for the redactor.
	Secrets []secret.Text
}

// ErrGrant is returned by TokenGrant when the token cannot be asked for.
var ErrGrant = fault.New(fault.Invalid, "request.bad_grant", "The token cannot be fetched with these fields.")

// TokenGrant returns the fields to fetch a token with. They never depend on a
// record, so one fetched token serves every call. The error is ErrGrant with
// the inputs at fault.
func TokenGrant(spec Spec) (Grant, error) {
	var faults fault.Fields
	a := spec.Auth
	a.Type, a.FetchToken = OAuth2, true
	spec.Auth = a
	c := newChecker(spec, nil, newScope(spec, nil, Env{}))
	c.tokenSource()
	faults = c.faults
	if a.ClientSecret.Secret && a.ClientSecret.Typed.IsEmpty() && a.ClientSecret.Stored {
		faults.Add("auth.client_secret", "The stored client secret was not opened.")
	}
	if len(faults) > 0 {
		err := ErrGrant
		for _, f := range faults {
			err = err.WithField(f.Name, "%s", f.Message)
		}
		return Grant{}, err
	}
	u := splitURL(a.TokenURL, c.names)
	d, _ := u.destination()
	b := &builder{spec: spec, names: c.names, lacking: map[missingName]bool{}, out: &Rendered{known: map[string]bool{}}}
	path, _ := b.fill(u.path, as{}, pathText{})
	query, _ := b.fill(u.query, as{}, urlQueryText{})
	g := Grant{TokenURL: d.scheme + "://" + d.authority() + path.text()}
	if u.hasQuery {
		g.TokenURL += "?" + query.text()
	}
	id, _ := b.expand(a.ClientID, as{}, plainText{})
	key, _ := b.expand(a.ClientSecret.Reveal(), as{secret: true}, plainText{})
	scopes, _ := b.expand(a.Scopes, as{}, plainText{})
	g.Secrets = b.out.secrets
	g.ClientID, g.ClientSecret, g.Scopes = id.text(), secret.New(key.text()), strings.Fields(scopes.text())
	return g, nil
}
