package demo

import (
	"github.com/google/uuid"

	"keydesk/backend/provider"
	"keydesk/backend/request"
	"keydesk/backend/secret"
	"keydesk/backend/setup"
	"keydesk/backend/verdict"
)

// one is a setup of the demo office and the stage it belongs to. A provider's
// file makes its request, or the request is given here.
type one struct {
	name, place, stage string
	channel            setup.Channel
	provider           string
	values             map[string]string
	rows               map[string][]provider.Row
	request            request.Spec
	rule               *verdict.Rule
	// takes are the variables of the request, each with its stage field and
	// Default Value.
	takes []request.StageParam
}

// draft makes the draft of the setup, enabled, without its place.
func (o one) draft(providers *provider.Service) (setup.Draft, error) {
	out := setup.Draft{Name: o.name, Channel: o.channel, Provider: o.provider, Enabled: true, Request: o.request, Rule: o.rule}
	if o.provider != "" {
		p, err := providers.Get(o.provider)
		if err != nil {
			return out, err
		}
		out.ProviderVersion = p.Version
		in := provider.Input{Channel: string(o.channel), Values: map[string]request.Value{}, Rows: o.rows}
		for _, field := range p.Fields {
			text := o.values[field.ID]
			if field.Secret {
				// A stand-in, which the simulator accepts, opens nothing at the provider.
				in.Values[field.ID] = hidden(p.StandIn(field))
			} else if text != "" {
				in.Values[field.ID] = request.Value{Plain: text}
			}
		}
		if out.Request, err = p.Draft(in); err != nil {
			return out, err
		}
	}
	out.Request.StageParams = o.takes
	return out, nil
}

func takes(variable, field, otherwise string) request.StageParam {
	return request.StageParam{ID: newID(), Variable: variable, Field: field, Default: otherwise}
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }

func text(name, value string) request.Param {
	return request.Param{ID: newID(), Name: name, Value: request.Value{Plain: value}}
}

func hidden(value string) request.Value {
	return request.Value{Secret: true, Typed: secret.New(value)}
}

func form(url string, auth request.Auth, params ...request.Param) request.Spec {
	return request.Spec{Method: "POST", URL: url, BodyFormat: request.FormBody, Auth: auth, Params: params}
}

