package request

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// params checks the Custom Parameter List (A43).
func (c *checker) params() {
	a := c.spec.Auth
	for i, p := range c.spec.Params {
		at := row("params", i, "name")
		where := place(p.In, c.spec.Method, c.format)
		if c.name(at, p.Name, "Enter the field name, or delete the row.") {
			switch {
			case p.In == ParamNowhere:
				if !validVariable(p.Name) {
					c.add(at, "A value that is sent nowhere serves as a variable, so its name can hold only letters, digits, _ . and -.")
				}
			case a.Type == APIKey && p.Name == a.KeyName &&
				(a.AddTo == InQuery && where == ParamQuery || a.AddTo == InBody && where == ParamBody):
				c.add(at, "Authentication already sends %s. Delete this row, or choose NoAuth.", short(p.Name))
			default:
				c.noVariable(at, p.Name)
			}
		}
		c.paramIn(i, p)
		c.paramValue(i, p)
	}
}

func (c *checker) paramIn(i int, p Param) {
	at := row("params", i, "in")
	switch p.In {
	case ParamAuto, ParamQuery, ParamNowhere:
	case ParamBody:
		if c.format.isRaw() {
			c.add(at, "The body is written by hand. Choose Query or Nowhere.")
		} else if !c.format.hasFields() {
			c.add(at, "This request has no body. Choose Query, or choose a Body format.")
		}
	default:
		c.add(at, "Choose where the parameter goes: Query, Body or Nowhere.")
	}
}

func (c *checker) paramValue(i int, p Param) {
	at := row("params", i, "value")
	text := p.Value.template()
	if !c.length(at, text) {
		return
	}
	if p.In == ParamNowhere {
		if tokens, faults := scan(text); len(faults) > 0 || slices.ContainsFunc(tokens, func(t token) bool { return t.name != "" }) {
			c.add(at, "A value that is sent nowhere cannot hold a variable.")
		}
		return
	}
	c.value(at, p.Value)
	if strings.ContainsRune(text, 0) || p.Value.traits().NUL {
		c.add(at, "%s", "This value "+notPlain)
	}
	if c.refused(at) || p.Optional && p.Value.IsEmpty() {
		return
	}
	if p.Value.IsSealed() {
		if complaint := p.Value.traits().typeFault(p.Type); complaint != "" {
			c.add(at, "%s", complaint)
		}
		return
	}
	switch p.Type {
	case TextParam:
	case NumberParam, BooleanParam:
		if tokens, _ := scan(text); slices.ContainsFunc(tokens, func(t token) bool { return t.name != "" }) {
			return
		}
		if _, complaint := typedValue(p.Type, literals(text)); complaint != "" {
			c.add(at, "%s", complaint)
		}
	case JSONParam:
		if !json.Valid([]byte(neutral(text))) {
			c.add(at, "%s", notJSON)
		}
	default:
		c.add(row("params", i, "type"), "Choose a type: text, number, yes/no or JSON.")
	}
}

// What is wrong with a value of a type.
const (
	notNumber  = "This is not a number. Write it with digits and a dot, as 12.5."
	notBoolean = "This is neither true nor false."
	notJSON    = "This is not valid JSON. Put quotes around text and around variables that hold text."
)

// typedValue checks a value against its row's type and writes it as in JSON.
func typedValue(kind ParamType, text string) (fixed, complaint string) {
	trimmed := strings.TrimSpace(text)
	switch kind {
	case NumberParam:
		if !isJSONNumber(trimmed) {
			return text, notNumber
		}
		return trimmed, ""
	case BooleanParam:
		switch strings.ToLower(trimmed) {
		case "true", "yes":
			return "true", ""
		case "false", "no":
			return "false", ""
		}
		return text, notBoolean
	case JSONParam:
		if !json.Valid([]byte(text)) {
			return text, "This is not valid JSON once its variables are filled in."
		}
	}
	return text, ""
}

// stageParams checks the Stage Parameter List (A44).
func (c *checker) stageParams() {
	for i, p := range c.spec.StageParams {
		at := row("stage_params", i, "variable")
		if c.name(at, p.Variable, "Enter the variable name, or delete the row.") && !validVariable(p.Variable) {
			c.add(at, "A variable name can hold only letters, digits, _ . and -.")
		}
		c.length(row("stage_params", i, "default"), p.Default)
		at = row("stage_params", i, "field")
		switch {
		case p.Field == "" && p.Default == "":
			c.add(at, "Choose the stage field, or give a Default Value.")
		case p.Field != "" && len(c.fields) > 0 && !slices.Contains(c.fields, p.Field):
			c.add(at, "The stage has no field %s.", fmt.Sprintf("%q", short(p.Field)))
		}
	}
}

func (c *checker) fixed() {
	for i, f := range c.spec.Fixed {
		at := row("fixed", i, "name")
		if c.name(at, f.Name, "Enter the field's name.") && !validVariable(f.Name) {
			c.add(at, "A field name can hold only letters, digits, _ . and -.")
		}
		at = row("fixed", i, "value")
		if c.length(at, f.Value.Reveal()) && f.Template {
			c.templatedField(at, f)
		}
	}
}

// templatedField checks a field that is a template: it may use names, but no
// other template.
func (c *checker) templatedField(at string, f Field) {
	if f.Value.Secret {
		c.add(at, "A field with variables in it cannot be secret.")
		return
	}
	c.template(at, f.Value.Plain)
	tokens, _ := scan(f.Value.Plain)
	for _, tok := range tokens {
		if v, known := c.names.find(tok.name); known && v.template != nil {
			c.add(at, "%s is made of variables itself and cannot be used here.", short(tok.name))
			return
		}
	}
}

// definitions refuses a name that two rows define.
func (c *checker) definitions() {
	define := func(name, at string) {
		if v, known := c.names.find(name); known && v.at != at && v.at != "" {
			c.add(at, "The variable %s is already defined.", short(name))
		}
	}
	for i, f := range c.spec.Fixed {
		define(f.Name, row("fixed", i, "name"))
	}
	for i, p := range c.spec.Params {
		if p.In == ParamNowhere {
			define(p.Name, row("params", i, "name"))
		}
	}
	for i, p := range c.spec.StageParams {
		define(p.Variable, row("stage_params", i, "variable"))
	}
}
