package localapi

import (
	"context"
	"log/slog"
	"net/netip"
	"slices"
	"strings"
	"time"

	"keydesk/backend"
	"keydesk/backend/access"
	"keydesk/backend/apikey"
	"keydesk/backend/call"
	"keydesk/backend/fault"
	"keydesk/backend/host"
	"keydesk/backend/organisation"
	"keydesk/backend/request"
	"keydesk/backend/secret"
	"keydesk/backend/setup"
)

// ForHost makes the door of the office that a host runs. The program calls Apply
// when the host is open, Changed with what has changed, and Close before the host is
// released or closed. opened is called when the door could open what it could not
// open before; nil tells nobody.
func ForHost(h *host.Host, log *slog.Logger, opened func()) *Door {
	return New(Options{Ops: office{h}.operations(), Enter: h.Enter, Settings: settingsOf(h), Log: log, Opened: opened})
}

// Changed follows the settings if they are among the kinds of things that changed.
// It is called after the commit and before the caller of the change has its answer,
// so that a caller who reads State then reads what is in force.
func (d *Door) Changed(kinds []string) {
	if !slices.Contains(kinds, organisation.LocalAPIKind) {
		return
	}
	if err := d.Follow(context.Background()); err != nil {
		d.log.Warn("the local API does not follow its settings", "code", fault.From(err).Code, "cause", fault.From(err).Cause())
	}
}

// Listening is State as the settings screen shows it.
func (d *Door) Listening() organisation.Listening {
	state := d.State()
	shown := organisation.Listening{Addresses: append([]string{}, state.Listening...)}
	if state.Problem != nil {
		shown.Code, shown.Message, shown.Hint = state.Problem.Code, state.Problem.Message, state.Problem.Hint
	}
	return shown
}

// byDoor is the context of what the door asks for itself.
func byDoor(ctx context.Context) context.Context {
	return access.WithSource(ctx, access.Source{Kind: access.API})
}

// settingsOf reads the office's settings. Data that was opened for reading only
// serves nobody: no call could be kept.
func settingsOf(h *host.Host) func(ctx context.Context) (Settings, error) {
	return func(ctx context.Context) (Settings, error) {
		saved, err := h.Ops.Organisation.Door(byDoor(ctx), organisation.Nothing{})
		if err != nil {
			return Settings{}, err
		}
		settings := Settings{On: saved.On && !h.ReadingOnly(), Port: saved.Port, Office: Office{On: saved.Network, Names: saved.Names}}
		for _, text := range saved.Addresses {
			if address, err := netip.ParseAddr(text); err == nil {
				settings.Office.Addresses = append(settings.Office.Addresses, address)
			}
		}
		settings.Office.Certificate = certificateOf(h, settings.Office)
		return settings, nil
	}
}

// office turns what the door asks into operations, and their answers into the types
// of v1. It decides nothing.
type office struct{ host *host.Host }

func (o office) ops(ctx context.Context) *backend.Ops { return o.host.OpsIn(ctx) }

func (o office) operations() Operations {
	return Operations{
		Authenticate: o.authenticate, NoteAccess: o.noteAccess, Key: o.key, VerifyKey: o.verifyKey, Setups: o.setups, Setup: o.setup,
		Call: o.call, Calls: o.calls, KeptCall: o.keptCall, Usage: o.usage,
	}
}

func (o office) authenticate(ctx context.Context, presented secret.Text, peer netip.Addr) (Caller, error) {
	found, err := o.ops(ctx).Apikey.Authenticate(byDoor(ctx), apikey.Presented{Key: presented, Source: peer.String()})
	if err != nil {
		return Caller{}, err
	}
	caller := Caller{KeyID: found.KeyID, RequestsAMinute: found.PerMinute}
	switch {
	case found.Refusal == nil:
		return caller, nil
	case found.Refusal.Kind == fault.Unauthenticated:
		caller.Reason = found.Refusal.Code
		return caller, apikey.ErrUnknown
	default:
		caller.Reason = found.Refusal.Code
		return caller, found.Refusal
	}
}

func (o office) noteAccess(ctx context.Context, one Access) {
	// It only touches memory, and there is nobody left to tell.
	_, _ = o.ops(ctx).Apikey.NoteAccess(byDoor(ctx), apikey.Noted{
		KeyID: one.KeyID, Method: one.Method, Route: one.Route, Status: one.Status, Code: one.Outcome,
		Source: one.Address.String(), TookMs: int(one.Took.Milliseconds()),
	})
}

func (o office) key(ctx context.Context) (Key, error) {
	seen, err := o.ops(ctx).Apikey.Self(ctx, apikey.Nothing{})
	if err != nil {
		return Key{}, err
	}
	return keyOf(seen), nil
}

