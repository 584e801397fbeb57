package curl

import (
	"strings"
	"unicode/utf8"

	"keydesk/backend/request"
)

// maxKept is how many secrets of one body become separate values.
const maxKept = 20

// hideJSON replaces the secret texts of valid JSON with separate values. All
// other bytes stay. fits reports what is written the same when it is filled in.
func (b *build) hideJSON(text string, fits func(string) bool) string {
	var out strings.Builder
	done, key := 0, ""
	kept := 0
	var before byte // the last character that is not a blank
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c != '"' {
			if c != ' ' && c != '\t' && c != '\n' && c != '\r' {
				before = c
			}
			continue
		}
		end := i + 1
		for end < len(text) && text[end] != '"' {
			if text[end] == '\\' {
				end++
			}
			end++
		}
		if end >= len(text) {
			break
		}
		content := text[i+1 : end]
		next := strings.TrimLeft(text[end+1:min(len(text), end+64)], " \t\r\n")
		switch {
		case strings.HasPrefix(next, ":") && before != ':':
			key = content
		case kept < maxKept && content != "" && fits(content) && (before == ':' && secretName(key) || secretValue(content)):
			kept++
			out.WriteString(request.Escape(text[done : i+1]))
			out.WriteString(b.keep(key, content))
			done = end
		}
		before = '"'
		i = end
	}
	out.WriteString(request.Escape(text[done:]))
	return out.String()
}

// plainJSON reports whether the inside of a JSON string has no escapes and can
// be a value that is sent nowhere.
func plainJSON(content string) bool {
	return !strings.ContainsAny(content, "\\") && !strings.Contains(content, "{{") && utf8.ValidString(content) &&
		len(content) <= request.MaxValue
}
