package localapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"reflect"
	"strings"
	"unicode/utf8"

	"keydesk/backend/fault"
	"keydesk/backend/secret"
)

// Limits of a body (RULES.md, Local API).
const (
	maxBody  = 1 << 20
	maxDepth = 64
	// maxNamed is how many faulty members a refusal names.
	maxNamed = 20
)

// readBody reads the body of a request that changes something. It has to be
// application/json in UTF-8, which no form of a web page can send.
// Faults: ErrMediaType, ErrBodyTooLarge, ErrBodyUnread.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	media, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "application/json" {
		return nil, ErrMediaType
	}
	if charset := params["charset"]; charset != "" && !strings.EqualFold(charset, "utf-8") {
		return nil, ErrMediaType.WithMessage("The body has to be sent in UTF-8.")
	}
	if coding := r.Header.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		return nil, ErrMediaType.WithMessage("The body has to be sent without compression.").WithHint("Leave out the header Content-Encoding.")
	}
	if r.ContentLength > maxBody {
		return nil, ErrBodyTooLarge
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, ErrBodyTooLarge
	case err != nil:
		return nil, ErrBodyUnread.WithCause(err)
	}
	return body, nil
}

// decode reads one JSON object strictly: nothing after it, no member that is
// unknown, there twice or written in other letters, nothing nested deeper than 64
// levels. into points to a struct; members of a map in it may have any name.
// Faults: ErrBrokenJSON, ErrTooDeep, ErrBody with the members that it is about.
func decode(body []byte, into any) error {
	if !utf8.Valid(body) {
		return ErrBrokenJSON.WithMessage("The body is not in UTF-8.")
	}
	if bytes.HasPrefix(body, []byte("\xef\xbb\xbf")) {
		return ErrBrokenJSON.WithMessage("The body begins with a byte order mark.")
	}
	if len(bytes.TrimSpace(body)) == 0 {
		return ErrBrokenJSON.WithMessage("The body is empty.")
	}
	if deeper(body, maxDepth) {
		return ErrTooDeep
	}
	var whole json.RawMessage
	if err := json.Unmarshal(body, &whole); err != nil {
		return brokenAt(body, err)
	}
	s := scanner{decoder: json.NewDecoder(bytes.NewReader(body))}
	s.decoder.UseNumber()
	s.value(reflect.TypeOf(into).Elem(), "")
	if s.count > 0 {
		return s.refusal()
	}
	if err := json.Unmarshal(body, into); err != nil {
		// The scanner knows every type that the routes use.
		return ErrBody.WithCause(err)
	}
	return nil
}

// deeper reports whether brackets nest deeper than most. It looks at bytes alone,
// so that a hostile body costs no memory.
func deeper(body []byte, most int) bool {
	depth, inText := 0, false
	for i := 0; i < len(body); i++ {
		switch c := body[i]; {
		case inText && c == '\\':
			i++
		case c == '"':
			inText = !inText
		case inText:
		case c == '{', c == '[':
			if depth++; depth > most {
				return true
			}
		case c == '}', c == ']':
			depth--
		}
	}
	return false
}

// brokenAt says where the body stops being JSON.
func brokenAt(body []byte, err error) error {
	at := len(body)
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		// Offset counts the faulty byte as read.
		at = int(syntax.Offset)
		if at > 0 && syntax.Error() != "unexpected end of JSON input" {
			at--
		}
	}
	at = min(at, len(body))
	before := body[:at]
	line := bytes.Count(before, []byte("\n")) + 1
	column := utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1
	if at == len(body) {
		return ErrBrokenJSON.WithCause(err).WithMessage("The body is not valid JSON: it ends too early, in line %d, column %d.", line, column)
	}
	return ErrBrokenJSON.WithCause(err).WithMessage("The body is not valid JSON at line %d, column %d.", line, column)
}

// scanner walks valid JSON along the type that it is for. encoding/json silently
// accepts members that are unknown, there twice or written in other letters.
type scanner struct {
	decoder *json.Decoder
	// faults are the first maxNamed of count.
	faults []fault.Field
	count  int
}

