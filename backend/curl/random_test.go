package curl_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"keydesk/backend/curl"
)

// maker makes random lines that mix curl's options with hard values, the same
// ones in every run.
type maker struct{ *rand.Rand }

func (m maker) one(of ...string) string { return of[m.IntN(len(of))] }

func (m maker) value() string {
	return m.one("a", "a b", "é", "a&b=c", "x;y", `{"a":1}`, "[1]", " lead", "trail ", "a%20b", "+1", "a=b", `"q"`, `"q;r" s`, `\b`, "'", "", "{{v}}",
		`\{{v`, "a:b", "?x", "#h", `k"q\z`, "<a/>", "1,2", "a\nb")
}

func (m maker) name() string {
	return m.one("a", "to", "text", "a.b", "x[0]", "o:tag", "src name", "é", `a\b`, "token", `n"q`)
}

func (m maker) arguments() []string {
	var args []string
	add := func(more ...string) { args = append(args, more...) }
	times := 1 + m.IntN(3)
	switch m.IntN(6) {
	case 0, 1:
		for range times {
			switch m.IntN(5) {
			case 0:
				add("-d", m.name()+"="+m.value())
			case 1:
				add("--data-raw", m.value())
			case 2:
				add("--data-urlencode", m.name()+"="+m.value())
			case 3:
				add("--data-urlencode", m.value())
			case 4:
				add("--json", m.value())
			}
		}
	case 2:
		for range times {
			add("-F", m.name()+"="+m.value())
		}
	case 3:
		add("-G", "--data-urlencode", m.name()+"="+m.value(), "-d", "q="+m.value())
	case 4:
		add("--url-query", m.name()+"="+m.value())
	}
	if m.IntN(3) == 0 {
		add("-X", m.one("PUT", "GET", "DELETE", "POST"))
	}
	for range m.IntN(3) {
		add("-H", m.one("Content-Type: application/json", "Content-Type: text/plain", "Content-Type: application/x-www-form-urlencoded",
			"Content-Type: text/xml", "Content-Type: multipart/form-data", "Accept: text/html", "X-B;", "X-A: "+m.value(),
			"Authorization: "+m.value(), "Authorization: Bearer "+m.value(), "Cookie: "+m.value(), "x-api-key: "+m.value()))
	}
	if m.IntN(4) == 0 {
		add("-u", m.value()+":"+m.value())
	}
	if m.IntN(5) == 0 {
		add(m.one("-A", "-e", "-b"), m.value())
	}
	return append(args, "http://h.test/p"+m.one("", "?x=1", "?", "?a=b%20c&", "/./q", "?token=abc"))
}

// Lines made at random: where nothing is reported as lost, nothing is lost.
func TestRandomLinesSendWhatCurlSends(t *testing.T) {
	server := startEcho(t)
	m := maker{rand.New(rand.NewPCG(1, 2))}
	compared := 0
	for range 200 {
		args := m.arguments()
		var quoted []string
		for _, a := range args {
			quoted = append(quoted, "'"+strings.ReplaceAll(a, "'", `'\''`)+"'")
		}
		line := "curl " + strings.Join(quoted, " ")
		in, err := curl.Read(line)
		if err != nil {
			t.Errorf("%v\n%s", err, line)
			continue
		}
		if len(in.NotCarried) > 0 {
			continue
		}
		raw := server.curl(t, args)
		if raw == nil {
			t.Log(line)
			continue
		}
		compared++
		if diff := cmp.Diff(parse(raw), parse(server.send(t, in.Spec))); diff != "" {
			t.Errorf("curl (-) and Keydesk (+) differ:\n%s\n%s", diff, line)
		}
	}
	if compared < 100 {
		t.Errorf("only %d lines could be compared", compared)
	}
}
