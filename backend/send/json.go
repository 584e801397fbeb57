package send

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"unicode"
)

// readJSON reads a list of objects, or objects one after the other, usually one a
// line. An object has the members of POST /v1/calls, with the values of the record
// in fields or beside the others.
func (t *Table) readJSON(text []byte) error {
	start := len(text) - len(bytes.TrimLeftFunc(text, unicode.IsSpace))
	if text[start] == '[' {
		t.list = true
		return t.readList(text)
	}
	broken := t.readObjects(text)
	if !errors.Is(broken, ErrBroken) {
		return broken
	}
	// Where one line is an object, each is: then a broken one is that row's fault.
	for one := range bytes.Lines(text) {
		if one = bytes.TrimSpace(one); bytes.HasPrefix(one, []byte("{")) && json.Valid(one) {
			t.Rows = nil
			return t.readLines(text)
		}
	}
	return broken
}

// readLines reads one object a line. A line that is broken is that row's fault.
func (t *Table) readLines(text []byte) error {
	line := 0
	for one := range bytes.Lines(text) {
		line++
		if one = bytes.TrimSpace(one); len(one) > 0 {
			if err := t.addObject(one, line); err != nil {
				return err
			}
		}
	}
	return nil
}

// readObjects reads objects that follow one another, over several lines.
func (t *Table) readObjects(text []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	for count := (lines{text: text}); ; {
		var raw json.RawMessage
		err := decoder.Decode(&raw)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return brokenJSON(text, decoder, err)
		}
		if err := t.addObject(raw, count.of(int(decoder.InputOffset())-len(raw))); err != nil {
			return err
		}
	}
}

func (t *Table) readList(text []byte) error {
	decoder, count := json.NewDecoder(bytes.NewReader(text)), lines{text: text}
	_, err := decoder.Token()
	for err == nil && decoder.More() {
		var raw json.RawMessage
		if err = decoder.Decode(&raw); err == nil {
			if refused := t.addObject(raw, count.of(int(decoder.InputOffset())-len(raw))); refused != nil {
				return refused
			}
		}
	}
	if err == nil {
		_, err = decoder.Token()
	}
	if err != nil {
		return brokenJSON(text, decoder, err)
	}
	if rest := text[decoder.InputOffset():]; len(bytes.TrimSpace(rest)) > 0 {
		return ErrBroken.WithMessage("Something follows the list, in line %d.", lineAt(text, int(decoder.InputOffset())))
	}
	return nil
}

func brokenJSON(text []byte, decoder *json.Decoder, err error) error {
	at := int(decoder.InputOffset())
	if syntax := (*json.SyntaxError)(nil); errors.As(err, &syntax) {
		at = max(int(syntax.Offset)-1, 0)
	}
	return ErrBroken.WithMessage("The input is no valid JSON: see line %d.", lineAt(text, at))
}

// addObject adds a row.
func (t *Table) addObject(raw []byte, line int) error {
	row := Row{Number: len(t.Rows) + 1, Line: line, Fields: map[string]string{}, raw: raw}
	row.Fault = row.members(raw, "")
	if row.Fault != nil && row.Fault.Code == errMode.Code {
		return errMode
	}
	t.Rows = append(t.Rows, row)
	return nil
}

// members reads the members of an object into the row. inside is "fields." for the
// object of that name. encoding/json alone would silently take the last of two
// members of one name, and change long numbers.
func (r *Row) members(raw []byte, inside string) *Reason {
	if !json.Valid(raw) {
		return because("", "This line is no valid JSON.")
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	if token, err := decoder.Token(); err != nil || token != json.Delim('{') {
		return because(strings.TrimSuffix(inside, "."), "This is no object. A row is an object such as {\"Mobile\": \"+919812345678\"}.")
	}
	seen := map[string]bool{}
	for decoder.More() {
		token, err := decoder.Token()
		name, _ := token.(string)
		var value json.RawMessage
		if err == nil {
			err = decoder.Decode(&value)
		}
		switch {
		case err != nil:
			return because("", "This line is no valid JSON.")
		case seen[name]:
			return because(name, "This member is there twice.")
		}
		seen[name] = true
		if inside == "" && name == "fields" && value[0] == '{' {
			if fault := r.members(value, fieldPrefix); fault != nil {
				return fault
			}
			continue
		}
		if fault := r.take(name, value, inside); fault != nil {
			return fault
		}
	}
	return nil
}

// take takes one member: a part of the target, or a value of the record.
func (r *Row) take(name string, value json.RawMessage, inside string) *Reason {
	text, err := scalar(value)
	if err != nil {
		return because(name, "This has to be a text, a number, true or false.")
	}
	if inside == "" {
		if part := r.Target.member(name); part != nil {
			*part = strings.TrimSpace(text)
			return nil
		}
		if name == "mode" {
			return &Reason{Code: errMode.Code}
		}
		name = strings.TrimPrefix(name, fieldPrefix)
	}
	if _, twice := r.Fields[name]; twice {
		return because(name, "This stage field is there twice.")
	}
	r.Fields[name] = text
	return nil
}

var errNoScalar = errors.New("send: an object or a list")

// scalar is a value as text: a number as it was written, yes/no as true or false,
// null as nothing.
func scalar(value json.RawMessage) (string, error) {
	switch value[0] {
	case '"':
		var text string
		err := json.Unmarshal(value, &text)
		return text, err
	case '{', '[':
		return "", errNoScalar
	case 'n':
		return "", nil
	default:
		return string(value), nil
	}
}
