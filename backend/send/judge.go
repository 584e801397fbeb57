package send

import (
	"encoding/json"
	"mime"
	"net/http"
	"strings"
	"time"

	"keydesk/backend/fault"
)

// How long a run is patient.
const (
	// longestWait is the longest Retry-After that is waited for.
	longestWait = 2 * time.Minute
	// runningLimit is how long a call may take that another request of ours began.
	runningLimit = 6 * time.Minute
)

// The codes of the API that decide what follows.
const (
	pausedCode       = "organisation.paused"
	keySpentCode     = "call.key_daily_limit"
	runningCode      = "call.key_running"
	reusedCode       = "call.key_reused"
	unknownPlaceCode = "process.unknown_place"
	unknownStageCode = "process.unknown_stage"
	noSetupCode      = "call.no_setup"
	reachCode        = "call.out_of_reach"
	simulatorCode    = "setup.no_simulator"
	rateLimitCode    = "localapi.rate_limited"
)

// problem is a refusal of the API (RFC 9457).
type problem struct {
	Status int    `json:"status"`
	Detail string `json:"detail"`
	Code   string `json:"code"`
	Hint   string `json:"hint"`
	Fields []struct {
		Name    string `json:"name"`
		Message string `json:"message"`
	} `json:"fields"`
	RetryAfter int `json:"retry_after"`
}

func (p problem) wait() time.Duration { return time.Duration(p.RetryAfter) * time.Second }

// fault is the problem as one that concerns every row.
func (p problem) fault() *fault.Error {
	switch p.Status {
	case http.StatusUnauthorized:
		return ErrKey.WithMessage("Keydesk refuses the API key: %s", p.Detail)
	case http.StatusMisdirectedRequest:
		return ErrAddress.WithMessage("%s", p.Detail).WithHint("%s", p.Hint)
	}
	kind := fault.Unavailable
	switch p.Status {
	case http.StatusForbidden:
		kind = fault.Forbidden
	case http.StatusTooManyRequests:
		kind = fault.Limited
	case http.StatusNotFound:
		kind = fault.NotFound
	case http.StatusUnprocessableEntity:
		kind = fault.Invalid
	}
	return fault.New(kind, p.Code, p.Detail).WithHint("%s", p.Hint)
}

// reason is the problem as one row's.
func (p problem) reason() *Reason {
	why := &Reason{Message: p.Detail, Code: p.Code}
	for i, field := range p.Fields {
		name := strings.TrimPrefix(field.Name, fieldPrefix)
		if i == 0 {
			why.Field, why.Message = name, field.Message
			continue
		}
		why.Message += " " + name + ": " + field.Message
	}
	if len(p.Fields) > 1 {
		why.Message = why.Field + ": " + why.Message
	}
	return why
}

// readProblem reads a refusal; false where the answer is none of Keydesk's.
func readProblem(got answer) (problem, bool) {
	var p problem
	media, _, err := mime.ParseMediaType(got.header.Get("Content-Type"))
	if err != nil || media != "application/problem+json" || json.Unmarshal(got.body, &p) != nil || p.Code == "" {
		return problem{}, false
	}
	p.Status = got.status
	return p, true
}

// next is what to do after an answer.
type next int

const (
	settle next = iota // the row has a result
	wait               // every row waits, then this one is asked again
	again              // this row is asked again a little later
	later              // rows of this target are left for another day
	stop               // no row can be sent now
)

// judgement is what an answer means.
type judgement struct {
	do      next
	outcome Outcome
	// wait is how long the API says to wait; 0 where it says nothing.
	wait time.Duration
	// notSent says that this answer proves that this request sent nothing.
	notSent bool
	// trouble says that Keydesk is not there now, which is borne for a while.
	trouble bool
	why     *fault.Error
	// ignored are fields that the setup does not know.
	ignored []string
}

// circumstances are what the meaning of an answer depends on.
type circumstances struct {
	mode string
	// alone says that every row has this target, so that what is wrong with the
	// target is wrong with every row.
	alone bool
	// onePlace says so of the place, whatever the stages.
	onePlace bool
	// maybe says that an earlier request for this row may have sent it.
	maybe bool
}

