package provider

import (
	"slices"
	"strings"

	"keydesk/backend/request"
)

// Detached is a request without its provider. Literal fields become custom
// parameters that are sent nowhere and serve as {{name}} (R3); the texts of
// messages replace their names. It sends the same as before. A stored secret
// stays with its row, which keeps the field's id.
func Detached(spec request.Spec) request.Spec {
	texts := map[string]string{}
	params := append([]request.Param{}, spec.Params...)
	for _, f := range spec.Fixed {
		if f.Template && strings.Contains(f.Value.Plain, "{{") || f.Value.IsEmpty() {
			texts[f.Name] = f.Value.Plain
		} else {
			params = append(params, request.Param{ID: f.ID, Name: f.Name, Value: f.Value, In: request.ParamNowhere})
		}
	}
	written := func(v request.Value, inJSON bool) request.Value {
		if !v.Secret {
			v.Plain = request.WriteOut(v.Plain, texts, inJSON)
		}
		return v
	}
	spec.Headers = append([]request.Header{}, spec.Headers...)
	for i := range spec.Headers {
		spec.Headers[i].Value = written(spec.Headers[i].Value, false)
	}
	spec.Params = []request.Param{}
	for _, q := range params {
		if q.In != request.ParamNowhere {
			if q.Optional && slices.ContainsFunc(request.Names(q.Value.Plain), func(name string) bool {
				text, known := texts[name]
				return known && text == ""
			}) {
				continue // nothing was ever sent for it
			}
			q.Value = written(q.Value, q.Type == request.JSONParam)
		}
		spec.Params = append(spec.Params, q)
	}
	spec.URL = request.WriteOut(spec.URL, texts, false)
	spec.RawBody = request.WriteOut(spec.RawBody, texts, spec.BodyFormat == request.RawJSON)
	spec.Fixed = []request.Field{}
	return spec
}
