package provider

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"keydesk/backend/limit"
)

// Bounds of a file, refused before parsing (RULES.md, Providers). A real file has
// about 8 KiB.
const (
	MaxFile  = 256 << 10
	maxNodes = 20_000
	maxDepth = 24
)

// FileFault says what is wrong with a file and where. Line is 0 when it
// concerns the file as a whole.
type FileFault struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Reason string `json:"reason"`
}

// String gives "file:line: reason".
func (f FileFault) String() string {
	if f.Line == 0 {
		return f.File + ": " + f.Reason
	}
	return fmt.Sprintf("%s:%d: %s", f.File, f.Line, f.Reason)
}

// Load reads one provider file and checks it. With any fault there is no
// provider. name is the file's, for the faults.
func Load(name string, data []byte) (*Provider, []FileFault) {
	l := &loader{file: name, budget: limit.New(context.Background())}
	p := l.load(data)
	if len(l.faults) > 0 {
		return nil, l.faults
	}
	return p, nil
}

type loader struct {
	file   string
	root   *yaml.Node
	budget *limit.Budget // for matching its patterns
	faults []FileFault
}

func (l *loader) add(line int, format string, args ...any) {
	const most = 20
	if len(l.faults) < most {
		l.faults = append(l.faults, FileFault{l.file, line, fmt.Sprintf(format, args...)})
	}
}

// at adds a fault at a path in the file, such as at("fields", 2, "pattern"), with
// the line of the nearest part that exists.
func (l *loader) at(path []any, format string, args ...any) {
	l.add(l.line(path), format, args...)
}

func (l *loader) line(path []any) int {
	node, line := l.root, 1
	if node == nil {
		return 0
	}
	for _, part := range path {
		var next *yaml.Node
		switch part := part.(type) {
		case string:
			for i := 0; node.Kind == yaml.MappingNode && i+1 < len(node.Content); i += 2 {
				if node.Content[i].Value == part {
					line, next = node.Content[i].Line, node.Content[i+1]
				}
			}
		case int:
			if node.Kind == yaml.SequenceNode && part < len(node.Content) {
				next = node.Content[part]
				line = next.Line
			}
		}
		if next == nil {
			break
		}
		node = next
	}
	return line
}

func (l *loader) load(data []byte) (p *Provider) {
	// The YAML library may panic on odd bytes. One file must not keep the others
	// from loading.
	defer func() {
		if recover() != nil {
			l.add(0, "The file cannot be read as YAML.")
			p = nil
		}
	}()
	if len(data) > MaxFile {
		l.add(0, "The file has %d bytes; a provider file can have %d.", len(data), MaxFile)
		return nil
	}
	var document yaml.Node
	if err := yaml.Unmarshal(data, &document); err != nil {
		l.yaml(err)
		return nil
	}
	if len(document.Content) == 0 {
		l.add(0, "The file is empty.")
		return nil
	}
	l.root = document.Content[0]
	if l.root.Kind != yaml.MappingNode {
		l.add(l.root.Line, "The file must be a list of keys and values, such as id: my-provider.")
		return nil
	}
	nodes := 0
	if !l.bounded(l.root, 1, &nodes) {
		return nil
	}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	p = &Provider{}
	if err := decoder.Decode(p); err != nil {
		l.yaml(err)
		return nil
	}
	if err := decoder.Decode(&yaml.Node{}); !errors.Is(err, io.EOF) {
		l.add(0, "The file holds more than one document.")
		return nil
	}
	l.check(p)
	return p
}

// bounded refuses what makes a small file large in memory: aliases, deep nesting,
// very many parts.
func (l *loader) bounded(node *yaml.Node, depth int, nodes *int) bool {
	*nodes++
	switch {
	case node.Kind == yaml.AliasNode || node.Anchor != "":
		l.add(node.Line, "Anchors and aliases (& and *) are not allowed; write the value out.")
		return false
	case depth > maxDepth:
		l.add(node.Line, "This is nested more than %d levels deep.", maxDepth)
		return false
	case *nodes > maxNodes:
		l.add(node.Line, "The file has more than %d parts.", maxNodes)
		return false
	case strings.HasPrefix(node.Tag, "!") && !strings.HasPrefix(node.Tag, "!!"):
		l.add(node.Line, "The tag %q is not allowed.", short(node.Tag))
		return false
	case node.Tag == "!!merge":
		l.add(node.Line, "Merging with << is not allowed; write the values out.")
		return false
	}
	for _, child := range node.Content {
		if !l.bounded(child, depth+1, nodes) {
			return false
		}
	}
	return true
}

var (
	yamlLine     = regexp.MustCompile(`line (\d+): (.*)`)
	unknownField = regexp.MustCompile(`^field (\S+) not found in type provider\.(\w+)$`)
	duplicate    = regexp.MustCompile(`^mapping key "(.*)" already defined`)
	wrongType    = regexp.MustCompile("^cannot unmarshal (\\S+) ?(`.*`)? into (\\S+)$")
)

// yaml turns the library's errors into faults with line and reason.
func (l *loader) yaml(err error) {
	texts := []string{err.Error()}
	var typed *yaml.TypeError
	if errors.As(err, &typed) {
		texts = typed.Errors
	}
	for _, text := range texts {
		line := 0
		if m := yamlLine.FindStringSubmatch(text); m != nil {
			line, _ = strconv.Atoi(m[1])
			text = m[2]
		}
		switch {
		case unknownField.MatchString(text):
			text = fmt.Sprintf("The key %q is not known here.", short(unknownField.FindStringSubmatch(text)[1]))
		case duplicate.MatchString(text):
			text = fmt.Sprintf("The key %q is here twice.", short(duplicate.FindStringSubmatch(text)[1]))
		case wrongType.MatchString(text):
			text = "This value is of the wrong kind: a " + wanted(wrongType.FindStringSubmatch(text)[3]) + " is needed."
		default:
			text = "This is not valid YAML: " + short(strings.TrimPrefix(text, "yaml: ")) + "."
		}
		l.add(line, "%s", text)
	}
}

func wanted(goType string) string {
	switch {
	case goType == "int":
		return "number"
	case goType == "bool":
		return "true or false"
	case strings.HasPrefix(goType, "[]"):
		return "list"
	case strings.HasPrefix(goType, "map"), strings.HasPrefix(goType, "provider."):
		return "group of keys"
	}
	return "text"
}

// short cuts a text of a file, so that one sentence can quote it.
func short(text string) string {
	runes := []rune(strings.ToValidUTF8(text, "\uFFFD"))
	if len(runes) > 120 {
		return string(runes[:120]) + "..."
	}
	return string(runes)
}
