package verdict

import "strings"

// bracketed puts brackets around members that the path library accepts only in
// brackets: $.messages[0].message-id becomes $.messages[0]['message-id'].
// Providers use such names (V06) and nobody should have to know about the
// brackets.
func bracketed(path string) string {
	var out strings.Builder
	for i := 0; i < len(path); {
		switch path[i] {
		case '[':
			end := closing(path, i)
			out.WriteString(path[i:end])
			i = end
		case '.':
			start := i + 1
			end := start
			for end < len(path) && path[end] != '.' && path[end] != '[' {
				end++
			}
			name := path[start:end]
			switch {
			case isPlainName(name) || strings.ContainsAny(name, " ()'\"\\"):
				out.WriteString(path[i:end])
			case i > 0 && path[i-1] == '.': // a descent keeps its second dot
				out.WriteString(".['" + name + "']")
			default:
				out.WriteString("['" + name + "']")
			}
			i = end
		default:
			out.WriteByte(path[i])
			i++
		}
	}
	return out.String()
}

func isPlainName(name string) bool {
	for _, r := range name {
		if strings.ContainsRune("-:/+#@$%&!;~", r) {
			return false
		}
	}
	return true
}

// closing returns the index after the bracket that closes the one at start, or
// the end of the path.
func closing(path string, start int) int {
	depth, quote := 0, byte(0)
	for i := start; i < len(path); i++ {
		c := path[i]
		switch {
		case quote != 0 && c == '\\':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '[':
			depth++
		case c == ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(path)
}
