package setup

import (
	"context"
	"fmt"

	"keydesk/backend/fault"
	"keydesk/backend/process"
	"keydesk/backend/provider"
	"keydesk/backend/request"
)

// maxEntered is how many values and rows a provider's form can have: more than the
// fields of a file, and its tables filled to the limit of a request.
const maxEntered = 1000

// CleanDefaults returns stage parameter rows with their Default Values cleaned,
// and what does not fit the type of the row's stage field, named as the form has
// it. With a record only the Default Values that it leaves to be used count.
func CleanDefaults(rows []request.StageParam, fields []process.Field, record map[string]string, country string) ([]request.StageParam, fault.Fields) {
	clean := make([]request.StageParam, len(rows))
	var faults fault.Fields
	for i, row := range rows {
		clean[i] = row
		// A value that is too long is refused with the rest of the request.
		if row.Field != "" && record[row.Field] != "" || len(row.Default) > request.MaxValue {
			continue
		}
		value, problem := process.CleanValue(kindOf(fields, row.Field), row.Default, country)
		if problem != "" {
			faults.Add(fmt.Sprintf("draft.request.stage_params[%d].default", i), "%s", problem)
			continue
		}
		clean[i].Default = value
	}
	return clean, faults
}

// tooLong refuses a draft with more rows than a list can have. Everything that
// takes a draft asks it first: the work done with rows grows with their square.
func tooLong(draft Draft) error {
	var faults fault.Fields
	for _, one := range request.CheckRows(draft.Request) {
		faults.Add("draft.request."+one.Name, "%s", one.Message)
	}
	if draft.Entered != nil {
		count := len(draft.Entered.Values)
		for _, table := range draft.Entered.Tables {
			count += len(table.Rows)
		}
		if count > maxEntered {
			faults.Add("draft.provider", "There are %d values and rows in the provider's form; it can have %d.", count, maxEntered)
		}
	}
	return faults.Err("setup.invalid")
}

// SecretRecipient is what is wrong with a request whose recipient is a secret or
// is made of one: the recipient is shown and recorded (R6a). p may be nil.
func SecretRecipient(spec request.Spec, p *provider.Provider) fault.Fields {
	var faults fault.Fields
	if p == nil || !request.HoldsSecret(spec, p.Recipient) {
		return nil
	}
	at := "draft.provider"
	if path := provider.FieldPath(spec, p.Recipient); path != "" {
		at = "draft.request." + path
	}
	faults.Add(at, "A secret cannot be the recipient.")
	return faults
}

// kindOf is the type of a stage field; what has no field is a text.
func kindOf(fields []process.Field, name string) process.FieldType {
	for _, field := range fields {
		if field.Name == name {
			return field.Type
		}
	}
	return process.Text
}

// cleanRecord is the record of a preview as a call would have it; without one,
// the sample values are shown. Faults: setup.record, and then the record as it
// was typed.
func (s *Service) cleanRecord(ctx context.Context, draft Draft, record map[string]string) (map[string]string, error) {
	if len(record) == 0 {
		return record, nil
	}
	env, err := s.env(ctx)
	if err != nil {
		return nil, err
	}
	at, err := s.places.At(ctx, draft.PlaceID, draft.StageID)
	if err != nil {
		at.Fields = nil // a draft without its place yet
	}
	clean, err := process.CleanRecord(at.Fields, record, env.Country, "setup.record")
	if err != nil {
		return record, err
	}
	return clean.Values(), nil
}
