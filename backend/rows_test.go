package backend_test

import (
	"fmt"
	"strings"
	"testing"

	"keydesk/backend/call"
	"keydesk/backend/provider"
	"keydesk/backend/request"
	"keydesk/backend/setup"
)

// A draft with more rows than a list can have is refused before anything is made
// of it, whatever is asked of it: work on rows grows with their square, so that
// 100,000 took minutes.
func TestTooManyRowsAreRefusedAtOnce(t *testing.T) {
	d := newDesk(t)
	const many = 100_000
	d.own(t, acmeFile("http://127.0.0.1:1"))
	provided, _ := d.provided(t, "acme-sms", nil)
	plain := draft(d.place, d.stage, "http://127.0.0.1:1")
	for _, test := range []struct {
		list, at string
		fill     func(*setup.Draft)
	}{
		{"headers", "draft.request.headers", func(draft *setup.Draft) {
			for i := range many {
				draft.Request.Headers = append(draft.Request.Headers, request.Header{Name: fmt.Sprint("X-", i), Value: request.Value{Plain: "{{mobile}}"}})
			}
		}},
		{"parameters", "draft.request.params", func(draft *setup.Draft) {
			for i := range many {
				draft.Request.Params = append(draft.Request.Params, request.Param{Name: fmt.Sprint("p", i), Value: request.Value{Plain: "{{mobile}}"}})
			}
		}},
		{"stage parameters", "draft.request.stage_params", func(draft *setup.Draft) {
			for i := range many {
				draft.Request.StageParams = append(draft.Request.StageParams, request.StageParam{Variable: fmt.Sprint("v", i), Default: "x"})
			}
		}},
		{"fixed fields", "draft.request.fixed", func(draft *setup.Draft) {
			for i := range many {
				draft.Request.Fixed = append(draft.Request.Fixed, request.Field{Name: fmt.Sprint("f", i), Value: request.Value{Plain: "x"}})
			}
		}},
		{"values of a form", "draft.provider", func(draft *setup.Draft) {
			entered := provider.Entered{}
			for i := range many {
				entered.Values = append(entered.Values, provider.FieldValue{ID: fmt.Sprint("f", i), Value: request.Value{Plain: "x"}})
			}
			draft.Entered = &entered
		}},
		{"rows of a form", "draft.provider", func(draft *setup.Draft) {
			rows := make([]provider.Row, many)
			for i := range rows {
				rows[i] = provider.Row{Name: strings.Repeat("a", 1+i%50), Value: "x"}
			}
			draft.Entered = &provider.Entered{Tables: []provider.Table{{ID: "variables", Rows: rows}}}
		}},
	} {
		for kind, one := range map[string]setup.Draft{"by hand": plain, "of a provider": provided} {
			test.fill(&one)
			_, preview := d.Ops.Setup.Preview(atWindow(t), setup.PreviewInput{Draft: one})
			_, curl := d.Ops.Setup.Curl(atWindow(t), setup.CurlInput{Draft: one, Shell: "posix"})
			_, create := d.Ops.Setup.Create(atWindow(t), setup.CreateInput{Draft: one})
			_, fire := d.Ops.Call.Test(atWindow(t), call.TestInput{Draft: &one})
			_, simulate := d.Ops.Call.Test(atWindow(t), call.TestInput{Draft: &one, Simulate: provider.Accepted})
			_, check := d.Ops.Call.Check(atWindow(t), call.CheckInput{Draft: &one})
			_, apply := d.Ops.Setup.Apply(atWindow(t), setup.ApplyInput{Draft: one, Provider: "acme-sms"})
			_, imported := d.Setups.ImportDraft(atWindow(t), setup.ImportInput{Draft: one})
			for how, err := range map[string]error{"preview": preview, "curl": curl, "create": create, "test": fire, "simulate": simulate, "check": check, "apply": apply, "import": imported} {
				// The gate refuses so many values of a form before the use case.
				if codeOf(err) != "setup.invalid" && codeOf(err) != "keydesk.invalid" || !strings.Contains(err.Error(), test.at) && !strings.Contains(err.Error(), "draft.entered.values") {
					t.Errorf("%s %s, %s: %.200v", test.list, kind, how, err)
				}
			}
		}
		other := provided
		test.fill(&other)
		if _, err := d.Ops.Setup.Apply(atWindow(t), setup.ApplyInput{Draft: provided, Provider: "acme-sms", Entered: other.Entered}); test.at == "draft.provider" && codeOf(err) != "setup.invalid" {
			t.Errorf("%s entered: %.200v", test.list, err)
		}
	}
}
