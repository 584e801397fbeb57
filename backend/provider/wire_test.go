package provider_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keydesk/backend/provider"
	"keydesk/backend/request"
)

var update = flag.Bool("update", false, "write the golden pages under testdata")

// awkward is the input for escaping (RULES.md, Providers).
const awkward = "Tom & Jerry + 50% off = é\nline 2 🙂"

var env = request.Env{Country: "IN", Now: time.Unix(1700000000, 0), Location: time.UTC, UUID: "018bcfe5-6800-7000-8000-000000000001",
	Boundary: "keydeskboundary01", UserAgent: "Keydesk/1.0"}

func get(t testing.TB, id string) *provider.Provider {
	t.Helper()
	p, err := catalogue.Get(id)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

var catalogue = provider.New(nil)

// record holds the values of a call, which the fields of the message take.
func record(text string) map[string]string {
	return map[string]string{"Mobile": "098123 45678", "Text": text}
}

// drafted makes a spec whose number and texts come from the record.
func drafted(t testing.TB, p *provider.Provider, channel, choice, chosen string, all bool) request.Spec {
	t.Helper()
	in := provider.Sample(p, channel, choice, chosen, all)
	for _, f := range p.Fields {
		if _, given := in.Values[f.ID]; !given {
			continue
		}
		switch {
		case f.ID == p.Recipient && f.Kind == provider.PhoneField:
			in.Values[f.ID] = request.Value{Plain: "{{mobile}}"}
		case f.Kind == provider.LongField, f.ID == "subject", f.ID == "user_name":
			in.Values[f.ID] = request.Value{Plain: "{{text}}"}
		}
	}
	for id, rows := range in.Rows {
		for i := range rows {
			if id != "more" {
				rows[i].Value = "{{text}}"
			}
		}
	}
	spec, err := p.Draft(in)
	if err != nil {
		t.Fatalf("%s: %v", p.ID, err)
	}
	used := fmt.Sprint(spec.Fixed)
	for _, row := range []request.StageParam{{ID: "s1", Variable: "mobile", Field: "Mobile"}, {ID: "s2", Variable: "text", Field: "Text"}} {
		if strings.Contains(used, "{{"+row.Variable+"}}") { // one nobody mentions would be sent (R2)
			spec.StageParams = append(spec.StageParams, row)
		}
	}
	if faults := request.Check(spec, []string{"Mobile", "Text"}); len(faults) > 0 {
		t.Fatalf("%s: %v", p.ID, faults)
	}
	return spec
}

// built is the request for a text; it must be ready to send.
func built(t testing.TB, spec request.Spec, text string) *request.Rendered {
	t.Helper()
	rendered := request.Build(spec, record(text), env)
	if err := rendered.Err(); err != nil {
		t.Fatal(err)
	}
	return rendered
}

// The exact bytes of every provider, in each channel and kind of message, for
// a fixed input and for the input for escaping. People read the page: a change
// in it is a change in what is sent.
func TestWire(t *testing.T) {
	var page strings.Builder
	for _, p := range catalogue.List() {
		for _, channel := range p.Channels {
			choices := [][2]string{{"", ""}}
			if f, found := p.Field("kind"); found {
				choices = nil
				for _, c := range f.Choices {
					choices = append(choices, [2]string{"kind", c})
				}
			}
			for _, c := range choices {
				few := ""
				for _, all := range []bool{false, true} {
					spec := drafted(t, p, channel, c[0], c[1], all)
					if now := show(built(t, spec, "Hello")); now == few {
						continue
					} else {
						few = now
					}
					fmt.Fprintf(&page, "######## %s %s %s all=%v\n%s\n\n", p.ID, channel, c[1], all, show(built(t, spec, "Hello")))
					fmt.Fprintf(&page, "-------- the escaping input\n%s\n\n", show(built(t, spec, awkward)))
				}
			}
		}
		if p.Probe != nil {
			spec, _, _ := p.ProbeRequest(provider.Sample(p, p.Channels[0], "", "", false).Values)
			fmt.Fprintf(&page, "######## %s probe\n%s\n\n", p.ID, show(built(t, spec, "")))
		}
	}
	golden(t, "wire.txt", page.String())
}

func show(r *request.Rendered) string {
	scheme, host, port := r.Host()
	return fmt.Sprintf("%s://%s:%s\n%s", scheme, host, port, strings.ReplaceAll(string(r.Wire()), "\r\n", "\n"))
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Error(diff)
	}
}
