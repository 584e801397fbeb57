package provider_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"keydesk/backend/provider"
	"keydesk/backend/request"
	"keydesk/backend/secret"
	"keydesk/backend/verdict"
)

// Each test here is a trap: what a naive implementation of a provider gets wrong
// (RULES.md, Providers).

func wire(t *testing.T, id, choice, chosen string, all bool, text string) string {
	t.Helper()
	p := get(t, id)
	return string(built(t, drafted(t, p, p.Channels[0], choice, chosen, all), text).Wire())
}

func contains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is missing in\n%s", part, text)
		}
	}
}

func without(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if strings.Contains(text, part) {
			t.Errorf("%q is in\n%s", part, text)
		}
	}
}

func judge(t *testing.T, id string, status int, body string, headers ...verdict.Header) provider.Reading {
	t.Helper()
	return get(t, id).Judge(t.Context(), nil, verdict.Outcome{Sent: true, Status: status, Body: []byte(body), Headers: headers})
}

func TestV01TwilioAsksForJSONAndEscapesThePlus(t *testing.T) {
	got := wire(t, "twilio-sms", "", "", false, awkward)
	contains(t, got, "/Messages.json HTTP/1.1\r\n", "To=%2B919812345678&", "Body=Tom+%26+Jerry+%2B+50%25+off+%3D+%C3%A9%0Aline+2+%F0%9F%99%82", "Authorization: Basic ")
	without(t, got, "To=+", "MessagingServiceSid", "ContentSid")
}

func TestV02TwilioWhatsAppPutsJSONInAFormField(t *testing.T) {
	got := wire(t, "twilio-whatsapp", "", "", true, "say \"hi\" {{mobile}}\n")
	contains(t, got, "To=whatsapp%3A%2B919812345678&From=whatsapp%3A%2B14155238886")
	form, err := url.ParseQuery(got[strings.Index(got, "\r\n\r\n")+4:])
	if err != nil {
		t.Fatal(err)
	}
	variables := map[string]string{}
	if err := json.Unmarshal([]byte(form.Get("ContentVariables")), &variables); err != nil {
		t.Fatal(err)
	}
	// The value of a record is never expanded again.
	if variables["1"] != "say \"hi\" {{mobile}}\n" || variables["2"] != variables["1"] || len(variables) != 2 {
		t.Errorf("%q", variables)
	}
}

func TestV03MetaSendsFromTheNumberIDInAChosenVersion(t *testing.T) {
	p := get(t, "meta-whatsapp")
	in := provider.Sample(p, "whatsapp_business", "", "", false)
	in.Values["api_version"] = request.Value{Plain: "v18.0"}
	spec, err := p.Draft(in)
	if err != nil {
		t.Fatal(err)
	}
	got := string(built(t, spec, "").Wire())
	contains(t, got, "POST /v18.0/106540352242922/messages HTTP/1.1\r\n", `"messaging_product":"whatsapp"`, `"to":"919812345678"`)
	in.Values["phone_number_id"] = request.Value{Plain: "+919812345678"}
	if _, err := p.Draft(in); err == nil {
		t.Error("a phone number passes for its id")
	}
	if help := p.Help; !strings.Contains(help, "24 hours") {
		t.Error("the help does not say when free text is taken")
	}
	got = wire(t, "meta-whatsapp", "kind", "template", true, awkward)
	contains(t, got, `"components":[{"type":"body","parameters":[{"type":"text","text":"Tom & Jerry + 50% off = é\nline 2 🙂"},{`)
	without(t, got, `"body":`)
	without(t, wire(t, "meta-whatsapp", "kind", "text", true, "x"), `"template"`)
}

func TestV04Dialog360HasMessagingProductAndItsOwnHeader(t *testing.T) {
	got := wire(t, "360dialog-whatsapp", "", "", false, "x")
	contains(t, got, "POST /messages HTTP/1.1\r\nHost: waba-v2.360dialog.io\r\n", "\r\nD360-API-KEY: ", `"messaging_product":"whatsapp"`)
	// 400 without a body means too fast or unpaid; with one of Meta's errors it
	// means that error.
	r := judge(t, "360dialog-whatsapp", 400, `{"error":{"code":100,"message":"Invalid parameter"}}`)
	if r.Verdict != verdict.Refused || !strings.Contains(r.Reason, "Invalid parameter (code 100)") {
		t.Error(r.Reason)
	}
}

