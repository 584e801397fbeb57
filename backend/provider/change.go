package provider

import (
	"slices"
	"strings"

	"keydesk/backend/request"
)

// Change is one difference between a request and what the provider's file
// makes today. It never holds a secret.
type Change struct {
	What string `json:"what"`
	From string `json:"from"`
	To   string `json:"to"`
}

// differences lists in words how the request of the file differs from the
// present one.
func differences(now, file request.Spec) []Change {
	list := []Change{}
	add := func(what, from, to string) {
		if from != to {
			list = append(list, Change{what, from, to})
		}
	}
	shown := func(v request.Value) string {
		if v.Secret {
			return "(secret)"
		}
		return v.Plain
	}
	auth := func(a request.Auth) string {
		words := []string{string(a.Type)}
		for _, text := range []string{a.KeyName, shown(a.KeyValue), string(a.AddTo), a.HeaderPrefix, shown(a.Token), a.Username, shown(a.Password)} {
			if text != "" {
				words = append(words, text)
			}
		}
		return strings.Join(words, " ")
	}
	add("Method Type", now.Method, file.Method)
	add("API URL", now.URL, file.URL)
	add("Body format", string(now.BodyFormat), string(file.BodyFormat))
	add("Body", now.RawBody, file.RawBody)
	add("Authentication", auth(now.Auth), auth(file.Auth))
	compare := func(what string, a, b map[string]string, order []string) {
		for _, name := range order {
			add(what+" "+name, a[name], b[name])
		}
	}
	headers := func(list []request.Header) (map[string]string, []string) {
		out, order := map[string]string{}, []string{}
		for _, h := range list {
			out[h.Name] += shown(h.Value)
			order = append(order, h.Name)
		}
		return out, order
	}
	params := func(list []request.Param) (map[string]string, []string) {
		out, order := map[string]string{}, []string{}
		for _, q := range list {
			out[q.Name] += shown(q.Value)
			order = append(order, q.Name)
		}
		return out, order
	}
	a, orderA := headers(now.Headers)
	b, orderB := headers(file.Headers)
	compare("Header", a, b, once(orderA, orderB))
	c, orderC := params(now.Params)
	d, orderD := params(file.Params)
	compare("Parameter", c, d, once(orderC, orderD))
	return list
}

func once(lists ...[]string) []string {
	out := []string{}
	for _, list := range lists {
		for _, name := range list {
			if !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	return out
}
