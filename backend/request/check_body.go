package request

import (
	"encoding/json"
	"strings"
)

// body checks what the body is made of, whether rows or text.
func (c *checker) body() {
	switch c.format {
	case RawJSON, RawXML, RawText:
		c.rawBody()
	case JSONBody:
		c.jsonNames()
	}
}

func (c *checker) rawBody() {
	text := c.spec.RawBody
	if len(text) > MaxRawBody {
		c.add("raw_body", "This is %s bytes long; a body can have %s.", thousands(len(text)), thousands(MaxRawBody))
		return
	}
	c.template("raw_body", text)
	if strings.ContainsRune(text, 0) {
		c.add("raw_body", "This body holds a NUL character, which cannot be sent.")
	}
	if c.format == RawJSON && strings.TrimSpace(text) != "" && !c.refused("raw_body") && !json.Valid([]byte(neutral(text))) {
		c.add("raw_body", "This is not valid JSON. Put quotes around text and around variables that hold text.")
	}
}

// jsonNames builds the tree of a JSON body without its values, with the same
// code that builds the body.
func (c *checker) jsonNames() {
	root := &node{kind: objectNode}
	put := func(name, at string) {
		if name == "" || c.refused(at) {
			return
		}
		path, complaint := parsePath(name)
		if complaint == "" {
			complaint = root.put(path, nil, at)
		}
		if complaint != "" {
			c.add(at, "%s", complaint)
		}
	}
	if a := c.spec.Auth; a.Type == APIKey && a.AddTo == InBody {
		put(a.KeyName, "auth.key_name")
	}
	for i, p := range c.spec.Params {
		if place(p.In, c.spec.Method, c.format) == ParamBody {
			put(p.Name, row("params", i, "name"))
		}
	}
	if place(ParamAuto, c.spec.Method, c.format) == ParamBody {
		for i, p := range c.spec.StageParams {
			if !c.used[p.Variable] {
				put(p.Variable, row("stage_params", i, "variable"))
			}
		}
	}
	root.gaps(func(at, complaint string) { c.add(at, "%s", complaint) })
}
