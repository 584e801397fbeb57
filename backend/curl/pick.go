package curl

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// wrappers run the command that follows them.
var wrappers = map[string]bool{"sudo": true, "time": true, "command": true, "exec": true, "env": true,
	"nohup": true, "builtin": true, "call": true, "start": true, "watch": true, "timeout": true, "nice": true}

var assignment = regexp.MustCompile(`^\$?[A-Za-z_][A-Za-z0-9_:]*\+?=`)

func isCurl(text string) bool {
	name := strings.ToLower(path.Base(strings.ReplaceAll(text, `\`, "/")))
	return name == "curl" || name == "curl.exe"
}

// webCommands are PowerShell's own web commands and their aliases.
var webCommands = []string{"invoke-webrequest", "invoke-restmethod", "iwr", "irm"}

// webParameters are the parameters of curl where it is PowerShell's alias.
var webParameters = []string{"-uri", "-headers", "-method", "-body", "-contenttype", "-usebasicparsing", "-credential", "-websession", "-outfile"}

// pick finds the one curl command and reports what is around it.
func pick(s script) (words []word, said []Item, err error) {
	said = s.said
	found := -1
	count := 0
	for _, c := range s.commands {
		count += 1 + len(c.words) + len(c.aside)
	}
	if count > maxWords {
		return nil, nil, ErrTooLong.WithMessage("This has more than %d words, so it is not one curl line.", maxWords)
	}
	for i, c := range s.commands {
		if len(c.words) == 0 && len(c.aside) == 0 {
			continue
		}
		for _, w := range c.words {
			if slices.Contains(webCommands, strings.ToLower(w.text)) && w.bare && found < 0 {
				return nil, nil, ErrPowerShellCommand
			}
		}
		at := curlAt(c.words)
		switch {
		case at < 0 && found >= 0 && s.commands[i-1].end == "\n" && continues(c):
			// The page lost the continuation marks at the line ends.
			words = append(words, c.words...)
			said = append(said, asides(c)...)
			said = addItem(said, Item{What: "Line breaks", Why: "Lines that begin with an option belong to the curl line before them."})
		case at < 0:
			said = append(said, other(c))
		case found >= 0:
			return nil, nil, ErrSeveral.WithMessage("There is more than one curl command here.")
		default:
			found = i
			words = c.words[at+1:]
			for _, w := range c.words[:at] {
				if name := assignment.FindString(w.text); name != "" && !wrappers[w.text] {
					said = append(said, Item{What: name, Why: "It sets a variable for the shell only."})
				}
			}
			said = append(said, asides(c)...)
		}
		if found >= 0 && i+1 < len(s.commands) && c.end == "&" && at >= 0 {
			said = append(said, Item{What: "&", Why: "Outside quotes & ends the command, so curl does not get the rest. Put the address in quotes if it belongs to it."})
		}
	}
	if found < 0 {
		return nil, nil, ErrNotCurl
	}
	for _, w := range words {
		if !utf8.ValidString(w.text) || strings.ContainsRune(w.text, 0) {
			return nil, nil, ErrNotText
		}
		if w.bare && slices.Contains(webParameters, strings.ToLower(w.text)) {
			return nil, nil, ErrPowerShellCommand.WithMessage("Here curl means PowerShell's own web command, which takes other options.")
		}
	}
	return words, said, nil
}

// curlAt finds curl among a command's first words, -1 if it runs something
// else.
func curlAt(words []word) int {
	wrapped := false
	for i, w := range words {
		switch {
		case isCurl(w.text):
			return i
		case wrappers[w.text]:
			wrapped = true
		case assignment.MatchString(w.text), wrapped, w.text == "$" || w.text == "%" || w.text == ">" || w.text == "{" || w.text == "!":
		default:
			return -1
		}
	}
	return -1
}

// continues reports whether a line can only be a continuation of the line before
// it.
func continues(c command) bool {
	if len(c.words) == 0 {
		return false
	}
	first := c.words[0].text
	return strings.HasPrefix(first, "-") || strings.HasPrefix(first, "\u2013") || strings.HasPrefix(first, "\u2014") ||
		strings.HasPrefix(first, "http://") || strings.HasPrefix(first, "https://")
}

// other names a command that is not curl, by its first word only: the rest may
// hold secrets.
func other(c command) Item {
	what := "Another command"
	if len(c.words) > 0 && strings.TrimSpace(c.words[0].text) != "" {
		what = short(c.words[0].text)
		if name := assignment.FindString(what); name != "" {
			return Item{What: name, Why: "It sets a variable, which only a shell fills in. Type the value where the line uses it."}
		}
	}
	return Item{What: what, Why: "It is another command. Keydesk reads the curl line only."}
}

func asides(c command) []Item {
	var items []Item
	for _, text := range c.aside {
		why := "Keydesk shows the answer itself and writes no files."
		if strings.HasPrefix(text, "<") {
			why = "Keydesk does not read files or text next to the command. Paste the text as the body."
		}
		items = append(items, Item{What: text, Why: why})
	}
	return items
}

// maxWords is how many words a line may have, ten times as many as any example
// has. maxItems keeps a list readable.
const (
	maxWords = 2000
	maxItems = 200
)

func addItem(items []Item, item Item) []Item {
	if len(items) >= maxItems || slices.Contains(items, item) {
		return items
	}
	return append(items, item)
}
