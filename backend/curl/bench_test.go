package curl_test

import (
	"strings"
	"testing"

	"keydesk/backend/curl"
	"keydesk/backend/request"
)

// BenchmarkLine is the figure curl_line (RULES.md, Speed): parse and render one
// 2 KB line, goal 1 ms.
func BenchmarkLine(b *testing.B) {
	line := `curl -X POST 'https://api.example.test/v1/messages?apikey=abcdef' -H 'Content-Type: application/json' -H 'X-A: 1' -d '{"text":"`
	line += strings.Repeat("Tom & Jerry ", (2048-len(line)-3)/12) + `"}'`
	b.SetBytes(int64(len(line)))
	for b.Loop() {
		in, err := curl.Read(line)
		if err != nil {
			b.Fatal(err)
		}
		if len(request.Build(in.Spec, nil, env).Wire()) == 0 {
			b.Fatal("nothing rendered")
		}
	}
}
