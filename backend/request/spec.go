// Package request turns a description of an API call and the values of one
// record into the exact bytes that are sent. It is pure: no clock, no network,
// no store. Preview, wire and copied curl all come from Build, so they cannot
// differ (RULES.md, R1 to R6).
package request

import (
	"time"

	"keydesk/backend/secret"
)

// AuthType is how the call proves who it is (R6).
type AuthType string

// The five auth types, in the order of the form.
const (
	NoAuth AuthType = "none"
	APIKey AuthType = "api_key"
	Bearer AuthType = "bearer"
	Basic  AuthType = "basic"
	OAuth2 AuthType = "oauth2"
)

// KeyLocation is where an API key goes.
type KeyLocation string

// The places of Add to.
const (
	InHeader KeyLocation = "header"
	InQuery  KeyLocation = "query"
	InBody   KeyLocation = "body"
)

// BodyFormat is how the body is written (R5). Empty means the method's
// default: JSON for POST, PUT and PATCH, none otherwise.
type BodyFormat string

// The body formats of R5.
const (
	DefaultBody   BodyFormat = ""
	NoBody        BodyFormat = "none"
	JSONBody      BodyFormat = "json"
	FormBody      BodyFormat = "form"
	MultipartBody BodyFormat = "multipart"
	RawJSON       BodyFormat = "raw_json"
	RawXML        BodyFormat = "raw_xml"
	RawText       BodyFormat = "raw_text"
)

// ParamIn is where a parameter goes (R3). Empty means that the method decides.
type ParamIn string

// The values of In.
const (
	ParamAuto    ParamIn = ""
	ParamQuery   ParamIn = "query"
	ParamBody    ParamIn = "body"
	ParamNowhere ParamIn = "nowhere"
)

// ParamType is how a parameter's value is written in JSON (R5). Empty is text.
type ParamType string

// The types of a value.
const (
	TextParam    ParamType = ""
	NumberParam  ParamType = "number"
	BooleanParam ParamType = "boolean"
	JSONParam    ParamType = "json"
)

// Value is a value that may be secret. From the page: a plain value is in
// Plain, a secret one in Typed; an empty Typed with Stored set means "keep what
// is stored". To the page: Typed is always empty and Stored says whether one is
// stored. For Build: a secret's plain text is in Typed.
type Value struct {
	Plain  string      `json:"plain"`
	Secret bool        `json:"secret"`
	Stored bool        `json:"stored"`
	Typed  secret.Text `json:"typed" ts_type:"string"`
	// Unreadable says, to the page, that what is stored can no longer be read
	// and has to be typed again.
	Unreadable bool `json:"unreadable,omitempty"`
	// Traits are those of a stored secret, known only in Go; nil if none are.
	Traits *Traits `json:"-"`
}

// Reveal returns the value, secret or not.
func (v Value) Reveal() string {
	if v.Secret {
		return v.Typed.Reveal()
	}
	return v.Plain
}

// IsEmpty reports whether there is neither a value nor a stored one.
func (v Value) IsEmpty() bool {
	if v.Secret {
		return v.Typed.IsEmpty() && !v.Stored
	}
	return v.Plain == ""
}

// Auth holds the fields of every auth type; only those of Type are used, kept
// and sent (A34).
type Auth struct {
	Type     AuthType    `json:"type"`
	KeyName  string      `json:"key_name"`
	KeyValue Value       `json:"key_value"`
	AddTo    KeyLocation `json:"add_to"`
	// Token is the bearer token, or OAuth 2.0's pasted one.
	Token    Value  `json:"token"`
	Username string `json:"username"`
	Password Value  `json:"password"`
	// HeaderPrefix is sent before OAuth 2.0's token; empty sends the bare
	// token.
	HeaderPrefix string `json:"header_prefix"`
	// Fetch, for OAuth 2.0: the token is fetched by client credentials (RFC
	// 6749 section 4.4) instead of pasted.
	FetchToken   bool   `json:"fetch_token"`
	TokenURL     string `json:"token_url"`
	ClientID     string `json:"client_id"`
	ClientSecret Value  `json:"client_secret"`
	Scopes       string `json:"scopes"`
	// ClientIn is where client id and secret go when a token is fetched.
	ClientIn ClientLocation `json:"client_in"`
}

// ClientLocation is where client id and secret go.
type ClientLocation string

// The locations. ClientAuto tries the others in turn.
const (
	ClientAuto        ClientLocation = ""
	ClientHeader      ClientLocation = "header"       // Basic Auth, each encoded first (RFC 6749 section 2.3.1)
	ClientHeaderPlain ClientLocation = "header_plain" // Basic Auth of both as they are
	ClientBody        ClientLocation = "body"
)

// Header is one row of the Additional Header List. ID is stable and names the
// row's sealed secret; it is never the position.
type Header struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Value Value  `json:"value"`
}

// Param is one row of the Custom Parameter List.
type Param struct {
	ID       string    `json:"id"`
	Name     string    `json:"name"`
	Value    Value     `json:"value"`
	Type     ParamType `json:"type"`
	In       ParamIn   `json:"in"`
	Optional bool      `json:"optional"`
}

// StageParam is one row of the Stage Parameter List: the variable takes the
// record's value of the stage field, otherwise the default (R2).
type StageParam struct {
	ID       string `json:"id"`
	Variable string `json:"variable"`
	// Field is the stage field's name.
	Field   string `json:"field"`
	Default string `json:"default"`
}

// Field is a fixed field of the setup or its provider: the only thing besides
// literals that may be used in scheme, host and port (R1).
type Field struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Value Value  `json:"value"`
	// Template marks a field whose value is itself a template, such as the
	// text of a message ("Hello {{customer}}"). It may name stage parameters
	// and literal fixed fields, never another template, and cannot be used in
	// scheme, host and port. A literal field's value is never expanded.
	Template bool `json:"template"`
}

// Spec describes one API call.
type Spec struct {
	Method      string       `json:"method"`
	URL         string       `json:"url"`
	BodyFormat  BodyFormat   `json:"body_format"`
	RawBody     string       `json:"raw_body"`
	Auth        Auth         `json:"auth"`
	Headers     []Header     `json:"headers"`
	Params      []Param      `json:"params"`
	StageParams []StageParam `json:"stage_params"`
	Fixed       []Field      `json:"fixed"`
}

// Env is what a rendering takes from outside, once per rendering, so that the
// same Env gives the same bytes.
type Env struct {
	// Country completes local phone numbers, ISO 3166-1 alpha-2 ("IN").
	Country string
	// Now and Location are for {{$timestamp}} (Unix seconds) and date formats.
	Now      time.Time
	Location *time.Location
	// UUID is {{$uuid}}, Boundary the multipart boundary.
	UUID     string
	Boundary string
	// UserAgent is the default User-Agent.
	UserAgent string
	// Label returns what messages call a fixed field, given its name; nil
	// means the name itself.
	Label func(name string) string
	// Definitions is where a message tells people to define a name; empty is
	// "the Stage Parameter List", which a provider's file does not have.
	Definitions string
	// Sample says that the record holds the stage fields' sample values, so
	// that the preview names them as such.
	Sample bool
}
