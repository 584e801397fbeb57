package backend_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// mayPrint are the files that may write to the terminal: the program's own
// start, and programs of the developers.
var mayPrint = []string{"main.go", "backend/cmd/"}

// printing tells whether an expression writes to the terminal, or to Go's log.
func printing(pkg, name string) bool {
	switch pkg {
	case "os":
		return name == "Stderr" || name == "Stdout"
	case "fmt":
		return name == "Print" || name == "Printf" || name == "Println"
	case "slog":
		return slices.Contains([]string{"Default", "SetDefault", "Debug", "Info", "Warn", "Error", "Log", "DebugContext", "InfoContext", "WarnContext", "ErrorContext"}, name)
	}
	return false
}

// S6: nothing of ours writes to the terminal or to Go's log past the log that
// host keeps, and no server writes with a log of its own. What libraries write
// is caught by librarylog.
func TestNothingIsPrinted(t *testing.T) {
	looked, servers := 0, 0
	var unused = map[string]bool{}
	for _, one := range mayPrint {
		unused[one] = true
	}
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		name := strings.TrimPrefix(path, "../")
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "node_modules" || strings.HasPrefix(entry.Name(), ".") && entry.Name() != ".."):
			return fs.SkipDir
		case entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		looked++
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, 0)
		if err != nil {
			return err
		}
		allowed := ""
		for _, one := range mayPrint {
			if strings.HasPrefix(name, one) {
				allowed = one
			}
		}
		found := func(at token.Pos, what string) {
			delete(unused, allowed)
			if allowed == "" {
				t.Errorf("%s:%d: %s goes past the log", name, set.Position(at).Line, what)
			}
		}
		for _, one := range file.Imports {
			if one.Path.Value == `"log"` && name != "backend/librarylog/librarylog.go" {
				found(one.Pos(), "package log")
			}
		}
		ast.Inspect(file, func(node ast.Node) bool {
			switch node := node.(type) {
			case *ast.SelectorExpr:
				if pkg, ok := node.X.(*ast.Ident); ok && pkg.Obj == nil && printing(pkg.Name, node.Sel.Name) {
					found(node.Pos(), pkg.Name+"."+node.Sel.Name)
				}
			case *ast.CallExpr:
				if called, ok := node.Fun.(*ast.Ident); ok && called.Obj == nil && (called.Name == "print" || called.Name == "println") {
					found(node.Pos(), called.Name)
				}
			case *ast.CompositeLit:
				made, ok := node.Type.(*ast.SelectorExpr)
				if !ok || made.Sel.Name != "Server" {
					return true
				}
				if pkg, ok := made.X.(*ast.Ident); !ok || pkg.Name != "http" {
					return true
				}
				servers++
				hasLog := slices.ContainsFunc(node.Elts, func(one ast.Expr) bool {
					pair, ok := one.(*ast.KeyValueExpr)
					key, named := pair.Key.(*ast.Ident)
					return ok && named && key.Name == "ErrorLog"
				})
				if !hasLog && allowed == "" {
					t.Errorf("%s:%d: a server without an ErrorLog", name, set.Position(node.Pos()).Line)
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if looked < 100 || servers < 2 {
		t.Errorf("%d files and %d servers were looked at", looked, servers)
	}
	for one := range unused {
		t.Errorf("%s prints nothing", one)
	}
}
