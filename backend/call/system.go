package call

import (
	"context"
	"fmt"
	"time"

	"keydesk/backend/access"
	"keydesk/backend/verdict"
)

// Count is how many calls an operation of the program itself changed.
type Count struct {
	Count int `json:"count"`
}

// Operations that the program runs itself.
var (
	OpRecover = access.Op[struct{}, Count]{Name: "call.recover", Does: "marked calls that were being sent when Keydesk stopped", Mode: access.Write, System: true}
	// OpForgetKeys ends what an idempotency key promises, after a day.
	OpForgetKeys = access.Op[struct{}, Count]{Name: "call.forget_keys", Does: "forgot old idempotency keys", Mode: access.Write, System: true}
	OpPrune      = access.Op[PruneInput, Count]{Name: "call.prune", Does: "removed old calls", Mode: access.Write, System: true}
)

// Recover marks calls that a crash left as sending, and those of Test all that were
// planned: they may have been sent, and are never fired again by themselves. It runs once after opening.
func (s *Service) Recover(ctx context.Context, _ struct{}) (Count, error) {
	open, err := s.store.CallsSending(ctx)
	if err != nil {
		return Count{}, err
	}
	var done []Call
	for _, detail := range open {
		detail.Call.State, detail.Call.Verdict = Done, string(verdict.Unclear)
		detail.Call.Reason = "Keydesk stopped while this was being sent. It may have been sent."
		detail.Reply.Result.Verdict, detail.Reply.Result.Reason = verdict.Unclear, detail.Call.Reason
		if err := s.store.FinishCall(ctx, detail); err != nil {
			return Count{}, err
		}
		done = append(done, detail.Call)
		note(ctx, detail.Call)
	}
	planned, err := s.store.TakePlans(ctx)
	if err != nil {
		return Count{}, err
	}
	for _, one := range planned {
		one.State, one.Verdict = Done, string(verdict.Unclear)
		one.Reason = "Keydesk stopped during Test all when this was being sent, or about to be. It may have been sent."
		detail := Detail{Call: one, Record: map[string]string{}}
		detail.Reply.Result.Verdict, detail.Reply.Result.Reason = verdict.Unclear, one.Reason
		if err := s.store.InsertCall(ctx, detail); err != nil {
			return Count{}, err
		}
		done = append(done, one)
		note(ctx, one)
	}
	if err := s.count(ctx, done...); err != nil {
		return Count{}, err
	}
	return Count{Count: len(done)}, nil
}

// PruneInput says how many days calls are kept.
type PruneInput struct {
	Days int `json:"days"`
}

// ForgetKeys lets idempotency keys be used again that are older than a day.
func (s *Service) ForgetKeys(ctx context.Context, _ struct{}) (Count, error) {
	count, err := s.store.ForgetKeysBefore(ctx, s.now().Add(-keptKeys).UnixMilli())
	return Count{Count: count}, err
}

// Prune removes calls older than the retention, as many as fit well into the time
// limit of one transaction. It is run until none is left. Their figures stay.
func (s *Service) Prune(ctx context.Context, in PruneInput) (Count, error) {
	count, err := s.store.PruneLive(ctx, s.now().Add(-time.Duration(in.Days)*24*time.Hour).UnixMilli(), prunedAtOnce)
	if err == nil && count > 0 {
		access.From(ctx).Changed(Kind, "", fmt.Sprintf("%d calls older than %d days", count, in.Days), nil, nil)
	}
	return Count{Count: count}, err
}

// eventOf names the event of each verdict.
var eventOf = map[string]access.EventName{
	string(verdict.Accepted): access.CallAccepted, string(verdict.Refused): access.CallRefused, string(verdict.Throttled): access.CallThrottled,
	string(verdict.Unclear): access.CallUnclear, string(verdict.Failed): access.CallFailed,
}

// Told is what the events of a call tell outside.
type Told struct {
	ID        string `json:"id"`
	SetupID   string `json:"setup_id"`
	Title     string `json:"title"`
	Channel   string `json:"channel"`
	Mode      string `json:"mode"`
	Verdict   string `json:"verdict"`
	Reason    string `json:"reason"`
	MessageID string `json:"message_id"`
	Recipient string `json:"recipient"`
	AtMs      int64  `json:"at_ms"`
}

// note reports a call to activity and, when a live one is done, to the listeners.
func note(ctx context.Context, one Call) {
	invocation := access.From(ctx)
	invocation.Changed(Kind, one.ID, one.Title, nil, map[string]string{
		"mode": string(one.Mode), "simulated": one.Simulated, "state": one.State, "result": one.Verdict, "recipient": one.Recipient,
		"status": fmt.Sprint(one.Status),
	})
	if one.Mode == Live && one.State == Done {
		invocation.Emit(eventOf[one.Verdict], one.ID, Told{
			ID: one.ID, SetupID: one.SetupID, Title: one.Title, Channel: string(one.Channel), Mode: string(one.Mode), Verdict: one.Verdict,
			Reason: one.Reason, MessageID: one.MessageID, Recipient: one.Recipient, AtMs: one.AtMs,
		})
	}
}
