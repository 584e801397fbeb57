package store

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"keydesk/backend/process"
)

// reserved are the words that PostgreSQL does not accept as the name of a table or
// column (its appendix C, SQL Key Words).
var reserved = strings.Fields(`all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation column
	concurrently constraint create cross current_catalog current_date current_role current_schema current_time current_timestamp current_user default deferrable
	desc distinct do else end except false fetch for foreign freeze from full grant group having ilike in initially inner intersect into is isnull join lateral
	leading left like limit localtime localtimestamp natural not notnull null offset on only or order outer overlaps placing primary references returning right
	select session_user similar some symmetric system_user table tablesample then to trailing true union unique user using variadic verbose when where window with`)

var (
	isSQL      = regexp.MustCompile(`\b(PRAGMA|VACUUM|SELECT|INSERT INTO|UPDATE|DELETE FROM|FROM|WHERE|ORDER BY|JOIN)\b`)
	tableName  = regexp.MustCompile(`\b(?:FROM|INTO|UPDATE|JOIN) ([a-z_]+)\b`)
	number01   = regexp.MustCompile(`([a-z_]+)(?: (?:=|<>|!=) [01]\b|, [01]\))`)
	sqliteOnly = regexp.MustCompile(`(?i)\b(PRAGMA|VACUUM|TRIGGER|rowid|sqlite_\w+|json_\w+|IFNULL|strftime|GLOB|INSERT OR|REPLACE INTO|AUTOINCREMENT)\b`)
	derived    = regexp.MustCompile(`\b(?:FROM|JOIN) \(`)
	aliased    = regexp.MustCompile(`^\) AS [a-z_]+`)
)

// numbers are columns that hold a number and may be compared with 0 or 1. Times
// may be as well; their names end in _ms.
var numbers = []string{"id", "failures", "position", "version"}

// unportable says what another database would not accept in a statement.
func unportable(file, sql string) []string {
	var found []string
	say := func(format string, args ...any) { found = append(found, fmt.Sprintf(format, args...)) }
	for _, m := range tableName.FindAllStringSubmatch(sql, -1) {
		if slices.Contains(reserved, m[1]) {
			say("the table %s has the name of a reserved word", m[1])
		}
	}
	for _, m := range number01.FindAllStringSubmatch(sql, -1) {
		if !slices.Contains(numbers, m[1]) && !strings.HasSuffix(m[1], "_ms") {
			say("%s is used as a number; a condition on a yes/no column is written with yes()", m[1])
		}
	}
	if word := sqliteOnly.FindString(sql); word != "" && file != "sqlite.go" {
		say("only SQLite knows %s, and it belongs in sqlite.go", word)
	}
	for _, at := range derived.FindAllStringIndex(sql, -1) {
		depth, end := 0, -1
		for i := at[1] - 1; i < len(sql) && end < 0; i++ {
			switch sql[i] {
			case '(':
				depth++
			case ')':
				if depth--; depth == 0 {
					end = i
				}
			}
		}
		if end < 0 || !aliased.MatchString(sql[end:]) {
			say("a subselect has no alias: %s", sql[at[0]:])
		}
	}
	return found
}

// statements are the SQL texts of a file. Literals that the code joins are joined;
// what is not a literal is left out.
func statements(t *testing.T, file string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var flat func(node ast.Expr) string
	flat = func(node ast.Expr) string {
		switch node := node.(type) {
		case *ast.BasicLit:
			if text, err := strconv.Unquote(node.Value); err == nil && node.Kind == token.STRING {
				return text
			}
		case *ast.BinaryExpr:
			return flat(node.X) + flat(node.Y)
		}
		return " "
	}
	var list []string
	ast.Inspect(parsed, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.BinaryExpr:
			if text := flat(node); isSQL.MatchString(text) {
				list = append(list, text)
				return false
			}
		case *ast.BasicLit:
			if text := flat(node); isSQL.MatchString(text) {
				list = append(list, text)
			}
		}
		return true
	})
	return list
}

