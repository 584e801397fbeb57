package request

// mentioned returns every name that a template in use mentions. Templates of
// another auth type or body format are not in use (A34).
func mentioned(spec Spec) map[string]bool {
	used := map[string]bool{}
	for _, t := range templates(spec) {
		tokens, _ := scan(t.text)
		for _, tok := range tokens {
			if tok.name != "" {
				used[tok.name] = true
			}
		}
	}
	return used
}

// input is a template and the JSON path of its input.
type input struct{ at, text string }

// templates lists the inputs that are rendered, in the order of the form.
func templates(spec Spec) []input {
	var out []input
	a := spec.Auth
	switch a.Type {
	case APIKey:
		out = append(out, input{"auth.key_value", a.KeyValue.template()})
	case Bearer:
		out = append(out, input{"auth.token", a.Token.template()})
	case Basic:
		out = append(out, input{"auth.username", a.Username}, input{"auth.password", a.Password.template()})
	case OAuth2:
		if a.FetchToken {
			out = append(out, input{"auth.token_url", a.TokenURL}, input{"auth.client_id", a.ClientID},
				input{"auth.client_secret", a.ClientSecret.template()}, input{"auth.scopes", a.Scopes})
		} else {
			out = append(out, input{"auth.token", a.Token.template()})
		}
	}
	out = append(out, input{"url", spec.URL})
	for i, h := range spec.Headers {
		out = append(out, input{row("headers", i, "value"), h.Value.template()})
	}
	for i, p := range spec.Params {
		if p.In != ParamNowhere {
			out = append(out, input{row("params", i, "value"), p.Value.template()})
		}
	}
	for i, f := range spec.Fixed {
		if f.Template && !f.Value.Secret {
			out = append(out, input{row("fixed", i, "value"), f.Value.Plain})
		}
	}
	if bodyFormat(spec).isRaw() {
		out = append(out, input{"raw_body", spec.RawBody})
	}
	return out
}

// Mentions returns the stage fields a spec uses, each once, in the order of its
// rows. Every row counts: one that no template mentions is sent as a parameter
// (R2).
func Mentions(spec Spec) []string {
	out := []string{}
	seen := map[string]bool{}
	for _, p := range spec.StageParams {
		if p.Field != "" && !seen[p.Field] {
			seen[p.Field] = true
			out = append(out, p.Field)
		}
	}
	return out
}
