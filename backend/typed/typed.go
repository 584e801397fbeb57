// Package typed takes off what comes along unseen when people type and paste:
// blanks around a text, and marks that nobody sees. What is kept, compared and
// sent is then what is shown.
//
// Text is for texts of any script and takes off only what no text needs. Bare is
// for values of a fixed form, such as a phone number, in which no character that
// cannot be seen has a place.
package typed

import (
	"strings"
	"unicode"
)

// IsMark reports the characters that nobody sees and no text needs: those of no
// width, and those that turn the direction of text. The joiners U+200C and U+200D
// are none of them: scripts of South Asia, Persian and emoji are written with
// them.
func IsMark(r rune) bool {
	switch r {
	case 0x200B, 0x2060, 0xFEFF: // zero width space, word joiner, byte order mark
		return true
	case 0x061C, 0x200E, 0x200F: // marks of direction
		return true
	}
	return IsTurn(r)
}

// IsTurn reports the embeddings, overrides and isolates, which turn the direction
// of the text after them.
func IsTurn(r rune) bool { return r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 }

// Text returns a text without marks, and without blanks around it. Its line ends
// stay.
func Text(text string) string {
	return strings.TrimFunc(without(text, IsMark), func(r rune) bool { return r == '\t' || unicode.Is(unicode.Zs, r) })
}

// Bare returns a text without any character that cannot be seen, and without
// blanks and line ends around it. Blanks inside become ordinary ones, and the
// digits of every script those of ASCII.
func Bare(text string) string {
	text = without(text, func(r rune) bool {
		return unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r)
	})
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Zs, r) {
			return ' '
		}
		return asciiDigit(r)
	}, text))
}

// asciiDigit returns a decimal digit of any script as one of 0 to 9, and every
// other character as it is. Unicode lists the digits of a script from zero to
// nine without a gap (The Unicode Standard, section 4.6).
func asciiDigit(r rune) rune {
	if r <= unicode.MaxASCII || !unicode.IsDigit(r) {
		return r
	}
	for _, list := range unicode.Digit.R16 {
		if lo, hi := rune(list.Lo), rune(list.Hi); r >= lo && r <= hi {
			return '0' + (r-lo)%10
		}
	}
	for _, list := range unicode.Digit.R32 {
		if lo, hi := rune(list.Lo), rune(list.Hi); r >= lo && r <= hi {
			return '0' + (r-lo)%10
		}
	}
	return r
}

func without(text string, drop func(r rune) bool) string {
	if !strings.ContainsFunc(text, drop) {
		return text
	}
	return strings.Map(func(r rune) rune {
		if drop(r) {
			return -1
		}
		return r
	}, text)
}