func (s *scanner) note(path, format string, args ...any) {
	if s.count++; len(s.faults) < maxNamed {
		s.faults = append(s.faults, fault.Field{Name: path, Message: fmt.Sprintf(format, args...)})
	}
}

// shorten keeps a name from outside to what a person reads.
func shorten(name string) string {
	runes := 0
	for i := range name {
		if runes == 100 {
			return name[:i] + "…"
		}
		runes++
	}
	return name
}

// inside names a member or an element. It is shortened before it is used for what is
// in it: a long name must not be copied for each of a hundred thousand elements.
func inside(path, separator, name string) string {
	if path == "" {
		return shorten(name)
	}
	return shorten(path + separator + shorten(name))
}

func (s *scanner) refusal() error {
	refusal := ErrBody.WithMessage("The body does not fit this route: %d members are wrong.", s.count)
	if s.count == 1 {
		refusal = ErrBody.WithMessage("The body does not fit this route: one member is wrong.")
	}
	refusal.Fields = s.faults
	return refusal
}

// value walks one value; t is nil where anything is allowed.
func (s *scanner) value(t reflect.Type, path string) {
	token, err := s.decoder.Token()
	if err != nil {
		return // not reached: the body was checked
	}
	if t != nil && t.Kind() == reflect.Pointer {
		if t = t.Elem(); token == nil {
			return
		}
	}
	if want := wants(t); want != "" && !fits(token, want) {
		if path == "" {
			path = "body"
		}
		s.note(path, "This has to be %s.", want)
		t = nil
	}
	switch token {
	case json.Delim('{'):
		s.object(t, path)
	case json.Delim('['):
		var of reflect.Type
		if t != nil && t.Kind() == reflect.Slice {
			of = t.Elem()
		}
		for n := 0; s.decoder.More(); n++ {
			s.value(of, inside(path, "", fmt.Sprintf("[%d]", n)))
		}
		_, _ = s.decoder.Token()
	}
}

func (s *scanner) object(t reflect.Type, path string) {
	members, closed := map[string]reflect.Type{}, t != nil && t.Kind() == reflect.Struct
	if closed {
		for i := range t.NumField() {
			name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
			members[name] = t.Field(i).Type
		}
	}
	seen := map[string]bool{}
	for s.decoder.More() {
		token, err := s.decoder.Token()
		if err != nil {
			return // not reached: the body was checked
		}
		name, _ := token.(string)
		at := inside(path, ".", name)
		member, known := members[name]
		switch {
		case closed && !known:
			s.note(at, "This route does not know this member.")
		case seen[name]:
			s.note(at, "This member is there twice.")
		}
		seen[name] = true
		if t != nil && t.Kind() == reflect.Map {
			member = t.Elem()
		}
		s.value(member, at)
	}
	_, _ = s.decoder.Token()
}

// wants is what JSON a Go type takes, in words; "" for any.
func wants(t reflect.Type) string {
	switch t {
	case nil:
		return ""
	case reflect.TypeFor[scalar]():
		return "a text, a number, true or false"
	case reflect.TypeFor[secret.Text]():
		return "a text"
	}
	switch t.Kind() {
	case reflect.String:
		return "a text"
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int64:
		return "a whole number"
	case reflect.Slice:
		return "a list"
	case reflect.Struct, reflect.Map:
		return "an object"
	default:
		return ""
	}
}

func fits(token json.Token, want string) bool {
	switch given := token.(type) {
	case string:
		return strings.HasPrefix(want, "a text")
	case bool:
		return strings.HasSuffix(want, "true or false")
	case json.Number:
		if want == "a whole number" {
			_, err := given.Int64()
			return err == nil
		}
		return strings.HasPrefix(want, "a text, a number")
	case json.Delim:
		return want == "an object" && given == '{' || want == "a list" && given == '['
	default: // null
		return false
	}
}

// scalar is the value of one field of a record, as the text that the operations
// take: a number as it was written, yes/no as true or false.
type scalar string

// UnmarshalJSON reads a text, a number, true or false.
func (v *scalar) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err == nil {
		*v = scalar(text)
		return nil
	}
	*v = scalar(data)
	return nil
}