// RULES.md, Storage: statements are plain enough for a second database.
func TestStatementsArePortable(t *testing.T) {
	for bad, file := range map[string]string{
		"SELECT id FROM user":                                   "user.go",
		"UPDATE user SET name = ?":                              "user.go",
		"SELECT id FROM setup WHERE enabled = 1":                "setup.go",
		"SELECT id FROM setup s WHERE s.tls_off = 0":            "setup.go",
		"SELECT COALESCE(f.required, 0) FROM stage_field f":     "process.go",
		"SELECT COUNT(*) FROM (SELECT 1 FROM setup)":            "clause.go",
		"SELECT x FROM a JOIN (SELECT (1) FROM b) ON TRUE":      "clause.go",
		"SELECT json_extract(document, '$.a') FROM setup":       "setup.go",
		"SELECT MAX(rowid) FROM call WHERE id = 1":              "call.go",
		"INSERT INTO call SELECT 1 FROM x; PRAGMA user_version": "call.go",
	} {
		if len(unportable(file, bad)) != 1 {
			t.Errorf("%s: found %q", bad, unportable(file, bad))
		}
	}
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, entry := range files {
		if name := entry.Name(); strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") {
			for _, sql := range statements(t, name) {
				seen++
				for _, fault := range unportable(name, sql) {
					t.Errorf("%s: %s\n\t%s", name, fault, sql)
				}
			}
		}
	}
	if seen < 80 {
		t.Errorf("only %d statements were looked at", seen)
	}
}

// No table or column has the name of a reserved word, and all are compared byte
// by byte.
func TestSchemaIsPortable(t *testing.T) {
	s := processStore(t)
	names := texts(t, s.write, `SELECT m.name FROM sqlite_schema m WHERE m.type = 'table'
		UNION SELECT c.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'`)
	if len(names) < 80 {
		t.Fatalf("only %d names", len(names))
	}
	for _, name := range names {
		if slices.Contains(reserved, name) {
			t.Errorf("%s is a reserved word", name)
		}
	}
	for _, sql := range texts(t, s.write, "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL") {
		if strings.Contains(strings.ToUpper(sql), "COLLATE") {
			t.Errorf("this is not compared byte by byte: %s", sql)
		}
		if m := number01.FindStringSubmatch(sql); m != nil && !slices.Contains(numbers, m[1]) && !strings.HasSuffix(m[1], "_ms") {
			t.Errorf("%s is used as a number: %s", m[1], sql)
		}
	}
}

// RULES.md, Storage: the keys that lists sort on are in the order of their bytes,
// so that the language of a computer or database does not change the order.
func TestKeysSortByTheirBytes(t *testing.T) {
	s := processStore(t)
	random := rand.New(rand.NewPCG(1, 2))
	letters := []rune("aAzZäÄßéΣς9_- .ıİЖж漢😀‐'")
	names := map[string]bool{}
	inProcessTx(t, s, func(ctx context.Context) error {
		for i := range 400 {
			name := ""
			for range 1 + random.IntN(4) {
				name += string(letters[random.IntN(len(letters))])
			}
			key := fold(name)
			if names[key] {
				continue
			}
			names[key] = true
			if err := s.InsertNode(ctx, process.Node{ID: fmt.Sprint("n", i), Level: 1, Name: name, Code: fmt.Sprint("n", i), Version: 1}); err != nil {
				return err
			}
		}
		return nil
	})
	keys := texts(t, s.write, "SELECT name_key FROM place WHERE parent_id IS NULL ORDER BY name_key")
	if len(keys) < 100 || !slices.IsSorted(keys) {
		t.Errorf("%d keys, not in the order of their bytes: %q", len(keys), keys)
	}
}

// The code of each rule that relies on the single writing connection says so.
func TestOneWriterIsMarked(t *testing.T) {
	for file, rule := range map[string]string{
		"../activity/activity.go": "func (s *Log) add(",
		"../call/fire.go":         "func (s *Service) insertLive(",
		"../user/manage.go":       "func (s *Service) adminRemains(",
		"../user/signin.go":       "func (s *Service) prove(",
	} {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		before, _, found := strings.Cut(string(data), rule)
		comment := before[strings.LastIndex(before, "\n\n")+1:]
		if !found || !strings.Contains(comment, "// One writer: ") {
			t.Errorf("%s: %s has no comment that begins with One writer", file, rule)
		}
	}
}
