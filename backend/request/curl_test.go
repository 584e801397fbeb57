package request_test

import (
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"keydesk/backend/request"
)

// replaceWords does what a person does with a copied line: it puts the secrets
// in.
func replaceWords(line string, texts map[string]string, quote func(string) string) string {
	words := make([]string, 0, len(texts))
	for word := range texts {
		words = append(words, word)
	}
	slices.Sort(words)
	for _, word := range words {
		line = strings.ReplaceAll(line, word, quote(texts[word]))
	}
	return line
}

func insidePOSIX(text string) string { return strings.ReplaceAll(text, "'", `'\''`) }

// parts takes a raw request apart: request line, headers sorted (curl orders
// its own first), body.
func parts(raw string) []string {
	head, body, _ := strings.Cut(raw, "\r\n\r\n")
	lines := strings.Split(head, "\r\n")
	for i, line := range lines {
		// curl writes an empty header without the blank after the colon.
		lines[i] = strings.TrimRight(line, " ")
	}
	slices.Sort(lines[1:])
	return append(lines, body)
}

// R5, "preview, wire and copied curl come from the same function": the real sh
// and the real curl send what Wire says, for every auth type, method, format.
func TestCurlInARealShellSendsTheWire(t *testing.T) {
	server := record(t)
	_, port, _ := strings.Cut(server.listener.Addr().String(), ":")
	run := func(name string, spec request.Spec) {
		rendered := request.Build(spec, testRecord, testEnv)
		if err := rendered.Err(); err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		line := rendered.Curl(request.POSIX)
		if strings.Contains(line, "CANARY") {
			t.Errorf("%s: the line holds a secret:\n%s", name, line)
		}
		_, texts := rendered.CurlArgs(request.POSIX)
		line = replaceWords(line, texts, insidePOSIX)
		line = strings.Replace(line, "curl ", "curl --silent --show-error --max-time 10 --connect-to api.example.test:8080:127.0.0.1:"+port+" ", 1)
		if out, err := exec.Command("sh", "-c", line).CombinedOutput(); err != nil {
			t.Errorf("%s: %v: %s\n%s", name, err, out, line)
			return
		}
		if diff := cmp.Diff(parts(string(rendered.Wire())), parts(server.next(t))); diff != "" {
			t.Errorf("%s: Wire (-) and curl (+) differ:\n%s\n%s", name, diff, line)
		}
	}
	for i, a := range auths {
		for j, method := range methods {
			for k, format := range formats {
				// Each auth with each method and each format with each of
				// both; a process for every one of the 504 would add nothing.
				if i%len(methods) != j && k != (i+j)%len(formats) {
					continue
				}
				if a.auth.AddTo == request.InBody && !carriesFields(method, format) || method == "HEAD" && strings.HasPrefix(string(format), "raw") {
					continue
				}
				run(fmt.Sprintf("%s, %s, body %q", a.name, method, format), matrixSpec(method, format, a.auth))
			}
		}
	}
	hard := matrixSpec("POST", request.RawText, request.Auth{Type: request.NoAuth})
	hard.RawBody = "it's $HOME `id` \"q\" \\ %PATH% ! {a,b}[1-3]\r\n@file\n" + strings.Repeat("long ", 400)
	hard.URL = "http://api.example.test:8080/a/../[b]/{{name}}"
	run("hard text", hard)
	run("empty POST", request.Spec{Method: "POST", URL: "http://api.example.test:8080/"})
	run("file-like form value", request.Spec{Method: "POST", URL: "http://api.example.test:8080/", BodyFormat: request.RawText, RawBody: "@/etc/passwd"})
}

// hardArguments have everything that the two Windows shells treat specially.
var hardArguments = []string{
	`{"text":"it's \"q\" \\ 50% %PATH% %a%b% & | < > ( ) ^ !"}`, `ends with \`, `a\\"b\`, `‘typographic’ „quotes‛ it's`,
	"two\nlines", `100%`, `%`, `%%`, `%"`, `%PATH%"%TEMP%`, "tab\there", `$env:PATH $(id) ` + "`n", "", "é 🙂 हिन्दी", `^caret^ "^"`,
}

// PowerShell and cmd are not on this machine; their quoting is read back by
// the rules they document, then by those of the C runtime's command line.
func TestCurlQuotingForWindowsShellsReadsBack(t *testing.T) {
	for _, argument := range hardArguments {
		rendered := request.Build(request.Spec{Method: "POST", URL: "http://a.test/", BodyFormat: request.RawText, RawBody: argument}, nil, testEnv)
		for shell, read := range map[request.Shell]func(string) []string{request.PowerShell: readPowerShell, request.Cmd: readCmd} {
			want, _ := rendered.CurlArgs(shell)
			got := read(rendered.Curl(shell))
			if diff := cmp.Diff(append([]string{"curl.exe"}, want...), got); diff != "" {
				t.Errorf("%s, %q: meant (-), read back (+):\n%s\n%s", shell, argument, diff, rendered.Curl(shell))
			}
		}
	}
}

