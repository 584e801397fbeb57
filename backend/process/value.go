package process

import (
	"fmt"
	"net/mail"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"keydesk/backend/request"
	"keydesk/backend/typed"
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
	numberShape   = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)
	phoneShape    = regexp.MustCompile(`^\+? ?\(?[0-9][0-9 ()./-]{2,30}$`)
	decimalShape  = regexp.MustCompile(`^\+?[0-9]{5,}\.0+$`)
	exponentShape = regexp.MustCompile(`^[+-]?[0-9]+(?:[.,]([0-9]+))?[eE]([+-]?[0-9]{1,4})$`)
	yesNo         = map[string]string{"yes": "true", "true": "true", "no": "false", "false": "false"}
)

// CleanValue returns a value as it is sent and kept, or the sentence that says why
// it does not fit its type. Empty fits every type. Characters that nobody sees
// are taken off; beyond that a value is never turned into another, so a phone
// number keeps the form it was typed in. country is the organisation's: it
// completes a local number (R1). With "" a local number is judged by its shape.
func CleanValue(kind FieldType, text, country string) (value, problem string) {
	switch {
	case !utf8.ValidString(text):
		return "", "This has characters that cannot be read."
	case len(text) > request.MaxValue:
		return "", fmt.Sprintf("This is longer than %d KiB.", request.MaxValue>>10)
	}
	if kind == Text || !kind.known() {
		value = typed.Text(text)
	} else {
		value = typed.Bare(text)
	}
	switch {
	case strings.ContainsFunc(value, func(r rune) bool { return isControl(kind, r) }):
		return "", "Remove control characters."
	case value == "":
		return "", ""
	}
	return fit(kind, value, country)
}

// isControl reports the control characters that a value of this type cannot have.
func isControl(kind FieldType, r rune) bool {
	return unicode.IsControl(r) && (kind != Text || r != '\n' && r != '\r' && r != '\t')
}

// fit checks a value without marks and blanks around it.
func fit(kind FieldType, value, country string) (fitting, problem string) {
	if kind == Number || kind == Phone || kind == Date {
		value = strings.Map(plainDash, value)
	}
	if kind != Text && strings.HasPrefix(value, "=") {
		return "", "This is a formula of a spreadsheet. Copy its result in its place."
	}
	switch kind {
	case Number:
		if problem := exponent(value); problem != "" {
			return "", problem
		}
		if !numberShape.MatchString(value) {
			return "", "Write a number with a dot, as in 1499.50."
		}
	case Phone:
		if problem := exponent(value); problem != "" {
			return "", problem
		}
		if decimalShape.MatchString(value) {
			return "", "A spreadsheet made a decimal number of this. Write it without the zero after the dot."
		}
		if !phoneShape.MatchString(value) || !callable(value, country) {
			return "", "Write a phone number with its country code, as in +919812345678."
		}
	case Email:
		if one, err := mail.ParseAddress(value); err != nil || one.Address != value {
			return "", "Write an e-mail address, as in asha@example.com."
		}
	case Date:
		if !request.IsDate(value) {
			return "", "Write a date as YYYY-MM-DD, as in 2026-11-27."
		}
	case Boolean:
		answer, ok := yesNo[strings.ToLower(value)]
		if !ok {
			return "", "Write yes or no."
		}
		return answer, ""
	}
	return value, ""
}

// exponent says what is wrong with a number that a spreadsheet shortened, such as
// 9.19877E+11; "" when it is not one. With more places in the exponent than after
// the comma, digits of the number may be gone for good.
func exponent(value string) string {
	parts := exponentShape.FindStringSubmatch(value)
	if parts == nil {
		return ""
	}
	if places, err := strconv.Atoi(parts[2]); err == nil && places <= len(parts[1]) {
		return "Write the whole number, without an exponent."
	}
	return fmt.Sprintf("Digits were lost: a spreadsheet shortened this to %s. Type the whole number.", value)
}

// callable reports whether a phone number can be completed to E.164. Without a
// country that is not known of a local number.
func callable(value, country string) bool {
	if country == "" && !strings.HasPrefix(value, "+") {
		return true
	}
	_, ok := request.PhoneText(value, country)
	return ok
}

// plainDash is the dash of ASCII for each of Unicode, minus signs included:
// numbers copied from a page often have another.
func plainDash(r rune) rune {
	if r == 0x2212 || unicode.Is(unicode.Pd, r) {
		return '-'
	}
	return r
}

// cleanSample returns a sample value as it is kept, or the sentence that says why
// it does not fit its type.
func cleanSample(kind FieldType, text string) (sample, problem string) {
	text = strings.TrimSpace(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text))
	if sample, problem = CleanValue(kind, text, ""); problem != "" {
		return "", problem
	}
	if utf8.RuneCountInString(sample) > maxSample {
		return "", fmt.Sprintf("This is longer than %d characters.", maxSample)
	}
	return strings.TrimSpace(sample), ""
}
