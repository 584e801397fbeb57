package localapi

import (
	"strings"

	"keydesk/backend/call"
	"keydesk/backend/secret"
)

// The types of v1. They are small and this door's own, so that what happens inside
// can change while clients stay as they are. Times are RFC 3339 in UTC, and null
// where there is none; lists are never null.

// Place is a place of the process tree, by its codes or names.
type Place struct {
	Process       string `json:"process"`
	SubProcess    string `json:"sub_process"`
	SubSubProcess string `json:"sub_sub_process"`
}

// Key is an issued key, as its holder may see it.
type Key struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	// Masked is the prefix and the public id.
	Masked          string   `json:"masked"`
	Status          string   `json:"status"`
	Scopes          []string `json:"scopes"`
	CreatedAt       string   `json:"created_at"`
	ExpiresAt       *string  `json:"expires_at"`
	RequestsAMinute int      `json:"requests_a_minute"`
	// LiveSendsADay is null where the key has no limit of its own.
	LiveSendsADay *int `json:"live_sends_a_day"`
	// Processes and Channels are where the key may send; empty means everywhere.
	Processes []string `json:"processes"`
	Channels  []string `json:"channels"`
}

// VerifyInput asks about a key.
type VerifyInput struct {
	Key secret.Text `json:"key"`
}

// Verified says whether a key is good, and what for. Reason and Words say why it
// is not.
type Verified struct {
	Good   bool   `json:"good"`
	Reason string `json:"reason"`
	Words  string `json:"words"`
	// Key is null where nothing is known of the key.
	Key *Key `json:"key"`
}

// SetupQuery asks for a page of the setups.
type SetupQuery struct {
	Search, Channel, Cursor string
	Limit                   int
}

// SetupPage is a page of the setups.
type SetupPage struct {
	Setups []Setup `json:"setups"`
	// NextCursor gives the next page; null on the last one.
	NextCursor *string `json:"next_cursor"`
}

// Setup is an API Key Setup in the list.
type Setup struct {
	ID string `json:"id"`
	// Name is what the setup is called in one line.
	Name string `json:"name"`
	Place
	// Stage is null for a setup of every stage.
	Stage    *string `json:"stage"`
	Channel  string  `json:"channel"`
	Provider string  `json:"provider"`
	AuthType string  `json:"auth_type"`
	Enabled  bool    `json:"enabled"`
}

// SetupDetail is one API Key Setup, without secrets.
type SetupDetail struct {
	Setup
	Method string `json:"method"`
	// URL is the template, with {{name}} where a value comes in.
	URL    string       `json:"url"`
	Fields []SetupField `json:"fields"`
	// LiveSendsADay is how many live messages it may send a day.
	LiveSendsADay int    `json:"live_sends_a_day"`
	UpdatedAt     string `json:"updated_at"`
}

// SetupField is a stage field that the setup takes.
type SetupField struct {
	Name string `json:"name"`
	// HasDefault says that the setup has a value of its own where none is given.
	HasDefault bool `json:"has_default"`
}

// CallInput is one message.
type CallInput struct {
	Process       string `json:"process"`
	SubProcess    string `json:"sub_process"`
	SubSubProcess string `json:"sub_sub_process"`
	Stage         string `json:"stage"`
	Channel       string `json:"channel"`
	// Fields are the values of the record by the name of the stage field.
	Fields map[string]scalar `json:"fields"`
	Mode   string            `json:"mode"`
}

// Record is the values as text.
func (in CallInput) Record() map[string]string {
	record := make(map[string]string, len(in.Fields))
	for name, value := range in.Fields {
		record[name] = string(value)
	}
	return record
}

// holding names a member that holds a key; "" for none.
func (in CallInput) holding(key secret.Text) string {
	for name, value := range in.Fields {
		if strings.Contains(name+"\n"+string(value), key.Reveal()) {
			return "fields"
		}
	}
	for at, value := range map[string]string{"process": in.Process, "sub_process": in.SubProcess, "sub_sub_process": in.SubSubProcess, "stage": in.Stage} {
		if strings.Contains(value, key.Reveal()) {
			return at
		}
	}
	return ""
}

