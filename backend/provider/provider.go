// Package provider describes messaging APIs as data: one YAML file each, read
// by Load and explained in FORMAT.md. No provider has code.
//
// A Catalogue holds the built-in files and those that users added. A Provider
// makes the request that a setup copies (Draft), says in words what an answer
// means (Judge), gives the request that proves a credential (ProbeRequest), and
// holds what the simulator answers. A setup's request never changes with the file;
// rule, error words, probe and simulator are read live (RULES.md, Providers).
package provider

import (
	"fmt"

	"go.yaml.in/yaml/v3"

	"keydesk/backend/limit"
	"keydesk/backend/verdict"
)

// Mark says how well a shape is known (RULES.md, Providers).
type Mark string

// The marks. NotDocumented is for a part that nobody described; the general rule
// of R8 applies there.
const (
	Verified      Mark = "V" // read in the provider's own text
	InClient      Mark = "C" // read in a maintained client or a third-party page
	Unverified    Mark = "U" // not verified: never gives accepted
	NotDocumented Mark = "not documented"
)

// Marks are the marks of a file's parts. Badge is the mark of the whole file.
type Marks struct {
	Badge   Mark `yaml:"badge" json:"badge"`
	Request Mark `yaml:"request" json:"request"`
	Success Mark `yaml:"success" json:"success"`
	Errors  Mark `yaml:"errors" json:"errors"`
}

// Provider is one messaging API described as data.
type Provider struct {
	Format  int    `yaml:"format" json:"-"`
	ID      string `yaml:"id" json:"id"`
	Version int    `yaml:"version" json:"version"`
	Name    string `yaml:"name" json:"name"`
	// Service is the name results use: "Accepted by Twilio".
	Service string `yaml:"service" json:"service"`
	// Account is equal for providers that share an account and so can share
	// credentials.
	Account  string   `yaml:"account" json:"account"`
	Channels []string `yaml:"channels" json:"channels"`
	// More lists the provider under More, after those that are fully described.
	More  bool   `yaml:"more" json:"more"`
	Marks Marks  `yaml:"marks" json:"marks"`
	Help  string `yaml:"help" json:"help"`
	Page  string `yaml:"page" json:"page"`
	// Delivery is the page where delivery can be seen.
	Delivery string  `yaml:"delivery" json:"delivery"`
	Fields   []Field `yaml:"fields" json:"fields"`
	// OneOf lists groups of fields of which at least one is needed.
	OneOf [][]string `yaml:"one_of" json:"one_of"`
	// Recipient is the field that names the receiver of the message.
	Recipient string   `yaml:"recipient" json:"recipient"`
	Request   Template `yaml:"request" json:"-"`
	Rows      []Rows   `yaml:"rows" json:"rows"`
	Success   *Rule    `yaml:"success" json:"-"`
	// Refused says which answers certainly mean that nothing was sent.
	Refused *Refusal `yaml:"refused" json:"-"`
	Errors  []Entry  `yaml:"errors" json:"-"`
	// NotDocumented lists outcomes for which no answer is known, and "probe".
	NotDocumented []string           `yaml:"not_documented" json:"not_documented"`
	Probe         *Probe             `yaml:"probe" json:"-"`
	Inbound       Inbound            `yaml:"inbound" json:"-"`
	Simulator     map[Outcome]Answer `yaml:"simulator" json:"-"`

	// BuiltIn says that the file is part of the program and not a user's.
	BuiltIn bool `yaml:"-" json:"built_in"`

	// text is the file as it was read.
	text []byte

	patterns map[string]*limit.Pattern
	texts    map[int]*limit.Pattern // of Errors, by index
	rule     *verdict.ProviderRule
	standIns map[string]string // of its secret fields, by id
}

// Belongs says whether a field belongs to the account or to the message.
type Belongs string

// Account fields come from the App Credential when one is used.
const (
	OfAccount Belongs = "account"
	OfMessage Belongs = "message"
)

// Kind is how a field is entered.
type Kind string

// The kinds of field. Text is the default.
const (
	TextField  Kind = "text"
	LongField  Kind = "long_text"
	PhoneField Kind = "phone"
	EmailField Kind = "email"
	Choice     Kind = "choice"
)

// Field is one input of the provider's form. An account field is literal; a
// message field may hold {{variables}}.
type Field struct {
	ID       string   `yaml:"id" json:"id"`
	Label    string   `yaml:"label" json:"label"`
	Help     string   `yaml:"help" json:"help"`
	Kind     Kind     `yaml:"kind" json:"kind"`
	Secret   bool     `yaml:"secret" json:"secret"`
	Optional bool     `yaml:"optional" json:"optional"`
	Belongs  Belongs  `yaml:"belongs" json:"belongs"`
	Pattern  string   `yaml:"pattern" json:"pattern"`
	Example  string   `yaml:"example" json:"example"`
	Default  string   `yaml:"default" json:"default"`
	Choices  []string `yaml:"choices" json:"choices"`
	// When shows the field only if another has a value: "kind=template".
	When string `yaml:"when" json:"when"`
	// NeededIn lists countries (ISO 3166-1 alpha-2) where an optional field is
	// needed, such as the entity and template ids in India.
	NeededIn []string `yaml:"needed_in" json:"needed_in"`
	// StandInValue replaces a secret at the simulator. It is made from the
	// pattern when empty.
	StandInValue string `yaml:"stand_in" json:"-"`
}

