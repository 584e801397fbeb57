package typed_test

import (
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"keydesk/backend/typed"
)

func TestName(t *testing.T) {
	for what, test := range map[string]struct{ in, want string }{
		"blanks":                          {" \u00A0Sales\u00A0 EMEA\u3000", "Sales  EMEA"},
		"the blank of Braille":            {"admin\u2800", "admin"},
		"composed":                        {"Cafe\u0301", "Café"},
		"composed without what is unseen": {"Cafe\u200D\u0301", "Café"},
		"no width":                        {"ad\u200Bmin\u2060\uFEFF", "admin"},
		"marks of direction":              {"\u202Eadmin\u202C\u200E\u200F\u061C\u2066\u2069", "admin"},
		"joiners in Latin":                {"ad\u200Cmi\u200Dn", "admin"},
		"joiners at the ends":             {"\u200Cمن\u200D", "من"},
		"joiners in Hebrew":               {"מכ\u200Dירות", "מכירות"},
		"a soft hyphen":                   {"ad\u00ADmin", "admin"},
		"a filler of Hangul":              {"ad\u3164min\u115F\uFFA0", "admin"},
		"a grapheme joiner":               {"ad\u034Fmin", "admin"},
		"a selector after a letter":       {"adm\uFE0Fin\U000E0101", "admin"},
		"tags":                            {"admin\U000E0041\U000E007F", "admin"},
		"a musical mark":                  {"admin\U0001D173", "admin"},
		"Hebrew with its direction":       {"\u202Dמכירות\u202C", "מכירות"},
		"a joiner of Persian":             {"می\u200Cخواهم", "می\u200Cخواهم"},
		"one that changes nothing":        {"دا\u200Cر", "دار"},
		"a joiner of Devanagari":          {"क्\u200Dष क्\u200Cष", "क्\u200Dष क्\u200Cष"},
		"a joiner of Bengali":             {"র\u200D্যাব", "র\u200D্যাব"},
		"a joiner of Sinhala":             {"ශ්\u200Dරී", "ශ්\u200Dරී"},
		"one without a virama":            {"क\u200Dष", "कष"},
		"an old letter of Malayalam":      {"അവന്\u200D", "അവന്\u200D"},
		"an emoji of several":             {"Team 👩\u200D👧 👩🏽\u200D💻 ❤\uFE0F\u200D🔥", "Team 👩\u200D👧 👩🏽\u200D💻 ❤\uFE0F\u200D🔥"},
		"a keycap":                        {"1\uFE0F\u20E3", "1\uFE0F\u20E3"},
		"a flag of tags":                  {"🏴\U000E0067\U000E0062\U000E007F", "🏴\U000E0067\U000E0062\U000E007F"},
		"a variant of Han":                {"葛\U000E0100", "葛\U000E0100"},
		"a number sign of Arabic":         {"\u0600١", "\u0600١"},
		"control characters":              {"a\nb\x00\u2028c", "a\nb\x00\u2028c"},
		"nothing":                         {"\u200B \u2800\u200D", ""},
	} {
		got := typed.Name(test.in)
		if got != test.want {
			t.Errorf("%s: %+q, want %+q", what, got, test.want)
		}
		if again := typed.Name(got); again != got {
			t.Errorf("%s: cleaned again it is %+q", what, again)
		}
	}
}

// No character that is not seen makes a twin of a Latin name, wherever it is put.
func TestNoTwinOfALatinName(t *testing.T) {
	for r := rune(1); r <= unicode.MaxRune; r++ {
		if !unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point) || unicode.Is(unicode.Prepended_Concatenation_Mark, r) {
			continue
		}
		for _, twin := range []string{string(r) + "admin", "ad" + string(r) + "min", "admin" + string(r), "adm" + string(r) + string(r) + "in"} {
			if got := typed.Name(twin); got != "admin" || !norm.NFC.IsNormalString(got) {
				t.Fatalf("%U: %+q", r, got)
			}
		}
	}
}
