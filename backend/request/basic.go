package request

import (
	"encoding/base64"
	"strings"
)

// basic renders RFC 7617: UTF-8, one colon, base64.
func (b *builder) basic() pieces {
	a := b.spec.Auth
	user, missing := b.expand(a.Username, as{at: "auth.username", origin: originAuth}, plainText{})
	b.noteMissing("auth.username", missing)
	if strings.Contains(user.text(), ":") {
		b.problem("auth.username", colonInUser)
	}
	password, more := b.value(a.Password, as{at: "auth.password", origin: originAuth, label: "PASSWORD", secret: true}, plainText{})
	b.noteMissing("auth.password", more)
	b.out.basicUser, b.out.basicPassword = user, password
	derived := piece{origin: originAuth, label: "BASIC", secret: true, withheld: user.withheld() || password.withheld(), mark: b.numbered("auth.password")}
	pair := user.text() + ":" + password.text()
	derived.text = base64.StdEncoding.EncodeToString([]byte(pair))
	if derived.withheld {
		derived.text = ""
	} else {
		b.keep(pair, derived.text)
	}
	out := pieces{{text: "Basic ", origin: originAuth}}
	return append(out, derived)
}
