package transfer

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"unicode/utf8"

	"keydesk/backend/fault"
	"keydesk/backend/process"
	"keydesk/backend/request"
)

// read gives the document of a text with the line at which each setup begins,
// or one fault that says what is wrong and at which line. Nothing is parsed
// before its size is known.
func read(text string) (document, []int, error) {
	switch {
	case len(text) > maxBytes:
		return document{}, nil, ErrTooLarge
	case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		return document{}, nil, ErrUnreadable
	}
	text = strings.TrimPrefix(text, "\uFEFF")
	if err := readHead(text); err != nil {
		return document{}, nil, err
	}
	lines, err := scan(text)
	if err != nil {
		return document{}, nil, err
	}
	var doc document
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		return document{}, nil, typeFault(text, err)
	}
	if err := cleanPlaces(&doc, lines[reflect.TypeFor[process.OutlineNode]()]); err != nil {
		return document{}, nil, err
	}
	at := lines[reflect.TypeFor[entry]()]
	if err := cleanSetups(doc, at); err != nil {
		return document{}, nil, err
	}
	return doc, at, doubles(doc, at)
}

// readHead finds broken JSON, files of another kind and those of a newer
// Keydesk before anything else is said about them.
func readHead(text string) error {
	var head map[string]json.RawMessage
	err := json.Unmarshal([]byte(text), &head)
	var broken *json.SyntaxError
	switch {
	case errors.As(err, &broken):
		return ErrBroken.WithMessage("This is not a complete JSON file: it breaks at line %d.", lineAt(text, broken.Offset))
	case err != nil || string(head["keydesk"]) != `"`+kind+`"`:
		return ErrOtherKind
	}
	var number float64
	if json.Unmarshal(head["format"], &number) != nil || number != float64(int(number)) || number < 1 {
		return faulty("“format” has to be 1, 2 or 3.")
	}
	if number > format {
		return ErrNewer
	}
	return nil
}

// typeFault says where a value of the wrong type is.
func typeFault(text string, err error) error {
	var wrong *json.UnmarshalTypeError
	if !errors.As(err, &wrong) {
		return ErrBroken.WithCause(err)
	}
	return faulty("Line %d: “%s” has to be %s.", lineAt(text, wrong.Offset), wrong.Field, typeWords(wrong.Type))
}

func typeWords(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "text"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice:
		return "a list"
	case reflect.Struct:
		return "an object"
	}
	return "a whole number"
}

// cleanPlaces checks the tree by the rules of process and refuses a place that is
// there twice.
func cleanPlaces(doc *document, lines []int) error {
	first := map[string]int{}
	for i, place := range doc.Places {
		clean, problem := place.Clean()
		if problem != "" {
			return faulty("Line %d: %s", lines[i], problem)
		}
		key := process.Key(clean.Place...)
		if before, twice := first[key]; twice {
			return faulty("Line %d: The place “%s” is already at line %d.", lines[i], strings.Join(clean.Place, " / "), before)
		}
		first[key] = lines[i]
		doc.Places[i] = clean
	}
	return nil
}

// cleanSetups refuses a secret that is in the file in plain text, and a row's id
// that no provider's file gives.
func cleanSetups(doc document, lines []int) error {
	for i := range doc.Setups {
		problem := ""
		eachValue(&doc.Setups[i].Setup, func(value *request.Value) {
			if value.Secret && value.Plain != "" {
				problem = "This setup holds a secret in plain text. Remove it, and type it after the import."
			}
		})
		eachRowID(&doc.Setups[i].Setup, func(id *string) {
			if *id != "" && !travels(*id) {
				problem = "A row of this setup has an id from another organisation. Remove the id."
			}
		})
		if problem != "" {
			return faulty("Line %d: %s", lines[i], problem)
		}
	}
	return nil
}

// doubles refuses a second enabled setup for one place, stage and channel, which
// R10 does not allow. There may be several disabled ones.
func doubles(doc document, lines []int) error {
	first := map[string]int{}
	for i, one := range doc.Setups {
		if !one.Setup.Enabled {
			continue
		}
		key := one.key()
		if before, twice := first[key]; twice {
			return faulty("Line %d: There is already an enabled setup for this place, stage and channel at line %d.", lines[i], before)
		}
		first[key] = lines[i]
	}
	return nil
}

// key is equal for setups of one place, stage and channel.
func (e entry) key() string {
	return stageKey(e.Place, e.Stage) + "\x1e" + string(e.Setup.Channel)
}

func faulty(format string, args ...any) *fault.Error { return ErrFaulty.WithMessage(format, args...) }

// lineAt is the line of a byte offset, from 1.
func lineAt(text string, offset int64) int {
	return 1 + strings.Count(text[:min(max(int(offset)-1, 0), len(text))], "\n")
}
