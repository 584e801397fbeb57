package desktop

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// RULES.md, Desktop notifications.
func TestTidy(t *testing.T) {
	for text, want := range map[string][2]string{ // as a title and as a body
		"plain":                          {"plain", "plain"},
		" two\nlines\r\n":                {"two lines", "two\nlines"},
		"a\tb\u2028c\u2029d\u0085e":      {"a b c d e", "a b\nc\nd\ne"},
		"b\x00e\x07l\x1b[31ml\x7f\u009b": {"bel[31ml", "bel[31ml"},
		"not \xff UTF-8 \xed\xa0\x80":    {"not \uFFFD UTF-8 \uFFFD", "not \uFFFD UTF-8 \uFFFD"},
		"":                               {"", ""},
		"नमस्ते مفتاح":                   {"नमस्ते مفتاح", "नमस्ते مفتاح"},
	} {
		if got := tidy(text, maxTitle, false); got != want[0] {
			t.Errorf("%q as a title: %q", text, got)
		}
		if got := tidy(text, maxBody, true); got != want[1] {
			t.Errorf("%q as a body: %q", text, got)
		}
	}
}

func TestCut(t *testing.T) {
	for _, c := range []struct {
		text  string
		limit int
		want  string
	}{
		{"12345", 5, "12345"},
		{"123456", 5, "1234…"},
		{"123 567", 5, "123…"},
		{"कुंजी", 3, "…"},             // a letter with two marks is one, and does not fit
		{"की कुंजी", 5, "की…"},        // the same behind one that does
		{"a👨\u200D👩\u200D👧", 4, "a…"}, // so is a family
		{"क" + strings.Repeat("\u0901", 90), 40, "क" + strings.Repeat("\u0901", 23) + "…"}, // but not for ever
	} {
		if got := cut(c.text, c.limit); got != c.want {
			t.Errorf("%q at %d: %q, want %q", c.text, c.limit, got, c.want)
		}
	}
}

// What a bus or a desktop could not take is never sent, whatever the text.
func TestTidyProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes"))
		if rapid.Bool().Draw(t, "characters") {
			text = rapid.String().Draw(t, "text")
		}
		limit, lines := rapid.IntRange(20, 60).Draw(t, "limit"), rapid.Bool().Draw(t, "lines")
		got := tidy(text, limit, lines)
		if !utf8.ValidString(got) || utf8.RuneCountInString(got) > limit {
			t.Errorf("%q", got)
		}
		for _, r := range got {
			if unicode.IsControl(r) && (r != '\n' || !lines) {
				t.Errorf("%q has %U", got, r)
			}
		}
		if strings.TrimSpace(got) != got {
			t.Errorf("%q has blanks around it", got)
		}
	})
}
