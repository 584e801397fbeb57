package curl

import (
	"regexp"
	"strings"
)

var (
	fence       = regexp.MustCompile("^\\s*```[A-Za-z]*[ \t]*\r?\n")
	windowsPath = regexp.MustCompile(`^\s*(?:PS ?(?:[A-Za-z]:\\[^\n>"']{0,200}|/[^\n>"']{0,200})?|[A-Za-z]:\\[^\n>"']{0,200})>\s*`)
	unixPrompt  = regexp.MustCompile(`^\s*(?:[\w.-]{1,60}@[\w.-]{1,60}[: ][^\n$#%"']{0,200})?[$%#❯➜]\s+`)
	lineEnd     = regexp.MustCompile("[\\\\^`][ \t]*\r?\n")
	exe         = regexp.MustCompile(`(?i)^\s*\S{0,200}curl\.exe\s`)
	doubled     = regexp.MustCompile(`"\{?\s*""[^"\s]`)
)

// prepare removes what surrounds a command on a page or in a terminal, and
// finds which shell's quoting it uses. It looks only at what decides between
// shells; if in doubt it is POSIX, as on most pages.
func prepare(text string) (line, dialect string, prompt bool) {
	text = strings.TrimPrefix(text, "\ufeff")
	if cut := fence.FindString(text); cut != "" {
		text = text[len(cut):]
		if end := strings.LastIndex(text, "```"); end >= 0 {
			text = text[:end]
		}
	}
	if cut := windowsPath.FindString(text); cut != "" {
		text = text[len(cut):]
		if strings.HasPrefix(strings.TrimSpace(cut), "PS") {
			return text, PowerShell, false
		}
		return text, Cmd, false
	}
	if cut := unixPrompt.FindString(text); cut != "" && looksRun(text[len(cut):]) {
		return text[len(cut):], POSIX, true
	}
	return text, dialectOf(text), false
}

// looksRun tells a prompt from a comment or a variable: a command follows.
func looksRun(text string) bool {
	first, _, _ := strings.Cut(strings.TrimSpace(text), " ")
	return isCurl(first) || wrappers[first]
}

func dialectOf(text string) string {
	if strings.HasPrefix(strings.TrimSpace(text), "$PSNativeCommandArgumentPassing") {
		return PowerShell
	}
	if end := lineEnd.FindString(text); end != "" {
		switch end[0] {
		case '`':
			return PowerShell
		case '^':
			return Cmd
		}
		return POSIX
	}
	quote := strings.IndexAny(text, `"'`)
	switch {
	case quote > 0 && text[quote] == '"' && text[quote-1] == '^':
		return Cmd
	case strings.Contains(text, "$env:"), strings.Contains(text, "@'\n"), strings.Contains(text, "@'\r\n"):
		return PowerShell
	case doubled.MatchString(text) && !strings.Contains(text, "'"):
		return Cmd
	case !exe.MatchString(text):
		return POSIX
	case quote >= 0 && text[quote] == '\'', strings.Contains(text, "`\""):
		return PowerShell
	}
	return Cmd
}
