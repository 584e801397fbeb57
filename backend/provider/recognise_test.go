package provider_test

import (
	"strings"
	"testing"

	"keydesk/backend/curl"
	"keydesk/backend/provider"
)

// A pasted line with the address of a known provider is recognised as that
// provider's. The values of its fields come from the line.
func TestRecognise(t *testing.T) {
	catalogue := provider.New(nil)
	for name, one := range map[string]struct {
		line, id, left string
		values         map[string]string
		rows           map[string]string
	}{
		"Twilio": {
			line: `curl -X POST https://api.twilio.com/2010-04-01/Accounts/AC0123456789abcdef0123456789abcdef/Messages.json --data-urlencode "To=+919812345678" --data-urlencode "From=+14155550100" --data-urlencode "Body=Hello there" -u AC0123456789abcdef0123456789abcdef:s3cret-token-1`,
			id:   "twilio-sms",
			values: map[string]string{"account_sid": "AC0123456789abcdef0123456789abcdef", "auth_token": "s3cret-token-1",
				"recipient": "+919812345678", "sender": "+14155550100", "message": "Hello there"},
		},
		"Twilio WhatsApp": {
			line:   `curl https://api.twilio.com/2010-04-01/Accounts/AC0123456789abcdef0123456789abcdef/Messages.json -d "To=whatsapp:%2B919812345678" -d "From=whatsapp:%2B14155550100" -d "Body=Hi" -u AC0123456789abcdef0123456789abcdef:t`,
			id:     "twilio-whatsapp",
			values: map[string]string{"recipient": "+919812345678", "message": "Hi"},
		},
		"MSG91": {
			line:   `curl --request POST --url https://control.msg91.com/api/v5/flow --header 'accept: application/json' --header 'authkey: ABC123secret' --header 'content-type: application/json' --data '{"template_id":"64a1","short_url":"1","recipients":[{"mobiles":"919812345678","VAR1":"one","VAR2":"two"}]}'`,
			id:     "msg91-flow",
			values: map[string]string{"auth_key": "ABC123secret", "template_id": "64a1", "recipient": "919812345678"},
			rows:   map[string]string{"VAR1": "one", "VAR2": "two"},
		},
		"SendGrid": {
			line: `curl -X POST https://api.sendgrid.com/v3/mail/send -H "Authorization: Bearer SG.key" -H "Content-Type: application/json" -H "X-Odd: 1" -d '{"personalizations":[{"to":[{"email":"a@example.com"}]}],"from":{"email":"b@example.com"},"subject":"Hi","content":[{"type":"text/plain","value":"Body"}]}'`,
			id:   "sendgrid-email", left: "X-Odd",
			values: map[string]string{"api_key": "SG.key", "recipient": "a@example.com", "subject": "Hi"},
		},
		"Meta": {
			line:   `curl -i -X POST https://graph.facebook.com/v21.0/106540352242922/messages -H 'Authorization: Bearer EAAtoken' -H 'Content-Type: application/json' -d '{ "messaging_product": "whatsapp", "to": "919812345678", "type": "text", "text": { "body": "Hello" } }'`,
			id:     "meta-whatsapp",
			values: map[string]string{"access_token": "EAAtoken", "phone_number_id": "106540352242922", "api_version": "v21.0"},
		},
		"Infobip, host per account": {
			line:   `curl -X POST https://xyz12.api.infobip.com/sms/3/messages -H 'Authorization: App key-1' -H 'Content-Type: application/json' -d '{"messages":[{"sender":"A","destinations":[{"to":"919812345678"}],"content":{"text":"Hi"}}]}'`,
			id:     "infobip-sms",
			values: map[string]string{"base_host": "xyz12.api.infobip.com"},
		},
	} {
		read, err := curl.Read(one.line)
		if err != nil {
			t.Fatal(name, err)
		}
		got, ok := catalogue.Recognise(t.Context(), read.Spec)
		if !ok || got.Provider.ID != one.id {
			t.Errorf("%s: %v %+v", name, ok, got)
			continue
		}
		if strings.Join(got.LeftOut, " ") != one.left {
			t.Errorf("%s: left out %q, want %q", name, got.LeftOut, one.left)
		}
		for id, want := range one.values {
			if v := got.Input.Values[id]; v.Reveal() != want {
				t.Errorf("%s: %s is %q, want %q; %v", name, id, v.Reveal(), want, got.Input.Values)
			}
			if f, _ := got.Provider.Field(id); f.Secret != got.Input.Values[id].Secret {
				t.Errorf("%s: %s secret %v", name, id, f.Secret)
			}
		}
		for id, rows := range got.Input.Rows {
			for _, row := range rows {
				if one.rows[row.Name] != row.Value {
					t.Errorf("%s: row %s of %s is %q", name, row.Name, id, row.Value)
				}
			}
			if len(rows) != len(one.rows) {
				t.Errorf("%s: %v", name, rows)
			}
		}
	}
	// Another host, a look-alike host and another method are not recognised.
	for _, line := range []string{
		`curl https://api.twilio.com.evil.example/2010-04-01/Accounts/AC0123456789abcdef0123456789abcdef/Messages.json -d To=1`,
		`curl https://evil.example/sms/3/messages/more -d a=1`,
		`curl https://control.msg91.com/api/v5/flow`,
	} {
		read, err := curl.Read(line)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := catalogue.Recognise(t.Context(), read.Spec); ok {
			t.Errorf("%s is taken for %s", line, got.Provider.ID)
		}
	}
}
