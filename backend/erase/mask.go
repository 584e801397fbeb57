package erase

import (
	"bytes"
	"encoding/json"
	"io"
	"reflect"
	"strings"

	"keydesk/backend/secret"
)

// mask finds the text in every spelling that the redactor knows, also in capitals
// or small letters throughout, as a template's format may have written it.
type mask struct{ redactor *secret.Redactor }

func newMask(text string) mask {
	return mask{secret.NewRedactor(secret.New(text), secret.New(strings.ToLower(text)), secret.New(strings.ToUpper(text)))}
}

func (m mask) holds(text string) bool { return m.text(text) != text }

// text returns a stored text without the one to erase. JSON stays JSON: the text
// is looked for in its strings, which leaves the redactor both of its layers for
// the escapes inside them.
func (m mask) text(stored string) string {
	if stored == "" || stored[0] != '{' && stored[0] != '[' {
		return m.redactor.Text(stored)
	}
	decoder := json.NewDecoder(strings.NewReader(stored))
	decoder.UseNumber()
	var document any
	if decoder.Decode(&document) != nil {
		return m.redactor.Text(stored)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return m.redactor.Text(stored)
	}
	clean := m.redactor.Value(document)
	if reflect.DeepEqual(clean, document) {
		return stored
	}
	var out bytes.Buffer
	if json.NewEncoder(&out).Encode(clean) != nil {
		return m.redactor.Text(stored)
	}
	return strings.TrimSuffix(out.String(), "\n")
}
