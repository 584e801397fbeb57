package transfer

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

// write gives a document as text, with members in the order of their types and
// empty ones left out, so that two exports of one organisation are equal bytes.
func write(doc document) (string, error) {
	var line, out bytes.Buffer
	if err := encode(&line, reflect.ValueOf(doc)); err != nil {
		return "", err
	}
	if err := json.Indent(&out, line.Bytes(), "", "  "); err != nil {
		return "", fmt.Errorf("transfer: %w", err)
	}
	out.WriteByte('\n')
	return out.String(), nil
}

// encode writes one value. encoding/json would be enough except for two things:
// it writes what is empty, and what is never exported (stays).
func encode(out *bytes.Buffer, v reflect.Value) error {
	switch v.Kind() {
	case reflect.Struct:
		return encodeObject(out, v)
	case reflect.Pointer:
		return encode(out, v.Elem())
	case reflect.Slice:
		out.WriteByte('[')
		for i := range v.Len() {
			if i > 0 {
				out.WriteByte(',')
			}
			if err := encode(out, v.Index(i)); err != nil {
				return err
			}
		}
		out.WriteByte(']')
		return nil
	}
	var text bytes.Buffer
	plain := json.NewEncoder(&text)
	plain.SetEscapeHTML(false)
	if err := plain.Encode(v.Interface()); err != nil {
		return fmt.Errorf("transfer: %w", err)
	}
	out.Write(bytes.TrimRight(text.Bytes(), "\n"))
	return nil
}

func encodeObject(out *bytes.Buffer, v reflect.Value) error {
	out.WriteByte('{')
	first := true
	for i := range v.NumField() {
		name := memberName(v.Type().Field(i))
		if name == "" || stays[name] || isEmpty(v.Field(i)) {
			continue
		}
		if !first {
			out.WriteByte(',')
		}
		first = false
		fmt.Fprintf(out, "%q:", name)
		if err := encode(out, v.Field(i)); err != nil {
			return err
		}
	}
	out.WriteByte('}')
	return nil
}

// memberName is the name of a field in the file; "" if it has none.
func memberName(field reflect.StructField) string {
	name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
	if name == "-" {
		return ""
	}
	return name
}

func isEmpty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Slice, reflect.Map:
		return v.Len() == 0
	case reflect.Struct:
		for i := range v.NumField() {
			if name := memberName(v.Type().Field(i)); name != "" && !stays[name] && !isEmpty(v.Field(i)) {
				return false
			}
		}
		return true
	}
	return v.IsZero()
}
