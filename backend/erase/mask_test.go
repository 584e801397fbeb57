package erase

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"keydesk/backend/secret"
)

const key = `kEy "4711"/é`

// A35: the text is found under the layers that a stored call puts around it: the
// JSON of the column, that of the body, and what a template escaped. What was JSON
// stays the same JSON otherwise.
func TestMaskFindsTheTextInWhatIsStored(t *testing.T) {
	quote := func(text string) string {
		data, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	m := newMask(key)
	for name, stored := range map[string]string{
		"plain":               "before " + key + " after",
		"capitals":            "before " + strings.ToUpper(key),
		"small letters":       "before " + strings.ToLower(key),
		"a string of JSON":    `{"a": ` + quote(key) + `, "n": 12345678901234567890, "list": [1.50, true, null, "x"]}`,
		"a list":              `["x", ` + quote(key) + `]`,
		"a body in JSON":      `{"wire": ` + quote(`{"inner": `+quote(key)+`}`) + `}`,
		"a URL in a body":     `{"wire": ` + quote(`{"inner": `+quote("https://x/?a="+url.QueryEscape(key))+`}`) + `}`,
		"JSON twice escaped":  `{"wire": ` + quote(`{"inner": `+quote(`{"deep": `+quote(key)+`}`)+`}`) + `}`,
		"a name of a member":  `{` + quote(key) + `: 1}`,
		"no JSON after all":   `{` + key + `}`,
		"more than one value": `{"a": 1} ` + key,
	} {
		if !m.holds(stored) {
			t.Errorf("%s: not found", name)
			continue
		}
		clean := m.text(stored)
		if m.holds(clean) || strings.Contains(clean, "4711") || !strings.Contains(clean, secret.Mask) {
			t.Errorf("%s: %s", name, clean)
		}
		if json.Valid([]byte(stored)) && !json.Valid([]byte(clean)) {
			t.Errorf("%s is no JSON any more: %s", name, clean)
		}
	}
	if clean := m.text(`{"n": 12345678901234567890, "d": 1.50, "a": ` + quote(key) + `}`); clean != `{"a":"`+secret.Mask+`","d":1.50,"n":12345678901234567890}` {
		t.Errorf("it became %s", clean)
	}
	for _, other := range []string{"", "{", "{}", `{"a":  1}`, "kEy 4711", `{"b": "kEy"}`} {
		if m.holds(other) || m.text(other) != other {
			t.Errorf("%q was changed to %q", other, m.text(other))
		}
	}
}
