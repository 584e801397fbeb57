// Package verdict decides what an answer means: accepted, refused, throttled,
// unclear or failed (RULES.md, R8). It is pure: a rule and an answer in, a
// result with its reason out. Rules come from a setup or a provider file; with
// neither, the status alone decides and the result says so.
package verdict

// Verdict is the result of a call. It never changes once it is set.
type Verdict string

// The five verdicts.
const (
	Accepted  Verdict = "accepted"
	Refused   Verdict = "refused"
	Throttled Verdict = "throttled"
	Unclear   Verdict = "unclear"
	Failed    Verdict = "failed"
)

// Source is where a condition or extractor looks.
type Source string

// The sources of R8.
const (
	FromJSON   Source = "json"   // Path is a JSON path such as $.messages[0].status
	FromXML    Source = "xml"    // Path is an XPath
	FromText   Source = "text"   // Path is a regular expression (RE2); the value is group 1, otherwise the whole match
	FromHeader Source = "header" // Path is the header's name
)

// Test is what a condition asks of the value found.
type Test string

// The tests a condition can make.
const (
	Present   Test = "present"
	Absent    Test = "absent"
	Equals    Test = "equals"
	NotEquals Test = "not_equals"
	OneOf     Test = "one_of"  // Value is a comma-separated list
	Matches   Test = "matches" // Value is a regular expression (RE2)
)

// Condition is one thing that must hold.
type Condition struct {
	From  Source `json:"from"`
	Path  string `json:"path"`
	Test  Test   `json:"test"`
	Value string `json:"value"`
}

// Extractor says where a text is in an answer. An empty Path means nowhere.
type Extractor struct {
	From Source `json:"from"`
	Path string `json:"path"`
}

// Rule says what counts as accepted. Status is a set such as "200-299" or
// "200,202"; empty means 200-299. Each is the JSON path of a list of which
// every part must meet the conditions, each relative to the part: "3 of 4
// accepted" is unclear.
type Rule struct {
	Status     string      `json:"status"`
	AnyOf      bool        `json:"any_of"`
	Conditions []Condition `json:"conditions"`
	Each       string      `json:"each"`
	MessageID  Extractor   `json:"message_id"`
	ErrorCode  Extractor   `json:"error_code"`
	ErrorText  Extractor   `json:"error_text"`
	// Throttled lists error codes that mean "too fast", in addition to status
	// 429.
	Throttled []string `json:"throttled"`
}

// ProviderRule is the rule of a provider's file, with what only a file can say (T5).
// Refused is how the provider refuses; nil leaves that to status and error entry.
// The further extractors are tried in order when the first finds nothing.
type ProviderRule struct {
	Rule
	Refused                                     *Refusal
	MoreMessageID, MoreErrorCode, MoreErrorText []Extractor
}

// Refusal says which answers certainly mean that nothing was sent. Its conditions
// look at the whole answer. Status is a set such as "200" or "200,500"; empty means
// 200-299. A 5xx is refused only if Status holds it, as for SOAP faults.
type Refusal struct {
	Status     string
	AnyOf      bool
	Conditions []Condition
}
