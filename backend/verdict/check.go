package verdict

import (
	"fmt"
	"strings"

	"keydesk/backend/fault"
)

// maxConditions limits a rule; the form never needs so many.
const maxConditions = 50

// CheckRule returns a message at each part of a rule that cannot be saved,
// named like "rule.conditions[1].path". It is empty when the rule is good.
func CheckRule(rule Rule) fault.Fields {
	var fields fault.Fields
	if _, err := parseStatus(rule.Status); err != nil {
		fields.Add("rule.status", "Enter statuses such as 200-299 or 200,202: %s.", err)
	}
	if len(rule.Conditions) > maxConditions {
		fields.Add("rule.conditions", "A rule has at most %d conditions.", maxConditions)
		return fields
	}
	for i, condition := range rule.Conditions {
		checkCondition(&fields, fmt.Sprintf("rule.conditions[%d]", i), condition)
	}
	if rule.Each != "" {
		if _, err := jsonPath(rule.Each); err != nil {
			fields.Add("rule.each", "This is not a JSON path to a list: %s.", plainError(err))
		}
	}
	checkExtractor(&fields, "rule.message_id", rule.MessageID)
	checkExtractor(&fields, "rule.error_code", rule.ErrorCode)
	checkExtractor(&fields, "rule.error_text", rule.ErrorText)
	if len(rule.Throttled) > 0 && strings.TrimSpace(rule.ErrorCode.Path) == "" {
		fields.Add("rule.error_code.path", "Say where the error code is, or remove the list of codes that mean too fast.")
	}
	return fields
}

// CheckProviderRule is CheckRule for the rule of a file, with what only a file can
// say, named like "rule.refused.conditions[0].path" and "rule.error_code[1].path".
func CheckProviderRule(rule ProviderRule) fault.Fields {
	fields := CheckRule(rule.Rule)
	checkMore(&fields, "rule.message_id", rule.MoreMessageID)
	checkMore(&fields, "rule.error_code", rule.MoreErrorCode)
	checkMore(&fields, "rule.error_text", rule.MoreErrorText)
	checkRefusal(&fields, rule.Refused)
	return fields
}

func checkCondition(fields *fault.Fields, at string, c Condition) {
	checkPath(fields, at, c.From, c.Path)
	switch c.Test {
	case Present, Absent, Equals, NotEquals:
	case OneOf:
		if strings.Trim(c.Value, ", ") == "" {
			fields.Add(at+".value", "Enter the values, separated by commas.")
		}
	case Matches:
		if err := checkPattern(c.Value); err != nil {
			fields.Add(at+".value", "This is not a regular expression: %s.", plainError(err))
		}
	default:
		fields.Add(at+".test", "Choose what to ask of the value.")
	}
}

func checkRefusal(fields *fault.Fields, r *Refusal) {
	if r == nil {
		return
	}
	if _, err := parseStatus(r.Status); err != nil {
		fields.Add("rule.refused.status", "Enter statuses such as 200-299 or 200,500: %s.", err)
	}
	if len(r.Conditions) == 0 || len(r.Conditions) > maxConditions {
		fields.Add("rule.refused.conditions", "Give 1 to %d conditions that mean refused.", maxConditions)
		return
	}
	for i, condition := range r.Conditions {
		checkCondition(fields, fmt.Sprintf("rule.refused.conditions[%d]", i), condition)
	}
}

func checkMore(fields *fault.Fields, at string, more []Extractor) {
	if len(more) > maxConditions {
		fields.Add(at, "Give at most %d places for one text.", maxConditions+1)
		return
	}
	for i, e := range more {
		at := fmt.Sprintf("%s[%d]", at, i+1)
		if strings.TrimSpace(e.Path) == "" {
			fields.Add(at+".path", "Say where to look, or remove this place.")
		}
		checkExtractor(fields, at, e)
	}
}

func checkExtractor(fields *fault.Fields, at string, e Extractor) {
	if strings.TrimSpace(e.Path) != "" {
		checkPath(fields, at, e.From, e.Path)
	}
}

func checkPath(fields *fault.Fields, at string, from Source, path string) {
	switch from {
	case FromJSON:
		if _, err := jsonPath(path); err != nil {
			fields.Add(at+".path", "This is not a JSON path such as $.messages[0].status: %s.", plainError(err))
		}
	case FromXML:
		if _, err := xmlPath(path); err != nil {
			fields.Add(at+".path", "This is not an XPath such as //Message/Sid: %s.", plainError(err))
		}
	case FromText:
		if path == "" {
			fields.Add(at+".path", "Enter the text or regular expression to look for.")
		} else if err := checkPattern(path); err != nil {
			fields.Add(at+".path", "This is not a regular expression: %s.", plainError(err))
		}
	case FromHeader:
		if !isToken(strings.TrimSpace(path)) {
			fields.Add(at+".path", "Enter the name of a header, such as X-Message-Id.")
		}
	default:
		fields.Add(at+".from", "Choose where to look: JSON, XML, text or header.")
	}
}

// isToken is RFC 9110 section 5.6.2.
func isToken(name string) bool {
	return name != "" && len(name) <= maxPath && strings.IndexFunc(name, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || strings.ContainsRune("\"(),/:;<=>?@[\\]{}", r)
	}) < 0
}

func plainError(err error) string {
	return strings.TrimRight(strings.TrimPrefix(err.Error(), "verdict: "), ". ")
}
