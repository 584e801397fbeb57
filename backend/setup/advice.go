package setup

import (
	"slices"

	"keydesk/backend/fault"
	"keydesk/backend/provider"
	"keydesk/backend/request"
	"keydesk/backend/sms"
)

// fixedText is what was entered for a field.
func fixedText(spec request.Spec, id string) string {
	for _, f := range spec.Fixed {
		if f.Name == id {
			return f.Value.Plain
		}
	}
	return ""
}

// beforePaying looks at a message as it would go out: how many SMS it is billed
// as, whether the number is complete, and what carriers in the organisation's
// country ask for (RULES.md, Providers). The advice is shown at the provider's
// field and never stops a save.
func beforePaying(p *provider.Provider, draft Draft, record map[string]string, env request.Env) (*sms.Count, []fault.Field) {
	var count *sms.Count
	advice := fault.Fields{}
	for _, f := range p.Fields {
		path := provider.FieldPath(draft.Request, f.ID)
		if path == "" {
			continue
		}
		path = "draft.request." + path
		text, known := request.FieldText(draft.Request, f.ID, record, env)
		if f.ID == p.Recipient && text != "" && known && len(request.Names(fixedText(draft.Request, f.ID))) == 0 {
			advice.Add(path, "Every message goes to this number. If you do not want that, choose the stage field that holds the number.")
		}
		switch {
		case f.Kind == provider.LongField && draft.Channel == SMS && known:
			measured := sms.Measure(text)
			count = &measured
		case f.Kind == provider.PhoneField && known && text != "":
			if _, ok := request.PhoneText(text, env.Country); !ok {
				advice.Add(path, "The sample value is not a phone number that can be completed. Write it with its country code, such as +919812345678.")
			}
		case slices.Contains(f.NeededIn, env.Country) && text == "":
			advice.Add(path, "In your country carriers drop messages without it.")
		}
	}
	return count, advice
}
