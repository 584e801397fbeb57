package provider

import (
	"strings"

	"keydesk/backend/request"
)

// Identity is what a request says in plain text about the account it sends with.
// A check of its credential depends on this and on its secrets. p is nil for a
// request written by hand.
func (p *Provider) Identity(spec request.Spec) string {
	auth := spec.Auth
	said := []string{string(auth.Type), auth.KeyName, auth.KeyValue.Plain, auth.Token.Plain, auth.Username, auth.Password.Plain}
	for _, f := range spec.Fixed {
		if p == nil {
			break
		}
		if field, known := p.Field(f.Name); known && field.Belongs == OfAccount {
			said = append(said, f.Name, f.Value.Plain)
		}
	}
	return strings.Join(said, "\x00")
}

// OtherAccount tells whether two providers have different accounts, so that one
// must not get a credential of the other, even at the same address. "" is no
// provider; a file that is gone counts as a different account.
func (c *Catalogue) OtherAccount(before, now string) bool {
	if before == "" || now == "" || before == now {
		return false
	}
	account := func(id string) string {
		if p, err := c.Get(id); err == nil {
			return p.Account
		}
		return "?" + id
	}
	return account(before) != account(now)
}