func keyOf(seen apikey.Seen) Key {
	k := seen.Key
	out := Key{
		ID: k.ID, Title: k.Title, Masked: k.Mask, Status: string(k.Status), Scopes: []string{}, CreatedAt: moment(k.CreatedMs),
		ExpiresAt: momentOrNull(k.ExpiresMs), RequestsAMinute: seen.PerMinute, LiveSendsADay: numberOrNull(k.Grants.LivePerDay),
		Processes: list(seen.Places), Channels: list(k.Grants.Channels),
	}
	for _, scope := range k.Grants.Scopes {
		out.Scopes = append(out.Scopes, string(scope))
	}
	return out
}

func (o office) verifyKey(ctx context.Context, presented secret.Text) (Verified, error) {
	found, err := o.ops(ctx).Apikey.Verify(ctx, apikey.VerifyInput{Key: presented})
	if err != nil {
		return Verified{}, err
	}
	out := Verified{Good: found.Result == apikey.Good, Reason: string(found.Result), Words: found.Message}
	if out.Good {
		out.Reason = ""
	}
	if found.Seen != nil {
		key := keyOf(*found.Seen)
		out.Key = &key
	}
	return out, nil
}

func (o office) setups(ctx context.Context, query SetupQuery) (SetupPage, error) {
	page, err := o.ops(ctx).Setup.List(ctx, setup.ListInput{Search: query.Search, Channel: query.Channel, After: query.Cursor, Limit: query.Limit})
	if err != nil {
		return SetupPage{}, err
	}
	out := SetupPage{Setups: []Setup{}, NextCursor: cursorOf(page.Next)}
	for _, row := range page.Rows {
		out.Setups = append(out.Setups, Setup{
			ID: row.ID, Name: setup.Title(row.Name, named(row.Process, row.SubProcess, row.SubSubProcess), row.Stage, row.Channel),
			Place: Place{Process: row.Process, SubProcess: row.SubProcess, SubSubProcess: row.SubSubProcess},
			Stage: textOrNull(row.Stage), Channel: string(row.Channel), Provider: row.ProviderName, AuthType: string(row.AuthType), Enabled: row.Enabled,
		})
	}
	return out, nil
}

func (o office) setup(ctx context.Context, id string) (SetupDetail, error) {
	one, err := o.ops(ctx).Setup.Get(ctx, setup.IDInput{ID: id})
	switch {
	case err != nil:
		return SetupDetail{}, err
	case one.DeletedMs > 0: // it can be put back at the window; for others it is gone
		return SetupDetail{}, setup.ErrNotFound
	}
	places := append(slices.Clone(one.Places), "", "", "")
	spec := one.Draft.Request
	return SetupDetail{
		Setup: Setup{
			ID: one.ID, Name: one.Title, Place: Place{Process: places[0], SubProcess: places[1], SubSubProcess: places[2]}, Stage: textOrNull(one.Stage),
			Channel: string(one.Draft.Channel), Provider: one.ProviderName, AuthType: string(spec.Auth.Type), Enabled: one.Draft.Enabled,
		},
		Method: spec.Method, URL: spec.URL, Fields: fieldsOf(spec.StageParams), LiveSendsADay: one.Draft.Options.LiveLimit(), UpdatedAt: moment(one.UpdatedMs),
	}, nil
}

// fieldsOf are the stage fields that rows take, each once. A field that one row
// takes without a default needs a value.
func fieldsOf(rows []request.StageParam) []SetupField {
	fields := []SetupField{}
	for _, row := range rows {
		at := slices.IndexFunc(fields, func(f SetupField) bool { return f.Name == row.Field })
		switch {
		case row.Field == "":
		case at < 0:
			fields = append(fields, SetupField{Name: row.Field, HasDefault: row.Default != ""})
		default:
			fields[at].HasDefault = fields[at].HasDefault && row.Default != ""
		}
	}
	return fields
}

func (o office) call(ctx context.Context, in CallInput, idempotencyKey string) (CallResult, error) {
	done, err := o.ops(ctx).Call.Submit(ctx, call.SubmitInput{
		Process: in.Process, SubProcess: in.SubProcess, SubSubProcess: in.SubSubProcess, Stage: in.Stage,
		Channel: setup.Channel(in.Channel), Fields: in.Record(), Mode: in.Mode, IdempotencyKey: idempotencyKey,
	})
	if err != nil {
		return CallResult{}, inBody(err)
	}
	out := CallResult{
		Mode: in.Mode, Provider: done.Service, Setup: NamedSetup{ID: done.SetupID, Name: done.Setup}, Why: []WhyStep{}, IgnoredFields: list(done.Ignored),
	}
	for _, step := range done.Steps {
		out.Why = append(out.Why, WhyStep{Place: step.Place, Stage: textOrNull(step.Stage), Found: step.Found})
	}
	if done.Preview != nil {
		out.Request = shown(*done.Preview)
		out.Request.SMSSegments = numberOrNull(done.Segments)
		out.Words = strings.Join(problemsOf(*done.Preview), " ")
	}
	if done.Detail != nil {
		one := done.Detail.Call
		out.CallID, out.Verdict, out.MessageID, out.ErrorCode = &one.ID, textOrNull(one.Verdict), textOrNull(one.MessageID), textOrNull(one.ErrorCode)
		out.Provider, out.Words = one.Service, strings.TrimSpace(one.Reason+" "+done.Detail.Note)
	}
	return out, nil
}

