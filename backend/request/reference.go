package request

// IsReference tells whether a value is nothing but one variable, as
// "{{auth_token}}": it names a secret and is none.
func IsReference(text string) bool {
	tokens, faults := scan(text)
	return len(faults) == 0 && len(tokens) == 1 && tokens[0].name != ""
}

// FieldText is what a fixed field stands for in one rendering, as the text of
// a message with its variables filled in. ok is false when a name in it has no
// value, or the field is not there or is a stored secret.
func FieldText(spec Spec, name string, record map[string]string, env Env) (text string, ok bool) {
	b := &builder{spec: spec, env: env, names: newScope(spec, record, env), refused: map[string]bool{}, lacking: map[missingName]bool{},
		out: &Rendered{known: map[string]bool{}}}
	value, missing := b.expand("{{"+name+"}}", as{}, plainText{})
	if len(missing) > 0 || len(b.out.withheld) > 0 {
		return "", false
	}
	return value.text(), true
}

// PhoneText is a number in the form E.164, completed with the organisation's
// country; ok is false where it cannot be one (R1).
func PhoneText(value, country string) (e164 string, ok bool) {
	e164, complaint := formatPhone("e164", value, country)
	return e164, complaint == ""
}
