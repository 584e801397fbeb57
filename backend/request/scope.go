package request

import (
	"strconv"
	"strings"
)

// Words for where a piece of the request comes from.
const (
	originURL     = "API URL"
	originAuth    = "Authentication"
	originHeader  = "Additional header"
	originBody    = "Raw body"
	originDefault = "default"
)

func originParam(name string) string { return "Custom parameter " + name }

// variable is what a name means in one rendering.
type variable struct {
	value    string
	origin   string
	label    string
	secret   bool
	withheld bool
	// traits are those of a withheld secret.
	traits Traits
	// fixed values never come with a call, so they may be used in the host.
	fixed bool
	// template is the value of a templated field, split into tokens; the value
	// of such a variable is what they render to.
	template []token
	// at is the input that defines it.
	at string
}

// scope holds every name a template may use: stage parameter rows, fixed
// fields, and parameter rows that are sent nowhere (R2, R3).
type scope struct {
	env   Env
	names map[string]variable
}

func newScope(spec Spec, record map[string]string, env Env) *scope {
	s := &scope{env: env, names: make(map[string]variable, len(spec.Fixed)+len(spec.StageParams)+2)}
	s.names["$uuid"] = variable{value: env.UUID, origin: "$uuid"}
	s.names["$timestamp"] = variable{value: strconv.FormatInt(env.Now.Unix(), 10), origin: "$timestamp"}
	for i, f := range spec.Fixed {
		v := fromValue(f.Value, f.Name, f.Name)
		v.at = row("fixed", i, "name")
		if f.Template && !v.withheld {
			v.template, _ = scan(v.value) // Check reports the faults
			v.fixed = false
		}
		s.define(f.Name, v)
	}
	for i, p := range spec.Params {
		if p.In == ParamNowhere {
			v := fromValue(p.Value, originParam(p.Name), p.Name)
			v.at = row("params", i, "name")
			s.define(p.Name, v)
		}
	}
	for i, p := range spec.StageParams {
		v := stageValue(p, record, env)
		v.at = row("stage_params", i, "variable")
		s.define(p.Variable, v)
	}
	return s
}

// define keeps the first of two equal names; Check refuses the second.
func (s *scope) define(name string, v variable) {
	if _, taken := s.names[name]; !taken && name != "" {
		s.names[name] = v
	}
}

func (s *scope) find(name string) (variable, bool) {
	v, ok := s.names[name]
	return v, ok
}

// fromValue is a fixed field or a row sent nowhere: literal, never expanded.
func fromValue(v Value, origin, label string) variable {
	return variable{
		value: v.Reveal(), origin: origin, label: label, secret: v.Secret, fixed: true,
		withheld: v.IsSealed(), traits: v.traits(),
	}
}

// stageValue takes the record's value of the stage field, otherwise the row's
// default; empty and missing are the same (A46).
func stageValue(p StageParam, record map[string]string, env Env) variable {
	if value := record[p.Field]; value != "" && p.Field != "" {
		origin := p.Field
		if env.Sample {
			origin += ", sample value"
		}
		return variable{value: value, origin: origin}
	}
	return variable{value: p.Default, origin: "Default Value of " + p.Variable}
}

// row returns the JSON path of an input, such as "headers[2].name".
func row(list string, i int, field string) string {
	return list + "[" + strconv.Itoa(i) + "]." + field
}

// maxListed is how many names one sentence lists, far more than a setup has.
const maxListed = 100

// list writes names as a sentence part: "a", "a and b", "a, b and c".
func list(names []string) string {
	if len(names) > maxListed {
		more := strconv.Itoa(len(names)-maxListed) + " more"
		names = append(append([]string{}, names[:maxListed]...), more)
	}
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}
