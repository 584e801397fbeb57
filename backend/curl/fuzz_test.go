package curl_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/syntax"

	"keydesk/backend/curl"
	"keydesk/backend/fault"
	"keydesk/backend/request"
)

// FuzzRead: every pasted text gives an import or a clear fault; an import can
// be shown, and can either be sent or says at which input it cannot.
func FuzzRead(f *testing.F) {
	for _, file := range []string{"posix.txt", "windows.txt", "pasted.txt"} {
		for _, e := range readCorpus(f, file) {
			f.Add(e.text)
		}
	}
	f.Fuzz(func(t *testing.T, line string) {
		in, err := curl.Read(line)
		if err != nil {
			var clear *fault.Error
			if !errors.As(err, &clear) || clear.Kind != fault.Invalid || clear.Message == "" || clear.Hint == "" {
				t.Fatalf("no clear fault: %v", err)
			}
			return
		}
		if in.Made == nil || in.NotCarried == nil || in.Secrets == nil || in.Spec.Headers == nil || in.Spec.Params == nil {
			t.Error("a nil list")
		}
		for _, item := range in.NotCarried {
			if item.What == "" || item.Why == "" {
				t.Errorf("not carried over without a word: %+v", item)
			}
		}
		told := map[string]bool{}
		for _, item := range in.NotCarried {
			told[item.At] = true
		}
		// What cannot be saved is reported at its input.
		for _, problem := range request.Check(in.Spec, nil) {
			if !told[problem.Name] {
				t.Errorf("%s is refused and was not reported: %s", problem.Name, problem.Message)
			}
		}
		_ = request.Build(in.Spec, nil, env).Wire()
		again, err := curl.Read(line)
		if one, _ := json.Marshal(in); err != nil || string(one) != mustJSON(t, again) {
			t.Error("read twice, two results")
		}
	})
}

func mustJSON(t *testing.T, v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// FuzzWords compares the shell words with those of a parser of the whole
// language (mvdan.cc/sh), wherever that parser sees a single plain command.
func FuzzWords(f *testing.F) {
	for _, text := range []string{`a 'b c' "d \" $e" f\ g`, `$'a\n\x41\'' "b"'c'`, "a\\\nb", `"a\
b"`, `'' "" x`, `a#b #c`, `\\ \' "\a"`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 200 || strings.ContainsAny(text, "$`~*?[{}()<>|&;!=\r\v\f\x00") || strings.Contains(text, "\\\n") || hasWide(text) || onlyBlankBehindSlash(text) {
			return
		}
		words, err := curl.Words(text)
		file, parseErr := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(text), "")
		if parseErr != nil || len(file.Stmts) != 1 {
			return
		}
		call, plain := file.Stmts[0].Cmd.(*syntax.CallExpr)
		if !plain || len(call.Assigns) > 0 {
			return
		}
		want, expandErr := expand.Fields(nil, call.Args...)
		if expandErr != nil {
			return
		}
		if err != nil || strings.Join(words, "\x00") != strings.Join(want, "\x00") {
			t.Errorf("%q: read as %q (%v), the language says %q", text, words, err, want)
		}
	})
}

// hasWide reports blanks and quotes that Keydesk reads differently on purpose.
func hasWide(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return r >= 0x80 })
}

// onlyBlankBehindSlash reports a continuation whose blanks Keydesk skips on
// purpose.
func onlyBlankBehindSlash(text string) bool {
	for i := range text {
		if text[i] == '\\' && strings.HasPrefix(strings.TrimLeft(text[i+1:], " \t"), "\n") {
			return true
		}
	}
	return false
}
