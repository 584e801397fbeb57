package exchange

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