// The modes of a call, by which the operation goes as well.
const (
	ModeLive     = call.WayLive
	ModeSimulate = call.WaySimulate
	ModePreview  = call.WayPreview
)

// CallResult is what became of a message.
type CallResult struct {
	// CallID is null for a preview, which is not kept.
	CallID *string `json:"call_id"`
	Mode   string  `json:"mode"`
	// Verdict is null for a preview.
	Verdict   *string `json:"verdict"`
	Words     string  `json:"words"`
	MessageID *string `json:"message_id"`
	ErrorCode *string `json:"error_code"`
	Provider  string  `json:"provider"`
	// Setup is the one that won, and Why where it was looked for.
	Setup NamedSetup `json:"setup"`
	Why   []WhyStep  `json:"why"`
	// IgnoredFields are names in fields that the setup does not know.
	IgnoredFields []string `json:"ignored_fields"`
	// Request is what would go out; null unless the mode is preview.
	Request *PreviewRequest `json:"request"`
}

// NamedSetup is a setup by id and name.
type NamedSetup struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// WhyStep is one place that was looked at for a setup, in order.
type WhyStep struct {
	Place string `json:"place"`
	// Stage is null where setups of every stage were looked for.
	Stage *string `json:"stage"`
	// Found is won, disabled or none.
	Found string `json:"found"`
}

// PreviewRequest is a rendered request with marks in place of secrets.
type PreviewRequest struct {
	Method  string       `json:"method"`
	URL     string       `json:"url"`
	Headers []HeaderLine `json:"headers"`
	Body    string       `json:"body"`
	// BodyCut says that the body is longer than what is shown.
	BodyCut bool `json:"body_cut"`
	// SMSSegments is how many SMS the message is billed as; null where that is not
	// known.
	SMSSegments *int `json:"sms_segments"`
}

// HeaderLine is one header.
type HeaderLine struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// CallQuery asks for a page of the history.
type CallQuery struct {
	Setup, Mode, Verdict, Recipient, Cursor string
	Limit                                   int
}

// CallPage is a page of the history, the newest call first.
type CallPage struct {
	Calls      []KeptCall `json:"calls"`
	NextCursor *string    `json:"next_cursor"`
}

// KeptCall is one call of the history.
type KeptCall struct {
	ID    string `json:"id"`
	At    string `json:"at"`
	Mode  string `json:"mode"`
	State string `json:"state"`
	// Verdict is null while the call is being sent.
	Verdict   *string    `json:"verdict"`
	Words     string     `json:"words"`
	MessageID *string    `json:"message_id"`
	ErrorCode *string    `json:"error_code"`
	Delivery  string     `json:"delivery"`
	Provider  string     `json:"provider"`
	Channel   string     `json:"channel"`
	Recipient string     `json:"recipient"`
	Setup     NamedSetup `json:"setup"`
}

// UsageQuery asks for the usage of a span of days, both included, as YYYY-MM-DD in
// the office's time zone.
type UsageQuery struct{ From, To string }

// Usage is how often each key called.
type Usage struct {
	From string     `json:"from"`
	To   string     `json:"to"`
	Keys []KeyUsage `json:"keys"`
}

// KeyUsage is the usage of one key.
type KeyUsage struct {
	ID         string     `json:"id"`
	Title      string     `json:"title"`
	LastUsedAt *string    `json:"last_used_at"`
	Requests   int64      `json:"requests"`
	Refused    int64      `json:"refused"`
	Days       []DayUsage `json:"days"`
}

// DayUsage is the usage of one key on one day.
type DayUsage struct {
	Day      string `json:"day"`
	Requests int64  `json:"requests"`
	Refused  int64  `json:"refused"`
}
