package curl_test

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"keydesk/backend/curl"
)

// The longest line that may be pasted costs little, whatever is repeated in it:
// nothing is compared with all before it (RULES.md, Bounds). The bound is far above
// what a line takes and far below the minutes that the worst ones took.
func TestReadIsBounded(t *testing.T) {
	full := func(text string) string { return strings.Repeat(text, (curl.MaxLine-200)/len(text)) }
	const key = "sk_live_1234567890abcdefghij"
	for name, line := range map[string]string{
		"secrets in a path":      "curl http://x.example/" + full(key+"/"),
		"secrets in a query":     "curl 'http://x.example/?" + full("token="+key+"&") + "%zz'",
		"secrets in a form":      "curl x.example -d '" + full("token="+key+"&") + "'",
		"secrets in JSON":        "curl x.example -H 'Content-Type: application/json' -d '{" + full(`"token":"`+key+`",`) + `"b":1}'`,
		"secrets in headers":     "curl x.example " + full("-H 'token: "+key+"' "),
		"parts":                  "curl x.example -H 'Content-Type: multipart/form-data; boundary=b' --data-binary $'" + full(`--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n`) + "--b--'",
		"form parts":             "curl x.example " + full("-F token="+key+" "),
		"options":                "curl x.example " + full("-d a=b "),
		"addresses":              "curl " + full("http://x.example "),
		"short options":          "curl -" + full("v") + " x.example",
		"assignments":            full("A=1 ") + "curl x.example",
		"backslashes":            "curl x.example -d " + full(`\`),
		"quotes":                 "curl x.example -d '" + full(`'\''`) + "'",
		"continued lines":        "curl x.example \\\n" + full("-v \\\n"),
		"prompts":                full("$ ") + "curl x.example",
		"fences":                 full("```\n") + "curl x.example",
		"brackets":               "curl x.example -d '" + strings.Repeat(`{"a":`, 9000) + "1" + strings.Repeat("}", 9000) + "'",
		"doubled quotes":         `curl x.example -d "` + full(`{""a"":`) + `"`,
		"carets":                 "curl x.example ^\r\n" + full("^\r\n "),
		"percent signs":          "curl x.example -d " + full("%AB%"),
		"braces in the address":  "curl " + full("{a,b}"),
		"escaped characters":     "curl x.example -d $'" + full(`\u00e9`) + "'",
		"cookies":                "curl x.example -b '" + full("token="+key+"; ") + "'",
		"commands one by one":    full("curl x.example; "),
		"PowerShell's backticks": "PS> curl.exe x.example " + full("`\r\n "),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		began := time.Now()
		_, _ = curl.Read(line)
		took := time.Since(began)
		runtime.ReadMemStats(&after)
		if bytes := after.TotalAlloc - before.TotalAlloc; took > 20*time.Second || bytes > 1<<30 {
			t.Errorf("%s: %v, %d MiB", name, took, bytes>>20)
		}
	}
}
