package request_test

import (
	"testing"

	"keydesk/backend/request"
)

// R6a: the text of a field is shown, so it is never given where any part of it is
// secret, stored or typed, whatever the format and however it is named.
func TestFieldTextGivesNoSecret(t *testing.T) {
	const canary = "+919812345678"
	for what, to := range map[string]request.Field{
		"itself":           {Value: hidden(canary)},
		"stored":           {Value: request.Value{Secret: true, Stored: true}},
		"named":            {Value: plain("{{token}}"), Template: true},
		"with text":        {Value: plain("x{{token}}"), Template: true},
		"in the middle":    {Value: plain("{{m}}, {{token}} "), Template: true},
		"with a format":    {Value: plain("{{token|digits}}"), Template: true},
		"a parameter":      {Value: plain("{{pin|lower}}"), Template: true},
		"a stored one":     {Value: plain("{{kept}}"), Template: true},
		"secret and named": {Value: hidden("{{token}}"), Template: true},
	} {
		to.ID, to.Name = "to", "to"
		spec := request.Spec{Method: "GET", URL: "https://a.test",
			Fixed:       []request.Field{to, {Name: "token", Value: hidden(canary)}, {Name: "kept", Value: request.Value{Secret: true, Stored: true}}},
			Params:      []request.Param{{Name: "pin", Value: hidden(canary), In: request.ParamNowhere}},
			StageParams: []request.StageParam{{Variable: "m", Field: "Mobile"}}}
		text, ok := request.FieldText(spec, "to", map[string]string{"Mobile": "1"}, request.Env{Country: "IN"})
		if text != "" || ok {
			t.Errorf("%s: %q", what, text)
		}
		if !request.HoldsSecret(spec, "to") {
			t.Errorf("%s: not known as secret", what)
		}
	}
	spec := request.Spec{Fixed: []request.Field{{Name: "to", Value: plain("{{m}} {{t}}"), Template: true}, {Name: "literal", Value: plain("{{token}}")},
		{Name: "token", Value: hidden(canary)}}, StageParams: []request.StageParam{{Variable: "m", Field: "Mobile"}, {Variable: "t", Default: "x"}}}
	if text, ok := request.FieldText(spec, "to", map[string]string{"Mobile": "1"}, request.Env{}); text != "1 x" || !ok || request.HoldsSecret(spec, "to") {
		t.Errorf("a plain text: %q %v", text, ok)
	}
	// A literal field is never expanded.
	if text, ok := request.FieldText(spec, "literal", nil, request.Env{}); text != "{{token}}" || !ok || request.HoldsSecret(spec, "literal") {
		t.Errorf("a literal text: %q %v", text, ok)
	}
}
