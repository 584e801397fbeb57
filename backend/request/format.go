package request

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/nyaruka/phonenumbers"
)

// formatFault returns why a format is not one of R1's closed set, or "".
func formatFault(format string) string {
	switch format {
	case "e164", "digits", "national", "country", "upper", "lower":
		return ""
	}
	if pattern, ok := strings.CutPrefix(format, "date:"); ok {
		if _, err := datePattern(pattern); err != "" {
			return err
		}
		return ""
	}
	return fmt.Sprintf("The format %q is not known. Use e164, digits, national, country, upper, lower or date:dd-MM-yyyy.", short(format))
}

// applyFormat writes a value in one of R1's formats. The complaint never
// repeats the value, which may be secret.
func applyFormat(format, value string, env Env) (formatted, complaint string) {
	switch format {
	case "":
		return value, ""
	case "upper":
		return strings.ToUpper(value), ""
	case "lower":
		return strings.ToLower(value), ""
	case "e164", "digits", "national", "country":
		return formatPhone(format, value, env.Country)
	}
	if pattern, ok := strings.CutPrefix(format, "date:"); ok {
		return formatDate(pattern, value, env.Location)
	}
	return value, formatFault(format)
}

// formatPhone reads a number as people write them; one without a country code
// is completed with the organisation's country. Only the length is judged
// (libphonenumber's "possible"): new number ranges must not be refused.
func formatPhone(format, value, country string) (string, string) {
	number, ok := phones.read(value, strings.ToUpper(country))
	if !ok {
		return value, "is not a phone number Keydesk can read. Write it with its country code, as +919812345678."
	}
	switch format {
	case "digits":
		return strings.TrimPrefix(number.e164, "+"), ""
	case "national":
		return number.national, ""
	case "country":
		return number.code, ""
	}
	return number.e164, ""
}

// phone is a number in the forms of R1.
type phone struct{ e164, national, code string }

// phones remembers what was read: a sample value or a recipient is read several
// times for one call, and reading is slower than the rest of a rendering.
var phones = phoneBook{known: map[[2]string]phone{}}

type phoneBook struct {
	mu    sync.Mutex
	known map[[2]string]phone // by value and country; one that is no number is empty
}

// maxPhones bounds the book; a full one begins again.
const maxPhones = 1000

func (b *phoneBook) read(value, country string) (phone, bool) {
	key := [2]string{value, country}
	b.mu.Lock()
	found, known := b.known[key]
	b.mu.Unlock()
	if known {
		return found, found.e164 != ""
	}
	if number, err := phonenumbers.Parse(value, country); err == nil && phonenumbers.IsPossibleNumber(number) {
		found = phone{
			e164: phonenumbers.Format(number, phonenumbers.E164), national: phonenumbers.GetNationalSignificantNumber(number),
			code: strconv.Itoa(int(number.GetCountryCode())),
		}
	}
	if len(value) <= MaxName {
		b.mu.Lock()
		if len(b.known) >= maxPhones {
			clear(b.known)
		}
		b.known[key] = found
		b.mu.Unlock()
	}
	return found, found.e164 != ""
}

// dateWords are the words of a date pattern and Go's layout for each, longest
// first.
var dateWords = []struct{ word, layout string }{
	{"yyyy", "2006"}, {"yy", "06"},
	{"MMMM", "January"}, {"MMM", "Jan"}, {"MM", "01"}, {"M", "1"},
	{"dd", "02"}, {"d", "2"},
	{"EEEE", "Monday"}, {"EEE", "Mon"},
	{"HH", "15"}, {"mm", "04"}, {"ss", "05"},
}

// datePattern splits a pattern into layouts for time.Format, with an empty
// layout before literal text.
func datePattern(pattern string) (parts []string, complaint string) {
	rest := pattern
next:
	for rest != "" {
		for _, w := range dateWords {
			if strings.HasPrefix(rest, w.word) {
				parts = append(parts, w.layout)
				rest = rest[len(w.word):]
				continue next
			}
		}
		c := rest[0]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' {
			return nil, fmt.Sprintf("The date format %q is not known. Use dd, d, MM, M, MMM, MMMM, yyyy, yy, EEE, EEEE, HH, mm and ss, as in dd-MM-yyyy.", short(pattern))
		}
		parts = append(parts, "", rest[:1])
		rest = rest[1:]
	}
	if len(parts) == 0 {
		return nil, "The date format is empty. Write one, as in date:dd-MM-yyyy."
	}
	return parts, ""
}

// dateInputs are the ways a date may be written in a record: the one of the
// local API first, then those with a time.
var dateInputs = []string{"2006-01-02", time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04"}

// IsDate reports whether the date formats can read a value.
func IsDate(value string) bool {
	_, _, ok := readDate(value)
	return ok
}

// readDate reads a date in one of the ways above; zoned says that it names its
// offset.
func readDate(value string) (when time.Time, zoned, ok bool) {
	for _, layout := range dateInputs {
		if when, err := time.Parse(layout, strings.TrimSpace(value)); err == nil {
			return when, layout == time.RFC3339, true
		}
	}
	return time.Time{}, false, false
}

func formatDate(pattern, value string, location *time.Location) (string, string) {
	if location == nil {
		location = time.UTC
	}
	parts, complaint := datePattern(pattern)
	if complaint != "" {
		return value, complaint
	}
	when, zoned, ok := readDate(value)
	if !ok {
		return value, "is not a date Keydesk can read. Write it as YYYY-MM-DD."
	}
	// Only a time with an offset is another moment in another zone. The others are
	// what a calendar and a clock show, which stay as they are: a day whose
	// midnight a change of clocks left out would become the day before.
	if zoned {
		when = when.In(location)
	}
	return writeDate(parts, when), ""
}

func writeDate(parts []string, when time.Time) string {
	var b strings.Builder
	for i := 0; i < len(parts); i++ {
		if parts[i] == "" {
			i++
			b.WriteString(parts[i])
			continue
		}
		b.WriteString(when.Format(parts[i]))
	}
	return b.String()
}
