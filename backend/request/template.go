package request

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// token is a stretch of literal text or, with a name, a variable (R1).
type token struct {
	literal string
	name    string
	format  string
	// written is the variable as written in the template.
	written string
}

// maxFaults is how many different faults of one template are reported.
const maxFaults = 20

// Escape writes text so that a template renders to it unchanged.
func Escape(text string) string { return strings.ReplaceAll(text, "{{", `\{{`) }

// scan splits a template into tokens. What cannot be read stays literal and is
// reported in faults, each one plain sentence.
func scan(text string) (tokens []token, faults []string) {
	opens := strings.Count(text, "{{")
	if opens == 0 {
		if text == "" {
			return nil, nil
		}
		return []token{{literal: text}}, nil
	}
	tokens = make([]token, 0, min(2*opens+1, 16))
	var literal strings.Builder
	flush := func() {
		if literal.Len() > 0 {
			tokens = append(tokens, token{literal: literal.String()})
			literal.Reset()
		}
	}
	complain := func(fault string) {
		if len(faults) < maxFaults && !slices.Contains(faults, fault) {
			faults = append(faults, fault)
		}
	}
	from := 0
	for {
		open := strings.Index(text[from:], "{{")
		if open < 0 {
			break
		}
		open += from
		if open > from && text[open-1] == '\\' {
			literal.WriteString(text[from : open-1])
			literal.WriteString("{{")
			from = open + 2
			continue
		}
		// In "{{{name}}" the variable is opened by the last two braces.
		if open+2 < len(text) && text[open+2] == '{' {
			literal.WriteString(text[from : open+1])
			from = open + 1
			continue
		}
		literal.WriteString(text[from:open])
		end := closing(text, open+2)
		if end < 0 {
			complain(`"{{" is never closed with "}}". Write \{{ to send the braces themselves.`)
			literal.WriteString("{{")
			from = open + 2
			continue
		}
		written := text[open : end+2]
		name, format, fault := parseVariable(text[open+2 : end])
		from = end + 2
		if fault != "" {
			complain(fault)
			literal.WriteString(written)
			continue
		}
		flush()
		tokens = append(tokens, token{name: name, format: format, written: written})
	}
	literal.WriteString(text[from:])
	flush()
	return tokens, faults
}

// closing finds the }} of a variable whose inside starts at from, or returns
// -1. It stops at an opening brace, so that a text full of them is read once.
func closing(text string, from int) int {
	for i := from; i < len(text); i++ {
		switch text[i] {
		case '{', '\r', '\n':
			return -1
		case '}':
			if i+1 < len(text) && text[i+1] == '}' {
				return i
			}
		}
	}
	return -1
}

func parseVariable(inside string) (name, format, fault string) {
	name, format, formatted := strings.Cut(inside, "|")
	name, format = strings.TrimSpace(name), strings.TrimSpace(format)
	if strings.HasPrefix(name, "$") {
		if name != "$uuid" && name != "$timestamp" {
			return "", "", fmt.Sprintf("{{%s}} is not known. Built in are {{$uuid}} and {{$timestamp}}.", short(name))
		}
	} else if !validVariable(name) {
		return "", "", fmt.Sprintf("{{%s}} is not a variable name. Use letters, digits, _ . and - only, or write %s.", short(name), asItIs(short(name)))
	}
	if formatted {
		if why := formatFault(format); why != "" {
			return "", "", why
		}
	}
	return name, format, ""
}

// validVariable is the name rule of R1. Combining marks count as letters, since
// in many scripts a letter is written with them.
func validVariable(name string) bool {
	if name == "" || !utf8.ValidString(name) || utf8.RuneCountInString(name) > MaxName {
		return false
	}
	for _, r := range name {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && r != '_' && r != '.' && r != '-' {
			return false
		}
	}
	return true
}

// call is what a message calls the thing with this name.
func (e Env) call(name string) string {
	if e.Label != nil {
		name = e.Label(name)
	}
	return short(name)
}

// short cuts a name so that a sentence can quote it.
func short(name string) string {
	runes := []rune(strings.ToValidUTF8(name, "\uFFFD"))
	if len(runes) > 40 {
		return string(runes[:40]) + "..."
	}
	return string(runes)
}
