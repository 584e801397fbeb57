package transfer_test

import (
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"keydesk/backend/fault"
	"keydesk/backend/transfer"
)

// example is the file in the description of the format.
func example(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile("FORMAT.md")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile("(?s)```json\n(.*?)```").FindSubmatch(text)
	if found == nil {
		t.Fatal("FORMAT.md has no example")
	}
	return string(found[1])
}

// The example of the description is exactly what Keydesk writes, to the byte.
func TestTheDescribedFileIsOne(t *testing.T) {
	text := example(t)
	again, err := transfer.Roundtrip(text)
	if err != nil || again != text {
		t.Errorf("%v; written again it is\n%s", err, again)
	}
}

// Random bytes end in a clear fault, never in a panic. What was read and written
// is read the same again, and no secret comes out of a file.
func FuzzFile(f *testing.F) {
	text := example(f)
	f.Add(text)
	f.Add(text[:len(text)/2])
	f.Add("\uFEFF" + text)
	f.Add(strings.Replace(text, `"place"`, `"Place"`, 1))
	f.Add(strings.Replace(text, `{`, `{"setups":[null],`, 1))
	f.Add(`{"keydesk":"setups","format":1,"places":[null,{"place":[]}],"setups":[{"setup":{"rule":{},"request":{"auth":{"token":{"secret":true}}}}}]}`)
	f.Add(`{"keydesk":"setups","format":1e999,"setups":{}}`)
	f.Add(strings.Repeat(`[`, 20000))
	f.Fuzz(func(t *testing.T, text string) {
		once, err := transfer.Roundtrip(text)
		if err != nil {
			var refused *fault.Error
			if !errors.As(err, &refused) || refused.Message == "" || !utf8.ValidString(refused.Message) || refused.Kind == fault.Internal {
				t.Fatalf("no clear fault: %v", err)
			}
			return
		}
		twice, err := transfer.Roundtrip(once)
		if err != nil || once != twice {
			t.Fatalf("%v\n%s\n%s", err, once, twice)
		}
		for _, member := range []string{`"typed":`, `"stored":`, `"place_id":`, `"stage_id":`} {
			if strings.Contains(once, member) {
				t.Fatalf("%s came through:\n%s", member, once)
			}
		}
	})
}
