package typed_test

import (
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"keydesk/backend/typed"
)

// A text keeps what its script is written with; a value of a fixed form keeps
// nothing that cannot be seen.
func TestTextAndBare(t *testing.T) {
	for what, test := range map[string]struct{ in, text, bare string }{
		"blanks around":              {"\t \u00A0+91 98\u3000", "+91 98", "+91 98"},
		"a byte order mark":          {"\uFEFFAsha", "Asha", "Asha"},
		"no width":                   {"As\u200Bha\u2060", "Asha", "Asha"},
		"direction":                  {"\u202A+15550001\u202C\u200E\u200F\u061C\u2066\u2069\u202E", "+15550001", "+15550001"},
		"a joiner of Persian":        {"می\u200Cخواهم", "می\u200Cخواهم", "میخواهم"},
		"a joiner of Devanagari":     {"क्\u200Dष", "क्\u200Dष", "क्ष"},
		"an emoji of several":        {"👩\u200D👧 ok", "👩\u200D👧 ok", "👩👧 ok"},
		"an emoji with its selector": {"+1\uFE0F-555", "+1\uFE0F-555", "+1-555"},
		"a flag of tags":             {"🏴\U000E0067\U000E007F", "🏴\U000E0067\U000E007F", "🏴"},
		"line ends":                  {" a\r\nb\n", "a\r\nb\n", "a\r\nb"},
		"blanks inside":              {"98\u00A0765\u202F43", "98\u00A0765\u202F43", "98 765 43"},
		"digits of Arabic":           {"٠٩٨", "٠٩٨", "098"},
		"digits of full width":       {"１２", "１２", "12"},
		"only marks":                 {"\uFEFF \u200B\u200E", "", ""},
	} {
		if got := typed.Text(test.in); got != test.text {
			t.Errorf("%s: text %+q, want %+q", what, got, test.text)
		}
		if got := typed.Bare(test.in); got != test.bare {
			t.Errorf("%s: bare %+q, want %+q", what, got, test.bare)
		}
	}
}

// Every digit of Unicode that has a compatibility form in ASCII becomes that one,
// and every script has ten of each.
func TestDigitsOfEveryScript(t *testing.T) {
	counts := map[string]int{}
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !unicode.IsDigit(r) {
			continue
		}
		got := typed.Bare(string(r))
		counts[got]++
		if plain := norm.NFKD.String(string(r)); len(plain) == 1 && got != plain {
			t.Errorf("%U became %q, want %q", r, got, plain)
		}
	}
	for digit := '0'; digit <= '9'; digit++ {
		if counts[string(digit)] != counts["0"] {
			t.Errorf("%d characters became %c, %d became 0", counts[string(digit)], digit, counts["0"])
		}
	}
	if len(counts) != 10 || counts["0"] < 60 {
		t.Errorf("%v", counts)
	}
}
