package verdict

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"keydesk/backend/limit"
)

// maxRetryAfter limits the wait a server may ask for (R8).
const maxRetryAfter = 24 * time.Hour

const (
	hintUnclear  = "Look at the provider's page before sending again: it may have been sent."
	hintStatus   = "Judged by the status alone. If the message arrived, make a rule of this answer."
	hintWait     = "Wait before sending again."
	noReadable   = "The server answered %d, but %s."
	notDelivered = "Accepted by %s. Not yet delivered."
)

// Evaluate judges an outcome (R8). The setup's rule beats the provider's, which
// beats the status; a nil or empty rule does not count. service is the name a
// person knows ("Twilio"), or the host.
//
// The order is R8's: not sent; broken off after sending; too fast; accepted;
// refused; unclear. Two cases that it leaves open are decided so that nobody
// sends twice: if some parts were accepted the verdict is unclear whatever the
// others say, and a 5xx is unclear even when it names an error.
//
// The work is bounded by a budget (package limit) and by ctx, the call's deadline
// and its Cancel. What cannot be judged within it is never accepted.
func Evaluate(ctx context.Context, setup *Rule, provider *ProviderRule, service string, outcome Outcome) Result {
	return evaluate(limit.New(ctx), setup, provider, service, outcome)
}

func evaluate(budget *limit.Budget, setup *Rule, provider *ProviderRule, service string, outcome Outcome) Result {
	if service == "" {
		service = "the server"
	}
	rule, by := choose(setup, provider)
	result := Result{By: by, RuleText: rule.Text()}
	if outcome.Failure != nil || !outcome.Sent {
		broken(&result, outcome)
		return result
	}
	if outcome.Turned.To != "" {
		result.Verdict = Unclear
		result.Reason = "A redirect made a GET of the POST, so the message was not sent on. Use this address as API URL: " + short(outcome.Turned.To)
		result.Hint = "The answer is that of another request, so it is not judged."
		return result
	}
	j := judge{rule: rule, service: service, outcome: outcome, result: &result}
	j.run(read(budget, outcome))
	return result
}

// choose picks the rule that counts and says whose it is. By status alone the
// rule is the empty one: any 2xx.
func choose(setup *Rule, provider *ProviderRule) (ProviderRule, Basis) {
	switch {
	case setup != nil && !setup.IsEmpty():
		return ProviderRule{Rule: *setup}, BySetupRule
	case provider != nil && !provider.IsEmpty():
		return *provider, ByProviderRule
	}
	return ProviderRule{}, ByStatus
}

// IsEmpty reports whether a rule asks for nothing; extractors alone are not a
// rule.
func (r Rule) IsEmpty() bool {
	return strings.TrimSpace(r.Status) == "" && len(r.Conditions) == 0 && r.Each == ""
}

// broken judges a call without a whole answer.
func broken(result *Result, outcome Outcome) {
	failure := outcome.Failure
	if failure == nil {
		failure = &Failure{Text: "Nothing was sent."}
	}
	result.Reason, result.Hint = failure.Text, failure.Hint
	if !outcome.Sent {
		result.Verdict = Failed
		return
	}
	result.Verdict = Unclear
	if !strings.HasSuffix(result.Reason, " may have been sent.") {
		result.Reason += " The message may have been sent."
	}
}

// judge judges one whole answer.
type judge struct {
	rule    ProviderRule
	service string
	outcome Outcome
	result  *Result
}

