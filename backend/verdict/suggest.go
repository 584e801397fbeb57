package verdict

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/antchfx/xmlquery"
	"github.com/ohler55/ojg/jp"

	"keydesk/backend/limit"
)

// idNames are the names message ids have, best first, folded by foldName.
var idNames = []string{
	"messageid", "messageuuid", "msgid", "smsid", "sid", "messagesid", "messageids",
	"uuid", "batchid", "id", "requestid", "transactionid", "jobid", "apiid",
}

// successNames are members that say how it went, and successWords what they
// always say when it went well. "queued" is not among them, as the next answer
// may say "sent".
var (
	successNames = []string{"type", "status", "success", "result", "ok"}
	successWords = []string{"success", "ok", "true", "submitted"}
)

// Suggest makes a rule from the answer to a message that arrived ("Did the
// message arrive?"): its status, what it says about success, and that there is
// a message id. An id in a list makes it a rule for each part of the list, since
// the next answer may speak of several messages. The rule is shown before it is
// kept. From what is too much to be read within the budget, only the status is
// taken.
func Suggest(ctx context.Context, outcome Outcome) Rule {
	answer := read(limit.New(ctx), outcome)
	answer.readJSON()
	id := suggestID(answer)
	rule, said := byStatus(outcome), answer.json
	if list, inside, ok := inList(id.Path); ok && id.From == FromJSON {
		rule.Each, id.Path = list, inside
		if parts := answer.parts(list); len(parts) > 0 {
			said = parts[0].value
		}
	}
	rule.Conditions = append(rule.Conditions, sayings(answer, said, rule.Each != "")...)
	if id.Path != "" {
		rule.MessageID = id
		rule.Conditions = append(rule.Conditions, Condition{From: id.From, Path: id.Path, Test: Present})
	}
	if title := pageTitle.FindString(string(opened(outcome.Body))); title != "" && answer.isPage() {
		rule.Conditions = append(rule.Conditions, Condition{From: FromText, Path: regexp.QuoteMeta(title), Test: Present})
	}
	return rule
}

// SuggestValue makes a rule from one value in a JSON answer that was clicked, with
// its path. A value in a list makes it a rule for each part of the list.
func SuggestValue(ctx context.Context, outcome Outcome, path, value string) Rule {
	rule, condition := byStatus(outcome), SuggestFromValue(path, value)
	answer := read(limit.New(ctx), outcome)
	answer.readJSON()
	rule.MessageID = suggestID(answer)
	if list, inside, ok := inList(path); ok {
		rule.Each, condition.Path = list, inside
		if other, there, ok := inList(rule.MessageID.Path); ok && other == list && rule.MessageID.From == FromJSON {
			rule.MessageID.Path = there
		}
	}
	rule.Conditions = append(rule.Conditions, condition)
	return rule
}

func byStatus(outcome Outcome) Rule {
	return Rule{Status: strconv.Itoa(outcome.Status), Conditions: []Condition{}, Throttled: []string{}}
}

// sayings is what an object says about success, as a condition.
func sayings(answer *document, object any, part bool) []Condition {
	members, _ := object.(map[string]any)
	root := jp.R()
	if part {
		root = jp.Expr{jp.At('@')}
	}
	for _, name := range successNames {
		text := jsonValue{members[name]}.text(answer.budget)
		if slices.Contains(successWords, strings.ToLower(text)) {
			return []Condition{{From: FromJSON, Path: root.C(name).String(), Test: Equals, Value: text}}
		}
	}
	return nil
}

// inList cuts the path of a value that lies in a list into the list, or its
// members where lists are nested, and the way from one of them to the value.
func inList(path string) (list, inside string, ok bool) {
	expr, err := jsonPath(path)
	if err != nil {
		return "", "", false
	}
	last, nested := -1, false
	for i, step := range expr {
		if _, index := step.(jp.Nth); index {
			nested, last = last >= 0, i
		}
	}
	if last < 0 {
		return "", "", false
	}
	front := slices.Clone(expr[:last])
	for i, step := range front {
		if _, index := step.(jp.Nth); index {
			front[i] = jp.Wildcard('*')
		}
	}
	if nested {
		front = append(front, jp.Wildcard('*'))
	}
	return front.String(), append(jp.Expr{jp.At('@')}, expr[last+1:]...).String(), true
}

