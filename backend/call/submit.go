package call

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"keydesk/backend/access"
	"keydesk/backend/fault"
	"keydesk/backend/process"
	"keydesk/backend/provider"
	"keydesk/backend/request"
	"keydesk/backend/setup"
)

// The ways in which a program can ask: for a live message, for one that the
// simulator plays, or for the request without sending it.
const (
	WayLive     = "live"
	WaySimulate = "simulate"
	WayPreview  = "preview"
)

// SubmitInput is a call that another program asks for. Process and the levels
// below it, and Stage, are codes or names. Fields are values by stage field name.
type SubmitInput struct {
	Process       string            `json:"process" validate:"required,max=200"`
	SubProcess    string            `json:"sub_process" validate:"max=200"`
	SubSubProcess string            `json:"sub_sub_process" validate:"max=200"`
	Stage         string            `json:"stage" validate:"max=200"`
	Channel       setup.Channel     `json:"channel" validate:"required,oneof=sms whatsapp_business email"`
	Fields        map[string]string `json:"fields" validate:"max=200"`
	Mode          string            `json:"mode" validate:"required,oneof=live simulate preview"`
	// IdempotencyKey is the program's name for this message, "" for none.
	IdempotencyKey string `json:"-" validate:"max=200"`
}

// Submitted is what became of it. Detail is nil for a preview, and Preview for
// everything else.
type Submitted struct {
	Detail  *Detail          `json:"detail"`
	Preview *request.Preview `json:"preview"`
	SetupID string           `json:"setup_id"`
	Setup   string           `json:"setup"`
	// Service is the provider of a preview; a call has its own.
	Service string `json:"service"`
	// Segments is how many SMS the message of a preview is billed as; 0 where that
	// is not known.
	Segments int `json:"segments"`
	// Steps are the places that were looked at; the last one won.
	Steps []setup.Step `json:"steps"`
	// Ignored names fields that the place does not have.
	Ignored []string `json:"ignored"`
	// Repeated says that this is the answer to an earlier call with the same
	// idempotency key, and that nothing was sent now.
	Repeated bool `json:"repeated"`
}

// OpSubmit is the local API's way to send. A live call also needs Can Send.
var OpSubmit = access.Op[SubmitInput, Submitted]{
	Name: "call.submit", Does: "sent a message through the local API", Mode: access.Long,
	Any: []access.Permission{access.SendCall, access.TestSetup}, Asks: []access.Permission{access.SendCall, access.TestSetup},
	Scope: []access.Scope{access.SendCalls, access.SimulateCalls}, Door: access.API,
}

// Places finds a place by codes or names, and what is above one.
type Places interface {
	Locate(ctx context.Context, at process.Address) (placeID, stageID string, err error)
	Path(ctx context.Context, placeID string) ([]process.Node, error)
}

// Guard refuses to send while sending is paused.
type Guard interface {
	MaySend(ctx context.Context) error
}

// Faults of what programs ask for.
var (
	ErrOutOfReach = fault.New(fault.Forbidden, "call.out_of_reach", "This API key may not send here.").
			WithHint("The office limits it to some processes or channels. Look at their names too.")
	ErrKeySpent = fault.New(fault.Limited, "call.key_daily_limit", "This API key has sent all the messages it may send today.").
			WithHint("The limit ends at midnight of the office.")
)

