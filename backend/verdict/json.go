package verdict

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/ohler55/ojg/jp"

	"keydesk/backend/limit"
)

// maxPath limits a path's length.
const maxPath = 500

// jsonPath parses a JSON path and refuses what no rule needs and only costs:
// several descents, scripts, filters that do more than compare, many unions.
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
	path = bracketed(path)
	if patterned.MatchString(jsonText.ReplaceAllString(path, "''")) {
		return nil, errors.New("a path holds no pattern; ask it with “matches”")
	}
	expr, err = jp.ParseString(path)
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
			if inner = jsonText.ReplaceAllString(inner, "''"); patterned.MatchString(inner) || calculating.MatchString(inner) {
				return nil, errors.New("a filter may only compare")
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

// The library compiles and matches the patterns of a filter itself and joins
// texts with +, both without a bound.
var (
	jsonText    = regexp.MustCompile(`'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"`)
	patterned   = regexp.MustCompile(`~|\b(?:match|search)\s*\(`)
	calculating = regexp.MustCompile(` [-+/] `)
)

// readJSON parses the body once. The content type does not matter: some
// providers label JSON as text/html (V08).
func (a *answer) readJSON() {
	if a.triedJSON {
		return
	}
	a.triedJSON = true
	body := bytes.TrimSpace(a.outcome.Body)
	if len(body) == 0 {
		return
	}
	if a.outcome.Truncated {
		a.badJSON = "its body was cut and cannot be read as JSON"
		return
	}
	p := &parser{budget: a.budget, decoder: json.NewDecoder(a.budget.Reader(bytes.NewReader(body)))}
	p.decoder.UseNumber()
	root, ok := p.value(0)
	if ok {
		if _, err := p.decoder.Token(); err != io.EOF {
			ok, p.bad = false, "its body is not one JSON value"
		}
	}
	switch {
	case a.budget.Err() != nil:
		a.badJSON = a.spent()
	case ok:
		a.json = root
	case p.bad != "":
		a.badJSON = p.bad
	default:
		a.badJSON = "its body is not JSON"
	}
}

// parser makes maps, lists and plain values of a JSON text, within a budget.
// encoding/json alone would make them of the whole text before it returns.
type parser struct {
	budget  *limit.Budget
	decoder *json.Decoder
	nodes   int
	bad     string
}

// What a value costs in memory besides its text, about.
const (
	perMember = 64
	perList   = 64
	perObject = 320
)

func (p *parser) value(depth int) (any, bool) {
	token, err := p.decoder.Token()
	if err != nil {
		return nil, false
	}
	return p.rest(token, depth)
}

// rest reads what follows a value's first token.
func (p *parser) rest(token json.Token, depth int) (any, bool) {
	switch {
	case depth > maxJSONDepth:
		p.bad = "its body is nested too deeply to be read"
		return nil, false
	case p.nodes > maxNodes:
		p.bad = "its body has too many parts to be read"
		return nil, false
	}
	p.nodes++
	size := int64(perMember)
	switch v := token.(type) {
	case string:
		size += int64(len(v))
	case json.Number:
		size += int64(len(v))
	case json.Delim:
		size += map[json.Delim]int64{'{': perObject, '[': perList}[v]
	}
	if !p.budget.Work(20) || !p.budget.Keep(size) {
		return nil, false
	}
	switch token {
	case json.Delim('{'):
		return p.object(depth)
	case json.Delim('['):
		return p.list(depth)
	}
	if number, ok := token.(json.Number); ok {
		return plain(number), true
	}
	return token, true
}

func (p *parser) object(depth int) (any, bool) {
	members := map[string]any{}
	for p.decoder.More() {
		token, err := p.decoder.Token()
		name, ok := token.(string)
		if err != nil || !ok || !p.budget.Keep(int64(len(name))) {
			return nil, false
		}
		if members[name], ok = p.value(depth + 1); !ok {
			return nil, false
		}
	}
	_, err := p.decoder.Token()
	return members, err == nil
}

func (p *parser) list(depth int) (any, bool) {
	list := []any{}
	for p.decoder.More() {
		member, ok := p.value(depth + 1)
		if !ok {
			return nil, false
		}
		list = append(list, member)
	}
	_, err := p.decoder.Token()
	return list, err == nil
}

// plain turns a number into what filters can compare, unless that would change
// how it is written: a long id stays as it is.
func plain(number json.Number) any {
	if len(number) < 20 {
		if i, err := strconv.ParseInt(number.String(), 10, 64); err == nil && strconv.FormatInt(i, 10) == number.String() {
			return i
		}
	}
	return number
}

// jsonPath gives a rule's path, parsed once for the answer; nil if it is none.
func (a *answer) jsonPath(path string) jp.Expr {
	expr, known := a.jsonPaths[path]
	if !known {
		expr, _ = jsonPath(path)
		a.jsonPaths[path] = expr
	}
	return expr
}

// root is the JSON value that paths begin at.
func (d *document) root() any {
	if d.isPart {
		return d.value
	}
	d.readJSON()
	return d.json
}

func (d *document) visitJSON(path string, see func(value) bool) bool {
	root := d.root()
	expr := d.jsonPath(path)
	if !d.isPart && d.badJSON != "" || expr == nil {
		return false
	}
	w := walker{budget: d.budget, root: root, see: func(found any) bool {
		return isEmpty(found) || see(jsonValue{found})
	}}
	w.walk(root, expr)
	return true
}

// walker goes along a JSON path, members of an object in order of name. The
// library parses the path and tests filters; the rest of the way is ours, since
// its own search for a path can be neither bounded nor stopped.
type walker struct {
	budget *limit.Budget
	root   any
	see    func(any) bool
}

// walk visits what the path leads to. False means to go no further: the visitor
// has seen enough, or the budget has ended.
func (w *walker) walk(at any, path jp.Expr) bool {
	if !w.budget.Work(10) {
		return false
	}
	if len(path) == 0 {
		return w.see(at)
	}
	rest := path[1:]
	switch step := path[0].(type) {
	case jp.Root:
		return w.walk(w.root, rest)
	case jp.At, jp.Bracket:
		return w.walk(at, rest)
	case jp.Child:
		if members, ok := at.(map[string]any); ok {
			if member, found := members[string(step)]; found {
				return w.walk(member, rest)
			}
		}
	case jp.Wildcard:
		return w.each(at, func(member any) bool { return w.walk(member, rest) })
	case jp.Descent:
		return w.descend(at, rest)
	case *jp.Filter:
		asked := int64(len(step.String()))
		return w.each(at, func(member any) bool {
			weight, ok := w.weigh(member)
			if !ok || !w.budget.Work(asked*weight) {
				return false
			}
			return !step.Match(member) || w.walk(member, rest)
		})
	case jp.Nth, jp.Slice, jp.Union:
		// One step of the library looks at most at each member once.
		list, _ := at.([]any)
		if !w.budget.Work(int64(len(list))) || !w.budget.Keep(int64(16*len(list))) {
			return false
		}
		for _, member := range (jp.Expr{step}).Get(at) {
			if !w.walk(member, rest) {
				return false
			}
		}
	}
	return true
}

// each visits the members of an object or a list.
func (w *walker) each(at any, visit func(any) bool) bool {
	switch at := at.(type) {
	case []any:
		for _, member := range at {
			if !w.budget.Work(5) || !visit(member) {
				return false
			}
		}
	case map[string]any:
		if !w.budget.Work(int64(30*len(at))) || !w.budget.Keep(int64(16*len(at))) {
			return false
		}
		for _, name := range slices.Sorted(maps.Keys(at)) {
			if !visit(at[name]) {
				return false
			}
		}
	}
	return true
}

// descend continues at a value and at everything in it.
func (w *walker) descend(at any, rest jp.Expr) bool {
	return w.walk(at, rest) && w.each(at, func(member any) bool { return w.descend(member, rest) })
}

// weigh gives how many steps one character of a filter may cost on a value.
func (w *walker) weigh(at any) (weight int64, ok bool) {
	weight, ok = 1, w.budget.Work(2)
	add := func(member any) {
		if ok {
			var more int64
			more, ok = w.weigh(member)
			weight += more
		}
	}
	switch at := at.(type) {
	case string:
		weight += int64(len(at)) / 128
	case json.Number:
		weight += int64(len(at)) / 128
	case []any:
		for _, member := range at {
			add(member)
		}
	case map[string]any:
		for _, member := range at {
			add(member)
		}
	}
	return weight, ok
}

// isEmpty tells what is no value: null, "", [] and {}.
func isEmpty(value any) bool {
	switch v := value.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}

type jsonValue struct{ value any }

// text writes a JSON value as a rule compares it: text without quotes, the rest as
// in JSON. It is empty when the budget does not suffice.
func (v jsonValue) text(b *limit.Budget) string {
	switch v := v.value.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	if !b.Keep(written(b, v.value)) {
		return ""
	}
	text, err := json.Marshal(v.value)
	if err != nil {
		return ""
	}
	return string(text)
}

// written is about the memory that writing a value takes.
func written(b *limit.Budget, value any) int64 {
	size := int64(32)
	if !b.Work(30) {
		return size
	}
	switch v := value.(type) {
	case string:
		size += 2 * int64(len(v))
	case json.Number:
		size += 2 * int64(len(v))
	case []any:
		for _, member := range v {
			size += written(b, member)
		}
	case map[string]any:
		for name, member := range v {
			size += 2*int64(len(name)) + written(b, member)
		}
	}
	return size
}

// parts returns the members of the list at a path. The path may name the list
// itself or its members.
func (d *document) parts(path string) (parts []*document) {
	defer func() {
		if recover() != nil {
			parts = nil
		}
	}()
	root := d.root()
	expr := d.jsonPath(path)
	if expr == nil || d.badJSON != "" || root == nil {
		return nil
	}
	var found []any
	w := walker{budget: d.budget, root: root, see: func(value any) bool {
		found = append(found, value)
		return len(found) <= maxParts
	}}
	w.walk(root, expr)
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