// inBody names the values of a record as the body does.
func inBody(err error) error {
	known := *fault.From(err)
	known.Fields = slices.Clone(known.Fields)
	for i, field := range known.Fields {
		if name, inRecord := strings.CutPrefix(field.Name, "record."); inRecord {
			known.Fields[i].Name = "fields." + name
		}
	}
	return &known
}

// numberOrNull is null for a limit that there is not, and for a number that is not
// known.
func numberOrNull(n int) *int {
	if n == 0 {
		return nil
	}
	return &n
}

// shown is a preview as text: what is secret, or has no value, is a mark already.
func shown(preview request.Preview) *PreviewRequest {
	out := &PreviewRequest{Method: preview.Method, URL: joined(preview.URL), Headers: []HeaderLine{}, Body: joined(preview.Body), BodyCut: preview.BodyCut}
	for _, line := range preview.Headers {
		out.Headers = append(out.Headers, HeaderLine{Name: line.Name, Value: joined(line.Segments)})
	}
	return out
}

// problemsOf says why a request that is shown could not go out.
func problemsOf(preview request.Preview) []string {
	words := []string{}
	for _, one := range preview.Problems {
		if !slices.Contains(words, one.Message) {
			words = append(words, one.Message)
		}
	}
	return words
}

func joined(segments []request.Segment) string {
	var text strings.Builder
	for _, one := range segments {
		text.WriteString(one.Text)
	}
	return text.String()
}

func (o office) calls(ctx context.Context, query CallQuery) (CallPage, error) {
	page, err := o.ops(ctx).Call.List(ctx, call.ListInput{
		SetupID: query.Setup, Mode: query.Mode, Verdict: query.Verdict, Recipient: query.Recipient, Before: query.Cursor, Limit: query.Limit,
	})
	if err != nil {
		return CallPage{}, err
	}
	out := CallPage{Calls: []KeptCall{}}
	for _, one := range page.Calls {
		out.Calls = append(out.Calls, keptOf(one))
	}
	if page.More && len(page.Calls) > 0 {
		out.NextCursor = cursorOf(page.Calls[len(page.Calls)-1].ID)
	}
	return out, nil
}

func (o office) keptCall(ctx context.Context, id string) (KeptCall, error) {
	one, err := o.ops(ctx).Call.Get(ctx, call.IDInput{ID: id})
	if err != nil {
		return KeptCall{}, err
	}
	return keptOf(one.Call), nil
}

func keptOf(one call.Call) KeptCall {
	mode := string(one.Mode)
	if one.Simulated != "" {
		mode = ModeSimulate
	}
	return KeptCall{
		ID: one.ID, At: moment(one.AtMs), Mode: mode, State: one.State, Verdict: textOrNull(one.Verdict), Words: one.Reason,
		MessageID: textOrNull(one.MessageID), ErrorCode: textOrNull(one.ErrorCode), Delivery: one.Delivery, Provider: one.Service,
		Channel: string(one.Channel), Recipient: one.Recipient, Setup: NamedSetup{ID: one.SetupID, Name: one.Title},
	}
}

func (o office) usage(ctx context.Context, query UsageQuery) (Usage, error) {
	report, err := o.ops(ctx).Apikey.DailyUsage(ctx, apikey.DailyInput{From: query.From, To: query.To})
	if err != nil {
		return Usage{}, err
	}
	out := Usage{From: report.From, To: report.To, Keys: []KeyUsage{}}
	for _, one := range report.Keys {
		key := KeyUsage{ID: one.ID, Title: one.Title, LastUsedAt: momentOrNull(one.LastUsedMs), Requests: one.Requests, Refused: one.Refused, Days: []DayUsage{}}
		for _, day := range one.Days {
			key.Days = append(key.Days, DayUsage(day))
		}
		out.Keys = append(out.Keys, key)
	}
	return out, nil
}

// moment writes milliseconds as RFC 3339 in UTC.
func moment(ms int64) string {
	return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.999Z07:00")
}

func momentOrNull(ms int64) *string {
	if ms == 0 {
		return nil
	}
	text := moment(ms)
	return &text
}

func textOrNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// list is a list that JSON writes as [] where it is empty.
func list(texts []string) []string { return append([]string{}, texts...) }

// named leaves out what is empty.
func named(texts ...string) []string {
	return slices.DeleteFunc(texts, func(text string) bool { return text == "" })
}
