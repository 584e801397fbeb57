package gate

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/go-playground/validator/v10"

	"keydesk/backend/fault"
	"keydesk/backend/secret"
)

var checker = newChecker()

func newChecker() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(field reflect.StructField) string {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		return name
	})
	// The validator sees dots instead of a secret's value: only its length
	// counts.
	v.RegisterCustomTypeFunc(func(value reflect.Value) any {
		return strings.Repeat("•", len([]rune(value.Interface().(secret.Text).Reveal())))
	}, secret.Text{})
	return v
}

// Validate checks the input's validate tags and returns faults at fields.
func Validate(in any) error {
	if reflect.ValueOf(in).Kind() != reflect.Struct {
		return nil
	}
	err := checker.Struct(in)
	if err == nil {
		return nil
	}
	var broken validator.ValidationErrors
	if !errors.As(err, &broken) {
		return fmt.Errorf("validate: %w", err)
	}
	var fields fault.Fields
	for _, one := range broken {
		_, path, _ := strings.Cut(one.Namespace(), ".")
		fields.Add(path, "%s", sentence(one))
	}
	return fields.Err("keydesk.invalid")
}

// sentence says in plain words which rule a value breaks.
func sentence(broken validator.FieldError) string {
	switch broken.Tag() {
	case "required":
		return "Fill this in."
	case "max":
		if broken.Kind() == reflect.String {
			return "This is longer than " + broken.Param() + " characters."
		}
		return "This is more than " + broken.Param() + "."
	case "min":
		if broken.Kind() == reflect.String {
			return "This is shorter than " + broken.Param() + " characters."
		}
		return "This is less than " + broken.Param() + "."
	case "oneof":
		return "Choose one of the offered values."
	case "uuid":
		return "Choose one from the list."
	case "iso3166_1_alpha2":
		return "Choose a country."
	case "timezone":
		return "Choose a time zone."
	case "email":
		return "This is not an e-mail address."
	}
	return "This value does not fit here."
}
