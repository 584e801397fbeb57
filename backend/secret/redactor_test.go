package secret_test

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf16"

	"golang.org/x/text/unicode/norm"

	"keydesk/backend/secret"
)

// awkward has the characters that every encoder treats in a different way.
const awkward = `s3cr+t/"a"&<é> ~🙂\x`

// encoders write a value in the ways it may leave Keydesk: R9, G5.
var encoders = map[string]func(string) string{
	"plain":         func(s string) string { return s },
	"json":          func(s string) string { b, _ := json.Marshal(s); return string(b) },
	"json in json":  func(s string) string { b, _ := json.Marshal(s); b, _ = json.Marshal(string(b)); return string(b) },
	"json ascii":    jsonASCII,
	"json slash":    func(s string) string { return strings.ReplaceAll(s, "/", `\/`) },
	"go quoted":     func(s string) string { return fmt.Sprintf("%q", s) },
	"go ascii":      func(s string) string { return fmt.Sprintf("%+q", s) },
	"query":         url.QueryEscape,
	"query, %20":    func(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") },
	"query, lower":  func(s string) string { return lowerPercent(url.QueryEscape(s)) },
	"path":          url.PathEscape,
	"every byte":    func(s string) string { return percentAll(s, "%%%02X") },
	"every byte, l": func(s string) string { return percentAll(s, "%%%02x") },
	"query twice":   func(s string) string { return url.QueryEscape(url.QueryEscape(s)) },
	"hex":           func(s string) string { return hex.EncodeToString([]byte(s)) },
	"HEX":           func(s string) string { return strings.ToUpper(hex.EncodeToString([]byte(s))) },
	"html":          html.EscapeString,
	"xml":           func(s string) string { var b strings.Builder; _ = xml.EscapeText(&b, []byte(s)); return b.String() },
	"base64":        func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
	"base64 raw":    func(s string) string { return base64.RawStdEncoding.EncodeToString([]byte(s)) },
	"base64 url":    func(s string) string { return base64.URLEncoding.EncodeToString([]byte(s)) },
	"base64 rawurl": func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) },
	"base64 at 1":   func(s string) string { return base64.StdEncoding.EncodeToString([]byte("u" + s + "x")) },
	"base64 at 2":   func(s string) string { return base64.StdEncoding.EncodeToString([]byte("u:" + s + "xy")) },
	"base64 at 4":   func(s string) string { return base64.StdEncoding.EncodeToString([]byte("user" + s + "x")) },
	"base64 query":  func(s string) string { return url.QueryEscape(base64.StdEncoding.EncodeToString([]byte(s))) },
	"base64 json": func(s string) string {
		return strings.ReplaceAll(base64.StdEncoding.EncodeToString([]byte(s)), "/", `\/`)
	},
	"json in query": func(s string) string { b, _ := json.Marshal(s); return url.QueryEscape(string(b)) },
	"query in html": func(s string) string { return html.EscapeString(url.QueryEscape(s)) },
	"hEx":           func(s string) string { return mixedCase(hex.EncodeToString([]byte(s))) },
	"hEx in a query in a query": func(s string) string {
		return percentAll(percentAll(mixedCase(hex.EncodeToString([]byte(s))), "%%%02X"), "%%%02x")
	},
	"base64 lines":       func(s string) string { return wrapped(base64.StdEncoding.EncodeToString([]byte(s)), 4, "\r\n") },
	"base64 lines, odd":  func(s string) string { return wrapped(base64.StdEncoding.EncodeToString([]byte(s)), 7, "\n") },
	"base64 lines, yaml": func(s string) string { return wrapped(base64.RawURLEncoding.EncodeToString([]byte(s)), 5, "\n\t  ") },
	"base64 lines in json": func(s string) string {
		b, _ := json.Marshal(wrapped(base64.StdEncoding.EncodeToString([]byte("u:"+s)), 6, "\r\n"))
		return string(b)
	},
	"base64 lines in query": func(s string) string {
		return url.QueryEscape(wrapped(base64.StdEncoding.EncodeToString([]byte(s)), 6, "\n"))
	},
	"UTF-16LE":              func(s string) string { return wide(s, binary.LittleEndian) },
	"UTF-16BE":              func(s string) string { return wide(s, binary.BigEndian) },
	"UTF-16LE as shown":     func(s string) string { return strings.ToValidUTF8(wide(s, binary.LittleEndian), "\uFFFD") },
	"UTF-16BE in json":      func(s string) string { b, _ := json.Marshal(wide(s, binary.BigEndian)); return string(b) },
	"json thrice":           func(s string) string { return jsonTimes(s, 3) },
	"query thrice":          func(s string) string { return url.QueryEscape(url.QueryEscape(url.QueryEscape(s))) },
	"json in json in query": func(s string) string { return url.QueryEscape(jsonTimes(s, 2)) },
	"query in json in html": func(s string) string { return html.EscapeString(jsonTimes(url.QueryEscape(s), 1)) },
	"html in query in json": func(s string) string { return jsonASCII(url.QueryEscape(html.EscapeString(s))) },
	"NFC":                   norm.NFC.String,
	"NFD":                   norm.NFD.String,
	"NFD in json":           func(s string) string { return jsonASCII(norm.NFD.String(s)) },
	"NFKD in base64":        func(s string) string { return base64.StdEncoding.EncodeToString([]byte(norm.NFKD.String(s))) },
}

