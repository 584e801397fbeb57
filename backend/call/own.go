package call

import (
	"context"
	"errors"
	"strings"

	"keydesk/backend/access"
	"keydesk/backend/fault"
	"keydesk/backend/setup"
)

// OwnInput is a live message that Keydesk sends itself, such as one about an alert.
// Record holds values by stage field name.
type OwnInput struct {
	SetupID string            `json:"setup_id" validate:"required,max=64"`
	Record  map[string]string `json:"record"`
	// IdempotencyKey is the name of this message, under which it goes out once; "" for
	// none.
	IdempotencyKey string `json:"idempotency_key" validate:"max=200"`
	// Confirmed is asked of a person who tries it out.
	Confirmed bool `json:"confirmed"`
}

// OpSendOwn sends such a message.
var OpSendOwn = access.Op[OwnInput, Detail]{Name: "call.send_own", Does: "sent a message about an alert", Mode: access.Long, System: true}

// SendOwn sends one live message of a setup. Faults: those of Send.
func (s *Service) SendOwn(ctx context.Context, in OwnInput) (Detail, error) {
	asked := demand{}
	if in.IdempotencyKey != "" {
		asked = demandFor(in.IdempotencyKey, in.SetupID, "", "", WayLive, in.Record)
	}
	if first, found, err := s.answered(ctx, asked); err != nil || found {
		return first, err
	}
	ready, err := s.setups.Prepare(ctx, setup.Ask{Source: setup.Source{SetupID: in.SetupID}})
	if err != nil {
		return Detail{}, err
	}
	record, err := s.filled(ctx, ready, in.Record)
	if err != nil {
		return Detail{}, err
	}
	caller := access.From(ctx).Caller
	detail, err := s.one(ctx, ready, record, Live, in.Confirmed || caller.Kind == access.System, "", asked)
	if errors.Is(err, ErrKeyTaken) { // used since answered looked for it
		if first, found, err := s.answered(ctx, asked); err != nil || found {
			return first, err
		}
	}
	return detail, err
}

// CheckOwn returns what such a message lacks, without sending it or opening a secret.
func (s *Service) CheckOwn(ctx context.Context, in OwnInput) error {
	ready, err := s.setups.Prepare(ctx, setup.Ask{Source: setup.Source{SetupID: in.SetupID}, For: setup.Simulator})
	if errors.Is(err, setup.ErrNoSimulator) {
		ready, err = s.withoutSecrets(ctx, in)
	}
	if err != nil {
		return err
	}
	record, err := s.filled(ctx, ready, in.Record)
	if err != nil {
		return err
	}
	var fields fault.Fields
	for _, field := range ready.Fields {
		if uses(ready, field.Name) && strings.TrimSpace(record.Values()[field.Name]) == "" {
			fields.Add("record."+field.Name, "Fill in %s.", field.Name)
		}
	}
	return fields.Err("call.fields")
}

// withoutSecrets is a setup without a provider, as far as its fields are checked.
func (s *Service) withoutSecrets(ctx context.Context, in OwnInput) (setup.Ready, error) {
	one, err := s.setups.Get(ctx, setup.IDInput{ID: in.SetupID})
	if err != nil {
		return setup.Ready{}, err
	}
	shown, err := s.setups.Preview(ctx, setup.PreviewInput{Source: setup.Source{SetupID: one.ID}, Draft: one.Draft, Record: in.Record})
	return setup.Ready{Setup: one, Draft: one.Draft, Fields: shown.Fields}, err
}
