package curl

import (
	"strings"
	"unicode/utf8"
)

// word is one argument as its shell would pass it on.
type word struct {
	text string
	// bare words begin without a quote.
	bare bool
	// unread are the variables and substitutions that are still in the text.
	unread []string
}

// command is one command of the pasted text.
type command struct {
	words []word
	// aside are redirections, as typed.
	aside []string
	// end is what ended it: "\n", "|", ";", "&&", "" at the end of the text.
	end string
}

// script is a pasted text taken apart by one shell's rules.
type script struct {
	commands []command
	// said are changes made while reading, such as straightened smart quotes.
	said []Item
	// made are readings chosen where the text has more than one.
	made []Item
}

func (s *script) say(what, why string) {
	s.said = addItem(s.said, Item{What: what, Why: why})
}

// blankAt returns the size of a blank that separates words at i. A no-break
// space does not separate words in a shell, but it only comes from documents,
// where it was a blank.
func blankAt(text string, i int) int {
	switch text[i] {
	case ' ', '\t', '\v', '\f':
		return 1
	}
	if text[i] < utf8.RuneSelf {
		return 0
	}
	switch r, size := utf8.DecodeRuneInString(text[i:]); r {
	case '\u00a0', '\u202f', '\u2007', '\u200b', '\ufeff':
		return size
	}
	return 0
}

// breakAt returns the size of a line break at i.
func breakAt(text string, i int) int {
	switch {
	case strings.HasPrefix(text[i:], "\r\n"):
		return 2
	case i < len(text) && (text[i] == '\n' || text[i] == '\r'):
		return 1
	}
	return 0
}

// continuation returns the size of a line's last character with the break after
// it. Blanks between the two come from pages and are skipped.
func continuation(text string, i int) int {
	j := i + 1
	for j < len(text) {
		if n := breakAt(text, j); n > 0 {
			return j + n - i
		}
		n := blankAt(text, j)
		if n == 0 {
			return 0
		}
		j += n
	}
	return 0
}

const smartDouble, smartSingle = "\u201c\u201d\u201e\u201f", "\u2018\u2019\u201a\u201b"

var straight = strings.NewReplacer("\u201c", `"`, "\u201d", `"`, "\u201e", `"`, "\u201f", `"`,
	"\u2018", "'", "\u2019", "'", "\u201a", "'", "\u201b", "'")

// short cuts a text so that it fits in one sentence.
func short(text string) string {
	runes := []rune(text[:min(len(text), 400)])
	if len(runes) > 60 {
		return string(runes[:60]) + "..."
	}
	return strings.ToValidUTF8(string(runes), "")
}
