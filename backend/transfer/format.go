package transfer

import (
	"reflect"
	"regexp"

	"github.com/google/uuid"

	"keydesk/backend/process"
	"keydesk/backend/request"
	"keydesk/backend/secret"
	"keydesk/backend/setup"
)

// The head of every file: what it holds and the version of its form. Files of
// format 1 are read too: they do not have what was entered in a provider's form.
const (
	kind   = "setups"
	format = 2
)

// document is the whole file. A field that is empty, zero or false is left
// out, and read back as that.
type document struct {
	Keydesk string                `json:"keydesk"`
	Format  int                   `json:"format"`
	Places  []process.OutlineNode `json:"places"`
	Setups  []entry               `json:"setups"`
}

// entry is one setup: the names of its place from the root down, of its stage
// (none for every stage here), and the setup as its own feature has it.
type entry struct {
	Place []string    `json:"place"`
	Stage string      `json:"stage"`
	Setup setup.Draft `json:"setup"`
}

// stays lists members that never leave the office, by their JSON name: where a
// setup belongs is said in names, and of a secret not even its being there.
var stays = map[string]bool{"place_id": true, "stage_id": true, "stored": true, "typed": true}

// rowID is the shape of a row's id that a provider's file gave ("header.1",
// "auth_token"). By it a request is compared with what the file draws, so it
// travels; the ids that an office makes up are UUIDs and stay.
var rowID = regexp.MustCompile(`^[a-z][a-z0-9_.-]{0,63}$`)

// travels tells whether a row's id may leave.
func travels(id string) bool { return rowID.MatchString(id) && uuid.Validate(id) != nil }

// eachRowID gives the id of every row of a draft.
func eachRowID(draft *setup.Draft, visit func(id *string)) {
	walk(reflect.ValueOf(&draft.Request).Elem(), func(v reflect.Value) bool {
		if v.Kind() == reflect.Struct {
			if id := v.FieldByName("ID"); id.IsValid() {
				visit(id.Addr().Interface().(*string))
			}
		}
		return true
	})
}

// eachValue gives every value of a draft that may be secret, wherever it
// stands: a new list of values is found as well.
func eachValue(draft *setup.Draft, visit func(value *request.Value)) {
	walk(reflect.ValueOf(draft).Elem(), func(v reflect.Value) bool {
		value, is := v.Addr().Interface().(*request.Value)
		if is {
			visit(value)
		}
		return !is
	})
}

// eachText gives every free text of a draft, the plain values among them.
// Codes have types of their own and are passed over; so are the method, the
// provider's id and the names of sections, which are codes too.
func eachText(draft *setup.Draft, visit func(text *string)) {
	walk(reflect.ValueOf(draft).Elem(), func(v reflect.Value) bool {
		text, is := v.Addr().Interface().(*string)
		if is && text != &draft.Request.Method && text != &draft.Provider {
			visit(text)
		}
		return v.Type() != reflect.TypeFor[secret.Text]() && v.Addr().Interface() != any(&draft.ByHand)
	})
}

// walk visits an addressable value and, where visit says so, what is in it.
func walk(v reflect.Value, visit func(v reflect.Value) bool) {
	if !visit(v) {
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				walk(v.Field(i), visit)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			walk(v.Index(i), visit)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			walk(v.Elem(), visit)
		}
	}
}