// Template is a request in the terms of R1 to R6; {{name}} is a field.
type Template struct {
	Method  string   `yaml:"method"`
	URL     string   `yaml:"url"`
	Body    string   `yaml:"body"`
	RawBody string   `yaml:"raw_body"`
	Auth    Auth     `yaml:"auth"`
	Headers []Header `yaml:"headers"`
	Params  []Param  `yaml:"params"`
}

// Auth is how the call authenticates; only what its type uses is given.
type Auth struct {
	Type     string `yaml:"type"`
	Name     string `yaml:"name"`
	Value    string `yaml:"value"`
	AddTo    string `yaml:"add_to"`
	Token    string `yaml:"token"`
	Prefix   string `yaml:"prefix"`
	Username string `yaml:"username"`
	Password string `yaml:"password"`
}

// Header is one header line.
type Header struct {
	Name  string `yaml:"name"`
	Value string `yaml:"value"`
}

// Param is one parameter. With When it is sent only if a field, or "channel", has
// a value: "kind=template".
type Param struct {
	Name     string `yaml:"name"`
	Value    string `yaml:"value"`
	Type     string `yaml:"type"`
	In       string `yaml:"in"`
	Optional bool   `yaml:"optional"`
	When     string `yaml:"when"`
}

// Rows is a repeating part, entered as a small table: named rows have a name
// and a value, ordered ones a value only.
type Rows struct {
	ID          string `yaml:"id" json:"id"`
	Label       string `yaml:"label" json:"label"`
	Help        string `yaml:"help" json:"help"`
	Kind        string `yaml:"kind" json:"kind"`
	NameLabel   string `yaml:"name_label" json:"name_label"`
	ValueLabel  string `yaml:"value_label" json:"value_label"`
	NamePattern string `yaml:"name_pattern" json:"name_pattern"`
	NameExample string `yaml:"name_example" json:"name_example"`
	Example     string `yaml:"example" json:"example"`
	Max         int    `yaml:"max" json:"max"`
	When        string `yaml:"when" json:"when"`
	// With is sent once when there are rows, Each for every row. In Each
	// {{row.value}}, {{row.name}}, {{row.number}} (from 1) and {{row.index}}
	// (from 0) are replaced for each row.
	With []Param `yaml:"with" json:"-"`
	Each []Param `yaml:"each" json:"-"`
	// JSON makes all rows one parameter that holds a JSON text.
	JSON *RowsJSON `yaml:"json" json:"-"`
	// Append adds each row to the value of a parameter of the request.
	Append *Append `yaml:"append" json:"-"`
}

// Append is text added to the end of a parameter's value for each row, for
// example for several recipients in one parameter.
type Append struct {
	Param string `yaml:"param"`
	Text  string `yaml:"text"`
}

// RowsJSON is one parameter made of all rows: an object of names (or numbers from
// 1) and values, or a list of values.
type RowsJSON struct {
	Param string `yaml:"param"`
	Shape string `yaml:"shape"`
	In    string `yaml:"in"`
}

// Rule is verdict.Rule as a file writes it.
type Rule struct {
	Status     string      `yaml:"status"`
	AnyOf      bool        `yaml:"any_of"`
	Each       string      `yaml:"each"`
	Conditions []Condition `yaml:"conditions"`
	MessageID  Extractors  `yaml:"message_id"`
	ErrorCode  Extractors  `yaml:"error_code"`
	ErrorText  Extractors  `yaml:"error_text"`
	Throttled  []string    `yaml:"throttled"`
}

// Refusal is verdict.Refusal as a file writes it.
type Refusal struct {
	Status     string      `yaml:"status"`
	AnyOf      bool        `yaml:"any_of"`
	Conditions []Condition `yaml:"conditions"`
}

// Condition is verdict.Condition as a file writes it.
type Condition struct {
	From  string `yaml:"from"`
	Path  string `yaml:"path"`
	Test  string `yaml:"test"`
	Value string `yaml:"value"`
}

// Extractor is verdict.Extractor as a file writes it.
type Extractor struct {
	From string `yaml:"from"`
	Path string `yaml:"path"`
}

// Extractors are the places of one text, of which the first that finds something
// counts. A file writes one alone, or a list.
type Extractors []Extractor

