// Package secret keeps secret values from leaking: Text does not print, log or
// marshal, and Redactor removes known secrets (also encoded, and what is
// derived from them) from anything that leaves Keydesk.
//
// A secret is a Text from the door, where it is read from the page's JSON, to
// the wire. The only way back to a string is Reveal, so that every place that
// handles plain secrets can be found by searching for that word.
package secret

import (
	"encoding/json"
	"fmt"
	"log/slog"
)

// Mask is what is shown instead of a secret. Its length does not depend on the
// secret's (R9).
const Mask = "••••••••"

// Text is a secret string. The zero value is the empty secret.
type Text struct{ value string }

// New makes a Text from a plain value.
func New(value string) Text { return Text{value: value} }

// Reveal returns the plain value. Search for this word to find every use.
func (t Text) Reveal() string { return t.value }

// IsEmpty reports whether there is no value.
func (t Text) IsEmpty() bool { return t.value == "" }

// String returns the mask, or nothing when empty.
func (t Text) String() string {
	if t.value == "" {
		return ""
	}
	return Mask
}

// GoString returns the mask for %#v.
func (t Text) GoString() string { return t.String() }

// Format writes the mask for every verb.
func (t Text) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(t.String())) }

// LogValue returns the mask to slog.
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
