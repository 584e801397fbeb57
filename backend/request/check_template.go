package request

import (
	"cmp"
	"slices"
	"strings"

	"keydesk/backend/fault"
)

// value checks a value as a template. A message about a secret quotes nothing of
// it but the variables it names.
func (c *checker) value(at string, v Value) {
	text := v.template()
	if _, faults := scan(text); v.Secret && len(faults) > 0 {
		c.add(at, "%s", `What this secret has after "{{" is not a variable. Write \{{ to send the braces themselves.`)
		return
	}
	c.template(at, text)
}

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
	if len(unknown) == 1 && slices.ContainsFunc(c.spec.Params, func(p Param) bool { return p.Name == unknown[0] }) {
		hint = "The Custom Parameter of that name can be used once its In is Nowhere."
	}
	// A number is the variable of a provider's own template, which it fills in.
	numbers := slices.DeleteFunc(slices.Clone(unknown), func(name string) bool { return strings.Trim(name, "0123456789") != "" })
	if len(numbers) > 0 {
		hint += " Write " + asItIs(numbers[0]) + "."
	}
	c.add(at, "Nothing defines %s. %s", list(unknown), hint)
}

// asItIs tells how two braces are sent that are not a variable of ours.
func asItIs(inside string) string { return `\{{` + inside + `}} to send it as it is` }

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
