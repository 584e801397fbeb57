package verdict

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/ohler55/ojg/jp"
)

// maxPath limits a path's length.
const maxPath = 500

// jsonPath parses a JSON path and refuses what could make a small rule work
// for minutes on a large answer: several descents, scripts, nested filters,
// many unions.
func jsonPath(path string) (expr jp.Expr, err error) {
	defer func() {
		if r := recover(); r != nil {
			expr, err = nil, fmt.Errorf("not a JSON path")
		}
	}()
	path = strings.TrimSpace(path)
	if path == "" {
		return nil, errors.New("the path is empty")
	}
	if len(path) > maxPath {
		return nil, fmt.Errorf("the path is longer than %d characters", maxPath)
	}
	expr, err = jp.ParseString(bracketed(path))
	if err != nil {
		return nil, err
	}
	descents, unions, filters := 0, 0, 0
	for _, fragment := range expr {
		switch f := fragment.(type) {
		case jp.Root, jp.At, jp.Bracket, jp.Child, jp.Nth, jp.Wildcard, jp.Slice:
		case jp.Descent:
			descents++
		case jp.Union:
			unions++
			if len(f) > 20 {
				unions = 99
			}
		case *jp.Filter:
			filters++
			inner := strings.TrimPrefix(f.String(), "[?")
			if strings.ContainsAny(inner, "$*?") || strings.Contains(inner, "..") {
				return nil, errors.New("a filter may look only at its own member")
			}
		default:
			return nil, errors.New("scripts are not supported")
		}
	}
	if descents > 1 || unions > 2 || filters > 2 {
		return nil, errors.New("the path is too complex: one .. and two filters or lists at most")
	}
	return expr, nil
}

// readJSON parses the body once. The content type does not matter: some
// providers label JSON as text/html (V08).
func (d *document) readJSON() {
	if d.triedJSON {
		return
	}
	d.triedJSON = true
	body := bytes.TrimSpace(d.outcome.Body)
	if len(body) == 0 {
		return
	}
	if d.outcome.Truncated {
		d.badJSON = "its body was cut and cannot be read as JSON"
		return
	}
	nodes := 0
	for _, b := range body {
		if b == ',' || b == '[' || b == '{' {
			nodes++
		}
	}
	if nodes > maxNodes {
		d.badJSON = "its body has too many parts to be read"
		return
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var value any
	if decoder.Decode(&value) != nil {
		d.badJSON = "its body is not JSON"
		return
	}
	if _, err := decoder.Token(); err != io.EOF {
		d.badJSON = "its body is not one JSON value"
		return
	}
	d.json = plain(value)
}

// plain turns numbers into what filters can compare, unless that would change
// how they are written: a long id stays as it is.
func plain(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for name, member := range v {
			v[name] = plain(member)
		}
	case []any:
		for i, member := range v {
			v[i] = plain(member)
		}
	case json.Number:
		if i, err := strconv.ParseInt(v.String(), 10, 64); err == nil && strconv.FormatInt(i, 10) == v.String() {
			return i
		}
	}
	return value
}

func (d *document) findJSON(path string) ([]string, bool) {
	d.readJSON()
	if d.badJSON != "" {
		return nil, false
	}
	expr, err := jsonPath(path)
	if err != nil {
		return nil, false
	}
	var values []string
	for _, found := range expr.Get(d.json) {
		if text, ok := valueText(found); ok {
			values = append(values, text)
		}
	}
	return values, true
}

// valueText writes a JSON value as a rule compares it: text without quotes,
// the rest as in JSON. null, "", [] and {} are no value.
func valueText(value any) (string, bool) {
	switch v := value.(type) {
	case nil:
		return "", false
	case string:
		return v, v != ""
	case []any:
		if len(v) == 0 {
			return "", false
		}
	case map[string]any:
		if len(v) == 0 {
			return "", false
		}
	case json.Number:
		return v.String(), true
	}
	written, err := json.Marshal(value)
	return string(written), err == nil
}

// parts returns the members of the list at a path. The path may name the list
// itself or its members.
func (d *document) parts(path string) (parts []*document) {
	defer func() {
		if recover() != nil {
			parts = nil
		}
	}()
	d.readJSON()
	expr, err := jsonPath(path)
	if err != nil || d.badJSON != "" || d.json == nil {
		return nil
	}
	found := expr.Get(d.json)
	if len(found) == 1 {
		if list, ok := found[0].([]any); ok {
			found = list
		}
	}
	if len(found) > maxParts {
		return nil
	}
	for _, value := range found {
		if value != nil {
			parts = append(parts, d.part(value))
		}
	}
	return parts
}
