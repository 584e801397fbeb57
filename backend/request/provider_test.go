package request_test

import (
	"testing"

	"keydesk/backend/request"
)

// Providers' bodies that are hard to express as a request, as exact bytes for a
// value with quotes, an ampersand and a line break.
func TestProviderShapesCanBeExpressed(t *testing.T) {
	vars := []request.StageParam{{Variable: "m", Field: "Mobile"}, {Variable: "t", Field: "Text"}, {Variable: "amount", Field: "Amount"}}
	record := map[string]string{"Mobile": "+919812345678", "Text": "\"A & B\"\n", "Amount": "5"}
	rows := func(pairs ...string) (out []request.Param) {
		for i := 0; i < len(pairs); i += 2 {
			out = append(out, request.Param{Name: pairs[i], Value: plain(pairs[i+1])})
		}
		return out
	}
	typed := func(p []request.Param, i int, kind request.ParamType) []request.Param {
		p[i].Type = kind
		return p
	}
	for _, test := range []struct {
		name   string
		format request.BodyFormat
		params []request.Param
		want   string
	}{
		{"V02 Twilio WhatsApp: JSON text inside a form field", request.FormBody,
			typed(rows("To", "whatsapp:{{m|e164}}", "ContentSid", "HX1", "ContentVariables", `{"1":"{{t}}","2":{{amount}}}`), 2, request.JSONParam),
			`To=whatsapp%3A%2B919812345678&ContentSid=HX1&ContentVariables=%7B%221%22%3A%22%5C%22A+%26+B%5C%22%5Cn%22%2C%222%22%3A5%7D`},
		{"V03 Meta: nested JSON", request.JSONBody, rows("messaging_product", "whatsapp", "to", "{{m|digits}}", "text.body", "{{t}} {{amount}}"),
			`{"messaging_product":"whatsapp","to":"919812345678","text":{"body":"\"A & B\"\n 5"}}`},
		{"V05 MSG91: rows of a list, a number", request.JSONBody,
			typed(rows("template_id", "T1", "short_url", "0", "recipients[0].mobiles", "{{m|digits}}", "recipients[0].VAR1", "{{t}}", "recipients[0].amount", "{{amount}}"), 1, request.NumberParam),
			`{"template_id":"T1","short_url":0,"recipients":[{"mobiles":"919812345678","VAR1":"\"A & B\"\n","amount":"5"}]}`},
		{"V08 Gupshup: a dot in a name, JSON in a form", request.FormBody,
			typed(rows(`src\.name`, "shop {{amount}}", "destination", "{{m|digits}}", "message", `{"type":"text","text":"{{t}}"}`), 2, request.JSONParam),
			`src.name=shop+5&destination=919812345678&message=%7B%22type%22%3A%22text%22%2C%22text%22%3A%22%5C%22A+%26+B%5C%22%5Cn%22%7D`},
		{"V17 SendGrid: lists in lists", request.JSONBody, rows("personalizations[0].to[0].email", "a@b.test", "content[0].type", "text/plain", "content[0].value", "{{t}}{{m}}{{amount}}"),
			`{"personalizations":[{"to":[{"email":"a@b.test"}]}],"content":[{"type":"text/plain","value":"\"A & B\"\n+9198123456785"}]}`},
		{"V18 Mailgun: colons in names", request.MultipartBody, rows("o:tag", "{{amount}}", "v:my-var", "{{t}}{{m}}"),
			"--B\r\nContent-Disposition: form-data; name=\"o:tag\"\r\n\r\n5\r\n--B\r\nContent-Disposition: form-data; name=\"v:my-var\"\r\n\r\n\"A & B\"\n+919812345678\r\n--B--\r\n"},
		{"V23 Interakt: one number split in two", request.JSONBody, rows("countryCode", "+{{m|country}}", "phoneNumber", "{{m|national}}", "bodyValues[0]", "{{t}}", "bodyValues[1]", "{{amount}}"),
			`{"countryCode":"+91","phoneNumber":"9812345678","bodyValues":["\"A & B\"\n","5"]}`},
	} {
		spec := request.Spec{Method: "POST", URL: "https://a.test/", BodyFormat: test.format, Params: test.params, StageParams: vars}
		rendered := request.Build(spec, record, request.Env{Country: "IN", Boundary: "B"})
		if got := string(rendered.Body()); got != test.want || rendered.Err() != nil {
			t.Errorf("%s:\n got %s\nwant %s\n%v", test.name, got, test.want, rendered.Err())
		}
	}
}