// mixedCase writes every other letter in upper case.
func mixedCase(s string) string {
	b, up := []byte(s), true
	for i, c := range b {
		if c >= 'a' && c <= 'z' {
			if up {
				b[i] = c - 'a' + 'A'
			}
			up = !up
		}
	}
	return string(b)
}

func wrapped(s string, width int, end string) string {
	var lines []string
	for len(s) > width {
		lines, s = append(lines, s[:width]), s[width:]
	}
	return strings.Join(append(lines, s), end)
}

func wide(s string, order binary.AppendByteOrder) string {
	var b []byte
	for _, unit := range utf16.Encode([]rune(s)) {
		b = order.AppendUint16(b, unit)
	}
	return string(b)
}

// jsonTimes writes the inside of a JSON string, again and again.
func jsonTimes(s string, times int) string {
	for range times {
		b, _ := json.Marshal(s)
		s = string(b[1 : len(b)-1])
	}
	return s
}

func jsonASCII(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r > 0xffff {
			r -= 0x10000
			fmt.Fprintf(&b, `\u%04x\u%04X`, 0xd800+r>>10, 0xdc00+r&0x3ff)
			continue
		}
		fmt.Fprintf(&b, `\u%04x`, r)
	}
	return b.String()
}

func lowerPercent(s string) string {
	b := []byte(s)
	for i := 0; i+2 < len(b); i++ {
		if b[i] == '%' {
			copy(b[i+1:i+3], strings.ToLower(string(b[i+1:i+3])))
		}
	}
	return string(b)
}

func percentAll(s, format string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, format, s[i])
	}
	return b.String()
}

// R9, A35: the canary table. What is around the secret stays.
func TestRedactorFindsEveryEncoding(t *testing.T) {
	for _, value := range []string{awkward, "plain-Token_0123456789", "p a s s w", "ключ-ключ", "a++b//c==", "%41%42%43%44", "123456", "Ålesund-ﬁx", "e\u0301te\u0301-nfd"} {
		r := secret.NewRedactor(secret.New("another-secret"), secret.New(value))
		for name, encode := range encoders {
			written := encode(value)
			in := "before [" + written + "] after"
			got := r.Text(in)
			if strings.Contains(got, written) {
				t.Errorf("%q as %s is still there: %s", value, name, got)
			}
			if !strings.HasPrefix(got, "before [") || !strings.HasSuffix(got, "] after") || !strings.Contains(got, secret.Mask) {
				t.Errorf("%q as %s: what is around it changed, or there is no mask: %s", value, name, got)
			}
			if left := strings.TrimSuffix(strings.TrimPrefix(got, "before ["), "] after"); len(left) > len(secret.Mask)+10 {
				t.Errorf("%q as %s: too much is left: %s", value, name, left)
			}
		}
	}
}

