package transfer

import (
	"encoding/json"
	"reflect"
	"strings"

	"keydesk/backend/process"
)

// scanner walks valid JSON along the type it is for. encoding/json silently
// accepts members that are unknown, are there twice or differ in case. The
// scanner names each with its line.
type scanner struct {
	text    string
	decoder *json.Decoder
	// at and line follow the offset, so that a line is never counted twice.
	at, line int
	lines    map[reflect.Type][]int
}

// scan refuses faults for which read could not name a line later, and gives the
// lines at which objects of each type begin.
func scan(text string) (map[reflect.Type][]int, error) {
	s := &scanner{text: text, decoder: json.NewDecoder(strings.NewReader(text)), line: 1, lines: map[reflect.Type][]int{}}
	return s.lines, s.value(reflect.TypeFor[document](), 1)
}

// here is the line of the token that was read last.
func (s *scanner) here() int {
	offset := int(s.decoder.InputOffset())
	s.line += strings.Count(s.text[s.at:offset], "\n")
	s.at = offset
	return s.line
}

// value walks one value; t is nil if any type is allowed.
func (s *scanner) value(t reflect.Type, depth int) error {
	token, err := s.decoder.Token()
	if err != nil {
		return ErrBroken.WithCause(err)
	}
	if depth > maxDepth {
		return faulty("Line %d: Objects and lists are nested deeper than %d.", s.here(), maxDepth)
	}
	if token == nil && t != nil && t.Kind() == reflect.Struct {
		return faulty("Line %d: There has to be an object here, not null.", s.here())
	}
	if t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch token {
	case json.Delim('{'):
		return s.object(t, depth)
	case json.Delim('['):
		var of reflect.Type
		if t != nil && t.Kind() == reflect.Slice {
			of = t.Elem()
		}
		for s.decoder.More() {
			if err := s.value(of, depth+1); err != nil {
				return err
			}
		}
		_, err = s.decoder.Token()
	}
	if err != nil {
		return ErrBroken.WithCause(err)
	}
	return nil
}

// tooMuch tells whether a file holds more than the limits allow, before anything
// is made of it: a megabyte of empty braces would become a gigabyte of setups.
func (s *scanner) tooMuch() bool {
	tree, all := 0, 0
	for t, lines := range s.lines {
		all += len(lines)
		switch t {
		case reflect.TypeFor[process.OutlineNode](), reflect.TypeFor[process.OutlineStage](), reflect.TypeFor[process.OutlineField]():
			tree += len(lines)
		}
	}
	return len(s.lines[reflect.TypeFor[entry]()]) > maxSetups || tree > maxTree || all > maxObjects
}

func (s *scanner) object(t reflect.Type, depth int) error {
	members := map[string]reflect.Type{}
	if t != nil && t.Kind() == reflect.Struct {
		s.lines[t] = append(s.lines[t], s.here())
		if s.tooMuch() {
			return ErrTooMuch
		}
		for i := range t.NumField() {
			if name := memberName(t.Field(i)); name != "" && !stays[name] {
				members[name] = t.Field(i).Type
			}
		}
	}
	seen := map[string]bool{}
	for s.decoder.More() {
		token, err := s.decoder.Token()
		if err != nil {
			return ErrBroken.WithCause(err)
		}
		name, _ := token.(string)
		member, known := members[name]
		switch {
		case stays[name]:
			return faulty("Line %d: “%s” does not belong in a file; a file holds no secrets and no ids of an organisation.", s.here(), name)
		case !known && len(members) > 0:
			return faulty("Line %d: “%s” is not known here.", s.here(), shortened(name))
		case seen[name]:
			return faulty("Line %d: “%s” is here twice.", s.here(), name)
		}
		seen[name] = true
		if err := s.value(member, depth+1); err != nil {
			return err
		}
	}
	if _, err := s.decoder.Token(); err != nil {
		return ErrBroken.WithCause(err)
	}
	return nil
}

// shortened cuts a text from a file to fit a line on the screen. What may be
// saved is shorter.
func shortened(text string) string {
	if runes := []rune(text); len(runes) > maxShown {
		return string(runes[:maxShown]) + "…"
	}
	return text
}

// maxShown is in characters: the three names of a place and the marks between.
const maxShown = 320