func TestV05MSG91NumberWithoutPlusAndVariablesAsTyped(t *testing.T) {
	got := wire(t, "msg91-flow", "", "", true, awkward)
	contains(t, got, "\r\nauthkey: ", `"recipients":[{"mobiles":"919812345678","VAR1":"Tom & Jerry + 50% off = é\nline 2 🙂"}]`, `"short_url":0`)
	p := get(t, "msg91-flow")
	in := provider.Sample(p, "sms", "", "", false)
	in.Rows["variables"] = []provider.Row{{"Name", "a"}, {"name", "b"}, {"NAME", "c"}}
	spec, err := p.Draft(in)
	if err != nil {
		t.Fatal(err)
	}
	contains(t, string(built(t, spec, "").Body()), `"Name":"a","name":"b","NAME":"c"`)
	in.Rows["variables"] = []provider.Row{{"mobiles", "+14155550100"}}
	if _, err := p.Draft(in); err == nil {
		t.Error("a variable can take the place of the recipient")
	}
	// The HTTP status says nothing; type does.
	for body, want := range map[string]verdict.Verdict{
		`{"type":"success","message":"3763646c3058373530393938"}`:           verdict.Accepted,
		`{"type":"error","message":"Invalid authkey"}`:                      verdict.Refused,
		`{"type":"error","message":"missing","code":"106"}`:                 verdict.Refused,
		`{"type":"error","message":"address not whitelisted","code":"418"}`: verdict.Refused,
		`{"message":"what is this"}`:                                        verdict.Unclear,
	} {
		if r := judge(t, "msg91-flow", 200, body); r.Verdict != want {
			t.Errorf("%s: %s, %s", body, r.Verdict, r.Reason)
		}
	}
}

func TestV06VonageStatusIsTextAndPartsCanDiffer(t *testing.T) {
	got := wire(t, "vonage-sms", "encoding", "unicode", true, awkward)
	contains(t, got, "api_secret=", "&to=919812345678&", "&type=unicode&", "&entity-id=", "&content-id=")
	r := judge(t, "vonage-sms", 200, `{"messages":[{"status":"0","message-id":"A1"},{"status":"0","message-id":"A2"}]}`)
	if r.Verdict != verdict.Accepted || r.MessageID != "A1" || r.Reason != "Accepted by Vonage. Not yet delivered." {
		t.Errorf("%+v", r)
	}
	r = judge(t, "vonage-sms", 200, `{"messages":[{"status":"4","error-text":"Bad Credentials"}]}`)
	if r.Reason != "Refused by Vonage: wrong credentials (status 4)." || r.Field != "api_secret" {
		t.Errorf("%+v", r)
	}
	r = judge(t, "vonage-sms", 200, `{"messages":[{"status":"9"},{"status":"0","message-id":"A2"},{"status":"0","message-id":"A3"}]}`)
	if r.Verdict != verdict.Unclear || r.Reason != "2 of 3 accepted by Vonage. Refused: the balance is used up (status 9)." || r.MessageID != "A2" {
		t.Errorf("%+v", r)
	}
}

func TestV08GupshupJSONInAFormADotInANameAndJSONAsHTML(t *testing.T) {
	got := wire(t, "gupshup-whatsapp", "", "", false, "say \"hi\"")
	contains(t, got, "&src.name=AcmeShop&", "message=%7B%22type%22%3A%22text%22%2C%22text%22%3A%22say+%5C%22hi%5C%22%22%7D", "\r\napikey: ")
	r := judge(t, "gupshup-whatsapp", 202, `{"status":"submitted","messageId":"ee4a68a0-1203-4c85-8dc3-49d0b3226a35"}`, verdict.Header{Name: "Content-Type", Value: "text/html"})
	if r.Verdict != verdict.Accepted || r.MessageID != "ee4a68a0-1203-4c85-8dc3-49d0b3226a35" {
		t.Errorf("%+v", r)
	}
	if !strings.Contains(get(t, "gupshup-whatsapp").Help, "api_key") {
		t.Error("the help does not tell the other name of the key's header")
	}
	r = judge(t, "gupshup-whatsapp", 200, `{"status":"error","message":"Portal User Not Found With APIKey"}`)
	if r.Verdict != verdict.Refused || r.Field != "api_key" || r.Reason != "Refused by Gupshup: the API key is not known (status 200)." {
		t.Errorf("%+v", r)
	}
}