// judge says what an answer to POST /v1/calls means. It is pure.
func judge(got answer, in circumstances) judgement {
	if got.status == http.StatusOK {
		return judgeResult(got, in)
	}
	p, known := readProblem(got)
	if !known { // another program answers, or only a part of an answer came
		return judgement{do: again, trouble: true, why: ErrNotKeydesk}
	}
	switch {
	case p.Code == pausedCode:
		return judgement{do: stop, notSent: true, why: p.fault()}
	case p.Status == http.StatusTooManyRequests && p.wait() <= longestWait:
		return judgement{do: wait, wait: max(p.wait(), time.Second), notSent: true, why: p.fault()}
	case p.Status == http.StatusTooManyRequests && (in.alone || p.Code == keySpentCode):
		return judgement{do: stop, wait: p.wait(), notSent: true, why: p.fault()}
	case p.Status == http.StatusTooManyRequests:
		return judgement{do: later, wait: p.wait(), notSent: true, why: p.fault()}
	case p.Code == runningCode:
		return judgement{do: again, wait: p.wait(), why: p.fault()}
	case p.Code == reusedCode:
		return judgement{do: settle, outcome: Outcome{Result: unknown(in.mode), Reason: because("", "An earlier request for this row went elsewhere, since the processes or stages were changed meanwhile.")}}
	case p.Status == http.StatusUnauthorized, p.Status == http.StatusMisdirectedRequest:
		return judgement{do: stop, notSent: true, why: p.fault()}
	case p.Status >= 500 && p.Status != http.StatusServiceUnavailable:
		return judgement{do: again, why: p.fault(), outcome: Outcome{Result: unknown(in.mode), Reason: p.reason()}}
	case p.Status == http.StatusServiceUnavailable:
		return judgement{do: again, trouble: true, wait: p.wait(), notSent: turnedAway(p.Code), why: p.fault()}
	case concernsTarget(p.Code):
		if in.alone || in.onePlace && p.Code == unknownPlaceCode {
			return judgement{do: stop, notSent: true, why: p.fault()}
		}
		return judgement{do: settle, outcome: Outcome{Result: failedUnless(in.maybe && in.mode == Live), Reason: p.reason()}}
	case p.Status == http.StatusForbidden:
		return judgement{do: stop, notSent: true, why: p.fault()}
	}
	return judgement{do: settle, outcome: Outcome{Result: Failed, Reason: p.reason()}}
}

// judgeResult says what became of a message that was fired.
func judgeResult(got answer, in circumstances) judgement {
	var result struct {
		CallID    *string  `json:"call_id"`
		Verdict   *string  `json:"verdict"`
		Words     string   `json:"words"`
		ErrorCode *string  `json:"error_code"`
		Ignored   []string `json:"ignored_fields"`
	}
	if err := json.Unmarshal(got.body, &result); err != nil || result.CallID == nil || result.Verdict == nil {
		return judgement{do: again, trouble: true, why: ErrNotKeydesk.WithCause(err)}
	}
	outcome := Outcome{CallID: *result.CallID, Result: Accepted}
	switch *result.Verdict {
	case "accepted":
	case "refused", "throttled", "failed":
		outcome.Result = Failed
	default:
		outcome.Result = unknown(in.mode)
	}
	if outcome.Result != Accepted {
		outcome.Reason = &Reason{Message: result.Words, Code: "verdict." + *result.Verdict}
	}
	return judgement{do: settle, outcome: outcome, ignored: result.Ignored}
}

// turnedAway tells refusals that are given before anything of a call is done.
func turnedAway(code string) bool {
	switch code {
	case "localapi.busy", "keydesk.opening", "keydesk.released", "vault.locked", "apikey.unavailable":
		return true
	}
	return false
}

// concernsTarget tells refusals of where a row goes, not of what it holds.
func concernsTarget(code string) bool {
	switch code {
	case unknownPlaceCode, unknownStageCode, noSetupCode, reachCode, simulatorCode:
		return true
	}
	return false
}

// unknown is the result of a row of which nobody knows whether it went out. A
// try-out sends nothing, so there it is simply failed.
func unknown(mode string) Result { return failedUnless(mode == Live) }

func failedUnless(maybe bool) Result {
	if maybe {
		return Unclear
	}
	return Failed
}
