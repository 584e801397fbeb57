package curl_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"keydesk/backend/curl"
)

// entry is one line of the corpus, with everything that may differ.
//
// A file is a list of entries. "=== name" begins one. Lines after it that begin
// with "#! " are its expectations, the rest is the pasted text.
//
//	#! says WORDS          an item of NotCarried begins with these words; all must be named
//	#! ours PART VALUE     PART (method, path, query, body, header NAME) is VALUE in Keydesk, unlike in curl
//	#! drops header NAME   curl sends this header and Keydesk does not
//	#! unsent              the import must be completed before it can be sent
//	#! arg "TEXT"          one argument the shell would hand to curl, in Go's quotes
type entry struct {
	name, text string
	says       []string
	ours       [][2]string
	drops      []string
	unsent     bool
	args       []string
}

func readCorpus(t testing.TB, file string) []entry {
	t.Helper()
	data, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var entries []entry
	for _, block := range strings.Split("\n"+string(data), "\n=== ")[1:] {
		name, rest, _ := strings.Cut(block, "\n")
		e := entry{name: name}
		for strings.HasPrefix(rest, "#! ") {
			var line string
			line, rest, _ = strings.Cut(rest, "\n")
			word, value, _ := strings.Cut(strings.TrimPrefix(line, "#! "), " ")
			switch word {
			case "says":
				e.says = append(e.says, value)
			case "ours":
				part, value, _ := strings.Cut(value, " ")
				if part == "header" {
					var name string
					name, value, _ = strings.Cut(value, " ")
					part += " " + name
				}
				if strings.HasPrefix(value, `"`) {
					if err := json.Unmarshal([]byte(value), &value); err != nil {
						t.Fatalf("%s: %s: %v", name, value, err)
					}
				}
				e.ours = append(e.ours, [2]string{part, value})
			case "drops":
				e.drops = append(e.drops, strings.TrimPrefix(value, "header "))
			case "unsent":
				e.unsent = true
			case "arg":
				var arg string
				if err := json.Unmarshal([]byte(value), &arg); err != nil {
					t.Fatalf("%s: %s: %v", name, value, err)
				}
				e.args = append(e.args, arg)
			default:
				t.Fatalf("%s: unknown expectation %q", name, line)
			}
		}
		e.text = strings.TrimSuffix(rest, "\n")
		entries = append(entries, e)
	}
	return entries
}

// expected is curl's message with the differences the entry names.
func (e entry) expected(m message) message {
	set := func(name, value string) {
		m.Headers = slices.DeleteFunc(slices.Clone(m.Headers), func(h string) bool { return strings.HasPrefix(h, name+": ") })
		if value != "" {
			m.Headers = append(m.Headers, name+": "+value)
		}
		slices.Sort(m.Headers)
	}
	for _, o := range e.ours {
		switch name, isHeader := strings.CutPrefix(o[0], "header "); {
		case isHeader:
			set(name, o[1])
		case o[0] == "method":
			m.Method = o[1]
		case o[0] == "path":
			m.Path = o[1]
		case o[0] == "query":
			m.Query = o[1]
		case o[0] == "body":
			m.Body = o[1]
		}
	}
	for _, name := range e.drops {
		set(name, "")
	}
	return m
}

// check compares an import with what the entry says and with what curl sent.
func (e entry) check(t *testing.T, server *echo, send func() []byte) {
	in, err := curl.Read(e.text)
	if err != nil {
		t.Fatalf("%v\n%s", err, e.text)
	}
	if whole, _ := json.Marshal(in); strings.Contains(string(whole), "FILE-CANARY") {
		t.Errorf("a file was read")
	}
	open := slices.Clone(e.says)
	for _, item := range in.NotCarried {
		at := slices.IndexFunc(open, func(words string) bool { return strings.HasPrefix(item.What, words) })
		if at < 0 {
			t.Errorf("says more than it should: %q at %q: %s", item.What, item.At, item.Why)
			continue
		}
		open = slices.Delete(open, at, at+1)
		if item.Why == "" {
			t.Errorf("%q has no reason", item.What)
		}
	}
	if len(open) > 0 {
		t.Errorf("does not say %q", open)
	}
	raw := send()
	if raw == nil || e.unsent {
		return
	}
	if ours := server.send(t, in.Spec); ours != nil {
		if diff := cmp.Diff(e.expected(parse(raw)), parse(ours)); diff != "" {
			t.Errorf("curl (-) and Keydesk (+) differ:\n%s\n%s", diff, e.text)
		}
	}
}

// The real sh runs the line, the real curl sends it, and what Keydesk sends
// for the import is equal.
func TestPOSIXLinesSendWhatCurlSends(t *testing.T) {
	server := startEcho(t)
	entries := append(readCorpus(t, "posix.txt"), generated()...)
	if len(entries) < 150 {
		t.Errorf("the corpus has %d lines, fewer than 150", len(entries))
	}
	for _, e := range entries {
		t.Run(e.name, func(t *testing.T) {
			e.check(t, server, func() []byte { return server.shell(t, e.text) })
		})
	}
}

