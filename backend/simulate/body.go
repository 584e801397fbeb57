package simulate

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/url"
	"strconv"
	"strings"

	"keydesk/backend/limit"
)

// sent is the fields of a body, by the names that parameters have (R5).
type sent struct {
	budget *limit.Budget
	fields map[string][]string
	types  map[string]string // of JSON members: text, number, boolean, null
	broken string            // why the body cannot be read, as a sentence
}

// values is what was sent under a parameter's name.
func (s sent) values(name string) []string {
	if s.types == nil {
		name = unslash.Replace(name)
	}
	return s.fields[name]
}

var unslash = strings.NewReplacer(`\.`, ".", `\[`, "[", `\]`, "]", `\\`, `\`)

// read takes the body apart in the format the template names.
func (i *inspector) read(body []byte) {
	query, err := url.ParseQuery(i.r.URL.RawQuery)
	if err != nil {
		i.add(other, "The query cannot be read.")
	}
	i.query = query
	i.sent = sent{budget: i.budget, fields: map[string][]string{}}
	media, params, _ := mime.ParseMediaType(i.r.Header.Get("Content-Type"))
	want := map[string]string{"json": "application/json", "raw_json": "application/json",
		"form": "application/x-www-form-urlencoded", "multipart": "multipart/form-data"}[i.p.Request.Body]
	if want != "" && media != want {
		i.sent.broken = "The Content-Type is not " + want + "."
		return
	}
	if strings.HasPrefix(i.p.Request.Body, "raw_") && !i.fits(i.expression(i.p.Request.RawBody, plain), string(body)) {
		i.add(other, "The body is not what %s expects.", i.p.Service)
	}
	switch i.p.Request.Body {
	case "json":
		i.sent.readJSON(body)
	case "form":
		form, err := url.ParseQuery(string(body))
		if err != nil {
			i.sent.broken = "The body cannot be read as a form."
		}
		i.sent.fields = form
	case "multipart":
		i.sent.readMultipart(body, params["boundary"])
	}
}

func (s *sent) readMultipart(body []byte, boundary string) {
	reader := multipart.NewReader(bytes.NewReader(body), boundary)
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			s.broken = "The body cannot be read as multipart."
			return
		}
		text, err := io.ReadAll(io.LimitReader(part, maxBody))
		if err != nil {
			s.broken = "The body cannot be read as multipart."
			return
		}
		s.fields[part.FormName()] = append(s.fields[part.FormName()], string(text))
	}
}

func (s *sent) readJSON(body []byte) {
	decoder := json.NewDecoder(s.budget.Reader(bytes.NewReader(body)))
	decoder.UseNumber()
	var root any
	if err := decoder.Decode(&root); err != nil {
		s.broken = "The body is not valid JSON."
		return
	}
	object, ok := root.(map[string]any)
	if !ok {
		s.broken = "The body is not a JSON object."
		return
	}
	s.types = map[string]string{}
	s.flatten("", object, 0)
}

var slash = strings.NewReplacer(`\`, `\\`, ".", `\.`, "[", `\[`, "]", `\]`)

// flatten names every value as R5 names parameters: a.b[0].c.
func (s *sent) flatten(name string, value any, depth int) {
	if depth > 50 {
		return
	}
	// A name repeats those above it, so the names of a small body can be large.
	named := func(key string) bool {
		return s.budget.Work(50) && s.budget.Keep(int64(100+len(name)+2*len(key)))
	}
	put := func(text, kind string) {
		s.fields[name] = append(s.fields[name], text)
		s.types[name] = kind
	}
	switch v := value.(type) {
	case map[string]any:
		for key, member := range v {
			if !named(key) {
				return
			}
			inner := slash.Replace(key)
			if name != "" {
				inner = name + "." + inner
			}
			s.flatten(inner, member, depth+1)
		}
	case []any:
		for n, member := range v {
			if !named("") {
				return
			}
			s.flatten(name+"["+strconv.Itoa(n)+"]", member, depth+1)
		}
	case string:
		put(v, "text")
	case json.Number:
		put(v.String(), "number")
	case bool:
		put(strconv.FormatBool(v), "boolean")
	default:
		put("", "null")
	}
}
