// Package secret keeps secret values from slipping out: Text does not print,
// log or marshal, and Redactor takes known secrets (also encoded, and what is
// derived from them) out of anything that leaves.
//
// A secret is a Text from the door, where the page's JSON becomes one, to the
// wire. The only way back to a string is Reveal, so that every place that
// handles plain secrets can be found by searching for that word.
package secret

import (
	"encoding/json"
	"fmt"
	"log/slog"
)

// Mask is what stands for a secret wherever one would be shown. It has the
// same length whatever the secret's (security.md 7).
const Mask = "••••••••"

// Text is a secret string. The zero value is the empty secret.
type Text struct{ value string }

// New makes a Text of a plain value.
func New(value string) Text { return Text{value: value} }

// Reveal gives the plain value. Search for this word to find every use.
func (t Text) Reveal() string { return t.value }

// IsEmpty tells whether there is no value.
func (t Text) IsEmpty() bool { return t.value == "" }

// String gives the mask, or nothing when empty.
func (t Text) String() string {
	if t.value == "" {
		return ""
	}
	return Mask
}

// GoString gives the mask for %#v.
func (t Text) GoString() string { return t.String() }

// Format writes the mask for every verb.
func (t Text) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(t.String())) }

// LogValue gives the mask to slog.
func (t Text) LogValue() slog.Value { return slog.StringValue(t.String()) }

// MarshalJSON writes the mask, so that no answer or record can carry a secret.
func (t Text) MarshalJSON() ([]byte, error) { return json.Marshal(t.String()) }

// MarshalText writes the mask for encoders of other formats.
func (t Text) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalJSON reads a JSON string; null is empty. Errors name no content.
func (t *Text) UnmarshalJSON(data []byte) error {
	var value *string
	if err := json.Unmarshal(data, &value); err != nil {
		return fmt.Errorf("secret: not a JSON string")
	}
	t.value = ""
	if value != nil {
		t.value = *value
	}
	return nil
}
