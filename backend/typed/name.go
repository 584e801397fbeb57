package typed

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Name returns a name as it is kept: composed, with ordinary blanks inside and none
// around it, and without the characters that nobody sees, with which one name can
// be made to look like another. Control characters and line separators stay, for
// the caller to refuse.
//
// A joiner or a selector stays where it changes what is seen: in scripts that are
// written with joiners, and in emoji.
func Name(text string) string {
	runes := []rune(norm.NFC.String(text))
	kept := make([]rune, 0, len(runes))
	for i, r := range runes {
		var before, after rune
		if len(kept) > 0 {
			before = kept[len(kept)-1]
		}
		if i+1 < len(runes) {
			after = runes[i+1]
		}
		switch {
		case unicode.Is(unicode.Zs, r) || r == 0x2800: // the last is the blank of Braille
			r = ' '
		case isUnseen(r) && !isSeen(before, r, after):
			continue
		}
		kept = append(kept, r)
	}
	// What was apart may compose now.
	return norm.NFC.String(strings.TrimSpace(string(kept)))
}

// isUnseen reports the characters without a picture (Default_Ignorable_Code_Point
// of Unicode, and the other format characters). The signs that Arabic and Syriac
// write over numbers are seen.
func isUnseen(r rune) bool {
	return unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point) &&
		!unicode.Is(unicode.Prepended_Concatenation_Mark, r)
}

const (
	zeroWidthNonJoiner = 0x200C
	zeroWidthJoiner    = 0x200D
	keycap             = 0x20E3
	blackFlag          = 0x1F3F4
)

// isSeen reports whether a character without a picture changes those beside it.
func isSeen(before, r, after rune) bool {
	switch {
	case r == zeroWidthNonJoiner, r == zeroWidthJoiner:
		return r == zeroWidthJoiner && isEmoji(before) && unicode.Is(unicode.So, after) || joins(before, after)
	case unicode.Is(unicode.Variation_Selector, r):
		return unicode.In(before, unicode.So, unicode.Han, unicode.Mongolian) || after == keycap
	case r >= 0xE0020 && r <= 0xE007F: // the tags that spell a flag
		return before == blackFlag || before >= 0xE0020 && before <= 0xE007F
	}
	return false
}

// isEmoji reports what an emoji of several can have before its joiner: a picture,
// a colour of skin or a selector.
func isEmoji(r rune) bool {
	return unicode.In(r, unicode.So, unicode.Variation_Selector) || r >= 0x1F3FB && r <= 0x1F3FF
}

// joins reports whether a joiner between two characters changes how they look: in
// Indic scripts beside a virama, in Arabic and scripts like it after a letter that
// is joined to the next one (RFC 5892, appendix A, and Unicode, section 23.2).
func joins(before, after rune) bool {
	if !unicode.IsLetter(after) && !unicode.IsMark(after) {
		return isVirama(before) && after == 0
	}
	if isVirama(before) || isVirama(after) {
		return true
	}
	return unicode.In(before, unicode.Arabic, unicode.Syriac, unicode.Nko, unicode.Mongolian, unicode.Mandaic, unicode.Adlam) &&
		unicode.In(after, unicode.Arabic, unicode.Syriac, unicode.Nko, unicode.Mongolian, unicode.Mandaic, unicode.Adlam) &&
		!unicode.Is(joinedToTheRight, before)
}

// isVirama reports the marks that take a consonant's vowel away: those of
// combining class 9.
func isVirama(r rune) bool {
	return unicode.IsMark(r) && norm.NFC.PropertiesString(string(r)).CCC() == 9
}

// joinedToTheRight are the letters of Arabic that never join to the next one
// (Joining_Type R and U of Unicode).
var joinedToTheRight = &unicode.RangeTable{R16: []unicode.Range16{
	{Lo: 0x0621, Hi: 0x0625, Stride: 1}, {Lo: 0x0627, Hi: 0x0629, Stride: 2}, {Lo: 0x062F, Hi: 0x0632, Stride: 1},
	{Lo: 0x0648, Hi: 0x0648, Stride: 1}, {Lo: 0x0671, Hi: 0x0677, Stride: 1}, {Lo: 0x0688, Hi: 0x0699, Stride: 1},
	{Lo: 0x06C0, Hi: 0x06C0, Stride: 1}, {Lo: 0x06C3, Hi: 0x06CB, Stride: 1}, {Lo: 0x06CD, Hi: 0x06CF, Stride: 2},
	{Lo: 0x06D2, Hi: 0x06D3, Stride: 1}, {Lo: 0x06D5, Hi: 0x06D5, Stride: 1}, {Lo: 0x06EE, Hi: 0x06EF, Stride: 1},
}}
