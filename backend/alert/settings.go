package alert

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"strings"

	"keydesk/backend/access"
	"keydesk/backend/call"
	"keydesk/backend/fault"
	"keydesk/backend/setup"
)

// settingName names the document of settings.
const settingName = "alerts"

// Settings say where alerts go besides the list, which always has them.
type Settings struct {
	// Desktop shows them as notifications of the desktop.
	Desktop bool      `json:"desktop"`
	Message Recipient `json:"message"`
}

// Recipient is the message that goes to a person, through a setup of the office.
type Recipient struct {
	On      bool   `json:"on"`
	SetupID string `json:"setup_id" validate:"max=64"`
	// Fields are the values of the setup's stage fields by name, the recipient's among
	// them. {{alert}}, {{name}}, {{date}} and {{days}} are replaced.
	Fields map[string]string `json:"fields" validate:"max=200,dive,max=4000"`
}

// State is the settings with their version.
type State struct {
	Settings Settings `json:"settings"`
	Version  int      `json:"version"`
}

// TryInput sends a message about an alert that is made up, by settings that need not be
// saved.
type TryInput struct {
	OperationID string    `json:"operation_id" validate:"max=64"`
	Message     Recipient `json:"message"`
	Confirmed   bool      `json:"confirmed"`
}

// Operation names the run for Cancel.
func (in TryInput) Operation() string { return in.OperationID }

// Operations of the settings. A message costs money, so choosing one also needs the
// right to send.
var (
	OpSettings     = access.Op[Nothing, State]{Name: "alert.settings", Does: "looked at the settings of alerts", Mode: access.Read, Needs: []access.Permission{access.ManageSettings}}
	OpSaveSettings = access.Op[State, State]{Name: "alert.save_settings", Does: "changed the settings of alerts", Mode: access.Write, Needs: []access.Permission{access.ManageSettings}, Asks: []access.Permission{access.SendCall}}
	OpTry          = access.Op[TryInput, call.Detail]{Name: "alert.try", Does: "sent a test alert", Mode: access.Long, Needs: []access.Permission{access.ManageSettings, access.SendCall}}
)

// usual is what is in force until something else is saved.
var usual = Settings{Desktop: true, Message: Recipient{Fields: map[string]string{}}}

// settings reads what is in force. A document that Keydesk did not write sends nothing.
func (s *Service) settings(ctx context.Context) (Settings, int, error) {
	data, version, err := s.Store.Setting(ctx, settingName)
	if err != nil || version == 0 {
		return usual, 0, err
	}
	var out Settings
	if json.Unmarshal([]byte(data), &out) != nil {
		out = usual
	}
	if out.Message.Fields == nil {
		out.Message.Fields = map[string]string{}
	}
	return out, version, nil
}

// Settings gives the settings.
func (s *Service) Settings(ctx context.Context, _ Nothing) (State, error) {
	settings, version, err := s.settings(ctx)
	return State{Settings: settings, Version: version}, err
}

// SaveSettings changes the settings. A message that could not go out is refused, at
// its fields. Faults: alert.stale, alert.no_setup, call.fields.
func (s *Service) SaveSettings(ctx context.Context, in State) (State, error) {
	before, version, err := s.settings(ctx)
	if err != nil {
		return State{}, err
	}
	if in.Version != version {
		return State{}, ErrStale
	}
	if in.Settings.Message.Fields == nil {
		in.Settings.Message.Fields = map[string]string{}
	}
	if after := in.Settings.Message; after.On && !(before.Message.On && after.SetupID == before.Message.SetupID && maps.Equal(after.Fields, before.Message.Fields)) {
		if err := access.From(ctx).Require("Sending alerts", access.SendCall); err != nil {
			return State{}, err
		}
		if err := s.check(ctx, after); err != nil {
			return State{}, err
		}
	}
	data, err := json.Marshal(in.Settings)
	if err != nil {
		return State{}, fmt.Errorf("settings of alerts: %w", err)
	}
	if err := s.Store.PutSetting(ctx, settingName, string(data), version); err != nil {
		return State{}, err
	}
	access.From(ctx).Changed("organisation", "1", "Alerts", before, in.Settings)
	in.Version = version + 1
	return in, nil
}

// check refuses a message that could not go out, at its fields.
func (s *Service) check(ctx context.Context, message Recipient) error {
	chosen, err := s.Setups.Get(ctx, setup.IDInput{ID: message.SetupID})
	if known := fault.From(err); err != nil && known.Kind != fault.NotFound {
		return err
	}
	if err != nil || !chosen.Draft.Enabled || chosen.DeletedMs > 0 {
		return ErrNoSetup
	}
	ask, err := s.sample(ctx, message)
	if err != nil {
		return err
	}
	return atFields(s.Calls.CheckOwn(ctx, ask))
}

// Try sends a message about an alert that is made up, to see whether it arrives.
// Faults: those of check, call.confirm.
func (s *Service) Try(ctx context.Context, in TryInput) (call.Detail, error) {
	if err := s.check(ctx, in.Message); err != nil {
		return call.Detail{}, err
	}
	ask, err := s.sample(ctx, in.Message)
	if err != nil {
		return call.Detail{}, err
	}
	ask.Confirmed = in.Confirmed
	detail, err := s.Calls.SendOwn(ctx, ask)
	return detail, atFields(err)
}

// sample is the message about an alert that is made up.
func (s *Service) sample(ctx context.Context, message Recipient) (call.OwnInput, error) {
	zone, err := s.Office.Zone(ctx)
	if err != nil {
		return call.OwnInput{}, err
	}
	now := s.Now()
	one := Alert{AtMs: now.UnixMilli(), Kind: KeyEnds, Object: "Test", EndsMs: now.In(zone).AddDate(0, 0, 14).UnixMilli(), LeadDays: 14}
	return message.ask(wordsOf(one, zone), one.Object, ""), nil
}

// ask is the message with what an alert says.
func (r Recipient) ask(words Words, name, idempotencyKey string) call.OwnInput {
	filled := strings.NewReplacer("{{alert}}", words.Text, "{{name}}", name, "{{date}}", words.Date, "{{days}}", words.Days)
	record := make(map[string]string, len(r.Fields))
	for field, text := range r.Fields {
		record[field] = filled.Replace(text)
	}
	return call.OwnInput{SetupID: r.SetupID, Record: record, IdempotencyKey: idempotencyKey}
}

// atFields puts the faults of a message's fields where the form has them.
func atFields(err error) error {
	known := fault.From(err)
	if err == nil || len(known.Fields) == 0 {
		return err
	}
	moved := *known
	moved.Fields = make([]fault.Field, len(known.Fields))
	for i, field := range known.Fields {
		moved.Fields[i] = field
		if name, of := strings.CutPrefix(field.Name, "record."); of {
			moved.Fields[i].Name = "message.fields." + name
		}
	}
	return &moved
}