// readPowerShell splits a line as PowerShell does, builds the command line as
// its legacy mode does, and reads it as a Windows program does.
func readPowerShell(line string) []string {
	legacy := strings.HasPrefix(line, "$PSNativeCommandArgumentPassing = 'Legacy'\n")
	line = strings.TrimPrefix(line, "$PSNativeCommandArgumentPassing = 'Legacy'\n")
	var words []string
	runes := []rune(strings.ReplaceAll(line, "`\n", ""))
	isQuote := func(r rune) bool { return strings.ContainsRune("'\u2018\u2019\u201a\u201b", r) }
	for i := 0; i < len(runes); {
		if runes[i] == ' ' {
			i++
			continue
		}
		var word strings.Builder
		for i < len(runes) && runes[i] != ' ' {
			if !isQuote(runes[i]) {
				word.WriteRune(runes[i])
				i++
				continue
			}
			for i++; i < len(runes); i++ {
				if isQuote(runes[i]) {
					if i+1 < len(runes) && isQuote(runes[i+1]) {
						i++
						word.WriteRune(runes[i])
						continue
					}
					i++
					break
				}
				word.WriteRune(runes[i])
			}
		}
		words = append(words, word.String())
	}
	if !legacy {
		return words
	}
	var command strings.Builder
	for _, word := range words {
		quotes, blank, slash := 0, false, false
		for _, r := range word {
			if r == '"' && !slash {
				quotes++
			}
			blank = blank || unicode.IsSpace(r) && quotes%2 == 0
			slash = r == '\\'
		}
		if blank {
			word = `"` + word + `"`
		}
		command.WriteString(word + " ")
	}
	return splitWindows(command.String())
}

// readCmd removes what cmd removes outside its quotes: carets.
func readCmd(line string) []string {
	var command strings.Builder
	quoted := false
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '"':
			quoted = !quoted
			command.WriteByte(c)
		case c == '^' && !quoted && strings.HasPrefix(line[i+1:], "\n\n"):
			command.WriteByte('\n')
			i += 2
		case c == '^' && !quoted && line[i+1] == '\n':
			i++
		case c == '^' && !quoted:
			i++
			command.WriteByte(line[i])
		case strings.IndexByte("&|<>()\n", c) >= 0 && !quoted:
			return []string{"cmd would have acted on " + line[i:]}
		default:
			command.WriteByte(c)
		}
	}
	return splitWindows(command.String())
}

// splitWindows is the documented rule of the C runtime: 2n backslashes before
// a quote are n and the quote is syntax, 2n+1 are n and a literal quote.
func splitWindows(command string) []string {
	var words []string
	var word strings.Builder
	started, quoted := false, false
	for i := 0; i < len(command); i++ {
		slashes := 0
		for i < len(command) && command[i] == '\\' {
			slashes++
			i++
		}
		if slashes > 0 {
			started = true
			if i >= len(command) || command[i] != '"' {
				word.WriteString(strings.Repeat(`\`, slashes))
			} else {
				word.WriteString(strings.Repeat(`\`, slashes/2))
				if slashes%2 == 1 {
					word.WriteByte('"')
					continue
				}
			}
			if i >= len(command) {
				break
			}
		}
		switch c := command[i]; {
		case c == '"':
			quoted, started = !quoted, true
		case (c == ' ' || c == '\t' || c == '\n') && !quoted:
			if started {
				words = append(words, word.String())
				word.Reset()
				started = false
			}
		default:
			word.WriteByte(c)
			started = true
		}
	}
	if started {
		words = append(words, word.String())
	}
	return words
}

// No percent sign may start a name that cmd could know.
func TestCurlForCmdExpandsNoVariable(t *testing.T) {
	rendered := request.Build(request.Spec{Method: "POST", URL: "http://a.test/?a=%20PATH%20", BodyFormat: request.RawText, RawBody: "%PATH% %TEMP%"}, nil, testEnv)
	line := rendered.Curl(request.Cmd)
	for _, name := range []string{"%PATH%", "%TEMP%", "%20PATH%"} {
		if strings.Contains(line, name) {
			t.Errorf("cmd would expand %s in:\n%s", name, line)
		}
	}
}

// cmd cannot carry the carriage returns of a multipart body.
func TestCurlForCmdWritesMultipartAsFormFields(t *testing.T) {
	rendered := request.Build(matrixSpec("POST", request.MultipartBody, request.Auth{}), testRecord, testEnv)
	line := rendered.Curl(request.Cmd)
	if strings.Contains(line, "\r") || strings.Contains(line, "boundary") || strings.Count(line, "--form-string") != 11 {
		t.Errorf("not eleven form fields, or a boundary:\n%s", line)
	}
}

func TestCurlGoldenPage(t *testing.T) {
	var page strings.Builder
	spec := matrixSpec("POST", request.FormBody, request.Auth{Type: request.Basic, Username: "AC0123", Password: hidden("CANARY")})
	spec.URL = "https://api.example.test/{{path_key}}/Messages.json"
	for _, shell := range []request.Shell{request.POSIX, request.PowerShell, request.Cmd} {
		fmt.Fprintf(&page, "=== %s\n%s\n\n", shell, request.Build(spec, testRecord, testEnv).Curl(shell))
	}
	golden(t, "curl.txt", page.String())
}
