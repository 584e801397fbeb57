package localapi

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"html/template"
	"net/http"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"

	"keydesk/backend/fault"
)

// style is that of /docs. The page has no script, and its policy allows this style
// by its hash alone.
//
//go:embed docs.css
var style string

//go:embed docs.html
var docsTemplate string

// docsPolicy is the content security policy of /docs.
var docsPolicy = sync.OnceValue(func() string {
	hash := sha256.Sum256([]byte(style))
	return closedPolicy + "; style-src 'sha256-" + base64.StdEncoding.EncodeToString(hash[:]) + "'"
})

// page answers the paths that need no key, and says whether this was one.
func (d *Door) page(x *exchange) bool {
	switch x.r.URL.Path {
	case "/healthz", "/openapi.json", "/docs":
	default:
		return false
	}
	if x.r.Method != http.MethodGet && x.r.Method != http.MethodHead {
		x.w.Header().Set("Allow", "GET, HEAD")
		x.problem(ErrMethod)
		return true
	}
	switch x.r.URL.Path {
	case "/healthz":
		x.health()
	case "/openapi.json":
		x.write(http.StatusOK, jsonMedia, document().json)
	case "/docs":
		x.docs()
	}
	return true
}

// health says whether requests are admitted.
func (x *exchange) health() {
	_, leave, err := x.door.enter(x.r.Context())
	if err != nil {
		x.problem(err)
		return
	}
	leave()
	x.answer(http.StatusOK, jsonMedia, struct {
		Status string `json:"status"`
	}{"ok"})
}

// docs answers with the page, with the address that it was called at in its
// examples.
func (x *exchange) docs() {
	scheme := "http://"
	if x.r.TLS != nil {
		scheme = "https://"
	}
	page, err := docsPage(scheme + x.r.Host)
	if err != nil {
		x.door.log.Error("the page of the local API cannot be made", "cause", err)
		x.problem(fault.ErrInternal)
		return
	}
	x.w.Header().Set("Content-Security-Policy", docsPolicy())
	x.write(http.StatusOK, "text/html; charset=utf-8", page)
}

// docsData is what the page shows.
type docsData struct {
	Style   template.CSS
	Title   string
	Summary string
	Text    template.HTML
	Base    string
	Routes  []docsRoute
	// Schemas are the types that routes speak of.
	Schemas  []docsSchema
	Problems []problemType
}

type docsRoute struct {
	ID, Method, Path, Summary string
	Text                      template.HTML
	// Public routes need no key. AnyKey ones need no scope.
	Public, AnyKey bool
	Scopes         []string
	Params         []docsParam
	// Request and Answer are examples.
	Request, Answer string
	Curl            string
	Statuses        []docsStatus
}

type docsParam struct {
	Name, In, Type string
	Required       bool
	Text           template.HTML
}

type docsStatus struct {
	Status, Text string
}

type docsSchema struct {
	Name, JSON string
}

var docsPageTemplate = sync.OnceValues(func() (*template.Template, error) {
	return template.New("docs").Parse(docsTemplate)
})