// UnmarshalYAML reads one or a list. What it decodes is checked for unknown keys
// here: a node forgets that its decoder refuses them.
func (e *Extractors) UnmarshalYAML(node *yaml.Node) error {
	nodes := []*yaml.Node{node}
	if node.Kind == yaml.SequenceNode {
		nodes = node.Content
	}
	for _, one := range nodes {
		for i := 0; one.Kind == yaml.MappingNode && i+1 < len(one.Content); i += 2 {
			if key := one.Content[i]; key.Value != "from" && key.Value != "path" {
				return &yaml.TypeError{Errors: []string{fmt.Sprintf("line %d: field %s not found in type provider.Extractor", key.Line, key.Value)}}
			}
		}
		var extractor Extractor
		if err := one.Decode(&extractor); err != nil {
			return err
		}
		*e = append(*e, extractor)
	}
	return nil
}

// split gives the first extractor and the others, as a rule has them.
func (e Extractors) split() (first verdict.Extractor, more []verdict.Extractor) {
	for i, one := range e {
		made := verdict.Extractor{From: verdict.Source(one.From), Path: one.Path}
		if i == 0 {
			first = made
		} else {
			more = append(more, made)
		}
	}
	return first, more
}

// Entry is a line of the error table: what an answer means in words, what to do,
// and which field to change. All that are given of Code, Status and Text (a
// pattern for the error text) must fit.
type Entry struct {
	Code   string `yaml:"code"`
	Status int    `yaml:"status"`
	Text   string `yaml:"text"`
	Words  string `yaml:"words"`
	Do     string `yaml:"do"`
	Field  string `yaml:"field"`
	Mark   Mark   `yaml:"mark"`
}

// Probe is a cheap request that proves a credential.
type Probe struct {
	Says    string   `yaml:"says"`
	Mark    Mark     `yaml:"mark"`
	Request Template `yaml:"request"`
	Success Rule     `yaml:"success"`
	// Expired lists error codes that mean that the credential has expired.
	Expired []string `yaml:"expired"`
	// Unproven lists error codes that prove nothing, such as that of a valid key
	// without permission for this request.
	Unproven []string `yaml:"unproven"`
}

// Inbound names the strategies that fit what the provider sends back.
type Inbound struct {
	Verification string `yaml:"verification"`
	Parser       string `yaml:"parser"`
	Handshake    string `yaml:"handshake"`
	UserID       string `yaml:"user_id"`
}

// Outcome is what the simulator can play.
type Outcome string

// The outcomes a file describes or lists as not documented.
const (
	Accepted         Outcome = "accepted"
	WrongCredentials Outcome = "wrong_credentials"
	BadNumber        Outcome = "bad_number"
	NoBalance        Outcome = "no_balance"
	Throttled        Outcome = "throttled"
	Slow             Outcome = "slow"
	Broken           Outcome = "broken"
	// Partial is optional: several messages in one answer, some refused.
	Partial Outcome = "partial"
	// NotSimulated is not an outcome: the call goes to the address itself.
	NotSimulated Outcome = ""
)

// Outcomes are the seven that every file describes or lists as not documented, in
// the order of the test panel.
var Outcomes = []Outcome{Accepted, WrongCredentials, BadNumber, NoBalance, Throttled, Slow, Broken}

// Answer is what the provider answers. In body and headers {{hex:32}},
// {{digits:12}} and {{uuid}} become an id that is new in each answer.
type Answer struct {
	// Like takes status, headers and body of another outcome.
	Like    Outcome           `yaml:"like"`
	Status  int               `yaml:"status"`
	Headers map[string]string `yaml:"headers"`
	Body    string            `yaml:"body"`
	DelayMs int               `yaml:"delay_ms"`
}

// Field gives a field by its id.
func (p *Provider) Field(id string) (Field, bool) {
	for _, f := range p.Fields {
		if f.ID == id {
			return f, true
		}
	}
	return Field{}, false
}

// Label is how a message names a field: by its label, or by the id if the file
// has no such field.
func (p *Provider) Label(id string) string {
	if f, known := p.Field(id); known {
		return f.Label
	}
	return id
}

func (r Rule) verdict() verdict.ProviderRule {
	out := verdict.ProviderRule{Rule: verdict.Rule{Status: r.Status, AnyOf: r.AnyOf, Each: r.Each, Conditions: conditions(r.Conditions),
		Throttled: append([]string{}, r.Throttled...)}}
	out.MessageID, out.MoreMessageID = r.MessageID.split()
	out.ErrorCode, out.MoreErrorCode = r.ErrorCode.split()
	out.ErrorText, out.MoreErrorText = r.ErrorText.split()
	return out
}

func (r *Refusal) verdict() *verdict.Refusal {
	if r == nil {
		return nil
	}
	return &verdict.Refusal{Status: r.Status, AnyOf: r.AnyOf, Conditions: conditions(r.Conditions)}
}

func conditions(written []Condition) []verdict.Condition {
	out := []verdict.Condition{}
	for _, c := range written {
		out = append(out, verdict.Condition{From: verdict.Source(c.From), Path: c.Path, Test: verdict.Test(c.Test), Value: c.Value})
	}
	return out
}