// No bits of the secret's first and last bytes stay in base64 next to the mask.
func TestRedactorTakesBase64Edges(t *testing.T) {
	r := secret.NewRedactor(secret.New("topsecret1"))
	for offset := range 6 {
		prefix := strings.Repeat("u", offset)
		whole := base64.StdEncoding.EncodeToString([]byte(prefix + "topsecret1" + "tail"))
		got := r.Text(whole)
		kept, _, _ := strings.Cut(got, secret.Mask)
		if want := base64.StdEncoding.EncodeToString([]byte(prefix + "\x00")); len(kept) > offset*8/6 || !strings.HasPrefix(want, kept) {
			t.Errorf("offset %d: %q keeps bits of the secret", offset, got)
		}
	}
}

// R9: short secrets are masked by the code that knows their place.
func TestRedactorLeavesShortOnes(t *testing.T) {
	r := secret.NewRedactor(secret.New("12345"), secret.New(""), secret.New("привт"))
	const text = "order 12345 for привт"
	if got := r.Text(text); got != text {
		t.Errorf("a short secret was replaced: %s", got)
	}
	for value, want := range map[string]bool{"": false, "a": true, "12345": true, "123456": false, "привт": true, "привет": false} {
		if got := secret.TooShort(secret.New(value)); got != want {
			t.Errorf("TooShort(%q) = %v", value, got)
		}
	}
}

// Two secrets that overlap in the text leave nothing of either.
func TestRedactorOverlaps(t *testing.T) {
	r := secret.NewRedactor(secret.New("abcdef123"), secret.New("def123xyz"), secret.New("abcdef123-and-more"))
	for in, want := range map[string]string{
		"<abcdef123xyz>":       "<" + secret.Mask + ">",
		"<abcdef123-and-more>": "<" + secret.Mask + ">",
		"<abcdef123-and-mor>":  "<" + secret.Mask + "-and-mor>",
		"abcdef123 def123xyz":  secret.Mask + " " + secret.Mask,
	} {
		if got := r.Text(in); got != want {
			t.Errorf("%s: got %s, want %s", in, got, want)
		}
	}
}

// R9: the code that derives something from a secret adds it to the redactor.
func TestRedactorDerived(t *testing.T) {
	r := secret.NewRedactor(secret.New("abc"))
	basic := base64.StdEncoding.EncodeToString([]byte("bob:abc"))
	r.Add(secret.New(basic))
	if got := r.Text("Authorization: Basic " + basic); got != "Authorization: Basic "+secret.Mask {
		t.Error(got)
	}
}

func TestRedactorValuesAndBytes(t *testing.T) {
	r := secret.NewRedactor(secret.New(canary))
	in := map[string]any{"a": "x " + canary, canary: []any{canary, 7.0, nil, true}, "m": map[string]string{"k": canary}, "l": []string{canary}}
	got, err := json.Marshal(r.Value(in))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(got), canary) || strings.Count(string(got), secret.Mask) != 5 || !strings.Contains(string(got), "7,null,true") {
		t.Error(string(got))
	}
	if in["a"] != "x "+canary {
		t.Error("the value given was changed")
	}
	if got := r.Text("\xff\x00"); got != "\xff\x00" {
		t.Errorf("broken UTF-8 was changed: %q", got)
	}
	if got := r.Text("\xff" + canary + "\xfe"); got != "\xff"+secret.Mask+"\xfe" {
		t.Errorf("next to broken UTF-8: %q", got)
	}
	var none *secret.Redactor
	if none.Text(canary) != canary || new(secret.Redactor).Text(canary) != canary {
		t.Error("a redactor that knows nothing changed something")
	}
}

func TestRedactorIsIdempotent(t *testing.T) {
	r := secret.NewRedactor(secret.New(canary), secret.New("••••••"), secret.New(secret.Mask))
	once := r.Text("x" + canary + "y" + secret.Mask)
	if twice := r.Text(once); twice != once {
		t.Errorf("%s became %s", once, twice)
	}
}

