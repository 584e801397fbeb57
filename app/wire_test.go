package app

import (
	"os"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"keydesk/backend/secret"
)

// wireRules are the rules for types that cross to the page (RULES.md, Doors).
// Each rule forbids something that Wails' generator or JSON gets wrong without
// an error.
type wireRules struct {
	enums    map[reflect.Type]bool
	packages map[string]string
	seen     map[reflect.Type]bool
	broken   []string
}

func newWireRules(enums []any) *wireRules {
	w := &wireRules{enums: map[reflect.Type]bool{}, packages: map[string]string{}, seen: map[reflect.Type]bool{}}
	for _, list := range enums {
		element := reflect.TypeOf(list).Elem()
		if element.Kind() == reflect.Struct {
			if value, ok := element.FieldByName("Value"); ok {
				element = value.Type
			}
		}
		w.enums[element] = true
	}
	return w
}

func (w *wireRules) breaks(where, why string) { w.broken = append(w.broken, where+": "+why) }

// snakeCase matches the name of a field on the page.
var snakeCase = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)

var errorType = reflect.TypeFor[error]()

func (w *wireRules) check(bound []any) {
	for _, one := range bound {
		t := reflect.TypeOf(one)
		for i := range t.NumMethod() {
			w.method(t.Elem().Name()+"."+t.Method(i).Name, t.Method(i).Type)
		}
	}
}

func (w *wireRules) method(where string, m reflect.Type) {
	switch {
	case m.NumIn() > 2 || m.IsVariadic():
		w.breaks(where, "takes more than one argument")
	case m.NumIn() == 2 && (m.In(1).Kind() != reflect.Struct || m.In(1) == reflect.TypeFor[time.Time]() || m.In(1) == reflect.TypeFor[secret.Text]()):
		w.breaks(where, "takes something other than one struct")
	case m.NumIn() == 2:
		w.value(where+" argument", m.In(1), "")
	}
	if m.NumOut() == 0 || m.NumOut() > 2 || m.Out(m.NumOut()-1) != errorType {
		w.breaks(where, "must give an error, or a value and an error")
		return
	}
	if m.NumOut() == 2 {
		w.value(where+" answer", m.Out(0), "")
	}
}

func (w *wireRules) value(where string, t reflect.Type, tsType string) {
	if t == reflect.TypeFor[time.Time]() || t == reflect.TypeFor[secret.Text]() {
		if tsType != "string" {
			w.breaks(where, t.String()+` without ts_type:"string"`)
		}
		return
	}
	if strings.Contains(t.Name(), "[") {
		w.breaks(where, "is generic: "+t.Name())
		return
	}
	if t.PkgPath() != "" {
		short := path.Base(t.PkgPath())
		if other, ok := w.packages[short]; ok && other != t.PkgPath() {
			w.breaks(where, "two packages are called "+short+": "+other+" and "+t.PkgPath())
		}
		w.packages[short] = t.PkgPath()
	}
	switch t.Kind() {
	case reflect.Slice, reflect.Array:
		if t.Elem().Kind() == reflect.Uint8 {
			w.breaks(where, "bytes become base64 text")
			return
		}
		w.value(where+"[]", t.Elem(), tsType)
	case reflect.Pointer:
		w.value(where, t.Elem(), tsType)
	case reflect.Map:
		if t.Key().Kind() != reflect.String {
			w.breaks(where, "a map's keys must be text")
		}
		w.value(where+"{}", t.Elem(), tsType)
	case reflect.String:
		if t.PkgPath() != "" && !w.enums[t] {
			w.breaks(where, t.String()+" is not in Enums")
		}
	case reflect.Struct:
		w.fields(t)
	case reflect.Func, reflect.Chan, reflect.Complex64, reflect.Complex128, reflect.UnsafePointer, reflect.Uintptr:
		w.breaks(where, t.String()+" cannot be written as JSON")
	}
}

func (w *wireRules) fields(t reflect.Type) {
	if w.seen[t] {
		return
	}
	w.seen[t] = true
	for i := range t.NumField() {
		field := t.Field(i)
		where := t.String() + "." + field.Name
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case field.Anonymous:
			w.breaks(where, "is embedded, so the page's type lacks its fields")
		case !field.IsExported():
			w.breaks(where, "cannot be read")
		case name == "":
			w.breaks(where, "has no json tag")
		case name != "-" && !snakeCase.MatchString(name):
			w.breaks(where, "is called "+name+" on the page, which is not snake_case")
		case name != "-":
			w.value(where, field.Type, field.Tag.Get("ts_type"))
		}
	}
}

