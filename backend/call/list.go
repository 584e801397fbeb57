package call

import (
	"context"
	"errors"

	"keydesk/backend/access"
	"keydesk/backend/setup"
	"keydesk/backend/verdict"
)

// ListInput searches the history, newest first unless OldestFirst. Recipient is
// matched as a substring in any case. Before is the id of the last call of the
// previous page, "" for the first page.
type ListInput struct {
	SetupID string `json:"setup_id" validate:"max=64"`
	RunID   string `json:"run_id" validate:"max=64"`
	Mode    string `json:"mode" validate:"omitempty,oneof=test live"`
	// Target tells apart what went to the address itself and what the simulator
	// answered.
	Target      string `json:"target" validate:"omitempty,oneof=address simulator"`
	Verdict     string `json:"verdict" validate:"omitempty,oneof=accepted refused throttled unclear failed"`
	Recipient   string `json:"recipient" validate:"max=200"`
	OldestFirst bool   `json:"oldest_first"`
	Before      string `json:"before" validate:"max=64"`
	Limit       int    `json:"limit" validate:"min=0,max=200"`
}

// Page is one page of the history. Count counts all calls that match and is given
// with the first page only; Capped says that there are more than 1,000.
type Page struct {
	Calls  []Call `json:"calls"`
	More   bool   `json:"more"`
	Count  int    `json:"count"`
	Capped bool   `json:"capped"`
}

// IDInput names a call.
type IDInput struct {
	ID string `json:"id" validate:"required,max=64"`
}

// SuggestInput asks for a rule made from a kept answer: from the whole answer or,
// with Path, from one value in it.
type SuggestInput struct {
	ID    string `json:"id" validate:"required,max=64"`
	Path  string `json:"path" validate:"max=1000"`
	Value string `json:"value" validate:"max=1000"`
}

var mayRead = []access.Permission{access.ViewCall, access.TestSetup}

// Operations that read the history.
var (
	OpList        = access.Op[ListInput, Page]{Name: "call.list", Does: "looked at the calls", Mode: access.Read, Any: mayRead, Scope: []access.Scope{access.ReadCalls}}
	OpGet         = access.Op[IDInput, Detail]{Name: "call.get", Does: "looked at a call", Mode: access.Read, Any: mayRead, Scope: []access.Scope{access.ReadCalls}}
	OpSuggestRule = access.Op[SuggestInput, verdict.Rule]{Name: "call.suggest_rule", Does: "made a rule from an answer", Mode: access.Read, Any: []access.Permission{access.CreateSetup, access.EditSetup}}
)

// List gives a page of the history.
func (s *Service) List(ctx context.Context, in ListInput) (Page, error) {
	if in.Limit == 0 {
		in.Limit = 50
	}
	page, err := s.store.CallPage(ctx, in)
	if page.Calls == nil {
		page.Calls = []Call{}
	}
	return page, err
}

// Get gives one call with what went out and came back.
func (s *Service) Get(ctx context.Context, in IDInput) (Detail, error) {
	detail, err := s.store.Call(ctx, in.ID)
	if err != nil || detail.Call.SetupID == "" {
		return detail, err
	}
	today, err := s.setups.Get(ctx, setup.IDInput{ID: detail.Call.SetupID})
	if err != nil && !errors.Is(err, setup.ErrNotFound) {
		return Detail{}, err
	}
	if err != nil || today.DeletedMs > 0 {
		detail.SetupGone = true
		return detail, nil //nolint:nilerr // a setup that is gone is an answer
	}
	detail.SetupChanged = detail.Call.Draft || today.Version != detail.Call.SetupVersion
	return detail, nil
}

// SuggestRule makes a rule from an answer that is known to be good ("Did the
// message arrive?"). The rule is shown before it is kept.
func (s *Service) SuggestRule(ctx context.Context, in SuggestInput) (verdict.Rule, error) {
	detail, err := s.store.Call(ctx, in.ID)
	if err != nil {
		return verdict.Rule{}, err
	}
	answer := detail.Reply.Answer
	answer.Text = detail.Reply.Text
	if in.Path != "" {
		return verdict.SuggestValue(ctx, answer.Outcome(), in.Path, in.Value), nil
	}
	return verdict.Suggest(ctx, answer.Outcome()), nil
}
