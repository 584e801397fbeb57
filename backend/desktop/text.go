package desktop

import (
	"strings"
	"unicode"
)

// At most this many characters are sent. Desktops show a line or two of a title
// and a few of a body, and a message of any length would be theirs to cut.
const (
	maxTitle = 120
	maxBody  = 600
)

// tidy returns text as a desktop can show it: valid UTF-8, since a bus ends the
// connection of a client that sends anything else, without control characters,
// and no longer than limit. Without lines it becomes one line.
func tidy(text string, limit int, lines bool) string {
	text = strings.Map(func(r rune) rune {
		switch r {
		case '\t':
			return ' '
		case '\n', '\u0085', '\u2028', '\u2029':
			if lines {
				return '\n'
			}
			return ' '
		}
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
	return cut(strings.TrimSpace(text), limit)
}

// maxJoined is how far cut goes back to the beginning of what is written as one.
const maxJoined = 16

// cut shortens text to limit characters, the last of which says so. It cuts
// between two letters, not between a letter and its marks.
func cut(text string, limit int) string {
	runes := []rune(text)
	if len(runes) <= limit {
		return text
	}
	end := limit - 1
	for end > max(0, limit-maxJoined) && areJoined(runes[end-1], runes[end]) {
		end--
	}
	return strings.TrimRightFunc(string(runes[:end]), unicode.IsSpace) + "…"
}

const zeroWidthJoiner = '\u200D'

// areJoined reports whether two characters are drawn as one: a mark with what is
// before it, and both sides of a joiner.
func areJoined(before, after rune) bool {
	return unicode.IsMark(after) || before == zeroWidthJoiner || after == zeroWidthJoiner
}

var markup = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// escape writes text so that a service that reads markup in a body shows it as
// it is (specification, "Markup").
func escape(text string) string { return markup.Replace(text) }
