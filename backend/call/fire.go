package call

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"keydesk/backend/access"
	"keydesk/backend/fault"
	"keydesk/backend/process"
	"keydesk/backend/provider"
	"keydesk/backend/request"
	"keydesk/backend/setup"
)

// TestInput fires a saved setup or, with Draft, what the form holds. Source is
// what the draft keeps its secrets from. Record holds values by stage field
// name; nil means the sample values. The page makes OperationID before it calls,
// so that a cancel always finds the call.
type TestInput struct {
	OperationID string            `json:"operation_id" validate:"max=64"`
	SetupID     string            `json:"setup_id" validate:"max=64"`
	Source      setup.Source      `json:"source"`
	Draft       *setup.Draft      `json:"draft"`
	Record      map[string]string `json:"record"`
	Confirmed   bool              `json:"confirmed"`
	// Simulate is the outcome the simulator plays; "" sends to the address
	// itself.
	Simulate provider.Outcome `json:"simulate" validate:"max=40"`
}

// SendInput sends one live message: the setup is found by R10.
type SendInput struct {
	OperationID string            `json:"operation_id" validate:"max=64"`
	PlaceID     string            `json:"place_id" validate:"required,max=64"`
	StageID     string            `json:"stage_id" validate:"max=64"`
	Channel     setup.Channel     `json:"channel" validate:"required,oneof=sms whatsapp_business email"`
	Record      map[string]string `json:"record"`
	Confirmed   bool              `json:"confirmed"`
	// IdempotencyKey is the caller's name for this message, "" for none. A door
	// passes it on; the page has none, since it sends once and asks each time.
	IdempotencyKey string `json:"-" validate:"max=200"`
}

// AgainInput fires a call of the history again.
type AgainInput struct {
	OperationID string `json:"operation_id" validate:"max=64"`
	CallID      string `json:"call_id" validate:"required,max=64"`
	Confirmed   bool   `json:"confirmed"`
}

// Operation names the run for Cancel.
func (in TestInput) Operation() string { return in.OperationID }

// Operation names the run for Cancel.
func (in SendInput) Operation() string { return in.OperationID }

// Operation names the run for Cancel.
func (in AgainInput) Operation() string { return in.OperationID }

// drafts are the permissions of which a changed draft needs one. A draft that
// switches the TLS check off needs Can Manage Settings as well.
var drafts = []access.Permission{access.CreateSetup, access.EditSetup}

// Operations that fire.
var (
	OpTest  = access.Op[TestInput, Detail]{Name: "call.test", Does: "tested the API Key Setup", Mode: access.Long, Needs: []access.Permission{access.TestSetup}, Asks: append(drafts, access.ManageSettings), AsksFresh: true}
	OpSend  = access.Op[SendInput, Detail]{Name: "call.send", Does: "sent a message", Mode: access.Long, Needs: []access.Permission{access.SendCall}}
	OpAgain = access.Op[AgainInput, Detail]{Name: "call.again", Does: "fired a call again", Mode: access.Long, Needs: []access.Permission{access.TestSetup}}
)

// Test fires once (A57). An unsaved draft also needs Can Create or Can Edit.
func (s *Service) Test(ctx context.Context, in TestInput) (Detail, error) {
	ready, err := s.ready(ctx, in)
	if err != nil {
		return Detail{}, err
	}
	record, err := s.cleanTest(ctx, ready, in.Record)
	if err != nil {
		return Detail{}, err
	}
	return s.one(ctx, ready, record, Test, in.Confirmed, in.Simulate, demand{})
}

func (s *Service) ready(ctx context.Context, in TestInput) (setup.Ready, error) {
	ask := setup.Ask{Source: setup.Source{SetupID: in.SetupID}}
	if in.Simulate != "" {
		ask.For = setup.Simulator
	}
	if in.Draft == nil {
		if in.SetupID == "" {
			return setup.Ready{}, fault.New(fault.Invalid, "call.nothing", "Choose a setup to test.")
		}
		return s.setups.Prepare(ctx, ask)
	}
	if err := askDraftPermission(ctx); err != nil {
		return setup.Ready{}, err
	}
	ask.Source, ask.Draft = in.Source, in.Draft
	return s.setups.Prepare(ctx, ask)
}

// askDraftPermission refuses a caller who may test only what is saved.
func askDraftPermission(ctx context.Context) error {
	if err := access.From(ctx).Require("Testing a changed setup", drafts...); err != nil {
		return fault.From(err).WithHint("Undo your changes and test the saved setup instead.")
	}
	return nil
}

// Again fires today's setup with the values of an earlier call.
func (s *Service) Again(ctx context.Context, in AgainInput) (Detail, error) {
	old, err := s.store.Call(ctx, in.CallID)
	if err != nil {
		return Detail{}, err
	}
	if old.Call.SetupID == "" {
		return Detail{}, ErrUnsaved
	}
	outcome := provider.Outcome(old.Call.Simulated)
	ready, err := s.ready(ctx, TestInput{SetupID: old.Call.SetupID, Simulate: outcome})
	if err != nil {
		return Detail{}, err
	}
	record, err := s.cleanTest(ctx, ready, old.Record)
	if err != nil {
		return Detail{}, err
	}
	detail, err := s.one(ctx, ready, record, Test, in.Confirmed, outcome, demand{})
	detail.SetupChanged = err == nil && (old.Call.Draft || ready.Setup.Version != old.Call.SetupVersion)
	return detail, err
}