func (j *judge) run(answer *document) {
	finding := j.rule.apply(answer, j.outcome)
	finding.refused = j.rule.Refused.holds(answer, j.outcome)
	j.extract(answer, finding)
	finding.page = answer.isPage()
	switch {
	case !finding.met:
	case j.result.By == ByStatus:
		finding.doubt = answer.doubt()
	case finding.page && len(j.rule.Conditions) == 0 && j.rule.Each == "":
		finding.doubt = webPage // a rule of statuses alone is no more than the status
	}
	finding.met = finding.met && finding.doubt == ""
	if finding.met && j.result.MessageID == "" && answer.provesNothing(j.rule.Rule) {
		finding.met, finding.unreadable = false, "its body is empty, and the rule asks only for what must not be there"
	}
	if answer.spent() != "" {
		finding = j.unjudged(answer, finding)
	}
	status := j.outcome.Status
	result := j.result
	mixed := finding.total > 0 && finding.accepted > 0 && finding.accepted < finding.total
	switch {
	case mixed && status/100 == 2:
		result.Verdict = Unclear
		result.Reason = fmt.Sprintf("%d of %d accepted by %s.", finding.accepted, finding.total, j.service) + j.saying()
		result.Hint = "Send again only to those that were not accepted."
	case status == http.StatusTooManyRequests || listed(j.rule.Throttled, result.ErrorCode):
		result.Verdict = Throttled
		result.RetryAfterS = retryAfter(j.outcome)
		result.Reason, result.Hint = "Too fast for "+j.service+j.because()+".", hintWait
		if result.RetryAfterS > 0 {
			result.Hint = fmt.Sprintf("Wait %d s before sending again.", result.RetryAfterS)
		}
	case finding.met && finding.refused:
		result.Verdict = Unclear
		result.Reason, result.Hint = fmt.Sprintf(noReadable, status, "it fits both what means accepted and what means refused"), hintUnclear
	case finding.met:
		result.Verdict = Accepted
		result.Reason = fmt.Sprintf(notDelivered, j.service)
		switch {
		case result.By == ByStatus:
			result.Hint = hintStatus
		case finding.page:
			result.Hint = hintMetPage
		}
	case finding.refused || status/100 == 4 && !finding.unjudged || status/100 == 2 && j.isError():
		result.Verdict = Refused
		result.Reason, result.Hint = "Refused by "+j.service+j.because()+".", statusHint(status)
	default:
		result.Verdict = Unclear
		j.unclear(finding)
	}
	if result.Verdict != Accepted && !mixed {
		result.MessageID = "" // what is there in an error is not a message id
	}
	if result.Verdict == Accepted {
		result.ErrorCode, result.ErrorText = "", ""
	}
}

// unjudged is what is known of an answer on which the budget ended: nothing of its
// body. A status that the rule never accepts still counts.
func (j *judge) unjudged(answer *document, found finding) finding {
	j.result.MessageID, j.result.ErrorCode, j.result.ErrorText = "", "", ""
	j.result.PartsAccepted, j.result.PartsTotal = 0, 0
	why := answer.spent()
	if j.result.By == ByStatus {
		why = strings.TrimSuffix(why, " by this rule")
	}
	return finding{unreadable: why, unjudged: found.inSet}
}

// extract takes message id, error code and error text from the answer.
func (j *judge) extract(answer *document, finding finding) {
	j.result.PartsAccepted, j.result.PartsTotal = finding.accepted, finding.total
	j.result.MessageID = short(answer.extractFirst(j.rule.MessageID, j.rule.MoreMessageID, finding.firstAccepted))
	j.result.ErrorCode = short(answer.extractFirst(j.rule.ErrorCode, j.rule.MoreErrorCode, finding.firstRefused))
	j.result.ErrorText = short(answer.extractFirst(j.rule.ErrorText, j.rule.MoreErrorText, finding.firstRefused))
}

// isError reports whether the answer holds an error entry: a code that means an
// error, or, if the rule has no code, a text.
func (j *judge) isError() bool {
	if j.rule.ErrorCode.Path != "" {
		return !meansNone(j.result.ErrorCode)
	}
	return j.result.ErrorText != ""
}

func meansNone(code string) bool {
	switch strings.ToLower(code) {
	case "", "0", "false", "null", "none", "no error", "ok", "success", "[]", "{}":
		return true
	}
	return false
}

func listed(codes []string, code string) bool {
	if code == "" {
		return false
	}
	for _, c := range codes {
		if strings.TrimSpace(c) == code {
			return true
		}
	}
	return false
}

// because returns ": wrong credentials (status 4)", or as much of it as is
// known.
func (j *judge) because() string {
	text, code := strings.TrimRight(j.result.ErrorText, ". \n\r\t"), j.result.ErrorCode
	if text == "" && !j.isError() {
		if words := statusWords(j.outcome.Status); words != "" {
			return fmt.Sprintf(": %s (status %d)", words, j.outcome.Status)
		}
		return fmt.Sprintf(" (status %d)", j.outcome.Status)
	}
	reason := ""
	if text != "" {
		reason = ": " + text
	}
	if meansNone(code) {
		return reason + fmt.Sprintf(" (status %d)", j.outcome.Status)
	}
	return reason + " (" + j.rule.CodeWord() + " " + code + ")"
}

// saying returns the error of a refused part as a separate sentence, or how many
// were refused where the answer does not say why.
func (j *judge) saying() string {
	if j.result.ErrorText == "" && meansNone(j.result.ErrorCode) {
		return fmt.Sprintf(" %d of %d refused.", j.result.PartsTotal-j.result.PartsAccepted, j.result.PartsTotal)
	}
	return " Refused" + j.because() + "."
}

