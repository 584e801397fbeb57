package backend_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// allowed lists, for each of our packages, which of our packages it may import
// (RULES.md, Packages). Imports point down only; a feature imports another
// feature only if this list says so. A package that is not listed may import
// none of ours.
var allowed = map[string][]string{
	"backend/access": {"backend/fault"}, "backend/fault": {}, "backend/secret": {}, "backend/clock": {}, "backend/librarylog": {}, "backend/pending": {},
	"backend/limit":        {"backend/fault"},
	"backend/verdict":      {"backend/fault", "backend/limit"},
	"backend/sms":          {},
	"backend/request":      {"backend/fault", "backend/secret"},
	"backend/slot":         {"backend/fault", "backend/secret", "backend/request"},
	"backend/httpclient":   {"backend/fault", "backend/secret", "backend/verdict"},
	"backend/activity":     {"backend/access", "backend/fault"},
	"backend/typed":        {},
	"backend/process":      {"backend/access", "backend/fault", "backend/request", "backend/typed"},
	"backend/user":         {"backend/access", "backend/fault", "backend/secret", "backend/typed"},
	"backend/organisation": {"backend/access", "backend/fault", "backend/secret", "backend/typed", "backend/user"},
	"backend/provider":     {"backend/access", "backend/fault", "backend/limit", "backend/secret", "backend/request", "backend/typed", "backend/verdict"},
	"backend/curl":         {"backend/fault", "backend/secret", "backend/request"},
	"backend/simulate":     {"backend/fault", "backend/librarylog", "backend/limit", "backend/verdict", "backend/provider"},
	"backend/setup":        {"backend/access", "backend/curl", "backend/fault", "backend/secret", "backend/process", "backend/request", "backend/verdict", "backend/provider", "backend/slot", "backend/sms", "backend/typed"},
	"backend/call":         {"backend/access", "backend/fault", "backend/secret", "backend/process", "backend/setup", "backend/request", "backend/verdict", "backend/httpclient", "backend/provider", "backend/simulate"},
	"backend/apikey":       {"backend/access", "backend/fault", "backend/secret", "backend/typed"},
	"backend/certificate":  {"backend/access", "backend/fault", "backend/secret"},
	"backend/erase":        {"backend/access", "backend/activity", "backend/fault", "backend/secret"},
	"backend/gate":         {"backend/access", "backend/fault", "backend/secret"},
	"backend/vault":        {"backend/fault", "backend/pending", "backend/secret", "backend/vault/internal/nolaunch", "backend/vault/internal/ownbus"},
	"backend/desktop":      {"backend/fault"},
	"backend/store":        {"backend/access", "backend/fault", "backend/activity", "backend/apikey", "backend/call", "backend/erase", "backend/organisation", "backend/process", "backend/setup", "backend/user", "backend/vault"},
	"backend/transfer":     {"backend/access", "backend/fault", "backend/secret", "backend/process", "backend/provider", "backend/request", "backend/setup"},
	"backend/host":         {"backend", "backend/activity", "backend/fault", "backend/librarylog", "backend/store"},
	"backend/localapi":     {"backend", "backend/access", "backend/apikey", "backend/call", "backend/certificate", "backend/fault", "backend/host", "backend/librarylog", "backend/organisation", "backend/request", "backend/secret", "backend/setup"},
	"backend/demo":         {"backend/librarylog", "backend/process", "backend/provider", "backend/request", "backend/secret", "backend/setup", "backend/user", "backend/verdict"},
}

// only names the packages that may import a package from outside.
var only = map[string][]string{
	"database/sql":                      {"backend/store"},
	"github.com/mattn/go-sqlite3":       {"backend/store"},
	"github.com/pressly/goose/v3":       {"backend/store"},
	"github.com/99designs/" + "keyring": {"backend/vault"}, // in two parts: vault's own test looks for the whole
	"github.com/wailsapp/wails/v2":      {"app"},
	"github.com/gofrs/flock":            {"backend/host"},
	// The bus of the desktop: vault's library has its own, older version.
	"github.com/godbus/dbus/v5": {"backend/desktop"},
	// What evaluates paths has no bound of its own: verdict gives it one.
	"github.com/ohler55/ojg":      {"backend/verdict"},
	"github.com/antchfx/xpath":    {"backend/verdict"},
	"github.com/antchfx/xmlquery": {"backend/verdict"},
}

