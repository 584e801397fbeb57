package localapi

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"sync"

	"go.yaml.in/yaml/v3"
)

// source is the OpenAPI document. It is written by hand and the only place where
// the API is described.
//
//go:embed openapi.yaml
var source []byte

// problemType is what the document says about one code or kind.
type problemType struct {
	Code   string `yaml:"code"`
	Status int    `yaml:"status"`
	Title  string `yaml:"title"`
	Text   string `yaml:"text"`
}

// described is the document, read.
type described struct {
	// json is /openapi.json.
	json []byte
	// listed are the problem types in the document's order.
	listed   []problemType
	problems map[string]problemType
	root     *yaml.Node
}

// document reads the document when it is first needed.
var document = sync.OnceValue(func() *described {
	d, err := readDocument(source)
	if err != nil {
		// The document is part of the program, and a test reads it.
		panic(err)
	}
	return d
})

func readDocument(text []byte) (*described, error) {
	var whole yaml.Node
	if err := yaml.Unmarshal(text, &whole); err != nil {
		return nil, fmt.Errorf("localapi: the OpenAPI document: %w", err)
	}
	d := &described{root: whole.Content[0], problems: map[string]problemType{}}
	if err := member(d.root, "x-problems").Decode(&d.listed); err != nil {
		return nil, fmt.Errorf("localapi: the problems of the OpenAPI document: %w", err)
	}
	for _, one := range d.listed {
		d.problems[one.Code] = one
	}
	var out bytes.Buffer
	if err := writeJSON(&out, d.root); err != nil {
		return nil, fmt.Errorf("localapi: the OpenAPI document as JSON: %w", err)
	}
	d.json = out.Bytes()
	return d, nil
}

// member is a value of a mapping; an empty node where there is none.
func member(mapping *yaml.Node, name string) *yaml.Node {
	if mapping != nil && mapping.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(mapping.Content); i += 2 {
			if mapping.Content[i].Value == name {
				return mapping.Content[i+1]
			}
		}
	}
	return &yaml.Node{}
}

// writeJSON writes a node in the order in which it was written by hand.
func writeJSON(out *bytes.Buffer, node *yaml.Node) error {
	switch node.Kind {
	case yaml.MappingNode, yaml.SequenceNode:
		open, end, step := byte('['), byte(']'), 1
		if node.Kind == yaml.MappingNode {
			open, end, step = '{', '}', 2
		}
		out.WriteByte(open)
		for i := 0; i < len(node.Content); i += step {
			if i > 0 {
				out.WriteByte(',')
			}
			if step == 2 {
				name, err := json.Marshal(node.Content[i].Value)
				if err != nil {
					return err
				}
				out.Write(append(name, ':'))
			}
			if err := writeJSON(out, node.Content[i+step-1]); err != nil {
				return err
			}
		}
		out.WriteByte(end)
		return nil
	case yaml.ScalarNode:
		var value any
		if err := node.Decode(&value); err != nil {
			return err
		}
		text, err := json.Marshal(value)
		out.Write(text)
		return err
	default:
		return fmt.Errorf("line %d: only mappings, lists and values are used", node.Line)
	}
}
