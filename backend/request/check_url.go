package request

import (
	"strings"
)

func (c *checker) url() {
	if strings.TrimSpace(c.spec.URL) == "" {
		c.add("url", "Enter the API URL.")
		return
	}
	c.address("url", c.spec.URL)
	if a := c.spec.Auth; a.Type == APIKey && a.AddTo == InQuery && a.KeyName != "" {
		for _, tok := range splitURL(c.spec.URL, c.names).query {
			for _, pair := range strings.Split(tok.literal, "&") {
				if name, _, _ := strings.Cut(pair, "="); name == a.KeyName {
					c.add("url", "The query already holds %s, which Authentication adds. Keep one of them.", short(name))
				}
			}
		}
	}
}

// address checks a URL: its destination, and every template in it.
func (c *checker) address(at, text string) {
	if !c.length(at, text) {
		return
	}
	if strings.ContainsFunc(strings.TrimSpace(text), func(r rune) bool { return r < 0x20 || r == 0x7f }) {
		c.add(at, "The URL holds a line break or another control character.")
		return
	}
	u := splitURL(text, c.names)
	for _, f := range u.faults {
		c.add(at, "%s", f)
	}
	c.template(at, text)
	if c.refused(at) {
		return
	}
	if _, complaint := u.destination(); complaint != "" {
		c.add(at, "%s", complaint)
	}
}