// Send fires one live call of the setup that R10 finds. If the same caller uses
// the same idempotency key again it gets the first call's result, and nothing is
// sent.
func (s *Service) Send(ctx context.Context, in SendInput) (Detail, error) {
	asked := demandOf(in)
	if first, found, err := s.answered(ctx, asked); err != nil || found {
		return first, err
	}
	found, err := s.setups.Resolve(ctx, setup.ResolveInput{PlaceID: in.PlaceID, StageID: in.StageID, Channel: in.Channel})
	if err != nil {
		return Detail{}, err
	}
	if found.SetupID == "" {
		return Detail{}, ErrNoSetup
	}
	ready, err := s.setups.Prepare(ctx, setup.Ask{Source: setup.Source{SetupID: found.SetupID}})
	if err != nil {
		return Detail{}, err
	}
	record, err := s.filled(ctx, ready, in.Record)
	if err != nil {
		return Detail{}, err
	}
	used, limit, err := s.sentToday(ctx, ready.Setup.ID, ready.Setup.Title)
	if err != nil {
		return Detail{}, err
	}
	detail, err := s.one(ctx, ready, record, Live, in.Confirmed, "", asked)
	if errors.Is(err, ErrKeyTaken) { // used since answered looked for it
		if first, found, err := s.answered(ctx, asked); err != nil || found {
			return first, err
		}
	}
	if (used+1)*10 >= limit*8 && err == nil && detail.Note == "" {
		detail.Note = fmt.Sprintf("This setup has sent %d of the %d messages it may send today.", used+1, limit)
	}
	return detail, err
}

// uses tells whether a setup needs a stage field's value: it reads it and has
// no Default Value for it.
func uses(ready setup.Ready, field string) bool {
	for _, row := range ready.Draft.Request.StageParams {
		if row.Field == field && row.Default == "" {
			return true
		}
	}
	return false
}

// one prepares an attempt, asks for confirmation where it must, fires and records.
// What leaves this computer is recorded before: where that cannot be, nothing is
// sent. Once it was sent the answer is shown, also where it cannot be kept.
func (s *Service) one(ctx context.Context, ready setup.Ready, record process.Record, mode Mode, confirmed bool, outcome provider.Outcome, asked demand) (Detail, error) {
	a, err := s.prepare(ctx, ready, record, mode, "", outcome)
	if err != nil {
		return Detail{}, err
	}
	a.detail.Call.IdempotencyKey, a.detail.Call.IdempotencyDigest = asked.key, asked.digest
	if err := s.confirm(ctx, a, confirmed); err != nil {
		return Detail{}, err
	}
	write := s.store.InsertCall
	if a.simulator == "" {
		begin := s.store.InsertCall
		if mode == Live {
			begin = s.insertLive
		}
		a.detail.Call.AtMs = s.now().UnixMilli()
		if err := s.record(ctx, begin, a.detail); err != nil {
			return Detail{}, err
		}
		write = s.store.FinishCall
	}
	s.fire(ctx, a)
	s.read(ctx, a)
	// The call was sent: it is recorded even if the person has cancelled.
	err = s.record(context.WithoutCancel(ctx), write, a.detail.kept())
	var refused *fault.Error
	if errors.As(err, &refused) && a.simulator == "" {
		a.detail.Note = "The result could not be kept. " + refused.Message
		if a.answer.Sent {
			a.detail.Note = "It was sent; the result could not be kept. " + refused.Message + " Do not send it again because of that."
		}
		return a.detail, nil
	}
	return a.detail, err
}

// sentToday counts a setup's live calls since the organisation's midnight, and
// gives how many it may send a day by now; ErrSpent if it may send no more.
func (s *Service) sentToday(ctx context.Context, setupID, title string) (used, limit int, err error) {
	env, err := s.env(ctx)
	if err != nil {
		return 0, 0, err
	}
	if limit, err = s.setups.LivePerDay(ctx, setupID); err != nil {
		return 0, 0, err
	}
	used, err = s.store.LiveSince(ctx, setupID, startOfDay(env.Now, env.Location).UnixMilli())
	if err == nil && used >= limit {
		err = spent(used, limit, env).WithLink(setup.Kind, setupID, title)
	}
	return used, limit, err
}

// spent says how many were sent, when the next can be, and where the limit is. The
// limit may have been lowered during the day.
func spent(used, limit int, env request.Env) *fault.Error {
	said := ErrSpent.WithMessage("This setup has sent the %d messages it may send today.", limit)
	if used > limit {
		said = ErrSpent.WithMessage("This setup has sent %d messages today. It may send %d a day.", used, limit)
	}
	wait := untilTomorrow(env)
	return said.WithRetryAfter(wait).
		WithHint("It can send again from %s, by the clock of the office. The limit is under Options of the setup.", env.Now.Add(wait).In(env.Location).Format("15:04 on 2 January"))
}

