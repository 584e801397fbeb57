package request

import (
	"cmp"
	"slices"
	"strings"

	"keydesk/backend/fault"
)

// template checks the syntax and the names of one input. It reports all
// undefined names at once.
func (c *checker) template(at, text string) {
	tokens, faults := scan(text)
	for _, f := range faults {
		if !slices.Contains(c.faults, fault.Field{Name: at, Message: f}) {
			c.add(at, "%s", f)
		}
	}
	var unknown []string
	seen := map[string]bool{}
	for _, tok := range tokens {
		if _, known := c.names.find(tok.name); tok.name != "" && !known && !seen[tok.name] {
			seen[tok.name] = true
			unknown = append(unknown, short(tok.name))
		}
	}
	if len(unknown) == 0 {
		return
	}
	hint := "Add " + them(unknown) + " to " + cmp.Or(c.names.env.Definitions, "the Stage Parameter List") + "."
	if !slices.ContainsFunc(unknown, func(name string) bool { return !isNumber(name) }) {
		// The placeholders of a WhatsApp template are written like this.
		hint = "Write " + list(escaped(unknown)) + " to send " + them(unknown) + " as " + map[bool]string{true: "it is", false: "they are"}[len(unknown) == 1] + "."
	} else if len(unknown) == 1 && slices.ContainsFunc(c.spec.Params, func(p Param) bool { return p.Name == unknown[0] }) {
		hint = "The Custom Parameter of that name can be used once its In is Nowhere."
	}
	c.add(at, "Nothing defines %s. %s", list(unknown), hint)
}

func isNumber(name string) bool {
	return strings.Trim(name, "0123456789") == ""
}

// escaped is how names are written so that their braces are sent.
func escaped(names []string) []string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = `\{{` + name + "}}"
	}
	return out
}

func them(names []string) string {
	if len(names) == 1 {
		return "it"
	}
	return "them"
}

// literals returns a template's own text without its variables.
func literals(text string) string {
	tokens, _ := scan(text)
	var out strings.Builder
	for _, tok := range tokens {
		out.WriteString(tok.literal)
	}
	return out.String()
}

// neutral fills a JSON template with values that are valid in any place.
func neutral(text string) string {
	var b strings.Builder
	j := &jsonText{}
	tokens, _ := scan(text)
	for _, tok := range tokens {
		switch {
		case tok.name == "":
			b.WriteString(j.literal(tok.literal))
		case j.quoted:
			b.WriteString("x")
		default:
			b.WriteString("0")
		}
	}
	return b.String()
}
