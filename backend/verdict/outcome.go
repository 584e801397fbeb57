package verdict

import "strings"

// Phase names the point at which a call failed.
type Phase string

// The phases of a failure.
const (
	PhaseToken     Phase = "token"     // the OAuth token could not be fetched, so nothing was built
	PhaseAddress   Phase = "address"   // the address is one Keydesk never calls
	PhaseName      Phase = "name"      // the host's name was not found
	PhaseConnect   Phase = "connect"   // nothing answered within 10 s, or the connection was refused
	PhaseTLS       Phase = "tls"       // the secure connection was not made
	PhaseSend      Phase = "send"      // it broke while the request was being written
	PhaseReceive   Phase = "receive"   // no answer, not HTTP, or cut half-way
	PhaseTimeout   Phase = "timeout"   // the limit of the whole call
	PhaseCancelled Phase = "cancelled" // by the person
)

// Failure is why a call has no whole answer. Text is one sentence for a person,
// Hint says what to try, Detail is the engineer's text, shown on demand.
type Failure struct {
	Phase  Phase  `json:"phase"`
	Text   string `json:"text"`
	Hint   string `json:"hint"`
	Detail string `json:"detail"`
}

// Header is one header line of an answer, spelled as it came.
type Header struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Outcome is everything that is known of a call when it is judged.
type Outcome struct {
	// Sent is true if any byte of the request was written. When it is false
	// the server cannot have acted on it.
	Sent bool
	// Failure is nil when a whole answer was read, or one cut at our own limit.
	Failure *Failure
	Status  int
	Headers []Header
	// Body is text in UTF-8, whatever the answer's alphabet was. Truncated: cut at
	// our limit (10 MiB), so a document in it may not parse.
	Body      []byte
	Truncated bool
	// Turned is a 301 or 302 that was answered to a POST. It makes a GET of it,
	// without its body (RFC 9110, 15.4).
	Turned Turned
}

// Turned says whether a POST was turned into a GET: To is where the GET was sent, ""
// where the redirect was not followed.
type Turned struct {
	Asked bool
	To    string
}

// Basis says what a verdict is based on.
type Basis string

// The bases of R8, strongest first. Verdicts that need no rule (a name not
// found) are based on the failure.
const (
	BySetupRule    Basis = "setup rule"
	ByProviderRule Basis = "provider rule"
	ByStatus       Basis = "status only"
)

// Result is a verdict with its reasons in words.
type Result struct {
	Verdict Verdict `json:"verdict"`
	// Reason is one sentence or two for a person; Hint says what to try.
	Reason string `json:"reason"`
	Hint   string `json:"hint"`
	By     Basis  `json:"by"`
	// RuleText is the rule as a line: "status 201 and $.sid present".
	RuleText  string `json:"rule_text"`
	MessageID string `json:"message_id"`
	ErrorCode string `json:"error_code"`
	ErrorText string `json:"error_text"`
	// RetryAfterS is the wait the server asks for, in seconds; 0 means none.
	RetryAfterS int `json:"retry_after_s"`
	// PartsAccepted of PartsTotal met a rule with Each; both 0 without one.
	PartsAccepted int `json:"parts_accepted"`
	PartsTotal    int `json:"parts_total"`
}

// values returns every value of a header, whatever its spelling.
func (o Outcome) values(name string) []string {
	var found []string
	for _, header := range o.Headers {
		if strings.EqualFold(header.Name, name) {
			found = append(found, header.Value)
		}
	}
	return found
}