func TestV11PlivoOneDstWithTheNumbersInIt(t *testing.T) {
	got := wire(t, "plivo-sms", "", "", true, "x")
	contains(t, got, "/Message/ HTTP/1.1\r\n", `"dst":"+919812345678<+919812345679<+919812345679"`)
	if strings.Count(got, `"dst"`) != 1 {
		t.Error(got)
	}
	contains(t, wire(t, "plivo-sms", "", "", false, "x"), `"dst":"+919812345678"`)
	p := get(t, "plivo-sms")
	in := provider.Sample(p, "sms", "", "", false)
	in.Values["recipient"] = request.Value{}
	if _, err := p.Draft(in); err == nil {
		t.Error("an empty dst can be drafted")
	}
	r := judge(t, "plivo-sms", 202, `{"message_uuid":["u"],"invalid_number":["91981"],"api_id":"a"}`)
	if r.Verdict != verdict.Unclear {
		t.Errorf("some refused in bulk: %+v", r)
	}
}

func TestV12InfobipHostPerAccountAndRefusalInA200(t *testing.T) {
	contains(t, wire(t, "infobip-sms", "", "", false, "x"), "Host: xyz123.api.infobip.com\r\n", "Authorization: App ")
	if r := judge(t, "infobip-sms", 200, `{"messages":[{"messageId":"1","status":{"groupName":"REJECTED"}}]}`); r.Verdict != verdict.Refused {
		t.Errorf("%+v", r)
	}
}

func TestV13TelnyxNeedsThePlus(t *testing.T) {
	contains(t, wire(t, "telnyx-sms", "", "", false, "x"), `"to":"+919812345678"`)
}

func TestV17SendGridEmptyBodyIsSuccess(t *testing.T) {
	r := judge(t, "sendgrid-email", 202, "", verdict.Header{Name: "X-Message-Id", Value: "14c5d75ce93"})
	if r.Verdict != verdict.Accepted || r.MessageID != "14c5d75ce93" || r.By != verdict.ByProviderRule {
		t.Errorf("%+v", r)
	}
	if r := judge(t, "sendgrid-email", 202, ""); r.Verdict != verdict.Accepted || r.MessageID != "" {
		t.Errorf("without the id: %+v", r)
	}
	contains(t, wire(t, "sendgrid-email", "kind", "template", true, "x"), `"personalizations":[{"to":[{"email":"person@example.com"}],"dynamic_template_data":{"order_number":"x"}}]`, `"template_id":"d-`)
	contains(t, wire(t, "sendgrid-email", "kind", "html", true, "x"), `"content":[{"type":"text/html","value":"x"}]`)
}

func TestV18MailgunRegionAndColons(t *testing.T) {
	got := wire(t, "mailgun-email", "", "", true, awkward)
	contains(t, got, `name="v:order"`, `name="from"`, "Tom & Jerry + 50% off = é\nline 2 🙂")
	p := get(t, "mailgun-email")
	in := provider.Sample(p, "email", "", "", false)
	in.Values["region_host"] = request.Value{Plain: "api.eu.mailgun.net"}
	in.Values["api_key"] = request.Value{Secret: true, Typed: secret.New("key-1")}
	spec, err := p.Draft(in)
	if err != nil {
		t.Fatal(err)
	}
	contains(t, string(built(t, spec, "").Wire()), "Host: api.eu.mailgun.net\r\n", "Authorization: Basic YXBpOmtleS0x\r\n") // computed outside this repository
	for _, status := range []int{401, 404} {
		if r := judge(t, "mailgun-email", status, "Forbidden"); !strings.Contains(r.Reason, "other region") {
			t.Errorf("%d: %s", status, r.Reason)
		}
	}
}

func TestV19PostmarkErrorCodes(t *testing.T) {
	contains(t, wire(t, "postmark-email", "", "", false, "x"), "\r\nX-Postmark-Server-Token: ", `"TextBody":"x"`)
	r := judge(t, "postmark-email", 422, `{"ErrorCode":406,"Message":"inactive"}`)
	if r.Verdict != verdict.Refused || r.ErrorCode != "406" || r.Reason != "Refused by Postmark: this recipient is inactive (code 406)." {
		t.Errorf("%+v", r)
	}
	if r := judge(t, "postmark-email", 200, `{"ErrorCode":300,"Message":"no"}`); r.Verdict != verdict.Refused {
		t.Errorf("an error in a 200: %+v", r)
	}
}

