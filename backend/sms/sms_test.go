package sms_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"keydesk/backend/sms"
)

// The limits of 3GPP TS 23.038 and 23.040, both alphabets, and characters that
// take two units at a limit.
func TestMeasure(t *testing.T) {
	for _, one := range []struct {
		name, text            string
		alphabet              sms.Alphabet
		units, segments, left int
	}{
		{"empty", "", sms.GSM, 0, 0, 160},
		{"one message", strings.Repeat("a", 160), sms.GSM, 160, 1, 0},
		{"one too many", strings.Repeat("a", 161), sms.GSM, 161, 2, 145},
		{"two whole parts", strings.Repeat("a", 306), sms.GSM, 306, 2, 0},
		{"three", strings.Repeat("a", 307), sms.GSM, 307, 3, 152},
		{"the extension table takes two", "€[]{}~^|\\", sms.GSM, 18, 1, 142},
		{"an escape is never cut from its character", strings.Repeat("a", 152) + "€" + strings.Repeat("a", 20), sms.GSM, 174, 2, 131},
		{"Greek capitals of the table", "ΔΦΓΛΩΠΨΣΘΞ", sms.GSM, 10, 1, 150},
		{"accents of the table", "Zürich, Ålesund, Málaga", sms.UCS2, 23, 1, 47},
		{"é è à are in it, á is not", "éèàùìòñ", sms.GSM, 7, 1, 153},
		{"Hindi", "नमस्ते", sms.UCS2, 6, 1, 64},
		{"70 of UCS-2", strings.Repeat("я", 70), sms.UCS2, 70, 1, 0},
		{"71 of UCS-2", strings.Repeat("я", 71), sms.UCS2, 71, 2, 63},
		{"an emoji is two units", "🙂", sms.UCS2, 2, 1, 68},
		{"a pair is never cut", strings.Repeat("я", 66) + "🙂" + "яяя", sms.UCS2, 71, 2, 62},
		{"a typed quote costs the alphabet", "It’s ready", sms.UCS2, 10, 1, 60},
		{"line break", "a\nb", sms.GSM, 3, 1, 157},
		{"tab is not in the table", "a\tb", sms.UCS2, 3, 1, 67},
	} {
		got := sms.Measure(one.text)
		if got.Alphabet != one.alphabet || got.Units != one.units || got.Segments != one.segments || got.Left != one.left {
			t.Errorf("%s: %+v", one.name, got)
		}
	}
	if odd := sms.Measure("It’s a “test” ’").Odd; strings.Join(odd, "") != "’“”" {
		t.Errorf("%q", odd)
	}
}

// A longer text never takes fewer segments, and no segment holds more than
// fits.
func TestMeasureNeverShrinks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune("ab€é[नя🙂\n"))).Draw(t, "text")
		c := sms.Measure(text)
		longer := sms.Measure(text + "a")
		if longer.Segments < c.Segments || c.Left < 0 || c.Segments == 0 && utf8.RuneCountInString(text) > 0 {
			t.Errorf("%q: %+v, longer %+v", text, c, longer)
		}
		most := map[sms.Alphabet]int{sms.GSM: 160, sms.UCS2: 70}[c.Alphabet]
		if c.Segments > 0 && c.Units > c.Segments*most {
			t.Errorf("%q: %+v", text, c)
		}
	})
}
