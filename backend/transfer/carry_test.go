package transfer_test

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"keydesk/backend/secret"
	"keydesk/backend/setup"
	"keydesk/backend/transfer"
	"keydesk/backend/verdict"
)

// fill gives every field a value, so that a field added later is tested without a
// change here. Typed secrets and their marks do not travel, by design.
func fill(v reflect.Value, name string) {
	switch {
	case v.Type() == reflect.TypeFor[secret.Text]():
	case name == "Secret" || name == "Stored" || name == "Unreadable" || name == "Traits" || name == "PlaceID" || name == "StageID":
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), v.Type().Field(i).Name)
		}
	case v.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0), name)
		fill(v.Index(1), name)
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), name)
	case v.Kind() == reflect.String:
		v.SetString("some.text")
	case v.Kind() == reflect.Bool:
		v.SetBool(true)
	default:
		v.SetInt(7)
	}
}

// Everything that the form holds travels, also what is added to it later. So
// does an empty form, and an empty rule stays a rule.
func TestEverythingOfADraftTravels(t *testing.T) {
	var full setup.Draft
	fill(reflect.ValueOf(&full).Elem(), "")
	ruled := setup.Draft{Rule: &verdict.Rule{}}
	for name, draft := range map[string]setup.Draft{"full": full, "empty": {}, "a rule without content": ruled} {
		got, err := transfer.Carried(draft)
		if err != nil {
			t.Fatal(name, err)
		}
		if diff := cmp.Diff(draft, got, cmp.Exporter(func(reflect.Type) bool { return true })); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
