package request_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"keydesk/backend/request"
)

// FuzzTemplate: the scanner never panics, returns escaped text unchanged, loses
// nothing, and stays linear.
func FuzzTemplate(f *testing.F) {
	for _, seed := range []string{"", "{{a}}", `\{{a}}`, "{{{a}}}", "{{a|e164}} {{a|date:dd-MM-yyyy}}", "{{$uuid}}", "{{", "{{{{{{", "}}", `\\{{a}}`, "{{a\n}}", "{{a|}}", "{{é}}\xff", "{{मोबाइल}}"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		literal, variables, faults := request.Scan(request.Escape(text))
		if literal != text || len(variables)+len(faults) != 0 {
			t.Errorf("escaped %q came back as %q with %q and %q", text, literal, variables, faults)
		}
		literal, variables, _ = request.Scan(text)
		kept := len(literal) + len(strings.Join(variables, ""))
		if dropped := strings.Count(text, `\{{`); kept < len(text)-dropped || kept > len(text) {
			t.Errorf("%q: %d of %d bytes kept, %d backslashes", text, kept, len(text), dropped)
		}
		for _, v := range variables {
			if !strings.HasPrefix(v, "{{") || !strings.HasSuffix(v, "}}") || !strings.Contains(text, v) {
				t.Errorf("%q: variable %q", text, v)
			}
		}
	})
}

// A page of opening braces is read in time proportional to its length.
func TestScannerIsLinear(t *testing.T) {
	for _, unit := range []string{"{{", "{{a", "{{a|", `\{{`, "{", "{{a}", "{{ "} {
		took := func(n int) time.Duration {
			best := time.Hour
			text := strings.Repeat(unit, n/len(unit))
			for range 3 {
				start := time.Now()
				request.Scan(text)
				best = min(best, time.Since(start))
			}
			return best
		}
		small, large := took(1<<16), took(1<<20)
		// 16 times the text; quadratic would be 256 times, and seconds.
		if large > 100*small+100*time.Millisecond {
			t.Errorf("%q: %v for 64 KiB, %v for 1 MiB", unit, small, large)
		}
	}
}

// The largest bodies a page could hold are rendered, checked and shown at
// once, however they are made.
func TestLargestBodiesAreRenderedAtOnce(t *testing.T) {
	const largest = request.MaxRawBody / 2
	var undefined, wrong strings.Builder
	for i := 0; undefined.Len() < largest-20; i++ {
		fmt.Fprintf(&undefined, "{{u%d}}", i)
		fmt.Fprintf(&wrong, "{{u %d", i)
	}
	for name, body := range map[string]string{
		"one variable":        strings.Repeat("{{x}}", largest/5),
		"two variables":       strings.Repeat("{{x}}{{y}}", largest/10),
		"empty ones":          strings.Repeat("{{z}}", largest/5),
		"undefined ones":      undefined.String(),
		"wrong ones":          wrong.String(),
		"quotes in raw JSON":  `"` + strings.Repeat(`\"{{x}}`, largest/8) + `"`,
		"sections in raw XML": strings.Repeat("<![CDATA[{{x}}]]>", largest/17),
	} {
		format := request.RawText
		if strings.HasPrefix(body, `"`) {
			format = request.RawJSON
		} else if strings.HasPrefix(body, "<") {
			format = request.RawXML
		}
		spec := request.Spec{Method: "POST", URL: "http://a.test/", BodyFormat: format, RawBody: body,
			StageParams: []request.StageParam{{Variable: "x", Default: "1"}, {Variable: "y", Default: "2"}, {Variable: "z", Field: "Z"}}}
		start := time.Now()
		rendered := request.Build(spec, nil, testEnv)
		_, _, _ = rendered.Preview(), rendered.Err(), rendered.Curl(request.POSIX)
		took := time.Since(start)
		if took > 5*time.Second {
			t.Errorf("%s as %s took %v", name, format, took)
		}
	}
}