func TestEverythingBoundKeepsTheWireRules(t *testing.T) {
	a := New(Config{Stderr: os.Stderr})
	w := newWireRules(a.Enums())
	w.check(a.Bound())
	for _, broken := range w.broken {
		t.Error(broken)
	}
	if len(w.seen) == 0 {
		t.Error("no type was checked")
	}
}

// badWire and badInput break every rule; each break must be found.
type badWire struct{}

type badInput struct {
	Untagged string
	When     time.Time           `json:"when"`
	Secret   secret.Text         `json:"secret"`
	Secrets  []secret.Text       `json:"secrets"`
	Bytes    []byte              `json:"bytes"`
	Kind     badKind             `json:"kind"`
	Generic  badGeneric[int]     `json:"generic"`
	Func     func()              `json:"func"`
	ByNumber map[int]string      `json:"by_number"`
	Deep     []map[string][]deep `json:"deep"`
	FileName string              `json:"fileName"`
	//nolint:unused // found by reflection
	badEmbedded
}

type (
	badKind           string
	badEmbedded       struct{} //nolint:unused // see badInput
	badGeneric[T any] struct {
		Of T `json:"of"`
	}
	deep struct{ Untagged int }
)

func (*badWire) TwoArguments(badInput, badInput) error { return nil }
func (*badWire) BareText(string) error                 { return nil }
func (*badWire) BareKind(badKind) error                { return nil }
func (*badWire) BareSecret(secret.Text) error          { return nil }
func (*badWire) Pointer(*badInput) error               { return nil }
func (*badWire) NoError() string                       { return "" }
func (*badWire) Nothing()                              {}
func (*badWire) Answer() ([]badGeneric[string], error) { return nil, nil }

func TestTheWireRulesFindWhatTheyAreFor(t *testing.T) {
	w := newWireRules(nil)
	w.check([]any{&badWire{}})
	for _, want := range []string{
		"badWire.TwoArguments: takes more than one argument",
		"badWire.BareText: takes something other than one struct",
		"badWire.BareKind: takes something other than one struct",
		"badWire.BareSecret: takes something other than one struct",
		"badWire.Pointer: takes something other than one struct",
		"badWire.NoError: must give an error, or a value and an error",
		"badWire.Nothing: must give an error, or a value and an error",
		"badWire.Answer answer[]: is generic: badGeneric[string]",
	} {
		if !slices.Contains(w.broken, want) {
			t.Errorf("not found: %s\nfound: %s", want, strings.Join(w.broken, "\n       "))
		}
	}
	w = newWireRules(nil)
	w.value("input", reflect.TypeFor[badInput](), "")
	for _, want := range []string{
		"app.badInput.Untagged: has no json tag",
		`app.badInput.When: time.Time without ts_type:"string"`,
		`app.badInput.Secret: secret.Text without ts_type:"string"`,
		`app.badInput.Secrets[]: secret.Text without ts_type:"string"`,
		"app.badInput.Bytes: bytes become base64 text",
		"app.badInput.Kind: app.badKind is not in Enums",
		"app.badInput.Generic: is generic: badGeneric[int]",
		"app.badInput.Func: func() cannot be written as JSON",
		"app.badInput.ByNumber: a map's keys must be text",
		"app.deep.Untagged: has no json tag",
		"app.badInput.FileName: is called fileName on the page, which is not snake_case",
		"app.badInput.badEmbedded: is embedded, so the page's type lacks its fields",
	} {
		if !slices.Contains(w.broken, want) {
			t.Errorf("not found: %s\nfound: %s", want, strings.Join(w.broken, "\n       "))
		}
	}
	enums := newWireRules([]any{[]struct {
		Value  badKind
		TSName string
	}{}})
	enums.value("kind", reflect.TypeFor[badKind](), "")
	if len(enums.broken) != 0 {
		t.Errorf("an enum was not recognised: %v", enums.broken)
	}
}
