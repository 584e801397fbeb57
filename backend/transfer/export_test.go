package transfer

import "keydesk/backend/setup"

// Carried is what arrives of a draft that goes through a file.
func Carried(draft setup.Draft) (setup.Draft, error) {
	text, err := write(document{Keydesk: kind, Format: format, Setups: []entry{{Place: []string{"Orders"}, Setup: draft}}})
	if err != nil {
		return setup.Draft{}, err
	}
	doc, _, err := read(text)
	if err != nil {
		return setup.Draft{}, err
	}
	return doc.Setups[0].Setup, nil
}

// Roundtrip reads a file and writes it again.
func Roundtrip(text string) (string, error) {
	doc, lines, err := read(text)
	if err == nil && len(lines) != len(doc.Setups) {
		panic("a setup has no line")
	}
	if err != nil {
		return "", err
	}
	return write(doc)
}
