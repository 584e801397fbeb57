package curl

// Words shows the shell words to the fuzz test.
func Words(text string) ([]string, error) {
	s, err := readPOSIX(text, false)
	var words []string
	for _, c := range s.commands {
		for _, w := range c.words {
			words = append(words, w.text)
		}
	}
	return words, err
}