// Submit finds the setup of a place by R10 and sends it, plays it or shows it.
// Faults: those of Locate, ErrOutOfReach, ErrNoSetup with the places that were
// looked at, call.fields with every missing field, ErrKeyTaken, ErrKeyReused,
// ErrSpent, ErrKeySpent, organisation.paused.
func (s *Service) Submit(ctx context.Context, in SubmitInput) (Submitted, error) {
	needs := []access.Permission{access.TestSetup, access.SendCall} // who may send may also try it out
	if in.Mode == WayLive {
		needs = needs[1:]
	}
	if err := access.From(ctx).Require("Mode "+in.Mode, needs...); err != nil {
		return Submitted{}, err
	}
	placeID, stageID, err := s.locate(ctx, in)
	if err != nil {
		return Submitted{}, err
	}
	found, err := s.setups.Resolve(ctx, setup.ResolveInput{PlaceID: placeID, StageID: stageID, Channel: in.Channel})
	if err != nil {
		return Submitted{}, err
	}
	asked := demand{}
	if in.Mode != WayPreview && in.IdempotencyKey != "" {
		asked = demandFor(in.IdempotencyKey, placeID, stageID, in.Channel, in.Mode, in.Fields)
	}
	if out, known, err := s.repeated(ctx, asked, found, in.Fields); err != nil || known {
		return out, err
	}
	if in.Mode == WayLive {
		if err := s.guard.MaySend(ctx); err != nil {
			return Submitted{}, err
		}
	}
	if found.SetupID == "" {
		return Submitted{}, noSetup(found, in.Channel)
	}
	if in.Mode == WayPreview {
		return s.preview(ctx, in, found)
	}
	ask := setup.Ask{Source: setup.Source{SetupID: found.SetupID}}
	outcome := provider.Outcome("")
	if in.Mode == WaySimulate {
		ask.For, outcome = setup.Simulator, provider.Accepted
	}
	ready, err := s.setups.Prepare(ctx, ask)
	if err != nil {
		return Submitted{}, err
	}
	out := Submitted{SetupID: ready.Setup.ID, Setup: ready.Setup.Title, Steps: found.Steps, Ignored: unknownFields(ready.Fields, in.Fields)}
	record, err := s.filled(ctx, ready, in.Fields)
	if err != nil {
		return Submitted{}, err
	}
	mode := Test
	if in.Mode == WayLive {
		mode = Live
	}
	detail, err := s.one(ctx, ready, record, mode, true, outcome, asked)
	if errors.Is(err, ErrKeyTaken) { // used since repeated looked for it
		if out, known, err := s.repeated(ctx, asked, found, in.Fields); err != nil || known {
			return out, err
		}
	}
	if err != nil {
		return Submitted{}, err
	}
	out.Detail = &detail
	return out, nil
}

// preview shows the request of the setup that was found.
func (s *Service) preview(ctx context.Context, in SubmitInput, found setup.Resolution) (Submitted, error) {
	one, err := s.setups.Get(ctx, setup.IDInput{ID: found.SetupID})
	if err != nil {
		return Submitted{}, err
	}
	shown, err := s.setups.Preview(ctx, setup.PreviewInput{Source: setup.Source{SetupID: one.ID}, Draft: one.Draft, Record: in.Fields})
	if err != nil {
		return Submitted{}, err
	}
	out := Submitted{
		SetupID: one.ID, Setup: one.Title, Steps: found.Steps, Ignored: unknownFields(shown.Fields, in.Fields),
		Preview: &shown.Preview, Service: shown.Service,
	}
	if shown.Message != nil {
		out.Segments = shown.Message.Segments
	}
	return out, nil
}

// locate finds the place and the stage, where this key may send. A key that is
// limited to some processes is not told whether there are others of a name.
func (s *Service) locate(ctx context.Context, in SubmitInput) (placeID, stageID string, err error) {
	placeID, stageID, err = s.places.Locate(ctx, process.Address{Path: pathOf(in), Stage: in.Stage})
	if placeID != "" {
		if err := s.withinReach(ctx, placeID, in.Channel); err != nil {
			return "", "", err
		}
	}
	if errors.Is(err, process.ErrUnknownPlace) && len(access.From(ctx).Caller.Reach.Places) > 0 {
		err = ErrOutOfReach
	}
	return placeID, stageID, err
}

// repeated is the answer to an earlier call with the same idempotency key and
// fields, also where other setups apply by now. What is not kept with a call is found
// again then, if the same setup still applies.
func (s *Service) repeated(ctx context.Context, asked demand, found setup.Resolution, fields map[string]string) (Submitted, bool, error) {
	first, known, err := s.answered(ctx, asked)
	if err != nil || !known {
		return Submitted{}, false, err
	}
	out := Submitted{Detail: &first, Repeated: true, SetupID: first.Call.SetupID, Setup: first.Call.Title, Steps: []setup.Step{}, Ignored: []string{}}
	if out.SetupID == "" || found.SetupID != out.SetupID {
		return out, true, nil
	}
	out.Steps = found.Steps
	shown, err := s.setups.Preview(ctx, setup.PreviewInput{Source: setup.Source{SetupID: out.SetupID}, Record: fields})
	if err == nil {
		out.Ignored = unknownFields(shown.Fields, fields)
	}
	return out, true, nil
}