// setups are the ten: six with a provider, one for each kind of form, and four
// that show what a request written by hand looks like and how answers can
// mislead.
func setups(base string) []one {
	mobile, customer := takes("mobile", "Mobile", "+919812345678"), takes("customer", "Customer name", "Customer")
	order, amount := takes("order", "Order number", "ORD-10482"), takes("amount", "Amount", "1499.50")
	invoice, person := takes("invoice", "Invoice number", "INV-2026-0317"), takes("person", "E-mail", "asha.verma@example.com")
	patient, day := takes("patient", "Patient name", "Customer"), takes("day", "Appointment date", "2026-12-02")
	to := text("to", "{{mobile}}")
	accepted := &verdict.Rule{Status: "201", Conditions: []verdict.Condition{{From: verdict.FromJSON, Path: "$.id", Test: verdict.Present}}, MessageID: verdict.Extractor{From: verdict.FromJSON, Path: "$.id"}}
	statusInBody := &verdict.Rule{
		Status: "200", Conditions: []verdict.Condition{{From: verdict.FromJSON, Path: "$.status", Test: verdict.Equals, Value: "0"}},
		ErrorCode: verdict.Extractor{From: verdict.FromJSON, Path: "$.status"}, ErrorText: verdict.Extractor{From: verdict.FromJSON, Path: "$.error"},
	}
	query := request.Auth{Type: request.APIKey, KeyName: "key", KeyValue: hidden("demo-api-key-query"), AddTo: request.InQuery}
	body := request.Auth{Type: request.APIKey, KeyName: "apikey", KeyValue: hidden("demo-api-key-body"), AddTo: request.InBody}
	fetched := request.Auth{Type: request.OAuth2, HeaderPrefix: "Bearer", FetchToken: true, TokenURL: base + "/token", ClientID: "demo", ClientSecret: hidden("demo-client-secret"), Scopes: "send"}
	status := request.Spec{Method: "GET", URL: base + "/text", Auth: request.Auth{Type: request.NoAuth}, Params: []request.Param{to}}
	return []one{
		{name: "Order on its way, SMS", place: "Home delivery", stage: "Shipped", channel: setup.SMS, provider: "twilio-sms",
			values: map[string]string{"account_sid": "AC0123456789abcdef0123456789abcdef", "recipient": "{{mobile}}", "sender": "+15005550006",
				"message": "Hello {{customer}}, your order {{order}} is on its way."},
			takes: []request.StageParam{mobile, customer, order}},
		{name: "Appointment reminder, SMS", place: "First visit", stage: "Reminder", channel: setup.SMS, provider: "msg91-flow",
			values: map[string]string{"template_id": "64a1b2c3d4e5f6a7b8c9d0e1", "recipient": "{{mobile}}"},
			rows:   map[string][]provider.Row{"variables": {{Name: "name", Value: "{{patient}}"}, {Name: "day", Value: "{{day|date:dd-MM-yyyy}}"}}},
			takes:  []request.StageParam{mobile, patient, day}},
		{name: "Invoice overdue, SMS", place: "One-off", stage: "Overdue", channel: setup.SMS, provider: "vonage-sms",
			values: map[string]string{"api_key": "demo1234", "recipient": "{{mobile}}", "sender": "ACME", "entity_id": "1101456324675322134", "content_id": "1107457532145798767",
				"message": "Invoice {{invoice}} over {{amount}} is overdue."},
			takes: []request.StageParam{mobile, invoice, amount}},
		{name: "Order packed, WhatsApp", place: "Home delivery", stage: "Packed", channel: setup.WhatsApp, provider: "meta-whatsapp",
			values: map[string]string{"phone_number_id": "106540352242922", "api_version": "v21.0", "recipient": "{{mobile}}", "kind": "template",
				"template_name": "order_packed", "template_language": "en"},
			rows:  map[string][]provider.Row{"parameters": {{Value: "{{customer}}"}, {Value: "{{order}}"}}},
			takes: []request.StageParam{mobile, customer, order}},
		{name: "Ready for pick-up, WhatsApp", place: "Pick-up", stage: "Ready", channel: setup.WhatsApp, provider: "gupshup-whatsapp",
			values: map[string]string{"app_name": "AcmeShop", "sender": "+917834811114", "recipient": "{{mobile}}", "message": "Hello {{customer}}, order {{order}} is ready for you."},
			takes:  []request.StageParam{mobile, customer, order}},
		{name: "Receipt, e-mail", place: "One-off", stage: "Paid", channel: setup.Email, provider: "sendgrid-email",
			values: map[string]string{"recipient": "{{person}}", "sender": "office@example.com", "kind": "text", "subject": "Your receipt {{invoice}}",
				"message": "Hello {{customer}}, thank you. We have received {{amount}}."},
			takes: []request.StageParam{person, customer, invoice, amount}},
		{name: "Says 200 but refuses, SMS", place: "Returns", stage: "Requested", channel: setup.SMS, rule: statusInBody,
			request: form(base+"/refused-in-body", body, to, text("text", "Hello {{customer}}, we wait for your parcel.")),
			takes:   []request.StageParam{mobile, customer}},
		{name: "Too many at once, SMS", place: "First visit", stage: "Booked", channel: setup.SMS,
			request: form(base+"/throttled", query, to, text("text", "Hello {{patient}}, your appointment is confirmed.")),
			takes:   []request.StageParam{mobile, patient}},
		{name: "Token fetched first, WhatsApp", place: "Subscription", stage: "Renewed", channel: setup.WhatsApp, rule: accepted,
			request: form(base+"/accepted", fetched, to, text("text", "Hello {{customer}}, your plan is renewed.")),
			takes:   []request.StageParam{mobile, customer}},
		{name: "Status by GET, SMS", place: "Follow-up", stage: "Due", channel: setup.SMS, request: status, takes: []request.StageParam{mobile}},
	}
}
