package request

import "strings"

// quoteLine writes curl and its arguments for a shell, one option per line.
func quoteLine(shell Shell, args [][]string) string {
	quote, program, next := quotePOSIX, "curl", " \\\n  "
	switch shell {
	case PowerShell:
		quote, program, next = quotePowerShell, "curl.exe", " `\n  "
	case Cmd:
		quote, program, next = quoteCmd, "curl.exe", " ^\n  "
	}
	var b strings.Builder
	if shell == PowerShell && needsLegacy(args) {
		// From 7.3 on PowerShell escapes quotes by itself and would do so a
		// second time; older ones ignore the variable.
		b.WriteString("$PSNativeCommandArgumentPassing = 'Legacy'\n")
	}
	b.WriteString(program)
	for i, group := range args {
		if i > 0 {
			b.WriteString(next)
		} else {
			b.WriteString(" ")
		}
		for j, arg := range group {
			if j > 0 {
				b.WriteString(" ")
			}
			b.WriteString(quote(arg))
		}
	}
	return b.String()
}

// isWord reports whether an argument needs no quotes in any shell.
func isWord(arg string) bool {
	for i := 0; i < len(arg); i++ {
		if c := arg[i]; !isAlnum(c) && c != '-' && c != '.' && c != '_' {
			return false
		}
	}
	return arg != ""
}

func quotePOSIX(arg string) string {
	if isWord(arg) {
		return arg
	}
	return "'" + strings.ReplaceAll(arg, "'", `'\''`) + "'"
}

func needsLegacy(args [][]string) bool {
	for _, group := range args {
		for _, arg := range group {
			if arg == "" || strings.ContainsAny(arg, `"\`) {
				return true
			}
		}
	}
	return false
}

// quotePowerShell writes a single-quoted string around an argument that is
// escaped for the program's own parser. In such a string PowerShell takes
// typographic quotes for quotes too.
func quotePowerShell(arg string) string {
	if isWord(arg) {
		return arg
	}
	if arg == "" {
		return `'""'`
	}
	escaped := escapeArgument(arg, strings.ContainsAny(arg, " \t\n\r\v\f\u0085\u00a0"))
	return "'" + powerShellQuotes.Replace(escaped) + "'"
}

var powerShellQuotes = strings.NewReplacer("'", "''", "\u2018", "\u2018\u2018", "\u2019", "\u2019\u2019", "\u201a", "\u201a\u201a", "\u201b", "\u201b\u201b")

// quoteCmd writes an argument in quotes that cmd itself does not see: every
// character that means something to cmd, quotes included, has a caret. A
// percent sign is followed by a caret, so that no variable of that name exists.
// A line break is a caret and two breaks; a carriage return cannot be carried.
func quoteCmd(arg string) string {
	if isWord(arg) {
		return arg
	}
	var b strings.Builder
	b.WriteString(`^"`)
	percent := false
	for _, r := range escapeArgument(arg, true) {
		switch {
		case r == '\n':
			b.WriteString("^\n\n")
		case r == '\r':
		case percent && r != '%', strings.ContainsRune("\"&|<>()^!", r):
			b.WriteByte('^')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
		percent = r == '%'
	}
	b.WriteString(`^"`)
	return b.String()
}

// escapeArgument writes an argument for the command line parser of Windows
// programs: backslashes matter only before a quote, so they are doubled there,
// and at the end of an argument that will be quoted.
func escapeArgument(arg string, quoted bool) string {
	var b strings.Builder
	slashes := 0
	for i := 0; i < len(arg); i++ {
		switch c := arg[i]; c {
		case '\\':
			slashes++
			b.WriteByte(c)
			continue
		case '"':
			b.WriteString(strings.Repeat(`\`, slashes+1))
			b.WriteByte(c)
		default:
			b.WriteByte(c)
		}
		slashes = 0
	}
	if quoted {
		b.WriteString(strings.Repeat(`\`, slashes))
	}
	return b.String()
}
