package request

// CurlArgs returns what Curl quotes, and what each placeholder replaces, for
// tests that fill in the placeholders as a person would.
func (r *Rendered) CurlArgs(shell Shell) (args []string, texts map[string]string) {
	words := &placeholders{taken: map[string]string{}, texts: map[string]string{}}
	for _, group := range r.curlArgs(shell, words) {
		args = append(args, group...)
	}
	return args, words.texts
}

// Scan shows the scanner to the fuzz test: the literal text, the variables as
// written, and the faults.
func Scan(text string) (literal string, variables []string, faults []string) {
	tokens, faults := scan(text)
	for _, tok := range tokens {
		if tok.name == "" {
			literal += tok.literal
			continue
		}
		variables = append(variables, tok.written)
	}
	return literal, variables, faults
}

// BuildJSON builds a JSON body of names, each with the value 0, as the body
// builder does; complaints are what Check would say.
func BuildJSON(names []string) (body string, complaints []string) {
	root := &node{kind: objectNode}
	for _, name := range names {
		path, complaint := parsePath(name)
		if complaint == "" {
			complaint = root.put(path, pieces{{text: "0"}}, name)
		}
		if complaint != "" {
			complaints = append(complaints, complaint)
		}
	}
	root.gaps(func(_, complaint string) { complaints = append(complaints, complaint) })
	var out pieces
	root.write(&out)
	return out.text(), complaints
}
