package curl

import (
	"strings"
	"unicode/utf8"
)

// Read reads one curl command. Errors are *fault.Error, one of those above.
func Read(line string) (Import, error) {
	if len(line) > MaxLine {
		return Import{}, ErrTooLong
	}
	if !utf8.ValidString(line) || strings.ContainsRune(line, 0) {
		return Import{}, ErrNotText
	}
	if strings.TrimSpace(line) == "" {
		return Import{}, ErrNotCurl
	}
	return read(line)
}