// CodeWord names the rule's error code. With several places for it nobody knows
// which one a code is from.
func (r ProviderRule) CodeWord() string {
	if len(r.MoreErrorCode) > 0 {
		return "code"
	}
	return r.ErrorCode.Word()
}

// Word names an error code as the provider does: by the last plain member of
// its path ("status" of $.messages[0].status), otherwise "code".
func (e Extractor) Word() string {
	word := e.Path[strings.LastIndexAny(e.Path, "./@")+1:]
	for _, r := range word {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') {
			return "code"
		}
	}
	word = strings.ToLower(word)
	if e.From != FromJSON && e.From != FromXML || word == "" || len(word) > 12 || strings.HasSuffix(word, "code") {
		return "code"
	}
	return word
}

// unclear says why the outcome is not known.
func (j *judge) unclear(finding finding) {
	status, result := j.outcome.Status, j.result
	result.Hint = hintUnclear
	switch {
	case finding.doubt != "" && !finding.unjudged:
		result.Reason = finding.doubt
	case finding.unjudged:
		result.Reason = fmt.Sprintf(noReadable, status, finding.unreadable)
	case status/100 == 3:
		result.Reason = fmt.Sprintf("The server answered %d, a redirect. The request may not have arrived.", status)
		result.Hint = "Use the address it points to as API URL, or allow redirects under Options."
		if j.outcome.Turned.Asked {
			result.Hint = "Use the address it points to as API URL. A redirect that is followed would make a GET of the POST, without its body."
		}
	case status/100 == 5:
		result.Reason = fmt.Sprintf("%s had an internal error%s. The message may have been sent.", upperFirst(j.service), j.because())
	case status/100 == 2 && finding.unreadable != "":
		result.Reason = fmt.Sprintf(noReadable, status, finding.unreadable)
	case status/100 == 2 && finding.missed != "":
		result.Reason = fmt.Sprintf(noReadable, status, finding.missed)
	default:
		result.Reason = fmt.Sprintf("The server answered %d, which the rule does not know.", status)
	}
	switch {
	case status/100 != 2 || !finding.page:
	case finding.doubt != "":
		result.Hint = hintPage
	default:
		result.Hint = hintNotMet
	}
}

func upperFirst(s string) string {
	if strings.HasPrefix(s, "the ") {
		return "The " + s[4:]
	}
	return s
}

// statusWords says what a 4xx means if the answer does not.
func statusWords(status int) string {
	switch status {
	case 400, 422:
		return "something in the request is wrong"
	case 401:
		return "wrong credentials"
	case 402:
		return "payment needed"
	case 403:
		return "these credentials may not do that"
	case 404, 410:
		return "nothing at this address"
	case 405:
		return "wrong method for this address"
	case 413:
		return "the body is too large"
	case 415:
		return "wrong body format"
	}
	return ""
}

func statusHint(status int) string {
	switch status {
	case 401, 403:
		return "Check the fields under Authentication."
	case 402:
		return "Check the balance at the provider."
	case 404, 405, 410:
		return "Check API URL and Method Type."
	case 415:
		return "Check Body format."
	}
	return "Check the values that were sent against the provider's documentation."
}

// retryAfter reads the Retry-After header (RFC 9110 section 10.2.3). A date is
// compared with the answer's own Date, so that a wrong clock here does not
// matter.
func retryAfter(outcome Outcome) int {
	values := outcome.values("Retry-After")
	if len(values) == 0 {
		return 0
	}
	wait := time.Duration(0)
	if seconds, err := strconv.Atoi(strings.TrimSpace(values[0])); err == nil {
		wait = time.Duration(min(max(seconds, 0), int(maxRetryAfter.Seconds()))) * time.Second
	} else if until, err := http.ParseTime(values[0]); err == nil {
		if dates := outcome.values("Date"); len(dates) > 0 {
			if now, err := http.ParseTime(dates[0]); err == nil {
				wait = until.Sub(now)
			}
		}
	}
	return int(min(max(wait, 0), maxRetryAfter).Seconds())
}

// short limits what is taken from an answer into the reason and the history.
func short(value string) string {
	const limit = 300
	value = strings.ToValidUTF8(strings.TrimSpace(value), "\uFFFD")
	if len(value) <= limit {
		return value
	}
	cut := limit
	for cut > 0 && value[cut]&0xC0 == 0x80 {
		cut--
	}
	return value[:cut] + "…"
}