func pathOf(in SubmitInput) []string {
	path := []string{in.Process, in.SubProcess, in.SubSubProcess}
	for len(path) > 0 && path[len(path)-1] == "" {
		path = path[:len(path)-1]
	}
	return path
}

// withinReach refuses a key at a place or channel that it was not made for.
func (s *Service) withinReach(ctx context.Context, placeID string, channel setup.Channel) error {
	reach := access.From(ctx).Caller.Reach
	if len(reach.Channels) > 0 && !slices.Contains(reach.Channels, string(channel)) {
		return ErrOutOfReach.WithMessage("This API key may not use the channel %s.", setup.ChannelLabels[channel])
	}
	if len(reach.Places) == 0 {
		return nil
	}
	path, err := s.places.Path(ctx, placeID)
	if err != nil {
		return err
	}
	for _, place := range path {
		if slices.Contains(reach.Places, place.ID) {
			return nil
		}
	}
	return ErrOutOfReach
}

// noSetup names the channel and the places that were looked at.
func noSetup(found setup.Resolution, channel setup.Channel) error {
	looked := make([]string, len(found.Steps))
	for i, step := range found.Steps {
		looked[i] = step.Place
		if step.Stage != "" {
			looked[i] += ", stage " + step.Stage
		}
		if step.Found == "disabled" {
			looked[i] += " (disabled)"
		}
	}
	return ErrNoSetup.WithMessage("No setup for %s applies here. Looked at: %s.", setup.ChannelLabels[channel], strings.Join(looked, "; "))
}

// unknownFields names values that no field here takes, in order.
func unknownFields(fields []process.Field, record map[string]string) []string {
	unknown := []string{}
	for _, name := range slices.Sorted(maps.Keys(record)) {
		if !slices.ContainsFunc(fields, func(f process.Field) bool { return f.Name == name }) {
			unknown = append(unknown, name)
		}
	}
	return unknown
}

// filled cleans the values of a live message and names every field that lacks
// one.
func (s *Service) filled(ctx context.Context, ready setup.Ready, values map[string]string) (process.Record, error) {
	record, err := s.clean(ctx, ready, values)
	if err != nil {
		return process.Record{}, err
	}
	var fields fault.Fields
	var names []string
	for _, field := range ready.Fields {
		if field.Required && strings.TrimSpace(record.Values()[field.Name]) == "" && uses(ready, field.Name) {
			fields.Add("record."+field.Name, "Fill in %s.", field.Name)
			names = append(names, field.Name)
		}
	}
	if name := defaultRecipient(ready, record.Values()); name != "" {
		fields.Add("record."+name, "Fill in %s. A message is not sent to its Default Value.", name)
		names = append(names, name)
	}
	if len(names) == 0 {
		return record, nil
	}
	missing := fields.Err("call.fields")
	var known *fault.Error
	if !errors.As(missing, &known) {
		return process.Record{}, missing
	}
	if len(names) > 1 {
		known = known.WithMessage("Fill in these stage fields: %s.", strings.Join(names, ", "))
	}
	return process.Record{}, known.WithMissing(names...)
}

// untilTomorrow is how long the organisation's day still lasts.
func untilTomorrow(env request.Env) time.Duration {
	today := startOfDay(env.Now, env.Location)
	// 30 hours later is tomorrow, however long a day is.
	return startOfDay(today.Add(30*time.Hour), env.Location).Sub(env.Now)
}

// keySpent refuses a key that has sent as many live messages today as it may.
func (s *Service) keySpent(ctx context.Context) error {
	caller := access.From(ctx).Caller
	if caller.Kind != access.Key || caller.Reach.LivePerDay == 0 {
		return nil
	}
	env, err := s.env(ctx)
	if err != nil {
		return err
	}
	used, err := s.store.LiveByKeySince(ctx, caller.ID, startOfDay(env.Now, env.Location).UnixMilli())
	if err == nil && used >= caller.Reach.LivePerDay {
		err = ErrKeySpent.WithMessage("This API key has sent the %d messages it may send today.", used).WithRetryAfter(untilTomorrow(env))
	}
	return err
}
