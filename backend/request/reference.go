package request

import (
	"slices"
	"strings"
)

// IsReference reports whether a value is only one variable, such as
// "{{auth_token}}": it names a secret but is not one.
func IsReference(text string) bool {
	tokens, faults := scan(text)
	return len(faults) == 0 && len(tokens) == 1 && tokens[0].name != ""
}

// FieldText returns the value of a fixed field in one rendering, such as the
// text of a message with its variables filled in. ok is false when a name in it
// has no value, when the field is not there, and when any part of the text is
// secret: what is read here is shown.
func FieldText(spec Spec, name string, record map[string]string, env Env) (text string, ok bool) {
	b := &builder{spec: spec, env: env, names: newScope(spec, record, env), refused: map[string]bool{}, lacking: map[missingName]bool{},
		out: &Rendered{known: map[string]bool{}}}
	value, missing := b.expand("{{"+name+"}}", as{}, plainText{})
	if len(missing) > 0 || len(b.out.withheld) > 0 || slices.ContainsFunc(value, func(p piece) bool { return p.secret }) {
		return "", false
	}
	return value.text(), true
}

// HoldsSecret reports whether a fixed field is secret or names a secret, whatever
// a record holds.
func HoldsSecret(spec Spec, name string) bool {
	names := newScope(spec, nil, Env{})
	field, _ := names.find(name)
	return field.secret || slices.ContainsFunc(field.template, func(t token) bool {
		named, _ := names.find(t.name)
		return named.secret || slices.ContainsFunc(named.template, func(inner token) bool {
			deep, _ := names.find(inner.name)
			return deep.secret
		})
	})
}

// PhoneText returns a number in the form E.164, completed with the
// organisation's country; ok is false if it cannot be one (R1).
func PhoneText(value, country string) (e164 string, ok bool) {
	e164, complaint := formatPhone("e164", value, country)
	return e164, complaint == ""
}

// Names returns the variables that a text names, in its order.
func Names(text string) []string {
	tokens, _ := scan(text)
	list := []string{}
	for _, tok := range tokens {
		if tok.name != "" {
			list = append(list, tok.name)
		}
	}
	return list
}

// WriteOut replaces names by texts, which are themselves templates. A format at
// the name is passed on to a text that is one variable. inJSON says that the
// template is JSON, in which the literal parts of a text are escaped.
func WriteOut(template string, texts map[string]string, inJSON bool) string {
	tokens, _ := scan(template)
	var out strings.Builder
	for _, tok := range tokens {
		text, known := texts[tok.name]
		switch {
		case tok.name == "":
			out.WriteString(Escape(tok.literal))
		case !known:
			out.WriteString(tok.written)
		default:
			parts, _ := scan(text)
			for _, part := range parts {
				switch {
				case part.name == "" && inJSON:
					quoted, _ := jsonString{}.value(part.literal)
					out.WriteString(Escape(quoted))
				case part.name == "":
					out.WriteString(Escape(part.literal))
				case tok.format != "" && part.format == "":
					out.WriteString("{{" + part.name + "|" + tok.format + "}}")
				default:
					out.WriteString(part.written)
				}
			}
		}
	}
	return out.String()
}
