package request

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"keydesk/backend/fault"
)

// Check finds everything about a spec that can be refused before it is saved,
// each at the JSON path of its input. fields are the names of the stage fields
// at the place; without any, stage field names are not checked. Secrets that
// are only stored count as present, and messages never hold a value.
func Check(spec Spec, fields []string) fault.Fields {
	return newChecker(spec, fields, newScope(spec, nil, Env{})).check()
}

// CheckRows finds the lists of a spec that are too long. It is quick, so that it
// can be asked before anything else is done with a spec that came from outside.
func CheckRows(spec Spec) fault.Fields {
	c := &checker{spec: spec}
	c.rows("headers", len(spec.Headers))
	c.rows("params", len(spec.Params))
	c.rows("stage_params", len(spec.StageParams))
	c.rows("fixed", len(spec.Fixed))
	return c.faults
}

func (c *checker) check() fault.Fields {
	if long := CheckRows(c.spec); len(long) > 0 {
		return long
	}
	c.method()
	c.url()
	c.auth()
	c.headers()
	c.params()
	c.stageParams()
	c.fixed()
	c.definitions()
	c.body()
	c.nul()
	return c.faults
}

// nul refuses a NUL in any value that has no message yet: nothing can carry one
// (R4), so a value that is sent nowhere by itself, or encoded, is not kept with one
// either. Default Values are checked by the type of their field.
func (c *checker) nul() {
	refuse := func(at, text string) {
		if strings.ContainsRune(text, 0) && !c.refused(at) {
			c.add(at, "%s", "This value "+notPlain)
		}
	}
	switch a := c.spec.Auth; {
	case a.Type == APIKey:
		refuse("auth.key_value", a.KeyValue.Reveal())
	case a.Type == Basic:
		refuse("auth.username", a.Username)
		refuse("auth.password", a.Password.Reveal())
	case a.Type == OAuth2 && a.FetchToken:
		refuse("auth.client_id", a.ClientID)
		refuse("auth.client_secret", a.ClientSecret.Reveal())
		refuse("auth.scopes", a.Scopes)
	}
	for i, h := range c.spec.Headers {
		refuse(row("headers", i, "value"), h.Value.Reveal())
	}
	for i, p := range c.spec.Params {
		refuse(row("params", i, "value"), p.Value.Reveal())
	}
	for i, f := range c.spec.Fixed {
		refuse(row("fixed", i, "value"), f.Value.Reveal())
	}
}

// checker collects what is wrong with one spec.
type checker struct {
	spec   Spec
	fields []string
	names  *scope
	format BodyFormat
	used   map[string]bool
	faults fault.Fields
}

// newChecker checks a spec; names are those of its scope, with or without the
// values of a record.
func newChecker(spec Spec, fields []string, names *scope) *checker {
	return &checker{spec: spec, fields: fields, names: names, format: bodyFormat(spec), used: mentioned(spec)}
}

func (c *checker) add(at, format string, args ...any) { c.faults.Add(at, format, args...) }

// refused reports whether an input already has a message.
func (c *checker) refused(at string) bool {
	return slices.ContainsFunc(c.faults, func(f fault.Field) bool { return f.Name == at })
}

func (c *checker) method() {
	if !knownMethod(c.spec.Method) {
		c.add("method", "Choose a method: GET, POST, PUT, DELETE, PATCH, HEAD or OPTIONS.")
	}
	switch c.spec.BodyFormat {
	case DefaultBody, NoBody, JSONBody, FormBody, MultipartBody, RawJSON, RawXML, RawText:
	default:
		c.add("body_format", "Choose a body format.")
	}
}

// length refuses a value that is too long; it reports whether it fits.
func (c *checker) length(at, text string) bool {
	if len(text) > MaxValue {
		c.add(at, "This is %s bytes long; a value can have %s.", thousands(len(text)), thousands(MaxValue))
		return false
	}
	return true
}

// name checks the rules of all names. It reports whether the name can be
// checked further.
func (c *checker) name(at, name, empty string) bool {
	if strings.TrimSpace(name) == "" {
		c.add(at, "%s", empty)
		return false
	}
	if n := utf8.RuneCountInString(name); n > MaxName {
		c.add(at, "This name has %s characters; it can have %d.", thousands(n), MaxName)
		return false
	}
	if !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) {
		c.add(at, "A name cannot hold a line break or another control character.")
		return false
	}
	return true
}

// thousands writes 10000 as "10,000".
func thousands(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

func (c *checker) rows(list string, n int) {
	if n > MaxRows {
		c.add(list, "There are %s rows; a list can have %d.", thousands(n), MaxRows)
	}
}