// FuzzJSONPath: whatever the names, the body is valid JSON, and if there is no
// complaint each name's value is in it.
func FuzzJSONPath(f *testing.F) {
	for _, seed := range []string{"a", "a.b\na[0]", "a[0].b\na[1].b", `src\.name`, "a\na", "a[", "a]", "[0]", "a[0][1]\na[0][0]", `a\`, `a\\.b`, "a[999]", "é.🙂", "a.b.c\na.b", "\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		names := strings.Split(text, "\n")
		if len(names) > request.MaxRows {
			t.Skip()
		}
		body, complaints := request.BuildJSON(names)
		if !json.Valid([]byte(body)) {
			t.Fatalf("%q gives %q", names, body)
		}
		if len(complaints) > 0 {
			return
		}
		decoder := json.NewDecoder(bytes.NewReader([]byte(body)))
		values := 0
		for {
			token, err := decoder.Token()
			if err != nil {
				break
			}
			if number, is := token.(float64); is && number == 0 {
				values++
			}
		}
		if values != len(names) {
			t.Errorf("%q: %d values in %s", names, values, body)
		}
	})
}

// Build is a pure function: equal arguments give equal bytes and an equal
// preview, whatever the setup; and Check accepts every rendering that may be
// sent.
func TestBuildIsDeterministic(t *testing.T) {
	sendable := 0
	rapid.Check(t, func(t *rapid.T) {
		kind := []string{"a", "{{x}}", "é 🙂", "\"<&>'", "1", "{{$uuid}}", "{{y|upper}}", "+%+", `\{{`, "/", "b=c"}
		if rapid.IntRange(0, 3).Draw(t, "bad") == 0 {
			kind = append(kind, "{{", "\r\n", "{{nobody}}", "\x00", "", "..", "#")
		}
		word := rapid.SampledFrom(kind)
		name := rapid.Map(rapid.IntRange(0, 30), func(n int) string {
			return []string{"p", `q\.r`, "s.t[0]", "s.t[1]", "s.u", "v v", "ü", "", "X A", "s", "Host", "X-Tag"}[max(0, n-19)] + fmt.Sprint(n)
		})
		value := rapid.Custom(func(t *rapid.T) request.Value {
			text := strings.Join(rapid.SliceOfN(word, 0, 3).Draw(t, "words"), "")
			if rapid.Bool().Draw(t, "secret") {
				return hidden(text)
			}
			return plain(text)
		})
		spec := matrixSpec(rapid.SampledFrom(methods).Draw(t, "method"), rapid.SampledFrom(formats).Draw(t, "format"), rapid.SampledFrom(auths).Draw(t, "auth").auth)
		spec.URL = "https://a.test/" + word.Draw(t, "path") + "?" + word.Draw(t, "query")
		spec.RawBody = word.Draw(t, "raw") + word.Draw(t, "raw")
		for range rapid.IntRange(0, 5).Draw(t, "rows") {
			spec.Params = append(spec.Params, request.Param{Name: name.Draw(t, "name"), Value: value.Draw(t, "value"),
				Type:     rapid.SampledFrom([]request.ParamType{"", "", "", "", "number", "boolean", "json"}).Draw(t, "type"),
				In:       rapid.SampledFrom([]request.ParamIn{"", "", "", "query", "query", "body", "nowhere"}).Draw(t, "in"),
				Optional: rapid.Bool().Draw(t, "optional")})
			spec.Headers = append(spec.Headers, request.Header{Name: "X-" + fmt.Sprint(rapid.IntRange(0, 5).Draw(t, "header")), Value: value.Draw(t, "header value")})
		}
		spec.StageParams = append(spec.StageParams, request.StageParam{Variable: "x", Field: "X", Default: word.Draw(t, "default")}, request.StageParam{Variable: "y", Field: "Y"})
		record := maps.Clone(testRecord)
		record["X"], record["Y"] = word.Draw(t, "x"), word.Draw(t, "y")
		one, two := request.Build(spec, record, testEnv), request.Build(spec, record, testEnv)
		if !bytes.Equal(one.Wire(), two.Wire()) {
			t.Fatal("two renderings differ")
		}
		first, _ := json.Marshal(one.Preview())
		second, _ := json.Marshal(two.Preview())
		if !bytes.Equal(first, second) || one.Curl(request.POSIX) != two.Curl(request.POSIX) {
			t.Fatal("two previews differ")
		}
		if p := one.Preview(); !p.SecretsUncounted && p.TotalBytes != len(one.Wire()) {
			t.Fatalf("preview counts %d bytes of %d", p.TotalBytes, len(one.Wire()))
		}
		if one.Err() == nil && len(request.Check(spec, nil)) > 0 {
			t.Fatal("may be sent though Check refuses it")
		}
		if req, err := one.HTTPRequest(t.Context()); err == nil {
			sendable++
			var written bytes.Buffer
			if err := req.Write(&written); err != nil || !bytes.Equal(written.Bytes(), one.Wire()) {
				t.Fatalf("%v: net/http would write\n%s\nnot\n%s", err, written.Bytes(), one.Wire())
			}
		}
	})
	t.Logf("%d setups could be sent", sendable)
	if sendable < 5 {
		t.Errorf("only %d of the random setups could be sent", sendable)
	}
}