// 15,000 secrets (5,000 setups) and an answer of 64 KiB: every answer passes
// the redactor, so knowing many secrets may not cost much more than knowing
// one. Both are measured in the same run, best of ten, so that a busy machine
// does not matter.
func TestRedactorIsFastWithMany(t *testing.T) {
	many := make([]secret.Text, 15000)
	for i := range many {
		many[i] = secret.New(fmt.Sprintf("key-%d-%x", i, i*2654435761))
	}
	r := secret.NewRedactor(many...)
	answer := strings.Repeat(`{"id":"key-000","text":"50%25 off \u00e9 &amp; more"}`, 64<<10/52)
	best := func(r *secret.Redactor) time.Duration {
		least := time.Hour
		for range 10 {
			begin := time.Now()
			r.Text(answer)
			least = min(least, time.Since(begin))
		}
		return least
	}
	one, all := best(secret.NewRedactor(many[0])), best(r)
	if all > 12*one {
		t.Errorf("64 KiB took %v with 15,000 secrets, %v with one", all, one)
	}
	if got := r.Text(answer + many[14999].Reveal()); !strings.HasSuffix(got, secret.Mask) {
		t.Error("the last secret was not found")
	}
}

// Work on what others send grows with its length, whatever it is made of: 256 KiB
// take milliseconds. A reader that begins again at every line end or escape would
// take minutes, so the limit is far from both.
func TestRedactorIsLinear(t *testing.T) {
	r := secret.NewRedactor(secret.New(canary), secret.New("a b c d e f"))
	for _, unit := range []string{
		"a", "\n", "\r\n", "a\n", "a\n \t", "\n  ", "%2525", `\\`, "&amp;amp;amp;", "&", "%", `\u005cu005c`, "%255C%2526amp;+\n", "AbCdEf0123456789", "aBcDeF x",
		"\x00", "&#x25;25\\x2525+", "MDEyMzQ1\r\n",
	} {
		text := strings.Repeat(unit, 256<<10/len(unit))
		begin := time.Now()
		r.Text(text)
		if took := time.Since(begin); took > 10*time.Second {
			t.Errorf("%q: 256 KiB took %v", unit, took)
		}
	}
}

func BenchmarkRedactor(b *testing.B) {
	r := secret.NewRedactor(secret.New(canary), secret.New(awkward), secret.New("another-one-of-some-length"))
	answer := strings.Repeat(`{"id":"key-000","text":"50%25 off \u00e9 &amp; more"}`, 64<<10/52)
	b.SetBytes(int64(len(answer)))
	for b.Loop() {
		r.Text(answer)
	}
}

func TestRedactorWhileAdding(t *testing.T) {
	r := &secret.Redactor{}
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for j := range 50 {
				value := fmt.Sprintf("secret-%d-%d", i, j)
				r.Add(secret.New(value))
				if got := r.Text("a " + value); got != "a "+secret.Mask {
					t.Errorf("added and not found: %s", got)
				}
			}
		})
	}
	all.Wait()
}