// pageTitle is what tells a provider's page from any other.
var pageTitle = regexp.MustCompile(`(?i)<title>[^<]{1,100}</title>`)

// opened is the part of a body in which a page's title is looked for.
func opened(body []byte) []byte { return body[:min(len(body), 16<<10)] }

// SuggestFromValue makes a condition from a value clicked in a JSON answer,
// with its path: a value that looks like an id only has to be there, any other
// must be the same again.
func SuggestFromValue(path, value string) Condition {
	name := foldName(path[strings.LastIndexAny(path, ".'\"[")+1:])
	if expr, err := jsonPath(path); err == nil {
		for i := len(expr) - 1; i >= 0; i-- {
			if child, ok := expr[i].(jp.Child); ok {
				name = foldName(string(child))
				break
			}
		}
	}
	condition := Condition{From: FromJSON, Path: path, Test: Equals, Value: value}
	if slices.Contains(idNames, name) || looksUnique(value) {
		condition.Test, condition.Value = Present, ""
	}
	return condition
}

// looksUnique tells an id or a time from a word or a code.
func looksUnique(value string) bool {
	digits := 0
	for _, r := range value {
		if r >= '0' && r <= '9' {
			digits++
		}
	}
	return len(value) > 64 || digits >= 6
}

// suggestID finds the best place for a message id: in JSON, XML or a header.
func suggestID(answer *document) Extractor {
	best, rank := Extractor{}, len(idNames)
	steps := 2000
	searchID(answer.json, jp.R(), 6, &steps, func(name string, path jp.Expr) {
		if r := slices.Index(idNames, foldName(name)); r >= 0 && r < rank {
			best, rank = Extractor{From: FromJSON, Path: path.String()}, r
		}
	})
	if best.Path != "" {
		return best
	}
	for _, header := range answer.outcome.Headers {
		if name := strings.TrimPrefix(foldName(header.Name), "x"); slices.Contains(idNames[:7], name) && header.Value != "" {
			return Extractor{From: FromHeader, Path: header.Name}
		}
	}
	return suggestXML(answer)
}

// suggestXML finds the element with the best name for a message id.
func suggestXML(answer *document) Extractor {
	answer.readXML()
	if answer.xml == nil {
		return Extractor{}
	}
	first := make([]string, len(idNames)) // element by rank
	var look func(*xmlquery.Node)
	look = func(node *xmlquery.Node) {
		for ; node != nil && answer.budget.Work(100); node = node.NextSibling {
			rank := slices.Index(idNames, foldName(node.Data))
			if node.Type == xmlquery.ElementNode && rank >= 0 && first[rank] == "" {
				first[rank] = node.Data
			}
			look(node.FirstChild)
		}
	}
	look(answer.xml.FirstChild)
	for _, name := range first {
		path := fmt.Sprintf("//*[local-name()='%s']", name)
		if name != "" && answer.first(FromXML, path) != "" {
			return Extractor{From: FromXML, Path: path}
		}
	}
	return Extractor{}
}

// searchID visits members depth-first, in order of name, within limits. In a
// list only the first member counts.
func searchID(value any, path jp.Expr, depth int, steps *int, visit func(string, jp.Expr)) {
	if *steps--; *steps < 0 || depth == 0 {
		return
	}
	switch v := value.(type) {
	case []any:
		if len(v) > 0 {
			searchID(v[0], slices.Clone(path).N(0), depth-1, steps, visit)
		}
	case map[string]any:
		names := make([]string, 0, len(v))
		for name := range v {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			member := slices.Clone(path).C(name)
			switch inner := v[name].(type) {
			case map[string]any:
				searchID(inner, member, depth-1, steps, visit)
			case []any:
				if len(inner) > 0 {
					if _, ok := inner[0].(string); ok {
						visit(name, member.N(0))
					}
				}
				searchID(inner, member, depth-1, steps, visit)
			default:
				if !isEmpty(inner) {
					visit(name, member)
				}
			}
		}
	}
}

// foldName makes message-id, message_id and messageId equal.
func foldName(name string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || r == ']' || r == '\'' || r == '"' || r == '.' {
			return -1
		}
		return r
	}, strings.ToLower(name))
}