func TestV20BrevoLowerCaseHeader(t *testing.T) {
	contains(t, wire(t, "brevo-email", "", "", false, "x"), "\r\napi-key: ")
}

func TestV21ResendKeyPatternAndUnverifiedAnswer(t *testing.T) {
	p := get(t, "resend-email")
	in := provider.Sample(p, "email", "", "", false)
	in.Values["api_key"] = request.Value{Secret: true, Typed: secret.New("sk_live_1234567890")}
	if _, err := p.Draft(in); err == nil || strings.Contains(err.Error(), "sk_live") {
		t.Errorf("a key of another kind: %v", err)
	}
	if r := judge(t, "resend-email", 200, `{"id":"49a3999c"}`); r.Verdict != verdict.Unclear {
		t.Errorf("an unverified answer is %s", r.Verdict)
	}
	// A rule of the person may accept it.
	rule := &verdict.Rule{Status: "200", Conditions: []verdict.Condition{{From: verdict.FromJSON, Path: "$.id", Test: verdict.Present}}}
	if r := p.Judge(t.Context(), rule, verdict.Outcome{Sent: true, Status: 200, Body: []byte(`{"id":"1"}`)}); r.Verdict != verdict.Accepted || r.By != verdict.BySetupRule {
		t.Errorf("%+v", r)
	}
}

func TestV22AiSensyKeyInsideTheBody(t *testing.T) {
	contains(t, wire(t, "aisensy-whatsapp", "", "", true, "x"), `{"apiKey":"simulated-`, `"templateParams":["x","x"]`)
}

func TestV23InteraktKeyIsNotEncodedAgainAndTheNumberIsSplit(t *testing.T) {
	p := get(t, "interakt-whatsapp")
	in := provider.Sample(p, "whatsapp_business", "", "", false)
	in.Values["api_key"] = request.Value{Secret: true, Typed: secret.New("aW50ZXJha3Q6a2V5")}
	spec, err := p.Draft(in)
	if err != nil {
		t.Fatal(err)
	}
	contains(t, string(built(t, spec, "").Wire()), "Authorization: Basic aW50ZXJha3Q6a2V5\r\n", `"countryCode":"+91","phoneNumber":"9812345678"`)
}

func TestV27SinchRegionAndPlanInTheURL(t *testing.T) {
	p := get(t, "sinch-sms")
	in := provider.Sample(p, "sms", "region", "eu", false)
	spec, err := p.Draft(in)
	if err != nil {
		t.Fatal(err)
	}
	contains(t, string(built(t, spec, "").Wire()), "POST /xms/v1/0123456789abcdef0123456789abcdef/batches HTTP/1.1\r\nHost: eu.sms.api.sinch.com\r\n")
}

// T8: a 403 that the file's table explains is told in its words, with its field.
func TestProbeUsesTheTableForA403(t *testing.T) {
	text := replaced(t, own, "errors:\n", "errors:\n  - {status: 403, words: this key is of another region, do: Check the region., field: region, mark: C}\n",
		"throttled, probe]", "throttled]\nprobe:\n  says: asks\n  mark: C\n  request: {method: GET, url: 'https://{{region}}.acme.example/{{key}}/me', auth: {type: none}}\n  success: {status: '200'}")
	p, faults := provider.Load("acme.yaml", []byte(text))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if c := p.ReadProbe(t.Context(), verdict.Outcome{Sent: true, Status: 403}); c.Validity != provider.Invalid || c.Reason != "Refused by Acme: this key is of another region (status 403)." || c.Field != "region" {
		t.Errorf("%+v", c)
	}
	// T2: a sign-in page of the network proves no credential.
	page := verdict.Outcome{Sent: true, Status: 200, Body: []byte("<!doctype html><title>Sign in</title>")}
	if c := p.ReadProbe(t.Context(), page); c.Validity != provider.NotTestable {
		t.Errorf("by a web page: %+v", c)
	}
	p, _ = provider.Load("acme.yaml", []byte(strings.Replace(text, "{status: 403", "{status: 402", 1)))
	if c := p.ReadProbe(t.Context(), verdict.Outcome{Sent: true, Status: 403}); c.Validity != provider.Invalid || c.Reason != "Acme knows this credential but does not let it do this (status 403)." || c.Field != "" {
		t.Errorf("%+v", c)
	}
}