// startOfDay is the first moment of the current day at a place. Where a change of
// the clock skips midnight, the day begins with the change; where it repeats
// midnight, the day begins with the first.
func startOfDay(now time.Time, place *time.Location) time.Time {
	now = now.In(place)
	year, month, day := now.Date()
	start := time.Date(year, month, day, 0, 0, 0, 0, place)
	change, next := start.ZoneBounds()
	if start.Day() != day {
		return next
	}
	if before := change.Add(-time.Nanosecond); !change.IsZero() && before.Day() == day {
		return before.Truncate(time.Minute).Add(-time.Duration(before.Hour())*time.Hour - time.Duration(before.Minute())*time.Minute)
	}
	return start
}

// insertLive writes a live call before it goes out. It counts again, for the setup
// and for the key, in the transaction, so that two calls at once cannot both be the last
// and a limit that was lowered holds from its save on; and it asks again whether sending is paused, so that none begins after the pause.
//
// One writer: with several, both would count before either has written.
func (s *Service) insertLive(ctx context.Context, detail Detail) error {
	if err := s.guard.MaySend(ctx); err != nil {
		return err
	}
	if _, _, err := s.sentToday(ctx, detail.Call.SetupID, detail.Call.Title); err != nil {
		return err
	}
	if err := s.keySpent(ctx); err != nil {
		return err
	}
	return s.store.InsertCall(ctx, detail)
}

// confirm asks once per user, setup, host and recipient until sign-out before
// anything leaves this computer; a live send asks every time.
func (s *Service) confirm(ctx context.Context, a *attempt, confirmed bool) error {
	if a.mode == Test && (a.simulator != "" || isLoopback(a.host)) {
		return nil
	}
	caller := access.From(ctx).Caller
	key := strings.Join([]string{caller.SessionID, caller.ID, a.ready.Setup.ID, a.address, a.recipient}, "\x00")
	s.mu.Lock()
	defer s.mu.Unlock()
	if a.mode == Test && s.confirmed[key] {
		return nil
	}
	if confirmed {
		if len(s.confirmed) > 10000 {
			clear(s.confirmed)
		}
		s.confirmed[key] = true
		return nil
	}
	what := map[setup.Channel]string{setup.SMS: "SMS", setup.WhatsApp: "WhatsApp message", setup.Email: "e-mail"}[a.ready.Draft.Channel]
	to := a.recipient
	if to == a.host {
		return ErrConfirm.WithMessage("This sends one real request to %s. It may send a real %s and cost money.", a.address, what)
	}
	return ErrConfirm.WithMessage("This sends one real %s to %s through %s and may cost money.", what, to, a.detail.Call.Service)
}

// record writes a call, its setup's last result and the activity row in one
// transaction.
func (s *Service) record(ctx context.Context, write func(context.Context, Detail) error, detail Detail) error {
	invocation := access.From(ctx)
	return invocation.Commit(ctx, func(ctx context.Context) error {
		if err := write(ctx, detail); err != nil {
			return err
		}
		one := detail.Call
		if one.State == Done {
			if err := s.count(ctx, one); err != nil {
				return err
			}
		}
		if one.State == Done && one.SetupID != "" && !one.Draft {
			if err := s.setups.SetLastResult(ctx, one.SetupID, one.last()); err != nil {
				return err
			}
		}
		if one.Mode == Test && one.SetupID != "" {
			if err := s.store.PruneTests(ctx, []string{one.SetupID}, keptTests); err != nil {
				return err
			}
		}
		note(ctx, one)
		return nil
	})
}

// insert writes a test that is done, and what the list of setups shows of it.
func (s *Service) insert(ctx context.Context, detail Detail) error {
	if err := s.store.InsertCall(ctx, detail); err != nil {
		return err
	}
	return s.setups.SetLastResult(ctx, detail.Call.SetupID, detail.Call.last())
}

// last is what the list of setups shows of a call.
func (c Call) last() setup.LastResult {
	return setup.LastResult{Verdict: c.Verdict, AtMs: c.AtMs, Simulated: c.Simulated != ""}
}

// inDraft puts the fields of a rendering fault where the form has them.
func inDraft(err error) error {
	var known *fault.Error
	if !errors.As(err, &known) {
		return err
	}
	moved := *known
	moved.Fields = make([]fault.Field, len(known.Fields))
	for i, field := range known.Fields {
		moved.Fields[i] = fault.Field{Name: "draft.request." + field.Name, Message: field.Message}
	}
	return &moved
}

// envOf is what a rendering needs from outside. Its messages name a provider's
// fields by their labels. p may be nil.
func (s *Service) envOf(ctx context.Context, p *provider.Provider) (request.Env, error) {
	env, err := s.env(ctx)
	if p != nil {
		env.Label = p.Label
	}
	return env, err
}
