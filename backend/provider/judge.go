package provider

import (
	"context"
	"fmt"
	"strings"

	"keydesk/backend/limit"
	"keydesk/backend/verdict"
)

// Reading is a verdict in the provider's words.
type Reading struct {
	verdict.Result
	// Field is the id of the provider's field to change; "" when none is known.
	Field string `json:"field"`
}

// Judge gives the verdict on an answer, by the setup's rule, the provider's, or
// the status (R8), and adds the words of the error table. A shape that nobody
// verified never gives accepted, unless the setup has a rule. The work is bounded
// as that of verdict.Evaluate.
func (p *Provider) Judge(ctx context.Context, setup *verdict.Rule, outcome verdict.Outcome) Reading {
	r := Reading{Result: verdict.Evaluate(ctx, setup, p.rule, p.Service, outcome)}
	if r.By == verdict.BySetupRule && r.Verdict != verdict.Accepted && r.ErrorCode == "" && setup.ErrorCode.Path == "" {
		own := verdict.Evaluate(ctx, nil, p.rule, p.Service, outcome)
		r.ErrorCode, r.ErrorText = own.ErrorCode, own.ErrorText
	}
	if r.Verdict == verdict.Accepted {
		r.ErrorCode, r.ErrorText = "", ""
	}
	if r.Verdict == verdict.Accepted && r.By != verdict.BySetupRule && p.Marks.Success == Unverified {
		r.Verdict = verdict.Unclear
		r.Reason = fmt.Sprintf("%s answered %d, but nobody has verified that this means accepted.", p.Service, outcome.Status)
		r.Hint = "Look at the provider's page. If the message arrived, make a rule from this answer."
		return r
	}
	r.Reason, r.Hint, r.Field = p.Words(ctx, r.Result, outcome.Status)
	return r
}

// Words gives reason and hint of a result in the words of the error table, and
// the field to change. A result that the table does not know keeps its words.
func (p *Provider) Words(ctx context.Context, result verdict.Result, status int) (reason, hint, field string) {
	mixed := result.PartsAccepted > 0 && result.PartsAccepted < result.PartsTotal
	var front string
	switch {
	case mixed:
		front = fmt.Sprintf("%d of %d accepted by %s. Refused", result.PartsAccepted, result.PartsTotal, p.Service)
	case result.Verdict == verdict.Refused:
		front = "Refused by " + p.Service
	case result.Verdict == verdict.Throttled:
		front = "Too fast for " + p.Service
	default:
		return result.Reason, result.Hint, ""
	}
	entry := p.entry(limit.New(ctx), result, status)
	if entry == nil {
		return result.Reason, result.Hint, ""
	}
	proof := fmt.Sprintf("(status %d)", status)
	if entry.Code != "" {
		word := "code"
		if p.rule != nil {
			word = p.rule.CodeWord()
		}
		proof = fmt.Sprintf("(%s %s)", word, result.ErrorCode)
	}
	reason = front + ": " + strings.TrimSuffix(entry.Words, ".") + " " + proof + "."
	hint = result.Hint
	switch {
	case mixed, result.RetryAfterS > 0:
	case entry.Do != "":
		hint = entry.Do
	}
	return reason, hint, entry.Field
}

// entry is the first line of the table that fits. Lines for a code come before
// lines for a text, and these before lines for a status.
func (p *Provider) entry(budget *limit.Budget, result verdict.Result, status int) *Entry {
	var byText, byStatus *Entry
	for i := range p.Errors {
		e := &p.Errors[i]
		if e.Code != "" && e.Code != result.ErrorCode || e.Status != 0 && e.Status != status {
			continue
		}
		if e.Text != "" && !p.texts[i].Match(budget, result.ErrorText) {
			continue
		}
		switch {
		case e.Code != "":
			return e
		case e.Text != "" && byText == nil:
			byText = e
		case e.Text == "" && byStatus == nil:
			byStatus = e
		}
	}
	if byText != nil {
		return byText
	}
	return byStatus
}