// docsPage makes the page from the document.
func docsPage(base string) ([]byte, error) {
	page, err := docsPageTemplate()
	if err != nil {
		return nil, err
	}
	root := document().root
	info := member(root, "info")
	data := docsData{
		Style: template.CSS(style), Base: base, Problems: document().listed,
		Title: member(info, "title").Value, Summary: member(info, "summary").Value, Text: prose(member(info, "description").Value),
	}
	paths := member(root, "paths")
	for i := 0; i+1 < len(paths.Content); i += 2 {
		methods := paths.Content[i+1]
		for j := 0; j+1 < len(methods.Content); j += 2 {
			one, err := docsRouteOf(base, paths.Content[i].Value, methods.Content[j].Value, methods.Content[j+1])
			if err != nil {
				return nil, err
			}
			data.Routes = append(data.Routes, one)
		}
	}
	schemas := member(member(root, "components"), "schemas")
	for i := 0; i+1 < len(schemas.Content); i += 2 {
		text, err := indented(schemas.Content[i+1])
		if err != nil {
			return nil, err
		}
		data.Schemas = append(data.Schemas, docsSchema{schemas.Content[i].Value, text})
	}
	var out bytes.Buffer
	if err := page.Execute(&out, data); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func docsRouteOf(base, path, method string, node *yaml.Node) (docsRoute, error) {
	one := docsRoute{
		ID: member(node, "operationId").Value, Method: strings.ToUpper(method), Path: path,
		Summary: member(node, "summary").Value, Text: prose(member(node, "description").Value),
		Public: member(node, "security").Kind == yaml.SequenceNode,
	}
	for _, scope := range member(node, "x-scopes").Content {
		one.Scopes = append(one.Scopes, scope.Value)
	}
	one.AnyKey = !one.Public && len(one.Scopes) == 0
	for _, param := range member(node, "parameters").Content {
		param = resolved(param)
		one.Params = append(one.Params, docsParam{
			Name: member(param, "name").Value, In: member(param, "in").Value, Required: member(param, "required").Value == "true",
			Type: typeOf(member(param, "schema")), Text: prose(member(param, "description").Value),
		})
	}
	var err error
	if body := member(member(member(node, "requestBody"), "content"), jsonMedia); body.Kind != 0 {
		if one.Request, err = indented(member(body, "example")); err != nil {
			return one, err
		}
	}
	responses := member(node, "responses")
	for i := 0; i+1 < len(responses.Content); i += 2 {
		status, answer := responses.Content[i].Value, resolved(responses.Content[i+1])
		if status == "default" {
			continue
		}
		one.Statuses = append(one.Statuses, docsStatus{status, member(answer, "description").Value})
		if example := member(member(member(answer, "content"), jsonMedia), "example"); status == "200" && example.Kind != 0 {
			if one.Answer, err = indented(example); err != nil {
				return one, err
			}
		}
	}
	one.Curl = curlOf(base, one)
	return one, nil
}

// curlOf is a line that can be run once KEY is replaced.
func curlOf(base string, one docsRoute) string {
	var b strings.Builder
	b.WriteString("curl '" + base + strings.ReplaceAll(one.Path, "{id}", "ID") + "'")
	if !one.Public {
		b.WriteString(" \\\n  -H 'Authorization: x-api-key KEY'")
	}
	if one.Request != "" {
		b.WriteString(" \\\n  -H 'Content-Type: application/json' \\\n  -d '" + one.Request + "'")
	}
	return b.String()
}

// resolved follows a reference within the document.
func resolved(node *yaml.Node) *yaml.Node {
	path, ok := strings.CutPrefix(member(node, "$ref").Value, "#/")
	if !ok {
		return node
	}
	at := document().root
	for part := range strings.SplitSeq(path, "/") {
		at = member(at, part)
	}
	return at
}

// typeOf is the type of a parameter in a word or two.
func typeOf(schema *yaml.Node) string {
	schema = resolved(schema)
	if choices := member(schema, "enum"); choices.Kind == yaml.SequenceNode {
		words := make([]string, 0, len(choices.Content))
		for _, choice := range choices.Content {
			words = append(words, choice.Value)
		}
		return strings.Join(words, ", ")
	}
	return member(schema, "type").Value
}

// indented is a part of the document as JSON for a person.
func indented(node *yaml.Node) (string, error) {
	var plain, out bytes.Buffer
	if err := writeJSON(&plain, node); err != nil {
		return "", err
	}
	if err := json.Indent(&out, plain.Bytes(), "", "  "); err != nil {
		return "", err
	}
	return out.String(), nil
}

// prose makes paragraphs of a description; what is between ` is code.
func prose(text string) template.HTML {
	var b strings.Builder
	for paragraph := range strings.SplitSeq(strings.TrimSpace(text), "\n\n") {
		if paragraph == "" {
			continue
		}
		b.WriteString("<p>")
		for i, part := range strings.Split(paragraph, "`") {
			if i%2 == 1 {
				b.WriteString("<code>" + template.HTMLEscapeString(part) + "</code>")
			} else {
				b.WriteString(template.HTMLEscapeString(part))
			}
		}
		b.WriteString("</p>")
	}
	return template.HTML(b.String())
}
