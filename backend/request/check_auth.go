package request

import (
	"strings"
	"unicode"
)

func (c *checker) auth() {
	a := c.spec.Auth
	switch a.Type {
	case NoAuth, "":
	case APIKey:
		c.apiKey()
	case Bearer:
		c.token("Bearer")
	case Basic:
		c.basic()
	case OAuth2:
		if headerValueFault(a.HeaderPrefix) != "" {
			c.add("auth.header_prefix", "The prefix %s", headerValueFault(a.HeaderPrefix))
		}
		if strings.Contains(a.HeaderPrefix, "{{") {
			c.add("auth.header_prefix", "Variables can be used in the token, not in its prefix.")
		}
		c.length("auth.header_prefix", a.HeaderPrefix)
		if a.FetchToken {
			c.tokenSource()
		} else {
			c.token(strings.TrimSpace(a.HeaderPrefix))
		}
	default:
		c.add("auth.type", "Choose an auth type.")
	}
}

func (c *checker) apiKey() {
	a := c.spec.Auth
	named := c.name("auth.key_name", a.KeyName, "Enter the key's name, such as X-API-Key.")
	c.secretValue("auth.key_value", a.KeyValue, "Enter the key's value.", a.AddTo == InHeader)
	switch a.AddTo {
	case InHeader:
		if !named {
			return
		}
		if complaint := headerNameFault(a.KeyName); complaint != "" {
			c.add("auth.key_name", "%s", complaint)
		} else if strings.EqualFold(a.KeyName, "Content-Type") {
			c.add("auth.key_name", "Content-Type names the body format and cannot carry a key.")
		}
	case InQuery:
		c.noVariable("auth.key_name", a.KeyName)
	case InBody:
		c.noVariable("auth.key_name", a.KeyName)
		switch {
		case bodyless(c.spec.Method):
			c.add("auth.add_to", "Method %s cannot carry a key in the body. Choose Header or Query Params.", c.spec.Method)
		case c.format.isRaw():
			c.add("auth.add_to", "A raw body cannot carry a key in the body. Choose Header or Query Params.")
		case !c.format.hasFields():
			c.add("auth.add_to", "A request without a body cannot carry a key in the body. Choose Header or Query Params.")
		}
	default:
		c.add("auth.add_to", "Choose where the key goes: Header, Query Params or Body.")
	}
}

// noVariable refuses a template in a name: names decide what collides, so they
// must be known on save.
func (c *checker) noVariable(at, name string) {
	if strings.Contains(name, "{{") {
		c.add(at, "Variables can be used in the value, not in the name.")
	}
}

func (c *checker) token(prefix string) {
	v := c.spec.Auth.Token
	c.secretValue("auth.token", v, "Enter the token.", true)
	text := v.Reveal()
	if v.IsSealed() {
		text = v.traits().Scheme + " x"
	}
	if prefix != "" && len(text) > len(prefix) && strings.EqualFold(text[:len(prefix)], prefix) && text[len(prefix)] == ' ' {
		c.add("auth.token", "Leave out the word %s; Keydesk sends it before the token.", short(prefix))
	}
}

func (c *checker) basic() {
	a := c.spec.Auth
	if a.Username == "" {
		c.add("auth.username", "Enter the user name.")
	}
	if strings.Contains(literals(a.Username), ":") {
		c.add("auth.username", colonInUser)
	}
	c.length("auth.username", a.Username)
	c.template("auth.username", a.Username)
	c.secretValue("auth.password", a.Password, "Enter the password.", false)
}

// tokenSource checks what fetches a token. Only values that never come with a
// call may be used there: the token serves every call.
func (c *checker) tokenSource() {
	a := c.spec.Auth
	if strings.TrimSpace(a.TokenURL) == "" {
		c.add("auth.token_url", "Enter the token URL.")
	} else {
		c.address("auth.token_url", a.TokenURL)
	}
	if a.ClientID == "" {
		c.add("auth.client_id", "Enter the client id.")
	}
	switch a.ClientIn {
	case ClientAuto, ClientHeader, ClientHeaderPlain, ClientBody:
	default:
		c.add("auth.client_in", "Choose where the client id and secret go.")
	}
	c.length("auth.client_id", a.ClientID)
	c.length("auth.scopes", a.Scopes)
	c.template("auth.client_id", a.ClientID)
	c.template("auth.scopes", a.Scopes)
	c.secretValue("auth.client_secret", a.ClientSecret, "Enter the client secret.", false)
	for _, in := range []input{{"auth.token_url", a.TokenURL}, {"auth.client_id", a.ClientID},
		{"auth.client_secret", a.ClientSecret.template()}, {"auth.scopes", a.Scopes}} {
		tokens, _ := scan(in.text)
		for _, tok := range tokens {
			if v, known := c.names.find(tok.name); known && !v.fixed && !c.refused(in.at) {
				c.add(in.at, "Only fixed fields can be used here, and %s is not one.", short(tok.name))
			}
		}
	}
}

// secretValue checks a value that must be there; with inHeader it must be one
// that a header can carry.
func (c *checker) secretValue(at string, v Value, empty string, inHeader bool) {
	text := v.Reveal()
	if v.IsEmpty() || text != "" && strings.TrimSpace(text) == "" {
		c.add(at, "%s", empty)
		return
	}
	if !c.length(at, v.Reveal()) {
		return
	}
	if inHeader {
		c.headerValue(at, v)
		if blanks := hasBlanksAround(v.Reveal()) || v.IsSealed() && v.traits().Blanks; blanks && !c.refused(at) {
			c.add(at, "This value %s", blanksAround)
		}
	}
	c.value(at, v)
}

// headerValue refuses what a header cannot carry.
func (c *checker) headerValue(at string, v Value) {
	complaint := headerValueFault(v.Reveal())
	if v.IsSealed() {
		complaint = headerText{}.sealed(v.traits())
	}
	if complaint != "" {
		c.add(at, "This value %s", complaint)
	}
}

// blanksAround is what is wrong with a key or token: nobody issues one with blanks
// around it, and a header is sent without those at its end.
const blanksAround = "has blanks around it. Enter it without them."

func hasBlanksAround(text string) bool {
	isBlank := func(r rune) bool { return r == '\t' || unicode.Is(unicode.Zs, r) }
	return strings.TrimFunc(text, isBlank) != text
}
