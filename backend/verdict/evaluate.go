package verdict

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
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
func Evaluate(setup, provider *Rule, service string, outcome Outcome) Result {
	if service == "" {
		service = "the server"
	}
	rule, by := choose(setup, provider)
	result := Result{By: by, RuleText: rule.Text()}
	if outcome.Failure != nil || !outcome.Sent {
		broken(&result, outcome)
		return result
	}
	j := judge{rule: rule, service: service, outcome: outcome, result: &result}
	j.run()
	return result
}

// choose picks the rule that counts and says whose it is. By status alone the
// rule is the empty one: any 2xx.
func choose(setup, provider *Rule) (Rule, Basis) {
	switch {
	case setup != nil && !setup.IsEmpty():
		return *setup, BySetupRule
	case provider != nil && !provider.IsEmpty():
		return *provider, ByProviderRule
	}
	return Rule{}, ByStatus
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
	rule    Rule
	service string
	outcome Outcome
	result  *Result
}

func (j *judge) run() {
	answer := read(j.outcome)
	finding := j.rule.apply(answer, j.outcome)
	j.extract(answer, finding)
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
	case finding.met && result.By == ByStatus && answer.broken() != "":
		result.Verdict = Unclear
		result.Reason, result.Hint = fmt.Sprintf(noReadable, status, answer.broken()), hintUnclear
	case finding.met && j.isSilent():
		result.Verdict = Unclear
		result.Reason, result.Hint = fmt.Sprintf(noReadable, status, "it sent nothing that shows whether it accepted"), hintUnclear
	case finding.met:
		result.Verdict = Accepted
		result.Reason = fmt.Sprintf(notDelivered, j.service)
		if result.By == ByStatus {
			result.Hint = hintStatus
		}
	case status/100 == 4 || status/100 == 2 && j.isError():
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

// extract takes message id, error code and error text from the answer.
func (j *judge) extract(answer *document, finding finding) {
	j.result.PartsAccepted, j.result.PartsTotal = finding.accepted, finding.total
	j.result.MessageID = short(answer.extract(j.rule.MessageID, finding.firstAccepted))
	j.result.ErrorCode = short(answer.extract(j.rule.ErrorCode, finding.firstRefused))
	j.result.ErrorText = short(answer.extract(j.rule.ErrorText, finding.firstRefused))
}

// isSilent reports whether an empty 200 meets the rule only because what would
// speak of an error is absent: a server that does nothing answers like that. With
// another status, such as 202 or 204, the status itself says something.
func (j *judge) isSilent() bool {
	if j.outcome.Status != http.StatusOK || len(bytes.TrimSpace(j.outcome.Body)) > 0 || j.result.MessageID != "" || len(j.rule.Conditions) == 0 {
		return false
	}
	return !slices.ContainsFunc(j.rule.Conditions, func(c Condition) bool { return c.Test != Absent })
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
	case "", "0", "false", "null", "none", "ok", "success", "[]", "{}":
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
	return reason + " (" + j.rule.ErrorCode.Word() + " " + code + ")"
}

// saying returns the error of a refused part as a separate sentence.
func (j *judge) saying() string {
	if j.result.ErrorText == "" && meansNone(j.result.ErrorCode) {
		return ""
	}
	return " Refused" + j.because() + "."
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
	case status/100 == 3:
		result.Reason = fmt.Sprintf("The server answered %d, a redirect. The request may not have arrived.", status)
		result.Hint = "Use the address it points to as API URL, or allow redirects under Options."
	case status/100 == 5:
		result.Reason = fmt.Sprintf("%s had an internal error%s. The message may have been sent.", upperFirst(j.service), j.because())
	case status/100 == 2 && finding.unreadable != "":
		result.Reason = fmt.Sprintf(noReadable, status, finding.unreadable)
	case status/100 == 2 && finding.missed != "":
		result.Reason = fmt.Sprintf(noReadable, status, finding.missed)
	default:
		result.Reason = fmt.Sprintf("The server answered %d, which the rule does not know.", status)
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
