package process

import (
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// known reports whether it is one of Types.
func (t FieldType) known() bool {
	for _, one := range Types {
		if one == t {
			return true
		}
	}
	return false
}

var (
	numberShape = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)
	phoneShape  = regexp.MustCompile(`^\+?[0-9][0-9 ()./-]{2,24}$`)
	emailShape  = regexp.MustCompile(`^[^\s@]+@[^\s@]+$`)
	yesNo       = map[string]string{"yes": "true", "true": "true", "no": "false", "false": "false"}
)

// cleanSample returns a sample value as it is kept, or the sentence that says
// why it does not fit its type. Empty fits every type.
func cleanSample(kind FieldType, typed string) (sample, problem string) {
	if !utf8.ValidString(typed) {
		return "", "This has characters that cannot be read."
	}
	sample = strings.TrimSpace(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(typed))
	if utf8.RuneCountInString(sample) > maxSample {
		return "", fmt.Sprintf("This is longer than %d characters.", maxSample)
	}
	for _, r := range sample {
		if unicode.IsControl(r) && (kind != Text || r != '\n' && r != '\t') {
			return "", "Remove control characters."
		}
	}
	if sample == "" {
		return "", ""
	}
	switch kind {
	case Number:
		if !numberShape.MatchString(sample) {
			return "", "Write a number with a dot, as in 1499.50."
		}
	case Phone:
		if !phoneShape.MatchString(sample) {
			return "", "Write a phone number, as in +919812345678."
		}
	case Email:
		if !emailShape.MatchString(sample) {
			return "", "Write an e-mail address, as in asha@example.com."
		}
	case Date:
		if _, err := time.Parse(time.DateOnly, sample); err != nil {
			return "", "Write a date as YYYY-MM-DD, as in 2026-11-27."
		}
	case Boolean:
		value, ok := yesNo[strings.ToLower(sample)]
		if !ok {
			return "", "Write yes or no."
		}
		return value, ""
	}
	return sample, ""
}
