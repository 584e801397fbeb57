// Command generate writes what repeats the operations, from the registry that
// the wiring fills: the typed handlers that doors hold, the methods of the
// desktop door, and the page's table of operations. A test compares what it
// would write with what is committed. It opens nothing.
//
//	go run -tags generate ./backend/cmd/generate
//
// The tag leaves the committed handlers out, so that they can be written again
// even if they no longer compile.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"keydesk/backend"
	"keydesk/backend/access"
	"keydesk/backend/gate"
)

func main() {
	if err := write("."); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

// write puts every file in its place below root and removes what is left over.
func write(root string) error {
	files, err := generate(registry())
	if err != nil {
		return err
	}
	old, err := generated(root)
	if err != nil {
		return err
	}
	for path := range old {
		if _, kept := files[path]; !kept {
			if err := os.Remove(filepath.Join(root, path)); err != nil {
				return err
			}
		}
	}
	for path, content := range files {
		path = filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// registry holds all operations: the demo office's backend has one more than
// the real one.
func registry() []gate.Bound {
	return backend.NewDemo(backend.Options{}, access.Source{}, nil).Gate.Registry()
}

// generated reads the generated files that are below root.
func generated(root string) (map[string]string, error) {
	found, err := filepath.Glob(filepath.Join(root, pageFolder, "*.ts"))
	if err != nil {
		return nil, err
	}
	files := map[string]string{}
	for _, path := range append(found, filepath.Join(root, handlersFile), filepath.Join(root, doorFile)) {
		content, err := os.ReadFile(path)
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return nil, err
		}
		files[filepath.ToSlash(name)] = string(content)
	}
	return files, nil
}

// generate returns every generated file by its path.
func generate(bound []gate.Bound) (map[string]string, error) {
	features := byFeature(bound)
	// What only another door runs is no method of the window.
	window := byFeature(slices.DeleteFunc(slices.Clone(bound), func(one gate.Bound) bool {
		return one.Door != "" && one.Door != access.Window
	}))
	files := page(window, bound)
	var err error
	if files[handlersFile], err = handlers(features); err != nil {
		return nil, err
	}
	if files[doorFile], err = door(window); err != nil {
		return nil, err
	}
	return files, nil
}

// feature is the first word of its operations' names.
type feature struct {
	Word string
	// Package declares the operations.
	Package string
	Ops     []operation
}

// Name is the feature's word as Go exports it.
func (f feature) Name() string { return exported(f.Word) }

type operation struct {
	gate.Bound
	// Name is the operation's verb as Go and the page export it.
	Name string
}

// HasInput reports whether the operation takes any input.
func (o operation) HasInput() bool { return o.In.NumField() > 0 }

// packages are the features whose operations are declared in a package of
// another name: running operations belong to the gate itself.
var packages = map[string]string{"operation": "gate"}

// byFeature groups the operations that a door can hold; they come sorted by
// name. Keydesk's own work is not among them.
func byFeature(bound []gate.Bound) []feature {
	var features []feature
	for _, one := range bound {
		if one.System {
			continue
		}
		word, verb, _ := strings.Cut(one.Name, ".")
		if len(features) == 0 || features[len(features)-1].Word != word {
			pkg := packages[word]
			if pkg == "" {
				pkg = word
			}
			features = append(features, feature{Word: word, Package: pkg})
		}
		last := &features[len(features)-1]
		last.Ops = append(last.Ops, operation{Bound: one, Name: exported(verb)})
	}
	return features
}

// exported turns delete_info into DeleteInfo, and local_api into LocalAPI.
func exported(words string) string {
	var name strings.Builder
	for word := range strings.SplitSeq(words, "_") {
		if word == "api" {
			name.WriteString("API")
			continue
		}
		name.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return name.String()
}