// cmd and PowerShell are not on this machine: the arguments they would pass on
// are in a table written by hand, and the real curl gets those.
func TestWindowsLinesSendWhatCurlSends(t *testing.T) {
	server := startEcho(t)
	for _, e := range readCorpus(t, "windows.txt") {
		t.Run(e.name, func(t *testing.T) {
			want, _, _ := strings.Cut(e.name, " ")
			if in, err := curl.Read(e.text); err == nil && in.Dialect != want {
				t.Errorf("read as %s", in.Dialect)
			}
			e.check(t, server, func() []byte { return server.curl(t, e.args) })
		})
	}
}

// generated is a set of lines made by rule: every kind of body with every
// method, every hard value in every place that carries one.
func generated() []entry {
	quote := func(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
	hard := []string{"plain", "Tom & Jerry + 50% off = é", `it's "q" \ back`, "two\nlines", "🙂 हिन्दी", "{{name}} and {{{x}}", `\{{a}}`, "a;b,c", "$HOME `id` $(id)", " edge "}
	var entries []entry
	add := func(name, line string, says ...string) {
		entries = append(entries, entry{name: "made " + name, text: line, says: says})
	}
	for i, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} {
		for j, body := range []string{"", "-d a=1", "--data-raw '{\"a\":1}' -H 'Content-Type: application/json'", "-F a=1",
			"--json '[1,2]'", "-d '<a/>' -H 'Content-Type: text/xml; charset=utf-8'", "-G -d q=1"} {
			add(fmt.Sprintf("%s body %d", method, j), fmt.Sprintf("curl -X %s %s 'http://echo.test:8080/v%d/messages'", method, body, i))
		}
	}
	for i, text := range hard {
		add(fmt.Sprintf("raw body %d", i), "curl http://echo.test/ --data-raw "+quote(text))
		add(fmt.Sprintf("encoded body %d", i), "curl http://echo.test/ --data-urlencode "+quote("text="+text))
		add(fmt.Sprintf("encoded query %d", i), "curl -G http://echo.test/ --data-urlencode "+quote("text="+text)+" -d to=1")
		add(fmt.Sprintf("form part %d", i), "curl http://echo.test/ --form-string "+quote("text="+text))
		content, _ := json.Marshal(map[string]string{"text": text})
		add(fmt.Sprintf("json %d", i), "curl http://echo.test/ --json "+quote(string(content)))
		add(fmt.Sprintf("user %d", i), "curl http://echo.test/ -u "+quote("me:"+text))
		if !strings.Contains(text, "\n") {
			add(fmt.Sprintf("header %d", i), "curl http://echo.test/ -H "+quote("X-Text: "+text))
			add(fmt.Sprintf("bearer %d", i), "curl http://echo.test/ --oauth2-bearer "+quote(strings.TrimSpace(text)))
		}
	}
	return entries
}

func TestTheToolsAreHere(t *testing.T) {
	for _, name := range []string{"curl", "sh", "bash"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Errorf("%s is needed by this package's tests: %v", name, err)
		}
	}
}

// What documents, terminals and pages do to a line. A shell would read some of
// these differently, so they too have a table of what is meant.
func TestPastedLinesAreReadAsMeant(t *testing.T) {
	server := startEcho(t)
	for _, e := range readCorpus(t, "pasted.txt") {
		t.Run(e.name, func(t *testing.T) {
			e.check(t, server, func() []byte { return server.curl(t, e.args) })
			if in, _ := curl.Read(e.text); strings.Contains(fmt.Sprintf("%#v", in), "PROXY-CANARY") {
				t.Error("a secret that is not carried over is shown")
			}
		})
	}
}

// Windows line ends mean the same as others.
func TestWindowsLineEndsChangeNothing(t *testing.T) {
	for _, file := range []string{"posix.txt", "windows.txt", "pasted.txt"} {
		for _, e := range readCorpus(t, file) {
			one, err1 := curl.Read(e.text)
			two, err2 := curl.Read(strings.ReplaceAll(e.text, "\n", "\r\n"))
			if (err1 == nil) != (err2 == nil) {
				t.Errorf("%s: %v and %v", e.name, err1, err2)
				continue
			}
			a, _ := json.Marshal(one)
			b, _ := json.Marshal(two)
			if diff := cmp.Diff(dropBytes(string(a)), dropBytes(string(b))); diff != "" {
				t.Errorf("%s: %s", e.name, diff)
			}
		}
	}
}

// dropBytes leaves out the carriage returns inside quotes, and the count of the
// body's bytes, which they change.
func dropBytes(text string) string {
	return regexp.MustCompile(`\d+ bytes`).ReplaceAllString(strings.ReplaceAll(text, `\r\n`, `\n`), "")
}
