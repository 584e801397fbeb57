package verdict

import (
	"bytes"
	"encoding/json"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/antchfx/xmlquery"
	"github.com/ohler55/ojg/jp"

	"keydesk/backend/limit"
)

// The reader of JSON takes exactly what encoding/json takes, and makes the same of
// it, apart from its bounds and from numbers that filters can compare.
func FuzzSameJSON(f *testing.F) {
	for _, body := range []string{`{"a":[1,2.50,"x",null,true,{}],"a":{"b":[]}}`, `[1,]`, `{"a":1,}`, `{"a" 1}`, `{,}`, `[[]`, `1 2`, `"\ud800"`, `{"é":1e400}`, ` [ ] `, `{"a":}`, `[}`, `nul`, "\xff", `-`, `12345678901234567890`, `-0`} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		if len(body) > 4096 || strings.TrimSpace(body) == "" || strings.Count(body, "[")+strings.Count(body, "{") > 900 {
			return
		}
		answer := read(limit.New(t.Context()), Outcome{Body: []byte(body)})
		answer.readJSON()
		decoder := json.NewDecoder(bytes.NewReader(bytes.TrimSpace(bytes.TrimPrefix([]byte(body), []byte("\uFEFF")))))
		decoder.UseNumber()
		var want any
		err := decoder.Decode(&want)
		if err == nil {
			if _, end := decoder.Token(); end != io.EOF {
				err = io.ErrUnexpectedEOF
			}
		}
		if (err == nil) != (answer.badJSON == "") {
			t.Fatalf("%q: %v, but %q", body, err, answer.badJSON)
		}
		if got := numbers(answer.json); err == nil && !reflect.DeepEqual(got, want) {
			t.Fatalf("%q: %#v, want %#v", body, got, want)
		}
	})
}

// numbers undoes plain.
func numbers(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for name := range v {
			v[name] = numbers(v[name])
		}
	case []any:
		for i := range v {
			v[i] = numbers(v[i])
		}
	case int64:
		text, _ := json.Marshal(v)
		return json.Number(text)
	}
	return value
}

// A path leads to what the library's own search finds, in another order where the
// library's is left to chance. Left out is where its search stops half way: a ..
// behind a step with several results, and one at the end but for the root's, which
// RFC 9535 does not have.
func FuzzSameJSONPath(f *testing.F) {
	body := `{"a":[{"b":1,"c":"x"},{"b":2,"c":{"b":3}},[4,5,[6]]],"b":{"a":{"b":"7"}},"":0,"x y":[true]}`
	for _, path := range []string{"$", "@", "$.a", "$.a[0].b", "$.a[-1]", "$..b", "$..*", "$.a[*].b", "$.a[1:]", "$.a[::2]", "$.a[?(@.b > 1)].c", "$['a','b']", "$.a[0,2]", "$..[0]", "$..['b','c']", "$..", "*..", "*..b", "a..", "$.*.*", "a.b", "$[?(@.a)]", "$.a[5]", "$['x y'][0]"} {
		f.Add(path, body)
	}
	f.Fuzz(func(t *testing.T, path, body string) {
		if len(body) > 2000 {
			return
		}
		answer := read(limit.New(t.Context()), Outcome{Body: []byte(body)})
		expr := answer.jsonPath(path)
		if answer.readJSON(); answer.badJSON != "" || expr == nil {
			return
		}
		if stopsHalfWay(expr) {
			return
		}
		var got, want []string
		answer.visit(FromJSON, path, func(found value) bool {
			got = append(got, found.text(answer.budget))
			return true
		})
		func() {
			defer func() { _ = recover() }() // the library panics on a few
			for _, found := range expr.Get(answer.json) {
				if !isEmpty(found) {
					want = append(want, jsonValue{found}.text(answer.budget))
				}
			}
			slices.Sort(got)
			slices.Sort(want)
			if answer.spent() == "" && !slices.Equal(got, want) {
				t.Fatalf("%s of %s: %q, the library finds %q", path, body, got, want)
			}
		}()
	})
}

// stopsHalfWay tells where the library does not search to the end.
func stopsHalfWay(path jp.Expr) bool {
	several, step := false, false
	for i, at := range path {
		switch at.(type) {
		case jp.Root, jp.At, jp.Bracket:
		case jp.Descent:
			if several || step && i == len(path)-1 {
				return true
			}
		case jp.Child, jp.Nth:
			step = true
		default:
			step, several = true, true
		}
	}
	return false
}

// The same for XML. The library reads no CDATA in a predicate, so that is left out.
func FuzzSameXPath(f *testing.F) {
	body := `<r x="1"><a><b> 1 </b><b c="q">2<!-- no --></b></a><n:a xmlns:n="u"><b>3</b> tail</n:a><a/></r>`
	for _, path := range []string{"//b", "/r/a/b", "//b[1]", "//b[@c='q']", "//*[local-name()='a']", "//a[b='2']", "//@c", "//a/text()", "/r/@x", "//a[not(b)]", "//b[contains(., '2')]", "//*[name()='n:a']/b", "//a[last()]", "r//b", "//b[2]", "//a[b and b/@c]"} {
		f.Add(path, body)
	}
	f.Fuzz(func(t *testing.T, path, body string) {
		if len(body) > 2000 || strings.Contains(body, "CDATA") {
			return
		}
		answer := read(limit.New(t.Context()), Outcome{Body: []byte(body)})
		if answer.readXML(); answer.xml == nil || answer.xmlPath(path) == nil {
			return
		}
		var got, want []string
		readable := answer.visit(FromXML, path, func(found value) bool {
			got = append(got, found.text(answer.budget))
			return true
		})
		func() {
			defer func() {
				if recover() != nil {
					want, readable = nil, false
				}
			}()
			for _, node := range xmlquery.QuerySelectorAll(answer.xml, answer.xmlPath(path)) {
				if text := strings.TrimSpace(node.InnerText()); text != "" {
					want = append(want, text)
				}
			}
		}()
		if readable && answer.spent() == "" && !slices.Equal(got, want) {
			t.Fatalf("%s of %s: %q, the library finds %q", path, body, got, want)
		}
	})
}
