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

// The head of every file: what it holds and the version of its format. Older files
// are read too: those of format 1 lack what was entered in a provider's form, and
// those of format 2 the limit of live messages.
const (
	kind   = "setups"
	format = 3
)

// document is the whole file. A field that is empty, zero or false is left out,
// and reading gives it that value again.
type document struct {
	Keydesk string                `json:"keydesk"`
	Format  int                   `json:"format"`
	Places  []process.OutlineNode `json:"places"`
	Setups  []entry               `json:"setups"`
}

// entry is one setup: the names of its place from the root down, the name of its
// stage (none for every stage here), and the draft as package setup has it.
type entry struct {
	Place []string    `json:"place"`
	Stage string      `json:"stage"`
	Setup setup.Draft `json:"setup"`
}

// stays lists members that are never exported, by their JSON name: names say
// where a setup belongs, and the file does not even say that a secret is stored.
var stays = map[string]bool{"place_id": true, "stage_id": true, "stored": true, "typed": true}

// rowID is the form of a row's id that a provider's file gave ("header.1",
// "auth_token"). A request is compared with the provider's file by it, so it
// travels. Ids made in an organisation are UUIDs and stay.
var rowID = regexp.MustCompile(`^[a-z][a-z0-9_.-]{0,63}$`)

// travels tells whether a row's id is exported.
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

// eachValue gives every value of a draft that may be secret, wherever it is: it
// finds a list that is added later as well.
func eachValue(draft *setup.Draft, visit func(value *request.Value)) {
	walk(reflect.ValueOf(draft).Elem(), func(v reflect.Value) bool {
		value, is := v.Addr().Interface().(*request.Value)
		if is {
			visit(value)
		}
		return !is
	})
}

// eachText gives every free text of a draft, plain values included. It skips
// codes: they have named types, except the method, the provider's id and the
// names of sections.
func eachText(draft *setup.Draft, visit func(text *string)) {
	walk(reflect.ValueOf(draft).Elem(), func(v reflect.Value) bool {
		text, is := v.Addr().Interface().(*string)
		if is && text != &draft.Request.Method && text != &draft.Provider {
			visit(text)
		}
		return v.Type() != reflect.TypeFor[secret.Text]() && v.Addr().Interface() != any(&draft.ByHand)
	})
}

// walk visits an addressable value and, if visit returns true, what is in it.
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