// A secret is gone whatever is around it and however it is encoded.
func FuzzRedactor(f *testing.F) {
	f.Add("before", awkward, "after", "json")
	f.Add("0", "0\x89\x89\x89\x89\x89", "0", "0")
	f.Add("%", "123456", "%3", "query")
	f.Add(`\`, `\u0041bcdef`, `\`, "json in json")
	f.Add("&", "&amp;&lt;x", ";", "html")
	f.Add("+", "a b c d e", "%2", "query")
	f.Fuzz(func(t *testing.T, before, value, after, how string) {
		r := secret.NewRedactor(secret.New(value))
		r.Text(before) // no panic on anything
		text := secret.New(value)
		if text.IsEmpty() || secret.TooShort(text) || strings.Contains(secret.Mask+before+secret.Mask+after+secret.Mask, value) || strings.Contains(value, "•") {
			return // nothing to hide, or it is there anyway
		}
		for _, written := range []string{value, url.QueryEscape(value), base64.StdEncoding.EncodeToString([]byte(value)), hex.EncodeToString([]byte(value))} {
			got := r.Text(before + " " + written + " " + after)
			if strings.Contains(got, value) || strings.Contains(got, " "+written+" ") {
				t.Errorf("%q stays in %q", written, got)
			}
		}
		if encode := encoders[how]; encode != nil && strings.ToValidUTF8(value, "") == value {
			if got := r.Text(encode(value)); strings.Contains(got, value) {
				t.Errorf("%q as %s stays in %q", value, how, got)
			}
		}
	})
}

// R9: UTF-16 of either order is found where nobody recognised it as such.
func TestRedactorFindsUTF16(t *testing.T) {
	const value = "kV7q/zR4+t Y8"
	wide := strings.Join(strings.Split("a"+value+"b", ""), "\x00")
	for _, text := range []string{wide + "\x00", "\x00" + wide} {
		if got := secret.NewRedactor(secret.New(value)).Text(text); strings.ReplaceAll(got, "\x00", "") != "a"+secret.Mask+"b" {
			t.Errorf("%q", got)
		}
	}
}

// R9: a text that broke off in the middle of a secret keeps no more of it than two
// bytes, in any spelling.
func TestRedactorMasksTheBeginningOfASecretAtACut(t *testing.T) {
	const value = "kV7q/zR4+t Y8"
	r := secret.NewRedactor(secret.New(value))
	for name, encode := range map[string]func(string) string{"plain": encoders["plain"], "json ascii": encoders["json ascii"], "query": encoders["query"],
		"every byte": encoders["every byte"], "query twice": encoders["query twice"], "html": encoders["html"], "hex": encoders["hex"], "base64": encoders["base64"]} {
		whole := "you sent " + encode(value)
		for cut := len("you sent "); cut < len(whole); cut++ {
			got := r.Cut(whole[:cut])
			left := strings.ReplaceAll(strings.TrimPrefix(got, "you sent "), secret.Mask, "")
			if !strings.HasPrefix(got, "you sent ") || len(left) > 2*len(encode("k"))+11 {
				t.Errorf("%s, cut at %d: %q", name, cut, got)
			}
		}
	}
	for in, want := range map[string]string{"nothing of it": "nothing of it", "a kV": "a kV", "a kV7": "a " + secret.Mask, "a kV7q is not at the end": "a kV7q is not at the end", value + " kV7q": secret.Mask + " " + secret.Mask} {
		if got := r.Cut(in); got != want {
			t.Errorf("%q became %q", in, got)
		}
	}
	if got := (&secret.Redactor{}).Cut("kV7q"); got != "kV7q" {
		t.Error("a redactor that knows nothing masked something")
	}
}

// R9: a long text is searched piece by piece, and no secret is lost where two
// pieces meet, or after escapes that lie across.
func TestRedactorInLongTexts(t *testing.T) {
	const value = "kV7q/zR4+t Y8"
	r := secret.NewRedactor(secret.New(value))
	for _, name := range []string{"plain", "json in json", "query twice", "every byte", "base64 at 1"} {
		written := encoders[name](value)
		for _, filler := range []string{"a", `\\`, "%25", "&"} {
			for at := 256<<10 - len(written) - 3; at < 256<<10+3; at += 1 + len(written)/5 {
				text := strings.Repeat(filler, at/len(filler)) + "  " + written + "  " + strings.Repeat("b", 300<<10)
				if got := r.Text(text); strings.Contains(got, written) || strings.Count(got, secret.Mask) != 1 {
					t.Fatalf("%s at %d after %s is still there", name, at, filler)
				}
			}
		}
	}
}

// RULES.md, Bounds: no answer of 10 MiB makes redacting it take the memory of the
// computer, whatever it is made of.
func TestRedactorMemory(t *testing.T) {
	r := secret.NewRedactor(secret.New("a b c d e f"), secret.New("aaaaaa"))
	for _, unit := range []string{"+", "%2B", `\u0041`, "a"} {
		text := strings.Repeat(unit, 10<<20/len(unit))
		var peak atomic.Uint64
		stop, done := make(chan struct{}), make(chan struct{})
		runtime.GC()
		go func() {
			defer close(done)
			for {
				select {
				case <-stop:
					return
				case <-time.After(time.Millisecond):
					var now runtime.MemStats
					runtime.ReadMemStats(&now)
					peak.Store(max(peak.Load(), now.HeapAlloc))
				}
			}
		}()
		r.Text(text)
		close(stop)
		<-done
		if mib := peak.Load() >> 20; mib > 200 {
			t.Errorf("%s: %d MiB", unit, mib)
		}
	}
}