// Without this test a feature would sooner or later import a door.
func TestArrowsPointDown(t *testing.T) {
	out, err := exec.Command("go", "list", "-tags", "webkit2_41,desktop,production", "-json=ImportPath,Imports", "keydesk/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	type listed struct {
		ImportPath string
		Imports    []string
	}
	// An allowance that is not used would permit an import that nobody looked at.
	unused := map[string]bool{}
	for name, may := range allowed {
		unused[name] = true
		for _, ours := range may {
			unused[name+": "+ours] = true
		}
	}
	for thing, homes := range only {
		for _, home := range homes {
			unused[home+": "+thing] = true
		}
	}
	decoder := json.NewDecoder(strings.NewReader(string(out)))
	seen := 0
	for decoder.More() {
		var pkg listed
		if err := decoder.Decode(&pkg); err != nil {
			t.Fatal(err)
		}
		name := strings.TrimPrefix(strings.TrimPrefix(pkg.ImportPath, "keydesk"), "/")
		seen++
		may, ruled := allowed[name]
		delete(unused, name)
		for _, path := range pkg.Imports {
			ours, isOurs := strings.CutPrefix(path, "keydesk/")
			if isOurs && strings.HasPrefix(name, "backend/") && !strings.HasPrefix(name, "backend/cmd/") {
				if !ruled {
					t.Errorf("%s has no line in the list of who may import whom", name)
					break
				}
				delete(unused, name+": "+ours)
				if !slices.Contains(may, ours) {
					t.Errorf("%s imports %s, which is not below it", name, ours)
				}
			}
			for thing, homes := range only {
				if path != thing && !strings.HasPrefix(path, thing+"/") {
					continue
				}
				delete(unused, name+": "+thing)
				if !slices.Contains(homes, name) && !strings.HasPrefix(name, "backend/cmd/") {
					t.Errorf("%s imports %s; only %v may", name, path, homes)
				}
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(unused)) {
		t.Errorf("an allowance that is not used: %s", name)
	}
	if seen < 15 {
		t.Errorf("only %d packages were looked at", seen)
	}
}

// The README's map names every package, and no package that is not there.
func TestMapNamesEveryPackage(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(readme), "## The map")
	_, after, _ = strings.Cut(after, "```\n")
	drawn, _, _ := strings.Cut(after, "```")
	named := map[string]bool{}
	for _, match := range regexp.MustCompile(`backend/(?:(\w+)|\{([\w ]+)\})`).FindAllStringSubmatch(drawn, -1) {
		for _, name := range strings.Fields(match[1] + " " + match[2]) {
			named[name] = true
		}
	}
	folders, err := os.ReadDir(".")
	if err != nil || len(named) < 20 {
		t.Fatalf("%d packages in the map: %v", len(named), err)
	}
	for _, folder := range folders {
		sources, err := filepath.Glob(filepath.Join(folder.Name(), "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		if folder.Name() == "cmd" || len(sources) > 0 {
			if !named[folder.Name()] {
				t.Errorf("backend/%s is not in the map", folder.Name())
			}
			delete(named, folder.Name())
		}
	}
	for name := range named {
		t.Errorf("the map names backend/%s, which is not there", name)
	}
}

// An expression that is compiled while the program runs comes from a rule, a file or
// a person, and only package limit may compile one: its Pattern matches within a
// budget (RULES.md, Bounds). The program's own are compiled once, in a package's
// variables.
func TestPatternsHaveABudget(t *testing.T) {
	files := 0
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || filepath.Dir(path) == "limit" {
			return err
		}
		files++
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, 0)
		if err != nil {
			return err
		}
		for _, declared := range file.Decls {
			function, ok := declared.(*ast.FuncDecl)
			if !ok || function.Body == nil {
				continue
			}
			ast.Inspect(function.Body, func(node ast.Node) bool {
				if selected, ok := node.(*ast.SelectorExpr); ok {
					if from, ok := selected.X.(*ast.Ident); ok && from.Name == "regexp" && (strings.Contains(selected.Sel.Name, "Compile") || strings.Contains(selected.Sel.Name, "Match")) {
						t.Errorf("%s: regexp.%s while the program runs; use limit.Compile", set.Position(node.Pos()), selected.Sel.Name)
					}
				}
				return true
			})
		}
		return nil
	})
	if err != nil || files < 100 {
		t.Errorf("%d files were read: %v", files, err)
	}
}
