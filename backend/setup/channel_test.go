package setup

import "testing"

// A channel is found by its code or by its words on screen.
func TestFindChannel(t *testing.T) {
	for text, want := range map[string]Channel{
		"sms": SMS, "SMS": SMS, "whatsapp_business": WhatsApp, "WhatsApp Business": WhatsApp, "whatsapp business": WhatsApp, "Email": Email, "EMAIL": Email,
		"": "", "whatsapp": "", "e-mail": "", "sms ": "",
	} {
		if got, found := FindChannel(text); got != want || found != (want != "") {
			t.Errorf("%q is %q, %v; want %q", text, got, found, want)
		}
	}
}
